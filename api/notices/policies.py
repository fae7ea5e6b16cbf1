"""How a hall wants to be told, and by which routes; what holds where it never said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.halls.tables import HallRow
from api.notices.plan import Policy, Quiet, Route, Target
from api.notices.tables import ChannelRow, NoticePolicyRow, RouteRow
from api.users.belonging import halls_of
from api.users.permissions import Permission, may
from api.users.tables import Role, UserRow
from vision.records import Severity

FIRST_ROUTES = (
    Route(Target(role=Role.SUPERVISOR)),
    Route(Target(role=Role.HEAD), level=2, at_least=Severity.WARNING),
)
"""Until a hall says otherwise: its supervisors at once, the head of unit when nobody took it."""


class UnknownTargetError(LookupError):
    """A route or channel leads to somebody who is not there, or may not read alerts."""

    def __init__(self, what: str) -> None:
        super().__init__(f"there is no {what} here that alerts may be told to")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a hall may set. Times of day are minutes since midnight; both None: no quiet hours."""

    second_level_s: int = 15 * 60
    third_level_s: int = 60 * 60
    quiet_from_min: int | None = None
    quiet_to_min: int | None = None
    quiet_passes: Severity = Severity.SERIOUS
    storm_count: int = 5
    storm_s: int = 5 * 60
    says_names: bool = False
    console_url: str = ""


def wishes_of(session: Session, hall_id: str) -> Wishes:
    row = session.get(NoticePolicyRow, hall_id)
    if row is None:
        return Wishes()
    return Wishes(
        second_level_s=row.second_level_s,
        third_level_s=row.third_level_s,
        quiet_from_min=row.quiet_from_min,
        quiet_to_min=row.quiet_to_min,
        quiet_passes=Severity(row.quiet_passes),
        storm_count=row.storm_count,
        storm_s=row.storm_s,
        says_names=row.says_names,
        console_url=row.console_url,
    )


def wish(session: Session, hall_id: str, wishes: Wishes, by: AccessBy, now: datetime) -> None:
    """Set what the hall wants; its routes so far become its own."""
    routes = routes_of(session, hall_id)
    first = session.get(NoticePolicyRow, hall_id) is None
    session.merge(
        NoticePolicyRow(
            hall_id=hall_id,
            second_level_s=wishes.second_level_s,
            third_level_s=wishes.third_level_s,
            quiet_from_min=wishes.quiet_from_min,
            quiet_to_min=wishes.quiet_to_min,
            quiet_passes=int(wishes.quiet_passes),
            storm_count=wishes.storm_count,
            storm_s=wishes.storm_s,
            says_names=wishes.says_names,
            console_url=wishes.console_url,
            changed_at=now,
            changed_by=by.name,
        )
    )
    session.flush()
    if first:
        _write_routes(session, hall_id, routes)
    details = asdict(wishes) | {"quiet_passes": int(wishes.quiet_passes)}
    record_access(
        session, by, Access.EDIT_NOTICES, f"notice-policy/{hall_id}", now,
        hall=hall_id, details=details,
    )  # fmt: skip


def policy_of(wishes: Wishes, zone: ZoneInfo) -> Policy:
    quiet = None
    if wishes.quiet_from_min is not None and wishes.quiet_to_min is not None:
        quiet = Quiet(wishes.quiet_from_min, wishes.quiet_to_min, wishes.quiet_passes)
    return Policy(
        zone=zone,
        after={
            2: timedelta(seconds=wishes.second_level_s),
            3: timedelta(seconds=wishes.third_level_s),
        },
        quiet=quiet,
        storm_count=wishes.storm_count,
        storm=timedelta(seconds=wishes.storm_s),
    )


def zone_of(session: Session, hall_id: str) -> ZoneInfo:
    hall = session.get(HallRow, hall_id)
    return ZoneInfo(hall.timezone if hall else "Asia/Shanghai")


