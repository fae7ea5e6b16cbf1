"""Each rule's own table: a scene in, changes out."""

from __future__ import annotations

import pytest

from tests.observations import Scene, folded, observed
from vision.records import Severity, Step
from vision.rules import rulebook

WARNING, SERIOUS, NOTICE = Severity.WARNING, Severity.SERIOUS, Severity.NOTICE
RAISED, ESCALATED, ENDED = Step.RAISED, Step.ESCALATED, Step.ENDED

# rule, scene, changes as (step, severity, began_s, at_s, ended_s)
TABLE: list[tuple[str, Scene, list[tuple[Step, Severity, float, float, float | None]]]] = [
    # --- window_unattended: 120 s, serious at 300 s, at once with a citizen
    ("window_unattended", (("a", 600),), []),
    ("window_unattended", (("a", 10), ("e", 119), ("a", 30)), []),
    (
        "window_unattended",
        (("a", 10), ("e", 130), ("a", 30)),
        [(RAISED, WARNING, 10, 130, None), (ENDED, WARNING, 10, 143, 140)],
    ),
    (
        "window_unattended",
        (("a", 10), ("e", 310), ("a", 30)),
        [
            (RAISED, WARNING, 10, 130, None),
            (ESCALATED, SERIOUS, 10, 310, None),
            (ENDED, SERIOUS, 10, 323, 320),
        ],
    ),
    (
        "window_unattended",
        (("a", 10), ("e", 130), ("c", 20), ("a", 30)),
        [
            (RAISED, WARNING, 10, 130, None),
            (ESCALATED, SERIOUS, 10, 142, None),
            (ENDED, SERIOUS, 10, 163, 160),
        ],
    ),
    (
        "window_unattended",
        (("a", 10), ("e", 20), ("c", 110), ("a", 30)),
        [(RAISED, SERIOUS, 10, 130, None), (ENDED, SERIOUS, 10, 143, 140)],
    ),
    ("window_unattended", (("a", 10), ("p", 600), ("a", 30)), []),
    ("window_unattended", (("a", 10), ("t", 600), ("a", 30)), []),
    ("window_unattended", (("a", 10), ("x", 600), ("a", 30)), []),
    ("window_unattended", (("a", 10), ("?", 600), ("a", 30)), []),
    # a sign put up late ends the absence; taken down, a new one begins
    (
        "window_unattended",
        (("a", 10), ("e", 130), ("p", 60), ("e", 125)),
        [
            (RAISED, WARNING, 10, 130, None),
            (ENDED, WARNING, 10, 143, 140),
            (RAISED, WARNING, 200, 320, None),
        ],
    ),
    # the ticket system: paused excuses, anything else it says excuses nobody and accuses nobody
    ("window_unattended", (("a", 10), ("w", 600), ("a", 30)), []),
    ("window_unattended", (("v", 600),), []),
    ("window_unattended", (("y", 600),), []),
    (
        "window_unattended",
        (("a", 10), ("j", 130), ("t", 60), ("j", 125)),
        [
            (RAISED, WARNING, 10, 130, None),
            (ENDED, WARNING, 10, 143, 140),
            (RAISED, WARNING, 200, 320, None),
        ],
    ),
    # somebody glimpsed for two seconds resets nothing, but those seconds do not count
    (
        "window_unattended",
        (("a", 10), ("e", 60), ("a", 2), ("e", 70)),
        [(RAISED, WARNING, 10, 132, None)],
    ),
    # a person who flickers in and out of view is there: say nothing
    ("window_unattended", (("a", 10), *((("e", 4), ("a", 1)) * 60)), []),
    # not knowing for a moment is bridged, for longer starts the count anew
    (
        "window_unattended",
        (("a", 10), ("e", 60), ("u", 8), ("e", 62)),
        [(RAISED, WARNING, 10, 138, None)],
    ),
    ("window_unattended", (("a", 10), ("e", 100), ("u", 15), ("e", 100), ("a", 9)), []),
    # blindness suspends a standing alert and does not end it
    (
        "window_unattended",
        (("a", 10), ("e", 130), ("b", 60), ("e", 10), ("a", 9)),
        [(RAISED, WARNING, 10, 130, None), (ENDED, WARNING, 10, 213, 210)],
    ),
    # --- phone_use: 10 s in any 20 s
    ("phone_use", (("a", 10), ("f", 9), ("a", 60)), []),
    (
        "phone_use",
        (("a", 10), ("f", 15), ("a", 20)),
        [(RAISED, WARNING, 10, 20, None), (ENDED, WARNING, 10, 33, 25)],
    ),
    (
        "phone_use",
        (("a", 10), *((("f", 2), ("a", 1)) * 10), ("a", 20)),
        [(RAISED, WARNING, 10, 24, None), (ENDED, WARNING, 10, 47, 39)],
    ),
    ("phone_use", (("h", 600),), []),
    ("phone_use", (("x", 600),), []),
    # a stray second long before does not predate the bout
    (
        "phone_use",
        (("a", 10), ("f", 0.5), ("a", 6), ("f", 14), ("a", 3)),
        [(RAISED, WARNING, 16.5, 26.0, None)],
    ),
    # --- eating: 8 s in any 30 s
    ("eating", (("a", 10), ("m", 7), ("a", 60)), []),
    (
        "eating",
        (("a", 10), *((("m", 2), ("a", 2)) * 8), ("a", 20)),
        [(RAISED, WARNING, 10, 24, None), (ENDED, WARNING, 10, 52, 40)],
    ),
    ("eating", (("f", 600),), []),
    # --- smoking: 4 s in any 15 s
    ("smoking", (("a", 10), ("s", 3), ("a", 60)), []),
    (
        "smoking",
        (("a", 10), ("s", 6), ("a", 30)),
        [(RAISED, WARNING, 10, 14, None), (ENDED, WARNING, 10, 31, 16)],
    ),
    ("smoking", (("h", 600),), []),
    # --- napping: 60 s in any 75 s; bending down again and again is no nap
    ("napping", (("a", 10), ("n", 58), ("a", 60)), []),
    (
        "napping",
        (("a", 10), ("n", 40), ("a", 3), ("n", 40), ("a", 30)),
        [(RAISED, WARNING, 10, 73, None), (ENDED, WARNING, 10, 108, 93)],
    ),
    ("napping", (("a", 10), *((("n", 10), ("a", 5)) * 20)), []),
    # --- idle_reading: 30 s in any 45 s, and not with a citizen at the counter
    ("idle_reading", (("a", 10), ("r", 28), ("a", 60)), []),
    (
        "idle_reading",
        (("a", 10), ("r", 50), ("a", 30)),
        [(RAISED, WARNING, 10, 40, None), (ENDED, WARNING, 10, 75, 60)],
    ),
    ("idle_reading", (("k", 600),), []),
    ("idle_reading", (("x", 600),), []),
    # --- queue_length: 8 or more for 60 s
    ("queue_length", ((7, 600),), []),
    ("queue_length", ((3, 30), (8, 50), (3, 60)), []),
    (
        "queue_length",
        ((3, 30), (9, 90), (3, 60)),
        [(RAISED, WARNING, 30, 90, None), (ENDED, WARNING, 30, 135, 120)],
    ),
    (
        "queue_length",
        ((3, 30), (9, 70), (17, 20)),
        [(RAISED, WARNING, 30, 90, None), (ESCALATED, SERIOUS, 30, 102, None)],
    ),
    ("queue_length", ((3, 30), (9, 30), ("u", 8), (9, 60)), [(RAISED, WARNING, 30, 98, None)]),
    ("queue_length", ((3, 30), (9, 30), ("b", 30), (9, 50)), []),
    ("queue_length", (("x", 600),), []),
    # --- pause_mismatch: 60 s, either way round, at an empty window
    ("pause_mismatch", (("a", 10), ("d", 58), ("g", 60)), []),
    (
        "pause_mismatch",
        (("a", 10), ("d", 70), ("g", 30)),
        [(RAISED, NOTICE, 10, 70, None), (ENDED, NOTICE, 10, 90, 80)],
    ),
    (
        "pause_mismatch",
        (("v", 10), ("j", 20), ("t", 70), ("v", 30)),
        [(RAISED, NOTICE, 30, 90, None), (ENDED, NOTICE, 30, 110, 100)],
    ),
    # one way round and then the other is one difference
    ("pause_mismatch", (("a", 10), ("d", 40), ("t", 30)), [(RAISED, NOTICE, 10, 70, None)]),
    # agreed, or no ticket system, or a sign that cannot be told: silent
    ("pause_mismatch", (("a", 10), ("g", 600)), []),
    ("pause_mismatch", (("v", 10), ("j", 600)), []),
    ("pause_mismatch", (("a", 10), ("p", 600), ("e", 600)), []),
    ("pause_mismatch", (("a", 10), ("w", 600)), []),
    # a clerk at the window hides what the sign says: it is read at an empty one only
    ("pause_mismatch", (("o", 600),), []),
    ("pause_mismatch", (("y", 600),), []),
    ("pause_mismatch", (("z", 600),), []),
    # not knowing suspends a standing alert; a silent ticket system does not end it
    (
        "pause_mismatch",
        (("a", 10), ("d", 70), ("p", 300), ("d", 10), ("g", 20)),
        [(RAISED, NOTICE, 10, 70, None), (ENDED, NOTICE, 10, 400, 390)],
    ),
    ("pause_mismatch", (("a", 10), ("d", 40), ("p", 15), ("d", 40), ("g", 20)), []),
    # --- camera_blind: 30 s
    ("camera_blind", (("a", 30), ("b", 29), ("a", 60)), []),
    (
        "camera_blind",
        (("a", 30), ("b", 40), ("a", 60)),
        [(RAISED, NOTICE, 30, 60, None), (ENDED, NOTICE, 30, 75, 70)],
    ),
    (
        "camera_blind",
        (("a", 30), ("b", 20), ("a", 2), ("b", 20), ("a", 60)),
        [(RAISED, NOTICE, 30, 60, None), (ENDED, NOTICE, 30, 77, 72)],
    ),
]


