"""What stands on paper, screens and keys: drawn by chance, meant to be seen from afar."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]
"""(h, w, 3) uint8 sRGB."""


def screen(rng: Generator) -> Picture:
    """A phone's screen: a chat, a feed, a video or a bright page. 128 x 64."""
    kind = rng.integers(4)
    base = rng.integers(225, 255, 3) if rng.random() < 0.7 else rng.integers(5, 40, 3)
    shown = np.empty((128, 64, 3), np.uint8)
    shown[:] = base
    shown[:8] = np.clip(base * 0.8, 0, 255)
    if kind == 0:
        _chat(rng, shown)
    elif kind == 1:
        _feed(rng, shown)
    elif kind == 2:
        _video(rng, shown)
    else:
        for row in range(14, 124, 9):
            shown[row : row + 3, 5 : 5 + int(rng.integers(20, 52))] = 255 - base
    return shown


def _chat(rng: Generator, shown: Picture) -> None:
    row = 12
    while row < 112:
        tall, wide = int(rng.integers(7, 18)), int(rng.integers(18, 42))
        mine = rng.random() < 0.5
        columns = slice(58 - wide, 58) if mine else slice(6, 6 + wide)
        shown[row : row + tall, columns] = (150, 235, 105) if mine else (255, 255, 255)
        row += tall + 5


def _feed(rng: Generator, shown: Picture) -> None:
    for row in range(12, 120, 28):
        shown[row : row + 22, 4:60] = rng.integers(40, 240, 3)
        shown[row + 15 : row + 20, 8:48] = rng.integers(0, 255, 3)


def _video(rng: Generator, shown: Picture) -> None:
    coarse = rng.integers(10, 240, (8, 4, 3)).astype(np.uint8)
    shown[8:] = np.kron(coarse, np.ones((16, 16, 1), np.uint8))[8:]


def buttons(rng: Generator) -> Picture:
    """Keys of a calculator or a remote under a small display. 96 x 64."""
    face = np.full((96, 64, 3), int(rng.integers(20, 90)), np.uint8)
    face[6:24, 6:58] = (150, 165, 145)
    for row in range(30, 90, 12):
        for column in range(6, 58, 13):
            face[row : row + 8, column : column + 9] = rng.integers(90, 230)
    return face


def page(rng: Generator, columns: int) -> Picture:
    """Lines of print with a heading, a table or a stamp at times. About 300 x 212 a column."""
    sheet = np.full((300, 212 * columns, 3), int(rng.integers(228, 250)), np.uint8)
    for column in range(columns):
        left = 212 * column + 18
        _lines(rng, sheet, left, 176, 20, 284, 9)
    if rng.random() < 0.3:
        row, column = int(rng.integers(200, 260)), int(rng.integers(120, 180))
        _ring(sheet, row, column, 16, (200, 40, 40))
    return sheet


def news(rng: Generator) -> Picture:
    """An open newspaper: a masthead, headlines, columns, photographs. 400 x 560."""
    sheet = np.full((400, 560, 3), 0, np.uint8)
    sheet[:] = np.array([206, 203, 192]) + rng.integers(-8, 8)
    _glyphs(rng, sheet, 24, 14, int(rng.integers(6, 11)), 34, (60, 20, 20))
    _glyphs(rng, sheet, 330, 22, 6, 24, (30, 30, 30))
    for column in range(6):
        left = 16 + column * 91
        _lines(rng, sheet, left, 80, 64, 390, 7)
        if rng.random() < 0.6:
            top = int(rng.integers(80, 300))
            sheet[top : top + 62, left : left + 80] = rng.integers(60, 160, 3)
    return sheet


def gloss(rng: Generator) -> Picture:
    """A magazine's two pages: large photographs, a little print. 300 x 440."""
    sheet = np.full((300, 440, 3), int(rng.integers(215, 250)), np.uint8)
    for left in (0, 220):
        coarse = rng.integers(20, 240, (6, 5, 3)).astype(np.uint8)
        tall = int(rng.integers(80, 300))
        photo = np.kron(coarse, np.ones((50, 44, 1), np.uint8))[:tall]
        sheet[: len(photo), left : left + 220] = photo
        if tall < 240:
            _lines(rng, sheet, left + 14, 190, tall + 12, 290, 8)
    return sheet


def _lines(
    rng: Generator, sheet: Picture, left: int, wide: int, top: int, bottom: int, step: int
) -> None:
    ink = int(rng.integers(50, 100))
    for row in range(top, bottom, step):
        if rng.random() < 0.12:
            continue
        end = left + int(wide * (1.0 if rng.random() < 0.8 else rng.uniform(0.3, 0.9)))
        marks = rng.random(end - left) < 0.75
        sheet[row : row + max(2, step // 3), left:end][:, marks] = ink


def _glyphs(
    rng: Generator,
    sheet: Picture,
    left: int,
    top: int,
    count: int,
    size: int,
    ink: tuple[int, int, int],
) -> None:
    """Square signs of a few strokes each, as a headline looks from afar."""
    for place in range(count):
        x = left + place * (size + 3)
        for _ in range(int(rng.integers(4, 8))):
            across = bool(rng.random() < 0.5)
            start, run = int(rng.integers(0, size // 2)), int(rng.integers(size // 3, size))
            offset, thick = int(rng.integers(0, size - 4)), 3
            rows = slice(top + offset, top + offset + thick)
            columns = slice(x + start, x + min(size, start + run))
            if not across:
                rows = slice(top + start, top + min(size, start + run))
                columns = slice(x + offset, x + offset + thick)
            sheet[rows, columns] = ink


def _ring(sheet: Picture, row: int, column: int, radius: int, ink: tuple[int, int, int]) -> None:
    rows, columns = np.mgrid[: sheet.shape[0], : sheet.shape[1]]
    off = np.abs(np.hypot(rows - row, columns - column) - radius)
    sheet[off < 2] = ink
