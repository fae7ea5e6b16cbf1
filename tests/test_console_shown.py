"""What pages of the console show, without a browser: a clip that is not there, and whatever people
type, which stays text."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from api.audit.record import AccessBy
from api.cases.acting import Saying, do
from api.cases.law import CaseAct
from api.complaints.acting import Registration, refer, register
from api.complaints.tables import Channel, ComplaintFootageRow, ComplaintRow
from api.console.door import Viewer
from api.exemptions.granting import Allowance, grant, revoke
from api.exemptions.tables import ExemptionKind
from api.footage.tables import FootageRow
from api.halls.reach import EVERY_HALL
from api.halls.tables import CameraRow, HallRow, QueueRow, WindowRow
from api.notices.tables import ChannelKind, ChannelRow
from api.retention.terms import lay_hold
from api.roster.tables import LeaveRow, NoteKind, RosterNoteRow, StaffRow
from api.users.accounts import user_named
from api.users.tables import UserRow
from tests.console_office import enter, running_office
from tests.console_world import World

STATIC = Path(__file__).parents[1] / "api" / "console" / "static"
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def place(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, World]]:
    folder = tmp_path_factory.mktemp("shown")
    with running_office(migrated_sqlite, folder, cutters={"demo": print}) as place:
        yield place


def page(place: tuple[TestClient, World], name: str, path: str) -> str:
    client, world = place
    enter(client, world, name)
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.text


def test_a_clip_that_is_not_there_is_said_to_be_awaited_or_gone(
    place: tuple[TestClient, World],
) -> None:
    _, world = place
    now = datetime.now(UTC)
    fresh = world.alert(now - HOUR, now, subject="w1")
    old = world.alert(now - 30 * HOUR, now - 30 * HOUR, subject="w2")
    lost = world.alert(now - 2 * HOUR, now, subject="w3")
    world.attach_evidence(lost, seconds=1)
    assert "clip_player" in page(place, "supervisor", f"/alerts/{lost.uid}")
    (world.evidence / lost.uid / "clip.mp4").unlink()
    for alert, told in (
        (fresh, "好了会自动出现在这里"),
        (old, "没有录像片段"),
        (lost, "没有录像片段"),
    ):
        text = page(place, "supervisor", f"/alerts/{alert.uid}")
        assert told in text
        assert "clip_player" not in text
        assert "空岗" in text  # the record of the alert is there all the same


def hostile(field: str) -> str:
    return f'<img src=x onerror="hit(`{field}`)">$'


SHOWN: dict[tuple[str, str], set[str]] = {
    ("supervisor", "/"): {"hall", "account"},
    ("supervisor", "/alerts?state="): {"window", "staff", "queue", "camera"},
    ("supervisor", "/alerts/{alert}"): {"window", "staff", "exemption", "allower", "note"},
    ("reviewer", "/cases"): {"staff"},
    ("reviewer", "/cases/{case}"): {"staff", "statement", "complaint", "reason"},
    ("supervisor", "/complaints"): {"complaint", "window"},
    ("supervisor", "/complaints/{complaint}"): {"complaint", "window", "reason"},
    ("supervisor", "/exemptions"): {"exemption", "allower", "revoked", "window"},
    ("supervisor", "/roster"): {"window", "staff"},
    ("supervisor", "/roster/week"): {"window", "staff"},
    ("supervisor", "/roster/away"): {"leave", "staff"},
    ("supervisor", "/roster/notes"): {"note", "window"},
    ("supervisor", "/recordings"): {"camera", "footage"},
    ("supervisor", "/notices"): {"channel"},
    ("supervisor", "/reports"): {"hall"},
    ("admin", "/accounts"): {"account"},
    ("admin", "/privacy"): {"hold"},
    ("reviewer", "/audit"): {"account", "hold", "revoked"},
}
"""Who reads which page, and what is to be seen on it of that which people typed."""


@pytest.fixture(scope="module")
def written(place: tuple[TestClient, World]) -> dict[str, object]:
    """Markup wherever people may type; what stands for what in a page's address."""
    _, world = place
    now = datetime.now(UTC)
    with world.database.session() as session:
        for table, field in (
            (HallRow, "hall"), (WindowRow, "window"), (CameraRow, "camera"), (QueueRow, "queue"),
            (StaffRow, "staff"),
        ):  # fmt: skip
            session.execute(update(table).values(name=hostile(field)))
        session.execute(update(UserRow).values(full_name=hostile("account")))
        session.execute(update(LeaveRow).values(note=hostile("leave")))
        span = {"starts_at": now - 3 * HOUR, "ends_at": now + HOUR}
        entered = {"entered_at": now, "entered_by": hostile("account")}
        session.add(
            RosterNoteRow(
                hall_id="demo", window_id="w1", kind=NoteKind.VISITOR, note=hostile("note"),
                **span, **entered,
            )
        )  # fmt: skip
    alert = world.alert(now - 3 * HOUR + timedelta(minutes=5), now, rule="phone_use")
    with world.database.session() as session:
        user = user_named(session, "reviewer")
        assert user is not None
        who = Viewer(user.id, user.name, user.full_name, user.role, EVERY_HALL)
        by = AccessBy.of(who)
        allowed = Allowance(
            ExemptionKind.WORK_CALL, None, "w1", **span,
            allowed_by=hostile("allower"), note=hostile("exemption"),
        )  # fmt: skip
        grant(session, "demo", allowed, by, now)
        revoke(session, grant(session, "demo", allowed, by, now), hostile("revoked"), by, now)
        began = now - 2 * HOUR
        said = Registration(Channel.PHONE, "w1", began, began, hostile("complaint"))
        complaint = register(session, "demo", said, who, now)[0].id
        case = refer(session, complaint, who, 1, hostile("reason"), now).case_id
        assert case is not None
        named = Saying(said=hostile("reason"), number="1001")
        do(session, case, CaseAct.NAME, who, 1, now, named)
        do(session, case, CaseAct.NOTIFY, who, 2, now)
        stated = Saying(said=hostile("statement"), said_on=now.date())
        do(session, case, CaseAct.STATE, who, 3, now, stated)
        footage = FootageRow(
            hall_id="demo", camera_id="cam1", path="f.mp4", sha256="e" * 64, asked_from=began,
            asked_to=began, covers_from=began, covers_to=began, lacking="",
            purpose=hostile("footage"), cut_by=user.full_name, cut_at=now,
        )  # fmt: skip
        session.add(footage)
        session.add(
            ChannelRow(
                hall_id="demo", kind=ChannelKind.MAIL, name=hostile("channel"), language="zh",
                settings={"to": ["a@b.cn"]}, secret="", created_at=now, created_by=user.full_name,
            )
        )  # fmt: skip
        session.flush()
        session.add(ComplaintFootageRow(complaint_id=complaint, footage_id=footage.id))
        session.get_one(ComplaintRow, complaint).gathered_at = now
        lay_hold(session, "demo", f"footage/{footage.id}", hostile("hold"), by, now)
    return {"alert": alert.uid, "case": case, "complaint": complaint, "footage": footage.id}


