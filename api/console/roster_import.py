"""Bringing a schedule file in: chosen or dropped on the roster page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nicegui import ui

from api.console.page import Visit
from api.roster.importing import ScheduleKind


class RosterImport(ui.element, component="static/roster_import.js"):
    """Takes a file and sends it to the HTTP interface, which refuses or takes it whole."""

    def __init__(self, visit: Visit, hall: str) -> None:
        super().__init__()
        say = visit.say
        self.props["address"] = f"/api/v1/halls/{hall}/schedule/"
        self.props["language"] = say.language
        self.props["kinds"] = _kinds(visit)
        self.props["words"] = {
            "title": say("import_title"),
            "kind": say("import_kind"),
            "drop": say("import_drop"),
            "choose": say("import_choose"),
            "replace": say("import_replace"),
            "template": say("import_template"),
            "busy": say("import_busy"),
            "done": say(
                "import_done", added="{added}", unchanged="{unchanged}", removed="{removed}"
            ),
            "refused": say("import_refused", n="{n}"),
            "row": say("import_row"),
            "column": say("import_column"),
            "why": say("import_why"),
            "file": say("import_whole_file"),
            "more": say("import_more", n="{n}"),
            "tooBig": say("import_too_big"),
            "over": say("session_over"),
            "failed": say("import_failed"),
        }


def _kinds(visit: Visit) -> Sequence[dict[str, Any]]:
    say = visit.say
    order = (ScheduleKind.SHIFTS, ScheduleKind.STAFF, ScheduleKind.LEAVES)
    return [
        {
            "id": kind.value,
            "words": say.of("kind", kind),
            "template": f"/api/v1/schedule-templates/{kind.value}?language={say.language}",
        }
        for kind in order
    ]
