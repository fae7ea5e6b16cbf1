"""Doing something to a complaint from a page, and its facts in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from nicegui import run

from api.alerts.own import OwnAlertError
from api.complaints.acting import (
    ComplaintChangedError,
    ComplaintRefusedError,
    OwnComplaintError,
    UnknownComplaintError,
)
from api.complaints.tables import ComplaintState
from api.console import parts, times
from api.console.beat import signed_out
from api.console.page import Visit
from api.console.strings import Say
from api.halls.tables import WindowRow

STATE_KINDS = {
    ComplaintState.REGISTERED: "warn",
    ComplaintState.OPINED: "info",
    ComplaintState.ANSWERED: "good",
}
REFUSED = (
    ComplaintChangedError,
    ComplaintRefusedError,
    OwnComplaintError,
    OwnAlertError,  # of an alert that would be referred with it
    UnknownComplaintError,
)


def state_badge(say: Say, state: ComplaintState) -> None:
    parts.badge(say.of("complaint_state", state), STATE_KINDS[state])


def kindly(visit: Visit, act: Callable[[], object]) -> bool:
    """Do it; say why not where it cannot be done. True if it was done."""
    if signed_out(visit):
        return False
    try:
        act()
    except REFUSED as error:
        parts.tell(_why(visit, error), "warning")
        return False
    return True


async def refusal_beside(visit: Visit, act: Callable[[], object]) -> str:
    """Do what takes long beside the pages, which answer meanwhile; returns why it could not be
    done, "" if it was."""
    try:
        await run.io_bound(act)
    except REFUSED as error:
        return _why(visit, error)
    return ""


def _why(visit: Visit, error: Exception) -> str:
    say = visit.say
    if isinstance(error, ComplaintChangedError):
        time = times.day_clock(error.at, visit.now(), visit.zone, say)
        act_words = say.of("complaint_event", error.act, n="")
        return say("complaint_first_was", who=error.who, act=act_words, time=time)
    if isinstance(error, OwnComplaintError | OwnAlertError):
        return say("complaint_own")
    refused = isinstance(error, ComplaintRefusedError)
    return say("complaint_refused" if refused else "complaint_gone")


def correction_lines(visit: Visit, hall: str, details: Mapping[str, Any]) -> list[str]:
    """What a complaint said before it was corrected, and what it says since then."""
    say, before, after = visit.say, details["before"], details["after"]
    labels = {
        "channel": say("complaint_channel"),
        "window": say("complaint_window"),
        "happened_from": say("complaint_from"),
        "happened_to": say("complaint_to"),
        "about": say("complaint_words"),
    }
    lines = [
        say(
            "complaint_was",
            what=words,
            before=_fact(visit, hall, name, before[name]),
            after=_fact(visit, hall, name, after[name]),
        )
        for name, words in labels.items()
        if name in before
    ]
    return [*lines, say("complaint_who_was")] if details["complainant"] else lines


def _fact(visit: Visit, hall: str, name: str, value: str | None) -> str:
    say = visit.say
    if name == "channel":
        return say.of("channel_of", str(value))
    if name == "window":
        return say("complaint_no_window") if value is None else _window_name(visit, hall, value)
    if name == "about":
        return str(value)
    return times.day_clock(datetime.fromisoformat(str(value)), visit.now(), visit.zone, say)


def _window_name(visit: Visit, hall: str, window: str) -> str:
    with visit.console.database.reading() as session:
        row = session.get(WindowRow, (hall, window))
    return window if row is None else row.name
