"""What may stay sharp in a camera's pictures: the clerks' places and the signs, as they were drawn
when the picture was taken."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.canonical import canonical_json
from api.halls.tables import PlanInForceRow, ZoneKind, ZonePlanRow
from vision.blur import Veil

Corners: TypeAlias = tuple[tuple[float, float], ...]
SHARP = (ZoneKind.STAFF, ZoneKind.SIGN)


@dataclass(frozen=True, slots=True)
class SharpPlan:
    """The zones that stay sharp, in pixels of a picture of `size` (width, height). No zones:
    everything is blurred, also where nobody knows any more what was drawn then."""

    keep: tuple[Corners, ...] = ()
    size: tuple[int, int] = (1, 1)

    @property
    def key(self) -> str:
        """The same for the same plan: copies made by another plan are not served."""
        plan = {"keep": self.keep, "size": self.size}
        return hashlib.sha256(canonical_json(plan)).hexdigest()[:12]

    def veil(self) -> Veil:
        return Veil(self.keep, self.size)


def plan_then(session: Session, hall_id: str, hall_sha: str, camera_id: str) -> SharpPlan:
    """The plan by the hall file of that SHA-256."""
    row = session.get(ZonePlanRow, (hall_id, hall_sha))
    camera = None if row is None else row.cameras.get(camera_id)
    if camera is None:
        return SharpPlan()
    width, height = camera["size"]
    return SharpPlan(
        tuple(
            tuple((float(x), float(y)) for x, y in zone["corners"])
            for zone in camera["zones"]
            if zone["kind"] in SHARP
        ),
        (int(width), int(height)),
    )


def plan_during(
    session: Session, hall_id: str, camera_id: str, begins: datetime, ends: datetime
) -> SharpPlan:
    """The plan by the hall file that was in force all the while; nothing stays sharp where another
    took its place meanwhile, or where it is not known."""
    rows = select(PlanInForceRow.sha).where(PlanInForceRow.hall_id == hall_id)
    newest_first = rows.order_by(PlanInForceRow.since.desc())
    first = session.scalar(newest_first.where(PlanInForceRow.since <= begins).limit(1))
    later = session.scalars(rows.where(PlanInForceRow.since > begins, PlanInForceRow.since <= ends))
    if first is None:
        return SharpPlan()
    plans = {plan_then(session, hall_id, sha, camera_id) for sha in (first, *later)}
    return plans.pop() if len(plans) == 1 else SharpPlan()
