"""Every page, for every role, with an account of one hall: nothing of the other hall is on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from starlette.testclient import TestClient

from api.audit.record import AccessBy
from api.cases.opening import refer_alert
from api.complaints.acting import Registration, register
from api.complaints.tables import Channel
from api.console.door import Door, Viewer
from api.console.page import Console, NewsCount, Visit
from api.console.pages import PAGES
from api.console.strings import Say
from api.console.zones_draft import Draft
from api.console.zones_saving import NotTheirHallError, save_zones
from api.exemptions.granting import Allowance, grant
from api.exemptions.tables import ExemptionKind
from api.halls.reach import EVERY_HALL, NO_HALL, Halls
from api.halls.sync import CameraRecord, sync_hall
from api.health.board import HealthBoard
from api.roster.tables import Post, ShiftRow, StaffRow
from api.site import SESSION_COOKIE
from api.users.accounts import add_user, user_named
from api.users.permissions import may
from api.users.tables import Role
from api.users.tokens import open_session
from tests.camera_network import FakeNetwork, setup_in
from tests.console_office import office
from tests.console_world import HALL, PEOPLE, World
from tests.rehearsals import KnownStage, hall_file_in
from vision.health import CameraHealth

OTHER = replace(
    HALL, id="other", name="外厅", cameras=(CameraRecord("cam1", "外厅摄像机", 960, 540),),
    windows=tuple(replace(w, name=f"外厅{w.name[:1]}窗") for w in HALL.windows),
    queues=(replace(HALL.queues[0], name="外厅等候处"),),
)  # fmt: skip
STRANGER = "外厅周某"
NAMES = {
    "demo": ["号窗口", "号机", "一号等候区", *(name for _, name in PEOPLE)],
    "other": ["外厅"],
}
"""What each hall's windows, cameras, queues and people are called, or how that begins or ends."""
PEOPLE_OF = [role for role in Role if role is not Role.MACHINE]
EVERYWHERE = Viewer(1, "everywhere", "某纪检", Role.REVIEWER, EVERY_HALL)
HOUR = timedelta(hours=1)


@dataclass
class Place:
    """A console of two halls; `things`: hall -> what stands for it in a page's path."""

    client: TestClient
    world: World
    things: Mapping[str, Mapping[str, str]]

    def page(self, account: str, path: str) -> tuple[int, str]:
        now = datetime.now(UTC)
        with self.world.database.session() as session:
            user = user_named(session, account)
            assert user is not None
            secret = open_session(session, user, now, 600)
        self.client.cookies.clear()
        self.client.cookies.set(SESSION_COOKIE, secret)
        answer = self.client.get(path)
        return answer.status_code, answer.text


