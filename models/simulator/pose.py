"""What a pose is, and how two of them blend.

A person's own frame: origin on the floor under the hips, facing -y, z up, the left hand towards
+x. Metres and degrees.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from models.simulator.mesh import Floats

Frame: TypeAlias = Literal["body", "shoulder", "eyes"]
Side: TypeAlias = Literal["L", "R"]
Triple: TypeAlias = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a wrist goes: an offset in the person's frame from the origin (`body`), from that
    arm's shoulder, or in the skull's axes from between the eyes. `pole` is where the elbow points;
    `fingers` and `palm` are the directions of the fingers and out of the palm (skull's axes for
    `eyes`)."""

    at: Triple
    frame: Frame
    pole: Triple
    fingers: Triple
    palm: Triple


@dataclass(frozen=True, slots=True)
class Between:
    """A reach on its way from one to another, `share` of the way."""

    start: Arm
    end: Arm
    share: float


Arm: TypeAlias = Reach | Between


@dataclass(frozen=True, slots=True)
class Foot:
    """The ankle's place, the foot's turn outwards about z and its tip about x."""

    at: Triple
    turn_deg: float = 0.0
    tip_deg: float = 0.0
    knee: Triple = (0.0, -1.0, 0.0)


@dataclass(frozen=True, slots=True)
class Build:
    """What poses need to know of a body: hip joints and ankles above the floor when standing."""

    hips_m: float
    ankle_m: float


@dataclass(frozen=True, slots=True)
class Pose:
    """spine, neck and pelvis: degrees of (bend forward, lean, twist); curl: degrees of (fingers,
    thumb); hips_m: the hip joints above the floor; shift: the hips moved off the origin."""

    hips_m: float
    foot_left: Foot
    foot_right: Foot
    arm_left: Arm
    arm_right: Arm
    spine: Triple = (0.0, 0.0, 0.0)
    neck: Triple = (0.0, 0.0, 0.0)
    pelvis: Triple = (0.0, 0.0, 0.0)
    shift: Triple = (0.0, 0.0, 0.0)
    curl_left: tuple[float, float] = (18.0, 12.0)
    curl_right: tuple[float, float] = (18.0, 12.0)

    def arm(self, side: Side) -> Arm:
        return self.arm_left if side == "L" else self.arm_right

    def foot(self, side: Side) -> Foot:
        return self.foot_left if side == "L" else self.foot_right

    def curl(self, side: Side) -> tuple[float, float]:
        return self.curl_left if side == "L" else self.curl_right


def blended(start: Pose, end: Pose, share: float) -> Pose:
    """The pose `share` of the way; hands travel straight in the person's frame."""
    if share <= 0:
        return start
    if share >= 1:
        return end
    return Pose(
        hips_m=start.hips_m + (end.hips_m - start.hips_m) * share,
        foot_left=_blended_foot(start.foot_left, end.foot_left, share),
        foot_right=_blended_foot(start.foot_right, end.foot_right, share),
        arm_left=_blended_arm(start.arm_left, end.arm_left, share),
        arm_right=_blended_arm(start.arm_right, end.arm_right, share),
        spine=towards(start.spine, end.spine, share),
        neck=towards(start.neck, end.neck, share),
        pelvis=towards(start.pelvis, end.pelvis, share),
        shift=towards(start.shift, end.shift, share),
        curl_left=_pair(start.curl_left, end.curl_left, share),
        curl_right=_pair(start.curl_right, end.curl_right, share),
    )


def mirrored(pose: Pose) -> Pose:
    """Left and right exchanged."""
    return Pose(
        hips_m=pose.hips_m,
        foot_left=_mirrored_foot(pose.foot_right),
        foot_right=_mirrored_foot(pose.foot_left),
        arm_left=_mirrored_arm(pose.arm_right),
        arm_right=_mirrored_arm(pose.arm_left),
        spine=_mirrored_turn(pose.spine),
        neck=_mirrored_turn(pose.neck),
        pelvis=_mirrored_turn(pose.pelvis),
        shift=_flipped(pose.shift),
        curl_left=pose.curl_right,
        curl_right=pose.curl_left,
    )


def handed(pose: Pose, hand: Side) -> Pose:
    """A right-handed pose, mirrored for the left hand."""
    return pose if hand == "R" else mirrored(pose)


def _flipped(value: Triple) -> Triple:
    return -value[0], value[1], value[2]


def _mirrored_turn(value: Triple) -> Triple:
    return value[0], -value[1], -value[2]


def _mirrored_arm(arm: Arm) -> Arm:
    if isinstance(arm, Between):
        return Between(_mirrored_arm(arm.start), _mirrored_arm(arm.end), arm.share)
    pole, fingers, palm = _flipped(arm.pole), _flipped(arm.fingers), _flipped(arm.palm)
    return Reach(_flipped(arm.at), arm.frame, pole, fingers, palm)


def _mirrored_foot(foot: Foot) -> Foot:
    return Foot(_flipped(foot.at), -foot.turn_deg, foot.tip_deg, _flipped(foot.knee))


def plus(value: Triple, change: ArrayLike) -> Triple:
    return triple(np.asarray(value) + np.asarray(change))


def triple(values: ArrayLike) -> Triple:
    x, y, z = np.asarray(values, np.float64)
    return float(x), float(y), float(z)


def towards(start: Triple, end: Triple, share: float) -> Triple:
    return triple(np.asarray(start) * (1 - share) + np.asarray(end) * share)


def nudged(arm: Arm, change: Floats) -> Arm:
    """A hand that trembles a little; one led by the head moves with the head already."""
    if isinstance(arm, Reach) and arm.frame != "eyes":
        return replace(arm, at=plus(arm.at, change))
    return arm


def _pair(
    start: tuple[float, float], end: tuple[float, float], share: float
) -> tuple[float, float]:
    a, b = (x + (y - x) * share for x, y in zip(start, end, strict=True))
    return a, b


def _blended_arm(start: Arm, end: Arm, share: float) -> Arm:
    return start if start == end else Between(start, end, share)


def _blended_foot(start: Foot, end: Foot, share: float) -> Foot:
    return Foot(
        towards(start.at, end.at, share),
        start.turn_deg + (end.turn_deg - start.turn_deg) * share,
        start.tip_deg + (end.tip_deg - start.tip_deg) * share,
        towards(start.knee, end.knee, share),
    )
