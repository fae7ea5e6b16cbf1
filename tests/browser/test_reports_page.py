"""The report of a month in a Chromium: its figures are those of the API, and it is read by all."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page
from sqlalchemy.exc import OperationalError

from api.alerts.listing import alert_detail
from api.console.strings import Say
from api.halls.tables import WindowRow
from api.live import WindowPhase
from api.reports.tables import CounterStayRow, PhaseSpanRow, QueueCountRow
from api.roster.tables import Post, ShiftRow, StaffRow
from tests.browser.conftest import Site
from tests.browser.test_accessibility import grave_faults
from tests.browser.test_colours import marks
from tests.colour_blind import contrast
from tests.console_world import PEOPLE
from tests.test_console_languages import CHINESE, SENTENCE, foreign_in

MINUTE = timedelta(minutes=1)
SAY = Say("zh")
RULES = SAY("report_rules")
MARKUP = '<img src=x onerror="document.title=1">'


@pytest.fixture(scope="module")
def asked(site: Site) -> str:
    """The address of a report of yesterday: w1 unattended for a third of six hours, three in the
    queue and one served every 2 minutes, an alert; and a window with a hostile name."""
    now = datetime.now(UTC)
    start = (now - timedelta(days=1)).replace(hour=1, minute=0, second=0, microsecond=0)
    with site.world.database.session() as session:
        session.get_one(WindowRow, ("demo", "w2")).name = MARKUP
        for minute in range(0, 360, 2):
            at = start + minute * MINUTE
            phase = WindowPhase.EMPTY if minute % 6 == 0 else WindowPhase.ATTENDED
            until = at + 2 * MINUTE
            stood = {"w1": phase, **dict.fromkeys(("w2", "w3", "w4"), WindowPhase.ATTENDED)}
            session.add_all([
                *(
                    PhaseSpanRow(
                        hall_id="demo", window_id=window, phase=how, starts_at=at, ends_at=until
                    )
                    for window, how in stood.items()
                ),
                QueueCountRow(hall_id="demo", queue_id="q1", at=at, count=3),
                QueueCountRow(hall_id="demo", queue_id="q1", at=at + MINUTE, count=3),
                CounterStayRow(hall_id="demo", window_id="w1", starts_at=at, ends_at=at + MINUTE),
            ])  # fmt: skip
        clerk = session.query(StaffRow).filter_by(number="1001").one()
        session.add(
            ShiftRow(
                hall_id="demo", window_id="w1", post=Post.A, staff_id=clerk.id,
                starts_at=start, ends_at=start + 360 * MINUTE,
            )
        )  # fmt: skip
    alert = site.world.alert(start + 30 * MINUTE, start + 60 * MINUTE, subject="w1")
    with site.world.database.reading() as session:
        duty = alert_detail(session, alert.uid).duty
    assert duty is not None
    assert [person.name for person in duty.holders] == ["张敏"]
    day = start.date().isoformat()
    return f"first={day}&last={day}"


def test_its_figures_are_those_of_the_api(site: Site, page: Page, asked: str) -> None:
    told = page.request.get(f"{site.url}/api/v1/halls/demo/report?{asked}").json()
    page.goto(f"{site.url}/reports?{asked}")
    by_rule = page.get_by_role("region", name=RULES).first
    assert f"{told['rules'][0]['counted']}" in by_rule.locator("tbody tr").first.inner_text()
    row = page.locator(".standing-row").first
    assert "67%" in row.inner_text()
    parts = row.locator(".standing-part")
    widths = [
        float(w) for w in parts.evaluate_all("all => all.map(p => p.getBoundingClientRect().width)")
    ]
    assert widths[0] / sum(widths) == pytest.approx(2 / 3, abs=0.01)
    longest = max(cell["wait_s"] for cell in told["waits"] if cell["wait_s"] is not None)
    cells = page.locator(".heat td[title]").all_inner_texts()
    assert f"{longest / 60:.0f}" in cells


def test_a_name_is_never_markup(site: Site, page: Page, asked: str) -> None:
    page.goto(f"{site.url}/reports?{asked}")
    page.wait_for_selector(".standing-row")
    assert MARKUP in page.locator(".standing-name").all_inner_texts()
    assert page.title() != "1"


@pytest.mark.parametrize("width", [1360, 390])
def test_it_is_read_on_a_phone_and_by_a_screen_reader(
    site: Site, page: Page, asked: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 850})
    page.goto(f"{site.url}/reports?{asked}")
    page.wait_for_selector(".heat")
    assert grave_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("language", "foreign"), [("en", CHINESE), ("zh", SENTENCE)])
def test_it_is_of_one_language(
    site: Site, page: Page, asked: str, language: str, foreign: re.Pattern[str]
) -> None:
    page.goto(f"{site.url}/console/preferences?language={language}&next=/")
    page.goto(f"{site.url}/reports?{asked}")
    page.wait_for_selector(".heat")
    words = page.locator(".page").inner_text().splitlines()
    words += page.locator(".page [title]").evaluate_all("all => all.map(e => e.title)")
    page.goto(f"{site.url}/console/preferences?language=zh&next=/")
    assert len(words) > 100
    assert [text for text in words if foreign_in(text, foreign)] == []


def test_what_is_told_more_is_there_when_it_is_opened(site: Site, page: Page, asked: str) -> None:
    page.goto(f"{site.url}/reports?{asked}")
    page.wait_for_function("window.did_handshake === true")
    page.locator(".report-more summary").click()
    page.locator(".report-more .report-table").first.wait_for()
    assert page.locator(".report-more h3").first.inner_text()


def test_a_report_that_fails_says_so_and_is_added_up_again(
    site: Site, page: Page, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OperationalError("select", {}, Exception("the database is away"))

    with monkeypatch.context() as patched:
        patched.setattr("api.console.reports_page.report_of", fails)
        page.goto(f"{site.url}/reports?{asked}")
        again = page.get_by_role("button", name=SAY("report_again"))
        again.wait_for()
        assert page.locator(".report").get_attribute("aria-busy") == "false"
        assert SAY("report_failed") in page.locator(".report").inner_text()
    again.click()
    page.wait_for_selector(".standing-row")
    assert again.count() == 0


def test_it_is_printed_whole_and_without_the_console_around_it(
    site: Site, page: Page, asked: str
) -> None:
    page.goto(f"{site.url}/reports?{asked}")
    page.wait_for_selector(".heat")
    page.emulate_media(media="print")
    for around in (".top", ".side", ".report-period", ".heading-acts"):
        assert not page.locator(around).first.is_visible(), around
    for part in (".report-keys", ".standing-row", ".heat", ".report-table"):
        assert page.locator(part).first.is_visible(), part
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 less its margins
    beyond = page.locator(".report *").evaluate_all(
        "all => all.filter((e) => e.getBoundingClientRect().right > innerWidth + 1)"
        ".map((e) => `${e.tagName} ${e.className} ${e.textContent}`)"
    )
    assert beyond == []
    page.goto(f"{site.url}/console/preferences?appearance=dark&next=/")
    page.goto(f"{site.url}/reports?{asked}")
    page.wait_for_selector(".heat")
    white = (255.0, 255.0, 255.0)
    on_paper = marks(page, ".report-key-value, .standing-words span, .report-table td")
    assert on_paper
    assert min(contrast(mark.colour, white) for mark in on_paper) > 4.5
    page.emulate_media(media="screen")
    assert min(contrast(m.colour, white) for m in marks(page, ".report-key-value")) < 4.5
    page.goto(f"{site.url}/console/preferences?appearance=light&next=/")
    assert page.pdf(format="A4").startswith(b"%PDF-")


def test_it_names_nobody(site: Site, page: Page, asked: str) -> None:
    """Neither the page nor a file, though an alert, shifts and a cover name people."""
    page.goto(f"{site.url}/reports?{asked}")
    page.wait_for_selector(".heat")
    page.locator(".report-more summary").click()
    page.locator(".report-more .report-table").first.wait_for()
    told = [page.content()]
    base = f"{site.url}/api/v1/halls/demo"
    paths = ("report", "report-groups", "report/csv")
    told += [page.request.get(f"{base}/{path}?{asked}").text() for path in paths]
    for language in ("zh", "en"):
        file = page.request.get(f"{base}/report/xlsx?{asked}&language={language}").body()
        told += [str([*sheet.values]) for sheet in load_workbook(io.BytesIO(file)).worksheets]
    assert len(told) > 10
    found = [name for _, name in PEOPLE for text in told if name in text]
    assert found == []
