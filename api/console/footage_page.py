"""Find a past moment in the recordings and watch it."""

from __future__ import annotations

from datetime import datetime, timedelta

from nicegui import run

from api.audit.record import AccessBy
from api.console import parts, times
from api.console.beat import Beat, signed_out
from api.console.forms import Choice, Field, form
from api.console.missing import no_hall
from api.console.page import Visit
from api.console.sheets import Sheet
from api.fields import SHORTEST_REASON
from api.footage.keeping import (
    FootageDiskError,
    NoFootageError,
    NotRecordingError,
    SpanError,
    UnknownCameraError,
    Wanted,
    footage_rows,
    keep_footage,
)
from api.footage.tables import FootageRow
from api.halls.reading import camera_rows

LENGTHS_MIN = (1, 2, 5, 10, 15)


def build(visit: Visit, beat: Beat) -> None:
    if visit.hall is None:
        no_hall(visit)
        return
    with parts.box("page"):
        with parts.heading(visit.say.of("nav", "footage"), visit.say("footage_about")):
            pass
        if visit.hall.id in visit.console.cutters:
            with parts.box("footage"):
                _Finder(visit, visit.hall.id)
        else:
            parts.hollow("recording", visit.say("footage_none"), visit.say("footage_none_do"))


class _Finder:
    """The form, and below it what was found before."""

    def __init__(self, visit: Visit, hall: str) -> None:
        self.visit, self.hall = visit, hall
        self.cutting = False
        say = visit.say
        with visit.console.database.reading() as session:
            self.cameras = {c.id: c.name for c in camera_rows(session, hall)}
        a_while_ago = (visit.now() - timedelta(minutes=10)).astimezone(visit.zone)
        with parts.card(say("footage_find")), form("form footage-form") as self.form:
            self.camera = Choice(say("footage_camera"), self.cameras.items())
            self.moment = Field(
                say("footage_from"), "datetime-local", value=f"{a_while_ago:%Y-%m-%dT%H:%M}",
                must=True, step="1",
            )  # fmt: skip
            self.length = Choice(
                say("footage_length"),
                [(str(n), say("footage_minutes", n=n)) for n in LENGTHS_MIN],
                value="2",
            )
            self.purpose = Field(
                say("footage_purpose"), hint=say("footage_purpose_hint"), must=True,
                maxlength="200",
            )  # fmt: skip
            self.button = parts.button(
                say("footage_cut"), self.cut, "btn btn-main", drawing="search"
            )
            self.doing = parts.text("", "soft", tag="p", role="status")
        with parts.card(say("footage_found")):
            self.found = parts.box()
        self.refresh()

    async def cut(self) -> None:
        """Cut beside the page: it answers meanwhile, to everybody."""
        wanted = self._wanted()
        if wanted is None or self.cutting or signed_out(self.visit):
            return
        self._show(self.visit.say("footage_cutting"), cutting=True)
        refusal = ""
        try:
            refusal = await self._cut(wanted)
        finally:
            self._show(refusal, cutting=False)

    def _wanted(self) -> Wanted | None:
        say = self.visit.say
        begins = _moment(self.moment.value, self.visit)
        if begins is None:
            self.moment.complain(say("footage_no_moment"))
            return None
        purpose = self.purpose.value.strip()
        if len(purpose) < SHORTEST_REASON:
            self.purpose.complain(say("footage_no_purpose"))
            return None
        ends = begins + timedelta(minutes=int(self.length.value))
        return Wanted(self.hall, self.camera.value, begins, ends, purpose)

    def _show(self, words: str, *, cutting: bool) -> None:
        self.cutting = cutting
        self.form.props["aria-busy"] = str(cutting).lower()
        self.button.props["aria-disabled"] = str(cutting).lower()
        self.doing.set_text(words)

    async def _cut(self, wanted: Wanted) -> str:
        """Returns what stood in the way, where it is not said beside a field."""
        visit, console = self.visit, self.visit.console
        try:
            row = await run.io_bound(
                keep_footage, console.database, console.cutters, console.evidence, wanted,
                AccessBy.of(visit.viewer), visit.now(),
            )  # fmt: skip
        except SpanError:
            self.moment.complain(visit.say("footage_to_come"))
        except (NoFootageError, NotRecordingError, UnknownCameraError):
            self.moment.complain(visit.say("footage_not_there"))
        except FootageDiskError:
            return visit.say("footage_disk")
        else:
            if row is not None and not self.form.is_deleted:  # they may have left meanwhile
                self.refresh()
                self.play(row)
        return ""

    def refresh(self) -> None:
        with self.visit.console.database.reading() as session:
            rows = footage_rows(session, self.hall)
        say = self.visit.say
        self.found.clear()
        with self.found:
            if not rows:
                parts.text(say("footage_nothing_yet"), "soft", tag="p")
                return
            columns = [
                parts.Column(say(key))
                for key in ("footage_camera", "footage_span", "footage_purpose", "footage_by")
            ]
            parts.table(
                [*columns, parts.Column("", "acts")],
                [self._cells(row) for row in rows],
                name=say("footage_found"),
            )

    def _cells(self, row: FootageRow) -> list[parts.Cell]:
        say, now = self.visit.say, self.visit.now()
        by = f"{row.cut_by} · {times.day_clock(row.cut_at, now, self.visit.zone, say)}"
        return [
            self.cameras.get(row.camera_id, row.camera_id),
            self._span(row),
            row.purpose,
            by,
            lambda: parts.button(say("footage_play"), lambda: self.play(row), drawing="live"),
        ]

    def _span(self, row: FootageRow) -> str:
        zone = self.visit.zone
        begins = times.day_clock(row.covers_from, self.visit.now(), zone, self.visit.say)
        return f"{begins} – {times.clock(row.covers_to, zone)}"

    def play(self, row: FootageRow) -> None:
        title = f"{self.cameras.get(row.camera_id, row.camera_id)} · {self._span(row)}"
        with Sheet(title, row.purpose, "footage-sheet") as sheet:
            parts.box(
                "footage-video", "video", src=f"/api/v1/footage/{row.id}/clip", controls="",
                autoplay="", muted="", playsinline="",
            )  # fmt: skip
            if row.lacking:
                parts.text(self.visit.say("footage_lacking"), "soft", tag="p")
            with parts.box("sheet-buttons"):
                parts.button(self.visit.say("footage_close"), sheet.close)


def _moment(value: str, visit: Visit) -> datetime | None:
    """What was typed, in the hall's zone."""
    try:
        return datetime.fromisoformat(value).replace(tzinfo=visit.zone)
    except ValueError:
        return None
