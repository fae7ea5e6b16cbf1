"""A hall with people, pictures, alerts and footage, for the tests of the console."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from sqlalchemy import select

from api.alerts.evidence import Span, attach_clip, attach_still
from api.alerts.record import record_alert
from api.alerts.tables import AlertRow, State
from api.database import Database
from api.halls.sync import CameraRecord, HallRecord, PlaceRecord, sync_hall
from api.halls.tables import ZoneKind
from api.live import CameraView, LiveBoard, Picture, QueueView, WindowPhase, WindowView
from api.roster.tables import LeaveRow, Post, PostRow, ShiftRow, StaffRow
from api.users.tokens import revoke_secret
from vision.records import Alert, Image, Severity, Stamp, Step, alert_uid

WIDTH, HEIGHT = 960, 540
PEOPLE = (
    ("1001", "张敏"),
    ("1002", "李国强"),
    ("1003", "王雪"),
    ("1004", "陈立"),
    ("1005", "赵倩"),
)
WINDOWS = (("w1", "1号窗口"), ("w2", "2号窗口"), ("w3", "3号窗口"), ("w4", "4号窗口"))


def seat(index: int) -> tuple[tuple[float, float], ...]:
    """The staff zone of a window, counted from the left."""
    x = 60.0 + 215.0 * index
    return ((x, 150.0), (x + 180, 150.0), (x + 180, 330.0), (x, 330.0))


def counter(index: int) -> tuple[tuple[float, float], ...]:
    return tuple((x, y + 190) for x, y in seat(index))


BOXES = ({"label": "person", "score": 0.91, "xyxy": [100, 180, 200, 330]},)
LOOKS = (
    [1.0, [["person", 0.91, 100, 180, 200, 330]]],
    [3.0, [["person", 0.88, 300, 180, 400, 330], ["phone", 0.62, 330, 240, 350, 260]]],
    [3.4, []],
    [6.5, [["person", 0.52, 520, 180, 620, 330]]],
)
"""What was seen over the clip, second by second of it; nobody looked between 3.4 and 6.5."""
QUEUE = ((80.0, 440.0), (880.0, 440.0), (930.0, 535.0), (30.0, 535.0))

HALL = HallRecord(
    id="demo",
    name="示范政务大厅",
    timezone="Asia/Shanghai",
    sha="a" * 64,
    cameras=(CameraRecord("cam1", "大厅一号机", WIDTH, HEIGHT),),
    windows=tuple(
        PlaceRecord(i, n, "cam1", {ZoneKind.STAFF: seat(k), ZoneKind.COUNTER: counter(k)})
        for k, (i, n) in enumerate(WINDOWS)
    ),
    queues=(PlaceRecord("q1", "一号等候区", "cam1", {ZoneKind.QUEUE: QUEUE}),),
)


@dataclass(frozen=True, slots=True)
class World:
    database: Database
    board: LiveBoard
    evidence: Path

    def furnish(self, now: datetime, name: str = HALL.name) -> None:
        """The hall, its people, and their shifts of that day: A on every window but the last."""
        day = now.replace(minute=0, second=0, microsecond=0)
        with self.database.session() as session:
            sync_hall(session, replace(HALL, name=name), now)
            staff = [StaffRow(hall_id="demo", number=n, name=name) for n, name in PEOPLE]
            session.add_all(staff)
            session.flush()
            for (window, _), main, cover in zip(WINDOWS[:3], staff, staff[1:], strict=False):
                session.add(
                    PostRow(hall_id="demo", window_id=window, post=Post.B, staff_id=cover.id)
                )
                session.add(
                    ShiftRow(
                        hall_id="demo",
                        window_id=window,
                        post=Post.A,
                        staff_id=main.id,
                        starts_at=day - timedelta(hours=4),
                        ends_at=day + timedelta(hours=5),
                    )
                )
            session.add(
                LeaveRow(
                    staff_id=staff[2].id,
                    starts_at=day - timedelta(hours=4),
                    ends_at=day + timedelta(hours=5),
                    note="年假",
                )
            )

    def show(self, now: datetime, phases: dict[str, WindowPhase], picture: Image) -> None:
        """Publish one look through the camera."""
        windows = tuple(
            WindowView(i, n, phases[i], now - timedelta(seconds=134 + 61 * k), seat(k), counter(k))
            for k, (i, n) in enumerate(WINDOWS)
        )
        view = CameraView(
            name="大厅一号机",
            width=WIDTH,
            height=HEIGHT,
            wall=now,
            picture=Picture.of(picture),
            windows=windows,
            queues=(QueueView("q1", "一号等候区", 5, QUEUE, 8),),
        )
        self.board.publish("cam1", view)

    def alert(self, began: datetime, now: datetime, **changes: object) -> Alert:
        """Record an alert that began then; returns it as it was recorded."""
        alert = replace(unattended(began), **changes)  # type: ignore[arg-type]
        uid = alert_uid(alert.camera, alert.rule, alert.subject, alert.began.wall)
        alert = replace(alert, uid=uid)
        with self.database.session() as session:
            record_alert(session, alert, now)
        return alert

    def attach_evidence(self, alert: Alert, seconds: int = 8) -> None:
        """A clip that plays, and a still."""
        clip = synthetic_clip(seconds)
        still = cv2.imencode(".jpg", hall_picture(3))[1].tobytes()
        folder = self.evidence / alert.uid
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "clip.mp4").write_bytes(clip)
        (folder / "still.jpg").write_bytes(still)
        start = alert.began.wall - timedelta(seconds=2)
        span = Span(start, start + timedelta(seconds=seconds))
        with self.database.session() as session:
            sha = hashlib.sha256(clip).hexdigest()
            path = f"{alert.uid}/clip.mp4"
            attach_clip(
                session, alert.uid, path, sha, asked=span, covers=span, complete=True, looks=LOOKS
            )
            sha = hashlib.sha256(still).hexdigest()
            attach_still(session, alert.uid, f"{alert.uid}/still.jpg", sha, alert.at.wall, BOXES)

    def state(self, alert: Alert) -> State:
        """What people have done about the alert by now."""
        with self.database.reading() as session:
            return session.scalars(select(AlertRow.state).where(AlertRow.uid == alert.uid)).one()

    def end_session(self, secret: str) -> None:
        """Sign somebody out behind their back."""
        with self.database.session() as session:
            revoke_secret(session, secret, datetime.now(UTC))


def unattended(began: datetime) -> Alert:
    """Window 1 empty since `began`, raised two minutes later."""
    start = Stamp(100.0, began)
    return Alert(
        uid="",
        step=Step.RAISED,
        severity=Severity.WARNING,
        rule="window_unattended",
        rule_version=1,
        hall="demo",
        camera="cam1",
        subject="w1",
        began=start,
        at=start.back_to(220.0),
        ended=None,
        why={"empty_s": 120.0, "citizen_waiting": False},
        policy={"after_s": 120.0, "serious_after_s": 300.0, "settle_s": 3.0},
        model_sha="b" * 64,
        hall_sha="a" * 64,
    )


def hall_picture(step: int) -> Image:
    """A drawn hall: counters, clerks, and somebody who walks as `step` grows."""
    picture = np.full((HEIGHT, WIDTH, 3), (188, 196, 198), np.uint8)
    cv2.rectangle(picture, (0, 430), (WIDTH, HEIGHT), (150, 158, 160), -1)
    for k in range(len(WINDOWS)):
        x = 60 + 215 * k
        cv2.rectangle(picture, (x - 10, 320), (x + 190, 420), (120, 100, 80), -1)
        if k != 1:
            cv2.circle(picture, (x + 90, 215), 26, (150, 175, 215), -1)
            cv2.rectangle(picture, (x + 50, 240), (x + 130, 320), (110, 70, 40), -1)
    x = 60 + 14 * step % 800
    cv2.rectangle(picture, (x, 380), (x + 46, 510), (60, 60, 90), -1)
    cv2.circle(picture, (x + 23, 360), 20, (150, 175, 215), -1)
    return picture


def synthetic_clip(seconds: int, fps: int = 10) -> bytes:
    """An H.264 clip of the drawn hall."""
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        stream.time_base = Fraction(1, fps)
        for step in range(seconds * fps):
            small = cv2.resize(hall_picture(step), (640, 360)).astype(np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(small, format="bgr24")):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    return made.getvalue()
