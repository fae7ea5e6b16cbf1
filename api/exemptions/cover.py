"""Which exemption covers which alert: a pure function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from api.exemptions.tables import ExemptionKind

RULES: Mapping[ExemptionKind, frozenset[str]] = {
    ExemptionKind.WORK_CALL: frozenset({"phone_use"}),
    ExemptionKind.MEDICAL: frozenset(
        {
            "window_unattended",
            "uncovered_post",
            "pause_overrun",
            "late_start",
            "early_leave",
            "eating",
            "napping",
        }
    ),
    ExemptionKind.MEAL: frozenset({"eating", "window_unattended", "pause_overrun"}),
    ExemptionKind.VISITOR: frozenset({"extra_person", "gathering"}),
    ExemptionKind.TRAINING: frozenset({"gathering", "window_unattended", "idle_reading"}),
}
"""What each kind excuses. Smoking is excused by nothing; a citizen left standing, by nothing."""


@dataclass(frozen=True, slots=True)
class Exemption:
    """`person` is a staff number. At least one of `person` and `window` is given; where both are,
    both must fit."""

    kind: ExemptionKind
    person: str | None
    window: str | None
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Conduct:
    """What an alert says, as far as an exemption asks. `person` is the one who held the window by
    the roster's word at the time; None where that was nobody or not one alone. `until`: its end,
    or its latest step while it lasts."""

    rule: str
    window: str
    person: str | None
    began: datetime
    until: datetime


def covers(exemption: Exemption, conduct: Conduct) -> bool:
    """Whether the whole of the conduct lies in what was allowed. What goes on past the allowed
    time is not covered."""
    return (
        conduct.rule in RULES[exemption.kind]
        and (exemption.person is not None or exemption.window is not None)
        and exemption.person in (None, conduct.person)
        and exemption.window in (None, conduct.window)
        and exemption.starts_at <= conduct.began
        and conduct.until <= exemption.ends_at
    )
