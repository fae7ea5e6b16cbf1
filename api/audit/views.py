"""A row of the access log as people and machines read it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from api.audit.tables import Access, AccessRow


class AccessView(BaseModel):
    """One row. `who` with `address`: from where; `object`: what it was done to."""

    model_config = ConfigDict(frozen=True)

    seq: int
    at: datetime
    who: str
    what: Access
    object: str
    hall: str | None
    purpose: str
    address: str
    details: dict[str, Any]
    sha: str


class AccessPage(BaseModel):
    """`next` is the `before` of the following page, None on the last one."""

    items: tuple[AccessView, ...]
    next: int | None


def access_view(row: AccessRow) -> AccessView:
    return AccessView(
        seq=row.seq,
        at=row.at,
        who=row.who,
        what=row.what,
        object=row.object,
        hall=row.hall_id,
        purpose=row.purpose,
        address=row.address,
        details=row.details,
        sha=row.sha,
    )
