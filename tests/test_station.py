"""From a clip to the database: alert, still, clip and who was on duty, through the real parts."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from itertools import pairwise
from pathlib import Path

import av
import pytest
from sqlalchemy import select

from api.alerts.evidence import looks_over
from api.alerts.listing import AlertFilter, alert_detail, list_alerts
from api.alerts.tables import ClipRow, StillRow
from api.alerts.views import AlertDetail
from api.database import Database
from api.live import LiveBoard
from api.outbox import Outbox
from cameras.clocks import ReplayClock
from cli.demo import fill
from cli.eyes import open_eyes
from cli.model_options import limits_of
from cli.office import deliver_to
from cli.place import Place
from cli.server import open_office
from cli.station import Desk, Station
from vision.hallfile import load_hall
from vision.pace import Pace

CLIP = Path(__file__).parent / "footage" / "phone"


@pytest.fixture(scope="module")
def watched(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Place, Database, LiveBoard]]:
    """The phone clip, watched once by a station at the pace of a hall's camera."""
    place = Place(tmp_path_factory.mktemp("hall"))
    hall = load_hall(CLIP / "hall.toml", limits_of(None))
    hall = replace(hall, cameras=tuple(replace(each, pace_hz=None) for each in hall.cameras))
    database = open_office(place, hall)
    recorded_at = hall.cameras[0].recorded_at
    assert recorded_at is not None
    fill(database, hall, recorded_at.astimezone(UTC))
    board = LiveBoard(time.monotonic, "demo")
    outbox = Outbox(place.outbox, deliver_to(database)).start()
    desk = Desk(hall, open_eyes(threads=1), board, outbox, place.evidence)
    station = Station(desk, hall.cameras[0].id, clock=lambda: ReplayClock(recorded_at, speed=None))
    station.run()
    outbox.close(drain_s=20)
    yield place, database, board
    database.close()


@pytest.fixture(scope="module")
def alert(watched: tuple[Place, Database, LiveBoard]) -> AlertDetail:
    _, database, _ = watched
    with database.reading() as session:
        (line,) = list_alerts(session, AlertFilter()).items
        return alert_detail(session, line.uid)


def test_the_alert_names_rule_window_and_who_was_on_duty(alert: AlertDetail) -> None:
    assert alert.rule == "phone_use"
    assert alert.step.value == "ended"
    assert alert.duty is not None
    assert alert.duty.state == "on_duty"
    assert [p.number for p in alert.duty.holders] != []
    assert alert.policy["held_s"] == 10
    assert len(alert.model_sha) == len(alert.hall_sha) == 64


def test_the_clip_is_the_cameras_own_bytes_and_says_what_it_covers(
    watched: tuple[Place, Database, LiveBoard], alert: AlertDetail
) -> None:
    place, _, _ = watched
    (clip,) = alert.clips
    (path,) = (place.evidence / alert.uid).glob("clip.*")
    assert hashlib.sha256(path.read_bytes()).hexdigest() == clip.sha256
    assert clip.complete
    assert clip.covers_from <= clip.asked_from <= alert.began
    pre_roll_s = min(10.0, alert.began_s)  # the recording begins 9 s before
    assert (alert.began - clip.asked_from).total_seconds() == pytest.approx(pre_roll_s, abs=0.1)
    assert clip.covers_to >= clip.asked_to

    with av.open(str(CLIP / "clip.mp4")) as original:
        theirs = {bytes(p) for p in original.demux(video=0) if p.size}
    with av.open(str(path)) as cut:
        ours = [bytes(p) for p in cut.demux(video=0) if p.size]
    assert len(ours) > 50
    assert set(ours) <= theirs


def test_what_was_seen_goes_with_the_clip_look_by_look(
    watched: tuple[Place, Database, LiveBoard], alert: AlertDetail
) -> None:
    _, database, _ = watched
    (clip,) = alert.clips
    with database.reading() as session:
        looks = looks_over(session, clip.id)
    seconds = [look.at_s for look in looks]
    length_s = (clip.covers_to - clip.covers_from).total_seconds()
    assert seconds == sorted(seconds)
    assert 0 <= seconds[0] < 2.5
    assert length_s - 2.5 < seconds[-1] <= length_s
    longest_s = max(b - a for a, b in pairwise(seconds))
    assert longest_s <= Pace().still_s + 0.5  # with one picture a second nothing is far from a look
    raised_s = (alert.stills[0].at - clip.covers_from).total_seconds()
    nearest = min(looks, key=lambda look: abs(look.at_s - raised_s))
    assert nearest.at_s == pytest.approx(raised_s, abs=0.05)
    assert {box.label for box in nearest.boxes} >= {"person", "phone"}
    with database.reading() as session:
        people = session.get_one(ClipRow, clip.id).people
        (still,) = session.scalars(select(StillRow.people)).all()
    assert [at_s for at_s, _ in people] == [look.at_s for look in looks]
    ((_, at_raised),) = [look for look in people if look[0] == nearest.at_s]
    # a look at seats alone does not say where people stand: then nothing outside them stays sharp
    assert still == ([] if at_raised is None else [[0.0, at_raised]])
    whole = [(look, boxes) for look, (_, boxes) in zip(looks, people, strict=True) if boxes]
    assert len(whole) > 3
    for look, boxes in whole:
        assert len(boxes) >= sum(box.label == "person" for box in look.boxes)
    assert [b.xyxy for b in nearest.boxes if b.label == "phone"] == [
        b.xyxy for b in alert.stills[0].boxes if b.label == "phone"
    ]


def test_the_still_shows_the_moment_of_the_alert(
    watched: tuple[Place, Database, LiveBoard], alert: AlertDetail
) -> None:
    place, _, _ = watched
    still = place.evidence / alert.uid / "raised.jpg"
    assert still.stat().st_size > 10_000
    assert [s.sha256 for s in alert.stills] == [hashlib.sha256(still.read_bytes()).hexdigest()]


def test_the_board_shows_every_window_of_the_camera(
    watched: tuple[Place, Database, LiveBoard],
) -> None:
    _, _, board = watched
    hall = load_hall(CLIP / "hall.toml", limits_of(None))
    shown = board.view(hall.cameras[0].id)
    assert shown is not None
    assert [w.id for w in shown.view.windows] == [w.id for w in hall.windows]
    assert shown.picture is not None
    assert shown.picture.jpeg()[:2] == b"\xff\xd8"


def test_nothing_is_left_in_the_outbox(watched: tuple[Place, Database, LiveBoard]) -> None:
    place, _, _ = watched
    assert sorted(place.outbox.rglob("*.json")) == []
