"""Trying out zones and thresholds: footage is watched again as the hall is and as it would be.

The same monitor and rules as live, on one thread that waits as long as it works, so that what is
watched now keeps the machine. Pictures that both halls look at are detected once: with new
thresholds alone, the second watching costs only the decoding.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import av

from api.alerts.evidence import latest_clips
from api.database import Database
from api.footage.keeping import Cutter, FootageDiskError, NoFootageError
from api.halls.rehearsal import Footage, Stand
from cameras.clocks import ReplayClock
from cameras.errors import SourceError
from cli.eyes import Eyes, camera_url, opening, watch_camera
from vision.engine import Engine
from vision.hallfile import Hall
from vision.records import Alert, Detections, Image, Said
from vision.seeing import Detector, Known, Look, nothing_known
from vision.signs import SignReader
from vision.whatif import Difference, compare, incidents

_log = logging.getLogger(__name__)

HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
"""An hour is cut in quarters: one clip of it would be too long to be held in memory."""
REST_SHARE = 1.0
"""So many times as long as it worked, a rehearsal rests."""


@dataclass(frozen=True, slots=True)
class Reel:
    """A film to watch again, and when its recording began (aware)."""

    path: Path
    began: datetime


class NothingToWatchError(LookupError):
    """There is no footage of this kind any more."""


class RememberingDetector:
    """Looks at each picture once, however often it is asked about it."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._known: dict[bytes, Detections] = {}

    @property
    def sha256(self) -> str:
        return self._detector.sha256

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        keys = [_digest(image) for image in images]
        fresh = {k: image for k, image in zip(keys, images, strict=True) if k not in self._known}
        if fresh:
            found = self._detector.detect(list(fresh.values()))
            self._known.update(zip(fresh, found, strict=True))
        return [self._known[key] for key in keys]


class RememberingReader:
    """Reads each sign once."""

    def __init__(self, reader: SignReader) -> None:
        self._reader = reader
        self._known: dict[bytes, Said] = {}

    def says(self, crop: Image) -> Said:
        key = _digest(crop)
        if key not in self._known:
            self._known[key] = self._reader.says(crop)
        return self._known[key]


def _digest(image: Image) -> bytes:
    shape = repr(image.shape).encode()
    return hashlib.blake2b(image.tobytes(), digest_size=16, key=shape).digest()


@dataclass(slots=True)
class _Notes:
    """A sink that keeps the alerts, and rests after each look."""

    rest: Callable[[], None]
    passed: Callable[[float], None]
    alerts: list[Alert] = field(default_factory=list)

    def alerted(self, alert: Alert, look: Look) -> None:
        self.alerts.append(alert)

    def looked(self, look: Look, engine: Engine) -> None:
        self.passed(look.stamp.at_s)
        self.rest()


class FilmRehearsal:
    """Watches some reels twice, on a thread of its own; `turn` lets one rehearsal run at a time."""

    def __init__(
        self,
        halls: tuple[Hall, Hall],
        camera: str,
        reels: Callable[[Path], Sequence[Reel]],
        eyes: Eyes,
        *,
        turn: threading.Lock,
        rest_share: float,
        hours: Known,
        tickets: Known,
    ) -> None:
        self._halls, self._camera, self._reels = halls, camera, reels
        self._eyes, self._turn, self._rest_share = eyes, turn, rest_share
        self._hours, self._tickets = hours, tickets
        self._stand = Stand(0.0, 0.0)
        self._stopping = threading.Event()
        self._worked_at_s = time.monotonic()
        self._thread = threading.Thread(target=self._run, name=f"try-out {camera}", daemon=True)
        self._thread.start()

    def stand(self) -> Stand:
        return self._stand

    def stop(self) -> None:
        self._stopping.set()

    def join(self, timeout_s: float) -> None:
        self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            with self._turn, tempfile.TemporaryDirectory(prefix="hallwatch-try-") as folder:
                outcome, watched_s = self._watch(self._reels(Path(folder)))
        except (NothingToWatchError, NoFootageError, FootageDiskError, SourceError) as error:
            self._stand = Stand(0.0, 0.0, trouble=str(error))
        except Exception as error:
            _log.exception("a try-out of camera %s failed", self._camera)
            self._stand = Stand(0.0, 0.0, trouble=type(error).__name__)
        else:
            self._stand = Stand(1.0, watched_s, outcome=outcome)

    def _watch(self, reels: Sequence[Reel]) -> tuple[tuple[Difference, ...], float]:
        lengths_s = [length_s(reel.path) for reel in reels]
        total_s = max(sum(lengths_s), 1e-3)
        differences: list[Difference] = []
        done_s = 0.0
        for reel, reel_s in zip(reels, lengths_s, strict=True):
            near = self._eyes.near
            eyes = Eyes(
                RememberingDetector(self._eyes.detector),
                RememberingReader(self._eyes.reader),
                None if near is None else RememberingDetector(near),
            )
            runs: list[list[Alert]] = []
            for half, hall in enumerate(self._halls):

                def passed(at_s: float, ahead_s: float = done_s + half * reel_s / 2) -> None:
                    watched_s = min(ahead_s + at_s / 2, total_s)
                    self._stand = Stand(watched_s / total_s, watched_s)

                runs.append(self._alerts(hall, reel, eyes, passed))
            before, after = (incidents(alerts) for alerts in runs)
            differences += compare(before, after)
            done_s += reel_s
        return tuple(differences), done_s

    def _alerts(
        self, hall: Hall, reel: Reel, eyes: Eyes, passed: Callable[[float], None]
    ) -> list[Alert]:
        notes = _Notes(self._rest, passed)
        watch_camera(
            hall, self._camera, eyes, notes, clock=ReplayClock(reel.began, speed=None),
            url=str(reel.path), start=reel.began, stop=self._stopping.is_set,
            open_at=opening(hall, self._hours), ticket_paused=self._tickets,
        )  # fmt: skip
        if self._stopping.is_set():
            raise NothingToWatchError("stopped")
        return notes.alerts

    def _rest(self) -> None:
        worked_s = time.monotonic() - self._worked_at_s
        self._stopping.wait(self._rest_share * worked_s)
        self._worked_at_s = time.monotonic()


