"""The page that finds a past moment in the recordings."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "nav.footage": ("录像回看", "Recordings"),
    "footage_about": (
        "按摄像机和时间找一段录像，例如核实投诉。每次查找都会记下用途。",
        "Find a past moment by camera and time, for a complaint say. Every search is kept with its purpose.",
    ),
    "footage_none": ("这个大厅没有连续录像", "This hall is not recorded continuously"),
    "footage_none_do": (
        "在大厅文件里加上 [recording] 一节，从那时起的录像就能在这里回看。提醒的片段不受影响。",
        "Add a [recording] table to the hall file; what is recorded from then on is found here. Clips of alerts do not need it.",
    ),
    "footage_find": ("查找", "Find"),
    "footage_camera": ("摄像机", "Camera"),
    "footage_from": ("从（大厅当地时间）", "From (the hall's time)"),
    "footage_length": ("时长", "Length"),
    "footage_purpose": ("用途", "Purpose"),
    "footage_purpose_hint": (
        "例如：核实 11 月 24 日的投诉",
        "For example: complaint of 24 November",
    ),
    "footage_cut": ("查找并保存", "Find and keep"),
    "footage_cutting": (
        "正在查找并保存，录像长的话要等一会儿。",
        "Finding and keeping it; long footage takes a while.",
    ),
    "footage_found": ("已保存的录像", "Kept footage"),
    "footage_span": ("时间", "Time"),
    "footage_by": ("由谁", "By"),
    "footage_play": ("播放", "Play"),
    "footage_nothing_yet": ("还没有查找过录像。", "Nothing was looked for yet."),
    "footage_no_moment": ("请填写日期和时间", "Give a day and a time"),
    "footage_no_purpose": ("请写明用途", "Say what it is for"),
    "footage_to_come": ("这个时间还没有到", "That moment is still to come"),
    "footage_not_there": (
        "这段时间没有录像，请换一个时间",
        "Nothing is recorded of that time; try another",
    ),
    "footage_disk": (
        "磁盘写不下这段录像，请联系管理员腾出空间",
        "The disk has no room for it; ask the administrator to make some",
    ),
    "footage_lacking": (
        "这段时间没有录全，播放的是其中最长的一段。",
        "Not all of that time was recorded; this is the longest stretch of it.",
    ),
    "footage_minutes": ("{n} 分钟", "{n} min"),
    "footage_close": ("关闭", "Close"),
}
