"""Chinese lettering: finds a font and sets lines of text on a board."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from models.simulator.errors import MissingResourceError

FONT_VARIABLE = "HALLWATCH_CJK_FONT"
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
FONT_FILES = {
    "sans": ("NotoSansCJK-Bold.ttc", "NotoSansCJK-Regular.ttc"),
    "serif": ("NotoSerifCJK-Bold.ttc", "NotoSerifCJK-Regular.ttc"),
}

Bytes3 = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Board:
    """Lines of text on a ground. Colours are sRGB bytes; `weights` are the lines' shares of the
    height, one a line (empty: all alike); `border` is a frame's width as a share of the height."""

    lines: tuple[str, ...]
    ground: Bytes3
    ink: Bytes3
    family: str = "sans"
    weights: tuple[float, ...] = ()
    border: float = 0.0
    frame: Bytes3 | None = None


@lru_cache(maxsize=8)
def font_file(family: str, named: str | None = None) -> Path:
    """The font of a family: the named file, or Noto CJK in the usual folders.

    Raises MissingResourceError naming what to install."""
    if named:
        if not Path(named).is_file():
            raise MissingResourceError(f"{FONT_VARIABLE}={named} is no file: name a font file")
        return Path(named)
    for name in FONT_FILES[family] + FONT_FILES["sans"]:
        for folder in FONT_FOLDERS:
            for found in sorted(folder.glob(f"**/{name}")):
                return found
    raise MissingResourceError(
        f"no Chinese font found: install Noto CJK (Debian: fonts-noto-cjk) or set {FONT_VARIABLE}"
    )


@lru_cache(maxsize=256)
def font(family: str, size_px: int) -> ImageFont.FreeTypeFont:
    """The simplified-Chinese face of the family's collection ($HALLWATCH_CJK_FONT, if set)."""
    path = font_file(family, os.environ.get(FONT_VARIABLE))
    for index in range(10):
        try:
            face = ImageFont.truetype(path, size_px, index=index)
        except OSError:
            break
        if "SC" in (face.getname()[0] or ""):
            return face
    return ImageFont.truetype(path, size_px)


def lettered(board: Board, width_px: int, height_px: int) -> NDArray[np.uint8]:
    """The board as a picture (h, w, 3), sRGB bytes; long lines are set smaller to fit."""
    picture = Image.new("RGB", (width_px, height_px), board.ground)
    pen = ImageDraw.Draw(picture)
    edge = int(board.border * height_px)
    if edge:
        rim = (edge, edge, width_px - 1 - edge, height_px - 1 - edge)
        pen.rectangle(rim, outline=board.frame or board.ink, width=max(1, edge // 2))
    weights = np.array(board.weights or [1.0] * len(board.lines))
    room = height_px - 4 * edge
    heights = room * 0.94 * weights / weights.sum()
    top = 2 * edge + room * 0.03
    for line, height in zip(board.lines, heights, strict=True):
        _set_line(pen, line, board, (width_px - 4 * edge) * 0.94, (width_px / 2, top, height))
        top += height
    return np.asarray(picture)


def _set_line(
    pen: ImageDraw.ImageDraw,
    line: str,
    board: Board,
    room_px: float,
    place: tuple[float, float, float],
) -> None:
    middle, top, height = place
    face = font(board.family, max(4, int(height * 0.78)))
    left, up, right, down = pen.textbbox((0, 0), line, font=face)
    if right - left > room_px:
        face = font(board.family, max(4, int(height * 0.78 * room_px / (right - left))))
        left, up, right, down = pen.textbbox((0, 0), line, font=face)
    at = (middle - (left + right) / 2, top + height / 2 - (up + down) / 2)
    pen.text(at, line, font=face, fill=board.ink)


def print_page(rng: np.random.Generator, width_px: int, height_px: int) -> NDArray[np.uint8]:
    """A printed form or notice from afar: a title, grey lines, perhaps a table."""
    paper = int(rng.integers(205, 250))
    picture = Image.new("RGB", (width_px, height_px), (paper, paper, paper - 4))
    pen = ImageDraw.Draw(picture)
    margin, y = width_px // 9, height_px // 12
    titles = ("申请表", "办事指南", "通知", "材料清单", "登记表")
    title = titles[int(rng.integers(len(titles)))]
    pen.text((width_px / 3, y), title, font=font("sans", max(6, height_px // 14)), fill=(30,) * 3)
    y += height_px // 8
    step = max(3, height_px // 34)
    while y < height_px - margin:
        if rng.random() < 0.12:
            pen.rectangle((margin, y, width_px - margin, y + 2 * step), outline=(90,) * 3)
            y += step
        end = width_px - margin - int(rng.uniform(0, width_px * 0.4))
        pen.line((margin, y, end, y), fill=(int(rng.integers(60, 140)),) * 3, width=step // 3 or 1)
        y += step
    return np.asarray(picture)
