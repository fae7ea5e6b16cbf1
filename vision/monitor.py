"""The one loop: live or recorded, a source's pictures become looks, changes and alerts.

There is no mode flag. A recorded source drives a replay clock, a camera follows the system's; the
same pictures and detections give the same alerts, to the byte.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from vision.engine import Engine
from vision.pacer import Pacer
from vision.records import Alert, Frame, Gap
from vision.seeing import Look, Seer


class Sink(Protocol):
    """Where looks and alerts go."""

    def looked(self, look: Look, engine: Engine) -> None: ...

    def alerted(self, alert: Alert, look: Look) -> None: ...


def monitor(
    pictures: Iterable[Frame | Gap], seer: Seer, engine: Engine, sink: Sink, pacer: Pacer
) -> None:
    """Watch until the source ends. Alerts of a look are told before the look itself."""
    for item in pictures:
        attention = pacer.attention(item)
        if attention is None:
            continue
        look = seer.look(item, attention)
        for alert in engine.step(look.observations):
            sink.alerted(alert, look)
        pacer.looked(look, engine)
        sink.looked(look, engine)
