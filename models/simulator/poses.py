"""Seated conduct and its look-alikes, each a pose drawn for one body with a little chance.

A maker takes a `Build` and an rng (and the hand that acts) and returns a `Pose`. Hands at the face
are led by the eyes, hands on the desk by the person's own frame, so that one maker suits every
body. Metres and degrees, found by looking. The desk's top is taken to be `DESK_M` high and to begin
a quarter of a metre before the hips. Right-handed numbers are mirrored for the left hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.random import Generator

from models.simulator.pose import (
    Build,
    Foot,
    Pose,
    Reach,
    Side,
    Triple,
    handed,
    plus,
)

Maker: TypeAlias = Callable[[Build, Generator, Side], Pose]
"""Every maker's form, so that tables of conduct can hold them."""

SEAT_M = 0.47
DESK_M = 0.76
SITTING_HIPS_M = SEAT_M + 0.085
FORWARD: Triple = (0.0, -1.0, -0.05)
DOWN: Triple = (0.0, 0.0, -1.0)


def near(rng: Generator, value: Triple, spread: float | Triple) -> Triple:
    """The value moved by up to `spread` on each axis."""
    return plus(value, rng.uniform(-1, 1, 3) * np.asarray(spread))


def on_desk(rng: Generator, side: Side, x: float, y: float, spread: float = 0.025) -> Reach:
    """A hand lying on the desk, x outwards."""
    out = 1 if side == "L" else -1
    at = near(rng, (out * x, y, DESK_M + 0.042), (spread, spread, 0.004))
    fingers = near(rng, (-0.3 * out, -1.0, -0.06), (0.15, 0.0, 0.03))
    return Reach(at, "body", (0.6 * out, 0.5, -0.6), fingers, DOWN)


def in_lap(rng: Generator, side: Side) -> Reach:
    out = 1 if side == "L" else -1
    at = near(rng, (0.12 * out, -0.26, 0.665), (0.03, 0.04, 0.005))
    return Reach(at, "body", (0.7 * out, 0.6, -0.4), (-0.5 * out, -1.0, -0.1), DOWN)


def by_eyes(at: Triple, pole: Triple, fingers: Triple, palm: Triple) -> Reach:
    return Reach(at, "eyes", pole, fingers, palm)


