"""Whether a camera's picture can be trusted at all: dark, covered, frozen, blurred, moved.

Everything is judged in blocks, so that a burnt-in clock, a passer-by or a screen cannot stand for
the whole picture. Blurred and moved are judged against what this very camera showed before, and
only when most of the picture has changed: a false "blind" suspends the rules of a whole hall.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.records import Blindness, Frame, Image

NOISE = 4.0
"""What noise adds to the absolute Laplacian of the smoothed small picture, grey levels."""
ROWS, COLUMNS = 9, 16
"""Blocks of the whole picture."""
SIDE = 15
"""Pixels of a block's side in the small picture, (135, 240)."""
FINE = 5
"""Sampled pixels of a block's side in which standing still is judged: (27, 48) blocks."""
SWAY = 10
"""Pixels of the small picture (4% of its width) by which a camera may sway and be in place."""

Grid = NDArray[np.float32]
"""A value for each block, (9, 16)."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From measurements on real hall footage and on the same footage spoilt on purpose.

    dark_level, dark_share: dark when fewer than this share of pixels are brighter than the level.
    flat_range, flat_share: covered when all but this share of blocks span fewer grey levels.
    frozen_after_s, frozen_share: frozen when so many fine blocks were bit for bit the same so long.
    blurred_to, blurred_share: blurred when so many blocks kept less than this part of their detail.
    moved_match, moved_share: moved when fewer blocks than this share still correlate so well.
    hold_s: blurred and moved must last so long. learn_s: a reference is trusted after so long.
    adapt_s: time constant with which a reference follows. relearn_s: a new view becomes the
    reference when it has stayed so long; by then a person has been told.
    """

    dark_level: int = 40
    dark_share: float = 0.03
    flat_range: float = 20.0
    flat_share: float = 0.06
    frozen_after_s: float = 30.0
    frozen_share: float = 0.99
    blurred_to: float = 0.4
    blurred_share: float = 0.8
    moved_match: float = 0.5
    moved_share: float = 0.25
    hold_s: float = 5.0
    learn_s: float = 5.0
    adapt_s: float = 60.0
    relearn_s: float = 1800.0


@dataclass(slots=True)
class _Reference:
    """What the camera usually shows. view: small picture (135, 240); detail: per block."""

    view: NDArray[np.float32]
    detail: Grid
    since_s: float
    at_s: float
    strange_since_s: float | None = None


