"""Cuts clothes from the base mesh's helper geometry: tights become tops, trousers and shoes.

The helpers carry the body's own skinning weights, so that a garment follows any pose. Numbers are
metres and were found by looking: they make cloth hang off the body where real cloth does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.simulator.anatomy import BODY_VERTICES, Anatomy, Body
from models.simulator.mesh import Floats
from models.simulator.surface import (
    Flags,
    Surface,
    adjacency,
    border,
    from_segment,
    smoothed_ring,
)
from models.simulator.wardrobe import Bottom, Top
from models.simulator.wrinkles import wrinkles

TURNED_DOWN = ("suit", "vest", "shirt", "check", "polo")
"""Tops with a turned-down collar."""
COLLARED = (*TURNED_DOWN, "zip", "puffer")


@dataclass(frozen=True, slots=True)
class Figure:
    """A body with the landmarks that tailors and hairdressers measure from."""

    anatomy: Anatomy
    body: Body

    def head(self, bone: str) -> Floats:
        """The head (near end) of a bone in the rest pose."""
        point: Floats = self.body.heads[self.anatomy.bone(bone)]
        return point

    @property
    def naked(self) -> Floats:
        return self.body.vertices[:BODY_VERTICES]

    @property
    def floor(self) -> float:
        return float(self.naked[:, 2].min())

    @property
    def eyes(self) -> Floats:
        return (self.head("eye.L") + self.head("eye.R")) / 2

    @property
    def head_scale(self) -> float:
        """Crown above the eyes, against the head that the hair's numbers were found on."""
        return float((self.naked[:, 2].max() - self.eyes[2]) / 0.105)

    def tights(self) -> tuple[Surface, Flags, Flags, Flags, Flags]:
        """The helper tights, and which of its vertices are arm, forearm, hand and foot."""
        whole = self.anatomy
        used = np.unique(whole.groups["helper-tights"])
        hand = whole.containing("wrist", "finger", "metac")[used]
        forearm = whole.containing("lowerarm")[used] | hand
        arm = forearm | whole.containing("upperarm")[used]
        foot = whole.starting("foot", "toe")[used]
        return whole.surface(self.body, "helper-tights"), arm, forearm, hand, foot


def cut_top(figure: Figure, top: Top, seed: int) -> Surface:
    """A shirt, jacket or pullover, long- or short-sleeved."""
    hem = float(figure.head("upperleg01.L")[2]) + top.hem_m
    surface, sleeve, forearm = _top_pattern(figure, top, hem)
    surface.smooth(4)
    surface.offset(0.024 if top.style == "puffer" else 0.014)
    _straighten_torso(figure, top, surface, ~sleeve, hem)
    _widen_sleeves(figure, top, surface, sleeve, forearm)
    surface.smooth(3, 0.45)
    _level_hem(surface, sleeve, hem)
    surface = surface.subdivided().subdivided()
    _crease(surface, top, seed)
    _open_edges(figure, surface)
    return surface


def _top_pattern(figure: Figure, top: Top, hem: float) -> tuple[Surface, Flags, Flags]:
    tights, arm, forearm, hand, foot = figure.tights()
    points = tights.vertices
    keep = (points[:, 2] > hem - 0.03) & ~foot
    if top.short_sleeved:
        both = np.stack([np.abs(points[:, 0]), points[:, 1], points[:, 2]], 1)
        upper_arm = figure.head("upperarm01.L"), figure.head("lowerarm01.L")
        share = from_segment(both, *upper_arm)[0]
        keep &= ~(forearm | (arm & (share > 0.72)))
    else:
        keep &= ~hand
    neck = figure.head("neck01")
    collar = neck[2] + (0.034 if top.style in COLLARED else 0.015)
    keep &= (points[:, 2] < collar + 0.55 * (points[:, 1] - neck[1])) | arm
    kept_faces = tights.faces[keep[tights.faces].all(1)]
    used = np.unique(kept_faces)
    return tights.of(kept_faces), arm[used], forearm[used]


