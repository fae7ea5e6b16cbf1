"""Changing an account from a page: the same services as the HTTP interface, kind words."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from api.audit.record import AccessBy
from api.console import parts, times
from api.console.beat import signed_out
from api.console.page import Visit
from api.console.sheets import Sheet
from api.halls.reading import UnknownHallIdError
from api.users.accounts import (
    AccountChangedError,
    LastAdministratorError,
    NameTakenError,
    PasswordError,
    UnknownUserError,
    change_user,
    note_account,
)
from api.users.belonging import StaffTakenError, UnknownStaffError
from api.users.tables import UserRow

REFUSED = (
    AccountChangedError,
    LastAdministratorError,
    NameTakenError,
    PasswordError,
    StaffTakenError,
    UnknownHallIdError,
    UnknownStaffError,
    UnknownUserError,
)
"""What accounts' services may answer."""


def change_kindly(visit: Visit, seen: UserRow, changed: list[str], why: str, **to: Any) -> bool:
    """Change the account as it was seen, and write it down; say why not where that cannot be. True
    if it was done. `changed`: for the access log; `to`: what `change_user` is given."""
    if signed_out(visit):
        return False
    now, within = visit.now(), visit.viewer.halls
    try:
        with visit.console.database.session() as session:
            row = change_user(session, seen.id, now, within=within, version=seen.version, **to)
            note_account(session, AccessBy.of(visit.viewer), row, changed, now, why)
    except REFUSED as error:
        parts.tell(refusal_words(visit, error), "warning")
        return False
    return True


def refusal_words(visit: Visit, error: Exception) -> str:
    """Why it was not done."""
    say = visit.say
    match error:
        case AccountChangedError() if error.at is not None:
            time = times.day_clock(error.at, visit.now(), visit.zone, say)
            return say("account_first_was", who=error.who, time=time)
        case AccountChangedError():
            return say("account_first_was_somebody")
        case LastAdministratorError():
            return say("account_last_admin")
        case NameTakenError():
            return say("account_name_taken")
        case StaffTakenError():
            return say("account_staff_taken")
        case UnknownStaffError() | UnknownHallIdError():
            return say("account_not_yours")
        case _:
            return say("account_gone")


def show_secret(visit: Visit, place: ui.element, title: str, about: str, secret: str) -> None:
    """A password or token, this once: it is kept nowhere in clear. place: what the sheet belongs
    to; it outlives the sheet in which the secret was asked for."""
    say = visit.say
    with place, Sheet(title, about, "secret-sheet") as sheet:
        parts.text(secret, "secret", tag="output", aria_label=title)
        parts.text(say("secret_once"), "secret-once", tag="p")
        with parts.box("sheet-buttons"):
            parts.button(say("secret_copy"), lambda: _copy(visit, secret), drawing="copy")
            parts.button(say("secret_done"), sheet.close, "btn btn-main", data_sure="secret")


def _copy(visit: Visit, secret: str) -> None:
    ui.clipboard.write(secret)
    parts.tell(visit.say("secret_copied"), "positive")
