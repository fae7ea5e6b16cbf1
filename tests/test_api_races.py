"""Several writers at once: each fact is kept once, and the second to decide is told."""

from __future__ import annotations

import threading
from collections.abc import Callable

from api.alerts.acts import Act, ActRefusedError, act_on
from api.alerts.listing import alert_detail
from api.alerts.record import Recorded, record_alert
from api.audit.record import AccessBy
from api.database import Database
from tests.halls import NOON, ended, escalated, put_hall, raised
from vision.records import Alert


def at_once(works: list[Callable[[], None]]) -> None:
    """Run all from one starting shot."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        start.wait()
        work()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_the_same_alert_from_many_senders_is_one(database: Database) -> None:
    with database.session() as session:
        put_hall(session)
    alert = raised()
    results: list[Recorded] = []

    def send(step: Alert) -> Callable[[], None]:
        def work() -> None:
            with database.session() as session:
                results.append(record_alert(session, step, NOON))

        return work

    at_once([send(step) for step in (alert, escalated(alert), ended(alert)) for _ in range(3)])
    assert [r.created for r in results].count(True) == 1
    assert [r.changed for r in results].count(True) == 3
    with database.reading() as session:
        detail = alert_detail(session, alert.uid)
    assert [e.what for e in detail.history] == ["raised", "escalated", "ended"]
    assert (detail.step.value, detail.severity) == ("ended", 3)


def test_of_two_who_decide_at_once_one_is_told(database: Database) -> None:
    with database.session() as session:
        put_hall(session)
        record_alert(session, raised(), NOON)
    told: list[str] = []

    def decide(name: str) -> Callable[[], None]:
        def work() -> None:
            try:
                with database.session() as session:
                    act_on(session, raised().uid, Act.MARK_FALSE, AccessBy(None, name), NOON)
            except ActRefusedError:
                told.append(name)

        return work

    at_once([decide(name) for name in ("甲", "乙", "丙")])
    assert len(told) == 2
    with database.reading() as session:
        acts = [e.who for e in alert_detail(session, raised().uid).history if e.who]
    assert len(acts) == 1
    assert acts[0] not in told
