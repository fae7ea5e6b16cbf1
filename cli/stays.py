"""How long somebody stands at a counter, told from looks that say how many do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

SHORTEST = timedelta(seconds=20)
"""Who stands there for less has asked for the way, or walked by."""
BETWEEN = timedelta(seconds=4)
"""Nobody seen for so long: whoever comes then is the next one. For less, a look missed them."""
BLIND = timedelta(seconds=30)
"""Nothing known for longer: the stay ended when somebody was last seen."""
LONGEST = timedelta(hours=4)


@dataclass(slots=True)
class Counter:
    """One window's counter. Fed with every look; tells the stays that are over, once each, as
    (from, until). Several who stand there at once are one party."""

    since: datetime | None = None
    seen_at: datetime | None = None
    looked_at: datetime | None = None

    def look(self, citizens: int | None, at: datetime) -> tuple[datetime, datetime] | None:
        """At this moment so many stood there; None: cannot tell."""
        over = self._over(citizens, at)
        stay = self.close() if over else None
        if citizens:
            self.since = self.since or at
            self.seen_at = at
        if citizens is not None:
            self.looked_at = at
        return stay

    def close(self) -> tuple[datetime, datetime] | None:
        """The stay ends; it counts if it was long enough."""
        since, until, self.since = self.since, self.seen_at, None
        if since is None or until is None or until - since < SHORTEST:
            return None
        return since, until

    def _over(self, citizens: int | None, at: datetime) -> bool:
        if self.since is None or self.seen_at is None:
            return False
        unseen = at - self.seen_at
        if unseen < timedelta(0) or at - self.since >= LONGEST:
            return True
        if citizens is None:
            return unseen > BLIND
        was_empty = self.looked_at is not None and self.looked_at > self.seen_at
        return unseen > BLIND or (was_empty and unseen >= BETWEEN)
