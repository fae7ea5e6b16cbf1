"""A detector of the manifest, run by ONNX Runtime.

The network takes `images` (b, 3, h, w) float32 RGB in 0..1, h and w multiples of the stride, and
gives `boxes` (b, n, 4) as x1, y1, x2, y2 in input pixels and `scores` (b, n, classes) in 0..1.
Its metadata carries `names`, the class names as a JSON list.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.curve import Curve
from models.letterbox import Fit, chosen_side, fit, letterboxed
from models.manifest import InputShape, Manifest, ModelClassesError, ModelEntry, verified_bytes
from models.providers import CPU, Provider, open_session
from vision.records import Detections, Image

LEAST_SCORE = 0.10
"""Fainter detections are not told; which score counts is for the rules to say."""
MOST = 300
"""Detections told of one picture, best first."""
SAME_THING = 0.7
"""A one-to-many head's boxes of one class overlapping by more than this (IoU) are one thing."""
BATCH = 8


class OnnxDetector:
    """Finds things in pictures with one model of the manifest.

    providers: see `models.providers`; the first one must really compute.
    threads: inference threads; None leaves the choice to ONNX Runtime.
    """

    def __init__(
        self,
        entry: ModelEntry,
        providers: Sequence[Provider] = (CPU,),
        threads: int | None = None,
        least_score: float = LEAST_SCORE,
    ) -> None:
        self.entry = entry
        self.least_score = least_score
        self._session = open_session(verified_bytes(entry), providers, threads)
        _check_classes(entry, self._session)
        self._curves = {label: Curve(a, b) for label, (a, b) in entry.calibration.items()}
        known = [(i, label) for i, label in enumerate(entry.label_of()) if label is not None]
        self._columns = np.array([i for i, _ in known], np.intp)
        self._labels = np.array([label for _, label in known], np.int8)

    @property
    def sha256(self) -> str:
        return self.entry.sha256

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        """What is in each picture, (h, w, 3) uint8 BGR, in that picture's pixels.

        Pictures of one letterboxed shape share a batch; an answer does not depend on which
        pictures it was asked with.
        """
        alike: dict[tuple[int, int], list[int]] = defaultdict(list)
        places = [place_of(image, self.entry.input) for image in images]
        for i, place in enumerate(places):
            alike[place.height, place.width].append(i)
        found: dict[int, Detections] = {}
        for members in alike.values():
            for start in range(0, len(members), BATCH):
                some = members[start : start + BATCH]
                boxes, scores = self._run([images[i] for i in some], [places[i] for i in some])
                for i, box, score in zip(some, boxes, scores, strict=True):
                    found[i] = self._told(box, score, places[i], images[i])
        return [found[i] for i in range(len(images))]

    def _run(
        self, images: list[Image], places: list[Fit]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        fed = network_input(images, places, self.entry.input.pad)
        boxes, scores = self._session.run(["boxes", "scores"], {"images": fed})
        return boxes, scores

    def _told(
        self, boxes: NDArray[np.float32], scores: NDArray[np.float32], place: Fit, image: Image
    ) -> Detections:
        mine = scores[:, self._columns]
        anchor, column = np.nonzero(mine >= self.least_score)
        score = mine[anchor, column]
        order = np.argsort(-score, kind="stable")
        anchor, column, score = anchor[order], column[order], score[order]
        xyxy, label = boxes[anchor], self._labels[column]
        if self.entry.head == "one-to-many":
            keep = _singled(xyxy, score, label)
            xyxy, score, label = xyxy[keep], score[keep], label[keep]
        if self._curves:
            score = self._probable(score, label)
            order = np.argsort(-score, kind="stable")
            xyxy, score, label = xyxy[order], score[order], label[order]
        back = place.back(xyxy[:MOST], *image.shape[:2])
        return Detections(back, score[:MOST].astype(np.float32), label[:MOST])

    def _probable(
        self, scores: NDArray[np.float32], labels: NDArray[np.int8]
    ) -> NDArray[np.float32]:
        """The scores, those of calibrated labels as probabilities."""
        probable = scores.copy()
        for label, curve in self._curves.items():
            probable[labels == label] = curve(scores[labels == label])
        return probable


def open_detectors(
    manifest: Manifest,
    model: str | None = None,
    has: frozenset[str] | None = None,
    *,
    providers: Sequence[Provider] = (CPU,),
    threads: int | None = None,
) -> tuple[OnnxDetector, OnnxDetector | None]:
    """The detector of whole pictures, and the one that looks at close-ups in its place, where the
    manifest names one. model, has: see `Manifest.entry`. Raises the named errors of both."""
    entry = manifest.entry(model, has)
    near = manifest.near(entry)
    return (
        OnnxDetector(entry, providers, threads),
        None if near is None else OnnxDetector(near, providers, threads),
    )


def place_of(image: Image, shape: InputShape) -> Fit:
    """How a picture is laid into a network's input."""
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or not image.size:
        raise ValueError(f"a picture is (h, w, 3) uint8, not {image.shape} {image.dtype}")
    height, width = image.shape[:2]
    return fit(height, width, chosen_side(max(height, width), shape.sides_px), shape.stride_px)


def network_input(images: Sequence[Image], places: Sequence[Fit], pad: int) -> NDArray[np.float32]:
    """Pictures of one letterboxed shape as the network wants them: (b, 3, h, w) RGB in 0..1."""
    planes = np.empty((len(images), 3, places[0].height, places[0].width), np.float32)
    for picture, place, rgb in zip(images, places, planes, strict=True):
        _into_planes(letterboxed(picture, place, pad), rgb)
    return planes


def _into_planes(bgr: Image, rgb: NDArray[np.float32]) -> None:
    """Fill (3, h, w) with the picture's red, green and blue in 0..1, one plane after the other:
    a fifth of the time of turning the whole array round."""
    for i, plane in enumerate(cv2.split(bgr)):
        np.multiply(plane, np.float32(1 / 255), out=rgb[2 - i], dtype=np.float32)


def _singled(
    xyxy: NDArray[np.float32], score: NDArray[np.float32], label: NDArray[np.int8]
) -> NDArray[np.intp]:
    """Indices of what stays of boxes sorted by score when each thing is told once."""
    same = (_iou(xyxy) > SAME_THING) & (label[:, None] == label)
    kept: list[int] = []
    told = np.zeros(len(score), np.bool_)
    for i in range(len(score)):
        if not told[i]:
            kept.append(i)
            told |= same[i]
    return np.array(kept, np.intp)


def _iou(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of each two of (n, 4) boxes: (n, n)."""
    shared = np.ones((len(boxes), len(boxes)), np.float32)
    for low, high in ((0, 2), (1, 3)):
        begins = np.maximum(boxes[:, None, low], boxes[:, low])
        ends = np.minimum(boxes[:, None, high], boxes[:, high])
        shared *= np.clip(ends - begins, 0, None)
    own = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    together = np.maximum(own[:, None] + own - shared, np.float32(1e-9))
    return np.asarray(shared / together, np.float32)


def _check_classes(entry: ModelEntry, session: onnxruntime.InferenceSession) -> None:
    """Raises ModelClassesError when the network is not what the entry says."""
    names = session.get_modelmeta().custom_metadata_map.get("names")
    found = tuple(json.loads(names)) if names else ()
    outputs = {o.name: o.shape for o in session.get_outputs()}
    if set(outputs) != {"boxes", "scores"}:
        raise ModelClassesError(
            f"model {entry.id!r} gives {', '.join(outputs)}, not boxes and scores: "
            "export it with `hallwatch models export`"
        )
    head = session.get_modelmeta().custom_metadata_map.get("head", entry.head)
    if head != entry.head:
        raise ModelClassesError(
            f"model {entry.id!r} was exported with its {head} head, its manifest entry says "
            f"{entry.head}: doubles would be told, or boxes lost; register it with --head {head}"
        )
    if found != entry.classes or outputs["scores"][-1] != len(entry.classes):
        only_net = ", ".join(sorted(set(found) - set(entry.classes))) or "none"
        only_entry = ", ".join(sorted(set(entry.classes) - set(found))) or "none"
        raise ModelClassesError(
            f"model {entry.id!r} and its manifest entry name different classes, or in different "
            f"order ({len(found)} against {len(entry.classes)}; only in the model: {only_net}; "
            f"only in the manifest: {only_entry}): correct the entry, or export the model again"
        )