def routes_of(session: Session, hall_id: str) -> tuple[Route, ...]:
    """As the hall set them; the first routes where it never did."""
    if session.get(NoticePolicyRow, hall_id) is None:
        return FIRST_ROUTES
    rows = session.scalars(
        select(RouteRow).where(RouteRow.hall_id == hall_id).order_by(RouteRow.level, RouteRow.id)
    )
    return tuple(
        Route(
            Target(row.channel_id, row.role, row.user_id),
            row.level,
            row.rule,
            row.subject,
            Severity(row.at_least),
        )
        for row in rows
    )


def set_routes(
    session: Session, hall_id: str, routes: Sequence[Route], by: AccessBy, now: datetime
) -> None:
    """Replace all routes of the hall. Raises UnknownTargetError."""
    for route in routes:
        _check(session, hall_id, route.target)
    if session.get(NoticePolicyRow, hall_id) is None:
        wish(session, hall_id, Wishes(), by, now)
    _write_routes(session, hall_id, routes)
    record_access(
        session, by, Access.EDIT_NOTICES, f"notice-routes/{hall_id}", now,
        hall=hall_id, details={"routes": [_route_words(route) for route in routes]},
    )  # fmt: skip


def _route_words(route: Route) -> str:
    """A route in one line: level, rule, place, from which severity on, to whom."""
    target = route.target
    to = f"channel/{target.channel}" if target.channel else target.role or f"account/{target.user}"
    at_least = route.at_least.name.lower()
    return f"{route.level} {route.rule or '*'} {route.subject or '*'} {at_least} -> {to}"


def _check(session: Session, hall_id: str, target: Target) -> None:
    if target.channel is not None:
        channel = session.get(ChannelRow, target.channel)
        if channel is None or channel.hall_id != hall_id or channel.retired_at is not None:
            raise UnknownTargetError(f"channel {target.channel}")
    if target.role is not None and not may(target.role, Permission.ALERTS_READ):
        raise UnknownTargetError(f"role {target.role}")
    if target.user is not None:
        reader_of(session, hall_id, target.user)


def reader_of(session: Session, hall_id: str, user_id: int) -> UserRow:
    """The account, which belongs to the hall and may read its alerts. Raises UnknownTargetError."""
    row = session.get(UserRow, user_id)
    if (
        row is None
        or row.disabled_at is not None
        or hall_id not in halls_of(session, row)
        or not may(row.role, Permission.ALERTS_READ)
    ):
        raise UnknownTargetError(f"account {user_id}")
    return row


def readers_in(session: Session, hall_id: str) -> list[UserRow]:
    """Everybody of the hall who may read its alerts, by name."""
    roles = [role for role in Role if may(role, Permission.ALERTS_READ)]
    rows = session.scalars(
        select(UserRow)
        .where(UserRow.role.in_(roles), UserRow.disabled_at.is_(None))
        .order_by(UserRow.full_name)
    )
    return [row for row in rows if hall_id in halls_of(session, row)]


def _write_routes(session: Session, hall_id: str, routes: Sequence[Route]) -> None:
    session.execute(delete(RouteRow).where(RouteRow.hall_id == hall_id))
    session.add_all(
        RouteRow(
            hall_id=hall_id,
            level=route.level,
            rule=route.rule,
            subject=route.subject,
            at_least=int(route.at_least),
            channel_id=route.target.channel,
            role=route.target.role,
            user_id=route.target.user,
        )
        for route in dict.fromkeys(routes)
    )
    session.flush()


def reaching(session: Session, hall_id: str, routes: Sequence[Route]) -> list[Route]:
    """The routes, and for those to a role or person one more to each of their own channels."""
    own: dict[Target, list[int]] = {}
    rows = session.execute(
        select(ChannelRow.id, UserRow)
        .join(UserRow, UserRow.id == ChannelRow.owner_id)
        .where(
            ChannelRow.hall_id == hall_id,
            ChannelRow.retired_at.is_(None),
            UserRow.disabled_at.is_(None),
        )
    )
    for channel, user in rows:
        if hall_id in halls_of(session, user):
            for target in (Target(user=user.id), Target(role=user.role)):
                own.setdefault(target, []).append(channel)
    more = [
        Route(Target(channel=channel), route.level, route.rule, route.subject, route.at_least)
        for route in routes
        for channel in own.get(route.target, ())
    ]
    return [*routes, *more]
