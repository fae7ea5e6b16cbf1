"""How small a pause sign can be read, what else is taken for one, and what a taught sign is worth.

    python -m benchmarks.sign_reading --out docs/sign-reading.md

Boards are drawn with Noto CJK (fonts-noto-cjk), tilted, blurred, made noisy and compressed as a
camera does; letters are measured in the picture's own pixels. Some of the boards are LED panels,
and some of those are caught while their text runs. It takes about twenty minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.random import Generator

from models.intervals import Share
from models.sign import TextReader, open_rapidocr, verdict
from models.sign import enlarged as for_reading
from models.simulator.lettering import Board, Bytes3, lettered
from models.simulator.signs import LED_INKS, OTHERS, PAUSES, SCROLLED
from models.taught import TaughtSigns
from vision.records import Image, Said

NOTICES: tuple[tuple[str, ...], ...] = (
    ("国庆期间暂停办理", "敬请谅解"),
    ("周六周日", "暂停办理业务"),
    ("营业时间 9:00-17:00", "周日 CLOSED"),
    ("Opening hours Mon-Fri", "Sunday closed"),
    ("12月31日暂停服务通知",),
    ("每日 12:00-13:30", "暂停服务"),
)
"""They hold the words of a pause sign and do not say that it holds now."""
STRANGERS: tuple[tuple[str, ...], ...] = (
    ("请排队等候", "Please queue here"),
    ("3号窗口", "Window 3"),
    ("户籍业务", "Household Registration"),
    ("居住证办理",),
    ("合同终止办理",),
    ("停车缴费",),
    ("中午不停止服务",),
    ("电梯暂停使用",),
    ("本机暂停使用", "Out of order"),
    ("Please keep the door closed",),
    ("自助服务区", "Self Service"),
    ("请按号就座", "Take a number"),
)
"""More that mean no such thing, nearer to it in their letters than the simulator's."""
PAINTS: tuple[tuple[Bytes3, Bytes3], ...] = (
    ((200, 20, 20), (250, 250, 245)),
    ((255, 255, 255), (190, 20, 20)),
    ((20, 40, 140), (240, 240, 240)),
    ((30, 30, 30), (250, 214, 40)),
)
LED_GROUND: Bytes3 = (14, 5, 5)
BLURS_PX = (0.5, 0.8)
HEIGHTS_PX = (6, 7, 8, 9, 10, 12, 14)
COUNTER: Bytes3 = (110, 115, 120)
SET_SHARE, ROW_SHARE = 0.94, 0.94 * 0.78
"""The shares of a board's width and of a row's height that `lettered` sets letters in."""
FINE = 6
"""Boards are drawn so many times as large, and scaled down."""

Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Make:
    """How a board is made: its paint (ink, ground), how unsharp it is seen, and by which share of
    its width an LED panel's text has run out to the left (or right)."""

    paint: tuple[Bytes3, Bytes3]
    blur_px: float
    run: float = 0.0


@dataclass(slots=True)
class Tally:
    """Boards of one letter height: what was read of those that say pause, of others and of dated
    notices; whether a taught sign was known again, and what else was taken for it, before and
    after its text was asked."""

    pause: list[Said] = field(default_factory=list)
    other: list[Said] = field(default_factory=list)
    notice: list[Said] = field(default_factory=list)
    known: list[bool] = field(default_factory=list)
    alike: list[bool] = field(default_factory=list)
    mistaken: list[bool] = field(default_factory=list)

    def row(self, height_px: int) -> str:
        said = sum(v is Said.PAUSE for v in self.pause)
        wrong = sum(v is Said.PAUSE for v in (*self.other, *self.notice))
        cells = [
            str(height_px), str(Share(said, said + wrong)), str(Share(said, len(self.pause))),
            str(sum(v is Said.OTHER for v in self.pause)),
            _few(self.other), _few(self.notice),
            str(Share(sum(self.known), len(self.known))),
            str(Share(sum(self.alike), len(self.alike))),
            str(Share(sum(self.mistaken), len(self.mistaken))),
        ]  # fmt: skip
        return "| " + " | ".join(cells) + " |"


def _few(says: Sequence[Said]) -> str:
    return f"{sum(v is Said.PAUSE for v in says)} of {len(says)}"


def board_seen(lines: Lines, height_px: int, make: Make, rng: Generator) -> Image:
    """A board of those lines on a grey counter, as a camera shows it."""
    ink, ground = make.paint
    longest = max(sum(0.62 if c.isascii() else 1.0 for c in line) for line in lines)
    wide = round((longest + 0.4) * height_px * FINE / SET_SHARE)
    tall = round(len(lines) * height_px * FINE / ROW_SHARE)
    board = lettered(Board(lines, ground, ink), wide, tall)[..., ::-1]
    board = _run(board, make.run, ground)
    side, edge = height_px * FINE, 4 * height_px * FINE
    framed = cv2.copyMakeBorder(
        board, side // 2, side // 2, side, side, cv2.BORDER_CONSTANT, value=ground[::-1]
    )
    fine = cv2.copyMakeBorder(framed, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=COUNTER)
    high, broad = fine.shape[:2]
    turn = cv2.getRotationMatrix2D((broad / 2, high / 2), rng.uniform(-3, 3), 1.0)
    fine = cv2.warpAffine(fine, turn, (broad, high), borderMode=cv2.BORDER_REPLICATE)
    seen = cv2.resize(fine, None, fx=1 / FINE, fy=1 / FINE, interpolation=cv2.INTER_AREA)
    seen = cv2.GaussianBlur(seen, (0, 0), make.blur_px) * rng.uniform(0.75, 1.1)
    noisy = np.clip(seen + rng.normal(0, rng.uniform(1, 5), seen.shape), 0, 255).astype(np.uint8)
    quality = int(rng.integers(70, 92))
    coded = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def _run(board: Image, run: float, ground: Bytes3) -> Image:
    """The board with its text moved on by that share of its width, its end out of sight."""
    shift = round(abs(run) * board.shape[1])
    if not shift:
        return np.ascontiguousarray(board)
    moved = np.empty_like(board)
    moved[:] = ground[::-1]
    if run > 0:
        moved[:, :-shift] = board[:, shift:]
    else:
        moved[:, shift:] = board[:, :-shift]
    return moved


