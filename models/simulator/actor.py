"""A person who does things over time: poses at moments, walking between places, things in hands."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from models.simulator import grips
from models.simulator.body import Person, Posed
from models.simulator.mesh import Floats, Mesh
from models.simulator.pose import Pose, Side, blended, nudged, plus
from models.simulator.poses_standing import CYCLE_M, walking
from models.simulator.props import sample_prop
from models.simulator.wardrobe import Role

WALK_FROM_M = 0.45
"""Two keyframes farther apart than this are walked between; nearer, the body slides over."""
STILL = ("napping",)
"""Activities in which a body hardly sways."""


@dataclass(frozen=True, slots=True)
class Keyframe:
    t_s: float
    pose: Pose
    at_m: tuple[float, float]
    yaw_deg: float
    activity: str


@dataclass(frozen=True, slots=True)
class Held:
    """A thing in a hand; the same person has the same phone each time."""

    kind: str
    hand: Side
    from_s: float
    to_s: float


@dataclass(frozen=True, slots=True)
class Laid:
    """A thing lying at a place of the hall."""

    kind: str
    at_m: tuple[float, float, float]
    yaw_deg: float
    from_s: float
    to_s: float


@dataclass(frozen=True, slots=True)
class Thing:
    kind: str
    meshes: list[Mesh]
    hand: Side | None
    """None when it lies somewhere."""


@dataclass(frozen=True, slots=True)
class Moment:
    posed: Posed
    things: list[Thing]
    activity: str
    at_m: tuple[float, float]
    yaw_deg: float
    who: int
    """`PersonSpec.seed` of the person."""


@dataclass(frozen=True, eq=False)
class Actor:
    """Keyframes in order of time; before the first and after the last the person stays so."""

    id: str
    role: Role
    person: Person
    keyframes: Sequence[Keyframe]
    held: Sequence[Held] = ()
    window: str | None = None
    laid: Sequence[Laid] = ()
    _things: dict[str, list[Mesh]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        times = [key.t_s for key in self.keyframes]
        if not times or times != sorted(times):
            raise ValueError(f"actor {self.id!r}: give at least one keyframe, in order of time")

    def at(self, t_s: float) -> Moment:
        pose, at_m, yaw_deg, activity = self._placed(t_s)
        sway = 0.2 if activity in STILL else 1.0
        swaying = swayed(pose, t_s, self.person.spec.seed % 997, sway)
        posed = self.person.posed(swaying, at_m, yaw_deg)
        things = [
            self._in_hand(item, posed) for item in self.held if item.from_s <= t_s < item.to_s
        ]
        things += [
            Thing(
                item.kind,
                grips.lying(item.kind, self._own(item.kind), item.at_m, item.yaw_deg),
                None,
            )
            for item in self.laid
            if item.from_s <= t_s < item.to_s
        ]
        return Moment(posed, things, activity, at_m, yaw_deg, self.person.spec.seed)

    def _placed(self, t_s: float) -> tuple[Pose, tuple[float, float], float, str]:
        keys = self.keyframes
        after = bisect_right([key.t_s for key in keys], t_s)
        if after == 0 or after == len(keys):
            key = keys[0] if after == 0 else keys[-1]
            return key.pose, key.at_m, key.yaw_deg, key.activity
        start, end = keys[after - 1], keys[after]
        share = (t_s - start.t_s) / (end.t_s - start.t_s)
        activity = end.activity if share > 0.5 else start.activity
        way = np.subtract(end.at_m, start.at_m)
        if float(np.hypot(*way)) > WALK_FROM_M:
            pose, yaw_deg = self._walked(start, end, t_s)
        else:
            share = smooth_step(share)
            pose = blended(start.pose, end.pose, share)
            yaw_deg = turned_towards(start.yaw_deg, end.yaw_deg, share)
        x, y = np.asarray(start.at_m) + way * share
        return pose, (float(x), float(y)), yaw_deg, activity

    def _walked(self, start: Keyframe, end: Keyframe, t_s: float) -> tuple[Pose, float]:
        """Setting off from the first pose and heading, arriving in the second."""
        lasts = end.t_s - start.t_s
        share = (t_s - start.t_s) / lasts
        x, y = np.subtract(end.at_m, start.at_m)
        change_s = min(0.35, 0.25 * lasts)
        into = min(
            smooth_step((t_s - start.t_s) / change_s), smooth_step((end.t_s - t_s) / change_s)
        )
        gait = walking(self.person.build, math.hypot(x, y) * share / CYCLE_M)
        still = start if share < 0.5 else end
        heading = math.degrees(math.atan2(x, -y))
        return blended(still.pose, gait, into), turned_towards(still.yaw_deg, heading, into)

    def _own(self, kind: str) -> list[Mesh]:
        if kind not in self._things:
            seed = [self.person.spec.seed, sum(kind.encode())]
            self._things[kind] = sample_prop(kind, np.random.default_rng(seed))
        return self._things[kind]

    def _in_hand(self, item: Held, posed: Posed) -> Thing:
        other: Side = "L" if item.hand == "R" else "R"
        holding = grips.Holding(posed.hands[item.hand], posed.hands[other], mouth(posed))
        return Thing(item.kind, grips.held(item.kind, self._own(item.kind), holding), item.hand)


def mouth(posed: Posed) -> Floats:
    """Between the lips, by the eyes and the nose's tip of the keypoints."""
    nose, eyes = posed.keypoints[0], posed.keypoints[1:3].mean(0)
    point: Floats = eyes + 1.75 * (nose - eyes)
    return point


def smooth_step(share: float) -> float:
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)


def turned_towards(start_deg: float, end_deg: float, share: float) -> float:
    """By the shorter way round."""
    return start_deg + ((end_deg - start_deg + 180) % 360 - 180) * share


def swayed(pose: Pose, t_s: float, seed: float, amount: float = 1.0) -> Pose:
    """Nobody sits like a statue: slow drifts of back, head and hands, different for each."""

    def drift(per_s: float, phase: float) -> float:
        own = phase + seed * 1.7
        return amount * (math.sin(per_s * t_s + 3 * own) + 0.5 * math.sin(2.3 * per_s * t_s + own))

    hands = [
        0.006 * np.array([drift(2.1, 1 + k), drift(1.7, 2 + k), 0.6 * drift(2.9, 3 + k)])
        for k in range(2)
    ]
    return replace(
        pose,
        spine=plus(pose.spine, (0.8 * drift(1.1, 0), 0.8 * drift(0.45, 1), 1.5 * drift(0.35, 2))),
        neck=plus(pose.neck, (2.0 * drift(0.8, 3), drift(0.4, 4), 4.0 * drift(0.33, 5))),
        arm_left=nudged(pose.arm_left, hands[0]),
        arm_right=nudged(pose.arm_right, hands[1]),
    )
