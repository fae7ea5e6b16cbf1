"""Scenes drawn by chance in a hall: who sits, stands and queues there, doing what, with what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from models.simulator import grips, poses_standing
from models.simulator.actor import Actor, Moment
from models.simulator.body import Person, sample_person, sample_uniform
from models.simulator.domain import Domain
from models.simulator.hall import SEAT_Y, Hall, Window, one
from models.simulator.poses import Maker
from models.simulator.props import LABELS, sample_prop
from models.simulator.script import NAPS, Script
from models.simulator.signs import Sign, sample_sign
from models.simulator.studio import Drawn
from models.simulator.views import View
from vision.records import Label

Rng = np.random.Generator

STAFF_IN_CAST, CITIZENS_IN_CAST = 7, 10
VESSELS = ("cup", "bottle", "thermos", "can", "tumbler")
HAND_FOODS = ("bread", "bun", "apple", "pancake", "skewer", "banana", "biscuit", "corn")
TABLE_FOODS = ("noodle_bowl", "boxed_meal")
TOOLS = ("calculator", "remote", "handset", "glasses_case", "mouse", "wallet", "card", "stapler")
READINGS = ("newspaper", "book", "magazine")
AT_COUNTER: tuple[tuple[Maker, str | None], ...] = (
    (poses_standing.at_counter, None),
    (poses_standing.handing_papers, None),
    (poses_standing.handing_papers, "paper"),
    (poses_standing.showing_phone, "phone"),
)
COAT = ("top", "collar")
COAT_TOP_M = (1.0, 1.22)
"""How high the shoulders of a coat on a chair are."""
LEFT: Mapping[str, Sequence[str]] = {
    "drink": VESSELS, "food": TABLE_FOODS + HAND_FOODS, "phone": ("phone",), "tool": TOOLS,
}  # fmt: skip
"""What lies on a desk, by the names of `Domain.left`."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a scene. label: what a detector should call it, None for background; kind: a
    prop's kind, `person` or `sign`; who: whom it is or belongs to (`PersonSpec.seed`)."""

    drawn: Drawn
    label: Label | None
    kind: str = "thing"
    who: int | None = None
    moment: Moment | None = None
    sign: Sign | None = None


@dataclass(slots=True)
class Cast:
    """The people of one hall: cut once, used in all its scenes."""

    staff: list[Person] = field(default_factory=list)
    citizens: list[Person] = field(default_factory=list)

    @classmethod
    def gathered(
        cls, rng: Rng, staff: int = STAFF_IN_CAST, citizens: int = CITIZENS_IN_CAST
    ) -> Cast:
        uniform = sample_uniform(rng)
        return cls(
            [Person(sample_person(rng, "staff", uniform)) for _ in range(staff)],
            [Person(sample_person(rng, "citizen", None)) for _ in range(citizens)],
        )


def sample_scene(rng: Rng, hall: Hall, view: View, cast: Cast, domain: Domain) -> list[Item]:
    """Everything that is drawn into one picture of the hall."""
    staff = list(rng.permutation(len(cast.staff)))
    citizens = list(rng.permutation(len(cast.citizens)))
    items: list[Item] = []
    for window in _near(hall, view):
        items += _signs_at(rng, window, domain, away=not (here := rng.random() > domain.away))
        items += _left_on_desk(rng, window, domain)
        if rng.random() < domain.coat:
            items.append(_coat(rng, cast.staff + cast.citizens, window))
        if here and staff:
            items += of_moment(_clerk(rng, cast.staff[staff.pop()], window, domain))
        if citizens and rng.random() < domain.citizen:
            items += of_moment(_at_counter(rng, hall, cast.citizens[citizens.pop()], window))
    if staff and rng.random() < 0.2:
        items += of_moment(_passing_clerk(rng, hall, cast.staff[staff.pop()], view))
    crowd = int(rng.integers(4, 9)) if rng.random() < domain.crowd else int(rng.integers(0, 3))
    for place in _standing_places(rng, view, min(crowd, len(citizens))):
        items += of_moment(_waiting(rng, cast.citizens[citizens.pop()], place))
    return items