@pytest.fixture(scope="module")
def place(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("reach")
    (folder / "hall.db").write_bytes(migrated_sqlite.read_bytes())
    client, world = office(
        folder / "hall.db", folder, cameras=setup_in(folder, FakeNetwork()),
        hall_file=hall_file_in(folder / "zones"), stage=KnownStage(),
        health=HealthBoard(lambda: [CameraHealth("cam1")], lambda: datetime.now(UTC)),
    )  # fmt: skip
    now = datetime.now(UTC)
    with world.database.session() as session:
        sync_hall(session, OTHER, now)
        stranger = StaffRow(hall_id="other", number="2001", name=STRANGER)
        session.add(stranger)
        session.flush()
        session.add(
            ShiftRow(hall_id="other", window_id="w1", post=Post.A, staff_id=stranger.id,
                     starts_at=now - 4 * HOUR, ends_at=now + HOUR)
        )  # fmt: skip
        for role in PEOPLE_OF:
            for hall, halls in (*((h, Halls.only([h])) for h in NAMES), ("none", NO_HALL)):
                name = f"{role.value}-{hall}"
                add_user(session, name, name, role, "", now, halls=halls)
    with client:
        yield Place(client, world, {hall: put_things(world, hall, now) for hall in NAMES})
    world.database.close()


def put_things(world: World, hall: str, now: datetime) -> dict[str, str]:
    """An alert with its case, a complaint and an exemption."""
    begins = now - HOUR if hall == "demo" else now - HOUR - timedelta(seconds=1)
    alert = world.alert(begins, now, hall=hall)
    lunch = Allowance(ExemptionKind.MEAL, None, "w1", now - HOUR, now, "某主任")
    said = Registration(Channel.PHONE, "w1", now - HOUR, now - HOUR, "没有人")
    with world.database.session() as session:
        case = refer_alert(session, alert.uid, EVERYWHERE, now).id
        complaint = register(session, hall, said, EVERYWHERE, now)[0].id
        grant(session, hall, lunch, AccessBy.of(EVERYWHERE), now)
    return {"{uid}": alert.uid, "{case_id}": str(case), "{complaint_id}": str(complaint)}


@pytest.mark.parametrize("hall", list(NAMES))
@pytest.mark.parametrize("role", PEOPLE_OF)
def test_no_page_shows_another_hall(place: Place, role: Role, hall: str) -> None:
    other = next(h for h in NAMES if h != hall)
    for entry in PAGES:
        for whose in (hall, other) if "{" in entry.path else (hall,):
            path = entry.path
            for part, thing in place.things[whose].items():
                path = path.replace(part, thing)
            status, text = place.page(f"{role.value}-{hall}", path)
            assert [name for name in NAMES[other] if name in text] == [], path
            if not may(role, entry.needs):
                assert status in (303, 403), path
            elif whose == other:
                assert status == 404, path
            elif path != f"/my-matters/{place.things[hall]['{case_id}']}":  # nobody's own case
                assert status == 200, path


@pytest.mark.parametrize(
    "path", ["/zones", "/health", "/cameras", "/roster", "/alerts?state=", "/"]
)
def test_a_page_shows_its_own_hall(place: Place, path: str) -> None:
    """So that the test above has something to miss."""
    _, text = place.page("supervisor-demo", path)
    assert any(name in text for name in NAMES["demo"])


@pytest.mark.parametrize(
    ("account", "path", "seen"),
    [
        ("supervisor-demo", "/zones", True),
        ("supervisor-other", "/zones", False),
        ("supervisor-none", "/zones", False),
        ("supervisor-demo", "/health", True),
        ("supervisor-other", "/health", False),
        ("supervisor-none", "/health", False),
        ("admin-demo", "/health", True),
        ("admin-other", "/health", False),
        ("admin-none", "/health", True),  # sets the machine up
    ],
)
def test_what_this_machine_does_is_for_its_hall(
    place: Place, account: str, path: str, seen: bool
) -> None:
    status, text = place.page(account, path)
    own = {"/zones": "data-place", "/health": Say("zh")("health_memory")}[path]
    assert status == 200
    assert (own in text) == seen


class Moved:
    """A door behind which an account's halls were changed while its page stood open."""

    cookie = "unused"

    def __init__(self, viewer: Viewer | None) -> None:
        self.viewer = viewer

    def whose(self, _secret: str, _now: datetime) -> Viewer | None:
        return self.viewer


@pytest.mark.parametrize(
    ("halls", "saved"),
    [(Halls.only(["demo"]), True), (EVERY_HALL, True), (Halls.only(["other"]), False),
     (NO_HALL, False), (None, False)],
)  # fmt: skip
def test_zones_are_saved_by_people_of_their_hall(
    place: Place, tmp_path: Path, halls: Halls | None, saved: bool
) -> None:
    file, database = hall_file_in(tmp_path), place.world.database
    before = file.path.read_bytes()
    viewer = replace(EVERYWHERE, role=Role.SUPERVISOR)
    door = Moved(None if halls is None else replace(viewer, halls=halls))
    console = Console(
        database, place.world.board, NewsCount(), cast(Door, door), tmp_path,
        lambda: datetime.now(UTC), PAGES,
    )  # fmt: skip
    visit = Visit(console, viewer, "", Say("zh"), False, None, (), "/zones", {})
    draft = Draft(file.read())
    draft.draw("cam1", [])
    draft.places.clear()
    if saved:
        save_zones(visit, file, draft)
    else:
        with pytest.raises(NotTheirHallError):
            save_zones(visit, file, draft)
    assert (file.path.read_bytes() != before) == saved
