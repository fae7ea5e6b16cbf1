"""One close-up written to disk: picture, labels, truth and table agree. Needs anny, no baking."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from models.dataset import RENDERED_CLOSE, read_boxes, read_folder
from models.simulator.dataset import Order, _append, _render_scene
from models.simulator.domain import DOMAINS
from models.simulator.hall import make_hall, seed_of
from models.simulator.scenes import Cast
from models.simulator.studio import Studio
from models.simulator.views import close_view, sample_view
from vision.records import Label

NAPPING = replace(
    DOMAINS["close-ups"], away=0.0, conduct=1.0, conducts={"nap": 1.0}, citizen=0.0,
    pause_here=0.0, other_sign=0.0, left={"tool": 1.0}, shrink=(0.5, 0.5),
)  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("close-ups")
    for folder in ("images", "labels", "truth"):
        (out / folder).mkdir()
    hall = make_hall(seed_of("test", 3))
    rng = np.random.default_rng(1)
    wide = sample_view(rng, hall, "public")
    view, _ = close_view(rng, wide, wide.windows[0], (0.7, 0.8))
    grey = np.full((view.camera.height, view.camera.width, 3), 0.3, np.float32)
    cast = Cast.gathered(np.random.default_rng(2), staff=2, citizens=1)
    order = Order(out, NAPPING, 1)
    rows = _render_scene(
        order, "close_test_00000_h003c0", rng, view, Studio(hall, view.camera, grey), cast
    )
    _append(out / "sources.csv", rows)
    return out


def truth(written: Path) -> list[dict[str, Any]]:
    (path,) = (written / "truth").iterdir()
    records: list[dict[str, Any]] = json.loads(gzip.decompress(path.read_bytes()))
    return records


def test_the_picture_is_listed_as_a_close_up(written: Path) -> None:
    (picture,) = read_folder(written, "test")
    assert picture.source == RENDERED_CLOSE
    shown = cv2.imread(str(picture.image))
    assert shown is not None
    assert shown.shape == (256, 256, 3)


def test_labels_are_the_truths_boxes(written: Path) -> None:
    (path,) = (written / "labels").iterdir()
    boxes = read_boxes(path)
    assert {Label.PERSON, Label.HEAD_DOWN} <= {Label(int(b)) for b in boxes[:, 0]}
    known = {(label, *record["box"]) for record in truth(written) for label in record["labels"]}
    for label, x, y, w, h in boxes.tolist():
        corners = [256 * v for v in (x - w / 2, y - h / 2, x + w / 2, y + h / 2)]
        name = Label(int(label)).name.lower()
        assert any(name == other and np.allclose(corners, box, atol=0.2) for other, *box in known)


def test_masks_lie_in_their_boxes_and_things_have_owners(written: Path) -> None:
    records = truth(written)
    sleeper = next(r for r in records if r.get("activity") == "napping")
    assert sleeper["labels"] == ["person", "head_down"]
    assert len(sleeper["keypoints"]) == 17
    for record in records:
        height, width = record["mask"]["size"]
        ends = np.cumsum(record["mask"]["counts"])
        filled = np.zeros(height * width, bool)
        for start, end in zip(ends[::2], ends[1::2], strict=False):
            filled[start:end] = True
        columns, rows = np.nonzero(filled.reshape(width, height))
        x1, y1, x2, y2 = record["box"]
        assert x1 - 1 <= columns.min() <= columns.max() <= x2
        assert y1 - 1 <= rows.min() <= rows.max() <= y2
        assert (record["who"] is None) == (record["kind"] not in ("person",))
