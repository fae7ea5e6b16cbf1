"""Searching by words: each text once, found by index, gone with its last alert."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from api.alerts.listing import MOST_COUNTED, AlertFilter, count_by_state, list_alerts
from api.alerts.record import record_alert
from api.alerts.tables import AlertEventRow, AlertRow, AlertTextRow, State
from api.alerts.texts import forget_unused_texts, text_id
from api.database import Database
from tests.halls import NOON, put_hall, raised


def test_alerts_of_one_person_at_one_window_share_a_text(database: Database) -> None:
    with database.session() as session:
        put_hall(session)
        for minute in range(3):
            record_alert(session, raised(minute), NOON)
        record_alert(session, raised(0, subject="w2"), NOON)
        assert session.scalar(select(func.count(AlertTextRow.id))) == 2


def test_a_staff_number_that_looks_like_a_uid_is_found(database: Database) -> None:
    with database.session() as session:
        put_hall(session)
        record_alert(session, raised(), NOON)
        row = session.scalars(select(AlertRow)).one()
        row.text_id = text_id(session, "phone_use w1 李四 20240017")
        session.flush()
        assert len(list_alerts(session, AlertFilter(text="20240017 李四")).items) == 1
        assert list_alerts(session, AlertFilter(text="20240018")).items == ()


def test_the_names_go_with_the_last_alert_that_needed_them(database: Database) -> None:
    with database.session() as session:
        put_hall(session)
        first, second = raised(0), raised(5, subject="w2")
        for alert in (first, second):
            record_alert(session, alert, NOON)
        for table, column in ((AlertEventRow, AlertEventRow.alert_uid), (AlertRow, AlertRow.uid)):
            session.execute(delete(table).where(column == first.uid))
        forget_unused_texts(session)
        (kept,) = session.scalars(select(AlertTextRow.text))
        assert "w2" in kept


def test_states_are_counted_and_counting_stops(database: Database) -> None:
    with database.session() as session:
        put_hall(session)
        record_alert(session, raised(), NOON)
        assert count_by_state(session, AlertFilter())[State.NEW] == 1
        row = session.scalars(select(AlertRow)).one()
        values = {c.name: getattr(row, c.name) for c in AlertRow.__table__.columns}
        rows = [values | {"uid": f"x{n}", "state": State.FALSE} for n in range(MOST_COUNTED + 5)]
        session.execute(AlertRow.__table__.insert(), rows)
        counts = count_by_state(session, AlertFilter(states=(State.NEW,)))
        assert counts[State.FALSE] == MOST_COUNTED
        assert counts[State.EXCUSED] == 0
