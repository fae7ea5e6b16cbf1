"""Builds of ONNX Runtime beside each other: what a picture costs, and whether they see the same.

    python -m benchmarks.providers cpu openvino=/tmp/openvino/bin/python

Each name is a provider of the hall file's [machine]; after `=` stands the Python of an environment
that has its build (with numpy, opencv-python-headless, pydantic, shapely, typer). The first is what
the others are compared with. Each is a process of its own with one thread; they take turns at every
picture, so that whatever else the machine does slows all alike; processor time minds it less.
Pictures are of the bundled clips, whole and as close-ups.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from models.manifest import load_manifest
from models.providers import HARDWARE
from models.session import OnnxDetector
from models.speed import faster_half

ROOT = Path(__file__).parents[1]
CLIPS = ("phone", "meal", "queue")
MOMENTS_S = (10.0, 30.0, 50.0, 70.0)
TOLD = 0.35
"""What is seen with less is not compared."""


class Cost(StrEnum):
    PROCESSOR = "cpu_ms"
    PASSED = "ms"


@dataclass(frozen=True, slots=True)
class Worker:
    """One build in a process of its own: gets a number, answers with a JSON line."""

    name: str
    process: subprocess.Popen[str]

    def look(self, picture: int) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(picture, file=self.process.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


def main(
    builds: Annotated[list[str], typer.Argument(help="PROVIDER or PROVIDER=PYTHON.")],
    rounds: Annotated[int, typer.Option(help="Looks at each picture.")] = 7,
    serve: Annotated[Path | None, typer.Option(hidden=True)] = None,
) -> None:
    """Measure them."""
    if serve is not None:
        _serve(builds[0], serve)
        return
    with tempfile.TemporaryDirectory() as folder:
        shapes = _write_pictures(Path(folder))
        workers = [_started(build, Path(folder)) for build in builds]
        took, seen = _measured(workers, shapes, rounds)
    print(f"{platform.machine()}, {len(shapes)} pictures, {rounds} looks at each")
    print(
        "| build | processor ms: whole, close-up | passed ms: whole, close-up "
        "| processor time of the first's | differs from the first by |"
    )
    print("|---|---|---|---|---|")
    kinds = ("whole", "close-up")
    for worker in workers:
        cost, passed = (
            [_of(took[worker.name], shapes, kind, what) for kind in kinds] for what in Cost
        )
        of_first = [_of(took[workers[0].name], shapes, kind, Cost.PROCESSOR) for kind in kinds]
        differs = _differ(seen[workers[0].name], seen[worker.name])
        print(
            f"| {worker.name} | {cost[0]:.1f}, {cost[1]:.1f} | {passed[0]:.1f}, {passed[1]:.1f} "
            f"| {cost[0] / of_first[0]:.2f}, {cost[1] / of_first[1]:.2f} | {differs} |"
        )


def _measured(
    workers: list[Worker], shapes: list[str], rounds: int
) -> tuple[dict[str, list[list[Any]]], dict[str, list[Any]]]:
    """Answers by build, picture and round; and what each build saw in each picture."""
    took: dict[str, list[list[Any]]] = {w.name: [[] for _ in shapes] for w in workers}
    seen: dict[str, list[Any]] = {w.name: [] for w in workers}
    for turn in range(rounds + 1):
        for picture in range(len(shapes)):
            for worker in workers:
                answer = worker.look(picture)
                if turn == 0:  # a shape is compiled when it is first seen
                    seen[worker.name].append(answer["seen"])
                else:
                    took[worker.name][picture].append(answer)
    for worker in workers:
        worker.process.communicate()
    return took, seen


def _of(took: list[list[Any]], shapes: list[str], kind: str, cost: Cost) -> float:
    """The mean of the pictures of a kind, each by the faster half of its looks."""
    times = [
        faster_half([answer[cost] for answer in answers])
        for answers, shape in zip(took, shapes, strict=True)
        if shape == kind
    ]
    return float(np.mean(times))


def _differ(first: list[Any], other: list[Any]) -> str:
    """The greatest differences of what both tell, and how often only the first tells something."""
    alone, told, score, corner_px = 0, 0, 0.0, 0.0
    for a, b in zip(first, other, strict=True):
        boxes = [np.array(x["xyxy"], np.float32).reshape(-1, 4) for x in (a, b)]
        mine, theirs = ([_told(x, i) for i in range(len(x["label"]))] for x in (a, b))
        for i, (label, its_score) in enumerate(mine):
            if its_score < TOLD:
                continue
            told += 1
            near = [
                (float(np.abs(boxes[0][i] - boxes[1][j]).max()), abs(its_score - its[1]))
                for j, its in enumerate(theirs)
                if its[0] == label
            ]
            px, by = min(near, default=(np.inf, 0.0))
            if px > 20:
                alone += 1
                continue
            corner_px, score = max(corner_px, px), max(score, by)
    return f"{alone} of {told} things, scores {score:.4f}, corners {corner_px:.2f} px"


def _told(answer: Any, i: int) -> tuple[int, float]:
    return int(answer["label"][i]), float(answer["score"][i])


def _write_pictures(folder: Path) -> list[str]:
    """Some pictures as files 0.npy, 1.npy, ...; returns what kind each is."""
    import av

    kinds: list[str] = []
    for clip in CLIPS:
        with av.open(str(ROOT / "tests" / "footage" / clip / "clip.mp4")) as video:
            for at_s in MOMENTS_S:
                video.seek(int(at_s * 1e6))
                whole = next(video.decode(video=0)).to_ndarray(format="bgr24")
                height, width = whole.shape[:2]
                top, left = height // 4, width // 3
                seat = whole[top : top + height // 2, left : left + width // 3]
                for kind, picture in (("whole", whole), ("close-up", seat)):
                    np.save(folder / f"{len(kinds)}.npy", np.ascontiguousarray(picture))
                    kinds.append(kind)
    return kinds


def _started(build: str, folder: Path) -> Worker:
    name, _, python = build.partition("=")
    command = [python or sys.executable, "-m", "benchmarks.providers", name]
    process = subprocess.Popen(
        [*command, "--serve", str(folder)], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    said = process.stdout.readline()
    if said != "ready\n":
        raise typer.BadParameter(f"{build} does not run (its words are above)")
    return Worker(build, process)


def _serve(provider: str, folder: Path) -> None:
    """The worker's side. Raises ProviderError where the provider does not really compute."""
    entry = load_manifest().entry(None, frozenset())
    detector = OnnxDetector(entry, HARDWARE[provider].providers, threads=1)
    print("ready", flush=True)
    for line in sys.stdin:
        picture: NDArray[np.uint8] = np.load(folder / f"{int(line)}.npy")
        spent_s, began_s = time.process_time(), time.perf_counter()
        [seen] = detector.detect([picture])
        cost = {
            Cost.PROCESSOR: 1000 * (time.process_time() - spent_s),
            Cost.PASSED: 1000 * (time.perf_counter() - began_s),
        }
        told = {
            "xyxy": seen.xyxy.tolist(), "score": seen.score.tolist(), "label": seen.label.tolist(),
        }  # fmt: skip
        print(json.dumps({"seen": told, **cost}), flush=True)


if __name__ == "__main__":
    typer.run(main)
