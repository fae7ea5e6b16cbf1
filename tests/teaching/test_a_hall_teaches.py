"""A hall teaches its detector, end to end: people judge alerts over the API of the running product,
and what they said becomes a model that is measured, used, and put back. `make test-teach`.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import numpy as np
import pytest

from api.alerts.evidence import Span, attach_clip
from api.alerts.record import record_alert
from api.database import Database
from cli.place import Place
from cli.server import open_office
from models.dataset import TEST, TRAIN, Labelled, divided, read_dataset
from models.manifest import ModelEntry, load_manifest
from vision.hallfile import load_hall
from vision.records import Alert, Label, Severity, Stamp, Step, alert_uid

ROOT = Path(__file__).parents[2]
CLIP = ROOT / "tests" / "footage" / "phone"
TRAINING = ROOT / ".venv-train" / "bin" / "python"
PACKAGES = ("api", "cameras", "cli", "models", "vision")
PASSWORD = "a long enough password"
PATIENCE_S = 300.0
STEPS = 3
START = """
import sys, torch
from models.dataset import COCO_LABELS
from models.train import nets
nets._ultralytics_opened()
from ultralytics.nn.tasks import DetectionModel
torch.manual_seed(0)
net = DetectionModel("yolo26n.yaml", verbose=False)
others = [f"other {i}" for i in range(80 - len(COCO_LABELS))]
net.names = dict(enumerate([*COCO_LABELS, *others]))
torch.save({"model": net}, sys.argv[1])
"""
"""Untrained starting weights: what is learnt begins with the shipped model's."""


@dataclass(frozen=True, slots=True)
class Installation:
    """The product in a folder of its own, with its models, one hall and its data."""

    folder: Path

    @property
    def hall(self) -> Path:
        return self.folder / "hall" / "hall.toml"

    @property
    def var(self) -> Path:
        return self.folder / "var"

    @property
    def manifest(self) -> Path:
        return self.folder / "models" / "shipped" / "manifest.toml"

    def run(self, *words: object, python: str = sys.executable, module: str = "cli.start") -> str:
        """One command, to its end; what it said."""
        command = [python, "-m", module, *map(str, words)]
        done = subprocess.run(
            command, cwd=self.folder, env=_surroundings(), text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}: {done.stdout}"
        return done.stdout

    def train(self, *words: object) -> str:
        """A `models` command in the training environment."""
        return self.run(*words, python=str(TRAINING), module="cli.models")

    @contextmanager
    def served(self) -> Iterator[httpx.Client]:
        """The product, started and ready, and somebody who asks it."""
        words = ["serve", "--hall", str(self.hall), "--var", str(self.var), "--port", "0"]
        with subprocess.Popen(
            [sys.executable, "-m", "cli.start", *words], cwd=self.folder, env=_surroundings(),
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        ) as process:  # fmt: skip
            try:
                address = _address(process)
                with httpx.Client(base_url=address, timeout=PATIENCE_S, trust_env=False) as client:
                    _ready(client)
                    yield client
            finally:
                process.kill()


def _surroundings() -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1", "COLUMNS": "200", "YOLO_OFFLINE": "true"}


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return found.group()
    raise AssertionError("".join(said))


def _ready(client: httpx.Client) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while client.get("/readyz").status_code != 200:
        assert time.monotonic() < until_s
        time.sleep(1)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    home = tmp_path / "hallwatch"
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, home / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copytree(CLIP, home / "hall")
    return Installation(home)


def judged_alert(window: str, from_s: float, until_s: float, split: str) -> Alert:
    """An alert about a phone, raised so that its pictures fall into that part of a set."""
    hall = load_hall(CLIP / "hall.toml")
    start = hall.cameras[0].recorded_at
    assert start is not None
    for shift_s in np.arange(0, 2, 0.05):
        began = Stamp(from_s + shift_s, (start + timedelta(seconds=from_s + shift_s)))
        uid = alert_uid("cam1", "phone_use", window, began.wall)
        picture = Labelled(Path("x.jpg"), np.zeros((0, 5), np.float32), "marked", frozenset())
        (drawn,) = divided([picture], {picture.image: f"/{uid}"})
        if drawn.split == split:
            return Alert(
                uid=uid, step=Step.RAISED, severity=Severity.WARNING, rule="phone_use",
                rule_version=1, hall=hall.id, camera="cam1", subject=window, began=began,
                at=began.back_to(until_s), ended=None, why={}, policy={"min_score": 0.3},
                model_sha="b" * 64, hall_sha=hall.sha,
            )  # fmt: skip
    raise AssertionError("no moment falls there")


