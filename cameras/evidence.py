"""What is kept of an alert: a still at once, the clip as soon as its post-roll has arrived, and a
longer one in its place when the alert escalates or ends, as far back as the packets are kept.

It is a sink beside others. Nothing here may stop the watching: a clip or still that cannot be
written is reported through `lost` and the alert stands without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cameras.ring import Clip, ClipError, Recorder
from cameras.stills import StillError, drawn, write_still
from vision.records import Alert, Detections, Image, Stamp, Step

Corners = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Still:
    """A picture of the moment `stamp`; `path` is absolute, `sha256` that of the file.
    detections, people: see `Picture`."""

    path: Path
    stamp: Stamp
    sha256: str
    detections: Detections
    people: Detections | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture at which an alert changed, and what was found at that moment. people: everybody
    in this very picture; None where the model was not asked about it."""

    bgr: Image
    stamp: Stamp
    detections: Detections
    people: Detections | None = None


@dataclass(frozen=True, slots=True)
class _Due:
    alert: Alert
    at_s: float


class EvidenceKeeper:
    """Keeps stills and clips of one camera's alerts under `folder/<uid>/`.

    zones: the corners to draw for each subject. pre_s, post_s: roll before the conduct began and
    after the alert was raised. kept: told of every file; lost: told why there is none.
    """

    def __init__(
        self,
        recorder: Recorder,
        folder: Path,
        *,
        zones: Mapping[str, Sequence[Corners]],
        kept: Callable[[Alert, Clip | Still], None],
        lost: Callable[[Alert, str], None],
        pre_s: float = 10.0,
        post_s: float = 10.0,
    ) -> None:
        self.recorder = recorder
        self.folder = folder
        self.zones = zones
        self.kept = kept
        self.lost = lost
        self.pre_s = pre_s
        self.post_s = post_s
        self._due: list[_Due] = []

    def alerted(self, alert: Alert, picture: Picture | None) -> None:
        """A still of this step, and the clip planned; a later step's clip replaces the one before
        unless the packets of the onset are gone by then."""
        if picture is not None and alert.step is not Step.ENDED:
            self._still(alert, picture)
        until_s = (alert.ended or alert.at).at_s + self.post_s
        reach_s = until_s - alert.began.at_s + self.pre_s
        if alert.step is Step.RAISED or reach_s <= self.recorder.keep_s:
            self._due.append(_Due(alert, until_s))

    def passed(self, at_s: float) -> None:
        """The stream has come to this second: cut what is due."""
        ripe = [d for d in self._due if d.at_s <= at_s]
        self._due = [d for d in self._due if d.at_s > at_s]
        for due in ripe:
            self._clip(due)

    def close(self) -> None:
        """The stream is over: cut what is still planned, as far as it goes."""
        self.passed(float("inf"))

    def _still(self, alert: Alert, picture: Picture) -> None:
        path = self.folder / alert.uid / f"{alert.step.value}.jpg"
        shown = drawn(picture.bgr, picture.detections, self.zones.get(alert.subject, ()))
        try:
            digest = write_still(path, shown)
        except StillError as error:
            self.lost(alert, str(error))
            return
        self.kept(alert, Still(path, picture.stamp, digest, picture.detections, picture.people))

    def _clip(self, due: _Due) -> None:
        alert = due.alert
        path = self.folder / alert.uid / "clip.mp4"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            clip = self.recorder.cut(max(alert.began.at_s - self.pre_s, 0.0), due.at_s, path)
        except (ClipError, OSError) as error:
            self.lost(alert, str(error))
            return
        self.kept(alert, clip)
