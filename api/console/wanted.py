"""What the inbox's filters ask for, as it stands in an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import parse_qsl, quote, urlencode

from api.alerts.listing import AlertFilter
from api.alerts.tables import State
from api.console.page import Visit

DAYS = ("1", "7", "30")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the filters ask for, as it stands in the address; empty is everything."""

    state: str = State.NEW.value
    rule: str = ""
    subject: str = ""
    severity: str = ""
    days: str = ""
    text: str = ""

    @classmethod
    def of(cls, query: dict[str, str]) -> Wanted:
        """From an address; what it does not know it leaves at rest."""
        state = query.get("state", State.NEW.value)
        severity = query.get("severity", "")
        days = query.get("days", "")
        return cls(
            state=state if state in (*State, "") else State.NEW.value,
            rule=query.get("rule", ""),
            subject=query.get("subject", ""),
            severity=severity if severity in ("1", "2", "3") else "",
            days=days if days in DAYS else "",
            text=query.get("text", "")[:80],
        )

    @classmethod
    def within(cls, visit: Visit) -> Wanted:
        """The list from which somebody came to an alert's page, as its address says."""
        return cls.of(dict(parse_qsl(visit.query.get("in", ""), keep_blank_values=True)))

    def address(self) -> str:
        """Of the list itself."""
        return f"/alerts?{self._query()}"

    def address_of(self, uid: str) -> str:
        """Of one alert in this list, so that its page knows what comes before and after it."""
        known = "" if self == Wanted() else f"?in={quote(self._query(), safe='')}"
        return f"/alerts/{uid}{known}"

    def _query(self) -> str:
        pairs = {
            name: value
            for name, value in (
                ("state", self.state),
                ("rule", self.rule),
                ("subject", self.subject),
                ("severity", self.severity),
                ("days", self.days),
                ("text", self.text),
            )
            if value or name == "state"
        }
        return urlencode(pairs)

    def filter(self, visit: Visit) -> AlertFilter:
        return AlertFilter(
            halls=visit.viewer.halls,
            hall=visit.hall.id if visit.hall else None,
            subject=self.subject or None,
            rule=self.rule or None,
            at_least=int(self.severity) if self.severity else None,
            states=(State(self.state),) if self.state else (),
            began_from=_days_ago(int(self.days), visit) if self.days else None,
            text=self.text,
        )

    @property
    def narrowed(self) -> bool:
        return self != Wanted(state=self.state)


def _days_ago(days: int, visit: Visit) -> datetime:
    """The midnight in the hall at which the last `days` days, today included, began."""
    today = visit.now().astimezone(visit.zone).date()
    return datetime.combine(today - timedelta(days=days - 1), time(0), visit.zone)
