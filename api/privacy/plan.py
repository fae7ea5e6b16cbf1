"""What may stay sharp in a camera's pictures: the clerks' places and the signs, as they were drawn
when the picture was taken."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy.orm import Session

from api.canonical import canonical_json
from api.halls.reading import hall_row
from api.halls.tables import ZoneKind, ZonePlanRow
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


def plan_now(session: Session, hall_id: str, camera_id: str) -> SharpPlan:
    """The plan by the hall file that is in force. Raises UnknownHallIdError."""
    return plan_then(session, hall_id, hall_row(session, hall_id).sha, camera_id)
