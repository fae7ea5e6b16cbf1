"""Colours of states, as people see them who lack a kind of cone, measured on the console's pages.

Two that stand side by side differ by `FAR` (CIEDE2000) in every vision of `tests/colour_blind.py`,
or by a sign: a drawing, a word, a letter, a pattern. Words are read against their ground in every
vision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from playwright.sync_api import Page

from api.live import WindowPhase
from api.reports.tables import PhaseSpanRow, QueueCountRow
from api.roster.tables import Post, ServiceTimeRow, ShiftRow, StaffRow, TimeKind
from tests.browser.conftest import HALL_ZONE, Site
from tests.browser.test_accessibility import opened
from tests.colour_blind import VISIONS, Colour, apart, contrast
from tests.console_world import hall_picture
from vision.records import Severity

FAR = 10.0
"""Colours of large areas differ at a glance; 1 is what is just seen side by side."""
READ = 4.5
"""WCAG 2.2, AA, of words."""
MEASURE = """
({ selector, property }) => {
  const drawing = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (css) => {
    drawing.clearRect(0, 0, 1, 1);
    drawing.fillStyle = css;
    drawing.fillRect(0, 0, 1, 1);
    return [...drawing.getImageData(0, 0, 1, 1).data];
  };
  const over = (top, below) => below.map((b, i) => (top[i] * top[3] + b * (255 - top[3])) / 255);
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement)
      layers.push(rgba(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
  };
  return [...document.querySelectorAll(selector)].map((element) => {
    const style = getComputedStyle(element);
    const below = property === "background-color" ? ground(element.parentElement) : ground(element);
    return {
      name: element.className.baseVal ?? element.className,
      colour: over(rgba(style.getPropertyValue(property)), below),
      ground: below,
      sign: [
        element.textContent.replace(/[0-9:.\\s]+/g, " ").trim(),
        ...[...element.querySelectorAll("use")].map((use) => use.getAttribute("href")),
        property === "stroke" ? style.strokeDasharray : "",
        style.backgroundImage === "none" ? "" : style.backgroundImage.split("(")[0],
        style.borderStyle,
      ].join("|"),
    };
  });
}
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """What shows a state. sign: what tells it besides its colour, "" or bars alone if nothing."""

    name: str
    colour: Colour
    ground: Colour
    sign: str


def marks(page: Page, selector: str, prop: str = "color") -> list[Mark]:
    """One for each look that things of this selector have on the page."""
    found = page.evaluate(MEASURE, {"selector": selector, "property": prop})
    different = {Mark(m["name"], tuple(m["colour"]), tuple(m["ground"]), m["sign"]) for m in found}
    return sorted(different, key=lambda mark: mark.name)


def confusable(found: list[Mark]) -> list[str]:
    """Pairs that differ in colour alone, and not enough for everybody."""
    wrong = []
    for one, other in combinations(found, 2):
        if one.sign != other.sign or one.colour == other.colour:
            continue
        for vision in VISIONS:
            distance = apart(one.colour, other.colour, vision)
            if distance < FAR:
                wrong.append(f"{one.name} / {other.name}, {vision}: {distance:.1f}")
    return wrong


def alike(found: list[Mark]) -> list[str]:
    """Pairs of colours that are too near, whatever else tells the two apart."""
    return confusable([Mark(m.name, m.colour, m.ground, "") for m in found])


def unreadable(found: list[Mark]) -> list[str]:
    return [
        f"{mark.name}, {vision}: {ratio:.1f}"
        for mark in found
        for vision in VISIONS
        if (ratio := contrast(mark.colour, mark.ground, vision)) < READ
    ]


@pytest.fixture(params=["light", "dark"])
def coloured(request: pytest.FixtureRequest, site: Site, page: Page) -> Iterator[Page]:
    page.goto(f"{site.url}/console/preferences?language=zh&appearance={request.param}")
    yield page
    page.goto(f"{site.url}/console/preferences?language=zh&appearance=light")


def show(site: Site, *phases: WindowPhase) -> None:
    windows = dict(zip(("w1", "w2", "w3", "w4"), phases, strict=True))
    site.world.show(datetime.now(UTC), windows, hall_picture(0))


def test_windows_on_the_wall(site: Site, coloured: Page) -> None:
    seats, chips, zones = set[Mark](), set[Mark](), set[Mark]()
    unknown, attended, paused, empty, alerted, closed = WindowPhase
    for phases in ((attended, paused, empty, alerted), (unknown, closed, empty, alerted)):
        show(site, *phases)
        opened(site, coloured, "/")
        for phase in phases:
            coloured.wait_for_selector(f'.seat[data-phase="{phase}"]')
        seats |= set(marks(coloured, ".seat[data-phase] .seat-words"))
        seats |= set(marks(coloured, ".seat[data-phase] .seat-lasted"))
        chips |= set(marks(coloured, ".chip:not(.chip-queue)"))
        zones |= set(marks(coloured, ".zone-staff", "stroke"))
    site.show()
    words = [m for m in seats if "seat-words" in m.name]
    assert len({m.sign for m in words}) == len(WindowPhase)
    assert alike(words) == []
    assert unreadable(list(seats)) == []
    assert len({m.sign for m in chips}) == len({m.name for m in chips}) == len(WindowPhase)
    assert len(zones) == len(WindowPhase)
    assert confusable(list(zones)) == []


