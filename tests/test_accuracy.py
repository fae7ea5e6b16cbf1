"""What `hallwatch accuracy` writes, and that clips seen once need not be seen again."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from cli.accuracy import clip_lines, picture_lines, real_lines, rule_lines
from cli.eyes import Eyes
from cli.trials import Seeing, kept_for, rendered_trials
from models.dataset import TEST, Labelled
from models.events import Event
from models.footage import Mark, RealClip
from models.manifest import load_manifest
from tests.test_seeing import FakeDetector, FakeReader, detections
from tests.test_trials import FALSE, HIT, trial
from vision.records import Label, Said

FOOTAGE = Path(__file__).parent / "footage"


def test_each_clip_has_its_line_and_all_together_precision_and_recall() -> None:
    lines = clip_lines([trial(HIT), replace(trial(FALSE), name="other")])
    assert "| clip | 3.3 | 1 | 1 | 0 | 0 |" in lines
    assert "| other | 3.3 | 1 | 0 | 1 | 1 |" in lines
    assert any("precision 0.500" in line and "recall 0.500" in line for line in lines)


def test_events_of_a_rule_that_is_off_are_not_missed() -> None:
    nap = Event("napping", "w1", 0.0, None)
    assert "| clip | 3.3 | 1 | 1 | 0 | 0 |" in clip_lines([trial(HIT, true=(nap, *trial().true))])


def test_each_rule_has_its_figures_and_false_alarms_of_real_footage_count() -> None:
    lines = rule_lines([trial(HIT)], [replace(trial(HIT), true=(), real=True)])
    (phone,) = [line for line in lines if line.startswith("| phone_use")]
    assert "0.500 (0.095 to 0.905, n=2)" in phone  # one right, one false in the footage
    assert "1.000 (0.207 to 1.000, n=1)" in phone
    (nap,) = [line for line in lines if line.startswith("| napping")]
    assert "| no |" in nap
    assert "not known (none)" in nap


def test_real_footage_is_scored_where_the_annotator_was_sure() -> None:
    seen = trial(HIT)
    marks = (
        Mark("w1", "present", 0.0, 100.0, 0.5),
        Mark("w1", "absent", 100.0, 200.0, 0.5),
        Mark("w1", "phone", 100.0, 130.0, 0.25),
    )
    clip = RealClip("street", Path("street.mp4"), seen.hall, marks, (), ())
    lines = real_lines([(clip, replace(seen, real=True))])
    (row,) = [line for line in lines if line.startswith("| street")]
    assert row.startswith("| street | 199 | 199 | 0 | 60/61 | 0/339 |")
    assert "| phone_use |" in row
    assert any("right 0.500" in line for line in lines)


def test_what_was_seen_is_kept_for_the_next_time(tmp_path: Path) -> None:
    eyes = Eyes(FakeDetector(detections()), FakeReader(Said.NOTHING))
    folder = tmp_path / "clips"
    folder.mkdir()
    (folder / "phone").symlink_to(FOOTAGE / "phone")
    (first,) = rendered_trials(folder, Seeing(eyes, {}, keep=tmp_path / "kept"))
    assert [e.rule for e in first.true] == ["phone_use"]
    broken = Eyes(BlindDetector(detections()), FakeReader(Said.NOTHING))
    (second,) = rendered_trials(folder, Seeing(broken, {}, keep=tmp_path / "kept"))
    assert second.seen == first.seen
    hall = (FOOTAGE / "phone" / "hall.toml").read_text("utf-8")
    moved = tmp_path / "moved" / "phone"
    moved.mkdir(parents=True)
    for file in (FOOTAGE / "phone").iterdir():
        (moved / file.name).symlink_to(file)
    (moved / "hall.toml").unlink()
    moved_hall = re.sub(r"staff = \[\[(\d+)", lambda m: f"staff = [[{int(m[1]) + 1}", hall, count=1)
    assert moved_hall != hall
    (moved / "hall.toml").write_text(moved_hall, "utf-8")
    with pytest.raises(AssertionError, match="looked at again"):  # what was seen is of other zones
        list(rendered_trials(moved.parent, Seeing(broken, {}, keep=tmp_path / "kept")))


class BlindDetector(FakeDetector):
    """Must not be asked."""

    def detect(self, images: object) -> list[object]:  # type: ignore[override]
        raise AssertionError("the clip was looked at again")


def test_each_model_and_each_calibration_keeps_its_own(tmp_path: Path) -> None:
    entry = load_manifest().entry()
    other = replace(entry, sha256="0" * 64)
    assert kept_for([entry], None, 2.0) is None
    assert (
        len(
            {
                kept_for(e, tmp_path, hz)
                for e in ([entry], [other], [entry, other])
                for hz in (1.0, 2.0)
            }
        )
        == 6
    )


def test_pictures_are_told_by_the_network_that_looks_at_the_like_of_them(tmp_path: Path) -> None:
    grey = tmp_path / "grey.png"
    cv2.imwrite(str(grey), np.full((90, 160, 3), 114, np.uint8))
    person = np.array([[Label.PERSON, 0.5, 0.5, 0.2, 0.4]], np.float32)
    pictures = [
        Labelled(grey, person, source, frozenset(), TEST)
        for source in ("har", "bav")
        for _ in "12345"
    ]
    manifest = load_manifest()
    entry = manifest.entry()
    lines = picture_lines(pictures, manifest, entry, 1)
    assert any("`hall`" in line and "`hall-seats`" in line for line in lines)
    told = [line for line in lines if line.startswith("| ") and "person" in line]
    assert told == [
        f"| {source} | person | 5 | 0.0 | 0.0 | 1.00 | 0.00 (0.00 to 0.43) |"
        for source in ("bav", "har")  # whole pictures first
    ]
