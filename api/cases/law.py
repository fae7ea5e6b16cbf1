"""What may be done to a case, by whom and in which order: a pure state machine.

    opened ─ notify ▶ notified ─ state ▶ stated ─ decide ▶ proposed ─ approve ▶ decided
       decided ─ serve ▶ served ─ appeal ▶ appealed ─ rule ▶ ruled ─ close ▶ closed

Where the hall asks for no second person, `decide` leads to decided at once. Without a person
nobody is accused: there is nobody to notify, and no measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CaseState(StrEnum):
    OPENED = "opened"  # referred; the person has not been told
    NOTIFIED = "notified"  # the person has been told and may state their view
    STATED = "stated"  # their view is on record
    PROPOSED = "proposed"  # decided; waits for the head of unit
    DECIDED = "decided"  # the person is still to be told
    SERVED = "served"  # the person has been told and may appeal
    APPEALED = "appealed"
    RULED = "ruled"  # another reviewer has decided the appeal
    CLOSED = "closed"


class CaseAct(StrEnum):
    OPEN = "open"
    JOIN = "join"  # another alert joins
    NAME = "name"  # say whom it concerns, or that it concerns nobody
    NOTIFY = "notify"
    STATE = "state"
    DECIDE = "decide"
    APPROVE = "approve"
    RETURN = "return"  # the head of unit wants it decided anew
    SERVE = "serve"
    APPEAL = "appeal"
    RULE = "rule"
    CLOSE = "close"


class Outcome(StrEnum):
    CONFIRMED = "confirmed"  # 属实
    UNFOUNDED = "unfounded"  # 不属实
    EXCUSED = "excused"  # 属实但情有可原


class MeasureKind(StrEnum):
    """CY 首问责任制 第九条; 投诉问责制 第七条."""

    TALK = "talk"  # 诫勉谈话
    POINTS = "points"  # 考核扣分
    CRITICISM = "criticism"  # 通报批评
    SELF_CRITICISM = "self_criticism"  # 书面检查
    HONOURS = "honours"  # 取消评先评优


@dataclass(frozen=True, slots=True)
class Measure:
    """`points`: how many are taken off; only with POINTS."""

    kind: MeasureKind
    points: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a decision or the ruling on an appeal says."""

    outcome: Outcome
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Doer:
    """Who acts. `staff_id`: whom of the roster they are, if anybody."""

    user_id: int | None
    staff_id: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """All of a case that the law asks about. `person` is a staff id; times are aware."""

    state: CaseState
    person: int | None
    two_decide: bool  # the hall asks for the head's approval
    finding: Finding | None = None
    decided_by: int | None = None  # user ids
    approved_by: int | None = None
    notified: bool = False
    stated: bool = False
    statement_due: datetime | None = None
    appeal_due: datetime | None = None


class Refusal(StrEnum):
    """Why an act cannot be done."""

    NOT_NOW = "not_now"  # the case is in another state
    OWN_CASE = "own_case"  # nobody acts on their own case
    NOT_THEIRS = "not_theirs"  # only the person concerned may, or a reviewer for them
    NOBODY_NAMED = "nobody_named"  # there is no person to notify or to hear
    NOT_HEARD = "not_heard"  # notify the person first
    TERM_RUNS = "term_runs"  # the person may still answer
    TERM_OVER = "term_over"
    APPROVES_OWN = "approves_own"  # whoever decided may not approve
    RULES_OWN = "rules_own"  # whoever decided or approved may not decide the appeal
    MEASURE_UNFOUNDED = "measure_unfounded"  # a measure needs a confirmed breach
    MEASURE_NOBODY = "measure_nobody"  # and a person
    POINTS_MISSING = "points_missing"
    MEASURE_TWICE = "measure_twice"
    WORSE = "worse"  # an appeal never makes it worse
    NO_APPEAL = "no_appeal"  # the decision burdens nobody


FROM: Mapping[CaseAct, frozenset[CaseState]] = {
    CaseAct.JOIN: frozenset({CaseState.OPENED}),
    CaseAct.NAME: frozenset({CaseState.OPENED}),
    CaseAct.NOTIFY: frozenset({CaseState.OPENED}),
    CaseAct.STATE: frozenset({CaseState.NOTIFIED, CaseState.STATED}),
    CaseAct.DECIDE: frozenset({CaseState.OPENED, CaseState.NOTIFIED, CaseState.STATED}),
    CaseAct.APPROVE: frozenset({CaseState.PROPOSED}),
    CaseAct.RETURN: frozenset({CaseState.PROPOSED}),
    CaseAct.SERVE: frozenset({CaseState.DECIDED}),
    CaseAct.APPEAL: frozenset({CaseState.SERVED}),
    CaseAct.RULE: frozenset({CaseState.APPEALED}),
    CaseAct.CLOSE: frozenset({CaseState.DECIDED, CaseState.SERVED, CaseState.RULED}),
}
"""In which states an act is possible at all."""

BY_THE_PERSON = frozenset({CaseAct.STATE, CaseAct.APPEAL})


