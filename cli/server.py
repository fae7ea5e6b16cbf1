"""The running product in one process: web server, stations, outbox."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import uvicorn
from fastapi import FastAPI

from api.app import create_app, utc_now
from api.bundle.keys import signing_key_in
from api.cases.remind import post_reminders
from api.console.mount import mount_console
from api.database import Database
from api.halls.filing import HallFile
from api.halls.noting import note_edit_by_hand
from api.halls.sync import hall_record, sync_hall
from api.halls.tables import HallRow
from api.health.board import HealthBoard
from api.live import LiveBoard
from api.migrations import upgrade
from api.notices.dispatcher import Dispatcher
from api.notices.senders import send
from api.outbox import Outbox
from api.privacy.ahead import CopiesAhead
from api.privacy.copies import BlurredCopies
from api.retention.daily import DailySweep
from api.retention.recorded import HeldRecordings
from api.roster.opening import OpenHours
from api.settings import Settings
from api.tickets.pausing import PausesThen, TicketPauses
from api.users.door import PasswordDoor
from api.users.oidc import OidcProvider
from api.vault import key_in
from cameras.clocks import Clock
from cameras.recordings.writer import RecordingWriter
from cli.allocation import settle
from cli.archive import cutter_of, open_archive
from cli.camera_setup import camera_setup
from cli.crew import Crew
from cli.errors import DataFolderError, PortTakenError
from cli.eyes import SharedEyes
from cli.memory import Memory
from cli.office import deliver_to
from cli.place import Place
from cli.stage import FilmStage, clips_in
from cli.station import Desk, Station
from cli.throttle import Throttle
from vision.hallfile import Hall, load_hall

_log = logging.getLogger(__name__)


def open_office(place: Place, hall: Hall) -> Database:
    """The migrated database, in line with the hall file. Raises DataFolderError."""
    _try_folder(place.evidence)
    database = Database(place.database)
    upgrade(database)
    sync_office(database, hall)
    return database


def _try_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as tried:
            tried.write(b"?")
    except OSError as error:
        raise DataFolderError(
            f"{folder} cannot be written ({error.strerror}): make the data folder writable for "
            "this user and see that its disk is not full, or name another with --var"
        ) from error


def sync_office(database: Database, hall: Hall) -> None:
    """Bring the database in line with the hall file."""
    with database.session() as session:
        known = session.get(HallRow, hall.id)
        sha_before, now = None if known is None else known.sha, utc_now()
        sync_hall(session, hall_record(hall), now)
        note_edit_by_hand(session, hall.id, sha_before, hall.sha, now)


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
    watch = put_watch(place, hall, eyes, database, clock=clock, again=again)
    office = put_office(place, hall, eyes, database, watch)
    ready("http://{}:{}".format(*listening.getsockname()[:2]))
    settle()
    with running([*watch.before, *office.services, *watch.services]):
        config = uvicorn.Config(
            office.app, log_level="warning", timeout_graceful_shutdown=3,
            ws_per_message_deflate=False,
        )  # fmt: skip
        uvicorn.Server(config).run(sockets=[listening])
    if left := len(watch.outbox.waiting()):
        _log.warning("%d items wait in %s for the next start", left, watch.outbox.folder)


@dataclass(frozen=True, slots=True)
class Watch:
    """The side of the cameras. `before`: what is there before the office, and after it."""

    board: LiveBoard
    archive: RecordingWriter | None
    held: HeldRecordings
    outbox: Outbox
    throttle: Throttle
    crew: Crew
    health: HealthBoard

    @property
    def before(self) -> list[Service]:
        return [] if self.archive is None else [self.held, self.archive]

    @property
    def services(self) -> list[Service]:
        return [self.outbox, self.throttle, self.crew, self.health]


@dataclass(frozen=True, slots=True)
class Office:
    """The side of the people."""

    app: FastAPI
    services: list[Service]


def put_watch(
    place: Place,
    hall: Hall,
    eyes: SharedEyes,
    database: Database,
    *,
    clock: Callable[[], Clock],
    again: bool,
) -> Watch:
    """Cameras, their recordings, and the way of alerts to the office; nothing runs yet."""
    board = LiveBoard(time.monotonic, hall.id)
    held = HeldRecordings(database, hall.id)
    archive = open_archive(hall, place.folder, utc_now, held)
    outbox = Outbox(place.outbox, deliver_to(database))
    throttle = Throttle(eyes.shared, board.stretched)
    desk = Desk(
        hall, eyes, board, outbox, place.evidence, archive, Memory(place.folder / "state"),
        lambda: throttle.stretch, OpenHours(database, hall.id), TicketPauses(database, hall.id),
    )  # fmt: skip
    crew = Crew(
        desk,
        partial(Station, clock=clock, again=again),
        partial(sync_office, database),
        load=partial(load_hall, limits=hall.limits),
    )
    return Watch(board, archive, held, outbox, throttle, crew, HealthBoard(crew.health, utc_now))


def put_office(
    place: Place, hall: Hall, eyes: SharedEyes, database: Database, watch: Watch
) -> Office:
    """API, console, and what works for people in the background; nothing runs yet."""
    settings = Settings(
        secrets_key=key_in(place.folder / "secrets.key"),
        oidc=OidcProvider.of_environment(os.environ),
    )
    cutters = {} if watch.archive is None else {hall.id: cutter_of(watch.archive.shelf)}
    hall_file = None if hall.path is None else HallFile(hall.path, utc_now)
    copies = BlurredCopies()
    app = create_app(
        database, place.evidence, settings, cutters=cutters, health=watch.health,
        signing_key=signing_key_in(place.folder), copies=copies,
        cameras=camera_setup(hall_file, place.folder) if hall_file else None,
    )  # fmt: skip
    stage = FilmStage(
        lambda: watch.crew.desk.hall, eyes, cutter=cutters.get(hall.id),
        clips=clips_in(database, place.evidence, hall.id), now=utc_now,
        hours=watch.crew.desk.hours, tickets=PausesThen(database, hall.id),
    )  # fmt: skip
    mount_console(
        app, database=database, live=watch.board, door=PasswordDoor(database, settings),
        evidence=place.evidence, now=utc_now, cutters=cutters, health=watch.health,
        hall_file=hall_file, stage=stage,
    )  # fmt: skip
    dispatcher = Dispatcher(database, settings.vault(), send, utc_now, remind=post_reminders)
    sweep = DailySweep(database, place.evidence, utc_now, place.outbox)
    ahead = CopiesAhead(database, place.evidence, copies)
    return Office(app, [dispatcher, sweep, ahead])


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
