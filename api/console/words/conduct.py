"""What the rules about naps, smoking and reading are called, mean and rest on."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "rule.napping": ("打瞌睡", "Napping"),
    "rule.smoking": ("吸烟", "Smoking"),
    "rule.idle_reading": ("看报看闲书", "Idle reading"),
    "meaning.napping": (
        "窗口人员趴在桌上或靠在椅背上睡觉，持续一段时间。弯腰取物、低头办理不算。",
        "A clerk sleeps with the head on the desk or leaning back, for some time. Bending down for something, or over papers, does not count.",
    ),
    "meaning.smoking": (
        "窗口人员在窗口手持香烟或吸烟。笔、筷子等细长物品不算。",
        "A clerk holds or smokes a cigarette at the window. Pens and other thin things do not count.",
    ),
    "meaning.idle_reading": (
        "窗口没有群众时，窗口人员手持报纸、杂志或书籍阅读，持续一段时间。办理业务的材料不算。",
        "With no citizen at the window, a clerk reads a newspaper, magazine or book for some time. Papers of the business at hand do not count.",
    ),
    "policy.on": ("是否启用", "In use"),
    "clause.CY 二(一)5(2)": (
        "受理区内不会客、不趴台打盹、不串岗聊天。",
        "No visitors, dozing on the desk or chatting elsewhere in the service area.",
    ),
    "clause.CX 五.4": (
        "工作时间不聊天嬉闹、不看闲书、不做无关的事。",
        "No idle talk, idle reading or other pastimes during work.",
    ),
}
