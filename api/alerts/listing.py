"""Find alerts: filters and pages that stay put while new alerts come in."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from api.alerts.acts import UnknownAlertError
from api.alerts.tables import AlertRow, State
from api.alerts.texts import texts_with
from api.alerts.views import AlertDetail, AlertPage, AlertSummary, detail_of, summary_of
from api.halls.reach import EVERY_HALL, Halls
from api.halls.tables import CameraRow, HallRow, QueueRow, WindowRow
from api.roster.notes import notes_on
from api.tickets.saying import TicketsSaid, said_since

MOST_PER_PAGE = 200
MOST_COUNTED = 1000
"""Counting stops here: a person is told "999+", and the database need not walk a million rows."""
SIMILAR_WITHIN = timedelta(days=30)
MOST_SIMILAR = 5
UID_WORD = re.compile(r"[0-9a-f]{8,64}")
"""A word that looks like the beginning of an alert's uid is looked for there too."""


class CursorError(ValueError):
    """A cursor that we did not hand out."""

    def __init__(self) -> None:
        super().__init__("the cursor is not one of ours; start again without it")


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """What to look for; everything left out matches all. `began_from` counts, `began_to` does
    not. `subject` is a window's, queue's or camera's id; `text` is looked for in names of places
    and people. `halls` are those of whoever looks, `hall` the one they chose."""

    halls: Halls = EVERY_HALL
    hall: str | None = None
    subject: str | None = None
    rule: str | None = None
    at_least: int | None = None  # severity 1..3
    states: tuple[State, ...] = ()
    began_from: datetime | None = None
    began_to: datetime | None = None
    text: str = ""


def list_alerts(
    session: Session, wanted: AlertFilter, cursor: str | None = None, limit: int = 50
) -> AlertPage:
    """One page, the latest beginning first. Raises CursorError."""
    limit = max(1, min(limit, MOST_PER_PAGE))
    query = _named().where(*_conditions(session, wanted))
    if cursor is not None:
        began, uid = _place(cursor)
        query = query.where(
            or_(AlertRow.began_at < began, and_(AlertRow.began_at == began, AlertRow.uid < uid))
        )
    query = query.order_by(AlertRow.began_at.desc(), AlertRow.uid.desc()).limit(limit + 1)
    rows = session.execute(query).all()
    items = tuple(summary_of(row, hall, subject) for row, hall, subject in rows[:limit])
    last = items[-1] if len(rows) > limit else None
    return AlertPage(items=items, next=_cursor(last.began, last.uid) if last else None)


def alert_detail(session: Session, uid: str, halls: Halls = EVERY_HALL) -> AlertDetail:
    """Everything about one alert. Raises UnknownAlertError, also where it lies in no hall of
    these."""
    query = _named().where(AlertRow.uid == uid, halls.hold(AlertRow.hall_id)).options(
        selectinload(AlertRow.history),
        selectinload(AlertRow.clips),
        selectinload(AlertRow.stills),
    )  # fmt: skip
    found = session.execute(query).one_or_none()
    if found is None:
        raise UnknownAlertError(uid)
    row, hall, subject = found
    return detail_of(row, hall, subject, notes_on(session, row), _tickets_later(session, row))


def _tickets_later(session: Session, row: AlertRow) -> TicketsSaid | None:
    if row.tickets is None:
        return None
    then = TicketsSaid.model_validate(row.tickets)
    return said_since(session, row.hall_id, row.subject, then)


def neighbours(
    session: Session, wanted: AlertFilter, alert: AlertSummary
) -> tuple[str | None, str | None]:
    """The uids of the alerts that stand before and after this one in a list of what is wanted: the
    next later, and the next earlier. The alert itself need not be in that list (any more)."""
    conditions = _conditions(session, wanted)
    began, uid = AlertRow.began_at, AlertRow.uid
    later = or_(began > alert.began, and_(began == alert.began, uid > alert.uid))
    earlier = or_(began < alert.began, and_(began == alert.began, uid < alert.uid))
    before = select(uid).where(*conditions, later).order_by(began, uid).limit(1)
    after = select(uid).where(*conditions, earlier).order_by(began.desc(), uid.desc()).limit(1)
    return session.scalar(before), session.scalar(after)


