"""Take a change of the roster back: the entry becomes again what the history says it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from api.roster.changes import RosterThing
from api.roster.editing import (
    EntryRefusedError,
    LeaveWanted,
    NoteWanted,
    PatternWanted,
    RosterEditor,
    ShiftWanted,
    TimeWanted,
    UnknownEntryError,
    day_of,
)
from api.roster.tables import LeaveKind, NoteKind, Post, RosterChangeRow, TimeKind
from api.roster.told import Told
from api.roster.weekly import Weekly

FOR_GOOD = frozenset({RosterThing.IMPORT, RosterThing.STAFF, RosterThing.POST})
"""What is not taken back by itself: a mended file is brought instead."""


def take_back(roster: RosterEditor, changes: Sequence[int]) -> None:
    """Take these lines of the history back, the last first; each is a new line itself.

    Raises UnknownEntryError, and EntryRefusedError: `changed_since` where an entry is not any more
    what the change made of it, `no_undo` for imports and what came with them.
    """
    for change_id in sorted(changes, reverse=True):
        row = roster.session.get(RosterChangeRow, change_id)
        if row is None or row.hall_id != roster.hall_id:
            raise UnknownEntryError(RosterThing.IMPORT, change_id)
        _take_back(roster, row)


def _take_back(roster: RosterEditor, row: RosterChangeRow) -> None:
    what, entry = RosterThing(row.what), row.thing_id
    if row.import_id is not None or what in FOR_GOOD:
        raise EntryRefusedError("no_undo")
    if roster.told(what, entry) != row.after:
        raise EntryRefusedError("changed_since")
    if row.before is None:
        _drop(roster, what, entry)
    else:
        _put(roster, what, row.before, entry, gone=row.after is None)


def _drop(roster: RosterEditor, what: RosterThing, entry: int) -> None:
    match what:
        case RosterThing.SHIFT:
            roster.drop_shift(entry)
        case RosterThing.PATTERN:
            roster.drop_pattern(entry)
        case RosterThing.LEAVE:
            roster.drop_leave(entry)
        case RosterThing.TIME:
            roster.drop_time(entry)
        case RosterThing.NOTE:
            roster.drop_note(entry)
        case _:
            roster.drop_day(day_of(entry))


def _put(roster: RosterEditor, what: RosterThing, was: Told, entry: int, *, gone: bool) -> None:
    """`gone`: there is no such entry any more; it is made anew."""
    match what:
        case RosterThing.SHIFT:
            roster.put_shift(_shift(was), entry, anew=gone)
        case RosterThing.PATTERN:
            _put_pattern(roster, was, entry, gone=gone)
        case RosterThing.LEAVE:
            roster.put_leave(_leave(was), entry, anew=gone)
        case RosterThing.TIME:
            roster.put_time(_time(was), entry, anew=gone)
        case RosterThing.NOTE if gone:
            roster.restore_note(entry)
        case RosterThing.NOTE:
            roster.put_note(_note(was), entry)
        case _:
            day = date.fromisoformat(was["day"])
            roster.put_day(day, works=was["works"], note=was["note"])


def _put_pattern(roster: RosterEditor, was: Told, entry: int, *, gone: bool) -> None:
    """Its days off are entries of their own."""
    wanted = PatternWanted(was["window"], Post(was["post"]), was["number"], _weekly(was))
    pattern = roster.put_pattern(wanted, entry, anew=gone)
    now = roster.told(RosterThing.PATTERN, pattern)
    skipped = set(now["skips"]) if now is not None else set()
    for day in sorted(set(was["skips"]) - skipped):
        roster.skip(pattern, date.fromisoformat(day))
    for day in sorted(skipped - set(was["skips"])):
        roster.unskip(pattern, date.fromisoformat(day))


def _shift(was: Told) -> ShiftWanted:
    return ShiftWanted(was["window"], Post(was["post"]), was["number"], *_span(was))


def _leave(was: Told) -> LeaveWanted:
    return LeaveWanted(LeaveKind(was["kind"]), was["number"], *_span(was), was["note"])


def _time(was: Told) -> TimeWanted:
    cover = was["cover"]
    return TimeWanted(
        TimeKind(was["kind"]),
        was["window"],
        _weekly(was),
        was["covered"],
        None if cover is None else cover["number"],
    )


def _note(was: Told) -> NoteWanted:
    return NoteWanted(NoteKind(was["kind"]), was["window"], *_span(was), was["note"])


def _weekly(was: Told) -> Weekly:
    return Weekly(
        frozenset(was["weekdays"]),
        was["start_min"],
        was["end_min"],
        date.fromisoformat(was["first"]),
        date.fromisoformat(was["last"]) if was["last"] else None,
        was["every"],
        was["by_calendar"],
    )


def _span(was: Told) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(was["starts_at"]), datetime.fromisoformat(was["ends_at"])
