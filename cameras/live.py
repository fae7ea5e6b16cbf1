"""A live camera: its newest picture at the asked pace, every packet to the recorder, never an end.

A link reads on a thread of its own (`cameras.link`). Whoever looks too slowly sees fewer pictures,
never older ones.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event
from typing import Self

from cameras.clocks import Clock, StreamClock
from cameras.counts import SourceCounts
from cameras.decoding import upright
from cameras.link import Connect, Link, Newest
from cameras.packets import PacketSink
from cameras.patience import Patience
from vision.address import shown
from vision.records import Blindness, Frame, Gap, Packet

log = logging.getLogger(__name__)

GAP_EVERY_S = 1.0
LONGEST_STUCK_S = 600.0


class LiveSource:
    """One camera. connect: opens the address with a patience in seconds, or raises. Stamps come
    from the clock; stream seconds count from here, and stand still when the clock is set back.

    A reader that neither delivers nor fails is given up and another one started.
    """

    def __init__(
        self,
        camera: str,
        url: str,
        connect: Connect,
        *,
        clock: Clock,
        pace_hz: float,
        recorder: PacketSink | None = None,
        patience: Patience | None = None,
        packets_only: bool = False,
    ) -> None:
        if not pace_hz > 0:
            raise ValueError(f"a pace is positive pictures a second, not {pace_hz}")
        self.camera = camera
        self.url = url
        self.connect = connect
        self.clock = clock
        self.pace_hz = pace_hz
        self.recorder = recorder
        self.patience = patience or Patience()
        self.packets_only = packets_only
        self._stream_clock = StreamClock(clock)
        self._keys_only = False
        self._closing = Event()
        self._past = SourceCounts()  # of the links that were given up
        self._stuck_in_a_row = 0
        self._link = self._start_link()

    @property
    def keys_only(self) -> bool:
        """Decode key frames only, see `cameras.decoding`; may be switched while running."""
        return self._keys_only

    @keys_only.setter
    def keys_only(self, yes: bool) -> None:
        self._keys_only = self._link.keys_only = yes

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels; (0, 0) until the first picture."""
        return self._link.size

    @property
    def trouble(self) -> str | None:
        """Why there are no pictures now, without credentials; None while they come."""
        return self._link.trouble

    def counts(self) -> SourceCounts:
        now, past = self._link.counts(), self._past
        return replace(
            now,
            packets=past.packets + now.packets,
            reconnects=past.reconnects + now.reconnects,
            stuck=past.stuck,
            decode_s=past.decode_s + now.decode_s,
            last_picture=now.last_picture or past.last_picture,
        )

    def pictures(self) -> Iterator[Frame | Gap]:
        """The newest picture at each beat of the pace, or about once a second why there is none."""
        told = self._stream_clock.now()
        seen_s = gap_s = -GAP_EVERY_S
        due = self.clock.now()
        while not self._closing.is_set():
            period = timedelta(seconds=1.0 / self.pace_hz)
            self.clock.wait_until(min(due, self.clock.now() + period))  # it may be set back
            due = self._beat_after(due, period)
            now = self._stream_clock.now()
            newest = self._link.take()
            if newest is not None or (self.packets_only and self._packets_come(now.at_s)):
                seen_s = now.at_s
            if newest is not None and newest.whole:
                told = max(told, newest.stamp)
                yield Frame(Packet(self.camera, newest.seq, told), upright(newest.frame))
                continue
            why = self._blind(newest, now.at_s - seen_s)
            if why is not None and now.at_s - gap_s >= GAP_EVERY_S:
                gap_s, told = now.at_s, now
                yield Gap(self.camera, now, why)
            self._free_from_stuck(now.at_s)

    def close(self) -> None:
        """Stop reading. A reader that waits for a silent camera ends when its patience does."""
        self._closing.set()
        self._link.leave()
        self._link.join(timeout=1.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start_link(self) -> Link:
        link = Link(
            self.camera, self.url, self.connect, clock=self._stream_clock, pace_hz=self.pace_hz,
            recorder=self.recorder, patience=self.patience, packets_only=self.packets_only,
        )  # fmt: skip
        link.keys_only = self._keys_only
        link.start()
        return link

    def _free_from_stuck(self, at_s: float) -> None:
        """Give up a link without a sign of life; each one in a row is waited for twice as long,
        for its thread may live on in a library that does not come back."""
        if self._link.counts().packets:
            self._stuck_in_a_row = 0
        patience_s = self.patience.stuck_s * 2**self._stuck_in_a_row
        if self._link.silent_s(at_s) < min(patience_s, LONGEST_STUCK_S):
            return
        log.error("camera %s at %s: the reader is stuck; another is started", self.camera,
                  shown(self.url))  # fmt: skip
        self._link.leave()
        past = self.counts()
        self._past = replace(past, stuck=past.stuck + 1, reconnects=past.reconnects + 1)
        self._stuck_in_a_row += 1
        self._link = self._start_link()

    def _beat_after(self, due: datetime, period: timedelta) -> datetime:
        """The next beat; after being late, or after the clock was set back, counted from now."""
        now = self.clock.now()
        return due + period if now - period < due <= now + period else now + period

    def _packets_come(self, at_s: float) -> bool:
        return self._link.connected and self._link.silent_s(at_s) < self.patience.stall_s

    def _blind(self, newest: Newest | None, silent_s: float) -> Blindness | None:
        if newest is not None:
            return Blindness.CORRUPT
        patience_s = self.patience.stall_s if self._link.connected else GAP_EVERY_S
        if self.keys_only:
            patience_s += self._link.counts().key_every_s or 0.0
        return Blindness.OFFLINE if silent_s >= patience_s else None
