"""What the player of an alert shows: the clip, its moments, and what lies over the picture."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from api.alerts.views import AlertDetail, ClipView
from api.console import times
from api.console.page import Visit
from api.halls.tables import ZonePlanRow
from vision.records import Step

API = "/api/v1"
SHOWN_FOR_S = 0.6
"""Boxes are those of one picture; for so long before and after it they still fit."""


class ClipPlayer(ui.element, component="static/clip_player.js"):
    """The clip with its timeline: what the film shows when."""

    def __init__(self, film: dict[str, Any]) -> None:
        super().__init__()
        self.props["film"] = film

    def show(self, film: dict[str, Any]) -> None:
        if self.props["film"] != film:
            self.props["film"] = film
            self.update()


def address_of(clip: ClipView, unblurred_for: str) -> str:
    address = f"{API}/clips/{clip.id}"
    if not unblurred_for:
        return address
    return f"{address}?{urlencode({'original': '1', 'reason': unblurred_for})}"


def film_of(
    alert: AlertDetail, clip: ClipView, visit: Visit, unblurred_for: str = ""
) -> dict[str, Any]:
    """What the player shows; seconds count from the clip's first picture. unblurred_for: why the
    original is wanted; without a reason, citizens are blurred."""
    say, zone = visit.say, visit.zone

    def second(moment: datetime) -> float:
        return (moment - clip.covers_from).total_seconds()

    length_s = max(second(clip.covers_to), 0.1)
    until = alert.ended or clip.covers_to
    return {
        "src": address_of(clip, unblurred_for),
        "length": length_s,
        "starts": clip.covers_from.astimezone(zone).strftime("%H:%M:%S.%f")[:-3],
        "marks": [
            {
                "kind": kind,
                "words": words,
                "clock": times.clock(moment, zone),
                "at": second(moment),
                "inside": -0.5 <= second(moment) <= length_s + 0.5,
            }
            for kind, words, moment in _moments(alert, visit)
        ],
        "from": min(max(second(alert.began), 0.0), length_s),
        "to": min(max(second(until), 0.0), length_s),
        "severity": alert.severity.name.lower(),
        "covers": say(
            "clip_covers",
            start=times.clock(clip.covers_from, zone),
            end=times.clock(clip.covers_to, zone),
        ),
        "whole": say("clip_whole") if clip.complete else say("clip_part"),
        "complete": clip.complete,
        "overlay": _overlay(alert, clip, visit),
        "words": {
            "broken": say("clip_broken"),
            "timeline": say("timeline"),
            "outside": say("outside"),
            "speed": say("speed"),
            "save": say("save_clip"),
            "overlay": say("overlay"),
            "play": say("key_play"),
            "full": say("full_screen"),
            "preroll": say("preroll"),
        },
    }


def _moments(alert: AlertDetail, visit: Visit) -> list[tuple[str, str, datetime]]:
    """Kind, words and time of what happened: the conduct began, was told, grew worse, ended."""
    say = visit.say
    moments = [("onset", say("mark_onset"), alert.began)]
    moments += [
        ("alert" if event.what == Step.RAISED else "grew", say.of("step", event.what), event.at)
        for event in alert.history
        if event.what in (Step.RAISED, Step.ESCALATED)
    ]
    if alert.ended is not None:
        moments.append(("end", say("mark_end"), alert.ended))
    return moments


def _overlay(alert: AlertDetail, clip: ClipView, visit: Visit) -> dict[str, Any] | None:
    """The zones of the alert's place as they were drawn then, and what was seen at each still;
    None where nobody knows any more what was drawn."""
    with visit.console.database.reading() as session:
        plan = session.get(ZonePlanRow, (alert.hall, alert.hall_sha))
    camera = None if plan is None else plan.cameras.get(alert.camera)
    if camera is None:
        return None
    width, height = camera["size"]
    return {
        "width": width,
        "height": height,
        "zones": [
            {"kind": zone["kind"], "points": zone["corners"]}
            for zone in camera["zones"]
            if zone["owner"] == alert.subject
        ],
        "looks": [
            {
                "from": (still.at - clip.covers_from).total_seconds() - SHOWN_FOR_S,
                "to": (still.at - clip.covers_from).total_seconds() + SHOWN_FOR_S,
                "boxes": [
                    {
                        "xyxy": box.xyxy,
                        "label": box.label,
                        "words": f"{visit.say.known('seen', box.label)} {100 * box.score:.0f}%",
                    }
                    for box in still.boxes
                ],
            }
            for still in alert.stills
        ],
    }
