"""The try-out: footage is watched again with the new zones, and what would have changed is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

from api.console import parts, times
from api.console.beat import Beat
from api.console.page import Visit
from api.console.parts import Cell, Column
from api.halls.rehearsal import Footage, Rehearsal, Stand
from vision.hallfile import Hall
from vision.whatif import Difference, Fate, Incident

Pair = tuple[Hall, Hall]
KINDS = {Fate.STAYS: "calm", Fate.MOVES: "info", Fate.GOES: "good", Fate.COMES: "warn"}
DRAWINGS = {Fate.STAYS: "check", Fate.MOVES: "forward", Fate.GOES: "cross", Fate.COMES: "plus"}


class TryOut:
    """`drawn` gives the hall as it is and as it would be, or None where that cannot be."""

    def __init__(self, visit: Visit, beat: Beat, drawn: Callable[[], Pair | None]) -> None:
        self.visit, self.drawn = visit, drawn
        self.camera = ""
        self.running: Rehearsal | None = None
        self.names: dict[str, str] = {}
        say = visit.say
        with parts.card(say("tryout_title"), "tryout"):
            parts.text(say("tryout_about"), "card-note", tag="p")
            self.choices = parts.box("tryout-choices")
            self.state = parts.box("tryout-state", role="status")
            self.outcome = parts.box("tryout-outcome")
        beat.on_beat(self._refresh)

    def show(self, camera: str) -> None:
        """Offer what footage there is of this camera."""
        if camera == self.camera:
            return
        self.camera = camera
        say, stage = self.visit.say, self.visit.console.stage
        footage = stage.footage(camera) if stage is not None else ()
        self.choices.clear()
        with self.choices:
            for kind in footage:
                words, start = say.of("footage", kind), partial(self._start, kind)
                parts.button(words, start, "btn", drawing="try", data_footage=kind.value)
            if not footage:
                parts.text(say("tryout_none"), "card-note", tag="p")

    def _start(self, footage: Footage) -> None:
        stage, drawn = self.visit.console.stage, self.drawn()
        if stage is None or drawn is None:
            return
        self._stop()
        before, after = drawn
        self.names = names_of(after)
        self.running = stage.rehearse(before, after, self.camera, footage)
        self.outcome.clear()
        self._refresh()

    def _stop(self) -> None:
        if self.running is not None:
            self.running.stop()
        self.running = None

    def _refresh(self) -> None:
        if self.running is None:
            return
        say, stand = self.visit.say, self.running.stand()
        self.state.clear()
        with self.state:
            if not stand.over:
                watched = times.span(stand.watched_s, say)
                percent = int(100 * stand.fraction)
                parts.text(say("tryout_running", percent=percent, watched=watched))
                with parts.box("meter", aria_hidden="true"):
                    parts.box("meter-done").style(f"width: {percent}%")
                parts.button(say("tryout_stop"), self._given_up, "btn btn-quiet")
        if stand.over:
            self.running = None
            with self.outcome:
                self._tell(stand)

    def _given_up(self) -> None:
        self._stop()
        self.state.clear()

    def _tell(self, stand: Stand) -> None:
        say = self.visit.say
        if stand.outcome is None:
            parts.text(say("tryout_failed", why=stand.trouble or ""), "tryout-failed", tag="p")
            return
        counts = Counter(d.fate for d in stand.outcome)
        watched = times.span(stand.watched_s, say)
        parts.text(say("tryout_done", watched=watched), "tryout-sum", tag="p")
        with parts.box("tryout-counts"):
            for fate in Fate:
                words = f"{say.of('fate', fate)} {counts[fate]}"
                parts.badge(words, KINDS[fate] if counts[fate] else "calm", DRAWINGS[fate])
        changed = [d for d in stand.outcome if d.fate is not Fate.STAYS]
        if changed:
            heads = ("tryout_fate", "head_rule", "head_place", "tryout_before", "tryout_after")
            columns = [Column(say(head)) for head in heads]
            parts.table(columns, map(self._row, changed), name=say("tryout_title"))

    def _row(self, difference: Difference) -> list[Cell]:
        say, fate = self.visit.say, difference.fate
        some = difference.after or difference.before
        assert some is not None, "a difference is of something"
        return [
            lambda: parts.badge(say.of("fate", fate), KINDS[fate], DRAWINGS[fate]),
            say.known("rule", some.rule),
            self.names.get(some.subject, some.subject),
            self._when(difference.before),
            self._when(difference.after),
        ]

    def _when(self, incident: Incident | None) -> str:
        """When it began, and for how long it lasted."""
        if incident is None:
            return "–"
        say, zone = self.visit.say, self.visit.zone
        began = times.clock(incident.began, zone)
        if incident.ended is None:
            return f"{began} · {say('going_on')}"
        return f"{began} · {times.span((incident.ended - incident.began).total_seconds(), say)}"


def names_of(hall: Hall) -> dict[str, str]:
    """What a person calls the windows, queues and cameras of a hall, by id."""
    names = {camera.id: camera.name for camera in hall.cameras}
    names |= {queue.id: queue.name for queue in hall.queues}
    return names | {window.id: window.name for window in hall.windows}
