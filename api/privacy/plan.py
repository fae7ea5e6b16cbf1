"""What may stay sharp in a camera's pictures: the clerks' places, and the signs where nobody stands
before them, as the zones were drawn when the picture was taken."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.canonical import canonical_json
from api.halls.tables import PlanInForceRow, ZoneKind, ZonePlanRow
from vision.bare_signs import BareSigns, Places, Seen
from vision.blur import Veil

Corners: TypeAlias = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class SharpPlan:
    """The staff zones, which stay sharp, and what else of the picture is known; zones in pixels of
    a picture of `size` (width, height). No zones: everything is blurred, also where nobody knows
    any more what was drawn then.

    people: everybody who was seen in the film, look by look, without which no sign stays sharp; of
    the file with this `sha256` alone."""

    keep: tuple[Corners, ...] = ()
    size: tuple[int, int] = (1, 1)
    signs: tuple[Corners, ...] = ()
    counters: tuple[Corners, ...] = ()
    people: tuple[Seen, ...] = ()
    sha256: str = ""

    @property
    def key(self) -> str:
        """The same for the same plan: copies made by another plan are not served."""
        return hashlib.sha256(canonical_json(asdict(self))).hexdigest()[:12]

    def knowing(self, people: Sequence[Any], sha256: str) -> SharpPlan:
        """The plan for the file with this SHA-256. people: see `ClipRow`."""
        looks = tuple(
            (
                float(at_s),
                None if boxes is None else tuple((x1, y1, x2, y2) for x1, y1, x2, y2 in boxes),
            )
            for at_s, boxes in people
        )
        return replace(self, people=looks, sha256=sha256)

    def veil(self) -> Veil:
        return Veil(self.keep, self.size)

    def places(self) -> Places:
        return Places(self.signs, self.keep, self.counters, self.size)

    def bare_signs(self) -> BareSigns:
        """Of the file's own film."""
        return BareSigns(self.places(), self.people)


def plan_then(session: Session, hall_id: str, hall_sha: str, camera_id: str) -> SharpPlan:
    """The plan by the hall file of that SHA-256."""
    row = session.get(ZonePlanRow, (hall_id, hall_sha))
    camera = None if row is None else row.cameras.get(camera_id)
    if camera is None:
        return SharpPlan()

    def drawn(kind: ZoneKind) -> tuple[Corners, ...]:
        zones = (zone["corners"] for zone in camera["zones"] if zone["kind"] == kind)
        return tuple(tuple((float(x), float(y)) for x, y in corners) for corners in zones)

    width, height = camera["size"]
    return SharpPlan(
        keep=drawn(ZoneKind.STAFF),
        size=(int(width), int(height)),
        signs=drawn(ZoneKind.SIGN),
        counters=drawn(ZoneKind.COUNTER),
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
