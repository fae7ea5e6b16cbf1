"""A complainant's details as those see them who need not know them."""

from __future__ import annotations

HIDDEN = "***"


def masked_name(name: str) -> str:
    """The family name at most: 王芳 becomes 王***."""
    return f"{name[:1]}{HIDDEN}" if name else ""


def masked_contact(contact: str) -> str:
    """The first three and the last two signs of a long one: 138***34; nothing of a short one."""
    if not contact:
        return ""
    return f"{contact[:3]}{HIDDEN}{contact[-2:]}" if len(contact) >= 10 else HIDDEN
