"""`hallwatch models teach-sign`: a hall shows its own pause sign once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer

from cli.errors import plain_errors
from models.taught import TeachError, teach
from vision.hallfile import load_hall


@plain_errors
def teach_sign(
    hall: Annotated[Path, typer.Argument(help="The hall file.")],
    window: Annotated[str, typer.Argument(help="The window's id in it.")],
    picture: Annotated[Path, typer.Argument(help="A picture of its camera, with the sign up.")],
    box: Annotated[
        tuple[int, int, int, int], typer.Option(help="The sign in it: x1 y1 x2 y2 in pixels.")
    ],
) -> None:
    """Learn a window's pause sign from one snapshot, for when its text is too small to read."""
    plan = load_hall(hall)
    place = next((w for w in plan.windows if w.id == window), None)
    if place is None:
        known = ", ".join(w.id for w in plan.windows)
        raise TeachError(f"{hall} has no window {window!r}; it has {known}")
    camera = plan.camera(place.camera)
    shown = cv2.imread(str(picture), cv2.IMREAD_COLOR)
    if shown is None:
        raise TeachError(f"{picture} is not a picture that can be read")
    if shown.shape[:2] != (camera.height, camera.width):
        raise TeachError(
            f"{picture} is {shown.shape[1]}x{shown.shape[0]}, the camera {camera.id} gives "
            f"{camera.width}x{camera.height}: take a snapshot of the camera itself"
        )
    middle = np.array([[(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]])
    if place.sign is None or not place.sign.holds(middle)[0]:
        raise TeachError(
            f"the box does not lie in the sign zone of {window}: draw `sign` in the hall file "
            "where the sign is put"
        )
    kept = teach(hall, window, np.asarray(shown, np.uint8), box)
    typer.echo(f"{window} knows its sign now ({kept}); restart hallwatch to use it")
