"""The benchmarks' footage: a clip as a camera would send it, and what truly happens in it."""

from __future__ import annotations

import json
from pathlib import Path

import av
import pytest

from benchmarks.footage import RATE_HZ, made
from tests.videos import make_video

SECONDS = 3.0
HALL = """
[[camera]]
id = "cam1"
url = "clip.mp4"
width = {0}
height = {1}
"""


@pytest.mark.parametrize("size", [(480, 270), (1920, 1080)])
def test_both_streams_last_as_long_as_the_clip(tmp_path: Path, size: tuple[int, int]) -> None:
    clip = tmp_path / "clips" / "one"
    clip.mkdir(parents=True)
    make_video(clip / "clip.mp4", seconds=SECONDS, fps=5, size=size)
    (clip / "hall.toml").write_text(HALL.format(*size))
    facts = [{"subject": "w1", "what": "eating", "from_s": a, "to_s": a + 1} for a in (0.0, 2.0)]
    facts += [{"subject": "w1", "what": "absent", "from_s": 1.0, "to_s": 2.0}]
    expected = {"clip": "clip.mp4", "duration_s": SECONDS, "events": [], "facts": facts}
    (clip / "expected.json").write_text(json.dumps(expected))
    (footage,) = made(tmp_path, ["one"], tmp_path / "clips")
    assert footage.spells == {("eating", "w1"): ((0.0, 1.0), (2.0, 3.0))}
    for stream in (footage.main, footage.second):
        with av.open(str(stream)) as pictures:
            times = [float(p.time or 0.0) for p in pictures.decode(video=0)]
        assert len(times) == pytest.approx(SECONDS * RATE_HZ, abs=3)
        assert times[-1] == pytest.approx(SECONDS, abs=0.3)
