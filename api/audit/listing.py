"""Find rows of the access log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from api.audit.tables import Access, AccessRow
from api.audit.views import AccessPage, access_view
from api.halls.reach import Halls

MOST_PER_PAGE = 200


@dataclass(frozen=True, slots=True)
class AccessFilter:
    """What to look for; what is left out matches all. `halls` are those of whoever looks: rows of
    no hall are for those who have all. `who` and `object` are looked for within the text;
    `objects`: one of these names and no other; None: any."""

    halls: Halls
    what: Access | None = None
    who: str = ""
    object: str = ""
    objects: frozenset[str] | None = None
    at_from: datetime | None = None
    at_to: datetime | None = None


def list_access(
    session: Session, wanted: AccessFilter, before: int | None = None, limit: int = 50
) -> AccessPage:
    """One page, the latest first. before: the `next` of the page before."""
    limit = max(1, min(limit, MOST_PER_PAGE))
    query = select(AccessRow).where(*_conditions(wanted))
    if before is not None:
        query = query.where(AccessRow.seq < before)
    rows = session.scalars(query.order_by(AccessRow.seq.desc()).limit(limit + 1)).all()
    items = tuple(access_view(row) for row in rows[:limit])
    return AccessPage(items=items, next=items[-1].seq if len(rows) > limit else None)


def _conditions(wanted: AccessFilter) -> list[ColumnElement[bool]]:
    conditions = [wanted.halls.hold(AccessRow.hall_id)]
    if wanted.what is not None:
        conditions.append(AccessRow.what == wanted.what)
    if wanted.who:
        conditions.append(AccessRow.who.contains(wanted.who, autoescape=True))
    if wanted.object:
        conditions.append(AccessRow.object.contains(wanted.object, autoescape=True))
    if wanted.objects is not None:
        conditions.append(AccessRow.object.in_(sorted(wanted.objects)))
    if wanted.at_from is not None:
        conditions.append(AccessRow.at >= wanted.at_from)
    if wanted.at_to is not None:
        conditions.append(AccessRow.at < wanted.at_to)
    return conditions
