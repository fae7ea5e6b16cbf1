"""How a hall wants to be told: channels, who hears of what, quiet hours; and what was sent."""

from __future__ import annotations

from api.console import parts
from api.console.beat import Beat
from api.console.missing import no_hall
from api.console.notices_channels import ChannelCard
from api.console.notices_history import HistoryCard
from api.console.notices_routes import RoutesCard
from api.console.notices_wishes import WishesCard
from api.console.page import Visit
from api.notices.history import given_up


def build(visit: Visit, beat: Beat) -> None:
    if visit.hall is None:
        no_hall(visit)
        return
    hall = visit.hall.id
    with parts.box("page"):
        with parts.heading(visit.say.of("nav", "notices"), visit.say("notices_about")):
            pass
        with parts.box("notices"):
            routes = RoutesCard(visit, hall)
            channels = ChannelCard(visit, hall, routes.refresh)
            WishesCard(visit, hall, routes.refresh)
            history = HistoryCard(visit, hall)
    channels.on_test(history.refresh)
    beat.every(4, history.refresh)


def trouble(visit: Visit) -> int:
    """Messages that nobody got, for the navigation's badge."""
    if visit.hall is None:
        return 0
    with visit.console.database.reading() as session:
        return given_up(session, visit.hall.id)
