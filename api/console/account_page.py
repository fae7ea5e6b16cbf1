"""One's own account: another password, sessions elsewhere, the tokens of one's own programs."""

from __future__ import annotations

import math
from datetime import datetime
from functools import partial

from nicegui import run, ui
from sqlalchemy.orm import Session

from api.audit.record import AccessBy
from api.audit.tables import Access
from api.console import parts, times
from api.console.accounts_tokens import ask_end_token, scope_words, until_words
from api.console.beat import Beat, leave, signed_out
from api.console.forms import Field, form
from api.console.page import Visit
from api.console.sheets import ask
from api.console.token_sheet import TokenSheet, Wanted
from api.users.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD, PasswordError
from api.users.own import (
    SamePasswordError,
    WrongPasswordError,
    latest_sign_ins,
    leave_elsewhere,
)
from api.users.permissions import Permission
from api.users.signing_in import AccountLockedError, SignInRefusedError
from api.users.tables import TokenRow
from api.users.tokens import (
    NEVER_IN_TOKENS,
    ExpiryError,
    UnknownTokenError,
    issue_own_token,
    note_token,
    own_tokens,
    principal_of,
    revoke_own_token,
    sessions_of,
)


def build(visit: Visit, _beat: Beat) -> None:
    say, viewer = visit.say, visit.viewer
    with parts.box("page own-account"):
        with parts.heading(say("nav.account"), say("own_about")):
            pass
        if viewer.must_change:
            with parts.box("own-first", role="status"):
                parts.icon("warning")
                parts.text(say("own_first"))
        with parts.card(viewer.full_name):
            halls = (
                say("account_everywhere")
                if viewer.halls.everywhere
                else (say("name_comma").join(hall.name for hall in visit.halls))
            )
            parts.facts(
                [
                    (say("user_name"), viewer.name),
                    (say("account_role"), say.of("role", viewer.role)),
                    (say("account_halls"), halls or say("account_nowhere")),
                ]
            )
            if visit.console.door.office is not None:
                parts.text(say("own_office"), "card-note", tag="p")
        _PasswordCard(visit)
        if not viewer.must_change:
            _SessionsCard(visit)
            _OwnTokensCard(visit)


class _PasswordCard:
    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        say = visit.say
        with parts.card(say("own_password")):
            self.form = parts.box()
        self._draw()

    def _draw(self) -> None:
        say = self.visit.say
        most = str(LONGEST_PASSWORD)
        self.form.clear()
        with self.form, form():
            self.present = Field(
                say("own_present"), "password", must=True, maxlength=most,
                autocomplete="current-password",
            )  # fmt: skip
            self.new = Field(
                say("own_new"), "password", hint=say("own_new_hint", n=SHORTEST_PASSWORD),
                must=True, maxlength=most, autocomplete="new-password",
            )  # fmt: skip
            self.again = Field(
                say("own_again"), "password", must=True, maxlength=most,
                autocomplete="new-password",
            )  # fmt: skip
            save = parts.button(say("own_save"), self._save, "btn btn-main", drawing="check")
            save.props["data-act"] = "own-password"

    async def _save(self) -> None:
        visit, say = self.visit, self.visit.say
        if signed_out(visit):
            return
        if self.new.value != self.again.value:
            self.again.complain(say("own_differ"))
            return
        try:
            await run.io_bound(
                visit.console.door.change_password, AccessBy.of(visit.viewer), visit.secret,
                self.present.value, self.new.value, visit.now(),
            )  # fmt: skip
        except WrongPasswordError:
            self.present.complain(say("own_wrong"))
        except AccountLockedError as error:
            minutes = max(1, math.ceil(error.wait_s / 60))
            self.present.complain(say("sign_in_locked", minutes=minutes))
        except SamePasswordError:
            self.new.complain(say("own_same"))
        except PasswordError:
            self.new.complain(say("own_new_hint", n=SHORTEST_PASSWORD))
        except SignInRefusedError:
            leave(visit)
        else:
            self._changed()

    def _changed(self) -> None:
        visit = self.visit
        if visit.viewer.must_change:
            ui.navigate.to("/")
            return
        parts.tell(visit.say("own_changed"), "positive")
        self._draw()


