"""Who looked at what, and why: the access log, and the check that nobody altered it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from nicegui import run, ui
from sqlalchemy.orm import Session

from api.audit.chain import Verdict, verify_chain
from api.audit.listing import AccessFilter, list_access
from api.audit.record import AccessBy, record_access, record_view
from api.audit.tables import Access
from api.audit.views import AccessView
from api.cases.traces import objects_of_case
from api.console import parts, times
from api.console.beat import Beat, signed_out
from api.console.filter_form import filter_form
from api.console.page import Visit
from api.console.strings import Say
from api.users.permissions import Permission

PAGE = 50
MOST_FAULTS = 5
ASKED = ("what", "who", "case", "object", "from", "to")
MOST_SIGNS = 120
LEADS_TO = {
    "alert": Permission.ALERTS_READ,
    "case": Permission.CASES_ALL,
    "complaint": Permission.COMPLAINTS_READ,
}
"""The things that have a page of their own, and what it takes to see it."""


def build(visit: Visit, _beat: Beat) -> None:
    say = visit.say
    with visit.console.database.session() as session:
        by = AccessBy.of(visit.viewer)
        record_view(session, by, Access.VIEW_LOG, "access_log", visit.now())
    with parts.box("page"):
        with parts.heading(say("nav.audit"), say("audit_about")):
            check = parts.button(say("audit_check"), lambda: _check(visit, said), drawing="check")
            check.props["data-act"] = "check"
        said = parts.box("audit-verdict", role="status")
        _filters(visit)
        _rows(visit)


async def _check(visit: Visit, said: ui.element) -> None:
    """Verify the whole chain, beside the page, and say what came of it; the check is a row, too."""
    say = visit.say
    if signed_out(visit):
        return
    verdict = await run.io_bound(_verdict, visit)
    if verdict is None:
        return
    said.clear()
    with said:
        for finding in verdict.findings[:MOST_FAULTS]:
            fault = say.of("audit_fault", finding.fault)
            parts.badge(say("audit_broken", n=finding.seq, fault=fault), "bad", "warning")
        if not verdict.findings:
            parts.badge(say("audit_whole", n=verdict.rows), "good", "check")
        if verdict.last is not None:
            seal = f"{verdict.last.seq}:{verdict.last.sha}"
            parts.text(say("audit_seal", seal=seal), "audit-seal", tag="p")


def _verdict(visit: Visit) -> Verdict:
    with visit.console.database.reading() as session:
        verdict = verify_chain(session)
    details = {"act": "checked", "rows": verdict.rows, "faults": len(verdict.findings)}
    with visit.console.database.session() as session:
        by, now = AccessBy.of(visit.viewer), visit.now()
        record_access(session, by, Access.VIEW_LOG, "access_log", now, details=details)
    return verdict


def _filters(visit: Visit) -> None:
    say = visit.say
    kinds = [(access.value, say.of("access", access)) for access in Access]
    filter_form(
        visit,
        "/audit",
        [("what", say("audit_what"), kinds)],
        [
            ("who", "text", say("audit_who")),
            ("case", "text", say("audit_case")),
            ("object", "text", say("audit_object")),
            ("from", "date", say("audit_from")),
            ("to", "date", say("audit_to")),
        ],
    )


def _wanted(visit: Visit, session: Session) -> AccessFilter:
    query = visit.query
    number = query.get("case", "").strip()[:80]
    what = next((access for access in Access if access == query.get("what")), None)
    return AccessFilter(
        halls=visit.viewer.halls,
        what=what,
        who=query.get("who", "")[:80],
        object=query.get("object", "")[:80],
        objects=objects_of_case(session, number, visit.viewer.halls) if number else None,
        at_from=_day(query.get("from", ""), visit),
        at_to=_day(query.get("to", ""), visit, after_days=1),
    )


def _day(text: str, visit: Visit, after_days: int = 0) -> datetime | None:
    """The beginning of a day in the hall; None where the address names none."""
    try:
        day = datetime.fromisoformat(text).date() + timedelta(days=after_days)
        return datetime.combine(day, time(0), visit.zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _rows(visit: Visit) -> None:
    say, query = visit.say, visit.query
    before = query.get("before", "")
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None
    with visit.console.database.reading() as session:
        page = list_access(session, _wanted(visit, session), start, PAGE)
    if not page.items:
        parts.hollow("audit", say("audit_none"), say("audit_none_do"), (say("audit_all"), "/audit"))
        return
    columns = [
        parts.Column(say("audit_when")),
        parts.Column(say("audit_who")),
        parts.Column(say("audit_what")),
        parts.Column(say("audit_object")),
        parts.Column(say("audit_purpose")),
    ]
    rows = [_row(visit, item) for item in page.items]
    parts.table(columns, rows, name=say("nav.audit"), classes="audit-rows")
    if page.next is not None:
        kept = {
            k: v for k, v in query.items() if k in ("what", "who", "case", "object", "from", "to")
        }
        address = "/audit?" + urlencode(kept | {"before": str(page.next)})
        parts.link(say("audit_older"), address, "btn audit-older")


def _row(visit: Visit, item: AccessView) -> list[parts.Cell]:
    say = visit.say
    who = item.who if not item.address else f"{item.who} · {item.address}"
    return [
        f"{item.seq} · {times.day_clock(item.at, visit.now(), visit.zone, say)}",
        who,
        say.of("access", item.what),
        partial(_object, visit, item.object),
        partial(_why, say, item),
    ]


def _object(visit: Visit, name: str) -> None:
    """What it was done to, in words, and the way there for those who may see it."""
    kind, _, rest = name.partition("/")
    words = visit.say.known("audit_thing", kind)
    shown = rest[:8] if kind == "alert" else rest
    text = f"{words} {shown}".strip()
    needs = LEADS_TO.get(kind)
    if needs is not None and visit.may(needs) and "/" not in rest:
        parts.link(text, f"/{kind}s/{rest}")
    else:
        parts.text(text)


def _why(say: Say, item: AccessView) -> None:
    """The purpose, and beneath it what was changed."""
    if item.purpose:
        parts.text(item.purpose)
    details = [f"{key}: {_plain(value)}" for key, value in item.details.items()]
    if details:
        parts.text(say("name_comma").join(details), "audit-details", tag="p")


def _plain(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= MOST_SIGNS else f"{text[:MOST_SIGNS]}…"
