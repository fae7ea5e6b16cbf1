"""Schedules from the office's files: read as offices write them, or refused row by row."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from api.audit.record import AccessBy
from api.database import Database
from api.halls.reading import UnknownHallIdError
from api.halls.sync import sync_hall
from api.halls.tables import HallRow
from api.roster.changes import Editor
from api.roster.importing import Imported, ScheduleFile, ScheduleKind, import_schedule
from api.roster.problems import TEXTS, ScheduleRefusedError
from api.roster.reading import duty_at
from api.roster.sheet import read_sheet
from api.roster.tables import LeaveRow, PostRow, ScheduleImportRow, ShiftRow, StaffRow
from api.roster.template import template
from tests.halls import HALL, NOON

STAFF = "工号,姓名,窗口,岗位\n1001,张三,1号窗口,A\n1002,李四,w1,B岗\n1003,王五,,\n1004,王五,,\n"
SHIFT_HEAD = "日期,窗口,岗位,工号,姓名,开始,结束\n"
WANG = Editor(AccessBy(None, "王主任"), NOON)
GOOD_SHIFT = "2026-11-23,1号窗口,A,1001,张三,09:00,17:00\n"


@pytest.fixture
def office(database: Database) -> Database:
    """The hall with four people, two of whom are called 王五."""
    with database.session() as session:
        sync_hall(session, HALL, NOON)
    bring(database, ScheduleKind.STAFF, STAFF.encode())
    return database


def bring(
    database: Database, kind: ScheduleKind, content: bytes, *, replace: bool = False
) -> Imported:
    with database.session() as session:
        file = ScheduleFile(kind, "班表.csv", content, WANG)
        return import_schedule(session, "demo", file, replace=replace)


def shifts(database: Database) -> list[tuple[str, str, str, str, str]]:
    """window, post, number, start and end (UTC), in order."""
    with database.reading() as session:
        rows = session.execute(
            select(ShiftRow, StaffRow.number)
            .join(StaffRow, StaffRow.id == ShiftRow.staff_id)
            .order_by(ShiftRow.starts_at, ShiftRow.window_id, ShiftRow.post)
        ).all()
    return [
        (s.window_id, s.post.value, n, f"{s.starts_at:%d %H:%M}", f"{s.ends_at:%d %H:%M}")
        for s, n in rows
    ]


def refused(database: Database, kind: ScheduleKind, content: bytes) -> list[tuple[int, str, str]]:
    """Row, column and code of every problem; and proof that nothing was imported."""
    with database.reading() as session:
        before = [
            session.scalar(select(func.count()).select_from(table))
            for table in (StaffRow, PostRow, ShiftRow, LeaveRow, ScheduleImportRow)
        ]
    with pytest.raises(ScheduleRefusedError) as caught:
        bring(database, kind, content)
    with database.reading() as session:
        after = [
            session.scalar(select(func.count()).select_from(table))
            for table in (StaffRow, PostRow, ShiftRow, LeaveRow, ScheduleImportRow)
        ]
    assert before == after
    for problem in caught.value.problems:
        assert problem.text("zh") != problem.text("en")
        assert "{" not in problem.text("zh") + problem.text("en")
    return [(p.row, p.column, p.code) for p in caught.value.problems]


def xlsx(rows: Sequence[Sequence[Any]], title: str = "排班") -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


EXPECTED = [("w1", "A", "1001", "23 01:00", "23 09:00")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_encodings(office: Database, encoding: str) -> None:
    imported = bring(office, ScheduleKind.SHIFTS, (SHIFT_HEAD + GOOD_SHIFT).encode(encoding))
    assert (imported.added, imported.unchanged) == (1, 0)
    assert shifts(office) == EXPECTED


@pytest.mark.parametrize(
    "text",
    [
        "date,window,post,staff_no,name,start,end\n2026/11/23,w1,a,1001,张三,9:00,17:00:00\n",
        "Date;Window;Post;Staff_No;Start;End\n2026.11.23;W1;A岗;1001;0900;1700\n",
        "日期\t窗口\t岗位\t姓名\t开始\t结束\n2026年11月23日\t1号窗口\tA角\t张三\t9点\t17时00分\n",
        "2026年11月排班表,,,,,\n\n日期,窗口,岗位,工号,上班时间,下班时间\n20261123,w1,A,1001,0.375,17:00\n",
        '日期,窗口,岗位,工号,开始,结束,备注\n"２０２６－１１－２３",１号窗口,Ａ,１００１,９：００,１７：００,"两\n行"\n',
        "日期,窗口,岗位,工号,开始,结束\r\n46349,w1,A,1001,09:00,17:00\r\n,,,,,\r\n",
    ],
)
def test_ways_of_writing(office: Database, text: str) -> None:
    bring(office, ScheduleKind.SHIFTS, text.encode())
    assert shifts(office) == EXPECTED


@pytest.mark.parametrize(
    "row",
    [
        [datetime(2026, 11, 23), "1号窗口", "A", 1001, "张三", time(9), time(17)],
        [date(2026, 11, 23), "w1", "A", "1001", None, timedelta(hours=9), timedelta(hours=17)],
        [46349, "w1", "A", 1001.0, "张三", 0.375, 17 / 24],
        ["2026-11-23", "w1", "A", "1001", "张三", datetime(1899, 12, 30, 9), "17:00"],
    ],
)
def test_excel_cells(office: Database, row: list[Any]) -> None:
    head = ["日期", "窗口", "岗位", "工号", "姓名", "开始", "结束"]
    bring(office, ScheduleKind.SHIFTS, xlsx([["排班表"], head, row, [None] * 7]))
    assert shifts(office) == EXPECTED


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        ("22:00", "06:00", ("23 14:00", "23 22:00")),
        ("16:00", "00:00", ("23 08:00", "23 16:00")),
        ("16:00", "24:00", ("23 08:00", "23 16:00")),
        ("00:00", "08:00", ("22 16:00", "23 00:00")),
        ("17:00", "09:00", ("23 09:00", "24 01:00")),
    ],
)
def test_shifts_over_midnight(
    office: Database, start: str, end: str, span: tuple[str, str]
) -> None:
    row = f"2026-11-23,w1,A,1001,张三,{start},{end}\n"
    bring(office, ScheduleKind.SHIFTS, (SHIFT_HEAD + row).encode())
    assert [s[3:] for s in shifts(office)] == [span]


BAD_CELLS: list[tuple[str, str, str]] = [
    (",w1,A,1001,张三,09:00,17:00", "日期", "blank"),
    ("11-23,w1,A,1001,张三,09:00,17:00", "日期", "date"),
    ("23/11/2026,w1,A,1001,张三,09:00,17:00", "日期", "date"),
    ("2026-02-30,w1,A,1001,张三,09:00,17:00", "日期", "date"),
    ("1926-11-23,w1,A,1001,张三,09:00,17:00", "日期", "far_date"),
    ("9999-12-31,w1,A,1001,张三,09:00,17:00", "日期", "far_date"),
    ("99999,w1,A,1001,张三,09:00,17:00", "日期", "far_date"),
    ("2026-11-23,,A,1001,张三,09:00,17:00", "窗口", "blank"),
    ("2026-11-23,9号窗口,A,1001,张三,09:00,17:00", "窗口", "window"),
    ("2026-11-23,w1,,1001,张三,09:00,17:00", "岗位", "blank"),
    ("2026-11-23,w1,C,1001,张三,09:00,17:00", "岗位", "post"),
    ("2026-11-23,w1,A,9999,张三,09:00,17:00", "工号", "staff"),
    ("2026-11-23,w1,A,1001,李四,09:00,17:00", "姓名", "name_differs"),
    ("2026-11-23,w1,A,,,09:00,17:00", "工号", "blank"),
    ("2026-11-23,w1,A,,王五,09:00,17:00", "姓名", "two_of_name"),
    ("2026-11-23,w1,A,,钱八,09:00,17:00", "姓名", "staff_name"),
    ("2026-11-23,w1,A,1001,张三,,17:00", "开始", "blank"),
    ("2026-11-23,w1,A,1001,张三,25:00,17:00", "开始", "time"),
    ("2026-11-23,w1,A,1001,张三,09:00,17:60", "结束", "time"),
    ("2026-11-23,w1,A,1001,张三,09:00,全天", "结束", "time"),
    ("2026-11-23,w1,A,1001,张三,09:00,08:00", "", "too_long"),
    ("2026-11-23,w1,A,1001,张三,09:00,09:00", "", "too_long"),
    ("2026-11-23,w1,A,10\x0701,张三,09:00,17:00", "工号", "control"),
]


@pytest.mark.parametrize(("row", "column", "code"), BAD_CELLS)
def test_a_bad_cell_is_named_and_nothing_is_imported(
    office: Database, row: str, column: str, code: str
) -> None:
    good = "2026-11-24,w1,A,1001,张三,09:00,17:00\n"
    content = (SHIFT_HEAD + good + row + "\n").encode()
    assert refused(office, ScheduleKind.SHIFTS, content) == [(3, column, code)]


def test_every_bad_row_is_named_at_once(office: Database) -> None:
    rows = "x,y,z,1001,张三,a,b\n" + GOOD_SHIFT + "2026-11-24,w1,A,7,,09:00,17:00\n"
    assert refused(office, ScheduleKind.SHIFTS, (SHIFT_HEAD + rows).encode()) == [
        (2, "日期", "date"),
        (2, "窗口", "window"),
        (2, "岗位", "post"),
        (2, "开始", "time"),
        (2, "结束", "time"),
        (4, "工号", "staff"),
    ]


@pytest.mark.parametrize(
    ("second", "code"),
    [
        ("2026-11-23,1号窗口,A,1001,,09:00,17:00", "duplicate"),
        ("2026-11-23,w2,A,1001,,16:59,18:00", "overlap"),
        ("2026-11-23,w1,B,1001,,16:59,18:00", "overlap"),
        ("2026-11-22,w2,A,1001,,20:00,09:01", "overlap"),
        ("2026-11-23,w2,A,1001,,17:00,18:00", None),
        ("2026-11-23,w2,B,1001,,09:00,17:00", None),
        ("2026-11-23,w1,A,1002,,09:00,17:00", None),
    ],
)
def test_shifts_of_one_file_must_fit_together(
    office: Database, second: str, code: str | None
) -> None:
    content = (SHIFT_HEAD + GOOD_SHIFT + second + "\n").encode()
    if code is None:
        assert bring(office, ScheduleKind.SHIFTS, content).added == 2
    else:
        [(row, column, found)] = refused(office, ScheduleKind.SHIFTS, content)
        assert (column, found) == ("", code)
        assert row in (2, 3)


def test_the_same_file_again_changes_nothing(office: Database) -> None:
    content = (SHIFT_HEAD + GOOD_SHIFT).encode()
    first = bring(office, ScheduleKind.SHIFTS, content)
    again = bring(office, ScheduleKind.SHIFTS, content)
    assert (first.added, again.added, again.unchanged) == (1, 0, 1)
    assert shifts(office) == EXPECTED


def test_a_clash_with_the_schedule_is_refused_unless_it_replaces(office: Database) -> None:
    other = "2026-11-30,w1,A,1001,张三,09:00,17:00\n2026-11-23,w2,A,1002,李四,09:00,17:00\n"
    bring(office, ScheduleKind.SHIFTS, (SHIFT_HEAD + GOOD_SHIFT + other).encode())
    changed = (SHIFT_HEAD + "2026-11-23,w1,A,1001,张三,10:00,18:00\n").encode()
    assert refused(office, ScheduleKind.SHIFTS, changed) == [(2, "", "overlap_known")]
    imported = bring(office, ScheduleKind.SHIFTS, changed, replace=True)
    assert (imported.added, imported.removed) == (1, 1)
    assert shifts(office) == [
        ("w2", "A", "1002", "23 01:00", "23 09:00"),
        ("w1", "A", "1001", "23 02:00", "23 10:00"),
        ("w1", "A", "1001", "30 01:00", "30 09:00"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \n ,,\n", "empty_file"),
        (b"\xd0\xcf\x11\xe0rest", "old_excel"),
        (b"PK\x03\x04 broken", "broken_xlsx"),
        (b"\xff\xff\x00\x01", "encoding"),
        ("日期,窗口\n".encode(), "no_header"),
        ("日期,日期,窗口,岗位,工号,开始,结束\n".encode(), "double_header"),
        (SHIFT_HEAD.encode(), "no_rows"),
        ("日期,窗口,岗位,开始,结束\n1,2,3,4,5\n".encode(), "no_header"),
        ((SHIFT_HEAD + '"2026-11-23,w1').encode(), "csv"),
        ((SHIFT_HEAD + GOOD_SHIFT * 20_001).encode(), "too_big"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(office: Database, content: bytes, code: str) -> None:
    assert refused(office, ScheduleKind.SHIFTS, content) == [(0, "", code)]


def test_a_merged_cell_is_a_blank_and_blanks_are_not_guessed(office: Database) -> None:
    head = ["日期", "窗口", "岗位", "工号", "开始", "结束"]
    book = load_workbook(
        io.BytesIO(
            xlsx([head, ["2026-11-23", "w1", "A", 1001, "09:00", "12:00"],
                  [None, "w1", "A", 1001, "13:00", "17:00"]])
        )
    )  # fmt: skip
    book.worksheets[0].merge_cells("A2:A3")
    content = io.BytesIO()
    book.save(content)
    assert refused(office, ScheduleKind.SHIFTS, content.getvalue()) == [(3, "日期", "blank")]


def test_several_sheets_are_refused(office: Database) -> None:
    book = load_workbook(io.BytesIO(xlsx([["日期"], ["x"]])))
    book.create_sheet("二月").append(["日期", "窗口"])
    content = io.BytesIO()
    book.save(content)
    assert refused(office, ScheduleKind.SHIFTS, content.getvalue()) == [(0, "", "many_sheets")]


def test_a_workbook_that_unpacks_to_too_much_is_refused_unread(office: Database) -> None:
    content = io.BytesIO()
    with (
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(101):
            part.write(bytes(1_000_000))
    assert refused(office, ScheduleKind.SHIFTS, content.getvalue()) == [(0, "", "too_big")]


def test_times_that_the_clock_skips_are_refused(office: Database) -> None:
    with office.session() as session:
        session.get_one(HallRow, "demo").timezone = "Europe/Berlin"
    row = "2026-03-29,w1,A,1001,张三,02:30,09:00\n"
    assert refused(office, ScheduleKind.SHIFTS, (SHIFT_HEAD + row).encode()) == [
        (2, "开始", "no_such_time")
    ]


def test_staff_come_with_posts_and_are_renamed(office: Database) -> None:
    again = bring(office, ScheduleKind.STAFF, "工号,姓名,窗口,岗位\n1001,张三丰,w1,B\n".encode())
    assert (again.added, again.unchanged) == (0, 1)
    with office.reading() as session:
        names = session.scalars(select(StaffRow.name).order_by(StaffRow.number)).all()
        posts = session.execute(
            select(PostRow.window_id, PostRow.post, StaffRow.number)
            .join(StaffRow)
            .order_by(PostRow.post)
        ).all()
    assert names == ["张三丰", "李四", "王五", "王五"]
    assert [tuple(p) for p in posts] == [("w1", "A", "1001"), ("w1", "B", "1001")]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("2001,\n", [(2, "姓名", "blank")]),
        ("2001,甲,w1,\n", [(2, "岗位", "blank")]),
        ("2001,甲,,A\n", [(2, "窗口", "blank")]),
        ("2001,甲\n2001,乙\n", [(3, "", "name_differs")]),
        ("2001,甲\n2001,甲\n", [(3, "", "duplicate")]),
        ("2001,甲,w1,A\n2002,乙,w1,A\n", [(3, "", "post_twice")]),
        (f"{'9' * 33},甲\n", [(2, "工号", "too_long_text")]),
    ],
)
def test_bad_staff_rows(office: Database, rows: str, found: list[tuple[int, str, str]]) -> None:
    content = ("工号,姓名,窗口,岗位\n" + rows).encode()
    assert refused(office, ScheduleKind.STAFF, content)[: len(found)] == found


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("工号,开始,结束,事由\n1001,2026-11-23,2026-11-24,年假\n", ("22 16:00", "24 16:00")),
        ("工号,开始,结束\n1001,2026-11-23 14:00,2026-11-23T16:30\n", ("23 06:00", "23 08:30")),
        ("工号,日期,开始,结束\n1001,2026-11-23,14:00,16:00\n", ("23 06:00", "23 08:00")),
        ("工号,日期,开始,结束\n1001,2026-11-23,,\n", ("22 16:00", "23 16:00")),
        ("姓名,开始日期,结束日期\n张三,2026-11-23,2026-11-23\n", ("22 16:00", "23 16:00")),
    ],
)
def test_leaves(office: Database, text: str, span: tuple[str, str]) -> None:
    assert bring(office, ScheduleKind.LEAVES, text.encode()).added == 1
    assert bring(office, ScheduleKind.LEAVES, text.encode()).unchanged == 1
    with office.reading() as session:
        rows = session.execute(select(LeaveRow.starts_at, LeaveRow.ends_at)).all()
    assert [(f"{s:%d %H:%M}", f"{e:%d %H:%M}") for s, e in rows] == [span]


def test_leaves_from_excel_moments(office: Database) -> None:
    content = xlsx(
        [["工号", "开始", "结束"], [1001, datetime(2026, 11, 23, 14), 46349 + 16.5 / 24]]
    )
    bring(office, ScheduleKind.LEAVES, content)
    with office.reading() as session:
        rows = session.execute(select(LeaveRow.starts_at, LeaveRow.ends_at)).all()
    assert [tuple(r) for r in rows] == [
        (datetime(2026, 11, 23, 6, tzinfo=UTC), datetime(2026, 11, 23, 8, 30, tzinfo=UTC))
    ]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("1001,2026-11-24,2026-11-23\n", [(2, "", "end_before_start")]),
        ("1001,2026-11-23,2026-11-23\n" * 2, [(3, "", "duplicate")]),
        ("1001,明天,2026-11-23\n", [(2, "开始", "date")]),
        ("77,2026-11-23,2026-11-23\n", [(2, "工号", "staff")]),
    ],
)
def test_bad_leaves(office: Database, rows: str, found: list[tuple[int, str, str]]) -> None:
    assert refused(office, ScheduleKind.LEAVES, ("工号,开始,结束\n" + rows).encode()) == found


def test_what_was_imported_answers_who_is_on_duty(office: Database) -> None:
    bring(office, ScheduleKind.SHIFTS, (SHIFT_HEAD + GOOD_SHIFT).encode())
    leaves = "工号,开始,结束\n1001,2026-11-23 14:00,2026-11-23 16:00\n"
    bring(office, ScheduleKind.LEAVES, leaves.encode())
    with office.reading() as session:
        duties = [
            duty_at(session, "demo", "w1", NOON + timedelta(hours=h)) for h in (-4, 1, 3, 4, 5)
        ]
    found = [(d.state.value, d.holder.name if d.holder else None) for d in duties]
    assert found == [
        ("nobody_on_schedule", None),
        ("on_duty", "张三"),
        ("covered", "李四"),
        ("on_duty", "张三"),
        ("nobody_on_schedule", None),
    ]


@pytest.mark.parametrize("kind", list(ScheduleKind))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_is_taken(office: Database, kind: ScheduleKind, language: str) -> None:
    assert len(read_sheet(template(kind, language))) == 3
    bring(office, kind, template(kind, language))


def test_an_unknown_hall(office: Database) -> None:
    file = ScheduleFile(ScheduleKind.STAFF, "x", STAFF.encode(), WANG)
    with office.session() as session, pytest.raises(UnknownHallIdError):
        import_schedule(session, "nowhere", file)


def test_every_problem_has_both_languages() -> None:
    for code, (chinese, english) in TEXTS.items():
        assert chinese, code
        assert english, code
