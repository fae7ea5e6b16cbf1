"""Who may do what: one table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from api.users.tables import Role


class Permission(StrEnum):
    HALLS_READ = "halls.read"
    HALLS_SYNC = "halls.sync"
    ROSTER_READ = "roster.read"
    ROSTER_IMPORT = "roster.import"
    ALERTS_SEND = "alerts.send"
    ALERTS_READ = "alerts.read"
    ALERTS_SETTLE = "alerts.settle"  # acknowledge, excuse, mark false
    ALERTS_REFER = "alerts.refer"
    EVIDENCE_VIEW = "evidence.view"
    USERS_MANAGE = "users.manage"
    SESSION_OWN = "session.own"  # see and end one's own


PERMISSIONS: Mapping[Permission, frozenset[Role]] = {
    Permission.HALLS_READ: frozenset(Role),
    Permission.HALLS_SYNC: frozenset({Role.ADMIN, Role.MACHINE}),
    Permission.ROSTER_READ: frozenset({Role.SUPERVISOR, Role.REVIEWER, Role.ADMIN}),
    Permission.ROSTER_IMPORT: frozenset({Role.SUPERVISOR, Role.ADMIN}),
    Permission.ALERTS_SEND: frozenset({Role.MACHINE}),
    Permission.ALERTS_READ: frozenset({Role.SUPERVISOR, Role.REVIEWER}),
    Permission.ALERTS_SETTLE: frozenset({Role.SUPERVISOR}),
    Permission.ALERTS_REFER: frozenset({Role.SUPERVISOR, Role.REVIEWER}),
    Permission.EVIDENCE_VIEW: frozenset({Role.SUPERVISOR, Role.REVIEWER}),
    Permission.USERS_MANAGE: frozenset({Role.ADMIN}),
    Permission.SESSION_OWN: frozenset({Role.SUPERVISOR, Role.REVIEWER, Role.ADMIN}),
}
"""An administrator keeps the machine running and sees no alerts and no footage."""


def may(role: Role, permission: Permission) -> bool:
    return role in PERMISSIONS[permission]
