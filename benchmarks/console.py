"""A console on a free port, for whoever measures what a viewer gets."""

from __future__ import annotations

import socket
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from api.app import create_app
from api.console.mount import mount_console
from api.database import Database
from api.live import LiveBoard
from api.settings import Settings
from api.users.accounts import add_user
from api.users.door import PasswordDoor
from api.users.tables import Role
from api.users.tokens import open_session


def serving(database: Database, board: LiveBoard, folder: Path) -> tuple[int, str]:
    """The port, and the secret of somebody who may watch. One in a process."""
    now, settings = datetime.now(UTC), Settings()
    with database.session() as session:
        user = add_user(session, "zhou", "周主任", Role.SUPERVISOR, "", now)
        secret = open_session(session, user, now, settings.session_s)
    app = create_app(database, folder, settings)
    mount_console(
        app, database=database, live=board, door=PasswordDoor(database, settings), evidence=folder,
        now=lambda: datetime.now(UTC),
    )  # fmt: skip
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws_per_message_deflate=False))
    threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    return int(listening.getsockname()[1]), secret
