"""Levels, quiet hours, storms, names, links: what a hall wishes for all its messages."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from nicegui import ui

from api.audit.record import AccessBy
from api.console import parts
from api.console.beat import signed_out
from api.console.forms import Choice, Field, Tick, form
from api.console.page import Visit
from api.notices.policies import Wishes, wish, wishes_of
from vision.records import Severity


class WishesCard:
    def __init__(self, visit: Visit, hall: str, changed: Callable[[], None]) -> None:
        self.visit, self.hall, self.changed = visit, hall, changed
        say = visit.say
        with visit.console.database.reading() as session:
            now = wishes_of(session, hall)
        with parts.card(say("wishes"), "notices-wishes"), form("form"):
            with parts.box("form-row"):
                self.second = _minutes(say("wish_second"), now.second_level_s // 60)
                self.third = _minutes(say("wish_third"), now.third_level_s // 60)
            self._draw_quiet(now)
            with parts.box("form-row"):
                self.count = Field(
                    say("wish_storm_count"), "number", value=str(now.storm_count), min="1",
                    max="1000",
                )  # fmt: skip
                self.storm = _minutes(say("wish_storm"), now.storm_s // 60)
            parts.text(say("wish_storm_hint"), "field-hint", tag="p")
            self.names = Tick(say("wish_names"), now.says_names)
            self.url = Field(
                say("wish_url"), value=now.console_url, hint=say("wish_url_hint"),
                placeholder=_here(),
            )  # fmt: skip
            with parts.box("form-acts"):
                parts.button(say("save"), self._save, "btn btn-main", drawing="save")

    def _draw_quiet(self, now: Wishes) -> None:
        say = self.visit.say
        self.quiet = Tick(say("wish_quiet"), now.quiet_from_min is not None)
        with parts.box("form-row"):
            self.quiet_from = Field(
                say("wish_quiet_from"), "time", value=_clock(now.quiet_from_min, "20:00")
            )
            self.quiet_to = Field(
                say("wish_quiet_to"), "time", value=_clock(now.quiet_to_min, "07:30")
            )
            passes = [
                (str(int(s)), say("at_least", severity=say.of("severity", s.name.lower())))
                for s in (Severity.WARNING, Severity.SERIOUS)
            ]
            self.passes = Choice(say("wish_passes"), passes, str(int(now.quiet_passes)))

    def _save(self) -> None:
        wanted = self._wanted()
        if wanted is None:
            return
        visit = self.visit
        if signed_out(visit):
            return
        with visit.console.database.session() as session:
            wish(session, self.hall, wanted, AccessBy.of(visit.viewer), visit.now())
        parts.tell(visit.say("saved"), "positive")
        self.changed()

    def _wanted(self) -> Wishes | None:
        """What stands in the form; None where something in it cannot be, which is then said."""
        say = self.visit.say
        second, third = _whole(self.second, 1, 10_000), _whole(self.third, 1, 10_000)
        count, storm = _whole(self.count, 1, 1000), _whole(self.storm, 1, 1440)
        start, end = _minute(self.quiet_from.value), _minute(self.quiet_to.value)
        url = self.url.value.strip()
        wrong = [
            (self.second, second is None),
            (self.third, third is None or (second is not None and third <= second)),
            (self.count, count is None),
            (self.storm, storm is None),
            (self.quiet_from, self.quiet.value and start is None),
            (self.quiet_to, self.quiet.value and end is None),
            (self.url, not _is_web(url)),
        ]
        for field, bad in wrong:
            field.complain(say("wish_wrong") if bad else "")
        if second is None or third is None or count is None or storm is None:
            return None
        if any(bad for _, bad in wrong):
            return None
        return Wishes(
            second_level_s=second * 60,
            third_level_s=third * 60,
            quiet_from_min=start if self.quiet.value else None,
            quiet_to_min=end if self.quiet.value else None,
            quiet_passes=Severity(int(self.passes.value)),
            storm_count=count,
            storm_s=storm * 60,
            says_names=self.names.value,
            console_url=url,
        )


def _minutes(label: str, value: int) -> Field:
    return Field(label, "number", value=str(value), min="1")


def _whole(field: Field, least: int, most: int) -> int | None:
    text = field.value.strip()
    return int(text) if text.isdecimal() and least <= int(text) <= most else None


def _clock(minute: int | None, otherwise: str) -> str:
    return otherwise if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"


def _minute(clock: str) -> int | None:
    hour, _, minute = clock.partition(":")
    if not (hour.isdecimal() and minute[:2].isdecimal()):
        return None
    return int(hour) * 60 + int(minute[:2])


def _is_web(url: str) -> bool:
    parts_of = urlsplit(url)
    return not url or (
        parts_of.scheme in ("http", "https") and bool(parts_of.hostname) and url.isprintable()
        and " " not in url and len(url) <= 200
    )  # fmt: skip


def _here() -> str:
    """The address that this page was asked for at, without its path."""
    request = ui.context.client.request
    return str(request.base_url).rstrip("/")
