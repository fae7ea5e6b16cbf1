"""An office with the people whom a case needs: the clerk concerned, two reviewers, a head."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.footage.keeping import CutOut
from api.roster.tables import StaffRow
from api.site import SESSION_COOKIE
from api.users.accounts import add_user
from api.users.tables import Role, UserRow
from api.users.tokens import open_session
from tests.halls import NOON, raised
from tests.office import BASE, PASSWORD_HASH, Office
from vision.records import Alert

PEOPLE = (
    ("zhang", "张三", Role.CLERK, "1001"),  # held window w1 at noon
    ("zhao", "赵五", Role.CLERK, None),
    ("sun", "孙纪检", Role.REVIEWER, None),
    ("qian", "钱纪检", Role.REVIEWER, None),
    ("li", "李四", Role.REVIEWER, "1002"),  # stands in at the window, and reviews
    ("zhou", "周主任", Role.HEAD, None),
    ("wang", "王主管", Role.SUPERVISOR, None),
)
DAY = timedelta(days=1)


def add_people(
    session: Session,
    people: Iterable[tuple[str, str, Role, str | None]],
    password_hash: str,
    now: datetime,
) -> None:
    """Accounts by (name, full name, role, number on the roster)."""
    staff = {row.number: row.id for row in session.scalars(select(StaffRow))}
    for name, full_name, role, number in people:
        staff_id = staff[number] if number else None
        add_user(session, name, full_name, role, password_hash, now, staff_id=staff_id)


@dataclass
class ReviewOffice:
    """`as_(name)` is signed in as one of the people."""

    office: Office
    people: Iterable[tuple[str, str, Role, str | None]] = PEOPLE

    def __post_init__(self) -> None:
        with self.office.database.session() as session:
            add_people(session, self.people, PASSWORD_HASH, NOON)

    def as_(self, name: str) -> TestClient:
        client = self.office.client()
        with self.office.database.session() as session:
            user = session.scalars(select(UserRow).where(UserRow.name == name)).one()
            secret = open_session(session, user, self.office.clock.now, 8 * 3600)
        client.cookies.set(SESSION_COOKIE, secret)
        return client

    def pass_(self, days: float) -> None:
        self.office.clock.now += days * DAY

    def open(self, *alerts: Alert, by: str = "wang") -> int:
        """A case of these alerts (one, if none are given), referred by the supervisor."""
        sent = alerts or (raised(),)
        for alert in sent:
            self.office.send(alert)
        body = {"alerts": [alert.uid for alert in sent], "reason": "请核实"}
        answer = self.as_(by).post(f"{BASE}/halls/demo/cases", json=body)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    def read(self, case: int, by: str = "sun") -> dict[str, Any]:
        answer = self.as_(by).get(f"{BASE}/cases/{case}")
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def act(self, by: str, case: int, act: str, *, version: int | None = None, **body: Any) -> Any:
        """Do it; without a version, on the case as it is now."""
        if version is None:
            version = self.read(case, "sun")["version"]
        path = f"{BASE}/cases/{case}/{act}"
        return self.as_(by).post(path, json={"version": version, **body})

    def done(self, by: str, case: int, act: str, **body: Any) -> dict[str, Any]:
        answer = self.act(by, case, act, **body)
        assert answer.status_code == 200, answer.text
        case_now: dict[str, Any] = answer.json()
        return case_now

    def confirmed(self, *alerts: Alert) -> int:
        """A case that ended with a confirmed breach, served."""
        case = self.open(*alerts)
        self.done("sun", case, "notify")
        self.done("zhang", case, "statement", text="我去复印材料")
        self.done("sun", case, "decide", text="属实", outcome="confirmed")
        self.done("sun", case, "serve")
        return case


def recorded(office: Office, clip: bytes) -> ReviewOffice:
    """One in whose hall everything is recorded, and looks like this clip."""

    def cutter(camera: str, begins: datetime, ends: datetime, path: Path) -> CutOut:
        path.write_bytes(clip)
        return CutOut(path, hashlib.sha256(clip).hexdigest(), begins, ends, "")

    office.cutters["demo"] = cutter
    return ReviewOffice(office)
