"""A month by post and by shift: made once after its end, without names and without small groups."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.database import Database
from api.halls.reading import hall_row
from api.reports.alerts import alerts_in
from api.reports.days import DAY, DayFigures, WindowDay, day_between, day_figures, first_measured
from api.reports.fates import AlertFact, Fate
from api.reports.figures import midnight, next_month
from api.reports.minutes import NOTHING, Between, Standing
from api.reports.protecting import Cell, Group, protected
from api.reports.tables import GroupMonthRow
from api.reports.terms import min_group_of
from api.reports.views import Spent, View
from api.roster.duty import DutyState
from api.roster.timeline import Turn

MADE_AFTER = timedelta(days=3)
"""After the end of the month: until then late records come in."""
BREAKDOWNS = ("post", "shift")
SEVERAL = "several"
"""Two hold the window in different shifts: whose time it is cannot be told."""
HOLDS = (DutyState.ON_DUTY, DutyState.COVERED, DutyState.BREAK_COVERED)


class GroupFigures(View):
    """Those who held windows in one post or shift, or in several (`names`) that are shown as one
    because each alone is too small. people: how many of them there were."""

    by: str
    names: tuple[str, ...]
    people: int
    spent: Spent
    counted: int
    confirmed: int


class GroupMonth(View):
    """least: groups are of so many people at least. Without groups: there were too few people."""

    month: date
    made_at: datetime
    least: int
    groups: tuple[GroupFigures, ...]


@dataclass(slots=True)
class Share:
    """What lies in one cell: whose it is, how long their windows stood how, their alerts."""

    people: set[str] = field(default_factory=set)
    spent: dict[Standing, timedelta] = field(
        default_factory=lambda: dict.fromkeys(Standing, NOTHING)
    )
    counted: int = 0
    confirmed: int = 0


def shares_of(days: Iterable[DayFigures], alerts: Iterable[AlertFact]) -> dict[Cell, Share]:
    """By (post, shift), of a pure month. Time and alerts are theirs who by the roster, as it
    stands now, held the window then."""
    found: dict[Cell, Share] = {}
    turns: dict[str, list[Turn]] = {}
    for day in days:
        for window, of_window in day.windows.items():
            turns.setdefault(window, []).extend(of_window.turns)
            for turn in of_window.turns:
                if (cell := cell_of(turn)) is not None:
                    _spend(found.setdefault(cell, Share()), turn, of_window)
    for alert in alerts:
        cell = _cell_at(turns.get(alert.window, []), alert.began)
        if cell is not None and alert.counts:
            found[cell].counted += 1
            found[cell].confirmed += alert.fate is Fate.CONFIRMED
    return found


def cell_of(turn: Turn) -> Cell | None:
    """None where nobody holds the window."""
    if turn.duty.state not in HOLDS or turn.duty.post is None:
        return None
    return turn.duty.post.value, turn.hours or SEVERAL


def _spend(share: Share, turn: Turn, of_window: WindowDay) -> None:
    share.people |= {person.number for person in turn.duty.holders}
    for stretch in of_window.stretches:
        since = max(stretch.starts_at, turn.starts_at)
        until = min(stretch.ends_at, turn.ends_at)
        if until > since:
            share.spent[stretch.standing] += until - since


def _cell_at(turns: Sequence[Turn], at: datetime) -> Cell | None:
    n = bisect_right([turn.starts_at for turn in turns], at) - 1
    return cell_of(turns[n]) if n >= 0 and at < turns[n].ends_at else None


def groups_of(shares: Mapping[Cell, Share], least: int) -> tuple[GroupFigures, ...]:
    """What may be shown of them."""
    people = {cell: frozenset(share.people) for cell, share in shares.items()}
    shown = protected(people, least) or []
    return tuple(
        _group(by, group, [s for cell, s in shares.items() if cell[n] in group])
        for n, (by, groups) in enumerate(zip(BREAKDOWNS, shown, strict=False))
        for group in sorted(groups, key=sorted)
    )


def _group(by: str, group: Group, shares: Sequence[Share]) -> GroupFigures:
    seconds = {
        f"{s.value}_s": sum((share.spent[s] for share in shares), NOTHING).total_seconds()
        for s in Standing
    }
    return GroupFigures(
        by=by,
        names=tuple(sorted(group)),
        people=len(set[str]().union(*(share.people for share in shares))),
        spent=Spent(**seconds),
        counted=sum(share.counted for share in shares),
        confirmed=sum(share.confirmed for share in shares),
    )


def keep_months(database: Database, hall_id: str, now: datetime) -> int:
    """Make the months that are over and not made yet; each once. Returns how many."""
    with database.reading() as session:
        months = _to_make(session, hall_id, now)
    for month in months:
        with database.reading() as session:  # others write while it is reckoned
            row = _made(session, hall_id, month, now)
        with database.session() as session:
            session.add(row)
    return len(months)


def _to_make(session: Session, hall_id: str, now: datetime) -> list[date]:
    first = first_measured(session, hall_id)
    if first is None:
        return []
    zone = ZoneInfo(hall_row(session, hall_id).timezone)
    known = set(
        session.scalars(select(GroupMonthRow.month).where(GroupMonthRow.hall_id == hall_id))
    )
    month, found = first.astimezone(zone).date().replace(day=1), []
    while midnight(next_month(month), zone) + MADE_AFTER <= now:
        found += [] if month in known else [month]
        month = next_month(month)
    return found


def _made(session: Session, hall_id: str, month: date, now: datetime) -> GroupMonthRow:
    zone = ZoneInfo(hall_row(session, hall_id).timezone)
    end = next_month(month)
    days = [
        day_figures(session, hall_id, day_between(month + n * DAY, zone))
        for n in range((end - month).days)
    ]
    alerts = alerts_in(session, hall_id, Between(midnight(month, zone), midnight(end, zone)))
    least = min_group_of(session, hall_id)
    groups = [g.model_dump(mode="json") for g in groups_of(shares_of(days, alerts), least)]
    return GroupMonthRow(hall_id=hall_id, month=month, made_at=now, least=least, groups=groups)


def group_months(session: Session, hall_id: str, first: date, last: date) -> tuple[GroupMonth, ...]:
    """The whole months that lie in these days, the latest first."""
    rows = session.scalars(
        select(GroupMonthRow)
        .where(
            GroupMonthRow.hall_id == hall_id,
            GroupMonthRow.month.between(first.replace(day=1), last),
        )
        .order_by(GroupMonthRow.month.desc())
    )
    return tuple(
        GroupMonth(month=row.month, made_at=row.made_at, least=row.least, groups=tuple(row.groups))
        for row in rows
    )
