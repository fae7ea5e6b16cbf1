"""How cameras and machine are doing: for the IT person, without a picture."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from api.console import parts, times
from api.console.beat import Beat
from api.console.curves import curve
from api.console.page import Visit
from api.halls.reading import camera_rows
from api.health.board import HealthBoard, Sample
from api.tickets.saying import SILENT_AFTER, last_word
from api.users.permissions import Permission
from vision.health import CameraHealth, RecordingHealth

DAY = timedelta(hours=24)
REFRESH_BEATS = 20
LAGS_S = 2.0
"""A picture judged later than this is told to be late."""
STOPPED_AFTER = timedelta(minutes=2)
"""A recording to which nothing was added for so long has stopped, whoever is to blame."""


def build(visit: Visit, beat: Beat) -> None:
    board = visit.console.health
    with parts.box("page"):
        with parts.heading(visit.say.of("nav", "health"), visit.say("health_about")):
            pass
        if not _sees_machine(visit):
            parts.hollow("health", visit.say("health_elsewhere"), visit.say("health_elsewhere_do"))
            return
        if board is None or not board.cameras():
            parts.hollow("health", visit.say("health_none"), visit.say("health_none_do"))
            return
        body = parts.box("health")

    def refresh() -> None:
        body.clear()
        with body:
            _draw(visit, board)

    refresh()
    beat.every(REFRESH_BEATS, refresh)


def _sees_machine(visit: Visit) -> bool:
    """Whoever looks at the hall that it watches; and who sets machines up and has no hall."""
    no_hall = visit.hall is None and visit.may(Permission.CAMERAS_MANAGE)
    return visit.watched_here() or no_hall


def _draw(visit: Visit, board: HealthBoard) -> None:
    names: dict[str, str] = {}
    word: datetime | None = None
    if visit.hall is not None:
        with visit.console.database.reading() as session:
            names = {c.id: c.name for c in camera_rows(session, visit.hall.id)}
            word = last_word(session, visit.hall.id)
    with parts.box("health-cameras"):
        _machine(visit, word)
        for health in board.cameras():
            _camera(visit, names.get(health.camera, health.camera), health, board)


def _machine(visit: Visit, word: datetime | None) -> None:
    """word: of which moment the ticket system's last one is."""
    say, now = visit.say, visit.now()
    disk = shutil.disk_usage(visit.console.evidence)
    heard = say("health_no_tickets") if word is None else times.ago(word, now, say)
    with parts.card(say("health_machine")):
        if word is not None and now - word > SILENT_AFTER:
            parts.text(say("health_tickets_silent"), "health-trouble", tag="p")
        parts.facts(
            [
                (say("health_disk"), say("gb_of_gb", n=_gb(disk.free), all=_gb(disk.total))),
                (say("health_memory"), say("mb", n=f"{resident_bytes() / 1e6:.0f}")),
                (say("health_load"), f"{os.getloadavg()[0]:.1f} / {os.cpu_count() or 1}"),
                (say("health_tickets"), heard),
            ]
        )


def resident_bytes() -> int:
    """Memory that this process holds now (Linux)."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _camera(visit: Visit, name: str, health: CameraHealth, board: HealthBoard) -> None:
    history = board.history(health.camera)
    with parts.card(classes="health-camera"):
        with parts.box("health-head"):
            parts.text(name, "card-title", tag="h2")
            _state(visit, health)
        words = visit.say.of("refusal", health.refusal) if health.refusal else health.trouble
        for trouble in (words, _unrecorded(visit, health.recording)):
            if trouble:
                parts.text(trouble, "health-trouble", tag="p")
        parts.facts(_facts(visit, health, history[-1] if history else None))
        with parts.box("health-curves"):
            _curve(visit, "health_looks", history, lambda s: s.analysed_hz, "{:.1f}".format)
            _curve(visit, "health_lag", history, lambda s: s.lag_s, partial(_seconds, visit))
            _curve(
                visit, "health_inference", history, lambda s: s.inference_ms, partial(_ms, visit)
            )


def _unrecorded(visit: Visit, recording: RecordingHealth | None) -> str | None:
    """Why a recording that is wanted does not go on, or since when; None: it does."""
    if recording is None:
        return None
    now, newest = visit.now(), recording.newest
    if recording.trouble is not None or newest is None or now - newest <= STOPPED_AFTER:
        return recording.trouble
    when = times.day_clock(newest, now, visit.zone, visit.say)
    return visit.say("health_recording_old", time=when, ago=times.ago(newest, now, visit.say))


def _state(visit: Visit, health: CameraHealth) -> None:
    say = visit.say
    if health.trouble is not None:
        parts.badge(say("health_down"), "bad", "warning")
    elif _unrecorded(visit, health.recording) is not None:
        parts.badge(say("health_not_recorded"), "warn", "warning")
    elif health.lag_s is not None and health.lag_s > LAGS_S:
        parts.badge(say("health_late"), "warn", "slow")
    else:
        parts.badge(say("health_well"), "good", "check")


def _facts(visit: Visit, health: CameraHealth, newest: Sample | None) -> list[tuple[str, str]]:
    say, dash = visit.say, "—"
    last = health.last_picture
    facts = [
        (say("health_last"), dash if last is None else times.ago(last, visit.now(), say)),
        (say("health_packets"), dash if newest is None else f"{newest.packets_hz:.1f}"),
        (
            say("health_looks") if health.pace_hz is None else say("health_looks_wanted"),
            (dash if newest is None else f"{newest.analysed_hz:.2f}")
            + ("" if health.pace_hz is None else f" / {health.pace_hz:.2f}"),
        ),
        (say("health_lag"), dash if health.lag_s is None else _seconds(visit, health.lag_s)),
        (say("health_decode"), _ms(visit, None if newest is None else newest.decode_ms)),
        (say("health_inference"), _ms(visit, None if newest is None else newest.inference_ms)),
        (say("health_gaps"), str(health.gaps)),
        (say("health_reconnects"), f"{health.reconnects} / {health.stuck}"),
    ]
    if health.recording is not None:
        facts.append((say("health_recorded"), say("gb", n=_gb(health.recording.written_bytes))))
        facts.append((say("health_unrecorded"), str(health.recording.dropped_packets)))
    return facts


def _curve(
    visit: Visit,
    key: str,
    history: list[Sample],
    value: Callable[[Sample], float | None],
    said: Callable[[float], str],
) -> None:
    words = visit.say(key)
    values = [v for s in history if (v := value(s)) is not None]
    with parts.box("health-curve", "figure"):
        curve([(s.at, value(s)) for s in history], visit.now(), DAY, label=words)
        with parts.box("health-curve-words", "figcaption"):
            parts.text(words)
            if values:
                parts.text(visit.say("health_most", n=said(max(values))))


def _seconds(visit: Visit, value: float) -> str:
    return visit.say("seconds", n=f"{value:.1f}")


def _ms(visit: Visit, value: float | None) -> str:
    return "—" if value is None else visit.say("ms", n=f"{value:.0f}")


def _gb(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:.1f}"
