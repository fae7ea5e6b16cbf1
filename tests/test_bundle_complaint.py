"""The bundle of a case that a complaint led to: its footage is evidence, who complained is not."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from api.audit.tables import Access, AccessRow
from api.bundle.verify import verify_bundle
from api.footage.tables import FootageRow
from tests.console_world import synthetic_clip
from tests.halls import NOON, raised
from tests.office import BASE, Office, is_problem
from tests.review_office import ReviewOffice, recorded
from tests.test_bundle import words

ABOUT = "<b>窗口</b>没人理"


@pytest.fixture(scope="module")
def clip() -> bytes:
    return synthetic_clip(1)


@pytest.fixture
def review(office: Office, clip: bytes) -> ReviewOffice:
    return recorded(office, clip)


def referred(review: ReviewOffice, *acts: str, window: str | None = "w1") -> int:
    """A case about a complaint, after these acts on it."""
    body = {
        "channel": "phone", "window": window, "happened_from": NOON.isoformat(),
        "happened_to": (NOON + timedelta(minutes=10)).isoformat(), "about": ABOUT,
        "complainant": "刘女士", "contact": "13800001234",
    }  # fmt: skip
    wang = review.as_("wang")
    number = wang.post(f"{BASE}/halls/demo/complaints", json=body).json()["id"]
    path = f"{BASE}/complaints/{number}"
    for act in (*acts, "refer"):
        given = {"version": wang.get(path).json()["version"]}
        answer = wang.post(
            f"{path}/{act}", json=given | ({"text": "请核实"} if act == "refer" else {})
        )
        assert answer.status_code == 200, answer.text
        seen = answer.json()
    return int(seen["case_id"])


def bundle(review: ReviewOffice, case: int, to: Path, **more: object) -> dict[str, bytes]:
    """The entries of the case's bundle, which must be whole."""
    body = {"purpose": "复议机关调阅", **more}
    answer = review.as_("sun").post(f"{BASE}/cases/{case}/bundle", json=body)
    assert answer.status_code == 200, answer.text
    file = to / "case.zip"
    file.write_bytes(answer.content)
    assert verify_bundle(file).findings == ()
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def record_of(entries: dict[str, bytes]) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(entries["record.json"])
    return record


def test_the_footage_is_in_it(review: ReviewOffice, tmp_path: Path, clip: bytes) -> None:
    entries = bundle(review, referred(review, "gather"), tmp_path)
    name = "complaints/2026000001/footage-1.mp4"
    listed = {f["name"]: f["sha256"] for f in json.loads(entries["manifest.json"])["files"]}
    assert listed[name] == hashlib.sha256(entries[name]).hexdigest()
    assert clip not in entries.values()
    record, sha = record_of(entries), hashlib.sha256(clip).hexdigest()
    assert (record["hall"]["id"], record["alerts"]) == ("demo", [])
    assert record["evidence"] == [
        {
            "complaint": "2026000001", "kind": "footage", "id": 1, "state": "whole",
            "recorded_sha256": sha, "sha256": sha, "blurred": name, "camera": "cam1",
            "covers_from": "2026-11-23T03:58:00+00:00", "covers_to": "2026-11-23T04:12:00+00:00",
            "lacking": "",
        }
    ]  # fmt: skip
    told = words(entries["report.pdf"])
    for said in ("投诉 2026000001", ABOUT, "录像 1", "2026-11-23 11:58:00", "一致", sha):
        assert said in told, said
    with review.office.database.reading() as session:
        row = session.scalars(select(AccessRow).where(AccessRow.what == Access.EXPORT)).one()
    assert row.details == {"alerts": [], "originals": False, "footage": [1]}


def test_the_original_is_in_it_when_asked_for(
    review: ReviewOffice, tmp_path: Path, clip: bytes
) -> None:
    entries = bundle(review, referred(review, "gather"), tmp_path, originals=True)
    assert entries["complaints/2026000001/footage-1-original.mp4"] == clip


def test_who_complained_is_not_in_it(review: ReviewOffice, tmp_path: Path) -> None:
    entries = bundle(review, referred(review, "gather"), tmp_path)
    told = entries["record.json"].decode() + words(entries["report.pdf"])
    for personal in ("刘女士", "刘***", "13800001234", "138***34"):
        assert personal not in told, personal


def test_alerts_and_footage_stand_side_by_side(review: ReviewOffice, tmp_path: Path) -> None:
    review.office.send(raised())
    entries = bundle(review, referred(review, "gather"), tmp_path)
    record = record_of(entries)
    assert [alert["uid"] for alert in record["alerts"]] == [raised().uid]
    assert [piece["kind"] for piece in record["evidence"]] == ["footage"]


@pytest.mark.parametrize("acts", [(), ("gather",)])
def test_a_complaint_without_footage(
    review: ReviewOffice, tmp_path: Path, acts: tuple[str, ...]
) -> None:
    review.office.cutters.clear()
    entries = bundle(review, referred(review, *acts, window="w1" if acts else None), tmp_path)
    assert record_of(entries)["evidence"] == []
    assert "没有录像" in words(entries["report.pdf"])


def test_a_file_that_is_gone_is_said_to_be(review: ReviewOffice, tmp_path: Path) -> None:
    case = referred(review, "gather")
    for file in (review.office.evidence / "footage").rglob("*.mp4"):
        file.unlink()
    entries = bundle(review, case, tmp_path)
    [piece] = record_of(entries)["evidence"]
    assert (piece["state"], piece["complaint"]) == ("missing", "2026000001")
    assert "已不在磁盘上" in words(entries["report.pdf"])


@pytest.mark.parametrize(
    "change",
    [
        delete(FootageRow),
        update(FootageRow).values(cut_at=NOON + timedelta(days=200)),
    ],
    ids=["deleted", "its id given to later footage"],
)
def test_footage_whose_row_is_gone_is_said_to_be(
    review: ReviewOffice, tmp_path: Path, change: Any
) -> None:
    case = referred(review, "gather")
    with review.office.database.session() as session:
        session.execute(change)
    assert record_of(bundle(review, case, tmp_path))["evidence"] == [
        {
            "complaint": "2026000001", "kind": "footage", "id": 1, "state": "missing",
            "recorded_sha256": None,
        }
    ]  # fmt: skip


def test_the_measures_are_in_the_report(review: ReviewOffice, tmp_path: Path) -> None:
    case = review.open()
    review.done("sun", case, "notify")
    review.done("zhang", case, "statement", text="我去复印材料")
    before = words(bundle(review, case, tmp_path)["report.pdf"])
    assert "措施" not in before
    measures = [{"kind": "talk"}, {"kind": "points", "points": 1.5}]
    review.done("sun", case, "decide", text="属实", outcome="confirmed", measures=measures)
    told = words(bundle(review, case, tmp_path)["report.pdf"])
    assert "诫勉谈话、考核扣 1.5 分" in told


def test_no_case_no_bundle_without_alerts(review: ReviewOffice) -> None:
    asked = review.as_("sun").post(f"{BASE}/bundles", json={"alerts": [], "purpose": "归档"})
    assert is_problem(asked, 422, "invalid")
