"""What a source counts as it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vision.probe import Refusal


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """Since the source was opened.

    packets: that came. reconnects: new connections after the first. stuck: readers that neither
    delivered nor failed and were given up. late_s: by how much the newest packet came later than
    the most prompt ones. decode_s: seconds of processor time spent on decoding. key_every_s: stream
    seconds between the last two key frames; None: not known yet. sizes_tell: packets' sizes have
    told of motion before. last_picture: when the last whole picture came; None: none yet. trouble:
    why there are no pictures now, without credentials; None while they come. refusal: the same for
    people of any language, where it is known.
    """

    packets: int = 0
    reconnects: int = 0
    stuck: int = 0
    late_s: float = 0.0
    decode_s: float = 0.0
    key_every_s: float | None = None
    sizes_tell: bool = False
    last_picture: datetime | None = None
    trouble: str | None = None
    refusal: Refusal | None = None
