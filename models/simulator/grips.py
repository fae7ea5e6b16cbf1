"""How a thing sits in a hand, between two hands, or on a desk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.simulator.kinematics import HandFrame, unit
from models.simulator.mesh import Floats, Mesh, placed

UP: Floats = np.array([0.0, 0.0, 1.0])
AT_MOUTH_M = 0.24
"""Nearer than this to the mouth, a palm is eating or drinking."""
POINTED = ("chopsticks", "spoon")
VESSELS = ("bottle", "can", "cup", "thermos", "tumbler")
MORSELS = ("apple", "banana", "biscuit", "bread", "bun", "corn", "pancake", "skewer", "tissue")
STANDING = (*VESSELS, "apple", "bag", "boxed_meal", "bread", "bun", "noodle_bowl", "tissue")
SPREAD = ("newspaper", "book", "magazine", "sheets")


@dataclass(frozen=True, slots=True)
class Holding:
    """The hand that holds, the other one, and the mouth (3,) m."""

    hand: HandFrame
    other: HandFrame
    mouth: Floats

    @property
    def at_mouth(self) -> bool:
        return bool(np.linalg.norm(self.hand.palm - self.mouth) < AT_MOUTH_M)


def held(kind: str, parts: list[Mesh], holding: Holding) -> list[Mesh]:
    """The thing in the hand, in world metres."""
    if kind in SPREAD:
        rotation, origin = _between_hands(kind, holding)
    elif kind in POINTED:
        rotation, origin = _pointed(holding)
    else:
        rotation, origin = _in_hand(kind, holding)
    return [placed(part, rotation, origin) for part in parts]


def lying(
    kind: str, parts: list[Mesh], at_m: tuple[float, float, float], yaw_deg: float = 0.0
) -> list[Mesh]:
    """The thing on a surface at that point: cups and bowls stand, flat things lie face up."""
    turn = np.radians(yaw_deg)
    yaw = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1.0]])
    flat = np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])
    rotation = yaw if kind in STANDING else yaw @ flat
    turned = [placed(part, rotation) for part in parts]
    lowest = min(float(part.vertices[:, 2].min()) for part in turned)
    x, y, z = at_m
    return [placed(part, np.eye(3), (x, y, z - lowest)) for part in turned]


def _axes(along: Floats, through: Floats) -> Floats:
    """A rotation whose z is `along` and whose y is as near `through` as it can be."""
    z = unit(along)
    y = unit(through - z * (through @ z))
    return np.stack([np.cross(y, z), y, z], 1)


def _in_hand(kind: str, holding: Holding) -> tuple[Floats, Floats]:
    hand = holding.hand
    palm, fingers, out, across = hand.palm, hand.finger_dir, hand.palm_normal, hand.across
    upwards = across if across[2] > 0 else -across
    if kind in VESSELS:
        origin = palm + out * 0.048 + fingers * 0.03
        tilt = UP
        if holding.at_mouth:
            tip = {"cup": 0.6, "tumbler": 0.25}.get(kind, 1.1)
            tilt = UP + tip * unit((holding.mouth - origin) * [1, 1, 0])
        return _axes(tilt, np.cross(tilt, [1.0, 0.2, 0])), origin
    if kind in MORSELS:
        origin = palm + out * 0.045 + fingers * 0.045
        return _axes(upwards, -out), origin
    if kind == "cigarette":
        return _axes(fingers * 0.3 - out, upwards), palm + fingers * 0.095 + out * 0.02
    if kind in ("noodle_bowl", "boxed_meal"):
        origin = palm + out * 0.05 + fingers * 0.03 + UP * 0.03
        return _axes(UP, np.array([0.0, 1, 0])), origin
    if kind == "bag":
        forward = np.cross(out, UP)
        return _axes(UP, np.cross(UP, forward)), palm + fingers * 0.03 + out * 0.015
    if kind in ("paper", "folder", "card"):
        return _axes(fingers + 0.2 * upwards, -out), palm + fingers * (
            0.09 if kind == "card" else 0.15
        ) + out * 0.015
    if kind == "pen":
        return _axes(UP - 0.5 * fingers, out), palm + fingers * 0.06 + out * 0.03 + UP * 0.01
    if kind == "mouse":
        return _axes(fingers, -out), palm + out * 0.025 + fingers * 0.02
    return _axes(fingers + 0.12 * across, -out), palm + out * 0.030 + fingers * 0.062


def _pointed(holding: Holding) -> tuple[Floats, Floats]:
    """Chopsticks or a spoon, aimed at the mouth or into the bowl by the other hand."""
    hand = holding.hand
    origin = hand.palm + hand.palm_normal * 0.02 + hand.finger_dir * 0.055
    bowl = holding.other.palm + holding.other.palm_normal * 0.06 + UP * 0.03
    aim = holding.mouth if holding.at_mouth else bowl
    return _axes(aim - origin, -hand.palm_normal), origin


def _between_hands(kind: str, holding: Holding) -> tuple[Floats, Floats]:
    near, far = holding.hand.palm, holding.other.palm
    middle = (near + far) / 2
    face = holding.mouth + UP * 0.06
    lift = 0.10 if kind == "newspaper" else 0.05
    towards = unit(face - middle)
    across = unit((near - far) * [1, 1, 0])
    along = unit(np.cross(across, towards))
    along = along if along[2] > 0 else -along
    upright = UP if kind == "newspaper" else along
    z = unit(0.75 * upright + 0.35 * along)
    return _axes(z, -towards), middle + z * lift + towards * 0.01
