"""The channels of a hall: listed, added, changed, tested, removed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from api.audit.record import AccessBy
from api.console import parts, times
from api.console.beat import signed_out
from api.console.forms import Choice, Field, Tick, form
from api.console.page import Visit
from api.console.sheets import Sheet, ask
from api.notices.channels import (
    ChannelRefusedError,
    UnknownChannelError,
    Wanted,
    add_channel,
    change_channel,
    channel_row,
    channel_rows,
    retire_channel,
    send_test,
)
from api.notices.history import last_sent
from api.notices.policies import UnknownTargetError
from api.notices.senders.mail import PORTS, Security
from api.notices.tables import ChannelKind, ChannelRow

SIGNED = (ChannelKind.DINGTALK, ChannelKind.FEISHU, ChannelKind.WEBHOOK)
"""Kinds with a key of their own to sign with; WeCom's stands in its address."""


class ChannelCard:
    def __init__(self, visit: Visit, hall: str, changed: Callable[[], None]) -> None:
        self.visit, self.hall, self.changed = visit, hall, changed
        self._tested: Callable[[], None] = lambda: None
        say = visit.say
        with parts.card(classes="notices-channels"):
            with parts.box("card-head"):
                parts.text(say("channels"), "card-title", tag="h2")
                parts.button(say("channel_add"), self._add, "btn btn-quiet", drawing="plus")
            self.list = parts.box()
        self.refresh()

    def on_test(self, tested: Callable[[], None]) -> None:
        self._tested = tested

    def refresh(self) -> None:
        say = self.visit.say
        with self.visit.console.database.reading() as session:
            rows = channel_rows(session, self.hall)
            last = last_sent(session, self.hall, self.visit.now())
        self.list.clear()
        with self.list:
            if not rows:
                parts.text(say("channels_none"), "soft", tag="p")
            for row in rows:
                self._row(row, last)

    def _row(self, row: ChannelRow, last: dict[int, Any]) -> None:
        say = self.visit.say
        with parts.box("channel"):
            with parts.box("channel-words"):
                with parts.box("channel-name"):
                    parts.text(row.name)
                    parts.badge(say.of("channel", row.kind), "info")
                    if row.owner_id is not None:
                        parts.badge(say("channel_own"))
                parts.text(_where(row, self.visit), "channel-where", tag="p")
                at = last.get(row.id)
                when = times.ago(at, self.visit.now(), say) if at else say("channel_never")
                parts.text(say("channel_last", when=when), "channel-where", tag="p")
            with parts.box("channel-acts"):
                parts.button(
                    say("channel_test"), partial(self._test, row.id), "btn btn-quiet",
                    drawing="message",
                )  # fmt: skip
                parts.icon_button("settings", say("channel_edit"), partial(self._edit, row.id))
                parts.icon_button("delete", say("channel_remove"), partial(self._remove, row))

    def _test(self, channel: int) -> None:
        visit = self.visit
        if signed_out(visit):
            return
        try:
            with visit.console.database.session() as session:
                row = channel_row(session, self.hall, channel)
                send_test(session, row, AccessBy.of(visit.viewer), visit.now())
        except UnknownChannelError:
            parts.tell(visit.say("channel_gone"), "warning")
            self.refresh()
            return
        parts.tell(visit.say("channel_test_sent"), "positive")
        self._tested()

    def _add(self) -> None:
        _ChannelSheet(self.visit, self.hall, None, self._saved)

    def _edit(self, channel: int) -> None:
        with self.visit.console.database.reading() as session:
            row = next((r for r in channel_rows(session, self.hall) if r.id == channel), None)
        if row is None:
            parts.tell(self.visit.say("channel_gone"), "warning")
            self.refresh()
            return
        _ChannelSheet(self.visit, self.hall, row, self._saved)

    def _saved(self) -> None:
        self.refresh()
        self.changed()

    def _remove(self, row: ChannelRow) -> None:
        say = self.visit.say

        def sure(_reason: str) -> None:
            visit = self.visit
            if signed_out(visit):
                return
            try:
                with visit.console.database.session() as session:
                    by = AccessBy.of(visit.viewer)
                    retire_channel(session, self.hall, row.id, by, visit.now())
            except UnknownChannelError:
                parts.tell(say("channel_gone"), "warning")
            self._saved()

        ask(
            self.visit, say("channel_remove_ask", name=row.name), say("channel_remove_about"),
            say("channel_remove"), sure, drawing="delete", danger=True,
        )  # fmt: skip


def _where(row: ChannelRow, visit: Visit) -> str:
    """Where it leads, without what is secret."""
    settings = row.settings
    if row.kind is ChannelKind.MAIL:
        return visit.say("name_comma").join(settings["to"])
    host = str(settings.get("host", ""))
    return visit.say("channel_signed", host=host) if settings.get("signed") else host


