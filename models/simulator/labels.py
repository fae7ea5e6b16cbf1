"""What of a scene is to be found in a stored picture, and the exact truth about all of it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from models.simulator.optics import Stored
from models.simulator.scenes import TABLE_FOODS, Item
from models.simulator.studio import Shot
from models.simulator.truth import Box, Seen, at_mouth, keypoints_seen, run_lengths
from models.simulator.views import View
from vision.records import PEOPLE, Label

LEAST_SHARE = {
    Label.PERSON: 0.12, Label.HEAD_DOWN: 0.15, Label.PAUSE_SIGN: 0.5,
    Label.EATING: 0.25, Label.SMOKING: 0.25,
}  # fmt: skip
"""Less of a thing in sight than this is not labelled; 0.3 for the rest."""
NOTICED_SHARE = 0.06
LEAST_PX = {
    Label.PERSON: 60.0, Label.HEAD_DOWN: 120.0, Label.PAUSE_SIGN: 60.0,
    Label.EATING: 400.0, Label.SMOKING: 400.0,
}  # fmt: skip
"""Fewer pixels of a thing in the stored picture than this are not labelled; 14 for the rest."""
LEAST_IN_CROP = 0.4
DOING = {"napping": Label.HEAD_DOWN, "eating": Label.EATING, "smoking": Label.SMOKING}
"""What is told beside a person, by their activity."""


@dataclass(slots=True)
class Labels:
    """One stored picture's boxes (pixels of that picture) and the classes not fully labelled."""

    boxes: list[tuple[Label, Box]] = field(default_factory=list)
    partial: set[Label] = field(default_factory=set)


def labelled(
    items: Sequence[Item], seen: Sequence[Seen], view: View, frame: Box, scale: float
) -> Labels:
    """What of the scene is to be found in this part of the picture."""
    labels = Labels()
    for sight in seen:
        for label in _labels_of(items[sight.index], view):
            if label is Label.EATING and not _eats(sight, items, seen):
                if not _belongings(sight, Label.FOOD, items, seen) and sight.share > NOTICED_SHARE:
                    labels.partial.add(label)  # a box behind the counter: who could tell?
                continue
            clear = _is_clear(sight, label, frame, scale)
            if label is Label.SMOKING:
                clear &= _shows_cigarette(sight, items, seen, frame, scale)
            box = _cut(sight.box, frame)
            if clear:
                labels.boxes.append((label, _shifted(box, frame, scale)))
            elif label not in PEOPLE and _area(box) > 0 and sight.share > NOTICED_SHARE:
                labels.partial.add(label)
    return labels


def truth_of(
    items: Sequence[Item],
    seen: Sequence[Seen],
    shot: Shot,
    view: View,
    frame: Box,
    scale: float,
    picture: Stored,
) -> list[dict[str, Any]]:
    """Everything in this part of the picture, in its pixels: what it is, whose, how much of it is
    seen, its mask (COCO's run lengths) and a person's keypoints (x, y, COCO's visibility)."""
    left, top, right, bottom = (int(v) for v in frame)
    height, width = picture.shape[:2]
    part = shot.item[top:bottom, left:right].astype(np.float32)
    owners = cv2.resize(part, (width, height), interpolation=cv2.INTER_NEAREST).astype(int)
    records: list[dict[str, Any]] = []
    for sight in seen:
        item = items[sight.index]
        mask = owners == sight.index + 1
        if not mask.any():
            continue
        record: dict[str, Any] = {
            "kind": item.kind,
            "labels": [label.name.lower() for label in _labels_of(item, view)],
            "who": item.who,
            "box": _rounded(_shifted(_cut(sight.box, frame), frame, scale)),
            "full_box": _rounded(_shifted(sight.full_box, frame, scale)),
            "visible": round(sight.share, 3),
            "mask": {"size": [height, width], "counts": run_lengths(mask)},
        }
        if item.sign is not None:
            record["says"] = list(item.sign.lines)
        if item.moment is not None:
            marks = keypoints_seen(shot, view.camera, item.moment.posed.keypoints, sight.index)
            record["activity"] = item.moment.activity
            record["keypoints"] = [
                [round((x - left) * scale, 1), round((y - top) * scale, 1), int(v)]
                for x, y, v in marks
            ]
        records.append(record)
    return records


