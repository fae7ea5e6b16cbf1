"""How a camera and its watching are doing: counted, never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vision.probe import Refusal


@dataclass(frozen=True, slots=True)
class RecordingHealth:
    """Continuous recording of one camera.

    written_bytes: since the start. dropped_packets: that found the writer's queue full. trouble:
    why nothing is recorded now, in words that say what to do; None while it works. newest: when a
    packet was last written, or, before the first, since when that is wanted.
    """

    written_bytes: int = 0
    dropped_packets: int = 0
    trouble: str | None = None
    newest: datetime | None = None


@dataclass(frozen=True, slots=True)
class CameraHealth:
    """Counters since the process started, and the state now.

    packets: that came from the camera; analysed: pictures that were looked at; gaps: looks that
    found no usable picture; reconnects: new connections after the first; stuck: readers that the
    watchdog tore down. lag_s: age of the picture last looked at when its rules had been asked.
    decode_s, inference_s: seconds spent in all. pace_hz: looks a second asked for now.
    last_picture: when the last picture came; None: none yet. trouble: why there are no pictures
    now, without credentials; None while they come; refusal: the same for people of any language,
    where it is known.
    """

    camera: str
    packets: int = 0
    analysed: int = 0
    gaps: int = 0
    reconnects: int = 0
    stuck: int = 0
    lag_s: float | None = None
    decode_s: float = 0.0
    inference_s: float = 0.0
    pace_hz: float | None = None
    last_picture: datetime | None = None
    trouble: str | None = None
    refusal: Refusal | None = None
    recording: RecordingHealth | None = None
