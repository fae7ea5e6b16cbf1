"""What a person may do about an alert: buttons, each with a dialog that asks before it acts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from api.alerts.acts import Act
from api.alerts.views import AlertDetail
from api.console import parts
from api.console.acting import act_kindly, may_act
from api.console.exemption_sheet import ExemptionSheet, for_alert
from api.console.page import Visit
from api.console.sheets import ask
from api.users.permissions import Permission

DRAWINGS = {
    Act.ACKNOWLEDGE: "check",
    Act.EXCUSE: "excuse",
    Act.MARK_FALSE: "cross",
    Act.REFER: "refer",
}


def may_exempt(visit: Visit, alert: AlertDetail) -> bool:
    """Whether this person may allow what the alert says, and something could excuse it."""
    return visit.may(Permission.EXEMPTIONS_GRANT) and for_alert(alert, visit.now()) is not None


class ActBar:
    """The buttons that fit the alert's state and the person's role."""

    def __init__(self, visit: Visit, uid: str, done: Callable[[], None]) -> None:
        self.visit = visit
        self.uid = uid
        self.done = done
        self.drawn: tuple[tuple[Act, ...], bool] | None = None
        self.bar = parts.box("acts", aria_label=visit.say("acts_label"), role="group")
        self.questions = parts.box(
            "acts-questions"
        )  # apart from the bar: it changes when somebody else acts

    def show(self, alert: AlertDetail, exempt: bool) -> None:
        """`exempt`: an exemption covers the alert already."""
        acts = tuple(act for act in alert.acts if may_act(self.visit, act))
        excusable = not exempt and may_exempt(self.visit, alert)
        if (acts, excusable) == self.drawn:
            return
        self.drawn = (acts, excusable)
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
            if excusable:
                parts.button(
                    self.visit.say("exempt_this"),
                    partial(self._exempt, alert),
                    "btn",
                    drawing="exempt",
                    data_act="exempt",
                )

    def _exempt(self, alert: AlertDetail) -> None:
        said = for_alert(alert, self.visit.now())
        if said is not None:
            with self.questions:
                ExemptionSheet(self.visit, alert.hall, self.done, said)

    def _press(self, act: Act) -> None:
        """To have seen it needs no second thought; everything else is asked for."""
        if act is Act.ACKNOWLEDGE:
            self._do(act, "")
        else:
            say = self.visit.say
            with self.questions:
                ask(
                    self.visit,
                    say.of("ask", act),
                    say.of("ask_about", act),
                    say.of("act", act),
                    partial(self._do, act),
                    reason="must" if act is Act.EXCUSE else "may",
                    hint=say.of("ask_hint", act),
                    drawing=DRAWINGS[act],
                )

    def _do(self, act: Act, reason: str) -> None:
        act_kindly(self.visit, self.uid, act, reason)
        self.done()
