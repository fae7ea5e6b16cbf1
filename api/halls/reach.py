"""In which halls somebody has a say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import InstrumentedAttribute


@dataclass(frozen=True, slots=True)
class Halls:
    """Some halls by id, or every hall there is and will be. `hall_id in halls` asks."""

    everywhere: bool = False
    ids: frozenset[str] = frozenset()

    @classmethod
    def only(cls, ids: Iterable[str]) -> Halls:
        return cls(ids=frozenset(ids))

    def __contains__(self, hall_id: object) -> bool:
        return self.everywhere or hall_id in self.ids

    def __ge__(self, other: Halls) -> bool:
        """Whether everything in `other` lies within these."""
        return self.everywhere or (not other.everywhere and other.ids <= self.ids)

    def hold(
        self, column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
    ) -> ColumnElement[bool]:
        """The condition of a query: the column's hall is one of these (a NULL never is, unless
        they are every hall)."""
        return true() if self.everywhere else column.in_(sorted(self.ids))


EVERY_HALL = Halls(everywhere=True)
NO_HALL = Halls()
