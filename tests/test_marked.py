"""A hall teaches the detector: judged alerts become a source of pictures for `models dataset`."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from api.alerts.acts import Act, act_on
from api.alerts.evidence import Span, attach_clip
from api.alerts.marked import Marked, marked_alerts
from api.alerts.record import record_alert
from api.audit.chain import verify_chain
from api.audit.record import AccessBy
from api.audit.tables import Access, AccessRow
from api.database import Database
from cli.main import app
from cli.models_marked import judged_pictures
from models.dataset import read_folder
from models.marked import Judged, write_marked
from tests.halls import NOON, put_hall, raised
from tests.test_seeing import Box, FakeDetector, detections
from vision.hallfile import load_hall
from vision.records import Alert, Label

PHONE_CLIP = Path(__file__).parent / "footage" / "phone"
RULES = frozenset({"phone_use"})
POLICY = {"min_score": 0.45}


@pytest.mark.parametrize(
    ("act", "happened"),
    [(Act.MARK_FALSE, False), (Act.EXCUSE, True), (Act.ACKNOWLEDGE, None), (None, None)],
)
def test_what_people_said_of_an_alert(
    database: Database, act: Act | None, happened: bool | None
) -> None:
    phone = raised(rule="phone_use", policy=POLICY)
    with database.session() as session:
        put_hall(session)
        for alert in (phone, raised(30.0)):
            _record(session, alert)
        if act is not None:
            act_on(session, phone.uid, act, AccessBy(None, "王五"), NOON, "看过录像")
    with database.reading() as session:
        found = marked_alerts(session, RULES)
    assert [m.happened for m in found] == ([] if happened is None else [happened])
    for marked in found:
        assert (marked.uid, marked.clip, marked.min_score) == (phone.uid, "a/clip.mp4", 0.45)


def _record(session: Session, alert: Alert) -> None:
    record_alert(session, alert, NOON)
    span = Span(NOON, NOON + timedelta(minutes=1))
    attach_clip(session, alert.uid, "a/clip.mp4", "0" * 64, asked=span, covers=span, complete=True)


def judged(happened: bool, *boxes: Box) -> Judged:
    grey = np.full((200, 200, 3), 114, np.uint8)
    return Judged("u1", grey, detections(*boxes), (Label.PHONE,), happened)


def test_a_false_one_teaches_background_and_a_confirmed_one_a_box(tmp_path: Path) -> None:
    box = (Label.PHONE, 0.8, (50.0, 60.0, 70.0, 100.0))
    assert write_marked(tmp_path, [judged(False, box), judged(True, box), judged(True)]) == 2
    false, true = read_folder(tmp_path, "train")
    assert len(false.boxes) == 0
    assert Label.PHONE not in false.masked
    assert Label.PERSON in false.masked
    assert true.boxes[0].tolist() == pytest.approx([Label.PHONE, 0.3, 0.4, 0.1, 0.2])
    assert Label.PHONE in true.masked  # another phone may be in it, without a box


def test_a_meal_that_was_none_does_not_make_background_of_food_that_lies_there(
    tmp_path: Path,
) -> None:
    meal = replace(judged(False), labels=(Label.FOOD, Label.EATING))
    write_marked(tmp_path, [meal])
    (false,) = read_folder(tmp_path, "train")
    assert Label.FOOD in false.masked
    assert Label.EATING not in false.masked


def test_pictures_of_one_alert_stay_together(tmp_path: Path) -> None:
    write_marked(tmp_path, [judged(False) for _ in range(6)])
    assert len({p.split for p in read_folder(tmp_path)}) == 1


def test_close_ups_come_from_the_clip_at_the_time_of_the_conduct(tmp_path: Path) -> None:
    hall = load_hall(PHONE_CLIP / "hall.toml")
    began = hall.cameras[0].recorded_at
    assert began is not None
    (tmp_path / "a").mkdir()
    shutil.copy(PHONE_CLIP / "clip.mp4", tmp_path / "a" / "clip.mp4")
    alert = Marked(
        "u1", hall.id, "cam1", "w3", "phone_use", began + timedelta(seconds=9),
        began + timedelta(seconds=35), 0.45, True, "a/clip.mp4", began,
    )  # fmt: skip
    nobody = FakeDetector(detections())
    pictures = list(judged_pictures(alert, hall, tmp_path, nobody))
    assert len(pictures) == 4
    assert len({p.picture.tobytes() for p in pictures}) == 4
    assert all(p.picture.shape[0] == p.picture.shape[1] for p in pictures)
    gone = replace(alert, window="w9")
    assert list(judged_pictures(gone, hall, tmp_path, nobody)) == []
    assert cv2.mean(pictures[0].picture)[0] > 5


@pytest.fixture
def var(tmp_path: Path, migrated_sqlite: Path) -> Path:
    """An installation whose one alert was marked false, with its clip."""
    folder = tmp_path / "var"
    (folder / "evidence" / "a").mkdir(parents=True)
    (folder / "hallwatch.db").write_bytes(migrated_sqlite.read_bytes())
    shutil.copy(PHONE_CLIP / "clip.mp4", folder / "evidence" / "a" / "clip.mp4")
    database = Database(f"sqlite:///{folder / 'hallwatch.db'}")
    with database.session() as session:
        put_hall(session)
        phone = raised(rule="phone_use", policy=POLICY)
        _record(session, phone)
        act_on(session, phone.uid, Act.MARK_FALSE, AccessBy(None, "王五"), NOON, "是计算器")
    database.close()
    return folder


def export(var: Path, to: Path, purpose: str) -> Result:
    hall = var / "hall.toml"
    plan = (PHONE_CLIP / "hall.toml").read_text("utf-8")
    hall.write_text(plan.replace('"phone"', '"demo"').replace('"w3"', '"w1"'), "utf-8")
    words = ("models", "export-marked", to, "--hall", hall, "--var", var, "--purpose", purpose)
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, [str(word) for word in words])


def test_pictures_of_people_leave_with_a_purpose_and_a_row_in_the_log(
    var: Path, tmp_path: Path
) -> None:
    made = tmp_path / "made"
    assert export(var, made, "  ").exit_code == 1
    assert not made.exists()
    done = export(var, made, "本厅训练识别模型")
    assert done.exit_code == 0, done.output
    written = len(list((made / "images").iterdir()))
    assert written
    database = Database(f"sqlite:///{var / 'hallwatch.db'}")
    with database.reading() as session:
        assert verify_chain(session).findings == ()
        rows = session.scalars(select(AccessRow).where(AccessRow.what == Access.EXPORT)).all()
    database.close()
    (row,) = rows
    assert (row.object, row.purpose, row.hall_id) == ("marked", "本厅训练识别模型", "demo")
    alerts = [raised(rule="phone_use", policy=POLICY).uid]
    assert row.details == {"alerts": alerts, "pictures": written, "folder": str(made)}
