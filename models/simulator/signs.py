"""Signs that stand, hang, lie or shine about a window: those that say "paused", and the others.

Only a sign that says that this window serves nobody now is a pause sign. Everything else is here
so that a detector learns to read rather than to find red boards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

import numpy as np

from models.simulator.lettering import Board, Bytes3, lettered, print_page
from models.simulator.mesh import Mesh, box, cylinder, moved
from models.simulator.solids import board, leaned, yawed

T = TypeVar("T")
Kind: TypeAlias = Literal["placard", "stand", "paper", "hanging", "led", "plate"]
KINDS: tuple[Kind, ...] = ("placard", "placard", "stand", "paper", "hanging", "led", "plate")

PAUSES: tuple[tuple[str, ...], ...] = (
    ("暂停服务",),
    ("暂停服务",),
    ("暂停服务",),
    ("暂停办理",),
    ("暂停业务",),
    ("暂停服务", "请到其他窗口办理"),
    ("暂停办理", "请到相邻窗口"),
    ("本窗口", "暂停办理业务"),
    ("暂停服务", "Service Suspended"),
    ("暂停服务", "CLOSED"),
    ("临时离岗", "暂停服务"),
    ("窗口暂停", "敬请谅解"),
    ("暂停受理",),
    ("本窗口暂停办理业务",),
    ("暂停服务", "请到其他窗口"),
    ("午间休息", "暂停服务"),
    ("设备检修", "暂停办理"),
    ("暂停服务", "Temporarily Closed"),
    ("暂停办理", "Counter Closed"),
)
OTHERS: tuple[tuple[str, ...], ...] = (
    ("请取号",),
    ("一米线外等候",),
    ("请在此排队",),
    ("党员示范岗",),
    ("青年文明号",),
    ("正在办理",),
    ("正在服务",),
    ("您好", "请坐"),
    ("综合受理",),
    ("社保业务",),
    ("医疗保险", "请在此办理"),
    ("不动产登记",),
    ("温馨提示", "请保管好随身物品"),
    ("禁止吸烟",),
    ("请勿喧哗",),
    ("服务承诺", "一次办好"),
    ("咨询台",),
    ("叫号办理", "请稍候"),
    ("材料齐全", "即时办结"),
    ("优先窗口", "老弱病残孕"),
    ("请您评价",),
    ("扫码办事",),
    ("WELCOME",),
    ("服务之星",),
    ("营业时间", "9:00-17:00"),
    ("服务窗口", "Service Counter"),
    ("本窗口可刷卡",),
    ("休息区",),
    ("此窗口正常办理",),
    ("请出示身份证",),
    ("窗口编号", "08"),
)

PAINTS: tuple[tuple[Bytes3, Bytes3], ...] = (
    ((188, 18, 20), (250, 245, 235)),
    ((205, 30, 28), (255, 232, 90)),
    ((245, 244, 240), (196, 20, 24)),
    ((245, 244, 240), (25, 25, 28)),
    ((250, 214, 40), (30, 25, 20)),
    ((20, 62, 150), (245, 245, 245)),
    ((20, 110, 80), (245, 245, 240)),
    ((200, 200, 198), (30, 60, 130)),
    ((90, 60, 36), (235, 205, 130)),
    ((225, 228, 232), (20, 80, 165)),
)
"""Grounds and inks, sRGB bytes."""
SCROLLED = 0.3
"""A running text is caught with this share of it beyond an edge at most."""
LED_INKS: tuple[Bytes3, ...] = ((255, 60, 30), (255, 60, 30), (70, 235, 80), (255, 190, 40))


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign in the hall; `meshes` are in world metres."""

    kind: Kind
    lines: tuple[str, ...]
    pauses: bool
    meshes: tuple[Mesh, ...]


@dataclass(frozen=True, slots=True)
class SignSpot:
    """Where a window's signs go: a point on the counter's top towards the public, where its front
    sheet hangs (or the air above the counter), and the middle of its LED board (None: no board).
    facing_deg: 0 faces the public."""

    counter: tuple[float, float, float]
    hanging: tuple[float, float, float]
    led: tuple[float, float, float] | None
    led_size_m: tuple[float, float] = (0.9, 0.32)


def sample_sign(
    rng: np.random.Generator, spot: SignSpot, *, pauses: bool, kind: Kind | None = None
) -> Sign:
    """A sign of any look at a window; the same looks are drawn for both meanings."""
    drawn: Kind = kind if kind is not None else _one(rng, KINDS)
    if drawn == "led" and spot.led is None:
        drawn = "placard"
    lines = _one(rng, PAUSES if pauses else OTHERS)
    return made_sign(rng, spot, drawn, lines, pauses=pauses)


def made_sign(
    rng: np.random.Generator, spot: SignSpot, kind: Kind, lines: tuple[str, ...], *, pauses: bool
) -> Sign:
    """The sign of this kind with these lines, its size, paint and stance drawn by chance."""
    if kind == "led":
        return Sign(kind, lines, pauses, (_led(rng, spot, lines),))
    width, height = _size(rng, kind, lines)
    face = _face(rng, kind, lines, width, height)
    x, y, z = spot.hanging if kind == "hanging" else spot.counter
    yaw = float(rng.normal(0, 4 if kind == "hanging" else 12))
    if kind == "hanging":
        meshes = _hanging(face, width, height)
    elif kind == "paper" and rng.random() < 0.3:
        meshes = (leaned(moved(face, (0, 0, height / 2)), 72, (0, 0, 0)),)
    elif kind == "stand":
        meshes = _on_stand(face, width, height, 12 + float(rng.uniform(0, 10)))
    else:
        meshes = _propped(rng, face, width, height)
    turned = tuple(moved(yawed(part, yaw), (x, y, z)) for part in meshes)
    return Sign(kind, lines, pauses, turned)