class _SessionsCard:
    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        with parts.card(visit.say("own_sessions")):
            self.place = parts.box()
        self.refresh()

    def refresh(self) -> None:
        visit, say, now = self.visit, self.visit.say, self.visit.now()
        with visit.console.database.reading() as session:
            others = len(sessions_of(session, visit.viewer.user_id, now)) - 1
            seen = [
                (row.at, row.address, row.what is Access.SIGN_IN_REFUSED)
                for row in latest_sign_ins(session, visit.viewer.user_id)
            ]
        self.place.clear()
        with self.place:
            with parts.box("own-others"):
                parts.text(say("own_others", n=others) if others > 0 else say("own_no_others"))
                if others > 0:
                    end = parts.button(say("own_end_others"), self._ask, drawing="leave")
                    end.props["data-act"] = "end-others"
            if seen:
                columns = [parts.Column(say(key)) for key in ("own_when", "own_where", "own_what")]
                rows = [
                    (
                        times.day_clock(at, now, visit.zone, say),
                        address or say("own_nowhere"),
                        say("access.sign_in_refused") if refused else say("access.sign_in"),
                    )
                    for at, address, refused in seen
                ]
                parts.table(columns, rows, name=say("own_sign_ins"))
                parts.text(say("own_strange"), "card-note", tag="p")

    def _ask(self) -> None:
        say = self.visit.say
        ask(
            self.visit, say("own_end_others"), say("own_end_about"), say("own_end_others"),
            lambda _: self._end(), drawing="leave", danger=True,
        )  # fmt: skip

    def _end(self) -> None:
        visit = self.visit
        if signed_out(visit):
            return
        with visit.console.database.session() as session:
            by = AccessBy.of(visit.viewer)
            ended = leave_elsewhere(session, by, visit.secret, visit.now())
        parts.tell(visit.say("own_ended", n=ended), "positive")
        self.refresh()


class _OwnTokensCard:
    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        say = visit.say
        with parts.card(say("own_tokens")):
            parts.text(say("own_tokens_about"), "card-note", tag="p")
            new = parts.button(say("token_new"), self._add, drawing="plus")
            new.props["data-act"] = "own-token"
            self.place = parts.box()
            self.sheets = parts.box()
        self.refresh()

    def refresh(self) -> None:
        visit, say = self.visit, self.visit.say
        with visit.console.database.reading() as session:
            rows = [
                row for row in own_tokens(session, visit.viewer.user_id) if row.revoked_at is None
            ]
        self.place.clear()
        with self.place:
            if not rows:
                return
            columns = [
                parts.Column(say(key)) for key in ("token_label", "token_scopes", "token_until")
            ]
            columns.append(parts.Column("", "acts"))
            parts.table(columns, [self._cells(row) for row in rows], name=say("own_tokens"))

    def _cells(self, row: TokenRow) -> list[parts.Cell]:
        visit, say = self.visit, self.visit.say
        return [
            row.label,
            scope_words(say, row.scopes),
            until_words(visit, row.expires_at),
            lambda: parts.button(
                say("token_end"),
                lambda: ask_end_token(visit, row, partial(self._end, row)),
                "btn btn-quiet",
            ),
        ]

    def _end(self, row: TokenRow, _why: str) -> None:
        visit = self.visit
        if signed_out(visit):
            return
        try:
            with visit.console.database.session() as session:
                revoke_own_token(session, row.id, visit.viewer.user_id, visit.now())
                by = AccessBy.of(visit.viewer)
                note_token(session, by, row.id, "revoked", visit.now(), None, row.label)
        except UnknownTokenError:
            parts.tell(visit.say("token_gone"), "warning")
        else:
            parts.tell(visit.say("token_ended", label=row.label), "positive")
        self.refresh()

    def _add(self) -> None:
        visit, say = self.visit, self.visit.say
        offered = [
            p for p in Permission if p in visit.viewer.permissions and p not in NEVER_IN_TOKENS
        ]
        if not offered:
            parts.tell(say("token_refused"), "warning")
            return
        _OwnTokenSheet(
            visit, self.sheets, self.refresh, about=say("own_tokens_about"),
            hint=say("own_token_hint"), offered=offered, forever=False,
        )  # fmt: skip


class _OwnTokenSheet(TokenSheet):
    def issue(self, session: Session, wanted: Wanted, by: AccessBy, now: datetime) -> str | None:
        owner = principal_of(session, self.visit.secret, now)
        if owner is None:
            return None
        if wanted.until is None:
            raise ExpiryError
        token, secret = issue_own_token(
            session, owner, wanted.label, wanted.scopes, now, wanted.until
        )
        note_token(session, by, token, "created", now, None, wanted.label, wanted.scopes)
        return secret
