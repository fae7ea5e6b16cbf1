"""A hall, a camera and its baked picture, into which people and things are drawn and lit.

Hybrid rendering: the empty hall is path-traced once, what moves is rasterised, lit by the hall's
lamps with ray-traced shadows, and casts shadows on the baked picture. Screen-space occlusion is
used for what moves only: on the baked hall it leaves rings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.simulator.camera import Camera
from models.simulator.hall import Hall
from models.simulator.lighting import LightPoints, Occluders, irradiance, light_lost, light_points
from models.simulator.mesh import Floats, Ints, Mesh, normals
from models.simulator.raster import Layer
from models.simulator.textures import sampled

Picture = NDArray[np.float32]

GLOSS = {
    "skin": 0.12,
    "cloth": 0.015,
    "hair": 0.22,
    "shoe": 0.15,
    "eye": 0.30,
    "metal": 0.35,
    "screen": 0.10,
    "glass": 0.30,
    "food": 0.06,
    "plastic": 0.10,
    "paper": 0.02,
    "wood": 0.05,
}
OPEN_TO_LIGHT = ("glass", "wall", "lamp")
"""Materials of the hall that shadow nobody."""
SHADOW_REACH_M = 1.5
COARSE_M = 0.03
SHADOW_STEP_PX = 3
PEOPLE_STEP_PX = 3
PEOPLE_RAYS = 7
HALL_RAYS = 6
GLASS_TINT, GLASS_VEIL = 0.86, 0.05


@dataclass(frozen=True, slots=True)
class Drawn:
    """One thing in the picture: its meshes, and for a person the naked body that casts shadows
    (vertices, faces) and the place on the floor."""

    meshes: Sequence[Mesh]
    hull: tuple[Floats, Ints] | None = None
    at_m: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Shot:
    """light (h, w, 3) float32, linear RGB; item (h, w) int32, 1 + the drawn thing seen there or 0
    for the hall; depth (h, w) float32 m."""

    light: Picture
    item: NDArray[np.int32]
    depth: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Pixels:
    """The drawn pixels, in the mask's order: all arrays are (n, ...)."""

    mask: NDArray[np.bool_]
    points: Floats
    normals: Floats
    colour: Floats
    gloss: Floats
    glow: Floats


