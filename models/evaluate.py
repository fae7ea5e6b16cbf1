"""How well a detector does: average precision by source, label and size, precision and recall at
a score, and how it compares with another.

AP is COCO's: the mean over 101 recalls of the best precision at that recall or a higher one;
`ap50` at IoU 0.5, `ap` the mean over IoU 0.50, 0.55, ... 0.95. A picture that masks a label says
nothing about it. Greedy matching, best score first, each box of the truth once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from models.dataset import Labelled
from models.intervals import Share
from vision.geometry import areas
from vision.records import Detections, Image, Label
from vision.seeing import Detector

IOUS = np.arange(0.5, 0.96, 0.05)
SIZES: Mapping[str, tuple[float, float]] = {
    "small": (0, 32), "medium": (32, 96), "large": (96, 1e9),
}  # fmt: skip
"""COCO's: from and to which square root of a box's area, in pixels of the picture."""
RECALLS = np.linspace(0, 1, 101)
BATCH = 16


class EvaluationError(Exception):
    """There is nothing to measure. The text says what is missing."""


@dataclass(slots=True)
class Tally:
    """What a detector told of one label in one source. scores: (n,); hits: (n, len(IOUS)) bool;
    sides: (n,) of what was told, that of the box it hit at IoU 0.5, else its own; true_sides;
    elsewhere: the best score told in each picture that shows none."""

    pictures: int = 0
    scores: list[float] = field(default_factory=list)
    hits: list[NDArray[np.bool_]] = field(default_factory=list)
    sides: list[float] = field(default_factory=list)
    true_sides: list[float] = field(default_factory=list)
    elsewhere: list[float] = field(default_factory=list)

    @property
    def truths(self) -> int:
        return len(self.true_sides)

    def add(self, detections: Detections, truth: NDArray[np.float32]) -> None:
        """One picture: what was told of the label and the truth's boxes, (m, 4) xyxy."""
        self.pictures += 1
        self.scores += detections.score.tolist()
        if not len(truth):
            self.elsewhere.append(float(detections.score.max(initial=0.0)))
        hit = matched(detections.xyxy, truth)
        self.hits += list(hit >= 0)
        true = np.sqrt(areas(truth))
        own = np.sqrt(areas(detections.xyxy))
        self.true_sides += true.tolist()
        self.sides += [true[i] if i >= 0 else o for i, o in zip(hit[:, 0], own, strict=True)]

    def of_size(self, size: str) -> Tally:
        """What concerns boxes of that size only; a box told that hits none counts by its own."""
        low, high = SIZES[size]
        keep = [i for i, side in enumerate(self.sides) if low <= side < high]
        return Tally(
            self.pictures,
            [self.scores[i] for i in keep],
            [self.hits[i] for i in keep],
            [self.sides[i] for i in keep],
            [side for side in self.true_sides if low <= side < high],
        )

    def figures(self, at_score: float) -> dict[str, float]:
        """ap, ap50, and precision and recall at that score (IoU 0.5), with the counts; without: the
        pictures that show none, false: those of them in which it is told."""
        order = np.argsort(-np.array(self.scores), kind="stable")
        hits = np.array(self.hits, bool).reshape(-1, len(IOUS))[order]
        curve = [average_precision(hits[:, i], self.truths) for i in range(len(IOUS))]
        told = hits[np.array(self.scores)[order] >= at_score, 0] if len(order) else hits[:, 0]
        return {
            "ap": round(float(np.mean(curve)), 4),
            "ap50": round(curve[0], 4),
            "precision": round(float(told.mean()), 4) if len(told) else 1.0,
            "recall": round(float(told.sum()) / self.truths, 4) if self.truths else 1.0,
            "truths": self.truths,
            "told": len(told),
            "pictures": self.pictures,
            "without": len(self.elsewhere),
            "false": sum(score >= at_score for score in self.elsewhere),
        }


Tallies = Mapping[str, Mapping[Label, Tally]]
"""source -> label -> what was told of it."""
Scores = Mapping[str, Mapping[Label, Mapping[str, float]]]
"""source -> label -> figure -> value."""


def evaluate(
    detector: Detector,
    pictures: Sequence[Labelled],
    *,
    at_score: float = 0.4,
    seen: Callable[[int], None] = lambda count: None,
) -> Scores:
    """The figures of each source's labels; see `tallied`."""
    return {
        source: {label: t.figures(at_score) for label, t in labels.items() if t.truths or t.scores}
        for source, labels in tallied(detector, pictures, seen=seen).items()
    }


