"""Every role at every route: who is let in, and that no route was forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute

from api.app import API, PREFIX
from api.users.permissions import PERMISSIONS, Permission, may
from api.users.tables import Role
from tests.halls import raised
from tests.office import Office, is_problem
from tests.other_hall import SECRET_WORD, local_client, open_other_hall

S, R, A, M = Role.SUPERVISOR, Role.REVIEWER, Role.ADMIN, Role.MACHINE
H, C = Role.HEAD, Role.CLERK

ALLOWED: dict[str, set[Role]] = {
    "POST /alerts": {M},
    "GET /alerts": {S, R, H},
    "GET /alerts/{uid}": {S, R, H},
    "POST /alerts/{uid}/acknowledge": {S},
    "POST /alerts/{uid}/excuse": {S},
    "POST /alerts/{uid}/mark-false": {S},
    "POST /alerts/{uid}/refer": {S, R},
    "GET /clips/{clip_id}": {S, R, H},
    "GET /stills/{still_id}": {S, R, H},
    "GET /halls": set(Role),
    "GET /halls/{hall}": set(Role),
    "PUT /halls/{hall}": {A, M},
    "GET /halls/{hall}/cameras": {S, A, M},
    "POST /halls/{hall}/cameras": {A},
    "POST /halls/{hall}/camera-probes": {A},
    "PATCH /halls/{hall}/cameras/{camera}": {A},
    "DELETE /halls/{hall}/cameras/{camera}": {A},
    "GET /halls/{hall}/staff": {S, R, H, A},
    "GET /halls/{hall}/shifts": {S, R, H, A},
    "GET /halls/{hall}/leaves": {S, R, H, A},
    "GET /halls/{hall}/windows/{window}/duty": {S, R, H, A},
    "POST /halls/{hall}/schedule/{kind}": {S, A},
    "GET /halls/{hall}/schedule/{kind}": {S, R, H, A},
    "GET /halls/{hall}/exemptions": {S, R, H},
    "POST /halls/{hall}/exemptions": {S},
    "POST /exemptions/{exemption_id}/revoke": {S},
    "GET /cases": {R, H, C},
    "POST /halls/{hall}/cases": {S, R},
    "GET /cases/{case_id}": {R, H, C},
    "GET /cases/{case_id}/clips/{clip_id}": {C},
    "GET /cases/{case_id}/stills/{still_id}": {C},
    "GET /cases/{case_id}/footage/{footage_id}": {R, H, C},
    "POST /cases/{case_id}/join": {R},
    "POST /cases/{case_id}/name": {R},
    "POST /cases/{case_id}/notify": {R},
    "POST /cases/{case_id}/statement": {R, C},
    "POST /cases/{case_id}/decide": {R},
    "POST /cases/{case_id}/approve": {H},
    "POST /cases/{case_id}/return": {H},
    "POST /cases/{case_id}/serve": {R},
    "POST /cases/{case_id}/appeal": {R, C},
    "POST /cases/{case_id}/rule": {R},
    "POST /cases/{case_id}/close": {R},
    "POST /cases/{case_id}/bundle": {R, H},
    "POST /bundles": {R, H},
    "GET /audit": {R, H, A},
    "GET /halls/{hall}/retention": {H, A},
    "PUT /halls/{hall}/retention": {H, A},
    "GET /halls/{hall}/holds": {H, A},
    "POST /halls/{hall}/holds": {H, A},
    "POST /holds/{hold_id}/lift": {H, A},
    "GET /signing-key": {S, R, H, C, A},
    "POST /halls/{hall}/measured": {M},
    "POST /halls/{hall}/tickets": {M},
    "GET /halls/{hall}/report": {S, R, H},
    "GET /halls/{hall}/report-groups": {S, R, H},
    "GET /halls/{hall}/report-terms": {S, R, H},
    "PUT /halls/{hall}/report-terms": {H, A},
    "GET /halls/{hall}/report/{form}": {S, R, H},
    "GET /complaints": {S, R, H},
    "POST /halls/{hall}/complaints": {S, R, M},
    "GET /complaints/{complaint_id}": {S, R, H},
    "GET /complaints/{complaint_id}/footage/{footage_id}": {S, R, H},
    "POST /complaints/{complaint_id}/complainant": {R, H},
    "POST /complaints/{complaint_id}/gather": {S, R},
    "POST /complaints/{complaint_id}/correct": {S, R, M},
    "POST /complaints/{complaint_id}/refer": {S, R},
    "POST /complaints/{complaint_id}/opinion": {R, H},
    "POST /complaints/{complaint_id}/answer": {R, H},
    "GET /halls/{hall}/review-terms": {R, H, C},
    "PUT /halls/{hall}/review-terms": {H},
    "GET /halls/{hall}/workdays": {S, R, H, A},
    "PUT /halls/{hall}/workdays/{day}": {S},
    "DELETE /halls/{hall}/workdays/{day}": {S},
    "GET /halls/{hall}/footage": {S, R},
    "POST /halls/{hall}/footage": {S, R},
    "GET /footage/{footage_id}/clip": {S, R},
    "POST /halls/{hall}/shifts": {S},
    "PUT /halls/{hall}/shifts/{entry}": {S},
    "DELETE /halls/{hall}/shifts/{entry}": {S},
    "GET /halls/{hall}/shift-patterns": {S, R, H, A},
    "POST /halls/{hall}/shift-patterns": {S},
    "PUT /halls/{hall}/shift-patterns/{entry}": {S},
    "DELETE /halls/{hall}/shift-patterns/{entry}": {S},
    "PUT /halls/{hall}/shift-patterns/{entry}/skips/{day}": {S},
    "POST /halls/{hall}/leaves": {S},
    "PUT /halls/{hall}/leaves/{entry}": {S},
    "DELETE /halls/{hall}/leaves/{entry}": {S},
    "GET /halls/{hall}/service-times": {S, R, H, A},
    "POST /halls/{hall}/service-times": {S},
    "PUT /halls/{hall}/service-times/{entry}": {S},
    "DELETE /halls/{hall}/service-times/{entry}": {S},
    "GET /halls/{hall}/roster-notes": {S, R, H, A},
    "POST /halls/{hall}/roster-notes": {S},
    "PUT /halls/{hall}/roster-notes/{entry}": {S},
    "DELETE /halls/{hall}/roster-notes/{entry}": {S},
    "GET /halls/{hall}/roster-changes": {S, R, H, A},
    "POST /halls/{hall}/roster-changes/{entry}/take-back": {S},
    "GET /halls/{hall}/windows/{window}/open": {S, R, H, A},
    "GET /halls/{hall}/notice-channels": {S, A},
    "POST /halls/{hall}/notice-channels": {S, A},
    "PUT /halls/{hall}/notice-channels/{channel}": {S, A},
    "DELETE /halls/{hall}/notice-channels/{channel}": {S, A},
    "POST /halls/{hall}/notice-channels/{channel}/test": {S, A},
    "GET /halls/{hall}/notice-routes": {S, A},
    "PUT /halls/{hall}/notice-routes": {S, A},
    "GET /halls/{hall}/notice-policy": {S, A},
    "PUT /halls/{hall}/notice-policy": {S, A},
    "GET /halls/{hall}/notices": {S, A},
    "POST /halls/{hall}/notices/{notice}/again": {S, A},
    "GET /schedule-templates/{kind}": {S, R, H, A},
    "GET /session": {S, R, H, C, A},
    "DELETE /session": {S, R, H, C, A},
    "PUT /session/notices-seen": {S, R, H, C, A},
    "PUT /session/password": {S, R, H, C, A},
    "GET /session/sign-ins": {S, R, H, C, A},
    "DELETE /session/others": {S, R, H, C, A},
    "GET /users": {A},
    "POST /users": {A},
    "PATCH /users/{user_id}": {A},
    "GET /tokens": {A},
    "POST /tokens": {A},
    "DELETE /tokens/{token_id}": {A},
    "GET /session/tokens": {S, R, H, C, A},
    "POST /session/tokens": {S, R, H, C, A},
    "DELETE /session/tokens/{token_id}": {S, R, H, C, A},
}
"""What an office expects, written down apart from the code's own table."""

