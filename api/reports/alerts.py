"""A hall's alerts as reports need them, read from the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise, product
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    select,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.alerts.tables import AlertRow, State
from api.cases.law import Outcome
from api.cases.reading import IN_FORCE
from api.cases.tables import CaseAlertRow, CaseRow
from api.exemptions.marking import is_exempt
from api.exemptions.tables import AlertExemptionRow
from api.reports.fates import AlertFact, Fate, Tally
from api.reports.minutes import Between

JUDGED = (AlertRow.state, CaseRow.outcome, CaseRow.state, is_exempt(AlertRow.uid))
"""What the fate of an alert is told from."""


def alerts_in(session: Session, hall_id: str, between: Between) -> list[AlertFact]:
    """The alerts that began in the period, one by one."""
    found = _judged(
        select(
            AlertRow.subject, AlertRow.rule, AlertRow.began_at, AlertRow.ended_at, AlertRow.at,
            *JUDGED,
        ),
        hall_id, between,
    )  # fmt: skip
    return [
        AlertFact(subject, rule, _fate(state, outcome, in_case, exempt), began, ended or at)
        for subject, rule, began, ended, at, state, outcome, in_case, exempt in session.execute(
            found
        )
    ]


def tallies_in(session: Session, hall_id: str, between: Between) -> dict[tuple[str, str], Tally]:
    """The same by window and rule, added up by the database: there may be many."""
    found: dict[tuple[str, str], Tally] = defaultdict(Tally)
    kept = (AlertRow.subject, AlertRow.rule)
    for kind, fate, count, us in _added_up(session, hall_id, between, kept, _lasted_us(session)):
        found[kind[0], kind[1]].add_many(fate, count, timedelta(microseconds=us))
    return dict(found)


def tallies_by_span(
    session: Session, hall_id: str, starts: Sequence[datetime], end: datetime
) -> list[Tally]:
    """The alerts that began in each of the spans that begin at `starts`, one after the other, the
    last until `end`."""
    found = [Tally() for _ in starts]
    between, kept = Between(starts[0], end), (_span(starts),)
    for (n,), fate, count, us in _added_up(session, hall_id, between, kept, _lasted_us(session)):
        found[n].add_many(fate, count, timedelta(microseconds=us))
    return found


def fates_by_span(
    session: Session, hall_id: str, starts: Sequence[datetime], end: datetime
) -> list[Counter[Fate]]:
    """How many of each fate began in each of the spans. A year has very many: each state in each
    span is counted in an index alone."""
    found: list[Counter[Fate]] = [Counter() for _ in starts]
    cells = list(product(enumerate(pairwise([*starts, end])), State))
    counts = [
        select(func.count())
        .where(AlertRow.state == state, *_began_in(hall_id, Between(*span)))
        .scalar_subquery()
        for (_, span), state in cells
    ]
    for ((n, _), state), count in zip(cells, session.execute(select(*counts)).one(), strict=True):
        found[n][fate_of(state, None)] += count
    between, kept = Between(starts[0], end), (_span(starts),)
    for (n,), fate, count, _ in _apart(session, hall_id, between, kept, literal(0)):
        found[n][fate] += count
    return [+fates for fates in found]


def _judged(
    query: Select[*tuple[Any, ...]], hall_id: str, between: Between
) -> Select[*tuple[Any, ...]]:
    """With the case that an alert is in, where it is in one."""
    return (
        query.outerjoin(CaseAlertRow, CaseAlertRow.alert_uid == AlertRow.uid)
        .outerjoin(CaseRow, CaseRow.id == CaseAlertRow.case_id)
        .where(*_began_in(hall_id, between))
    )


def _began_in(hall_id: str, between: Between) -> tuple[ColumnElement[bool], ...]:
    return (
        AlertRow.hall_id == hall_id,
        AlertRow.began_at >= between.start,
        AlertRow.began_at < between.end,
    )


def _span(starts: Sequence[datetime]) -> ColumnElement[int]:
    """In which of the spans an alert began; by halving, as it is asked of each of many alerts."""

    def between(first: int, last: int) -> ColumnElement[int]:
        if first == last:
            return literal(first)
        middle = (first + last + 1) // 2
        earlier = AlertRow.began_at < starts[middle]
        return case((earlier, between(first, middle - 1)), else_=between(middle, last))

    return between(0, len(starts) - 1)


def _added_up(
    session: Session,
    hall_id: str,
    between: Between,
    kept: tuple[Any, ...],
    lasted_us: ColumnElement[Any],
) -> Iterator[tuple[tuple[Any, ...], Fate, int, int]]:
    """What they have in common, their fate, how many, and microseconds of all. All are added up by
    their state alone, and then mended by those that stand apart."""
    grouped = (
        select(*kept, AlertRow.state, func.count(), func.coalesce(func.sum(lasted_us), 0))
        .where(*_began_in(hall_id, between))
        .group_by(*kept, AlertRow.state)
    )
    for *common, state, count, us in session.execute(grouped):
        yield tuple(common), fate_of(state, None), count, int(us)
    yield from _apart(session, hall_id, between, kept, lasted_us)


def _apart(
    session: Session,
    hall_id: str,
    between: Between,
    kept: tuple[Any, ...],
    lasted_us: ColumnElement[Any],
) -> Iterator[tuple[tuple[Any, ...], Fate, int, int]]:
    """Those in a case or under an exemption, which are few: they are taken off the fate of their
    state, and added to the fate that they have."""
    sums = (func.count(), func.coalesce(func.sum(lasted_us), 0))
    apart = union(select(CaseAlertRow.alert_uid), select(AlertExemptionRow.alert_uid)).subquery()
    again = select(*kept, *JUDGED, *sums).join(apart, apart.c.alert_uid == AlertRow.uid)
    grouped = _judged(again, hall_id, between).group_by(*kept, *JUDGED)
    for *common, state, outcome, in_case, exempt, count, us in session.execute(grouped):
        yield tuple(common), fate_of(state, None), -count, -int(us)
        yield tuple(common), _fate(state, outcome, in_case, exempt), count, int(us)


def _lasted_us(session: Session) -> ColumnElement[Any]:
    until = func.coalesce(AlertRow.ended_at, AlertRow.at)
    return _microseconds(session, until) - _microseconds(session, AlertRow.began_at)


def _microseconds(
    session: Session, moment: ColumnElement[Any] | InstrumentedAttribute[datetime]
) -> ColumnElement[Any]:
    """Whole microseconds since an epoch, without a rounding: figures agree with the alerts."""
    if session.get_bind().dialect.name == "sqlite":
        seconds = cast(func.strftime("%s", moment, type_=String), BigInteger)
        return seconds * 1_000_000 + cast(func.substr(moment, 21, 6, type_=String), BigInteger)
    return cast(func.extract("epoch", moment) * 1_000_000, BigInteger)


def _fate(state: State, outcome: Outcome | None, in_case: object, exempt: bool) -> Fate:
    return Fate.EXEMPT if exempt else fate_of(state, outcome if in_case in IN_FORCE else None)


def fate_of(state: State, outcome: Outcome | None) -> Fate:
    """`outcome`: of a case in force; a case's word stands above the supervisor's."""
    if outcome is not None:
        return {
            Outcome.CONFIRMED: Fate.CONFIRMED,
            Outcome.EXCUSED: Fate.EXCUSED,
            Outcome.UNFOUNDED: Fate.FALSE,
        }[outcome]
    return {
        State.NEW: Fate.OPEN,
        State.REFERRED: Fate.OPEN,
        State.ACKNOWLEDGED: Fate.SETTLED,
        State.EXCUSED: Fate.EXCUSED,
        State.FALSE: Fate.FALSE,
    }[state]
