"""From a picture to observations: what to look at closely, and what the detections mean.

Every window is looked at twice: in the whole picture, and close up, where a phone is several times
as large: at the clerk whom the whole picture shows, or at the empty seat. People are counted in the
whole picture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vision.geometry import Boxes, Zone, centres, feet, overlap_of_smaller, without_doubles
from vision.hallfile import Hall, Queue, Seeing, Window
from vision.records import (
    Blindness,
    CameraSeen,
    Detections,
    Frame,
    Gap,
    Image,
    Label,
    Observation,
    QueueSeen,
    Stamp,
    WindowSeen,
)

CLERK_SCORE = 0.3
CLERK_MARGIN, SEAT_MARGIN = 1.4, 1.25
"""Side of a close-up relative to the longer side of the clerk's box, or of an empty staff zone."""
SMALLEST_CLOSE_UP_PX = 96.0
DOUBLE = 0.6
"""Two boxes of one label are one thing when so much of the smaller lies on the other."""
MOUTH_SHARE = 0.5
"""Food is at the mouth when its centre lies in the upper half of what is seen of a seated person:
at a bite at 0.40 to 0.48 of the height, held before the chest at 0.50 to 0.63 (rendered meal)."""
HAND_SHARE = 0.92
"""A phone in use is above the lowest edge of what is seen of a seated person; on that edge and
below it lies the desk."""
SIGN_LOOK_S = 5.0
"""How often the sign zone of an empty window is read when no sign was detected."""
SIGN_CANDIDATE = 0.15


class Detector(Protocol):
    """Finds things in pictures. `sha256` names the very model that looked."""

    @property
    def sha256(self) -> str: ...

    def detect(self, images: Sequence[Image]) -> list[Detections]: ...


class SignReader(Protocol):
    """Reads a sign: True when it says that service is paused, False when it says something
    else, None when it cannot be read."""

    def says_pause(self, crop: Image) -> bool | None: ...


@dataclass(frozen=True, slots=True)
class Look:
    """One look through one camera: the picture (or why there is none) and what it means."""

    camera: str
    stamp: Stamp
    frame: Frame | None
    blind: Blindness | None
    detections: Detections
    observations: tuple[Observation, ...]


Crop = tuple[int, int, int, int]
"""x1, y1, x2, y2 in whole pixels."""


