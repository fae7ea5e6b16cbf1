"""Average precision, matching, masks, and what was forgotten; and the manifest's writer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.dataset import Labelled
from models.evaluate import (
    EvaluationError,
    average_precision,
    by_size,
    evaluate,
    figures_for_manifest,
    forgotten,
    matched,
    tallied,
)
from models.manifest import ManifestError, load_manifest
from models.mistakes import mistaken
from models.register import registered
from vision.records import Detections, Image, Label


@pytest.mark.parametrize(
    ("hits", "truths", "wanted"),
    [
        ([True, True], 2, 1.0),
        ([False, True], 1, 0.5),
        ([True, False], 1, 1.0),
        ([True], 2, 51 / 101),
        ([], 3, 0.0),
        ([False, False], 2, 0.0),
        ([True, False, True], 2, (51 + 50 * 2 / 3) / 101),
    ],
)
def test_average_precision(hits: list[bool], truths: int, wanted: float) -> None:
    assert average_precision(np.array(hits, bool), truths) == pytest.approx(wanted)


def test_each_truth_is_hit_once_and_best_first() -> None:
    truth = np.array([[0, 0, 10, 10]], np.float32)
    boxes = np.array([[0, 0, 10, 9], [0, 0, 10, 10], [50, 50, 60, 60]], np.float32)
    hits = matched(boxes, truth)
    assert hits[:, 0].tolist() == [0, -1, -1]
    assert hits[:, -1].tolist() == [-1, 0, -1]  # IoU 0.9 is not 0.95


class Oracle:
    """Tells the same detections of every picture."""

    sha256 = "0" * 64

    def __init__(self, *told: tuple[Label, float, Sequence[float]]) -> None:
        self.told = Detections(
            np.array([box for _, _, box in told], np.float32).reshape(-1, 4),
            np.array([score for _, score, _ in told], np.float32),
            np.array([label for label, _, _ in told], np.int8),
        )

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        return [self.told for _ in images]


@pytest.fixture
def picture(tmp_path: Path) -> Labelled:
    path = tmp_path / "a.png"
    cv2.imwrite(str(path), np.zeros((100, 200, 3), np.uint8))
    boxes = np.array([[Label.PERSON, 0.5, 0.5, 0.2, 0.4]], np.float32)  # 80,30 to 120,70
    return Labelled(path, boxes, "photos", frozenset({Label.FOOD}), "test")


def test_figures_by_source_and_label(picture: Labelled) -> None:
    oracle = Oracle(
        (Label.PERSON, 0.9, [80, 30, 120, 70]),
        (Label.PHONE, 0.8, [0, 0, 10, 10]),
        (Label.FOOD, 0.7, [0, 0, 10, 10]),
        (Label.PERSON, 0.3, [0, 0, 10, 10]),
    )
    scores = evaluate(oracle, [picture, replace(picture, source="other")], at_score=0.4)
    person = scores["photos"][Label.PERSON]
    assert (person["ap50"], person["precision"], person["recall"]) == (1.0, 1.0, 1.0)
    assert scores["other"][Label.PHONE]["precision"] == 0.0
    phone = scores["other"][Label.PHONE]
    assert (phone["without"], phone["false"], person["without"]) == (1, 1, 0)
    surer = evaluate(oracle, [picture], at_score=0.85)["photos"][Label.PHONE]
    assert (surer["without"], surer["false"]) == (1, 0)
    assert Label.FOOD not in scores["photos"]  # masked: neither right nor wrong
    assert list(figures_for_manifest(scores)["photos"]) == [
        f"person_{name}"
        for name in ("ap50", "ap", "precision", "recall", "recall_low", "recall_high", "truths")
    ]


def test_figures_by_size(picture: Labelled) -> None:
    oracle = Oracle(
        (Label.PERSON, 0.9, [0, 0, 20, 20]),  # a small one that is none
        (Label.PERSON, 0.8, [80, 30, 120, 70]),
    )
    sized = by_size(tallied(oracle, [picture]), at_score=0.4)
    assert sized["medium"]["photos"][Label.PERSON]["ap50"] == 1.0
    assert sized["medium"]["photos"][Label.PERSON]["told"] == 1
    assert sized["small"]["photos"] == {}  # no true one is small


def test_what_was_forgotten(picture: Labelled) -> None:
    good = evaluate(Oracle((Label.PERSON, 0.9, [80, 30, 120, 70])), [picture])
    half = evaluate(
        Oracle((Label.PERSON, 0.9, [0, 0, 5, 5]), (Label.PERSON, 0.8, [80, 30, 120, 70])),
        [picture],
    )
    assert forgotten(half, good, [Label.PERSON, Label.FOOD]) == {"photos/person": 0.5}


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ([(Label.PERSON, 0.9, [80, 30, 120, 70])], False),
        ([], True),  # missed
        ([(Label.PERSON, 0.1, [80, 30, 120, 70])], True),  # too faint
        ([(Label.PERSON, 0.9, [80, 30, 120, 70]), (Label.PHONE, 0.9, [0, 0, 9, 9])], True),
        ([(Label.PERSON, 0.9, [80, 30, 120, 70]), (Label.FOOD, 0.9, [0, 0, 9, 9])], False),
    ],
)
def test_mistakes_are_found(
    picture: Labelled, told: list[tuple[Label, float, list[float]]], wrong: bool
) -> None:
    labels = (Label.PERSON, Label.PHONE, Label.FOOD)  # food is masked in the picture
    assert (mistaken(Oracle(*told), [picture], labels) == [picture]) is wrong


def test_an_empty_split_and_an_unreadable_picture_are_named(picture: Labelled) -> None:
    with pytest.raises(EvaluationError, match="split"):
        evaluate(Oracle(), [])
    picture.image.write_bytes(b"no picture")
    with pytest.raises(EvaluationError, match=r"a\.png"):
        evaluate(Oracle(), [picture])


def test_an_entry_is_written_and_read_back(tmp_path: Path) -> None:
    shipped = load_manifest().entry()
    figures = {"coco check": {"person_ap": 0.5}}
    (tmp_path / "m.onnx").write_bytes(b"")
    limits = {"phone_use": {"min_score": 0.7, "on": True}}
    curves = {Label.PHONE: (1.5, -0.25)}
    entry = replace(
        shipped, id="mine", path=tmp_path / "m.onnx", measured=figures, limits=limits,
        calibration=curves, needs=(), close_ups="",
    )  # fmt: skip
    manifest = tmp_path / "manifest.toml"
    registered(entry, manifest)
    assert load_manifest(manifest).entry() == entry
    registered(replace(entry, id="better"), manifest, first=True)
    registered(replace(entry, opset=18), manifest)
    assert [(e.id, e.opset) for e in load_manifest(manifest).entries] == [
        ("better", entry.opset),
        ("mine", 18),
    ]
    with pytest.raises(ManifestError, match="beside"):
        registered(replace(entry, path=tmp_path / "sub" / "m.onnx"), manifest)
