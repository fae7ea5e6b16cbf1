"""The detection loss, honest about what is not labelled and about what people do.

ultralytics' loss with two changes: a label that a picture does not judge adds no loss where it is
predicted without a box, and a person whose box is also labelled with what they do (HEAD_DOWN,
EATING, SMOKING) teaches both labels at the same anchors (the assignment gives an anchor to one box
only).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from ultralytics.utils import IterableSimpleNamespace
from ultralytics.utils.loss import v8DetectionLoss

from vision.records import DOING, Label

BOTH = {label: len(Label) + k for k, label in enumerate(DOING)}
"""The label of a box that is PERSON and such a label, only inside the loss."""
GAINS = {"box": 7.5, "cls": 0.7, "dfl": 1.5, "epochs": 1}
SAME_BOX = 0.8
"""A PERSON box and one of what is done with at least this IoU are one person."""


class MaskedBce:
    """Binary cross entropy of scores, (b, anchors, labels), without the blame for what a picture
    does not judge. judged: (b, labels) bool."""

    def __init__(self, judged: Tensor) -> None:
        self.judged = judged

    def __call__(self, logits: Tensor, wanted: Tensor) -> Tensor:
        loss = nn.functional.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
        return loss * (self.judged[:, None, :] | (wanted > 0))


class PeopleAssigner(nn.Module):
    """The task-aligned assigner, with boxes of `BOTH` assigned as PERSON and scored as both."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(
        self, scores: Tensor, boxes: Tensor, anchors: Tensor, labels: Tensor, *rest: Tensor
    ) -> tuple[Tensor, ...]:
        people = torch.where(labels >= len(Label), torch.full_like(labels, Label.PERSON), labels)
        found = self.inner(scores, boxes, anchors, people, *rest)
        wanted, foreground, index = found[2], found[3].bool(), found[4]
        for label, both in BOTH.items() if labels.shape[1] else ():
            theirs = (labels == both).squeeze(-1).gather(1, index) & foreground
            wanted[..., label] = torch.where(theirs, wanted[..., Label.PERSON], wanted[..., label])
        return tuple(found)


class HallLoss(v8DetectionLoss):
    """ultralytics' loss of one head; the batch carries `judged`, (b, labels) bool."""

    def __init__(self, net: nn.Module, tal_topk: int = 10, tal_topk2: int | None = None) -> None:
        net.args = IterableSimpleNamespace(**GAINS)  # type: ignore[assignment]
        super().__init__(net, tal_topk, tal_topk2)
        self.assigner = PeopleAssigner(self.assigner)  # type: ignore[assignment]

    def get_assigned_targets_and_loss(
        self, preds: dict[str, Tensor], batch: dict[str, Any], **assign: Any
    ) -> Any:
        self.bce = MaskedBce(batch["judged"])  # type: ignore[assignment]
        return super().get_assigned_targets_and_loss(preds, batch, **assign)


class TwoHeadLoss:
    """Both heads of the end-to-end net; only the one-to-many head teaches the backbone."""

    def __init__(self, net: nn.Module) -> None:
        self.one2many = HallLoss(net, tal_topk=10)
        self.one2one = HallLoss(net, tal_topk=7, tal_topk2=1)

    def __call__(self, answer: dict[str, Any], batch: dict[str, Any]) -> tuple[Tensor, Tensor]:
        """The loss to learn from, and the one-to-one head's (box, class, l1) to look at."""
        many, _ = self.one2many.loss(answer["one2many"], batch)
        one, items = self.one2one.loss(answer["one2one"], batch)
        return (many + one).sum(), torch.stack(list(items.values()))


def joined(boxes: Tensor) -> Tensor:
    """Boxes (n, 5) of one picture, label and xyxy, with a PERSON and a box of what they do on each
    other made one of `BOTH`."""
    for label, both in BOTH.items():
        doing = boxes[boxes[:, 0] == label]
        if not len(doing):
            continue
        others = boxes[boxes[:, 0] != label]
        is_person = others[:, 0] == Label.PERSON
        same = (_iou(others[:, 1:], doing[:, 1:]) >= SAME_BOX).any(1) & is_person
        people = doing.clone()
        people[:, 0] = both
        boxes = torch.cat([others[~same], people])
    return boxes


def _iou(a: Tensor, b: Tensor) -> Tensor:
    low = torch.maximum(a[:, None, :2], b[None, :, :2])
    high = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = (high - low).clamp(min=0).prod(2)
    areas = (a[:, 2:] - a[:, :2]).prod(1)[:, None] + (b[:, 2:] - b[:, :2]).prod(1)[None]
    return shared / (areas - shared).clamp(min=1e-9)