OPEN = {"POST /session"}
"""Signing in, and (beside the API) health and the API's description."""

PLACES = {
    "{uid}": raised().uid,
    "{clip_id}": "1",
    "{still_id}": "1",
    "{hall}": "demo",
    "{window}": "w1",
    "{camera}": "cam1",
    "{kind}": "staff",
    "{user_id}": "1",
    "{token_id}": "1",
    "{exemption_id}": "1",
    "{case_id}": "1",
    "{hold_id}": "1",
    "{complaint_id}": "1",
    "{form}": "xlsx",
    "{footage_id}": "1",
    "{day}": "2026-11-28",
    "{channel}": "1",
    "{entry}": "999",
    "{notice}": "1",
}


OF_NO_HALL = {
    "{kind}", "{form}", "{window}", "{camera}", "{day}", "{channel}", "{notice}", "{entry}",
}  # fmt: skip
"""Places that say nothing by themselves: a hall stands beside them."""

BODIES: dict[str, dict[str, object]] = {
    "POST /halls/{hall}/cameras": {"address": "rtsp://127.0.0.1:1/a"},
    "POST /halls/{hall}/camera-probes": {"address": "rtsp://127.0.0.1:1/a"},
    "POST /alerts/{uid}/excuse": {"reason": "送材料"},
    "POST /exemptions/{exemption_id}/revoke": {"reason": "登记错了"},
    "POST /complaints/{complaint_id}/complainant": {"purpose": "答复"},
    "POST /complaints/{complaint_id}/gather": {"version": 1},
    "POST /complaints/{complaint_id}/correct": {
        "version": 1,
        "channel": "phone",
        "window": None,
        "about": "没人",
        "reason": "错了",
        "happened_from": "2026-11-23T04:00:00Z",
        "happened_to": "2026-11-23T04:10:00Z",
    },
    "POST /complaints/{complaint_id}/refer": {"version": 1, "text": "请核实"},
    "POST /complaints/{complaint_id}/opinion": {"version": 1, "text": "属实"},
    "POST /complaints/{complaint_id}/answer": {"version": 1, "text": "已答复"},
    "POST /cases/{case_id}/join": {"version": 1, "alert": "0" * 32},
    "POST /cases/{case_id}/name": {"version": 1, "text": "按排班", "number": None},
    "POST /cases/{case_id}/notify": {"version": 1},
    "POST /cases/{case_id}/statement": {"version": 1, "text": "去送材料"},
    "POST /cases/{case_id}/decide": {"version": 1, "text": "相符", "outcome": "confirmed"},
    "POST /cases/{case_id}/approve": {"version": 1},
    "POST /cases/{case_id}/return": {"version": 1, "text": "请再核实"},
    "POST /cases/{case_id}/serve": {"version": 1},
    "POST /cases/{case_id}/appeal": {"version": 1, "text": "不服"},
    "POST /cases/{case_id}/rule": {"version": 1, "text": "维持", "outcome": "confirmed"},
    "POST /cases/{case_id}/close": {"version": 1},
    "POST /cases/{case_id}/bundle": {"purpose": "复议机关调阅"},
    "POST /holds/{hold_id}/lift": {"reason": "结案"},
}
"""What a route needs to be sent before it looks for its thing; the others take {}."""


