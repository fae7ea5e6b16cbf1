"""Rows that are deleted whole when their time is over: what was measured, figures, messages,
the roster of long ago, sessions that ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Delete,
    Update,
    and_,
    delete,
    false,
    func,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.alerts.tables import AlertRow
from api.audit.record import THE_PRODUCT, record_access
from api.audit.tables import Access
from api.database import Base, Database
from api.exemptions.tables import ExemptionRow
from api.halls.reading import hall_row
from api.notices.tables import NoticeRow, NoticeState
from api.reports.days import day_between
from api.reports.keeping import OF_A_DAY
from api.reports.tables import CounterStayRow, GroupMonthRow, PhaseSpanRow, QueueCountRow
from api.retention.kinds import Kind
from api.retention.tables import RosterCutRow
from api.retention.terms import days_of, held
from api.roster.tables import (
    LeaveRow,
    PatternSkipRow,
    RosterChangeRow,
    RosterNoteRow,
    ScheduleImportRow,
    ShiftPatternRow,
    ShiftRow,
    StaffRow,
)
from api.tickets.tables import TicketRow
from api.users.tables import TokenRow

SESSIONS_KEPT = timedelta(days=30)
"""After they ended: nobody can use them any more."""
AT_ONCE = timedelta(days=10)
"""So much of what was measured goes in one transaction: others want to write, too."""

Rows: TypeAlias = tuple[type[Base], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Due:
    """One hall's rows of one kind, older than `before`."""

    hall: str
    before: datetime
    zone: ZoneInfo


def due_of(session: Session, hall_id: str, kind: Kind, now: datetime) -> Due:
    days = days_of(session, hall_id)[kind]
    zone = ZoneInfo(hall_row(session, hall_id).timezone)
    return Due(hall_id, now - timedelta(days=days), zone)


def rows_due(session: Session, hall_id: str, kind: Kind, now: datetime) -> int:
    """How many rows a sweep would delete now."""
    rows = RULES[kind](session, due_of(session, hall_id, kind, now))
    return sum(
        session.scalar(select(func.count()).select_from(table).where(which)) or 0
        for table, which in rows
    )


def delete_rows(database: Database, hall_id: str, kind: Kind, now: datetime) -> int:
    """Delete them and write down how many of which table. Returns how many."""
    with database.reading() as session:
        due = due_of(session, hall_id, kind, now)
        steps = list(_steps(session, due)) if kind is Kind.MEASURED else [due.before]
    total = 0
    for before in steps:
        with database.session() as session:
            deleted = _delete(session, kind, Due(due.hall, before, due.zone))
            if deleted:
                details = {"before": before.isoformat(), "rows": deleted}
                record_access(
                    session, THE_PRODUCT, Access.DELETE, kind.value, now, hall=hall_id,
                    details=details,
                )  # fmt: skip
            total += sum(deleted.values())
    return total


def _steps(session: Session, due: Due) -> Iterable[datetime]:
    firsts = [
        session.scalar(select(func.min(at)).where(hall == due.hall)) for hall, at in MEASURED_AT
    ]
    at = min((first for first in firsts if first is not None), default=due.before)
    while at + AT_ONCE < due.before:
        at += AT_ONCE
        yield at
    yield due.before


def _delete(session: Session, kind: Kind, due: Due) -> dict[str, int]:
    """How many rows of which table are gone."""
    deleted: dict[str, int] = {}
    staff = _of_long_ago(session, due) if kind is Kind.ROSTER else []
    if kind is Kind.ROSTER:
        _cut_roster(session, due)
    for table, which in RULES[kind](session, due):
        gone = _done(session, delete(table).where(which))
        if gone:
            deleted[table.__tablename__] = gone
    if kind is Kind.ROSTER:
        _forget_exemptions(session, due, deleted)
        _forget_staff(session, staff, deleted)
    session.flush()
    return deleted


MEASURED_AT: Sequence[tuple[InstrumentedAttribute[str], InstrumentedAttribute[datetime]]] = (
    (PhaseSpanRow.hall_id, PhaseSpanRow.starts_at),
    (QueueCountRow.hall_id, QueueCountRow.at),
    (CounterStayRow.hall_id, CounterStayRow.starts_at),
    (TicketRow.hall_id, TicketRow.at),
)


def _measured(session: Session, due: Due) -> Sequence[Rows]:
    """Of places with an alert that is held, that day's rows stay."""
    days = _held_days(session, due)
    return [
        (table, and_(hall == due.hall, at < due.before, _not_held(place, at, days)))
        for table, (hall, at), place in zip(
            (PhaseSpanRow, QueueCountRow, CounterStayRow, TicketRow),
            MEASURED_AT,
            (
                PhaseSpanRow.window_id, QueueCountRow.queue_id, CounterStayRow.window_id,
                TicketRow.window_id,
            ),
            strict=True,
        )
    ]  # fmt: skip


def _not_held(
    place: InstrumentedAttribute[str],
    at: InstrumentedAttribute[datetime],
    days: Sequence[tuple[str, datetime, datetime]],
) -> ColumnElement[bool]:
    return not_(or_(false(), *(and_(place == p, at >= a, at < b) for p, a, b in days)))


def _held_days(session: Session, due: Due) -> Sequence[tuple[str, datetime, datetime]]:
    uids, _ = held(session, due.hall)
    rows = session.execute(
        select(AlertRow.subject, AlertRow.began_at).where(
            AlertRow.hall_id == due.hall, AlertRow.uid.in_(uids)
        )
    )
    found = []
    for subject, began in rows:
        day = day_between(began.astimezone(due.zone).date(), due.zone)
        found.append((subject, day.start, day.end))
    return found


