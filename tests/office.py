"""A running API with a hall, its people and a clock that tests turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.alerts.evidence import Span, attach_clip, attach_still
from api.app import create_app
from api.bundle.keys import signing_key_in
from api.database import Database
from api.footage.keeping import Cutter
from api.footage.tables import FootageRow
from api.halls.setup import CameraSetup
from api.health.board import HealthBoard
from api.settings import Settings
from api.site import SESSION_COOKIE
from api.users.accounts import add_user
from api.users.tables import Role, UserRow
from api.users.tokens import issue_machine_token, open_session
from tests.halls import NOON, put_hall
from vision.records import Alert
from vision.wire import alert_table

PASSWORD = "correct horse"
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""As cheap as argon2 goes: the hash itself says how much work a check is."""

BASE = "/api/v1"


@dataclass
class Clock:
    now: datetime = NOON + timedelta(hours=1)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Office:
    """`client(role)` is signed in as that role; `client(None)` is a stranger."""

    database: Database
    evidence: Path
    settings: Settings = field(default_factory=Settings)
    clock: Clock = field(default_factory=Clock)
    cutters: dict[str, Cutter] = field(default_factory=dict)
    health: HealthBoard | None = None
    cameras: CameraSetup | None = None

    def __post_init__(self) -> None:
        self.app: FastAPI = create_app(
            self.database, self.evidence, self.settings, self.clock, self.cutters, self.health,
            signing_key_in(self.evidence.parent), cameras=self.cameras,
        )  # fmt: skip
        with self.database.session() as session:
            put_hall(session)
            for role in set(Role) - {Role.MACHINE}:
                add_user(session, role.value, f"某{role.value}", role, PASSWORD_HASH, NOON)
            _, self.machine_secret = issue_machine_token(session, "一楼", NOON)

    def client(self, role: Role | None = None) -> TestClient:
        client = TestClient(self.app, base_url="http://hall.test", raise_server_exceptions=False)
        if role is Role.MACHINE:
            client.headers["Authorization"] = f"Bearer {self.machine_secret}"
        elif role is not None:
            client.cookies.set(SESSION_COOKIE, self.session_secret(role))
        return client

    def session_secret(self, role: Role) -> str:
        """A new session of the account of that role, without the slow password check."""
        with self.database.session() as session:
            user = session.scalars(select(UserRow).where(UserRow.name == role.value)).one()
            return open_session(session, user, self.clock.now, self.settings.session_s)

    def send(self, alert: Alert) -> Any:
        answer = self.client(Role.MACHINE).post(f"{BASE}/alerts", json=wire(alert))
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def put_clip(self, uid: str, content: bytes, name: str = "a.mp4") -> int:
        """A clip on the disk and in the database."""
        (self.evidence / name).write_bytes(content)
        span = Span(NOON, NOON + timedelta(seconds=30))
        with self.database.session() as session:
            return attach_clip(session, uid, name, "c" * 64, asked=span, covers=span, complete=True)

    def put_still(self, uid: str, content: bytes, name: str = "a.jpg") -> int:
        (self.evidence / name).write_bytes(content)
        with self.database.session() as session:
            return attach_still(session, uid, name, "d" * 64, NOON)

    def put_footage(self, content: bytes, name: str = "f.mp4") -> int:
        """Footage of a moment, cut for a complaint."""
        (self.evidence / name).write_bytes(content)
        row = FootageRow(
            hall_id="demo", camera_id="cam1", path=name, sha256="e" * 64, asked_from=NOON,
            asked_to=NOON, covers_from=NOON, covers_to=NOON, lacking="", purpose="投诉",
            cut_by="王", cut_at=NOON,
        )  # fmt: skip
        with self.database.session() as session:
            session.add(row)
            session.flush()
            return row.id


def wire(alert: Alert) -> dict[str, Any]:
    """The alert as a hall's machine sends it."""
    return alert_table(alert)


def is_problem(answer: Any, status: int, code: str) -> bool:
    """Whether the answer is this problem, whole and well-formed."""
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json", answer.headers
    assert {"type", "title", "status", "detail", "instance"} <= set(body), body
    assert (answer.status_code, body["status"]) == (status, status), body
    assert body["type"] == f"urn:hallwatch:problem:{code}", body
    return True
