"""How long each page of the console takes, in a hall that has been watched for a year.

    python -m benchmarks.pages

A SQLite is filled for 20 windows: 100 000 alerts, a month of shifts on the roster, ten weeks of
phases and counts, 300 complaints, 300 cases, 20 000 rows of the access log. Then a Chromium opens
every page of the console as each role that may see it. Printed are the milliseconds from the
request until the page answers clicks, until all of it is there (figures that are added up beside
the page too), and until the browser had the whole HTML. Needs a Chromium.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import func, select

from api.alerts.tables import AlertRow, State
from api.audit.chain import NOTHING_BEFORE, seal
from api.audit.tables import Access, AccessRow
from api.cases.acting import do
from api.cases.law import CaseAct
from api.cases.opening import open_case
from api.complaints.acting import Registration, register
from api.complaints.tables import Channel
from api.console.door import Viewer
from api.console.entry import Entry
from api.console.pages import PAGES
from api.database import Database
from api.halls.reach import EVERY_HALL
from api.live import LiveBoard
from api.migrations import upgrade
from api.reports.groups import keep_months
from api.reports.keeping import keep_days
from api.roster.tables import Post, ShiftRow, StaffRow
from api.site import SESSION_COOKIE
from api.users.accounts import add_user
from api.users.permissions import may
from api.users.tables import Role
from api.users.tokens import open_session
from benchmarks.reports import WINDOWS, copy_older, filled
from cli.allocation import settle
from cli.archive import cutter_of
from tests.browser.conftest import CALM, FLAGS, BoardClock, serving
from tests.camera_network import FakeNetwork, setup_in
from tests.console_world import World, hall_picture
from tests.recorded_camera import record_camera
from tests.rehearsals import KnownStage, hall_file_in

ZONE = ZoneInfo("Asia/Shanghai")
ALERTS_A_DAY = 14
"""Of each window: 102 200 a year."""
MEASURED_DAYS = 70
SHIFT_DAYS = 31
COMPLAINTS = CASES = 300
LOOKS_LOGGED = 20_000
SESSION_S = 7200
PROMISED_MS = 1000
ANSWERS = "window.did_handshake === true"
"""From then on somebody hears a click."""
ALL_THERE = f"{ANSWERS} && !document.querySelector('[aria-busy=true]')"


def main(
    looks: Annotated[int, typer.Option(help="How often each page is opened.")] = 5,
    days: Annotated[int, typer.Option(help="So many days of phases and counts.")] = MEASURED_DAYS,
) -> None:
    """Fill a database with a year, and open every page as everybody who may."""
    browser_file = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser_file is None:
        raise typer.BadParameter("needs a Chromium (Debian: apt install chromium fonts-noto-cjk)")
    with tempfile.TemporaryDirectory(prefix="hw-pages-") as place:
        folder, now = Path(place), datetime.now(ZONE)
        database = Database(f"sqlite:///{folder / 'hall.db'}")
        upgrade(database)
        world = World(database, LiveBoard(BoardClock(), "demo"), folder / "evidence")
        world.furnish(now)
        names = lived_in(world, now, days)
        secrets = sessions(database, now)
        world.show(now, CALM, hall_picture(0))
        cutters = {"demo": cutter_of(record_camera(folder, now - timedelta(minutes=10)))}
        cameras = setup_in(folder, FakeNetwork())
        hall_file = hall_file_in(folder / "zones")
        settle()  # as the product does before it serves
        with (
            serving(world, world.evidence, cutters, cameras, hall_file, KnownStage()) as url,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=browser_file, args=list(FLAGS))
            print("| page | role | answers clicks: median | all there: median | slowest | HTML |")
            print("|---|---|---|---|---|---|")
            slow = 0
            for role, secret in secrets.items():
                context = browser.new_context(viewport={"width": 1360, "height": 850})
                context.add_cookies([{"name": SESSION_COOKIE, "value": secret, "url": url}])
                page = context.new_page()
                opened(page, url)  # the browser keeps styles and scripts from here on
                for entry in PAGES:
                    if may(role, entry.needs):
                        spent = [opened(page, url + path_of(entry, names)) for _ in range(looks)]
                        answers, whole, html = zip(*spent, strict=True)
                        median = statistics.median(whole)
                        slow += median > PROMISED_MS
                        print(
                            f"| {entry.path} | {role} | {statistics.median(answers):.0f} | "
                            f"{median:.0f} | {max(whole):.0f} | {statistics.median(html):.0f} |",
                            flush=True,
                        )
                context.close()
            browser.close()
        database.close()
    print(f"\n{slow} slower than {PROMISED_MS} ms; {platform.machine()}, {os.cpu_count()} cores")


def path_of(entry: Entry, names: dict[str, str]) -> str:
    path = entry.path
    for name, value in names.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def opened(page: Page, address: str) -> tuple[float, float, float]:
    """Milliseconds until the page answers clicks, until all of it and until its HTML was there."""
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_function(ANSWERS)
    answers_ms = 1000 * (time.perf_counter() - began)
    page.wait_for_function(ALL_THERE)
    whole_ms = 1000 * (time.perf_counter() - began)
    html_ms = page.evaluate("performance.getEntriesByType('navigation')[0].responseEnd")
    return answers_ms, whole_ms, float(html_ms)


def lived_in(world: World, now: datetime, days: int) -> dict[str, str]:
    """Fill the hall; the names that stand in the paths of pages."""
    database, last = world.database, (now - timedelta(days=1)).date()
    filled(database, days, last, ALERTS_A_DAY)
    keep_days(database, "demo", now)
    keep_months(database, "demo", now)
    copy_older(database, days, last)
    alert = world.alert(now - timedelta(hours=1), now)
    world.attach_evidence(alert)
    with database.session() as session:
        clerks = list(session.scalars(select(StaffRow).order_by(StaffRow.number)))
        session.add_all(shifts(clerks, now))
        row = add_user(session, "wang", "王监督", Role.REVIEWER, "-", now)
        reviewer = Viewer(row.id, row.name, row.full_name, row.role, EVERY_HALL)
        uids = select(AlertRow.uid).where(AlertRow.state == State.ACKNOWLEDGED).limit(CASES)
        cases = []
        for n, uid in enumerate(session.scalars(uids).all()):
            clerk = clerks[n % len(clerks)]
            case = open_case(session, "demo", [uid], reviewer, now, "请核实", person=clerk)
            do(session, case.id, CaseAct.NOTIFY, reviewer, case.version, now)
            cases.append(case.id)
        complaints = [
            register(session, "demo", complaint(n, now), reviewer, now)[0].id
            for n in range(COMPLAINTS)
        ]
        session.add_all(log(session.scalar(select(func.max(AccessRow.seq))) or 0, now))
    return {"uid": alert.uid, "case_id": str(cases[0]), "complaint_id": str(complaints[-1])}


def shifts(clerks: list[StaffRow], now: datetime) -> Iterator[ShiftRow]:
    """Both posts of every window, from half a month ago until half a month ahead."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for day in range(-(SHIFT_DAYS // 2), SHIFT_DAYS - SHIFT_DAYS // 2):
        for n in range(WINDOWS):
            for later, post in enumerate(Post):
                yield ShiftRow(
                    hall_id="demo",
                    window_id=f"w{n + 1}",
                    post=post,
                    staff_id=clerks[(n + later) % len(clerks)].id,
                    starts_at=midnight + timedelta(days=day, hours=1),
                    ends_at=midnight + timedelta(days=day, hours=9),
                )


