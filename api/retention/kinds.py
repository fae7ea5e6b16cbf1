"""The kinds of things that are kept for a while, and for how long by default."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    EVIDENCE = "evidence"  # clips and stills of alerts that led to no case
    FOOTAGE = "footage"  # what was cut out of the recordings for no case
    ALERTS = "alerts"  # names and free text in alerts that led to no case
    COMPLAINANTS = "complainants"  # who complained: names, telephone numbers; from the answer on
    CASES = "cases"  # evidence, complaints' footage and names of closed cases
    MEASURED = "measured"  # phases of windows, queues, stays at counters, words of ticket systems
    FIGURES = "figures"  # of each day and month, without names
    NOTICES = "notices"  # messages that were sent
    ROSTER = "roster"  # shifts, leaves and notes of long ago, and who entered them
    ACCESS_LOG = "access_log"


EVERYWHERE = "*"
"""Stands for a hall where something is kept for all halls together."""

DEFAULT_DAYS: Mapping[Kind, int] = {
    Kind.EVIDENCE: 90,
    Kind.FOOTAGE: 90,
    Kind.ALERTS: 365,
    Kind.COMPLAINANTS: 365,
    Kind.CASES: 5 * 365,
    Kind.MEASURED: 92,
    Kind.FIGURES: 5 * 365,
    Kind.NOTICES: 365,
    Kind.ROSTER: 5 * 365,
    Kind.ACCESS_LOG: 3 * 365,
}
LEAST_DAYS: Mapping[Kind, int] = {
    Kind.EVIDENCE: 7,
    Kind.FOOTAGE: 7,
    Kind.ALERTS: 30,
    Kind.COMPLAINANTS: 30,
    Kind.CASES: 365,  # the repeat rule looks one year back
    Kind.MEASURED: 62,  # the figures of a day and of a month are made of it
    Kind.FIGURES: 400,  # a report looks one year back
    Kind.NOTICES: 30,
    Kind.ROSTER: 3 * 365,  # cases and appeals look back
    Kind.ACCESS_LOG: 180,  # Cybersecurity Law art. 21: six months at least
}
MOST_DAYS = 36_500
