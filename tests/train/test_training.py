"""Training: masks teach nothing, a napper teaches two labels, stopped runs go on."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import numpy_helper

from models.dataset import COCO_LABELS, RENDERED_SEAT, Labelled
from models.evaluate import read_picture
from models.manifest import ModelClassesError, load_manifest
from models.register import described
from models.session import OnnxDetector
from models.train import nets
from models.train.average import AverageError, average
from models.train.export import export_onnx
from models.train.loop import Plan, train
from models.train.loss import BOTH, MaskedBce, PeopleAssigner, joined
from models.train.pictures import SEAT, WHOLE, Teacher, cut, mirrored, to_pixels
from models.train.quantize import QuantizeError, quantize
from vision.records import DOING, Label

os.environ["YOLO_OFFLINE"] = "true"


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained YOLO26 nano with COCO's 80 class names, as ultralytics keeps it."""
    nets._ultralytics_opened()
    from ultralytics.nn.tasks import DetectionModel

    torch.manual_seed(0)
    net = DetectionModel("yolo26n.yaml", verbose=False)
    others = [f"other {i}" for i in range(80 - len(COCO_LABELS))]
    net.names = dict(enumerate([*COCO_LABELS, *others]))
    path = tmp_path_factory.mktemp("start") / "start.pt"
    torch.save({"model": net}, path)
    return path


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Labelled]:
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    made = []
    for i, source in enumerate(("coco", "rendered", RENDERED_SEAT, "har")):
        path = folder / f"{i}.jpg"
        cv2.imwrite(str(path), rng.integers(0, 255, (180, 320, 3), np.uint8))
        boxes = np.array([[Label.PERSON, 0.5, 0.5, 0.4, 0.6], [Label.PHONE, 0.5, 0.5, 0.1, 0.1]])
        made.append(Labelled(path, boxes.astype(np.float32), source, frozenset({Label.FOOD})))
    return made


def test_a_masked_label_teaches_nothing_where_it_is_only_predicted() -> None:
    judged = torch.ones(1, len(Label), dtype=torch.bool)
    judged[0, Label.FOOD] = False
    logits = torch.zeros(1, 2, len(Label), requires_grad=True)
    wanted = torch.zeros(1, 2, len(Label))
    wanted[0, 1, Label.FOOD] = 0.8
    MaskedBce(judged)(logits, wanted).sum().backward()
    assert logits.grad is not None
    assert logits.grad[0, 0, Label.FOOD] == 0
    assert logits.grad[0, 1, Label.FOOD] != 0
    assert (logits.grad[0, :, Label.PERSON] != 0).all()


class EveryAnchor(torch.nn.Module):
    """Assigns the first box to every anchor, with score 0.5."""

    def forward(self, scores: torch.Tensor, *rest: torch.Tensor) -> tuple[torch.Tensor, ...]:
        b, n, c = scores.shape
        labels = rest[2]
        wanted = torch.zeros(b, n, c)
        wanted[..., int(labels[0, 0, 0])] = 0.5
        ones = torch.ones(b, n, dtype=torch.bool)
        return labels, rest[3], wanted, ones, torch.zeros(b, n, dtype=torch.int64)


@pytest.mark.parametrize("doing", [*DOING, None])
def test_who_does_something_teaches_person_and_what_is_done(doing: Label | None) -> None:
    label = Label.PERSON if doing is None else BOTH[doing]
    labels = torch.full((1, 1, 1), float(label))
    found = PeopleAssigner(EveryAnchor())(
        torch.zeros(1, 3, len(Label)), torch.zeros(1, 3, 4), torch.zeros(3, 2), labels,
        torch.zeros(1, 1, 4),
    )  # fmt: skip
    assert (found[2][..., Label.PERSON] == 0.5).all()
    for other in DOING:
        assert (found[2][..., other] == (0.5 if other is doing else 0.0)).all()


@pytest.mark.parametrize("doing", DOING)
def test_a_person_and_what_they_do_on_each_other_become_one(doing: Label) -> None:
    person, does = [0.0, 10, 10, 50, 90], [float(doing), 11, 10, 50, 90]
    other = [0.0, 200, 10, 250, 90]
    rows = joined(torch.tensor([person, other, does]))
    assert sorted(rows[:, 0].tolist()) == [0.0, float(BOTH[doing])]
    alone = joined(torch.tensor([person, other]))
    assert len(alone) == 2


def test_people_who_do_different_things_are_kept_apart() -> None:
    rows = joined(
        torch.tensor(
            [
                [0.0, 10, 10, 50, 90], [float(Label.SMOKING), 10, 10, 50, 90],
                [0.0, 200, 10, 250, 90], [float(Label.EATING), 200, 10, 250, 90],
            ]
        )
    )  # fmt: skip
    assert {(int(r[0]), int(r[1])) for r in rows} == {
        (BOTH[Label.SMOKING], 10), (BOTH[Label.EATING], 200),
    }  # fmt: skip


