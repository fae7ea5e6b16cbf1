"""What a camera's place on the live page shows: nobody outside the staff zones is recognisable."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from api.live import Picture, jpeg_of
from cameras.evidence import Corners
from vision.blur import Box, Veil
from vision.hallfile import Camera
from vision.records import Detections, Image
from vision.seeing import Look


class Screen:
    """The pictures of one camera for the screen; they are made when somebody looks.

    Where people stand is known of a picture that the model was asked about. While its answer
    stands, so does what is blurred, and with it all that has changed since. Of any other picture
    (nothing serves, the eye cannot see) it is not known, and all but the staff zones is blurred.
    """

    def __init__(self, camera: Camera, staff: Sequence[Corners]) -> None:
        self._size = camera.width, camera.height
        self._veil = Veil(staff, self._size)
        self._asked: tuple[Image, list[Box]] | None = None

    def picture(self, look: Look) -> Picture | None:
        """What to show of a look; None where it has no picture."""
        if look.frame is None:
            return None
        bgr = look.frame.bgr
        if look.asked:
            self._asked = bgr, _boxes(look.people())
        if self._asked is None or not (look.asked or look.again):
            return Picture(lambda: jpeg_of(self._veil.all_but_zones(self.grown(bgr))))
        before, people = self._asked
        since = None if before is bgr else before
        return Picture(lambda: jpeg_of(self._veil.people(self.grown(bgr), people, since=since)))

    def grown(self, bgr: Image) -> Image:
        """A picture of the second stream in the size of the main one, in which all boxes are."""
        if bgr.shape[1::-1] == self._size:
            return bgr
        return np.asarray(cv2.resize(bgr, self._size), np.uint8)


def _boxes(seen: Detections) -> list[Box]:
    return [(float(x1), float(y1), float(x2), float(y2)) for x1, y1, x2, y2 in seen.xyxy]
