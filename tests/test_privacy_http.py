"""People are shown blurred pictures; seeing more takes a right, a reason, and leaves a trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import cv2
import pytest
from sqlalchemy import select

from api.audit.chain import verify_chain
from api.audit.record import ONE_LOOK
from api.audit.tables import Access, AccessRow
from api.halls.sync import sync_hall
from api.users.tables import Role
from tests.console_world import hall_picture, synthetic_clip
from tests.halls import HALL, raised
from tests.office import BASE, Office, is_problem

STILL: bytes = cv2.imencode(".jpg", hall_picture(1))[1].tobytes()


@pytest.fixture(scope="module")
def film() -> bytes:
    return synthetic_clip(1)


@pytest.fixture
def shown(office: Office, film: bytes) -> dict[str, str]:
    """Paths of a clip, a still, and footage."""
    office.send(raised())
    clip, still = office.put_clip(raised().uid, film), office.put_still(raised().uid, STILL)
    footage = office.put_footage(film)
    return {
        "clip": f"{BASE}/clips/{clip}",
        "still": f"{BASE}/stills/{still}",
        "footage": f"{BASE}/footage/{footage}/clip",
    }


def log(office: Office) -> list[tuple[str, str, str]]:
    with office.database.reading() as session:
        assert verify_chain(session).findings == ()
        rows = session.scalars(select(AccessRow).order_by(AccessRow.seq)).all()
    return [(row.what.value, row.object, row.purpose) for row in rows]


@pytest.mark.parametrize("kind", ["clip", "still", "footage"])
def test_what_is_shown_is_blurred_unless_a_reviewer_says_why(
    office: Office, shown: dict[str, str], film: bytes, kind: str
) -> None:
    original = STILL if kind == "still" else film
    reviewer, supervisor = office.client(Role.REVIEWER), office.client(Role.SUPERVISOR)
    path = shown[kind]
    blurred = supervisor.get(path)
    assert blurred.status_code == 200
    assert blurred.content not in (original, b"")
    assert reviewer.get(path).content == blurred.content
    assert is_problem(supervisor.get(f"{path}?original=1&reason=想看看"), 403, "not-allowed")
    for reason in ("", "  ", "a", "%20%20%20%20"):
        answer = reviewer.get(f"{path}?original=1&reason={reason}")
        assert is_problem(answer, 422, "reason-missing")
    seen = reviewer.get(f"{path}?original=1&reason=核对柜台物品")
    assert seen.content == original
    assert "original" in seen.headers["content-disposition"]
    view = Access.VIEW_STILL if kind == "still" else Access.VIEW_CLIP
    assert log(office) == [
        (view, f"{kind}/1", ""),
        (view, f"{kind}/1", ""),
        ("unblur", f"{kind}/1", "核对柜台物品"),
    ]


def test_footage_is_blurred_by_the_zones_of_its_time(office: Office, shown: dict[str, str]) -> None:
    supervisor = office.client(Role.SUPERVISOR)
    before = supervisor.get(shown["footage"]).content
    with office.database.session() as session:
        drawn_anew = replace(HALL, sha="b" * 64, windows=HALL.windows[:1])
        sync_hall(session, drawn_anew, office.clock.now)
    assert supervisor.get(shown["footage"]).content == before
    assert len(list(office.evidence.glob("f.blurred-*"))) == 1


def test_a_player_that_asks_for_pieces_looks_once(office: Office, shown: dict[str, str]) -> None:
    person = office.client(Role.HEAD)
    for start in (0, 100, 1000):
        answer = person.get(shown["clip"], headers={"Range": f"bytes={start}-"})
        assert answer.status_code == 206
    assert len(log(office)) == 1
    office.clock.now += ONE_LOOK + timedelta(seconds=1)
    person.get(shown["clip"])
    assert len(log(office)) == 2


def test_nothing_is_shown_that_cannot_be_blurred(office: Office) -> None:
    office.send(raised())
    clip = office.put_clip(raised().uid, b"not a film, but perhaps a face")
    answer = office.client(Role.SUPERVISOR).get(f"{BASE}/clips/{clip}")
    assert is_problem(answer, 503, "blur")
    assert log(office) == []


def test_a_hostile_reason_is_kept_as_text(office: Office, shown: dict[str, str]) -> None:
    reviewer = office.client(Role.REVIEWER)
    reason = "<script>alert(1)</script>'; DROP TABLE access_log; --"
    answer = reviewer.get(shown["still"], params={"original": "1", "reason": reason})
    assert answer.status_code == 200
    assert log(office)[-1][2] == reason
    for bad in ("x" * 501, "a\x00b", "a\x1b[2Jb"):
        answer = reviewer.get(shown["still"], params={"original": "1", "reason": bad})
        assert is_problem(answer, 422, "invalid")


def test_a_link_out_of_the_evidence_folder_is_not_followed(
    office: Office, shown: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "secret.jpg").write_bytes(STILL)
    (office.evidence / "a.jpg").unlink()
    (office.evidence / "a.jpg").symlink_to(tmp_path / "secret.jpg")
    answer = office.client(Role.REVIEWER).get(f"{shown['still']}?original=1&reason=核对")
    assert answer.status_code in (404, 422)
    assert STILL not in answer.content
