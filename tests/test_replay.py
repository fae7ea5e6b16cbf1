"""Replay is a test: every bundled clip through the real pipeline, against what truly happened."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import av
import pytest
from typer.testing import CliRunner

from cli.eyes import Eyes, open_eyes
from cli.main import app
from cli.model_options import limits_of
from cli.trials import replayed, true_events
from models.events import events_of, matched
from vision.hallfile import load_hall

ROOT = Path(__file__).parents[1]
FOOTAGE = ROOT / "tests" / "footage"
CLIPS = sorted(path.parent.name for path in FOOTAGE.glob("*/expected.json"))
HOUR = "clean_hour"
PHONE_S = 45.0
"""The phone clip up to then has its one event whole."""
WANTED = {"absence", "absence_with_sign", "phone", "meal", "queue", HOUR}


@pytest.fixture(scope="module")
def eyes() -> Eyes:
    return open_eyes(threads=1)  # another file's tests run beside these


def test_the_bundled_clips_are_all_here() -> None:
    assert set(CLIPS) >= WANTED


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.slow) if n == HOUR else n for n in CLIPS]
)
def test_alerts_of_a_clip_are_its_events_and_nothing_else(name: str, eyes: Eyes) -> None:
    """At the pace of a hall's cameras, which look where something may change the answer."""
    expected = json.loads((FOOTAGE / name / "expected.json").read_text())
    hall = load_hall(FOOTAGE / name / "hall.toml", limits_of(None))
    hall = replace(hall, cameras=tuple(replace(each, pace_hz=None) for each in hall.cameras))
    notes = replayed(hall, hall.cameras[0].id, eyes, FOOTAGE / name / expected["clip"])
    assert notes.seen[-1].stamp.at_s == pytest.approx(expected["duration_s"], abs=2)
    result = matched(events_of(notes.alerts), true_events(expected))
    assert (result.missed, result.extra) == ((), ())


def hallwatch(*words: str | Path, timeout_s: float = 300) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli.start", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


@pytest.fixture(scope="module")
def phone_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The beginning of the phone clip, its packets as they are."""
    path = tmp_path_factory.mktemp("phone") / "clip.mp4"
    with av.open(str(FOOTAGE / "phone" / "clip.mp4")) as whole, av.open(str(path), "w") as begun:
        stream = begun.add_stream_from_template(whole.streams.video[0])
        for packet in whole.demux(whole.streams.video[0]):
            if packet.pts is None or packet.pts * packet.time_base >= PHONE_S:
                continue
            packet.stream = stream
            begun.mux(packet)
    return path


@pytest.fixture(scope="module")
def phone_hall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its hall, looked at once a second."""
    path = tmp_path_factory.mktemp("hall") / "hall.toml"
    text = (FOOTAGE / "phone" / "hall.toml").read_text("utf-8")
    path.write_text(text.replace("pace_hz = 2.0", "pace_hz = 1.0"), "utf-8")
    return path


def test_the_same_footage_gives_the_same_alerts_to_the_byte(
    phone_clip: Path, phone_hall: Path
) -> None:
    first, second = (
        hallwatch("replay", phone_clip, "--hall", phone_hall, "--json") for _ in range(2)
    )
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == second.stdout
    alerts = [json.loads(line) for line in first.stdout.splitlines()]
    assert {a["rule"] for a in alerts} == {"phone_use"}


def test_the_table_tells_rule_and_place(phone_clip: Path, phone_hall: Path) -> None:
    done = hallwatch("replay", phone_clip, "--hall", phone_hall)
    assert done.returncode == 0, done.stderr
    assert "phone_use" in done.stdout
    assert "times as fast as real" in done.stdout


@pytest.mark.parametrize(
    ("clip", "hall", "words"),
    [
        ("phone/none.mp4", "phone/hall.toml", "MissingVideoError"),
        ("phone", "phone/hall.toml", "FolderGivenError"),
        ("phone/hall.toml", "phone/hall.toml", "NotAVideoError"),
        ("phone/clip.mp4", "phone/none.toml", "HallFileError"),
        ("phone/clip.mp4", "phone/expected.json", "HallFileError"),
    ],
)
def test_bad_input_is_a_sentence(clip: str, hall: str, words: str) -> None:
    done = CliRunner().invoke(app, ["replay", str(FOOTAGE / clip), "--hall", str(FOOTAGE / hall)])
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert words in done.stderr


def test_an_unknown_model_is_named_and_no_traceback_shown() -> None:
    done = hallwatch(
        "replay", FOOTAGE / "phone" / "clip.mp4", "--hall", FOOTAGE / "phone" / "hall.toml",
        "--model", "nonesuch",
    )  # fmt: skip
    assert done.returncode == 1
    assert "nonesuch" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("after_s", [0.3, 3.0, 6.0])
def test_ctrl_c_at_any_moment_ends_quietly(after_s: float) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "cli.start", "replay", str(FOOTAGE / "clean_hour" / "clip.mp4"),
         "--hall", str(FOOTAGE / "clean_hour" / "hall.toml"), "--json"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:  # fmt: skip
        time.sleep(after_s)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert process.returncode in (130, -signal.SIGINT)
    assert all(json.loads(line)["uid"] for line in out.splitlines())
    assert after_s < 1 or "Traceback" not in err
