"""The running product in one process: web server, stations, outbox."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

import uvicorn

from api.app import create_app
from api.bundle.keys import signing_key_in
from api.cases.remind import post_reminders
from api.console.mount import mount_console
from api.database import Database
from api.halls.filing import HallFile
from api.halls.sync import hall_record, sync_hall
from api.health.board import HealthBoard
from api.live import LiveBoard
from api.migrations import upgrade
from api.notices.dispatcher import Dispatcher
from api.notices.senders import send
from api.outbox import Outbox
from api.privacy.ahead import CopiesAhead
from api.privacy.copies import BlurredCopies
from api.retention.daily import DailySweep
from api.roster.opening import OpenHours
from api.settings import Settings
from api.users.door import PasswordDoor
from api.users.oidc import OidcProvider
from api.vault import key_in
from cameras.clocks import Clock
from cli.archive import cutter_of, open_archive
from cli.camera_setup import camera_setup
from cli.crew import Crew
from cli.errors import PortTakenError
from cli.eyes import SharedEyes
from cli.memory import Memory
from cli.office import deliver_to
from cli.stage import FilmStage, clips_in
from cli.station import Desk, Station
from cli.throttle import Throttle
from vision.hallfile import Hall, load_hall

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an installation keeps its things, below one folder."""

    folder: Path
    database_url: str | None = None

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.folder / 'hallwatch.db').resolve()}"

    @property
    def evidence(self) -> Path:
        return self.folder / "evidence"

    @property
    def outbox(self) -> Path:
        return self.folder / "outbox"


def open_office(place: Place, hall: Hall) -> Database:
    """The migrated database, in line with the hall file."""
    place.evidence.mkdir(parents=True, exist_ok=True)
    database = Database(place.database)
    upgrade(database)
    sync_office(database, hall)
    return database


def sync_office(database: Database, hall: Hall) -> None:
    """Bring the database in line with the hall file."""
    with database.session() as session:
        sync_hall(session, hall_record(hall), datetime.now(UTC))


def run(
    place: Place,
    hall: Hall,
    eyes: SharedEyes,
    database: Database,
    listening: socket.socket,
    *,
    clock: Callable[[], Clock],
    again: bool = False,
    ready: Callable[[str], None] = lambda address: None,
) -> None:
    """Watch every camera of the hall and serve the console until Ctrl-C.

    listening: the port, ours already. ready: told the address.
    """
    board = LiveBoard(time.monotonic, hall.id)
    settings = Settings(
        secrets_key=key_in(place.folder / "secrets.key"),
        oidc=OidcProvider.of_environment(os.environ),
    )
    archive = open_archive(hall, place.folder, lambda: datetime.now(UTC))
    cutters = {} if archive is None else {hall.id: cutter_of(archive.shelf)}
    health = HealthBoard(lambda: crew.health(), lambda: datetime.now(UTC))
    hall_file = None if hall.path is None else HallFile(hall.path, lambda: datetime.now(UTC))
    copies = BlurredCopies()
    app = create_app(
        database, place.evidence, settings, cutters=cutters, health=health,
        signing_key=signing_key_in(place.folder), copies=copies,
        cameras=camera_setup(hall_file) if hall_file else None,
    )  # fmt: skip
    stage = FilmStage(
        lambda: crew.desk.hall, eyes, cutter=cutters.get(hall.id),
        clips=clips_in(database, place.evidence, hall.id), now=lambda: datetime.now(UTC),
    )  # fmt: skip
    mount_console(
        app, database=database, live=board, door=PasswordDoor(database, settings),
        evidence=place.evidence, now=lambda: datetime.now(UTC), cutters=cutters, health=health,
        hall_file=hall_file, stage=stage,
    )  # fmt: skip
    dispatcher = Dispatcher(
        database, settings.vault(), send, lambda: datetime.now(UTC), remind=post_reminders
    )
    outbox = Outbox(place.outbox, deliver_to(database))
    throttle = Throttle(eyes.shared, board.stretched)
    desk = Desk(
        hall, eyes, board, outbox, place.evidence, archive, Memory(place.folder / "state"),
        lambda: throttle.stretch, OpenHours(database, hall.id),
    )  # fmt: skip
    crew = Crew(
        desk,
        partial(Station, clock=clock, again=again),
        partial(sync_office, database),
        load=partial(load_hall, limits=hall.limits),
    )
    sweep = DailySweep(database, place.evidence, lambda: datetime.now(UTC))
    ahead = CopiesAhead(database, place.evidence, copies)
    services: list[Service] = [dispatcher, sweep, ahead, outbox, throttle, crew, health]
    if archive is not None:
        services.insert(0, archive)
    ready("http://{}:{}".format(*listening.getsockname()[:2]))
    with running(services):
        config = uvicorn.Config(
            app, log_level="warning", timeout_graceful_shutdown=3, ws_per_message_deflate=False
        )
        uvicorn.Server(config).run(sockets=[listening])
    if left := len(outbox.waiting()):
        _log.warning("%d items wait in %s for the next start", left, outbox.folder)


class Service(Protocol):
    """Works beside the web server."""

    def start(self) -> object: ...

    def close(self) -> object:
        """Stop, and return when it has stopped."""


@contextlib.contextmanager
def running(services: Sequence[Service]) -> Iterator[None]:
    """Start in order, close in reverse: what others need is there before and after them."""
    with contextlib.ExitStack() as stack:
        for service in services:
            service.start()
            stack.callback(service.close)
        yield


def port_of_ours(host: str, port: int) -> socket.socket:
    """Take the port before anything else is done. Raises PortTakenError."""
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise PortTakenError(
            f"cannot serve on {host}:{port} ({error.strerror}); choose another with --port"
        ) from error
