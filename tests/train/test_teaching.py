"""What a hall's people judged is shown to the network, and what was judged false is background."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.dataset import MARKED, read_folder
from models.marked import Judged, write_marked
from models.train.pictures import SEAT, WHOLE, Teacher
from vision.records import Detections, Label

PHONE = Detections(
    np.array([[50, 60, 90, 120]], np.float32),
    np.array([0.8], np.float32),
    np.array([Label.PHONE], np.int8),
)


def judged(happened: bool) -> Judged:
    grey = np.random.default_rng(1).integers(0, 255, (200, 200, 3), np.uint8)
    return Judged("u1", grey, PHONE, (Label.PHONE,), happened)


@pytest.mark.parametrize("happened", [False, True])
def test_a_judged_picture_teaches_its_label_alone(tmp_path: Path, happened: bool) -> None:
    write_marked(tmp_path, [judged(happened)])
    pictures = read_folder(tmp_path)
    assert [picture.source for picture in pictures] == [MARKED]
    shown = Teacher(pictures, np.random.default_rng(2)).batch(SEAT)
    for example in shown:
        phones = int((example.boxes[:, 0] == Label.PHONE).sum())
        certain = {Label(i) for i in np.flatnonzero(example.judged)}
        assert (phones, certain) == ((1, set()) if happened else (0, {Label.PHONE}))
        assert not example.real  # the starting weights are not asked: they would outvote it


@pytest.mark.parametrize(
    ("source", "kind", "share"),
    [("marked", SEAT, 0.4), ("marked", WHOLE, 0.0), ("ours", SEAT, 0.2), ("atul", SEAT, 0.0)],
)
def test_how_often_a_source_is_shown(tmp_path: Path, source: str, kind: str, share: float) -> None:
    write_marked(tmp_path, [judged(False)])
    (picture,) = read_folder(tmp_path)
    beside = {SEAT: 0.5, WHOLE: 0.05}[kind]
    pictures = [replace(picture, source=name) for name in ("har", source)]
    teacher = Teacher(pictures, np.random.default_rng(2))
    assert teacher.odds(kind)[1] == pytest.approx(share / (share + beside))


def test_portraits_are_shown_four_in_one_too(tmp_path: Path) -> None:
    write_marked(tmp_path, [judged(True)])
    (picture,) = read_folder(tmp_path)
    portrait = replace(picture, source="har", masked=frozenset({Label.FOOD}))
    other = replace(picture, source="sam", masked=frozenset({Label.DRINK}))
    teacher = Teacher([portrait, other], np.random.default_rng(3), seat_px=416)
    shown = [teacher.example(portrait, SEAT) for _ in range(40)]
    phones = [int((e.boxes[:, 0] == Label.PHONE).sum()) for e in shown]
    assert set(phones) == {1, 4}
    for count, example in zip(phones, shown, strict=True):
        assert example.image.shape == (416, 416, 3)
        assert example.real
        inside = (example.boxes[:, 1:] >= 0).all() and (example.boxes[:, 1:] <= 416).all()
        assert inside
        sides = example.boxes[:, 3] - example.boxes[:, 1]
        assert (sides.max() < 56) == (count == 4)  # half as large
        unknown = {Label(int(i)) for i in np.flatnonzero(~example.judged)}
        assert unknown - {Label.DRINK} == {Label.FOOD}  # what any of the four does not judge
    assert any(not e.judged[Label.DRINK] for e in shown)


def test_judged_pictures_alone_are_seats_for_every_look(tmp_path: Path) -> None:
    write_marked(tmp_path, [judged(False)])
    teacher = Teacher(read_folder(tmp_path), np.random.default_rng(2))
    assert {e.image.shape for e in teacher.batch(WHOLE)} == {(320, 320, 3)}