def elements_of(text: str) -> list[dict[str, Any]]:
    """What the page is made of, as the browser is told."""
    told = re.search(r"String\.raw`(.*?)`", text, re.DOTALL)
    assert told is not None
    elements: dict[str, dict[str, Any]] = json.loads(html.unescape(told[1]))
    return list(elements.values())


def test_what_people_type_is_shown_as_they_typed_it(
    place: tuple[TestClient, World], written: dict[str, object]
) -> None:
    for (role, path), fields in SHOWN.items():
        text = page(place, role, path.format(**written))
        assert "<img src=x" not in text, path
        elements = elements_of(text)
        told = json.dumps(elements, ensure_ascii=False)
        shown = {f for f in fields if f"hit(`{f}`)" in told}
        assert shown == fields, path
        for element in elements:
            props = element.get("props", {})
            assert "<img" not in str(props.get("innerHTML", "")), path
            for name in ("href", "src", "srcdoc", "action"):
                assert "hit(" not in str(props.get(name, "")), (path, name)


def test_footage_is_played_where_the_matter_is_read(
    place: tuple[TestClient, World], written: dict[str, object]
) -> None:
    for role, path in (("reviewer", "/cases/{case}"), ("supervisor", "/complaints/{complaint}")):
        film = f"/api/v1{path}/footage/{{footage}}".format(**written)
        films = [e["props"]["src"] for e in elements_of(page(place, role, path.format(**written)))
                 if e["tag"] == "video"]  # fmt: skip
        assert films == [film]


def test_no_script_of_ours_makes_markup_of_words() -> None:
    for file in STATIC.glob("*.js"):
        found = re.search(r"v-html|innerHTML|outerHTML|insertAdjacent|document\.write|eval\(",
                          file.read_text("utf-8"))  # fmt: skip
        assert found is None, (file.name, found)
