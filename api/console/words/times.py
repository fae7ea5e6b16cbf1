"""Moments and lengths of time."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # time
    "today": ("今天", "today"),
    "yesterday": ("昨天", "yesterday"),
    "month_day": ("{month}月{day}日", "{short}"),
    "full_date": ("{year}年{month}月{day}日", "{short} {year}"),
    "date_and_day": ("{date} {day}", "{day} {date}"),
    "weekday.0": ("周一", "Mon"),
    "weekday.1": ("周二", "Tue"),
    "weekday.2": ("周三", "Wed"),
    "weekday.3": ("周四", "Thu"),
    "weekday.4": ("周五", "Fri"),
    "weekday.5": ("周六", "Sat"),
    "weekday.6": ("周日", "Sun"),
    "just_now": ("刚刚", "just now"),
    "minutes_ago": ("{n} 分钟前", "{n} min ago"),
    "hours_ago": ("{n} 小时前", "{n} h ago"),
    "days_ago": ("{n} 天前", "{n} d ago"),
    "months_ago": ("{n} 个月前", "{n} months ago"),
    "span_s": ("{s}秒", "{s} s"),
    "span_min": ("{m}分{s}秒", "{m} min {s} s"),
    "span_h": ("{h}小时{m}分", "{h} h {m} min"),
}
