"""Seated at the desk and not at work: eating, drinking, smoking, sleeping, reading the paper."""

from __future__ import annotations

from dataclasses import replace

from numpy.random import Generator

from models.simulator.pose import Build, Pose, Reach, Side, handed
from models.simulator.poses import (
    DESK_M,
    DOWN,
    by_eyes,
    in_lap,
    near,
    on_desk,
    seated,
    writing,
)


def bite(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """Bread, a bun or an apple at the mouth."""
    at = near(rng, (-0.115, -0.108, -0.162), 0.010)
    eats = by_eyes(at, (-0.9, 0.2, -0.9), (0.75, -0.15, 0.55), (0.45, 0.85, 0.1))
    pose = replace(
        seated(build, rng),
        spine=near(rng, (12, 0, 0), (4, 2, 4)),
        neck=near(rng, (14, 0, 0), (4, 3, 6)),
        arm_right=eats,
        curl_right=(55, 40),
    )
    return handed(pose, hand)


def food_held(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """Chewing: the bread before the chest."""
    at = near(rng, (-0.13, -0.33, 0.93), (0.03, 0.03, 0.05))
    holds = Reach(at, "body", (-0.8, 0.4, -0.8), (0.6, -0.6, 0.5), (0.4, 0.8, 0.1))
    pose = replace(seated(build, rng), arm_right=holds, curl_right=(55, 40))
    return handed(pose, hand)


def spoon_up(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """Chopsticks or a spoon at the mouth, the other hand at the bowl or box."""
    at = near(rng, (-0.13, -0.17, -0.17), 0.010)
    eats = by_eyes(at, (-1, 0.2, -0.5), (0.75, -0.1, 0.15), (0.1, 0.6, -0.8))
    return handed(_over_bowl(build, rng, eats), hand)


def spoon_down(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """Chopsticks or a spoon in the bowl."""
    at = near(rng, (-0.14, -0.36, DESK_M + 0.17), 0.015)
    dips = Reach(at, "body", (-1, 0.3, -0.3), (0.75, -0.45, -0.35), (0.2, 0.4, -0.9))
    return handed(_over_bowl(build, rng, dips), hand)


def _over_bowl(build: Build, rng: Generator, eating: Reach) -> Pose:
    at = near(rng, (0.07, -0.42, DESK_M + 0.07), (0.02, 0.02, 0.0))
    bowl = Reach(at, "body", (0.7, 0.4, -0.6), (-0.7, -0.7, 0.1), (-0.7, 0.4, 0.5))
    return replace(
        seated(build, rng),
        spine=near(rng, (22, 0, 0), (4, 2, 3)),
        neck=near(rng, (26, 0, 0), (4, 3, 5)),
        arm_left=bowl,
        arm_right=eating,
        curl_left=(40, 30),
        curl_right=(50, 40),
    )


def sip(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """A cup or bottle at the mouth."""
    at = near(rng, (-0.125, -0.110, -0.130), 0.010)
    drinks = by_eyes(at, (-1, 0.1, -0.6), (0.8, -0.35, 0.2), (0.35, 0.85, -0.1))
    pose = replace(
        seated(build, rng),
        spine=near(rng, (0, 0, 0), (3, 2, 4)),
        neck=near(rng, (-10, 0, 0), (4, 3, 5)),
        arm_right=drinks,
        curl_right=(55, 40),
    )
    return handed(pose, hand)


def cup_held(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    at = near(rng, (-0.22, -0.38, DESK_M + 0.09), (0.03, 0.03, 0.01))
    holds = Reach(at, "body", (-0.8, 0.4, -0.7), (0.5, -0.9, 0.1), (0.9, 0.3, 0.0))
    pose = replace(seated(build, rng), arm_right=holds, curl_right=(52, 38))
    return handed(pose, hand)


def drag(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """A cigarette at the lips."""
    at = near(rng, (-0.088, -0.122, -0.182), 0.008)
    smokes = by_eyes(at, (-0.9, 0.2, -0.9), (0.45, 0.1, 0.9), (0.1, 1, -0.1))
    pose = replace(seated(build, rng), arm_right=smokes, curl_right=(12, 40))
    return handed(pose, hand)


def cigarette_held(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    at = near(rng, (-0.24, -0.34, 0.92), (0.04, 0.04, 0.06))
    holds = Reach(at, "body", (-0.7, 0.4, -0.8), (0.3, -0.6, 0.7), (0.8, 0.4, 0.1))
    pose = replace(seated(build, rng), arm_right=holds, curl_right=(12, 40))
    return handed(pose, hand)


def napping_on_arms(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """Head on the folded forearms, on the desk."""
    spine = near(rng, (62, 0, 6), (3, 2, 4))
    pose = replace(
        seated(build, rng),
        spine=spine,
        neck=near(rng, (14, 0, 38), (4, 4, 14)),
        arm_left=Reach((-0.08, -0.56, 0.83), "body", (1, -0.1, -0.1), (-1, 0.15, 0), DOWN),
        arm_right=Reach((0.06, -0.62, 0.84), "body", (-1, -0.1, -0.1), (1, 0.1, 0), DOWN),
        shift=(0.0, -0.06, 0.0),
    )
    return handed(pose, hand)


def napping_leaning_back(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """Slid down in the chair, the head fallen back or to a side."""
    fallen = (-24, 8, 10) if rng.random() < 0.5 else (26, 16, 8)
    pose = replace(
        seated(build, rng),
        pelvis=(-10.0, 0.0, 0.0),
        spine=near(rng, (-16, 3, 0), (4, 3, 4)),
        neck=near(rng, fallen, (5, 4, 6)),
        shift=(0.0, -0.02, -0.01),
        arm_left=in_lap(rng, "L"),
        arm_right=in_lap(rng, "R"),
    )
    return handed(pose, hand)


def newspaper(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """A newspaper held open before the chest with both hands."""
    high, wide = rng.uniform(0.93, 1.03), rng.uniform(0.24, 0.28)
    return replace(
        seated(build, rng),
        spine=near(rng, (2, 0, 0), (3, 2, 3)),
        neck=near(rng, (12, 0, 0), (5, 2, 5)),
        arm_left=Reach((wide, -0.42, high), "body", (0.7, 0.4, -1), (-0.1, -0.6, 0.8), (-1, 0, 0)),
        arm_right=Reach((-wide, -0.42, high), "body", (-0.7, 0.4, -1), (0.1, -0.6, 0.8), (1, 0, 0)),
        curl_left=(50, 30),
        curl_right=(50, 30),
    )


def book(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """A book held open low over the desk."""
    high = rng.uniform(0.86, 0.95)
    return replace(
        seated(build, rng),
        spine=near(rng, (8, 0, 0), (4, 2, 3)),
        neck=near(rng, (26, 0, 0), (5, 2, 5)),
        arm_left=Reach(
            (0.13, -0.33, high), "body", (0.8, 0.3, -0.8), (-0.3, -0.7, 0.6), (-0.6, 0.2, 0.8)
        ),
        arm_right=Reach(
            (-0.13, -0.33, high), "body", (-0.8, 0.3, -0.8), (0.3, -0.7, 0.6), (0.6, 0.2, 0.8)
        ),
        curl_left=(38, 20),
        curl_right=(38, 20),
    )


def napping_on_one_arm(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """The head on one forearm, the other arm stretched out or hanging."""
    other = (
        Reach((-0.22, -0.62, 0.81), "body", (-0.8, 0.3, -0.2), (-0.1, -1, 0), DOWN)
        if rng.random() < 0.6
        else in_lap(rng, "R")
    )
    turned = float(rng.choice([-1, 1]) * rng.uniform(20, 60))
    pose = replace(
        seated(build, rng),
        spine=near(rng, (58, 4, 8), (5, 4, 6)),
        neck=near(rng, (16, 0, turned), (8, 6, 8)),
        arm_left=Reach((-0.04, -0.57, 0.83), "body", (1, -0.1, -0.1), (-1, 0.1, 0), DOWN),
        arm_right=other,
        shift=(0.0, -0.06, 0.0),
    )
    return handed(pose, hand)


def napping_upright(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """Nodded off in the chair: the chin on the chest, the hands fallen."""
    pose = replace(
        seated(build, rng),
        pelvis=(-4.0, 0.0, 0.0),
        spine=near(rng, (6, 4, 0), (6, 5, 5)),
        neck=near(rng, (46, 12, 4), (6, 8, 8)),
        arm_left=in_lap(rng, "L"),
        arm_right=in_lap(rng, "R"),
    )
    return handed(pose, hand)


def looking_down(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """At the keys or at a form, hands on the desk: awake."""
    return replace(
        seated(build, rng), spine=near(rng, (12, 0, 0), (5, 2, 4)), neck=near(rng, (26, 0, 0), 6.0)
    )


def bent_over_writing(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """Writing with the face near the paper."""
    return replace(
        writing(build, rng, hand),
        spine=near(rng, (30, 0, 3), (5, 3, 4)),
        neck=near(rng, (28, 0, 2), (6, 3, 5)),
    )


def hand_beside(build: Build, rng: Generator, hand: Side = "R") -> Pose:
    """A hand resting beside what lies on the desk."""
    rests = on_desk(rng, "R", 0.20, -0.36, 0.03)
    pose = replace(seated(build, rng), arm_right=rests, neck=near(rng, (14, 0, 0), (10, 3, 10)))
    return handed(pose, hand)
