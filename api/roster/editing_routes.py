"""The roster changed by hand over HTTP, and its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.fields import HallPath, Moment, RowId, Slug, WindowPath, Words
from api.halls.reading import hall_row, window_row
from api.openapi import problems
from api.roster.changes import ChangeFilter, Editor, RosterThing, change_rows
from api.roster.editing import (
    LeaveWanted,
    NoteWanted,
    PatternWanted,
    RosterEditor,
    ShiftWanted,
    TimeWanted,
)
from api.roster.opening import window_open
from api.roster.reading import pattern_rows, time_rows, weekdays_of
from api.roster.tables import (
    LeaveKind,
    NoteKind,
    Post,
    ServiceTimeRow,
    ShiftPatternRow,
    TimeKind,
)
from api.roster.undoing import take_back
from api.roster.views import live_notes
from api.roster.weekly import Weekly
from api.site import NeedsInHall, Now, Reading, SiteHere, Writing, WritingRoute
from api.users.permissions import Permission
from api.users.tokens import Principal

editing_routes = APIRouter(tags=["roster"], route_class=WritingRoute)

READS = [Depends(NeedsInHall(Permission.ROSTER_READ))]
Changer = Annotated[Principal, Depends(NeedsInHall(Permission.ROSTER_EDIT))]
REFUSALS = problems(401, 403, 404, 422)
Number = Annotated[str, StringConstraints(min_length=1, max_length=32)]
Note = Annotated[Words, StringConstraints(max_length=200)]
Minute = Annotated[int, Field(ge=0, le=24 * 60)]
DayPath = Annotated[date, Path(examples=["2026-11-28"])]


def _roster(
    hall: HallPath, who: Changer, session: Writing, now: Now, site: SiteHere
) -> RosterEditor:
    with site.database.reading() as looking:
        hall_row(looking, hall)
    return RosterEditor(session, hall, Editor.of(who, now))


Roster = Annotated[RosterEditor, Depends(_roster)]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Made(BaseModel):
    id: int


class ShiftIn(_Given):
    """`number`: whose it is (工号)."""

    window: Slug
    post: Post
    number: Number
    starts_at: Moment
    ends_at: Moment

    def wanted(self) -> ShiftWanted:
        return ShiftWanted(self.window, self.post, self.number, self.starts_at, self.ends_at)


class WeeklyIn(_Given):
    """Weekdays 0 (Monday) to 6; minutes since midnight, an end not after the start is the next
    day's; `every` 2: every other week, that of `first` being one of them; `by_calendar`: not on
    holidays, and on make-up workdays like the Friday before or the Monday after."""

    weekdays: set[Annotated[int, Field(ge=0, le=6)]]
    start_min: Minute
    end_min: Minute
    first: date
    last: date | None = None
    every: Literal[1, 2] = 1
    by_calendar: bool = True

    def weekly(self) -> Weekly:
        return Weekly(
            frozenset(self.weekdays),
            self.start_min,
            self.end_min,
            self.first,
            self.last,
            self.every,
            self.by_calendar,
        )


class PatternIn(WeeklyIn):
    window: Slug
    post: Post
    number: Number

    def wanted(self) -> PatternWanted:
        return PatternWanted(self.window, self.post, self.number, self.weekly())


class PatternOut(PatternIn):
    id: int
    skips: tuple[date, ...]


class TimeIn(WeeklyIn):
    """Hours of service or a break; without `window`, the hall's. `covered`: a break in which the
    window stays open, and the person with the number `cover`, or else the window's B, stands in."""

    kind: TimeKind
    window: Slug | None = None
    covered: bool = False
    cover: Number | None = None

    def wanted(self) -> TimeWanted:
        return TimeWanted(self.kind, self.window, self.weekly(), self.covered, self.cover)


class TimeOut(TimeIn):
    id: int


class LeaveIn(_Given):
    """Leave, errand, meeting or training (去向)."""

    kind: LeaveKind = LeaveKind.LEAVE
    number: Number
    starts_at: Moment
    ends_at: Moment
    note: Note = ""

    def wanted(self) -> LeaveWanted:
        return LeaveWanted(self.kind, self.number, self.starts_at, self.ends_at, self.note)


class NoteIn(_Given):
    """A visitor, a training or a handover; without `window`, anywhere in the hall."""

    kind: NoteKind
    window: Slug | None = None
    starts_at: Moment
    ends_at: Moment
    note: Note = ""

    def wanted(self) -> NoteWanted:
        return NoteWanted(self.kind, self.window, self.starts_at, self.ends_at, self.note)


