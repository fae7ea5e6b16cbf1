"""What every rule must keep, whatever it is about."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.observations import START, Scene, folded, observed, stamp, switched_on
from tests.test_rules import TABLE
from vision.engine import Engine, TimeWentBackError
from vision.hallfile import parse_hall
from vision.records import Blindness, CameraSeen, QueueSeen, Stamp, Step, WindowSeen
from vision.rules import rulebook
from vision.saved import SavedStateError, revived

RULES = sorted(rulebook())
SCENES = [(rule_id, scene) for rule_id, scene, _ in TABLE]
FINE = 25.0
RATES = (1.0, 2.0, 5.0, 12.5)

HALL = parse_hall(
    """
[hall]
id = "h"
name = "测试大厅"
[[camera]]
id = "cam1"
url = "x.mp4"
width = 640
height = 360
[[window]]
id = "w1"
camera = "cam1"
staff = [[100, 100], [200, 100], [200, 200], [100, 200]]
counter = [[100, 200], [200, 200], [200, 300], [100, 300]]
[[queue]]
id = "q1"
camera = "cam1"
zone = [[300, 100], [600, 100], [600, 300], [300, 300]]
""".encode()
)


@cache
def told(rule_id: str, scene: Scene, fps: float, shift_s: float = 0.0) -> list[Any]:
    rule = rulebook()[rule_id]
    changes = folded(rule, observed(rule, scene, fps, shift_s))
    return [(c.step, c.severity, c.began_s, c.at_s, c.ended_s) for c in changes]


@pytest.mark.parametrize("rule_id", [r for r in RULES if r != "camera_blind"])
@pytest.mark.parametrize("fps", [*RATES, FINE])
def test_a_blind_camera_never_accuses(rule_id: str, fps: float) -> None:
    assert told(rule_id, (("b", 900),), fps) == []
    assert told(rule_id, (("u", 900),), fps) == []


@pytest.mark.parametrize(("rule_id", "scene"), SCENES)
def test_shifting_time_changes_nothing(rule_id: str, scene: Scene) -> None:
    shifted = told(rule_id, scene, 2, shift_s=4096.0)
    back = [(s, v, b - 4096, a - 4096, e and e - 4096) for s, v, b, a, e in shifted]
    assert back == told(rule_id, scene, 2)


@pytest.mark.parametrize(("rule_id", "scene"), SCENES)
@pytest.mark.parametrize("fps", RATES)
def test_the_frame_rate_changes_nothing_beyond_one_sample(
    rule_id: str, scene: Scene, fps: float
) -> None:
    fine, coarse = told(rule_id, scene, FINE), told(rule_id, scene, fps)
    assert [c[:2] for c in coarse] == [c[:2] for c in fine]
    sample_s = 1 / fps + 1 / FINE
    for got, want in zip(coarse, fine, strict=True):
        for g, w in zip(got[2:], want[2:], strict=True):
            assert g == w or abs(g - w) <= sample_s * _samples(rule_id)


def _samples(rule_id: str) -> int:
    """How many of a scene's edges add up in one figure: tallies sum the parts of a bout."""
    return {"phone_use": 10, "eating": 8, "queue_length": 3}.get(rule_id, 2)


@pytest.mark.parametrize(("rule_id", "scene"), SCENES)
@pytest.mark.parametrize("stop", [0.2, 0.5, 0.8])
def test_kill_and_restore_changes_nothing(rule_id: str, scene: Scene, stop: float) -> None:
    rule = rulebook()[rule_id]
    looks = list(observed(rule, scene, 2))
    cut = int(stop * len(looks))
    state, changes = rule.start(), []
    for i, look in enumerate(looks):
        if i == cut:
            state = revived(type(state), json.loads(json.dumps(asdict(state))))
        state, new = rule.step(state, look, switched_on(rule))
        changes += new
    assert changes == folded(rule, looks)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("aecpfmsnrkuhbxtdgov"), st.floats(0.5, 200)),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from((1.0, 2.0, 5.0)),
)
def test_any_scene_keeps_the_grammar(scene: list[tuple[str, float]], fps: float) -> None:
    """Raised, then perhaps escalated, then ended, then raised again; times in order; and no
    conduct is held against anyone in a scene that never shows it."""
    shown = {what for what, _ in scene}
    needs = {"window_unattended": "ec", "phone_use": "f", "eating": "m", "smoking": "s"}
    needs |= {"napping": "n", "idle_reading": "r", "pause_mismatch": "td"}
    for rule_id, needed in needs.items():
        standing = False
        for step, _, began_s, at_s, ended_s in told(rule_id, tuple(scene), fps):
            assert standing == (step != "raised")
            standing = step != "ended"
            assert began_s <= (ended_s if ended_s is not None else at_s) <= at_s
            assert shown & set(needed)


