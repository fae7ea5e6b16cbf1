"""A second hall beside the first, and people who belong to one of the two."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from fastapi.testclient import TestClient
from sqlalchemy import select

from api.alerts.record import record_alert
from api.audit.record import AccessBy
from api.cases.opening import open_case
from api.complaints.acting import Registration, register
from api.complaints.tables import Channel
from api.console.door import Viewer
from api.exemptions.granting import Allowance, grant
from api.exemptions.tables import ExemptionKind
from api.footage.tables import FootageRow
from api.halls.reach import EVERY_HALL, Halls
from api.halls.sync import sync_hall
from api.retention.terms import lay_hold
from api.roster.tables import StaffRow
from api.site import SESSION_COOKIE
from api.users.accounts import add_user
from api.users.tables import Role, UserRow
from api.users.tokens import issue_machine_token, open_session
from tests.halls import HALL, NOON, raised
from tests.office import PASSWORD_HASH, Office

OTHER = replace(HALL, id="other", name="另一大厅")
HOUR = timedelta(hours=1)
SECRET_WORD = "另一"
"""What no answer may hold that goes to people of the first hall."""

EVERYWHERE = Viewer(1, "everywhere", "另一纪检", Role.REVIEWER, EVERY_HALL)
FOREIGN_ALERT = replace(raised(), uid="f" * 32, hall="other")


def open_other_hall(office: Office) -> dict[str, str]:
    """A hall with one of everything. Returns what stands for it in a route's path."""
    with office.database.session() as session:
        sync_hall(session, OTHER, NOON)
        record_alert(session, FOREIGN_ALERT, NOON)
        session.add(StaffRow(hall_id="other", number="2001", name="另一人"))
        foreign = add_user(
            session, "foreign", "另一主管", Role.SUPERVISOR, PASSWORD_HASH, NOON,
            halls=Halls.only(["other"]),
        )  # fmt: skip
        token_id, _ = issue_machine_token(session, "另一机", NOON, "other")
        by = AccessBy(None, "另一人")
        hold = lay_hold(session, "other", f"alert/{FOREIGN_ALERT.uid}", "诉讼", by, NOON)
        lunch = Allowance(ExemptionKind.MEAL, None, "w1", NOON, NOON + HOUR, "另一主管")
        footage = FootageRow(
            hall_id="other", camera_id="cam1", path="footage/other.mp4", sha256="0" * 64,
            asked_from=NOON, asked_to=NOON + HOUR, covers_from=NOON, covers_to=NOON + HOUR,
            lacking="", purpose="另一投诉", cut_by="另一主管", cut_at=NOON,
        )  # fmt: skip
        session.add(footage)
        session.flush()
        footage_id = footage.id
        exemption_id = grant(session, "other", lunch, by, NOON)
        complaint = Registration(Channel.PHONE, "w1", NOON, NOON, "另一投诉", "另一人", "138")
        complaint_id = register(session, "other", complaint, EVERYWHERE, NOON)[0].id
        case_id = open_case(session, "other", [FOREIGN_ALERT.uid], EVERYWHERE, NOON, "另一").id
    Path(office.evidence).mkdir(exist_ok=True)
    return {
        "{hall}": "other",
        "{uid}": FOREIGN_ALERT.uid,
        "{clip_id}": str(office.put_clip(FOREIGN_ALERT.uid, b"clip", "other.mp4")),
        "{still_id}": str(office.put_still(FOREIGN_ALERT.uid, b"still", "other.jpg")),
        "{user_id}": str(foreign.id),
        "{token_id}": str(token_id),
        "{hold_id}": str(hold.id),
        "{exemption_id}": str(exemption_id),
        "{case_id}": str(case_id),
        "{complaint_id}": str(complaint_id),
        "{footage_id}": str(footage_id),
    }


def local_client(office: Office, role: Role) -> TestClient:
    """Somebody of that role who belongs to the first hall only."""
    client = office.client()
    with office.database.session() as session:
        if role is Role.MACHINE:
            _, secret = issue_machine_token(session, "本厅机", NOON, "demo")
            client.headers["Authorization"] = f"Bearer {secret}"
            return client
        name = f"local-{role.value}"
        user = session.scalar(select(UserRow).where(UserRow.name == name)) or add_user(
            session, name, name, role, PASSWORD_HASH, NOON, halls=Halls.only(["demo"])
        )
        secret = open_session(session, user, office.clock.now, office.settings.session_s)
    client.cookies.set(SESSION_COOKIE, secret)
    return client