class NoteOut(NoteIn):
    id: int
    entered_at: datetime
    entered_by: str


class ChangeOut(BaseModel):
    """Who changed what; `before` null: it was made, `after` null: it was taken away. `import_id`:
    a file brought this entry or took it away."""

    id: int
    at: datetime
    who: str
    what: str
    thing: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    import_id: int | None


class OpenOut(BaseModel):
    """`open` null: nothing was said about the window's hours."""

    open: bool | None


@editing_routes.post("/halls/{hall}/shifts", responses=REFUSALS, status_code=201)
def make_shift(body: ShiftIn, roster: Roster) -> Made:
    """A single shift."""
    return Made(id=roster.put_shift(body.wanted()))


@editing_routes.put("/halls/{hall}/shifts/{entry}", responses=REFUSALS)
def put_shift(entry: RowId, body: ShiftIn, roster: Roster) -> Made:
    """Change a single shift."""
    return Made(id=roster.put_shift(body.wanted(), entry))


@editing_routes.delete("/halls/{hall}/shifts/{entry}", responses=REFUSALS, status_code=204)
def delete_shift(entry: RowId, roster: Roster) -> None:
    """Take a single shift away."""
    roster.drop_shift(entry)


@editing_routes.get("/halls/{hall}/shift-patterns", dependencies=READS, responses=REFUSALS)
def list_patterns(hall: HallPath, session: Reading) -> tuple[PatternOut, ...]:
    """The shifts that come back weekly."""
    return tuple(
        PatternOut(
            id=row.id,
            window=row.window_id,
            post=row.post,
            number=person.number,
            skips=tuple(sorted(skips)),
            **_weekly(row),
        )
        for row, person, skips in pattern_rows(session, hall_row(session, hall).id)
    )


@editing_routes.post("/halls/{hall}/shift-patterns", responses=REFUSALS, status_code=201)
def make_pattern(body: PatternIn, roster: Roster) -> Made:
    """A shift that comes back weekly."""
    return Made(id=roster.put_pattern(body.wanted()))


@editing_routes.put("/halls/{hall}/shift-patterns/{entry}", responses=REFUSALS)
def put_pattern(entry: RowId, body: PatternIn, roster: Roster) -> Made:
    """Change a weekly shift, past weeks included; end it and make another to keep these."""
    return Made(id=roster.put_pattern(body.wanted(), entry))


@editing_routes.delete("/halls/{hall}/shift-patterns/{entry}", responses=REFUSALS, status_code=204)
def delete_pattern(entry: RowId, roster: Roster) -> None:
    """Take a weekly shift away, past weeks included."""
    roster.drop_pattern(entry)


@editing_routes.put(
    "/halls/{hall}/shift-patterns/{entry}/skips/{day}", responses=REFUSALS, status_code=204
)
def skip_day(entry: RowId, day: DayPath, roster: Roster) -> None:
    """Leave a weekly shift out on one day."""
    roster.skip(entry, day)


@editing_routes.post("/halls/{hall}/leaves", responses=REFUSALS, status_code=201)
def make_leave(body: LeaveIn, roster: Roster) -> Made:
    """Somebody is away."""
    return Made(id=roster.put_leave(body.wanted()))


@editing_routes.put("/halls/{hall}/leaves/{entry}", responses=REFUSALS)
def put_leave(entry: RowId, body: LeaveIn, roster: Roster) -> Made:
    """Change when or why somebody is away."""
    return Made(id=roster.put_leave(body.wanted(), entry))


@editing_routes.delete("/halls/{hall}/leaves/{entry}", responses=REFUSALS, status_code=204)
def delete_leave(entry: RowId, roster: Roster) -> None:
    """Somebody is not away after all."""
    roster.drop_leave(entry)


@editing_routes.get("/halls/{hall}/service-times", dependencies=READS, responses=REFUSALS)
def list_times(hall: HallPath, session: Reading) -> tuple[TimeOut, ...]:
    """Hours of service and breaks."""
    return tuple(
        TimeOut(
            id=row.id,
            kind=row.kind,
            window=row.window_id,
            covered=row.covered,
            cover=None if who is None else who.number,
            **_weekly(row),
        )
        for row, who in time_rows(session, hall_row(session, hall).id)
    )


@editing_routes.post("/halls/{hall}/service-times", responses=REFUSALS, status_code=201)
def make_time(body: TimeIn, roster: Roster) -> Made:
    """Hours of service, or a break."""
    return Made(id=roster.put_time(body.wanted()))


