"""The sheet of one account: who, as what, in which halls."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui
from sqlalchemy import select

from api.audit.record import AccessBy
from api.console import parts
from api.console.accounts_acting import REFUSED, change_kindly, refusal_words, show_secret
from api.console.beat import signed_out
from api.console.forms import Choice, Field, Tick, form
from api.console.page import Visit
from api.console.sheets import Sheet
from api.halls.reach import EVERY_HALL, Halls
from api.roster.tables import StaffRow
from api.users.accounts import NameTakenError, add_user, hash_of, note_account, one_time_password
from api.users.belonging import halls_of
from api.users.tables import Role, UserRow

ROLES = (Role.SUPERVISOR, Role.REVIEWER, Role.HEAD, Role.CLERK, Role.ADMIN)
LONGEST_NAME = 80
SIGNS = frozenset("._@-")
"""Beside letters and digits, in the name that is typed at sign-in."""


class AccountSheet:
    """row: the account to change; None: a new one, whose one-time password is shown at the end.
    place: what its sheets belong to."""

    def __init__(
        self, visit: Visit, row: UserRow | None, place: ui.element, done: Callable[[], None]
    ) -> None:
        self.visit, self.row, self.place, self.done = visit, row, place, done
        say = visit.say
        title = say("account_new") if row is None else say("account_change_of", name=row.full_name)
        about = say("account_new_about") if row is None else say("account_change_about")
        with place, Sheet(title, about, "act-sheet") as self.sheet:
            with form():
                if row is None:
                    self.name = Field(
                        say("user_name"), hint=say("account_name_hint"), must=True,
                        maxlength="64", autocomplete="off",
                    )  # fmt: skip
                self.full_name = Field(
                    say("account_full_name"), value=row.full_name if row else "", must=True,
                    maxlength=str(LONGEST_NAME), autocomplete="off",
                )  # fmt: skip
                self.role = Choice(
                    say("account_role"),
                    [(role.value, say.of("role", role)) for role in ROLES],
                    row.role.value if row else Role.SUPERVISOR.value,
                    on_change=self._explain,
                )
                self.explained = parts.text("", "field-hint", tag="p")
                self._halls()
                self._staff()
            with parts.box("sheet-buttons"):
                parts.button(say("cancel"), self.sheet.close)
                save = parts.button(say("save"), self._save, "btn btn-main", drawing="check")
                save.props["data-sure"] = "account"
        self._explain(self.role.value)

    def _halls(self) -> None:
        visit, say = self.visit, self.visit.say
        halls = Halls.only([visit.hall.id]) if visit.hall else visit.viewer.halls
        if self.row is not None:
            with visit.console.database.reading() as session:
                halls = halls_of(session, self.row)
        with parts.box("account-halls", "fieldset"):
            parts.text(say("account_halls"), "field-label", tag="legend")
            self.everywhere = (
                Tick(say("account_everywhere"), halls.everywhere)
                if visit.viewer.halls.everywhere
                else None
            )
            self.ticks = {
                hall.id: Tick(hall.name, not halls.everywhere and hall.id in halls.ids)
                for hall in visit.halls
            }
            self.halls_error = parts.text("", "field-error", tag="p", role="alert")

    def _staff(self) -> None:
        """Whom of the roster a clerk is, of all the halls that this administrator looks after."""
        visit, say = self.visit, self.visit.say
        ids = [hall.id for hall in visit.halls]
        find = select(StaffRow).where(StaffRow.hall_id.in_(ids)).order_by(StaffRow.number)
        with visit.console.database.reading() as session:
            people = [(str(p.id), f"{p.name} {p.number}") for p in session.scalars(find)]
        known = str(self.row.staff_id or "") if self.row else ""
        with parts.box() as self.staff_box:
            self.staff = Choice(
                say("account_staff"), [("", say("account_staff_none")), *people], known,
                hint=say("account_staff_hint"),
            )  # fmt: skip

    def _explain(self, role: str) -> None:
        self.explained.set_text(self.visit.say.of("role_may", role))

    def _save(self) -> None:
        visit = self.visit
        halls = self._chosen_halls()
        full_name = self.full_name.value.strip()[:LONGEST_NAME]
        if not full_name:
            self.full_name.complain(visit.say("account_full_name_missing"))
            return
        if halls is None:
            return
        role = Role(self.role.value)
        staff_id = int(self.staff.value) if self.staff.value else None
        if role is Role.CLERK and staff_id is None:
            parts.tell(visit.say("account_staff_missing"), "warning")
            return
        if self.row is None:
            self._make(full_name, role, halls, staff_id)
        else:
            self._changed(self.row, full_name, role, halls, staff_id)

    def _chosen_halls(self) -> Halls | None:
        """None, after saying so, where none is chosen."""
        if self.everywhere is not None and self.everywhere.value:
            return EVERY_HALL
        ids = [hall for hall, tick in self.ticks.items() if tick.value]
        self.halls_error.set_text("" if ids else self.visit.say("account_halls_missing"))
        return Halls.only(ids) if ids else None

    def _changed(
        self, row: UserRow, full_name: str, role: Role, halls: Halls, staff_id: int | None
    ) -> None:
        with self.visit.console.database.reading() as session:
            before = (row.full_name, row.role, halls_of(session, row), row.staff_id)
        names = ("full_name", "role", "halls", "staff_id")
        now = (full_name, role, halls, staff_id or row.staff_id)
        changed = [name for name, old, new in zip(names, before, now, strict=True) if old != new]
        if not changed:
            self.sheet.close()
            return
        if change_kindly(
            self.visit, row, changed, "",
            full_name=full_name, role=role, halls=halls, staff_id=staff_id,
        ):  # fmt: skip
            self.sheet.close()
            parts.tell(self.visit.say("account_saved", name=full_name), "positive")
        self.done()

    def _make(self, full_name: str, role: Role, halls: Halls, staff_id: int | None) -> None:
        visit, name = self.visit, self.name.value.strip()
        if not 1 <= len(name) <= 64 or not all(c.isalnum() or c in SIGNS for c in name):
            self.name.complain(visit.say("account_name_bad"))
            return
        if signed_out(visit):
            return
        password, now = one_time_password(), visit.now()
        password_hash = hash_of(password)
        try:
            with visit.console.database.session() as session:
                row = add_user(
                    session, name, full_name, role, password_hash, now,
                    halls=halls, staff_id=staff_id, must_change=True,
                )  # fmt: skip
                note_account(session, AccessBy.of(visit.viewer), row, ["created"], now)
        except NameTakenError:
            self.name.complain(visit.say("account_name_taken"))
            return
        except REFUSED as error:
            parts.tell(refusal_words(visit, error), "warning")
            return
        self.sheet.close()
        self.done()
        about = visit.say("account_password_about", name=full_name)
        show_secret(visit, self.place, visit.say("account_password"), about, password)
