"""Writes an actor's keyframes: work with its look-alikes, phones, meals, sleep, coming and going.

    script = Script(person, (x, y), 0.0, rng)
    script.work(20).phone(30, "face").eat(25, "bread").work(10)
    actor = script.actor("s1", window="w1")

Each step begins where the last ended. `spells` says what was done from when to when, exactly as
`Actor.at` tells it; `held` and `laid` say the same of things.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, TypeAlias

from numpy.random import Generator

from models.simulator import poses, poses_breaks, poses_standing
from models.simulator.actor import Actor, Held, Keyframe, Laid
from models.simulator.body import Person
from models.simulator.pose import Pose, Side
from models.simulator.poses import DESK_M, Maker

PhoneWay: TypeAlias = Literal["face", "low", "lap", "ear"]
PHONE_POSES: dict[PhoneWay, Maker] = {
    "face": poses.phone_before_face,
    "low": poses.phone_low_over_desk,
    "lap": poses.phone_in_lap,
    "ear": poses.phone_at_ear,
}
LOOK_ALIKES: dict[str, tuple[Maker, str | None]] = {
    "hand_at_chin": (poses.hand_at_chin, None),
    "yawning": (poses.yawning, None),
    "adjusting_glasses": (poses.adjusting_glasses, None),
    "scratching_head": (poses.scratching_head, None),
    "desk_telephone": (poses.desk_telephone, "handset"),
    "calculator": (poses.phone_low_over_desk, "calculator"),
    "remote": (poses.phone_low_over_desk, "remote"),
    "mouse_lifted": (poses.phone_low_over_desk, "mouse"),
    "glasses_case": (poses.phone_low_over_desk, "glasses_case"),
    "paper": (poses.phone_before_face, "paper"),
    "papers_in_both_hands": (poses_breaks.book, "sheets"),
    "card": (poses.phone_before_face, "card"),
    "card_low": (poses.phone_low_over_desk, "card"),
    "wallet": (poses.phone_low_over_desk, "wallet"),
    "stapler": (poses.phone_low_over_desk, "stapler"),
    "pen_at_mouth": (poses_breaks.drag, "pen"),
    "pen_between_fingers": (poses_breaks.cigarette_held, "pen"),
    "tissue": (poses_breaks.bite, "tissue"),
    "looking_down": (poses_breaks.looking_down, None),
    "bent_over_writing": (poses_breaks.bent_over_writing, "pen"),
    "beside_a_lying_phone": (poses_breaks.hand_beside, None),
    "turned_to_neighbour": (poses.turned_to_neighbour, None),
    "at_printer": (poses.at_printer, None),
    "bending_to_drawer": (poses.bending_to_drawer, None),
}
"""Innocent conduct that a hasty eye takes for a phone, a meal or sleep; with what is held."""
WORK: tuple[tuple[Maker, float, str | None], ...] = (
    (poses.typing, 0.45, None),
    (poses.using_mouse, 0.2, None),
    (poses.writing, 0.15, "pen"),
    (poses.seated, 0.1, None),
    (poses.talking, 0.1, None),
)
SERVICE: tuple[tuple[Maker, float, str | None], ...] = (
    (poses.talking, 0.4, None),
    (poses.reading_with_citizen, 0.15, None),
    (poses.handing_paper, 0.1, "paper"),
    (poses.typing, 0.25, None),
    (poses.writing, 0.1, "pen"),
)
NAP_POSES: dict[str, Maker] = {
    "arms": poses_breaks.napping_on_arms,
    "back": poses_breaks.napping_leaning_back,
    "one_arm": poses_breaks.napping_on_one_arm,
    "chin": poses_breaks.napping_upright,
}
NAPS = ("arms", "arms", "one_arm", "one_arm", "back", "chin")
"""How often each is chosen."""
TABLE_FOOD = {"boxed_meal": "chopsticks", "noodle_bowl": "chopsticks"}
"""Food that stands on the desk, and what it is eaten with."""


@dataclass(frozen=True, slots=True)
class Spell:
    """What an actor did from when to when."""

    activity: str
    from_s: float
    to_s: float


class Script:
    """Keyframes being written for one person, who starts seated at work or standing."""

    def __init__(
        self,
        person: Person,
        at_m: tuple[float, float],
        yaw_deg: float,
        rng: Generator,
        *,
        start_s: float = 0.0,
        seated: bool = True,
        desk_m: float = DESK_M,
    ) -> None:
        self.person, self.rng = person, rng
        self.at_m, self.yaw_deg, self.now_s = at_m, yaw_deg, start_s
        self.desk_m = desk_m
        self.hand: Side = "R" if rng.random() < 0.85 else "L"
        self.keyframes: list[Keyframe] = []
        self.held: list[Held] = []
        self.laid: list[Laid] = []
        first = poses.typing if seated else poses_standing.waiting
        self._key(self._draw(first), "working" if seated else "waiting")

    def actor(self, name: str, window: str | None = None) -> Actor:
        role = self.person.spec.role
        return Actor(name, role, self.person, self.keyframes, self.held, window, self.laid)

    @property
    def spells(self) -> list[Spell]:
        """Everything done so far, without a gap; an activity changes in the middle of a move."""
        spells: list[Spell] = []
        began = self.keyframes[0].t_s
        for start, end in pairwise(self.keyframes):
            if end.activity != start.activity:
                changed = (start.t_s + end.t_s) / 2
                spells.append(Spell(start.activity, began, changed))
                began = changed
        return [*spells, Spell(self.keyframes[-1].activity, began, self.now_s)]

    # -- at the desk

    def work(self, lasts_s: float) -> Script:
        """Typing, the mouse, writing, a look up."""
        return self._stints(WORK, "working", lasts_s)

    def serve(self, lasts_s: float) -> Script:
        """A citizen at the window: talking, papers, typing."""
        return self._stints(SERVICE, "serving", lasts_s)

    def look_alike(self, name: str, lasts_s: float) -> Script:
        """One of LOOK_ALIKES for that long."""
        if name not in LOOK_ALIKES:
            raise ValueError(f"no look-alike {name!r}: choose one of {', '.join(LOOK_ALIKES)}")
        maker, thing = LOOK_ALIKES[name]
        until = self._begin(lasts_s, thing)
        if maker is poses_breaks.hand_beside:
            aside = 0.16 if self.hand == "R" else -0.16
            x, y = self._ahead(-aside + float(self.rng.normal(0, 0.02)), 0.46)
            turn = self.yaw_deg + float(self.rng.normal(0, 25))
            self.laid.append(Laid("phone", (x, y, self.desk_m), turn, self.now_s, until))
        self._live(maker, name, until, (3.0, 6.0))
        return self

    def phone(self, lasts_s: float, way: PhoneWay = "face") -> Script:
        activity = "phone_call" if way == "ear" else "phone_use"
        until = self._begin(lasts_s, "phone")
        self._live(PHONE_POSES[way], activity, until, (1.2, 3.0))
        return self

    def eat(self, lasts_s: float, food: str = "bread", *, bite_s: float = 0.85) -> Script:
        """Bites until the time is over: hand to the mouth for about `bite_s`, down to chew, and
        again."""
        if food in TABLE_FOOD:
            x, y = self._ahead(0.05 if self.hand == "R" else -0.05, 0.46)
            tool = "spoon" if self.rng.random() < 0.3 else TABLE_FOOD[food]
            until = self._begin(lasts_s, tool)
            began = self._midway(until)
            self.laid.append(Laid(food, (x, y, self.desk_m), self.yaw_deg, began, until))
            return self._cycle(poses_breaks.spoon_up, poses_breaks.spoon_down, "eating", until, 1.6)
        until = self._begin(lasts_s, food)
        down = poses_breaks.food_held
        return self._cycle(poses_breaks.bite, down, "eating", until, 3.0, up_s=bite_s)

    def drink(self, lasts_s: float, vessel: str = "cup") -> Script:
        until = self._begin(lasts_s, vessel)
        return self._cycle(poses_breaks.sip, poses_breaks.cup_held, "drinking", until, 2.5)

    def smoke(self, lasts_s: float) -> Script:
        until = self._begin(lasts_s, "cigarette")
        return self._cycle(poses_breaks.drag, poses_breaks.cigarette_held, "smoking", until, 4.0)

    def nap(self, lasts_s: float, way: str = "arms") -> Script:
        """One of NAPS."""
        until = self._begin(lasts_s, None)
        self._enter(NAP_POSES[way], until, "napping")
        return self._hold_until(until)

    def read(self, lasts_s: float, thing: str = "newspaper") -> Script:
        """A newspaper, a magazine or a book."""
        maker = poses_breaks.newspaper if thing == "newspaper" else poses_breaks.book
        until = self._begin(lasts_s, thing)
        self._live(maker, "reading", until, (4.0, 9.0))
        return self

    # -- on their feet

    def stand_up(self, takes_s: float = 1.3) -> Script:
        self._move(self._draw(poses_standing.standing), takes_s, "leaving")
        return self

    def sit_down(self, takes_s: float = 1.4) -> Script:
        self._move(self._draw(poses.typing), takes_s, "working")
        return self

    def walk(
        self,
        route: Sequence[tuple[float, float]],
        activity: str = "walking",
        *,
        yaw_deg: float | None = None,
        speed_m_s: float = 1.1,
    ) -> Script:
        """Along the points of a route; at its end turned to `yaw_deg`, else left as walked."""
        for step, point in enumerate(route):
            way = (point[0] - self.at_m[0], point[1] - self.at_m[1])
            heading = math.degrees(math.atan2(way[0], -way[1]))
            last = step == len(route) - 1
            self.yaw_deg = yaw_deg if last and yaw_deg is not None else heading
            self.at_m = point
            takes_s = max(0.6, math.hypot(*way) / speed_m_s)
            self._move(self._draw(poses_standing.standing), takes_s, activity)
        return self

    def stand(
        self,
        lasts_s: float,
        activity: str = "waiting",
        maker: Maker = poses_standing.waiting,
        thing: str | None = None,
    ) -> Script:
        """Standing in one of the ways of `poses_standing`, shifting now and then."""
        until = self._begin(lasts_s, thing)
        self._live(maker, activity, until, (3.0, 8.0))
        return self

    def wait(self, lasts_s: float) -> Script:
        """Whatever people do in a queue: stand, look at their phones, read their slips."""
        until = self.now_s + lasts_s
        ways: list[tuple[Maker, str | None]] = [
            (poses_standing.waiting, None),
            (poses_standing.waiting, None),
            (poses_standing.own_phone, "phone"),
            (poses_standing.holding_paper, "paper"),
            (poses_standing.standing, "bag"),
            (poses_standing.standing, "folder"),
        ]
        while until - self.now_s > 1e-6:
            maker, thing = ways[int(self.rng.integers(len(ways)))]
            stays_s = min(until - self.now_s, float(self.rng.uniform(6, 20)))
            self.stand(stays_s, "waiting", maker, thing)
        return self

    # -- the pen itself

    def _draw(self, maker: Maker) -> Pose:
        return maker(self.person.build, self.rng, self.hand)

    def _key(self, pose: Pose, activity: str) -> None:
        self.keyframes.append(Keyframe(self.now_s, pose, self.at_m, self.yaw_deg, activity))

    def _move(self, pose: Pose, takes_s: float, activity: str) -> None:
        """What was held till now is held until the middle of the move."""
        middle, now_s = self.now_s + takes_s / 2, self.now_s
        self.held = [replace(h, to_s=middle) if h.to_s == now_s else h for h in self.held]
        self.laid = [replace(x, to_s=middle) if x.to_s == now_s else x for x in self.laid]
        self.now_s += takes_s
        self._key(pose, activity)

    def _enter(self, maker: Maker, until_s: float, activity: str) -> None:
        """The move that leads into a step: a second, or half of a short step."""
        self._move(self._draw(maker), 2 * (self._midway(until_s) - self.now_s), activity)

    def _midway(self, until_s: float) -> float:
        return self.now_s + min(0.5, (until_s - self.now_s) / 4)

    def _hold_until(self, until_s: float) -> Script:
        last = self.keyframes[-1]
        if until_s > self.now_s:
            self.now_s = until_s
            self._key(last.pose, last.activity)
        return self

    def _begin(self, lasts_s: float, thing: str | None) -> float:
        """Takes a thing in hand for a step, from the middle of the move that leads into it;
        returns when the step ends."""
        until = self.now_s + lasts_s
        if thing is not None:
            self.held.append(Held(thing, self.hand, self._midway(until), until))
        return until

    def _live(
        self,
        maker: Maker,
        activity: str,
        until_s: float,
        every_s: tuple[float, float],
    ) -> None:
        """Takes the pose, then a fresh draw of it every few seconds: thumbs, gaze, shifting."""
        self._enter(maker, until_s, activity)
        while until_s - self.now_s > every_s[0] + 1.0:
            stays_s = min(0.6 * float(self.rng.uniform(*every_s)), until_s - self.now_s - 1.0)
            self._hold_until(self.now_s + stays_s)
            self._move(self._draw(maker), float(self.rng.uniform(0.5, 1.0)), activity)
        self._hold_until(until_s)

    def _cycle(
        self,
        up: Maker,
        down: Maker,
        activity: str,
        until_s: float,
        pause_s: float,
        *,
        up_s: float = 0.85,
    ) -> Script:
        """Hand to the mouth for about `up_s` and down again until the time is over."""
        self._enter(down, until_s, activity)
        while until_s - self.now_s > 2.1 + 1.4 * up_s:
            self._move(self._draw(up), float(self.rng.uniform(0.7, 1.1)), activity)
            self._hold_until(self.now_s + up_s * float(self.rng.uniform(0.6, 1.4)))
            self._move(self._draw(down), float(self.rng.uniform(0.6, 1.0)), activity)
            chews_s = pause_s * float(self.rng.uniform(0.3, 1.3))
            self._hold_until(min(until_s, self.now_s + chews_s))
        return self._hold_until(until_s)

    def _stints(
        self, kinds: Sequence[tuple[Maker, float, str | None]], activity: str, lasts_s: float
    ) -> Script:
        until = self.now_s + lasts_s
        weights = [weight for _, weight, _ in kinds]
        while until - self.now_s > 1e-6:
            maker, _, thing = kinds[int(self.rng.choice(len(kinds), p=weights))]
            ends = min(until, self.now_s + float(self.rng.uniform(4, 12)))
            if thing is not None:
                self.held.append(Held(thing, self.hand, self.now_s + 0.4, ends - 0.2))
            self._live(maker, activity, ends, (1.5, 4.0))
        return self

    def _ahead(self, left_m: float, ahead_m: float) -> tuple[float, float]:
        """A place in the hall, from the person's own frame."""
        turn = math.radians(self.yaw_deg)
        x, y = left_m, -ahead_m
        return (
            self.at_m[0] + x * math.cos(turn) - y * math.sin(turn),
            self.at_m[1] + x * math.sin(turn) + y * math.cos(turn),
        )
