"""Take in what a camera measured. Sent twice, it is kept once."""

from __future__ import annotations

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.orm import Session

from api.fields import Moment, Slug
from api.halls.reading import hall_row
from api.live import WindowPhase
from api.reports.tables import CounterStayRow, PhaseSpanRow, QueueCountRow

LONGEST_SPAN = timedelta(minutes=30)
"""A camera sends one at least every ten minutes."""
LONGEST_STAY = timedelta(hours=5)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SpanIn(_Strict):
    window: Slug
    phase: WindowPhase
    starts_at: Moment
    ends_at: Moment

    @model_validator(mode="after")
    def _in_order(self) -> SpanIn:
        if not timedelta(0) < self.ends_at - self.starts_at <= LONGEST_SPAN:
            raise ValueError("ends_at must lie after starts_at, by 30 minutes at most")
        return self


class CountIn(_Strict):
    queue: Slug
    at: Moment
    count: int = Field(ge=0, le=10_000)


class StayIn(_Strict):
    """Somebody stood at a window's counter."""

    window: Slug
    starts_at: Moment
    ends_at: Moment

    @model_validator(mode="after")
    def _in_order(self) -> StayIn:
        if not timedelta(0) < self.ends_at - self.starts_at <= LONGEST_STAY:
            raise ValueError("ends_at must lie after starts_at, by five hours at most")
        return self


class MeasuredIn(_Strict):
    """Phases of windows, lengths of queues and stays at counters, as they come."""

    spans: tuple[SpanIn, ...] = Field((), max_length=1000)
    counts: tuple[CountIn, ...] = Field((), max_length=1000)
    stays: tuple[StayIn, ...] = Field((), max_length=1000)


def take_measured(session: Session, hall_id: str, measured: MeasuredIn) -> None:
    """Raises UnknownHallIdError."""
    hall_row(session, hall_id)
    for span in measured.spans:
        session.merge(
            PhaseSpanRow(
                hall_id=hall_id,
                window_id=span.window,
                starts_at=span.starts_at,
                ends_at=span.ends_at,
                phase=span.phase,
            )
        )
    for count in measured.counts:
        session.merge(
            QueueCountRow(hall_id=hall_id, queue_id=count.queue, at=count.at, count=count.count)
        )
    for stay in measured.stays:
        session.merge(
            CounterStayRow(
                hall_id=hall_id,
                window_id=stay.window,
                starts_at=stay.starts_at,
                ends_at=stay.ends_at,
            )
        )
    session.flush()