@editing_routes.put("/halls/{hall}/service-times/{entry}", responses=REFUSALS)
def put_time(entry: RowId, body: TimeIn, roster: Roster) -> Made:
    """Change hours of service, or a break."""
    return Made(id=roster.put_time(body.wanted(), entry))


@editing_routes.delete("/halls/{hall}/service-times/{entry}", responses=REFUSALS, status_code=204)
def delete_time(entry: RowId, roster: Roster) -> None:
    """Take hours of service or a break away."""
    roster.drop_time(entry)


@editing_routes.get("/halls/{hall}/roster-notes", dependencies=READS, responses=REFUSALS)
def list_notes(hall: HallPath, session: Reading) -> tuple[NoteOut, ...]:
    """Visitors, trainings and handovers, the latest 500."""
    rows = live_notes(session, hall_row(session, hall).id)
    return tuple(
        NoteOut(
            id=row.id,
            kind=row.kind,
            window=row.window_id,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            note=row.note,
            entered_at=row.entered_at,
            entered_by=row.entered_by,
        )
        for row in rows
    )


@editing_routes.post("/halls/{hall}/roster-notes", responses=REFUSALS, status_code=201)
def make_note(body: NoteIn, roster: Roster) -> Made:
    """A visitor, a training or a handover."""
    return Made(id=roster.put_note(body.wanted()))


@editing_routes.put("/halls/{hall}/roster-notes/{entry}", responses=REFUSALS)
def put_note(entry: RowId, body: NoteIn, roster: Roster) -> Made:
    """Change a note: the old one is taken back, and a new one made."""
    return Made(id=roster.put_note(body.wanted(), entry))


@editing_routes.delete("/halls/{hall}/roster-notes/{entry}", responses=REFUSALS, status_code=204)
def delete_note(entry: RowId, roster: Roster) -> None:
    """Take a note back; alerts that came in before go on telling it."""
    roster.drop_note(entry)


@dataclass(frozen=True, slots=True)
class ChangesWanted:
    """The query of the history."""

    window: Annotated[Slug | None, Query(description="and what holds for the whole hall")] = None
    number: Annotated[Number | None, Query(description="whose shift, leave, post or cover")] = None
    who: Annotated[Words, Query(max_length=80, description="within the editor's name")] = ""
    what: Annotated[RosterThing | None, Query()] = None
    at_from: Annotated[Moment | None, Query(description="not before; with a zone")] = None
    at_to: Annotated[Moment | None, Query(description="before this; with a zone")] = None
    of_import: Annotated[int | None, Query(ge=1, description="the entries of one file")] = None

    def filter(self) -> ChangeFilter:
        return ChangeFilter(
            self.window,
            self.number,
            self.who,
            self.what,
            self.at_from,
            self.at_to,
            self.of_import,
        )


@editing_routes.get("/halls/{hall}/roster-changes", dependencies=READS, responses=REFUSALS)
def list_changes(
    hall: HallPath,
    session: Reading,
    wanted: Annotated[ChangesWanted, Depends()],
    before: Annotated[int | None, Query(ge=1)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> tuple[ChangeOut, ...]:
    """Who changed the roster when, the latest first; `before` an id, for the next page. Entries
    that a file brought are listed where a window, a person or that file is asked for."""
    hall_id = hall_row(session, hall).id
    rows = change_rows(session, hall_id, wanted.filter(), before=before, limit=limit)
    return tuple(
        ChangeOut(
            id=row.id,
            at=row.at,
            who=row.who,
            what=row.what,
            thing=row.thing_id,
            before=row.before,
            after=row.after,
            import_id=row.import_id,
        )
        for row in rows
    )


@editing_routes.post(
    "/halls/{hall}/roster-changes/{entry}/take-back", responses=REFUSALS, status_code=204
)
def take_change_back(entry: RowId, roster: Roster) -> None:
    """Make an entry again what it was before a change, unless it was changed again since."""
    take_back(roster, [entry])


@editing_routes.get("/halls/{hall}/windows/{window}/open", dependencies=READS, responses=REFUSALS)
def read_open(hall: HallPath, window: WindowPath, at: Moment, session: Reading) -> OpenOut:
    """Whether the window is open at that instant: false also in a planned break."""
    row = window_row(session, hall, window)
    return OpenOut(open=window_open(session, hall, row.id, at))


def _weekly(row: ShiftPatternRow | ServiceTimeRow) -> dict[str, Any]:
    return {
        "weekdays": weekdays_of(row.weekdays),
        "start_min": row.start_min,
        "end_min": row.end_min,
        "first": row.first,
        "last": row.last,
        "every": row.every,
        "by_calendar": row.by_calendar,
    }
