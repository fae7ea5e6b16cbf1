"""The bundled clips: their truth is whole, agrees with the pictures, and tells what it should."""

from __future__ import annotations

import gzip
import itertools
import json
from pathlib import Path
from typing import Any

import av
import pytest

from vision.hallfile import load_hall

FOOTAGE = Path(__file__).parent / "footage"
CLIPS = sorted(path.parent.name for path in FOOTAGE.glob("*/expected.json"))
RULES = {
    "absence": ["window_unattended"],
    "absence_with_sign": [],
    "phone": ["phone_use"],
    "meal": ["eating"],
    "queue": ["queue_length"],
    "clean_hour": [],
}


def expected(name: str) -> dict[str, Any]:
    table: dict[str, Any] = json.loads((FOOTAGE / name / "expected.json").read_text())
    return table


@pytest.mark.parametrize("name", CLIPS)
def test_a_clip_tells_its_story(name: str) -> None:
    assert [event["rule"] for event in expected(name)["events"]] == RULES[name]


def test_the_absences_differ_by_the_sign_alone() -> None:
    for name, sign in (("absence", False), ("absence_with_sign", True)):
        facts = expected(name)["facts"]
        away = [f for f in facts if f["what"] == "absent"]
        assert [f["to_s"] - f["from_s"] > 120 for f in away] == [True]
        signs = [f for f in facts if f["what"] == "sign" and f["subject"] == away[0]["subject"]]
        assert bool(signs) == sign
        assert all(f["from_s"] < away[0]["from_s"] and f["to_s"] > away[0]["to_s"] for f in signs)


@pytest.mark.parametrize("name", CLIPS)
def test_pictures_and_truth_are_as_many(name: str) -> None:
    told = expected(name)
    truth = json.loads(gzip.decompress((FOOTAGE / name / "truth.json.gz").read_bytes()))
    with av.open(str(FOOTAGE / name / "clip.mp4")) as clip:
        stream = clip.streams.video[0]
        keys = [packet.is_keyframe for packet in clip.demux(stream) if packet.size]
        size = (stream.width, stream.height)
    assert len(keys) == len(truth["pictures"]) == round(told["duration_s"] * told["fps"])
    assert size == (told["width"], told["height"])
    assert max(truth["pictures"]) == len(truth["looks"]) - 1
    gaps = [k for k, key in enumerate(keys) if key]
    assert max(b - a for a, b in itertools.pairwise(gaps)) <= 20
    for look in truth["looks"]:
        for thing in look:
            x1, y1, x2, y2 = thing["box"]
            assert 0 <= x1 < x2 <= size[0]
            assert 0 <= y1 < y2 <= size[1]


@pytest.mark.parametrize("name", CLIPS)
def test_the_hall_file_names_whom_the_truth_speaks_of(name: str) -> None:
    hall = load_hall(FOOTAGE / name / "hall.toml")
    known = {window.id for window in hall.windows} | {queue.id for queue in hall.queues}
    told = expected(name)
    assert {fact["subject"] for fact in told["facts"] + told["counts"]} <= known


def test_the_footage_stays_small() -> None:
    assert sum(path.stat().st_size for path in FOOTAGE.rglob("*") if path.is_file()) < 25e6
