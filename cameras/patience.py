"""How long a live camera is waited for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """stall_s: an open connection without pictures counts as lost after so long.
    retry_s: wait before the first new attempt; doubled each time up to longest_retry_s, which is
    also the wait after a refused password: cameras lock out who guesses.
    late_s: pictures that come later than this are passed over. stuck_s: a reader that gives no sign
    of life for so long is given up; more than an attempt to connect may take."""

    stall_s: float = 5.0
    retry_s: float = 1.0
    longest_retry_s: float = 30.0
    late_s: float = 2.0
    stuck_s: float = 40.0
