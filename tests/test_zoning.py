"""Zones and thresholds read from a hall file, judged, and written back with its comments kept."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import tomlkit

from api.halls.filing import HallFile, HallFileChangedError
from api.halls.zoning import (
    Flaw,
    Shape,
    ShapeKind,
    Threshold,
    flaw_of,
    moved_to,
    put_shapes,
    put_thresholds,
    shapes_of,
)
from vision.hallfile import HallFileError
from vision.records import Detections
from vision.seeing import unmasked

TEXT = """\
# our hall
[hall]
id = "civic"
name = "政务服务中心"

[[camera]]
id = "cam1"  # above the door
url = "rtsp://user:secret@10.0.0.2/main"
width = 960
height = 540
masks = [[[900, 0], [960, 0], [960, 60], [900, 60]]]

[[camera]]
id = "cam2"
url = "rtsp://10.0.0.3/main"
width = 1920
height = 1080

[[window]]
id = "w1"
name = "1号窗口"
camera = "cam1"
staff = [[100, 100], [200, 100], [200, 200], [100, 200]]    # her seat
counter = [[100, 220], [200, 220], [200, 320], [100, 320]]

[window.policy.phone_use]
held_s = 12

[[window]]
id = "w2"
camera = "cam1"
staff = [[300, 100], [400, 100], [400, 200], [300, 200]]
counter = [[300, 220], [400, 220], [400, 320], [300, 320]]

