"""Which messages are due: a pure function of alerts, of what was said already, and of the time.

One absence is one message to each target, then its end. Who nobody answered goes up a level. In a
storm, and in quiet hours, messages are folded: one digest tells them all. An end is folded in quiet
hours only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from api.notices.tables import NoticeKind
from api.users.tables import Role
from vision.records import Severity

STALE_AFTER = timedelta(hours=24)
"""What was received longer ago and never told is no news any more."""
DIGEST_AFTER = timedelta(seconds=60)
"""How long the first folded message waits for company."""

FIRST = (NoticeKind.RAISED, NoticeKind.ESCALATED)
"""Kinds that tell a target of an alert for the first time, and that a storm folds."""


@dataclass(frozen=True, slots=True)
class Target:
    """One of: a channel, everybody of a role, one person."""

    channel: int | None = None
    role: Role | None = None
    user: int | None = None

    @property
    def key(self) -> str:
        if self.channel is not None:
            return f"c{self.channel}"
        return f"u{self.user}" if self.user is not None else f"r-{self.role}"

    @property
    def in_console(self) -> bool:
        return self.channel is None


@dataclass(frozen=True, slots=True)
class Route:
    """Alerts of `rule` at `subject` ("" matches all) of severity `at_least` are told to `target`;
    from level 2 on only when nobody took them in time."""

    target: Target
    level: int = 1
    rule: str = ""
    subject: str = ""
    at_least: Severity = Severity.NOTICE

    def matches(self, alert: AlertNow) -> bool:
        return (
            self.rule in ("", alert.rule)
            and self.subject in ("", alert.subject)
            and alert.severity >= self.at_least
        )


@dataclass(frozen=True, slots=True)
class Quiet:
    """Quiet hours by the hall's clock, in minutes since midnight; they may run over midnight.
    Alerts of severity `passes` are told even so."""

    from_min: int
    to_min: int
    passes: Severity = Severity.SERIOUS

    def end_of(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """When the quiet hours that hold at `moment` are over."""
        local = moment.astimezone(zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        end = midnight + timedelta(minutes=self.to_min)
        return (end if end > local else end + timedelta(days=1)).astimezone(UTC)

    def holds(self, severity: Severity, local: time) -> bool:
        minute = local.hour * 60 + local.minute
        if self.from_min <= self.to_min:
            inside = self.from_min <= minute < self.to_min
        else:
            inside = minute >= self.from_min or minute < self.to_min
        return inside and severity < self.passes


@dataclass(frozen=True, slots=True)
class Policy:
    """`after`: level -> how long nobody took the alert. More than `storm_count` messages to one
    target within `storm` are folded."""

    zone: ZoneInfo
    after: Mapping[int, timedelta] = field(
        default_factory=lambda: {2: timedelta(minutes=15), 3: timedelta(minutes=60)}
    )
    quiet: Quiet | None = None
    storm_count: int = 5
    storm: timedelta = timedelta(minutes=5)

    def quiet_until(self, severity: Severity, now: datetime) -> datetime | None:
        """Until when quiet hours hold back a message of this severity; None: they do not."""
        local = now.astimezone(self.zone).time()
        if self.quiet is None or not self.quiet.holds(severity, local):
            return None
        return self.quiet.end_of(now, self.zone)


@dataclass(frozen=True, slots=True)
class AlertNow:
    """An alert as far as messages go. `received`: when we learnt of it. `taken`: when a person
    first did something about it."""

    uid: str
    rule: str
    subject: str
    severity: Severity
    received: datetime
    ended: datetime | None = None
    taken: datetime | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A message that was planned before. `open`: the end of its alert is still to be told."""

    id: int
    target: Target
    kind: NoticeKind
    at: datetime
    alert: str | None = None
    level: int = 1
    severity: Severity = Severity.NOTICE
    folded: bool = False
    told_by: int | None = None  # the digest that told a folded one
    open: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A message to be made. `folds`: ids of the messages that a digest tells. `closes`: ids of
    those whose alert's end it tells."""

    key: str
    kind: NoticeKind
    target: Target
    severity: Severity
    alert: str | None = None
    level: int = 1
    folded: bool = False
    open: bool = False
    folds: tuple[int, ...] = ()
    closes: tuple[int, ...] = ()


def plan(
    alerts: Sequence[AlertNow],
    said: Sequence[Said],
    routes: Sequence[Route],
    policy: Policy,
    now: datetime,
) -> list[Due]:
    """What is due at `now`. `said` holds every message of these alerts, every folded one that no
    digest has told yet, and what was said within the last `policy.storm`."""
    about: dict[str, list[Said]] = defaultdict(list)
    for message in said:
        if message.alert is not None:
            about[message.alert].append(message)
    folding = _Folding(said, policy, now)
    due: list[Due] = []
    for alert in sorted(alerts, key=lambda a: (a.received, a.uid)):
        due += _first(alert, about[alert.uid], routes, policy, now, folding)
        due += _follow(alert, about[alert.uid], folding.quiet(alert.severity))
    return due + list(folding.digests())