def write_labels(path: Path, labels: Labels, picture: Stored) -> None:
    """YOLO's text: label, centre and size in shares of the picture."""
    height, width = picture.shape[:2]
    lines = []
    for label, (x1, y1, x2, y2) in labels.boxes:
        x, y = (x1 + x2) / 2 / width, (y1 + y2) / 2 / height
        lines.append(
            f"{int(label)} {x:.6f} {y:.6f} {(x2 - x1) / width:.6f} {(y2 - y1) / height:.6f}\n"
        )
    path.write_text("".join(lines))


def write_truth(path: Path, records: Sequence[dict[str, Any]]) -> None:
    """Gzipped JSON that repeats to the byte."""
    with path.open("wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
        packed.write(json.dumps(records, ensure_ascii=False, separators=(",", ":")).encode())


def _labels_of(item: Item, view: View) -> list[Label]:
    if item.label is None:
        return []
    if item.sign is not None and not _faces(item, view):
        return []
    doing = None if item.moment is None else DOING.get(item.moment.activity)
    return [item.label] if doing is None else [item.label, doing]


def _is_clear(sight: Seen, label: Label, frame: Box, scale: float) -> bool:
    """Whether enough of a thing is in sight, and in this part of the picture, to be asked for."""
    inside = _area(_cut(sight.box, frame)) / max(_area(sight.box), 1e-9)
    return (
        sight.share >= LEAST_SHARE.get(label, 0.3)
        and sight.pixels * inside * scale**2 >= LEAST_PX.get(label, 14.0)
        and inside >= (0.15 if label in PEOPLE else LEAST_IN_CROP)
    )


def _shows_cigarette(
    smoker: Seen, items: Sequence[Item], seen: Sequence[Seen], frame: Box, scale: float
) -> bool:
    """Whether what somebody smokes is to be seen: a hand at the mouth could be anything else."""
    theirs = _belongings(smoker, Label.CIGARETTE, items, seen)
    return any(_is_clear(cigarette, Label.CIGARETTE, frame, scale) for cigarette in theirs)


def _eats(sight: Seen, items: Sequence[Item], seen: Sequence[Seen]) -> bool:
    """Whether somebody at a meal eats in this picture: from a box or a bowl all the while, out of
    the hand when the food is at the mouth."""
    return any(
        items[food.index].kind in TABLE_FOODS or at_mouth(food.box, sight.box)
        for food in _belongings(sight, Label.FOOD, items, seen)
    )


def _belongings(
    sight: Seen, label: Label, items: Sequence[Item], seen: Sequence[Seen]
) -> list[Seen]:
    """What is in sight of somebody's food, or of what else they have of that label."""
    who = items[sight.index].who
    return [
        other for other in seen
        if items[other.index].label is label and items[other.index].who == who
    ]  # fmt: skip


def _faces(item: Item, view: View) -> bool:
    """Whether the camera looks at the sign's printed side, not too slanting."""
    sheet = next(part for part in item.drawn.meshes if part.texture is not None)
    a, b, c = sheet.vertices[sheet.faces[0]]
    front = np.cross(b - a, c - a)
    to_camera = view.camera.location - a
    return bool(front @ to_camera > 0.2 * np.linalg.norm(front) * np.linalg.norm(to_camera))


def _cut(box: Box, frame: Box) -> Box:
    left, top = max(box[0], frame[0]), max(box[1], frame[1])
    return left, top, max(left, min(box[2], frame[2])), max(top, min(box[3], frame[3]))


def _shifted(box: Box, frame: Box, scale: float) -> Box:
    """The box in the pixels of the stored part."""
    left, top = frame[:2]
    x1, y1, x2, y2 = box
    return (x1 - left) * scale, (y1 - top) * scale, (x2 - left) * scale, (y2 - top) * scale


def _rounded(box: Box) -> list[float]:
    return [round(v, 1) for v in box]


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
