"""Whether it is the cigarette that tells a smoker: photos with it, and with it painted out.

    python -m benchmarks.erased --set SET --model hall-seats --model hall

SET is made by `hallwatch models dataset`; its held out photos of smokers are looked at twice. A
network that knows smokers by the kind of photo scores both alike.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from cli.model_options import MANIFEST
from models.dataset import TEST, Labelled, read_dataset
from models.evaluate import in_pixels, read_picture
from models.manifest import load_manifest
from models.session import OnnxDetector
from models.train.erasing import painted_over
from vision.records import Label
from vision.seeing import Detector

OVER = (0.4, 0.6, 0.8)


def main(
    dataset: Annotated[Path, typer.Option("--set", help="A set of `hallwatch models dataset`.")],
    model: Annotated[list[str], typer.Option(help="Its id; may be given again.")],
    manifest: Path = MANIFEST,
    threads: int = 1,
) -> None:
    """Print, for each model, how many of the photos are told as smoking, with and without."""
    photos = [
        p for p in read_dataset(dataset, TEST)
        if p.source == "iewel" and (p.boxes[:, 0] == Label.SMOKING).any()
    ]  # fmt: skip
    titles = [f"{what} over {score:g}" for score in OVER for what in ("with", "erased")]
    print(f"| model | photos | {' | '.join(titles)} | higher with it |")
    print("|" + "---|" * (len(titles) + 3))
    for name in model:
        entry = load_manifest(manifest).entry(name)
        scores = told(OnnxDetector(entry, threads=threads, least_score=0.01), photos)
        shares = [f"{(column > score).mean():.2f}" for score in OVER for column in scores.T]
        higher = (scores[:, 0] > scores[:, 1]).mean()
        print(f"| {name} | {len(photos)} | {' | '.join(shares)} | {higher:.2f} |")


def told(detector: Detector, photos: list[Labelled]) -> NDArray[np.float64]:
    """The best score of SMOKING in each photo, (n, 2): as it is, and without its cigarettes."""
    scores = []
    for photo in photos:
        image = read_picture(photo)
        boxes, erased = in_pixels(photo, image), image
        for box in boxes[boxes[:, 0] == Label.CIGARETTE, 1:]:
            erased = painted_over(erased, box)
        both = detector.detect([image, erased])
        scores.append([float(f.of(Label.SMOKING).score.max(initial=0.0)) for f in both])
    return np.array(scores)


if __name__ == "__main__":
    typer.run(main)