def test_a_net_begun_with_a_file_of_fewer_labels_keeps_its_weights_for_the_others(
    start: Path,
) -> None:
    shipped = load_manifest().entry("hall")
    known = len(shipped.classes)
    assert known < len(Label)
    net, fresh = (nets.with_hall_classes(nets.load_start(start)) for _ in range(2))
    nets.load_onnx_weights(net, shipped.path)
    kept = weights_of(shipped.path)
    for level, (mine, new) in enumerate(zip(net.model[-1].cv3, fresh.model[-1].cv3, strict=True)):
        name = f"net.model.23.cv3.{level}.2.weight"
        assert torch.allclose(mine[-1].weight[:known], torch.tensor(kept[name]))
        assert torch.equal(mine[-1].weight[known:], new[-1].weight[known:])
        assert torch.equal(mine[-1].bias[known:], new[-1].bias[known:])


def test_the_hall_head_keeps_what_coco_taught(start: Path) -> None:
    before = nets.load_start(start)
    names = nets.class_names(before)
    old = before.model[-1].cv3[0][-1].weight.detach().clone()
    net = nets.with_hall_classes(before)
    new = net.model[-1].cv3[0][-1].weight
    assert nets.class_names(net) == nets.HALL_CLASSES
    assert torch.equal(new[Label.PERSON], old[names.index("person")])
    assert torch.allclose(
        new[Label.DRINK], old[[names.index(n) for n in ("bottle", "wine glass", "cup")]].mean(0)
    )


def test_cuts_move_boxes_with_the_picture() -> None:
    image = np.zeros((100, 200, 3), np.uint8)
    image[40:60, 100:140] = 255
    boxes = np.array([[Label.PHONE, 100, 40, 140, 60], [Label.FOOD, 0, 0, 10, 10]], np.float32)
    shown, moved = cut(image, boxes, (80, 20, 80, 80), (320, 320))
    assert moved[:, 0].tolist() == [Label.PHONE]  # the food is outside
    rows, columns = np.nonzero(shown[..., 0] > 128)
    seen = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
    assert np.allclose(moved[0, 1:], seen, atol=3)
    flipped, turned = mirrored(shown, moved)
    columns = np.nonzero(flipped[..., 0] > 128)[1]
    assert np.allclose(turned[0, [1, 3]], [columns.min(), columns.max() + 1], atol=3)


def test_shares_become_pixels() -> None:
    shares = np.array([[1, 0.5, 0.5, 0.2, 0.4]], np.float32)
    assert np.allclose(to_pixels(shares, 200, 100), [[1, 80, 30, 120, 70]])


@pytest.mark.parametrize(("kind", "shape"), [(WHOLE, (384, 640, 3)), (SEAT, (320, 320, 3))])
def test_examples_follow_from_the_seed(
    pictures: list[Labelled], kind: str, shape: tuple[int, int, int]
) -> None:
    one, two = (Teacher(pictures, np.random.default_rng(4)).batch(kind) for _ in range(2))
    for a, b in zip(one, two, strict=True):
        assert a.image.shape == shape
        assert np.array_equal(a.image, b.image)
        assert np.array_equal(a.boxes, b.boxes)
        assert not a.judged[Label.FOOD]
        assert a.judged[Label.PERSON]


def test_a_batch_of_larger_close_ups_has_fewer(pictures: list[Labelled]) -> None:
    small, large = (
        Teacher(pictures, np.random.default_rng(4), seat_px=px).batch(SEAT) for px in (320, 416)
    )
    assert (len(small), len(large)) == (14, 8)
    assert large[0].image.shape == (416, 416, 3)


def test_a_network_of_seats_learns_in_all_its_layers(
    start: Path, pictures: list[Labelled], tmp_path: Path
) -> None:
    plan = Plan.of_seats(steps=1, round_steps=1, warmup_steps=1, bfloat16=True)
    before = nets.with_hall_classes(nets.load_start(start)).state_dict()
    last = train(pictures, start, tmp_path, plan, clock=lambda: 0.0, say=lambda _: None)
    after = torch.load(last, weights_only=True)["net"]
    moved = {
        int(name.split(".")[1])
        for name, weights in after.items()
        if weights.dtype == torch.float32 and not torch.equal(weights, before[name])
    }
    assert min(moved) == plan.frozen == 2
    assert {2, 5, 10, 23} <= moved
    assert all(torch.isfinite(w).all() for w in after.values() if w.is_floating_point())