[[queue]]
id = "q1"
camera = "cam2"
zone = [[100, 600], [900, 600], [900, 1000], [100, 1000]]
"""
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
SQUARE = ((10.0, 10.0), (60.0, 10.0), (60.0, 60.0), (10.0, 60.0))


@pytest.fixture
def file(tmp_path: Path) -> HallFile:
    path = tmp_path / "hall.toml"
    path.write_text(TEXT, encoding="utf-8")
    return HallFile(path, lambda: NOW)


def test_all_zones_are_read(file: HallFile) -> None:
    keys = {(s.camera, s.key) for s in shapes_of(file.read())}
    assert keys == {
        ("cam1", "staff:w1"), ("cam1", "counter:w1"), ("cam1", "staff:w2"),
        ("cam1", "counter:w2"), ("cam2", "queue:q1"), ("cam1", "mask:1"),
    }  # fmt: skip


def test_writing_what_was_read_changes_no_byte(file: HallFile) -> None:
    hall = file.read()
    file.change(lambda d: put_shapes(d, shapes_of(hall)), made_for_sha=hall.sha)
    assert file.path.read_text(encoding="utf-8") == TEXT
    assert list(file.path.parent.iterdir()) == [file.path]


def test_a_moved_corner_is_written_and_all_else_is_kept(file: HallFile) -> None:
    hall = file.read()
    moved = ((110.0, 105.0), (200.0, 100.0), (200.0, 200.0), (100.0, 200.5))
    shapes = [replace(s, points=moved) if s.key == "staff:w1" else s for s in shapes_of(hall)]
    new = file.change(lambda d: put_shapes(d, shapes), made_for_sha=hall.sha)
    assert new.windows[0].staff.corners == moved
    text = file.path.read_text(encoding="utf-8")
    assert "# our hall" in text
    assert "# above the door" in text
    assert "held_s = 12" in text
    assert "staff = [[110, 105], [200, 100], [200, 200], [100, 200.5]]" in text
    (backup,) = file.path.parent.glob("hall.toml.bak-*")
    assert backup.read_text(encoding="utf-8") == TEXT


def test_the_latest_ten_old_files_are_kept(file: HallFile) -> None:
    minutes = itertools.count()
    later = HallFile(file.path, lambda: datetime(2026, 11, 24, 9, next(minutes), tzinfo=UTC))
    for name in "一二三四五六七八九十百千":
        hall = later.read()
        later.change(lambda d, name=name: d["hall"].update(name=name), made_for_sha=hall.sha)
    backups = sorted(path.name for path in file.path.parent.glob("hall.toml.bak-*"))
    assert [name.split("T")[1][:4] for name in backups] == [f"09{m:02d}" for m in range(2, 12)]


def test_windows_and_areas_come_and_go(file: HallFile) -> None:
    hall = file.read()
    shapes = [s for s in shapes_of(hall) if s.owner != "w2" and s.kind is not ShapeKind.MASK]
    shapes += [
        Shape("cam2", ShapeKind.STAFF, "w3", SQUARE),
        Shape("cam2", ShapeKind.COUNTER, "w3", SQUARE),
        Shape("cam1", ShapeKind.WORK, "1", SQUARE),
    ]
    new = file.tried(lambda d: put_shapes(d, shapes))
    assert [(w.id, w.camera) for w in new.windows] == [("w1", "cam1"), ("w3", "cam2")]
    assert new.camera("cam1").masks == ()
    assert new.camera("cam1").work[0].corners == SQUARE
    assert file.path.read_text(encoding="utf-8") == TEXT


def test_thresholds_are_written_where_they_belong(file: HallFile) -> None:
    wanted = [
        Threshold("", "window_unattended", "after_s", 90),
        Threshold("w1", "phone_use", "held_s", 15),
        Threshold("w1", "napping", "on", True),
        Threshold("q1", "queue_length", "at_least", 6),
        Threshold("gone", "phone_use", "held_s", 15),
    ]
    hall = file.tried(lambda d: put_thresholds(d, wanted))
    assert hall.windows[1].policies["window_unattended"].after_s == 90
    assert hall.windows[0].policies["phone_use"].held_s == 15
    assert hall.windows[0].policies["napping"].on is True
    assert hall.windows[1].policies["napping"].on is False
    assert hall.queues[0].policies["queue_length"].at_least == 6


def test_a_bad_result_is_refused_whole(file: HallFile) -> None:
    hall = file.read()
    crossed = ((100.0, 100.0), (200.0, 200.0), (200.0, 100.0), (100.0, 200.0))
    shapes = [replace(s, points=crossed) if s.key == "staff:w1" else s for s in shapes_of(hall)]
    with pytest.raises(HallFileError, match="crosses itself"):
        file.change(lambda d: put_shapes(d, shapes), made_for_sha=hall.sha)
    assert file.path.read_text(encoding="utf-8") == TEXT


def test_who_comes_second_is_told(file: HallFile) -> None:
    hall = file.read()
    file.path.write_text(TEXT + "# by hand\n", encoding="utf-8")
    with pytest.raises(HallFileChangedError, match="changed by somebody else"):
        file.change(lambda d: put_shapes(d, shapes_of(hall)), made_for_sha=hall.sha)


def test_a_file_that_is_no_toml_says_so(file: HallFile) -> None:
    file.path.write_bytes(b"\xff\xfe")
    with pytest.raises(HallFileError, match="UTF-8"):
        file.tried(tomlkit.TOMLDocument.clear)


@pytest.mark.parametrize(
    ("points", "flaw"),
    [
        (SQUARE, None),
        (SQUARE[:2], Flaw.FEW),
        (((10.0, 10.0), (1000.0, 10.0), (60.0, 60.0)), Flaw.OUTSIDE),
        (((10.0, 10.0), (60.0, 60.0), (60.0, 10.0), (10.0, 60.0)), Flaw.CROSSES),
        (((10.0, 10.0), (20.0, 10.0), (20.0, 20.0), (10.0, 20.0)), Flaw.SMALL),
    ],
)
def test_what_is_wrong_with_a_polygon(points: tuple[tuple[float, float], ...], flaw: Flaw) -> None:
    assert flaw_of(points, 960, 540) is flaw


def test_what_lies_in_a_mask_is_not_seen(file: HallFile) -> None:
    masks = file.read().camera("cam1").masks
    boxes = np.array([[910, 10, 950, 50], [880, 40, 930, 200]], np.float32)
    seen = Detections(boxes, np.array([0.9, 0.8], np.float32), np.zeros(2, np.int8))
    assert unmasked(seen, masks).score.tolist() == [pytest.approx(0.8)]
    assert unmasked(seen, ()) is seen
    assert len(unmasked(Detections.none(), masks).score) == 0


def test_a_copy_lies_at_the_same_place_of_a_larger_picture(file: HallFile) -> None:
    hall = file.read()
    copy = moved_to(Shape("cam1", ShapeKind.QUEUE, "q9", SQUARE), hall, "cam2")
    assert copy.points == ((20.0, 20.0), (120.0, 20.0), (120.0, 120.0), (20.0, 120.0))