def _one(rng: np.random.Generator, choices: Sequence[T]) -> T:
    return choices[int(rng.integers(len(choices)))]


def _size(rng: np.random.Generator, kind: Kind, lines: tuple[str, ...]) -> tuple[float, float]:
    if kind == "paper":
        return (0.297, 0.21) if rng.random() < 0.7 else (0.21, 0.297)
    if kind == "plate":
        return float(rng.uniform(0.18, 0.26)), float(rng.uniform(0.08, 0.11))
    width = float(rng.uniform(0.22, 0.42))
    shape = rng.uniform(0.34, 0.5) + 0.18 * (len(lines) - 1)
    return width, width * float(shape)


def _face(
    rng: np.random.Generator, kind: Kind, lines: tuple[str, ...], width: float, height: float
) -> Mesh:
    ground, ink = _one(rng, PAINTS)
    if kind == "paper" and rng.random() < 0.8:
        ground, ink = (246, 246, 243), _one(rng, ((20, 20, 22), (190, 20, 24)))
    weights = (1.0, *(float(rng.uniform(0.45, 0.8)),) * (len(lines) - 1))
    printed = Board(
        lines=lines,
        ground=ground,
        ink=ink,
        family="serif" if rng.random() < 0.15 else "sans",
        weights=weights,
        border=0.05 if rng.random() < 0.35 else 0.0,
    )
    pixels = lettered(printed, 512, round(512 * height / width))
    return board(pixels, width, height, (0, -0.006, 0), name="sign")


def _propped(rng: np.random.Generator, face: Mesh, width: float, height: float) -> tuple[Mesh, ...]:
    """A board on its edge, or a tent card, leaned back a little."""
    rim = box((width, 0.01, height), name="sign back", colour=rng.uniform(0.05, 0.6, 3))
    back = float(rng.uniform(2, 18))
    lifted = (moved(part, (0, 0, height / 2)) for part in (face, rim))
    return tuple(leaned(part, back, (0, 0, 0)) for part in lifted)


def _on_stand(face: Mesh, width: float, height: float, pole_cm: float) -> tuple[Mesh, ...]:
    pole = pole_cm / 100
    rim = box((width, 0.01, height), name="sign back", colour=(0.5, 0.5, 0.5), material="metal")
    raised = [moved(part, (0, 0, pole + height / 2)) for part in (face, rim)]
    stem = cylinder(0.008, pole, (0, 0.004, pole / 2), sides=10, material="metal")
    foot = box((width * 0.5, 0.10, 0.012), (0, 0.004, 0.006), material="metal")
    return (*raised, stem, foot)


def _hanging(face: Mesh, width: float, height: float) -> tuple[Mesh, ...]:
    rim = box((width, 0.006, height), name="sign back", colour=(0.6, 0.6, 0.6))
    strings = [
        box((0.004, 0.003, 0.14), (side * width * 0.4, 0, height / 2 + 0.07), colour=(0.3,) * 3)
        for side in (-1, 1)
    ]
    return (face, rim, *strings)


def _led(rng: np.random.Generator, spot: SignSpot, lines: tuple[str, ...]) -> Mesh:
    """Shining letters on the window's board; the sheet lies just before it."""
    if spot.led is None:
        raise ValueError("this window has no LED board")
    scrolled = float(rng.uniform(-SCROLLED, SCROLLED)) if rng.random() < 0.5 else 0.0
    return led_sheet(lines, _one(rng, LED_INKS), spot, scrolled)


def led_sheet(lines: tuple[str, ...], ink: Bytes3, spot: SignSpot, scrolled: float = 0.0) -> Mesh:
    """The window's board with these lines; scrolled: by that share of its width to the left."""
    width, height = spot.led_size_m
    x, y, z = spot.led or spot.hanging
    dark = Board(lines=lines, ground=(14, 5, 5), ink=ink)
    pixels = lettered(dark, 512, round(512 * height / width))
    shift = round(512 * scrolled)
    if shift:
        moving = np.empty_like(pixels)
        moving[:] = dark.ground
        if shift > 0:
            moving[:, :-shift] = pixels[:, shift:]
        else:
            moving[:, -shift:] = pixels[:, :shift]
        pixels = moving
    lit = board(pixels, width * 0.97, height * 0.94, (x, y - 0.004, z), name="led", emission=1.1)
    return leaned(lit, -6.0, (x, y, z))


def form(rng: np.random.Generator, centre: tuple[float, float, float], yaw_deg: float) -> Mesh:
    """A printed sheet lying on a desk."""
    page = print_page(rng, 148, 210)
    flat = leaned(board(page, 0.21, 0.297, (0, 0, 0), name="form"), 90, (0, 0, 0))
    return moved(yawed(flat, yaw_deg), centre)
