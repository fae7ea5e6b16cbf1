"""One network out of several that were trained on from the same start: the mean of their weights.

It generalises better than each of them, and forgets less of what the start knew (M. Wortsman et
al., "Model soups", ICML 2022, arXiv:2203.05482), at the cost of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from onnx import numpy_helper

LEARNT = ("weight", "bias")
"""What the names of learnt numbers end with; shapes and constants stay as they are."""


class AverageError(Exception):
    """These files cannot be averaged. The text says why."""


def average(parts: Sequence[tuple[Path, float]], target: Path) -> int:
    """Write the mean of the exported networks, each with its share (of any sum), as ONNX; returns
    how many arrays were averaged. Raises AverageError when a file cannot be read as ONNX, or the
    networks are not built alike."""
    if len(parts) < 2 or not all(share > 0 for _, share in parts):
        raise AverageError("two files or more are averaged, each with a share above 0")
    whole = sum(share for _, share in parts)
    models = [_loaded(path) for path, _ in parts]
    tables = [{w.name: w for w in model.graph.initializer} for model in models]
    names = [name for name in tables[0] if name.endswith(LEARNT)]
    for (path, _), table in zip(parts, tables, strict=True):
        for name in names:
            if name not in table or table[name].dims != tables[0][name].dims:
                raise AverageError(f"{path} is not built as {parts[0][0]} is: {name} differs")
    for name in names:
        arrays = [numpy_helper.to_array(table[name]) for table in tables]
        shares = [share / whole for _, share in parts]
        mean = np.tensordot(shares, np.stack(arrays).astype(np.float64), axes=1)
        tables[0][name].CopyFrom(numpy_helper.from_array(mean.astype(arrays[0].dtype), name))
    target.parent.mkdir(parents=True, exist_ok=True)
    onnx.checker.check_model(models[0], full_check=True)
    onnx.save(models[0], str(target))
    return len(names)


def _loaded(path: Path) -> onnx.ModelProto:
    try:
        return onnx.load(str(path))
    except (OSError, DecodeError) as error:
        raise AverageError(f"{path} cannot be read as ONNX: export it first ({error})") from error
