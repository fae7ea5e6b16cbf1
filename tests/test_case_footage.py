"""Footage of a complaint is seen by those who judge the case, and by those whom it is about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from api.audit.tables import Access, AccessRow
from api.footage.tables import FootageRow
from tests.console_world import synthetic_clip
from tests.halls import NOON
from tests.office import BASE, Office, is_problem
from tests.review_office import ReviewOffice, recorded
from tests.test_bundle_complaint import referred

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def clip() -> bytes:
    return synthetic_clip(1)


@pytest.fixture
def review(office: Office, clip: bytes) -> ReviewOffice:
    return recorded(office, clip)


def got(review: ReviewOffice, by: str, path: str) -> Any:
    return review.as_(by).get(f"{BASE}/{path}")


def test_who_reads_the_case_sees_its_footage_and_no_other(
    review: ReviewOffice, clip: bytes
) -> None:
    case, other = referred(review, "gather"), referred(review, "gather")
    seen = review.read(case, "zhou")["footage"]
    assert [(f["id"], f["covers_from"]) for f in seen] == [(1, "2026-11-23T03:58:00Z")]
    path = f"cases/{case}/footage/1"
    for by in ("zhou", "sun"):  # the head, who approves, and the reviewer
        shown = got(review, by, path)
        assert (shown.status_code, shown.headers["content-type"]) == (200, "video/mp4")
        assert shown.content not in (clip, b"")
    assert got(review, "zhou", "complaints/1/footage/1").status_code == 200
    assert is_problem(got(review, "zhou", "footage/1/clip"), 403, "not-allowed")
    assert is_problem(got(review, "zhou", "halls/demo/footage"), 403, "not-allowed")
    for elsewhere in (f"cases/{other}/footage/1", f"cases/{case}/footage/2", "cases/9/footage/1",
                      "complaints/1/footage/2", "complaints/2/footage/1"):  # fmt: skip
        assert is_problem(got(review, "zhou", elsewhere), 404, "not-found"), elsewhere
    sharp = f"{path}?original=1&reason=核对柜台物品"
    assert got(review, "sun", sharp).content == clip
    assert is_problem(got(review, "zhou", sharp), 403, "not-allowed")
    with review.office.database.reading() as session:
        looks = session.scalars(select(AccessRow).where(AccessRow.what == Access.VIEW_CLIP)).all()
    assert [(look.who, look.object) for look in looks] == [
        ("周主任", "footage/1"), ("孙纪检", "footage/1"),
    ]  # fmt: skip


def test_the_person_concerned_sees_it_from_the_notice_on(review: ReviewOffice) -> None:
    case = referred(review, "gather")
    path = f"cases/{case}/footage/1"
    assert is_problem(got(review, "zhang", path), 404, "not-found")
    review.done("sun", case, "notify")
    assert got(review, "zhang", path).status_code == 200
    assert [f["id"] for f in review.read(case, "zhang")["footage"]] == [1]
    assert is_problem(got(review, "zhao", path), 404, "not-found")  # another clerk
    assert is_problem(got(review, "zhang", "complaints/1/footage/1"), 403, "not-allowed")
    assert is_problem(got(review, "zhang", f"{path}?original=1&reason=看看"), 403, "not-allowed")


def test_what_was_deleted_is_offered_nowhere(review: ReviewOffice) -> None:
    case = referred(review, "gather")
    with review.office.database.session() as session:
        session.execute(delete(FootageRow))
    assert review.read(case, "zhou")["footage"] == []
    assert got(review, "zhou", "complaints/1").json()["footage"] == []
    assert is_problem(got(review, "zhou", f"cases/{case}/footage/1"), 404, "not-found")
    later = NOON + timedelta(days=99)
    with review.office.database.session() as session:  # other footage takes its number
        session.add(
            FootageRow(
                id=1, hall_id="demo", camera_id="cam1", path="other.mp4", sha256="0" * 64,
                asked_from=NOON, asked_to=NOON, covers_from=NOON, covers_to=NOON, lacking="",
                purpose="另一件", cut_by="王", cut_at=later,
            )
        )  # fmt: skip
    assert is_problem(got(review, "zhou", f"cases/{case}/footage/1"), 404, "not-found")
    assert is_problem(got(review, "zhou", "complaints/1/footage/1"), 404, "not-found")
