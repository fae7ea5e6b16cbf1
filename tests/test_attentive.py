"""The attentive pace on recorded footage in two streams: the same events for less, and the same
bytes every time."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
import pytest

from cameras.clocks import ReplayClock
from cli.eyes import Eyes, open_eyes, watch_camera
from cli.streams import Streams
from cli.trials import EPOCH, Notes
from models.events import events_of
from vision.hallfile import Hall, load_hall
from vision.records import CameraSeen, Step
from vision.wire import alert_table

CLIP = Path(__file__).parent / "footage" / "phone"
WATCHED_S = 50
SECOND = (640, 360)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Hall:
    """The phone clip's hall with a second stream and no fixed pace."""
    folder = tmp_path_factory.mktemp("hall")
    second = folder / "second.mp4"
    with av.open(str(CLIP / "clip.mp4")) as pictures, av.open(str(second), "w") as out:
        options = {"preset": "ultrafast", "g": "10"}
        stream = out.add_stream("libx264", rate=5, options=options)
        stream.width, stream.height = SECOND
        for n, picture in enumerate(pictures.decode(video=0)):
            if n >= 5 * WATCHED_S:
                break
            scaled = picture.reformat(*SECOND)
            scaled.pts, scaled.time_base = n, Fraction(1, 5)
            out.mux(stream.encode(scaled))
        out.mux(stream.encode(None))
    text = (CLIP / "hall.toml").read_text("utf-8").replace('"clip.mp4"', f'"{CLIP / "clip.mp4"}"')
    path = folder / "hall.toml"
    path.write_text(text.replace("pace_hz = 2.0", 'sub_url = "second.mp4"'), "utf-8")
    return load_hall(path)


@pytest.fixture(scope="module")
def eyes() -> Eyes:
    return open_eyes(threads=1)


def watched(hall: Hall, eyes: Eyes) -> tuple[Notes, Streams]:
    notes, streams = Notes(), []
    watch_camera(
        hall, hall.cameras[0].id, eyes, notes, clock=ReplayClock(EPOCH), start=EPOCH,
        opened=lambda opened, detector: streams.append(opened),
    )  # fmt: skip
    return notes, streams[0]


def test_the_event_is_found_in_time_with_few_looks_and_each_time_alike(
    hall: Hall, eyes: Eyes
) -> None:
    notes, streams = watched(hall, eyes)
    (true,) = json.loads((CLIP / "expected.json").read_text())["events"]
    (found,) = events_of(notes.alerts)
    assert (found.rule, found.subject) == (true["rule"], true["subject"])
    assert found.began_s == pytest.approx(true["began_s"], abs=2.5)
    assert found.ended_s == pytest.approx(true["ended_s"], abs=2.5)
    (raised,) = [a for a in notes.alerts if a.step is Step.RAISED]
    assert raised.at.at_s - found.began_s == pytest.approx(10.0, abs=0.6)  # the rule's own time

    looks = [seen for seen in notes.seen if isinstance(seen, CameraSeen)]
    assert len(looks) < 1.2 * WATCHED_S
    assert streams.native is not None
    assert streams.native.spent_s > 0

    again, _ = watched(hall, eyes)
    assert list(map(alert_table, again.alerts)) == list(map(alert_table, notes.alerts))
    assert again.seen == notes.seen