def of_moment(moment: Moment) -> Iterator[Item]:
    """A person and what they hold or have before them. A phone counts only in a hand; cups and
    food that lie there are cups and food."""
    posed = moment.posed
    body = Drawn(posed.parts, (posed.hull, posed.hull_faces), moment.at_m)
    yield Item(body, Label.PERSON, "person", moment.who, moment=moment)
    for thing in moment.things:
        background = thing.kind == "phone" and thing.hand is None
        label = None if background else LABELS.get(thing.kind)
        yield Item(Drawn(thing.meshes), label, thing.kind, moment.who)


def of_sign(sign: Sign) -> Item:
    return Item(Drawn(sign.meshes), Label.PAUSE_SIGN if sign.pauses else None, "sign", sign=sign)


def _near(hall: Hall, view: View) -> list[Window]:
    """The windows whose seats the camera sees; those that it watches among them."""
    kept = []
    for window in hall.windows:
        head = view.camera.project(np.array([[*window.seat, 1.2]]))[0]
        inside = -100 < head[0] < view.camera.width + 100 and 0 < head[1] < view.camera.height
        if window in view.windows or (inside and 0.5 < head[2] < 9):
            kept.append(window)
    return kept


def _signs_at(rng: Rng, window: Window, domain: Domain, *, away: bool) -> Iterator[Item]:
    if rng.random() < (domain.pause_away if away else domain.pause_here):
        yield of_sign(sample_sign(rng, window.spot, pauses=True))
    if rng.random() < domain.other_sign:
        yield of_sign(sample_sign(rng, window.spot, pauses=False))


def _left_on_desk(rng: Rng, window: Window, domain: Domain) -> Iterator[Item]:
    desk = window.desk
    for what, chance in domain.left.items():
        if rng.random() > chance:
            continue
        kind = one(rng, LEFT[what])
        x = window.x + float(rng.choice([-1, 1]) * rng.uniform(0.2, 0.7))
        y = float(rng.uniform(desk.far + 0.1, desk.near - 0.08))
        at = (x, y, desk.height + 0.002)
        parts = grips.lying(kind, sample_prop(kind, rng), at, float(rng.uniform(0, 360)))
        yield Item(Drawn(parts), None if kind == "phone" else LABELS.get(kind), kind)


def _coat(rng: Rng, people: Sequence[Person], window: Window) -> Item:
    """What somebody wore, hung over the back of the clerk's chair: shoulders, sleeves, no head."""
    person = one(rng, people)
    pose = poses_standing.standing(person.build, rng)
    facing = 180.0 * float(rng.random() < 0.3) + float(rng.normal(0, 8))
    worn = [p for p in person.posed(pose, (0.0, 0.0), facing).parts if p.name in COAT]
    top = max(float(part.vertices[:, 2].max()) for part in worn)
    flat = np.array([1.0, float(rng.uniform(0.45, 0.8)), 1.0])
    x, y = window.x + float(rng.normal(0, 0.07)), SEAT_Y + 0.30 + float(rng.normal(0, 0.03))
    hung = np.array([x, y, float(rng.uniform(*COAT_TOP_M)) - top])
    return Item(Drawn([replace(part, vertices=part.vertices * flat + hung) for part in worn]), None)


def _clerk(rng: Rng, person: Person, window: Window, domain: Domain) -> Moment:
    seat = (window.x + float(rng.normal(0, 0.06)), window.seat[1] + float(rng.normal(0, 0.03)))
    yaw = float(rng.normal(0, 9))
    script = Script(person, seat, yaw, rng, desk_m=window.desk.height)
    if rng.random() < domain.conduct:
        _break_rule(rng, script, _drawn(rng, domain.conducts))
    elif rng.random() < domain.look_alike:
        script.look_alike(_drawn(rng, domain.look_alikes), 20.0)
    elif rng.random() < 0.5:
        script.work(20.0)
    else:
        script.serve(20.0)
    return script.actor("clerk").at(float(rng.uniform(2.0, 19.0)))


def _drawn(rng: Rng, weights: Mapping[str, float]) -> str:
    """One of the names, as often as its weight says."""
    shares = np.array(list(weights.values()))
    return str(rng.choice(list(weights), p=shares / shares.sum()))


