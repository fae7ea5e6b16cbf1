"""Skin, eyes, hair, glasses and masks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse

from models.simulator import mesh
from models.simulator.anatomy import BODY_VERTICES
from models.simulator.garments import Figure
from models.simulator.mesh import Colour, Floats, Mesh
from models.simulator.surface import Flags, Surface, adjacency, border
from models.simulator.wardrobe import HairStyle, PersonSpec
from models.simulator.wrinkles import wrinkles

HAIRLINE_AT = (-0.2, 0.05, 0.18, 0.30, 0.40, 0.50, 0.62, 1.0)
"""Shares of the way from the eyes (0) to the back of the head (1)."""
HAIRLINES: dict[HairStyle, tuple[float, ...]] = {
    "short": (0.056, 0.050, 0.036, 0.010, -0.012, -0.022, -0.060, -0.092),
    "crop": (0.058, 0.052, 0.040, 0.014, -0.004, -0.012, -0.045, -0.078),
    "thinning": (0.30, 0.30, 0.085, 0.030, 0.000, -0.010, -0.050, -0.085),
    "bun": (0.060, 0.054, 0.036, 0.014, -0.008, -0.022, -0.060, -0.092),
    "tail": (0.060, 0.054, 0.036, 0.014, -0.008, -0.022, -0.060, -0.092),
}
"""Metres above the eyes below which there is no hair, on a head of scale 1."""
LONG_AT = (-0.2, 0.10, 0.24, 0.34, 0.42, 1.0)
FRINGED = ("bob", "long", "tail", "short")


@dataclass(frozen=True, slots=True)
class Coloured:
    surface: Surface
    colour: Floats


@dataclass(frozen=True, slots=True)
class Haircut:
    """fringe_m: how far hair falls over the forehead; raised_m: the whole line's height; slant:
    how much the line drops to one side, a parting; volume: thickness, 1 is usual."""

    style: HairStyle
    fringe_m: float
    raised_m: float
    slant: float
    volume: float

    @property
    def long(self) -> bool:
        return self.style in ("long", "bob")


def bare_skin(figure: Figure, spec: PersonSpec) -> Coloured:
    """Head, neck, hands, and what short sleeves or a skirt leave bare."""
    surface = _bare_part(figure, spec)
    points, eyes, scale = surface.vertices, figure.eyes, figure.head_scale
    colour = np.array(spec.skin) * (1 + 0.05 * wrinkles(points, 12, 3))[:, None]
    aside, up = np.abs(points[:, 0]), points[:, 2] - eyes[2]
    face = points[:, 1] < eyes[1] + 0.02
    cheek = face & (aside > 0.018) & (aside < 0.055) & (np.abs(up + 0.038) < 0.018)
    colour[cheek] *= np.array([1.04, 0.93, 0.92])
    brow = face & (aside > 0.012) & (aside < 0.048) & (up > 0.016) & (up < 0.027)
    colour[brow] = 0.35 * colour[brow] + 0.3 * np.array(spec.hair_colour)
    lip = face & (aside < 0.022) & (np.abs(up + 0.072 * scale) < 0.008)
    redder = (0.98, 0.52, 0.52) if spec.phenotype.female else (0.95, 0.66, 0.65)
    colour[lip] *= np.array(redder)
    colour[face & (aside > 0.015) & (aside < 0.042) & (np.abs(up) < 0.009)] *= 0.72
    if spec.stubble:
        colour[face & (up < -0.045) & (up > -0.13) & (aside < 0.06) & ~lip] *= 0.72
    if spec.hair in ("crop", "thinning"):
        scalp = (up > 0.05 * scale) & ~face
        colour[scalp] = 0.6 * colour[scalp] + 0.4 * np.array(spec.hair_colour)
    return Coloured(surface, colour)


def _bare_part(figure: Figure, spec: PersonSpec) -> Surface:
    whole, points = figure.anatomy, figure.body.vertices
    limbs = ["head", "neck", "wrist", "finger", "metac", "lowerarm02"]
    if spec.top.short_sleeved:
        limbs += ["lowerarm", "upperarm"]
    if spec.bottom.skirt:
        limbs.append("lowerleg")
    shoulders = whole.starting("clav", "spine01", "shoulder")
    neck = figure.head("neck01")
    wide = np.hypot(points[:, 0] - neck[0], (points[:, 1] - neck[1]) * 0.9) > 0.088
    low = points[:, 2] < neck[2] - 0.13
    keep = (whole.starting(*limbs) | shoulders) & ~(shoulders & (wide | low))
    keep &= ~((whole.dominant == "neck01") & low)
    keep[BODY_VERTICES:] = False
    return Surface(points, whole.weights, whole.groups["body"]).kept(keep)


def eyeballs(figure: Figure) -> list[Coloured]:
    drawn = []
    for group in ("helper-l-eye", "helper-r-eye"):
        surface = figure.anatomy.surface(figure.body, group)
        points, middle = surface.vertices, surface.vertices.mean(0)
        colour = np.tile([0.72, 0.70, 0.67], (len(points), 1))
        radius = np.hypot(points[:, 0] - middle[0], points[:, 2] - middle[2])
        colour[(radius < 0.0068) & (points[:, 1] < middle[1])] = (0.02, 0.012, 0.008)
        drawn.append(Coloured(surface, colour))
    return drawn


def hair(figure: Figure, spec: PersonSpec) -> list[Coloured]:
    """A cap grown from the scalp, and what hangs from it."""
    if spec.hair == "bald":
        return []
    rng = np.random.default_rng(spec.seed + 3)
    fringe_m = 0.0
    if spec.hair in FRINGED and spec.phenotype.female and rng.random() < 0.4:
        fringe_m = float(rng.uniform(0.012, 0.026))
    cut = Haircut(
        spec.hair, fringe_m, *(float(v) for v in rng.uniform((-6e-3, -0.2, 0.8), (6e-3, 0.2, 1.4)))
    )
    cap = _scalp(figure, cut)
    _grow(figure, cut, cap)
    cap = cap.subdivided().subdivided()
    strands = wrinkles(cap.vertices * np.array([2.2, 1.0, 0.7]), 14, spec.seed)
    cap.offset((0.001 if spec.hair == "crop" else 0.0028) * strands)
    parts = [cap]
    if spec.hair in ("bun", "tail"):
        parts.append(_knot(figure, spec.hair))
    if spec.hair == "long":
        parts.append(_mane(figure, spec.seed))
    return [Coloured(part, _streaked(part, spec)) for part in parts]


def _streaked(part: Surface, spec: PersonSpec) -> Floats:
    streaks = wrinkles(part.vertices * np.array([2.5, 2.5, 0.4]), 22, spec.seed + 31, 2)
    streaked: Floats = np.array(spec.hair_colour) * np.clip(1 + 0.45 * streaks, 0.4, 1.9)[:, None]
    return streaked


def _scalp(figure: Figure, cut: Haircut) -> Surface:
    style, long = cut.style, cut.long
    whole, points, eyes = figure.anatomy, figure.naked, figure.eyes
    scale = figure.head_scale
    bones = ["head", "neck03", "neck02"] + (["neck01"] if long else [])
    on_head = np.isin(whole.dominant[:BODY_VERTICES], bones)
    upper = np.isin(whole.dominant[:BODY_VERTICES], bones[:3])
    back = points[upper][:, 1].max()
    depth = (points[:, 1] - eyes[1]) / (back - eyes[1])
    up = points[:, 2] - eyes[2]
    if long:
        end = float(figure.head("neck01")[2] - eyes[2]) / scale
        end = max(end, -0.115) if style == "bob" else end
        line = np.interp(depth, LONG_AT, (0.058, 0.050, 0.020, -0.06, end, end))
    else:
        line = np.interp(depth, HAIRLINE_AT, HAIRLINES[style])
    ahead = np.clip((0.22 - depth) / 0.15, 0, 1)
    line = line + ahead * (cut.raised_m - cut.fringe_m + cut.slant * points[:, 0])
    covered = on_head & (up > line * scale) & (up > (-0.3 if long else -0.11 * scale))
    if not long:
        covered &= ~_ears(points, upper, up, scale)
    keep = np.zeros(len(figure.body.vertices), bool)
    keep[:BODY_VERTICES] = covered
    surface = Surface(figure.body.vertices, whole.weights, whole.groups["body"]).kept(keep)
    middle = np.array([0, (eyes[1] + back) / 2, eyes[2] + 0.03])
    outward = ((surface.vertices - middle) * surface.normals() * (1, 1, 0.3)).sum(1) > 0
    return surface.kept(outward)


def _ears(points: Floats, head: Flags, up: Floats, scale: float) -> Flags:
    half_width = np.percentile(np.abs(points[head & (up > 0.03)][:, 0]), 99)
    sticking_out: Flags = (np.abs(points[:, 0]) > half_width * 1.01) & (up < 0.03 * scale)
    return sticking_out


def _grow(figure: Figure, cut: Haircut, cap: Surface) -> None:
    eyes, long = figure.eyes, cut.long
    below_eyes = np.clip((eyes[2] + 0.02 - cap.vertices[:, 2]) / 0.05, 0, 1)[:, None]
    slack = Surface(cap.vertices, cap.weights, cap.faces)
    cap.smooth(3, hold_border=True)
    if long:
        slack.smooth(10, hold_border=True)
        cap.vertices = cap.vertices * (1 - below_eyes) + slack.vertices * below_eyes
    height = np.clip((cap.vertices[:, 2] - eyes[2]) / 0.1, 0, 1)
    thick = 0.010 + 0.012 * height
    if cut.style in ("crop", "thinning"):
        thick = 0.004 + 0.004 * height
    if long:
        thick = thick + 0.024 * np.clip((eyes[2] + 0.01 - cap.vertices[:, 2]) / 0.08, 0, 1)
    thick = thick * cut.volume
    edge = np.zeros(len(cap.vertices))
    edge[border(cap.faces)] = 1
    near = adjacency(cap.faces, len(edge))
    edge = np.maximum(edge, ((near @ edge) > 0) * 0.5)
    cap.offset(thick * (1 - 0.7 * edge))


def _mane(figure: Figure, seed: int) -> Surface:
    """Long hair down to the shoulders behind, from the mesh's hair helper."""
    eyes, scale = figure.eyes, figure.head_scale
    surface = figure.anatomy.surface(figure.body, "helper-hair")
    lowest = figure.head("neck01")[2] - 0.02 - 0.06 * ((seed % 7) / 6)
    surface = surface.kept(surface.vertices[:, 2] > lowest)
    middles = surface.vertices[surface.faces].mean(1)
    aside, behind, up = np.abs(middles[:, 0]), middles[:, 1] - eyes[1], middles[:, 2] - eyes[2]
    keep = (behind > 0.012) | (up > 0.062)
    keep &= ~((up < 0.045 * scale) & (behind < 0.055) & (aside < 0.085))
    keep &= ~((behind < 0.03) & (up < 0.055 * scale))
    surface = surface.of(surface.faces[keep])
    surface.offset(0.004)
    surface = surface.subdivided().subdivided()
    surface.offset(0.003 * wrinkles(surface.vertices * np.array([2.5, 2.5, 0.5]), 14, seed))
    return surface


