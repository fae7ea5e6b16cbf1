"""Blurred copies: made once, beside the original, at the same times; nothing else is served."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from sqlalchemy import delete

from api.alerts.evidence import attach_still
from api.alerts.record import record_alert
from api.alerts.tables import StillRow
from api.database import Database
from api.halls.sync import sync_hall
from api.privacy.ahead import CopiesAhead
from api.privacy.copies import BlurError, BlurredCopies, copies_of, copy_path
from api.privacy.plan import SharpPlan, plan_during, plan_then
from tests.console_world import HEIGHT, WIDTH, hall_picture, seat, synthetic_clip
from tests.halls import HALL, NOON, put_hall, raised

PLAN = SharpPlan((seat(0), seat(2)), (WIDTH, HEIGHT))


def frames(file: Path) -> list[tuple[float, np.ndarray]]:
    """(seconds, bgr) of each picture."""
    with av.open(str(file)) as container:
        return [
            (float(f.time), f.to_ndarray(format="bgr24")) for f in container.decode(video=0)
        ]  # fmt: skip


def test_a_clips_copy_shows_the_same_moments(tmp_path: Path) -> None:
    original = tmp_path / "clip.mp4"
    original.write_bytes(synthetic_clip(2))
    before = original.read_bytes()
    copy = BlurredCopies().clip(original, PLAN)
    assert original.read_bytes() == before
    assert copy == copy_path(original, PLAN)
    assert list(copies_of(original)) == [copy]
    then, now = frames(original), frames(copy)
    assert [t for t, _ in now] == pytest.approx([t for t, _ in then], abs=0.001)
    for (_, sharp), (_, soft) in zip(then[::5], now[::5], strict=True):
        change = np.abs(sharp.astype(int) - soft)
        assert change[110:210, 50:150].mean() < 4  # the clerk at window 1, in the clip's 640 x 360
        assert change[240:330].mean() > change[110:210, 50:150].mean()


def test_a_stills_copy(tmp_path: Path) -> None:
    original = tmp_path / "still.jpg"
    original.write_bytes(cv2.imencode(".jpg", hall_picture(3))[1].tobytes())
    copy = BlurredCopies().still(original, PLAN)
    soft = cv2.imread(str(copy))
    assert soft is not None
    assert soft.shape == (HEIGHT, WIDTH, 3)
    sharp = hall_picture(3)
    assert np.abs(sharp.astype(int) - soft)[200:300, 80:220].mean() < 4


def test_another_plan_makes_another_copy(tmp_path: Path) -> None:
    original = tmp_path / "still.jpg"
    original.write_bytes(cv2.imencode(".jpg", hall_picture(3))[1].tobytes())
    copies = BlurredCopies()
    paths = {copies.still(original, plan) for plan in (PLAN, SharpPlan(), SharpPlan((seat(1),)))}
    assert set(copies_of(original)) == paths
    assert len(paths) == 3


def test_another_word_of_who_was_there_is_another_plan() -> None:
    seen = [[1.0, [[10, 20, 30, 40]]], [2.0, None]]
    known = replace(PLAN, signs=(seat(1),)).knowing(seen, "b" * 64)
    plans = [
        PLAN,
        known,
        replace(known, signs=()),
        replace(known, counters=(seat(3),)),
        known.knowing(seen, "c" * 64),
        known.knowing(seen[:1], "b" * 64),
        known.knowing([[1.0, []], [2.0, None]], "b" * 64),
        known.knowing([[1.0, None], [2.0, None]], "b" * 64),
        known.knowing([], "b" * 64),
    ]
    assert len({plan.key for plan in plans}) == len(plans)
    assert known.knowing(seen, "b" * 64).key == known.key


@pytest.mark.parametrize("content", [b"", b"no video", b"\x00" * 4000, synthetic_clip(1)[:300]])
def test_a_broken_file_is_refused_and_leaves_nothing(tmp_path: Path, content: bytes) -> None:
    for name, make in (("a.mp4", BlurredCopies().clip), ("a.jpg", BlurredCopies().still)):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BlurError, match="cannot be shown blurred"):
            make(tmp_path / name, PLAN)
    assert {f.name for f in tmp_path.iterdir()} == {"a.mp4", "a.jpg"}


def test_a_clip_that_breaks_off_is_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = synthetic_clip(2)
    middle = len(whole) // 3
    (tmp_path / "a.mp4").write_bytes(whole[:middle] + b"\x00" * 200 + whole[middle + 200 :])
    copy = BlurredCopies().clip(tmp_path / "a.mp4", PLAN)
    assert len(frames(copy)) >= 1


def test_many_who_ask_at_once_make_one_copy(tmp_path: Path) -> None:
    original = tmp_path / "clip.mp4"
    original.write_bytes(synthetic_clip(1))
    copies, found = BlurredCopies(), []
    threads = [
        threading.Thread(target=lambda: found.append(copies.clip(original, PLAN).stat().st_ino))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert len(list(tmp_path.iterdir())) == 2


def test_the_zones_of_the_time_count(database: Database) -> None:
    with database.session() as session:
        put_hall(session)
    with database.reading() as session:
        plan = plan_then(session, "demo", "a" * 64, "cam1")
        assert (len(plan.keep), plan.size) == (2, (960, 540))  # two staff zones, no sign
        assert plan_then(session, "demo", "0" * 64, "cam1") == SharpPlan()
        assert plan_then(session, "demo", "a" * 64, "cam9") == SharpPlan()


WINDOWS_SHARP = {
    (-9, -8): 0,  # before anything is known
    (-1, 1): 0,
    (0, 9): 2,
    (9, 10): 0,  # the zones were drawn anew meanwhile
    (10, 29): 1,
    (12, 22): 1,  # a threshold was changed meanwhile, no zone
    (31, 40): 2,  # the file of old was put back
    (51, 60): 1,
}
"""How many windows stay sharp in footage from one minute to another."""


def test_a_span_is_blurred_by_the_zones_in_force_then(database: Database) -> None:
    fewer = replace(HALL, sha="b" * 64, windows=HALL.windows[:1])
    threshold = replace(fewer, sha="c" * 64)
    drawn = ((0, HALL), (10, fewer), (20, threshold), (30, HALL), (50, threshold), (5, fewer))
    with database.session() as session:  # at last by a clock that was set back
        for at_min, hall in drawn:
            sync_hall(session, hall, NOON + timedelta(minutes=at_min))
    with database.reading() as session:
        found = {
            span: plan_during(session, "demo", "cam1", *(NOON + timedelta(minutes=m) for m in span))
            for span in WINDOWS_SHARP
        }
    assert {span: len(plan.keep) for span, plan in found.items()} == WINDOWS_SHARP


def test_copies_are_made_ahead_of_time(database: Database, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(cv2.imencode(".jpg", hall_picture(3))[1].tobytes())
    with database.session() as session:
        put_hall(session)
        record_alert(session, raised(), NOON)
    ahead = CopiesAhead(database, tmp_path, BlurredCopies()).start()
    for path in ("gone.jpg", "a.jpg"):  # what fails does not stop the rest
        with database.session() as session:
            attach_still(session, raised().uid, path, "d" * 64, NOON)
        if path == "gone.jpg":
            with database.session() as session:
                session.execute(delete(StillRow))
    limit = time.monotonic() + 20
    while not list(copies_of(tmp_path / "a.jpg")) and time.monotonic() < limit:
        time.sleep(0.02)
    ahead.close()
    assert len(list(copies_of(tmp_path / "a.jpg"))) == 1
