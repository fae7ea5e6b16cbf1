"""The report for people: a PDF in Chinese that needs no font on the reader's computer.

PyMuPDF brings a Chinese font of its own (Droid Sans Fallback, Apache-2.0) and embeds of it what the
text uses; see docs/decisions/0030-report-pdf.md.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pymupdf as typed_in_part
from jinja2 import Environment, FileSystemLoader

from api.alerts.views import AlertDetail, EventView
from api.bundle.gather import Gathered, Piece, Wanted
from api.cases.views import MeasureView
from api.console.alert_facts import value_words
from api.console.alert_tickets import ticket_facts
from api.console.case_words import measures_words
from api.console.strings import Say

pymupdf: Any = typed_in_part  # it says that it is typed; most of its functions are not

MARGIN_PT = 48
FOOT_PT = 24

_SAY = Say("zh")
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True
)


@dataclass(frozen=True, slots=True)
class Page:
    """What the report tells. pieces: with their blurred copies. zone: the hall's."""

    gathered: Gathered
    pieces: Sequence[Piece]
    wanted: Wanted
    by: str
    now: datetime
    zone: ZoneInfo
    fingerprint: str

    def moment(self, at: datetime | str) -> str:
        when = datetime.fromisoformat(at) if isinstance(at, str) else at
        return f"{when.astimezone(self.zone):%Y-%m-%d %H:%M:%S}"


def report_pdf(page: Page) -> bytes:
    """The report as PDF bytes. Whatever people wrote goes in as text, never as markup."""
    images = pymupdf.Archive()
    for piece in page.pieces:
        if piece.image is not None:
            images.add(piece.image.read_bytes(), f"still-{piece.facts['id']}.jpg")
    html = _templates.get_template("report.html").render(
        page=page,
        say=_SAY,
        rule=_rule,
        facts=_facts,
        duty=_duty,
        event=_event,
        state=_state,
        measures=_measures,
        tickets=lambda alert: ticket_facts(alert, _SAY, page.moment),
    )
    document = _laid_out(pymupdf.Story(html, archive=images))
    for number, sheet in enumerate(document, 1):
        foot = f"{number} / {document.page_count}    {page.fingerprint}"
        at = pymupdf.Point(MARGIN_PT, sheet.rect.height - FOOT_PT)
        sheet.insert_text(at, foot, fontsize=8, color=(0.45, 0.45, 0.45))
    document.set_metadata({"title": f"证据报告 {page.gathered.hall.name}", "creator": "hallwatch"})
    document.subset_fonts()
    return bytes(document.tobytes(garbage=4, deflate=True, no_new_id=True))


def _laid_out(story: Any) -> Any:
    """A PyMuPDF story on as many pages as it takes."""
    made = io.BytesIO()
    writer = pymupdf.DocumentWriter(made)
    paper = pymupdf.paper_rect("a4")
    room = pymupdf.Rect(MARGIN_PT, MARGIN_PT, paper.x1 - MARGIN_PT, paper.y1 - MARGIN_PT)
    more = 1
    while more:
        device = writer.begin_page(paper)
        more, _ = story.place(room)
        story.draw(device)
        writer.end_page()
    writer.close()
    return pymupdf.open("pdf", made.getvalue())


def _rule(alert: AlertDetail) -> str:
    return f"{_SAY.known('rule', alert.rule)} · {alert.subject_name}"


def _facts(group: str, values: dict[str, Any]) -> list[tuple[str, str]]:
    return [(_SAY.known(group, key), value_words(key, v, _SAY)) for key, v in values.items()]


def _duty(alert: AlertDetail) -> str:
    if alert.duty is None:
        return _SAY("duty_no_window")
    people = [f"{p.name}（{p.number}）" for p in alert.duty.holders]
    cover = alert.duty.cover
    if cover is not None and cover not in alert.duty.holders:
        people.append(f"{_SAY('duty_cover')} {cover.name}（{cover.number}）")
    people += [f"{_SAY('duty_absent')} {p.name}（{p.number}）" for p in alert.duty.absent]
    return "；".join([_SAY.known("duty_says", alert.duty.state), *people])


def _event(event: EventView) -> str:
    return _SAY.known("act" if event.who else "step", event.what)


def _measures(case: Mapping[str, Any]) -> str:
    return measures_words(_SAY, [MeasureView(**m) for m in case.get("measures", ())])


def _state(facts: dict[str, Any]) -> str:
    """What is to be said about one piece of evidence."""
    if facts["state"] == "missing":
        return "文件已不在磁盘上，未能收入本证据包"
    words = {"whole": "与当时记录的哈希一致", "altered": "与当时记录的哈希不一致"}[facts["state"]]
    return words + ("" if "blurred" in facts else "；未能生成打码副本")
