"""A hall's report for a span of days, read from the database. It names no persons at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.alerts.tables import AlertRow, State
from api.cases.law import Outcome
from api.cases.reading import IN_FORCE
from api.cases.tables import CaseAlertRow, CaseRow
from api.exemptions.marking import is_exempt
from api.halls.reading import hall_row, queue_rows, window_rows
from api.live import WindowPhase
from api.reports.minutes import (
    AlertFact,
    Between,
    Fate,
    PhaseSpan,
    QueueCount,
    Standing,
    Tally,
    by_day,
    by_hour,
    tallies,
    time_in,
)
from api.reports.tables import PhaseSpanRow, QueueCountRow

LONGEST_DAYS = 366


class PeriodError(ValueError):
    def __init__(self) -> None:
        super().__init__(f"from must not lie after to, and the span be {LONGEST_DAYS} days at most")


@dataclass(frozen=True, slots=True)
class Period:
    """From one local day to another, both counted."""

    first: date
    last: date

    def between(self, zone: ZoneInfo) -> Between:
        """Raises PeriodError."""
        if not 0 <= (self.last - self.first).days < LONGEST_DAYS:
            raise PeriodError
        day = timedelta(days=1)
        return Between(
            datetime.combine(self.first, time(0), zone),
            datetime.combine(self.last + day, time(0), zone),
        )


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)


class RuleFigures(_View):
    """Alerts of one rule: `counted` leaves out the false and the exempt; `lasted_s`: of those."""

    rule: str
    counted: int
    lasted_s: float
    open: int
    settled: int
    false: int
    excused: int
    confirmed: int
    exempt: int


class WindowFigures(_View):
    """One window. Seconds in each standing; `cover`: absences by who was there to cover."""

    window: str
    name: str
    attended_s: float
    paused_s: float
    unattended_s: float
    unknown_s: float
    rules: tuple[RuleFigures, ...]
    cover: dict[str, int]


class HourFigures(_View):
    """People waiting in one hour of the week; Monday is 0."""

    weekday: int
    hour: int
    looks: int
    mean: float
    most: int


class QueueFigures(_View):
    queue: str
    name: str
    hours: tuple[HourFigures, ...]


class DayFigures(_View):
    day: date
    counted: int
    lasted_s: float


class Report(_View):
    """A hall's figures for a span of local days."""

    hall: str
    hall_name: str
    first: date
    last: date
    windows: tuple[WindowFigures, ...]
    rules: tuple[RuleFigures, ...]
    queues: tuple[QueueFigures, ...]
    days: tuple[DayFigures, ...]


def report_of(session: Session, hall_id: str, period: Period) -> Report:
    """Raises UnknownHallIdError, PeriodError."""
    hall = hall_row(session, hall_id)
    zone = ZoneInfo(hall.timezone)
    between = period.between(zone)
    alerts = _alerts(session, hall_id, between)
    per_window = tallies(alerts)
    times = time_in(_spans(session, hall_id, between), between)
    crowds = by_hour(_counts(session, hall_id, between), zone)
    days = by_day(alerts, zone)
    none = dict.fromkeys(Standing, timedelta(0))
    windows = []
    for window in window_rows(session, hall_id):
        spent = times.get(window.id, none)
        windows.append(
            WindowFigures(
                window=window.id,
                name=window.name,
                attended_s=spent[Standing.ATTENDED].total_seconds(),
                paused_s=spent[Standing.PAUSED].total_seconds(),
                unattended_s=spent[Standing.UNATTENDED].total_seconds(),
                unknown_s=spent[Standing.UNKNOWN].total_seconds(),
                rules=tuple(
                    _rule(rule, tally)
                    for (where, rule), tally in sorted(per_window.items())
                    if where == window.id
                ),
                cover=_cover(alerts, window.id),
            )
        )
    return Report(
        hall=hall_id,
        hall_name=hall.name,
        first=period.first,
        last=period.last,
        windows=tuple(windows),
        rules=_rules(alerts),
        queues=tuple(
            QueueFigures(
                queue=queue.id,
                name=queue.name,
                hours=tuple(
                    HourFigures(weekday=weekday, hour=hour, looks=c.looks, mean=c.mean, most=c.most)
                    for (weekday, hour), c in sorted(crowds.get(queue.id, {}).items())
                ),
            )
            for queue in queue_rows(session, hall_id)
        ),
        days=tuple(
            DayFigures(day=day, counted=t.counted, lasted_s=t.lasted.total_seconds())
            for day in (period.first + timedelta(days=n) for n in range(_length(period)))
            for t in [days.get(day, Tally())]
        ),
    )


def _length(period: Period) -> int:
    return (period.last - period.first).days + 1


def _rules(alerts: list[AlertFact]) -> tuple[RuleFigures, ...]:
    totals: dict[str, Tally] = {}
    for alert in alerts:
        totals.setdefault(alert.rule, Tally()).add(alert)
    return tuple(_rule(rule, tally) for rule, tally in sorted(totals.items()))


def _rule(rule: str, tally: Tally) -> RuleFigures:
    return RuleFigures(
        rule=rule,
        counted=tally.counted,
        lasted_s=tally.lasted.total_seconds(),
        **{fate.value: tally.fates[fate] for fate in Fate},
    )


def _cover(alerts: list[AlertFact], window: str) -> dict[str, int]:
    """Absences that count, by what the roster said of who was there."""
    return dict(
        Counter(
            a.duty
            for a in alerts
            if a.window == window and a.rule == "window_unattended" and a.counts and a.duty
        )
    )


def _alerts(session: Session, hall_id: str, between: Between) -> list[AlertFact]:
    """The alerts that began in the period."""
    rows = session.execute(
        select(
            AlertRow.subject,
            AlertRow.rule,
            AlertRow.state,
            AlertRow.began_at,
            AlertRow.ended_at,
            AlertRow.at,
            AlertRow.duty,
            CaseRow.outcome,
            CaseRow.state,
            is_exempt(AlertRow.uid),
        )
        .outerjoin(CaseAlertRow, CaseAlertRow.alert_uid == AlertRow.uid)
        .outerjoin(CaseRow, CaseRow.id == CaseAlertRow.case_id)
        .where(
            AlertRow.hall_id == hall_id,
            AlertRow.began_at >= between.start,
            AlertRow.began_at < between.end,
        )
    )
    return [
        AlertFact(
            window=subject,
            rule=rule,
            fate=Fate.EXEMPT if exempt else fate_of(state, outcome if case in IN_FORCE else None),
            began=began,
            until=ended or at,
            duty=None if duty is None else str(duty["state"]),
        )
        for subject, rule, state, began, ended, at, duty, outcome, case, exempt in rows
    ]


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


def _spans(session: Session, hall_id: str, between: Between) -> list[PhaseSpan]:
    rows = session.execute(
        select(
            PhaseSpanRow.window_id, PhaseSpanRow.phase, PhaseSpanRow.starts_at, PhaseSpanRow.ends_at
        ).where(
            PhaseSpanRow.hall_id == hall_id,
            PhaseSpanRow.starts_at < between.end,
            PhaseSpanRow.ends_at > between.start,
        )
    )
    return [PhaseSpan(w, WindowPhase(p), s, e) for w, p, s, e in rows]


def _counts(session: Session, hall_id: str, between: Between) -> list[QueueCount]:
    rows = session.execute(
        select(QueueCountRow.queue_id, QueueCountRow.at, QueueCountRow.count).where(
            QueueCountRow.hall_id == hall_id,
            QueueCountRow.at >= between.start,
            QueueCountRow.at < between.end,
        )
    )
    return [QueueCount(q, at, n) for q, at, n in rows]
