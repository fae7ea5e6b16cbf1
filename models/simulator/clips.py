"""Renders a play as a clip with its hall file, the events that it must raise, and exact truth."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from models.simulator import expected
from models.simulator.anatomy import cache_folder
from models.simulator.bake import baked
from models.simulator.clipzones import Zones, hall_file, zones_of
from models.simulator.optics import Optics, Stored, clocked, developed, gain
from models.simulator.plays import Play, moments
from models.simulator.scenes import Item, of_moment, of_sign
from models.simulator.screenplays import screenplay
from models.simulator.studio import Studio
from models.simulator.truth import at_mouth, keypoints_seen, seen_in
from vision.records import Label

Record = dict[str, Any]

OPTICS = Optics(exposure=0.26, blur_px=0.5, sharpen=0.5, grain=0.0)
GRAIN_FIELDS = 16
DOINGS = ("drinking", "smoking", "napping", "reading")
"""Activities that are facts about a window by their name alone."""
OUTSIDE_M = 0.5
"""A person so far outside the room is not drawn."""


@dataclass(frozen=True, slots=True)
class Look:
    """One rendered moment of a play: the picture before noise and clock, and what it shows."""

    picture: Stored
    objects: list[Record]


def write_clip(name: str, out: Path, seed: int) -> Iterator[tuple[int, int]]:
    """Writes clip.mp4, hall.toml, expected.json and truth.json.gz into `out`; yields (looks done,
    of all). Rendered looks are kept in the cache folder until the clip is written, so that a run
    that was broken off goes on, as long as the simulator is the same."""
    play = screenplay(name, seed)
    shown = list(moments(play, seed))
    wanted = sorted(set(shown))
    folder = cache_folder() / "clips" / f"{name}-{seed}-{sources(Path(__file__).parent)}"
    folder.mkdir(parents=True, exist_ok=True)
    looks: dict[float, Look] = {}
    renderer: _Renderer | None = None
    for number, at_s in enumerate(wanted):
        stem = folder / f"{at_s:09.3f}"
        if not stem.with_suffix(".json").exists():
            renderer = renderer or _Renderer(play)
            _keep(stem, renderer.look(at_s))
        looks[at_s] = _kept(stem)
        yield number + 1, len(wanted)
    out.mkdir(parents=True, exist_ok=True)
    zones = zones_of(play)
    (out / "hall.toml").write_text(hall_file(play, zones), encoding="utf-8")
    encode(out / "clip.mp4", play, [looks[at_s].picture for at_s in shown], seed)
    objects = [looks[at_s].objects for at_s in shown]
    told = _expected(play, zones, objects, seed)
    (out / "expected.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    _write_truth(out / "truth.json.gz", play, shown, looks)
    shutil.rmtree(folder)


def sources(package: Path) -> str:
    """Short digest of a folder's Python files and their names."""
    files = [(f.name, f.read_text("utf-8")) for f in sorted(package.glob("*.py"))]
    return hashlib.sha256(repr(files).encode()).hexdigest()[:12]


class _Renderer:
    """The play's studio, opened only when something is to be rendered."""

    def __init__(self, play: Play) -> None:
        self.play = play
        hall, camera = play.hall, play.view.camera
        x, y, z = camera.location
        path = cache_folder() / "halls" / f"clip-{hall.seed}-{x:.2f}-{y:.2f}-{z:.2f}.npy"
        background = baked(hall.seed, camera, path)
        self.studio = Studio(hall, camera, background)
        self.amplify = gain(OPTICS, background)

    def look(self, at_s: float) -> Look:
        play = self.play
        people = [(actor, actor.at(at_s)) for actor in play.actors]
        items: list[tuple[Item, Record]] = []
        for actor, moment in people:
            if not _in_room(play, moment.at_m):
                continue
            about = {"id": actor.id, "role": actor.role, "window": actor.window}
            items += [(item, about) for item in of_moment(moment)]
        for placard in play.placards:
            if placard.from_s <= at_s < placard.to_s:
                items.append((of_sign(placard.sign), {"window": f"w{placard.window.number}"}))
        drawn = [item.drawn for item, _ in items]
        shot = self.studio.shoot(drawn, np.random.default_rng(5))
        size = play.size
        light = cv2.resize(shot.light, size, interpolation=cv2.INTER_AREA)
        picture = developed(
            np.asarray(light, np.float32), OPTICS, self.amplify, np.random.default_rng(5)
        )
        scale = size[0] / play.view.camera.width
        objects = []
        for seen in seen_in(shot, play.view.camera, drawn):
            item, about = items[seen.index]
            record: Record = {
                "what": _name(item),
                "label": None if item.label is None else int(item.label),
                "box": [round(v * scale, 1) for v in seen.box],
                "full_box": [round(v * scale, 1) for v in seen.full_box],
                "visible": round(seen.share, 3),
                **about,
            }
            if item.moment is not None:
                marks = keypoints_seen(
                    shot, play.view.camera, item.moment.posed.keypoints, seen.index
                )
                record["activity"] = item.moment.activity
                record["floor_m"] = [round(v, 2) for v in item.moment.at_m]
                record["keypoints"] = [
                    [round(x * scale, 1), round(y * scale, 1), int(v)] for x, y, v in marks
                ]
            objects.append(record)
        return Look(picture, objects)


def _name(item: Item) -> str:
    if item.sign is not None:
        return "".join(item.sign.lines)
    return "thing" if item.label is None else item.label.name.lower()


def _in_room(play: Play, at_m: tuple[float, float]) -> bool:
    hall = play.hall
    x, y = at_m
    return bool(
        hall.left - OUTSIDE_M < x < hall.right + OUTSIDE_M
        and hall.front - OUTSIDE_M < y < hall.back + OUTSIDE_M
    )


