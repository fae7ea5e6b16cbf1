"""The frame around every page."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # the frame
    "brand": ("大厅守望", "Hallwatch"),
    "halls": ("换一个大厅", "Choose another hall"),
    "nav_label": ("主导航", "Main navigation"),
    "nav_first": ("常用页面", "Main pages"),
    "nav_more": ("更多", "More"),
    "nav_narrow": ("收起或展开导航", "Narrow or widen the navigation"),
    "nav_group.watch": ("值守", "Watch"),
    "nav_group.review": ("处理", "Review"),
    "nav_group.hall": ("大厅", "Hall"),
    "nav_group.oversight": ("监督", "Oversight"),
    "skip": ("跳到正文", "Skip to content"),
    "waiting_count": ("{n} 项待处理", "{n} waiting"),
    "replay_running": ("回放 {percent}% · {speed}×", "Replay {percent}% · {speed}×"),
    "replay_over": ("回放结束", "Replay over"),
    "hall_time": ("大厅当地时间（{zone}）", "The hall's local time ({zone})"),
    "sign_out": ("退出登录", "Sign out"),
    "to_other_language": ("English", "中文"),
    "to_dark": ("切换到深色", "Dark appearance"),
    "to_light": ("切换到浅色", "Light appearance"),
    "account": ("账号", "Account"),
    "role.supervisor": ("大厅主管", "Hall supervisor"),
    "role.reviewer": ("监督员", "Reviewer"),
    "role.head": ("单位负责人", "Head of unit"),
    "role.clerk": ("窗口人员", "Clerk"),
    "role.admin": ("系统管理员", "Administrator"),
    "role.machine": ("设备", "Machine"),
    "went_wrong": (
        "出了点问题，什么都没有改动，请再试一次",
        "Something went wrong and nothing was changed; try again",
    ),
    "page_missing": ("没有这个页面", "There is no such page"),
    "page_missing_do": (
        "链接可能写错了，或者内容已按期限删除。",
        "The link may be wrong, or what it led to was deleted on schedule.",
    ),
    "to_live": ("回到实时页面", "Back to the live page"),
    "no_hall": ("还没有大厅", "No hall yet"),
    "no_hall_do": (
        "用 hallwatch serve --hall hall.toml 启动，大厅、窗口和摄像机就会出现在这里。",
        "Start with hallwatch serve --hall hall.toml, and the hall, its windows and cameras appear here.",
    ),
}
