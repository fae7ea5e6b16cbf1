"""The health page."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "nav.health": ("运行状况", "Health"),
    "health_about": (
        "摄像机和主机的工作情况，没有画面。曲线是最近 24 小时。",
        "How cameras and machine are doing, without pictures. Curves show the last 24 hours.",
    ),
    "health_none": ("这里没有正在查看的摄像机", "No camera is watched here"),
    "health_none_do": (
        "用 hallwatch serve --hall hall.toml 启动后，每台摄像机会出现在这里。",
        "Start with hallwatch serve --hall hall.toml, and each camera appears here.",
    ),
    "health_elsewhere": (
        "这个大厅由另一台机器值守",
        "This hall is watched by another machine",
    ),
    "health_elsewhere_do": (
        "请在值守该大厅的机器上查看。",
        "Look at the machine that watches it.",
    ),
    "health_machine": ("主机", "Machine"),
    "health_disk": ("磁盘剩余", "Disk left"),
    "health_memory": ("占用内存", "Memory held"),
    "health_load": ("负载 / 核心数", "Load / cores"),
    "health_tickets": ("叫号系统最近消息", "Ticket system, last word"),
    "health_no_tickets": ("没有接入", "Not connected"),
    "health_tickets_silent": (
        "叫号系统已没有消息：暂停只看牌子，直到它恢复。请检查叫号系统的发送和令牌。",
        "The ticket system is silent: until it is back, a pause is known by its sign alone. Check what"
        " it sends, and its token.",
    ),
    "health_down": ("没有画面", "No pictures"),
    "health_not_recorded": ("没有录像", "Not recorded"),
    "health_recording_old": (
        "连续录像停在{time}（{ago}）：请检查摄像机和录像磁盘。提醒的片段不受影响。",
        "The recording stops at {time} ({ago}): check the camera and the disk of the recordings."
        " Clips of alerts go on.",
    ),
    "health_late": ("处理偏慢", "Running late"),
    "health_well": ("正常", "Well"),
    "health_last": ("最近画面", "Last picture"),
    "health_packets": ("每秒收到", "Packets a second"),
    "health_looks": ("每秒分析", "Looks a second"),
    "health_looks_wanted": ("每秒分析 / 应有", "Looks a second / wanted"),
    "health_lag": ("滞后", "Lag"),
    "health_decode": ("每张解码", "Decoding a picture"),
    "health_inference": ("每张识别", "Recognising a picture"),
    "health_gaps": ("看不清次数", "Looks without a picture"),
    "health_reconnects": ("重连 / 卡住", "Reconnected / stuck"),
    "health_recorded": ("已录像", "Recorded"),
    "health_unrecorded": ("漏录的数据包", "Packets not recorded"),
    "health_most": ("最高 {n}", "most {n}"),
    "gb": ("{n} GB", "{n} GB"),
    "gb_of_gb": ("{n} GB，共 {all} GB", "{n} of {all} GB"),
    "mb": ("{n} MB", "{n} MB"),
    "ms": ("{n} 毫秒", "{n} ms"),
    "seconds": ("{n} 秒", "{n} s"),
}
