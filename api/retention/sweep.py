"""Delete what has been kept long enough: files from the disk, names from the rows; and write down
that it was done. Running it again, or after it broke off, is harmless."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias, TypeVar

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from api.alerts.evidence import EvidencePathError, checked_path
from api.alerts.tables import AlertEventRow, AlertRow, ClipRow, StillRow
from api.alerts.texts import forget_unused_texts, text_id
from api.audit.record import THE_PRODUCT, cut_log, record_access
from api.audit.tables import Access, AccessRow
from api.cases.tables import CaseAlertRow, CaseRow
from api.complaints.correcting import has_earlier_complainant
from api.complaints.tables import ComplainantBeforeRow, ComplaintRow
from api.database import Database
from api.footage.tables import FootageRow
from api.halls.reading import hall_rows
from api.outbox import forget_refused
from api.privacy.copies import copies_of
from api.reports.groups import keep_months
from api.reports.keeping import keep_days
from api.retention.kinds import DEFAULT_DAYS, Kind
from api.retention.rows import RULES, delete_rows, forget_sessions, rows_due
from api.retention.tables import ScrubbedAlertRow
from api.retention.terms import days_of, footage_of_cases, held

Key = TypeVar("Key", str, int)
Find: TypeAlias = Callable[[Session, str, datetime], Sequence[Key]]
"""(session, hall, now) -> what is due there."""

_log = logging.getLogger(__name__)
BATCH = 200
"""So many alerts a transaction: others want to write, too."""
REFUSED_KEPT = timedelta(days=DEFAULT_DAYS[Kind.EVIDENCE])
"""What the outbox set aside belongs to no hall that anybody could ask."""


@dataclass(frozen=True, slots=True)
class Swept:
    """How many were, or would be, deleted: alerts whose evidence goes, pieces of footage, alerts
    whose names go, complaints whose complainants go; rows of the access log, and of the kinds
    that are deleted whole. sessions: of all halls; refused: files that the database refused."""

    hall: str
    evidence: int = 0
    footage: int = 0
    names: int = 0
    complainants: int = 0
    log_rows: int = 0
    measured: int = 0
    figures: int = 0
    notices: int = 0
    roster: int = 0
    sessions: int = 0
    refused: int = 0


def due(session: Session, hall_id: str, now: datetime) -> Swept:
    """What a sweep would delete now."""
    return Swept(
        hall=hall_id,
        evidence=len(_with_evidence(session, hall_id, now)),
        footage=len(_old_footage(session, hall_id, now)),
        names=len(_with_names(session, hall_id, now)),
        complainants=len(_old_complainants(session, hall_id, now)),
        log_rows=session.scalar(
            select(func.count(AccessRow.seq)).where(AccessRow.at < _log_before(session, now))
        )
        or 0,
        **{kind.value: rows_due(session, hall_id, kind, now) for kind in RULES},
    )


def sweep_all(
    database: Database, root: Path, now: datetime, outbox: Path | None = None
) -> list[Swept]:
    """Every hall, then the access log and what belongs to no hall. outbox: its folder."""
    with database.reading() as session:
        halls = [hall.id for hall in hall_rows(session)]
    swept = [sweep_hall(database, root, hall_id, now) for hall_id in halls]
    with database.session() as session:
        sessions = forget_sessions(session, now)
        rows = cut_log(session, _log_before(session, now), now)
    refused = 0 if outbox is None else forget_refused(outbox, now - REFUSED_KEPT)
    if not database.settle():
        _log.warning(
            "what was deleted still lies in the database's log of changes, which was read all the "
            "while; the next sweep overwrites it"
        )
    return [*swept, Swept(hall="*", log_rows=rows, sessions=sessions, refused=refused)]


def sweep_hall(database: Database, root: Path, hall_id: str, now: datetime) -> Swept:
    """Delete what is due in one hall; its figures are made before. root: the evidence folder."""
    keep_days(database, hall_id, now)
    keep_months(database, hall_id, now)
    evidence = footage = names = 0
    while uids := _look(database, _with_evidence, hall_id, now):
        for uid in uids:
            _delete_evidence(database, root, hall_id, uid, now)
        evidence += len(uids)
    while ids := _look(database, _old_footage, hall_id, now):
        for footage_id in ids:
            _delete_footage(database, root, hall_id, footage_id, now)
        footage += len(ids)
    while uids := _look(database, _with_names, hall_id, now):
        with database.session() as session:
            _scrub(session, hall_id, uids, now)
        names += len(uids)
    with database.session() as session:
        complainants = _forget_complainants(session, hall_id, now)
    whole = {kind.value: delete_rows(database, hall_id, kind, now) for kind in RULES}
    return Swept(hall_id, evidence, footage, names, complainants, **whole)


def _look(database: Database, find: Find[Key], hall_id: str, now: datetime) -> Sequence[Key]:
    with database.reading() as session:
        return find(session, hall_id, now)[:BATCH]


def _over(session: Session, hall_id: str, kind: Kind, now: datetime) -> ColumnElement[bool]:
    """Alerts of the hall whose time is over: `kind` for those without a case, `CASES` for those
    of a closed one; an open case keeps its alerts."""
    days = days_of(session, hall_id)
    old = func.coalesce(AlertRow.ended_at, AlertRow.at) < now - timedelta(days=days[kind])
    in_case = select(CaseAlertRow.alert_uid)
    closed = (
        select(CaseAlertRow.alert_uid)
        .join(CaseRow)
        .where(CaseRow.closed_at < now - timedelta(days=days[Kind.CASES]))
    )
    uids, _ = held(session, hall_id)
    over = (old & AlertRow.uid.not_in(in_case)) | AlertRow.uid.in_(closed)
    return over & (AlertRow.hall_id == hall_id) & AlertRow.uid.not_in(uids)


def _with_evidence(session: Session, hall_id: str, now: datetime) -> Sequence[str]:
    has_clip = select(ClipRow.id).where(ClipRow.alert_uid == AlertRow.uid).exists()
    has_still = select(StillRow.id).where(StillRow.alert_uid == AlertRow.uid).exists()
    over = _over(session, hall_id, Kind.EVIDENCE, now)
    return session.scalars(select(AlertRow.uid).where(over, has_clip | has_still)).all()


def _with_names(session: Session, hall_id: str, now: datetime) -> Sequence[str]:
    over = _over(session, hall_id, Kind.ALERTS, now)
    scrubbed = select(ScrubbedAlertRow.alert_uid)
    return session.scalars(select(AlertRow.uid).where(over, AlertRow.uid.not_in(scrubbed))).all()


def _old_footage(session: Session, hall_id: str, now: datetime) -> Sequence[int]:
    """What a complaint's case needs is kept as long as the case's alerts are: see `_over`."""
    _, ids = held(session, hall_id)
    days = days_of(session, hall_id)
    old = FootageRow.cut_at < now - timedelta(days=days[Kind.FOOTAGE])
    recent = CaseRow.closed_at >= now - timedelta(days=days[Kind.CASES])
    in_case = footage_of_cases(CaseRow.closed_at.is_(None) | recent)
    free = FootageRow.id.not_in(ids) & FootageRow.id.not_in(in_case)
    return session.scalars(
        select(FootageRow.id).where(FootageRow.hall_id == hall_id, old, free)
    ).all()


def _old_complainants(session: Session, hall_id: str, now: datetime) -> Sequence[int]:
    days = days_of(session, hall_id)[Kind.COMPLAINANTS]
    named = (ComplaintRow.complainant != "") | (ComplaintRow.contact != "")
    named |= has_earlier_complainant()
    old = ComplaintRow.answered_at < now - timedelta(days=days)
    find = select(ComplaintRow.id).where(ComplaintRow.hall_id == hall_id, old, named)
    return session.scalars(find).all()


def _forget_complainants(session: Session, hall_id: str, now: datetime) -> int:
    ids = _old_complainants(session, hall_id, now)
    if ids:
        forget = update(ComplaintRow).where(ComplaintRow.id.in_(ids))
        session.execute(forget.values(complainant="", contact=""))
        earlier = ComplainantBeforeRow.complaint_id.in_(ids)
        session.execute(delete(ComplainantBeforeRow).where(earlier))
        details = {"complaints": sorted(ids)}
        record_access(
            session, THE_PRODUCT, Access.DELETE, "names", now, hall=hall_id, details=details
        )
    return len(ids)


def _log_before(session: Session, now: datetime) -> datetime:
    return now - timedelta(days=days_of(session, "*")[Kind.ACCESS_LOG])


def _delete_evidence(database: Database, root: Path, hall_id: str, uid: str, now: datetime) -> None:
    """The files first: where that breaks off, the rows are still there to begin again with."""
    with database.reading() as session:
        rows = [*session.scalars(select(ClipRow).where(ClipRow.alert_uid == uid)),
                *session.scalars(select(StillRow).where(StillRow.alert_uid == uid))]  # fmt: skip
    for row in rows:
        _unlink(root, row.path)
    with database.session() as session:
        for row in rows:
            session.delete(session.merge(row))
        session.flush()
        details = {"files": [{"path": row.path, "sha256": row.sha256} for row in rows]}
        name = f"alert/{uid}"
        record_access(session, THE_PRODUCT, Access.DELETE, name, now, hall=hall_id, details=details)


def _delete_footage(
    database: Database, root: Path, hall_id: str, footage_id: int, now: datetime
) -> None:
    with database.reading() as session:
        row = session.get_one(FootageRow, footage_id)
    _unlink(root, row.path)
    with database.session() as session:
        session.delete(session.merge(row))
        session.flush()
        details = {"files": [{"path": row.path, "sha256": row.sha256}]}
        name = f"footage/{footage_id}"
        record_access(session, THE_PRODUCT, Access.DELETE, name, now, hall=hall_id, details=details)


def _unlink(root: Path, path: str) -> None:
    """The file, its blurred copies, and its folder if that is empty then."""
    try:
        file = root / checked_path(path)
    except EvidencePathError:
        return  # leads out of the folder: nothing there is ours
    if not file.parent.is_dir():
        return
    for each in (file, *copies_of(file)):
        each.unlink(missing_ok=True)
    if file.parent != root and not any(file.parent.iterdir()):
        file.parent.rmdir()


def _scrub(session: Session, hall_id: str, uids: Sequence[str], now: datetime) -> None:
    """Take the names and what people wrote out of these alerts. Rule, window and times remain:
    figures without a person."""
    nobody = text_id(session, "")
    session.execute(
        update(AlertRow).where(AlertRow.uid.in_(uids)).values(duty=None, text_id=nobody)
    )
    session.execute(
        update(AlertEventRow)
        .where(AlertEventRow.alert_uid.in_(uids), AlertEventRow.who != "")
        .values(user_id=None, who="—", why="")
    )
    session.add_all(ScrubbedAlertRow(alert_uid=uid, at=now) for uid in uids)
    session.flush()
    forget_unused_texts(session)
    record_access(
        session, THE_PRODUCT, Access.DELETE, "names", now, hall=hall_id,
        details={"alerts": sorted(uids)},
    )  # fmt: skip
