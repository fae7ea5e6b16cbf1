"""Doing something to a complaint from a page, and its facts in words."""

from __future__ import annotations

from collections.abc import Callable

from api.complaints.acting import (
    ComplaintChangedError,
    ComplaintRefusedError,
    OwnComplaintError,
    UnknownComplaintError,
)
from api.complaints.tables import ComplaintState
from api.console import parts, times
from api.console.beat import leave
from api.console.page import Visit
from api.console.strings import Say

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
    if not visit.still_signed_in():
        leave(visit)
        return False
    try:
        act()
    except ComplaintChangedError as error:
        time = times.day_clock(error.at, visit.now(), visit.zone, say)
        act_words = say.of("complaint_event", error.act, n="")
        words = say("complaint_first_was", who=error.who, act=act_words, time=time)
        parts.tell(words, "warning")
    except OwnComplaintError:
        parts.tell(say("complaint_own"), "warning")
    except ComplaintRefusedError:
        parts.tell(say("complaint_refused"), "warning")
    except UnknownComplaintError:
        parts.tell(say("complaint_gone"), "warning")
    else:
        return True
    return False
