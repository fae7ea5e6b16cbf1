"""From an exported network to its int8 twin: static quantization with real pictures.

Convolutions become int8 (weights per channel), and what lies between them, for going back and
forth costs more than it saves: with convolutions alone the int8 network is slower than the float
one. Ranges are taken from calibration pictures laid into the network's input as the product lays
them. What follows the last convolutions, the decoding of boxes and scores, stays in float: boxes in
pixels do not fit into 256 steps. So do the last convolutions themselves, whose outputs are small
and count for much.

Weights use all 8 bits, which wants a processor with VNNI: others add two products in 16 bits and
overflow. With 7 bits, which suits all, the AP of people fell by a tenth.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from models.dataset import Labelled
from models.evaluate import read_picture
from models.manifest import ModelEntry, verified_bytes
from models.session import network_input, place_of

QUANTIZED = ("Conv", "Sigmoid", "Mul", "Add", "Concat", "MaxPool", "Resize", "Split")
CALIBRATED_ON = 128
"""Pictures drawn from the set, evenly over its sources."""


class QuantizeError(Exception):
    """A network cannot be quantized. The text says why."""


def quantize(
    entry: ModelEntry, pictures: Sequence[Labelled], target: Path, *, seed: int = 1
) -> int:
    """Write the int8 twin of the entry's network; returns how many convolutions became int8.
    Raises QuantizeError when there is nothing to calibrate on, or no convolution to quantize."""
    chosen = drawn(pictures, CALIBRATED_ON, seed)
    if not chosen:
        raise QuantizeError("no pictures to calibrate on: is the split empty?")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plain, ready = Path(folder) / "plain.onnx", Path(folder) / "ready.onnx"
        plain.write_bytes(verified_bytes(entry))
        quant_pre_process(str(plain), str(ready), skip_symbolic_shape=True)
        model = onnx.load(str(ready))
        notes = {p.key: p.value for p in model.metadata_props}
        kept = in_float(model)
        convolutions = [n.name for n in model.graph.node if n.op_type == "Conv"]
        if not set(convolutions) - set(kept):
            raise QuantizeError(f"{entry.path} has no convolution that could become int8")
        quantize_static(
            str(ready),
            str(target),
            _Pictures(entry, chosen),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=list(QUANTIZED),
            nodes_to_exclude=kept,
            calibrate_method=CalibrationMethod.MinMax,
        )
    _noted(target, notes)
    return len(set(convolutions) - set(kept))


def in_float(model: onnx.ModelProto) -> list[str]:
    """Names of the nodes of the head that stay in float: its decoding, and the last convolution
    of each branch."""
    numbers = [int(m[1]) for n in model.graph.node if (m := re.search(r"/model\.(\d+)/", n.name))]
    if not numbers:
        raise QuantizeError("the network's nodes do not name their layers: export it anew")
    head = f"/model.{max(numbers)}/"
    decoding = re.compile(re.escape(head) + r"[A-Z]\w*$")
    last = re.compile(re.escape(head) + r"(?:[^/]+/)+Conv$")
    names = [n.name for n in model.graph.node]
    return [n for n in names if decoding.search(n) or (last.search(n) and "/conv/" not in n)]


def drawn(pictures: Sequence[Labelled], count: int, seed: int) -> list[Labelled]:
    """So many of the pictures, as evenly over their sources as these allow."""
    rng = np.random.default_rng(seed)
    sources = sorted({p.source for p in pictures})
    queues = [[p for p in pictures if p.source == source] for source in sources]
    for queue in queues:
        rng.shuffle(queue)  # type: ignore[arg-type]
    chosen: list[Labelled] = []
    while len(chosen) < count and any(queues):
        chosen += [queue.pop() for queue in queues if queue]
    return chosen[:count]


class _Pictures(CalibrationDataReader):  # type: ignore[misc]
    """Feeds the calibration with one picture after the other, read when asked for."""

    def __init__(self, entry: ModelEntry, pictures: Sequence[Labelled]) -> None:
        self._fed = self._inputs(entry, pictures)

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        return next(self._fed, None)

    @staticmethod
    def _inputs(
        entry: ModelEntry, pictures: Sequence[Labelled]
    ) -> Iterator[dict[str, NDArray[np.float32]]]:
        for picture in pictures:
            image = read_picture(picture)
            place = place_of(image, entry.input)
            yield {"images": network_input([image], [place], entry.input.pad)}


def _noted(target: Path, notes: dict[str, str]) -> None:
    """Give the file the notes (class names, opset) that quantization dropped."""
    model = onnx.load(str(target))
    del model.metadata_props[:]
    for key, value in notes.items():
        note = model.metadata_props.add()
        note.key, note.value = key, value
    onnx.save(model, str(target))
