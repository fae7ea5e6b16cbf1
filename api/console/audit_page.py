"""Who looked at what, and why: the access log, and the check that nobody altered it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode

from nicegui import run

from api.audit.chain import Verdict, verify_chain
from api.audit.listing import AccessFilter, list_access
from api.audit.tables import Access
from api.audit.views import AccessView
from api.console import parts, times
from api.console.beat import Beat
from api.console.page import Visit

PAGE = 50


def build(visit: Visit, _beat: Beat) -> None:
    say = visit.say
    with parts.box("page"):
        with parts.heading(say("nav.audit"), say("audit_about")):
            check = parts.button(say("audit_check"), lambda: _check(visit), drawing="check")
            check.props["data-act"] = "check"
        _filters(visit)
        _rows(visit)


async def _check(visit: Visit) -> None:
    """Verify the whole chain, beside the page, and say what came of it."""
    verdict = await run.io_bound(_verdict, visit)
    if verdict is None:
        return
    if verdict.findings:
        first = verdict.findings[0]
        words = visit.say.of("audit_fault", first.fault)
        parts.tell(visit.say("audit_broken", n=first.seq, fault=words), "negative")
    else:
        parts.tell(visit.say("audit_whole", n=verdict.rows), "positive")


def _verdict(visit: Visit) -> Verdict:
    with visit.console.database.reading() as session:
        return verify_chain(session)


def _filters(visit: Visit) -> None:
    """A plain form: the address says what is shown, and can be sent to somebody."""
    say, query = visit.say, visit.query
    with parts.box("audit-filters", "form", method="get", action="/audit", role="search"):
        with parts.box("field"):
            parts.text(say("audit_what"), "field-label", tag="label", for_="audit-what")
            with parts.box("", "select", name="what", id="audit-what"):
                parts.text(say("audit_all"), tag="option", value="")
                for access in Access:
                    option = parts.text(say.of("access", access), tag="option", value=access.value)
                    if query.get("what") == access:
                        option.props["selected"] = True
        for name, kind, label in (
            ("who", "text", say("audit_who")),
            ("object", "text", say("audit_object")),
            ("from", "date", say("audit_from")),
            ("to", "date", say("audit_to")),
        ):
            with parts.box("field"):
                parts.text(label, "field-label", tag="label", for_=f"audit-{name}")
                entry = parts.box("", "input", type=kind, name=name, id=f"audit-{name}")
                entry.props["maxlength"] = "80"
                entry.props["defaultValue"] = query.get(name, "")[:80]
        with parts.box("btn", "button", type="submit"):
            parts.icon("search")
            parts.text(say("audit_find"))


def _wanted(visit: Visit) -> AccessFilter:
    query = visit.query
    what = next((access for access in Access if access == query.get("what")), None)
    return AccessFilter(
        halls=visit.viewer.halls,
        what=what,
        who=query.get("who", "")[:80],
        object=query.get("object", "")[:80],
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
        page = list_access(session, _wanted(visit), start, PAGE)
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
        kept = {k: v for k, v in query.items() if k in ("what", "who", "object", "from", "to")}
        address = "/audit?" + urlencode(kept | {"before": str(page.next)})
        parts.link(say("audit_older"), address, "btn audit-older")


def _row(visit: Visit, item: AccessView) -> list[parts.Cell]:
    say = visit.say
    who = item.who if not item.address else f"{item.who} · {item.address}"
    return [
        f"{item.seq} · {times.day_clock(item.at, visit.now(), visit.zone, say)}",
        who,
        say.of("access", item.what),
        item.object,
        item.purpose,
    ]
