"""What the ticket system said of an alert's window, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from api.alerts.views import AlertDetail
from api.console import times
from api.console.strings import Say
from api.tickets.saying import TicketSaid


def ticket_facts(
    alert: AlertDetail, say: Say, moment: Callable[[datetime], str]
) -> Sequence[tuple[str, str]]:
    """As (when, words): at its beginning and when it was raised, with what was sent later; once,
    where it is the same. None of an alert that is about no window, or older than the connection of
    ticket systems."""
    then, now = alert.tickets, alert.tickets_later or alert.tickets
    if then is None or now is None:
        return ()
    began = _words(then.began, now.began, say, moment)
    raised = _words(then.raised, now.raised, say, moment)
    if began == raised:
        return ((say("tickets_then"), began),)
    return ((say("tickets_began"), began), (say("tickets_raised"), raised))


def _words(then: TicketSaid, now: TicketSaid, say: Say, moment: Callable[[datetime], str]) -> str:
    words, later = (said_words(said, say, moment) for said in (then, now))
    return words if words == later else say("tickets_later", then=words, now=later)


def said_words(said: TicketSaid, say: Say, moment: Callable[[datetime], str]) -> str:
    if said.state is None or said.since is None or said.heard is None:
        return say("tickets_none")
    state = say.of("ticket", said.state)
    if said.silent:
        span = times.span((said.at - said.heard).total_seconds(), say)
        return say("tickets_silent", span=span, state=state)
    return say("tickets_said", state=state, since=moment(said.since))