def routes() -> Iterator[str]:
    for router in API:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            assert route.methods is not None
            yield from (f"{method} {route.path}" for method in route.methods)


def test_every_route_is_in_the_table() -> None:
    assert set(routes()) == set(ALLOWED) | OPEN


@pytest.mark.parametrize("role", [*Role, None])
def test_who_is_let_in(office: Office, role: Role | None) -> None:
    office.send(raised())
    for name, allowed in ALLOWED.items():
        method, path = name.split()
        for place, value in PLACES.items():
            path = path.replace(place, value)
        answer = office.client(role).request(method, PREFIX + path)
        if role is None:
            assert is_problem(answer, 401, "not-signed-in"), name
        elif role in allowed:
            assert answer.status_code not in (401, 403), (name, answer.text)
        else:
            assert is_problem(answer, 403, "not-allowed"), name


@pytest.mark.parametrize("role", [*Role])
def test_what_lies_in_another_hall_is_not_found(office: Office, role: Role) -> None:
    """With a permission: as if it were not there (404). Without: refused, as at home (403)."""
    places = open_other_hall(office)
    client = local_client(office, role)
    for name, allowed in ALLOWED.items():
        method, path = name.split()
        if not any(place in path for place in places):
            continue
        for place, value in (PLACES | places).items():
            path = path.replace(place, value)
        answer = client.request(method, PREFIX + path, json=BODIES.get(name, {}))
        if role in allowed:
            assert is_problem(answer, 404, "not-found"), (name, answer.text)
        else:
            assert is_problem(answer, 403, "not-allowed"), (name, answer.text)
        assert SECRET_WORD not in answer.text, name


@pytest.mark.parametrize("role", [*Role])
def test_lists_hold_nothing_of_another_hall(office: Office, role: Role) -> None:
    office.send(raised())
    open_other_hall(office)
    client = local_client(office, role)
    lists = [n.split()[1] for n, allowed in ALLOWED.items() if role in allowed and "GET" in n]
    for path in lists:
        answer = client.get(PREFIX + path.replace("{hall}", "demo"))
        assert SECRET_WORD not in answer.text, path
        assert '"other"' not in answer.text, path


def test_every_place_in_a_path_is_known_to_these_tests(office: Office) -> None:
    """A route with a new kind of id in its path must say in `tests/other_hall.py` what stands for
    it in another hall."""
    found = {place for name in ALLOWED for place in re.findall(r"{\w+}", name)}
    assert found == set(open_other_hall(office)) | OF_NO_HALL


def test_the_table_is_complete_and_grants_nobody_by_accident() -> None:
    assert set(PERMISSIONS) == set(Permission)
    assert all(PERMISSIONS.values())
    assert not may(Role.ADMIN, Permission.EVIDENCE_VIEW)
    assert [p for p in Permission if may(Role.MACHINE, p)] == [
        Permission.HALLS_READ,
        Permission.HALLS_SYNC,
        Permission.HEALTH_READ,
        Permission.ALERTS_SEND,
        Permission.COMPLAINTS_REGISTER,
        Permission.TICKETS_SEND,
    ]
