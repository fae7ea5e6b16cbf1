"""From a pose to bones: forward kinematics in spine and fingers, two-bone IK in the limbs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.simulator.mesh import Floats
from models.simulator.pose import Arm, Between, Pose, Reach, Side, Triple

if TYPE_CHECKING:
    from models.simulator.garments import Figure

SPINE_SHARES = {"spine05": 0.1, "spine04": 0.25, "spine03": 0.3, "spine02": 0.2, "spine01": 0.15}
NECK_SHARES = {"neck01": 0.25, "neck02": 0.2, "neck03": 0.2, "head": 0.35}
FINGER_SHARES = (0.9, 1.1, 0.8)
ANKLE_BONES = 0.012
"""A shoe's sole: how much higher than the naked ankle a standing ankle is."""
SIDES: tuple[Side, Side] = ("L", "R")


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A posed skeleton: rotations (bones, 3, 3) from the rest pose, and heads (bones, 3) m."""

    rotations: Floats
    heads: Floats


@dataclass(frozen=True, slots=True)
class HandFrame:
    """palm: the palm's centre (3,) m; finger_dir and palm_normal (out of the palm): unit."""

    palm: Floats
    finger_dir: Floats
    palm_normal: Floats

    @property
    def across(self) -> Floats:
        """Unit, across the palm: from the little finger to the thumb on the right hand."""
        cross: Floats = np.cross(self.palm_normal, self.finger_dir)
        return cross


def turned(x_deg: float = 0.0, y_deg: float = 0.0, z_deg: float = 0.0) -> Floats:
    """Rx @ Ry @ Rz."""
    (a, b), (c, d), (e, f) = (
        (math.cos(math.radians(v)), math.sin(math.radians(v))) for v in (x_deg, y_deg, z_deg)
    )
    return np.array(
        [
            [c * e, -c * f, d],
            [a * f + b * d * e, a * e - b * d * f, -b * c],
            [b * f - a * d * e, b * e + a * d * f, a * c],
        ]
    )


def unit(vector: Floats) -> Floats:
    scaled: Floats = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return scaled


def _frame(first: Floats, normal: Floats) -> Floats:
    return np.stack([first, normal, np.cross(first, normal)], 1)


def about(axis: Floats, angle_deg: float) -> Floats:
    """The rotation about a unit axis (Rodrigues)."""
    x, y, z = axis
    sine, cosine = math.sin(math.radians(angle_deg)), math.cos(math.radians(angle_deg))
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    turned_by: Floats = np.eye(3) + sine * skew + (1 - cosine) * (skew @ skew)
    return turned_by


def axis_angle(rotation: Floats) -> tuple[Floats, float]:
    """The unit axis and the angle in degrees, 0..180, of a rotation."""
    cosine = min(max((float(np.trace(rotation)) - 1) / 2, -1.0), 1.0)
    r = rotation
    twice = np.array([r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]])
    if cosine < -1 + 1e-6:  # half a turn: the axis is in the symmetric part
        column = int(np.argmax(np.diag(r)))
        return unit(r[:, column] + np.eye(3)[column]), 180.0
    return unit(twice), math.degrees(math.acos(cosine))