def refusal(
    case: Case, act: CaseAct, doer: Doer, now: datetime, finding: Finding | None = None
) -> Refusal | None:
    """Why `doer` may not do this now; None: they may. `finding` for decide and rule; without one,
    whether any finding would do."""
    if act not in FROM or case.state not in FROM[act]:
        return Refusal.NOT_NOW
    is_person = case.person is not None and doer.staff_id == case.person
    if is_person and act not in BY_THE_PERSON:
        return Refusal.OWN_CASE
    check = _CHECKS.get(act)
    found = check(case, doer, now, finding) if check else None
    if found is None and finding is not None:
        found = _wrong_finding(case, finding)
    return found


def leads_to(case: Case, act: CaseAct) -> CaseState:
    """The state after an act that was not refused."""
    if act in (CaseAct.JOIN, CaseAct.NAME):
        return case.state
    if act is CaseAct.DECIDE:
        return CaseState.PROPOSED if case.two_decide else CaseState.DECIDED
    if act is CaseAct.RETURN:
        return _before_decision(case)
    return _AFTER[act]


_AFTER: Mapping[CaseAct, CaseState] = {
    CaseAct.NOTIFY: CaseState.NOTIFIED,
    CaseAct.STATE: CaseState.STATED,
    CaseAct.APPROVE: CaseState.DECIDED,
    CaseAct.SERVE: CaseState.SERVED,
    CaseAct.APPEAL: CaseState.APPEALED,
    CaseAct.RULE: CaseState.RULED,
    CaseAct.CLOSE: CaseState.CLOSED,
}


def _before_decision(case: Case) -> CaseState:
    if case.stated:
        return CaseState.STATED
    return CaseState.NOTIFIED if case.notified else CaseState.OPENED


def _notify(case: Case, _doer: Doer, _now: datetime, _finding: Finding | None) -> Refusal | None:
    return Refusal.NOBODY_NAMED if case.person is None else None


def _state(case: Case, _doer: Doer, now: datetime, _finding: Finding | None) -> Refusal | None:
    """The first statement is taken until the decision, late or not; more only within the term."""
    over = case.statement_due is not None and now >= case.statement_due
    return Refusal.TERM_OVER if case.stated and over else None


def _decide(case: Case, _doer: Doer, now: datetime, finding: Finding | None) -> Refusal | None:
    """Against a person only after they were heard, or had their time to speak."""
    if case.person is None or case.stated:
        return None
    if finding is not None and finding.outcome is not Outcome.CONFIRMED:
        return None
    if not case.notified:
        return Refusal.NOT_HEARD if finding is not None else None
    if case.statement_due is not None and now < case.statement_due:
        return Refusal.TERM_RUNS if finding is not None else None
    return None


def _approve(case: Case, doer: Doer, _now: datetime, _finding: Finding | None) -> Refusal | None:
    return Refusal.APPROVES_OWN if doer.user_id == case.decided_by else None


def _serve(case: Case, _doer: Doer, _now: datetime, _finding: Finding | None) -> Refusal | None:
    return Refusal.NOBODY_NAMED if case.person is None else None


def _appeal(case: Case, _doer: Doer, now: datetime, _finding: Finding | None) -> Refusal | None:
    if case.finding is None or case.finding.outcome is not Outcome.CONFIRMED:
        return Refusal.NO_APPEAL
    if case.appeal_due is not None and now >= case.appeal_due:
        return Refusal.TERM_OVER
    return None


def _rule(case: Case, doer: Doer, _now: datetime, finding: Finding | None) -> Refusal | None:
    if doer.user_id in (case.decided_by, case.approved_by):
        return Refusal.RULES_OWN
    if finding is not None and case.finding is not None and is_worse(finding, case.finding):
        return Refusal.WORSE
    return None


def _close(case: Case, _doer: Doer, now: datetime, _finding: Finding | None) -> Refusal | None:
    """Not before the person knows of the decision, and not while they may appeal."""
    if case.state is CaseState.DECIDED:
        return Refusal.NOT_NOW if case.person is not None and case.notified else None
    if case.state is CaseState.SERVED and _appeal(case, _doer, now, None) is None:
        return Refusal.TERM_RUNS
    return None


_CHECKS = {
    CaseAct.NOTIFY: _notify,
    CaseAct.STATE: _state,
    CaseAct.DECIDE: _decide,
    CaseAct.APPROVE: _approve,
    CaseAct.RETURN: _approve,
    CaseAct.SERVE: _serve,
    CaseAct.APPEAL: _appeal,
    CaseAct.RULE: _rule,
    CaseAct.CLOSE: _close,
}


def is_worse(new: Finding, old: Finding) -> bool:
    """Whether the ruling burdens the person more than the decision did."""
    if new.outcome is not Outcome.CONFIRMED:
        return False
    if old.outcome is not Outcome.CONFIRMED:
        return True
    before = {measure.kind: measure.points or 0 for measure in old.measures}
    return any(m.kind not in before or (m.points or 0) > before[m.kind] for m in new.measures)


def _wrong_finding(case: Case, finding: Finding) -> Refusal | None:
    """What no decision may say."""
    if not finding.measures:
        return None
    if finding.outcome is not Outcome.CONFIRMED:
        return Refusal.MEASURE_UNFOUNDED
    if case.person is None:
        return Refusal.MEASURE_NOBODY
    if len({measure.kind for measure in finding.measures}) < len(finding.measures):
        return Refusal.MEASURE_TWICE
    wrong = any(
        (m.kind is MeasureKind.POINTS) != (m.points is not None and m.points > 0)
        for m in finding.measures
    )
    return Refusal.POINTS_MISSING if wrong else None