class Studio:
    """Prepared once for a hall and a camera; then shoots as often as wanted."""

    def __init__(self, hall: Hall, camera: Camera, background: Picture) -> None:
        if background.shape != (camera.height, camera.width, 3):
            raise ValueError(
                f"the baked picture is {background.shape}, the camera's {camera.width}x"
                f"{camera.height}"
            )
        self.hall, self.camera, self.background = hall, camera, background
        solid = [part for part in hall.meshes if part.material != "glass"]
        rays = camera.rays()
        self.depth, facing = _seen(camera, rays, solid)
        panes = [part for part in hall.meshes if part.material == "glass"]
        self.glass_depth = _seen(camera, rays, panes)[0] if panes else self.depth * 0 + np.inf
        self.occluders = Occluders.of(
            part
            for part in solid
            if part.material not in OPEN_TO_LIGHT and not part.material.startswith("floor")
        )
        step = SHADOW_STEP_PX
        far = np.minimum(self.depth[::step, ::step], 60.0)
        self.points = camera.location + rays[::step, ::step] * far[..., None]
        self.facing = facing[::step, ::step]
        self.lights: LightPoints = light_points(hall.lights)

    def shoot(self, things: Sequence[Drawn], rng: np.random.Generator) -> Shot:
        """The picture of these things in the hall."""
        meshes = [part for thing in things for part in thing.meshes]
        item_of = np.array([k + 1 for k, thing in enumerate(things) for _ in thing.meshes], int)
        layer = Layer.behind(self.depth)
        for number, part in enumerate(meshes):
            layer.draw(self.camera, part.vertices, part.faces, number + 1)
        item = np.concatenate([[0], item_of]).astype(np.int32)[layer.owner]
        if not (layer.owner > 0).any():
            return Shot(self.background.copy(), item, layer.depth)
        bodies = Occluders([coarse(*thing.hull) for thing in things if thing.hull is not None])
        pixels = self._pixels(layer, meshes)
        light = self.background * self._shadows(things, bodies, rng)[..., None]
        light[pixels.mask] = self._lit(pixels, layer, bodies, rng)
        return Shot(light, item, layer.depth)

    def _pixels(self, layer: Layer, meshes: Sequence[Mesh]) -> _Pixels:
        mask = layer.owner > 0
        which = layer.owner[mask] - 1
        starts = np.cumsum([0] + [len(part.faces) for part in meshes])
        shifts = np.cumsum([0] + [len(part.vertices) for part in meshes])
        faces = np.concatenate([p.faces + s for p, s in zip(meshes, shifts, strict=False)])
        corners = faces[starts[which] + layer.triangle[mask]]
        share = layer.share[mask].astype(np.float64)
        weight = np.stack([share[:, 0], share[:, 1], 1 - share.sum(1)], axis=1)

        def over(values: Floats) -> Floats:
            """Values at the vertices, carried to the pixels."""
            spread: Floats = np.einsum("nk,nkc->nc", weight, values[corners])
            return spread

        turned = over(np.concatenate([normals(p.vertices, p.faces) for p in meshes]))
        points = over(np.concatenate([p.vertices for p in meshes]))
        colour = over(np.concatenate([p.colour for p in meshes]))
        for number, part in enumerate(meshes):
            if part.texture is None or part.uv is None:
                continue
            here = which == number
            if here.any():
                uv = np.einsum("nk,nkc->nc", weight[here], part.uv[corners[here] - shifts[number]])
                colour[here] = sampled(part.texture, uv, int(here.sum()))
        turned /= np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)
        away = ((self.camera.location - points) * turned).sum(1) < 0
        turned[away] *= -1
        gloss = np.array([GLOSS.get(part.material, 0.08) for part in meshes])[which]
        glow = np.array([part.emission for part in meshes])[which]
        return _Pixels(mask, points, turned, colour, gloss, glow)

    def _lit(
        self, pixels: _Pixels, layer: Layer, bodies: Occluders, rng: np.random.Generator
    ) -> Floats:
        lights, ambient = self.lights, self.hall.ambient
        direct = irradiance(
            pixels.points, pixels.normals, lights.places, lights.facing, lights.power
        )
        open_share = 1 - self._lost(pixels, bodies, rng)
        direct = direct * open_share / np.pi
        up = pixels.normals[:, 2]
        indirect = ambient * np.where(up > 0, 1 - 0.12 * up, 1 - 0.18 * up)
        indirect = indirect * _crevices(layer)[pixels.mask] * (0.55 + 0.45 * open_share)
        view = self.camera.location - pixels.points
        view /= np.linalg.norm(view, axis=1, keepdims=True)
        lamp = lights.places.mean(0) - pixels.points
        lamp /= np.linalg.norm(lamp, axis=1, keepdims=True)
        half = view + lamp
        half /= np.maximum(np.linalg.norm(half, axis=1, keepdims=True), 1e-9)
        shine = pixels.gloss * np.maximum((pixels.normals * half).sum(1), 0) ** 24 * direct
        light: Floats = pixels.colour * (direct[:, None] * lights.colour + indirect[:, None])
        light += (0.35 * shine + 0.010 * (direct + indirect))[:, None]
        light += pixels.colour * pixels.glow[:, None]
        behind_glass = self.glass_depth[pixels.mask] < layer.depth[pixels.mask]
        light[behind_glass] = light[behind_glass] * GLASS_TINT + GLASS_VEIL
        return light

    def _lost(self, pixels: _Pixels, bodies: Occluders, rng: np.random.Generator) -> Floats:
        """The share of direct light lost at the drawn pixels: sparse rays, smoothed in the mask."""
        step = PEOPLE_STEP_PX
        sparse = np.zeros_like(pixels.mask)
        sparse[::step, ::step] = True
        chosen = sparse[pixels.mask]
        share = light_lost(
            pixels.points[chosen],
            pixels.normals[chosen],
            (bodies, self.occluders),
            self.lights,
            PEOPLE_RAYS,
            rng,
        )
        coarse = pixels.mask[::step, ::step]
        grid = np.zeros(coarse.shape, np.float32)
        grid[coarse] = share
        within = cv2.GaussianBlur(coarse.astype(np.float32), (0, 0), 1.4)
        smooth = cv2.GaussianBlur(grid, (0, 0), 1.4) / np.maximum(within, 1e-3)
        height, width = pixels.mask.shape
        full = cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(full[pixels.mask], np.float64)

    def _shadows(
        self, things: Sequence[Drawn], bodies: Occluders, rng: np.random.Generator
    ) -> Picture:
        """(h, w), what is left of the hall's light where people stand in it."""
        near = np.zeros(self.points.shape[:2], bool)
        for thing in things:
            if thing.at_m is not None:
                away = np.hypot(
                    self.points[..., 0] - thing.at_m[0], self.points[..., 1] - thing.at_m[1]
                )
                near |= away < SHADOW_REACH_M
        near &= self.points[..., 2] < 2.0
        lost = np.zeros(near.shape, np.float32)
        lost[near] = light_lost(
            self.points[near], self.facing[near], (bodies,), self.lights, HALL_RAYS, rng
        )
        soft = cv2.bilateralFilter(cv2.GaussianBlur(lost, (0, 0), 1.8), 5, 0.3, 2)
        height, width = self.depth.shape
        left: Picture = 1 - 0.85 * cv2.resize(soft, (width, height))
        return left