def _knot(figure: Figure, style: HairStyle) -> Surface:
    eyes = figure.eyes
    back = figure.naked[np.isin(figure.anatomy.dominant[:BODY_VERTICES], ["head"])][:, 1].max()
    if style == "bun":
        ball = mesh.sphere((0.042, 0.036, 0.042), (0, back + 0.018, eyes[2] + 0.02))
    else:
        ball = mesh.sphere((0.03, 0.03, 0.11), (0, back + 0.02, eyes[2] - 0.07))
    surface = on_bone(figure, ball, "head")
    surface.vertices = surface.vertices + (wrinkles(surface.vertices, 16, 1) * 0.004)[:, None]
    return surface


def on_bone(figure: Figure, part: Mesh, bone: str) -> Surface:
    """A solid as a surface that moves with one bone."""
    count, bones = len(part.vertices), figure.anatomy.bones
    where = (np.arange(count), np.full(count, figure.anatomy.bone(bone)))
    weights = sparse.csr_matrix((np.ones(count), where), shape=(count, len(bones)))
    return Surface(part.vertices, weights, part.faces)


def glasses(figure: Figure, colour: Colour) -> Coloured:
    """Two rims, a bridge and the temples back to the ears."""
    left, right = figure.head("eye.L"), figure.head("eye.R")
    face = figure.naked[np.abs(figure.naked[:, 0]) < 0.04]
    near_eyes = face[np.abs(face[:, 2] - left[2]) < 0.012]
    front = float(near_eyes[:, 1].min()) + 0.004
    rim_m, wire_m = 0.023, 0.0022
    parts = []
    for eye in (left, right):
        parts.append(_rim(np.array([eye[0], front, eye[2] - 0.002]), rim_m, wire_m))
        outer = np.sign(eye[0])
        bar = (wire_m * 2, 0.105, wire_m * 2.4)
        parts.append(
            mesh.box(bar, (eye[0] + outer * (rim_m + 0.012), front + 0.055, eye[2] + 0.006))
        )
        parts.append(
            mesh.box(
                (0.013, wire_m * 2, wire_m * 2),
                (eye[0] + outer * (rim_m + 0.006), front + 0.003, eye[2] + 0.006),
            )
        )
    gap = abs(left[0] - right[0]) - 2 * rim_m
    parts.append(mesh.box((gap, wire_m * 1.6, wire_m * 2), (0, front, left[2] + 0.005)))
    solid = mesh.merged(parts, "glasses")
    return Coloured(
        on_bone(figure, solid, "head"), np.tile(np.array(colour), (len(solid.vertices), 1))
    )


