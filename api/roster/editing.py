"""Change the roster by hand, entry by entry; every change joins the history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.halls.reading import window_row
from api.roster.changes import Editor, RosterThing, note_change
from api.roster.plans import LONGEST_SHIFT, PlannedShift, clash
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
from api.roster.told import (
    Told,
    told_day,
    told_leave,
    told_note,
    told_pattern,
    told_shift,
    told_time,
)
from api.roster.weekly import Weekly
from api.workdays.tables import HallDayRow

LONGEST_ENTRY = timedelta(days=370)
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
    "cover": "only a break is covered",
    "cover_window": "a person covers one window; name it",
    "changed_since": "this was changed again since",
    "no_undo": "this cannot be taken back by itself",
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
    """`window` None: of the hall. covered: a break in which the window stays open, and the person
    with the number `cover`, or (None) the window's own B, stands in."""

    kind: TimeKind
    window: str | None
    weekly: Weekly
    covered: bool = False
    cover: str | None = None


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
    changes the one that is named, and returns its id; with `anew`, it makes one that was dropped
    once more, under the id that it had, which is what the history knows it by. `changes` are the
    lines that this added to the history.

    Raises EntryRefusedError, UnknownEntryError, UnknownNumberError, UnknownWindowError.
    """

    def __init__(self, session: Session, hall_id: str, editor: Editor) -> None:
        self.session = session
        self.hall_id = hall_id
        self.editor = editor
        self.changes: list[int] = []

    def put_shift(
        self, wanted: ShiftWanted, shift_id: int | None = None, *, anew: bool = False
    ) -> int:
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
        return self._put(RosterThing.SHIFT, ShiftRow, shift_id, values, self._told_shift, anew)

    def drop_shift(self, shift_id: int) -> None:
        self._drop(RosterThing.SHIFT, ShiftRow, shift_id, self._told_shift)

    def put_pattern(
        self, wanted: PatternWanted, pattern_id: int | None = None, *, anew: bool = False
    ) -> int:
        window_row(self.session, self.hall_id, wanted.window)
        values = _weekly_values(wanted.weekly) | {
            "window_id": wanted.window,
            "post": wanted.post,
            "staff_id": self._staff(wanted.number).id,
        }
        return self._put(
            RosterThing.PATTERN, ShiftPatternRow, pattern_id, values, self._told_pattern, anew
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

    def unskip(self, pattern_id: int, day: date) -> None:
        """Let the weekly shift happen on that day after all."""
        row = self._row(RosterThing.PATTERN, ShiftPatternRow, pattern_id)
        before = self._told_pattern(row)
        skip = self.session.get(PatternSkipRow, (pattern_id, day))
        if skip is not None:
            self.session.delete(skip)
            self.session.flush()
        self._note(RosterThing.PATTERN, pattern_id, before, self._told_pattern(row))

    def put_time(
        self, wanted: TimeWanted, time_id: int | None = None, *, anew: bool = False
    ) -> int:
        self._check_window(wanted.window)
        if wanted.covered and wanted.kind is not TimeKind.BREAK:
            raise EntryRefusedError("cover")
        named = wanted.cover if wanted.covered else None
        if named is not None and wanted.window is None:
            raise EntryRefusedError("cover_window")
        values = _weekly_values(wanted.weekly) | {
            "kind": wanted.kind,
            "window_id": wanted.window,
            "covered": wanted.covered,
            "cover_id": None if named is None else self._staff(named).id,
        }
        return self._put(RosterThing.TIME, ServiceTimeRow, time_id, values, self._told_time, anew)

    def drop_time(self, time_id: int) -> None:
        self._drop(RosterThing.TIME, ServiceTimeRow, time_id, self._told_time)

    def put_leave(
        self, wanted: LeaveWanted, leave_id: int | None = None, *, anew: bool = False
    ) -> int:
        _check_span(wanted.starts_at, wanted.ends_at, LONGEST_ENTRY)
        values = {
            "staff_id": self._staff(wanted.number).id,
            "kind": wanted.kind,
            "starts_at": wanted.starts_at,
            "ends_at": wanted.ends_at,
            "note": wanted.note,
        }
        return self._put(RosterThing.LEAVE, LeaveRow, leave_id, values, self._told_leave, anew)

    def drop_leave(self, leave_id: int) -> None:
        self._drop(RosterThing.LEAVE, LeaveRow, leave_id, self._told_leave)

    def put_note(self, wanted: NoteWanted, note_id: int | None = None) -> int:
        _check_span(wanted.starts_at, wanted.ends_at, LONGEST_ENTRY)
        self._check_window(wanted.window)
        old = None if note_id is None else self._live_note(note_id)
        row = RosterNoteRow(
            hall_id=self.hall_id,
            kind=wanted.kind,
            window_id=wanted.window,
            starts_at=wanted.starts_at,
            ends_at=wanted.ends_at,
            note=wanted.note,
            entered_at=self.editor.at,
            entered_by=self.editor.by.name,
        )
        before, after = None if old is None else told_note(old), told_note(row)
        if note_id is not None and before == after:
            return note_id
        if old is not None:
            old.dropped_at, old.dropped_by = self.editor.at, self.editor.by.name
        self.session.add(row)
        self.session.flush()
        self._note(RosterThing.NOTE, row.id, before, after)
        return row.id

    def drop_note(self, note_id: int) -> None:
        """Take it back; alerts that came in before go on telling it."""
        row = self._live_note(note_id)
        row.dropped_at, row.dropped_by = self.editor.at, self.editor.by.name
        self.session.flush()
        self._note(RosterThing.NOTE, note_id, told_note(row), None)

    def restore_note(self, note_id: int) -> None:
        """What was taken back holds again, as if it had not been."""
        row = self._row(RosterThing.NOTE, RosterNoteRow, note_id)
        if row.dropped_at is not None:
            row.dropped_at = row.dropped_by = None
            self.session.flush()
            self._note(RosterThing.NOTE, note_id, None, told_note(row))

    def put_day(self, day: date, *, works: bool, note: str = "") -> None:
        """Let the hall work or rest on a day, whatever the public calendar says."""
        before = self._told_day(day)
        self.session.merge(
            HallDayRow(
                hall_id=self.hall_id,
                day=day,
                works=works,
                note=note,
                entered_at=self.editor.at,
                entered_by=self.editor.by.name,
            )
        )
        self.session.flush()
        self._note(RosterThing.DAY, number_of(day), before, self._told_day(day))

    def drop_day(self, day: date) -> None:
        """Back to the public calendar; nothing where the hall did not differ."""
        before = self._told_day(day)
        row = self.session.get(HallDayRow, (self.hall_id, day))
        if row is not None:
            self.session.delete(row)
            self.session.flush()
        self._note(RosterThing.DAY, number_of(day), before, None)

    def told(self, what: RosterThing, entry_id: int) -> Told | None:
        """An entry as it stands now; None: there is none. Staff, posts and imports are none."""
        try:
            match what:
                case RosterThing.SHIFT:
                    return self._told_shift(self._row(what, ShiftRow, entry_id))
                case RosterThing.PATTERN:
                    return self._told_pattern(self._row(what, ShiftPatternRow, entry_id))
                case RosterThing.LEAVE:
                    return self._told_leave(self._row(what, LeaveRow, entry_id))
                case RosterThing.TIME:
                    return self._told_time(self._row(what, ServiceTimeRow, entry_id))
                case RosterThing.NOTE:
                    return told_note(self._live_note(entry_id))
                case RosterThing.DAY:
                    return self._told_day(day_of(entry_id))
                case _:
                    return None
        except UnknownEntryError:
            return None

    def _live_note(self, note_id: int) -> RosterNoteRow:
        row = self._row(RosterThing.NOTE, RosterNoteRow, note_id)
        if row.dropped_at is not None:
            raise UnknownEntryError(RosterThing.NOTE, note_id)
        return row

    def _told_day(self, day: date) -> Told | None:
        row = self.session.get(HallDayRow, (self.hall_id, day))
        return None if row is None else told_day(row)

    def _put(
        self,
        what: RosterThing,
        table: type[R],
        entry_id: int | None,
        values: Mapping[str, Any],
        told: Callable[[R], Told],
        anew: bool,
    ) -> int:
        old = None if entry_id is None or anew else self._row(what, table, entry_id)
        row, before = (table(), None) if old is None else (old, told(old))
        if anew and entry_id is not None:
            row.id = entry_id
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
        line = note_change(
            self.session, self.hall_id, self.editor, what, entry_id, before=before, after=after
        )
        if line is not None:
            self.changes.append(line)

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

    def _told_shift(self, row: ShiftRow) -> Told:
        return told_shift(row, self.session.get_one(StaffRow, row.staff_id))

    def _told_pattern(self, row: ShiftPatternRow) -> Told:
        return told_pattern(self.session, row)

    def _told_leave(self, row: LeaveRow) -> Told:
        return told_leave(row, self.session.get_one(StaffRow, row.staff_id))

    def _told_time(self, row: ServiceTimeRow) -> Told:
        cover = None if row.cover_id is None else self.session.get_one(StaffRow, row.cover_id)
        return told_time(row, cover)


def number_of(day: date) -> int:
    """A day of the calendar as the history numbers it: 20270214."""
    return day.year * 10_000 + day.month * 100 + day.day


def day_of(number: int) -> date:
    return date(number // 10_000, number // 100 % 100, number % 100)


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


def _check_span(starts_at: datetime, ends_at: datetime, longest: timedelta) -> None:
    if ends_at <= starts_at:
        raise EntryRefusedError("span")
    if ends_at - starts_at > longest:
        raise EntryRefusedError("too_long")