def _break_rule(rng: Rng, script: Script, conduct: str) -> None:
    if conduct == "phone_face":
        script.phone(20.0, "face")
    elif conduct == "phone_low":
        script.phone(20.0, "low")
    elif conduct == "phone_lap":
        script.phone(20.0, "lap")
    elif conduct == "phone_ear":
        script.phone(20.0, "ear")
    elif conduct == "eat_hand":
        script.eat(20.0, one(rng, HAND_FOODS))
    elif conduct == "eat_bowl":
        script.eat(20.0, one(rng, TABLE_FOODS))
    elif conduct == "drink":
        script.drink(20.0, one(rng, VESSELS))
    elif conduct == "smoke":
        script.smoke(20.0)
    elif conduct == "read":
        script.read(20.0, one(rng, READINGS))
    else:
        script.nap(20.0, one(rng, NAPS))


def _at_counter(rng: Rng, hall: Hall, person: Person, window: Window) -> Moment:
    front = window.desk.top_span[0]
    away = float(rng.uniform(0.24, 0.55))
    place = (window.x + float(rng.uniform(-0.35, 0.35)), front - away)
    seated = hall.style.counter == "low" and rng.random() < 0.5
    script = Script(person, place, 180.0 + float(rng.normal(0, 14)), rng, seated=seated)
    if seated:
        script.work(10.0)
    else:
        maker, thing = one(rng, AT_COUNTER)
        script.stand(10.0, "at_window", maker, thing)
    return script.actor("citizen").at(float(rng.uniform(2.0, 9.0)))


def _waiting(rng: Rng, person: Person, place: tuple[float, float]) -> Moment:
    script = Script(person, place, float(rng.normal(180, 60)), rng, seated=False)
    chance = rng.random()
    if chance < 0.22:
        script.walk([(place[0] + float(rng.uniform(-2, 2)), place[1] - 1.0)])
    elif chance < 0.32:
        script.stand(12.0, "waiting", poses_standing.own_phone, "phone")
    elif chance < 0.40:
        script.stand(12.0, "waiting", poses_standing.calling, "phone")
    else:
        script.wait(12.0)
    return script.actor("citizen").at(float(rng.uniform(0.5, 4.0)))


def _passing_clerk(rng: Rng, hall: Hall, person: Person, view: View) -> Moment:
    x = one(rng, view.windows).x + float(rng.uniform(-0.9, 0.9))
    place = (x, float(rng.uniform(1.25, max(1.4, hall.back - 0.6))))
    script = Script(person, place, float(rng.uniform(0, 360)), rng, seated=False)
    if rng.random() < 0.5:
        script.walk([(x + float(rng.choice([-1.5, 1.5])), place[1])])
    else:
        script.stand(8.0)
    return script.actor("clerk").at(float(rng.uniform(0.3, 2.0)))


def _standing_places(rng: Rng, view: View, count: int) -> Sequence[tuple[float, float]]:
    """Places before the counter, in a loose line or about, half a metre apart or more."""
    places: list[tuple[float, float]] = []
    xs = [window.x for window in view.windows]
    line = rng.random() < 0.5
    at_x = float(rng.uniform(min(xs), max(xs)))
    for _ in range(20 * count):
        if len(places) == count:
            break
        x = at_x + rng.normal(0, 0.15) if line else rng.uniform(min(xs) - 1.2, max(xs) + 1.2)
        place = (float(x), float(rng.uniform(-4.8, -1.45)))
        if _is_free(place, places, view):
            places.append(place)
    return places


def _is_free(place: tuple[float, float], taken: Sequence[tuple[float, float]], view: View) -> bool:
    """Not in somebody, and not right before the lens."""
    x, y, _ = view.camera.location
    lens = np.hypot(place[0] - x, place[1] - y)
    return bool(lens > 1.7) and all(np.hypot(place[0] - a, place[1] - b) > 0.5 for a, b in taken)


def people_of(actors: Sequence[Actor], at_s: float) -> Iterator[Item]:
    """What these actors are and hold at a moment."""
    for actor in actors:
        yield from of_moment(actor.at(at_s))
