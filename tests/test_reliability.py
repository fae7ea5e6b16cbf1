"""Scores and how often they are right: curves, diagrams, and what they do in a detector."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest

from models.curve import Curve, logit, sigmoid
from models.evaluate import IOUS, Tally
from models.manifest import load_manifest
from models.reliability import bins, curve_of, diagram, expected_error, fitted, helps, pooled
from models.session import OnnxDetector
from vision.records import Label


def told(slope: float, shift: float, count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Scores whose chance of being right follows the curve."""
    rng = np.random.default_rng(3)
    scores = rng.uniform(0.02, 0.98, count)
    return scores, rng.random(count) < sigmoid(slope * logit(scores) + shift)


def tallies(scores: np.ndarray, right: np.ndarray) -> dict[str, dict[Label, Tally]]:
    hits = [np.full(len(IOUS), r) for r in right]
    tally = Tally(1, scores.tolist(), hits, [50.0] * len(scores), [50.0] * len(scores))
    return {"photos": {Label.PHONE: tally}}


@pytest.mark.parametrize(("slope", "shift"), [(1.0, 0.0), (0.5, -1.0), (2.0, 0.7)])
def test_the_curve_is_found_again_and_makes_scores_true(slope: float, shift: float) -> None:
    scores, right = told(slope, shift)
    curve = fitted(scores, right)
    assert (curve.slope, curve.shift) == pytest.approx((slope, shift), abs=0.15)
    assert expected_error(bins(curve(scores).astype(float), right)) < 0.03


def test_a_curve_is_kept_only_where_it_helps_on_other_pictures() -> None:
    needs, true = tallies(*told(0.5, -1.0)), tallies(*told(1.0, 0.0))
    curve = curve_of(needs, Label.PHONE)
    assert curve is not None
    assert helps(curve, needs, Label.PHONE)
    assert not helps(curve, true, Label.PHONE)


def test_few_boxes_make_no_curve() -> None:
    scores, right = told(0.5, -1.0, count=20)
    assert curve_of(tallies(scores, right), Label.PHONE) is None
    assert curve_of(tallies(scores, right), Label.FOOD) is None


def test_bins_count_every_box_once() -> None:
    scores, right = told(1.0, 0.0)
    points = bins(np.append(scores, 1.0), np.append(right, True))
    assert sum(p.right.whole for p in points) == len(scores) + 1
    assert points[-1].high == 1.0
    assert bins(*pooled(tallies(scores, right), Label.FOOD)) == []


def test_the_diagram_is_an_svg_with_a_point_a_bin() -> None:
    scores, right = told(1.0, 0.0)
    points = bins(scores, right)
    tree = ElementTree.fromstring(diagram({"phone": points, "food": points[:2]}))
    circles = [e for e in tree.iter() if e.tag.endswith("circle")]
    assert len(circles) == len(points) + 2


def test_a_calibrated_model_tells_probabilities_in_order() -> None:
    entry = load_manifest().entry()
    plain = OnnxDetector(replace(entry, calibration={}), threads=1)
    shy = OnnxDetector(replace(entry, calibration={Label.PERSON: (1.0, -2.0)}), threads=1)
    picture = cv2.imread(str(Path(__file__).parent / "scenes" / "seated.jpg"))
    assert picture is not None
    (raw,), (made,) = plain.detect([picture]), shy.detect([picture])
    assert len(raw.of(Label.PERSON))
    lowered = Curve(1.0, -2.0)(raw.of(Label.PERSON).score)
    assert made.of(Label.PERSON).score == pytest.approx(lowered)
    assert (np.diff(made.score) <= 0).all()