class Seer:
    """Looks through one camera of a hall.

    eye: judges whether a picture can be trusted at all; reader: reads pause signs, or None.
    open_at: whether a window serves at a moment; None for "not known".
    """

    def __init__(
        self,
        hall: Hall,
        camera: str,
        detector: Detector,
        *,
        reader: SignReader | None,
        eye: Callable[[Frame], Blindness | None],
        open_at: Callable[[str, Stamp], bool | None] | None = None,
    ) -> None:
        self.hall = hall
        self.camera = hall.camera(camera)
        self.detector = detector
        self.reader = reader
        self.eye = eye
        self.open_at = open_at or (lambda _, stamp: hall.open_at(stamp.wall))
        self.windows = hall.windows_of(camera)
        self.queues = hall.queues_of(camera)
        self._read_s: dict[str, float] = {}
        self._read: dict[str, bool | None] = {}

    def look(self, item: Frame | Gap) -> Look:
        """What this frame shows; for a gap, or an eye that cannot see, nothing but that."""
        if isinstance(item, Gap):
            return self._blind(item.stamp, item.why, None)
        blind = self.eye(item)
        if blind is not None:
            return self._blind(item.stamp, blind, item)
        height, width = item.bgr.shape[:2]
        if (width, height) != (self.camera.width, self.camera.height):
            return self._blind(item.stamp, Blindness.MOVED, item)
        (whole,) = self.detector.detect([item.bgr])
        places = [close_up(w, whole, width, height) for w in self.windows]
        close = self.detector.detect([item.bgr[y1:y2, x1:x2] for x1, y1, x2, y2 in places])
        near = [d.moved(x1, y1) for d, (x1, y1, _, _) in zip(close, places, strict=True)]
        people = _people(whole)
        seen: list[Observation] = [CameraSeen(item.stamp, self.camera.id)]
        for window, crop in zip(self.windows, near, strict=True):
            seen.append(self._window(window, item, whole, crop, people))
        seen += [self._queue(q, item.stamp, people) for q in self.queues]
        together = merged(whole, *near)
        return Look(self.camera.id, item.stamp, item, None, together, tuple(seen))

    def _blind(self, stamp: Stamp, why: Blindness, frame: Frame | None) -> Look:
        seen: list[Observation] = [CameraSeen(stamp, self.camera.id, blind=why)]
        seen += [
            WindowSeen(stamp, w.id, blind=why, open=self.open_at(w.id, stamp)) for w in self.windows
        ]
        seen += [
            QueueSeen(stamp, q.id, blind=why, open=self.open_at(q.id, stamp)) for q in self.queues
        ]
        return Look(self.camera.id, stamp, frame, why, Detections.none(), tuple(seen))

    def _queue(self, queue: Queue, stamp: Stamp, people: Detections) -> QueueSeen:
        standing = people.xyxy[people.score >= self.hall.seeing.present_score]
        anchors = feet(standing) if queue.anchor == "feet" else centres(standing)
        count = int(queue.zone.holds(anchors).sum())
        return QueueSeen(stamp, queue.id, open=self.open_at(queue.id, stamp), count=count)

    def _window(
        self, window: Window, frame: Frame, whole: Detections, crop: Detections, people: Detections
    ) -> WindowSeen:
        seeing = self.hall.seeing
        seat = merged(whole, crop)
        held = seat.of(Label.PERSON, Label.HEAD_DOWN)
        at_counter = people.xyxy[
            window.counter.holds(feet(people.xyxy)) & (people.score >= seeing.present_score)
        ]
        inside = window.staff.holds(centres(held.xyxy)) & ~_same(held.xyxy, at_counter)
        staff_boxes = held.xyxy[inside & (held.score >= seeing.present_score)]
        staff = _present(held.score[inside], window.staff, people.xyxy[people.score >= 0.3], seeing)
        sign = (
            None
            if staff is None
            else False
            if staff
            else self._sign(window, frame, seat, at_counter)
        )
        phone, eating = (None, None) if staff is None else (0.0, 0.0)
        if staff:
            phone = _held_by(seat.of(Label.PHONE), _upper(staff_boxes, HAND_SHARE), at_counter)
            eating = _held_by(seat.of(Label.FOOD), _upper(staff_boxes, MOUTH_SHARE), at_counter)
        return WindowSeen(
            frame.stamp,
            window.id,
            open=self.open_at(window.id, frame.stamp),
            staff=staff,
            citizens=len(at_counter),
            sign=sign,
            phone=phone,
            eating=eating,
        )

    def _sign(self, window: Window, frame: Frame, seat: Detections, in_front: Boxes) -> bool | None:
        """Whether a pause sign is up. Text that can be read decides; the class alone is believed
        only where it cannot; where those `in_front` hide the sign zone, nobody can tell. Asked only
        of an empty window: elsewhere it changes nothing."""
        signs = seat.of(Label.PAUSE_SIGN, at_least=SIGN_CANDIDATE)
        zone = window.sign
        places = centres(signs.xyxy)
        inside = (
            zone.holds(places)
            if zone
            else window.staff.holds(places) | window.counter.holds(places)
        )
        unread = 0.0
        for box, score in zip(signs.xyxy[inside], signs.score[inside], strict=True):
            says = self.reader.says_pause(_cut(frame.bgr, box, 0.25)) if self.reader else None
            if says:
                return True
            if says is None:
                unread = max(unread, float(score))
        if zone is not None and self.reader and self._read_zone(window.id, zone, frame):
            return True
        if unread >= self.hall.seeing.sign_score:
            return True
        hidden = zone is not None and zone.covered_by(in_front) >= self.hall.seeing.hidden_share
        return None if hidden or unread >= self.hall.seeing.sign_doubt_score else False

    def _read_zone(self, window: str, zone: Zone, frame: Frame) -> bool | None:
        """The text in the whole sign zone, read anew every few seconds of stream time."""
        at_s = frame.stamp.at_s
        if at_s - self._read_s.get(window, -SIGN_LOOK_S) >= SIGN_LOOK_S and self.reader:
            box = np.array(zone.bounds, np.float32)
            self._read[window] = self.reader.says_pause(_cut(frame.bgr, box, 0.05))
            self._read_s[window] = at_s
        return self._read.get(window)