def complaint(n: int, now: datetime) -> Registration:
    began = now - timedelta(hours=1 + n)
    return Registration(
        channel=Channel.HOTLINE,
        window=f"w{1 + n % WINDOWS}",
        happened_from=began,
        happened_to=began + timedelta(minutes=30),
        about="等了很久没有人，问了也不理。",
        complainant="某群众",
        contact="138 0000 0000",
    )


def log(newest: int, now: datetime) -> Iterator[AccessRow]:
    """Looks at alerts, sealed one to the other as if nothing had come before."""
    before = NOTHING_BEFORE
    for n in range(LOOKS_LOGGED):
        row = AccessRow(
            seq=newest + 1 + n,
            at=now - timedelta(seconds=LOOKS_LOGGED - n),
            user_id=None,
            who="王监督",
            what=Access.VIEW_ALERT,
            object=f"alert/{n:064d}",
            hall_id="demo",
            purpose="",
            address="10.0.0.9",
            details={},
            previous_sha=before,
        )
        before = row.sha = seal(row)
        yield row


def sessions(database: Database, now: datetime) -> dict[Role, str]:
    """Somebody of each role, signed in; the clerk is the first on the roster."""
    with database.session() as session:
        clerk = session.scalars(select(StaffRow.id).order_by(StaffRow.number)).first()
        return {
            role: open_session(
                session,
                add_user(
                    session, role.value, role.value, role, "-", now,
                    staff_id=clerk if role is Role.CLERK else None,
                ),
                now,
                SESSION_S,
            )
            for role in Role
            if role is not Role.MACHINE
        }  # fmt: skip


if __name__ == "__main__":
    typer.run(main)
