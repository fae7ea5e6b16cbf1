"""Which halls an account belongs to, and whom of the roster it is."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.halls.reach import EVERY_HALL, Halls
from api.halls.reading import UnknownHallIdError
from api.halls.tables import HallRow
from api.roster.tables import StaffRow
from api.users.tables import UserHallRow, UserRow


class UnknownStaffError(LookupError):
    def __init__(self, who: int | str) -> None:
        super().__init__(f"there is nobody {who} on the roster of the account's halls")


class StaffTakenError(ValueError):
    """One person, one account: otherwise someone could decide on themselves."""

    def __init__(self, staff_id: int, name: str) -> None:
        super().__init__(f"person {staff_id} of the roster has the account {name!r} already")


def staff_named(session: Session, place: str) -> int:
    """The id of the person at HALL/NUMBER. Raises UnknownStaffError."""
    hall_id, _, number = place.partition("/")
    find = select(StaffRow.id).where(StaffRow.hall_id == hall_id, StaffRow.number == number)
    staff_id = session.scalar(find)
    if staff_id is None:
        raise UnknownStaffError(place)
    return staff_id


def halls_of(session: Session, user: UserRow) -> Halls:
    if user.all_halls:
        return EVERY_HALL
    ids = session.scalars(select(UserHallRow.hall_id).where(UserHallRow.user_id == user.id))
    return Halls.only(ids)


def belong(session: Session, user: UserRow, halls: Halls, staff_id: int | None) -> None:
    """Let the account belong to exactly these halls, and be this person of the roster.

    Raises UnknownHallIdError, UnknownStaffError, StaffTakenError.
    """
    for hall_id in sorted(halls.ids):
        if session.get(HallRow, hall_id) is None:
            raise UnknownHallIdError(hall_id)
    if staff_id is not None:
        _check_staff(session, user, halls, staff_id)
    user.all_halls, user.staff_id = halls.everywhere, staff_id
    session.execute(delete(UserHallRow).where(UserHallRow.user_id == user.id))
    session.add_all(UserHallRow(user_id=user.id, hall_id=hall_id) for hall_id in sorted(halls.ids))
    session.flush()


def _check_staff(session: Session, user: UserRow, halls: Halls, staff_id: int) -> None:
    person = session.get(StaffRow, staff_id)
    if person is None or person.hall_id not in halls:
        raise UnknownStaffError(staff_id)
    other = session.scalar(
        select(UserRow.name).where(UserRow.staff_id == staff_id, UserRow.id != user.id)
    )
    if other is not None:
        raise StaffTakenError(staff_id, other)
