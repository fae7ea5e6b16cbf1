"""What an open case, a complaint or a hold still needs of the recordings outlives their bounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.alerts.record import record_alert
from api.audit.record import AccessBy
from api.cases.law import CaseState
from api.cases.tables import CaseAlertRow, CaseRow
from api.complaints.tables import Channel, ComplaintAlertRow, ComplaintRow, ComplaintState
from api.database import Database
from api.retention.recorded import HeldRecordings, moments_held
from api.retention.terms import lay_hold
from cameras.clocks import SystemClock
from cameras.recordings.footage import cut_footage
from cameras.recordings.shelf import Moments, Shelf
from cameras.recordings.writer import Keeping
from cli.archive import open_archive
from cli.eyes import SharedEyes
from cli.place import Place
from cli.server import open_office, put_watch, running
from models.shared import SharedDetector
from models.sign import SignReader
from tests.halls import NOON, put_hall, raised
from tests.live_hall import Onlooker, unread, until
from tests.office import Office
from tests.review_office import ReviewOffice
from tests.test_hallfile import GOOD
from tests.test_recordings import Plant
from tests.videos import START, make_video
from vision.hallfile import load_hall, parse_hall
from vision.records import Alert, Stamp

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds: five files of two."""
    return make_video(tmp_path_factory.mktemp("v") / "v.mp4", seconds=10)


def swept(folder: Path, video: Path, keeping: Keeping, held: Moments | None, **how: Any) -> Plant:
    """What a writer leaves of a folder once it has recorded another camera."""
    plant = Plant(folder, replace(keeping, file_s=2.0), held=lambda: held, **how)
    plant.record(plant.writer.camera("cam3"), video, plant.now)
    plant.run()
    return plant


def seconds(plant: Plant, camera: str = "cam1") -> list[float]:
    return [(f.began - START).total_seconds() for f in plant.shelf.of(camera)]


@pytest.fixture
def folder(tmp_path: Path, video: Path) -> Path:
    """Two cameras, ten seconds each."""
    plant = Plant(tmp_path / "recordings")
    for camera in ("cam1", "cam2"):
        plant.record(plant.writer.camera(camera), video, START)
    plant.run()
    return plant.folder


HELD = {"cam1": [(START + 3.5 * SECOND, START + 5 * SECOND)]}
NOTHING: Moments = {}


@pytest.mark.parametrize(
    ("keeping", "held", "left"),
    [
        (Keeping(days=1, reserve_bytes=0), NOTHING, ([], [])),
        (Keeping(days=1, reserve_bytes=0), HELD, ([2, 4], [])),  # both files that show the span
        (Keeping(days=9, reserve_bytes=0, max_bytes=0), HELD, ([2, 4], [])),
        (Keeping(days=9, reserve_bytes=0), HELD, ([0, 2, 4, 6, 8], [0, 2, 4, 6, 8])),
        (Keeping(days=1, reserve_bytes=0), None, ([0, 2, 4, 6, 8], [0, 2, 4, 6, 8])),
        (Keeping(days=1, reserve_bytes=0, max_bytes=0), None, ([0, 2, 4, 6, 8], [0, 2, 4, 6, 8])),
    ],
)
def test_what_is_held_outlives_days_and_size(
    folder: Path,
    video: Path,
    keeping: Keeping,
    held: Moments | None,
    left: tuple[list[int], list[int]],
) -> None:
    plant = swept(folder, video, keeping, held, now=START + 2 * DAY)
    assert (seconds(plant), seconds(plant, "cam2")) == left
    on_disk = {f.path for camera in ("cam1", "cam2", "cam3") for f in plant.shelf.of(camera)}
    assert set(folder.rglob("*.mp4")) == on_disk


def test_what_is_held_takes_nothing_from_the_others(folder: Path, video: Path) -> None:
    keeping = Keeping(days=9, reserve_bytes=0, max_bytes=Shelf(folder).size_bytes + 200)
    held = {"cam1": [(START, START + 10 * SECOND)]}
    plant = swept(folder, video, keeping, held, now=START + HALF_HOUR)
    assert [len(plant.shelf.of(camera)) for camera in ("cam1", "cam2", "cam3")] == [5, 5, 5]
    again = swept(folder, video, keeping, NOTHING, now=START + DAY)
    assert [len(again.shelf.of(camera)) for camera in ("cam1", "cam2", "cam3")] == [0, 0, 10]


