"""A station: one camera watched on its own thread, with its evidence and its place on screen."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from api.live import (
    BoxView,
    CameraView,
    LiveBoard,
    QueueView,
    WindowPhase,
    WindowView,
)
from api.outbox import Outbox
from cameras.absent import AbsentSource
from cameras.clocks import Clock
from cameras.errors import SourceError
from cameras.evidence import Corners, EvidenceKeeper, Still
from cameras.evidence import Picture as Moment
from cameras.recordings.writer import CameraRecording, RecordingWriter
from cameras.ring import Clip, Recorder
from cameras.sightings import Sighting, Sightings
from cli.diary import Diary
from cli.eyes import Eyes, opening, watch_camera
from cli.memory import Memory
from cli.office import clip_item, still_item
from cli.screen import Screen
from cli.streams import Streams
from models.shared import Seat
from vision.engine import Engine
from vision.hallfile import Hall, policy_values
from vision.health import CameraHealth
from vision.pacer import Stretch, unstretched
from vision.probe import Refusal
from vision.records import Alert, Label, QueueSeen, WindowSeen
from vision.seeing import Detector, Known, Look, nothing_known
from vision.wire import alert_table

_log = logging.getLogger(__name__)

SHOWN_SCORE = 0.35
RETRY_S = 10.0


@dataclass(frozen=True, slots=True)
class Desk:
    """What all stations share: where alerts go, where evidence lies, what the screen shows.
    memory: what the rules know, over restarts; None: they begin anew every time. stretch: how much
    seldomer than wished the machine lets them look. hours: whether a window or queue serves by the
    roster, None where it says nothing. tickets: whether the ticket system says that a window is
    paused, None where it cannot be told."""

    hall: Hall
    eyes: Eyes
    board: LiveBoard
    outbox: Outbox
    evidence: Path
    archive: RecordingWriter | None = None
    memory: Memory | None = None
    stretch: Stretch = unstretched
    hours: Known = nothing_known
    tickets: Known = nothing_known


class Station(threading.Thread):
    """Watches one camera until `stop()`.

    clock: made anew for every run. again: a recording starts over when it ends (the demo).
    """

    def __init__(
        self, desk: Desk, camera_id: str, *, clock: Callable[[], Clock], again: bool = False
    ) -> None:
        super().__init__(name=f"station-{camera_id}", daemon=True)
        self.desk = desk
        self.camera_id = camera_id
        self.clock = clock
        self.again = again
        self._stopping = threading.Event()
        self._recording = _recorded(desk, camera_id)
        self._sink: StationSink | None = None
        self._failed: tuple[str, Refusal | None] | None = None
        self._engine: Engine | None = None

    def health(self) -> CameraHealth:
        """How the camera and its watching are doing."""
        recording = None if self._recording is None else self._recording.health()
        counted = CameraHealth(self.camera_id) if self._sink is None else self._sink.counted()
        if self._failed is not None:
            trouble, refusal = self._failed
            counted = replace(counted, trouble=trouble, refusal=refusal)
        return replace(counted, recording=recording)

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        try:
            self._keep_watching()
        finally:
            if self._recording is not None and self.desk.archive is not None:
                self.desk.archive.forget(self._recording)

    def _keep_watching(self) -> None:
        """Nothing that happens to one camera may end the others: what cannot be opened is tried
        again, and says why in the log. Meanwhile the camera is blind, and the rules know."""
        while not self._stopping.is_set():
            try:
                self._watch()
            except SourceError as error:
                self._tell_of(str(error))
                self._watch_nothing()
                continue
            except Exception:
                _log.exception("camera %s stopped; again in %g s", self.camera_id, RETRY_S)
                self._failed = "watching it failed; the log says why", None
                self._engine = None
                self._watch_nothing()
                continue
            self._engine = None
            if not self.again:
                return

    def _tell_of(self, why: str) -> None:
        """Once, as long as it is the same."""
        if self._failed != (why, Refusal.FILE):
            _log.error("camera %s: %s; tried again every %g s", self.camera_id, why, RETRY_S)
        self._failed = why, Refusal.FILE

    def _watch_nothing(self) -> None:
        """Until it is time to try again."""
        absent = AbsentSource(
            self.camera_id, clock=self.clock(), lasts_s=RETRY_S, stop=self._stopping.is_set
        )
        try:
            self._watch(Streams(absent))
        except Exception:
            _log.exception("camera %s: that it is blind is not told", self.camera_id)
            self._engine = None
            self._stopping.wait(RETRY_S)

    def _watch(self, instead: Streams | None = None) -> None:
        """instead: what there is while the camera's own streams cannot be opened."""
        clock = self.clock()
        onward = None if self._recording is None else self._recording.take
        recorder = Recorder(keep_s=kept_s(self.desk.hall), onward=onward)
        sink = self._sink = StationSink(self.desk, self.camera_id, recorder, clock)

        def opened(streams: Streams, detector: Detector) -> None:
            if instead is None:
                self._failed = None
            sink.opened(streams, detector)

        try:
            engine = self._engine = self._engine or self._remembering(sink)
            watch_camera(
                self.desk.hall, self.camera_id, self.desk.eyes, sink, clock=clock,
                start=clock.now() if self.again else None, recorder=recorder,
                stop=self._stopping.is_set, stretch=self.desk.stretch, engine=engine,
                opened=opened, open_at=opening(self.desk.hall, self.desk.hours),
                ticket_paused=self.desk.tickets, instead=instead,
            )  # fmt: skip
        finally:
            sink.close()

    def _remembering(self, sink: StationSink) -> Engine:
        """A new engine that knows what the one before the restart knew."""
        engine = Engine(self.desk.hall, self.camera_id, self.desk.eyes.model_sha)
        if self.desk.memory is not None:
            sink.given_up(self.desk.memory.recall(engine))
        return engine


