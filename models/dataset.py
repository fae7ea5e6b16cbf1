"""Building a training set in YOLO's layout out of photos and rendered scenes.

A source folder holds `images/`, `labels/` (YOLO text, classes numbered as `Label`) and
`sources.csv`, which names for each picture its origin and the classes that are *not* labelled
completely in it. Such classes are written down as masked: training never takes them for
background, and evaluation does not judge them.

The set that is made holds `images/<split>/`, `labels/<split>/` and `pictures.csv` (file, split,
source, masked). Splits never share an original: variants of one photo go together, and the last
fifth of a video is held out whole.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vision.records import DOING, Label

TRAIN, VAL, TEST = "train", "val", "test"
RENDERED, RENDERED_SEAT, RENDERED_CLOSE, COCO = "rendered", "renderedseat", "renderedclose", "coco"
COCO_TRAIN, COCO_CHECK = "cocotrain", "cococheck"
MARKED = "marked"
"""Close-ups that a hall's people have judged (`models.marked`)."""
CLOSE_SOURCES = frozenset({"har", "iewel", "atul", "sam", MARKED, RENDERED_CLOSE, RENDERED_SEAT})
"""Pictures that are a seat already: shown as they are, a little shifted."""
HELD_OUT = 0.2
"""Share of every source of photos that is only measured on."""
REACH = 0.1
"""A phone counts as held when its centre lies in a person's box widened by this share."""

WORDS: Mapping[str, Label] = {
    **{label.name.lower(): label for label in Label},
    "people": Label.PERSON,
    "book": Label.READING,
    "newspaper": Label.READING,
    "sleeping": Label.HEAD_DOWN,
    "napping": Label.HEAD_DOWN,
    "sign": Label.PAUSE_SIGN,
}
"""What `sources.csv` calls the labels."""

COCO_FOODS = (
    "banana", "apple", "sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut",
    "cake",
)  # fmt: skip
COCO_LABELS: Mapping[str, Label] = {
    "person": Label.PERSON,
    "cell phone": Label.PHONE,
    "bottle": Label.DRINK,
    "wine glass": Label.DRINK,
    "cup": Label.DRINK,
    "book": Label.READING,
    **dict.fromkeys(COCO_FOODS, Label.FOOD),
}
"""COCO's class names and the labels of ours that they come nearest to."""
NOT_IN_COCO = frozenset({Label.CIGARETTE, *DOING})
LOOKED_THROUGH = frozenset({COCO, COCO_TRAIN, "sam", "bav", "ade"})
"""Photos that we looked through: nobody smokes in them or sleeps at a desk. If they said nothing
of it, a network would learn that whoever has a real face smokes, since all of `iewel` do."""
SEEN_ABSENT = frozenset({Label.CIGARETTE, Label.SMOKING, Label.HEAD_DOWN})

Boxes = NDArray[np.float32]
"""(n, 5): label, then centre x, centre y, width and height as shares of the picture."""


class DatasetError(Exception):
    """A source of pictures is not as it must be. The text says what to do."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One picture of a set. masked: labels that may be in it without a box."""

    image: Path
    boxes: Boxes
    source: str
    masked: frozenset[Label]
    split: str = TRAIN


def read_folder(folder: Path, split: str | None = None) -> list[Labelled]:
    """The pictures of a source folder. split: all go there; None: divided by `divided`.

    Raises DatasetError for a missing part, a picture without a label file or a malformed line.
    """
    table = folder / "sources.csv"
    if not table.is_file():
        raise DatasetError(f"{folder} has no sources.csv: name a folder of images/ and labels/")
    with table.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    pictures = []
    for row in rows:
        masked = _masked(row)
        image = folder / "images" / row["file"]
        label = folder / "labels" / f"{image.stem}.txt"
        if not image.is_file():
            raise DatasetError(f"{table} names {row['file']}, which is not in {folder / 'images'}")
        boxes = read_boxes(label)
        source = _source(row["file"], rendered=split is not None)
        if source == COCO:
            boxes = held_phones_only(boxes)
        if split is None:
            boxes, unknown = with_doing(boxes, source, image.stem)
            masked = (masked - SEEN_ABSENT if source in LOOKED_THROUGH else masked) | unknown
        pictures.append(Labelled(image, boxes, source, masked, split or TRAIN))
    originals = {p.image: _original(row) for p, row in zip(pictures, rows, strict=True)}
    return pictures if split else list(divided(pictures, originals))


