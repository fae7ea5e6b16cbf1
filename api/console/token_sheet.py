"""The sheet on which a token is made: a machine's by an administrator, or one of one's own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from nicegui import ui
from sqlalchemy.orm import Session

from api.audit.record import AccessBy
from api.console import parts
from api.console.accounts_acting import show_secret
from api.console.beat import leave, signed_out
from api.console.forms import Choice, Field, Tick, form
from api.console.page import Visit
from api.console.sheets import Sheet
from api.users.permissions import Permission
from api.users.tokens import ExpiryError, ScopeError

LASTS_DAYS = (30, 90, 365)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The token as it was asked for. until: None for one without an end."""

    label: str
    scopes: frozenset[Permission]
    until: datetime | None


class ScopesField:
    """Which of these permissions a token has: a tick each, none at first."""

    def __init__(self, visit: Visit, offered: Iterable[Permission]) -> None:
        say = visit.say
        with parts.box("token-scopes", "fieldset"):
            parts.text(say("token_scopes"), "field-label", tag="legend")
            self.ticks = {p: Tick(say.of("may", p)) for p in offered}
            self._error = parts.text("", "field-error", tag="p", role="alert")
        self._missing = say("token_scopes_missing")

    def chosen(self) -> frozenset[Permission]:
        """Complains where there are none."""
        found = frozenset(p for p, tick in self.ticks.items() if tick.value)
        self._error.set_text("" if found else self._missing)
        return found


def lasts_choice(visit: Visit, *, forever: bool) -> Choice:
    """For how long a token holds."""
    say = visit.say
    options = [(str(n), say("token_days", n=n)) for n in LASTS_DAYS]
    if forever:
        options.append(("0", say("token_no_end")))
    return Choice(say("token_lasts"), options, str(LASTS_DAYS[1]))


def ends_at(choice: Choice, now: datetime) -> datetime | None:
    days = int(choice.value)
    return now + timedelta(days=days) if days else None


class TokenSheet(ABC):
    """Asks for a label, scopes and an end; shows the secret once. forever: a token without an end
    is offered, too; done: called when there is a new one."""

    def __init__(
        self,
        visit: Visit,
        place: ui.element,
        done: Callable[[], None],
        *,
        about: str,
        hint: str,
        offered: Iterable[Permission],
        forever: bool,
    ) -> None:
        self.visit, self.place, self.done = visit, place, done
        say = visit.say
        with place, Sheet(say("token_new"), about, "act-sheet") as self.sheet:
            with form():
                self.label = Field(say("token_label"), hint=hint, must=True, maxlength="80")
                self.draw_more()
                self.scopes = ScopesField(visit, offered)
                self.lasts = lasts_choice(visit, forever=forever)
            with parts.box("sheet-buttons"):
                parts.button(say("cancel"), self.sheet.close)
                save = parts.button(say("token_make"), self._make, "btn btn-main", drawing="check")
                save.props["data-sure"] = "token"

    def draw_more(self) -> None:
        """Draw what else is asked for."""
        return

    @abstractmethod
    def issue(self, session: Session, wanted: Wanted, by: AccessBy, now: datetime) -> str | None:
        """Make it, note it in the access log, and return its secret; None: the session is over."""

    def _make(self) -> None:
        visit, label = self.visit, self.label.value.strip()[:80]
        if not label:
            self.label.complain(visit.say("token_label_missing"))
            return
        scopes = self.scopes.chosen()
        if not scopes or signed_out(visit):
            return
        now = visit.now()
        wanted = Wanted(label, scopes, ends_at(self.lasts, now))
        try:
            with visit.console.database.session() as session:
                secret = self.issue(session, wanted, AccessBy.of(visit.viewer), now)
        except (ScopeError, ExpiryError):
            parts.tell(visit.say("token_refused"), "warning")
            return
        if secret is None:
            leave(visit)
            return
        self.sheet.close()
        self.done()
        about = visit.say("token_secret_about", label=label)
        show_secret(visit, self.place, visit.say("token_secret"), about, secret)
