"""The figures of many days, as they are kept, and of those that are not kept yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, extract, func, select
from sqlalchemy.orm import Session

from api.reports.cover import Filled, Gap
from api.reports.days import DAY, DayFigures, day_between, day_figures, first_measured
from api.reports.keeping import reckoned_days
from api.reports.minutes import Between, Standing
from api.reports.queues import Flow
from api.reports.tables import CoverDayRow, FlowHourRow, QueueHourRow, WindowDayRow
from api.reports.views import Spent
from api.roster.tables import Post

NOT_IN_YET = timedelta(minutes=12)
"""A station sends a phase when it is over, or every ten minutes: of the latest nothing is known."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """So many of one kind; after_s: seconds in all of those where somebody came."""

    window: str
    gap: Gap
    post: Post
    named: bool
    filled: Filled
    count: int
    after_s: float


@dataclass(slots=True)
class Looks:
    """A queue in one hour of the week."""

    looks: int = 0
    total: int = 0
    most: int = 0

    def add(self, looks: int, total: int, most: int) -> None:
        self.looks += looks
        self.total += total
        self.most = max(self.most, most)


@dataclass(slots=True)
class Days:
    """Figures by local day, or by the first of several days of a month; a queue's by (weekday,
    hour)."""

    spent: dict[date, dict[str, Spent]] = field(default_factory=lambda: defaultdict(dict))
    gaps: dict[date, list[Gaps]] = field(default_factory=lambda: defaultdict(list))
    flows: dict[date, dict[int, Flow]] = field(default_factory=lambda: defaultdict(dict))
    queues: dict[str, dict[tuple[int, int], Looks]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Looks))
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """The days of a report, and since when its trend goes."""

    first: date
    last: date
    since: date


def gather(session: Session, hall_id: str, wanted: Wanted, now: datetime, zone: ZoneInfo) -> Days:
    """Everything up to `now`, less what has not come in yet."""
    days = Days()
    _kept(session, hall_id, wanted, days)
    for between in _not_kept(session, hall_id, wanted, now, zone):
        day = between.start.astimezone(zone).date()
        counted = day >= wanted.first
        _add(days, day, day_figures(session, hall_id, between), counted=counted)
    return days


def _kept(session: Session, hall_id: str, wanted: Wanted, days: Days) -> None:
    """Added up by the database: the days of one month stand under the first of them, those inside
    the report apart from those before it."""
    _kept_spent(session, hall_id, wanted, days)
    _kept_gaps(session, hall_id, wanted, days)
    _kept_flows(session, hall_id, wanted, days)
    _kept_queues(session, hall_id, wanted, days)


def _spans(day: ColumnElement[date], wanted: Wanted) -> tuple[ColumnElement[Any], ...]:
    """What days have in common that are added up."""
    inside = case((day >= wanted.first, 1), else_=0)
    return extract("year", day), extract("month", day), inside


def _kept_spent(session: Session, hall_id: str, wanted: Wanted, days: Days) -> None:
    of = WindowDayRow.__table__.c
    seconds = [func.sum(of[f"{s.value}_s"]) for s in Standing]
    for window, day, *spent in session.execute(
        select(of.window_id, func.min(of.day), *seconds)
        .where(of.hall_id == hall_id, of.day.between(wanted.since, wanted.last))
        .group_by(of.window_id, *_spans(of.day, wanted))
    ):
        days.spent[day][window] = spent_of(dict(zip(Standing, spent, strict=True)))


def _kept_gaps(session: Session, hall_id: str, wanted: Wanted, days: Days) -> None:
    of = CoverDayRow.__table__.c
    kind = (of.window_id, of.gap, of.post, of.named, of.filled)
    for day, *gap in session.execute(
        select(func.min(of.day), *kind, func.sum(of["count"]), func.sum(of.after_s))
        .where(of.hall_id == hall_id, of.day.between(wanted.since, wanted.last))
        .group_by(*kind, *_spans(of.day, wanted))
    ):
        days.gaps[day].append(Gaps(*gap))


def _kept_flows(session: Session, hall_id: str, wanted: Wanted, days: Days) -> None:
    """Inside the report day by day: a weekday is told from them."""
    of = FlowHourRow.__table__.c
    each_day = case((of.day >= wanted.first, of.day))
    sums = [func.sum(of.waited_s), func.sum(of.served), func.sum(of.drift)]
    for day, hour, waited_s, served, drift in session.execute(
        select(func.min(of.day), of.hour, *sums)
        .where(of.hall_id == hall_id, of.day.between(wanted.since, wanted.last))
        .group_by(of.hour, each_day, *_spans(of.day, wanted))
    ):
        days.flows[day][hour] = Flow(waited_s, served, drift)


def _kept_queues(session: Session, hall_id: str, wanted: Wanted, days: Days) -> None:
    of = QueueHourRow.__table__.c
    sunday_first = extract("dow", of.day)
    for queue, weekday, hour, looks, total, most in session.execute(
        select(
            of.queue_id, sunday_first, of.hour,
            func.sum(of.looks), func.sum(of.total), func.max(of.most),
        )
        .where(of.hall_id == hall_id, of.day.between(wanted.first, wanted.last))
        .group_by(of.queue_id, sunday_first, of.hour)
    ):  # fmt: skip
        days.queues[queue][(int(weekday) + 6) % 7, hour].add(looks, total, most)


def _not_kept(
    session: Session, hall_id: str, wanted: Wanted, now: datetime, zone: ZoneInfo
) -> Iterable[Between]:
    """The days that nobody has reckoned, today above all, as far as they are over."""
    first = first_measured(session, hall_id)
    if first is None:
        return
    day = max(wanted.since, first.astimezone(zone).date())
    last = min(wanted.last, now.astimezone(zone).date())
    made = reckoned_days(session, hall_id, day, last)
    while day <= last:
        whole = day_between(day, zone)
        until = min(whole.end, now - NOT_IN_YET)
        if day not in made and until > whole.start:
            yield Between(whole.start, until)
        day += DAY


def spent_of(seconds: dict[Standing, float]) -> Spent:
    return Spent.model_construct(None, **{f"{s.value}_s": seconds[s] for s in Standing})


def _add(days: Days, day: date, figures: DayFigures, *, counted: bool) -> None:
    for window, of_window in figures.windows.items():
        seconds = {s: length.total_seconds() for s, length in of_window.spent.items()}
        days.spent[day][window] = spent_of(seconds)
        days.gaps[day] += [
            Gaps(
                window, g.gap, g.post, g.named, g.filled, 1,
                0.0 if g.after is None else g.after.total_seconds(),
            )
            for g in of_window.gaps
        ]  # fmt: skip
    days.flows[day].update(figures.flows)
    if counted:
        for queue, hours in figures.crowds.items():
            for hour, crowd in hours.items():
                looks = days.queues[queue][day.weekday(), hour]
                looks.add(crowd.looks, crowd.total, crowd.most)


def summed(several: Sequence[Spent]) -> Spent:
    """All of them together."""
    return Spent(**{n: sum(getattr(s, n) for s in several) for n in Spent.model_fields})
