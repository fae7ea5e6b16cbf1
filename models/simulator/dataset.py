"""Rendered scenes as a data set: pictures, YOLO labels, and sources.csv as the photographs have it.

Each scene gives the whole picture as a 960x540 stream shows it, and a crop of each watched window's
seat, as the product cuts them, from a stream of 960, 1280 or 1600 pixels' width. Classes are those
of `vision.records.Label`.

Cups and food lying about are labelled like those in a hand, as they are in photographs: the rules
tell them apart by where they are. A phone that lies there is background. A thing that is there but
too small or too hidden to label makes its class "not exhaustive" in that picture.
"""

from __future__ import annotations

import csv
import multiprocessing
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from models.simulator.anatomy import cache_folder
from models.simulator.bake import baked
from models.simulator.hall import Split, make_hall, one, seed_of
from models.simulator.optics import Stored, clocked, developed, gain, jpeg, sample_optics
from models.simulator.scenes import Cast, Item, sample_scene
from models.simulator.studio import Shot, Studio
from models.simulator.truth import Box, Seen, seen_in
from models.simulator.views import View, box_of, sample_view, staff_points
from vision.records import Label

WHOLE_WIDTH = 960
CROP_WIDTHS = (960, 1280, 1280, 1600, 1600)
"""The streams' widths that seat crops are cut from."""
COLUMNS = (
    "file",
    "repo",
    "path",
    "licence",
    "partial_classes(not exhaustively labelled)",
    "label_origin",
)
NAMES = {label: label.name.lower() for label in Label} | {Label.READING: "book"}
"""Class names as the photographs' table has them."""
LEAST_SHARE = {Label.PERSON: 0.12, Label.HEAD_DOWN: 0.15, Label.PAUSE_SIGN: 0.5}
"""Less of a thing in sight than this is not labelled; 0.3 for the rest."""
NOTICED_SHARE = 0.06
LEAST_PX = {Label.PERSON: 60.0, Label.HEAD_DOWN: 120.0, Label.PAUSE_SIGN: 60.0}
"""Fewer pixels of a thing in the stored picture than this are not labelled; 14 for the rest."""
LEAST_IN_CROP = 0.4


@dataclass(frozen=True, slots=True)
class Batch:
    """A hall, one of its cameras, and the numbers of the scenes to render with them."""

    split: Split
    hall: int
    camera: int
    scenes: tuple[int, ...]


@dataclass(slots=True)
class Labels:
    """One stored picture's boxes (pixels of that picture) and the classes not fully labelled."""

    boxes: list[tuple[Label, Box]] = field(default_factory=list)
    partial: set[Label] = field(default_factory=set)


def batches(split: Split, scenes: int, halls: int, a_batch: int = 30) -> list[Batch]:
    """A round through all halls with one camera each, then a round with others: any beginning of
    the list is a usable data set."""
    numbers = iter(range(scenes))
    made: list[Batch] = []
    while True:
        camera, hall = divmod(len(made), halls)
        taken = tuple(islice(numbers, a_batch))
        if not taken:
            return made
        made.append(Batch(split, hall, camera, taken))


