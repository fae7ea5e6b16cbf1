"""Messages to people, and the page where a hall says how it wants to be told."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # the bell in the frame
    "bell_on": ("提示音已打开", "Sound is on"),
    "bell_off": ("打开提示音", "Switch sound on"),
    "bell_waits": ("点一下，浏览器才允许响铃", "Click once: the browser allows sound only then"),
    "bell_close": ("关闭这条消息", "Close this message"),
    "bell_list": ("新消息", "New messages"),
    # what a message says
    "notice_what": ("{rule} · {place}", "{rule} · {place}"),
    "notice_raised": ("【{severity}】{what}", "[{severity}] {what}"),
    "notice_escalated": ("【{severity}·无人处理】{what}", "[{severity}, nobody took it] {what}"),
    "notice_ended": ("【结束】{what}", "[Over] {what}"),
    "notice_taken": ("【已有人处理】{what}", "[Taken] {what}"),
    "notice_since": ("{began} 开始，已持续 {span}", "Since {began}, {span} so far"),
    "notice_from_to": ("{began} 至 {ended}，共 {span}", "{began} to {ended}, {span} in all"),
    "notice_nobody": ("已等待 {span}，还没有人处理", "Nobody has taken it for {span}"),
    "notice_taken_by": ("处理人：{who}", "Taken by: {who}"),
    "notice_duty": ("当班：{who}", "On duty: {who}"),
    "notice_hall": ("大厅：{hall}", "Hall: {hall}"),
    "notice_digest": ("【{severity}】合并提醒：{n} 条", "[{severity}] {n} alerts in one message"),
    "notice_of_rule": ("{rule} {n} 条", "{rule}: {n}"),
    "notice_more": ("另有 {n} 条，请在控制台查看", "And {n} more; see the console"),
    "notice_over": ("已结束", "over"),
    "notice_test": ("【测试】大厅守望", "[Test] Hallwatch"),
    "notice_test_body": (
        "这是发给“{name}”的测试消息，由{by}发出。收到即表示渠道可用。",
        "A test message to “{name}”, sent by {by}. If you read this, the channel works.",
    ),
}
