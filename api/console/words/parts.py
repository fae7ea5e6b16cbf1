"""Forms and dialogs of every page."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "cancel": ("取消", "Cancel"),
    "save": ("保存", "Save"),
    "reason_must": ("理由（必填）", "Reason (required)"),
    "reason_may": ("说明（可不填）", "Note (optional)"),
    "reason_missing": ("请写一句理由", "Give a reason in a sentence"),
    "keys_title": ("键盘快捷键", "Keyboard shortcuts"),
    "keys_close": ("知道了", "Close"),
    "range": ("时间范围", "Time span"),
    "range_from": ("从", "From"),
    "range_to": ("到", "To"),
    "last_days": ("最近 {n} 天", "last {n} days"),
}
