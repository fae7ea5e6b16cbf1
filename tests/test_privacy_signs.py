"""A citizen who stands before a sign cannot be recognised in anything that is shown; the sign can
be read where nobody does."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from api.alerts.evidence import Span, attach_clip, attach_still
from api.halls.sync import PlaceRecord, sync_hall
from api.halls.tables import ZoneKind
from api.privacy.copies import copies_of
from api.users.tables import Role
from cameras.sightings import Sighting
from cli.office import corners_of, people_over
from tests.halls import HALL, NOON, raised
from tests.office import BASE, Office
from tests.test_blur import detail, inside
from tests.test_privacy_copies import frames
from vision.blur import Box
from vision.records import Detections, Image, Label

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

WIDTH, HEIGHT, FPS, LASTS_S = 960, 540, 10, 8
SIGN = ((300.0, 200.0), (660.0, 200.0), (660.0, 380.0), (300.0, 380.0))
STAFF = ((30.0, 30.0), (200.0, 30.0), (200.0, 160.0), (30.0, 160.0))
COUNTER = ((300.0, 380.0), (660.0, 380.0), (660.0, 530.0), (300.0, 530.0))
SIGNED = replace(
    HALL,
    sha="e" * 64,
    windows=(
        PlaceRecord(
            "w1",
            "1号窗口",
            "cam1",
            {ZoneKind.STAFF: STAFF, ZoneKind.COUNTER: COUNTER, ZoneKind.SIGN: SIGN},
        ),
    ),
)
ALERT = raised(hall_sha="e" * 64)


def citizen(at_s: float) -> Box:
    """Walks in from the left, stands before the sign, and walks on to the right."""
    x = 500.0 + round(250 * (max(at_s - 5.0, 0.0) - max(3.0 - at_s, 0.0)))
    return x, 180.0, x + 80, 500.0


def rich(width: int, height: int, seed: int) -> Image:
    """Detail that survives coding."""
    coarse = np.random.default_rng(seed).integers(0, 256, (height // 4, width // 4, 3), np.uint8)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_NEAREST))


BACK: Image = rich(WIDTH, HEIGHT, 1) // 2 + np.uint8(100)
PERSON: Image = rich(80, 320, 2) // 2


def picture(at_s: float) -> Image:
    shown = BACK.copy()
    x1, y1, x2, y2 = (int(v) for v in citizen(at_s))
    left, right = max(x1, 0), min(x2, WIDTH)
    if left < right:
        shown[y1:y2, left:right] = PERSON[:, left - x1 : right - x1]
    return shown


@pytest.fixture(scope="module")
def film() -> bytes:
    return filmed(LASTS_S)


def filmed(seconds: float) -> bytes:
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"crf": "18", "bf": "2"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for step in range(round(seconds * FPS)):
            frame = av.VideoFrame.from_ndarray(picture(step / FPS), format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return made.getvalue()


def seen(at_s: float) -> Detections:
    box = np.array([citizen(at_s)], np.float32)
    return Detections(box, np.full(1, 0.12, np.float32), np.full(1, Label.PERSON, np.int8))


def looked(times: list[float]) -> list[list[object]]:
    """As a station writes them down beside a clip that begins at its second 100."""
    sightings = [Sighting(100 + at_s, seen(at_s), seen(at_s), told=True) for at_s in times]
    return people_over(sightings, 100.0)


EVERY_SECOND = [0.6 + s for s in range(7)]
EMPTY_SIGN: Box = (310.0, 210.0, 400.0, 370.0)
"""A part of the sign that the citizen passes by and leaves alone."""
PEOPLE = {
    "looks": looked(EVERY_SECOND),
    "two looks": looked([1.0, 7.0]),
    "none": [],
}


def put_film(office: Office, content: bytes, people: list[list[object]]) -> int:
    (office.evidence / "a.mp4").write_bytes(content)
    span = Span(NOON, NOON + timedelta(seconds=LASTS_S))
    sha = hashlib.sha256(content).hexdigest()
    with office.database.session() as session:
        return attach_clip(
            session, ALERT.uid, "a.mp4", sha, asked=span, covers=span, complete=True, people=people
        )


@pytest.fixture
def hall(office: Office) -> Office:
    with office.database.session() as session:
        sync_hall(session, SIGNED, NOON)
    office.send(ALERT)
    return office


def got(office: Office, path: str, to: Path) -> Path:
    answer = office.client(Role.SUPERVISOR).get(f"{BASE}/{path}")
    assert answer.status_code == 200
    to.write_bytes(answer.content)
    return to


def left(now: Image, before: Image, box: Box) -> float:
    """The share of its detail that a part of the picture still shows."""
    x1, x2 = max(box[0], 0.0), min(box[2], float(WIDTH))
    part = (x1, box[1], x2, box[3])
    return detail(inside(now, part)) / detail(inside(before, part))


HIDDEN, PLAIN = 0.3, 0.8
CLERKS_PLACE: Box = (40.0, 40.0, 190.0, 150.0)


def test_nobody_before_a_sign_is_recognisable_at_any_moment_of_a_clip(
    hall: Office, film: bytes, tmp_path: Path
) -> None:
    clip = put_film(hall, film, PEOPLE["looks"])
    copy = frames(got(hall, f"clips/{clip}", tmp_path / "shown.mp4"))
    assert len(copy) == LASTS_S * FPS
    for at_s, now in copy:
        before = picture(at_s)
        assert left(now, before, CLERKS_PLACE) > PLAIN, at_s
        if -40 < citizen(at_s)[0] < WIDTH - 40:
            assert left(now, before, citizen(at_s)) < HIDDEN, at_s
        if 4.2 < at_s < 6.5:
            assert left(now, before, EMPTY_SIGN) > PLAIN, at_s


@pytest.mark.parametrize("known", ["two looks", "none", "another file"])
def test_where_it_is_not_known_who_stands_there_no_sign_is_shown(
    hall: Office, film: bytes, tmp_path: Path, known: str
) -> None:
    clip = put_film(hall, film, PEOPLE.get(known, PEOPLE["looks"]))
    if known == "another file":
        (hall.evidence / "a.mp4").write_bytes(filmed(LASTS_S - 1))
    for at_s, now in frames(got(hall, f"clips/{clip}", tmp_path / "shown.mp4")):
        assert left(now, picture(at_s), (300.0, 200.0, 660.0, 380.0)) < HIDDEN, at_s
        assert left(now, picture(at_s), CLERKS_PLACE) > PLAIN, at_s


def test_a_longer_clip_in_place_of_the_first_is_shown_as_long_as_it_is(
    hall: Office, film: bytes, tmp_path: Path
) -> None:
    first = put_film(hall, filmed(3.0), looked([0.6, 1.6, 2.6]))
    assert len(frames(got(hall, f"clips/{first}", tmp_path / "shown.mp4"))) == 3 * FPS
    assert put_film(hall, film, PEOPLE["looks"]) == first
    assert len(frames(got(hall, f"clips/{first}", tmp_path / "shown.mp4"))) == LASTS_S * FPS
    assert len(list(copies_of(hall.evidence / "a.mp4"))) == 2


@pytest.mark.parametrize("known", [True, False])
def test_nobody_before_a_sign_is_recognisable_in_a_still(
    hall: Office, tmp_path: Path, known: bool
) -> None:
    content = cv2.imencode(".jpg", picture(4.0), [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()
    (hall.evidence / "a.jpg").write_bytes(content)
    sha = hashlib.sha256(content).hexdigest()
    people = [[0.0, corners_of(seen(4.0))]] if known else []
    with hall.database.session() as session:
        still = attach_still(session, ALERT.uid, "a.jpg", sha, NOON, people=people)
    now = cv2.imread(str(got(hall, f"stills/{still}", tmp_path / "shown.jpg")))
    assert now is not None
    assert left(np.asarray(now, np.uint8), picture(4.0), citizen(4.0)) < HIDDEN
    assert (left(np.asarray(now, np.uint8), picture(4.0), EMPTY_SIGN) > PLAIN) == known


def test_footage_of_which_no_looks_are_kept_shows_no_sign(
    hall: Office, film: bytes, tmp_path: Path
) -> None:
    footage = hall.put_footage(film)
    for at_s, now in frames(got(hall, f"footage/{footage}/clip", tmp_path / "shown.mp4")):
        assert left(now, picture(at_s), (300.0, 200.0, 660.0, 380.0)) < HIDDEN, at_s
        assert left(now, picture(at_s), CLERKS_PLACE) > PLAIN, at_s
