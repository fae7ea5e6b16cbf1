"""What the starting weights knew is kept, and a shipped file's weights can be begun with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch

from models.dataset import COCO_LABELS
from models.train import nets
from models.train.export import export_onnx
from models.train.memory import KEPT, OldAnswers, remembering
from vision.records import Label


@pytest.fixture
def published() -> torch.nn.Module:
    """An untrained YOLO26 nano with COCO's 80 class names."""
    nets._ultralytics_opened()
    from ultralytics.nn.tasks import DetectionModel

    torch.manual_seed(0)
    net: torch.nn.Module = DetectionModel("yolo26n.yaml", verbose=False)
    others = [f"other {i}" for i in range(80 - len(COCO_LABELS))]
    net.names = dict(enumerate([*COCO_LABELS, *others]))  # type: ignore[assignment]
    return net


@pytest.fixture
def start(published: torch.nn.Module, tmp_path: Path) -> Path:
    torch.save({"model": published}, tmp_path / "start.pt")
    return tmp_path / "start.pt"


def agreeing(old: OldAnswers, images: torch.Tensor) -> dict[str, torch.Tensor]:
    """The answer of a net that says exactly what the old one does."""
    wanted, boxes = old(images)
    scores = torch.zeros(len(images), len(Label), wanted.shape[2])
    scores[:, [int(label) for label in KEPT]] = torch.logit(wanted)
    return {"scores": scores.requires_grad_(), "boxes": boxes.clone().requires_grad_()}


def test_the_old_answers_are_those_of_the_largest_coco_class(published: torch.nn.Module) -> None:
    images = torch.rand(1, 3, 64, 64)
    scores, boxes = OldAnswers(published, "cpu")(images)
    names = nets.class_names(published)
    net: Any = published.eval()
    net.model[-1].training = True
    with torch.no_grad():
        told = net(images)["one2many"]
    drinks = [names.index(c) for c in ("bottle", "wine glass", "cup")]
    best = told["scores"][:, drinks].amax(1).sigmoid()
    assert torch.allclose(scores[:, KEPT.index(Label.DRINK)], best)
    assert torch.equal(boxes, told["boxes"])


def test_saying_the_same_costs_nothing_and_departing_costs(published: torch.nn.Module) -> None:
    old, images = OldAnswers(published, "cpu"), torch.rand(2, 3, 64, 64)
    real = torch.tensor([True, True])
    answer = agreeing(old, images)
    same = remembering(old, images, answer, real).detach()
    assert float(same) == pytest.approx(0, abs=1e-3)
    forgot = {**answer, "scores": answer["scores"] + 4}
    assert float(remembering(old, images, forgot, real).detach()) > 0.1


def test_only_photos_and_only_what_coco_means_alike_are_asked_for(
    published: torch.nn.Module,
) -> None:
    old, images = OldAnswers(published, "cpu"), torch.rand(2, 3, 64, 64)
    answer = agreeing(old, images)
    moved = {**answer, "scores": answer["scores"] + 1}
    remembering(old, images, moved, torch.tensor([True, False])).backward()
    grad = answer["scores"].grad
    assert grad is not None
    assert (grad[0, list(KEPT)] != 0).all()
    others = [label for label in Label if label not in KEPT]
    assert (grad[0, others] == 0).all()
    assert (grad[1] == 0).all()
    assert float(remembering(old, images, moved, torch.tensor([False, False]))) == 0


def test_a_shipped_file_is_begun_with(start: Path, tmp_path: Path) -> None:
    taught = nets.with_hall_classes(nets.load_start(start))
    rng = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for parameter in taught.parameters():
            parameter += 0.02 * torch.randn(parameter.shape, generator=rng)
    export_onnx(taught, tmp_path / "hall.onnx", "one-to-many")
    net: Any = nets.with_hall_classes(nets.load_start(start))
    nets.load_onnx_weights(net, tmp_path / "hall.onnx")
    net.eval()
    net.model[-1].training = True
    images = torch.rand(1, 3, 96, 96)
    with torch.no_grad():
        mine = net(images)["one2many"]["scores"].sigmoid().permute(0, 2, 1).numpy()
    session = onnxruntime.InferenceSession(str(tmp_path / "hall.onnx"))
    theirs = session.run(["scores"], {"images": images.numpy()})[0]
    assert np.abs(mine - theirs).max() < 1e-4


def test_a_file_of_another_kind_is_named(start: Path, tmp_path: Path) -> None:
    net = nets.with_hall_classes(nets.load_start(start))
    (tmp_path / "no.onnx").write_bytes(b"no model")
    with pytest.raises(nets.CheckpointError, match="cannot be read as ONNX"):
        nets.load_onnx_weights(net, tmp_path / "no.onnx")
    export_onnx(nets.load_start(start), tmp_path / "coco.onnx", "one-to-many")
    with pytest.raises(nets.CheckpointError, match="only a file that"):
        nets.load_onnx_weights(net, tmp_path / "coco.onnx")