def close_up(window: Window, whole: Detections, width: int, height: int) -> Crop:
    """The square part of a `width` x `height` picture that is looked at closely for a window:
    around the surest person in the staff zone, else around the zone. Moved, never shrunk, into
    the picture."""
    people = whole.of(Label.PERSON, at_least=CLERK_SCORE)
    citizens = window.counter.holds(feet(people.xyxy))
    clerks = people.xyxy[window.staff.holds(centres(people.xyxy)) & ~citizens]
    if len(clerks):
        x1, y1, x2, y2 = (float(v) for v in clerks[0])
        side = max(CLERK_MARGIN * max(x2 - x1, y2 - y1), SMALLEST_CLOSE_UP_PX)
    else:
        x1, y1, x2, y2 = window.staff.bounds
        side = SEAT_MARGIN * max(x2 - x1, y2 - y1)
    side = min(side, width, height)
    left = min(max((x1 + x2 - side) / 2, 0), width - side)
    top = min(max((y1 + y2 - side) / 2, 0), height - side)
    return int(left), int(top), int(left + side), int(top + side)


def merged(*parts: Detections) -> Detections:
    """All detections, each thing once: of two boxes of one label on each other the surer stays."""
    joined = Detections.joined(*parts)
    kept: list[int] = []
    for label in np.unique(joined.label):
        mine = np.flatnonzero(joined.label == label)
        kept += mine[without_doubles(joined.xyxy[mine], joined.score[mine], DOUBLE)].tolist()
    order = np.sort(np.array(kept, np.intp))
    return Detections(joined.xyxy[order], joined.score[order], joined.label[order])


def _people(whole: Detections) -> Detections:
    return whole.of(Label.PERSON, at_least=0.1)


def _present(
    scores: NDArray[np.float32],
    zone: Zone,
    people: Boxes,
    seeing: Seeing,
) -> bool | None:
    best = float(scores.max()) if len(scores) else 0.0
    if best >= seeing.present_score:
        return True
    if best > seeing.absent_score or zone.covered_by(people) >= seeing.hidden_share:
        return None
    return False


def _same(boxes: Boxes, others: Boxes) -> NDArray[np.bool_]:
    """Which of the boxes are one of the others: (len(boxes),) bool."""
    if len(others) == 0:
        return np.zeros(len(boxes), bool)
    lying: NDArray[np.float32] = overlap_of_smaller(boxes, others).max(axis=1)
    return lying > 0.85


def _upper(staff: Boxes, share: float) -> Boxes:
    """The upper part of each box."""
    upper = staff.copy()
    upper[:, 3] = staff[:, 1] + share * (staff[:, 3] - staff[:, 1])
    return upper


def _held_by(things: Detections, holders: Boxes, citizens: Boxes) -> float:
    """Best score of a thing whose centre lies in a holder and not in a citizen."""
    if len(things) == 0 or len(holders) == 0:
        return 0.0
    points = centres(things.xyxy)
    mine, foreign = (_inside(points, boxes).any(axis=1) for boxes in (holders, citizens))
    scores = things.score[mine & ~foreign]
    return float(scores.max()) if len(scores) else 0.0


def _inside(points: Boxes, boxes: Boxes) -> NDArray[np.bool_]:
    """Which points lie in which boxes: (n, m) bool."""
    x, y = points[:, None, 0], points[:, None, 1]
    inside: NDArray[np.bool_] = (
        (x >= boxes[:, 0]) & (x <= boxes[:, 2]) & (y >= boxes[:, 1]) & (y <= boxes[:, 3])
    )
    return inside


def _cut(picture: Image, box: NDArray[np.float32], margin: float) -> Image:
    """The part of the picture under the box, with a margin relative to its sides."""
    height, width = picture.shape[:2]
    dx, dy = margin * (box[2] - box[0]), margin * (box[3] - box[1])
    x1, y1 = max(int(box[0] - dx), 0), max(int(box[1] - dy), 0)
    x2, y2 = min(int(box[2] + dx) + 1, width), min(int(box[3] + dy) + 1, height)
    return picture[y1:y2, x1:x2]
