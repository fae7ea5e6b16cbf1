"""Moments and lengths of time as a person reads them, in the hall's zone and their language."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from api.console.strings import Say


def clock(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%H:%M:%S}"


def day(moment: datetime, now: datetime, zone: tzinfo, say: Say) -> str:
    """Today, yesterday, or the date (with the year where it is another one)."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    if local.date() == today:
        return say("today")
    if local.date() == today - timedelta(days=1):
        return say("yesterday")
    key = "month_day" if local.year == today.year else "full_date"
    return say(key, year=local.year, month=local.month, day=local.day, short=f"{local:%d %b}")


def weekday(moment: datetime, zone: tzinfo, say: Say) -> str:
    return say.of("weekday", str(moment.astimezone(zone).weekday()))


def day_clock(moment: datetime, now: datetime, zone: tzinfo, say: Say) -> str:
    return f"{day(moment, now, zone, say)} {clock(moment, zone)}"


def ago(moment: datetime, now: datetime, say: Say) -> str:
    """How long ago, in one unit; what lies ahead (clocks differ) is just now."""
    passed_s = (now - moment).total_seconds()
    if passed_s < 45:
        return say("just_now")
    for key, unit_s, limit_s in (
        ("minutes_ago", 60, 3600),
        ("hours_ago", 3600, 86_400),
        ("days_ago", 86_400, 30 * 86_400),
    ):
        if passed_s < limit_s:
            return say(key, n=max(1, round(passed_s / unit_s)))
    return say("months_ago", n=max(1, round(passed_s / (30 * 86_400))))


def span(seconds: float, say: Say) -> str:
    """A length of time in its two largest units: 14 s, 2 min 14 s, 1 h 05 min."""
    whole = max(0, int(seconds))
    if whole < 60:
        return say("span_s", s=whole)
    if whole < 3600:
        return say("span_min", m=whole // 60, s=f"{whole % 60:02d}")
    return say("span_h", h=whole // 3600, m=f"{whole % 3600 // 60:02d}")
