"""The bell in the frame: shows messages as they come, sounds if it may, counts in the title."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from api.console.beat import Beat
from api.console.page import Visit
from api.notices.showing import Reader, Shown, seen_up_to, to_show
from api.users.permissions import Permission


class NoticeBell(ui.element, component="static/notice_bell.js"):
    """A switch for sound, and the messages that came since the page was opened.

    A browser lets a page sound only after the person has touched it: the switch says so until then.
    A message counts as seen once its card was closed, opened, or has been there for a while. The
    browser says so in a request of its own: it outlives the page, which the person may be leaving.
    """

    def __init__(self, visit: Visit) -> None:
        super().__init__()
        say = visit.say
        self.props["cards"] = []
        self.props["words"] = {
            "soundOn": say("bell_on"),
            "soundOff": say("bell_off"),
            "soundWaits": say("bell_waits"),
            "close": say("bell_close"),
            "list": say("bell_list"),
        }


def notice_bell(visit: Visit, beat: Beat) -> None:
    """Put the bell here, for those whom messages may reach."""
    if visit.may(Permission.ALERTS_READ) or visit.may(Permission.CASES_READ):
        _Bell(visit, beat)


class _Bell:
    def __init__(self, visit: Visit, beat: Beat) -> None:
        self.visit = visit
        viewer = visit.viewer
        self.reader = Reader(viewer.user_id, viewer.role, viewer.halls)
        with visit.console.database.reading() as session:
            self.after = seen_up_to(session, viewer.user_id)
        self.element = NoticeBell(visit)
        self.refresh()
        beat.every(2, self.refresh)

    def refresh(self) -> None:
        with self.visit.console.database.reading() as session:
            new = to_show(session, self.reader, self.after, self.visit.say, self.visit.now())
        if new:
            self.after = new[-1].id
            self.element.props["cards"] = [_card(notice) for notice in new]
            self.element.update()


def _card(notice: Shown) -> dict[str, Any]:
    return {
        "id": notice.id,
        "severity": notice.severity.name.lower(),
        "title": notice.title,
        "body": notice.body,
        "path": notice.path,
        "urgent": notice.level > 1,
        "fresh": notice.fresh,
    }
