"""What people do about an alert: a small state machine with an append-only history."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.alerts.own import OwnAlertError, is_about
from api.alerts.tables import AlertEventRow, AlertRow, State
from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.events import AlertNews, What, announce
from api.fields import SHORTEST_REASON
from api.halls.reach import EVERY_HALL, Halls


class Act(StrEnum):
    ACKNOWLEDGE = "acknowledge"  # seen, and settled on the spot
    EXCUSE = "excuse"  # there was a good reason
    MARK_FALSE = "mark_false"  # what the machine said did not happen
    REFER = "refer"  # a reviewer shall look at it


LEADS_TO: Mapping[Act, State] = {
    Act.ACKNOWLEDGE: State.ACKNOWLEDGED,
    Act.EXCUSE: State.EXCUSED,
    Act.MARK_FALSE: State.FALSE,
    Act.REFER: State.REFERRED,
}

MAY: Mapping[State, tuple[Act, ...]] = {
    State.NEW: (Act.ACKNOWLEDGE, Act.EXCUSE, Act.MARK_FALSE, Act.REFER),
    State.ACKNOWLEDGED: (Act.EXCUSE, Act.MARK_FALSE, Act.REFER),
    State.EXCUSED: (Act.REFER,),  # a reviewer may still want to see what was excused,
    State.FALSE: (Act.REFER,),  # or what was called false
    State.REFERRED: (),
}
"""Which acts are possible in which state. Review takes over from `REFERRED`."""

JUDGES = frozenset({Act.EXCUSE, Act.MARK_FALSE, Act.REFER})
"""Acts that say what is to be thought of it. To have seen it is no judgement."""


class UnknownAlertError(LookupError):
    def __init__(self, uid: str) -> None:
        super().__init__(f"there is no alert {uid!r}")


class ActRefusedError(ValueError):
    """The alert is in a state from which this act is impossible; somebody may have been first."""

    def __init__(self, act: Act, state: State) -> None:
        self.act = act
        self.state = state
        possible = ", ".join(MAY[state]) or "nothing more"
        super().__init__(
            f"an alert that is {state.value} does not allow {act.value}; possible: {possible}"
        )


class ReasonMissingError(ValueError):
    def __init__(self, act: Act) -> None:
        super().__init__(f"{act.value} needs a reason; say why in a sentence")


def act_on(
    session: Session,
    uid: str,
    act: Act,
    by: AccessBy,
    at: datetime,
    reason: str = "",
    halls: Halls = EVERY_HALL,
) -> State:
    """Do `act` to the alert and return its new state. `halls` are those of whoever acts,
    whose name stands in the history.

    Raises UnknownAlertError, OwnAlertError, ActRefusedError, ReasonMissingError (excuse only).
    """
    reason = reason.strip()
    if act is Act.EXCUSE and len(reason) < SHORTEST_REASON:
        raise ReasonMissingError(act)
    find = select(AlertRow).where(AlertRow.uid == uid).with_for_update()
    row = session.scalar(find, execution_options={"populate_existing": True})
    if row is None or row.hall_id not in halls:
        raise UnknownAlertError(uid)
    if act in JUDGES and is_about(session, row, by.staff_id):
        raise OwnAlertError
    if act not in MAY[row.state]:
        raise ActRefusedError(act, row.state)
    session.add(
        AlertEventRow(
            alert_uid=uid,
            key=f"{act.value}@{uuid.uuid4().hex}",
            what=act.value,
            at=at,
            user_id=by.user_id,
            who=by.name,
            why=reason,
            details={"from": row.state.value, "to": LEADS_TO[act].value},
        )
    )
    row.state = LEADS_TO[act]
    announce(session, AlertNews(uid, row.hall_id, What.ACTED))
    session.flush()
    record_access(
        session,
        by,
        Access.SETTLE_ALERT,
        f"alert/{uid}",
        at,
        hall=row.hall_id,
        purpose=reason,
        details={"act": act.value},
    )
    return row.state