def recorded(home: Installation, alerts: Sequence[Alert]) -> None:
    """The alerts with their clip, as a station sends them."""
    place = Place(home.var)
    database: Database = open_office(place, load_hall(home.hall))
    with database.session() as session:
        for alert in alerts:
            (place.evidence / alert.uid).mkdir(parents=True)
            clip = shutil.copy(CLIP / "clip.mp4", place.evidence / alert.uid / "clip.mp4")
            record_alert(session, alert, datetime.now(UTC))
            begins = alert.began.back_to(0.0).wall
            span = Span(begins, begins + timedelta(seconds=92))
            path = str(Path(clip).relative_to(place.evidence))
            attach_clip(session, alert.uid, path, "0" * 64, asked=span, covers=span, complete=True)
    database.close()


def judged(client: httpx.Client, false: Sequence[Alert], confirmed: Sequence[Alert]) -> None:
    """The supervisor marks some false and refers the others; the reviewer confirms those."""
    _enter(client, "wang")
    for alert in false:
        _post(client, f"alerts/{alert.uid}/mark-false", reason="手里是计算器")
    for alert in confirmed:
        _post(client, f"alerts/{alert.uid}/refer", reason="请复核")
    _enter(client, "sun")
    for case in client.get("/api/v1/cases", params={"open": True}).json():
        _post(client, f"cases/{case['id']}/decide", version=case["version"], text="属实",
              outcome="confirmed")  # fmt: skip


def _enter(client: httpx.Client, name: str) -> None:
    _post(client, "session", name=name, password=PASSWORD)


def _post(client: httpx.Client, path: str, **body: object) -> None:
    answer = client.post(f"/api/v1/{path}", json=body)
    assert answer.status_code in (200, 201), answer.text


def test_a_hall_teaches_its_own_model(installation: Installation, tmp_path: Path) -> None:
    home, (whole, shipped) = installation, _pair(installation)
    false = judged_alert("w2", 50.0, 85.0, TRAIN)
    confirmed = [judged_alert("w3", 9.0, 21.0, TEST), judged_alert("w3", 22.0, 34.0, TEST)]
    recorded(home, [false, *confirmed])
    for name, role in (("wang", "supervisor"), ("sun", "reviewer")):
        home.run("users", "add", name, "--role", role, "--password", PASSWORD, "--var", home.var)
    with home.served() as client:
        judged(client, [false], confirmed)

    marked, made = tmp_path / "marked", tmp_path / "set"
    home.run(
        "models", "export-marked", marked, "--hall", home.hall, "--var", home.var,
        "--purpose", "本厅训练识别模型",
    )  # fmt: skip
    home.run("models", "dataset", made, "--photos", marked)
    pictures = read_dataset(made, TRAIN)
    assert len(pictures) == 4
    for picture in pictures:
        assert false.uid in picture.image.name
        assert len(picture.boxes) == 0  # nothing there is a phone
        assert set(Label) - picture.masked == {Label.PHONE}  # and of that alone it is certain
    unseen = read_dataset(made, TEST)
    assert {int(box[0]) for picture in unseen for box in picture.boxes} == {Label.PHONE}
    assert _sources(made) == {"marked"}

    start, runs, new = tmp_path / "start.pt", tmp_path / "runs", home.manifest.parent / "ours.onnx"
    home_python = [str(TRAINING), "-c", START, str(start)]
    subprocess.run(home_python, cwd=home.folder, env=_surroundings(), check=True)
    said = home.train(
        "train", runs, "--set", made, "--start", start, "--first", shipped.path, "--steps", STEPS,
        "--seats-only",
    )  # fmt: skip
    assert f"step {STEPS}/{STEPS}" in said
    home.train(
        "export", new, "--start", start, "--checkpoint", runs / "last.pt", "--head", shipped.head
    )
    home.run(
        "models", "add", "ours", new, "--licence", shipped.licence, "--trained-on", "this hall",
        "--command", "hallwatch models train", "--head", shipped.head, "--side", 416,
    )  # fmt: skip
    compared = home.run(
        "models", "evaluate", "--set", made, "--model", "ours", "--against", shipped.id,
        "--markdown",
    )  # fmt: skip
    assert f"AP (AP50) {shipped.id} | ours" in compared
    assert _pair(home) == (whole, shipped)  # nothing is replaced before somebody says so

    for model in ("ours", shipped.id):
        home.run("models", "use", whole.id, "--close-ups", model)
        assert _pair(home)[1].id == model
        with home.served() as client:
            assert client.get("/readyz").status_code == 200


def _sources(made: Path) -> set[str]:
    with (made / "pictures.csv").open(newline="", encoding="utf-8") as lines:
        return {row["source"] for row in csv.DictReader(lines)}


def _pair(home: Installation) -> tuple[ModelEntry, ...]:
    """The models of whole pictures and of close-ups."""
    manifest = load_manifest(home.manifest)
    return manifest.pair(manifest.entry())
