"""Messages over HTTP: channels, routes, wishes, and what was sent."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from api.audit.asking import By
from api.fields import HallPath, Name, RowId, SeverityWord, Slug, Uid
from api.halls.reading import hall_row
from api.notices.channels import (
    Wanted,
    add_channel,
    change_channel,
    channel_row,
    channel_rows,
    retire_channel,
    send_test,
)
from api.notices.history import MOST_PER_PAGE, NoticeView, notices_of
from api.notices.plan import Route, Target
from api.notices.policies import Wishes, routes_of, set_routes, wish, wishes_of
from api.notices.queue import send_again
from api.notices.showing import mark_seen
from api.notices.tables import ChannelKind, ChannelRow, NoticeState
from api.openapi import problems
from api.site import Needs, NeedsInHall, Now, Reading, SiteHere, Writing, WritingRoute
from api.users.permissions import Permission
from api.users.tables import Role
from api.users.tokens import Principal
from vision.records import Severity

routes = APIRouter(tags=["notices"], route_class=WritingRoute)

MANAGES = [Depends(NeedsInHall(Permission.NOTICES_MANAGE))]
Manager = Annotated[Principal, Depends(NeedsInHall(Permission.NOTICES_MANAGE))]
Reader = Annotated[Principal, Depends(Needs(Permission.SESSION_OWN))]
WebAddress = Annotated[
    str, StringConstraints(pattern=r"^(https?://[^\s/?#]+(/[^\s]*)?)?$", max_length=200)
]
MinuteOfDay = Annotated[int, Field(ge=0, le=24 * 60)]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SeenIn(_Given):
    notice: RowId


class ChannelIn(_Given):
    """`settings` and `secret` as docs/notices.md says for each kind. On a change, what `secret`
    leaves out stays as it is. `owner`: the account whose own channel it is."""

    kind: ChannelKind
    name: Name
    language: Literal["zh", "en"] = "zh"
    settings: dict[str, Any] = Field({}, max_length=20)
    secret: dict[str, Annotated[str, StringConstraints(max_length=2000)]] = Field({}, max_length=5)
    owner: RowId | None = None

    def wanted(self) -> Wanted:
        return Wanted(self.kind, self.name, self.language, self.settings, self.secret, self.owner)


class ChannelOut(BaseModel):
    """A channel without its secrets."""

    id: int
    kind: ChannelKind
    name: str
    language: str
    settings: dict[str, Any]
    owner: int | None

    @classmethod
    def of(cls, row: ChannelRow) -> ChannelOut:
        return cls(
            id=row.id,
            kind=row.kind,
            name=row.name,
            language=row.language,
            settings=row.settings,
            owner=row.owner_id,
        )


class RouteShown(_Given):
    """Which alerts are told to one channel, role or person. Level 1 at once, 2 and 3 when nobody
    took the alert in time. Without `rule` or `subject`: of any rule, at any place."""

    level: Literal[1, 2, 3] = 1
    rule: Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_]{0,63})?$")] = ""
    subject: Slug | Literal[""] = ""
    at_least: SeverityWord = "notice"
    channel: RowId | None = None
    role: Role | None = None
    user: RowId | None = None

    @model_validator(mode="after")
    def _one_target(self) -> RouteShown:
        if sum(target is not None for target in (self.channel, self.role, self.user)) != 1:
            raise ValueError("names one of channel, role and user")
        return self

    def route(self) -> Route:
        target = Target(self.channel, self.role, self.user)
        at_least = Severity[self.at_least.upper()]
        return Route(target, self.level, self.rule, self.subject, at_least)

    @classmethod
    def of(cls, route: Route) -> RouteShown:
        return cls.model_validate(
            {
                "level": route.level,
                "rule": route.rule,
                "subject": route.subject,
                "at_least": route.at_least.name.lower(),
                "channel": route.target.channel,
                "role": route.target.role,
                "user": route.target.user,
            }
        )


class WishesShown(_Given):
    """How the hall wants to be told. Quiet hours are minutes since midnight by its clock, both or
    neither; `console_url` is where its console is reached, for links in messages."""

    second_level_s: int = Field(15 * 60, ge=60, le=7 * 86_400)
    third_level_s: int = Field(60 * 60, ge=60, le=7 * 86_400)
    quiet_from_min: MinuteOfDay | None = None
    quiet_to_min: MinuteOfDay | None = None
    quiet_passes: SeverityWord = "serious"
    storm_count: int = Field(5, ge=1, le=1000)
    storm_s: int = Field(5 * 60, ge=60, le=86_400)
    says_names: bool = False
    console_url: WebAddress = ""

    @model_validator(mode="after")
    def _fit_together(self) -> WishesShown:
        if (self.quiet_from_min is None) != (self.quiet_to_min is None):
            raise ValueError("quiet hours need both a beginning and an end")
        if self.third_level_s <= self.second_level_s:
            raise ValueError("the third level comes after the second")
        return self

    def wishes(self) -> Wishes:
        values = self.model_dump()
        values["quiet_passes"] = Severity[self.quiet_passes.upper()]
        return Wishes(**values)

    @classmethod
    def of(cls, wishes: Wishes) -> WishesShown:
        return cls(
            second_level_s=wishes.second_level_s,
            third_level_s=wishes.third_level_s,
            quiet_from_min=wishes.quiet_from_min,
            quiet_to_min=wishes.quiet_to_min,
            quiet_passes=_word(wishes.quiet_passes),
            storm_count=wishes.storm_count,
            storm_s=wishes.storm_s,
            says_names=wishes.says_names,
            console_url=wishes.console_url,
        )


def _word(severity: Severity) -> SeverityWord:
    words: dict[Severity, SeverityWord] = {
        Severity.NOTICE: "notice",
        Severity.WARNING: "warning",
        Severity.SERIOUS: "serious",
    }
    return words[severity]


REFUSALS = problems(401, 403, 404, 422)


@routes.get("/halls/{hall}/notice-channels", dependencies=MANAGES, responses=REFUSALS)
def list_channels(hall: HallPath, session: Reading) -> tuple[ChannelOut, ...]:
    """The ways to reach people outside the console."""
    return tuple(ChannelOut.of(row) for row in channel_rows(session, hall_row(session, hall).id))


@routes.post("/halls/{hall}/notice-channels", responses=REFUSALS, status_code=201)
def make_channel(
    hall: HallPath,
    body: ChannelIn,
    _who: Manager,
    by: By,
    site: SiteHere,
    session: Writing,
    now: Now,
) -> ChannelOut:
    """A new channel. Nothing is sent to it before a route leads there."""
    hall_row(session, hall)
    vault = site.settings.vault()
    return ChannelOut.of(add_channel(session, hall, body.wanted(), vault, by, now))


@routes.put("/halls/{hall}/notice-channels/{channel}", dependencies=MANAGES, responses=REFUSALS)
def put_channel(
    hall: HallPath,
    channel: RowId,
    body: ChannelIn,
    by: By,
    site: SiteHere,
    session: Writing,
    now: Now,
) -> ChannelOut:
    """Change a channel; its kind stays."""
    vault = site.settings.vault()
    return ChannelOut.of(change_channel(session, hall, channel, body.wanted(), vault, by, now))


@routes.delete(
    "/halls/{hall}/notice-channels/{channel}",
    dependencies=MANAGES,
    responses=REFUSALS,
    status_code=204,
)
def delete_channel(hall: HallPath, channel: RowId, by: By, session: Writing, now: Now) -> None:
    """Send nothing more to it. Its routes go; what was sent stays in the history."""
    retire_channel(session, hall, channel, by, now)


@routes.post(
    "/halls/{hall}/notice-channels/{channel}/test",
    dependencies=MANAGES,
    responses=REFUSALS,
    status_code=202,
)
def test_channel(
    hall: HallPath, channel: RowId, by: By, session: Writing, now: Now
) -> dict[str, int]:
    """Queue a test message; `notice` is its id in the history."""
    row = channel_row(session, hall, channel)
    return {"notice": send_test(session, row, by, now).id}


@routes.get("/halls/{hall}/notice-routes", dependencies=MANAGES, responses=REFUSALS)
def list_routes(hall: HallPath, session: Reading) -> tuple[RouteShown, ...]:
    """Which alerts are told to whom."""
    return tuple(RouteShown.of(r) for r in routes_of(session, hall_row(session, hall).id))


@routes.put("/halls/{hall}/notice-routes", responses=REFUSALS)
def put_routes(
    hall: HallPath,
    body: Annotated[list[RouteShown], Field(max_length=500)],
    _who: Manager,
    by: By,
    session: Writing,
    now: Now,
) -> tuple[RouteShown, ...]:
    """Replace all routes of the hall. With none, nobody is told; the console shows all the same."""
    hall_row(session, hall)
    set_routes(session, hall, [shown.route() for shown in body], by, now)
    return tuple(RouteShown.of(route) for route in routes_of(session, hall))


@routes.get("/halls/{hall}/notice-policy", dependencies=MANAGES, responses=REFUSALS)
def read_policy(hall: HallPath, session: Reading) -> WishesShown:
    """Levels, quiet hours, storms."""
    return WishesShown.of(wishes_of(session, hall_row(session, hall).id))


@routes.put("/halls/{hall}/notice-policy", responses=REFUSALS)
def put_policy(
    hall: HallPath, body: WishesShown, _who: Manager, by: By, session: Writing, now: Now
) -> WishesShown:
    """Say how the hall wants to be told."""
    hall_row(session, hall)
    wish(session, hall, body.wishes(), by, now)
    return WishesShown.of(wishes_of(session, hall))


@routes.get("/halls/{hall}/notices", responses=REFUSALS)
def list_notices(
    hall: HallPath,
    who: Manager,
    session: Reading,
    state: NoticeState | None = None,
    channel: RowId | None = None,
    alert: Uid | None = None,
    before: Annotated[int | None, Query(ge=1)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = 50,
) -> tuple[NoticeView, ...]:
    """The messages that were due, the latest first; `before` an id, for the next page."""
    return notices_of(
        session,
        hall_row(session, hall).id,
        states=(state,) if state else (),
        channel=channel,
        alert=alert,
        before=before,
        limit=limit,
        with_text=Permission.ALERTS_READ in who.permissions,
    )


@routes.post(
    "/halls/{hall}/notices/{notice}/again",
    dependencies=MANAGES,
    responses=REFUSALS | problems(409),
    status_code=202,
)
def retry_notice(
    hall: HallPath, notice: RowId, by: By, session: Writing, now: Now
) -> dict[str, int]:
    """Try once more to send what was given up."""
    return {"notice": send_again(session, hall, notice, by, now).id}


@routes.put("/session/notices-seen", status_code=204, responses=problems(401, 403, 422))
def put_notices_seen(body: SeenIn, who: Reader, session: Writing) -> None:
    """One closed the messages on one's console, all up to this one."""
    mark_seen(session, who.user_id or 0, body.notice)
