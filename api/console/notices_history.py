"""What was sent, to whom, when; and what nobody got."""

from __future__ import annotations

from functools import partial

from api.audit.record import AccessBy
from api.console import parts, times
from api.console.beat import signed_out
from api.console.page import Visit
from api.notices.history import NoticeView, notices_of
from api.notices.queue import NotFailedError, UnknownNoticeError, send_again
from api.notices.showing import titles_in
from api.notices.tables import NoticeState
from api.users.permissions import Permission

PAGE = 30
LOOKS = {
    NoticeState.SENT: "good",
    NoticeState.FAILED: "bad",
    NoticeState.WAITING: "warn",
    NoticeState.SENDING: "info",
}
FILTERS: dict[str, tuple[NoticeState, ...]] = {
    "all": (),
    "waiting": (NoticeState.WAITING, NoticeState.SENDING),
    "failed": (NoticeState.FAILED,),
}


class HistoryCard:
    def __init__(self, visit: Visit, hall: str) -> None:
        self.visit, self.hall = visit, hall
        self.views: tuple[NoticeView, ...] | None = None
        self.titles: dict[int, str] = {}
        self.limit = PAGE
        say = visit.say
        with parts.box("notices-history", "section"):
            with parts.box("card-head"):
                parts.text(say("history"), "card-title", tag="h2")
                options = [(key, say.of("history_filter", key)) for key in FILTERS]
                self.tabs = parts.Tabs(say("history"), options, "all", self._choose)
            self.list = parts.box()
            self.more = parts.button(say("history_more"), self._more, "btn btn-quiet more")
        self.refresh()

    def _choose(self, _key: str) -> None:
        self.limit = PAGE
        self.refresh()

    def _more(self) -> None:
        self.limit += PAGE
        self.refresh()

    def refresh(self) -> None:
        with self.visit.console.database.reading() as session:
            views = notices_of(
                session,
                self.hall,
                states=FILTERS[self.tabs.value],
                limit=self.limit + 1,
                with_text=self.visit.may(Permission.ALERTS_READ),
            )
            if views == self.views:
                return
            ids = [view.id for view in views]
            self.titles = titles_in(session, ids, self.visit.say, self.visit.now())
        self.views = views
        self.more.set_visibility(len(views) > self.limit)
        self.list.clear()
        with self.list:
            self._draw(views[: self.limit])

    def _draw(self, views: tuple[NoticeView, ...]) -> None:
        say = self.visit.say
        if not views:
            none = (
                say("history_none_failed") if self.tabs.value == "failed" else say("history_none")
            )
            parts.hollow("message", none, say("history_none_do"))
            return
        heads = ("history_at", "history_what", "history_to", "history_state")
        columns = [*(parts.Column(say(head)) for head in heads), parts.Column("", "acts")]
        parts.table(columns, [self._cells(view) for view in views], name=say("history"))

    def _cells(self, view: NoticeView) -> list[parts.Cell]:
        say = self.visit.say
        to = say.of("role", view.role) if view.role is not None else view.to
        again = partial(self._again_button, view.id) if view.state is NoticeState.FAILED else ""
        when = times.day_clock(view.created_at, self.visit.now(), self.visit.zone, say)
        return [when, partial(self._what, view), to, partial(self._state, view), again]

    def _what(self, view: NoticeView) -> None:
        say = self.visit.say
        title = say.of("notice_kind", view.kind)
        if view.title is not None:
            title = self.titles.get(view.id, view.title)
        if view.alert is not None and self.visit.may(Permission.ALERTS_READ):
            parts.link(title, f"/alerts/{view.alert}")
        else:
            parts.text(title)

    def _state(self, view: NoticeView) -> None:
        say = self.visit.say
        key = "told" if view.digest is not None else view.state.value
        parts.badge(say.of("notice_state", key), LOOKS.get(view.state, "calm"))
        if view.error:
            code, _, detail = view.error.partition(": ")
            why = say("history_why", why=say.known("not_sent", code), detail=detail)
            parts.text(
                say(
                    "history_error",
                    n=view.attempts,
                    why=why if detail else say.known("not_sent", code),
                ),
                "history-error",
                tag="p",
            )

    def _again_button(self, notice: int) -> None:
        parts.button(self.visit.say("history_again"), partial(self._again, notice), "btn btn-quiet")

    def _again(self, notice: int) -> None:
        visit = self.visit
        if signed_out(visit):
            return
        try:
            with visit.console.database.session() as session:
                send_again(session, self.hall, notice, AccessBy.of(visit.viewer), visit.now())
        except (NotFailedError, UnknownNoticeError):
            parts.tell(visit.say("history_not_failed"), "warning")
        self.refresh()
