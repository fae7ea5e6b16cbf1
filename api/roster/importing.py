"""Bring a schedule file into the database: all of it or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.canonical import canonical_json
from api.halls.reading import hall_row, window_rows
from api.roster.changes import Editor, FileChange, RosterThing, note_import
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
from api.roster.tables import (
    LeaveKind,
    LeaveRow,
    Post,
    PostRow,
    ScheduleImportRow,
    ShiftRow,
    StaffRow,
)
from api.roster.told import told_leave, told_person, told_post, told_shift


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
    editor: Editor


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
        imported_at=file.editor.at,
        imported_by=file.editor.by.name,
    )
    writing = _Writing(session, hall_id, imported, replace)
    if file.kind is ScheduleKind.STAFF:
        done = writing.staff(plan_staff(rows, known))
    elif file.kind is ScheduleKind.SHIFTS:
        done = writing.shifts(plan_shifts(rows, known), known.zone)
    else:
        done = writing.leaves(plan_leaves(rows, known))
    summary = {
        "kind": imported.kind,
        "file": imported.file_name,
        "sha256": imported.file_sha,
        "added": done.added,
        "unchanged": done.unchanged,
        "removed": done.removed,
    }
    note_import(session, hall_id, file.editor, done.import_id, summary, writing.changes)
    return done


def _known(session: Session, hall_id: str, zone: ZoneInfo) -> Known:
    staff = session.scalars(select(StaffRow).where(StaffRow.hall_id == hall_id))
    return Known(
        {row.id: row.name for row in window_rows(session, hall_id)},
        {row.number: row.name for row in staff},
        zone,
    )


class _Writing:
    """Writes a plan; `imported` is added once it is sure that the file is taken. `changes`: what
    became of which entry."""

    def __init__(
        self, session: Session, hall_id: str, imported: ScheduleImportRow, replace: bool
    ) -> None:
        self.session = session
        self.hall_id = hall_id
        self.imported = imported
        self.replace = replace
        rows = session.scalars(select(StaffRow).where(StaffRow.hall_id == hall_id))
        self.people = {row.number: row for row in rows}
        self.changes: list[FileChange] = []

    def _taken(self) -> int:
        self.session.add(self.imported)
        self.session.flush()
        return self.imported.id

    def staff(self, planned: Sequence[PlannedStaff]) -> Imported:
        """Insert or rename people; the posts named replace who held them."""
        import_id = self._taken()
        known = {number: told_person(row) for number, row in self.people.items()}
        for p in planned:
            person = self.people.get(p.number)
            if person is None:
                person = StaffRow(hall_id=self.hall_id, number=p.number, name=p.name)
                self.session.add(person)
                self.people[p.number] = person
            person.name = p.name
        self.session.flush()
        numbers = list(dict.fromkeys(p.number for p in planned))
        for number in numbers:
            row = self.people[number]
            change = FileChange(RosterThing.STAFF, row.id, known.get(number), told_person(row))
            self.changes.append(change)
        for p in planned:
            if p.window is not None and p.post is not None:
                self._put_post(p.window, p.post, self.people[p.number])
        self.session.flush()
        added = sum(number not in known for number in numbers)
        return Imported(import_id, added, len(numbers) - added)

    def _put_post(self, window: str, post: Post, person: StaffRow) -> None:
        row = self.session.get(PostRow, (self.hall_id, window, post))
        before = None
        if row is None:
            row = PostRow(hall_id=self.hall_id, window_id=window, post=post, staff_id=person.id)
            self.session.add(row)
        else:
            before = told_post(row, self.session.get_one(StaffRow, row.staff_id))
            row.staff_id = person.id
        change = FileChange(RosterThing.POST, person.id, before, told_post(row, person))
        self.changes.append(change)

    def shifts(self, planned: Sequence[PlannedShift], zone: ZoneInfo) -> Imported:
        removed = self._remove(planned, zone) if self.replace else []
        there = self._shifts_there(planned)
        same = {_place(q) for q in there}
        new = [p for p in planned if _place(p) not in same]
        problems = _clashes(new, there, zone)
        if problems:
            raise ScheduleRefusedError(problems)
        import_id = self._taken()
        people = {row.id: row for row in self.people.values()}
        rows = [
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
        ]
        self.session.add_all(rows)
        self.session.flush()
        gone = {canonical_json(told): (entry, told) for entry, told in removed}
        for row in rows:
            told = told_shift(row, people[row.staff_id])
            if gone.pop(canonical_json(told), None) is None:
                self.changes.append(FileChange(RosterThing.SHIFT, row.id, None, told))
        self.changes += [
            FileChange(RosterThing.SHIFT, entry, told, None) for entry, told in gone.values()
        ]
        return Imported(import_id, len(new), len(planned) - len(new), len(removed))

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
        entered = [
            LeaveRow(
                staff_id=self.people[p.number].id,
                kind=LeaveKind.LEAVE,
                starts_at=p.starts_at,
                ends_at=p.ends_at,
                note=p.note,
                import_id=import_id,
            )
            for p in new
        ]
        self.session.add_all(entered)
        self.session.flush()
        for p, row in zip(new, entered, strict=True):
            told = told_leave(row, self.people[p.number])
            self.changes.append(FileChange(RosterThing.LEAVE, row.id, None, told))
        return Imported(import_id, len(new), len(planned) - len(new))

    def _remove(
        self, planned: Sequence[PlannedShift], zone: ZoneInfo
    ) -> list[tuple[int, Mapping[str, Any]]]:
        """What was removed: id and what the history tells of it."""
        days = [p.starts_at.astimezone(zone).date() for p in planned]
        start = datetime.combine(min(days), time(0), zone)
        end = datetime.combine(max(days) + timedelta(days=1), time(0), zone)
        theirs = (
            ShiftRow.hall_id == self.hall_id,
            ShiftRow.window_id.in_({p.window for p in planned}),
            ShiftRow.starts_at >= start,
            ShiftRow.starts_at < end,
        )
        people = {row.id: row for row in self.people.values()}
        removed: list[tuple[int, Mapping[str, Any]]] = [
            (row.id, told_shift(row, people[row.staff_id]))
            for row in self.session.scalars(select(ShiftRow).where(*theirs))
        ]
        self.session.execute(delete(ShiftRow).where(*theirs))
        return removed

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