@dataclass(slots=True)
class EyeTest:
    """Looks at every picture of one camera, in order."""

    thresholds: Thresholds = field(default_factory=Thresholds)
    _reference: _Reference | None = None
    _still: Image | None = None
    _still_since_s: float = 0.0

    def look(self, frame: Frame) -> Blindness | None:
        """Why this picture cannot be trusted, or None. Under a millisecond at 960x540."""
        at_s = frame.stamp.at_s
        scan = _scan(frame.bgr)
        frozen = self._frozen(scan, at_s)
        small = _small(scan)
        if _dark(small, self.thresholds):
            return Blindness.DARK
        if _flat(small, self.thresholds):
            return Blindness.COVERED
        if frozen:
            return Blindness.FROZEN
        return self._against_reference(small, _detail(small), at_s)

    def _frozen(self, scan: Image, at_s: float) -> bool:
        """Compared with the picture that began the standstill, so that slow change counts."""
        sample = scan[:, :: max(scan.shape[1] // (COLUMNS * SIDE), 1)][:, : COLUMNS * SIDE]
        if self._still is None or not self._same(self._still, sample):
            self._still, self._still_since_s = sample.copy(), at_s
            return False
        return at_s - self._still_since_s >= self.thresholds.frozen_after_s

    def _same(self, still: Image, sample: Image) -> bool:
        if still.shape != sample.shape:
            return False
        changed = still != sample
        allowed = 1.0 - self.thresholds.frozen_share
        if float(changed.mean()) > allowed:  # then at least as large a share of blocks has changed
            return False
        width = changed.shape[1] // FINE * FINE
        blocks = changed[:, :width].reshape(-1, FINE, width // FINE, FINE).any(axis=(1, 3))
        return float(blocks.mean()) <= allowed

    def _against_reference(self, small: Image, detail: Grid, at_s: float) -> Blindness | None:
        view = small.astype(np.float32)
        reference = self._reference
        if reference is None:
            self._reference = _Reference(view, detail, at_s, at_s)
            return None
        strange = self._strange(reference, view, detail)
        if strange is None or at_s - reference.since_s < self.thresholds.learn_s:
            self._follow(reference, view, detail, at_s)
            return None
        if reference.strange_since_s is None:
            reference.strange_since_s = at_s
        lasted_s = at_s - reference.strange_since_s
        if lasted_s >= self.thresholds.relearn_s:
            self._reference = _Reference(view, detail, at_s, at_s)
            return None
        return strange if lasted_s >= self.thresholds.hold_s else None

    def _strange(
        self, reference: _Reference, view: NDArray[np.float32], detail: Grid
    ) -> Blindness | None:
        limits = self.thresholds
        usual, now = _spread(reference.view), _spread(view)
        structured = usual > limits.flat_range
        if structured.sum() < ROWS * COLUMNS * limits.flat_share:
            return None
        contrast = np.minimum(now / np.maximum(usual, 1.0), 1.0)  # dim light is no blur
        lost = (detail < limits.blurred_to * contrast * reference.detail)[structured]
        if float(lost.mean()) >= limits.blurred_share:
            return Blindness.BLURRED
        for seen in (view, None):  # in place, else swayed a little
            seen = _swayed_back(reference.view, view) if seen is None else seen
            matching = _correlation(reference.view, seen)[structured] > limits.moved_match
            if float(matching.mean()) >= limits.moved_share:
                return None
        return Blindness.MOVED

    def _follow(
        self, reference: _Reference, view: NDArray[np.float32], detail: Grid, at_s: float
    ) -> None:
        share = 1.0 - float(np.exp(-(at_s - reference.at_s) / self.thresholds.adapt_s))
        reference.view += share * (view - reference.view)
        reference.detail += share * (detail - reference.detail)
        reference.at_s, reference.strange_since_s = at_s, None


def _dark(small: Image, limits: Thresholds) -> bool:
    return float((small > limits.dark_level).mean()) < limits.dark_share


def _flat(small: Image, limits: Thresholds) -> bool:
    return float((_spread(small) > limits.flat_range).mean()) < limits.flat_share


def _blocks(small: NDArray[np.float32] | Image) -> NDArray[np.float32]:
    """The small picture as (9, 16, 225): the pixels of each block."""
    cut = small.reshape(ROWS, SIDE, COLUMNS, SIDE).swapaxes(1, 2)
    return cut.reshape(ROWS, COLUMNS, SIDE * SIDE).astype(np.float32, copy=False)


def _spread(small: NDArray[np.float32] | Image) -> Grid:
    """Grey levels between the darkest and the brightest part of each block."""
    blocks = _blocks(small)
    spread: Grid = blocks.max(axis=2) - blocks.min(axis=2)
    return spread


def _correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> Grid:
    """Normalised correlation of each block, -1..1: the same under any change of light that is
    even over the block."""
    a, b = _blocks(one), _blocks(other)
    a = a - a.mean(axis=2, keepdims=True)
    b = b - b.mean(axis=2, keepdims=True)
    power = np.sqrt((a * a).sum(axis=2) * (b * b).sum(axis=2)) + 1.0
    matched: Grid = (a * b).sum(axis=2) / power
    return matched


def _scan(bgr: Image) -> Image:
    """The green of 135 rows of the picture at their full width, (135, w)."""
    rows = np.linspace(0, bgr.shape[0] - 1, ROWS * SIDE).astype(np.intp)
    scan: Image = np.ascontiguousarray(bgr[rows, :, 1])
    return scan


def _small(scan: Image) -> Image:
    """The small picture, (135, 240)."""
    size = (COLUMNS * SIDE, ROWS * SIDE)
    return np.asarray(cv2.resize(scan, size, interpolation=cv2.INTER_AREA), np.uint8)


def _swayed_back(reference: NDArray[np.float32], view: NDArray[np.float32]) -> NDArray[np.float32]:
    """The view, shifted by at most SWAY pixels to where it agrees best with the reference."""
    inner = view[SWAY:-SWAY, SWAY:-SWAY]
    agreement = cv2.matchTemplate(reference, inner, cv2.TM_CCOEFF_NORMED)
    _, _, _, (right, down) = cv2.minMaxLoc(agreement)
    shifted: NDArray[np.float32] = np.roll(view, (down - SWAY, right - SWAY), axis=(0, 1))
    return shifted


def _detail(small: Image) -> Grid:
    """Sharp detail of each block: mean absolute Laplacian, grey levels, as far as it is more than
    a camera's noise."""
    bent = cv2.convertScaleAbs(cv2.Laplacian(cv2.blur(small, (3, 3)), cv2.CV_16S, ksize=1))
    edges = np.maximum(bent.astype(np.float32) - NOISE, 0.0)
    detail: Grid = _blocks(edges).mean(axis=2)
    return detail
