"""A report as it is read over HTTP, shown and written into a spreadsheet. It names no persons."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from api.reports.cover import Filled, Gap
from api.roster.tables import Post


class View(BaseModel):
    model_config = ConfigDict(frozen=True)


class Spent(View):
    """Seconds in each standing; together the whole time."""

    attended_s: float = 0.0
    paused_s: float = 0.0
    unattended_s: float = 0.0
    unknown_s: float = 0.0
    not_looked_s: float = 0.0
    closed_s: float = 0.0
    unsaid_s: float = 0.0

    @property
    def looked_s(self) -> float:
        """In the hours of service, with a camera that looked."""
        return self.attended_s + self.paused_s + self.unattended_s + self.unknown_s

    @property
    def served_s(self) -> float:
        """What the shares are of: the hours of service, looked at or not."""
        return self.looked_s + self.not_looked_s

    def __add__(self, other: Spent) -> Spent:
        return Spent(**{n: getattr(self, n) + getattr(other, n) for n in Spent.model_fields})


class RuleFigures(View):
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


class CoverFigures(View):
    """Gaps of one kind that post A or B left: how many had somebody named to cover them, how soon
    somebody sat there, and after how many seconds on average (None: nobody came, or nobody can
    tell)."""

    gap: Gap
    post: Post
    count: int
    named: int
    filled: dict[Filled, int]
    mean_s: float | None


class WindowFigures(View):
    window: str
    name: str
    spent: Spent
    rules: tuple[RuleFigures, ...]
    cover: tuple[CoverFigures, ...]


class HourFigures(View):
    """People waiting in one hour of the week; Monday is 0."""

    weekday: int
    hour: int
    looks: int
    mean: float
    most: int


class QueueFigures(View):
    queue: str
    name: str
    hours: tuple[HourFigures, ...]


class WaitFigures(View):
    """How long people waited in one hour of the week, estimated; None: cannot tell from it."""

    weekday: int
    hour: int
    served: int
    wait_s: float | None


class DayTrend(View):
    day: date
    counted: int
    lasted_s: float


class MonthTrend(View):
    """One month of the whole hall. in_time: gaps in which somebody sat within five minutes."""

    month: date
    spent: Spent
    counted: int
    open: int
    settled: int
    false: int
    excused: int
    confirmed: int
    exempt: int
    wait_s: float | None
    gaps: int
    in_time: int


class Report(View):
    """A hall's figures for a span of local days. until: the moment up to which they are reckoned.
    days: empty in a long period, which months tell."""

    hall: str
    hall_name: str
    first: date
    last: date
    until: datetime
    windows: tuple[WindowFigures, ...]
    spent: Spent
    rules: tuple[RuleFigures, ...]
    cover: tuple[CoverFigures, ...]
    queues: tuple[QueueFigures, ...]
    waits: tuple[WaitFigures, ...]
    wait_s: float | None
    days: tuple[DayTrend, ...]
    months: tuple[MonthTrend, ...]
