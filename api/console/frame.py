"""The frame around every page: bar, navigation, clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from api.console import parts, times
from api.console.beat import Beat
from api.console.entry import Entry, Group
from api.console.notice_bell import notice_bell
from api.console.page import Visit
from api.halls.tables import HallRow

FIRST = 4
"""So many entries stand on a phone's bar, beside "more"."""


@contextmanager
def frame(visit: Visit, current: str) -> Iterator[Beat]:
    """The bar on top and the page's own part below; `current` names the navigation's entry."""
    beat = Beat(visit)
    if visit.dark:  # before Quasar's script runs, so that nothing flashes
        ui.add_head_html("<script>document.documentElement.classList.add('dark')</script>")
    parts.link(visit.say("skip"), "#main", "skip")
    with parts.box("top", "header"):
        _brand(visit)
        with parts.box("top-right"):
            _replay(visit, beat)
            _clock(visit, beat)
            notice_bell(visit, beat)
            _preferences(visit)
            _account(visit)
    _navigation(visit, current, beat)
    page = f"main main-{current}"
    with parts.box("beside"), parts.box(page, id="main", tabindex="-1"):  # inside NiceGUI's <main>
        yield beat


def _brand(visit: Visit) -> None:
    with parts.box("brand", "a", href="/", aria_label=visit.say("brand")):
        parts.icon("brand", "brand-mark")
        parts.text(visit.say("brand"), "brand-name")
    if visit.hall is not None and len(visit.halls) > 1:
        _halls(visit, visit.hall)
    elif visit.hall is not None:
        parts.text(visit.hall.name, "hall-name", tag="p")


def _halls(visit: Visit, here: HallRow) -> None:
    """The choice of hall, for people who belong to several."""
    with parts.box("halls", "details"):
        parts.text(here.name, "tool hall-name", tag="summary").props["title"] = visit.say("halls")
        with parts.box("halls-menu", "ul"):
            for hall in visit.halls:
                with parts.box("", "li"):
                    address = f"/console/preferences?hall={hall.id}&next=/"
                    link = parts.link(hall.name, address)
                    if hall.id == here.id:
                        link.props["aria-current"] = "true"


def navigable(visit: Visit) -> list[Entry]:
    """The navigation's entries that this person may see, in order."""
    return [e for e in visit.console.pages if e.group is not None and visit.may(e.needs)]


def _navigation(visit: Visit, current: str, beat: Beat) -> None:
    """A column of all entries by group; on a phone a bar of the first few at the foot, and the
    column becomes the drawer behind "more"."""
    say, entries = visit.say, navigable(visit)
    badges: list[tuple[Entry, TextElement]] = []
    with parts.box("side", "nav", id="side", popover="auto", aria_label=say("nav_label")):
        for group in Group:
            inside = [e for e in entries if e.group is group]
            if inside:
                with parts.box("side-group"):
                    parts.text(say.of("nav_group", group), "side-title", tag="h2")
                    badges += [_entry(visit, entry, current) for entry in inside]
        with parts.box("side-narrower", "button", type="button", title=say("nav_narrow")):
            parts.icon("narrow")
            parts.text(say("nav_narrow"), "sr-only")
    with parts.box("tabs", "nav", aria_label=say("nav_first")):
        badges += [_entry(visit, entry, current) for entry in entries[:FIRST]]
        with parts.box("tab tab-more", "button", type="button", popovertarget="side"):
            parts.icon("more")
            parts.text(say("nav_more"))
    _keep_counting(visit, badges, beat)


def _entry(visit: Visit, entry: Entry, current: str) -> tuple[Entry, TextElement]:
    """One link of the navigation, and the badge in it."""
    words = visit.say.of("nav", entry.name)
    with parts.box("tab", "a", href=entry.path, title=words, data_page=entry.name) as tab:
        if entry.name == current:
            tab.props["aria-current"] = "page"
        parts.icon(entry.icon)
        parts.text(words, "tab-words")
        badge = parts.text("", "count")
    return entry, badge


def _keep_counting(visit: Visit, badges: list[tuple[Entry, TextElement]], beat: Beat) -> None:
    """Say beside each entry that counts how many things wait there for this person."""

    def refresh() -> None:
        waiting = {e.name: e.count(visit) for e, _ in badges if e.count is not None}
        for entry, badge in badges:
            n = waiting.get(entry.name, 0)
            badge.set_text("99+" if n > 99 else str(n))
            badge.set_visibility(n > 0)
            badge.props["aria-label"] = visit.say("waiting_count", n=n)

    refresh()
    beat.on_news(refresh)


def _replay(visit: Visit, beat: Beat) -> None:
    """Says that recordings are being watched, how far they are and how fast they go."""
    with parts.box("replay", role="status") as badge:
        parts.icon("replay")
        words = parts.text("")
        with parts.box("replay-bar", aria_hidden="true"):
            bar = parts.box("replay-done")

    def refresh() -> None:
        replays = [s.replay for s in visit.live_views().values() if s.replay]
        badge.set_visibility(bool(replays))
        if not replays:
            return
        fraction = sum(r.fraction for r in replays) / len(replays)
        key = "replay_over" if fraction >= 1 else "replay_running"
        speed = sum(r.speed for r in replays) / len(replays)
        words.set_text(visit.say(key, percent=int(100 * fraction), speed=f"{speed:.1f}"))
        bar.style(f"width: {100 * fraction:.1f}%")

    refresh()
    beat.on_beat(refresh)


def _clock(visit: Visit, beat: Beat) -> None:
    with parts.box("clock", title=visit.say("hall_time", zone=visit.zone.key)):
        date = parts.text("", "clock-date")
        time = parts.text("", "clock-time")

    def refresh() -> None:
        now = visit.now()
        local = now.astimezone(visit.zone)
        weekday = times.weekday(now, visit.zone, visit.say)
        words = visit.say("month_day", month=local.month, day=local.day, short=f"{local:%d %b}")
        date.set_text(visit.say("date_and_day", date=words, day=weekday))
        time.set_text(f"{local:%H:%M:%S}")

    refresh()
    beat.on_beat(refresh)


def _preferences(visit: Visit) -> None:
    say, back = visit.say, quote(visit.path, safe="/")
    other = "en" if say.language == "zh" else "zh"
    parts.link(
        say("to_other_language"),
        f"/console/preferences?language={other}&next={back}",
        "tool tool-language",
        lang="en" if other == "en" else "zh-CN",
    )
    words = say("to_light") if visit.dark else say("to_dark")
    look = "light" if visit.dark else "dark"
    with parts.box(
        "tool",
        "a",
        href=f"/console/preferences?appearance={look}&next={back}",
        title=words,
        aria_label=words,
    ):
        parts.icon("sun" if visit.dark else "moon")


def _account(visit: Visit) -> None:
    viewer, say = visit.viewer, visit.say
    with parts.box("account", "details"):
        with parts.box("tool", "summary", aria_label=say("account"), title=viewer.full_name):
            parts.icon("person")
            parts.text(viewer.full_name, "account-name")
        with parts.box("account-menu"):
            parts.text(viewer.full_name, "account-full", tag="p")
            parts.text(say.of("role", viewer.role), "account-role", tag="p")
            parts.link(say("nav.account"), "/account", "btn btn-quiet account-own")
            with (
                parts.box("", "form", method="post", action="/sign-out"),
                parts.box("btn btn-quiet", "button", type="submit"),
            ):
                parts.icon("leave")
                parts.text(say("sign_out"))