def _first(
    alert: AlertNow,
    said: Sequence[Said],
    routes: Sequence[Route],
    policy: Policy,
    now: datetime,
    folding: _Folding,
) -> Iterator[Due]:
    """The alert to those who were not told yet, and up the levels while nobody takes it."""
    if alert.taken is not None or now - alert.received > STALE_AFTER:
        return
    told = {(m.target, m.level): m for m in said if m.kind in FIRST}
    planned: set[tuple[Target, int]] = set()
    for route in sorted(routes, key=lambda r: (r.level, r.target.key)):
        place = (route.target, route.level)
        before = told.get(place)
        if place in planned or not route.matches(alert) or not _is_news(alert, before):
            continue
        if now < alert.received + policy.after.get(route.level, timedelta(0)):
            continue
        folded = folding.takes(route.target, alert.severity)
        if before is not None and folded:
            continue
        planned.add(place)
        yield _told_first(alert, route, folded, again=before is not None)


def _is_news(alert: AlertNow, before: Said | None) -> bool:
    """Not told yet, or put aside for a digest when it was less severe than it is now."""
    return before is None or (before.folded and before.severity < alert.severity)


def _told_first(alert: AlertNow, route: Route, folded: bool, again: bool) -> Due:
    kind = NoticeKind.ESCALATED if route.level > 1 else NoticeKind.RAISED
    key = f"{alert.uid}:{kind}:{route.level}:{route.target.key}"
    return Due(
        key=f"{key}:{alert.severity:d}" if again else key,
        kind=kind,
        target=route.target,
        severity=alert.severity,
        alert=alert.uid,
        level=route.level,
        folded=folded,
        open=not folded and not route.target.in_console and alert.ended is None,
    )


def _follow(alert: AlertNow, said: Sequence[Said], quiet: bool) -> Iterator[Due]:
    """To whom a message went: that somebody took it, and that it is over. Put aside for the digest
    that ends quiet hours."""
    open_of: dict[Target, list[Said]] = defaultdict(list)
    for message in said:
        if message.open:
            open_of[message.target].append(message)
    knows = {m.target for m in said if m.kind is NoticeKind.TAKEN}
    for target, messages in open_of.items():
        if alert.ended is not None:
            ids = tuple(m.id for m in messages)
            yield _about(alert, NoticeKind.ENDED, target, quiet, closes=ids)
        elif alert.taken is not None and target not in knows:
            yield _about(alert, NoticeKind.TAKEN, target, quiet)


def _about(
    alert: AlertNow, kind: NoticeKind, target: Target, folded: bool, closes: tuple[int, ...] = ()
) -> Due:
    key = f"{alert.uid}:{kind}:{target.key}"
    return Due(key, kind, target, alert.severity, alert.uid, folded=folded, closes=closes)


class _Folding:
    """Which messages go alone and which together, target by target."""

    def __init__(self, said: Sequence[Said], policy: Policy, now: datetime) -> None:
        self.policy = policy
        self.now = now
        self.alone: dict[Target, int] = defaultdict(int)
        self.waiting: dict[Target, list[Said]] = defaultdict(list)
        self.last_digest: dict[Target, datetime] = {}
        for message in said:
            recent = now - message.at < policy.storm
            if message.kind is NoticeKind.DIGEST:
                last = self.last_digest.get(message.target, message.at)
                self.last_digest[message.target] = max(last, message.at)
            elif message.folded and message.told_by is None:
                self.waiting[message.target].append(message)
            elif message.kind in FIRST and recent and not message.folded:
                self.alone[message.target] += 1

    def quiet(self, severity: Severity) -> bool:
        return self.policy.quiet_until(severity, self.now) is not None

    def takes(self, target: Target, severity: Severity) -> bool:
        """Whether one more message to `target` is folded; it is counted either way."""
        if self.quiet(severity) or self.alone[target] >= self.policy.storm_count:
            return True
        self.alone[target] += 1
        return False

    def digests(self) -> Iterator[Due]:
        """One message for all that waited long enough."""
        for target, messages in self.waiting.items():
            last = self.last_digest.get(target)
            worst = max(m.severity for m in messages)
            if self.now - min(m.at for m in messages) < DIGEST_AFTER or self.quiet(worst):
                continue
            if last is not None and self.now - last < self.policy.storm:
                continue
            ids = tuple(sorted(m.id for m in messages))
            yield Due(
                key=f"digest:{target.key}:{ids[0]}",
                kind=NoticeKind.DIGEST,
                target=target,
                severity=worst,
                folds=ids,
            )
