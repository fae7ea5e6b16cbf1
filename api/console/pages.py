"""The one table of the console's pages: `mount.py` answers them, `frame.py` makes the navigation
of it. To add a page, add a line here, its words, and its looks if it has any of its own:

- `words/<page>.py`: `nav.<name>` and all other words;
- `static/<page>.css` and drawings in `static/icons.svg`, both picked up by themselves.
"""

from __future__ import annotations

from api.console import (
    account_page,
    accounts_page,
    alert_page,
    audit_page,
    cameras_page,
    case_page,
    cases_page,
    complaint_page,
    complaints_page,
    exemptions_page,
    footage_page,
    health_page,
    inbox,
    live_page,
    my_matters,
    notices_page,
    privacy_page,
    reports_page,
    roster_away,
    roster_changes,
    roster_hours,
    roster_notes,
    roster_page,
    roster_week,
    zones_page,
)
from api.console.entry import Entry, Group
from api.users.permissions import Permission as May

PAGES: tuple[Entry, ...] = (
    Entry("/", "live", May.EVIDENCE_VIEW, live_page.build, Group.WATCH, "live"),
    Entry(
        "/alerts", "alerts", May.ALERTS_READ, inbox.build, Group.WATCH, "bell",
        count=inbox.new_alerts,
    ),
    Entry("/alerts/{uid}", "alerts", May.ALERTS_READ, alert_page.build),
    Entry(
        "/cases", "cases", May.CASES_ALL, cases_page.build, Group.REVIEW, "case",
        count=cases_page.waiting,
    ),
    Entry("/cases/{case_id}", "cases", May.CASES_ALL, case_page.build),
    Entry(
        "/complaints", "complaints", May.COMPLAINTS_READ, complaints_page.build, Group.REVIEW,
        "complaint", count=complaints_page.waiting,
    ),
    Entry(
        "/complaints/{complaint_id}", "complaints", May.COMPLAINTS_READ, complaint_page.build
    ),
    Entry(
        "/exemptions", "exemptions", May.EXEMPTIONS_READ, exemptions_page.build, Group.REVIEW,
        "exempt",
    ),
    Entry(
        "/my-matters", "matters", May.CASES_ANSWER, my_matters.build, Group.REVIEW, "case",
        count=my_matters.asked_of,
    ),
    Entry("/my-matters/{case_id}", "matters", May.CASES_ANSWER, my_matters.build_one),
    Entry("/roster", "roster", May.ROSTER_READ, roster_page.build, Group.HALL, "calendar"),
    Entry("/roster/week", "roster", May.ROSTER_READ, roster_week.build),
    Entry("/roster/hours", "roster", May.ROSTER_READ, roster_hours.build),
    Entry("/roster/away", "roster", May.ROSTER_READ, roster_away.build),
    Entry("/roster/notes", "roster", May.ROSTER_READ, roster_notes.build),
    Entry("/roster/changes", "roster", May.ROSTER_READ, roster_changes.build),
    Entry("/cameras", "cameras", May.HEALTH_READ, cameras_page.build, Group.HALL, "camera"),
    Entry("/zones", "zones", May.ZONES_EDIT, zones_page.build, Group.HALL, "zones"),
    Entry(
        "/notices", "notices", May.NOTICES_MANAGE, notices_page.build, Group.HALL, "message",
        count=notices_page.trouble,
    ),
    Entry("/reports", "reports", May.REPORTS_READ, reports_page.build, Group.OVERSIGHT, "report"),
    Entry(
        "/recordings", "footage", May.FOOTAGE_FIND, footage_page.build, Group.OVERSIGHT, "recording"
    ),
    Entry(
        "/accounts", "accounts", May.USERS_MANAGE, accounts_page.build, Group.OVERSIGHT, "users"
    ),
    Entry("/account", "account", May.SESSION_OWN, account_page.build),
    Entry("/audit", "audit", May.AUDIT_READ, audit_page.build, Group.OVERSIGHT, "audit"),
    Entry("/privacy", "privacy", May.SESSION_OWN, privacy_page.build, Group.OVERSIGHT, "privacy"),
    Entry("/health", "health", May.HEALTH_READ, health_page.build, Group.OVERSIGHT, "health"),
)  # fmt: skip
"""In the order of the navigation, group by group. A phone shows the first four and a drawer."""
