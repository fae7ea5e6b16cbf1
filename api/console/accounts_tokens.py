"""Tokens: of machines, given here; of people's programs, seen and ended here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from nicegui import ui
from sqlalchemy.orm import Session

from api.audit.record import AccessBy
from api.console import parts, times
from api.console.beat import signed_out
from api.console.forms import Choice
from api.console.page import Visit
from api.console.sheets import ask
from api.console.strings import Say
from api.console.token_sheet import TokenSheet, Wanted
from api.users.permissions import Permission, permissions_of
from api.users.tables import Role, TokenRow, UserRow
from api.users.tokens import (
    UnknownTokenError,
    issue_machine_token,
    note_token,
    revoke_token,
    tokens_within,
)

EVERYWHERE = "*"
OF_A_MACHINE = tuple(p for p in Permission if p in permissions_of(Role.MACHINE))


class TokensCard:
    """All tokens that an administrator of these halls looks after."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.halls = {hall.id: hall.name for hall in visit.halls}
        say = visit.say
        with parts.card(say("tokens_title"), "tokens"):
            parts.text(say("tokens_about"), "card-note", tag="p")
            new = parts.button(say("token_new"), self._add, drawing="plus")
            new.props["data-act"] = "new-token"
            self.place = parts.box()
            self.sheets = parts.box()

    def refresh(self) -> None:
        visit, say = self.visit, self.visit.say
        with visit.console.database.reading() as session:
            rows = tokens_within(session, visit.viewer.halls)
        living = [(t, u) for t, u in rows if t.revoked_at is None]
        self.place.clear()
        with self.place:
            if not living:
                parts.text(say("tokens_none"), "card-note", tag="p")
                return
            columns = [
                parts.Column(say(key))
                for key in ("token_label", "token_owner", "token_scopes", "token_until")
            ]
            columns.append(parts.Column("", "acts"))
            cells = [self._cells(token, owner) for token, owner in living]
            parts.table(columns, cells, name=say("tokens_title"), classes="token-rows")

    def _cells(self, token: TokenRow, owner: UserRow | None) -> list[parts.Cell]:
        say = self.visit.say
        if owner is not None:
            whose = say("token_of_person", name=owner.full_name)
        elif token.hall_id is None:
            whose = say("token_of_machine", hall=say("account_everywhere"))
        else:
            hall = self.halls.get(token.hall_id, token.hall_id)
            whose = say("token_of_machine", hall=hall)
        return [
            token.label,
            whose,
            scope_words(say, token.scopes),
            until_words(self.visit, token.expires_at),
            lambda: parts.button(say("token_end"), partial(self._ask_end, token), "btn btn-quiet"),
        ]

    def _ask_end(self, token: TokenRow) -> None:
        visit = self.visit
        ask_end_token(visit, token, partial(self._end, token))

    def _end(self, token: TokenRow, _why: str) -> None:
        visit = self.visit
        if signed_out(visit):
            return
        try:
            with visit.console.database.session() as session:
                row = revoke_token(session, token.id, visit.viewer.halls, visit.now())
                by = AccessBy.of(visit.viewer)
                note_token(session, by, row.id, "revoked", visit.now(), row.hall_id, row.label)
        except UnknownTokenError:
            parts.tell(visit.say("token_gone"), "warning")
        else:
            parts.tell(visit.say("token_ended", label=token.label), "positive")
        self.refresh()

    def _add(self) -> None:
        _MachineTokenSheet(self.visit, self.halls, self.sheets, self.refresh)


def ask_end_token(visit: Visit, token: TokenRow, do: Callable[[str], None]) -> None:
    """Programs that use it stop at once: ask first."""
    say = visit.say
    ask(
        visit, say("token_end_ask", label=token.label), say("token_end_about"), say("token_end"),
        do, drawing="delete", danger=True,
    )  # fmt: skip


def scope_words(say: Say, scopes: Iterable[str] | None) -> str:
    """What a token may do, in words."""
    values = [p.value for p in OF_A_MACHINE] if scopes is None else list(scopes)
    return say("name_comma").join(say.of("may", value) for value in values)


def until_words(visit: Visit, until: datetime | None) -> str:
    if until is None:
        return visit.say("token_no_end")
    if until <= visit.now():
        return visit.say("token_over")
    return times.day(until, visit.now(), visit.zone, visit.say)


class _MachineTokenSheet(TokenSheet):
    def __init__(
        self, visit: Visit, halls: dict[str, str], place: ui.element, done: Callable[[], None]
    ) -> None:
        self.places = list(halls.items())
        if visit.viewer.halls.everywhere:
            self.places.append((EVERYWHERE, visit.say("account_everywhere")))
        say = visit.say
        super().__init__(
            visit, place, done, about=say("token_new_about"), hint=say("token_label_hint"),
            offered=OF_A_MACHINE, forever=True,
        )  # fmt: skip

    def draw_more(self) -> None:
        self.hall = Choice(self.visit.say("token_hall"), self.places)

    def issue(self, session: Session, wanted: Wanted, by: AccessBy, now: datetime) -> str:
        hall = None if self.hall.value == EVERYWHERE else self.hall.value
        token, secret = issue_machine_token(
            session, wanted.label, now, hall, wanted.scopes, wanted.until
        )
        note_token(session, by, token, "created", now, hall, wanted.label, wanted.scopes)
        return secret
