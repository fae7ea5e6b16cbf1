"""What a person may do about an alert: buttons, each with a dialog that asks before it acts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from nicegui import ui

from api.alerts.acts import Act
from api.alerts.views import AlertDetail
from api.console import parts
from api.console.acting import act_kindly, may_act
from api.console.page import Visit

DRAWINGS = {
    Act.ACKNOWLEDGE: "check",
    Act.EXCUSE: "excuse",
    Act.MARK_FALSE: "cross",
    Act.REFER: "refer",
}


class ActBar:
    """The buttons that fit the alert's state and the person's role."""

    def __init__(self, visit: Visit, uid: str, done: Callable[[], None]) -> None:
        self.visit = visit
        self.uid = uid
        self.done = done
        self.acts: tuple[Act, ...] | None = None
        self.bar = parts.box("acts", aria_label=visit.say("acts_label"), role="group")
        self.questions = parts.box(
            "acts-questions"
        )  # apart from the bar: it changes when somebody else acts

    def show(self, alert: AlertDetail) -> None:
        acts = tuple(act for act in alert.acts if may_act(self.visit, act))
        if acts == self.acts:
            return
        self.acts = acts
        self.bar.clear()
        with self.bar:
            for act in acts:
                classes = "btn btn-main" if act is acts[0] else "btn"
                parts.button(
                    self.visit.say.of("act", act),
                    partial(self._press, act),
                    classes,
                    drawing=DRAWINGS[act],
                    data_act=act.value,
                )
            if not acts:
                parts.text(self.visit.say("nothing_to_do"), "acts-none")

    def _press(self, act: Act) -> None:
        """To have seen it needs no second thought; everything else is asked for."""
        if act is Act.ACKNOWLEDGE:
            self._do(act, "")
        else:
            with self.questions:
                _Question(self.visit, act, self._do)

    def _do(self, act: Act, reason: str) -> None:
        act_kindly(self.visit, self.uid, act, reason)
        self.done()


class _Question:
    """Asks once more, and for a reason: a must where it excuses, a courtesy elsewhere."""

    def __init__(self, visit: Visit, act: Act, do: Callable[[Act, str], None]) -> None:
        self.visit, self.act, self.do = visit, act, do
        self.reason = ""
        say = visit.say
        must = act is Act.EXCUSE
        with ui.dialog() as self.dialog, parts.box("sheet", role="document"):
            parts.text(say.of("ask", act), "sheet-title", tag="h2")
            parts.text(say.of("ask_about", act), "sheet-about", tag="p")
            with parts.box("sheet-field", "label"):
                parts.text(say("reason_must") if must else say("reason_may"))
                field = parts.box(
                    "", "textarea", maxlength="500", rows="3", placeholder=say.of("ask_hint", act)
                )
                field.props["autofocus"] = True
                field.on(
                    "input",
                    lambda event: self._typed(str(event.args)),
                    js_handler="(event) => emit(event.target.value)",
                )
            self.error = parts.text("", "sheet-error", role="alert")
            with parts.box("sheet-buttons"):
                parts.button(say("cancel"), self.dialog.close)
                parts.button(say.of("act", act), self._sure, "btn btn-main", drawing=DRAWINGS[act])
        self.dialog.on("hide", self.dialog.delete)
        self.dialog.open()

    def _typed(self, words: str) -> None:
        self.reason = words
        if words.strip():
            self.error.set_text("")

    def _sure(self) -> None:
        if self.act is Act.EXCUSE and not self.reason.strip():
            self.error.set_text(self.visit.say("reason_missing"))
            return
        self.dialog.close()
        self.do(self.act, self.reason[:500])
