"""How small a pause sign can be read, and known again when it was taught.

    python -m benchmarks.sign_reading --out docs/sign-reading.md

Placards are drawn with Noto CJK (fonts-noto-cjk), tilted, blurred, made noisy and compressed as a
camera does; letters are measured in the picture's own pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.random import Generator

from models.intervals import Share
from models.sign import enlarged as for_reading
from models.sign import open_rapidocr, verdict
from models.simulator.lettering import Board, Bytes3, lettered
from models.taught import TaughtSigns
from vision.records import Image

PAUSE = ("暂停服务", "暂停办理", "本窗口暂停办理业务", "请到其他窗口办理", "COUNTER CLOSED")
OTHER = ("3号窗口", "社保业务", "请取号排队", "正在办理", "为人民服务", "党员先锋岗", "咨询服务台")
COLOURS: tuple[tuple[Bytes3, Bytes3], ...] = (
    ((200, 20, 20), (250, 250, 245)),
    ((255, 255, 255), (190, 20, 20)),
    ((255, 60, 40), (10, 10, 10)),
    ((20, 40, 140), (240, 240, 240)),
)
BLURS_PX = (0.5, 0.8)
HEIGHTS_PX = (5, 6, 7, 8, 9, 10, 12, 14)
COUNTER: Bytes3 = (110, 115, 120)
SET_SHARE = 0.94
"""The share of a board's width that its line is set in."""
FINE = 6
"""Placards are drawn so many times as large, and scaled down."""


@dataclass(slots=True)
class Tally:
    """Placards of one letter height: what was read of those that say pause, and of others; and
    what was known again of a taught sign, and taken for it."""

    pause: list[bool | None]
    other: list[bool | None]
    known: list[bool]
    mistaken: list[bool]

    def row(self, height_px: int) -> str:
        said = sum(v is True for v in self.pause)
        wrong = sum(v is True for v in self.other)
        cells = [
            str(height_px), str(Share(said, said + wrong)), str(Share(said, len(self.pause))),
            str(sum(v is False for v in self.pause)), str(Share(sum(self.known), len(self.known))),
            str(Share(sum(self.mistaken), len(self.mistaken))),
        ]  # fmt: skip
        return "| " + " | ".join(cells) + " |"


def placard(text: str, height_px: int, colours: tuple[Bytes3, Bytes3], blur_px: float,
            rng: Generator) -> Image:  # fmt: skip
    """A board of that text on a grey counter, as a camera shows it."""
    ink, ground = colours
    letters = len(text) * (0.62 if text.isascii() else 1.0)
    size = round(letters * height_px * FINE / SET_SHARE), 3 * height_px * FINE
    board = lettered(Board((text,), ground, ink), *size)[..., ::-1]
    side, edge = height_px * FINE, 4 * height_px * FINE
    board = cv2.copyMakeBorder(board, 0, 0, side, side, cv2.BORDER_CONSTANT, value=ground[::-1])
    fine = cv2.copyMakeBorder(board, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=COUNTER)
    tilt = rng.uniform(-3, 3)
    tall, wide = fine.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, tall / 2), tilt, 1.0)
    fine = cv2.warpAffine(fine, turn, (wide, tall), borderMode=cv2.BORDER_REPLICATE)
    seen = cv2.resize(fine, None, fx=1 / FINE, fy=1 / FINE, interpolation=cv2.INTER_AREA)
    seen = cv2.GaussianBlur(seen, (0, 0), blur_px) * rng.uniform(0.75, 1.1)
    noisy = np.clip(seen + rng.normal(0, rng.uniform(1, 5), seen.shape), 0, 255).astype(np.uint8)
    quality = int(rng.integers(70, 92))
    coded = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def measured(height_px: int, rng: Generator) -> Tally:
    """All placards of that letter height."""
    read = open_rapidocr()
    tally = Tally([], [], [], [])
    for colours, blur_px in product(COLOURS, BLURS_PX):
        pictures = {t: placard(t, height_px, colours, blur_px, rng) for t in (*PAUSE, *OTHER)}
        tally.pause += [verdict(read(for_reading(pictures[t]))) for t in PAUSE]
        tally.other += [verdict(read(for_reading(pictures[t]))) for t in OTHER]
        snapshot = placard(PAUSE[0], height_px, colours, blur_px, rng)
        edge = 4 * height_px
        taught = TaughtSigns({"w": snapshot[edge:-edge, edge:-edge]})
        again = [placard(PAUSE[0], height_px, colours, blur_px, rng) for _ in range(3)]
        tally.known += [taught.shown("w", p) is not None for p in again]
        tally.mistaken += [taught.shown("w", pictures[t]) is not None for t in OTHER]
    return tally


def main(out: Annotated[Path | None, typer.Option(help="Write the table here.")] = None) -> None:
    """Read placards of each letter height and print precision and recall."""
    rng = np.random.default_rng(1)
    lines = [
        "# Reading signs, by letter height",
        "",
        "Written by `python -m benchmarks.sign_reading`. Rendered placards; precision and recall "
        'of "says pause" with 95% intervals; `denied`: pause signs read as saying something else. '
        "Taught: the sign's own picture known again, and boards of the same make, with another "
        "text, taken for it (legible text goes before it).",
        "",
        "| letters, px | precision | recall | denied | taught: known | taught: mistaken |",
        "|---|---|---|---|---|---|",
    ]
    for height_px in HEIGHTS_PX:
        lines.append(measured(height_px, rng).row(height_px))
        print(lines[-1], flush=True)
    if out is not None:
        out.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    typer.run(main)