class Rig:
    """A figure's skeleton at rest, ready to be posed."""

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.bones = figure.anatomy.bones
        self.index = {bone: k for k, bone in enumerate(self.bones)}
        self.rest = figure.body.heads
        self.palms = {side: self._palm(side) for side in SIDES}
        hips = (self._rest("upperleg01.L") + self._rest("upperleg01.R")) / 2
        self.hips_m = float(hips[2] - figure.floor)
        self.ankle_m = float(self._rest("foot.L")[2] - figure.floor) + ANKLE_BONES
        self._ground = np.array([-hips[0], -hips[1], -figure.floor])

    def _rest(self, bone: str) -> Floats:
        head: Floats = self.rest[self.index[bone]]
        return head

    def _palm(self, side: Side) -> tuple[Floats, Floats, Floats]:
        """At rest: along the fingers, out of the palm, and from little to index finger."""
        along = unit(self._rest(f"finger3-1.{side}") - self._rest(f"wrist.{side}"))
        across = unit(self._rest(f"finger2-1.{side}") - self._rest(f"finger5-1.{side}"))
        return along, unit(np.cross(along, across) * (1 if side == "L" else -1)), across

    def solve(self, pose: Pose) -> Skeleton:
        """The skeleton in the person's own frame."""
        local = self._local(pose)
        root = self._rest("root") + self._ground + [0, 0, pose.hips_m - self.hips_m]
        root = root + np.asarray(pose.shift)
        pelvis = turned(*pose.pelvis)
        trunk = self._forward(local, {}, root, pelvis)
        fixed: dict[str, Floats] = {}
        for side in SIDES:
            self._leg(pose, side, trunk, fixed)
            self._arm(pose.arm(side), side, trunk, fixed)
        return self._forward(local, fixed, root, pelvis)

    def _local(self, pose: Pose) -> dict[str, Floats]:
        """Rotations relative to the parent bone."""
        local = {
            bone: turned(*(share * angle for angle in pose.spine))
            for bone, share in SPINE_SHARES.items()
        }
        for bone, share in NECK_SHARES.items():
            local[bone] = turned(*(share * angle for angle in pose.neck))
        for side in SIDES:
            fingers_deg, thumb_deg = pose.curl(side)
            along, palm, _ = self.palms[side]
            axis = unit(np.cross(along, palm))
            for joint, share in enumerate(FINGER_SHARES, start=1):
                bend = about(axis, fingers_deg * share)
                for finger in range(2, 6):
                    local[f"finger{finger}-{joint}.{side}"] = bend
            thumb = self._rest(f"finger1-2.{side}") - self._rest(f"finger1-1.{side}")
            bend = about(unit(np.cross(thumb, palm)), thumb_deg)
            local[f"finger1-2.{side}"] = local[f"finger1-3.{side}"] = bend
        return local

    def _forward(
        self, local: dict[str, Floats], fixed: dict[str, Floats], root: Floats, pelvis: Floats
    ) -> Skeleton:
        rotations = np.zeros((len(self.bones), 3, 3))
        heads = np.zeros((len(self.bones), 3))
        for bone in self.figure.anatomy.order:
            name = self.bones[bone]
            if name == "root":
                rotations[bone], heads[bone] = pelvis, root
                continue
            parent = self.figure.anatomy.parents[bone]
            above = rotations[parent]
            heads[bone] = heads[parent] + above @ (self.rest[bone] - self.rest[parent])
            if name in fixed:
                rotations[bone] = fixed[name]
            else:
                rotations[bone] = above @ local[name] if name in local else above
        return Skeleton(rotations, heads)

    def _leg(self, pose: Pose, side: Side, trunk: Skeleton, fixed: dict[str, Floats]) -> None:
        foot = pose.foot(side)
        bones = (f"upperleg01.{side}", f"lowerleg01.{side}", f"foot.{side}")
        thigh, shin = self._two_bones(bones, np.asarray(foot.at), foot.knee, trunk)
        for half in ("01", "02"):
            fixed[f"upperleg{half}.{side}"] = thigh
            fixed[f"lowerleg{half}.{side}"] = shin
        fixed[f"foot.{side}"] = turned(foot.tip_deg, 0.0, foot.turn_deg)

    def _arm(self, arm: Arm, side: Side, trunk: Skeleton, fixed: dict[str, Floats]) -> None:
        target, pole, fingers, palm = self._resolved(arm, side, trunk)
        bones = (f"upperarm01.{side}", f"lowerarm01.{side}", f"wrist.{side}")
        upper, lower = self._two_bones(bones, target, pole, trunk)
        collar = trunk.rotations[self.index[f"clavicle.{side}"]]
        axis, angle_deg = axis_angle(upper @ collar.T)
        fixed[f"shoulder01.{side}"] = about(axis, 0.12 * angle_deg) @ collar
        fixed[f"upperarm01.{side}"] = fixed[f"upperarm02.{side}"] = upper
        fixed[f"lowerarm01.{side}"] = lower
        along, out, _ = self.palms[side]
        out = unit(out - along * (out @ along))
        pointed = unit(fingers)
        faced = unit(palm - pointed * (palm @ pointed))
        wrist = _frame(pointed, faced) @ _frame(along, out).T
        fixed[f"wrist.{side}"] = wrist
        bone = unit(self._rest(f"wrist.{side}") - self._rest(f"lowerarm01.{side}"))
        axis, angle_deg = axis_angle(lower.T @ wrist)
        fixed[f"lowerarm02.{side}"] = lower @ about(bone, 0.55 * angle_deg * float(axis @ bone))

    def _resolved(
        self, arm: Arm, side: Side, trunk: Skeleton
    ) -> tuple[Floats, Triple | Floats, Floats, Floats]:
        """Target, pole, finger and palm directions in the person's frame."""
        if isinstance(arm, Between):
            ends = (self._resolved(part, side, trunk) for part in (arm.start, arm.end))
            at, pole, fingers, palm = (
                np.asarray(a) * (1 - arm.share) + np.asarray(b) * arm.share
                for a, b in zip(*ends, strict=True)
            )
            return at, pole, fingers + 1e-4, palm + 1e-4
        return self._reached(arm, side, trunk)

    def _reached(
        self, arm: Reach, side: Side, trunk: Skeleton
    ) -> tuple[Floats, Triple, Floats, Floats]:
        at, fingers, palm = (np.asarray(v, float) for v in (arm.at, arm.fingers, arm.palm))
        if arm.frame == "shoulder":
            at = at + trunk.heads[self.index[f"upperarm01.{side}"]]
        elif arm.frame == "eyes":
            skull = self.index["head"]
            turn = trunk.rotations[skull]
            eyes = trunk.heads[skull] + turn @ (self.figure.eyes - self.rest[skull])
            at, fingers, palm = eyes + turn @ at, turn @ fingers, turn @ palm
        return at, arm.pole, fingers, palm

    def _two_bones(
        self, bones: tuple[str, str, str], target: Floats, pole: Triple | Floats, trunk: Skeleton
    ) -> tuple[Floats, Floats]:
        """World rotations of the two bones of a limb, its end at the target where it reaches."""
        start = trunk.heads[self.index[bones[0]]]
        rest_upper = self._rest(bones[1]) - self._rest(bones[0])
        rest_lower = self._rest(bones[2]) - self._rest(bones[1])
        upper, lower = float(np.linalg.norm(rest_upper)), float(np.linalg.norm(rest_lower))
        way = target - start
        most, least = (upper + lower) * 0.997, abs(upper - lower) + 0.02
        length = min(max(float(np.linalg.norm(way)), least), most)
        way = unit(way)
        along = (upper**2 - lower**2 + length**2) / (2 * length)
        aside = math.sqrt(max(upper**2 - along**2, 0.0))
        outward = np.asarray(pole, float)
        joint = start + way * along + unit(outward - way * (outward @ way)) * aside
        end = start + way * length
        rest_normal = unit(np.cross(rest_upper, rest_lower))
        normal = unit(np.cross(joint - start, end - joint))
        first = _frame(unit(joint - start), normal) @ _frame(unit(rest_upper), rest_normal).T
        second = _frame(unit(end - joint), normal) @ _frame(unit(rest_lower), rest_normal).T
        return first, second

    def hand(self, skeleton: Skeleton, side: Side) -> HandFrame:
        wrist, middle = self.index[f"wrist.{side}"], self.index[f"finger3-1.{side}"]
        along, palm, _ = self.palms[side]
        turn = skeleton.rotations[wrist]
        fingers = unit(turn @ along)
        out = turn @ palm
        where = skeleton.heads[wrist] * 0.25 + skeleton.heads[middle] * 0.75
        return HandFrame(where, fingers, unit(out - fingers * (out @ fingers)))
