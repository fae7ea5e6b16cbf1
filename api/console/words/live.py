"""The live page."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "nav.live": ("实时", "Live"),
    # the live page
    "phase.attended": ("在岗", "Attended"),
    "phase.paused": ("暂停服务", "Paused"),
    "phase.empty": ("无人", "Empty"),
    "phase.alerted": ("空岗", "Unattended"),
    "phase.unknown": ("看不清", "Cannot tell"),
    "phase.closed": ("未开放", "Closed"),
    "blind.offline": ("摄像机离线", "Camera offline"),
    "blind.frozen": ("画面静止", "Picture frozen"),
    "blind.dark": ("画面过暗", "Too dark"),
    "blind.covered": ("镜头被遮挡", "Lens covered"),
    "blind.blurred": ("画面模糊", "Blurred"),
    "blind.moved": ("镜头被移动", "Camera moved"),
    "blind.corrupt": ("视频流损坏", "Stream damaged"),
    "blind.jump": ("视频时间跳变", "Stream time jumped"),
    "blind_accuses_nobody": (
        "看不清期间不计空岗",
        "While it cannot tell, nothing is held against anyone",
    ),
    "stopped_at": ("画面停在 {time}", "Picture stopped at {time}"),
    "replay_ended_at": ("录像到 {time} 结束", "Recording ended at {time}"),
    "no_picture": ("等待第一幅画面", "Waiting for the first picture"),
    "queue_count": ("{n} 人", "{n} waiting"),
    "queue_unknown": ("人数不明", "cannot tell"),
    "queue_promised": ("上限 {n}", "limit {n}"),
    "citizens": ("柜台前 {n} 人", "{n} at the counter"),
    "no_cameras": ("还没有摄像机画面", "No camera yet"),
    "no_cameras_do": (
        "摄像机启动后，几秒之内就会出现在这里。若一直空白，请查看服务日志里摄像机的地址是否能连通。",
        "A camera appears here seconds after it starts. If it stays blank, see in the service log whether its address answers.",
    ),
    "feed_lost": ("连接中断，正在重新连接…", "Connection lost, connecting again…"),
    "machine_slow": (
        "本机忙不过来：每台摄像机的判断间隔是平时的 {n} 倍",
        "This machine is overloaded: every camera is looked at {n} times as seldom",
    ),
    "tally_windows": ("窗口状态", "Windows"),
    "newest": ("最新提醒", "Newest alerts"),
    "all_alerts": ("全部提醒", "All alerts"),
    "show_boxes": ("检测框", "Boxes"),
    "quiet": (
        "还没有提醒。有情况时会自动出现在这里。",
        "No alerts yet. They appear here by themselves.",
    ),
}
