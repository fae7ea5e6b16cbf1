"""Path-traces an empty hall once per camera with Blender's Cycles.

bpy (GPL-3.0) is imported here and nowhere else, and only when something is baked: an offline tool
of the simulator's extra. The baked picture is linear light, kept as float16 in the cache folder.
"""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.simulator.camera import Camera
from models.simulator.errors import MissingResourceError, SimulatorError
from models.simulator.hall import Light, make_hall
from models.simulator.mesh import Mesh

SAMPLES = 6
"""Rays a pixel; the denoiser does the rest."""
BAKED_SCALE = 0.75
"""An empty hall has few fine details: it is baked smaller than it is shown."""
STOPS_KEPT = 1.5
"""The picture is written this many stops darker, so that lamps are not clipped at white."""
WORLD_LIGHT = 0.02

_LOOKS: dict[str, tuple[float, float]] = {
    "wood": (0.45, 0.0),
    "stone": (0.25, 0.0),
    "metal": (0.35, 1.0),
    "paper": (0.7, 0.0),
    "wall": (0.9, 0.0),
    "leaf": (0.5, 0.0),
    "led": (0.4, 0.0),
    "plastic": (0.45, 0.0),
}
"""Roughness and metalness of the materials."""


def baked(
    seed: int, camera: Camera, path: Path, *, samples: int = SAMPLES, threads: int = 2
) -> NDArray[np.float32]:
    """The empty hall of this seed, (h, w, 3) linear RGB; from `path` when it is there already.

    Baking runs in a process of its own: Blender keeps global state and much memory."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        spawn = multiprocessing.get_context("spawn")
        small = camera.scaled(BAKED_SCALE)
        work = spawn.Process(target=_bake, args=(seed, small, path, samples, threads))
        work.start()
        work.join()
        if work.exitcode != 0 or not path.exists():
            raise SimulatorError(
                f"baking hall {seed} failed (exit {work.exitcode}): see its output above"
            )
    small_picture = np.load(path).astype(np.float32)
    size = (camera.width, camera.height)
    picture = cv2.resize(small_picture, size, interpolation=cv2.INTER_CUBIC)
    return np.maximum(np.asarray(picture, np.float32), 0)


def _bake(seed: int, camera: Camera, path: Path, samples: int, threads: int) -> None:
    bpy = _blender()
    hall = make_hall(seed)
    _scene(bpy, camera, samples, threads)
    for number, part in enumerate(hall.meshes):
        _add_mesh(bpy, part, f"{number} {part.name}")
    _add_lights(bpy, hall.lights)
    _add_camera(bpy, camera)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "hall.png"
        bpy.context.scene.render.filepath = str(target)
        bpy.ops.render.render(write_still=True)
        written = cv2.imread(str(target), cv2.IMREAD_UNCHANGED)
    if written is None:
        raise SimulatorError("Blender wrote no picture")
    if written.dtype != np.uint16:
        raise SimulatorError(f"Blender wrote {written.dtype}, not 16 bits a channel")
    display = written[:, :, 2::-1].astype(np.float32) / 65535
    linear = np.where(display <= 0.04045, display / 12.92, ((display + 0.055) / 1.055) ** 2.4)
    half_written = path.with_suffix(".part.npy")
    np.save(half_written, (linear * 2**STOPS_KEPT).astype(np.float16))
    half_written.replace(path)


def _blender() -> Any:
    try:
        import bpy
    except ImportError as error:
        raise MissingResourceError(
            "bpy is not installed: install the simulator's extra to bake halls"
        ) from error
    return bpy


def _scene(bpy: Any, camera: Camera, samples: int, threads: int) -> None:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    render = scene.render
    render.engine = "CYCLES"
    render.resolution_x, render.resolution_y = camera.width, camera.height
    render.image_settings.file_format = "PNG"
    render.image_settings.color_depth = "16"
    render.threads_mode, render.threads = "FIXED", threads
    render.dither_intensity = 0
    scene.view_settings.view_transform, scene.view_settings.look = "Standard", "None"
    scene.view_settings.exposure = -STOPS_KEPT
    cycles = scene.cycles
    cycles.device, cycles.samples, cycles.use_adaptive_sampling = "CPU", samples, False
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    cycles.denoising_quality, cycles.denoising_prefilter = "BALANCED", "FAST"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 3, 2, 2
    cycles.transparent_max_bounces, cycles.sample_clamp_indirect = 6, 4
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.use_light_tree, cycles.blur_glossy = False, 1
    world = bpy.data.worlds.new("world")
    scene.world = world
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs[1].default_value = WORLD_LIGHT


def _add_mesh(bpy: Any, part: Mesh, name: str) -> None:
    shape = bpy.data.meshes.new(name)
    points, corners = len(part.vertices), 3 * len(part.faces)
    shape.vertices.add(points)
    shape.vertices.foreach_set("co", part.vertices.astype(np.float32).ravel())
    shape.loops.add(corners)
    shape.loops.foreach_set("vertex_index", part.faces.astype(np.int32).ravel())
    shape.polygons.add(len(part.faces))
    shape.polygons.foreach_set("loop_start", np.arange(0, corners, 3, dtype=np.int32))
    paint = shape.color_attributes.new("Col", "FLOAT_COLOR", "POINT")
    rgba = np.concatenate([part.colour, np.ones((points, 1))], axis=1)
    paint.data.foreach_set("color", rgba.astype(np.float32).ravel())
    shape.update(calc_edges=True)
    if part.uv is not None:
        layer = shape.uv_layers.new(name="uv")
        layer.data.foreach_set("uv", part.uv[part.faces.ravel()].astype(np.float32).ravel())
    shape.materials.append(_material(bpy, part, name))
    body = bpy.data.objects.new(name, shape)
    body.visible_diffuse = part.material != "lamp"
    bpy.context.scene.collection.objects.link(body)


def _material(bpy: Any, part: Mesh, name: str) -> Any:
    shared = f"{part.material} {part.emission}"
    if part.texture is None and shared in bpy.data.materials:
        return bpy.data.materials[shared]
    made = bpy.data.materials.new(shared if part.texture is None else name)
    made.use_nodes = True
    tree = made.node_tree
    surface = tree.nodes["Principled BSDF"]
    roughness, metal = _LOOKS.get(part.material, (0.5, 0.0))
    if part.material.startswith("floor:"):
        roughness = float(part.material.split(":")[1])
    surface.inputs["Roughness"].default_value = roughness
    surface.inputs["Metallic"].default_value = metal
    if part.material == "glass":
        surface.inputs["Roughness"].default_value = 0.1
        surface.inputs["Alpha"].default_value = 0.14
    colour = tree.nodes.new("ShaderNodeAttribute")
    colour.attribute_name = "Col"
    output = colour.outputs["Color"]
    if part.texture is not None:
        texture = tree.nodes.new("ShaderNodeTexImage")
        texture.image = _image(bpy, part.texture, name)
        output = texture.outputs["Color"]
    tree.links.new(output, surface.inputs["Base Color"])
    if part.emission:
        tree.links.new(output, surface.inputs["Emission Color"])
        surface.inputs["Emission Strength"].default_value = part.emission
    return made


def _image(bpy: Any, texture: NDArray[np.uint8], name: str) -> Any:
    height, width = texture.shape[:2]
    image = bpy.data.images.new(name, width, height)
    rgba = np.ones((height, width, 4), np.float32)
    rgba[..., :3] = texture[::-1].astype(np.float32) / 255
    image.pixels.foreach_set(rgba.ravel())
    image.update()
    return image


def _add_lights(bpy: Any, lights: Iterable[Light]) -> None:
    for light in lights:
        lamp = bpy.data.lights.new("light", "AREA")
        lamp.shape = "RECTANGLE"
        wide, high = np.linalg.norm(light.across), np.linalg.norm(light.along)
        lamp.size, lamp.size_y = 2 * float(wide), 2 * float(high)
        lamp.energy, lamp.color = light.power_w, [min(1.2, c) for c in light.colour]
        body = bpy.data.objects.new("light", lamp)
        x, z = light.across / wide, -light.facing
        axes = np.stack([x, np.cross(z, x), z], axis=1)
        place = np.eye(4)
        place[:3, :3], place[:3, 3] = axes, light.centre + 0.01 * light.facing
        body.matrix_world = place.T.tolist()
        body.visible_camera = False
        bpy.context.scene.collection.objects.link(body)


def _add_camera(bpy: Any, camera: Camera) -> None:
    lens = bpy.data.cameras.new("camera")
    lens.sensor_fit = "HORIZONTAL"
    lens.angle = 2 * float(np.arctan(camera.width / 2 / camera.focal_px))
    lens.clip_start = 0.05
    body = bpy.data.objects.new("camera", lens)
    right, up, forward = camera.axes
    place = np.eye(4)
    place[:3, :3] = np.stack([right, up, -forward], axis=1)
    place[:3, 3] = camera.location
    body.matrix_world = place.T.tolist()
    bpy.context.scene.collection.objects.link(body)
    bpy.context.scene.camera = body
