"""Whose conduct an alert is about: nobody judges an alert about themselves."""

from __future__ import annotations

from sqlalchemy.orm import Session

from api.alerts.tables import AlertRow
from api.roster.reading import duty_at, duty_snapshot, holds, number_of


class OwnAlertError(PermissionError):
    """Nobody judges an alert about themselves."""

    def __init__(self) -> None:
        super().__init__("you held the window then: somebody else must judge this alert")


def is_about(session: Session, row: AlertRow, staff_id: int | None) -> bool:
    """Whether that person held the window when it began: by the roster's word when the alert came
    in, or by its word now."""
    number = number_of(session, staff_id, row.hall_id)
    if number is None:
        return False
    if holds(number, row.duty):
        return True
    now = duty_at(session, row.hall_id, row.subject, row.began_at)
    return holds(number, duty_snapshot(now))