def _straighten_torso(figure: Figure, top: Top, surface: Surface, torso: Flags, hem: float) -> None:
    """Cloth falls from the chest: below it no direction is narrower than its widest place."""
    points = surface.vertices
    axis = figure.head("spine03")[:2]
    chest = float(figure.head("spine01")[2]) - 0.02
    off = points[:, :2] - axis
    radius = np.linalg.norm(off, axis=1)
    sectors = 24
    turn = (np.arctan2(off[:, 1], off[:, 0]) + np.pi) / (2 * np.pi)
    sector = (turn * sectors).astype(int) % sectors
    widest = np.zeros(sectors)
    for k in range(sectors):
        here = torso & (sector == k) & (points[:, 2] < chest) & (points[:, 2] > hem)
        if here.sum() > 2:
            widest[k] = np.percentile(radius[here], 88)
    widest[widest == 0] = np.median(widest[widest > 0])
    widest = 0.25 * np.roll(widest, 1) + 0.5 * widest + 0.25 * np.roll(widest, -1)
    share = np.clip((chest + 0.05 - points[:, 2]) / 0.10, 0, 1) * torso * top.cut
    wanted = np.where(radius < widest[sector], radius + (widest[sector] - radius) * share, radius)
    points[:, :2] = axis + off * (wanted / np.maximum(radius, 1e-6))[:, None]


def _widen_sleeves(
    figure: Figure, top: Top, surface: Surface, sleeve: Flags, forearm: Flags
) -> None:
    points = surface.vertices
    bones = (("upperarm01", "lowerarm01", 0.066, 0.058), ("lowerarm01", "wrist", 0.056, 0.044))
    for side in "LR":
        this_side = (points[:, 0] > 0) == (side == "L")
        for start, end, near_m, far_m in bones:
            part = sleeve & this_side & (forearm == (start == "lowerarm01"))
            ends = figure.head(f"{start}.{side}"), figure.head(f"{end}.{side}")
            share, away, distance = from_segment(points, *ends)
            flare = 1.12 if top.short_sleeved and start == "upperarm01" else 1.0
            least = (near_m + (far_m - near_m) * share) * top.loose * flare
            grow = np.clip(least / np.maximum(distance, 1e-4), 1.0, 2.0)
            points[part] += (away * (grow - 1)[:, None])[part]


def _level_hem(surface: Surface, sleeve: Flags, hem: float) -> None:
    points = surface.vertices
    edge = border(surface.faces)
    low = edge[(points[edge, 2] < hem + 0.06) & ~sleeve[edge]]
    if not len(low):
        return
    points[low, 2] = hem
    marked = np.zeros(len(points))
    marked[low] = 1
    beside = ((adjacency(surface.faces, len(points)) @ marked) > 0) & (marked == 0) & ~sleeve
    points[beside, 2] = np.maximum(points[beside, 2], hem + 0.02)
    surface.vertices = smoothed_ring(points, low, surface.faces, 6, slice(0, 2))


def _crease(surface: Surface, top: Top, seed: int) -> None:
    if top.style == "puffer":
        bulge = np.abs(np.sin(surface.vertices[:, 2] * np.pi / 0.075)) - 0.5
        surface.offset(0.014 * bulge)
        return
    noise = wrinkles(surface.vertices * np.array([1.5, 1.5, 0.8]), 4.5, seed + 5)
    surface.offset(0.0065 * (np.abs(noise) * 1.6 - 0.5))


def _open_edges(figure: Figure, surface: Surface) -> None:
    """Collar, cuffs and hem stand a little off; the neckline is evened out."""
    edge = border(surface.faces)
    surface.vertices[edge] += surface.normals()[edge] * 0.003
    at = surface.vertices[edge]
    neckline = (at[:, 2] > figure.head("neck01")[2] - 0.05) & (np.abs(at[:, 0]) < 0.12)
    surface.vertices = smoothed_ring(surface.vertices, edge[neckline], surface.faces, 8)