def write_dataset(
    out: Path, split: Split, scenes: int, halls: int, seed: int, workers: int
) -> Iterator[tuple[int, int]]:
    """Renders into out/images, out/labels and out/sources.csv; yields (scenes done, of all).

    What is listed in sources.csv already is not rendered again."""
    (out / "images").mkdir(parents=True, exist_ok=True)
    (out / "labels").mkdir(exist_ok=True)
    done = _done(out / "sources.csv")
    a_batch = max(5, min(30, scenes // halls))
    work = []
    for batch in batches(split, scenes, halls, a_batch):
        left = tuple(n for n in batch.scenes if n not in done)
        if left:
            work.append(Batch(batch.split, batch.hall, batch.camera, left))
    finished = scenes - sum(len(batch.scenes) for batch in work)
    yield finished, scenes
    spawn = multiprocessing.get_context("spawn")
    queue = spawn.SimpleQueue()
    with ProcessPoolExecutor(
        workers, mp_context=spawn, initializer=_begin, initargs=(queue,)
    ) as pool:
        tasks = [pool.submit(_render_batch, out, seed, batch) for batch in work]
        try:
            while finished < scenes:
                if queue.empty():
                    _raise_failures(tasks)
                    time.sleep(0.2)
                    continue
                _append(out / "sources.csv", queue.get())
                finished += 1
                yield finished, scenes
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _raise_failures(tasks: Sequence[Future[None]]) -> None:
    """Raises what any worker raised."""
    for task in tasks:
        if task.done():
            task.result()


def _begin(queue: multiprocessing.SimpleQueue[list[list[str]]]) -> None:
    """A worker's start: where it reports each finished scene's rows."""
    cv2.setNumThreads(1)
    _report.append(queue)


_report: list[multiprocessing.SimpleQueue[list[list[str]]]] = []


def _render_batch(out: Path, seed: int, batch: Batch) -> None:
    hall_seed = seed_of(batch.split, batch.hall)
    hall = make_hall(hall_seed)
    view = sample_view(np.random.default_rng([hall_seed, 2, batch.camera]), hall)
    path = cache_folder() / "halls" / f"{hall_seed}-{batch.camera}.npy"
    background = baked(hall_seed, view.camera, path, threads=1)
    studio = Studio(hall, view.camera, background)
    cast = Cast.gathered(np.random.default_rng([hall_seed, 3, batch.camera % 2]))
    caller = multiprocessing.parent_process()
    for number in batch.scenes:
        if caller is not None and not caller.is_alive():
            return  # nobody would list what is rendered
        rng = np.random.default_rng([seed, hall_seed, batch.camera, number])
        name = f"sim_{batch.split}_{number:05d}_h{batch.hall:03d}c{batch.camera}"
        _report[0].put(_render_scene(out, name, rng, view, studio, cast))


def _render_scene(
    out: Path, name: str, rng: np.random.Generator, view: View, studio: Studio, cast: Cast
) -> list[list[str]]:
    """Writes one scene's pictures and labels; returns its rows of sources.csv."""
    items = sample_scene(rng, studio.hall, view, cast)
    shot = studio.shoot([item.drawn for item in items], rng)
    seen = seen_in(shot, view.camera, [item.drawn for item in items])
    rows = []
    for suffix, picture, frame, scale, quality in _pictures(rng, view, shot, studio):
        labels = labelled(items, seen, view, frame, scale)
        file = f"{name}{suffix}"
        _write_labels(out / "labels" / f"{file}.txt", labels, picture)
        (out / "images" / f"{file}.jpg").write_bytes(jpeg(picture, quality))
        partial_classes = " ".join(NAMES[label] for label in sorted(labels.partial))
        rows.append(
            [
                f"{file}.jpg",
                "hallwatch simulator",
                f"hall {studio.hall.seed} {view.side} {name}",
                "AGPL-3.0 (rendered)",
                partial_classes,
                "exact: rendered",
            ]
        )
    return rows


def _pictures(
    rng: np.random.Generator, view: View, shot: Shot, studio: Studio
) -> Iterator[tuple[str, Stored, Box, float, int]]:
    """The whole picture and a crop of every watched seat: name's ending, picture, the part of the
    camera's picture that it shows, stored pixels to one of the camera's, JPEG quality."""
    optics = sample_optics(rng)
    amplify = gain(optics, studio.background)
    width, height = view.camera.width, view.camera.height
    scale = WHOLE_WIDTH / width
    size = (WHOLE_WIDTH, round(height * scale))
    small = cv2.resize(shot.light, size, interpolation=cv2.INTER_AREA)
    whole = developed(np.asarray(small, np.float32), optics, amplify, rng)
    if rng.random() < 0.8:
        hour, minute, second = rng.integers(8, 18), rng.integers(60), rng.integers(60)
        clock = f"2026-{rng.integers(1, 13):02d}-{rng.integers(1, 29):02d} "
        clocked(whole, f"{clock}{hour:02d}:{minute:02d}:{second:02d}", f"CAM {rng.integers(1, 40)}")
    yield "", whole, (0.0, 0.0, float(width), float(height)), scale, optics.jpeg_quality
    for window in view.windows:
        part = seat_part(rng, view, box_of(view.camera, staff_points(window)))
        stream = int(one(rng, CROP_WIDTHS))
        left, top, right, bottom = (int(v) for v in part)
        light = shot.light[top:bottom, left:right]
        scale = stream / width
        if scale < 1:
            fitted = (max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale)))
            light = np.asarray(cv2.resize(light, fitted, interpolation=cv2.INTER_AREA), np.float32)
        frame = (left / width, top / height, right / width, bottom / height)
        crop = developed(light, optics, amplify, rng, frame=frame, width_of_whole=stream)
        box = (float(left), float(top), float(right), float(bottom))
        yield f"_w{window.number}", crop, box, scale, optics.jpeg_quality


