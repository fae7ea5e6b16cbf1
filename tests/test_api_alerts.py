"""Alerts in the database: taken in once, in any order; acted on; found again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest

from api.alerts.acts import (
    LEADS_TO,
    MAY,
    Act,
    ActRefusedError,
    ReasonMissingError,
    UnknownAlertError,
    act_on,
)
from api.alerts.evidence import (
    EvidenceMissingError,
    EvidencePathError,
    Span,
    attach_clip,
    attach_still,
    clip_file,
)
from api.alerts.listing import (
    AlertFilter,
    CursorError,
    alert_detail,
    count_alerts,
    list_alerts,
    neighbours,
)
from api.alerts.record import AlertConflictError, Recorded, UnknownHallError, record_alert
from api.alerts.tables import State
from api.audit.record import AccessBy
from api.database import Database
from api.events import AlertNews, What
from tests.halls import NOON, ended, escalated, put_hall, put_leave, raised
from vision.records import Alert, Severity, Step

WANG = AccessBy(None, "王五")


@pytest.fixture
def hall(database: Database) -> Database:
    with database.session() as session:
        put_hall(session)
    return database


def take(database: Database, *alerts: Alert) -> list[Recorded]:
    """Record each in its own transaction, as the pipeline does."""
    results = []
    for alert in alerts:
        with database.session() as session:
            results.append(record_alert(session, alert, NOON))
    return results


def take_together(database: Database, *alerts: Alert) -> None:
    """Record all in one transaction."""
    with database.session() as session:
        for alert in alerts:
            record_alert(session, alert, NOON)


def uids(database: Database, wanted: AlertFilter) -> list[str]:
    with database.reading() as session:
        return [item.uid for item in list_alerts(session, wanted).items]


def test_an_alert_is_created_once_and_replays_change_nothing(hall: Database) -> None:
    alert = raised()
    assert take(hall, alert, alert) == [Recorded(True, True), Recorded(False, False)]
    with hall.reading() as session:
        detail = alert_detail(session, alert.uid)
    assert (detail.hall_name, detail.subject_name) == ("示范政务大厅", "1号窗口")
    assert (detail.began, detail.at) == (NOON, NOON + timedelta(minutes=2))
    assert (detail.step, detail.severity, detail.state) == (Step.RAISED, 2, State.NEW)
    assert detail.policy == {"after_s": 120.0}
    assert [event.what for event in detail.history] == ["raised"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_steps_in_any_order_end_in_the_same_alert(hall: Database, order: Sequence[int]) -> None:
    first = raised()
    steps = [first, escalated(first), ended(first)]
    results = take(hall, *(steps[i] for i in order), *steps)
    assert [r.changed for r in results] == [True] * 3 + [False] * 3
    with hall.reading() as session:
        detail = alert_detail(session, first.uid)
    assert (detail.step, detail.severity) == (Step.ENDED, Severity.SERIOUS)
    assert detail.ended == NOON + timedelta(minutes=7)
    assert detail.why == {"empty_s": 420.0}
    assert [event.what for event in detail.history] == ["raised", "escalated", "ended"]


def test_the_duty_is_that_of_the_moment_it_began_and_stays(hall: Database) -> None:
    take(hall, raised())
    with hall.session() as session:
        put_leave(session, "1001", NOON - timedelta(hours=1), NOON + timedelta(hours=1))
    take(hall, ended(raised()), raised(30))
    with hall.reading() as session:
        before = alert_detail(session, raised().uid).duty
        after = alert_detail(session, raised(30).uid).duty
    assert before is not None
    assert after is not None
    assert (before.state, [p.name for p in before.holders]) == ("on_duty", ["张三"])
    assert before.cover is not None
    assert before.cover.name == "李四"
    assert (after.state, [p.name for p in after.holders]) == ("covered", ["李四"])
    assert [p.name for p in after.absent] == ["张三"]


def test_a_window_without_a_shift_names_nobody_and_a_queue_has_no_duty(hall: Database) -> None:
    window = raised(subject="w2")
    queue = raised(subject="q1", rule="queue_length")
    take(hall, window, queue)
    with hall.reading() as session:
        duty = alert_detail(session, window.uid).duty
        assert duty is not None
        assert (duty.state, duty.holders) == ("nobody_on_schedule", ())
        assert alert_detail(session, queue.uid).duty is None


def test_a_uid_of_another_event_is_refused(hall: Database) -> None:
    take(hall, raised())
    with pytest.raises(AlertConflictError, match="subject"):
        take(hall, replace(raised(), subject="w2"))


def test_an_unknown_hall_is_named(hall: Database) -> None:
    with pytest.raises(UnknownHallError, match="nowhere"):
        take(hall, raised(hall="nowhere"))


def test_news_is_told_after_the_commit_and_never_of_what_was_rolled_back(hall: Database) -> None:
    heard: list[AlertNews] = []
    seen: list[int] = []

    def listen(news: AlertNews) -> None:
        heard.append(news)
        with hall.reading() as session:
            seen.append(count_alerts(session, AlertFilter()))

    stop = hall.bus.subscribe(listen)
    alert = raised()
    take(hall, alert, alert, ended(alert))
    with pytest.raises(AlertConflictError):
        take_together(hall, raised(1), replace(raised(1), subject="w2"))
    stop()
    take(hall, raised(2))
    assert heard == [AlertNews(alert.uid, "demo", w) for w in (What.CREATED, What.CHANGED)]
    assert seen == [1, 1]


def test_a_subscriber_that_fails_harms_nobody(hall: Database) -> None:
    heard: list[AlertNews] = []

    def fail(_: AlertNews) -> None:
        raise RuntimeError

    hall.bus.subscribe(fail)
    hall.bus.subscribe(heard.append)
    take(hall, raised())
    assert len(heard) == 1


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("act", list(Act))
def test_each_act_in_each_state(hall: Database, state: State, act: Act) -> None:
    uid = raised().uid
    take(hall, raised())
    with hall.session() as session:
        for first in (a for a, s in LEADS_TO.items() if s is state):
            act_on(session, uid, first, WANG, NOON, "先问")
        if act in MAY[state]:
            assert act_on(session, uid, act, WANG, NOON, "会议") is LEADS_TO[act]
        else:
            with pytest.raises(ActRefusedError, match=state.value):
                act_on(session, uid, act, WANG, NOON, "会议")
    with hall.reading() as session:
        detail = alert_detail(session, uid)
    acts = [(e.what, e.who, e.why) for e in detail.history if e.who]
    assert acts[-1:] == ([(act.value, "王五", "会议")] if act in MAY[state] else acts[-1:])
    assert detail.acts == MAY[detail.state]


def test_an_excuse_needs_a_reason_and_an_alert(hall: Database) -> None:
    take(hall, raised())
    with hall.session() as session:
        with pytest.raises(ReasonMissingError):
            act_on(session, raised().uid, Act.EXCUSE, WANG, NOON, "  ")
        with pytest.raises(UnknownAlertError):
            act_on(session, "0" * 32, Act.ACKNOWLEDGE, WANG, NOON)


def test_an_act_survives_later_steps(hall: Database) -> None:
    take(hall, raised())
    with hall.session() as session:
        act_on(session, raised().uid, Act.EXCUSE, WANG, NOON, "送材料")
    take(hall, escalated(raised()), ended(raised()))
    with hall.reading() as session:
        assert alert_detail(session, raised().uid).state is State.EXCUSED


def test_filters(hall: Database) -> None:
    window, queue, late = raised(), raised(1, subject="q1", rule="queue_length"), raised(60)
    take(hall, window, queue, escalated(late))
    with hall.session() as session:
        act_on(session, queue.uid, Act.MARK_FALSE, WANG, NOON)
    every = [late.uid, queue.uid, window.uid]
    hour = NOON + timedelta(hours=1)
    rows: list[tuple[AlertFilter, list[str]]] = [
        (AlertFilter(), every),
        (AlertFilter(hall="demo"), every),
        (AlertFilter(hall="other"), []),
        (AlertFilter(subject="w1"), [late.uid, window.uid]),
        (AlertFilter(rule="queue_length"), [queue.uid]),
        (AlertFilter(at_least=3), [late.uid]),
        (AlertFilter(states=(State.NEW,)), [late.uid, window.uid]),
        (AlertFilter(states=(State.FALSE, State.REFERRED)), [queue.uid]),
        (AlertFilter(began_from=hour), [late.uid]),
        (AlertFilter(began_to=hour), [queue.uid, window.uid]),
        (AlertFilter(text="张三"), [late.uid, window.uid]),
        (AlertFilter(text="等候区 QUEUE"), [queue.uid]),
        (AlertFilter(text=window.uid[:16]), [window.uid]),
        (AlertFilter(text=f"{window.uid[:12]} 等候区"), []),
        (AlertFilter(text="100%"), []),
        (AlertFilter(text="_"), every),
    ]
    assert [uids(hall, wanted) for wanted, _ in rows] == [found for _, found in rows]
    with hall.reading() as session:
        assert [count_alerts(session, w) for w, _ in rows] == [len(found) for _, found in rows]


def test_pages_hold_while_new_alerts_come_in(hall: Database) -> None:
    take(hall, *(raised(m // 2, subject=f"w{m % 2 + 1}") for m in range(10)))
    seen: list[str] = []
    cursor: str | None = None
    while True:
        with hall.reading() as session:
            page = list_alerts(session, AlertFilter(), cursor, limit=3)
        seen += [item.uid for item in page.items]
        take(hall, raised(100 + len(seen)))
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 10


def test_neighbours_in_a_list_that_the_alert_itself_has_left(hall: Database) -> None:
    first, second, third = (raised(minute) for minute in (0, 30, 60))
    take(hall, first, second, third, raised(45, subject="w2"))
    with hall.session() as session:
        act_on(session, second.uid, Act.ACKNOWLEDGE, WANG, NOON)
    wanted = AlertFilter(subject="w1", states=(State.NEW,))
    with hall.reading() as session:
        middle = alert_detail(session, second.uid)
        assert neighbours(session, wanted, middle) == (third.uid, first.uid)
        assert neighbours(session, wanted, alert_detail(session, third.uid)) == (None, first.uid)
        assert neighbours(session, AlertFilter(subject="w9"), middle) == (None, None)


def test_what_was_seen_in_a_still_is_kept(hall: Database) -> None:
    take(hall, raised())
    phone = {"label": "phone", "score": 0.83, "xyxy": [10, 20, 40, 60]}
    with hall.session() as session:
        attach_still(session, raised().uid, "a.jpg", "d" * 64, NOON, [phone])
    with hall.reading() as session:
        (still,) = alert_detail(session, raised().uid).stills
    assert [(b.label, b.xyxy) for b in still.boxes] == [("phone", (10, 20, 40, 60))]


@pytest.mark.parametrize("cursor", ["", "x", "é", "WzEsMl0=", "bnVsbA==", "WyJ4IiwgInkiXQ=="])
def test_a_strange_cursor_is_refused(hall: Database, cursor: str) -> None:
    with hall.reading() as session, pytest.raises(CursorError):
        list_alerts(session, AlertFilter(), cursor)


def test_evidence_is_attached_and_found(hall: Database, tmp_path: Path) -> None:
    take(hall, raised())
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "a.mp4").write_bytes(b"clip")
    asked = Span(NOON, NOON + timedelta(seconds=30))
    covers = Span(NOON - timedelta(seconds=2), NOON + timedelta(seconds=30))
    with hall.session() as session:
        first, again = (
            attach_clip(session, raised().uid, "demo/a.mp4", "c" * 64, asked=asked,
                        covers=covers, complete=complete)
            for complete in (False, True)
        )  # fmt: skip
        gone = attach_clip(
            session, raised().uid, "demo/b.mp4", "c" * 64, asked=asked, covers=covers, complete=True
        )
        attach_still(session, raised().uid, "demo/a.jpg", "d" * 64, NOON)
    assert first == again
    with hall.reading() as session:
        detail = alert_detail(session, raised().uid)
        assert clip_file(session, tmp_path, first).read_bytes() == b"clip"
        with pytest.raises(EvidenceMissingError):
            clip_file(session, tmp_path, gone)
    assert [(c.id, c.complete, c.covers_from) for c in detail.clips] == [
        (first, True, covers.starts_at),
        (gone, True, covers.starts_at),
    ]
    assert [s.at for s in detail.stills] == [NOON]


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "../x", "a/../../x", "a\\..\\x", "c:x", "a\0b"]
)
def test_evidence_outside_the_folder_is_refused(hall: Database, path: str) -> None:
    take(hall, raised())
    with hall.session() as session, pytest.raises(EvidencePathError):
        attach_still(session, raised().uid, path, "d" * 64, NOON)


def test_a_link_out_of_the_folder_is_not_followed(hall: Database, tmp_path: Path) -> None:
    take(hall, raised())
    root = tmp_path / "evidence"
    root.mkdir()
    (tmp_path / "secret.mp4").write_bytes(b"secret")
    (root / "a.mp4").symlink_to(tmp_path / "secret.mp4")
    span = Span(NOON, NOON)
    with hall.session() as session:
        clip = attach_clip(
            session, raised().uid, "a.mp4", "c" * 64, asked=span, covers=span, complete=True
        )
        with pytest.raises(EvidenceMissingError):
            clip_file(session, root, clip)
