"""How sure a measured share is."""

from __future__ import annotations

from dataclasses import dataclass

Z = 1.96
"""Two-sided 95%."""


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole` with its 95% Wilson interval (E. B. Wilson, JASA 1927)."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float]:
        """From where to where; all of 0..1 when nothing was counted."""
        n = self.whole
        if not n:
            return 0.0, 1.0
        p = self.part / n
        middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
        half = Z * (p * (1 - p) / n + Z * Z / (4 * n * n)) ** 0.5 / (1 + Z * Z / n)
        return max(middle - half, 0.0), min(middle + half, 1.0)

    def __str__(self) -> str:
        if self.value is None:
            return "not known (none)"
        low, high = self.interval
        return f"{self.value:.3f} ({low:.3f} to {high:.3f}, n={self.whole})"


def most_per_hour(events: int, hours: float) -> float:
    """The 95% upper bound of a rate of which so many events were seen in so many hours: exact for
    none seen (-ln 0.05 / hours, the "rule of three"), else Byar's approximation of Poisson's."""
    if hours <= 0:
        return float("inf")
    if events == 0:
        return 2.9957 / hours
    more = events + 1
    bound: float = more * (1 - 1 / (9 * more) + 1.645 / (3 * more**0.5)) ** 3 / hours
    return bound
