"""Change the roster by hand, entry by entry; every change joins the history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.halls.reading import window_row
from api.roster.changes import Editor, RosterThing, note_change
from api.roster.plans import LONGEST_SHIFT, PlannedShift, clash
from api.roster.reading import pattern_rows, weekdays_of
from api.roster.tables import (
    LeaveKind,
    LeaveRow,
    NoteKind,
    PatternSkipRow,
    Post,
    RosterNoteRow,
    ServiceTimeRow,
    ShiftPatternRow,
    ShiftRow,
    StaffRow,
    TimeKind,
)
from api.roster.weekly import Weekly

LONGEST_ENTRY = timedelta(days=370)
Told = dict[str, Any]
R = TypeVar("R", ShiftRow, ShiftPatternRow, LeaveRow, ServiceTimeRow, RosterNoteRow)


class EntryRefusedError(ValueError):
    """An entry that cannot be; `code` is a key of `WHY`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{WHY[code]}{f' ({detail})' if detail else ''}")
        self.code = code
        self.detail = detail


WHY = {
    "span": "the end must lie after the start",
    "too_long": "a shift lasts 16 hours at most, another entry a year",
    "overlap": "this person has another shift at that time",
    "weekdays": "choose at least one weekday",
}


class UnknownEntryError(LookupError):
    def __init__(self, what: RosterThing, entry_id: int) -> None:
        super().__init__(f"there is no {what} {entry_id} on this roster")


class UnknownNumberError(LookupError):
    def __init__(self, number: str) -> None:
        super().__init__(f"there is nobody with the number {number!r} in this hall")


@dataclass(frozen=True, slots=True)
class ShiftWanted:
    window: str
    post: Post
    number: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class PatternWanted:
    window: str
    post: Post
    number: str
    weekly: Weekly


@dataclass(frozen=True, slots=True)
class TimeWanted:
    """`window` None: of the hall."""

    kind: TimeKind
    window: str | None
    weekly: Weekly


@dataclass(frozen=True, slots=True)
class LeaveWanted:
    kind: LeaveKind
    number: str
    starts_at: datetime
    ends_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class NoteWanted:
    """`window` None: anywhere in the hall."""

    kind: NoteKind
    window: str | None
    starts_at: datetime
    ends_at: datetime
    note: str = ""


