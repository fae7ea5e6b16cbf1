"""Doing something to a complaint from a page, and its facts in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

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


def state_badge(say: Say, state: ComplaintState) -> None:
    parts.badge(say.of("complaint_state", state), STATE_KINDS[state])


def kindly(visit: Visit, act: Callable[[], object]) -> bool:
    """Do it; say why not where it cannot be done. True if it was done."""
    say = visit.say
    if signed_out(visit):
        return False
    try:
        act()
    except ComplaintChangedError as error:
        time = times.day_clock(error.at, visit.now(), visit.zone, say)
        act_words = say.of("complaint_event", error.act, n="")
        words = say("complaint_first_was", who=error.who, act=act_words, time=time)
        parts.tell(words, "warning")
    except (OwnComplaintError, OwnAlertError):  # of an alert that would be referred with it
        parts.tell(say("complaint_own"), "warning")
    except ComplaintRefusedError:
        parts.tell(say("complaint_refused"), "warning")
    except UnknownComplaintError:
        parts.tell(say("complaint_gone"), "warning")
    else:
        return True
    return False


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
