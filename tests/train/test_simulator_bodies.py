"""Simulator, people made flesh: needs the simulator extra; collected by `make test-train`."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest

from models.simulator import mesh, poses, poses_breaks, poses_standing
from models.simulator.actor import Actor, Held, Keyframe, mouth
from models.simulator.anatomy import BODY_VERTICES, anatomy
from models.simulator.body import Person, Posed, sample_person, sample_uniform
from models.simulator.grips import lying
from models.simulator.phenotypes import BODY_COUNT
from models.simulator.pose import Side
from models.simulator.props import KINDS
from models.simulator.script import LOOK_ALIKES, Script


@pytest.fixture(scope="module")
def people() -> list[Person]:
    rng = np.random.default_rng(11)
    uniform = sample_uniform(rng)
    specs = [sample_person(rng, "staff", uniform), sample_person(rng, "staff", uniform)]
    specs += [sample_person(rng, "citizen", None) for _ in range(2)]
    return [Person(spec) for spec in specs]


def hand_to_mouth(posed: Posed, hand: Side) -> float:
    return float(np.linalg.norm(posed.hands[hand].palm - mouth(posed)))


def test_the_library_holds_plausible_bodies() -> None:
    shared = anatomy()
    assert len(shared.bodies) == BODY_COUNT
    heights = [np.ptp(body.vertices[:BODY_VERTICES, 2]) for body in shared.bodies]
    assert min(heights) > 1.35
    assert max(heights) < 1.95
    assert np.asarray(shared.weights.sum(1)) == pytest.approx(1, abs=1e-4)


def test_a_person_is_built_and_posed_quickly(people: list[Person]) -> None:
    person = people[0]
    pose = poses.typing(person.build, np.random.default_rng(0))
    person.posed(pose, (0, 0), 0)
    began = time.process_time()
    for _ in range(5):
        person.posed(pose, (0, 0), 0)
    assert (time.process_time() - began) / 5 < 0.060


def test_a_standing_person_stands_on_the_floor_where_told(people: list[Person]) -> None:
    for person in people:
        pose = poses_standing.standing(person.build, np.random.default_rng(1))
        posed = person.posed(pose, (3.0, -2.0), 90)
        assert posed.hull.shape == (BODY_VERTICES, 3)
        assert posed.hull_faces.max() < BODY_VERTICES
        assert abs(posed.hull[:, 2].min()) < 0.03
        assert posed.keypoints.shape == (17, 3)
        assert posed.keypoints[11:13, :2].mean(0) == pytest.approx([3, -2], abs=0.06)
        nose, ears = posed.keypoints[0], posed.keypoints[3:5].mean(0)
        assert nose[0] - ears[0] > 0.05  # turned by 90 degrees from -y: facing +x
        left, right = posed.keypoints[5], posed.keypoints[6]
        assert left[1] > right[1]


def test_the_same_spec_is_the_same_person(people: list[Person]) -> None:
    twin = Person(people[1].spec)
    pose = poses.talking(twin.build, np.random.default_rng(0))
    for own, other in zip(
        people[1].posed(pose, (0, 0), 0).parts, twin.posed(pose, (0, 0), 0).parts, strict=True
    ):
        assert np.array_equal(own.vertices, other.vertices)
        assert np.array_equal(own.colour, other.colour)


def test_clothes_cover_the_torso(people: list[Person]) -> None:
    person = people[0]
    pose = poses_standing.standing(person.build, np.random.default_rng(0))
    parts = {part.name: part for part in person.posed(pose, (0, 0), 0).parts}
    assert {"top", "bottom", "shoes", "skin", "eye L", "eye R"} <= set(parts)
    top = parts["top"]
    outward = mesh.normals(top.vertices, top.faces)
    centre = top.vertices.mean(0)
    assert (((top.vertices - centre) * outward).sum(1) > 0).mean() > 0.7
    for part in parts.values():
        assert part.colour.min() >= 0
        assert part.colour.max() <= 1.2


@pytest.mark.parametrize(
    ("maker", "nearest_m", "farthest_m"),
    [
        (poses_breaks.bite, 0.05, 0.14),
        (poses_breaks.spoon_up, 0.10, 0.20),
        (poses_breaks.sip, 0.06, 0.15),
        (poses_breaks.drag, 0.05, 0.14),
        (poses.yawning, 0.02, 0.15),
        (poses.phone_at_ear, 0.08, 0.22),
        (poses.phone_before_face, 0.15, 0.45),
        (poses.typing, 0.35, 0.75),
        (poses.phone_in_lap, 0.25, 0.65),
    ],
)
def test_hands_go_where_the_conduct_says_on_every_body(
    people: list[Person], maker: poses.Maker, nearest_m: float, farthest_m: float
) -> None:
    for number, person in enumerate(people):
        for hand in ("L", "R"):
            pose = maker(person.build, np.random.default_rng(number), hand)  # type: ignore[arg-type]
            reach = hand_to_mouth(person.posed(pose, (0, 0), 0), hand)  # type: ignore[arg-type]
            assert nearest_m < reach < farthest_m


def test_a_napper_lies_low_and_a_reader_does_not(people: list[Person]) -> None:
    for person in people:
        rng = np.random.default_rng(5)
        naps = person.posed(poses_breaks.napping_on_arms(person.build, rng), (0, 0), 0)
        reads = person.posed(poses_breaks.newspaper(person.build, rng), (0, 0), 0)
        assert reads.keypoints[0, 2] - naps.keypoints[0, 2] > 0.2
        assert naps.keypoints[0, 2] > poses.DESK_M - 0.02


def test_eating_brings_the_hand_to_the_mouth_again_and_again(people: list[Person]) -> None:
    script = Script(people[0], (0, 0), 0, np.random.default_rng(2))
    actor = script.work(5).eat(30, "bread").work(5).actor("s1", "w1")
    times = np.arange(0, script.now_s, 0.2)
    near = [hand_to_mouth(actor.at(t).posed, script.hand) < 0.17 for t in times]
    meal = next(spell for spell in script.spells if spell.activity == "eating")
    bites = np.flatnonzero(np.diff(np.array(near, int)) == 1)
    assert len(bites) >= 4
    assert (times[bites] > meal.from_s - 0.5).all()
    assert (times[bites] < meal.to_s + 0.5).all()


STEPS: dict[str, Callable[[Script], Script]] = {
    "phone": lambda script: script.phone(8, "low"),
    "call": lambda script: script.phone(8, "ear"),
    "noodles": lambda script: script.eat(12, "noodle_bowl"),
    "drink": lambda script: script.drink(8, "bottle"),
    "smoke": lambda script: script.smoke(8),
    "nap": lambda script: script.nap(8, "back"),
    "nap on one arm": lambda script: script.nap(8, "one_arm"),
    "nap upright": lambda script: script.nap(8, "chin"),
    "paper": lambda script: script.read(8),
    "magazine": lambda script: script.read(8, "magazine"),
    **{name: (lambda s, n=name: s.look_alike(n, 6)) for name in LOOK_ALIKES},
}


@pytest.mark.parametrize("step", STEPS)
def test_spells_say_exactly_what_the_actor_does(people: list[Person], step: str) -> None:
    script = Script(people[1], (0, 0), 0, np.random.default_rng(8))
    STEPS[step](script.work(6)).work(6)
    actor = script.actor("s1")
    assert [spell.activity for spell in script.spells][::2] == ["working", "working"]
    for spell in script.spells:
        for t_s in np.linspace(spell.from_s + 0.05, spell.to_s - 0.05, 7):
            moment = actor.at(float(t_s))
            assert moment.activity == spell.activity


def test_a_phone_is_in_the_hand_just_while_it_is_used(people: list[Person]) -> None:
    script = Script(people[1], (0, 0), 0, np.random.default_rng(8))
    script.look_alike("yawning", 6).phone(9, "face").stand_up()
    use = next(spell for spell in script.spells if spell.activity == "phone_use")
    assert (use.from_s, use.to_s) == pytest.approx((6.5, 15.65))
    for t_s in np.arange(0.05, script.now_s, 0.1):
        seen = [thing.kind for thing in script.actor("s1").at(float(t_s)).things]
        assert seen == (["phone"] if use.from_s <= t_s < use.to_s else [])


def test_an_actor_walks_between_far_keyframes(people: list[Person]) -> None:
    person = people[2]
    stands = poses_standing.standing(person.build, np.random.default_rng(0))
    keys = [
        Keyframe(0, stands, (0, 0), 0, "waiting"),
        Keyframe(1, stands, (0, 0), 0, "walking"),
        Keyframe(4, stands, (3.3, 0), 0, "waiting"),
    ]
    actor = Actor("c1", "citizen", person, keys, [Held("phone", "L", 0, 2)])
    assert actor.at(-1).at_m == (0, 0)
    assert actor.at(2.5).at_m == pytest.approx((1.65, 0))
    assert actor.at(2.5).yaw_deg == pytest.approx(90)
    assert actor.at(9).at_m == (3.3, 0)
    assert [thing.kind for thing in actor.at(1.9).things] == ["phone"]
    assert actor.at(2.1).things == []
    ankles = [actor.at(t).posed.keypoints[15:17, 2] for t in np.arange(1.5, 3.5, 0.1)]
    assert np.max(ankles) > np.min(ankles) + 0.06


@pytest.mark.parametrize("kind", KINDS)
def test_everything_can_be_held_and_laid_down(people: list[Person], kind: str) -> None:
    person = people[0]
    pose = poses_breaks.book(person.build, np.random.default_rng(0))
    key = Keyframe(0, pose, (0, 0), 0, "holding")
    actor = Actor("s1", "staff", person, [key], [Held(kind, "R", 0, 1)])
    moment = actor.at(0.5)
    (thing,) = moment.things
    points = np.concatenate([part.vertices for part in thing.meshes])
    palms = np.array([hand.palm for hand in moment.posed.hands.values()])
    away = np.linalg.norm(points[:, None] - palms[None], axis=2).min()
    assert away < 0.16
    lies = lying(kind, thing.meshes, (1.0, 2.0, 0.76))
    assert min(part.vertices[:, 2].min() for part in lies) == pytest.approx(0.76, abs=1e-6)


def test_keyframes_out_of_order_are_refused(people: list[Person]) -> None:
    stands = poses_standing.standing(people[0].build, np.random.default_rng(0))
    keys = [Keyframe(5, stands, (0, 0), 0, "a"), Keyframe(1, stands, (0, 0), 0, "b")]
    with pytest.raises(ValueError, match="order of time"):
        Actor("s1", "staff", people[0], keys)


def test_people_sway_but_a_sleeper_hardly(people: list[Person]) -> None:
    def travel(step: Callable[[Script], Script]) -> float:
        script = Script(people[0], (0, 0), 0, np.random.default_rng(1))
        step(script)
        last = script.keyframes[-1].t_s
        noses = [script.actor("s").at(last + t).posed.keypoints[0] for t in np.arange(0, 8, 0.5)]
        return float(np.ptp(np.array(noses), axis=0).max())

    awake, asleep = travel(lambda s: s.phone(5)), travel(lambda s: s.nap(5))
    assert 0.005 < awake < 0.08
    assert asleep < awake / 2


def test_every_step_lasts_as_long_as_asked(people: list[Person]) -> None:
    for seed in range(12):
        for lasts_s in (2.0, 5.0, 37.0):
            script = Script(people[0], (0, 0), 0, np.random.default_rng(seed))
            script.work(lasts_s).serve(lasts_s).phone(lasts_s, "low").eat(lasts_s, "boxed_meal")
            script.eat(lasts_s, "apple").drink(lasts_s).smoke(lasts_s).nap(lasts_s)
            script.read(lasts_s, "book").look_alike("desk_telephone", lasts_s).wait(lasts_s)
            assert script.now_s == pytest.approx(11 * lasts_s)
            times = [key.t_s for key in script.keyframes]
            assert times == sorted(times)
            assert times[-1] == pytest.approx(script.now_s)
