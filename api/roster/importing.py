"""Bring a schedule file into the database: all of it or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.halls.reading import hall_row, window_rows
from api.roster.plans import (
    Known,
    PlannedLeave,
    PlannedShift,
    PlannedStaff,
    clash,
    plan_leaves,
    plan_shifts,
    plan_staff,
)
from api.roster.problems import Problem, ScheduleRefusedError
from api.roster.sheet import read_sheet
from api.roster.tables import LeaveRow, PostRow, ScheduleImportRow, ShiftRow, StaffRow


class ScheduleKind(StrEnum):
    STAFF = "staff"
    SHIFTS = "shifts"
    LEAVES = "leaves"


@dataclass(frozen=True, slots=True)
class ScheduleFile:
    """An uploaded file, and who brought it when. `name` is only shown, never a path."""

    kind: ScheduleKind
    name: str
    content: bytes
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: rows added, rows that were there already, old entries removed."""

    import_id: int
    added: int
    unchanged: int
    removed: int = 0


def import_schedule(
    session: Session, hall_id: str, file: ScheduleFile, *, replace: bool = False
) -> Imported:
    """Read, check and write one file. With `replace`, shifts of the file's windows that begin on
    the days from its first to its last are removed first; without, they must not clash.

    Raises UnknownHallIdError, ScheduleRefusedError (every bad row named, nothing written).
    """
    hall = hall_row(session, hall_id)
    known = _known(session, hall_id, ZoneInfo(hall.timezone))
    rows = read_sheet(file.content)
    imported = ScheduleImportRow(
        hall_id=hall_id,
        kind=file.kind.value,
        file_name="".join(c for c in file.name if c.isprintable())[:200],
        file_sha=hashlib.sha256(file.content).hexdigest(),
        rows=len(rows),
        imported_at=file.at,
        imported_by=file.by,
    )
    writing = _Writing(session, hall_id, imported, replace)
    if file.kind is ScheduleKind.STAFF:
        return writing.staff(plan_staff(rows, known))
    if file.kind is ScheduleKind.SHIFTS:
        return writing.shifts(plan_shifts(rows, known), known.zone)
    return writing.leaves(plan_leaves(rows, known))


def _known(session: Session, hall_id: str, zone: ZoneInfo) -> Known:
    staff = session.scalars(select(StaffRow).where(StaffRow.hall_id == hall_id))
    return Known(
        {row.id: row.name for row in window_rows(session, hall_id)},
        {row.number: row.name for row in staff},
        zone,
    )


class _Writing:
    """Writes a plan; `imported` is added once it is sure that the file is taken."""

    def __init__(
        self, session: Session, hall_id: str, imported: ScheduleImportRow, replace: bool
    ) -> None:
        self.session = session
        self.hall_id = hall_id
        self.imported = imported
        self.replace = replace
        rows = session.scalars(select(StaffRow).where(StaffRow.hall_id == hall_id))
        self.people = {row.number: row for row in rows}

    def _taken(self) -> int:
        self.session.add(self.imported)
        self.session.flush()
        return self.imported.id

    def staff(self, planned: Sequence[PlannedStaff]) -> Imported:
        """Insert or rename people; the posts named replace who held them."""
        import_id = self._taken()
        added = 0
        for p in planned:
            person = self.people.get(p.number)
            if person is None:
                person = StaffRow(hall_id=self.hall_id, number=p.number, name=p.name)
                self.session.add(person)
                self.people[p.number] = person
                added += 1
            person.name = p.name
        self.session.flush()
        for p in planned:
            if p.window is not None and p.post is not None:
                self.session.merge(
                    PostRow(
                        hall_id=self.hall_id,
                        window_id=p.window,
                        post=p.post,
                        staff_id=self.people[p.number].id,
                    )
                )
        self.session.flush()
        return Imported(import_id, added, len({p.number for p in planned}) - added)

    def shifts(self, planned: Sequence[PlannedShift], zone: ZoneInfo) -> Imported:
        removed = self._remove(planned, zone) if self.replace else 0
        there = self._shifts_there(planned)
        same = {_place(q) for q in there}
        new = [p for p in planned if _place(p) not in same]
        problems = _clashes(new, there, zone)
        if problems:
            raise ScheduleRefusedError(problems)
        import_id = self._taken()
        self.session.add_all(
            ShiftRow(
                hall_id=self.hall_id,
                window_id=p.window,
                post=p.post,
                staff_id=self.people[p.number].id,
                starts_at=p.starts_at,
                ends_at=p.ends_at,
                import_id=import_id,
            )
            for p in new
        )
        self.session.flush()
        return Imported(import_id, len(new), len(planned) - len(new), removed)

    def leaves(self, planned: Sequence[PlannedLeave]) -> Imported:
        people = {self.people[p.number].id for p in planned}
        rows = self.session.scalars(select(LeaveRow).where(LeaveRow.staff_id.in_(people)))
        same = {(row.staff_id, row.starts_at, row.ends_at) for row in rows}
        new = [
            p
            for p in planned
            if (self.people[p.number].id, p.starts_at, p.ends_at) not in same
        ]  # fmt: skip
        import_id = self._taken()
        self.session.add_all(
            LeaveRow(
                staff_id=self.people[p.number].id,
                starts_at=p.starts_at,
                ends_at=p.ends_at,
                note=p.note,
                import_id=import_id,
            )
            for p in new
        )
        self.session.flush()
        return Imported(import_id, len(new), len(planned) - len(new))

    def _remove(self, planned: Sequence[PlannedShift], zone: ZoneInfo) -> int:
        days = [p.starts_at.astimezone(zone).date() for p in planned]
        start = datetime.combine(min(days), time(0), zone)
        end = datetime.combine(max(days) + timedelta(days=1), time(0), zone)
        removed = self.session.scalars(
            delete(ShiftRow)
            .where(
                ShiftRow.hall_id == self.hall_id,
                ShiftRow.window_id.in_({p.window for p in planned}),
                ShiftRow.starts_at >= start,
                ShiftRow.starts_at < end,
            )
            .returning(ShiftRow.id)
        ).all()
        return len(removed)

    def _shifts_there(self, planned: Sequence[PlannedShift]) -> list[PlannedShift]:
        """The shifts already in the schedule in the span of the new ones (row 0)."""
        rows = self.session.execute(
            select(ShiftRow, StaffRow.number)
            .join(StaffRow, StaffRow.id == ShiftRow.staff_id)
            .where(
                ShiftRow.hall_id == self.hall_id,
                ShiftRow.ends_at > min(p.starts_at for p in planned),
                ShiftRow.starts_at < max(p.ends_at for p in planned),
            )
        )
        return [
            PlannedShift(0, s.window_id, s.post, number, s.starts_at, s.ends_at)
            for s, number in rows
        ]


def _place(p: PlannedShift) -> tuple[object, ...]:
    return (p.window, p.post, p.number, p.starts_at, p.ends_at)


def _clashes(
    new: Sequence[PlannedShift], there: Sequence[PlannedShift], zone: ZoneInfo
) -> list[Problem]:
    by_person: dict[str, list[PlannedShift]] = {}
    for q in there:
        by_person.setdefault(q.number, []).append(q)
    problems = []
    for p in new:
        rival = next((q for q in by_person.get(p.number, []) if clash(p, q)), None)
        if rival is not None:
            start, end = (t.astimezone(zone) for t in (rival.starts_at, rival.ends_at))
            text = f"{rival.window} {rival.post.value} {start:%Y-%m-%d %H:%M}–{end:%H:%M}"
            problems.append(Problem(p.row, "", "overlap_known", text))
    return problems
