"""Into the access log: what was changed in a hall file, by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.audit.record import AccessBy, record_access
from api.audit.tables import Access, AccessRow
from api.halls.zoning import shapes_of
from vision.address import shown
from vision.hallfile import Hall

BY_HAND = AccessBy(None, "hall file")
"""Whoever edits the file itself, beside the console: the machine's own accounts know who."""
_LATELY_ROWS = 20


def name_of(address: str) -> str:
    """What the log calls a camera that is in no hall file yet: no login in it, however it was
    written."""
    return shown(address).rpartition("@")[2]


def note_camera(
    session: Session,
    by: AccessBy,
    hall_id: str,
    camera: str,
    act: str,
    now: datetime,
    sha: str = "",
) -> None:
    """act: tried, added, changed, removed. sha: of the hall file then; "": it is as it was."""
    details = {"act": act} | ({"to": sha} if sha else {})
    name = f"hall/{hall_id}/camera/{camera}"
    record_access(session, by, Access.EDIT_CAMERAS, name, now, hall=hall_id, details=details)


def note_hall_file(
    session: Session, by: AccessBy, before: Hall, after: Hall, now: datetime
) -> None:
    """Zones and thresholds that were saved."""
    details = {"from": before.sha, "to": after.sha, "changed": differences(before, after)}
    name = f"hall/{after.id}"
    record_access(session, by, Access.EDIT_HALL, name, now, hall=after.id, details=details)


def note_edit_by_hand(
    session: Session, hall_id: str, sha_before: str | None, sha: str, now: datetime
) -> None:
    """The file is another one than before; nothing where somebody changed it in the console."""
    if sha == sha_before or _is_noted(session, hall_id, sha):
        return
    details = {"from": sha_before, "to": sha}
    record_access(
        session, BY_HAND, Access.EDIT_HALL, f"hall/{hall_id}", now, hall=hall_id, details=details
    )


def _is_noted(session: Session, hall_id: str, sha: str) -> bool:
    details = session.scalars(
        select(AccessRow.details)
        .where(
            AccessRow.hall_id == hall_id,
            AccessRow.what.in_((Access.EDIT_HALL, Access.EDIT_CAMERAS)),
        )
        .order_by(AccessRow.seq.desc())
        .limit(_LATELY_ROWS)
    )
    return any(row.get("to") == sha for row in details)


def differences(before: Hall, after: Hall) -> list[str]:
    """Zones and thresholds that differ, a line each: "w1 window_unattended.after_s 120.0 -> 90.0",
    "cam1 staff:w1 moved"."""
    old, new = ({f"{s.camera} {s.key}": s.points for s in shapes_of(h)} for h in (before, after))
    lines = [f"{key} removed" for key in old.keys() - new.keys()]
    lines += [f"{key} added" for key in new.keys() - old.keys()]
    lines += [f"{key} moved" for key in old.keys() & new.keys() if old[key] != new[key]]
    was, is_now = _thresholds(before), _thresholds(after)
    lines += [
        f"{key} {was.get(key)} -> {is_now.get(key)}"
        for key in was.keys() | is_now.keys()
        if was.get(key) != is_now.get(key)
    ]
    return sorted(lines)


def _thresholds(hall: Hall) -> dict[str, Any]:
    """Every value of every rule, in the hall and at each window and queue."""
    found: dict[str, Any] = {}
    owners: list[tuple[str, Mapping[str, Any]]] = [("*", hall.policies)]
    owners += [(window.id, window.policies) for window in hall.windows]
    owners += [(queue.id, queue.policies) for queue in hall.queues]
    for owner, policies in owners:
        for rule, policy in policies.items():
            found |= {f"{owner} {rule}.{name}": value for name, value in asdict(policy).items()}
    return found
