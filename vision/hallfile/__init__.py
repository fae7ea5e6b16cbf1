"""The hall file: a TOML file that names a hall's cameras, windows, queues, hours and thresholds.

`load_hall` reads it whole or raises `HallFileError`, which lists every problem it found with the
place in the file and what to do. `tables` says what may be written, `hall` what it becomes, and
`reading` goes from the one to the other.
"""

from vision.hallfile.hall import (
    Camera,
    Hall,
    Hours,
    Limits,
    Machine,
    Queue,
    Recording,
    Seeing,
    Window,
    policy_values,
)
from vision.hallfile.problems import Problem, Wrong
from vision.hallfile.reading import HallFileError, load_hall, parse_hall, unreadable

__all__ = [
    "Camera",
    "Hall",
    "HallFileError",
    "Hours",
    "Limits",
    "Machine",
    "Problem",
    "Queue",
    "Recording",
    "Seeing",
    "Window",
    "Wrong",
    "load_hall",
    "parse_hall",
    "policy_values",
    "unreadable",
]
