"""What is deleted when, what is held, and that nothing is left behind."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from api.alerts.acts import Act, act_on
from api.alerts.evidence import Span, attach_clip, attach_still
from api.alerts.listing import AlertFilter, alert_detail, list_alerts
from api.alerts.record import record_alert
from api.audit.chain import verify_chain
from api.audit.record import AccessBy
from api.audit.tables import Access, AccessRow
from api.cases.law import CaseState
from api.cases.tables import CaseRow
from api.complaints.tables import (
    Channel,
    ComplaintAlertRow,
    ComplaintFootageRow,
    ComplaintRow,
    ComplaintState,
)
from api.database import Database
from api.footage.tables import FootageRow
from api.halls.reach import EVERY_HALL, NO_HALL
from api.retention.daily import DailySweep
from api.retention.kinds import DEFAULT_DAYS, LEAST_DAYS, Kind
from api.retention.sweep import Swept, due, sweep_all, sweep_hall
from api.retention.terms import DaysError, UnknownHoldError, days_of, lay_hold, lift_hold, set_days
from api.users.tables import Role
from tests.halls import NOON, put_hall, raised
from tests.office import BASE, Office, is_problem

WANG = AccessBy(None, "王主任")
OLD, NEW = raised(0), raised(60 * 24 * 80)
"""Eighty days apart."""


@pytest.fixture
def root(database: Database, tmp_path: Path) -> Path:
    """Two alerts with evidence and blurred copies, and a piece of footage."""
    root = tmp_path / "evidence"
    with database.session() as session:
        put_hall(session)
        for alert in (OLD, NEW):
            record_alert(session, alert, alert.at.wall)
            folder = root / alert.uid
            folder.mkdir(parents=True)
            for name in ("clip.mp4", "clip.blurred-0123.mp4", "still.jpg", "still.blurred-9.jpg"):
                (folder / name).write_bytes(b"bytes")
            span = Span(alert.began.wall, alert.at.wall)
            attach_clip(
                session, alert.uid, f"{alert.uid}/clip.mp4", "c" * 64,
                asked=span, covers=span, complete=True,
            )  # fmt: skip
            attach_still(session, alert.uid, f"{alert.uid}/still.jpg", "d" * 64, NOON)
            who = AccessBy(None, "王主任")
            act_on(session, alert.uid, Act.EXCUSE, who, alert.at.wall, "张三去送材料")
        (root / "footage" / "x").mkdir(parents=True)
        (root / "footage" / "x" / "clip.mp4").write_bytes(b"bytes")
        session.add(
            FootageRow(
                hall_id="demo", camera_id="cam1", path="footage/x/clip.mp4", sha256="e" * 64,
                asked_from=NOON, asked_to=NOON, covers_from=NOON, covers_to=NOON, lacking="",
                purpose="投诉", cut_by="王", cut_at=NOON,
            )
        )  # fmt: skip
    return root


def on(day: float) -> datetime:
    return NOON + timedelta(days=day)


def files(root: Path) -> set[str]:
    return {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()}


def set_closed_case(database: Database, closed: datetime | None) -> int:
    """A case of the old alert. Returns its id."""
    with database.session() as session:
        case = CaseRow(
            hall_id="demo", number="2026000001", state=CaseState.CLOSED, version=1,
            opened_at=NOON, conduct_at=NOON, decision_due=NOON, two_decide=False, measures=[],
            statement_days=5, appeal_days=5, decision_days=15,
            closed_at=closed,
        )  # fmt: skip
        session.add(case)
        session.flush()
        session.execute(
            text("INSERT INTO case_alerts (alert_uid, case_id) VALUES (:uid, :id)"),
            {"uid": OLD.uid, "id": case.id},
        )
        return case.id


def put_complaint(
    database: Database,
    answered: datetime | None,
    case: int | None = None,
    gathered: datetime = NOON,
) -> None:
    """About the old alert, with the footage."""
    with database.session() as session:
        complaint = ComplaintRow(
            hall_id="demo", number="2026000001", channel=Channel.PHONE, happened_from=NOON,
            happened_to=NOON, about="态度", complainant="赵六", contact="13800000000",
            received_at=NOON, state=ComplaintState.REGISTERED, version=1, opinion_due=NOON,
            answer_due=NOON, answered_at=answered, case_id=case, gathered_at=gathered,
        )  # fmt: skip
        session.add(complaint)
        session.flush()
        session.add(ComplaintAlertRow(complaint_id=complaint.id, alert_uid=OLD.uid))
        session.add(ComplaintFootageRow(complaint_id=complaint.id, footage_id=1))


def test_evidence_goes_first_then_the_names(database: Database, root: Path) -> None:
    assert sweep_hall(database, root, "demo", on(89)) == Swept("demo")
    assert len(files(root)) == 9
    with database.reading() as session:
        assert [a.uid for a in list_alerts(session, AlertFilter(text="张三")).items] == [OLD.uid]
        assert due(session, "demo", on(91)) == Swept("demo", evidence=1, footage=1)
    assert sweep_hall(database, root, "demo", on(91)) == Swept("demo", evidence=1, footage=1)
    assert {name.split("/")[0] for name in files(root)} == {NEW.uid}
    assert not (root / OLD.uid).exists()
    with database.reading() as session:
        detail = alert_detail(session, OLD.uid)
        assert (detail.clips, detail.stills) == ((), ())
        assert detail.duty is not None
    assert sweep_hall(database, root, "demo", on(91)) == Swept("demo")
    assert sweep_hall(database, root, "demo", on(366)).names == 1
    with database.reading() as session:
        detail = alert_detail(session, OLD.uid)
        assert detail.duty is None
        assert [(e.what, e.why) for e in detail.history if e.who] == [("excuse", "")]
        assert list_alerts(session, AlertFilter(text="张三")).items == ()
        assert "张三" not in str(session.execute(text("SELECT * FROM alert_texts")).all())
        everything = str(session.execute(text("SELECT * FROM alert_events")).all())
    assert everything.count("张三去送材料") == 1  # in the newer alert
    assert sweep_hall(database, root, "demo", on(366)).names == 0


def test_deletion_is_written_down_with_what_was_deleted(database: Database, root: Path) -> None:
    sweep_all(database, root, on(91))
    with database.reading() as session:
        assert verify_chain(session).findings == ()
        rows = session.scalars(select(AccessRow).where(AccessRow.what == Access.DELETE)).all()
    assert [(row.who, row.object, row.hall_id) for row in rows] == [
        ("hallwatch", f"alert/{OLD.uid}", "demo"),
        ("hallwatch", "footage/1", "demo"),
    ]
    assert rows[0].details["files"] == [
        {"path": f"{OLD.uid}/clip.mp4", "sha256": "c" * 64},
        {"path": f"{OLD.uid}/still.jpg", "sha256": "d" * 64},
    ]


def test_a_hold_keeps_everything(database: Database, root: Path) -> None:
    with database.session() as session:
        alert = lay_hold(session, "demo", f"alert/{OLD.uid}", "诉讼", WANG, NOON).id
        footage = lay_hold(session, "demo", "footage/1", "诉讼", WANG, NOON).id
    assert sweep_hall(database, root, "demo", on(400)) == Swept("demo", evidence=1)
    assert f"{OLD.uid}/clip.mp4" in files(root)
    with database.session() as session:
        for hold in (alert, footage):
            lift_hold(session, hold, EVERY_HALL, "结案", WANG, NOON)
        with pytest.raises(UnknownHoldError):
            lift_hold(session, alert, EVERY_HALL, "再次", WANG, NOON)
    assert sweep_hall(database, root, "demo", on(400)) == Swept("demo", 1, 1, 1)
    assert sweep_hall(database, root, "demo", on(500)).names == 1
    assert files(root) == set()


@pytest.mark.parametrize(
    ("closed", "day", "gone"),
    [(None, 9000, False), (NOON, 5 * 365 - 1, False), (NOON, 5 * 365 + 1, True)],
)
def test_what_is_in_a_case_is_kept_until_it_was_closed_long_ago(
    database: Database, root: Path, closed: datetime | None, day: int, gone: bool
) -> None:
    set_closed_case(database, closed)
    sweep_hall(database, root, "demo", on(day))
    assert (f"{OLD.uid}/clip.mp4" not in files(root)) == gone
    with database.reading() as session:
        assert (alert_detail(session, OLD.uid).duty is None) == gone


def test_a_hold_on_a_case_keeps_its_alerts(database: Database, root: Path) -> None:
    set_closed_case(database, NOON)
    with database.session() as session:
        lay_hold(session, "demo", "case/1", "复议", WANG, NOON)
    sweep_hall(database, root, "demo", on(9000))
    assert f"{OLD.uid}/clip.mp4" in files(root)


@pytest.mark.parametrize("answered", [None, NOON])
def test_what_belongs_to_an_open_complaint_is_kept(
    database: Database, root: Path, answered: datetime | None
) -> None:
    put_complaint(database, answered)
    swept = sweep_hall(database, root, "demo", on(400))
    assert (f"{OLD.uid}/clip.mp4" in files(root)) == (answered is None)
    assert ("footage/x/clip.mp4" in files(root)) == (answered is None)
    with database.reading() as session:
        kept = session.get_one(ComplaintRow, 1)
    told = ("13800000000", 0) if answered is None else ("", 1)
    assert (kept.contact, swept.complainants) == told


@pytest.mark.parametrize(
    ("closed", "hold", "day", "gone"),
    [
        (None, False, 9000, False),
        (NOON, False, 5 * 365 - 1, False),
        (NOON, False, 5 * 365 + 1, True),
        (NOON, True, 9000, False),
    ],
)
def test_footage_of_an_answered_complaint_is_kept_with_its_case(
    database: Database, root: Path, closed: datetime | None, hold: bool, day: int, gone: bool
) -> None:
    case = set_closed_case(database, closed)
    put_complaint(database, NOON, case)
    if hold:
        with database.session() as session:
            lay_hold(session, "demo", f"case/{case}", "复议", WANG, NOON)
    with database.reading() as session:
        assert due(session, "demo", on(day)).footage == gone
    sweep_hall(database, root, "demo", on(day))
    assert ("footage/x/clip.mp4" not in files(root)) == gone


@pytest.mark.parametrize("hold", [False, True])
def test_later_footage_under_the_id_of_what_is_gone_is_not_the_cases(
    database: Database, root: Path, hold: bool
) -> None:
    case = set_closed_case(database, None)
    put_complaint(database, NOON, case, gathered=on(-1))
    if hold:
        with database.session() as session:
            lay_hold(session, "demo", f"case/{case}", "复议", WANG, NOON)
    assert sweep_hall(database, root, "demo", on(400)).footage == 1


def test_a_sweep_that_broke_off_is_finished_by_the_next(database: Database, root: Path) -> None:
    (root / OLD.uid / "clip.mp4").unlink()
    (root / "footage" / "x" / "clip.mp4").unlink()
    (root / "footage" / "x").rmdir()
    assert sweep_hall(database, root, "demo", on(91)) == Swept("demo", evidence=1, footage=1)
    assert not (root / OLD.uid).exists()


def test_a_path_that_leads_out_deletes_nothing_there(
    database: Database, root: Path, tmp_path: Path
) -> None:
    (tmp_path / "outside.mp4").write_bytes(b"not ours")
    with database.session() as session:
        session.execute(text("UPDATE clips SET path = '../outside.mp4'"))
    sweep_hall(database, root, "demo", on(91))
    assert (tmp_path / "outside.mp4").exists()


def test_the_access_log_is_cut_in_time(database: Database, root: Path) -> None:
    with database.session() as session:
        set_days(session, "demo", Kind.ACCESS_LOG, 180, WANG, on(200))
    swept = DailySweep(database, root, lambda: on(270)).sweep()
    assert swept[-1] == Swept("*", log_rows=2)
    with database.reading() as session:
        verdict = verify_chain(session)
        assert verdict.findings == ()


@pytest.mark.parametrize("kind", list(Kind))
def test_days_have_limits(database: Database, kind: Kind) -> None:
    with database.session() as session:
        put_hall(session)
        assert days_of(session, "demo") == DEFAULT_DAYS
        for days in (0, -1, LEAST_DAYS[kind] - 1, 36_501):
            with pytest.raises(DaysError):
                set_days(session, "demo", kind, days, WANG, NOON)
        set_days(session, "demo", kind, LEAST_DAYS[kind], WANG, NOON)
        assert days_of(session, "demo")[kind] == LEAST_DAYS[kind]
        everywhere = days_of(session, "other")[kind]
    assert everywhere == (LEAST_DAYS if kind is Kind.ACCESS_LOG else DEFAULT_DAYS)[kind]


@pytest.mark.parametrize(
    "object",
    [
        "alert/" + "0" * 32,
        "case/1",
        "case/x",
        "footage/99",
        "x/1",
        "",
        "case/" + "9" * 30,
        "case/²",
    ],
)
def test_there_must_be_something_to_hold(database: Database, object: str) -> None:
    with database.session() as session:
        put_hall(session)
        with pytest.raises(UnknownHoldError):
            lay_hold(session, "demo", object, "诉讼", WANG, NOON)
        with pytest.raises(UnknownHoldError):
            lift_hold(session, 1, NO_HALL, "诉讼", WANG, NOON)


def test_over_http(office: Office) -> None:
    office.send(raised())
    head = office.client(Role.HEAD)
    path = f"{BASE}/halls/demo"
    terms = {t["kind"]: t["days"] for t in head.get(f"{path}/retention").json()}
    assert terms == {kind.value: days for kind, days in DEFAULT_DAYS.items()}
    changed = head.put(f"{path}/retention", json={"kind": "evidence", "days": 30})
    assert changed.json()[0]["days"] == 30
    for body in ({"kind": "evidence", "days": 3}, {"kind": "x", "days": 30}):
        assert is_problem(head.put(f"{path}/retention", json=body), 422, "invalid")
    hold = head.post(f"{path}/holds", json={"object": f"alert/{raised().uid}", "reason": "诉讼"})
    assert hold.status_code == 201
    assert len(head.get(f"{path}/holds").json()) == 1
    lift = f"{BASE}/holds/{hold.json()['id']}/lift"
    assert head.post(lift, json={"reason": "结案"}).json()["lifted_at"] is not None
    assert is_problem(head.post(lift, json={"reason": "结案"}), 404, "not-found")
    gone = head.post(f"{path}/holds", json={"object": "case/99", "reason": "诉讼"})
    assert is_problem(gone, 404, "not-found")
