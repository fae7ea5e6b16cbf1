"""The console's words: none missing, none unused, both languages alike; times and lengths."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

import api.console
from api.alerts.acts import Act
from api.alerts.tables import State
from api.audit.chain import Fault
from api.audit.tables import Access
from api.cases.due import DueKind
from api.cases.law import FROM, CaseAct, CaseState, MeasureKind, Outcome
from api.cases.law import Refusal as CaseRefusal
from api.complaints.tables import Channel as ComplaintChannel
from api.complaints.tables import ComplaintAct, ComplaintState
from api.console import times
from api.console.case_facts import REACHED, STEPS
from api.console.entry import Group
from api.console.hall_problems import CAMERA_REFUSED
from api.console.notices_history import FILTERS
from api.console.pages import PAGES
from api.console.roster_hours import TIME_SCOPES
from api.console.roster_nav import ROSTER_PAGES
from api.console.roster_shift import REPEATS, SCOPES
from api.console.strings import Language, Say
from api.console.words import STRINGS
from api.console.zones_page import ADDABLE
from api.exemptions.tables import ExemptionKind
from api.halls.rehearsal import Footage
from api.halls.zoning import Flaw, ShapeKind
from api.live import WindowPhase
from api.notices.channels import WHY as CHANNEL_WHY
from api.notices.senders import Why
from api.notices.senders.mail import Security
from api.notices.tables import ChannelKind, NoticeKind, NoticeState
from api.reports.cover import Filled, Gap
from api.reports.fates import Fate as ReportFate
from api.reports.groups import BREAKDOWNS
from api.reports.minutes import Standing
from api.retention.inventory import Stays
from api.retention.kinds import Kind as Kept
from api.roster.changes import RosterThing
from api.roster.duty import DutyState
from api.roster.editing import WHY as ENTRY_WHY
from api.roster.importing import ScheduleKind
from api.roster.tables import LeaveKind, NoteKind, Post, TimeKind
from api.tickets.tables import TicketState
from api.users.permissions import Permission
from api.users.tables import Role
from vision.hallfile import Wrong
from vision.probe import Meaning, Refusal
from vision.records import Blindness, Label, Severity, Step
from vision.rules import rulebook
from vision.whatif import Fate

FOLDER = Path(api.console.__file__).parent
SPEAKERS = (FOLDER, *(FOLDER.parent / name for name in ("notices", "cases", "reports")))
"""Messages and printed reports speak the console's words too."""
ASKED = (Act.EXCUSE, Act.MARK_FALSE, Act.REFER)