def test_severities_and_states_of_alerts(site: Site, coloured: Page) -> None:
    now = datetime.now(UTC)
    for n, severity in enumerate(Severity):
        site.world.alert(
            now - timedelta(hours=3, minutes=n), now, subject=f"w{n + 1}", severity=severity
        )
    opened(site, coloured, "/alerts?state=")
    coloured.wait_for_selector(".alert-severity")
    drawn = marks(coloured, ".alert-severity")
    assert len({m.sign for m in drawn}) == len(Severity)
    assert alike(drawn) == []
    assert unreadable(drawn) == []
    states = marks(coloured, ".alert-state")
    assert states
    assert unreadable(states) == []
    assert confusable(states) == []


def test_the_timeline_of_a_clip(site: Site, coloured: Page) -> None:
    now = datetime.now(UTC)
    alert = site.world.alert(now - timedelta(minutes=33), now, subject="w2")
    site.world.attach_evidence(alert)
    opened(site, coloured, f"/alerts/{alert.uid}")
    coloured.wait_for_selector(".timeline-conduct")
    bar = marks(
        coloured, ".timeline-track, .timeline-conduct, .timeline-preroll", "background-color"
    )
    assert len(bar) == 3
    assert confusable(bar) == []
    over = marks(coloured, ".player-overlay polygon", "stroke")
    assert len(over) == 2
    assert confusable(over) == []


@pytest.fixture(scope="module")
def reported(site: Site) -> str:
    """The address of a report in whose hours every standing of a window occurs."""
    day = (datetime.now(HALL_ZONE) - timedelta(days=3)).replace(
        hour=9, minute=0, second=0, microsecond=0
    )
    hour = timedelta(hours=1)
    stood = (WindowPhase.ATTENDED, WindowPhase.PAUSED, WindowPhase.EMPTY, WindowPhase.UNKNOWN)
    with site.world.database.session() as session:
        session.add(
            ServiceTimeRow(
                hall_id="demo", kind=TimeKind.OPEN, weekdays=1 << day.weekday(), every=1,
                start_min=540, end_min=900, first=day.date(), last=day.date(), by_calendar=False,
            )
        )  # fmt: skip
        for n, phase in enumerate(stood):
            session.add(
                PhaseSpanRow(
                    hall_id="demo", window_id="w1", phase=phase,
                    starts_at=day + n * hour, ends_at=day + (n + 1) * hour,
                )
            )  # fmt: skip
        for n in range(5):
            session.add(
                QueueCountRow(hall_id="demo", queue_id="q1", at=day + n * hour, count=2 * n)
            )
    return f"/reports?first={day:%Y-%m-%d}&last={day:%Y-%m-%d}"


def test_bars_and_heat_of_a_report(site: Site, coloured: Page, reported: str) -> None:
    opened(site, coloured, reported)
    coloured.wait_for_selector(".standing-part")
    parts = marks(coloured, ".standing-part", "background-color")
    assert {m.name.split("-")[-1] for m in parts} == {
        "attended", "paused", "unattended", "unknown", "not_looked",
    }  # fmt: skip
    assert confusable(parts) == []
    cells = coloured.locator(".heat td[title]")
    assert cells.count() == 5
    words = marks(coloured, ".heat td[title]")
    assert all(any(c.isdigit() for c in text) for text in cells.all_inner_texts())
    assert unreadable(words) == []
    least, most = (w.ground for w in (min(words, key=_depth), max(words, key=_depth)))
    assert min(apart(least, most, vision) for vision in VISIONS) >= FAR


def _depth(mark: Mark) -> float:
    return abs(contrast(mark.ground, (0.0, 0.0, 0.0)) - 1)


def test_shifts_of_the_roster(site: Site, coloured: Page) -> None:
    noon = datetime.now(HALL_ZONE).replace(hour=12, minute=0, second=0, microsecond=0)
    with site.world.database.session() as session:
        staff = session.query(StaffRow).filter_by(number="1005").one()
        if not session.query(ShiftRow).filter_by(post=Post.B).count():
            session.add(
                ShiftRow(
                    hall_id="demo", window_id="w1", post=Post.B, staff_id=staff.id,
                    starts_at=noon - timedelta(hours=1), ends_at=noon + timedelta(hours=1),
                )
            )  # fmt: skip
    for path, shift in (("/roster", ".shift"), ("/roster/week", ".week-block")):
        opened(site, coloured, path)
        coloured.wait_for_selector(shift)
        fills = marks(coloured, shift, "background-color")
        assert len({m.colour for m in fills}) > 1, path
        assert confusable(fills) == [], path
        assert unreadable(marks(coloured, f"{shift} *")) == [], path


def test_kinds_of_zones_on_the_board(site: Site, coloured: Page) -> None:
    """All kinds, drawn as the board draws them."""
    opened(site, coloured, "/zones")
    coloured.wait_for_selector(".drawn polygon")
    coloured.evaluate("""
      for (const kind of ["staff", "counter", "sign", "queue", "work", "mask"])
        document.querySelector(".board-picture svg").insertAdjacentHTML(
          "beforeend", `<g class="drawn drawn-${kind} probe">
            <polygon class="${kind}" points="0,0 9,0 9,9"/></g>`)
    """)
    shapes = marks(coloured, ".probe polygon", "stroke")
    assert len(shapes) == 6
    assert alike(shapes) == []


def test_every_badge_is_read(site: Site, coloured: Page) -> None:
    opened(site, coloured, "/")
    coloured.evaluate("""
      document.body.insertAdjacentHTML("beforeend", ["calm", "good", "info", "warn", "bad"]
        .map((kind) => `<span class="badge badge-${kind} probe">${kind}</span>`).join(""))
    """)
    badges = marks(coloured, ".badge.probe")
    assert len(badges) == 5
    assert unreadable(badges) == []
