"""A hall, its people and its alerts, for the tests of the office's side."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from api.halls.sync import CameraRecord, Corners, HallRecord, PlaceRecord, sync_hall
from api.halls.tables import ZoneKind
from api.roster.tables import LeaveRow, Post, PostRow, ShiftRow, StaffRow
from vision.records import Alert, Severity, Stamp, Step, alert_uid

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""12:00 in the hall, a Monday."""

_SQUARE: Corners = ((10.0, 10.0), (90.0, 10.0), (90.0, 90.0), (10.0, 90.0))
_WINDOW_ZONES: dict[ZoneKind, Corners] = {ZoneKind.STAFF: _SQUARE, ZoneKind.COUNTER: _SQUARE}

HALL = HallRecord(
    id="demo",
    name="示范政务大厅",
    timezone="Asia/Shanghai",
    sha="a" * 64,
    cameras=(CameraRecord("cam1", "大厅一号机", 960, 540),),
    windows=(
        PlaceRecord("w1", "1号窗口", "cam1", _WINDOW_ZONES),
        PlaceRecord("w2", "2号窗口", "cam1", _WINDOW_ZONES),
    ),
    queues=(PlaceRecord("q1", "一号等候区", "cam1", {ZoneKind.QUEUE: _SQUARE}),),
)


def put_hall(session: Session) -> None:
    """The hall, with 张三 (A) on window w1 all Monday and 李四 standing in."""
    sync_hall(session, HALL, NOON)
    zhang = StaffRow(hall_id="demo", number="1001", name="张三")
    li = StaffRow(hall_id="demo", number="1002", name="李四")
    session.add_all([zhang, li])
    session.flush()
    session.add(PostRow(hall_id="demo", window_id="w1", post=Post.B, staff_id=li.id))
    session.add(
        ShiftRow(
            hall_id="demo",
            window_id="w1",
            post=Post.A,
            staff_id=zhang.id,
            starts_at=NOON - timedelta(hours=3),
            ends_at=NOON + timedelta(hours=5),
        )
    )


def put_leave(session: Session, number: str, starts_at: datetime, ends_at: datetime) -> None:
    staff = session.query(StaffRow).filter_by(number=number).one()
    session.add(LeaveRow(staff_id=staff.id, starts_at=starts_at, ends_at=ends_at))


def raised(minute: float = 0.0, **changes: Any) -> Alert:
    """An unattended window that began `minute` minutes after noon, raised two minutes later."""
    began = Stamp(60.0 * minute, NOON + timedelta(minutes=minute))
    alert = Alert(
        uid=alert_uid("cam1", changes.get("rule", "window_unattended"),
                      changes.get("subject", "w1"), began.wall),
        step=Step.RAISED,
        severity=Severity.WARNING,
        rule="window_unattended",
        rule_version=1,
        hall="demo",
        camera="cam1",
        subject="w1",
        began=began,
        at=began.back_to(began.at_s + 120.0),
        ended=None,
        why={"empty_s": 120.0},
        policy={"after_s": 120.0},
        model_sha="b" * 64,
        hall_sha="a" * 64,
    )  # fmt: skip
    return replace(alert, **changes)


def escalated(alert: Alert) -> Alert:
    """The same alert five minutes after it began."""
    return replace(
        alert,
        step=Step.ESCALATED,
        severity=Severity.SERIOUS,
        at=alert.began.back_to(alert.began.at_s + 300.0),
        why={"empty_s": 300.0},
    )


def ended(alert: Alert) -> Alert:
    """The same alert, over after seven minutes and noticed ten seconds later."""
    return replace(
        alert,
        step=Step.ENDED,
        at=alert.began.back_to(alert.began.at_s + 430.0),
        ended=alert.began.back_to(alert.began.at_s + 420.0),
        why={"empty_s": 420.0},
    )
