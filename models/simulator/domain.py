"""What scenes are drawn from: how often what happens, how closely it is seen, how cameras fail.

A `Domain` is a parameter of every run. Two are ready made: `hall`, whole pictures with the seats'
crops as they occur, and `close-ups`, one clerk seen through a zoom lens, in which conduct and its
look-alikes are common. A TOML file changes any of the numbers:

    conduct = 0.3
    [conducts]
    phone_lap = 0.5
    [faults]
    rain = 0.2
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from models.simulator.errors import SimulatorError

CONDUCTS: Mapping[str, float] = {
    "phone_face": 0.19, "phone_low": 0.11, "phone_lap": 0.06, "phone_ear": 0.10,
    "eat_hand": 0.13, "eat_bowl": 0.11, "drink": 0.14,
    "smoke": 0.05, "read": 0.06, "nap": 0.05,
}  # fmt: skip
LOOK_ALIKES = (
    "hand_at_chin", "yawning", "adjusting_glasses", "scratching_head", "desk_telephone",
    "calculator", "remote", "mouse_lifted", "glasses_case", "paper", "papers_in_both_hands", "card",
    "card_low", "wallet", "stapler", "pen_at_mouth", "pen_between_fingers", "tissue",
    "looking_down", "bent_over_writing", "beside_a_lying_phone", "turned_to_neighbour",
    "at_printer", "bending_to_drawer",
)  # fmt: skip
"""What seems to break a rule, by the names of `script.LOOK_ALIKES`."""
FAULTS: Mapping[str, float] = {
    "infrared": 0.06, "dim": 0.07, "glare": 0.04, "backlight": 0.04, "defocus": 0.03,
    "motion": 0.03, "rain": 0.02, "dirt": 0.03, "starved": 0.05,
}  # fmt: skip
"""How often a camera has each fault; see `optics.Optics`."""


class DomainError(SimulatorError):
    """A domain's numbers cannot be used. The text names the file and the key."""


@dataclass(frozen=True, slots=True)
class Domain:
    """Chances are shares of 1; ranges are (low, high); mappings hold relative weights.

    close_up: whether one seat fills the picture; away: empty seats; conduct: clerks who break a
    rule; look_alike: of the other clerks, those who seem to; citizen: windows with somebody before
    them; crowd: pictures with a crowd; pause_away, pause_here: pause signs at empty and at manned
    windows; other_sign: other signs; coat: chairs with a coat over the back;
    left: chances of things left on a desk, by kind of thing;
    seat_share: of the picture's height that a close-up's clerk takes; shrink: a close-up's stored
    size relative to the rendered one; exposure, grain, jpeg: of the camera (`optics.Optics`).
    """

    close_up: bool = False
    away: float = 0.18
    conduct: float = 0.5
    look_alike: float = 0.5
    citizen: float = 0.45
    crowd: float = 0.25
    pause_away: float = 0.62
    pause_here: float = 0.10
    other_sign: float = 0.38
    coat: float = 0.15
    conducts: Mapping[str, float] = field(default_factory=lambda: CONDUCTS)
    look_alikes: Mapping[str, float] = field(
        default_factory=lambda: dict.fromkeys(LOOK_ALIKES, 1.0)
    )
    faults: Mapping[str, float] = field(default_factory=lambda: FAULTS)
    left: Mapping[str, float] = field(
        default_factory=lambda: {"drink": 0.35, "food": 0.08, "phone": 0.25, "tool": 0.4}
    )
    seat_share: tuple[float, float] = (0.62, 1.0)
    shrink: tuple[float, float] = (0.28, 1.0)
    exposure: tuple[float, float] = (0.17, 0.36)
    grain: tuple[float, float] = (0.5, 2.0)
    jpeg: tuple[float, float] = (45, 93)


DOMAINS: Mapping[str, Domain] = {
    "hall": Domain(),
    "close-ups": Domain(
        close_up=True,
        away=0.12,
        conduct=0.62,
        look_alike=0.8,
        citizen=0.2,
        crowd=0.0,
        pause_here=0.2,
        other_sign=0.45,
        coat=0.2,
        conducts={
            "phone_face": 0.15, "phone_low": 0.12, "phone_lap": 0.05, "phone_ear": 0.11,
            "eat_hand": 0.14, "eat_bowl": 0.08, "drink": 0.07,
            "smoke": 0.10, "read": 0.12, "nap": 0.14,
        },
        left={"drink": 0.25, "food": 0.10, "phone": 0.35, "tool": 0.6},
    ),
}  # fmt: skip


def domain(name: str, ranges: Path | None = None) -> Domain:
    """A ready-made domain, with the numbers of a TOML file in their places.

    Raises DomainError for an unknown name or key, or a value of another form."""
    if name not in DOMAINS:
        raise DomainError(f"there is no domain {name!r}: choose one of {', '.join(DOMAINS)}")
    made = DOMAINS[name]
    if ranges is None:
        return made
    try:
        wanted = tomllib.loads(ranges.read_text("utf-8"))
    except FileNotFoundError:
        raise DomainError(f"there is no file {ranges}") from None
    except tomllib.TOMLDecodeError as error:
        raise DomainError(f"{ranges} is not TOML: {error}") from error
    known = {f.name for f in fields(Domain)}
    for key in wanted:
        if key not in known:
            raise DomainError(
                f"{ranges}: {key!r} is no range; there are {', '.join(sorted(known))}"
            )
    return replace(made, **{key: _like(getattr(made, key), v, key) for key, v in wanted.items()})


def _like(old: Any, new: Any, key: str) -> Any:
    """The new value in the old one's form; a table changes the weights that it names."""
    if isinstance(old, bool) and isinstance(new, bool):
        return new
    if isinstance(old, float) and _is_number(new):
        return float(new)
    if isinstance(old, tuple) and _are_numbers(new, 2) and new[0] <= new[1]:
        return float(new[0]), float(new[1])
    if isinstance(old, Mapping) and isinstance(new, dict) and set(new) <= set(old):
        values = list(new.values())
        if _are_numbers(values, len(new)) and all(v >= 0 for v in values):
            return {**old, **{k: float(v) for k, v in new.items()}}
    names = f" of {', '.join(old)}" if isinstance(old, Mapping) else ""
    raise DomainError(f"{key} = {new!r}: write it like {old!r}{names}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _are_numbers(values: object, count: int) -> bool:
    return isinstance(values, list) and len(values) == count and all(map(_is_number, values))