def similar_alerts(session: Session, alert: AlertSummary) -> AlertPage:
    """The latest others of the same rule at the same place, within the month before and after."""
    wanted = AlertFilter(
        hall=alert.hall,
        subject=alert.subject,
        rule=alert.rule,
        began_from=alert.began - SIMILAR_WITHIN,
        began_to=alert.began + SIMILAR_WITHIN,
    )
    page = list_alerts(session, wanted, limit=MOST_SIMILAR + 1)
    others = tuple(other for other in page.items if other.uid != alert.uid)
    return AlertPage(items=others[:MOST_SIMILAR], next=None)


def count_alerts(session: Session, wanted: AlertFilter) -> int:
    """How many match, up to `MOST_COUNTED`."""
    some = select(AlertRow.uid).where(*_conditions(session, wanted)).limit(MOST_COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def count_by_state(session: Session, wanted: AlertFilter) -> dict[State, int]:
    """How many match in each state, whatever states are asked for; each up to `MOST_COUNTED`."""
    return {state: count_alerts(session, replace(wanted, states=(state,))) for state in State}


def _named() -> Select[AlertRow, str, str | None]:
    """Alerts with the names of their hall and subject as these are now."""
    name: ColumnElement[str | None] = func.coalesce(WindowRow.name, QueueRow.name, CameraRow.name)
    query = select(AlertRow, HallRow.name, name).join(HallRow, HallRow.id == AlertRow.hall_id)
    for table in (WindowRow, QueueRow, CameraRow):
        query = query.outerjoin(
            table, and_(table.hall_id == AlertRow.hall_id, table.id == AlertRow.subject)
        )
    return query


def _conditions(session: Session, wanted: AlertFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [wanted.halls.hold(AlertRow.hall_id)]
    exact: tuple[tuple[Any, str | None], ...] = (
        (AlertRow.hall_id, wanted.hall),
        (AlertRow.subject, wanted.subject),
        (AlertRow.rule, wanted.rule),
    )
    conditions += [column == value for column, value in exact if value is not None]
    if wanted.at_least is not None:
        conditions.append(AlertRow.severity >= wanted.at_least)
    if wanted.states:
        conditions.append(AlertRow.state.in_(wanted.states))
    if wanted.began_from is not None:
        conditions.append(AlertRow.began_at >= wanted.began_from)
    if wanted.began_to is not None:
        conditions.append(AlertRow.began_at < wanted.began_to)
    return conditions + _text_conditions(session, wanted.text.lower().split())


def _text_conditions(session: Session, words: list[str]) -> list[ColumnElement[bool]]:
    """Every word stands in the alert's text, or begins its uid."""
    uids = [word for word in words if UID_WORD.fullmatch(word)]
    names = [word for word in words if word not in uids]
    conditions: list[ColumnElement[bool]] = []
    if names:
        conditions.append(AlertRow.text_id.in_(texts_with(session, names)))
    for word in uids:
        begins = AlertRow.uid.between(word, f"{word}g")  # "g" comes after every digit
        conditions.append(or_(begins, AlertRow.text_id.in_(texts_with(session, [word]))))
    return conditions


def _cursor(began: datetime, uid: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([began.isoformat(), uid]).encode()).decode()


def _place(cursor: str) -> tuple[datetime, str]:
    try:
        began, uid = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        moment = datetime.fromisoformat(began)
        if moment.tzinfo is None or not isinstance(uid, str) or not uid.isalnum():
            raise CursorError
        return moment.astimezone(UTC), uid
    except (ValueError, TypeError, OverflowError, binascii.Error) as error:
        raise CursorError from error