def length_s(path: Path) -> float:
    """How long a film is, in seconds; 0 where it does not say."""
    with av.open(str(path)) as container:
        return (container.duration or 0) / av.time_base


class FilmStage:
    """What there is to watch again, and who does it. `cutter` cuts from the recordings on disk;
    `clips(camera)` are the latest alerts' own. `now` gives the aware current time. `hours`,
    `tickets`: what roster and ticket system say of a moment, as the stations are told."""

    def __init__(
        self,
        hall: Callable[[], Hall],
        eyes: Eyes,
        *,
        cutter: Cutter | None,
        clips: Callable[[str], Sequence[Reel]],
        now: Callable[[], datetime],
        rest_share: float = REST_SHARE,
        hours: Known = nothing_known,
        tickets: Known = nothing_known,
    ) -> None:
        self._hours, self._tickets = hours, tickets
        self._hall, self._eyes, self._rest_share = hall, eyes, rest_share
        self._cutter, self._clips, self._now = cutter, clips, now
        self._turn = threading.Lock()

    def footage(self, camera: str) -> Sequence[Footage]:
        kinds: list[Footage] = []
        if self._cutter is not None or self._own_film(camera) is not None:
            kinds.append(Footage.HOUR)
        if self._clips(camera):
            kinds.append(Footage.CLIPS)
        return kinds

    def rehearse(self, before: Hall, after: Hall, camera: str, footage: Footage) -> FilmRehearsal:
        def reels(folder: Path) -> Sequence[Reel]:
            hour = footage is Footage.HOUR
            found = self._last_hour(camera, folder) if hour else self._clips(camera)
            if not found:
                raise NothingToWatchError(f"there is no footage of camera {camera} any more")
            return found

        return FilmRehearsal(
            (before, after), camera, reels, self._eyes, turn=self._turn,
            rest_share=self._rest_share, hours=self._hours, tickets=self._tickets,
        )  # fmt: skip

    def _last_hour(self, camera: str, folder: Path) -> Sequence[Reel]:
        if own := self._own_film(camera):
            return [own]
        if self._cutter is None:
            return []
        now, reels = self._now(), list[Reel]()
        for quarter in range(HOUR // QUARTER):
            begins = now - HOUR + quarter * QUARTER
            path = folder / f"{quarter}.mp4"
            try:
                cut = self._cutter(camera, begins, begins + QUARTER, path)
            except NoFootageError:
                if not reels and begins + QUARTER >= now:
                    raise
            else:
                reels.append(Reel(cut.path, cut.covers_from))
        return reels

    def _own_film(self, camera: str) -> Reel | None:
        """The camera's own file, where it is a recording and no camera."""
        hall = self._hall()
        known = next((c for c in hall.cameras if c.id == camera), None)
        path = None if known is None else Path(camera_url(hall, known))
        if known is None or path is None or not path.is_file():
            return None
        return Reel(path, known.recorded_at or self._now())


def clips_in(
    database: Database, evidence: Path, hall_id: str, most: int = 8
) -> Callable[[str], Sequence[Reel]]:
    """The clips of a camera's latest alerts, from the office's database."""

    def clips(camera: str) -> Sequence[Reel]:
        with database.reading() as session:
            found = latest_clips(session, evidence, hall_id, camera, most)
        return [Reel(path, began) for path, began in found]

    return clips