def read_coco(folder: Path, source: str, split: str) -> list[Labelled]:
    """Photos with COCO's `instances.json`. A phone that nobody holds is left out (see `Label`);
    pictures with crowds mask the crowd's class. What COCO has no class for is judged only where it
    was looked for (`LOOKED_THROUGH`)."""
    content = json.loads((folder / "instances.json").read_text("utf-8"))
    labels = {c["id"]: COCO_LABELS.get(c["name"]) for c in content["categories"]}
    boxes: dict[int, list[list[float]]] = {i["id"]: [] for i in content["images"]}
    crowds: dict[int, set[Label]] = {i["id"]: set() for i in content["images"]}
    sizes = {i["id"]: (i["width"], i["height"]) for i in content["images"]}
    for thing in content["annotations"]:
        label = labels[thing["category_id"]]
        if label is None:
            continue
        picture = thing["image_id"]
        if thing["iscrowd"]:
            crowds[picture].add(label)
            continue
        wide, tall = sizes[picture]
        x, y, w, h = thing["bbox"]
        boxes[picture].append([label, (x + w / 2) / wide, (y + h / 2) / tall, w / wide, h / tall])
    pictures = []
    for image in content["images"]:
        found = held_phones_only(np.array(boxes[image["id"]], np.float32).reshape(-1, 5))
        unknown = NOT_IN_COCO
        if source in LOOKED_THROUGH:
            found, unknown = with_doing(found, source, image["file_name"])
        file = folder / "images" / image["file_name"]
        pictures.append(Labelled(file, found, source, unknown | crowds[image["id"]], split))
    return pictures


def read_boxes(path: Path) -> Boxes:
    """A YOLO label file, (n, 5). Raises DatasetError naming file and line."""
    if not path.is_file():
        raise DatasetError(f"there is no label file {path}; an empty one says: nothing in it")
    rows = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            values = [float(v) for v in line.split()]
            Label(int(values[0]))
            if len(values) != 5 or not all(0 <= v <= 1.001 for v in values[1:]):
                raise ValueError
        except (ValueError, IndexError):
            raise DatasetError(
                f"{path}, line {number}: {line!r} is not `label x y w h` with a label of "
                f"0..{len(Label) - 1} and shares of the picture"
            ) from None
        rows.append(values)
    return np.array(rows, np.float32).reshape(-1, 5)


def held_phones_only(boxes: Boxes) -> Boxes:
    """The boxes without the phones that lie at nobody: those are background to us."""
    people = boxes[boxes[:, 0] == Label.PERSON]
    near = (
        np.abs(boxes[:, None, 1:3] - people[None, :, 1:3])
        <= (0.5 + REACH) * people[None, :, 3:5]
    ).all(axis=2).any(axis=1)  # fmt: skip
    kept: Boxes = boxes[(boxes[:, 0] != Label.PHONE) | near]
    return kept


def with_doing(boxes: Boxes, source: str, name: str) -> tuple[Boxes, frozenset[Label]]:
    """A photo's boxes and those of who eats and who smokes in it, told by its source; and which of
    the two labels it does not judge.

    `har` says in a picture's name what its people do (`har_0012_eating`): a single person there
    eats; of several one may be chewing. In `iewel`, who has a cigarette smokes. In COCO's photos
    somebody may eat wherever there is food. A hall's own pictures say it in their `sources.csv`."""
    unknown: set[Label] = set()
    people = boxes[boxes[:, 0] == Label.PERSON]
    if source == "har":
        does = name.split("_", 2)[-1]
        if does == "eating" and len(people) == 1:
            boxes = np.concatenate([boxes, _as(Label.EATING, people)])
        elif does not in DO_NOT_EAT and not (does == "drinking" and len(people) == 1):
            unknown = {Label.EATING}
    elif source == "iewel":
        lit = boxes[boxes[:, 0] == Label.CIGARETTE]
        apart = np.abs(people[:, None, 1:3] - lit[None, :, 1:3])
        theirs = (apart <= 0.5 * people[:, None, 3:5]).all(axis=2).any(axis=1)
        boxes = np.concatenate([boxes, _as(Label.SMOKING, people[theirs])])
    elif source in (COCO, COCO_TRAIN) and (boxes[:, 0] == Label.FOOD).any():
        unknown = {Label.EATING}
    elif source == "atul":
        unknown = {Label.EATING, Label.SMOKING}
    return boxes, frozenset(unknown)


DO_NOT_EAT = frozenset({"calling", "texting", "using_laptop", "sitting", "sleeping", "book"})
"""What `har` calls doings beside which nobody eats; nor does one who drinks alone."""


def _as(label: Label, boxes: Boxes) -> Boxes:
    renamed = boxes.copy()
    renamed[:, 0] = label
    return renamed


