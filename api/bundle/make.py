"""Make a bundle of alerts, or of a case: gather, write down that it was made, write the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from api.audit.chain import last_anchor
from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.bundle.form import RECORD, REPORT
from api.bundle.gather import Gathered, Wanted, furnish, gather, record_of
from api.bundle.keys import SigningKey
from api.bundle.pack import Entry, write_bundle
from api.bundle.report import Page, report_pdf
from api.canonical import canonical_json
from api.database import Database
from api.privacy.copies import BlurredCopies


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where bundles are made."""

    database: Database
    evidence: Path
    copies: BlurredCopies
    key: SigningKey


def make_bundle(shop: Workshop, wanted: Wanted, by: AccessBy, now: datetime, to: Path) -> None:
    """Write a bundle to `to`. That it is made is in the access log, and the log's newest seal in
    the bundle.

    Raises UnknownAlertError, BundleRequestError. A clip that is missing on the disk is said to be
    missing.
    """
    with shop.database.reading() as session:
        gathered = gather(session, shop.evidence, wanted)
    pieces = furnish(gathered.pieces, shop.copies, originals=wanted.originals)
    record = record_of(gathered, pieces, wanted, by.name, now)
    _write_down(shop.database, gathered, wanted, by, now)
    with shop.database.reading() as session:
        anchor = last_anchor(session)
    page = Page(
        gathered, pieces, wanted, by.name, now, ZoneInfo(gathered.hall.timezone),
        shop.key.public.fingerprint,
    )  # fmt: skip
    entries = [
        Entry(RECORD, canonical_json(record)),
        Entry(REPORT, report_pdf(page)),
        *(entry for piece in pieces for entry in piece.entries),
    ]
    about = {
        "made_at": now.isoformat(),
        "made_by": by.name,
        "hall": gathered.hall.id,
        "access_log": None if anchor is None else {"seq": anchor.seq, "sha": anchor.sha},
    }
    write_bundle(to, entries, about, shop.key)


def _write_down(
    database: Database, gathered: Gathered, wanted: Wanted, by: AccessBy, now: datetime
) -> None:
    details: dict[str, Any] = {
        "alerts": [alert.uid for alert in gathered.alerts],
        "originals": wanted.originals,
    }
    footage = [p.facts["id"] for p in gathered.pieces if p.facts["kind"] == "footage"]
    if footage:
        details["footage"] = footage
    number = None if wanted.case is None else wanted.case.get("number")
    name = "bundle" if number is None else f"bundle/{number}"
    with database.session() as session:
        record_access(
            session, by, Access.EXPORT, name, now,
            hall=gathered.hall.id, purpose=wanted.purpose, details=details,
        )  # fmt: skip
