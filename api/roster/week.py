"""The roster of some days as a grid shows it: single shifts and weekly ones alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from api.roster.reading import PatternRead, hall_days, pattern_rows, weekly_of
from api.roster.tables import Post
from api.roster.views import Between, ShiftView, shifts_of

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One shift on the grid. `shift`: id of a single one; `pattern`: of a weekly one, which begins
    on `day`."""

    window: str
    post: Post
    number: str
    name: str
    starts_at: datetime
    ends_at: datetime
    day: date
    shift: int | None = None
    pattern: int | None = None


def entries_of(session: Session, hall_id: str, first: date, days: int) -> list[Entry]:
    """Every shift that touches so many days from `first` on, the earliest first."""
    hall = hall_days(session, hall_id)
    start = datetime.combine(first, time(0), hall.zone)
    between = Between(start, datetime.combine(first + days * DAY, time(0), hall.zone))
    found = [_single(shift, hall.zone) for shift in shifts_of(session, hall_id, between)]
    for read in pattern_rows(session, hall_id):
        weekly = weekly_of(read[0], read[2])
        for n in range(-1, days):
            day = first + n * DAY
            if weekly.happens(day, hall.days):
                span = weekly.span(day, hall.zone)
                if span[0] < between.ends_at and span[1] > between.starts_at:
                    found.append(_weekly(read, day, span))
    return sorted(found, key=lambda e: (e.starts_at, e.window, e.post, e.number))


def _single(shift: ShiftView, zone: ZoneInfo) -> Entry:
    return Entry(
        shift.window,
        shift.post,
        shift.number,
        shift.name,
        shift.starts_at,
        shift.ends_at,
        shift.starts_at.astimezone(zone).date(),
        shift=shift.id,
    )


def _weekly(read: PatternRead, day: date, span: tuple[datetime, datetime]) -> Entry:
    row, person, _ = read
    return Entry(row.window_id, row.post, person.number, person.name, *span, day, pattern=row.id)


def shifts_as_views(entries: Sequence[Entry]) -> tuple[ShiftView, ...]:
    """As the day's plan draws them; a weekly one has no id of a shift (0)."""
    return tuple(
        ShiftView(
            id=e.shift or 0,
            window=e.window,
            post=e.post,
            number=e.number,
            name=e.name,
            starts_at=e.starts_at,
            ends_at=e.ends_at,
        )
        for e in entries
    )
