"""Which messages are due when: scenes as tables, and properties that hold for every scene."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.notices.plan import AlertNow, Due, Policy, Quiet, Route, Said, Target, plan
from api.users.tables import Role
from vision.records import Severity

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # 12:00 in the hall
SHANGHAI = ZoneInfo("Asia/Shanghai")
GROUP, MAIL = Target(channel=1), Target(channel=2)
HEAD = Target(role=Role.HEAD)
CALM = Policy(SHANGHAI)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def alert(uid: str = "a", received: float = 0, **changes: object) -> AlertNow:
    one = AlertNow(uid, "window_unattended", "w1", Severity.WARNING, at(received))
    return replace(one, **changes)  # type: ignore[arg-type]


@dataclass
class Hall:
    """Plays time: what is due is said, and remembered as the database would."""

    routes: tuple[Route, ...]
    policy: Policy = CALM
    said: list[Said] = field(default_factory=list)

    def step(self, now: datetime, *alerts: AlertNow) -> list[str]:
        due = plan(alerts, self.said, self.routes, self.policy, now)
        for one in due:
            self._remember(one, now)
        return [
            f"{d.kind}{'*' if d.folded else ''} {d.alert or len(d.folds)} {d.target.key}"
            for d in due
        ]

    def _remember(self, due: Due, now: datetime) -> None:
        new = len(self.said) + 1
        self.said = [
            replace(
                m,
                open=m.open and m.id not in due.closes,
                told_by=new if m.id in due.folds else m.told_by,
            )
            for m in self.said
        ]
        self.said.append(
            Said(
                new, due.target, due.kind, now, due.alert, due.level, due.severity,
                folded=due.folded, open=due.open,
            )
        )  # fmt: skip


def test_one_absence_is_one_message_and_its_end() -> None:
    hall = Hall((Route(GROUP),))
    assert hall.step(at(0), alert()) == ["raised a c1"]
    assert hall.step(at(1), alert()) == []
    assert hall.step(at(2), alert(severity=Severity.SERIOUS)) == []
    assert hall.step(at(3), alert(ended=at(3))) == ["ended a c1"]
    assert hall.step(at(4), alert(ended=at(3))) == []


def test_what_is_over_before_it_could_be_told_is_one_message() -> None:
    hall = Hall((Route(GROUP),))
    assert hall.step(at(1), alert(ended=at(0))) == ["raised a c1"]
    assert hall.step(at(2), alert(ended=at(0))) == []


def test_nobody_took_it_in_time_goes_up_the_levels() -> None:
    hall = Hall((Route(GROUP), Route(HEAD, level=2), Route(MAIL, level=3)))
    assert hall.step(at(0), alert()) == ["raised a c1"]
    assert hall.step(at(14.9), alert()) == []
    assert hall.step(at(15), alert()) == ["escalated a r-head"]
    assert hall.step(at(60), alert()) == ["escalated a c2"]
    assert hall.step(at(61), alert(taken=at(61))) == ["taken a c1", "taken a c2"]
    assert hall.step(at(70), alert(taken=at(61), ended=at(70))) == ["ended a c1", "ended a c2"]


def test_who_took_it_in_time_keeps_it_from_going_up() -> None:
    hall = Hall((Route(GROUP), Route(HEAD, level=2)))
    hall.step(at(0), alert())
    assert hall.step(at(5), alert(taken=at(5))) == ["taken a c1"]
    assert hall.step(at(30), alert(taken=at(5))) == []


def test_it_goes_up_also_when_it_is_over_and_nobody_cared() -> None:
    hall = Hall((Route(GROUP), Route(HEAD, level=2)))
    hall.step(at(0), alert())
    assert hall.step(at(5), alert(ended=at(5))) == ["ended a c1"]
    assert hall.step(at(15), alert(ended=at(5))) == ["escalated a r-head"]


def test_the_same_channel_at_two_levels_hears_its_end_once() -> None:
    hall = Hall((Route(GROUP), Route(GROUP, level=2)))
    hall.step(at(0), alert())
    assert hall.step(at(15), alert()) == ["escalated a c1"]
    assert hall.step(at(16), alert(ended=at(16))) == ["ended a c1"]


@pytest.mark.parametrize(
    ("route", "told"),
    [
        (Route(GROUP), True),
        (Route(GROUP, rule="window_unattended"), True),
        (Route(GROUP, rule="phone_use"), False),
        (Route(GROUP, subject="w1"), True),
        (Route(GROUP, subject="w2"), False),
        (Route(GROUP, at_least=Severity.WARNING), True),
        (Route(GROUP, at_least=Severity.SERIOUS), False),
    ],
)
def test_routes_choose_by_rule_window_and_severity(route: Route, told: bool) -> None:
    assert bool(Hall((route,)).step(at(0), alert())) is told


def test_two_routes_to_one_channel_are_one_message() -> None:
    assert Hall((Route(GROUP), Route(GROUP, rule="window_unattended"))).step(at(0), alert()) == [
        "raised a c1"
    ]


def test_a_rising_severity_tells_those_who_hear_only_of_serious_things() -> None:
    hall = Hall((Route(GROUP), Route(MAIL, at_least=Severity.SERIOUS)))
    assert hall.step(at(0), alert()) == ["raised a c1"]
    assert hall.step(at(3), alert(severity=Severity.SERIOUS)) == ["raised a c2"]


def test_old_news_is_no_news() -> None:
    hall = Hall((Route(GROUP),))
    assert hall.step(at(60 * 24 + 1), alert()) == []


def test_an_absence_of_days_is_told_its_end() -> None:
    hall = Hall((Route(GROUP),))
    hall.step(at(0), alert())
    assert hall.step(at(60 * 50), alert(ended=at(60 * 50))) == ["ended a c1"]


STORMY = replace(CALM, storm_count=3, storm=timedelta(minutes=5))


def test_a_storm_is_folded_into_one_message() -> None:
    hall = Hall((Route(GROUP),), STORMY)
    storm = [alert(f"a{n}", n / 10) for n in range(8)]
    told = hall.step(at(1), *storm)
    assert told == [f"raised a{n} c1" for n in range(3)] + [f"raised* a{n} c1" for n in range(3, 8)]
    assert hall.step(at(1.9), *storm) == []
    assert hall.step(at(2), *storm) == ["digest 5 c1"]
    over = [replace(a, ended=at(3)) for a in storm]
    assert hall.step(at(3), *over) == [f"ended a{n} c1" for n in range(3)]


def test_while_the_storm_lasts_digests_keep_their_distance() -> None:
    hall = Hall((Route(GROUP),), STORMY)
    alerts = [alert(f"a{n:03d}", n / 6) for n in range(180)]  # half an hour of ten a minute
    told: list[str] = []
    for tick in range(0, 60 * 45, 10):
        known = [a for a in alerts if a.received <= at(tick / 60)]
        told += hall.step(at(tick / 60), *known)
    sent = [t for t in told if not t.startswith("raised*")]
    digests = [int(t.split()[1]) for t in sent if t.startswith("digest")]
    alone = [t for t in sent if t.startswith("raised")]
    assert len(alone) + sum(digests) == 180  # nobody is forgotten
    assert len(digests) <= 8
    assert len(alone) <= 3 * 8


NIGHT = replace(CALM, quiet=Quiet(22 * 60, 7 * 60))
LATE = 60 * 11.0  # 23:00 in the hall


def test_quiet_hours_hold_back_until_morning_what_is_not_serious() -> None:
    hall = Hall((Route(GROUP),), NIGHT)
    first = alert("a", LATE)
    second = alert("b", LATE + 60)
    assert hall.step(at(LATE), first) == ["raised* a c1"]
    assert hall.step(at(LATE + 60), first, second) == ["raised* b c1"]
    assert hall.step(at(LATE + 479), first, second) == []
    assert hall.step(at(LATE + 480), first, second) == ["digest 2 c1"]


def test_what_was_told_before_quiet_hours_and_ends_in_them_is_told_when_they_are_over() -> None:
    hall = Hall((Route(GROUP), Route(MAIL, at_least=Severity.SERIOUS)), NIGHT)
    mild = alert("a", 60 * 9.9)  # 21:54
    grave = alert("b", 60 * 9.9, severity=Severity.SERIOUS)
    hall.step(at(60 * 9.9), mild, grave)
    mild, grave = replace(mild, taken=at(LATE)), replace(grave, taken=at(LATE))
    assert hall.step(at(LATE), mild, grave) == ["taken* a c1", "taken b c1", "taken b c2"]
    mild, grave = replace(mild, ended=at(60 * 14)), replace(grave, ended=at(60 * 14))  # 02:00
    assert hall.step(at(60 * 14), mild, grave) == ["ended* a c1", "ended b c1", "ended b c2"]
    assert hall.step(at(60 * 19 - 1), mild, grave) == []
    assert hall.step(at(60 * 19), mild, grave) == ["digest 2 c1"]
    assert hall.step(at(60 * 20), mild, grave) == []


@pytest.mark.parametrize(
    ("span", "clock", "ends"),
    [
        ((22, 7), 23, 31),
        ((22, 7), 3, 7),
        ((12, 14), 13, 14),
        ((20, 24), 22, 24),
        ((22, 7), 12, None),
    ],
)
def test_when_quiet_hours_are_over(span: tuple[int, int], clock: float, ends: float | None) -> None:
    policy = replace(CALM, quiet=Quiet(span[0] * 60, span[1] * 60))
    now = at((clock - 12) * 60)
    until = None if ends is None else at((ends - 12) * 60)
    assert policy.quiet_until(Severity.WARNING, now) == until
    assert policy.quiet_until(Severity.SERIOUS, now) is None


def test_what_turns_serious_at_night_is_told_at_once() -> None:
    hall = Hall((Route(GROUP),), NIGHT)
    one = alert("a", LATE)
    hall.step(at(LATE), one)
    assert hall.step(at(LATE + 3), replace(one, severity=Severity.SERIOUS)) == ["raised a c1"]
    assert hall.step(at(LATE + 4), replace(one, severity=Severity.SERIOUS)) == []


@pytest.mark.parametrize(
    ("span", "clock", "quiet"),
    [
        ((22, 7), 21.99, False),
        ((22, 7), 22, True),
        ((22, 7), 0, True),
        ((22, 7), 6.99, True),
        ((22, 7), 7, False),
        ((12, 14), 13, True),
        ((12, 14), 14, False),
        ((8, 8), 8, False),
    ],
)
def test_quiet_hours_may_run_over_midnight(
    span: tuple[int, int], clock: float, quiet: bool
) -> None:
    hours = Quiet(span[0] * 60, span[1] * 60)
    local = (datetime(2026, 1, 1) + timedelta(hours=clock)).time()
    assert hours.holds(Severity.WARNING, local) is quiet
    assert hours.holds(Severity.SERIOUS, local) is False


moments = st.integers(0, 240)
scenes = st.lists(
    st.tuples(
        moments,
        st.sampled_from(list(Severity)),
        st.none() | st.integers(0, 90),  # taken after so many minutes
        st.none() | st.integers(0, 90),  # over after so many minutes
    ),
    max_size=12,
)


def _by(minute: int, received: int, after: int | None) -> datetime | None:
    """When it happened, if it has by this minute."""
    if after is None or received + after > minute:
        return None
    return at(received + after)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(scene=scenes, night=st.booleans(), count=st.integers(1, 4), pace=st.integers(1, 25))
def test_whatever_happens_nothing_is_said_twice_and_nothing_is_lost(
    scene: list[tuple[int, Severity, int | None, int | None]], night: bool, count: int, pace: int
) -> None:
    quiet = Quiet(13 * 60, 15 * 60) if night else None
    policy = replace(CALM, quiet=quiet, storm_count=count, storm=timedelta(minutes=5))
    hall = Hall((Route(GROUP), Route(MAIL, level=2)), policy)
    keys: list[str] = []
    end = 240 + 60 * 8
    for minute in range(0, end, pace):
        alerts = [
            AlertNow(
                f"a{n}",
                "eating",
                "w1",
                severity,
                at(received),
                ended=_by(minute, received, over),
                taken=_by(minute, received, took),
            )
            for n, (received, severity, took, over) in enumerate(scene)
            if received <= minute
        ]
        keys += [d.key for d in plan(alerts, hall.said, hall.routes, policy, at(minute))]
        hall.step(at(minute), *alerts)
    assert len(keys) == len(set(keys))
    assert [m for m in hall.said if m.folded and m.told_by is None] == []
    for n, (received, _, took, over) in enumerate(scene):
        mine = [m for m in hall.said if m.alert == f"a{n}"]
        seen_untaken = any(
            received <= minute and (took is None or minute < received + took)
            for minute in range(0, end, pace)
        )
        assert bool(mine) is seen_untaken
        if over is not None:
            assert not any(m.open for m in mine)
