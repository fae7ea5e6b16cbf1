"""What the ticket system says: taken in once, told with an alert, and heard by the rules."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from api.alerts.listing import alert_detail
from api.alerts.record import record_alert
from api.alerts.views import AlertDetail
from api.database import Database
from api.rereading import Reread
from api.tickets.pausing import READ_AGAIN_S, PausesThen, TicketPauses
from api.tickets.saying import SILENT_AFTER, said_by
from api.tickets.tables import TicketRow, TicketState
from api.users.tables import Role
from tests.halls import NOON, raised
from tests.office import BASE, Office, is_problem
from vision.records import Stamp

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
PATH = f"{BASE}/halls/demo/tickets"

Word = tuple[float, str]
"""(minutes past noon, state)"""


def ticket(minute: float, state: str, window: str = "w1", **more: Any) -> dict[str, Any]:
    at = (NOON + minute * MINUTE).isoformat()
    return {"window": window, "state": state, "at": at} | more


def send(office: Office, *tickets: dict[str, Any]) -> Any:
    return office.client(Role.MACHINE).post(PATH, json={"windows": tickets})


def kept(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(TicketRow)) or 0


def test_several_windows_at_once_and_again_are_kept_once_and_without_numbers(
    office: Office,
) -> None:
    words = ticket(0, "serving", number="A023"), ticket(0, "paused", "w2")
    for _ in range(2):
        answer = send(office, *words)
        assert answer.status_code == 204, answer.text
    assert kept(office.database) == 2
    assert {c.name for c in TicketRow.__table__.columns} == {
        "hall_id", "window_id", "at", "state", "received_at",
    }  # fmt: skip


def test_two_senders_at_once(office: Office) -> None:
    words = [ticket(minute, "idle", w) for minute in range(5) for w in ("w1", "w2")]
    with ThreadPoolExecutor(4) as senders:
        orders = (words, words[::-1], words, words[::-1])
        answers = list(senders.map(lambda order: send(office, *order).status_code, orders))
    assert answers == [204] * 4
    assert kept(office.database) == len(words)


@pytest.mark.parametrize(
    ("word", "status", "code", "says"),
    [
        (ticket(0, "idle", "w9"), 404, "not-found", "no window 'w9'"),
        (ticket(61, "idle"), 422, "ticket-time", "set the clock of the ticket system"),
        (ticket(0, "asleep"), 422, "invalid", ""),
        (ticket(0, "idle", "../w1"), 422, "invalid", ""),
        (ticket(0, "idle", name="张三"), 422, "invalid", ""),
        ({"window": "w1", "state": "idle", "at": "2026-11-23T10:02:00"}, 422, "invalid", ""),
    ],
)
def test_nonsense_is_refused_whole(
    office: Office, word: dict[str, Any], status: int, code: str, says: str
) -> None:
    answer = send(office, ticket(0, "serving"), word)
    assert is_problem(answer, status, code)
    assert says in answer.json()["detail"]
    assert kept(office.database) == 0


def test_what_was_said_of_a_moment_stays(office: Office) -> None:
    send(office, ticket(0, "serving"))
    answer = send(office, ticket(0, "paused"))
    assert is_problem(answer, 409, "ticket-conflict")
    assert "was serving at" in answer.json()["detail"]
    answer = send(office, ticket(1, "idle"), ticket(1, "paused"))
    assert is_problem(answer, 409, "ticket-conflict")
    assert kept(office.database) == 1


def test_a_clock_that_is_a_little_ahead_is_no_reason(office: Office) -> None:
    assert send(office, ticket(60.4, "idle")).status_code == 204


SAID: list[tuple[list[Word], float, tuple[str | None, float | None, bool], bool | None]] = [
    # said, asked at, (state, since, silent), whether the rules hear a pause
    ([], 10, (None, None, False), None),
    ([(20, "paused")], 10, (None, None, False), None),
    ([(2, "paused")], 5, ("paused", 2, False), True),
    ([(0, "serving"), (2, "paused"), (3, "paused"), (4, "paused")], 5, ("paused", 2, False), True),
    ([(2, "paused"), (4, "serving")], 5, ("serving", 4, False), False),
    ([(2, "paused"), (4, "serving")], 3, ("paused", 2, False), True),
    ([(2, "idle")], 5, ("idle", 2, False), False),
    ([(2, "closed")], 5, ("closed", 2, False), None),
    ([(2, "paused")], 7, ("paused", 2, False), True),
    ([(2, "paused")], 7.1, ("paused", 2, True), None),
    ([(0, "paused"), (1, "paused")], 30, ("paused", 0, True), None),
]


@pytest.mark.parametrize(("words", "asked", "said", "heard"), SAID)
def test_what_was_said_by_a_moment_and_what_the_rules_hear(
    office: Office,
    words: list[Word],
    asked: float,
    said: tuple[str | None, float | None, bool],
    heard: bool | None,
) -> None:
    if words:
        send(office, *(ticket(minute, state) for minute, state in words))
    at = NOON + asked * MINUTE
    with office.database.reading() as session:
        found = said_by(session, "demo", "w1", at)
        assert said_by(session, "demo", "w2", at).state is None
    since = None if found.since is None else (found.since - NOON) / MINUTE
    assert (found.state, since, found.silent) == said
    for pauses in (TicketPauses(office.database, "demo"), PausesThen(office.database, "demo")):
        assert pauses("w1", Stamp(0.0, at)) is heard
        assert pauses("w2", Stamp(0.0, at)) is None


def test_footage_of_long_ago_is_told_what_was_said_then(office: Office) -> None:
    send(office, ticket(0, "paused"), ticket(30, "serving"))
    at = Stamp(0.0, NOON + 2 * MINUTE)
    assert PausesThen(office.database, "demo")("w1", at) is True
    assert TicketPauses(office.database, "demo")("w1", at) is None


def test_the_rules_read_again_after_a_while_and_forget_what_has_gone_silent(
    office: Office,
) -> None:
    now_s = [0.0]
    pauses = TicketPauses(office.database, "demo", clock=lambda: now_s[0])
    at = Stamp(0.0, NOON + MINUTE)
    assert pauses("w1", at) is None
    send(office, ticket(1, "paused"))
    assert pauses("w1", at) is None
    now_s[0] = READ_AGAIN_S
    assert pauses("w1", at) is True
    assert pauses("w1", Stamp(600.0, at.wall + SILENT_AFTER + SECOND)) is None


def test_while_the_database_does_not_answer_what_was_read_last_stands(database: Database) -> None:
    answers: list[Callable[[Session], int]] = [lambda session: 1, _fails, lambda session: 3]
    now_s = [0.0]
    reread = Reread(database, lambda s: answers.pop(0)(s), 0, 5.0, lambda: now_s[0])
    for at_s, expected in ((0.0, 1), (4.9, 1), (5.0, 1), (9.9, 1), (10.0, 3)):
        now_s[0] = at_s
        assert reread() == expected


def _fails(session: Session) -> int:
    return int(session.execute(text("SELECT * FROM nowhere")).scalar_one())


def test_an_alert_keeps_what_was_said_when_it_came_in(office: Office) -> None:
    def detail() -> AlertDetail:
        with office.database.reading() as session:
            return alert_detail(session, raised().uid)

    send(office, ticket(-1, "serving"))
    office.send(raised())  # began at noon, raised two minutes later
    then = detail().tickets
    assert then is not None
    assert (then.began.state, then.raised.state) == (TicketState.SERVING, TicketState.SERVING)
    assert detail().tickets_later is None
    send(office, ticket(1, "paused"))  # the network was down
    assert detail().tickets == then
    later = detail().tickets_later
    assert later is not None
    assert (later.began.state, later.raised.state) == (TicketState.SERVING, TicketState.PAUSED)
    body = office.client(Role.SUPERVISOR).get(f"{BASE}/alerts/{raised().uid}").json()
    assert body["tickets"]["raised"]["state"] == "serving"
    assert body["tickets_later"]["raised"]["since"] == "2026-11-23T04:01:00Z"


def test_an_alert_of_a_hall_without_tickets_and_one_about_a_queue(office: Office) -> None:
    queue = raised(subject="q1", rule="queue_length")
    with office.database.session() as session:
        record_alert(session, raised(), NOON)
        record_alert(session, queue, NOON)
        window = alert_detail(session, raised().uid)
        assert window.tickets is not None
        assert window.tickets.raised.state is None
        assert alert_detail(session, queue.uid).tickets is None


def test_what_is_not_kept_any_more_was_not_said_otherwise(office: Office) -> None:
    send(office, ticket(0, "paused"))
    office.send(raised())
    with office.database.session() as session:
        session.delete(session.scalars(select(TicketRow)).one())
    with office.database.reading() as session:
        found = alert_detail(session, raised().uid)
    assert found.tickets is not None
    assert found.tickets.began.state is TicketState.PAUSED
    assert found.tickets_later is None


def test_a_token_for_the_ticket_system_may_nothing_else(office: Office) -> None:
    body = {"label": "叫号系统", "hall": "demo", "scopes": ["tickets.send"]}
    secret = office.client(Role.ADMIN).post(f"{BASE}/tokens", json=body).json()["secret"]
    client = office.client()
    client.headers["Authorization"] = f"Bearer {secret}"
    assert client.post(PATH, json={"windows": [ticket(0, "idle")]}).status_code == 204
    assert is_problem(client.get(f"{BASE}/halls"), 403, "not-allowed")
    assert client.post(f"{BASE}/halls/demo/measured", json={}).status_code == 403
