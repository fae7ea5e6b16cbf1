"""The pages that a supervisor does not come to, and those of single matters: axe finds nothing
serious there either."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, Page

from api.audit.record import AccessBy
from api.cases.acting import Finding, Saying, do
from api.cases.law import CaseAct, Outcome
from api.complaints.acting import Registration, refer, register
from api.complaints.gathering import Archive, gather
from api.complaints.tables import Channel
from api.console.door import Viewer
from api.exemptions.granting import Allowance, grant
from api.exemptions.tables import ExemptionKind
from api.halls.reach import EVERY_HALL
from api.site import SESSION_COOKIE
from api.users.accounts import user_named
from api.users.tables import Role
from api.users.tokens import open_session
from tests.browser.conftest import Site, Watch
from tests.browser.test_accessibility import grave_faults, opened
from tests.review_office import add_people


def viewer(site: Site, name: str) -> Viewer:
    with site.world.database.reading() as session:
        row = user_named(session, name)
    assert row is not None
    return Viewer(row.id, row.name, row.full_name, row.role, EVERY_HALL)


def enter(site: Site, page: Page, name: str) -> None:
    with site.world.database.session() as session:
        user = user_named(session, name)
        assert user is not None
        secret = open_session(session, user, datetime.now(UTC), 600)
    cookie = {"name": SESSION_COOKIE, "value": secret, "url": site.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


def a_case(site: Site, reviewer: Viewer) -> tuple[int, int]:
    """A complaint with its footage and the case that came of it, of which the person was told."""
    now, began = datetime.now(UTC), site.recorded_from + timedelta(seconds=2)
    database = site.world.database
    said = Registration(Channel.PHONE, "w4", began, began, "排到我时窗口没有人", "陈先生")
    with database.session() as session:
        complaint = register(session, "demo", said, reviewer, now)[0].id
    archive = Archive(database, site.cutters, site.world.evidence)
    version = gather(archive, complaint, reviewer, 1, now).version
    with database.session() as session:
        case = refer(session, complaint, reviewer, version, "请核实", now).case_id
        assert case is not None
        named = Saying(said="按排班应由她顶岗", number="1005")
        do(session, case, CaseAct.NAME, reviewer, 1, now, named)
        do(session, case, CaseAct.NOTIFY, reviewer, 2, now)
    return complaint, case


def test_axe_finds_nothing_serious_where_cases_are_judged(
    site: Site, chromium: Browser, watch: Watch
) -> None:
    now = datetime.now(UTC)
    lunch = Allowance(
        ExemptionKind.MEAL, None, "w4", now - timedelta(hours=1), now, "王主任", "工作到一点"
    )
    with site.world.database.session() as session:
        add_people(session, [("lin", "赵倩", Role.CLERK, "1005")], "", now)
        grant(session, "demo", lunch, AccessBy(None, "王监督"), now)
    reviewer = viewer(site, "wang")
    complaint, case = a_case(site, reviewer)
    faults: dict[str, list[str]] = {}
    context = chromium.new_context(viewport={"width": 1360, "height": 850}, locale="zh-CN")
    page = context.new_page()
    watch.follow(page)

    def visit(*paths: str) -> None:
        for path in paths:
            opened(site, page, path)
            if found := grave_faults(page):
                faults[path] = found

    page.goto(f"{site.url}/sign-in")
    faults["/sign-in"] = grave_faults(page)
    enter(site, page, "lin")
    visit("/my-matters", f"/my-matters/{case}")
    with site.world.database.session() as session:
        excused = Saying(said="当时在给老人复印材料", finding=Finding(Outcome.EXCUSED))
        do(session, case, CaseAct.DECIDE, reviewer, 3, now, excused)
    enter(site, page, "wang")
    for path in (f"/cases/{case}", f"/complaints/{complaint}"):
        visit(path)
        assert page.locator("video.seen-film").count() == 1, path
    visit("/complaints", "/exemptions", "/audit")
    context.close()
    assert {path: found for path, found in faults.items() if found} == {}
