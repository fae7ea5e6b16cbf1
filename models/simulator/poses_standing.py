"""On their feet: citizens who wait, look at their phones or hand papers over, and walking."""

from __future__ import annotations

import math
from dataclasses import replace

from numpy.random import Generator

from models.simulator.pose import Build, Foot, Pose, Reach, Side, handed
from models.simulator.poses import by_eyes, near

STRIDE_M = 0.62
CYCLE_M = 1.0
"""Metres walked in one cycle of two steps."""
STANCE = 0.6
"""The share of a cycle that a foot is on the floor."""


def hanging(side: Side, swing_m: float = 0.0) -> Reach:
    """An arm by the side, its hand swung back (+) or forward (-)."""
    out = 1 if side == "L" else -1
    at = (0.10 * out, -0.05 + swing_m, -0.53 + 0.15 * abs(swing_m))
    return Reach(at, "shoulder", (0.25 * out, 1, 0), (0, -0.15 + swing_m, -1), (-out, 0, 0))


def standing(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """Straight, arms hanging; a leg may rest."""
    wide = rng.uniform(0.08, 0.13)
    pose = Pose(
        hips_m=build.hips_m + 0.002,
        foot_left=Foot((wide, 0.0, build.ankle_m), 8, 0, (0.1, -1, 0)),
        foot_right=Foot((-wide, rng.uniform(-0.06, 0.04), build.ankle_m), -10, 0, (-0.1, -1, 0)),
        arm_left=hanging("L", rng.uniform(-0.04, 0.03)),
        arm_right=hanging("R", rng.uniform(-0.04, 0.03)),
        spine=near(rng, (2, 0, 0), (2, 2, 5)),
        neck=near(rng, (6, 0, 0), (5, 3, 12)),
        shift=(rng.uniform(-0.02, 0.02), 0.0, 0.0),
        curl_left=(28, 20),
        curl_right=(28, 20),
    )
    return handed(pose, hand)


def waiting(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """Standing in a queue: arms hanging, hands folded before the belly, or arms behind."""
    pose = standing(build, rng)
    way = rng.random()
    if way < 0.45:
        return handed(pose, hand)
    if way < 0.75:
        fold_l = Reach(
            (-0.12, -0.17, -0.38), "shoulder", (0.8, 0.5, 0), (-0.9, -0.2, -0.3), (0, 1, 0)
        )
        fold_r = Reach(
            (0.12, -0.19, -0.40), "shoulder", (-0.8, 0.5, 0), (0.9, -0.2, -0.3), (0, 1, 0)
        )
        return handed(replace(pose, arm_left=fold_l, arm_right=fold_r), hand)
    back_l = Reach((-0.10, 0.16, -0.44), "shoulder", (0.9, 0.3, 0), (-0.8, 0, -0.5), (0, 1, 0))
    back_r = Reach((0.10, 0.18, -0.42), "shoulder", (-0.9, 0.3, 0), (0.8, 0, -0.5), (0, 1, 0))
    return handed(replace(pose, arm_left=back_l, arm_right=back_r), hand)


def own_phone(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """A citizen who looks at the phone in the hand."""
    at = near(rng, (-0.08, -0.26, -0.32), 0.03)
    holds = by_eyes(at, (-0.5, 0.3, -1), (0.25, -0.35, 0.9), (0.35, 0.9, 0.3))
    pose = standing(build, rng)
    looks = near(rng, (26, 0, 0), (6, 3, 5))
    return handed(replace(pose, neck=looks, arm_right=holds, curl_right=(34, 18)), hand)


def calling(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    ear = by_eyes((-0.145, 0.035, -0.165), (-0.75, -0.35, -1), (0.16, 0.16, 1), (1, -0.25, 0.05))
    return handed(replace(standing(build, rng), arm_right=ear, curl_right=(34, 18)), hand)


def at_counter(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """Forearms on a ledge 0.84 m high, 0.35 m before the feet, looking at the clerk."""
    left = Reach(
        near(rng, (0.16, -0.45, 0.90), 0.03), "body", (0.8, 0.5, -0.4), (-0.6, -0.8, 0), (0, 0, -1)
    )
    right = Reach(
        near(rng, (-0.16, -0.45, 0.90), 0.03), "body", (-0.8, 0.5, -0.4), (0.6, -0.8, 0), (0, 0, -1)
    )
    pose = replace(
        standing(build, rng),
        spine=near(rng, (12, 0, 0), (5, 2, 5)),
        neck=near(rng, (10, 0, 0), (8, 3, 10)),
        arm_left=left,
        arm_right=right,
    )
    if rng.random() < 0.4:
        pose = replace(pose, arm_left=hanging("L"))
    return handed(pose, hand)


def handing_papers(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    at = near(rng, (-0.08, -0.56, 1.0), (0.06, 0.04, 0.04))
    gives = Reach(at, "body", (-0.7, 0.4, -0.8), (0.1, -1.0, 0.1), (0.8, 0.0, 0.5))
    pose = replace(
        standing(build, rng),
        spine=near(rng, (10, 0, 6), (4, 2, 4)),
        neck=near(rng, (14, 0, 0), (6, 3, 8)),
        arm_right=gives,
        curl_right=(35, 35),
    )
    return handed(pose, hand)


def showing_phone(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """A phone held out over the counter: a code or a photo that the clerk should look at."""
    at = near(rng, (-0.10, -0.52, 1.12), (0.06, 0.06, 0.06))
    shows = Reach(at, "body", (-0.7, 0.4, -0.8), (0.1, -0.7, 0.7), (0.3, 0.7, 0.6))
    pose = replace(
        standing(build, rng),
        spine=near(rng, (8, 0, 6), (4, 2, 4)),
        neck=near(rng, (14, 0, 0), (6, 3, 8)),
        arm_right=shows,
        curl_right=(34, 18),
    )
    return handed(pose, hand)


def holding_paper(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """Reading a form or a number slip while waiting."""
    at = near(rng, (-0.10, -0.28, -0.34), 0.02)
    reads = by_eyes(at, (-0.5, 0.3, -1), (0.5, -0.7, 0.4), (0.5, 0.6, 0.5))
    pose = standing(build, rng)
    looks = near(rng, (22, 0, 0), (6, 3, 5))
    return handed(replace(pose, neck=looks, arm_right=reads, curl_right=(40, 30)), hand)


def walking(build: Build, cycles: float, stride_m: float = STRIDE_M) -> Pose:
    """The gait after that many cycles; both feet on smooth loops, arms against the legs."""
    left_y, left_z, left_tip = _step(build, cycles, stride_m)
    right_y, right_z, right_tip = _step(build, cycles + 0.5, stride_m)
    swing = math.sin(2 * math.pi * cycles + 0.6)
    return Pose(
        hips_m=build.hips_m - 0.018 - 0.012 * math.cos(4 * math.pi * cycles),
        foot_left=Foot((0.085, left_y, left_z), 4, left_tip, (0.05, -1, 0)),
        foot_right=Foot((-0.085, right_y, right_z), -4, right_tip, (-0.05, -1, 0)),
        arm_left=hanging("L", 0.20 * swing),
        arm_right=hanging("R", -0.20 * swing),
        spine=(4, 0, 6 * swing),
        neck=(4, 0, -5 * swing),
        curl_left=(28, 20),
        curl_right=(28, 20),
    )


def _step(build: Build, cycles: float, stride_m: float) -> tuple[float, float, float]:
    """Where a foot is in its loop: y, z and tip. In stance it goes back under the body."""
    phase = cycles % 1
    if phase < STANCE:
        return -stride_m / 2 + stride_m * phase / STANCE, build.ankle_m, 0.0
    swing = (phase - STANCE) / (1 - STANCE)
    eased = (1 - math.cos(math.pi * swing)) / 2
    lift = math.sin(math.pi * swing)
    return stride_m / 2 - stride_m * eased, build.ankle_m + 0.10 * lift, 22 * lift * (1 - swing)