class RosterEditor:
    """Changes one hall's roster in the session's transaction. Every `put_...` makes an entry, or
    changes the one that is named, and returns its id.

    Raises EntryRefusedError, UnknownEntryError, UnknownNumberError, UnknownWindowError.
    """

    def __init__(self, session: Session, hall_id: str, editor: Editor) -> None:
        self.session = session
        self.hall_id = hall_id
        self.editor = editor

    def put_shift(self, wanted: ShiftWanted, shift_id: int | None = None) -> int:
        _check_span(wanted.starts_at, wanted.ends_at, LONGEST_SHIFT)
        window_row(self.session, self.hall_id, wanted.window)
        staff = self._staff(wanted.number)
        self._check_clash(wanted, staff, shift_id)
        values = {
            "window_id": wanted.window,
            "post": wanted.post,
            "staff_id": staff.id,
            "starts_at": wanted.starts_at,
            "ends_at": wanted.ends_at,
        }
        return self._put(RosterThing.SHIFT, ShiftRow, shift_id, values, self._told_shift)

    def drop_shift(self, shift_id: int) -> None:
        self._drop(RosterThing.SHIFT, ShiftRow, shift_id, self._told_shift)

    def put_pattern(self, wanted: PatternWanted, pattern_id: int | None = None) -> int:
        window_row(self.session, self.hall_id, wanted.window)
        values = _weekly_values(wanted.weekly) | {
            "window_id": wanted.window,
            "post": wanted.post,
            "staff_id": self._staff(wanted.number).id,
        }
        return self._put(
            RosterThing.PATTERN, ShiftPatternRow, pattern_id, values, self._told_pattern
        )

    def drop_pattern(self, pattern_id: int) -> None:
        self._drop(RosterThing.PATTERN, ShiftPatternRow, pattern_id, self._told_pattern)

    def skip(self, pattern_id: int, day: date) -> None:
        """Leave the weekly shift out on that day."""
        row = self._row(RosterThing.PATTERN, ShiftPatternRow, pattern_id)
        before = self._told_pattern(row)
        self.session.merge(PatternSkipRow(pattern_id=pattern_id, day=day))
        self.session.flush()
        self._note(RosterThing.PATTERN, pattern_id, before, self._told_pattern(row))

    def put_time(self, wanted: TimeWanted, time_id: int | None = None) -> int:
        self._check_window(wanted.window)
        values = _weekly_values(wanted.weekly) | {"kind": wanted.kind, "window_id": wanted.window}
        return self._put(RosterThing.TIME, ServiceTimeRow, time_id, values, _told_time)

    def drop_time(self, time_id: int) -> None:
        self._drop(RosterThing.TIME, ServiceTimeRow, time_id, _told_time)

    def put_leave(self, wanted: LeaveWanted, leave_id: int | None = None) -> int:
        _check_span(wanted.starts_at, wanted.ends_at, LONGEST_ENTRY)
        values = {
            "staff_id": self._staff(wanted.number).id,
            "kind": wanted.kind,
            "starts_at": wanted.starts_at,
            "ends_at": wanted.ends_at,
            "note": wanted.note,
        }
        return self._put(RosterThing.LEAVE, LeaveRow, leave_id, values, self._told_leave)

    def drop_leave(self, leave_id: int) -> None:
        self._drop(RosterThing.LEAVE, LeaveRow, leave_id, self._told_leave)

    def put_note(self, wanted: NoteWanted, note_id: int | None = None) -> int:
        _check_span(wanted.starts_at, wanted.ends_at, LONGEST_ENTRY)
        self._check_window(wanted.window)
        values = {
            "kind": wanted.kind,
            "window_id": wanted.window,
            "starts_at": wanted.starts_at,
            "ends_at": wanted.ends_at,
            "note": wanted.note,
        }
        return self._put(RosterThing.NOTE, RosterNoteRow, note_id, values, _told_note)

    def drop_note(self, note_id: int) -> None:
        self._drop(RosterThing.NOTE, RosterNoteRow, note_id, _told_note)

    def _put(
        self,
        what: RosterThing,
        table: type[R],
        entry_id: int | None,
        values: Mapping[str, Any],
        told: Callable[[R], Told],
    ) -> int:
        row = table() if entry_id is None else self._row(what, table, entry_id)
        before = None if entry_id is None else told(row)
        for name, value in values.items():
            setattr(row, name, value)
        if not isinstance(row, LeaveRow):
            row.hall_id = self.hall_id
        self.session.add(row)
        self.session.flush()
        self._note(what, row.id, before, told(row))
        return row.id

    def _drop(
        self, what: RosterThing, table: type[R], entry_id: int, told: Callable[[R], Told]
    ) -> None:
        row = self._row(what, table, entry_id)
        before = told(row)
        if isinstance(row, ShiftPatternRow):
            for skip in self.session.scalars(
                select(PatternSkipRow).where(PatternSkipRow.pattern_id == row.id)
            ):
                self.session.delete(skip)
            self.session.flush()
        self.session.delete(row)
        self.session.flush()
        self._note(what, entry_id, before, None)

    def _row(self, what: RosterThing, table: type[R], entry_id: int) -> R:
        row = self.session.get(table, entry_id, with_for_update=True)
        if row is None or self._hall_of(row) != self.hall_id:
            raise UnknownEntryError(what, entry_id)
        return row

    def _hall_of(
        self, row: ShiftRow | ShiftPatternRow | LeaveRow | ServiceTimeRow | RosterNoteRow
    ) -> str:
        if isinstance(row, LeaveRow):
            return self.session.get_one(StaffRow, row.staff_id).hall_id
        return row.hall_id

    def _note(
        self, what: RosterThing, entry_id: int, before: Told | None, after: Told | None
    ) -> None:
        note_change(
            self.session, self.hall_id, self.editor, what, entry_id, before=before, after=after
        )

    def _staff(self, number: str) -> StaffRow:
        row = self.session.scalar(
            select(StaffRow).where(StaffRow.hall_id == self.hall_id, StaffRow.number == number)
        )
        if row is None:
            raise UnknownNumberError(number)
        return row

    def _check_window(self, window: str | None) -> None:
        if window is not None:
            window_row(self.session, self.hall_id, window)

    def _check_clash(self, wanted: ShiftWanted, staff: StaffRow, shift_id: int | None) -> None:
        """The law of imports: nobody holds post A twice at a time, nor two posts of one window."""
        new = PlannedShift(
            0, wanted.window, wanted.post, wanted.number, wanted.starts_at, wanted.ends_at
        )
        rows = self.session.scalars(
            select(ShiftRow).where(
                ShiftRow.staff_id == staff.id,
                ShiftRow.starts_at < wanted.ends_at,
                ShiftRow.ends_at > wanted.starts_at,
                ShiftRow.id != (shift_id or 0),
            )
        )
        for row in rows:
            there = PlannedShift(
                0, row.window_id, row.post, wanted.number, row.starts_at, row.ends_at
            )
            if clash(new, there):
                raise EntryRefusedError("overlap", f"{row.window_id} {row.post}")

    def _person(self, staff_id: int) -> Told:
        row = self.session.get_one(StaffRow, staff_id)
        return {"number": row.number, "name": row.name}

    def _told_shift(self, row: ShiftRow) -> Told:
        place = {"window": row.window_id, "post": row.post.value}
        return place | self._person(row.staff_id) | _span(row.starts_at, row.ends_at)

    def _told_pattern(self, row: ShiftPatternRow) -> Told:
        skips = next(
            skips for r, _, skips in pattern_rows(self.session, self.hall_id) if r.id == row.id
        )
        place = {"window": row.window_id, "post": row.post.value}
        days = {"skips": sorted(day.isoformat() for day in skips)}
        return place | self._person(row.staff_id) | _weekly(row) | days

    def _told_leave(self, row: LeaveRow) -> Told:
        what = {"kind": row.kind.value, "note": row.note}
        return self._person(row.staff_id) | what | _span(row.starts_at, row.ends_at)


