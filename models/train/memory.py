"""Learning without forgetting: on photos, the net also answers as the starting weights do.

After Li and Hoiem, *Learning without Forgetting* (ECCV 2016): what a net knew is kept by asking it
for its old answers on the new pictures, beside the new labels. The old answers are given for every
anchor, so that they cover what nobody labelled.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from models.dataset import COCO_LABELS
from models.train.nets import class_names
from vision.records import Label

KEPT = (Label.PERSON, Label.FOOD, Label.DRINK)
"""What COCO means by these is what we mean. It calls every phone a phone, we only one in use."""
CLASS_GAIN, BOX_GAIN = 0.7, 2.0
SURE = 0.05
"""Scores below it say nothing about where a box is."""


class OldAnswers:
    """What the starting weights say of pictures.

    old: the net before it was given the hall's classes."""

    def __init__(self, old: nn.Module, device: str) -> None:
        names = class_names(old)
        self.net = copy.deepcopy(old).eval().to(device)
        head: Any = self.net.model[-1]  # type: ignore[index]
        head.training = True
        self.columns: Mapping[Label, Tensor] = {
            mine: torch.tensor(
                [names.index(c) for c, label in COCO_LABELS.items() if label is mine],
                device=device,
            )
            for mine in KEPT
        }

    @torch.no_grad()
    def __call__(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """images (b, 3, h, w) to scores (b, len(KEPT), n), 0..1, the largest of the COCO classes
        that mean a label, and boxes (b, 4, n), the four sides' distances in strides."""
        told = self.net(images)["one2many"]
        best = [told["scores"][:, own].amax(1) for own in self.columns.values()]
        return torch.stack(best, 1).sigmoid(), told["boxes"]


def remembering(
    old: OldAnswers, images: Tensor, answer: Mapping[str, Tensor], real: Tensor
) -> Tensor:
    """The loss of departing from the old answers, a scalar, in the units of the detection loss.

    answer: `scores` (b, labels, n) logits and `boxes` (b, 4, n) of the learning net's one-to-many
    head; real: (b,) bool, the photos among the pictures, which alone are asked for."""
    if not real.any():
        return images.new_zeros(())
    wanted, places = old(images[real])
    mine = answer["scores"][real][:, [int(label) for label in KEPT]]
    apart = nn.functional.binary_cross_entropy_with_logits(mine, wanted, reduction="none")
    doubt = -torch.xlogy(wanted, wanted) - torch.xlogy(1 - wanted, 1 - wanted)
    best = wanted.amax(1)
    weight = torch.where(best >= SURE, best, torch.zeros_like(best))
    moved = (answer["boxes"][real] - places).abs().mean(1) / places.abs().mean(1).clamp(min=1.0)
    scale = len(images) / wanted.sum().clamp(min=1.0)
    return scale * (CLASS_GAIN * (apart - doubt).sum() + BOX_GAIN * (moved * weight).sum())
