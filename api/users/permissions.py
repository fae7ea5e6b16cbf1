"""Who may do what: one table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from api.halls.reach import Halls
from api.users.tables import Role


class Permission(StrEnum):
    HALLS_READ = "halls.read"
    HALLS_SYNC = "halls.sync"
    ZONES_EDIT = "zones.edit"  # zones and thresholds of the hall file, and trying them out
    CAMERAS_MANAGE = "cameras.manage"  # add, change, remove, probe
    HEALTH_READ = "health.read"  # how cameras and machine are doing, without pictures
    ROSTER_READ = "roster.read"
    ROSTER_IMPORT = "roster.import"
    ROSTER_EDIT = "roster.edit"
    ALERTS_SEND = "alerts.send"
    ALERTS_READ = "alerts.read"
    ALERTS_SETTLE = "alerts.settle"  # acknowledge, excuse, mark false
    ALERTS_REFER = "alerts.refer"
    EVIDENCE_VIEW = "evidence.view"
    EVIDENCE_UNBLUR = "evidence.unblur"  # see citizens' faces, with a reason
    EVIDENCE_EXPORT = "evidence.export"
    FOOTAGE_FIND = "footage.find"  # recordings of a past moment
    NOTICES_MANAGE = "notices.manage"
    EXEMPTIONS_READ = "exemptions.read"
    EXEMPTIONS_GRANT = "exemptions.grant"
    CASES_READ = "cases.read"
    CASES_ALL = "cases.all"  # of the hall; without it only one's own
    CASES_OPEN = "cases.open"
    CASES_DECIDE = "cases.decide"  # and decide appeals; who may not decide which is the case's law
    CASES_APPROVE = "cases.approve"
    CASES_ANSWER = "cases.answer"  # one's own: state one's view, appeal
    COMPLAINTS_READ = "complaints.read"
    COMPLAINTS_REGISTER = "complaints.register"
    COMPLAINTS_ANSWER = "complaints.answer"
    TICKETS_SEND = "tickets.send"  # what the ticket system says of windows
    REPORTS_READ = "reports.read"
    RETENTION_MANAGE = "retention.manage"  # how long what is kept, legal holds
    AUDIT_READ = "audit.read"
    USERS_MANAGE = "users.manage"
    SESSION_OWN = "session.own"  # see and end one's own


_S, _R, _H, _C, _A, _M = (
    Role.SUPERVISOR, Role.REVIEWER, Role.HEAD, Role.CLERK, Role.ADMIN, Role.MACHINE,
)  # fmt: skip

PERMISSIONS: Mapping[Permission, frozenset[Role]] = {
    Permission.HALLS_READ: frozenset(Role),
    Permission.HALLS_SYNC: frozenset({_A, _M}),
    Permission.ZONES_EDIT: frozenset({_S}),
    Permission.CAMERAS_MANAGE: frozenset({_A}),
    Permission.HEALTH_READ: frozenset({_S, _A, _M}),
    Permission.ROSTER_READ: frozenset({_S, _R, _H, _A}),
    Permission.ROSTER_IMPORT: frozenset({_S, _A}),
    Permission.ROSTER_EDIT: frozenset({_S}),
    Permission.ALERTS_SEND: frozenset({_M}),
    Permission.ALERTS_READ: frozenset({_S, _R, _H}),
    Permission.ALERTS_SETTLE: frozenset({_S}),
    Permission.ALERTS_REFER: frozenset({_S, _R}),
    Permission.EVIDENCE_VIEW: frozenset({_S, _R, _H}),
    Permission.EVIDENCE_UNBLUR: frozenset({_R}),
    Permission.EVIDENCE_EXPORT: frozenset({_R, _H}),
    Permission.FOOTAGE_FIND: frozenset({_S, _R}),
    Permission.NOTICES_MANAGE: frozenset({_S, _A}),
    Permission.EXEMPTIONS_READ: frozenset({_S, _R, _H}),
    Permission.EXEMPTIONS_GRANT: frozenset({_S}),
    Permission.CASES_READ: frozenset({_R, _H, _C}),
    Permission.CASES_ALL: frozenset({_R, _H}),
    Permission.CASES_OPEN: frozenset({_S, _R}),
    Permission.CASES_DECIDE: frozenset({_R}),
    Permission.CASES_APPROVE: frozenset({_H}),
    Permission.CASES_ANSWER: frozenset({_C}),
    Permission.COMPLAINTS_READ: frozenset({_S, _R, _H}),
    Permission.COMPLAINTS_REGISTER: frozenset({_S, _R, _M}),
    Permission.COMPLAINTS_ANSWER: frozenset({_R, _H}),
    Permission.TICKETS_SEND: frozenset({_M}),
    Permission.REPORTS_READ: frozenset({_S, _R, _H}),
    Permission.RETENTION_MANAGE: frozenset({_H, _A}),
    Permission.AUDIT_READ: frozenset({_R, _H, _A}),
    Permission.USERS_MANAGE: frozenset({_A}),
    Permission.SESSION_OWN: frozenset(Role) - {_M},
}
"""An administrator keeps the machine running and sees no alerts and no footage. A clerk sees their
own cases, and of those the evidence."""


class Holder(Protocol):
    """Whoever holds permissions in some halls: the sender of a request, the viewer of a page."""

    @property
    def permissions(self) -> frozenset[Permission]: ...

    @property
    def halls(self) -> Halls: ...


def may(role: Role, permission: Permission) -> bool:
    return role in PERMISSIONS[permission]


def permissions_of(role: Role) -> frozenset[Permission]:
    return frozenset(p for p, roles in PERMISSIONS.items() if role in roles)