@pytest.mark.parametrize(
    ("held", "left", "words"),
    [
        (HELD, [2, 4], "are held for cases, complaints or by order"),
        (NOTHING, [], "no older recordings to delete"),
        (None, [0, 2, 4, 6, 8], "cannot be told"),
    ],
)
def test_a_full_disk_ends_the_recording_before_what_is_held(
    folder: Path, video: Path, held: Moments | None, left: list[int], words: str
) -> None:
    plant = Plant(folder, Keeping(file_s=2.0, reserve_bytes=1000), free_bytes=10, held=lambda: held)
    recording = plant.writer.camera("cam1")
    plant.record(recording, video, START + timedelta(hours=1))
    plant.run()
    assert seconds(plant) == left
    trouble = recording.health().trouble
    assert trouble is not None
    assert "is full" in trouble
    assert words in trouble
    roomy = Plant(folder, plant.keeping, now=START + timedelta(hours=2), held=lambda: held)
    recording = roomy.writer.camera("cam1")
    roomy.record(recording, video, START + timedelta(hours=2))
    roomy.run()
    assert recording.health().trouble is None
    assert len(seconds(roomy)) == len(left) + 5


ALERT = raised()  # from 12:00, raised at 12:02
LATER = raised(30, subject="w2")
AROUND = timedelta(minutes=2)
OF_ALERT = (ALERT.began.wall - AROUND, ALERT.at.wall + AROUND)
COMPLAINED = NOON + timedelta(minutes=50)
OF_COMPLAINT = (COMPLAINED - AROUND, COMPLAINED + timedelta(minutes=10) + AROUND)
WANG = AccessBy(None, "王主任")


def put_case(session: Session, alert: Alert | None, closed: datetime | None = None) -> int:
    case = CaseRow(
        hall_id="demo", number="2026000001", state=CaseState.OPENED, version=1, opened_at=NOON,
        conduct_at=NOON, decision_due=NOON, two_decide=False, measures=[], statement_days=5,
        appeal_days=5, decision_days=15, closed_at=closed,
    )  # fmt: skip
    session.add(case)
    session.flush()
    if alert is not None:
        session.add(CaseAlertRow(alert_uid=alert.uid, case_id=case.id))
    return case.id


def put_complaint(
    session: Session,
    window: str | None,
    answered: datetime | None = None,
    case: int | None = None,
    alert: Alert | None = None,
) -> None:
    complaint = ComplaintRow(
        hall_id="demo", number="2026000001", channel=Channel.PHONE, window_id=window,
        happened_from=COMPLAINED, happened_to=COMPLAINED + timedelta(minutes=10), about="态度",
        complainant="", contact="", received_at=NOON, state=ComplaintState.REGISTERED, version=1,
        opinion_due=NOON, answer_due=NOON, answered_at=answered, case_id=case,
    )  # fmt: skip
    session.add(complaint)
    session.flush()
    if alert is not None:
        session.add(ComplaintAlertRow(complaint_id=complaint.id, alert_uid=alert.uid))


def hold(session: Session, name: str) -> None:
    lay_hold(session, "demo", name, "诉讼", WANG, NOON)


def hold_case(session: Session, case: int) -> int:
    hold(session, f"case/{case}")
    return case


def ended_case(session: Session) -> None:
    ended = replace(
        ALERT, step=ALERT.step.ENDED, ended=ALERT.began.back_to(300.0), at=ALERT.began.back_to(300)
    )
    record_alert(session, ended, ended.at.wall)
    put_case(session, ALERT)


Put = Callable[[Session], object]
HOLDING: list[tuple[Put, list[tuple[datetime, datetime]]]] = [
    (lambda s: None, []),  # an alert alone holds nothing: its clip is kept
    (lambda s: put_case(s, ALERT), [OF_ALERT]),
    (ended_case, [(OF_ALERT[0], NOON + timedelta(minutes=5) + AROUND)]),
    (lambda s: put_case(s, ALERT, NOON), []),
    (lambda s: hold_case(s, put_case(s, ALERT, NOON)), [OF_ALERT]),
    (lambda s: hold(s, f"alert/{ALERT.uid}"), [OF_ALERT]),
    (lambda s: put_complaint(s, "w1"), [OF_COMPLAINT]),
    (lambda s: put_complaint(s, "w1", alert=ALERT), [OF_ALERT, OF_COMPLAINT]),
    (lambda s: put_complaint(s, None, alert=ALERT), [OF_ALERT]),
    (lambda s: put_complaint(s, "w1", NOON, alert=ALERT), []),
    (lambda s: put_complaint(s, "w1", NOON, put_case(s, None)), [OF_COMPLAINT]),
    (lambda s: put_complaint(s, "w1", NOON, put_case(s, None, NOON)), []),
    (
        lambda s: put_complaint(s, "w1", NOON, hold_case(s, put_case(s, None, NOON))),
        [OF_COMPLAINT],
    ),
]


