"""Why a hall file or a change of it is refused, in the reader's language."""

from __future__ import annotations

from api.console.strings import Say
from api.halls.cameras import (
    CameraInUseError,
    CameraThereError,
    LastCameraError,
    NoSuchCameraError,
)
from api.halls.filing import HallFileChangedError
from vision.hallfile import HallFileError, Problem, Wrong

CAMERA_REFUSED: dict[type[Exception], str] = {
    CameraThereError: "there",
    NoSuchCameraError: "gone",
    CameraInUseError: "in_use",
    LastCameraError: "last",
}
CHANGE_REFUSED: tuple[type[Exception], ...] = (HallFileChangedError, *CAMERA_REFUSED)
"""What a sound change of a camera can end with."""
REFUSED: tuple[type[Exception], ...] = (HallFileError, *CHANGE_REFUSED)


def problem_words(problem: Problem, say: Say) -> str:
    """One problem: where it is in the file, and what is wrong there."""
    values = dict(problem.values)
    if problem.wrong is Wrong.BOUNDS:
        names = (say.known("policy", name) for name in values["name"].split())
        values["name"] = say("name_comma").join(names)
    words = say.of("hall_problem", problem.wrong, **values)
    if values["near"]:
        words += say("hall_problem_near", near=values["near"])
    return say("hall_problem_at", place=problem.place, words=words) if problem.place else words


def problems_words(error: HallFileError, say: Say) -> str:
    """All of them in one line."""
    return "; ".join(problem_words(problem, say) for problem in error.problems)


def refusal_words(error: Exception, say: Say) -> str:
    """Why a camera is not added, changed or removed."""
    if isinstance(error, HallFileError):
        return problems_words(error, say)
    if isinstance(error, HallFileChangedError):
        return say("hall_file_changed")
    return say.of("camera_refused", CAMERA_REFUSED[type(error)])