def test_engine_makes_alerts_with_all_that_makes_them_evidence() -> None:
    engine = Engine(HALL, "cam1", model_sha="m" * 64)
    alerts = []
    for at in range(0, 300):
        alerts += engine.step([WindowSeen(stamp(at), "w1", staff=at < 10, citizens=0, sign=False)])
    (raised,) = alerts
    assert (raised.rule, raised.subject, raised.camera, raised.hall) == (
        "window_unattended",
        "w1",
        "cam1",
        "h",
    )
    assert raised.began.at_s == pytest.approx(10)
    assert (raised.began.wall - START).total_seconds() == pytest.approx(10)
    assert raised.policy["after_s"] == 120
    assert (raised.model_sha, raised.hall_sha) == ("m" * 64, HALL.sha)
    assert len(raised.uid) == 32


def test_one_alert_keeps_its_name_when_the_wall_clock_is_set_back_while_it_stands() -> None:
    def looks(from_s: int, to_s: int, slow: timedelta) -> list[WindowSeen]:
        return [
            WindowSeen(Stamp(at, stamp(at).wall - slow), "w1", staff=not 10 <= at < 200, sign=False)
            for at in range(from_s, to_s)
        ]

    first = Engine(HALL, "cam1", "m")
    told = [a for seen in looks(0, 150, timedelta()) for a in first.step([seen])]
    second = Engine(HALL, "cam1", "m")
    second.restore(first.save())
    for engine in (first, second):
        later = [a for seen in looks(150, 220, timedelta(seconds=7)) for a in engine.step([seen])]
        assert [a.step for a in (*told, *later)] == [Step.RAISED, Step.ENDED]
        assert len({(a.uid, a.began.wall) for a in (*told, *later)}) == 1


def test_a_pause_sign_that_is_seen_only_now_and_then_accuses_nobody() -> None:
    rule = rulebook()["window_unattended"]
    scene: Scene = (("a", 10), *((("e", 4), ("p", 2)) * 100))
    assert folded(rule, observed(rule, scene, 2.0)) == []


def test_engine_refuses_time_that_goes_back() -> None:
    engine = Engine(HALL, "cam1", "m")
    engine.step([CameraSeen(stamp(5), "cam1")])
    with pytest.raises(TimeWentBackError, match="from 5 to 4"):
        engine.step([CameraSeen(stamp(4), "cam1")])


def test_engine_saved_in_the_middle_of_everything_goes_on_as_if_nothing_happened() -> None:
    def looks(at: int) -> list[Any]:
        w = WindowSeen(
            stamp(at),
            "w1",
            staff=not 20 < at < 200,
            citizens=at % 3,
            sign=False,
            phone=0.9 if 5 < at < 30 else 0.1,
            eating=0.0,
        )
        q = QueueSeen(stamp(at), "q1", count=9 if at > 40 else 2)
        return [CameraSeen(stamp(at), "cam1", Blindness.DARK if at > 260 else None), w, q]

    whole, first = Engine(HALL, "cam1", "m"), Engine(HALL, "cam1", "m")
    expected = [a for at in range(300) for a in whole.step(looks(at))]
    got = [a for at in range(150) for a in first.step(looks(at))]
    second = Engine(HALL, "cam1", "m")
    second.restore(first.save())
    got += [a for at in range(150, 300) for a in second.step(looks(at))]
    assert got == expected
    assert {a.rule for a in got} >= {"window_unattended", "phone_use", "queue_length"}


OTHER = '{"camera": "other", "last": null, "rules": {}, "states": {}, "standing": {}}'


@pytest.mark.parametrize("saved", ["", "[]", "{}", OTHER])
def test_engine_refuses_a_state_that_is_not_its_own(saved: str) -> None:
    with pytest.raises(SavedStateError):
        Engine(HALL, "cam1", "m").restore(saved)
