"""Write the access log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from api.audit.chain import NOTHING_BEFORE, last_anchor, seal
from api.audit.tables import Access, AccessRow, LogCutRow

ONE_WRITER = 0x6C6F67
"""PostgreSQL advisory lock: rows are appended one after the other, so that the chain cannot fork.
SQLite has one writer anyway."""


ONE_LOOK = timedelta(minutes=10)


class Person(Protocol):
    """A principal of the API or a viewer of the console."""

    @property
    def user_id(self) -> int | None: ...

    @property
    def staff_id(self) -> int | None: ...

    @property
    def full_name(self) -> str: ...

    @property
    def address(self) -> str: ...


@dataclass(frozen=True, slots=True)
class AccessBy:
    """Who does it, and from which network address ("" where there is none). `staff_id`: whom of
    the roster they are, if anybody: nobody judges themselves."""

    user_id: int | None
    name: str
    address: str = ""
    staff_id: int | None = None

    @classmethod
    def of(cls, person: Person) -> AccessBy:
        return cls(person.user_id, person.full_name, person.address, person.staff_id)


THE_PRODUCT = AccessBy(None, "hallwatch")
"""What it does by itself, such as deleting what is too old."""


def record_access(
    session: Session,
    by: AccessBy,
    what: Access,
    object: str,
    at: datetime,
    *,
    hall: str | None = None,
    purpose: str = "",
    details: Mapping[str, Any] | None = None,
) -> int:
    """Append a row and return its number. Call it last in a writing transaction: until that is
    over, nobody else can append.

    object: what it was done to, such as "alert/<uid>", "clip/12", "hall/demo".
    details: plain JSON values.
    """
    _wait_for_turn(session)
    last = last_anchor(session)
    row = AccessRow(
        seq=1 if last is None else last.seq + 1,
        at=at,
        user_id=by.user_id,
        who=by.name[:80],
        what=what,
        object=object[:200],
        hall_id=hall,
        purpose=purpose[:2000],
        address=by.address[:64],
        details=dict(details or {}),
        previous_sha=NOTHING_BEFORE if last is None else last.sha,
    )
    row.sha = seal(row)
    session.add(row)
    session.flush()
    return row.seq


def record_view(
    session: Session,
    by: AccessBy,
    what: Access,
    object: str,
    at: datetime,
    *,
    hall: str | None = None,
    purpose: str = "",
) -> None:
    """The same for looking at something, but once in `ONE_LOOK`: a player asks for a clip in a
    dozen pieces, and a page is loaded anew."""
    known = select(AccessRow.seq).where(
        AccessRow.object == object,
        AccessRow.at > at - ONE_LOOK,
        AccessRow.user_id == by.user_id,
        AccessRow.who == by.name,
        AccessRow.what == what,
        AccessRow.purpose == purpose,
        AccessRow.address == by.address,
    )
    if session.scalar(known.limit(1)) is None:
        record_access(session, by, what, object, at, hall=hall, purpose=purpose)


def cut_log(session: Session, before: datetime, at: datetime) -> int:
    """Delete the rows older than `before` and write down in the log that this was done. Returns
    how many are gone. The newest row always stays."""
    _wait_for_turn(session)
    last = last_anchor(session)
    row = None if last is None else _last_before(session, before, last.seq)
    if row is None:
        return 0
    session.add(LogCutRow(upto=row.seq, sha=row.sha, at=at))
    session.flush()
    too_old = AccessRow.seq <= row.seq
    rows = session.scalar(select(func.count(AccessRow.seq)).where(too_old)) or 0
    session.execute(delete(AccessRow).where(too_old))
    details = {"upto": row.seq, "sha": row.sha, "rows": rows}
    record_access(session, THE_PRODUCT, Access.CUT_LOG, "access_log", at, details=details)
    return rows


def _last_before(session: Session, before: datetime, newest: int) -> AccessRow | None:
    """The newest of the rows that may go: all up to it are older, and it is not the very last."""
    kept = session.query(AccessRow.seq).filter(AccessRow.at >= before).order_by(AccessRow.seq)
    first_kept = kept.limit(1).scalar()
    upto = newest - 1 if first_kept is None else min(first_kept, newest) - 1
    return session.get(AccessRow, upto)


def _wait_for_turn(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_WRITER})
