"""Footage for benchmarks: the bundled clips as halls' cameras send them, in two streams each.

A clip is scaled to a main stream of 1920x1080 and a second one of 640x360, both of 15 pictures a
second in H.264 with a key frame every 2 s. They are made once, beside the results.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av

from benchmarks.judged import Spell, due_s
from cli.trials import true_events
from models.events import Event
from models.footage import CONDUCT
from vision.hallfile import Hall

CLIPS = ("phone", "meal", "queue", "absence", "absence_with_sign")
RATE_HZ, GOP_S = 15, 2.0
MAIN, SECOND = (1920, 1080), (640, 360)


@dataclass(frozen=True, slots=True)
class Footage:
    """One clip: its streams, its hall file's tables, what truly happens in it. spells: when which
    window truly shows conduct, by rule and window."""

    name: str
    main: Path
    second: Path
    table: dict[str, Any]
    events: tuple[Event, ...]
    duration_s: float
    spells: Mapping[tuple[str, str], tuple[Spell, ...]] = field(default_factory=dict)

    def due(self, hall: Hall, camera: str) -> dict[Event, float]:
        """When each event of the clip is to be told of, in seconds of the clip, as this camera of
        the hall shows it."""
        places = {place.id: place for place in (*hall.windows, *hall.queues)}
        due: dict[Event, float] = {}
        for event in self.events:
            shown = replace(event, subject=f"{camera}-{event.subject}")
            policy = places[shown.subject].policies[event.rule]
            due[shown] = due_s(shown, policy, self.spells.get((event.rule, event.subject), ()))
        return due


def made(folder: Path, clips: Iterable[str] = CLIPS, bundled: Path | None = None) -> list[Footage]:
    """The clips' footage in this folder, made where it is not there yet."""
    bundled = bundled or Path(__file__).parents[1] / "tests" / "footage"
    folder.mkdir(parents=True, exist_ok=True)
    footage = []
    for name in clips:
        expected = json.loads((bundled / name / "expected.json").read_text())
        source = bundled / name / expected["clip"]
        paths = [folder / f"{name}-{width}.mp4" for width, _ in (MAIN, SECOND)]
        for path, size in zip(paths, (MAIN, SECOND), strict=True):
            if not path.exists():
                _scaled(source, path, size)
        footage.append(
            Footage(
                name,
                *paths,
                tomllib.loads((bundled / name / "hall.toml").read_text("utf-8")),
                tuple(true_events(expected)),
                expected["duration_s"],
                _spells(expected["facts"]),
            )
        )
    return footage


def _spells(facts: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], tuple[Spell, ...]]:
    spells: dict[tuple[str, str], tuple[Spell, ...]] = {}
    for fact in facts:
        if fact["what"] in CONDUCT:
            key = CONDUCT[fact["what"]], fact["subject"]
            spells[key] = (*spells.get(key, ()), (fact["from_s"], fact["to_s"]))
    return spells


Address: TypeAlias = Callable[[str, Footage, bool], str]
"""Of a camera (its id, and what it shows): of the main stream, or of the second one."""


def paced_address(camera: str, footage: Footage, main: bool) -> str:
    return f"paced://{(footage.main if main else footage.second).resolve()}#{camera}"


def file_address(camera: str, footage: Footage, main: bool) -> str:
    return f"file://{(footage.main if main else footage.second).resolve()}"


def hall_text(
    cameras: Sequence[tuple[str, Footage]], extra: str = "", address: Address = paced_address
) -> str:
    """A hall file of these cameras (id and what each shows); window and queue ids begin with the
    camera's. extra: more of the file."""
    lines = ["[hall]", 'id = "bench"', 'name = "基准测试大厅"', "", extra]
    for camera, footage in cameras:
        (seen,) = footage.table["camera"]
        scale = MAIN[0] / seen["width"]
        lines += [
            "[[camera]]", f'id = "{camera}"',
            f'url = "{address(camera, footage, True)}"',
            f'sub_url = "{address(camera, footage, False)}"',
            f"width = {MAIN[0]}", f"height = {MAIN[1]}", "",
        ]  # fmt: skip
        for window in footage.table.get("window", []):
            lines += ["[[window]]", f'id = "{camera}-{window["id"]}"', f'camera = "{camera}"']
            lines += [f"{zone} = {_grown(window[zone], scale)}" for zone in
                      ("staff", "counter", "sign") if zone in window]  # fmt: skip
            lines.append("")
        for queue in footage.table.get("queue", []):
            lines += ["[[queue]]", f'id = "{camera}-{queue["id"]}"', f'camera = "{camera}"',
                      f"zone = {_grown(queue['zone'], scale)}",
                      f'anchor = "{queue.get("anchor", "feet")}"']  # fmt: skip
            for rule, policy in queue.get("policy", {}).items():
                lines += [f"[queue.policy.{rule}]"]
                lines += [f"{key} = {value}" for key, value in policy.items()]
            lines.append("")
    return "\n".join(lines)


def _grown(points: list[list[float]], scale: float) -> list[list[float]]:
    return [[min(x * scale, MAIN[0]), min(y * scale, MAIN[1])] for x, y in points]


def _scaled(source: Path, target: Path, size: tuple[int, int]) -> None:
    gop = str(int(GOP_S * RATE_HZ))
    options = {"preset": "veryfast", "crf": "25", "g": gop, "sc_threshold": "0", "bf": "0"}
    partial = target.with_name(f"part-{target.name}")
    with av.open(str(source)) as pictures, av.open(str(partial), "w") as out:
        stream = out.add_stream("libx264", rate=RATE_HZ, options=options)
        stream.width, stream.height = size
        stream.pix_fmt, stream.codec_context.thread_count = "yuv420p", 1
        number = 0
        for picture in pictures.decode(video=0):
            shown_s = float(picture.time or 0.0)  # before it is stamped anew
            while number / RATE_HZ <= shown_s:
                scaled = picture.reformat(*size, format="yuv420p")
                scaled.pts, scaled.time_base = number, Fraction(1, RATE_HZ)
                scaled.pict_type = av.video.frame.PictureType.NONE
                out.mux(stream.encode(scaled))
                number += 1
        out.mux(stream.encode(None))
    partial.replace(target)
