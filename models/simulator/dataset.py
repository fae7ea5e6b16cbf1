"""Rendered scenes as a data set: pictures, YOLO labels, sources.csv as the photographs have it, and
the exact truth.

Each scene of the domain `hall` gives the whole picture as a 960x540 stream shows it, and a crop of
each watched window's seat, as the product cuts them, from a stream of 960, 1280 or 1600 pixels'
width; each scene of `close-ups` gives one seat as a zoom camera sees it. Classes are those of
`vision.records.Label`. truth/<picture>.json.gz tells of every thing in the picture its kind, owner,
boxes, mask and, of people, keypoints and activity.

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
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from models.simulator.anatomy import cache_folder
from models.simulator.bake import baked
from models.simulator.domain import Domain
from models.simulator.hall import Hall, Split, make_hall, one, seed_of
from models.simulator.labels import labelled, truth_of, write_labels, write_truth
from models.simulator.optics import Stored, clocked, developed, gain, jpeg, sample_optics
from models.simulator.scenes import Cast, sample_scene
from models.simulator.studio import Picture, Shot, Studio
from models.simulator.truth import Box, seen_in
from models.simulator.views import CLOSE_PX, View, box_of, close_view, sample_view, staff_points
from vision.records import Label

WHOLE_WIDTH = 960
CROP_WIDTHS = (960, 1280, 1280, 1600, 1600)
"""The streams' widths that seat crops are cut from."""
SEATS_A_CAMERA = 3
"""Close-ups cut from one wide camera before the next is hung."""
CLOSE_CAST = (6, 4)
"""Clerks and citizens of one close-up camera."""
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


@dataclass(frozen=True, slots=True)
class Batch:
    """A hall, one of its cameras, and the numbers of the scenes to render with them."""

    split: Split
    hall: int
    camera: int
    scenes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """What a run renders: where to, from what, begun from which seed."""

    out: Path
    domain: Domain
    seed: int


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
    order: Order, split: Split, scenes: int, halls: int, workers: int
) -> Iterator[tuple[int, int]]:
    """Renders into out/images, labels, truth and sources.csv; yields (scenes done, of all).

    What is listed in sources.csv already is not rendered again."""
    out = order.out
    for folder in ("images", "labels", "truth"):
        (out / folder).mkdir(parents=True, exist_ok=True)
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
        tasks = [pool.submit(_render_batch, order, batch) for batch in work]
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


def _render_batch(order: Order, batch: Batch) -> None:
    """Ends early, before anything dear is made, when the process that asked for it is gone."""
    if not _wanted():
        return
    hall_seed = seed_of(batch.split, batch.hall)
    hall = make_hall(hall_seed)
    view, background = _view(order.domain, hall, batch)
    studio = Studio(hall, view.camera, background)
    cast = _cast(order.domain, hall_seed, batch)
    for number in batch.scenes:
        if not _wanted():
            return
        rng = np.random.default_rng([order.seed, hall_seed, batch.camera, number])
        kind = "close" if order.domain.close_up else "sim"
        name = f"{kind}_{batch.split}_{number:05d}_h{batch.hall:03d}c{batch.camera}"
        _report[0].put(_render_scene(order, name, rng, view, studio, cast))


def _wanted() -> bool:
    """Whether somebody is there who would list what is rendered."""
    caller = multiprocessing.parent_process()
    return caller is None or caller.is_alive()


def _view(domain: Domain, hall: Hall, batch: Batch) -> tuple[View, Picture]:
    """The batch's camera and the empty hall through it. Close-ups are parts of wide pictures, so
    that one dear bake serves several."""
    number = batch.camera // SEATS_A_CAMERA if domain.close_up else batch.camera
    wide = sample_view(np.random.default_rng([hall.seed, 2, number]), hall)
    path = cache_folder() / "halls" / f"{hall.seed}-{number}.npy"
    background = baked(hall.seed, wide.camera, path, threads=1)
    if not domain.close_up:
        return wide, background
    rng = np.random.default_rng([hall.seed, 4, batch.camera])
    window = wide.windows[batch.camera % SEATS_A_CAMERA % len(wide.windows)]
    view, (left, top, side) = close_view(rng, wide, window, domain.seat_share)
    part = background[top : top + side, left : left + side]
    size = (CLOSE_PX, CLOSE_PX)
    zoomed = cv2.resize(part, size, interpolation=cv2.INTER_CUBIC)
    return view, np.asarray(np.maximum(zoomed, 0), np.float32)