def leave(desk: Desk, camera_id: str) -> None:
    """A camera is no longer in the hall: off the screen, and alerts that still stood end."""
    desk.board.forget(camera_id)
    if desk.memory is None:
        return
    for alert in desk.memory.forget(Engine(desk.hall, camera_id, desk.eyes.model_sha)):
        desk.outbox.put("alert", alert_table(alert))


def _recorded(desk: Desk, camera_id: str) -> CameraRecording | None:
    if desk.archive is None or not desk.hall.camera(camera_id).record:
        return None
    return desk.archive.camera(camera_id)


def kept_s(hall: Hall) -> float:
    """How many seconds of packets to keep: what the slowest rule waits for before it is raised,
    with the rolls around it and room for doubt, and never less than four minutes."""
    slowest_s = max(
        float(value)
        for policies in (
            hall.policies,
            *(window.policies for window in hall.windows),
            *(queue.policies for queue in hall.queues),
        )
        for policy in policies.values()
        for name, value in policy_values(policy).items()
        if name in ("after_s", "within_s", "held_s") and isinstance(value, int | float)
    )
    return max(2 * slowest_s, 240.0)


class StationSink:
    """Looks go to the screen, alerts to the outbox, both to the evidence keeper."""

    def __init__(self, desk: Desk, camera_id: str, recorder: Recorder, clock: Clock) -> None:
        self.desk = desk
        self.clock = clock
        self._streams: Streams | None = None
        self._detector: Detector | None = None
        self._alerted = False
        self.camera = desk.hall.camera(camera_id)
        self.health = CameraHealth(camera_id, pace_hz=self.camera.pace_hz)
        self.windows = {w.id: w for w in desk.hall.windows_of(camera_id)}
        self.queues = {q.id: q for q in desk.hall.queues_of(camera_id)}
        self.screen = Screen(self.camera, [w.staff.corners for w in self.windows.values()])
        zones: dict[str, Sequence[Corners]] = {
            w.id: (w.staff.corners, w.counter.corners) for w in self.windows.values()
        }
        zones |= {q.id: (q.zone.corners,) for q in self.queues.values()}
        self.diary = Diary(self._measured)
        self.sightings = Sightings(recorder.keep_s)
        self.keeper = EvidenceKeeper(
            recorder, desk.evidence, zones=zones, kept=self._kept, lost=self._lost
        )

    def opened(self, streams: Streams, detector: Detector) -> None:
        self._streams, self._detector = streams, detector

    def given_up(self, alerts: Sequence[Alert]) -> None:
        """Alerts that ended because nothing watches for them any more."""
        for alert in alerts:
            self.desk.outbox.put("alert", alert_table(alert))

    def alerted(self, alert: Alert, look: Look) -> None:
        self.desk.outbox.put("alert", alert_table(alert))
        self._alerted = True
        self.keeper.alerted(alert, self._evidence(look))

    def looked(self, look: Look, engine: Engine) -> None:
        if self.desk.memory is not None:
            self.desk.memory.keep(engine, now=self._alerted)
        self._alerted = False
        if look.frame is not None:
            self.sightings.add(Sighting.of(look))
        self.keeper.passed(look.stamp.at_s)
        self._count(look)
        view = self._view(look, engine)
        self._write_down(view)
        self.desk.board.publish(self.camera.id, view)

    def close(self) -> None:
        self.diary.close()
        self.keeper.close()

    def _write_down(self, view: CameraView) -> None:
        """For the reports: how the windows are, how many wait."""
        for window in view.windows:
            self.diary.window(window.id, window.phase.value, view.wall)
            self.diary.counter(window.id, window.citizens, view.wall)
        for queue in view.queues:
            self.diary.queue(queue.id, queue.count, view.wall)
        self.diary.turn(view.wall)

    def _measured(self, batch: dict[str, Any]) -> None:
        self.desk.outbox.put("measured", {"hall": self.desk.hall.id, "measured": batch})

    def counted(self) -> CameraHealth:
        """What was counted here and by the source."""
        if self._streams is None:
            return self.health
        watched, main = self._streams.watched.counts(), self._streams.main
        kept, native = watched if main is None else main.counts(), self._streams.native
        return replace(
            self.health,
            packets=kept.packets,
            reconnects=kept.reconnects,
            stuck=watched.stuck + (0 if main is None else kept.stuck),
            decode_s=watched.decode_s + (0.0 if native is None else native.spent_s),
            inference_s=self._detector.computed_s if isinstance(self._detector, Seat) else 0.0,
            pace_hz=self._asked_hz(),
            trouble=self.health.trouble or watched.trouble or kept.trouble,
            refusal=watched.refusal or kept.refusal,
        )

    def _asked_hz(self) -> float:
        usual_hz = self.camera.pace_hz or 1.0 / self.desk.hall.pace.moving_s
        return usual_hz / self.desk.stretch()

    def _evidence(self, look: Look) -> Moment | None:
        """The picture of a look in the main stream's size: its own, or, of the second stream, the
        main one's of that moment, or as much as the second one shows. The two streams may be apart
        by some tenths of a second: where people stand is not known of the other one's."""
        if look.frame is None:
            return None
        bgr, native = look.frame.bgr, None
        if self._streams is not None and self._streams.native is not None:
            native = self._streams.native.picture(look.stamp.wall, 0.0)
            bgr = self.screen.grown(bgr) if native is None else native.whole()
        people = look.people() if look.asked and native is None else None
        return Moment(bgr, look.stamp, look.detections, people)

    def _count(self, look: Look) -> None:
        seen = look.blind is None
        shown = look.frame is not None
        self.health = replace(
            self.health,
            analysed=self.health.analysed + seen,
            gaps=self.health.gaps + (not seen),
            lag_s=self._lag_s(look) if shown else self.health.lag_s,
            last_picture=look.stamp.wall if shown else self.health.last_picture,
            trouble=None if shown or look.blind is None else look.blind.value,
        )

    def _lag_s(self, look: Look) -> float:
        return max((self.clock.now() - look.stamp.wall).total_seconds(), 0.0)

    def _kept(self, alert: Alert, thing: Clip | Still) -> None:
        root = self.desk.evidence
        if isinstance(thing, Clip):
            seen = self.sightings.between(thing.first_s, thing.last_s)
            self.desk.outbox.put("clip", clip_item(alert, thing, root, seen))
        else:
            self.desk.outbox.put("still", still_item(alert, thing, root))

    def _lost(self, alert: Alert, why: str) -> None:
        _log.error("no evidence for alert %s: %s", alert.uid, why)

    def _view(self, look: Look, engine: Engine) -> CameraView:
        boxes = [
            BoxView((float(b[0]), float(b[1]), float(b[2]), float(b[3])), _name(n), float(s))
            for b, s, n in zip(
                look.detections.xyxy, look.detections.score, look.detections.label, strict=True
            )
            if s >= SHOWN_SCORE
        ]
        windows = [self._window(o, engine, look) for o in look.observations
                   if isinstance(o, WindowSeen)]  # fmt: skip
        return CameraView(
            name=self.camera.name,
            width=self.camera.width,
            height=self.camera.height,
            wall=look.stamp.wall,
            picture=self.screen.picture(look),
            blind=None if look.blind is None else look.blind.value,
            windows=tuple(windows),
            queues=tuple(self._queue(o) for o in look.observations if isinstance(o, QueueSeen)),
            boxes=tuple(boxes),
        )

    def _window(self, seen: WindowSeen, engine: Engine, look: Look) -> WindowView:
        window = self.windows[seen.window]
        state = engine.state("window_unattended", seen.window)
        began_s = state.began_s if state.phase.value == "alerted" else state.since_s
        return WindowView(
            id=window.id,
            name=window.name,
            phase=WindowPhase(state.phase.value),
            since=None if began_s is None else look.stamp.back_to(began_s).wall,
            staff=window.staff.corners,
            counter=window.counter.corners,
            citizens=seen.citizens,
        )

    def _queue(self, seen: QueueSeen) -> QueueView:
        queue = self.queues[seen.queue]
        promised = queue.policies["queue_length"].at_least
        return QueueView(queue.id, queue.name, seen.count, queue.zone.corners, promised)


def _name(label: int) -> str:
    return Label(label).name.lower()