def divided(pictures: Iterable[Labelled], originals: Mapping[Path, str]) -> Iterator[Labelled]:
    """The pictures with a split each: stills by a hash of their original, films by time."""
    by_film: dict[str, list[Labelled]] = {}
    for picture in pictures:
        original = originals[picture.image]
        if re.search(r"frame_\d|_mp4-\d", original):
            by_film.setdefault(picture.source, []).append(picture)
        else:
            yield replace(picture, split=TEST if _draw(original) < HELD_OUT else TRAIN)
    for frames in by_film.values():
        frames.sort(key=lambda p: originals[p.image])
        border = round(len(frames) * (1 - HELD_OUT))
        for i, frame in enumerate(frames):
            yield replace(frame, split=TRAIN if i < border else TEST)


def write_dataset(pictures: Iterable[Labelled], target: Path) -> dict[str, int]:
    """Lay the pictures out under `target` (images are linked, or copied where links fail).
    Returns how many pictures each source gave to each split, as `source/split`."""
    counts: dict[str, int] = {}
    taken: set[str] = set()
    rows = []
    for picture in pictures:
        images, labels = target / "images" / picture.split, target / "labels" / picture.split
        images.mkdir(parents=True, exist_ok=True)
        labels.mkdir(parents=True, exist_ok=True)
        name = _free(f"{picture.source}-{picture.image.name}", taken)
        _linked(picture.image, images / name)
        text = "".join(f"{int(b[0])} " + " ".join(f"{v:.6f}" for v in b[1:]) + "\n"
                       for b in picture.boxes)  # fmt: skip
        (labels / f"{Path(name).stem}.txt").write_text(text, "utf-8")
        masked = " ".join(sorted(label.name.lower() for label in picture.masked))
        rows.append([name, picture.split, picture.source, masked])
        key = f"{picture.source}/{picture.split}"
        counts[key] = counts.get(key, 0) + 1
    with (target / "pictures.csv").open("w", newline="", encoding="utf-8") as lines:
        csv.writer(lines).writerows([["file", "split", "source", "masked"], *sorted(rows)])
    names = [label.name.lower() for label in Label]
    (target / "data.yaml").write_text(
        f"path: .\ntrain: images/{TRAIN}\nval: images/{TEST}\nnames: {json.dumps(names)}\n", "utf-8"
    )
    return counts


def read_dataset(target: Path, *splits: str) -> list[Labelled]:
    """The pictures of those splits of a set that `write_dataset` made."""
    try:
        with (target / "pictures.csv").open(newline="", encoding="utf-8") as lines:
            rows = [row for row in csv.DictReader(lines) if row["split"] in splits]
    except FileNotFoundError:
        raise DatasetError(
            f"{target} is no training set: make it with `hallwatch models dataset`"
        ) from None
    return [
        Labelled(
            target / "images" / row["split"] / row["file"],
            read_boxes(target / "labels" / row["split"] / f"{Path(row['file']).stem}.txt"),
            row["source"],
            frozenset(Label[word.upper()] for word in row["masked"].split()),
            row["split"],
        )
        for row in rows
    ]


def _masked(row: Mapping[str, str]) -> frozenset[Label]:
    column = next((c for c in row if c.startswith("partial")), None)
    if column is None:
        raise DatasetError("sources.csv has no column partial_classes; write `none` where complete")
    words = re.findall(r"[a-z_]+", (row[column] or "").lower())
    return frozenset(WORDS[word] for word in words if word in WORDS)


def _source(file: str, *, rendered: bool) -> str:
    """A photo's source is its name's prefix; a rendered close-up is named `close_...`, a rendered
    seat crop `..._w<window>`."""
    if rendered and file.startswith("close_"):
        return RENDERED_CLOSE
    if rendered:
        return RENDERED_SEAT if re.search(r"_w\w+$", Path(file).stem) else RENDERED
    return re.split(r"[_\d]", file, maxsplit=1)[0]


def _original(row: Mapping[str, str]) -> str:
    """The name of what the picture was made from: augmented variants share it."""
    return f"{row.get('repo', '')}/{Path(row.get('path') or row['file']).name.split('.rf.')[0]}"


def _draw(text: str) -> float:
    """A number in 0..1 that the text alone decides."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 0x100000000


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number where another picture has it: rendered folders name alike."""
    stem, suffix = Path(name).stem, Path(name).suffix
    number = 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}{suffix}"
    taken.add(name)
    return name


def _linked(image: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    try:
        target.symlink_to(image.resolve())
    except OSError:
        shutil.copyfile(image, target)
