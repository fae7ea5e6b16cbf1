"""What the player of an alert shows: the clip, its moments, and what lies over the picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import numpy as np
from nicegui import ui

from api.alerts.evidence import looks_over
from api.alerts.views import AlertDetail, BoxSeen, ClipView, LookView
from api.console import times
from api.console.alert_facts import as_raised
from api.console.page import Visit
from api.console.strings import Say
from api.halls.tables import ZonePlanRow
from vision.geometry import overlap_of_smaller
from vision.records import DOING, Label, Step

API = "/api/v1"
PERSON, DOES = Label.PERSON.name.lower(), frozenset(label.name.lower() for label in DOING)
SAME_PERSON = 0.9
"""A box of what is done that lies on a person's so far is that person's."""
SHOWN_WITHIN_S = 1.0
"""Boxes are those of one picture: they are drawn so long before and after it, and beyond that
nothing is. Half of the longest pause between two looks at an open window (`Pace.still_s`); where
something moves, the next look is nearer."""


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
    alert: AlertDetail,
    clip: ClipView,
    looks: Sequence[LookView],
    visit: Visit,
    unblurred_for: str = "",
) -> dict[str, Any]:
    """What the player shows; seconds count from the clip's first picture. looks: what was seen over
    it. unblurred_for: why the original is wanted; without a reason, citizens are blurred."""
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
        "overlay": _overlay(alert, looks, visit),
        "words": {
            "broken": say("clip_broken"),
            "timeline": say("timeline"),
            "outside": say("outside"),
            "speed": say("speed"),
            "save": say("save_clip"),
            "zones": say("overlay_zones"),
            "boxes": say("overlay_boxes"),
            "drawn": say("overlay_drawn", s=f"{SHOWN_WITHIN_S:g}"),
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


def looks_of(alert: AlertDetail, clip: ClipView, visit: Visit) -> tuple[LookView, ...]:
    """What was seen over the clip; of a clip that was kept without it, what was seen at each
    still."""
    with visit.console.database.reading() as session:
        looks = looks_over(session, clip.id)
    return looks or tuple(
        LookView(at_s=(still.at - clip.covers_from).total_seconds(), boxes=still.boxes)
        for still in sorted(alert.stills, key=lambda still: still.at)
    )


def _overlay(alert: AlertDetail, looks: Sequence[LookView], visit: Visit) -> dict[str, Any] | None:
    """The zones of the alert's place as they were drawn then, and what was seen at each look;
    None where nobody knows any more what was drawn."""
    with visit.console.database.reading() as session:
        plan = session.get(ZonePlanRow, (alert.hall, as_raised(alert)["hall_sha"]))
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
        "within": SHOWN_WITHIN_S,
        "looks": [[look.at_s, drawn_boxes(look.boxes, visit.say)] for look in looks],
    }


def drawn_boxes(boxes: Sequence[BoxSeen], say: Say) -> list[list[Any]]:
    """Each box as label, what is written beside it, corners. What a person does is told of the same
    box as the person, and written behind it: two captions on one box cannot be read."""
    drawn: list[list[Any]] = [
        [box.label, f"{say.known('seen', box.label)} {100 * box.score:.0f}%", *box.xyxy]
        for box in boxes
    ]
    people = [row for row in drawn if row[0] == PERSON]
    for done in [row for row in drawn if row[0] in DOES]:
        person = next((row for row in people if _same(row[2:], done[2:])), None)
        if person is not None:
            person[1] += f" · {done[1]}"
            drawn.remove(done)
    return drawn


def _same(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether two boxes are of one person."""
    a, b = (np.array([xyxy], np.float32) for xyxy in (one, other))
    return bool(overlap_of_smaller(a, b)[0, 0] >= SAME_PERSON)
