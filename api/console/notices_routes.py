"""Who is told of what, level by level."""

from __future__ import annotations

from functools import partial

from sqlalchemy.orm import Session

from api.audit.record import AccessBy
from api.console import parts
from api.console.beat import signed_out
from api.console.forms import Choice, form
from api.console.page import Visit
from api.console.sheets import Sheet
from api.halls.reading import camera_rows, queue_rows, window_rows
from api.notices.channels import channel_rows
from api.notices.plan import Route, Target
from api.notices.policies import (
    UnknownTargetError,
    readers_in,
    routes_of,
    set_routes,
    wishes_of,
)
from api.users.permissions import Permission, may
from api.users.tables import Role
from vision.records import Severity
from vision.rules import rulebook

LEVELS = (1, 2, 3)


class RoutesCard:
    def __init__(self, visit: Visit, hall: str) -> None:
        self.visit, self.hall = visit, hall
        with parts.card(visit.say("routes"), "notices-routes"):
            parts.text(visit.say("routes_about"), "card-about", tag="p")
            self.levels = parts.box("levels")
        self.refresh()

    def refresh(self) -> None:
        say = self.visit.say
        with self.visit.console.database.reading() as session:
            routes = routes_of(session, self.hall)
            wishes = wishes_of(session, self.hall)
            self.targets = _targets(session, self.hall, self.visit)
            self.places = _places(session, self.hall)
        minutes = {2: wishes.second_level_s // 60, 3: wishes.third_level_s // 60}
        self.levels.clear()
        with self.levels:
            for level in LEVELS:
                with parts.box("level"):
                    parts.text(say("level", n=level), "level-name", tag="h3")
                    after = minutes.get(level)
                    when = say("level_after", n=after) if after else say("level_at_once")
                    parts.text(when, "level-when", tag="p")
                    inside = [route for route in routes if route.level == level]
                    with parts.box("routes", "ul"):
                        for route in inside:
                            self._route(route)
                    if not inside:
                        parts.text(say("level_none"), "soft", tag="p")
                    parts.button(
                        say("route_add"), partial(_RouteSheet, self, level), "btn btn-quiet",
                        drawing="plus",
                    )  # fmt: skip

    def _route(self, route: Route) -> None:
        say = self.visit.say
        name = self.targets.get(route.target, say("target_gone"))
        with parts.box("route", "li"):
            with parts.box("route-words"):
                parts.text(name, "route-to")
                parts.text(self._what(route), "route-what")
            remove = partial(self._remove, route)
            parts.icon_button("cross", say("route_remove", name=name), remove)

    def _what(self, route: Route) -> str:
        say = self.visit.say
        rule = say.known("rule", route.rule) if route.rule else say("any_rule")
        place = self.places.get(route.subject, route.subject) or say("any_place")
        severity = say("any_severity")
        if route.at_least > Severity.NOTICE:
            severity = say("at_least", severity=say.of("severity", route.at_least.name.lower()))
        return say("name_comma").join((rule, place, severity))

    def add(self, route: Route) -> None:
        with self.visit.console.database.reading() as session:
            routes = routes_of(session, self.hall)
        self._set((*routes, route))

    def _remove(self, route: Route) -> None:
        with self.visit.console.database.reading() as session:
            routes = routes_of(session, self.hall)
        self._set(tuple(r for r in routes if r != route))

    def _set(self, routes: tuple[Route, ...]) -> None:
        visit = self.visit
        if signed_out(visit):
            return
        try:
            with visit.console.database.session() as session:
                set_routes(session, self.hall, routes, AccessBy.of(visit.viewer), visit.now())
        except UnknownTargetError:
            parts.tell(visit.say("channel_gone"), "warning")
        self.refresh()


class _RouteSheet:
    def __init__(self, card: RoutesCard, level: int) -> None:
        self.card, self.level = card, level
        say = card.visit.say
        self.targets = {target.key: target for target in card.targets}
        severities = [
            (str(int(s)), say("at_least", severity=say.of("severity", s.name.lower())))
            for s in (Severity.WARNING, Severity.SERIOUS)
        ]
        with Sheet(say("route_add"), say("level", n=level)) as self.sheet, form():
            options = [(target.key, name) for target, name in card.targets.items()]
            self.target = Choice(say("route_target"), options)
            rules = [(rule, say.known("rule", rule)) for rule in rulebook()]
            self.rule = Choice(say("filter_rule"), [("", say("any_rule")), *rules])
            places = [("", say("any_place")), *card.places.items()]
            self.place = Choice(say("filter_place"), places)
            any_severity = (str(int(Severity.NOTICE)), say("any_severity"))
            self.severity = Choice(say("filter_severity"), [any_severity, *severities])
            with parts.box("sheet-buttons"):
                parts.button(say("cancel"), self.sheet.close)
                parts.button(say("save"), self._save, "btn btn-main", drawing="save")

    def _save(self) -> None:
        self.sheet.close()
        self.card.add(
            Route(
                self.targets[self.target.value],
                self.level,
                self.rule.value,
                self.place.value,
                Severity(int(self.severity.value)),
            )
        )


def _targets(session: Session, hall: str, visit: Visit) -> dict[Target, str]:
    """Everybody whom a route may lead to, and how they are called."""
    say = visit.say
    targets = {
        Target(role=role): say("target_role", role=say.of("role", role))
        for role in Role
        if may(role, Permission.ALERTS_READ)
    }
    targets |= {
        Target(channel=row.id): say(
            "target_channel", kind=say.of("channel", row.kind), name=row.name
        )
        for row in channel_rows(session, hall)
    }
    targets |= {
        Target(user=row.id): say("target_user", name=row.full_name)
        for row in readers_in(session, hall)
    }
    return targets


def _places(session: Session, hall: str) -> dict[str, str]:
    return {
        row.id: row.name or row.id
        for rows in (window_rows, queue_rows, camera_rows)
        for row in rows(session, hall)
    }
