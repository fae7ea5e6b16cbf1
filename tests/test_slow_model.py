"""A model that takes two seconds for a picture costs looks, and not one packet of the recording."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice, pairwise
from pathlib import Path

import av
import pytest

from cameras.clip import KeptPacket
from cameras.clocks import SystemClock
from cameras.health import EyeTest
from cameras.live import LiveSource
from cameras.recordings.shelf import Shelf
from cameras.recordings.writer import Keeping, RecordingWriter
from cameras.ring import Recorder, Segment
from cameras.rtsp import open_rtsp
from models.shared import SharedDetector
from tests.rtsp_server import RtspServer
from tests.test_live_alerts import HALL
from vision.engine import Engine
from vision.monitor import monitor
from vision.pacer import FixedPacer
from vision.records import Alert, Detections, Image
from vision.seeing import Look, Seer

LOOK_S, LOOKS = 2.0, 2
LATE_S = 1.0
"""Between two packets of 25 a second, on a machine that is busy with other things."""


class Slow:
    """A detector that finds nobody, slowly. asked: how many pictures it was given; enough: set when
    it has seen to so many."""

    sha256 = "f" * 64

    def __init__(self) -> None:
        self.asked = 0
        self.enough = threading.Event()

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        self.asked += len(images)
        threading.Event().wait(LOOK_S)
        if self.asked >= LOOKS:
            self.enough.set()
        return [Detections.none() for _ in images]


class Nobody:
    """A sink that only counts the looks."""

    def __init__(self) -> None:
        self.looks = 0

    def looked(self, look: Look, engine: Engine) -> None:
        self.looks += look.frame is not None

    def alerted(self, alert: Alert, look: Look) -> None:
        """Not the matter here."""


def times_s(path: Path) -> list[float]:
    """When each packet of a file is shown, from the first one on."""
    with av.open(str(path)) as video:
        pts_s = [float((p.pts or 0) * p.time_base) for p in video.demux(video=0) if p.size]
    return [at_s - pts_s[0] for at_s in pts_s]


def test_a_slow_model_never_drops_a_packet(tmp_path: Path) -> None:
    slow, sink = Slow(), Nobody()
    shared = SharedDetector(slow, workers=1)
    writer = RecordingWriter(
        Shelf(tmp_path), Keeping(file_s=2.0, reserve_bytes=0), now=lambda: datetime.now(UTC)
    )
    recording = writer.camera("c")
    came: list[KeptPacket] = []

    def onward(kept: KeptPacket, segment: Segment) -> None:
        came.append(kept)
        recording.take(kept, segment)

    writer.start()
    with (
        RtspServer(size=[640, 360], fps=25, key_every_s=0.5) as server,
        LiveSource(
            "c", server.url, open_rtsp, clock=SystemClock(), pace_hz=10.0,
            recorder=Recorder(onward=onward),
        ) as source,
    ):  # fmt: skip
        seer = Seer(HALL, "c", shared.seat(lambda: 1.0), reader=None, eye=EyeTest().look)
        engine = Engine(HALL, "c", slow.sha256)
        watching = threading.Thread(
            target=monitor, args=(source.pictures(), seer, engine, sink, FixedPacer(10.0))
        )
        watching.start()
        assert slow.enough.wait(60)
        source.close()
        watching.join(10)
        packets = source.counts().packets
    shared.close()
    writer.close()

    # ten a second were wanted; a look, whole and close, may have begun while the source was closed
    assert sink.looks <= slow.asked <= LOOKS + 2
    files = [recorded.path for recorded in writer.shelf.of("c")]
    assert len(files) >= 2
    assert len(came) == packets
    assert packets > 25 * LOOK_S * (LOOKS - 1) / 2  # on a busy machine the camera sends fewer
    steps_s = [later.stamp.at_s - kept.stamp.at_s for kept, later in pairwise(came)]
    assert max(steps_s) < LATE_S < LOOK_S  # taken as they came, not when the model was done
    lines_s = [float(kept.line_pts * kept.time_base) for kept in came]
    assert all(0 < later - line < LATE_S for line, later in pairwise(lines_s))
    written = iter(lines_s)
    for path in files:  # each holds the next packets, at their own times
        shown_s = times_s(path)
        held_s = list(islice(written, len(shown_s)))
        assert shown_s == pytest.approx([line - held_s[0] for line in held_s], abs=1e-3)
    assert not list(written)
    assert recording.health().dropped_packets == 0
