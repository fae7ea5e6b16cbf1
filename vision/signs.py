"""Whether a pause sign is up at an empty window: text first, then what the hall has taught."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Protocol

from vision.geometry import Boxes, Zone, centres
from vision.hallfile import Seeing, Window
from vision.records import Detections, Image, Label, Said, Stamp
from vision.standing import Standing
from vision.view import View

SIGN_LOOK_S, LONGEST_LOOK_S = 5.0, 20.0
"""How often the sign zone of an empty window is read when no sign was detected."""
SIGN_CANDIDATE = 0.15
ZONE_MARGIN, SIGN_MARGIN = 0.05, 0.25
STEADY_SHARE, MOST_PLACES = 0.1, 8
"""A box is where an earlier one was when no edge lies farther off than this share of its longer
side: it is cut there again, so that an unchanged sign is the same picture, and read once."""


class SignReader(Protocol):
    """Reads a sign."""

    def says(self, crop: Image) -> Said: ...


class TaughtSigns(Protocol):
    """The pause signs that the hall has shown."""

    def shown(self, window: str, picture: Image) -> Image | None:
        """The part of a picture of the window's sign zone that looks like its taught sign, or
        None where nothing does, or none was taught."""


class SignWatch:
    """Watches for the pause signs of one camera's windows.

    reader, taught: None where there is none; then the class score alone can be believed.
    """

    def __init__(
        self, seeing: Seeing, reader: SignReader | None, taught: TaughtSigns | None = None
    ) -> None:
        self.seeing = seeing
        self.reader = reader
        self.taught = taught
        self._asked_s: dict[str, float] = {}
        self._read_s: dict[str, tuple[float, float]] = {}  # when, and how long it holds
        self._read: dict[str, Said] = {}
        self._standing: dict[str, Standing] = {}
        self._places: dict[str, deque[list[float]]] = {}

    def up(
        self, window: Window, stamp: Stamp, view: View, seat: Detections, in_front: Boxes
    ) -> bool | None:
        """Whether a pause sign is up. Text that can be read decides; the class score, or a sign
        that the hall has taught, is believed only where it cannot, and only for a thing that stands
        there. Where what is legible leaves it open, or those `in_front` hide the sign zone, nobody
        can tell. Asked only of an empty window: elsewhere it changes nothing."""
        signs = seat.of(Label.PAUSE_SIGN, at_least=SIGN_CANDIDATE)
        zone = window.sign
        places = centres(signs.xyxy)
        inside = (
            zone.holds(places)
            if zone
            else window.staff.holds(places) | window.counter.holds(places)
        )
        boxes, scores = signs.xyxy[inside], signs.score[inside].tolist()
        steady = [self._place(window.id, box) for box in boxes.tolist()]
        says = self._read_until_pause([view.cut(box, SIGN_MARGIN) for box in steady])
        things = self._standing.setdefault(window.id, Standing()).seen(
            stamp.at_s, boxes, scores, says
        )
        read = {thing.says for thing in things}
        if Said.PAUSE in read:
            return True
        unread = max((t.score for t in things if t.says is Said.NOTHING), default=0.0)
        zone_says = self._zone_says(window.id, zone, stamp, view) if zone else Said.NOTHING
        if zone_says is Said.PAUSE:
            return True
        if unread >= self.seeing.sign_score and zone_says is Said.NOTHING:
            return True
        moot = Said.MOOT in (zone_says, *read)
        hidden = zone is not None and zone.covered_by(in_front) >= self.seeing.hidden_share
        return None if moot or hidden or unread >= self.seeing.sign_doubt_score else False

    def _place(self, window: str, box: list[float]) -> list[float]:
        """Where to cut a sign seen in this box (x1, y1, x2, y2): there, or where it was before."""
        places = self._places.setdefault(window, deque(maxlen=MOST_PLACES))
        reach = STEADY_SHARE * max(box[2] - box[0], box[3] - box[1])
        for place in places:
            if all(abs(a - b) <= reach for a, b in zip(place, box, strict=True)):
                return place
        places.append(box)
        return box

    def _read_until_pause(self, pictures: Sequence[Image]) -> list[Said]:
        """What each says; behind one that says pause, nothing more is read."""
        says: list[Said] = []
        for picture in pictures:
            says.append(Said.NOTHING if Said.PAUSE in says else self._says(picture))
        return says

    def _zone_says(self, window: str, zone: Zone, stamp: Stamp, view: View) -> Said:
        """What the whole sign zone says, looked at anew every few seconds of stream time."""
        at_s = stamp.at_s
        if at_s - self._asked_s.get(window, -SIGN_LOOK_S) >= SIGN_LOOK_S:  # empty since just now
            self._read_s.pop(window, None)
        self._asked_s[window] = at_s
        since_s, every_s = self._read_s.get(window, (-LONGEST_LOOK_S, SIGN_LOOK_S))
        if at_s - since_s >= every_s:
            picture, before = view.cut(zone.bounds, ZONE_MARGIN), self._read.get(window)
            says = self._says(picture)
            if says is not Said.PAUSE and self._taught_is_up(window, picture):
                says = Said.PAUSE
            longer_s = min(2 * every_s, LONGEST_LOOK_S) if says == before else SIGN_LOOK_S
            self._read[window] = says
            self._read_s[window] = at_s, longer_s
        return self._read[window]

    def _taught_is_up(self, window: str, picture: Image) -> bool:
        """Whether the taught sign is in the picture, and no legible text on it says otherwise."""
        found = self.taught.shown(window, picture) if self.taught else None
        return found is not None and self._says(found) in (Said.PAUSE, Said.NOTHING)

    def _says(self, picture: Image) -> Said:
        return self.reader.says(picture) if self.reader else Said.NOTHING