@pytest.mark.parametrize(("rule_id", "scene", "expected"), TABLE)
def test_scene_in_changes_out(
    rule_id: str, scene: Scene, expected: list[tuple[Step, Severity, float, float, float | None]]
) -> None:
    rule = rulebook()[rule_id]
    changes = folded(rule, observed(rule, scene, fps=2))
    told = [(c.step, c.severity, c.began_s, c.at_s, c.ended_s) for c in changes]
    assert len(told) == len(expected), told
    for got, want in zip(told, expected, strict=True):
        assert got[:2] == want[:2]
        for g, w in zip(got[2:], want[2:], strict=True):
            assert (g is None) == (w is None)
            assert g is None or g == pytest.approx(w, abs=1.0)


def test_what_differed_is_said_either_way_round() -> None:
    rule = rulebook()["pause_mismatch"]
    for seen, sign_up in (("d", True), ("t", False)):
        raised, ended = folded(rule, observed(rule, (("a", 10), (seen, 70), ("v", 30)), fps=2))
        assert raised.why == ended.why == {"sign_up": sign_up, "tickets_paused": not sign_up}


def test_a_mismatch_that_stands_ends_when_the_rule_is_turned_off() -> None:
    rule = rulebook()["pause_mismatch"]
    state, changes = rule.start(), []
    for seen in observed(rule, (("d", 90),), fps=2):
        state, new = rule.step(state, seen, rule.policy(on=seen.stamp.at_s < 70))
        changes += new
    assert [c.step for c in changes] == [RAISED, ENDED]


def test_time_between_distant_looks_is_blind_for_the_camera_and_unknown_for_the_window() -> None:
    camera, window = rulebook()["camera_blind"], rulebook()["window_unattended"]
    sparse = [*observed(camera, (("a", 10),), 2), *observed(camera, (("a", 20),), 2, shift_s=100)]
    assert [c.step for c in folded(camera, sparse)] == [RAISED, ENDED]
    empty = [*observed(window, (("e", 100),), 2), *observed(window, (("e", 100),), 2, shift_s=160)]
    assert folded(window, empty) == []


@pytest.mark.parametrize("rule_id", ["smoking", "napping", "idle_reading"])
def test_a_rule_that_is_off_says_nothing(rule_id: str) -> None:
    rule = rulebook()[rule_id]
    scene = (("a", 10), ("s", 100), ("n", 200), ("r", 200))
    assert rule.policy().on is False
    assert folded(rule, observed(rule, scene, fps=2), rule.policy()) == []
    assert folded(rule, observed(rule, scene, fps=2)) != []
