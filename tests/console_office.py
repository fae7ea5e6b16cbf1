"""An application with a console of its own, talked to without a browser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from api.app import create_app
from api.console.mount import mount_console
from api.database import Database
from api.halls.setup import CameraSetup
from api.live import LiveBoard, WindowPhase
from api.settings import Settings
from api.site import SESSION_COOKIE
from api.users.accounts import add_user, hash_of, user_named
from api.users.door import PasswordDoor
from api.users.tables import Role
from api.users.tokens import open_session
from tests.console_world import WINDOWS, World, hall_picture

PASSWORD = "correct-horse"


def office(
    file: Path,
    folder: Path,
    hall_name: str = "示范政务大厅",
    cameras: CameraSetup | None = None,
    **more: Any,
) -> tuple[TestClient, World]:
    """An application with a console of its own; `more` goes to `mount_console`."""
    database = Database(f"sqlite:///{file}")
    world = World(database, LiveBoard(time.monotonic, "demo"), folder)
    now = datetime.now(UTC)
    password = hash_of(PASSWORD)
    world.furnish(now, hall_name)
    with database.session() as session:
        for role in (Role.SUPERVISOR, Role.REVIEWER, Role.ADMIN):
            add_user(session, role.value, role.value, role, password, now)
        add_user(session, "forgetful", "forgetful", Role.SUPERVISOR, password, now)
    app = create_app(database, folder, Settings(), cameras=cameras)
    mount_console(
        app,
        database=database,
        live=world.board,
        door=PasswordDoor(database, Settings()),
        evidence=folder,
        now=lambda: datetime.now(UTC),
        **more,
    )
    world.show(now, {window: WindowPhase.ATTENDED for window, _ in WINDOWS}, hall_picture(0))
    return TestClient(app, follow_redirects=False), world


@contextmanager
def running_office(migrated: Path, folder: Path, **more: Any) -> Iterator[tuple[TestClient, World]]:
    """An office that runs on a copy of a migrated database in this folder; see `office`."""
    file = folder / "hall.db"
    file.write_bytes(migrated.read_bytes())
    client, world = office(file, folder / "evidence", **more)
    with client:
        yield client, world
    world.database.close()


def enter(client: TestClient, world: World, name: str) -> None:
    """Be signed in as this person, without the slow password check."""
    with world.database.session() as session:
        user = user_named(session, name)
        assert user is not None
        secret = open_session(session, user, datetime.now(UTC), 600)
    client.cookies.clear()
    client.cookies.set(SESSION_COOKIE, secret)
