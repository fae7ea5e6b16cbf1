"""The network: loading starting weights, giving it the hall's classes, keeping checkpoints.

ultralytics supplies the architecture and the assignment of boxes to anchors; torchvision's
compiled operators are not needed, so a CPU-only torch beside a CUDA torchvision works too.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from models.dataset import COCO_LABELS
from vision.records import Label

HALL_CLASSES = tuple(label.name.lower() for label in Label)

NMS = "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
"""The operator that torchvision registers on import, where its compiled part is missing."""
UNSEEN_BIAS = -6.0
"""Logit at which a class that the starting weights do not know begins: 0.25 in a hundred."""


class CheckpointError(Exception):
    """A checkpoint cannot be used. The text says what to do."""


@functools.cache
def _ultralytics_opened() -> torch.library.Library | None:
    """Make ultralytics importable without torchvision's compiled operators, and offline. The
    library that this took must be kept, or its operator goes."""
    os.environ.setdefault("YOLO_OFFLINE", "true")
    os.environ.setdefault("YOLO_AUTOINSTALL", "false")
    if hasattr(torch.ops.torchvision, "nms"):
        return None
    library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    library.define(NMS)  # type: ignore[no-untyped-call]
    return library


def load_start(path: Path) -> nn.Module:
    """An ultralytics checkpoint's detector in float32, all parameters trainable."""
    _ultralytics_opened()
    try:
        kept = torch.load(path, map_location="cpu", weights_only=False)
        net: nn.Module = (kept.get("ema") or kept["model"]).float()
    except FileNotFoundError:
        raise CheckpointError(f"there are no starting weights at {path}") from None
    except (KeyError, AttributeError) as error:
        raise CheckpointError(f"{path} is no ultralytics checkpoint: {error}") from error
    for parameter in net.parameters():
        parameter.requires_grad = True
    return net


def class_names(net: nn.Module) -> tuple[str, ...]:
    names: Mapping[int, str] = net.names  # type: ignore[assignment]
    return tuple(names[i] for i in range(len(names)))


def with_hall_classes(net: nn.Module) -> nn.Module:
    """The COCO net with the hall's classes. What it knows of them is kept: a new class's last
    weights are the mean of the COCO classes that mean it, so nothing is forgotten at the start."""
    names = class_names(net)
    rows = [[names.index(c) for c, label in COCO_LABELS.items() if label is mine] for mine in Label]
    head: Any = net.model[-1]  # type: ignore[index]
    for tower in (head.cv3, head.one2one_cv3):
        for level in tower:
            level[-1] = _regrouped(level[-1], rows)
    head.nc = len(Label)
    head.no = head.nc + head.reg_max * 4
    net.names = dict(enumerate(HALL_CLASSES))  # type: ignore[assignment]
    net.nc = len(Label)  # type: ignore[assignment]
    return net


def _regrouped(old: nn.Conv2d, rows: Sequence[Sequence[int]]) -> nn.Conv2d:
    assert old.bias is not None
    new = nn.Conv2d(old.in_channels, len(rows), old.kernel_size)  # type: ignore[arg-type]
    assert new.bias is not None
    with torch.no_grad():
        for i, sources in enumerate(rows):
            if sources:
                new.weight[i] = old.weight[list(sources)].mean(0)
                new.bias[i] = old.bias[list(sources)].mean()
            else:
                new.weight[i] = old.weight.mean(0)
                new.bias[i] = UNSEEN_BIAS
    return new


def load_net(checkpoint: Path, start: Path) -> nn.Module:
    """A net of ours: the starting weights' architecture with the checkpoint's weights."""
    try:
        kept = torch.load(checkpoint, map_location="cpu", weights_only=True)
        weights = kept["ema"]
    except FileNotFoundError:
        raise CheckpointError(f"there is no checkpoint {checkpoint}: train first") from None
    except KeyError:
        raise CheckpointError(f"{checkpoint} is no checkpoint of `models train`") from None
    net = with_hall_classes(load_start(start))
    net.load_state_dict(weights)
    return net


def load_onnx_weights(net: nn.Module, path: Path) -> None:
    """Give a net the weights of a file that `models export` wrote with the one-to-many head. The
    net's BatchNorm statistics stay; convolutions are scaled so that with them it tells the same.
    The one-to-one head begins as a copy of the other. Of labels that the file does not know yet the
    net keeps the weights that it has."""
    import onnx
    from onnx import numpy_helper

    try:
        kept = onnx.load(str(path)).graph.initializer
    except Exception as error:
        raise CheckpointError(f"{path} cannot be read as ONNX: {error}") from error
    fused = {i.name.removeprefix("net."): torch.tensor(numpy_helper.to_array(i)) for i in kept}
    convolutions = {
        name: module
        for name, module in net.named_modules()
        if isinstance(module, nn.Conv2d) and "one2one" not in name
    }
    wanted = [f"{name}.{part}" for name in convolutions for part in ("weight", "bias")]
    if missing := [name for name in wanted if name not in fused]:
        raise CheckpointError(
            f"{path} lacks {missing[0]} (and {len(missing) - 1} more): only a file that "
            "`models export --head one-to-many` wrote can be begun with"
        )
    for name, conv in convolutions.items():
        weight, bias = fused[f"{name}.weight"], fused[f"{name}.bias"]
        if _lacks_labels(conv, weight):
            with torch.no_grad():
                weight = torch.cat([weight, conv.weight[len(weight) :]])
                assert conv.bias is not None
                bias = torch.cat([bias, conv.bias[len(bias) :]])
        if weight.shape != conv.weight.shape:
            raise CheckpointError(f"{path} is another kind of net: {name} has {list(weight.shape)}")
        owner, _, last = name.rpartition(".")
        norm = getattr(net.get_submodule(owner), "bn", None) if last == "conv" else None
        with torch.no_grad():
            _unfused(conv, norm, weight, bias)
    head: Any = net.model[-1]  # type: ignore[index]
    head.one2one_cv2.load_state_dict(head.cv2.state_dict())
    head.one2one_cv3.load_state_dict(head.cv3.state_dict())


def _lacks_labels(conv: nn.Conv2d, weight: Tensor) -> bool:
    """Whether these are the last weights of a head that knows the first labels only."""
    known, wanted = len(weight), conv.out_channels
    return bool(known < wanted == len(Label) and weight.shape[1:] == conv.weight.shape[1:])


def _unfused(conv: nn.Conv2d, norm: nn.BatchNorm2d | None, weight: Tensor, bias: Tensor) -> None:
    if norm is None:
        assert conv.bias is not None
        conv.weight.copy_(weight)
        conv.bias.copy_(bias)
        return
    assert norm.running_mean is not None
    assert norm.running_var is not None
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    conv.weight.copy_(weight / scale.view(-1, 1, 1, 1))
    norm.bias.copy_(bias + norm.running_mean * scale)
