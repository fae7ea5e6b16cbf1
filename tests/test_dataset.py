"""Training sets: what is masked, who is held out, and what a malformed source is told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from models.dataset import (
    RENDERED,
    RENDERED_SEAT,
    TEST,
    TRAIN,
    DatasetError,
    held_phones_only,
    read_boxes,
    read_coco,
    read_dataset,
    read_folder,
    with_doing,
    write_dataset,
)
from vision.records import DOING, Label

HEADER = "file,repo,path,licence,partial_classes(not exhaustively labelled),label_origin\n"


def folder_of(root: Path, rows: dict[str, tuple[str, str]]) -> Path:
    """A source folder. rows: file -> (original's path, partial classes)."""
    for name in ("images", "labels"):
        (root / name).mkdir(parents=True, exist_ok=True)
    lines = [HEADER]
    for file, (path, partial) in rows.items():
        (root / "images" / file).write_bytes(b"picture")
        (root / "labels" / f"{Path(file).stem}.txt").write_text("0 0.5 0.5 0.2 0.4\n")
        lines.append(f'{file},repo,{path},free,"{partial}",by hand\n')
    (root / "sources.csv").write_text("".join(lines), "utf-8")
    return root


@pytest.mark.parametrize(
    ("partial", "masked"),
    [
        ("", set()),
        ("none", set()),
        ("food drink book", {Label.FOOD, Label.DRINK, Label.READING}),
        ("person phone (pseudo)", {Label.PERSON, Label.PHONE}),
        ("food; wall posters of people unlabelled", {Label.FOOD, Label.PERSON}),
        ("none (cigarette/sleeping not a class)", {Label.CIGARETTE, Label.HEAD_DOWN}),
        ("pause_sign", {Label.PAUSE_SIGN}),
    ],
)
def test_partial_labels_are_masked(tmp_path: Path, partial: str, masked: set[Label]) -> None:
    photos = {"bav_1.jpg": ("a.jpg", partial), "ours_1.jpg": ("b.jpg", partial)}
    looked_through, ours = read_folder(folder_of(tmp_path, photos))
    assert ours.masked == masked
    assert looked_through.masked == masked - {Label.CIGARETTE, Label.SMOKING, Label.HEAD_DOWN}


ONE, TWO = [[0, 0.3, 0.5, 0.2, 0.4]], [[0, 0.3, 0.5, 0.2, 0.4], [0, 0.7, 0.5, 0.2, 0.4]]
LIT, FOOD = [4, 0.34, 0.6, 0.02, 0.02], [2, 0.34, 0.6, 0.1, 0.1]


@pytest.mark.parametrize(
    ("source", "name", "boxes", "told", "unknown"),
    [
        ("har", "har_0001_eating", ONE, [Label.EATING], set()),
        ("har", "har_0001_eating", TWO, [], {Label.EATING}),  # one of them may be chewing
        ("har", "har_0001_texting", TWO, [], set()),
        ("har", "har_0001_drinking", ONE, [], set()),
        ("har", "har_0001_drinking", TWO, [], {Label.EATING}),  # at table, perhaps
        ("iewel", "iewel_0001", [*TWO, LIT], [Label.SMOKING], set()),
        ("iewel", "iewel_0001", ONE, [], set()),
        ("bav", "bav_0001", ONE, [], set()),
        ("coco", "coco_0001", ONE, [], set()),
        ("cocotrain", "000001", [*ONE, FOOD], [], {Label.EATING}),  # somebody may eat it
        ("atul", "atul_0001", ONE, [], {Label.EATING, Label.SMOKING}),
        ("ours", "ours_0001", ONE, [], set()),  # a hall's own: its sources.csv says
    ],
)
def test_what_people_do_is_told_by_the_photos_source(
    source: str, name: str, boxes: list[list[float]], told: list[Label], unknown: set[Label]
) -> None:
    before = np.array(boxes, np.float32)
    after, masked = with_doing(before, source, name)
    assert masked == unknown
    assert after[: len(before)].tolist() == before.tolist()
    assert [Label(int(label)) for label in after[len(before) :, 0]] == told
    assert all(box.tolist() == before[0, 1:].tolist() for box in after[len(before) :, 1:])


def test_a_fifth_of_the_stills_is_held_out_and_variants_stay_together(tmp_path: Path) -> None:
    rows = {f"iewel_{i:03}.jpg": (f"x/{i // 2}_jpg.rf.{i:x}.jpg", "none") for i in range(400)}
    pictures = read_folder(folder_of(tmp_path, rows))
    held = {p.image.name for p in pictures if p.split == TEST}
    assert 50 < len(held) < 110
    for i in range(0, 400, 2):
        assert (f"iewel_{i:03}.jpg" in held) == (f"iewel_{i + 1:03}.jpg" in held)
    assert held == {p.image.name for p in read_folder(tmp_path) if p.split == TEST}


def test_the_end_of_a_film_is_held_out(tmp_path: Path) -> None:
    rows = {f"bav_{i:02}.jpg": (f"frame_{100 + i}_jpg.rf.{i}.jpg", "none") for i in range(20)}
    pictures = read_folder(folder_of(tmp_path, rows))
    assert [p.image.name for p in pictures if p.split == TEST] == [
        f"bav_{i}.jpg" for i in range(16, 20)
    ]


def test_rendered_halls_keep_their_split(tmp_path: Path) -> None:
    rows = {"sim_1_h0c0.jpg": ("hall", ""), "sim_1_h0c0_w3.jpg": ("hall", "")}
    pictures = read_folder(folder_of(tmp_path, rows), TRAIN)
    assert [(p.source, p.split) for p in pictures] == [(RENDERED, TRAIN), (RENDERED_SEAT, TRAIN)]


def test_a_set_is_written_and_read_back(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "photos", {f"har_{i}.jpg": (f"{i}", "food") for i in range(30)})
    pictures = read_folder(folder)
    counts = write_dataset(pictures, tmp_path / "set")
    assert sum(counts.values()) == 30
    back = [*read_dataset(tmp_path / "set", TRAIN), *read_dataset(tmp_path / "set", TEST)]
    assert {p.image.name for p in back} == {f"har-har_{i}.jpg" for i in range(30)}
    assert all(p.image.read_bytes() == b"picture" for p in back)
    assert all(p.masked == {Label.FOOD, Label.EATING} for p in back)
    assert back[0].boxes.tolist() == pytest.approx(np.array([[0, 0.5, 0.5, 0.2, 0.4]]))


def test_pictures_of_one_name_are_all_kept(tmp_path: Path) -> None:
    folders = [folder_of(tmp_path / n, {"close_1_w1.jpg": ("hall", "")}) for n in ("a", "b")]
    (folders[1] / "images" / "close_1_w1.jpg").write_bytes(b"another")
    (folders[1] / "labels" / "close_1_w1.txt").write_text("")
    pictures = [p for folder in folders for p in read_folder(folder, TRAIN)]
    write_dataset(pictures, tmp_path / "set")
    back = read_dataset(tmp_path / "set", TRAIN)
    assert {(p.image.read_bytes(), len(p.boxes)) for p in back} == {
        (b"picture", 1),
        (b"another", 0),
    }


def test_coco_photos(tmp_path: Path) -> None:
    image = {"id": 7, "file_name": "7.jpg", "width": 100, "height": 50}
    things = [(1, [10, 10, 30, 40], 0), (77, [20, 20, 4, 4], 0), (77, [80, 5, 4, 4], 0),
              (3, [0, 0, 9, 9], 0), (52, [0, 0, 50, 50], 1)]  # fmt: skip
    content = {
        "images": [image],
        "categories": [{"id": 1, "name": "person"}, {"id": 77, "name": "cell phone"},
                       {"id": 3, "name": "car"}, {"id": 52, "name": "banana"}],
        "annotations": [{"image_id": 7, "category_id": c, "bbox": b, "iscrowd": k}
                        for c, b, k in things],
    }  # fmt: skip
    (tmp_path / "instances.json").write_text(json.dumps(content))
    picture = read_coco(tmp_path, "cococheck", TEST)[0]
    assert picture.boxes[:, 0].tolist() == [Label.PERSON, Label.PHONE]  # the other phone lies
    assert picture.boxes[0].tolist() == pytest.approx([0, 0.25, 0.6, 0.3, 0.8])
    assert picture.masked == {Label.CIGARETTE, *DOING, Label.FOOD}


def test_only_held_phones_count() -> None:
    person, held = [Label.PERSON, 0.5, 0.5, 0.4, 0.8], [Label.PHONE, 0.32, 0.5, 0.02, 0.03]
    lying = [Label.PHONE, 0.8, 0.5, 0.02, 0.03]
    boxes = np.array([person, held, lying], np.float32)
    assert held_phones_only(boxes).tolist() == boxes[:2].tolist()
    assert len(held_phones_only(boxes[1:])) == 0


@pytest.mark.parametrize("line", ["0 0.5 0.5 0.2", "10 0.5 0.5 0.2 0.2", "x", "0 0.5 0.5 1.2 0.2"])
def test_a_malformed_label_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"0 0.5 0.5 0.2 0.2\n{line}\n")
    with pytest.raises(DatasetError, match="line 2"):
        read_boxes(path)


def test_missing_parts_are_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"no sources\.csv"):
        read_folder(tmp_path)
    with pytest.raises(DatasetError, match="models dataset"):
        read_dataset(tmp_path, TRAIN)
    folder = folder_of(tmp_path, {"har_1.jpg": ("a", "none")})
    (folder / "labels" / "har_1.txt").unlink()
    with pytest.raises(DatasetError, match="label file"):
        read_folder(folder)
    (folder / "images" / "har_1.jpg").unlink()
    with pytest.raises(DatasetError, match="har_1"):
        read_folder(folder)