def _told_time(row: ServiceTimeRow) -> Told:
    return {"kind": row.kind.value, "window": row.window_id} | _weekly(row)


def _told_note(row: RosterNoteRow) -> Told:
    what = {"kind": row.kind.value, "window": row.window_id, "note": row.note}
    return what | _span(row.starts_at, row.ends_at)


def _weekly_values(weekly: Weekly) -> Told:
    """The columns of a repetition; skips have a table of their own. Raises EntryRefusedError."""
    if not weekly.weekdays:
        raise EntryRefusedError("weekdays")
    if weekly.last is not None and weekly.last < weekly.first:
        raise EntryRefusedError("span")
    return {
        "weekdays": sum(1 << day for day in weekly.weekdays),
        "every": weekly.every,
        "start_min": weekly.start_min,
        "end_min": weekly.end_min,
        "first": weekly.first,
        "last": weekly.last,
        "by_calendar": weekly.by_calendar,
    }


def _weekly(row: ShiftPatternRow | ServiceTimeRow) -> Told:
    return {
        "weekdays": sorted(weekdays_of(row.weekdays)),
        "start_min": row.start_min,
        "end_min": row.end_min,
        "first": row.first.isoformat(),
        "last": row.last.isoformat() if row.last else None,
        "every": row.every,
        "by_calendar": row.by_calendar,
    }


def _span(starts_at: datetime, ends_at: datetime) -> Told:
    return {
        "starts_at": starts_at.astimezone(UTC).isoformat(),
        "ends_at": ends_at.astimezone(UTC).isoformat(),
    }


def _check_span(starts_at: datetime, ends_at: datetime, longest: timedelta) -> None:
    if ends_at <= starts_at:
        raise EntryRefusedError("span")
    if ends_at - starts_at > longest:
        raise EntryRefusedError("too_long")
