"""Exemptions: the list, entering one, taking one back."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "nav.exemptions": ("报备", "Exemptions"),
    "exemptions_about": (
        "经允许的事，事前事后都可登记。涵盖的提醒会标明“已报备”，不计入统计。",
        "What was allowed, entered before or afterwards. Alerts that it covers are marked so and do not count.",
    ),
    "exemptions_which": ("看哪些报备", "Which exemptions"),
    "exemptions_current": ("现在和将来", "Now and to come"),
    "exemptions_all": ("全部", "All"),
    "exemptions_none": ("没有登记报备", "No exemptions"),
    "exemptions_none_do": (
        "工作电话、身体原因、允许用餐、来访、培训，都可以登记。",
        "Work calls, health, permitted meals, visitors and training can be entered.",
    ),
    "exemption_enter": ("登记报备", "Enter an exemption"),
    "exemption_kind": ("事由", "Reason"),
    "exemption_who": ("对象", "Who and where"),
    "exemption_when": ("时间", "When"),
    "exemption_by": ("谁允许的", "Allowed by"),
    "exemption_note": ("说明", "Note"),
    "exemption_alerts": ("涵盖提醒", "Alerts covered"),
    "exemption_person": ("人员", "Person"),
    "exemption_anybody": ("不限人员", "Anybody"),
    "exemption_window": ("窗口", "Window"),
    "exemption_anywhere": ("不限窗口", "Any window"),
    "exemption_from": ("从", "From"),
    "exemption_to": ("到", "To"),
    "exemption_covers.work_call": ("涵盖：玩手机", "Covers phone use"),
    "exemption_covers.medical": (
        "涵盖：空岗、吃东西、打瞌睡、暂停过长、迟到早退",
        "Covers an unattended window, eating, napping, long pauses, late start and early leave",
    ),
    "exemption_covers.meal": (
        "涵盖：吃东西、空岗、暂停过长",
        "Covers eating, an unattended window, long pauses",
    ),
    "exemption_covers.visitor": ("涵盖：工作区有外人、串岗", "Covers extra persons and gathering"),
    "exemption_covers.training": (
        "涵盖：串岗、空岗、看书",
        "Covers gathering, an unattended window, reading",
    ),
    "exemption_whole": (
        "整件事都在允许的时间内，才算被涵盖。",
        "Only what lies wholly within the allowed time is covered.",
    ),
    "exempt_this": ("报备", "Exempt this"),
    "exempt_this_about": (
        "事情有人允许过：登记后这条提醒标明“已报备”，不计入统计。时间要涵盖整件事。",
        "Somebody allowed it: once entered, this alert is marked exempt and does not count. The time must cover all of it.",
    ),
    "exempt_not_whole": (
        "已登记，但没有涵盖整条提醒，它仍然计入。请核对人员、窗口和时间。",
        "Entered, but it does not cover this alert whole, which still counts. Check person, window and time.",
    ),
    "exemption_entered": ("已登记", "Entered"),
    "exemption_revoke": ("撤销", "Take back"),
    "exemption_revoke_about": (
        "它涵盖的 {n} 条提醒将重新计入。登记和撤销都会留在记录里。",
        "The {n} alerts that it covers will count again. Both stay on record.",
    ),
    "exemption_revoked": ("已撤销", "Taken back"),
    "exemption_revoked_by": ("{who} 撤销：{why}", "taken back by {who}: {why}"),
    "exemption_was_revoked": ("{who} 已经撤销了", "{who} has taken it back already"),
    "exemption_gone": ("没有这条报备", "There is no such exemption"),
    "exemption_nobody": ("请至少选一个人或一个窗口", "Choose a person or a window at least"),
    "exemption_bad_time": (
        "请填写起止时间：到晚于从，不超过 400 天，结束不早于 60 天前",
        "Give a span that ends after it begins, within 400 days, not over 60 days ago",
    ),
    "exemption_by_missing": ("请写明是谁允许的", "Say who allowed it"),
    "exemption_own": (
        "这会豁免您本人，或您当时在岗的窗口，须由别人登记",
        "It would exempt yourself, or a window that you hold then; somebody else must enter it",
    ),
    "exemption_refused": ("登记的内容不合适，请检查", "This cannot be entered; check it"),
}
