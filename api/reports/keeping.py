"""Keep the figures of each day, so that they stay when what was measured is deleted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.database import Database
from api.halls.reading import hall_row
from api.reports.days import DAY, DayFigures, day_between, day_figures, first_measured
from api.reports.minutes import Standing
from api.reports.tables import (
    CoverDayRow,
    FlowHourRow,
    QueueHourRow,
    ReckonedDayRow,
    WindowDayRow,
)

SETTLED_DAYS = 31
"""For so long a day's figures are made anew every night: late records and roster entries count."""
OF_A_DAY = (WindowDayRow, QueueHourRow, FlowHourRow, CoverDayRow, ReckonedDayRow)


def keep_days(database: Database, hall_id: str, now: datetime) -> int:
    """Reckon the days that are over and not yet settled. Returns how many; doing it again is
    harmless."""
    with database.reading() as session:
        days = _unsettled(session, hall_id, now)
    for day in days:
        with database.reading() as session:  # others write while it is reckoned
            zone = ZoneInfo(hall_row(session, hall_id).timezone)
            figures = day_figures(session, hall_id, day_between(day, zone))
        with database.session() as session:
            keep_day(session, hall_id, day, figures, now)
    return len(days)


def _unsettled(session: Session, hall_id: str, now: datetime) -> list[date]:
    first = first_measured(session, hall_id)
    if first is None:
        return []
    zone = ZoneInfo(hall_row(session, hall_id).timezone)
    today = now.astimezone(zone).date()
    made = reckoned_days(session, hall_id, first.astimezone(zone).date(), today)
    young = today - timedelta(days=SETTLED_DAYS)
    days = _days(first.astimezone(zone).date(), today - DAY)
    return [day for day in days if day >= young or day not in made]


def reckoned_days(session: Session, hall_id: str, first: date, last: date) -> frozenset[date]:
    """The days from `first` to `last` whose figures are kept."""
    rows = session.scalars(
        select(ReckonedDayRow.day).where(
            ReckonedDayRow.hall_id == hall_id, ReckonedDayRow.day.between(first, last)
        )
    )
    return frozenset(rows)


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def keep_day(session: Session, hall_id: str, day: date, figures: DayFigures, now: datetime) -> None:
    """In place of what was kept of that day before."""
    for table in OF_A_DAY:
        of = table.__table__.c
        session.execute(delete(table).where(of.hall_id == hall_id, of.day == day))
    session.add_all(_rows(hall_id, day, figures))
    session.add(ReckonedDayRow(hall_id=hall_id, day=day, made_at=now))
    session.flush()


def _rows(
    hall_id: str, day: date, figures: DayFigures
) -> Iterable[WindowDayRow | QueueHourRow | FlowHourRow | CoverDayRow]:
    for window, of_window in figures.windows.items():
        spent = of_window.spent
        seconds = {f"{s.value}_s": spent[s].total_seconds() for s in Standing}
        yield WindowDayRow(hall_id=hall_id, day=day, window_id=window, **seconds)
        yield from _cover(hall_id, day, window, figures)
    for queue, hours in figures.crowds.items():
        for hour, crowd in hours.items():
            yield QueueHourRow(
                hall_id=hall_id, day=day, hour=hour, queue_id=queue,
                looks=crowd.looks, total=crowd.total, most=crowd.most,
            )  # fmt: skip
    for hour, flow in figures.flows.items():
        yield FlowHourRow(
            hall_id=hall_id, day=day, hour=hour,
            waited_s=flow.waited_s, served=flow.served, drift=flow.drift,
        )  # fmt: skip


def _cover(hall_id: str, day: date, window: str, figures: DayFigures) -> Iterable[CoverDayRow]:
    gaps = figures.windows[window].gaps
    counts = Counter((gap.gap, gap.post, gap.named, gap.filled) for gap in gaps)
    after_s: dict[object, float] = defaultdict(float)
    for gap in gaps:
        if gap.after is not None:
            after_s[gap.gap, gap.post, gap.named, gap.filled] += gap.after.total_seconds()
    for key, count in counts.items():
        kind, post, named, filled = key
        yield CoverDayRow(
            hall_id=hall_id, day=day, window_id=window, gap=kind, post=post, named=named,
            filled=filled, count=count, after_s=after_s[key],
        )  # fmt: skip
