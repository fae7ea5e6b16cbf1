"""The seal of a row, and the check of the whole chain."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.audit.tables import Access, AccessRow, LogCutRow
from api.canonical import canonical_json, utc_text

NOTHING_BEFORE = "0" * 64
"""What stands before the first row."""
_BATCH_ROWS = 1000


class Fault(StrEnum):
    ALTERED = "altered"  # the row is not what was sealed
    MISSING = "missing"  # there is no row of this number
    UNCHAINED = "unchained"  # the row is whole, but is not sealed to the row before
    CUT_UNRECORDED = (
        "cut_unrecorded"  # rows are said to be deleted in time; the log does not say so
    )
    ANCHOR_DIFFERS = "anchor_differs"  # once the row had another seal: the log was rewritten


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with which row."""

    seq: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class Anchor:
    """The number and seal of a row, as written down outside the database."""

    seq: int
    sha: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """rows: how many were checked. last: the newest row; None: the log is empty."""

    rows: int
    last: Anchor | None
    findings: tuple[Finding, ...]


def seal(row: AccessRow) -> str:
    """SHA-256 over everything in the row, the seal of the row before included."""
    content = {
        "seq": row.seq,
        "at": utc_text(row.at),
        "user_id": row.user_id,
        "who": row.who,
        "what": str(row.what),
        "object": row.object,
        "hall": row.hall_id,
        "purpose": row.purpose,
        "address": row.address,
        "details": row.details,
        "previous": row.previous_sha,
    }
    return hashlib.sha256(canonical_json(content)).hexdigest()


def last_anchor(session: Session) -> Anchor | None:
    """The newest row, to be written down elsewhere."""
    row = session.execute(
        select(AccessRow.seq, AccessRow.sha).order_by(AccessRow.seq.desc()).limit(1)
    ).one_or_none()
    return None if row is None else Anchor(row.seq, row.sha)


def verify_chain(session: Session, anchors: tuple[Anchor, ...] = ()) -> Verdict:
    """Check every row there is, in order. `anchors`: what was written down earlier; rows that
    were cut from the end show only against these."""
    cut = session.scalars(select(LogCutRow).order_by(LogCutRow.upto.desc()).limit(1)).one_or_none()
    seq, sha = (0, NOTHING_BEFORE) if cut is None else (cut.upto, cut.sha)
    first, rows = seq, 0
    findings: list[Finding] = []
    seals: dict[int, str] = {}
    wanted = {anchor.seq for anchor in anchors}
    recorded: set[tuple[int, str]] = set()
    while batch := session.scalars(
        select(AccessRow).where(AccessRow.seq > seq).order_by(AccessRow.seq).limit(_BATCH_ROWS)
    ).all():
        for row in batch:
            findings += [Finding(gone, Fault.MISSING) for gone in range(seq + 1, row.seq)]
            findings += _faults(row, sha, follows=row.seq == seq + 1)
            if row.what is Access.CUT_LOG:
                recorded.add(_cut_of(row.details))
            if row.seq in wanted:
                seals[row.seq] = row.sha
            seq, sha, rows = row.seq, row.sha, rows + 1
        session.expunge_all()
    if cut is not None and (cut.upto, cut.sha) not in recorded:
        findings.append(Finding(cut.upto, Fault.CUT_UNRECORDED))
    findings += _against(anchors, seals, first)
    last = Anchor(seq, sha) if rows else None
    return Verdict(rows, last, tuple(sorted(findings, key=lambda f: f.seq)))


def _faults(row: AccessRow, sha_before: str, *, follows: bool) -> list[Finding]:
    if seal(row) != row.sha:
        return [Finding(row.seq, Fault.ALTERED)]
    if follows and row.previous_sha != sha_before:
        return [Finding(row.seq, Fault.UNCHAINED)]
    return []


def _cut_of(details: Mapping[str, object]) -> tuple[int, str]:
    upto, sha = details.get("upto"), details.get("sha")
    return (upto, sha) if isinstance(upto, int) and isinstance(sha, str) else (-1, "")


def _against(anchors: tuple[Anchor, ...], seals: Mapping[int, str], first: int) -> list[Finding]:
    """What the anchors say about the rows that ought to be there still."""
    findings = []
    for anchor in anchors:
        if anchor.seq <= first:
            continue
        if anchor.seq not in seals:
            findings.append(Finding(anchor.seq, Fault.MISSING))
        elif seals[anchor.seq] != anchor.sha:
            findings.append(Finding(anchor.seq, Fault.ANCHOR_DIFFERS))
    return findings
