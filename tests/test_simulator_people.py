"""Simulator, people: solids, dress, poses and props. What needs anny's bodies is in tests/train."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.simulator import grips, mesh, poses, poses_breaks, poses_standing, props, provisions
from models.simulator.kinematics import HandFrame, about, axis_angle, turned
from models.simulator.mesh import Floats, Mesh
from models.simulator.pose import Between, Build, Pose, Reach, blended, mirrored
from models.simulator.wardrobe import linear, sample_person, sample_uniform

BUILD = Build(hips_m=0.88, ankle_m=0.09)
SEATED = (
    *(poses.seated, poses.sitting_waiting, poses.typing, poses.using_mouse, poses.writing),
    *(poses.talking, poses.reading_with_citizen, poses.handing_paper, poses.turned_to_neighbour),
    *(poses.at_printer, poses.bending_to_drawer, poses.hand_at_chin, poses.yawning),
    *(poses.adjusting_glasses, poses.scratching_head, poses.desk_telephone, poses.phone_at_ear),
    *(poses.phone_before_face, poses.phone_low_over_desk, poses.phone_in_lap),
    *(poses_breaks.bite, poses_breaks.food_held, poses_breaks.spoon_up, poses_breaks.spoon_down),
    *(poses_breaks.sip, poses_breaks.cup_held, poses_breaks.drag, poses_breaks.cigarette_held),
    *(poses_breaks.napping_on_arms, poses_breaks.napping_leaning_back),
    *(poses_breaks.newspaper, poses_breaks.book),
)
STANDING = (
    *(poses_standing.standing, poses_standing.waiting, poses_standing.own_phone),
    *(poses_standing.calling, poses_standing.at_counter, poses_standing.handing_papers),
    poses_standing.holding_paper,
)


def volume(solid: Mesh) -> float:
    """By the divergence theorem: right only for a closed mesh wound outwards."""
    a, b, c = (solid.vertices[solid.faces[:, k]] for k in range(3))
    return float((a * np.cross(b, c)).sum() / 6)


@pytest.mark.parametrize(
    ("solid", "litres"),
    [
        (mesh.box((0.1, 0.2, 0.3), (1, 2, 3)), 6.0),
        (mesh.cylinder(0.1, 0.2, (0, 0, 1), sides=200), 2 * np.pi),
        (mesh.cylinder(0.1, 0.3, top_radius=0.05, sides=200), np.pi * 1.75),
        (mesh.sphere((0.1, 0.2, 0.3), (1, 0, 0), rings=60, sides=60), np.pi * 8),
    ],
)
def test_solids_are_closed_and_wound_outwards(solid: Mesh, litres: float) -> None:
    assert volume(solid) * 1000 == pytest.approx(litres, rel=0.01)


def test_quad_faces_the_reader_and_its_texture_stands_upright() -> None:
    sheet = mesh.quad(0.2, 0.3, texture=np.zeros((4, 4, 3), np.uint8))
    assert mesh.normals(sheet.vertices, sheet.faces) == pytest.approx(np.tile([0, -1, 0], (4, 1)))
    assert sheet.uv is not None
    top = sheet.vertices[:, 2] > 0
    assert (sheet.uv[top, 1] == 1).all()
    assert (sheet.uv[~top, 1] == 0).all()


def test_box_normals_are_flat() -> None:
    solid = mesh.box((1, 1, 1))
    assert np.abs(mesh.normals(solid.vertices, solid.faces)).max(1) == pytest.approx(1)


def test_placed_turns_then_moves() -> None:
    part = mesh.placed(mesh.box((0.2, 0.4, 0.6)), turned(0, 0, 90), (1, 0, 0))
    assert np.ptp(part.vertices, axis=0) == pytest.approx([0.4, 0.2, 0.6])
    assert part.vertices.mean(0) == pytest.approx([1, 0, 0])


def test_merged_keeps_every_triangle_and_refuses_what_differs() -> None:
    one, other = mesh.box((1, 1, 1)), mesh.sphere(1.0)
    both = mesh.merged([one, other])
    assert volume(both) == pytest.approx(volume(one) + volume(other))
    with pytest.raises(ValueError, match="differ in material"):
        mesh.merged([one, mesh.box((1, 1, 1), material="wood")])
    with pytest.raises(ValueError, match="texture"):
        mesh.merged([mesh.quad(1, 1, texture=np.zeros((2, 2, 3), np.uint8))])
    with pytest.raises(ValueError, match="at least one"):
        mesh.merged([])


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"colour": np.zeros((3, 3))}, "vertices and colour"),
        ({"faces": np.zeros((1, 4), np.int32)}, "faces must be"),
        ({"uv": np.zeros((24, 2))}, "together"),
    ],
)
def test_a_mesh_that_does_not_fit_together_is_refused(
    change: dict[str, object], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        replace(mesh.box((1, 1, 1)), **change)  # type: ignore[arg-type]


def test_linear_light() -> None:
    assert linear(0.0, 0.5, 1.0) == pytest.approx((0.0, 0.2140, 1.0), abs=1e-4)


def test_staff_of_a_hall_share_their_uniform() -> None:
    rng = np.random.default_rng(3)
    uniform = replace(sample_uniform(rng), plain=False, vests=False)
    staff = [sample_person(rng, "staff", uniform) for _ in range(20)]
    assert {person.top.colour for person in staff} == {uniform.top.colour}
    assert {person.bottom.colour for person in staff} == {uniform.bottom}
    assert not any(person.phenotype.elder or person.phenotype.youth for person in staff)
    assert len({person.body for person in staff}) > 5


def test_citizens_come_of_every_kind_and_from_a_seed() -> None:
    def crowd(seed: int) -> list[object]:
        rng = np.random.default_rng(seed)
        return [sample_person(rng, "citizen", None) for _ in range(60)]

    people = crowd(1)
    assert people == crowd(1)
    assert people != crowd(2)
    specs = [sample_person(np.random.default_rng(seed), "citizen", None) for seed in range(200)]
    assert any(spec.phenotype.elder for spec in specs)
    assert any(spec.phenotype.youth for spec in specs)
    assert 60 < sum(spec.phenotype.female for spec in specs) < 140
    assert {"short", "long", "bun", "bald"} <= {spec.hair for spec in specs}
    assert len({spec.top.style for spec in specs}) >= 6


@pytest.mark.parametrize("maker", [*SEATED, *STANDING], ids=lambda maker: maker.__name__)
def test_a_pose_is_drawn_from_its_seed_and_mirrors(maker: poses.Maker) -> None:
    def draw(seed: int, hand: poses.Side) -> Pose:
        return maker(BUILD, np.random.default_rng(seed), hand)

    assert draw(1, "R") == draw(1, "R")
    assert draw(1, "R") != draw(2, "R")
    assert mirrored(mirrored(draw(1, "R"))) == draw(1, "R")
    hips = draw(1, "R").hips_m
    assert hips == pytest.approx(0.56 if maker in SEATED else BUILD.hips_m, abs=0.03)


@pytest.mark.parametrize("maker", [poses.phone_at_ear, poses_breaks.bite, poses.writing])
def test_the_acting_hand_is_the_one_asked_for(maker: poses.Maker) -> None:
    right = maker(BUILD, np.random.default_rng(4), "R")
    left = maker(BUILD, np.random.default_rng(4), "L")
    assert left == mirrored(right)
    assert isinstance(left.arm_left, Reach)
    assert left.arm_left.at[0] > 0


def test_blending_starts_and_ends_in_the_poses() -> None:
    rng = np.random.default_rng(0)
    start, end = poses.typing(BUILD, rng), poses.phone_at_ear(BUILD, rng)
    assert blended(start, end, 0) == start
    assert blended(start, end, 1) == end
    half = blended(start, end, 0.5)
    assert isinstance(half.arm_right, Between)
    assert half.neck == pytest.approx((np.array(start.neck) + end.neck) / 2)


def test_a_walker_stands_on_one_foot_while_the_other_swings() -> None:
    for phase in np.linspace(0, 1, 41):
        gait = poses_standing.walking(BUILD, float(phase))
        heights = [gait.foot_left.at[2], gait.foot_right.at[2]]
        assert min(heights) == pytest.approx(BUILD.ankle_m)
        assert max(heights) < BUILD.ankle_m + 0.11


def test_the_standing_foot_does_not_slide() -> None:
    """In stance a foot goes back under the body about as fast as the body goes on."""
    early, late = (poses_standing.walking(BUILD, phase).foot_left.at[1] for phase in (0.1, 0.5))
    assert late - early == pytest.approx(0.4 * poses_standing.CYCLE_M, abs=0.02)


@pytest.mark.parametrize("kind", props.KINDS)
def test_every_prop_has_the_size_of_a_thing_for_a_hand(kind: str) -> None:
    def draw(seed: int) -> Floats:
        parts = props.sample_prop(kind, np.random.default_rng(seed))
        return np.concatenate([part.vertices for part in parts])

    points = draw(1)
    assert 0.05 < np.ptp(points, axis=0).max() < 0.7
    assert np.abs(points.mean(0)).max() < 0.14
    assert np.array_equal(points, draw(1))


def test_labels_name_kinds_and_unknown_kinds_are_refused() -> None:
    assert set(props.LABELS) < set(props.KINDS)
    with pytest.raises(ValueError, match="choose one of apple"):
        props.sample_prop("dragon", np.random.default_rng(0))


def test_phones_differ_and_most_are_lit() -> None:
    drawn = [props.phone(np.random.default_rng(seed)) for seed in range(40)]
    lit = [any(part.emission > 0 for part in parts) for parts in drawn]
    assert 20 < sum(lit) < 40
    assert len({tuple(parts[0].colour[0]) for parts in drawn}) > 10


RIGHT_HAND = HandFrame(np.array([0.0, -0.4, 1.0]), np.array([0.0, 0, 1]), np.array([0.0, 1, 0]))
LEFT_HAND = HandFrame(np.array([0.2, -0.4, 1.0]), np.array([0.0, 0, 1]), np.array([0.0, 1, 0]))


def holding(mouth: tuple[float, float, float]) -> grips.Holding:
    return grips.Holding(RIGHT_HAND, LEFT_HAND, np.array(mouth))


def test_a_phone_in_the_hand_shows_its_screen_out_of_the_palm() -> None:
    parts = props.phone(np.random.default_rng(3))
    held = grips.held("phone", parts, holding((0, 0, 1.4)))
    glass = held[1]
    assert mesh.normals(glass.vertices, glass.faces)[0] @ RIGHT_HAND.palm_normal > 0.95
    middle = np.concatenate([part.vertices for part in held]).mean(0)
    assert np.linalg.norm(middle - RIGHT_HAND.palm) < 0.12


@pytest.mark.parametrize(("mouth", "upright"), [((0, 0, 1.6), True), ((0.0, -0.2, 1.05), False)])
def test_a_bottle_is_tipped_only_at_the_mouth(
    mouth: tuple[float, float, float], upright: bool
) -> None:
    parts = provisions.bottle(np.random.default_rng(1))
    body, _, cap = grips.held("bottle", parts, holding(mouth))
    axis = cap.vertices.mean(0) - body.vertices.mean(0)
    assert (axis[2] / np.linalg.norm(axis) > 0.99) == upright


def test_chopsticks_go_to_the_mouth_or_the_bowl() -> None:
    parts = provisions.chopsticks(np.random.default_rng(0))
    for mouth in ((0.0, -0.2, 1.05), (0, 0, 1.6)):
        pair = holding(mouth)
        sticks = grips.held("chopsticks", parts, pair)
        tips = np.concatenate([stick.vertices for stick in sticks])
        goal = pair.mouth if pair.at_mouth else LEFT_HAND.palm
        assert np.linalg.norm(tips - goal, axis=1).min() < 0.12


@pytest.mark.parametrize("kind", props.KINDS)
def test_a_thing_on_the_desk_rests_on_it(kind: str) -> None:
    parts = props.sample_prop(kind, np.random.default_rng(2))
    placed = grips.lying(kind, parts, (1.0, 2.0, 0.76), 30)
    points = np.concatenate([part.vertices for part in placed])
    assert points[:, 2].min() == pytest.approx(0.76)
    assert np.abs(points[:, :2].mean(0) - [1, 2]).max() < 0.14


def test_a_phone_on_the_desk_lies_face_up() -> None:
    parts = props.phone(np.random.default_rng(3))
    glass = grips.lying("phone", parts, (0, 0, 0.76), 20)[1]
    assert mesh.normals(glass.vertices, glass.faces)[0] == pytest.approx([0, 0, 1], abs=1e-9)


@pytest.mark.parametrize("angle_deg", [0.0, 1.0, 90.0, 179.0, 180.0])
def test_axis_and_angle_give_the_rotation_back(angle_deg: float) -> None:
    axis = np.array([0.6, -0.64, 0.48])
    rotation = about(axis, angle_deg)
    assert rotation @ rotation.T == pytest.approx(np.eye(3))
    assert about(*axis_angle(rotation)) == pytest.approx(rotation, abs=1e-6)