def seated(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """Upright on the chair, both hands on the desk: what the other makers start from."""
    spread, ahead = rng.uniform(0.09, 0.15), rng.uniform(0.26, 0.40)
    ankle = build.ankle_m + 0.005
    return Pose(
        hips_m=SITTING_HIPS_M + rng.uniform(-0.01, 0.02),
        foot_left=Foot((spread, -ahead, ankle), 8, 0, (0.15, -0.6, 1)),
        foot_right=Foot(
            (-spread, -ahead + rng.uniform(-0.06, 0.06), ankle), -8, 0, (-0.15, -0.6, 1)
        ),
        arm_left=on_desk(rng, "L", 0.16, -0.38),
        arm_right=on_desk(rng, "R", 0.16, -0.38),
        spine=(rng.uniform(1, 9), rng.uniform(-2, 2), rng.uniform(-5, 5)),
        neck=(rng.uniform(4, 14), rng.uniform(-3, 3), rng.uniform(-8, 8)),
        shift=(rng.uniform(-0.02, 0.02), rng.uniform(-0.02, 0.03), 0.0),
    )


def sitting_waiting(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """On a bench or a stool without a desk: hands in the lap."""
    sits = seated(build, rng)
    looks = near(rng, sits.neck, (8, 3, 20))
    return replace(sits, neck=looks, arm_left=in_lap(rng, "L"), arm_right=in_lap(rng, "R"))


def typing(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    sits = seated(build, rng)
    return replace(
        sits,
        arm_left=on_desk(rng, "L", 0.12, -0.37, 0.02),
        arm_right=on_desk(rng, "R", 0.12, -0.37, 0.02),
        neck=plus(sits.neck, (rng.uniform(0, 6), 0, rng.uniform(-4, 14))),
        curl_left=(24, 14),
        curl_right=(24, 14),
    )


def using_mouse(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    sits = seated(build, rng)
    mouse = replace(on_desk(rng, "R", 0.28, -0.40), fingers=(0.1, -1.0, -0.1))
    left = on_desk(rng, "L", 0.12, -0.36) if rng.random() < 0.7 else in_lap(rng, "L")
    looks = (0, 0, rng.uniform(0, 14))
    turned = replace(sits, neck=plus(sits.neck, looks), arm_left=left, arm_right=mouse)
    return handed(turned, hand)


def writing(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    sits = seated(build, rng)
    pen_hand = Reach(
        near(rng, (-0.07, -0.40, DESK_M + 0.045), (0.03, 0.03, 0.003)),
        "body",
        (-0.8, 0.4, -0.5),
        (0.45, -0.8, -0.25),
        (0.55, 0.1, -0.8),
    )
    leans = replace(
        sits,
        spine=near(rng, (15, 2, 3), (4, 2, 3)),
        neck=near(rng, (27, 0, 2), (5, 3, 5)),
        arm_left=on_desk(rng, "L", 0.14, -0.42),
        arm_right=pen_hand,
        curl_right=(48, 34),
    )
    return handed(leans, hand)


def talking(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """To a citizen before the window: eyes up, perhaps a hand that explains."""
    sits = seated(build, rng)
    looks = near(rng, (0, 0, 0), (4, 4, 14))
    pose = replace(sits, neck=looks, spine=near(rng, (4, 0, 0), (4, 2, 6)))
    if rng.random() < 0.5:
        at = near(rng, (-0.20, -0.36, 0.96), (0.06, 0.05, 0.06))
        gesture = Reach(at, "body", (-0.7, 0.4, -0.8), (0.25, -0.9, 0.35), (0.6, -0.1, 0.6))
        pose = replace(pose, arm_right=gesture, curl_right=(rng.uniform(10, 35), 15))
    return handed(pose, hand)


def reading_with_citizen(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """Bent over a document on the ledge, a finger on the line."""
    sits = seated(build, rng)
    points = Reach(
        near(rng, (-0.10, -0.56, DESK_M + 0.07), (0.05, 0.05, 0.01)),
        "body",
        (-0.8, 0.3, -0.5),
        (0.3, -0.9, -0.3),
        (0.3, 0, -1),
    )
    leans = replace(
        sits,
        spine=near(rng, (20, 0, 4), (5, 3, 5)),
        neck=near(rng, (20, 0, 0), (8, 3, 6)),
        arm_left=on_desk(rng, "L", 0.15, -0.50),
        arm_right=points,
        curl_right=(35, 25),
    )
    return handed(leans, hand)


def handing_paper(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    sits = seated(build, rng)
    at = near(rng, (-0.10, -0.66, 0.95), (0.06, 0.04, 0.03))
    gives = Reach(at, "body", (-0.7, 0.2, -0.8), (0.1, -1.0, 0.1), (0.8, 0.0, 0.4))
    pose = replace(
        sits,
        spine=near(rng, (16, 0, 8), (4, 2, 4)),
        neck=near(rng, (4, 0, 0), (6, 3, 6)),
        arm_right=gives,
        curl_right=(35, 35),
    )
    return handed(pose, hand)


def turned_to_neighbour(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    sits = seated(build, rng)
    pose = replace(
        sits,
        spine=near(rng, (5, 3, -24), (4, 3, 8)),
        neck=near(rng, (4, 0, -38), (6, 4, 10)),
        arm_left=on_desk(rng, "L", 0.08, -0.36),
        arm_right=on_desk(rng, "R", 0.24, -0.32),
    )
    return handed(pose, hand)


def at_printer(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """Turned well aside, a hand on a machine beside the chair."""
    sits = seated(build, rng)
    at = near(rng, (-0.50, -0.14, 0.86), (0.05, 0.08, 0.05))
    reaches = Reach(at, "body", (-0.3, 0.9, -0.6), (-0.8, -0.6, 0.0), DOWN)
    pose = replace(
        sits,
        spine=near(rng, (8, -6, -34), (4, 3, 8)),
        neck=near(rng, (16, -3, -26), (6, 4, 8)),
        arm_left=on_desk(rng, "L", 0.02, -0.34),
        arm_right=reaches,
    )
    return handed(pose, hand)


def bending_to_drawer(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    sits = seated(build, rng)
    at = near(rng, (-0.40, -0.20, 0.44), (0.04, 0.05, 0.05))
    reaches = Reach(at, "body", (-0.6, 0.8, 0.1), (-0.1, -0.7, -0.8), (0.9, 0, -0.2))
    pose = replace(
        sits,
        spine=near(rng, (34, -18, -16), (8, 5, 6)),
        neck=near(rng, (18, -6, -14), (8, 5, 8)),
        arm_left=on_desk(rng, "L", 0.10, -0.34),
        arm_right=reaches,
    )
    return handed(pose, hand)


def _at_face(
    build: Build,
    rng: Generator,
    hand: Side,
    reach: Reach,
    curl: tuple[float, float],
    spine: Triple = (5.0, 0.0, 0.0),
    neck: Triple = (8.0, 0.0, 0.0),
) -> Pose:
    """Seated with one hand led by the eyes and the other resting."""
    rest = on_desk(rng, "L", 0.14, -0.36) if rng.random() < 0.8 else in_lap(rng, "L")
    pose = replace(
        seated(build, rng),
        spine=near(rng, spine, (4, 3, 5)),
        neck=near(rng, neck, (4, 3, 6)),
        arm_left=rest,
        arm_right=replace(reach, at=near(rng, reach.at, 0.012)),
        curl_right=curl,
    )
    return handed(pose, hand)


def hand_at_chin(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    reach = by_eyes((-0.060, -0.070, -0.190), (-0.6, -0.5, -1), (0.25, 0.1, 0.95), (0.35, 0.9, 0.2))
    return _at_face(build, rng, hand, reach, (58, 25), spine=(12, -4, 0), neck=(8, -6, 0))


def yawning(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    reach = by_eyes((-0.11, -0.115, -0.155), (-0.9, 0.1, -0.9), (0.8, 0.1, 0.55), (0.2, 0.95, 0.0))
    return _at_face(build, rng, hand, reach, (20, 12), spine=(-3, 0, 0), neck=(-10, 0, 0))


def adjusting_glasses(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    reach = by_eyes((-0.105, -0.15, -0.115), (-0.8, 0.1, -1), (0.5, 0.35, 0.8), (0.45, 0.85, -0.1))
    return _at_face(build, rng, hand, reach, (48, 30))


def scratching_head(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    reach = by_eyes((-0.17, 0.03, 0.0), (-1, -0.2, -0.4), (0.5, 0.2, 0.85), (0.85, 0.25, -0.4))
    return _at_face(build, rng, hand, reach, (38, 15), neck=(12, 4, 0))


def desk_telephone(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """The desk telephone's handset at the ear: work, and the mobile call's look-alike."""
    reach = by_eyes((-0.150, 0.025, -0.155), (-0.75, -0.3, -1), (0.16, 0.2, 1), (1, -0.25, 0.05))
    return _at_face(build, rng, hand, reach, (52, 30), spine=(6, 2, 0), neck=(6, -6, 4))


def phone_at_ear(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    reach = by_eyes((-0.145, 0.035, -0.165), (-0.75, -0.35, -1), (0.16, 0.16, 1), (1, -0.25, 0.05))
    return _at_face(build, rng, hand, reach, (34, 18), spine=(4, 3, 0), neck=(8, 6, -6))


def phone_before_face(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    low = rng.uniform(-0.32, -0.22)
    reach = by_eyes((-0.10, -0.22, low), (-0.5, 0.3, -1), (0.25, -0.25, 0.95), (0.35, 0.95, 0.2))
    pose = _at_face(build, rng, "R", reach, (34, 18), spine=(4, 0, 0), neck=(15, 0, 0))
    if rng.random() < 0.35:  # the other hand taps
        taps = by_eyes(
            (0.06, -0.20, low + 0.01), (0.6, 0.3, -1), (-0.5, -0.3, 0.8), (-0.3, 0.5, 0.3)
        )
        pose = replace(pose, arm_left=taps, curl_left=(45, 25))
    return handed(pose, hand)


def phone_low_over_desk(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    at = near(rng, (-0.10, -0.30, 0.90), (0.03, 0.04, 0.03))
    holds = Reach(at, "body", (-0.8, 0.4, -0.6), (0.3, -0.75, 0.55), (0.3, 0.55, 0.8))
    pose = replace(
        seated(build, rng),
        spine=near(rng, (12, 0, 0), (4, 2, 4)),
        neck=near(rng, (28, 0, 0), (5, 3, 5)),
        arm_left=on_desk(rng, "L", 0.12, -0.34),
        arm_right=holds,
        curl_right=(32, 15),
    )
    if rng.random() < 0.4:
        taps = Reach(
            plus(at, (0.15, 0.02, 0.01)), "body", (0.8, 0.4, -0.6), (-0.6, -0.6, 0.2), DOWN
        )
        pose = replace(pose, arm_left=taps, curl_left=(45, 25))
    return handed(pose, hand)


def phone_in_lap(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    at = near(rng, (-0.11, -0.20, 0.70), (0.02, 0.03, 0.01))
    holds = Reach(at, "body", (-0.7, 0.5, -0.5), (0.40, -0.8, 0.45), (0.25, 0.35, 0.9))
    helps = Reach(
        (0.10, -0.19, 0.69), "body", (0.7, 0.5, -0.5), (-0.45, -0.8, 0.3), (-0.2, 0.3, 0.9)
    )
    pose = replace(
        seated(build, rng),
        spine=near(rng, (14, 0, 0), (4, 2, 4)),
        neck=near(rng, (34, 0, 0), (4, 3, 5)),
        shift=(0.0, 0.10, 0.0),
        arm_left=helps if rng.random() < 0.6 else on_desk(rng, "L", 0.12, -0.32),
        arm_right=holds,
        curl_left=(40, 30),
        curl_right=(30, 10),
    )
    return handed(pose, hand)