def test_training_goes_on_after_a_stop_and_its_net_is_exported(
    start: Path, pictures: list[Labelled], tmp_path: Path
) -> None:
    said: list[str] = []
    plan = Plan(steps=2, round_steps=1, warmup_steps=1, frozen=8, seats=1.0)
    ticks = iter(range(0, 1000, 10))
    stopped = replace(plan, limit_s=5.0)
    last = train(
        pictures, start, tmp_path, stopped, clock=lambda: float(next(ticks)), say=said.append
    )
    assert torch.load(last, weights_only=True)["step"] == 1
    train(pictures, start, tmp_path, plan, clock=lambda: 0.0, say=said.append)
    assert torch.load(last, weights_only=True)["step"] == 2
    assert len(said) == 2
    net = nets.load_net(last, start)
    assert export_onnx(net, tmp_path / "hall.onnx") == 17


def test_a_folder_without_a_checkpoint_is_named(start: Path, tmp_path: Path) -> None:
    with pytest.raises(nets.CheckpointError, match="train first"):
        nets.load_net(tmp_path / "last.pt", start)
    with pytest.raises(nets.CheckpointError, match="no starting weights"):
        nets.load_start(tmp_path / "none.pt")


def test_the_mean_of_two_networks_lies_between_them(start: Path, tmp_path: Path) -> None:
    whole = nets.with_hall_classes(nets.load_start(start))
    export_onnx(whole, tmp_path / "one.onnx")
    other = nets.with_hall_classes(nets.load_start(start))
    with torch.no_grad():
        for weights in other.parameters():
            weights.mul_(1.02)
    export_onnx(other, tmp_path / "other.onnx")
    one, two, mean = (tmp_path / f"{name}.onnx" for name in ("one", "other", "mean"))
    assert average([(one, 3.0), (two, 1.0)], mean) > 100
    name = next(w.name for w in onnx.load(str(one)).graph.initializer if w.name.endswith("weight"))
    a, b, c = (weights_of(path)[name] for path in (one, two, mean))
    assert np.abs(b - a).max() > 0
    assert c == pytest.approx(0.75 * a + 0.25 * b, abs=1e-6)
    images = {"images": np.full((1, 3, 64, 64), 0.5, np.float32)}
    (boxes,) = onnxruntime.InferenceSession(str(mean)).run(["boxes"], images)
    assert np.isfinite(boxes).all()


def weights_of(path: Path) -> dict[str, Any]:
    return {w.name: numpy_helper.to_array(w) for w in onnx.load(str(path)).graph.initializer}


def test_what_cannot_be_averaged_is_named(start: Path, tmp_path: Path) -> None:
    hall = tmp_path / "hall.onnx"
    export_onnx(nets.with_hall_classes(nets.load_start(start)), hall)
    with pytest.raises(AverageError, match="two files or more"):
        average([(hall, 1.0)], tmp_path / "mean.onnx")
    (tmp_path / "text.onnx").write_text("no network", "utf-8")
    for wrong in (tmp_path / "none.onnx", tmp_path / "text.onnx"):
        with pytest.raises(AverageError, match="cannot be read as ONNX"):
            average([(hall, 1.0), (wrong, 1.0)], tmp_path / "mean.onnx")
    other = onnx.load(str(hall))
    lost = next(w for w in other.graph.initializer if w.name.endswith("weight"))
    lost.name = "another"
    onnx.save(other, str(tmp_path / "other.onnx"))
    with pytest.raises(AverageError, match=r"other\.onnx is not built as"):
        average([(hall, 1.0), (tmp_path / "other.onnx", 1.0)], tmp_path / "mean.onnx")


def test_the_int8_twin_is_a_third_as_large_and_sees_much_the_same(
    start: Path, pictures: list[Labelled], tmp_path: Path
) -> None:
    export_onnx(nets.with_hall_classes(nets.load_start(start)), tmp_path / "hall.onnx")
    labels = {label.name.lower(): label for label in Label}
    about: dict[str, Any] = {
        "labels": labels, "head": "one-to-many", "licence": "", "trained_on": [], "command": "",
        "made_at": datetime(2026, 1, 1, tzinfo=UTC), "measured": {},
    }  # fmt: skip
    float_one = described("hall", tmp_path / "hall.onnx", **about)
    assert quantize(float_one, pictures, tmp_path / "int8.onnx") > 50
    int8_one = described("int8", tmp_path / "int8.onnx", **about)
    assert int8_one.classes == float_one.classes
    assert int8_one.path.stat().st_size < 0.4 * float_one.path.stat().st_size
    image = read_picture(pictures[0])
    first, second = (
        OnnxDetector(e, threads=1, least_score=0.0).detect([image])[0].score.max()
        for e in (float_one, int8_one)
    )
    assert abs(first - second) < 0.25
    for exported in (float_one, int8_one):
        with pytest.raises(ModelClassesError, match="exported with its one-to-many head"):
            OnnxDetector(replace(exported, head="one-to-one"))


def test_nothing_to_calibrate_on_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuantizeError, match="split empty"):
        quantize(load_manifest().entry("hall"), [], tmp_path / "int8.onnx")