class _ChannelSheet:
    """Asks for what the chosen kind needs. Secrets are never filled in: left empty they stay."""

    def __init__(
        self, visit: Visit, hall: str, row: ChannelRow | None, saved: Callable[[], None]
    ) -> None:
        self.visit, self.hall, self.row, self.saved = visit, hall, row, saved
        say = visit.say
        self.kind = row.kind if row else ChannelKind.WECOM
        self.secrets: dict[str, Field] = {}
        self.mail: dict[str, Field] = {}
        title = say("channel_edit") if row else say("channel_add")
        with Sheet(title, say("channel_about"), "sheet-wide") as self.sheet, form():
            if row is None:
                kinds = [(kind.value, say.of("channel", kind)) for kind in ChannelKind]
                Choice(say("channel_kind"), kinds, self.kind, on_change=self._choose)
            self.name = Field(
                say("channel_name"), value=row.name if row else "", must=True, maxlength="80"
            )
            self.fields = parts.box("form")
            self._draw()
            languages = [("zh", "中文"), ("en", "English")]
            language = row.language if row else visit.say.language
            self.language = Choice(say("channel_language"), languages, language)
            self.own = Tick(say("channel_is_own"), bool(row and row.owner_id is not None))
            with parts.box("sheet-buttons"):
                parts.button(say("cancel"), self.sheet.close)
                parts.button(say("save"), self._save, "btn btn-main", drawing="save")

    def _choose(self, kind: str) -> None:
        self.kind = ChannelKind(kind)
        self._draw()

    def _draw(self) -> None:
        self.fields.clear()
        self.secrets, self.mail = {}, {}
        with self.fields:
            if self.kind is ChannelKind.MAIL:
                self._draw_mail()
            else:
                self._draw_address()

    def _draw_address(self) -> None:
        say = self.visit.say
        kept = say("channel_secret_kept") if self.row else ""
        self.secrets["url"] = Field(
            say("channel_url"), "password" if self.row else "text", must=self.row is None,
            hint=say.of("channel_hint", self.kind), placeholder=kept, maxlength="2000",
            autocomplete="off",
        )  # fmt: skip
        if self.kind in SIGNED:
            self.secrets["key"] = Field(
                say("channel_key"), "password", hint=say("channel_key_hint"), placeholder=kept,
                autocomplete="new-password",
            )  # fmt: skip

    def _draw_mail(self) -> None:
        say = self.visit.say
        old: dict[str, Any] = dict(self.row.settings) if self.row else {}
        security = str(old.get("security", Security.STARTTLS.value))
        self.mail["to"] = Field(
            say("mail_to"), "textarea", value="\n".join(old.get("to", ())), must=True, rows="3",
            hint=say("mail_to_hint"), maxlength="4000",
        )  # fmt: skip
        self.mail["sender"] = Field(
            say("mail_sender"), value=str(old.get("sender", "")), must=True, inputmode="email"
        )
        with parts.box("form-row"):
            self.mail["host"] = Field(say("mail_host"), value=str(old.get("host", "")), must=True)
            self.mail["port"] = Field(
                say("mail_port"), "number", value=str(old.get("port") or ""), min="1",
                max="65535", placeholder=str(PORTS[Security(security)]),
            )  # fmt: skip
        kinds = [(kind.value, say.of("mail_security", kind)) for kind in Security]
        self.security = Choice(say("mail_secured"), kinds, security)
        with parts.box("form-row"):
            self.mail["user"] = Field(
                say("mail_user"), value=str(old.get("user", "")), autocomplete="off"
            )
            self.secrets["password"] = Field(
                say("mail_password"), "password", autocomplete="new-password",
                placeholder=say("channel_secret_kept") if self.row else "",
            )  # fmt: skip

    def _wanted(self) -> Wanted:
        settings: dict[str, Any] = {}
        if self.kind is ChannelKind.MAIL:
            settings = {name: field.value for name, field in self.mail.items()}
            settings["to"] = self.mail["to"].value.replace(",", "\n").split("\n")
            settings["port"] = _number(self.mail["port"].value)
            settings["security"] = self.security.value
        return Wanted(
            kind=self.kind,
            name=self.name.value,
            language=self.language.value,
            settings=settings,
            secret={name: field.value for name, field in self.secrets.items()},
            owner=self._owner(),
        )

    def _owner(self) -> int | None:
        """One's own, or whose it was before."""
        if not self.own.value:
            return None
        if self.row is not None and self.row.owner_id is not None:
            return self.row.owner_id
        return self.visit.viewer.user_id

    def _save(self) -> None:
        visit = self.visit
        vault = visit.console.vault
        wanted = self._wanted()
        if signed_out(visit):
            return
        by = AccessBy.of(visit.viewer)
        try:
            with visit.console.database.session() as session:
                if self.row is None:
                    add_channel(session, self.hall, wanted, vault, by, visit.now())
                else:
                    change_channel(session, self.hall, self.row.id, wanted, vault, by, visit.now())
        except ChannelRefusedError as error:
            self._complain(error.field)
            return
        except UnknownTargetError:
            parts.tell(visit.say("channel_not_own"), "warning")
            return
        except UnknownChannelError:
            parts.tell(visit.say("channel_gone"), "warning")
        self.sheet.close()
        self.saved()

    def _complain(self, name: str) -> None:
        fields = {**self.mail, **self.secrets, "name": self.name}
        field = fields.get("url" if name == "service" else name, self.name)
        field.complain(self.visit.say.of("channel_refused", name))


def _number(text: str) -> int | None:
    """A port as it was typed; 0 (refused) where it is no number."""
    text = text.strip()
    if not text:
        return None
    return int(text) if text.isdecimal() else 0
