"""Every table and folder, and why it is kept for how long: a new one without a line here fails a
test, and the page on data protection shows them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from api.retention.kinds import Kind


class Stays(StrEnum):
    """What has no days of its own."""

    ARCHIVE = "archive"  # decisions and answers: the office's archive
    STATISTICS = "statistics"  # nothing in it names a person once the names were taken out
    SETTINGS = "settings"  # as they stand; replaced or removed by hand
    PASSING = "passing"  # deletes itself: what is delivered, replaced, or over for 30 days
    RECORDINGS = "recordings"  # days and size by the hall file; see `recorded`
    KEYS = "keys"


@dataclass(frozen=True, slots=True)
class Store:
    """What is kept together. tables: of the database. folders: folders and files of the data
    folder (`hallwatch.db` is the database), and the hall file with the latest few before it."""

    tables: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


STORES: Mapping[Kind | Stays, Store] = {
    Kind.EVIDENCE: Store(("clips", "stills"), ("evidence",)),
    Kind.FOOTAGE: Store(("footage",), ("evidence/footage",)),
    Kind.ALERTS: Store(("alert_texts",)),
    Kind.COMPLAINANTS: Store(("complaints", "complainants_before")),
    Kind.CASES: Store(("case_alerts", "complaint_alerts", "complaint_footage")),
    Kind.MEASURED: Store(("phase_spans", "queue_counts", "counter_stays", "tickets_said")),
    Kind.FIGURES: Store(
        ("reckoned_days", "window_days", "queue_hours", "flow_hours", "cover_days", "group_months")
    ),
    Kind.NOTICES: Store(("notices",)),
    Kind.ROSTER: Store(
        (
            "shifts", "leaves", "roster_notes", "shift_patterns", "pattern_skips",
            "roster_changes", "schedule_imports", "exemptions", "staff",
        )
    ),
    Kind.ACCESS_LOG: Store(("access_log",)),
    Stays.ARCHIVE: Store(("cases", "case_events", "complaint_events")),
    Stays.STATISTICS: Store(
        (
            "alerts", "alert_events", "scrubbed_alerts", "alert_exemptions", "access_log_cuts",
            "roster_cuts",
        )
    ),
    Stays.SETTINGS: Store(
        (
            "halls", "cameras", "windows", "queues", "zones", "zone_plans", "plans_in_force",
            "hall_days", "posts", "service_times", "users", "user_halls", "preferences",
            "notice_channels", "notice_routes", "notice_policies", "notices_seen", "retention",
            "holds", "review_terms", "report_terms",
        ),
        ("hall.toml", "hall.toml.bak-*"),
    ),
    Stays.PASSING: Store(("tokens",), ("outbox", "outbox/refused", "state", "checks")),
    Stays.RECORDINGS: Store(folders=("recordings",)),
    Stays.KEYS: Store(folders=("secrets.key", "signing.key")),
}  # fmt: skip