def coarse(vertices: Floats, faces: Ints, cell_m: float = COARSE_M) -> tuple[Floats, Ints]:
    """The surface with all vertices of a cell made one: a fifth of the triangles, for shadows."""
    cells = np.floor(vertices / cell_m).astype(np.int64)
    cells -= cells.min(0)
    key = (cells[:, 0] * 4096 + cells[:, 1]) * 4096 + cells[:, 2]
    _, of, size = np.unique(key, return_inverse=True, return_counts=True)
    of = of.ravel()
    middle = np.stack([np.bincount(of, vertices[:, k]) for k in range(3)], axis=1) / size[:, None]
    corners = of[faces].astype(np.int32)
    a, b, c = corners.T
    return middle, corners[(a != b) & (b != c) & (a != c)]


def _seen(
    camera: Camera, rays: Floats, parts: Sequence[Mesh]
) -> tuple[NDArray[np.float32], Floats]:
    """Depth (h, w) along the axis, inf where nothing is, and the unit normals towards the camera
    (h, w, 3)."""
    scene = Occluders.of(parts).scene
    if scene is None:
        raise ValueError("there is nothing to see: give at least one mesh")
    flat = rays.reshape(-1, 3)
    origins = np.broadcast_to(camera.location, flat.shape)
    hit = scene.run(
        np.ascontiguousarray(origins, np.float32),
        np.ascontiguousarray(flat, np.float32),
        output=True,
    )
    depth = np.where(hit["geomID"] >= 0, hit["tfar"], np.inf).astype(np.float32)
    normal = hit["Ng"].astype(np.float64)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    normal *= -np.sign((normal * flat).sum(1, keepdims=True))
    shape = rays.shape[:2]
    return depth.reshape(shape), normal.reshape(*shape, 3)


def _crevices(layer: Layer) -> Picture:
    """(h, w) less than one where what is drawn lies behind its surroundings: folds, chins, laps."""
    height, width = layer.depth.shape
    size = (width // 2, height // 2)
    near = np.asarray(cv2.resize(np.minimum(layer.depth, 12), size), np.float32)
    dark: Picture = np.zeros(near.shape, np.float32)
    for radius in (3, 8):
        around = np.asarray(cv2.blur(near, (2 * radius, 2 * radius)), np.float32)
        behind = np.clip((near - around) / np.float32(0.02 * radius), 0, 1)
        dark = dark + np.asarray(behind, np.float32)
    return np.asarray(cv2.resize(1 - 0.25 * dark, (width, height)), np.float32)
