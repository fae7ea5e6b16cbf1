"""A bundle of real alerts: what is in it, what it says where something is missing."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import cv2
import pymupdf
import pytest

from api.alerts.acts import Act, UnknownAlertError, act_on
from api.alerts.evidence import Span, attach_clip, attach_still
from api.alerts.record import record_alert
from api.audit.record import AccessBy
from api.bundle.gather import MOST_ALERTS, BundleRequestError, Wanted
from api.bundle.keys import signing_key_in
from api.bundle.make import Workshop, make_bundle
from api.bundle.verify import verify_bundle
from api.database import Database
from api.halls.reach import EVERY_HALL, NO_HALL
from api.privacy.copies import BlurredCopies
from api.tickets.tables import TicketRow, TicketState
from tests.console_world import hall_picture, synthetic_clip
from tests.halls import NOON, ended, put_hall, raised

WANG = AccessBy(None, "王监督")
HOSTILE = "</p><script>alert(1)</script><img src='http://x/'> & \u202e龘"
LATER = raised(30)
LATE = timedelta(minutes=20)
PAUSED = NOON + timedelta(seconds=30)


@pytest.fixture(scope="module")
def clip() -> bytes:
    return synthetic_clip(1)


@pytest.fixture
def shop(database: Database, tmp_path: Path, clip: bytes) -> Workshop:
    """Two alerts: one whole with clip and still, of the other the clip is gone."""
    root = tmp_path / "evidence"
    root.mkdir()
    still = cv2.imencode(".jpg", hall_picture(1))[1].tobytes()
    (root / "a.mp4").write_bytes(clip)
    (root / "a.jpg").write_bytes(still)
    span = Span(NOON, NOON + timedelta(seconds=30))
    with database.session() as session:
        put_hall(session)
        session.add(
            TicketRow(
                hall_id="demo", window_id="w1", at=PAUSED, state=TicketState.PAUSED,
                received_at=PAUSED,
            )
        )  # fmt: skip
        for alert in (raised(), ended(raised()), LATER):
            record_alert(session, alert, NOON)
        for uid, path, content in ((raised().uid, "a.mp4", clip), (LATER.uid, "gone.mp4", b"x")):
            sha = hashlib.sha256(content).hexdigest()
            attach_clip(session, uid, path, sha, asked=span, covers=span, complete=True)
        attach_still(session, raised().uid, "a.jpg", hashlib.sha256(still).hexdigest(), NOON)
        act_on(session, raised().uid, Act.EXCUSE, AccessBy(None, "王主任"), NOON + LATE, HOSTILE)
    return Workshop(database, root, BlurredCopies(), signing_key_in(tmp_path))


def made(shop: Workshop, to: Path, **changes: Any) -> dict[str, bytes]:
    """The entries of a bundle, which is left at `to`."""
    wanted = Wanted((LATER.uid, raised().uid), EVERY_HALL, "复核", None)
    make_bundle(shop, replace(wanted, **changes), WANG, NOON, to)
    assert verify_bundle(to, shop.key.public).findings == ()
    with zipfile.ZipFile(to) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def words(pdf: bytes) -> str:
    document: Any = pymupdf.open("pdf", pdf)
    return "".join(page.get_text() for page in document).replace("\n", "")


def test_what_is_in_it(shop: Workshop, tmp_path: Path, clip: bytes) -> None:
    entries = made(shop, tmp_path / "b.zip")
    uid = raised().uid
    assert set(entries) == {
        "record.json", "report.pdf", "manifest.json", "manifest.sig", "public-key.pem",
        "README.txt", f"alerts/{uid}/clip-1.mp4", f"alerts/{uid}/still-1.jpg",
    }  # fmt: skip
    assert clip not in entries.values()
    record = json.loads(entries["record.json"])
    assert [alert["uid"] for alert in record["alerts"]] == [uid, LATER.uid]
    first = record["alerts"][0]
    assert (first["policy"], first["model_sha"], first["hall_sha"]) == (
        {"after_s": 120.0}, "b" * 64, "a" * 64,
    )  # fmt: skip
    assert first["duty"]["holders"] == [{"number": "1001", "name": "张三"}]
    assert [alert["tickets"]["raised"]["state"] for alert in record["alerts"]] == ["paused"] * 2
    assert [alert["tickets"]["raised"]["silent"] for alert in record["alerts"]] == [False, True]
    assert [line["what"] for line in first["history"]] == ["raised", "ended", "excuse"]
    states = {(e["alert"], e["kind"]): e["state"] for e in record["evidence"]}
    assert states == {
        (uid, "clip"): "whole",
        (uid, "still"): "whole",
        (LATER.uid, "clip"): "missing",
    }
    manifest = json.loads(entries["manifest.json"])
    assert manifest["access_log"]["seq"] == 2


def test_the_report_is_chinese_and_embeds_its_font(shop: Workshop, tmp_path: Path) -> None:
    pdf = made(shop, tmp_path / "b.zip")["report.pdf"]
    told = words(pdf)
    for said in (
        "证据报告", "示范政务大厅", "空岗 · 1号窗口", "张三（1001）", "2026-11-23 12:00:00", "复核",
        "持续多久提醒", "已不在磁盘上", "叫号系统", "暂停，2026-11-23 12:00:30 起", "没有消息",
        "<script>alert(1)</script>",
    ):  # fmt: skip
        assert said in told, said
    assert len(pdf) < 2_000_000
    document: Any = pymupdf.open("pdf", pdf)
    fonts = {font[3]: font for page in document for font in page.get_fonts(full=True)}
    assert any("Droid" in name for name in fonts)
    for page in document:
        assert page.get_links() == []


def test_the_same_alerts_twice_give_the_same_record(shop: Workshop, tmp_path: Path) -> None:
    first, again = made(shop, tmp_path / "a.zip"), made(shop, tmp_path / "b.zip")
    assert first["record.json"] == again["record.json"]


def test_originals_are_in_it_only_when_asked_for(
    shop: Workshop, tmp_path: Path, clip: bytes
) -> None:
    entries = made(shop, tmp_path / "b.zip", originals=True)
    uid = raised().uid
    assert entries[f"alerts/{uid}/clip-1-original.mp4"] == clip
    assert entries[f"alerts/{uid}/clip-1.mp4"] != clip


def test_an_original_that_was_changed_on_the_disk_is_said_to_be(
    shop: Workshop, tmp_path: Path
) -> None:
    with (shop.evidence / "a.jpg").open("ab") as file:
        file.write(b"\0")
    entries = made(shop, tmp_path / "b.zip")
    states = [e["state"] for e in json.loads(entries["record.json"])["evidence"]]
    assert states == ["whole", "altered", "missing"]
    assert "不一致" in words(entries["report.pdf"])


def test_a_clip_that_cannot_be_blurred_is_left_out_and_named(
    shop: Workshop, tmp_path: Path
) -> None:
    (shop.evidence / "a.mp4").write_bytes(b"no film")
    entries = made(shop, tmp_path / "b.zip")
    assert f"alerts/{raised().uid}/clip-1.mp4" not in entries
    [clip, _, _] = json.loads(entries["record.json"])["evidence"]
    assert (clip["state"], "no_blurred_copy" in clip) == ("altered", True)


def test_a_case_is_carried_along(shop: Workshop, tmp_path: Path) -> None:
    case = {
        "number": "2026-7", "state": "closed", "person_name": "张三", "person_number": "1001",
        "outcome": "confirmed", "extra": {"deep": [1, None, HOSTILE]},
        "history": [{"at": NOON.isoformat(), "who": "李组长", "act": "decide", "said": HOSTILE}],
    }  # fmt: skip
    entries = made(shop, tmp_path / "b.zip", case=case)
    assert json.loads(entries["record.json"])["case"] == case
    told = words(entries["report.pdf"])
    assert "案件 2026-7" in told
    assert "李组长" in told


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"uids": ()}, BundleRequestError),
        ({"uids": ("0" * 32,) * (MOST_ALERTS + 1)}, BundleRequestError),
        ({"uids": ("0" * 32,)}, UnknownAlertError),
        ({"halls": NO_HALL}, UnknownAlertError),
    ],
)
def test_what_makes_no_bundle(
    shop: Workshop, tmp_path: Path, changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        made(shop, tmp_path / "b.zip", **changes)