def cut_trousers(figure: Figure, bottom: Bottom, seed: int) -> Surface:
    tights, arm, *_ = figure.tights()
    points = tights.vertices
    ankle, waist = figure.head("foot.L")[2], figure.head("spine04")[2]
    surface = tights.kept((points[:, 2] < waist + 0.03) & ~arm & (points[:, 2] > ankle + 0.015))
    surface.smooth(4)
    surface.offset(0.008)
    points = surface.vertices
    bones = (("upperleg01", "lowerleg01", 0.085, 0.082), ("lowerleg01", "foot", 0.082, 0.078))
    for side in "LR":
        outward = 1 if side == "L" else -1
        this_side = (points[:, 0] > 0) == (side == "L")
        for start, end, near_m, far_m in bones:
            ends = figure.head(f"{start}.{side}"), figure.head(f"{end}.{side}")
            share, away, distance = from_segment(points, *ends)
            thigh = start == "upperleg01"
            part = this_side & ((share > 0.25) & (share < 0.999) if thigh else share > 0)
            wide = (near_m + (far_m - near_m) * share) * bottom.loose
            grow = np.clip(wide / np.maximum(distance, 1e-4), 1, 1.7)
            inner = (away[:, 0] * outward < 0) & thigh  # or the thighs would touch
            grow = np.where(inner, 1 + (grow - 1) * 0.4, grow)
            points[part] += (away * (grow - 1)[:, None])[part]
    surface.smooth(3, 0.45)
    surface = surface.subdivided()
    surface.offset(0.005 * wrinkles(surface.vertices * np.array([1, 1, 0.6]), 6.0, seed + 9))
    return surface


def cut_skirt(figure: Figure) -> Surface:
    surface = figure.anatomy.surface(figure.body, "helper-skirt")
    hem = figure.head("lowerleg01.L")[2] - 0.02
    surface = surface.kept(surface.vertices[:, 2] > hem)
    edge = border(surface.faces)
    surface.vertices[edge[surface.vertices[edge, 2] < hem + 0.08], 2] = hem
    surface.offset(0.002)
    hip, axis = figure.head("upperleg01.L")[2], figure.head("spine05")[:2]
    points = surface.vertices
    taken_in = np.clip((points[:, 2] - (hip - 0.10)) / 0.06, 0, 1)[:, None]
    points[:, :2] = axis + (points[:, :2] - axis) * (1 - 0.17 * taken_in)
    return surface.subdivided()


def cut_shoes(figure: Figure) -> Surface:
    tights, arm, _, _, foot = figure.tights()
    low = tights.vertices[:, 2] < figure.head("foot.L")[2] + 0.03
    surface = tights.kept(foot | (low & ~arm))
    surface.smooth(3)
    surface.offset(0.010)
    surface.vertices[:, 2] = np.maximum(surface.vertices[:, 2], figure.floor - 0.012)
    return surface


def cut_collar(figure: Figure, top: Surface) -> Surface:
    """A turned-down shirt collar sewn to the top's neckline, open at the throat."""
    neck = figure.head("neck01")
    edge = border(top.faces)
    at = top.vertices[edge]
    ring = edge[(at[:, 2] > neck[2] - 0.05) & (np.abs(at[:, 0]) < 0.12)]
    middle = top.vertices[ring].mean(0)
    off = top.vertices[ring, :2] - middle[:2]
    turn = np.arctan2(off[:, 0], off[:, 1])  # 0 at the nape, +-pi at the throat
    order = np.argsort(turn)
    ring, turn, off = ring[order], turn[order], off[order]
    outward = np.concatenate([off, np.zeros((len(off), 1))], 1)
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    seam = top.vertices[ring]
    throat = np.clip((np.abs(turn) - 2.2) / 0.9, 0, 1)[:, None]
    up = np.array([0.0, 0.0, 1.0])
    stand = seam + up * (0.030 - 0.012 * throat) - outward * 0.004
    fold = stand + outward * 0.006 + up * 0.001
    flap = seam + outward * (0.020 + 0.006 * throat) - up * (0.010 + 0.030 * throat)
    rows = np.concatenate([seam, stand, fold, flap])
    count = len(ring)
    here = np.arange(count - 1)
    faces = []
    for row in range(3):
        low, high = row * count + here, (row + 1) * count + here
        faces += [np.stack([low, low + 1, high + 1], 1), np.stack([low, high + 1, high], 1)]
    weights = top.weights[np.tile(ring, 4)]
    return Surface(rows, weights, np.concatenate(faces).astype(np.int32)).subdivided()