VALUES: dict[str, set[str]] = {
    "access": set(Access),
    "audit_fault": set(Fault),
    "may": set(Permission),
    "role_may": {role for role in Role if role is not Role.MACHINE},
    "kept": set(Kept),
    "kept_how": set(Kept),
    "stays": set(Stays),
    "stays_how": set(Stays),
    "phase": set(WindowPhase),
    "blind": set(Blindness),
    "severity": {s.name.lower() for s in Severity},
    "state": set(State),
    "step": set(Step),
    "act": set(Act),
    "act_done": set(Act),
    "ask": set(ASKED),
    "ask_about": set(ASKED),
    "ask_hint": set(ASKED),
    "duty": set(DutyState),
    "duty_says": set(DutyState),
    "kind": set(ScheduleKind),
    "role": set(Role),
    "nav": {entry.name for entry in PAGES},
    "nav_group": set(Group),
    "zone": set(ShapeKind),
    "zone_is": {"drawn", "none", "bad"},
    "new_place": set(ADDABLE),
    "flaw": set(Flaw),
    "footage": set(Footage),
    "fate": set(Fate),
    "hall_problem": set(Wrong),
    "camera_refused": set(CAMERA_REFUSED.values()),
    "seen": {label.name.lower() for label in Label},
    "allowed": set(ExemptionKind),
    "finding": set(Meaning),
    "refusal": set(Refusal),
    "case_state": set(CaseState),
    "case_step": set(STEPS),
    "case_wait_for": set(CaseState),
    "case_do": set[str](CaseState) - {CaseState.CLOSED},
    "case_act": set(CaseAct),
    "case_ask": set(FROM),
    "case_words": set(FROM),
    "case_event": set(CaseAct) | {"state_recorded", "appeal_recorded"},
    "refused": set(CaseRefusal),
    "complaint_state": set(ComplaintState),
    "complaint_event": set(ComplaintAct),
    "complaint_due": {"opinion", "answer"},
    "channel_of": set(ComplaintChannel),
    "exemption_covers": set(ExemptionKind),
    "standing": set(Standing),
    "standing_min": set(Standing),
    "gap": set(Gap),
    "filled": set(Filled),
    "group_by": set(BREAKDOWNS),
    "shift_of": {"several"},
    "outcome_of": set(ReportFate),
    "reminder": set(DueKind) | {"opinion", "answer"},
    "outcome": set(Outcome),
    "outcome_means": set(Outcome),
    "measure": set(MeasureKind),
    "due": set(DueKind),
    "matter_stage": set[str](REACHED) - {CaseState.OPENED, CaseState.PROPOSED, CaseState.DECIDED},
    "weekday": {str(n) for n in range(7)},
    "post": set(Post),
    "repeat": set(REPEATS),
    "scope": set(SCOPES),
    "entry_refused": set(ENTRY_WHY),
    "roster_page": {name for name, _ in ROSTER_PAGES},
    "roster_thing": set(RosterThing),
    "roster_act": {"made", "changed", "dropped"},
    "take_back_about": {"made", "changed", "dropped"},
    "time_kind": set(TimeKind),
    "time_add": set(TimeKind),
    "time_change": set(TimeKind),
    "time_drop": set(TimeKind),
    "time_about": set(TimeKind),
    "time_none": set(TimeKind),
    "time_scope": set(TIME_SCOPES),
    "time_change_scope": set(TIME_SCOPES),
    "leave_kind": set(LeaveKind),
    "note_kind": set(NoteKind),
    "spans_about": {"away", "notes"},
    "spans_add": {"away", "notes"},
    "spans_change": {"away", "notes"},
    "spans_sheet": {"away", "notes"},
    "spans_drop": {"away", "notes"},
    "spans_drop_about": {"away", "notes"},
    "spans_none": {"away", "notes", "past"},
    "spans_none_do": {"away", "notes", "past"},
    "channel": set(ChannelKind),
    "channel_hint": set[str](ChannelKind) - {ChannelKind.MAIL},
    "channel_refused": set(CHANNEL_WHY),
    "mail_security": set(Security),
    "history_filter": set(FILTERS),
    "notice_kind": set(NoticeKind),
    "notice_state": {*NoticeState, "told"},
    "not_sent": set(Why),
    "rule": set(rulebook()),
    "meaning": set(rulebook()),
    "policy": {f.name for rule in rulebook().values() for f in fields(rule.policy)},
    "ticket": set(TicketState),
    "law": {law for rule in rulebook().values() for law, _ in rule.clauses},
    "clause": {f"{law} {part}" for rule in rulebook().values() for law, part in rule.clauses},
}
"""Group -> the values of the domain that must have words."""

MORE_THAN_ASKED = {"law", "clause", "why"}
"""Groups that may say more than the present rules need."""


def _trees() -> Iterator[ast.Module]:
    for file in (file for folder in SPEAKERS for file in folder.rglob("*.py")):
        if file.parent.name != "words":
            yield ast.parse(file.read_text(encoding="utf-8"))


