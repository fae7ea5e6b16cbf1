"""From trained weights to an ONNX file that `models.session` runs: any batch, height and width."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor, nn

from models.train.nets import class_names

OPSET = 17
LIMIT_BYTES = 16_000_000
CLOSE = 1e-2
"""Boxes (pixels) and scores of torch and ONNX Runtime agree this well, or the export failed."""
TRIED_SHAPES = ((1, 384, 640), (3, 320, 320), (1, 416, 448))


class ExportError(Exception):
    """The exported file is not as good as the weights. The text says in what."""


class BoxesAndScores(nn.Module):
    """The net with one of its two heads: images to boxes (b, n, 4) xyxy and scores (b, n, c)."""

    def __init__(self, net: nn.Module, head: str) -> None:
        super().__init__()
        self.net = net
        detect: Any = net.model[-1]  # type: ignore[index]
        detect.end2end = head == "one-to-one"
        detect.xyxy = True
        net.fuse(verbose=False)  # type: ignore[operator]
        detect.export, detect.dynamic = True, True
        detect.postprocess = lambda raw: raw.permute(0, 2, 1)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        raw = self.net(images)
        return raw[:, :4].permute(0, 2, 1), raw[:, 4:].permute(0, 2, 1)


def export_onnx(net: nn.Module, target: Path, head: str = "one-to-many") -> int:
    """Write the net as ONNX and try it; returns the opset. Raises ExportError when ONNX Runtime
    sees something else than torch does, or the file is too large to ship."""
    names = class_names(net)
    module = BoxesAndScores(net.eval(), head).eval()
    dynamic = {0: "batch", 1: "boxes"}
    target.parent.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        torch.onnx.export(
            module,
            (torch.rand(2, 3, 384, 640),),
            str(target),
            input_names=["images"],
            output_names=["boxes", "scores"],
            dynamic_axes={
                "images": {0: "batch", 2: "height", 3: "width"},
                "boxes": dynamic,
                "scores": dynamic,
            },
            opset_version=OPSET,
            dynamo=False,
        )
    opset = _named(target, names, head)
    _tried(module, target)
    if target.stat().st_size > LIMIT_BYTES:
        raise ExportError(f"{target} has {target.stat().st_size} bytes, more than {LIMIT_BYTES}")
    return opset


def _named(target: Path, names: tuple[str, ...], head: str) -> int:
    """Write class names, opset and head into the file's metadata; returns the opset."""
    model = onnx.load(str(target))
    opset = int(next(o.version for o in model.opset_import if o.domain in ("", "ai.onnx")))
    told = {"names": json.dumps(list(names)), "opset": str(opset), "head": head}
    for key, value in told.items():
        note = model.metadata_props.add()
        note.key, note.value = key, value
    for output, columns in zip(model.graph.output, (4, len(names)), strict=True):
        output.type.tensor_type.shape.dim[2].dim_value = columns
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(target))
    return opset


def _tried(module: nn.Module, target: Path) -> None:
    """Raises ExportError when the file's answers differ from the module's at any tried shape."""
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(1)
    for batch, height, width in TRIED_SHAPES:
        images = rng.random((batch, 3, height, width), np.float32)
        with torch.no_grad():
            wanted = [t.numpy() for t in module(torch.from_numpy(images))]
        found = session.run(["boxes", "scores"], {"images": images})
        gap = max(float(np.abs(a - b).max()) for a, b in zip(wanted, found, strict=True))
        if not gap < CLOSE:
            raise ExportError(f"{target} differs from the weights by {gap:.3g} at {height}x{width}")
