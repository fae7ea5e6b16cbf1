"""Save what was drawn: only into the file of a hall that is theirs."""

from __future__ import annotations

from api.audit.record import AccessBy
from api.console.page import Visit
from api.console.zones_draft import Draft
from api.halls.filing import HallFile
from api.halls.noting import note_hall_file
from vision.hallfile import Hall


class NotTheirHallError(PermissionError):
    def __init__(self, hall_id: str) -> None:
        super().__init__(f"hall {hall_id!r} is not theirs")


def save_zones(visit: Visit, file: HallFile, draft: Draft) -> Hall:
    """Write the file, and into the access log who changed it, from which to which.

    Raises NotTheirHallError, and what `HallFile.change` raises; then nothing was written.
    """
    if not visit.still_in(draft.hall.id):
        raise NotTheirHallError(draft.hall.id)
    hall = file.change(draft.change, made_for_sha=draft.hall.sha)
    with visit.console.database.session() as session:
        note_hall_file(session, AccessBy.of(visit.viewer), draft.hall, hall, visit.now())
    return hall