def _constants() -> set[str]:
    return {
        node.value
        for tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _said() -> set[str]:
    """Keys that are written out as the first argument of `say(...)`."""
    keys = set(re.findall(r'say\("(\w+)"', (FOLDER / "sign_in.html").read_text(encoding="utf-8")))
    for tree in _trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if name == "say" and isinstance(first, ast.Constant):
                keys.add(str(first.value))
    return keys


def test_no_word_is_missing() -> None:
    assert _said() - set(STRINGS) == set()
    assert len(_said()) > 100  # the search itself works


def test_no_word_is_unused() -> None:
    used = _constants() | _said()
    assert {key for key in STRINGS if "." not in key} - used == set()


@pytest.mark.parametrize("group", VALUES)
def test_every_value_of_the_domain_has_words(group: str) -> None:
    known = {key.partition(".")[2] for key in STRINGS if key.startswith(f"{group}.")}
    assert VALUES[group] - known == set()
    if group not in MORE_THAN_ASKED:
        assert known - VALUES[group] == set()


def test_every_group_is_known() -> None:
    groups = {key.partition(".")[0] for key in STRINGS if "." in key}
    assert groups == set(VALUES) | {"why", "audit_thing"}  # that one: tests/test_audit_routes.py


def test_both_languages_name_the_same_values() -> None:
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    dates = {"month_day", "full_date"}  # English writes the month's name
    for key, (chinese, english) in STRINGS.items():
        assert chinese, key
        assert english, key
        assert key in dates or names(chinese) == names(english), key


def test_english_words_hold_no_chinese() -> None:
    allowed = {"to_other_language"}
    chinese = re.compile("[\u4e00-\u9fff]")
    assert [k for k, (_, english) in STRINGS.items() if chinese.search(english)] == [*allowed]


def test_a_rule_that_the_table_lacks_speaks_for_itself() -> None:
    assert Say("zh").known("rule", "of_tomorrow") == "of_tomorrow"


ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 10:00 on Tuesday in the hall


@pytest.mark.parametrize(
    ("passed", "chinese", "english"),
    [
        (timedelta(seconds=-30), "刚刚", "just now"),
        (timedelta(seconds=44), "刚刚", "just now"),
        (timedelta(seconds=50), "1 分钟前", "1 min ago"),
        (timedelta(minutes=59), "59 分钟前", "59 min ago"),
        (timedelta(hours=3, minutes=10), "3 小时前", "3 h ago"),
        (timedelta(days=2), "2 天前", "2 d ago"),
        (timedelta(days=70), "2 个月前", "2 months ago"),
    ],
)
def test_how_long_ago(passed: timedelta, chinese: str, english: str) -> None:
    assert times.ago(NOW - passed, NOW, Say("zh")) == chinese
    assert times.ago(NOW - passed, NOW, Say("en")) == english


@pytest.mark.parametrize(
    ("moment", "chinese"),
    [
        (datetime(2026, 11, 23, 16, 30, tzinfo=UTC), "今天 00:30:00"),
        (datetime(2026, 11, 23, 15, 30, tzinfo=UTC), "昨天 23:30:00"),
        (datetime(2026, 11, 1, 1, 0, tzinfo=UTC), "11月1日 09:00:00"),
        (datetime(2025, 12, 31, 17, 0, tzinfo=UTC), "1月1日 01:00:00"),
        (datetime(2025, 12, 31, 1, 0, tzinfo=UTC), "2025年12月31日 09:00:00"),
    ],
)
def test_days_are_those_of_the_hall(moment: datetime, chinese: str) -> None:
    assert times.day_clock(moment, NOW, ZONE, Say("zh")) == chinese


@pytest.mark.parametrize(
    ("seconds", "language", "words"),
    [
        (-3, "zh", "0秒"),
        (14.9, "zh", "14秒"),
        (134, "zh", "2分14秒"),
        (121, "zh", "2分01秒"),
        (3900, "zh", "1小时05分"),
        (134, "en", "2 min 14 s"),
    ],
)
def test_lengths_of_time(seconds: float, language: Language, words: str) -> None:
    assert times.span(seconds, Say(language)) == words
