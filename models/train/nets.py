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
from torch import nn

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