def makes(rng: Generator) -> tuple[list[Make], list[Make]]:
    """Boards that stand still, three of eight LED panels; and LED panels that run, to the left and
    to the right."""
    still = [Make(paint, blur_px) for paint, blur_px in product(PAINTS, BLURS_PX)]
    still[1::3] = [Make((ink, LED_GROUND), BLURS_PX[k % 2]) for k, ink in enumerate(LED_INKS[1:])]
    running = [
        Make((ink, LED_GROUND), 0.5, run * float(rng.uniform(0.02, SCROLLED)))
        for ink in LED_INKS[1:]
        for run in (1.0, -1.0)
    ]
    return still, running


def measured(height_px: int, read: TextReader, rng: Generator) -> Tally:
    """All boards of that letter height: each pause sign and notice six times, the others four. A
    pause sign that runs may have lost its words: it counts nowhere, but nothing else that runs may
    be taken for one."""
    tally = Tally()
    still, running = makes(rng)
    others = (*OTHERS, *STRANGERS)

    def says(text: Lines, make: Make) -> Said:
        return verdict(read(for_reading(board_seen(text, height_px, make, rng))))

    for k, text in enumerate(PAUSES):
        tally.pause += [says(text, make) for make in _some(still, k, 6)]
    for k, text in enumerate(others):
        chosen = (*_some(still, k, 3), *_some(running, k, 1))
        tally.other += [says(text, make) for make in chosen]
    for k, text in enumerate(NOTICES):
        tally.notice += [says(text, make) for make in (*_some(still, k, 4), *_some(running, k, 2))]
    for make in still:
        _taught(tally, height_px, make, read, rng)
    return tally


def _taught(tally: Tally, height_px: int, make: Make, read: TextReader, rng: Generator) -> None:
    """One sign, taught from a snapshot, three looks at it, and the others of its make."""
    snapshot = board_seen(PAUSES[0], height_px, make, rng)
    edge = 4 * height_px
    taught = TaughtSigns({"w": snapshot[edge:-edge, edge:-edge]})
    again = [board_seen(PAUSES[0], height_px, make, rng) for _ in range(3)]
    tally.known += [taught.shown("w", p) is not None for p in again]
    for text in (*OTHERS, *STRANGERS)[::3]:
        found = taught.shown("w", board_seen(text, height_px, make, rng))
        tally.alike.append(found is not None)
        says = None if found is None else verdict(read(for_reading(found)))
        tally.mistaken.append(says in (Said.PAUSE, Said.NOTHING))


def _some(makes: Sequence[Make], first: int, count: int) -> list[Make]:
    """So many of the makes, another beginning for every text."""
    return [makes[(first + k) % len(makes)] for k in range(count)]


HEAD = """\
# Reading signs, by letter height

Written by `python -m benchmarks.sign_reading`. Rendered boards with 95% intervals: painted ones and
LED panels, a line or two, Chinese and bilingual.

- **precision, recall** of "says pause". `denied`: pause signs read as saying something else.
- **others, notices** taken for a pause sign: window names, opening hours, requests to queue, things
  out of use, running LED texts; and dated notices that hold a pause sign's words without saying
  that it holds now.
- **taught**: the sign's own picture known again; boards of the same make with another text that
  look like it; and those of them that are believed, because their text is not legible.

| letters, px | precision | recall | denied | others | notices | taught: known | alike | believed |
|---|---|---|---|---|---|---|---|---|
"""


def tail(rows: dict[int, Tally]) -> str:
    """What the table says: the height from which on 98% are read, and half."""
    share = {h: sum(v is Said.PAUSE for v in t.pause) / len(t.pause) for h, t in rows.items()}
    good, half = (
        min((h for h in rows if all(share[g] >= least for g in rows if g >= h)), default=None)
        for least in (0.98, 0.5)
    )
    return (
        f"\nSmallest readable size: letters of {good} px; from there on at least 98% are read. "
        f"Half are read at {half} px. What is smaller must be taught, or nobody can tell.\n"
    )


def main(out: Annotated[Path | None, typer.Option(help="Write the table here.")] = None) -> None:
    """Read boards of each letter height and print precision and recall."""
    read = open_rapidocr()
    rows: dict[int, Tally] = {}
    for height_px in HEIGHTS_PX:
        rows[height_px] = measured(height_px, read, np.random.default_rng([1, height_px]))
        print(rows[height_px].row(height_px), flush=True)
    if out is not None:
        table = "\n".join(tally.row(height_px) for height_px, tally in rows.items())
        out.write_text(f"{HEAD}{table}\n{tail(rows)}", "utf-8")


if __name__ == "__main__":
    typer.run(main)