def tallied(
    detector: Detector,
    pictures: Sequence[Labelled],
    *,
    seen: Callable[[int], None] = lambda count: None,
) -> Tallies:
    """What the detector tells of each source's labels. Raises EvaluationError for an empty set or
    a picture that cannot be read. seen: told how many pictures are done."""
    if not pictures:
        raise EvaluationError("no pictures to measure on: is the split empty?")
    tallies: dict[str, dict[Label, Tally]] = {}
    for start in range(0, len(pictures), BATCH):
        some = pictures[start : start + BATCH]
        images = [read_picture(p) for p in some]
        for picture, image, found in zip(some, images, detector.detect(images), strict=True):
            truth = in_pixels(picture, image)
            mine = tallies.setdefault(picture.source, {label: Tally() for label in Label})
            for label in set(Label) - picture.masked:
                mine[label].add(found.of(label), truth[truth[:, 0] == label, 1:])
        seen(start + len(some))
    return dict(sorted(tallies.items()))


def matched(boxes: NDArray[np.float32], truth: NDArray[np.float32]) -> NDArray[np.intp]:
    """Which box of the truth (m, 4) each box (n, 4), best first, hits at each IoU, or -1:
    (n, len(IOUS))."""
    hits = np.full((len(boxes), len(IOUS)), -1, np.intp)
    if not len(boxes) or not len(truth):
        return hits
    overlap = ious(boxes, truth)
    for column, least in enumerate(IOUS):
        free = np.ones(len(truth), bool)
        for row in range(len(boxes)):
            candidates = np.where(free, overlap[row], -1.0)
            best = int(candidates.argmax())
            if candidates[best] >= least:
                hits[row, column] = best
                free[best] = False
    return hits


def ious(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of every pair: (n, m)."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    areas = np.prod(a[:, 2:] - a[:, :2], axis=1)[:, None] + np.prod(b[:, 2:] - b[:, :2], axis=1)
    result: NDArray[np.float32] = shared / np.maximum(areas - shared, 1e-9)
    return result


def average_precision(hits: NDArray[np.bool_], truths: int) -> float:
    """AP of detections sorted best first, of which those that hit are marked; 0 without any."""
    if not truths or not len(hits):
        return 0.0
    right = np.cumsum(hits)
    precision = right / np.arange(1, len(hits) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    place = np.searchsorted(right / truths, RECALLS, side="left")
    reached = place < len(precision)
    return float(np.where(reached, precision[np.minimum(place, len(precision) - 1)], 0.0).mean())


def forgotten(now: Scores, before: Scores, labels: Iterable[Label]) -> dict[str, float]:
    """AP kept of an earlier model's (1.0: all of it; by label), on the sources of both."""
    kept = {}
    for source in sorted(set(now) & set(before)):
        for label in labels:
            old = before[source].get(label, {}).get("ap", 0.0)
            if old > 0:
                new = now[source].get(label, {}).get("ap", 0.0)
                kept[f"{source}/{label.name.lower()}"] = round(new / old, 3)
    return kept


def by_size(tallies: Tallies, at_score: float) -> Mapping[str, Scores]:
    """The figures of each size of box: size -> source -> label -> figure."""
    sized: dict[str, Scores] = {}
    for size in SIZES:
        parts = {
            s: {n: t.of_size(size) for n, t in labels.items()} for s, labels in tallies.items()
        }
        sized[size] = {
            source: {label: t.figures(at_score) for label, t in labels.items() if t.truths}
            for source, labels in parts.items()
        }
    return sized


def figures_for_manifest(scores: Scores) -> dict[str, dict[str, float]]:
    """The scores as the manifest keeps them: source -> `<label>_<figure>` -> value, for labels
    that the source has at all; recall with its 95% interval, from `_low` to `_high`."""
    kept = ("ap50", "ap", "precision", "recall", "recall_low", "recall_high", "truths")
    return {
        source: {
            f"{label.name.lower()}_{name}": {**figures, **_recall_interval(figures)}[name]
            for label, figures in labels.items()
            if figures["truths"]
            for name in kept
        }
        for source, labels in scores.items()
    }


def _recall_interval(figures: Mapping[str, float]) -> dict[str, float]:
    truths = int(figures["truths"])
    low, high = Share(round(figures["recall"] * truths), truths).interval
    return {"recall_low": round(low, 4), "recall_high": round(high, 4)}


def read_picture(picture: Labelled) -> Image:
    """The picture, BGR. Raises EvaluationError when it cannot be read."""
    image = cv2.imread(str(picture.image), cv2.IMREAD_COLOR)
    if image is None:
        raise EvaluationError(f"{picture.image} is not a picture that can be read")
    return np.asarray(image, np.uint8)


def in_pixels(picture: Labelled, image: Image) -> NDArray[np.float32]:
    """The picture's boxes as label and xyxy in pixels, (n, 5)."""
    height, width = image.shape[:2]
    size = np.array([width, height], np.float32)
    centre, half = picture.boxes[:, 1:3] * size, picture.boxes[:, 3:5] * size / 2
    truth: NDArray[np.float32] = np.concatenate(
        [picture.boxes[:, :1], centre - half, centre + half], axis=1
    )
    return truth