def _rim(middle: Floats, radius_m: float, wire_m: float) -> Mesh:
    """A ring in the xz plane."""
    around, tube = 20, 6
    turn = np.arange(around)[:, None] * 2 * np.pi / around
    twist = np.arange(tube)[None, :] * 2 * np.pi / tube
    radius = radius_m + wire_m * np.cos(twist)
    points = np.stack(
        [
            np.cos(turn) * radius * 1.1,
            wire_m * np.sin(twist) + 0 * turn,
            np.sin(turn) * radius * 0.85,
        ],
        -1,
    ).reshape(-1, 3)
    here = np.arange(around * tube).reshape(around, tube)
    right, up = np.roll(here, -1, 0), np.roll(here, -1, 1)
    both = np.roll(right, -1, 1)
    faces = np.concatenate([np.stack([here, both, right], -1), np.stack([here, up, both], -1)])
    return mesh.mesh("rim", points + middle, faces.reshape(-1, 3))


def mask(figure: Figure, colour: Colour) -> Coloured:
    """A face mask from the nose's bridge to under the chin."""
    points, eyes, scale = figure.body.vertices, figure.eyes, figure.head_scale
    up, aside = points[:, 2] - eyes[2], np.abs(points[:, 0])
    keep = np.isin(figure.anatomy.dominant, ["head"]) & (points[:, 1] < eyes[1] + 0.035)
    keep &= (up < -0.022 * scale - 0.25 * np.maximum(aside - 0.02, 0)) & (up > -0.135 * scale)
    keep[BODY_VERTICES:] = False
    whole = figure.anatomy
    surface = Surface(points, whole.weights, whole.groups["body"]).kept(keep)
    middle = np.array([0, eyes[1] + 0.05, eyes[2] - 0.06])
    outward = ((surface.vertices - middle) * surface.normals()).sum(1) > 0
    surface = surface.kept(outward)
    surface.smooth(8)
    surface.offset(0.010)
    surface = surface.subdivided()
    pleats = 1 - 0.10 * (np.abs(np.sin((surface.vertices[:, 2] - eyes[2]) * np.pi / 0.018)) < 0.25)
    return Coloured(surface, np.array(colour) * pleats[:, None])


def backpack(figure: Figure, colour: Colour) -> Coloured:
    """A rucksack on the shoulder blades, its straps over the shoulders left out."""
    chest = figure.head("spine02")
    torso = figure.naked[np.abs(figure.naked[:, 2] - chest[2]) < 0.03]
    back = float(torso[np.abs(torso[:, 0]) < 0.08][:, 1].max())
    round_ = mesh.sphere((1, 1, 1), rings=24, sides=32)
    square = np.sign(round_.vertices) * np.abs(round_.vertices) ** 0.45
    size, place = np.array([0.15, 0.08, 0.21]), np.array([0.0, back + 0.075, chest[2] - 0.02])
    solid = mesh.mesh("backpack", square * size + place, round_.faces)
    surface = on_bone(figure, solid, "spine02")
    pocket = 0.75 + 0.25 * (surface.vertices[:, 2] > chest[2] - 0.03)
    return Coloured(surface, np.array(colour) * pocket[:, None])
