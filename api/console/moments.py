"""Moments that people type, in the hall's zone."""

from __future__ import annotations

from datetime import datetime

from api.console.page import Visit


def typed_moment(value: str, visit: Visit) -> datetime | None:
    """What a datetime-local input says; None if it says nothing or nonsense."""
    try:
        typed = datetime.fromisoformat(value)
    except ValueError:
        return None
    if not 2000 <= typed.year <= 2099:
        return None
    return typed.replace(tzinfo=visit.zone)


def for_input(moment: datetime, visit: Visit) -> str:
    """How a datetime-local input wants it, to the minute."""
    return f"{moment.astimezone(visit.zone):%Y-%m-%dT%H:%M}"
