"""Accounts, for the administrator: who may sign in, as what, in which halls; and the tokens of
machines and programs. No alert and no picture is to be seen here."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.console import parts, times
from api.console.accounts_acting import change_kindly, show_secret
from api.console.accounts_sheet import AccountSheet
from api.console.accounts_tokens import TokensCard
from api.console.beat import Beat, signed_out
from api.console.forms import Field
from api.console.page import Visit
from api.console.sheets import ask
from api.halls.reach import Halls
from api.users.accounts import (
    UnknownUserError,
    hash_of,
    one_time_password,
    unlock_user,
    user_rows,
)
from api.users.belonging import halls_of
from api.users.oidc_routes import RETURN
from api.users.tables import UserRow


def build(visit: Visit, _beat: Beat) -> None:
    _AccountsPage(visit)


class _AccountsPage:
    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.halls = {hall.id: hall.name for hall in visit.halls}
        say = visit.say
        with parts.box("page accounts"):
            with parts.heading(say("nav.accounts"), say("accounts_about")):
                new = parts.button(say("account_new"), self._add, "btn btn-main", drawing="plus")
                new.props["data-act"] = "new-account"
            _office(visit)
            self.wanted = Field(say("accounts_find"), "search", on_change=self._find)
            self.place = parts.box()
            self.sheets = parts.box()
            self.tokens = TokensCard(visit)
        self.refresh()

    def _find(self, _value: str) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Draw the accounts and the tokens as they are now."""
        visit, say = self.visit, self.visit.say
        with visit.console.database.reading() as session:
            rows = [(row, halls_of(session, row)) for row in user_rows(session, visit.viewer.halls)]
        wanted = self.wanted.value.strip().casefold()
        found = [
            (row, halls)
            for row, halls in rows
            if wanted in f"{row.name} {row.full_name}".casefold()
        ]
        self.place.clear()
        with self.place:
            if not found:
                parts.hollow("users", say("accounts_none"), say("accounts_none_do"))
            else:
                self._table(found)
        self.tokens.refresh()

    def _table(self, rows: Iterable[tuple[UserRow, Halls]]) -> None:
        say = self.visit.say
        columns = [
            parts.Column(say(key))
            for key in ("account_who", "account_role", "account_halls", "account_state")
        ]
        columns.append(parts.Column("", "acts"))
        cells = [self._cells(row, halls) for row, halls in rows]
        parts.table(columns, cells, name=say("nav.accounts"), classes="accounts-rows")

    def _cells(self, row: UserRow, halls: Halls) -> list[parts.Cell]:
        say = self.visit.say

        def who() -> None:
            parts.text(row.full_name, "account-shown")
            parts.text(row.name, "account-login")

        named = (self.halls.get(hall, hall) for hall in sorted(halls.ids))
        where = say("account_everywhere") if halls.everywhere else say("name_comma").join(named)
        return [
            who,
            say.of("role", row.role),
            where or say("account_nowhere"),
            partial(self._states, row),
            partial(self._acts, row),
        ]

    def _states(self, row: UserRow) -> None:
        say, now = self.visit.say, self.visit.now()
        with parts.box("account-states"):
            if row.disabled_at is not None:
                parts.badge(say("account_disabled"), "calm")
                return
            if row.locked_until is not None and row.locked_until > now:
                until = times.clock(row.locked_until, self.visit.zone)
                parts.badge(say("account_locked", time=until), "warn")
            if row.must_change:
                parts.badge(say("account_one_time"), "info")
            if not row.must_change:
                parts.badge(say("account_active"), "good")

    def _acts(self, row: UserRow) -> None:
        say = self.visit.say
        with parts.box("account-acts"):
            if row.disabled_at is not None:
                parts.button(say("account_enable"), partial(self._enable, row), "btn btn-quiet")
                return
            parts.button(say("account_change"), partial(self._change, row), "btn btn-quiet")
            if row.locked_until is not None and row.locked_until > self.visit.now():
                parts.button(say("account_unlock"), partial(self._unlock, row), "btn btn-quiet")
            parts.button(say("account_reset"), partial(self._ask_reset, row), "btn btn-quiet")
            parts.button(say("account_disable"), partial(self._ask_disable, row), "btn btn-quiet")

    def _add(self) -> None:
        AccountSheet(self.visit, None, self.sheets, self.refresh)

    def _change(self, row: UserRow) -> None:
        AccountSheet(self.visit, row, self.sheets, self.refresh)

    def _unlock(self, row: UserRow) -> None:
        visit = self.visit
        if signed_out(visit):
            return
        try:
            with visit.console.database.session() as session:
                unlock_user(session, row.id, visit.viewer.halls)
                by, details = AccessBy.of(visit.viewer), {"changed": ["unlocked"]}
                name = f"account/{row.name}"
                record_access(session, by, Access.EDIT_USERS, name, visit.now(), details=details)
        except UnknownUserError:
            parts.tell(visit.say("account_gone"), "warning")
        else:
            parts.tell(visit.say("account_unlocked", name=row.full_name), "positive")
        self.refresh()

    def _ask_reset(self, row: UserRow) -> None:
        say = self.visit.say
        ask(
            self.visit, say("account_reset_ask", name=row.full_name), say("account_reset_about"),
            say("account_reset"), partial(self._reset, row), reason="must",
            hint=say("account_reset_hint"), danger=True,
        )  # fmt: skip

    def _reset(self, row: UserRow, why: str) -> None:
        visit = self.visit
        password = one_time_password()
        done = change_kindly(
            visit, row, ["password"], why, password_hash=hash_of(password), must_change=True
        )
        self.refresh()
        if done:
            about = visit.say("account_password_about", name=row.full_name)
            show_secret(visit, self.sheets, visit.say("account_password"), about, password)

    def _ask_disable(self, row: UserRow) -> None:
        say = self.visit.say
        ask(
            self.visit, say("account_disable_ask", name=row.full_name),
            say("account_disable_about"), say("account_disable"), partial(self._disable, row),
            reason="must", hint=say("account_disable_hint"), danger=True,
        )  # fmt: skip

    def _disable(self, row: UserRow, why: str) -> None:
        if change_kindly(self.visit, row, ["disabled"], why, disabled=True):
            parts.tell(self.visit.say("account_was_disabled", name=row.full_name), "positive")
        self.refresh()

    def _enable(self, row: UserRow) -> None:
        if change_kindly(self.visit, row, ["disabled"], "", disabled=False):
            parts.tell(self.visit.say("account_enabled", name=row.full_name), "positive")
        self.refresh()


def _office(visit: Visit) -> None:
    """Whether people sign in with the office's own accounts, and what its keeper must enter."""
    say, office = visit.say, visit.console.door.office
    with parts.card(say("accounts_office"), "accounts-office"):
        if office is None:
            parts.text(say("accounts_office_off"), "card-note", tag="p")
            return
        parts.text(say("accounts_office_on"), "card-note", tag="p")
        parts.facts(
            [
                (say("accounts_office_start"), office),
                (say("accounts_office_return"), RETURN),
            ]
        )
