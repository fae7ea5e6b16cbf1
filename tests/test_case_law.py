"""The law of cases: what may follow what, who may do it, when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cases.law import (
    FROM,
    Case,
    CaseAct,
    CaseState,
    Doer,
    Finding,
    Measure,
    MeasureKind,
    Outcome,
    Refusal,
    is_worse,
    leads_to,
    refusal,
)

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
LATER = NOW + timedelta(days=5)
BEFORE = NOW - timedelta(days=5)

ZHANG = 7  # staff id of the person concerned
REVIEWER, OTHER_REVIEWER, HEAD = Doer(1), Doer(2), Doer(3)
PERSON = Doer(4, staff_id=ZHANG)

CONFIRMED = Finding(Outcome.CONFIRMED)
TALK = Finding(Outcome.CONFIRMED, (Measure(MeasureKind.TALK),))
TWO_POINTS = Finding(Outcome.CONFIRMED, (Measure(MeasureKind.POINTS, 2),))
UNFOUNDED = Finding(Outcome.UNFOUNDED)
EXCUSED = Finding(Outcome.EXCUSED)

OPENED = Case(CaseState.OPENED, ZHANG, two_decide=False)
NOTIFIED = replace(OPENED, state=CaseState.NOTIFIED, notified=True, statement_due=LATER)
STATED = replace(NOTIFIED, state=CaseState.STATED, stated=True)
PROPOSED = replace(STATED, state=CaseState.PROPOSED, finding=TALK, decided_by=1, two_decide=True)
DECIDED = replace(PROPOSED, state=CaseState.DECIDED, approved_by=3)
SERVED = replace(DECIDED, state=CaseState.SERVED, appeal_due=LATER)
APPEALED = replace(SERVED, state=CaseState.APPEALED)
RULED = replace(APPEALED, state=CaseState.RULED)
CLOSED = replace(RULED, state=CaseState.CLOSED)
NOBODY = replace(OPENED, person=None)

CASES = {
    case.state: case
    for case in (OPENED, NOTIFIED, STATED, PROPOSED, DECIDED, SERVED, APPEALED, RULED, CLOSED)
}


@pytest.mark.parametrize(
    ("case", "act", "doer", "finding", "why"),
    [
        (OPENED, CaseAct.NOTIFY, REVIEWER, None, None),
        (NOBODY, CaseAct.NOTIFY, REVIEWER, None, Refusal.NOBODY_NAMED),
        (OPENED, CaseAct.STATE, PERSON, None, Refusal.NOT_NOW),
        (NOTIFIED, CaseAct.STATE, PERSON, None, None),
        (NOTIFIED, CaseAct.STATE, REVIEWER, None, None),  # recorded for them
        (replace(NOTIFIED, statement_due=BEFORE), CaseAct.STATE, PERSON, None, None),  # late
        (STATED, CaseAct.STATE, PERSON, None, None),  # more to say
        (replace(STATED, statement_due=BEFORE), CaseAct.STATE, PERSON, None, Refusal.TERM_OVER),
        # deciding: nobody is found guilty unheard
        (OPENED, CaseAct.DECIDE, REVIEWER, CONFIRMED, Refusal.NOT_HEARD),
        (OPENED, CaseAct.DECIDE, REVIEWER, UNFOUNDED, None),
        (OPENED, CaseAct.DECIDE, REVIEWER, EXCUSED, None),
        (NOTIFIED, CaseAct.DECIDE, REVIEWER, CONFIRMED, Refusal.TERM_RUNS),
        (NOTIFIED, CaseAct.DECIDE, REVIEWER, UNFOUNDED, None),
        (replace(NOTIFIED, statement_due=BEFORE), CaseAct.DECIDE, REVIEWER, CONFIRMED, None),
        (STATED, CaseAct.DECIDE, REVIEWER, TALK, None),
        (NOBODY, CaseAct.DECIDE, REVIEWER, CONFIRMED, None),  # it happened; nobody is accused
        (NOBODY, CaseAct.DECIDE, REVIEWER, TALK, Refusal.MEASURE_NOBODY),
        (STATED, CaseAct.DECIDE, REVIEWER, replace(TALK, outcome=Outcome.EXCUSED),
         Refusal.MEASURE_UNFOUNDED),
        (STATED, CaseAct.DECIDE, REVIEWER, replace(TALK, measures=TALK.measures * 2),
         Refusal.MEASURE_TWICE),
        (STATED, CaseAct.DECIDE, REVIEWER, TWO_POINTS, None),
        (STATED, CaseAct.DECIDE, REVIEWER,
         Finding(Outcome.CONFIRMED, (Measure(MeasureKind.POINTS),)), Refusal.POINTS_MISSING),
        (STATED, CaseAct.DECIDE, REVIEWER,
         Finding(Outcome.CONFIRMED, (Measure(MeasureKind.TALK, 2),)), Refusal.POINTS_MISSING),
        # two decide
        (PROPOSED, CaseAct.APPROVE, HEAD, None, None),
        (PROPOSED, CaseAct.RETURN, HEAD, None, None),
        (PROPOSED, CaseAct.APPROVE, REVIEWER, None, Refusal.APPROVES_OWN),
        (PROPOSED, CaseAct.SERVE, REVIEWER, None, Refusal.NOT_NOW),
        (DECIDED, CaseAct.SERVE, REVIEWER, None, None),
        (DECIDED, CaseAct.CLOSE, REVIEWER, None, Refusal.NOT_NOW),  # the person is not told yet
        (replace(NOBODY, state=CaseState.DECIDED), CaseAct.CLOSE, REVIEWER, None, None),
        (replace(OPENED, state=CaseState.DECIDED, finding=UNFOUNDED), CaseAct.CLOSE, REVIEWER,
         None, None),  # never accused, never told
        # the appeal
        (SERVED, CaseAct.APPEAL, PERSON, None, None),
        (replace(SERVED, appeal_due=BEFORE), CaseAct.APPEAL, PERSON, None, Refusal.TERM_OVER),
        (replace(SERVED, appeal_due=NOW), CaseAct.APPEAL, PERSON, None, Refusal.TERM_OVER),
        (replace(SERVED, finding=EXCUSED), CaseAct.APPEAL, PERSON, None, Refusal.NO_APPEAL),
        (SERVED, CaseAct.CLOSE, REVIEWER, None, Refusal.TERM_RUNS),
        (replace(SERVED, appeal_due=BEFORE), CaseAct.CLOSE, REVIEWER, None, None),
        (replace(SERVED, finding=EXCUSED), CaseAct.CLOSE, REVIEWER, None, None),
        (APPEALED, CaseAct.RULE, OTHER_REVIEWER, UNFOUNDED, None),
        (APPEALED, CaseAct.RULE, OTHER_REVIEWER, TALK, None),
        (APPEALED, CaseAct.RULE, REVIEWER, UNFOUNDED, Refusal.RULES_OWN),
        (APPEALED, CaseAct.RULE, HEAD, UNFOUNDED, Refusal.RULES_OWN),
        (APPEALED, CaseAct.RULE, OTHER_REVIEWER, TWO_POINTS, Refusal.WORSE),
        (RULED, CaseAct.APPEAL, PERSON, None, Refusal.NOT_NOW),  # once only
        (RULED, CaseAct.CLOSE, REVIEWER, None, None),
        (CLOSED, CaseAct.DECIDE, REVIEWER, UNFOUNDED, Refusal.NOT_NOW),
        (OPENED, CaseAct.OPEN, REVIEWER, None, Refusal.NOT_NOW),
    ],
)  # fmt: skip
def test_what_is_refused(
    case: Case, act: CaseAct, doer: Doer, finding: Finding | None, why: Refusal | None
) -> None:
    assert refusal(case, act, doer, NOW, finding) is why


@pytest.mark.parametrize("act", sorted(set(FROM) - {CaseAct.STATE, CaseAct.APPEAL}))
def test_nobody_acts_on_their_own_case(act: CaseAct) -> None:
    """A reviewer or head who is the person concerned."""
    for state in FROM[act]:
        assert refusal(CASES[state], act, PERSON, NOW, UNFOUNDED) is Refusal.OWN_CASE


@pytest.mark.parametrize(
    ("case", "act", "state"),
    [
        (OPENED, CaseAct.JOIN, CaseState.OPENED),
        (OPENED, CaseAct.NAME, CaseState.OPENED),
        (OPENED, CaseAct.NOTIFY, CaseState.NOTIFIED),
        (NOTIFIED, CaseAct.STATE, CaseState.STATED),
        (STATED, CaseAct.DECIDE, CaseState.DECIDED),
        (replace(STATED, two_decide=True), CaseAct.DECIDE, CaseState.PROPOSED),
        (PROPOSED, CaseAct.APPROVE, CaseState.DECIDED),
        (PROPOSED, CaseAct.RETURN, CaseState.STATED),
        (replace(PROPOSED, stated=False), CaseAct.RETURN, CaseState.NOTIFIED),
        (replace(PROPOSED, stated=False, notified=False), CaseAct.RETURN, CaseState.OPENED),
        (DECIDED, CaseAct.SERVE, CaseState.SERVED),
        (SERVED, CaseAct.APPEAL, CaseState.APPEALED),
        (APPEALED, CaseAct.RULE, CaseState.RULED),
        (RULED, CaseAct.CLOSE, CaseState.CLOSED),
    ],
)
def test_where_an_act_leads(case: Case, act: CaseAct, state: CaseState) -> None:
    assert leads_to(case, act) is state


def test_every_state_but_the_last_has_a_way_out() -> None:
    for state in CaseState:
        ways = [act for act, states in FROM.items() if state in states]
        assert bool(ways) == (state is not CaseState.CLOSED)


measures = st.lists(
    st.builds(
        lambda kind, points: Measure(kind, points if kind is MeasureKind.POINTS else None),
        st.sampled_from(MeasureKind),
        st.integers(1, 10),
    ),
    unique_by=lambda measure: measure.kind,
).map(tuple)
findings = st.one_of(
    st.sampled_from([UNFOUNDED, EXCUSED]),
    measures.map(lambda several: Finding(Outcome.CONFIRMED, several)),
)


@given(findings, findings, findings)
def test_worse_is_an_order(a: Finding, b: Finding, c: Finding) -> None:
    assert not is_worse(a, a)
    if not is_worse(a, b) and not is_worse(b, c):
        assert not is_worse(a, c)
    assert not is_worse(UNFOUNDED, a)


def test_fewer_points_are_not_worse() -> None:
    one = Finding(Outcome.CONFIRMED, (Measure(MeasureKind.POINTS, 1),))
    assert not is_worse(one, TWO_POINTS)
    assert is_worse(TWO_POINTS, one)
