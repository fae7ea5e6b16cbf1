"""The hall file: what is read, and what is refused with which words."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.console.hall_problems import problem_words
from api.console.strings import Say
from vision.hallfile import HallFileError, Problem, Wrong, load_hall, parse_hall
from vision.rules.phone_use import PhonePolicy

GOOD = """
[hall]
id = "demo"
name = "示范政务大厅"
timezone = "Asia/Shanghai"

[[hours]]
days = ["mon", "tue", "wed", "thu", "fri"]
open = 09:00:00
close = 17:00:00

[policy.window_unattended]
after_s = 90

[[camera]]
id = "cam1"
url = "clip.mp4"
width = 640
height = 360

[[window]]
id = "w1"
name = "1号窗口"
camera = "cam1"
staff = [[100, 100], [200, 100], [200, 200], [100, 200]]
counter = [[100, 200], [200, 200], [200, 300], [100, 300]]

[window.policy.phone_use]
min_score = 0.6

[[queue]]
id = "q1"
camera = "cam1"
zone = [[300, 100], [600, 100], [600, 300], [300, 300]]
"""


def test_thresholds_of_hall_and_window_overlay_the_defaults() -> None:
    hall = parse_hall(GOOD.encode())
    (window,) = hall.windows
    assert window.policies["window_unattended"].after_s == 90
    assert window.policies["window_unattended"].serious_after_s == 300
    assert window.policies["phone_use"].min_score == 0.6
    assert hall.policies["phone_use"].min_score == PhonePolicy().min_score
    assert len(hall.sha) == 64


@pytest.mark.parametrize(
    ("utc", "opens"),
    [
        ("2026-11-23T00:59:59", False),  # Monday 08:59:59 in the hall
        ("2026-11-23T01:00:00", True),
        ("2026-11-23T08:59:59", True),
        ("2026-11-23T09:00:00", False),
        ("2026-11-22T03:00:00", False),  # a Sunday
    ],
)
def test_service_hours_are_the_halls_own_time(utc: str, opens: bool) -> None:
    moment = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert parse_hall(GOOD.encode()).open_at(moment) is opens


BAD = [
    ('name = "1号窗口"', 'nam = "1号窗口"', r"window\[1\].nam: unknown key; did you mean 'name'"),
    ("[[queue]]", "[[quue]]", "quue: unknown key; did you mean 'queue'"),
    (
        "[[100, 100], [200, 100], [200, 200], [100, 200]]",
        "[[100, 100], [900, 100], [200, 200]]",
        r"staff: the corner \(900, 100\) lies outside",
    ),
    (
        "[[100, 100], [200, 100], [200, 200], [100, 200]]",
        "[[100, 100], [200, 200], [200, 100], [100, 200]]",
        "staff: the polygon crosses itself",
    ),
    (
        "[[100, 100], [200, 100], [200, 200], [100, 200]]",
        "[[100, 100], [200, 100]]",
        "at least 3 corners",
    ),
    (
        "staff = [[100, 100], [200, 100], [200, 200], [100, 200]]",
        "",
        r"window\[1\].staff: is missing",
    ),
    ('camera = "cam1"\nstaff', 'camera = "cam9"\nstaff', "no camera 'cam9'.*did you mean 'cam1'"),
    ("after_s = 90", "after_sec = 90", "policy.window_unattended: unknown key 'after_sec'"),
    ("after_s = 90", "after_s = 900", "no longer than serious_after_s"),
    ("after_s = 90", 'after_s = "soon"', "after_s must be a number"),
    ("[policy.window_unattended]", "[policy.window_unatended]", "no such rule; did you mean"),
    ("min_score = 0.6", "on = 1", r"phone_use: on must be true or false"),
    ("min_score = 0.6", "min_score = true", r"min_score must be a number"),
    ("min_score = 0.6", "min_score = 7", r"window\[1\] \(w1\).policy.phone_use: min_score"),
    ('"mon"', '"monday"', "unknown day 'monday'"),
    ("open = 09:00:00", "open = 18:00:00", r"hours\[1\]: close must be later.*two \[\[hours\]\]"),
    ("open = 09:00:00", 'open = "09:00Z"', "write them without one"),
    ("Asia/Shanghai", "Asia/Beijing", "unknown zone 'Asia/Beijing'"),
    ("width = 640", "width = 6", "camera\\[1\\].width: Input should be greater"),
    ('id = "q1"', 'id = "Q 1"', r"queue\[1\].id"),
    ("[hall]", "[hall", "not valid TOML"),
    ('url = "clip.mp4"', 'url = "clip.mp4"\nrecorded_at = 2026-11-23T10:00:00', "time zone"),
    (
        "[[queue]]",
        '[[camera]]\nid="cam1"\nurl="x"\nwidth=640\nheight=360\n[[queue]]',
        "'cam1' is used twice",
    ),
    (
        "[[camera]]\n",
        '[[camera]]\nid="a"\nurl="rtsp://x:1@h/m"\nwidth=640\nheight=360\n'
        '[[camera]]\nid="b"\nurl="rtsp://h/m/"\nwidth=640\nheight=360\n[[camera]]\n',
        r"'a' and 'b' have one address, rtsp://h/m/; give each its own",
    ),
    (
        "[[camera]]\n",
        '[[camera]]\nid="a"\nurl="usb:0"\nwidth=640\nheight=360\n'
        '[[camera]]\nid="b"\nurl="/dev/video0"\nwidth=640\nheight=360\n[[camera]]\n',
        "'a' and 'b' have one address",
    ),
    (
        "[[camera]]\n",
        '[[camera]]\nid="a"\nurl="rtsp://h/m"\nsub_url="rtsp://h/s"\nwidth=640\nheight=360\n'
        '[[camera]]\nid="b"\nurl="rtsp+udp://H:554/s"\nwidth=640\nheight=360\n[[camera]]\n',
        "'a' and 'b' have one address",
    ),
]


@pytest.mark.parametrize(("old", "new", "words"), BAD)
def test_a_bad_hall_file_says_what_and_where(old: str, new: str, words: str) -> None:
    assert old in GOOD
    with pytest.raises(HallFileError, match=words):
        parse_hall(GOOD.replace(old, new, 1).encode())


@pytest.mark.parametrize(("old", "new", "words"), BAD)
def test_the_console_says_it_in_either_language(old: str, new: str, words: str) -> None:
    with pytest.raises(HallFileError) as caught:
        parse_hall(GOOD.replace(old, new, 1).encode())
    for problem in caught.value.problems:
        assert isinstance(problem, Problem)
        assert re.search("[\u4e00-\u9fff]", problem_words(problem, Say("zh")))
        english = problem_words(problem, Say("en"))
        assert not re.search("[\u4e00-\u9fff]", english.replace(problem.place, ""))
        if problem.wrong not in (Wrong.VALUE, Wrong.TOML):
            chinese = problem_words(problem, Say("zh")).removeprefix(f"{problem.place}：")
            assert not re.search(r"[A-Za-z]+ [A-Za-z]+ [A-Za-z]+", chinese), chinese


def test_a_model_brings_limits_and_the_hall_file_goes_before_them() -> None:
    limits = {
        "phone_use": {"min_score": 0.8},
        "eating": {"min_score": 0.7},
        "smoking": {"on": True},
    }
    hall = parse_hall(GOOD.encode(), limits=limits)
    (window,) = hall.windows
    assert window.policies["phone_use"].min_score == 0.6
    assert window.policies["eating"].min_score == 0.7
    assert window.policies["smoking"].on is True
    assert hall.policies["phone_use"].min_score == 0.8
    assert hall.limits == limits
    off = parse_hall(f"{GOOD}\n[policy.smoking]\non = false".encode(), limits=limits)
    assert off.windows[0].policies["smoking"].on is False


def test_every_problem_is_listed_at_once() -> None:
    text = GOOD.replace("[600, 100]", "[6000, 100]").replace("min_score = 0.6", "min_score = 0")
    with pytest.raises(HallFileError) as caught:
        parse_hall(text.encode())
    assert len(caught.value.problems) == 2


def test_missing_empty_and_foreign_files(tmp_path: Path) -> None:
    with pytest.raises(HallFileError, match="No such file"):
        load_hall(tmp_path / "none.toml")
    (tmp_path / "gbk.toml").write_bytes('name = "大厅"'.encode("gbk"))
    with pytest.raises(HallFileError, match="save it as UTF-8"):
        load_hall(tmp_path / "gbk.toml")
    (tmp_path / "empty.toml").write_bytes(b"")
    with pytest.raises(HallFileError, match="hall: is missing"):
        load_hall(tmp_path / "empty.toml")


def test_recording_is_off_until_asked_for_and_has_bounds() -> None:
    assert parse_hall(GOOD.encode()).recording is None
    table = "\n[recording]\ndays = 3\n"
    recording = parse_hall((GOOD + table).encode()).recording
    assert recording is not None
    assert (recording.days, recording.max_gb, recording.folder) == (3.0, 100.0, "recordings")
    with pytest.raises(HallFileError, match=r"recording\.days.*greater than 0"):
        parse_hall((GOOD + "\n[recording]\ndays = 0\n").encode())
    with pytest.raises(HallFileError, match=r"recording\.day: unknown key; did you mean 'days'"):
        parse_hall((GOOD + "\n[recording]\nday = 3\n").encode())


def test_a_new_hall_begins_with_a_camera_and_draws_its_windows_later() -> None:
    hall = parse_hall(GOOD[: GOOD.index("[[window]]")].encode())
    assert hall.windows == hall.queues == ()
