"""What a message says. Names of persons only where the hall asks for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from api.console import times
from api.console.strings import Say
from api.notices.policies import Wishes
from api.notices.reading import AlertTold
from api.notices.tables import NoticeKind
from vision.records import Severity

MOST_LINES = 8
"""So many alerts are named one by one in a digest."""


@dataclass(frozen=True, slots=True)
class Wording:
    """`path` is the console's page that the message leads to."""

    title: str
    body: str
    path: str


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes in one language for one hall."""

    say: Say
    zone: ZoneInfo
    wishes: Wishes
    now: datetime

    def about(self, kind: NoticeKind, alert: AlertTold) -> Wording:
        """One alert."""
        title = self._title(kind, alert)
        lines = [self._when(alert)]
        if kind is NoticeKind.ESCALATED:
            waited_s = (self.now - alert.now.received).total_seconds()
            lines.append(self.say("notice_nobody", span=times.span(waited_s, self.say)))
        if alert.now.taken is not None:
            lines.append(self.say("notice_taken_by", who=self._taker(alert)))
        if self.wishes.says_names and alert.duty is not None:
            names = self.say("name_comma").join(p["name"] for p in alert.duty["holders"])
            who = self.say.of("duty", alert.duty["state"], names=names)
            lines.append(self.say("notice_duty", who=who))
        lines.append(self.say("notice_hall", hall=alert.hall_name))
        return Wording(title[:200], "\n".join(lines), f"/alerts/{alert.now.uid}")

    def digest(self, alerts: Sequence[AlertTold], severity: Severity) -> Wording:
        """Several alerts in one message: how many of what, then one by one."""
        say = self.say
        rules = Counter(alert.now.rule for alert in alerts)
        sums = say("name_comma").join(
            say("notice_of_rule", rule=say.known("rule", rule), n=n)
            for rule, n in rules.most_common()
        )
        title = say("notice_digest", severity=self._severity(severity), n=len(alerts))
        lines = [sums]
        lines += [self._line(alert) for alert in alerts[:MOST_LINES]]
        if len(alerts) > MOST_LINES:
            lines.append(say("notice_more", n=len(alerts) - MOST_LINES))
        if alerts:
            lines.append(say("notice_hall", hall=alerts[0].hall_name))
        return Wording(title, "\n".join(lines), "/alerts?state=")

    def test(self, channel: str, by: str) -> Wording:
        body = self.say("notice_test_body", name=channel, by=by)
        return Wording(self.say("notice_test"), body, "")

    def _title(self, kind: NoticeKind, alert: AlertTold) -> str:
        say = self.say
        what = say("notice_what", rule=say.known("rule", alert.now.rule), place=alert.place)
        if kind is NoticeKind.ENDED:
            return say("notice_ended", what=what)
        if kind is NoticeKind.TAKEN:
            return say("notice_taken", what=what)
        severity = self._severity(alert.now.severity)
        key = "notice_escalated" if kind is NoticeKind.ESCALATED else "notice_raised"
        return say(key, severity=severity, what=what)

    def _when(self, alert: AlertTold) -> str:
        began = times.day_clock(alert.began, self.now, self.zone, self.say)
        until = alert.now.ended or self.now
        lasted = times.span((until - alert.began).total_seconds(), self.say)
        if alert.now.ended is None:
            return self.say("notice_since", began=began, span=lasted)
        ended = times.clock(alert.now.ended, self.zone)
        return self.say("notice_from_to", began=began, ended=ended, span=lasted)

    def _line(self, alert: AlertTold) -> str:
        what = self.say(
            "notice_what", rule=self.say.known("rule", alert.now.rule), place=alert.place
        )
        began = times.clock(alert.began, self.zone)
        state = self.say("going_on" if alert.now.ended is None else "notice_over")
        line = f"· {began} {what} {state}"
        if alert.now.taken is None:
            return line
        taken_by = self.say("notice_taken_by", who=self._taker(alert))
        return f"{line} · {taken_by}"

    def _severity(self, severity: Severity) -> str:
        return self.say.of("severity", severity.name.lower())

    def _taker(self, alert: AlertTold) -> str:
        if self.wishes.says_names or alert.taker_role is None:
            return alert.taker
        return self.say.of("role", alert.taker_role)