def _keep(stem: Path, look: Look) -> None:
    cv2.imwrite(str(stem.with_suffix(".png")), look.picture)
    stem.with_suffix(".json").write_text(json.dumps(look.objects))


def _kept(stem: Path) -> Look:
    picture = cv2.imread(str(stem.with_suffix(".png")))
    if picture is None:
        raise FileNotFoundError(f"{stem}.png is unreadable: delete it and render again")
    return Look(np.asarray(picture, np.uint8), json.loads(stem.with_suffix(".json").read_text()))


def encode(path: Path, play: Play, pictures: Sequence[Stored], seed: int) -> None:
    """H.264 in MP4, yuv420p, a key frame every `key_every_s`, index at the front. The pictures
    given to the encoder repeat exactly with the seed; the encoded bytes need not."""
    rng = np.random.default_rng([seed, 3])
    width, height = play.size
    grain = rng.normal(0, play.grain, (GRAIN_FIELDS, height, width, 1)).astype(np.float32)
    rate = Fraction(play.fps).limit_denominator(100)
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        gop = round(play.key_every_s * play.fps)
        stream.options = {
            "crf": str(play.crf),
            "preset": "medium",
            "x264-params": f"keyint={gop}:min-keyint={gop}:scenecut=0:threads=1",
        }
        for number, picture in enumerate(pictures):
            noise = np.roll(
                grain[int(rng.integers(GRAIN_FIELDS))], tuple(rng.integers(0, 200, 2)), (0, 1)
            )
            noisy = np.clip(picture + noise, 0, 255).astype(np.uint8)
            at = play.recorded_at + timedelta(seconds=number / play.fps)
            clocked(noisy, f"{at:%Y-%m-%d %H:%M:%S}", "HALL-1F")
            frame = av.VideoFrame.from_ndarray(noisy, format="bgr24")
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)


def _expected(play: Play, zones: Zones, pictures: Sequence[Sequence[Record]], seed: int) -> Record:
    fps = play.fps
    events: list[expected.Event] = []
    facts: list[Record] = []
    for window in play.windows:
        subject = f"w{window.number}"
        held = _facts(zones, subject, pictures)
        events += expected.window_events(subject, held, fps)
        for what, holds in held.items():
            facts += [
                {"subject": subject, "what": what, "from_s": began, "to_s": ended}
                for began, ended in expected.spells(holds, fps, bridge_s=1.0)
            ]
    counts: list[Record] = []
    if zones.queue is not None:
        queue = [zones.in_queue(objects) for objects in pictures]
        events += expected.long_queue("q1", queue, fps)
        counts = [
            {"subject": "q1", "at_s": at, "count": n} for at, n in expected.changes(queue, fps)
        ]
    return {
        "clip": "clip.mp4",
        "seed": seed,
        "fps": fps,
        "duration_s": len(pictures) / fps,
        "width": play.size[0],
        "height": play.size[1],
        "recorded_at": play.recorded_at.isoformat(),
        "events": [asdict(event) for event in sorted(events, key=lambda e: e.began_s)],
        "facts": sorted(facts, key=lambda fact: (fact["from_s"], fact["subject"])),
        "counts": counts,
    }


def _facts(
    zones: Zones, subject: str, pictures: Sequence[Sequence[Record]]
) -> dict[str, list[bool]]:
    """What holds at a window in each picture."""
    held: dict[str, list[bool]] = {
        name: [] for name in ("absent", "sign", "phone", "eating", *DOINGS, "citizen_at_counter")
    }
    meal: list[bool] = []
    for objects in pictures:
        staff = zones.staff_at(subject, objects)
        held["absent"].append(not staff)
        mine = [o for o in objects if o.get("window") == subject]
        held["sign"].append(any(o["label"] == Label.PAUSE_SIGN for o in mine))
        held["phone"].append(bool(staff) and any(o["label"] == Label.PHONE for o in mine))
        food = [o for o in mine if o["label"] == Label.FOOD]
        doings = {o["activity"] for o in mine if o.get("role") == "staff" and "activity" in o}
        bites = (at_mouth(f["box"], person["box"]) for f in food for person in staff)
        held["eating"].append(any(bites))
        meal.append("eating" in doings)
        for doing in DOINGS:
            held[doing].append(doing in doings)
        held["citizen_at_counter"].append(zones.citizens_at(subject, objects) > 0)
    held["eating"] = with_table_meals(held["eating"], meal)
    return held


def with_table_meals(at_mouth: Sequence[bool], meal: Sequence[bool]) -> list[bool]:
    """Pictures that show eating: food at the mouth; and the whole of a meal during which it never
    is, as of who eats from a box on the desk with chopsticks."""
    told = list(at_mouth)
    for first, last in expected.spells(meal, 1.0):
        part = slice(round(first), round(last))
        if not any(at_mouth[part]):
            told[part] = [True] * (part.stop - part.start)
    return told


def _write_truth(path: Path, play: Play, shown: Sequence[float], looks: dict[float, Look]) -> None:
    """looks: objects of each rendered moment; pictures: which look each picture of the clip is."""
    number = {at_s: k for k, at_s in enumerate(looks)}
    table = {
        "fps": play.fps,
        "camera": {
            "location_m": play.view.camera.location.round(3).tolist(),
            "axes": play.view.camera.axes.round(5).tolist(),
            "focal_px": play.view.camera.focal_px * play.size[0] / play.view.camera.width,
        },
        "looks": [look.objects for look in looks.values()],
        "pictures": [number[at_s] for at_s in shown],
    }
    with path.open("wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
        packed.write(json.dumps(table, separators=(",", ":")).encode())
