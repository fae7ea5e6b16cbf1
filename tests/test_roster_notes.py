"""What the roster's notes say of an alert: by tables, over HTTP, and to the person concerned."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from api.alerts.listing import alert_detail
from api.alerts.record import record_alert
from api.audit.record import AccessBy
from api.database import Database
from api.roster.changes import Editor
from api.roster.editing import NoteWanted, RosterEditor
from api.roster.notes import AlertNote, noted
from api.roster.tables import NoteKind
from api.users.tables import Role
from tests.halls import NOON, put_hall, raised
from tests.office import BASE, Office

MINUTE = timedelta(minutes=1)
RECEIVED = NOON + 3 * MINUTE
"""The alert lasts from noon to two minutes past, and came in a minute later."""


@pytest.fixture
def hall(database: Database) -> Database:
    with database.session() as session:
        put_hall(session)
    return database


def editor(at: datetime) -> Editor:
    return Editor(AccessBy(None, "王主任"), at)


def put_note(
    database: Database,
    minutes: tuple[float, float],
    *,
    kind: NoteKind = NoteKind.VISITOR,
    window: str | None = "w1",
    entered: datetime = NOON - 60 * MINUTE,
) -> int:
    wanted = NoteWanted(
        kind, window, NOON + minutes[0] * MINUTE, NOON + minutes[1] * MINUTE, "检查组"
    )
    with database.session() as session:
        return RosterEditor(session, "demo", editor(entered)).put_note(wanted)


def notes_of(database: Database, rule: str = "window_unattended", **more: Any) -> list[AlertNote]:
    alert = raised(rule=rule, **more)
    with database.session() as session:
        record_alert(session, alert, RECEIVED)
        detail = alert_detail(session, alert.uid)
        assert noted(session, [alert.uid]) == ({alert.uid} if detail.notes else set())
    return list(detail.notes)


TOUCHES: list[tuple[str, tuple[float, float], str | None, bool | None]] = [
    # name, minutes of the note, its window, whether it lay over the whole alert (None: not on it)
    ("around it", (-5, 30), "w1", True),
    ("of the whole hall", (-5, 30), None, True),
    ("from its first moment to its latest step", (0, 2), "w1", True),
    ("over its beginning only", (-5, 1), "w1", False),
    ("over its end only", (1, 30), "w1", False),
    ("over before it began", (-5, 0), "w1", None),
    ("after it", (3, 30), "w1", None),
    ("at another window", (-5, 30), "w2", None),
]


@pytest.mark.parametrize(("name", "minutes", "window", "whole"), TOUCHES)
def test_which_notes_lie_over_an_alert(
    hall: Database,
    name: str,
    minutes: tuple[float, float],
    window: str | None,
    whole: bool | None,
) -> None:
    put_note(hall, minutes, window=window)
    assert [note.whole for note in notes_of(hall)] == ([] if whole is None else [whole]), name


EXPLAINED: list[tuple[NoteKind, str, bool]] = [
    (NoteKind.VISITOR, "extra_person", True),
    (NoteKind.VISITOR, "gathering", False),
    (NoteKind.TRAINING, "gathering", True),
    (NoteKind.HANDOVER, "gathering", True),
    (NoteKind.HANDOVER, "extra_person", False),
    (NoteKind.TRAINING, "window_unattended", False),
    (NoteKind.VISITOR, "phone_use", False),
]


@pytest.mark.parametrize(("kind", "rule", "explains"), EXPLAINED)
def test_what_the_rulebook_takes_a_note_for(
    hall: Database, kind: NoteKind, rule: str, explains: bool
) -> None:
    put_note(hall, (-5, 30), kind=kind)
    (note,) = notes_of(hall, rule)
    assert note.explains is explains


def test_an_alert_about_the_camera_has_no_notes(hall: Database) -> None:
    put_note(hall, (-5, 30), window=None)
    assert notes_of(hall, "camera_blind", subject="cam1") == []


def test_a_note_that_comes_later_says_so(hall: Database) -> None:
    put_note(hall, (-5, 30), entered=RECEIVED + MINUTE)
    (note,) = notes_of(hall)
    assert note.later
    assert note.entered_by == "王主任"


def test_a_note_taken_back_later_stays_on_the_alert_that_it_was_there_for(hall: Database) -> None:
    kept, gone = put_note(hall, (-5, 30)), put_note(hall, (-5, 30), kind=NoteKind.TRAINING)
    late = put_note(hall, (-5, 30), entered=RECEIVED + MINUTE)
    with hall.session() as session:
        RosterEditor(session, "demo", editor(RECEIVED - MINUTE)).drop_note(gone)
    with hall.session() as session:
        roster = RosterEditor(session, "demo", editor(RECEIVED + 5 * MINUTE))
        roster.drop_note(kept)
        roster.drop_note(late)
    (note,) = notes_of(hall)
    assert (note.id, note.dropped_by, note.later) == (kept, "王主任", False)


def test_a_changed_note_shows_what_it_said_then_and_what_it_says_now(hall: Database) -> None:
    first = put_note(hall, (-5, 1))
    wanted = NoteWanted(NoteKind.VISITOR, "w1", NOON - 5 * MINUTE, NOON + 30 * MINUTE, "检查组")
    with hall.session() as session:
        roster = RosterEditor(session, "demo", editor(RECEIVED + MINUTE))
        second = roster.put_note(wanted, first)
        assert roster.put_note(wanted, second) == second  # nothing changed: nothing is told
        assert len(roster.changes) == 1
    then, now = notes_of(hall)
    assert (then.id, then.whole, then.dropped_by) == (first, False, "王主任")
    assert (now.id, now.whole, now.later) == (second, True, True)


def test_notes_do_not_silence_an_alert(office: Office) -> None:
    supervisor = office.client(Role.SUPERVISOR)
    span = {"starts_at": NOON.isoformat(), "ends_at": (NOON + 30 * MINUTE).isoformat()}
    note = span | {"kind": "handover", "window": "w1", "note": "<script>交接</script>"}
    made = supervisor.post(f"{BASE}/halls/demo/roster-notes", json=note).json()["id"]
    address = f"{BASE}/halls/demo/roster-notes/{made}"
    changed = supervisor.put(address, json=note | {"kind": "training"})
    assert changed.json()["id"] != made
    assert supervisor.put(address, json=note).status_code == 404
    alert = raised(rule="gathering")
    office.send(alert)
    shown = office.client(Role.REVIEWER).get(f"{BASE}/alerts/{alert.uid}").json()
    assert shown["state"] == "new"
    (told,) = shown["notes"]
    assert (told["kind"], told["note"], told["explains"]) == (
        "training",
        "<script>交接</script>",
        True,
    )
    assert len(supervisor.get(f"{BASE}/alerts").json()["items"]) == 1