def _cast(domain: Domain, hall_seed: int, batch: Batch) -> Cast:
    if domain.close_up:
        rng = np.random.default_rng([hall_seed, 5, batch.camera])
        return Cast.gathered(rng, staff=CLOSE_CAST[0], citizens=CLOSE_CAST[1])
    return Cast.gathered(np.random.default_rng([hall_seed, 3, batch.camera % 2]))


def _render_scene(
    order: Order, name: str, rng: np.random.Generator, view: View, studio: Studio, cast: Cast
) -> list[list[str]]:
    """Writes one scene's pictures, labels and truth; returns its rows of sources.csv."""
    out, domain = order.out, order.domain
    items = sample_scene(rng, studio.hall, view, cast, domain)
    shot = studio.shoot([item.drawn for item in items], rng)
    seen = seen_in(shot, view.camera, [item.drawn for item in items])
    taken = _close_up if domain.close_up else _pictures
    rows = []
    for suffix, picture, frame, scale, quality in taken(rng, domain, view, shot, studio):
        labels = labelled(items, seen, view, frame, scale)
        file = f"{name}{suffix}"
        write_labels(out / "labels" / f"{file}.txt", labels, picture)
        records = truth_of(items, seen, shot, view, frame, scale, picture)
        write_truth(out / "truth" / f"{file}.json.gz", records)
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
    rng: np.random.Generator, domain: Domain, view: View, shot: Shot, studio: Studio
) -> Iterator[tuple[str, Stored, Box, float, int]]:
    """The whole picture and a crop of every watched seat: name's ending, picture, the part of the
    camera's picture that it shows, stored pixels to one of the camera's, JPEG quality."""
    optics = sample_optics(rng, domain)
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


def _close_up(
    rng: np.random.Generator, domain: Domain, view: View, shot: Shot, studio: Studio
) -> Iterator[tuple[str, Stored, Box, float, int]]:
    """One seat, stored as small as streams of different width show it; as `_pictures` yields it."""
    optics = sample_optics(rng, domain)
    amplify = gain(optics, studio.background)
    width, height = view.camera.width, view.camera.height
    scale = float(np.exp(rng.uniform(*np.log(domain.shrink))))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    light = np.asarray(cv2.resize(shot.light, size, interpolation=cv2.INTER_AREA), np.float32)
    stream = int(one(rng, CROP_WIDTHS))
    x, y = float(rng.uniform(0.1, 0.7)), float(rng.uniform(0.1, 0.5))
    part = (x, y, x + size[0] / stream, y + size[1] / stream * 16 / 9)
    crop = developed(light, optics, amplify, rng, frame=part, width_of_whole=stream)
    frame = (0.0, 0.0, float(width), float(height))
    yield f"_w{view.windows[0].number}", crop, frame, size[0] / width, optics.jpeg_quality


def seat_part(rng: np.random.Generator, view: View, zone: Box) -> Box:
    """The part of the picture about a staff zone, roughly square, a little other each time."""
    width, height = view.camera.width, view.camera.height
    x, y = (zone[0] + zone[2]) / 2, (zone[1] + zone[3]) / 2
    side = max(zone[2] - zone[0], zone[3] - zone[1]) * float(rng.uniform(0.95, 1.35))
    x += side * float(rng.uniform(-0.1, 0.1))
    y += side * float(rng.uniform(-0.1, 0.1))
    left, top = max(0.0, x - side / 2), max(0.0, y - side / 2)
    return left, top, min(float(width), x + side / 2), min(float(height), y + side / 2)


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
