"""What the ticket system said of a window, and the rule that compares it with the pause sign."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "tickets": ("叫号系统", "Ticket system"),
    "tickets_none": ("未接入", "not connected"),
    "tickets_then": ("当时", "Then"),
    "tickets_began": ("开始时", "At the beginning"),
    "tickets_raised": ("提醒时", "When raised"),
    "tickets_said": ("{state}，{since} 起", "{state} since {since}"),
    "tickets_silent": (
        "已接入，但此前 {span} 没有消息（最后是“{state}”）：无法判断",
        "connected, but silent for {span} (last said: {state}): cannot tell",
    ),
    "tickets_later": (
        "{then}。后来补报：{now}",
        "{then}. Sent later: {now}",
    ),
    "case_tickets": ("叫号系统 · {name}：{words}", "Ticket system · {name}: {words}"),
    "ticket.serving": ("叫号办理中", "calling and serving"),
    "ticket.idle": ("空闲等候叫号", "free, calling nobody"),
    "ticket.paused": ("暂停", "paused"),
    "ticket.closed": ("已退出", "signed off"),
    "rule.pause_mismatch": ("暂停牌与叫号不一致", "Pause sign and tickets differ"),
    "meaning.pause_mismatch": (
        "窗口无人时，暂停牌已放而叫号系统没有暂停，或者叫号系统已暂停而没有放牌，并持续一段时间。没有接入叫号系统、牌子看不清、有人在窗口时都不提醒。",
        "At an empty window the pause sign is up and the tickets are not paused, or the reverse, for some time. Silent where no ticket system is connected, where the sign cannot be told, and while somebody is at the window.",
    ),
    "why.sign_up": ("暂停牌已放", "Pause sign up"),
    "why.tickets_paused": ("叫号系统已暂停", "Tickets paused"),
}
