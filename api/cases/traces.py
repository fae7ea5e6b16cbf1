"""What in the access log is about one case."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.alerts.tables import ClipRow, StillRow
from api.cases.tables import CaseAlertRow, CaseRow
from api.complaints.tables import ComplaintRow
from api.halls.reach import Halls


def objects_of_case(session: Session, number: str, halls: Halls) -> frozenset[str]:
    """The log's names of the case of this number, its alerts, their clips and stills, its bundles
    and its complaint; empty where there is no such case in these halls."""
    case = session.scalar(select(CaseRow).where(CaseRow.number == number))
    if case is None or case.hall_id not in halls:
        return frozenset()
    uids = session.scalars(
        select(CaseAlertRow.alert_uid).where(CaseAlertRow.case_id == case.id)
    ).all()
    names = {f"case/{case.id}", f"bundle/{case.number}"} | {f"alert/{uid}" for uid in uids}
    for kind, table in (("clip", ClipRow), ("still", StillRow)):
        ids = session.scalars(select(table.id).where(table.alert_uid.in_(uids)))
        names |= {f"{kind}/{row_id}" for row_id in ids}
    for complaint in session.scalars(
        select(ComplaintRow.id).where(ComplaintRow.case_id == case.id)
    ):
        names |= {f"complaint/{complaint}", f"complaint/{complaint}/complainant"}
    return frozenset(names)
