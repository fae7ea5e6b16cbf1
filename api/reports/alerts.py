"""A hall's alerts as reports need them, read from the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, String, case, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.alerts.tables import AlertRow, State
from api.cases.law import Outcome
from api.cases.reading import IN_FORCE
from api.cases.tables import CaseAlertRow, CaseRow
from api.exemptions.marking import is_exempt
from api.reports.fates import AlertFact, Fate, Tally
from api.reports.minutes import Between


def alerts_in(session: Session, hall_id: str, between: Between) -> list[AlertFact]:
    """The alerts that began in the period."""
    found = _judged(
        select(
            AlertRow.subject, AlertRow.rule, AlertRow.began_at, AlertRow.ended_at, AlertRow.at,
            AlertRow.state, CaseRow.outcome, CaseRow.state, is_exempt(AlertRow.uid),
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
    kept = (
        AlertRow.subject, AlertRow.rule, AlertRow.state, CaseRow.outcome, CaseRow.state,
        is_exempt(AlertRow.uid),
    )  # fmt: skip
    lasted = func.sum(
        _microseconds(session, func.coalesce(AlertRow.ended_at, AlertRow.at))
        - _microseconds(session, AlertRow.began_at)
    )
    judged = _judged(select(*kept, func.count(), lasted), hall_id, between).group_by(*kept)
    found: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for subject, rule, state, outcome, in_case, exempt, count, us in session.execute(judged):
        fate = _fate(state, outcome, in_case, exempt)
        found[subject, rule].add_many(fate, count, timedelta(microseconds=int(us)))
    return dict(found)


def _microseconds(
    session: Session, moment: ColumnElement[Any] | InstrumentedAttribute[datetime]
) -> ColumnElement[Any]:
    """Whole microseconds since an epoch, without a rounding: figures agree with the alerts."""
    if session.get_bind().dialect.name == "sqlite":
        seconds = cast(func.strftime("%s", moment, type_=String), BigInteger)
        return seconds * 1_000_000 + cast(func.substr(moment, 21, 6, type_=String), BigInteger)
    return cast(func.extract("epoch", moment) * 1_000_000, BigInteger)


def fates_by_month(
    session: Session, hall_id: str, starts: Sequence[datetime], end: datetime
) -> list[Counter[Fate]]:
    """How many alerts of each fate began in each of the spans that begin at `starts`, one after
    the other, the last until `end`. Counted by the database: there may be many."""
    span = case(
        *((AlertRow.began_at < start, n) for n, start in enumerate(starts[1:])),
        else_=len(starts) - 1,
    )
    kept = (span, AlertRow.state, CaseRow.outcome, CaseRow.state, is_exempt(AlertRow.uid))
    judged = _judged(select(*kept, func.count()), hall_id, Between(starts[0], end))
    found: list[Counter[Fate]] = [Counter() for _ in starts]
    for n, state, outcome, in_case, exempt, count in session.execute(judged.group_by(*kept)):
        found[n][_fate(state, outcome, in_case, exempt)] += count
    return found


def _judged(
    query: Select[*tuple[Any, ...]], hall_id: str, between: Between
) -> Select[*tuple[Any, ...]]:
    return (
        query.outerjoin(CaseAlertRow, CaseAlertRow.alert_uid == AlertRow.uid)
        .outerjoin(CaseRow, CaseRow.id == CaseAlertRow.case_id)
        .where(
            AlertRow.hall_id == hall_id,
            AlertRow.began_at >= between.start,
            AlertRow.began_at < between.end,
        )
    )


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
