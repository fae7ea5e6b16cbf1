"""The evidence keeper: what is cut when, and that nothing it cannot write stops the watching."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cameras.evidence import EvidenceKeeper, Picture, Still
from cameras.ring import Clip, ClipError
from tests.observations import stamp
from vision.records import Alert, Detections, Severity, Step

RAISED = Alert(
    uid="a" * 32, step=Step.RAISED, severity=Severity.WARNING, rule="phone_use", rule_version=1,
    hall="h", camera="cam1", subject="w1", began=stamp(20), at=stamp(30), ended=None, why={},
    policy={}, model_sha="m", hall_sha="h",
)  # fmt: skip
ENDED = replace(RAISED, step=Step.ENDED, at=stamp(50), ended=stamp(42))
SEEN = Picture(np.zeros((90, 160, 3), np.uint8), stamp(30), Detections.none())


class FakeRecorder:
    keep_s = 240.0

    def __init__(self, fails: bool = False) -> None:
        self.fails = fails
        self.asked: list[tuple[float, float]] = []

    def cut(self, began_s: float, ended_s: float, path: Path) -> Clip:
        if self.fails:
            raise ClipError("no room")
        self.asked.append((began_s, ended_s))
        return Clip(path, began_s, ended_s, began_s, ended_s, stamp(began_s).wall, "0" * 64, True)


class Told:
    def __init__(self) -> None:
        self.kept: list[Clip | Still] = []
        self.lost: list[str] = []


def keeper(recorder: FakeRecorder, folder: Path, told: Told) -> EvidenceKeeper:
    return EvidenceKeeper(
        recorder,  # type: ignore[arg-type]
        folder,
        zones={"w1": [[(1, 1), (50, 1), (50, 50)]]},
        kept=lambda _, thing: told.kept.append(thing),
        lost=lambda _, why: told.lost.append(why),
    )


def test_the_clip_waits_for_its_post_roll(tmp_path: Path) -> None:
    recorder, told = FakeRecorder(), Told()
    keep = keeper(recorder, tmp_path, told)
    keep.alerted(RAISED, SEEN)
    keep.passed(39.9)
    assert recorder.asked == []
    keep.passed(40.0)
    keep.passed(60.0)
    assert recorder.asked == [(10.0, 40.0)]


def test_the_end_of_the_alert_brings_the_whole_clip_while_the_packets_last(tmp_path: Path) -> None:
    recorder, told = FakeRecorder(), Told()
    keep = keeper(recorder, tmp_path, told)
    keep.alerted(RAISED, SEEN)
    keep.passed(45.0)
    keep.alerted(ENDED, SEEN)
    keep.passed(60.0)
    assert recorder.asked == [(10.0, 40.0), (10.0, 52.0)]
    late = replace(ENDED, at=stamp(300), ended=stamp(290))
    keep.alerted(late, SEEN)
    keep.close()
    assert len(recorder.asked) == 2  # its beginning is gone: the first clip stays


def test_a_stream_that_ends_early_still_leaves_its_clip(tmp_path: Path) -> None:
    recorder, told = FakeRecorder(), Told()
    keep = keeper(recorder, tmp_path, told)
    keep.alerted(RAISED, SEEN)
    keep.close()
    assert recorder.asked == [(10.0, 40.0)]


@pytest.mark.parametrize(("alert", "stills"), [(RAISED, 1), (ENDED, 0)])
def test_a_still_of_the_onset_and_none_of_the_end(
    alert: Alert, stills: int, tmp_path: Path
) -> None:
    told = Told()
    keeper(FakeRecorder(), tmp_path, told).alerted(alert, SEEN)
    assert sum(isinstance(k, Still) for k in told.kept) == stills


def test_what_cannot_be_written_is_reported_and_stops_nothing(tmp_path: Path) -> None:
    occupied = tmp_path / "evidence"
    occupied.write_text("a file where the folder should be")
    told = Told()
    keep = keeper(FakeRecorder(fails=True), occupied, told)
    keep.alerted(RAISED, SEEN)
    keep.close()
    assert told.kept == []
    assert len(told.lost) == 2
    assert "raised.jpg" in told.lost[0]
