"""Every route of the application leaves its line in the access log, or is in a list that says why
it does not: what changes something, and what shows people, their matters, footage or reports.

The pages of the console act through the same services, which write the log themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import cv2
import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from api.app import API
from api.audit.chain import verify_chain
from api.audit.tables import AccessRow
from api.console.pages import PAGES
from api.console.words import STRINGS
from api.database import Database
from api.footage.keeping import CutOut
from api.notices.tables import NoticeRow, NoticeState
from api.users.tables import Role
from tests.camera_network import FakeNetwork, setup_in
from tests.console_office import PASSWORD as CONSOLE_PASSWORD
from tests.console_office import office as console_office
from tests.console_world import hall_picture, synthetic_clip
from tests.halls import NOON, raised
from tests.office import BASE, PASSWORD, Office
from tests.review_office import ReviewOffice

HALL = "/halls/demo"
HOUR = timedelta(hours=1)

UNLOGGED: dict[str, str] = {
    "POST /alerts": "a machine's; the alert itself keeps every step, append-only",
    "POST /halls/{hall}/measured": "a machine's figures; nobody is named and sending is idempotent",
    "POST /halls/{hall}/tickets": "a machine's; what it said stays, and names nobody",
    "GET /alerts": "a list that leads on; opening one is logged",
    "GET /cases": "a list that leads on; opening one is logged",
    "GET /complaints": "a list with masked names; opening one is logged",
    "GET /halls/{hall}/footage": "a list of what was cut out, itself logged; seeing it is logged",
    "GET /halls": "names of halls",
    "GET /halls/{hall}": "names and zones, no people",
    "GET /halls/{hall}/cameras": "addresses without logins, no pictures",
    "GET /halls/{hall}/staff": "the roster hangs in the hall",
    "GET /halls/{hall}/shifts": "the roster hangs in the hall",
    "GET /halls/{hall}/leaves": "the roster hangs in the hall",
    "GET /halls/{hall}/windows/{window}/duty": "the roster hangs in the hall",
    "GET /halls/{hall}/shift-patterns": "the roster hangs in the hall",
    "GET /halls/{hall}/service-times": "hours, no people",
    "GET /halls/{hall}/roster-notes": "the roster hangs in the hall",
    "GET /halls/{hall}/roster-changes": "the roster's own history; every line is logged as well",
    "GET /halls/{hall}/windows/{window}/open": "hours, no people",
    "GET /halls/{hall}/workdays": "a calendar",
    "GET /schedule-templates/{kind}": "an empty form",
    "GET /halls/{hall}/exemptions": "a list of what was allowed, itself logged",
    "GET /halls/{hall}/review-terms": "settings",
    "GET /halls/{hall}/report-terms": "settings",
    "GET /halls/{hall}/retention": "settings",
    "GET /halls/{hall}/holds": "what is held; laying and lifting is logged",
    "GET /halls/{hall}/notice-channels": "settings without secrets",
    "GET /halls/{hall}/notice-routes": "settings",
    "GET /halls/{hall}/notice-policy": "settings",
    "GET /halls/{hall}/notices": "what was sent; texts only for those who read alerts anyway",
    "GET /signing-key": "the public key",
    "GET /users": "names and roles, for the administrator",
    "GET /tokens": "without secrets, for the administrator",
    "GET /session": "oneself",
    "PUT /session/notices-seen": "which messages one closed oneself",
    "GET /session/sign-ins": "oneself",
    "GET /session/tokens": "oneself",
}
"""API routes that leave no line, each with the reason."""

UNLOGGED_PAGES: dict[str, str] = {
    "/alerts": "a list that leads on",
    "/cases": "a list that leads on",
    "/complaints": "a list that leads on",
    "/my-matters": "a list that leads on",
    "/exemptions": "a list of what was allowed",
    "/roster": "the roster hangs in the hall",
    "/roster/week": "the roster hangs in the hall",
    "/roster/hours": "the roster hangs in the hall",
    "/roster/away": "the roster hangs in the hall",
    "/roster/notes": "the roster hangs in the hall",
    "/roster/changes": "the roster's own history",
    "/cameras": "addresses without logins, no pictures",
    "/zones": "its picture is logged (/console/pictures)",
    "/notices": "settings",
    "/recordings": "a list; seeing and cutting out is logged",
    "/accounts": "names and roles, for the administrator",
    "/account": "oneself",
    "/privacy": "settings and a public text",
    "/health": "counters",
    "/": "its pictures are logged (/console/live-feed: tests/test_live_feed.py)",
}
"""Pages of the console that leave no line, each with the reason."""


def api_routes() -> set[str]:
    return {
        f"{method} {route.path}"
        for router in API
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }


@dataclass
class Walk:
    """Asks one route after the other and looks for the line that it leaves."""

    office: Office
    walked: set[str] = field(default_factory=set)

    def rows(self) -> int:
        with self.office.database.reading() as session:
            return session.scalar(select(func.count(AccessRow.seq))) or 0

    def __call__(self, route: str, client: TestClient, path: str, **more: Any) -> Any:
        before = self.rows()
        answer = client.request(route.split()[0], BASE + path, **more)
        assert 200 <= answer.status_code < 300, (route, answer.status_code, answer.text[:300])
        assert self.rows() > before, f"{route} leaves no line in the access log"
        self.walked.add(route)
        return answer


@pytest.fixture
def walk(migrated_sqlite: Path, tmp_path: Path) -> Walk:
    """One database is enough: what is asked is whether a line is there."""
    file = tmp_path / "hall.db"
    file.write_bytes(migrated_sqlite.read_bytes())
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    database = Database(f"sqlite:///{file}")
    office = Office(database, evidence, cameras=setup_in(tmp_path, FakeNetwork()))
    office.cutters["demo"] = _cut
    return Walk(office)


def _cut(_camera: str, begins: Any, ends: Any, path: Path) -> CutOut:
    path.write_bytes(synthetic_clip(1))
    return CutOut(path, "e" * 64, begins, ends, "")


def test_every_route_is_walked_or_explained(walk: Walk) -> None:
    review = ReviewOffice(walk.office)
    _alerts_and_evidence(walk)
    _exemptions(walk)
    _cases(walk, review)
    _complaints(walk, review)
    _footage_and_reports(walk)
    _retention(walk)
    _roster(walk)
    _messages(walk)
    _hall_and_cameras(walk)
    _accounts(walk)
    assert not walk.walked & set(UNLOGGED)
    assert api_routes() - walk.walked - set(UNLOGGED) == set()
    assert set(UNLOGGED) - api_routes() == set()
    with walk.office.database.reading() as session:
        assert verify_chain(session).findings == ()
        things = {name.partition("/")[0] for name in session.scalars(select(AccessRow.object))}
    things |= {"names", "marked"}  # the daily sweep; `hallwatch models export-marked`
    assert things == {key.partition(".")[2] for key in STRINGS if key.startswith("audit_thing.")}


def _alerts_and_evidence(walk: Walk) -> None:
    office = walk.office
    supervisor, reviewer = office.client(Role.SUPERVISOR), office.client(Role.REVIEWER)
    uids = [raised(n).uid for n in range(10, 14)]
    for n in range(10, 14):
        office.send(raised(n))
    walk("GET /alerts/{uid}", supervisor, f"/alerts/{uids[0]}")
    for act, uid in zip(("acknowledge", "excuse", "mark-false", "refer"), uids, strict=True):
        walk(
            f"POST /alerts/{{uid}}/{act}",
            supervisor,
            f"/alerts/{uid}/{act}",
            json={"reason": "属实"},
        )
    clip = office.put_clip(uids[0], synthetic_clip(1), "walk.mp4")
    still = office.put_still(uids[0], _still(), "walk.jpg")
    walk("GET /clips/{clip_id}", reviewer, f"/clips/{clip}")
    walk("GET /clips/{clip_id}", reviewer, f"/clips/{clip}?original=true&reason=核对物品")
    walk("GET /stills/{still_id}", reviewer, f"/stills/{still}")
    body = {"alerts": [uids[0]], "purpose": "复议机关调阅"}
    walk("POST /bundles", reviewer, "/bundles", json=body)
    walk("GET /audit", reviewer, "/audit")


def _still() -> bytes:
    return cv2.imencode(".jpg", hall_picture(3))[1].tobytes()


def _exemptions(walk: Walk) -> None:
    supervisor = walk.office.client(Role.SUPERVISOR)
    body = {"kind": "meal", "window": "w1", "allowed_by": "王主任", **_span(NOON, HOUR)}
    given = walk("POST /halls/{hall}/exemptions", supervisor, f"{HALL}/exemptions", json=body)
    path = f"/exemptions/{given.json()['id']}/revoke"
    walk("POST /exemptions/{exemption_id}/revoke", supervisor, path, json={"reason": "登记错了"})


def _span(start: Any, lasts: timedelta) -> dict[str, str]:
    return {"starts_at": start.isoformat(), "ends_at": (start + lasts).isoformat()}


def _cases(walk: Walk, review: ReviewOffice) -> None:
    office = walk.office
    terms = {"two_decide": True, "statement_days": 3, "decision_days": 15, "appeal_days": 10}
    route = "PUT /halls/{hall}/review-terms"
    walk(route, review.as_("zhou"), f"{HALL}/review-terms", json=terms)
    for n in (1, 2):
        office.send(raised(n))
    body = {"alerts": [raised(1).uid], "reason": "请核实"}
    opened = walk("POST /halls/{hall}/cases", review.as_("wang"), f"{HALL}/cases", json=body)
    case = opened.json()["id"]
    finding = {"text": "属实", "outcome": "confirmed"}
    for act, by, said in (
        ("join", "sun", {"alert": raised(2).uid}),
        ("name", "sun", {"number": "1001", "text": "按排班"}),
        ("notify", "sun", {}),
        ("statement", "zhang", {"text": "我去复印材料"}),
        ("decide", "sun", finding),
        ("return", "zhou", {"text": "请再核实"}),
        ("decide", "sun", finding),
        ("approve", "zhou", {}),
        ("serve", "sun", {}),
        ("appeal", "zhang", {"text": "不服"}),
        ("rule", "qian", finding),
        ("close", "qian", {}),
    ):
        seen = walk("GET /cases/{case_id}", review.as_("sun"), f"/cases/{case}").json()
        path = f"/cases/{case}/{act}"
        said = said | {"version": seen["version"]}
        walk(f"POST /cases/{{case_id}}/{act}", review.as_(by), path, json=said)
        if act == "statement":
            _own_evidence(walk, review, case)
    path = f"/cases/{case}/bundle"
    walk("POST /cases/{case_id}/bundle", review.as_("sun"), path, json={"purpose": "归档"})


def _own_evidence(walk: Walk, review: ReviewOffice, case: int) -> None:
    clip = walk.office.put_clip(raised(1).uid, synthetic_clip(1), "own.mp4")
    still = walk.office.put_still(raised(1).uid, _still(), "own.jpg")
    zhang, at = review.as_("zhang"), f"/cases/{case}"
    walk("GET /cases/{case_id}/clips/{clip_id}", zhang, f"{at}/clips/{clip}")
    walk("GET /cases/{case_id}/stills/{still_id}", zhang, f"{at}/stills/{still}")


def _complaints(walk: Walk, review: ReviewOffice) -> None:
    sun = review.as_("sun")
    span = {"happened_from": NOON.isoformat(), "happened_to": (NOON + HOUR / 6).isoformat()}
    body = {"channel": "phone", "window": "w1", "about": "没人", "complainant": "孙女士"} | span
    route = "POST /halls/{hall}/complaints"
    ids = [walk(route, sun, f"{HALL}/complaints", json=body).json()["id"] for _ in range(2)]
    at = f"/complaints/{ids[0]}"
    walk("GET /complaints/{complaint_id}", sun, at)
    path = f"{at}/complainant"
    walk("POST /complaints/{complaint_id}/complainant", sun, path, json={"purpose": "电话答复"})
    corrected = {"channel": "phone", "window": "w1", "about": "窗口没人", "reason": "听错了"} | span
    for act, said in (
        ("correct", corrected),
        ("gather", {}),
        ("refer", {"text": "请核实"}),
        ("opinion", {"text": "属实"}),
        ("answer", {"text": "已答复"}),
    ):
        version = sun.get(BASE + at).json()["version"]
        said = said | {"version": version}
        seen = walk(f"POST /complaints/{{complaint_id}}/{act}", sun, f"{at}/{act}", json=said)
    case, footage = seen.json()["case_id"], seen.json()["footage"][0]
    route = "GET /complaints/{complaint_id}/footage/{footage_id}"
    walk(route, sun, f"{at}/footage/{footage}")
    route = "GET /cases/{case_id}/footage/{footage_id}"
    walk(route, review.as_("zhou"), f"/cases/{case}/footage/{footage}")


def _footage_and_reports(walk: Walk) -> None:
    reviewer, head = walk.office.client(Role.REVIEWER), walk.office.client(Role.HEAD)
    body = {"camera": "cam1", "purpose": "投诉核实",
            "begins": NOON.isoformat(), "ends": (NOON + HOUR / 60).isoformat()}  # fmt: skip
    cut = walk("POST /halls/{hall}/footage", reviewer, f"{HALL}/footage", json=body).json()
    walk("GET /footage/{footage_id}/clip", reviewer, f"/footage/{cut['id']}/clip")
    days = "first=2026-11-01&last=2026-11-23"
    walk("GET /halls/{hall}/report", head, f"{HALL}/report?{days}")
    walk("GET /halls/{hall}/report/{form}", head, f"{HALL}/report/csv?{days}")
    groups = walk.office.client(Role.SUPERVISOR)
    walk("GET /halls/{hall}/report-groups", groups, f"{HALL}/report-groups?{days}")
    walk("PUT /halls/{hall}/report-terms", head, f"{HALL}/report-terms", json={"min_group": 6})


def _retention(walk: Walk) -> None:
    head = walk.office.client(Role.HEAD)
    terms = head.get(f"{BASE}{HALL}/retention").json()
    body = {"kind": terms[0]["kind"], "days": terms[0]["days"] + 30}
    walk("PUT /halls/{hall}/retention", head, f"{HALL}/retention", json=body)
    body = {"object": f"alert/{raised(10).uid}", "reason": "诉讼"}
    hold = walk("POST /halls/{hall}/holds", head, f"{HALL}/holds", json=body).json()["id"]
    walk("POST /holds/{hold_id}/lift", head, f"/holds/{hold}/lift", json={"reason": "结案"})


def _roster(walk: Walk) -> None:
    supervisor = walk.office.client(Role.SUPERVISOR)
    weekly = {"weekdays": [0, 1], "start_min": 540, "end_min": 720, "first": "2026-11-30"}
    later = NOON + timedelta(days=7)
    moved = _span(later + HOUR, 2 * HOUR)
    things: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "shifts": ({"window": "w2", "post": "A", "number": "1002"} | _span(later, HOUR), moved),
        "shift-patterns": (
            {"window": "w2", "post": "B", "number": "1001"} | weekly, {"start_min": 550},
        ),
        "leaves": ({"number": "1002"} | _span(later + 3 * HOUR, HOUR), {"note": "年假"}),
        "service-times": ({"kind": "open"} | weekly, {"start_min": 550}),
        "roster-notes": (
            {"kind": "visitor", "note": "参观"} | _span(later, HOUR), {"note": "客人"},
        ),
    }  # fmt: skip
    for name, (body, more) in things.items():
        at = f"{HALL}/{name}"
        entry = walk(f"POST /halls/{{hall}}/{name}", supervisor, at, json=body).json()["id"]
        route = f"/halls/{{hall}}/{name}/{{entry}}"
        changed = walk(f"PUT {route}", supervisor, f"{at}/{entry}", json=body | more)
        entry = changed.json()["id"] if changed.content else entry
        if name == "shift-patterns":
            skip = f"{at}/{entry}/skips/2026-12-01"
            walk(f"PUT {route}/skips/{{day}}", supervisor, skip)
        walk(f"DELETE {route}", supervisor, f"{at}/{entry}")
    change = supervisor.get(f"{BASE}{HALL}/roster-changes").json()[0]["id"]
    route = "POST /halls/{hall}/roster-changes/{entry}/take-back"
    walk(route, supervisor, f"{HALL}/roster-changes/{change}/take-back")
    file = {"file": ("people.csv", "工号,姓名\n1009,新来的\n".encode(), "text/csv")}
    route = "/halls/{hall}/schedule/{kind}"
    walk(f"POST {route}", supervisor, f"{HALL}/schedule/staff", files=file)
    span = {"from": "2026-11-23T00:00:00+08:00", "to": "2026-11-30T00:00:00+08:00", "form": "csv"}
    walk(f"GET {route}", supervisor, f"{HALL}/schedule/shifts", params=span)
    day = f"{HALL}/workdays/2026-11-28"
    walk("PUT /halls/{hall}/workdays/{day}", supervisor, day, json={"works": True})
    walk("DELETE /halls/{hall}/workdays/{day}", supervisor, day)


def _messages(walk: Walk) -> None:
    supervisor, at = walk.office.client(Role.SUPERVISOR), f"{HALL}/notice-channels"
    body = {"kind": "wecom", "name": "群", "secret": {"url": "https://qyapi.weixin.qq.com/x?key=k"}}
    made = walk("POST /halls/{hall}/notice-channels", supervisor, at, json=body).json()["id"]
    route = "/halls/{hall}/notice-channels/{channel}"
    walk(f"PUT {route}", supervisor, f"{at}/{made}", json=body | {"name": "值班群"})
    notice = walk(f"POST {route}/test", supervisor, f"{at}/{made}/test").json()["notice"]
    with walk.office.database.session() as session:
        session.get_one(NoticeRow, notice).state = NoticeState.FAILED
    path = f"{HALL}/notices/{notice}/again"
    walk("POST /halls/{hall}/notices/{notice}/again", supervisor, path)
    path = f"{HALL}/notice-routes"
    walk("PUT /halls/{hall}/notice-routes", supervisor, path, json=[{"role": "head"}])
    path = f"{HALL}/notice-policy"
    walk("PUT /halls/{hall}/notice-policy", supervisor, path, json={"storm_count": 7})
    walk(f"DELETE {route}", supervisor, f"{at}/{made}")


def _hall_and_cameras(walk: Walk) -> None:
    admin = walk.office.client(Role.ADMIN)
    hall = admin.get(BASE + HALL).json()
    walk("PUT /halls/{hall}", admin, HALL, json=hall)
    address = {"address": "rtsp://10.0.0.9/main"}
    walk("POST /halls/{hall}/camera-probes", admin, f"{HALL}/camera-probes", json=address)
    at = f"{HALL}/cameras"
    made = walk("POST /halls/{hall}/cameras", admin, at, json=address).json()["id"]
    route = "/halls/{hall}/cameras/{camera}"
    walk(f"PATCH {route}", admin, f"{at}/{made}", json={"name": "二号机"})
    walk(f"DELETE {route}", admin, f"{at}/{made}")


def _accounts(walk: Walk) -> None:
    office = walk.office
    admin, person = office.client(Role.ADMIN), office.client()
    new = {"name": "lin", "full_name": "林主任", "role": "head", "password": "long enough"}
    user = walk("POST /users", admin, "/users", json=new).json()["id"]
    walk("PATCH /users/{user_id}", admin, f"/users/{user}", json={"role": "reviewer"})
    token = walk("POST /tokens", admin, "/tokens", json={"label": "二楼"}).json()["id"]
    walk("DELETE /tokens/{token_id}", admin, f"/tokens/{token}")
    walk("POST /session", person, "/session", json={"name": "head", "password": PASSWORD})
    until = (office.clock.now + HOUR).isoformat()
    body = {"label": "月报", "scopes": ["alerts.read"], "expires_at": until}
    own = walk("POST /session/tokens", person, "/session/tokens", json=body).json()["id"]
    walk("DELETE /session/tokens/{token_id}", person, f"/session/tokens/{own}")
    walk("DELETE /session/others", person, "/session/others")
    change = {"present": PASSWORD, "new": "another password"}
    walk("PUT /session/password", person, "/session/password", json=change)
    walk("DELETE /session", person, "/session")


def test_every_page_is_walked_or_explained(tmp_path: Path, migrated_sqlite: Path) -> None:
    file = tmp_path / "hall.db"
    file.write_bytes(migrated_sqlite.read_bytes())
    client, world = console_office(file, tmp_path)
    shown = _addresses(world)
    for path, address in shown.items():
        role = Role.SUPERVISOR if "alerts" in path else Role.REVIEWER
        client.post("/sign-in", data={"name": role.value, "password": CONSOLE_PASSWORD})
        before = _rows(world.database)
        assert client.get(address).status_code == 200, path
        assert _rows(world.database) > before, f"{path} leaves no line in the access log"
    pages = {entry.path for entry in PAGES}
    by_case = {"/cases/{case_id}", "/my-matters/{case_id}", "/complaints/{complaint_id}"}
    assert pages - set(shown) - set(UNLOGGED_PAGES) - by_case == set()


def _addresses(world: Any) -> dict[str, str]:
    """The pages and pictures that show people's matters, with an address each."""
    alert = world.alert(NOON, NOON)
    return {
        "/alerts/{uid}": f"/alerts/{alert.uid}",
        "/reports": "/reports",
        "/audit": "/audit",
        "/console/pictures/{camera_id}.jpg": "/console/pictures/cam1.jpg",
    }


def _rows(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count(AccessRow.seq))) or 0
