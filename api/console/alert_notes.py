"""The roster's notes on an alert, as whoever judges it and the person concerned read them."""

from __future__ import annotations

from api.alerts.views import AlertDetail
from api.console import parts, times
from api.console.page import Visit
from api.console.roster_words import entered_words, span_words
from api.roster.notes import AlertNote


def show_notes(visit: Visit, alert: AlertDetail) -> None:
    """A visitor, a training or a handover at that time, and what the rulebook takes it for."""
    parts.text(visit.say("notes_title"), "card-title", tag="h2")
    list_notes(visit, alert)


def list_notes(visit: Visit, alert: AlertDetail) -> None:
    """The same without a title; nothing where there are none."""
    say = visit.say
    for note in alert.notes:
        with parts.box("alert-note"):
            _note(visit, note)
    if any(note.explains and note.whole for note in alert.notes):
        parts.text(say("notes_explain"), "alert-note-says", tag="p")
    elif alert.notes:
        parts.text(say("notes_circumstance"), "card-note", tag="p")


def _note(visit: Visit, note: AlertNote) -> None:
    say = visit.say
    with parts.box("dossier-badges"):
        parts.badge(say.of("note_kind", note.kind), "info")
        if not note.whole:
            parts.badge(say("note_partly"), "warn")
        if note.later:
            parts.badge(say("note_later"), "warn")
        if note.dropped_at is not None:
            time = times.day_clock(note.dropped_at, visit.now(), visit.zone, say)
            words = say("note_dropped", who=note.dropped_by or "", time=time)
            parts.badge(words, "warn")
    if note.note:
        parts.text(note.note, "alert-note-what", tag="p")
    when = span_words(visit, note.starts_at, note.ends_at)
    where = f"{say('whole_hall')} · {when}" if note.window is None else when
    parts.text(where, "card-note", tag="p")
    parts.text(entered_words(visit, note.entered_by, note.entered_at), "card-note", tag="p")