def test_moments_are_held_while_somebody_may_need_them(database: Database) -> None:
    with database.session() as session:
        put_hall(session)
        for alert in (ALERT, LATER):
            record_alert(session, alert, alert.at.wall)
    for row, (put, spans) in enumerate(HOLDING):
        with database.reading() as session:  # what is put is rolled back
            put(session)
            session.flush()
            assert moments_held(session, "demo") == ({"cam1": spans} if spans else {}), row
            assert moments_held(session, "elsewhere") == {}


def test_a_silent_database_lets_nothing_go(database: Database) -> None:
    held = HeldRecordings(database, "demo")
    assert held() is None  # not asked yet: it cannot be told
    with database.session() as session:
        put_hall(session)
        record_alert(session, ALERT, ALERT.at.wall)
        put_case(session, ALERT)
    held.read()
    known = held()
    assert known == {"cam1": [OF_ALERT]}
    with database.session() as session:
        session.execute(text("ALTER TABLE cases RENAME TO cases_away"))
    try:
        held.start()
        held.close()
        assert held() is known
    finally:
        with database.session() as session:
            session.execute(text("ALTER TABLE cases_away RENAME TO cases"))


def test_a_case_can_be_looked_into_until_it_is_closed(
    office: Office, tmp_path: Path, video: Path
) -> None:
    """From the referral on the console to the recorder's disk, and back."""
    review = ReviewOffice(office)
    hall = parse_hall((GOOD + "\n[recording]\ndays = 7\nreserve_gb = 0\n").encode())
    held = HeldRecordings(office.database, "demo")
    archive = open_archive(hall, tmp_path, lambda: NOON, held)
    assert archive is not None
    plant = Plant(archive.shelf.folder, archive.keeping)
    for began in (NOON - 2 * HALF_HOUR, NOON - HALF_HOUR, NOON, NOON + HALF_HOUR):
        recording = plant.writer.camera("cam1")
        plant.record(recording, video, began)
        plant.writer.forget(recording)
    plant.run()

    def left(days: float) -> list[datetime]:
        """When those files begin that a recorder leaves so many days later."""
        held.read()
        now = NOON + timedelta(days=days)
        later = open_archive(hall, tmp_path, lambda: now, held)
        assert later is not None
        plant.record(later.camera("cam2"), video, now)
        later.start()
        later.close()
        return [recorded.began for recorded in later.shelf.of("cam1")]

    case = review.open(raised())
    assert left(30) == [NOON - HALF_HOUR, NOON]  # a file tells when it began, not when it ended
    clip = cut_footage(Shelf(plant.folder), "cam1", NOON, NOON + 5 * SECOND, tmp_path / "c.mp4")
    assert clip.complete
    review.done("sun", case, "decide", text="不属实", outcome="unfounded")
    review.done("sun", case, "serve")
    review.pass_(20)
    assert left(31) == [NOON - HALF_HOUR, NOON]
    review.done("sun", case, "close")
    assert left(32) == []


def test_what_serves_a_hall_tells_its_recorder_what_is_held(tmp_path: Path, video: Path) -> None:
    """As `hallwatch serve` puts both together."""
    path = tmp_path / "hall.toml"
    path.write_text(GOOD + "\n[recording]\ndays = 7\nreserve_gb = 0\n", "utf-8")
    place, hall = Place(tmp_path / "var"), load_hall(path)
    began = datetime.now(UTC).replace(microsecond=0) - 30 * DAY
    plant = Plant(place.folder / "recordings", now=began)
    for at in (began - HALF_HOUR, began, began + HALF_HOUR):
        recording = plant.writer.camera("cam1")
        plant.record(recording, video, at)
        plant.writer.forget(recording)
    plant.run()
    database = open_office(place, hall)
    alert = raised()
    alert = replace(alert, began=Stamp(0.0, began), at=Stamp(8.0, began + 8 * SECOND))
    with database.session() as session:
        record_alert(session, alert, alert.at.wall)
        put_case(session, alert)
    shared = SharedDetector(Onlooker(), workers=1)
    eyes = SharedEyes(shared, SignReader(unread), shared=shared, text=unread)
    watch = put_watch(place, hall, eyes, database, clock=SystemClock, again=False)
    assert watch.archive is not None
    with running(watch.before):
        until(lambda: watch.held() is not None)
        plant.record(watch.archive.camera("cam2"), video, datetime.now(UTC))
    shared.close()
    database.close()
    left = [recorded.began for recorded in watch.archive.shelf.of("cam1")]
    assert {(at - began) // HALF_HOUR for at in left} == {-1, 0}
    assert sum(at >= began for at in left) == 5
