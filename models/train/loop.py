"""The training loop: resumable, a checkpoint every round, an average of the weights kept."""

from __future__ import annotations

import copy
import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from models.dataset import Labelled
from models.train.cutouts import CutOut
from models.train.memory import OldAnswers, remembering
from models.train.nets import CheckpointError, load_onnx_weights, load_start, with_hall_classes
from models.train.pictures import SEAT, SEAT_PX, WHOLE, Shown, Teacher
from vision.records import Label

AVERAGE = 0.99
"""What an averaged weight keeps of itself at each step."""
BACKBONE = 10
"""The last layer of the net's backbone."""
PACES = {"backbone": 0.05, "neck": 0.1, "head": 0.2, "classes": 1.0}
"""Shares of the learning rate. At one rate for all, AdamW undid in 400 steps half of what the
starting weights knew of people in COCO's photos."""
SEAT_PACES = {"backbone": 0.3, "neck": 0.6, "head": 1.0, "classes": 1.0}
"""Of a network that looks at seats only, and need not know what else COCO's photos show."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train. steps: batches in all; round_steps: batches between checkpoints;
    frozen: first layers that stay as they are; seats: share of batches that are seat crops, of
    seat_px a side; paces: shares of the rate (`PACES`); bfloat16: compute layers in it, which a
    processor with AVX512-BF16 does half as fast again; limit_s: stop (resumably) after so many
    seconds."""

    steps: int = 4000
    round_steps: int = 100
    rate: float = 1e-3
    warmup_steps: int = 40
    decay: float = 5e-4
    frozen: int = 5
    seats: float = 0.75
    seat_px: int = SEAT_PX
    paces: Mapping[str, float] = field(default_factory=lambda: PACES)
    bfloat16: bool = False
    seed: int = 1
    threads: int = 1
    limit_s: float = math.inf

    @classmethod
    def of_seats(cls, **others: Any) -> Plan:
        """For a network that looks at close-ups of seats and at nothing else, as large as the
        product shows them."""
        return cls(frozen=2, seats=1.0, seat_px=416, paces=SEAT_PACES, **others)


def train(
    pictures: Sequence[Labelled],
    start: Path,
    folder: Path,
    plan: Plan,
    *,
    first: Path | None = None,
    cutouts: Sequence[CutOut] = (),
    device: str = "cpu",
    clock: Callable[[], float] = time.monotonic,
    say: Callable[[str], None] = print,
) -> Path:
    """Train until the plan is done and return the last checkpoint. A folder with a checkpoint is
    gone on with. first: a checkpoint, or an ONNX file that was made of one, whose weights are begun
    with (not resumed); cutouts: laid over rendered things."""
    from models.train.loss import TwoHeadLoss

    torch.set_num_threads(plan.threads)
    cv2.setNumThreads(1)
    torch.manual_seed(plan.seed)
    folder.mkdir(parents=True, exist_ok=True)
    last = folder / "last.pt"
    old = load_start(start)
    answers = OldAnswers(old, device)
    net = with_hall_classes(old).to(device)
    net = net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = copy.deepcopy(net).eval()
    optimizer = _optimizer(net, plan)
    done = _resumed(last, first, net, average, optimizer)
    loss_of = TwoHeadLoss(net)
    teacher = Teacher(pictures, np.random.default_rng([plan.seed, done]), cutouts, plan.seat_px)
    began_s, items = clock(), torch.zeros(3)
    for step in range(done, plan.steps):
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * group["pace"] * _pace(step, plan)
        kind = SEAT if teacher.rng.random() < plan.seats else WHOLE
        images, batch = _stacked(teacher.batch(kind), device)
        learning(net, plan.frozen)
        with torch.autocast(images.device.type, torch.bfloat16, enabled=plan.bfloat16):
            told = net(images)
        answer = in_float(told)
        loss, seen = loss_of(answer, batch)
        loss = loss + remembering(answers, images, answer["one2many"], batch["real"])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(net.parameters(), 10.0)
        optimizer.step()
        _averaged(average, net, min(AVERAGE, (1 + step) / (10 + step)))
        items = items + seen.cpu()
        over = clock() - began_s > plan.limit_s
        if (step + 1) % plan.round_steps == 0 or step + 1 == plan.steps or over:
            _keep(last, net, average, optimizer, step + 1)
            box, cls, edge = (items / (step % plan.round_steps + 1)).tolist()
            items = torch.zeros(3)
            note = {"step": step + 1, "box": box, "class": cls, "l1": edge,
                    "seconds": round(clock() - began_s)}  # fmt: skip
            with (folder / "rounds.jsonl").open("a") as lines:
                lines.write(json.dumps(note) + "\n")
            say(f"step {step + 1}/{plan.steps}  box {box:.3f}  class {cls:.3f}  "
                f"l1 {edge:.3f}  {note['seconds']} s")  # fmt: skip
        if over:
            break
    (folder / "plan.json").write_text(json.dumps(asdict(plan), indent=1))
    return last


