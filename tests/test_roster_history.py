"""Every change of the roster stands in the history and in the access log, also what a file brought;
and can be taken back unless it was changed again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from api.audit.chain import verify_chain
from api.audit.record import AccessBy
from api.audit.tables import Access, AccessRow
from api.database import Database
from api.roster.changes import (
    ALL_CHANGES,
    ChangeFilter,
    Editor,
    RosterThing,
    change_rows,
)
from api.roster.editing import (
    EntryRefusedError,
    LeaveWanted,
    NoteWanted,
    PatternWanted,
    RosterEditor,
    ShiftWanted,
    TimeWanted,
    UnknownEntryError,
)
from api.roster.importing import ScheduleFile, ScheduleKind, import_schedule
from api.roster.tables import LeaveKind, NoteKind, Post, TimeKind
from api.roster.undoing import take_back
from api.roster.weekly import Weekly
from api.users.tables import Role
from tests.halls import NOON, put_hall
from tests.office import BASE, Office, is_problem

HOUR = timedelta(hours=1)
WANG = Editor(AccessBy(None, "王主任", "10.0.0.7"), NOON)
DAILY = Weekly(frozenset(range(5)), 540, 1020, date(2026, 11, 2))
SHIFTS = (
    "日期,窗口,岗位,工号,姓名,开始,结束\n"
    "2026-11-24,w1,A,1001,张三,09:00,17:00\n"
    "2026-11-24,w2,A,1002,李四,09:00,17:00\n"
)


@pytest.fixture
def hall(database: Database) -> Database:
    with database.session() as session:
        put_hall(session)
    return database


def bring(database: Database, kind: ScheduleKind, content: str, *, replace: bool = False) -> int:
    with database.session() as session:
        file = ScheduleFile(kind, "班表.csv", content.encode(), WANG)
        return import_schedule(session, "demo", file, replace=replace).import_id


def lines(
    database: Database, wanted: ChangeFilter = ALL_CHANGES
) -> list[tuple[str, dict[str, Any] | None, dict[str, Any] | None]]:
    """What, before and after; the earliest first."""
    with database.reading() as session:
        rows = change_rows(session, "demo", wanted, limit=200)
        return [(row.what, row.before, row.after) for row in reversed(rows)]


def test_an_import_is_one_line_and_its_entries_are_found_by_window_person_and_file(
    hall: Database,
) -> None:
    import_id = bring(hall, ScheduleKind.SHIFTS, SHIFTS)
    ((what, before, after),) = lines(hall)
    assert (what, before) == ("import", None)
    assert after is not None
    assert (after["file"], after["added"], after["removed"]) == ("班表.csv", 2, 0)
    ((_, _, of_window),) = lines(hall, ChangeFilter(window="w2"))
    assert of_window is not None
    assert (of_window["number"], of_window["starts_at"]) == ("1002", "2026-11-24T01:00:00+00:00")
    assert len(lines(hall, ChangeFilter(number="1001"))) == 1
    assert len(lines(hall, ChangeFilter(import_id=import_id))) == 2
    with hall.reading() as session:
        (row,) = session.scalars(select(AccessRow).where(AccessRow.what == Access.EDIT_ROSTER))
        assert (row.who, row.address, row.hall_id) == ("王主任", "10.0.0.7", "demo")
        assert row.object == f"roster/import/{import_id}"
        assert verify_chain(session).findings == ()


def test_what_a_replacing_import_took_away_is_told_and_what_stays_is_not(hall: Database) -> None:
    bring(hall, ScheduleKind.SHIFTS, SHIFTS)
    again = SHIFTS.replace("1002,李四,09:00", "1002,李四,10:00")
    import_id = bring(hall, ScheduleKind.SHIFTS, again, replace=True)
    told = lines(hall, ChangeFilter(import_id=import_id))
    assert [(before is None, after is None) for _, before, after in told] == [
        (True, False),
        (False, True),
    ]
    assert {(before or after or {})["window"] for _, before, after in told} == {"w2"}


def test_staff_and_posts_that_a_file_changes_are_told(hall: Database) -> None:
    staff = "工号,姓名,窗口,岗位\n1001,张三丰,,\n1003,王五,w1,B\n"
    import_id = bring(hall, ScheduleKind.STAFF, staff)
    told = lines(hall, ChangeFilter(import_id=import_id))
    assert told == [
        ("staff", {"number": "1001", "name": "张三"}, {"number": "1001", "name": "张三丰"}),
        ("staff", None, {"number": "1003", "name": "王五"}),
        (
            "post",
            {"window": "w1", "post": "B", "number": "1002", "name": "李四"},
            {"window": "w1", "post": "B", "number": "1003", "name": "王五"},
        ),
    ]


def test_leaves_that_a_file_brings_are_told(hall: Database) -> None:
    leaves = "工号,姓名,开始,结束,事由\n1001,张三,2026-11-25,2026-11-25,年假\n"
    import_id = bring(hall, ScheduleKind.LEAVES, leaves)
    ((what, _, after),) = lines(hall, ChangeFilter(import_id=import_id))
    assert (what, after and after["note"]) == ("leave", "年假")


def make_all(roster: RosterEditor) -> None:
    """One entry of every kind."""
    roster.put_shift(ShiftWanted("w2", Post.A, "1002", NOON + 24 * HOUR, NOON + 28 * HOUR))
    roster.skip(roster.put_pattern(PatternWanted("w2", Post.A, "1001", DAILY)), date(2026, 11, 26))
    roster.put_leave(LeaveWanted(LeaveKind.MEETING, "1001", NOON, NOON + HOUR, "例会"))
    roster.put_time(TimeWanted(TimeKind.BREAK, "w1", DAILY, covered=True, cover="1002"))
    roster.put_note(NoteWanted(NoteKind.VISITOR, "w1", NOON, NOON + HOUR, "检查组"))
    roster.put_day(date(2026, 11, 28), works=True, note="周六值班")


def standing(database: Database) -> dict[str, int]:
    tables = ("shifts", "shift_patterns", "leaves", "service_times", "hall_days")
    with database.reading() as session:
        counts = {t: session.scalar(text(f"SELECT count(*) FROM {t}")) or 0 for t in tables}
        live = text("SELECT count(*) FROM roster_notes WHERE dropped_at IS NULL")
        return counts | {"roster_notes": session.scalar(live) or 0}


def test_every_kind_of_entry_is_made_undone_and_done_again(hall: Database) -> None:
    empty = standing(hall)
    with hall.session() as session:
        roster = RosterEditor(session, "demo", WANG)
        make_all(roster)
        made = list(roster.changes)
    full = standing(hall)
    assert {key: n - empty[key] for key, n in full.items()} == dict.fromkeys(full, 1)
    told = lines(hall)
    with hall.session() as session:
        roster = RosterEditor(session, "demo", WANG)
        take_back(roster, made)
        undone = list(roster.changes)
    assert standing(hall) == empty
    with hall.session() as session:
        roster = RosterEditor(session, "demo", WANG)
        take_back(roster, undone)
        again = [
            row.after
            for row in change_rows(session, "demo", limit=200)
            if row.id in roster.changes and row.after is not None
        ]
    assert standing(hall) == full
    for _, before, after in told:
        assert after in again or before is not None
    with hall.reading() as session:
        assert verify_chain(session).findings == ()
        logged = session.scalars(select(AccessRow).where(AccessRow.what == Access.EDIT_ROSTER))
        assert len({row.details.get("change") for row in logged}) == len(lines(hall))


def test_a_change_that_was_changed_again_is_not_taken_back(hall: Database) -> None:
    wanted = LeaveWanted(LeaveKind.LEAVE, "1001", NOON, NOON + HOUR, "")
    with hall.session() as session:
        roster = RosterEditor(session, "demo", WANG)
        leave = roster.put_leave(wanted)
        roster.put_leave(LeaveWanted(LeaveKind.OUT, "1001", NOON, NOON + HOUR, ""), leave)
        first = roster.changes[0]
        with pytest.raises(EntryRefusedError) as refused:
            take_back(roster, [first])
        assert refused.value.code == "changed_since"
        with pytest.raises(UnknownEntryError):
            take_back(roster, [10_000])


def test_what_a_file_brought_is_not_taken_back_by_itself(hall: Database) -> None:
    bring(hall, ScheduleKind.SHIFTS, SHIFTS)
    with hall.session() as session:
        roster = RosterEditor(session, "demo", WANG)
        for row in change_rows(session, "demo", ChangeFilter(window="w2")):
            with pytest.raises(EntryRefusedError) as refused:
                take_back(roster, [row.id])
            assert refused.value.code == "no_undo"


def test_filters(hall: Database) -> None:
    with hall.session() as session:
        make_all(RosterEditor(session, "demo", WANG))
        late = Editor(AccessBy(None, "李科长"), NOON + timedelta(days=2))
        RosterEditor(session, "demo", late).put_time(TimeWanted(TimeKind.OPEN, None, DAILY))

    def kinds(**asked: Any) -> list[str]:
        return [what for what, _, _ in lines(hall, ChangeFilter(**asked))]

    assert kinds(window="w2") == ["shift", "pattern", "pattern", "day", "time"]
    assert kinds(window="w1") == ["time", "note", "day", "time"]  # also what the whole hall has
    assert kinds(number="1002") == ["shift", "time"]  # the break that 1002 covers
    assert kinds(number="1001", what=RosterThing.LEAVE) == ["leave"]
    assert kinds(who="科长") == ["time"]
    assert kinds(who="%") == []
    assert kinds(at_from=NOON + timedelta(days=1)) == ["time"]
    assert len(kinds(at_to=NOON + timedelta(days=1))) == 7


def test_nobody_rewrites_the_history(hall: Database) -> None:
    bring(hall, ScheduleKind.SHIFTS, SHIFTS)
    for deed in ("DELETE FROM roster_changes", "UPDATE roster_changes SET who = 'x'"):
        with pytest.raises(DatabaseError), hall.session() as session:
            session.execute(text(deed))


def test_history_and_taking_back_over_http(office: Office) -> None:
    client = office.client(Role.SUPERVISOR)
    hall = f"{BASE}/halls/demo"
    span = {"starts_at": NOON.isoformat(), "ends_at": (NOON + HOUR).isoformat()}
    client.post(f"{hall}/leaves", json=span | {"number": "1001", "kind": "meeting"})
    asked = {"number": "1001", "what": "leave", "at_from": NOON.isoformat()}
    (line,) = client.get(f"{hall}/roster-changes", params=asked).json()
    assert (line["after"]["kind"], line["import_id"]) == ("meeting", None)
    back = f"{hall}/roster-changes/{line['id']}/take-back"
    assert client.post(back).status_code == 204
    assert is_problem(client.post(back), 422, "entry-refused")
    assert is_problem(client.post(f"{hall}/roster-changes/9999/take-back"), 404, "not-found")
    assert is_problem(client.get(f"{hall}/roster-changes?what=nonsense"), 422, "invalid")
    address = f"{hall}/schedule/shifts?from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z"
    assert client.get(address).status_code == 200
    with office.database.reading() as session:
        (row,) = session.scalars(select(AccessRow).where(AccessRow.what == Access.EXPORT))
        assert (row.object, row.who) == ("schedule/shifts", "某supervisor")
