"""Every page as it is drawn in each language: in English nothing is Chinese but what people and
halls are called, in Chinese no English sentence is left."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.console.pages import PAGES
from api.users.permissions import may
from api.users.tables import Role
from tests.camera_network import FakeNetwork, setup_in
from tests.console_office import PASSWORD, office
from tests.console_world import HALL, PEOPLE
from tests.office import BASE
from tests.rehearsals import KnownStage, hall_file_in
from vision.records import QueueSeen, WindowSeen
from vision.rules import rulebook

TYPED = "typed by a person"
SECTIONS = sorted({s for rule in rulebook().values() for _, s in rule.clauses}, reverse=True)
DATA = re.compile(
    "|".join(
        (
            *(re.escape(section) for section in SECTIONS),
            *(re.escape(name) for _, name in PEOPLE),
            *(re.escape(place.name) for place in (*HALL.windows, *HALL.queues)),
            *(re.escape(camera.name) for camera in HALL.cameras),
            re.escape(HALL.name), re.escape(TYPED), "年假", "中文", "[0-9]+号(窗口|柜台)",
            "(大厅)?[一二]号机", r"hallwatch serve --hall hall\.toml", "Asia/Shanghai",
        )
    )
)  # fmt: skip
"""What is called so by the hall, whoever reads it; sections of regulations; commands; the switch of
languages itself."""
CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
SENTENCE = re.compile(r"[A-Za-z]{2,}(?:[ ,;]+[A-Za-z]{2,}){2,}")
READ = {"title", "aria-label", "alt", "placeholder", "label", "value", "data-words"}
"""Attributes whose values people see or hear."""
NAMES = re.compile(r"^(/|https?:|#|rtsp:|[a-z0-9_.:-]+$)")


@pytest.fixture(scope="module")
def running(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, list[str]]]:
    """A console where something has happened, and the addresses of what did."""
    folder = tmp_path_factory.mktemp("languages")
    file = folder / "hall.db"
    file.write_bytes(migrated_sqlite.read_bytes())
    client, world = office(
        file, folder / "evidence", cameras=setup_in(folder, FakeNetwork()),
        hall_file=hall_file_in(folder / "zones"), stage=KnownStage(),
    )  # fmt: skip
    now = datetime.now(UTC)
    with client:
        paths = []
        for n, rule in enumerate(rulebook().values()):
            subject = {WindowSeen: "w1", QueueSeen: "q1"}.get(rule.watches, "cam1")
            began = now - timedelta(hours=n + 1)
            alert = world.alert(began, now, rule=rule.id, subject=subject)
            paths.append(f"/alerts/{alert.uid}")
        world.attach_evidence(alert)
        paths += things_done(client, alert.uid, now)
        yield client, paths
    world.database.close()


def things_done(client: TestClient, uid: str, now: datetime) -> list[str]:
    """A case, an exemption and a complaint that was corrected; the addresses of their pages."""
    enter(client, Role.SUPERVISOR)
    hour_ago = (now - timedelta(hours=1)).isoformat()
    complaint = {
        "channel": "phone", "window": "w1", "happened_from": hour_ago,
        "happened_to": hour_ago, "about": TYPED,
    }  # fmt: skip
    allowed = {
        "kind": "medical", "window": "w1", "allowed_by": TYPED, "starts_at": hour_ago,
        "ends_at": now.isoformat(),
    }  # fmt: skip
    for path, body in (
        (f"/alerts/{uid}/refer", {"reason": TYPED}),
        ("/halls/demo/exemptions", allowed),
        ("/halls/demo/complaints", complaint),
        ("/complaints/1/correct", complaint | {"window": "w2", "reason": TYPED, "version": 1}),
    ):
        answer = client.post(f"{BASE}{path}", json=body)
        assert answer.status_code < 300, answer.text
    return ["/cases/1", "/complaints/1"]


def enter(client: TestClient, role: Role) -> None:
    client.cookies.clear()
    client.post("/sign-in", data={"name": role.value, "password": PASSWORD})


def elements(html: str) -> list[Mapping[str, Any]]:
    """The page's elements as the browser is told to draw them."""
    told = re.search(r"parseElements\(String\.raw`(.*?)`\)", html, re.DOTALL)
    assert told is not None
    text = told.group(1)
    for name, sign in (
        ("&#36;", "$"),
        ("&#96;", "`"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ):
        text = text.replace(name, sign)
    found: dict[str, Mapping[str, Any]] = json.loads(text)
    return list(found.values())


def texts(elements: list[Mapping[str, Any]]) -> Iterator[str]:
    """What people read or hear of them."""
    for element in elements:
        yield str(element.get("text", ""))
        own = element.get("tag", "").startswith("nicegui-") or "component" in element
        for name, value in element.get("props", {}).items():
            if own or name in READ or not isinstance(value, str):
                yield from _strings(value)


def foreign_in(text: str, foreign: re.Pattern[str]) -> bool:
    """Whether it holds words of the other language, apart from what is called so."""
    return foreign.search(DATA.sub("", text)) is not None


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str) and not NAMES.match(value):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, dict):
        yield from _strings(list(value.values()))


def pages_of(role: Role, paths: list[str]) -> list[str]:
    plain = [e.path for e in PAGES if "{" not in e.path and may(role, e.needs)]
    if role is Role.ADMIN:
        return plain
    return [*plain, *(p for p in paths if role is Role.REVIEWER or "/cases/" not in p)]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.REVIEWER, Role.ADMIN])
@pytest.mark.parametrize(("language", "foreign"), [("en", CHINESE), ("zh", SENTENCE)])
def test_a_page_is_of_one_language(
    running: tuple[TestClient, list[str]], role: Role, language: str, foreign: re.Pattern[str]
) -> None:
    client, paths = running
    enter(client, role)
    client.get(f"/console/preferences?language={language}&next=/")
    found: dict[str, list[str]] = {}
    read = 0
    for path in pages_of(role, paths):
        answer = client.get(path)
        assert answer.status_code == 200, path
        for text in texts(elements(answer.text)):
            read += 1
            if foreign_in(text, foreign):
                found.setdefault(path, []).append(text)
    assert found == {}
    assert read > 200


def test_the_search_itself_works() -> None:
    drawn: list[Mapping[str, Any]] = [
        {"tag": "p", "text": "camera did not answer"},
        {"tag": "img", "props": {"alt": "抓拍", "src": "/x"}},
        {"tag": "nicegui-player", "props": {"film": {"words": {"play": "播放"}}}},
    ]
    read = list(texts(drawn))
    assert [t for t in read if SENTENCE.search(t)] == ["camera did not answer"]
    assert [t for t in read if CHINESE.search(t)] == ["抓拍", "播放"]
