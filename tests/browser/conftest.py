"""A real server on a free port, and a real Chromium that may talk to nobody else."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from api.app import create_app
from api.bundle.keys import signing_key_in
from api.console.mount import mount_console
from api.database import Database
from api.footage.keeping import Cutter
from api.halls.filing import HallFile
from api.halls.setup import CameraSetup
from api.live import LiveBoard, WindowPhase
from api.migrations import upgrade
from api.settings import Settings
from api.users.accounts import add_user, hash_of
from api.users.door import PasswordDoor
from api.users.tables import Role
from cli.archive import cutter_of
from tests.camera_network import FakeNetwork, setup_in
from tests.console_world import HALL, World, hall_picture
from tests.recorded_camera import record_camera
from tests.rehearsals import KnownStage, hall_file_in

PASSWORD = "大厅守望-2026"
HALL_ZONE = ZoneInfo(HALL.timezone)
ACCOUNTS = (
    ("zhou", "周主任", Role.SUPERVISOR),
    ("admin", "吴管理", Role.ADMIN),
    ("wang", "王监督", Role.REVIEWER),
)
CALM = {
    "w1": WindowPhase.ALERTED,
    "w2": WindowPhase.ATTENDED,
    "w3": WindowPhase.PAUSED,
    "w4": WindowPhase.EMPTY,
}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)


@dataclass(slots=True)
class BoardClock:
    """Monotonic seconds that a test can put forward."""

    ahead_s: float = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead_s


@dataclass(frozen=True, slots=True)
class Site:
    """A running console: its address, the world behind it, when its recording begins, and who
    cuts it."""

    url: str
    world: World
    clock: BoardClock
    hall_file: HallFile
    stage: KnownStage
    recorded_from: datetime
    cutters: dict[str, Cutter]

    def show(self, step: int = 0) -> None:
        self.world.show(datetime.now(UTC), CALM, hall_picture(step))


@dataclass(slots=True)
class Watch:
    """What went on in the browser: every address asked for, every complaint of a page."""

    addresses: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()

    def follow(self, page: Page) -> None:
        page.on("request", lambda request: self.addresses.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )

    def foreign(self) -> list[str]:
        """Addresses outside this machine."""
        inside = ("127.0.0.1", None)
        return [a for a in self.addresses if urlsplit(a).hostname not in inside]

    def unexpected(self) -> list[str]:
        return [c for c in self.complaints if not any(e in c for e in self.expected)]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if found is None:
        pytest.fail(
            "these tests need a Chromium: install it (Debian: apt install chromium fonts-noto-cjk)"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("console")
    database = Database(f"sqlite:///{folder / 'hall.db'}")
    upgrade(database)
    now = datetime.now(UTC)
    clock = BoardClock()
    world = World(database, LiveBoard(clock, "demo"), folder / "evidence")
    world.furnish(now)
    with database.session() as session:
        for name, full_name, role in ACCOUNTS:
            add_user(session, name, full_name, role, hash_of(PASSWORD), now)
    recorded_from = now - timedelta(minutes=10)
    cutters = {"demo": cutter_of(record_camera(folder, recorded_from))}
    cameras = setup_in(folder, FakeNetwork())
    hall_file, stage = hall_file_in(folder / "zones"), KnownStage()
    with serving(world, folder / "evidence", cutters, cameras, hall_file, stage) as url:
        site = Site(url, world, clock, hall_file, stage, recorded_from, cutters)
        site.show()
        yield site
    database.close()


class serving:  # noqa: N801 - reads as a verb
    """The application on a free loopback port, on a thread of its own."""

    def __init__(
        self,
        world: World,
        evidence: Path,
        cutters: dict[str, Cutter],
        cameras: CameraSetup,
        hall_file: HallFile,
        stage: KnownStage,
    ) -> None:
        settings = Settings()
        app = create_app(
            world.database,
            evidence,
            settings,
            cutters=cutters,
            cameras=cameras,
            signing_key=signing_key_in(evidence.parent),
        )
        mount_console(
            app,
            database=world.database,
            live=world.board,
            door=PasswordDoor(world.database, settings),
            evidence=evidence,
            now=lambda: datetime.now(UTC),
            cutters=cutters,
            hall_file=hall_file,
            stage=stage,
        )
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        self.server = uvicorn.Server(config)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(
            target=self.server.run, kwargs={"sockets": [self.socket]}, daemon=True
        )

    def __enter__(self) -> str:
        self.thread.start()
        limit = time.monotonic() + 30
        while not self.server.started and time.monotonic() < limit and self.thread.is_alive():
            time.sleep(0.02)
        assert self.server.started, "the server did not start"
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(10)


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Checks at the end that no page asked for anything outside, or complained."""
    watch = Watch()
    yield watch
    assert watch.addresses, "no page was opened"
    assert watch.foreign() == []
    assert watch.unexpected() == []


@pytest.fixture(scope="package")
def signed_in(chromium: Browser, site: Site) -> object:
    """The cookies of the supervisor, from one real sign-in."""
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site.url}/sign-in")
    sign_in(page)
    page.wait_for_url(f"{site.url}/")
    state = context.storage_state()
    context.close()
    return state


def sign_in(page: Page, name: str = "zhou", password: str = PASSWORD) -> None:
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")


@pytest.fixture
def context(chromium: Browser, signed_in: object) -> Iterator[BrowserContext]:
    """A browser window of the supervisor."""
    context = chromium.new_context(
        storage_state=signed_in,  # type: ignore[arg-type]
        viewport={"width": 1360, "height": 850},
        locale="zh-CN",
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Page:
    page = context.new_page()
    watch.follow(page)
    return page