def seat_part(rng: np.random.Generator, view: View, zone: Box) -> Box:
    """The part of the picture about a staff zone, roughly square, a little other each time."""
    width, height = view.camera.width, view.camera.height
    x, y = (zone[0] + zone[2]) / 2, (zone[1] + zone[3]) / 2
    side = max(zone[2] - zone[0], zone[3] - zone[1]) * float(rng.uniform(0.95, 1.35))
    x += side * float(rng.uniform(-0.1, 0.1))
    y += side * float(rng.uniform(-0.1, 0.1))
    left, top = max(0.0, x - side / 2), max(0.0, y - side / 2)
    return left, top, min(float(width), x + side / 2), min(float(height), y + side / 2)


def labelled(
    items: Sequence[Item], seen: Sequence[Seen], view: View, frame: Box, scale: float
) -> Labels:
    """What of the scene is to be found in this part of the picture."""
    labels = Labels()
    for sight in seen:
        item = items[sight.index]
        for label in _labels_of(item, view):
            box = _cut(sight.box, frame)
            inside = _area(box) / max(_area(sight.box), 1e-9)
            pixels = sight.pixels * inside * scale**2
            person = label in (Label.PERSON, Label.HEAD_DOWN)
            clear = sight.share >= LEAST_SHARE.get(label, 0.3)
            clear &= pixels >= LEAST_PX.get(label, 14.0)
            clear &= inside >= (0.15 if person else LEAST_IN_CROP)
            if clear:
                left, top = frame[:2]
                x1, y1, x2, y2 = box
                where = (x1 - left, y1 - top, x2 - left, y2 - top)
                a, b, c, d = (v * scale for v in where)
                labels.boxes.append((label, (a, b, c, d)))
            elif not person and inside > 0 and sight.share > NOTICED_SHARE:
                labels.partial.add(label)
    return labels


def _labels_of(item: Item, view: View) -> list[Label]:
    if item.label is None:
        return []
    if item.sign is not None and not _faces(item, view):
        return []
    if item.moment is not None and item.moment.activity == "napping":
        return [Label.PERSON, Label.HEAD_DOWN]
    return [item.label]


def _faces(item: Item, view: View) -> bool:
    """Whether the camera looks at the sign's printed side, not too slanting."""
    sheet = next(part for part in item.drawn.meshes if part.texture is not None)
    a, b, c = sheet.vertices[sheet.faces[0]]
    front = np.cross(b - a, c - a)
    to_camera = view.camera.location - a
    return bool(front @ to_camera > 0.2 * np.linalg.norm(front) * np.linalg.norm(to_camera))


def _cut(box: Box, frame: Box) -> Box:
    left, top = max(box[0], frame[0]), max(box[1], frame[1])
    return left, top, max(left, min(box[2], frame[2])), max(top, min(box[3], frame[3]))


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _write_labels(path: Path, labels: Labels, picture: Stored) -> None:
    height, width = picture.shape[:2]
    lines = []
    for label, (x1, y1, x2, y2) in labels.boxes:
        x, y = (x1 + x2) / 2 / width, (y1 + y2) / 2 / height
        lines.append(
            f"{int(label)} {x:.6f} {y:.6f} {(x2 - x1) / width:.6f} {(y2 - y1) / height:.6f}\n"
        )
    path.write_text("".join(lines))


def _done(path: Path) -> set[int]:
    """The numbers of the scenes whose whole picture is listed."""
    if not path.exists():
        return set()
    with path.open(newline="", encoding="utf-8") as table:
        files = [row["file"] for row in csv.DictReader(table)]
    return {int(file.split("_")[2]) for file in files}


def _append(path: Path, rows: Iterable[Sequence[str]]) -> None:
    fresh = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as table:
        writer = csv.writer(table)
        if fresh:
            writer.writerow(COLUMNS)
        writer.writerows(rows)