def learning(net: nn.Module, frozen: int) -> None:
    """Training mode, but the first layers stay, and so do the statistics of BatchNorm: batches
    of few, very different pictures would spoil what they were measured on."""
    net.train()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()
    layers: Any = net.model
    for layer in list(layers)[:frozen]:
        for parameter in layer.parameters():
            parameter.requires_grad = False


def in_float(told: Any) -> Any:
    """A net's answer, tensors in lists and mappings, in float32."""
    if isinstance(told, Tensor):
        return told.float()
    if isinstance(told, dict):
        return {name: in_float(part) for name, part in told.items()}
    return [in_float(part) for part in told]


def _optimizer(net: nn.Module, plan: Plan) -> torch.optim.Optimizer:
    """AdamW; what is new learns fast, what COCO taught moves slowly (see PACES)."""
    learning(net, plan.frozen)
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    last = len(net.model) - 1  # type: ignore[arg-type]
    for name, parameter in net.named_parameters():
        if parameter.requires_grad:
            layer = int(name.split(".")[1])
            part = "backbone" if layer <= BACKBONE else "neck" if layer < last else "head"
            if part == "head" and parameter.shape[0] == len(Label):
                part = "classes"
            decay = plan.decay if parameter.ndim > 1 else 0.0
            groups.setdefault((plan.paces[part], decay), []).append(parameter)
    return torch.optim.AdamW(
        [
            {"params": parameters, "weight_decay": decay, "pace": pace}
            for (pace, decay), parameters in groups.items()
        ],
        lr=plan.rate,
    )


def _pace(step: int, plan: Plan) -> float:
    """Share of the full learning rate: up in the warmup, then a cosine down to a fiftieth."""
    if step < plan.warmup_steps:
        return (step + 1) / plan.warmup_steps
    along = (step - plan.warmup_steps) / max(plan.steps - plan.warmup_steps, 1)
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * along))


def _stacked(examples: Sequence[Shown], device: str) -> tuple[Tensor, dict[str, Tensor]]:
    """Images (b, 3, h, w) RGB 0..1 and the batch that the loss wants."""
    from models.train.loss import joined

    stack = np.stack([e.image for e in examples])[..., ::-1].transpose(0, 3, 1, 2)
    images = torch.from_numpy(np.ascontiguousarray(stack)).to(device).float() / 255
    images = images.contiguous(memory_format=torch.channels_last)
    size = torch.tensor([images.shape[3], images.shape[2]] * 2, dtype=torch.float32)
    owners, labels, boxes = [], [], []
    for i, example in enumerate(examples):
        rows = joined(torch.from_numpy(example.boxes))
        owners.append(torch.full((len(rows),), float(i)))
        labels.append(rows[:, 0])
        low, high = rows[:, 1:3], rows[:, 3:5]
        boxes.append(torch.cat([(low + high) / 2, high - low], 1) / size)
    batch = {
        "batch_idx": torch.cat(owners),
        "cls": torch.cat(labels),
        "bboxes": torch.cat(boxes),
        "judged": torch.from_numpy(np.stack([e.judged for e in examples])),
        "real": torch.tensor([e.real for e in examples]),
    }
    assert batch["judged"].shape[1] == len(Label)
    return images, {name: value.to(device) for name, value in batch.items()}


@torch.no_grad()
def _averaged(average: nn.Module, net: nn.Module, keep: float) -> None:
    for mine, theirs in zip(average.parameters(), net.parameters(), strict=True):
        mine.lerp_(theirs, 1 - keep)


def _keep(
    path: Path, net: nn.Module, average: nn.Module, optimizer: torch.optim.Optimizer, step: int
) -> None:
    part = path.with_suffix(".part")
    torch.save(
        {"net": net.state_dict(), "ema": average.state_dict(), "optimizer": optimizer.state_dict(),
         "step": step},
        part,
    )  # fmt: skip
    part.replace(path)


def _resumed(
    last: Path,
    first: Path | None,
    net: nn.Module,
    average: nn.Module,
    optimizer: torch.optim.Optimizer,
) -> int:
    """Load what there is to go on with; returns the steps already done."""
    if last.exists():
        kept = torch.load(last, map_location="cpu", weights_only=True)
        net.load_state_dict(kept["net"])
        average.load_state_dict(kept["ema"])
        optimizer.load_state_dict(kept["optimizer"])
        return int(kept["step"])
    if first is not None:
        if not first.exists():
            raise CheckpointError(f"there is no checkpoint {first} to begin with")
        if first.suffix == ".onnx":
            load_onnx_weights(net, first)
        else:
            net.load_state_dict(torch.load(first, map_location="cpu", weights_only=True)["ema"])
        average.load_state_dict(net.state_dict())
    return 0