def _figures(_session: Session, due: Due) -> Sequence[Rows]:
    day = due.before.astimezone(due.zone).date()
    rows: list[Rows] = []
    for table in OF_A_DAY:
        of = table.__table__.c
        rows.append((table, and_(of.hall_id == due.hall, of.day < day)))
    months = and_(GroupMonthRow.hall_id == due.hall, GroupMonthRow.month < day)
    return [*rows, (GroupMonthRow, months)]


def _notices(session: Session, due: Due) -> Sequence[Rows]:
    """Messages that are over; those of alerts that are held stay."""
    uids, _ = held(session, due.hall)
    over = NoticeRow.state.not_in((NoticeState.WAITING, NoticeState.SENDING))
    free = or_(NoticeRow.alert_uid.is_(None), NoticeRow.alert_uid.not_in(uids))
    old = NoticeRow.created_at < due.before
    return [(NoticeRow, and_(NoticeRow.hall_id == due.hall, old, over, ~NoticeRow.open, free))]


def _roster(_session: Session, due: Due) -> Sequence[Rows]:
    """Alerts and cases keep what the roster said, so none of them needs these."""
    staff = select(StaffRow.id).where(StaffRow.hall_id == due.hall)
    day = due.before.astimezone(due.zone).date()
    pattern = and_(ShiftPatternRow.hall_id == due.hall, ShiftPatternRow.last < day)
    patterns = select(ShiftPatternRow.id).where(pattern)
    unused = and_(
        ScheduleImportRow.hall_id == due.hall,
        ScheduleImportRow.imported_at < due.before,
        *(
            ~select(row).where(row == ScheduleImportRow.id).exists()
            for row in (ShiftRow.import_id, LeaveRow.import_id, RosterChangeRow.import_id)
        ),
    )
    return [
        (RosterChangeRow, _changes_before(due)),
        (ShiftRow, _shifts_before(due)),
        (LeaveRow, and_(LeaveRow.staff_id.in_(staff), LeaveRow.ends_at < due.before)),
        (
            RosterNoteRow,
            and_(RosterNoteRow.hall_id == due.hall, RosterNoteRow.ends_at < due.before),
        ),
        (PatternSkipRow, PatternSkipRow.pattern_id.in_(patterns)),
        (ShiftPatternRow, pattern),
        (ScheduleImportRow, unused),
    ]


def _changes_before(due: Due) -> ColumnElement[bool]:
    return and_(RosterChangeRow.hall_id == due.hall, RosterChangeRow.at < due.before)


def _shifts_before(due: Due) -> ColumnElement[bool]:
    return and_(ShiftRow.hall_id == due.hall, ShiftRow.ends_at < due.before)


def _cut_roster(session: Session, due: Due) -> None:
    """Lines of the roster's history may only be deleted after it is written down that they are."""
    if session.scalar(select(RosterChangeRow.id).where(_changes_before(due)).limit(1)) is not None:
        session.merge(RosterCutRow(hall_id=due.hall, before=due.before))
        session.flush()


def _of_long_ago(session: Session, due: Due) -> Sequence[int]:
    """Whose shifts or leaves are about to be deleted."""
    shifts = select(ShiftRow.staff_id).where(_shifts_before(due))
    leaves = select(LeaveRow.staff_id).where(LeaveRow.ends_at < due.before)
    mine = StaffRow.id.in_(shifts) | StaffRow.id.in_(leaves)
    return session.scalars(select(StaffRow.id).where(StaffRow.hall_id == due.hall, mine)).all()


def _forget_exemptions(session: Session, due: Due, deleted: dict[str, int]) -> None:
    """What was written about a person's reasons goes; that it was allowed stays."""
    old = and_(
        ExemptionRow.hall_id == due.hall, ExemptionRow.ends_at < due.before, ExemptionRow.note != ""
    )
    gone = _done(session, update(ExemptionRow).where(old).values(note=""))
    if gone:
        deleted[ExemptionRow.__tablename__] = gone


def _forget_staff(session: Session, ids: Sequence[int], deleted: dict[str, int]) -> None:
    """People of whom nothing refers any more."""
    session.flush()
    references = [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column is StaffRow.__table__.c.id for key in column.foreign_keys)
    ]
    unknown = [~select(c).where(c == StaffRow.id).exists() for c in references]
    forget = delete(StaffRow).where(StaffRow.id.in_(ids), *unknown)
    gone = _done(session, forget.execution_options(synchronize_session=False))
    if gone:
        deleted[StaffRow.__tablename__] = gone


RULES: Mapping[Kind, Callable[[Session, Due], Sequence[Rows]]] = {
    Kind.MEASURED: _measured,
    Kind.FIGURES: _figures,
    Kind.NOTICES: _notices,
    Kind.ROSTER: _roster,
}
"""Which rows of which tables go, in this order."""


def forget_sessions(session: Session, now: datetime) -> int:
    """Sessions and tokens that ended a while ago, in all halls."""
    before = now - SESSIONS_KEPT
    over = or_(TokenRow.expires_at < before, TokenRow.revoked_at < before)
    gone = _done(session, delete(TokenRow).where(over))
    if gone:
        details = {"rows": {TokenRow.__tablename__: gone}}
        record_access(session, THE_PRODUCT, Access.DELETE, "sessions", now, details=details)
    return gone


def _done(session: Session, statement: Delete | Update) -> int:
    """How many rows it changed."""
    result: Any = session.execute(statement)
    return int(result.rowcount)
