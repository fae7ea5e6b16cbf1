"""Simulator, halls: geometry, rasteriser, truth, light. Needs numba and embreex, but no baking."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.simulator.camera import Camera
from models.simulator.clips import sources
from models.simulator.dataset import batches
from models.simulator.domain import DOMAINS, Domain, DomainError, domain
from models.simulator.errors import MissingResourceError, UnknownScriptError
from models.simulator.hall import Hall, make_hall, seed_of
from models.simulator.labels import Labels, labelled, truth_of
from models.simulator.lens import Spot
from models.simulator.lettering import font_file
from models.simulator.lighting import Occluders, irradiance, light_lost, light_points
from models.simulator.mesh import Floats, Mesh, box, quad
from models.simulator.optics import Optics, developed, sample_optics, with_fault
from models.simulator.plays import Live, Loop, Span
from models.simulator.raster import Layer
from models.simulator.room import ambient
from models.simulator.scenes import Item
from models.simulator.signs import (
    KINDS,
    LED_INKS,
    OTHERS,
    PAUSES,
    led_sheet,
    made_sign,
    sample_sign,
)
from models.simulator.studio import Drawn, Studio, coarse
from models.simulator.truth import run_lengths, seen_in
from models.simulator.views import (
    View,
    close_view,
    counter_points,
    outline,
    sample_view,
    staff_points,
)
from vision.geometry import Zone
from vision.records import Label

LEVEL = Camera.looking((0, -4, 1), (0, 0, 1), 60, 160, 90)


@pytest.fixture(scope="module")
def hall() -> Hall:
    return make_hall(seed_of("test", 3))


@pytest.fixture(scope="module")
def view(hall: Hall) -> View:
    seen = sample_view(np.random.default_rng(1), hall, "public")
    return replace(seen, camera=seen.camera.scaled(0.25))


@pytest.fixture(scope="module")
def studio(hall: Hall, view: View) -> Studio:
    grey = np.full((view.camera.height, view.camera.width, 3), 0.3, np.float32)
    return Studio(hall, view.camera, grey)


# -- the camera


def test_the_target_is_in_the_middle_and_left_is_left() -> None:
    seen = LEVEL.project(np.array([[0, 0, 1], [-1, 0, 1], [0, 0, 1.5], [0, -5, 1.0]]))
    assert seen[0] == pytest.approx([80, 45, 4])
    assert seen[1, 0] < 80
    assert seen[2, 1] < 45
    assert seen[3, 2] < 0


def test_points_are_found_again_from_their_depth() -> None:
    depth = np.full((90, 160), 3.0)
    points = LEVEL.points(depth)[[10, 70], [20, 150]]
    assert LEVEL.project(points) == pytest.approx(np.array([[20.5, 10.5, 3], [150.5, 70.5, 3]]))


def test_a_cut_and_a_larger_picture_show_the_same() -> None:
    point = np.array([[0.4, 0.3, 1.2]])
    x, y, depth = LEVEL.project(point)[0]
    assert LEVEL.cut(30, 20, 50, 50).project(point)[0] == pytest.approx([x - 30, y - 20, depth])
    assert LEVEL.scaled(2).project(point)[0] == pytest.approx([2 * x, 2 * y, depth])


def test_a_camera_cannot_look_straight_down() -> None:
    with pytest.raises(ValueError, match="straight up or down"):
        Camera.looking((0, 0, 3), (0, 0, 0), 60, 16, 9)


# -- what is seen


def drawn(part: Mesh) -> Drawn:
    return Drawn([part])


def test_the_nearer_of_two_things_is_seen_whatever_comes_first() -> None:
    far, near = quad(1, 1, (0, 1, 1)), quad(0.5, 0.5, (0, 0, 1))
    for order in ((far, near), (near, far)):
        layer = Layer.empty(160, 90)
        for number, part in enumerate(order):
            layer.draw(LEVEL, part.vertices, part.faces, number + 1)
        assert layer.depth[45, 80] == pytest.approx(4.0)
        assert layer.owner[45, 80] == 1 + [part is near for part in order].index(True)
        share = layer.share[45, 80]
        assert share.min() >= 0
        assert share.sum() <= 1 + 1e-5


def test_boxes_and_shares_are_exact(studio: Studio, view: View) -> None:
    window = view.windows[0]
    toward = (view.camera.location - [*window.seat, 1.2]) * 0.3
    middle = np.array([*window.seat, 1.2]) + toward
    behind = box((0.4, 0.05, 0.4), middle)
    before = box((0.4, 0.05, 0.2), middle + 0.2 * toward - [0, 0, 0.1])
    things = [drawn(behind), drawn(before)]
    shot = studio.shoot(things, np.random.default_rng(0))
    back, front = seen_in(shot, view.camera, things)
    assert front.share == 1.0
    assert 0.35 < back.share < 0.75
    corners = view.camera.project(behind.vertices)
    assert back.full_box == pytest.approx(
        (*corners[:, :2].min(0), *corners[:, :2].max(0)), abs=1e-6
    )
    ys, xs = np.nonzero(shot.item == 1)
    assert back.box == (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1)


def test_what_stands_behind_the_wall_is_not_seen(studio: Studio, hall: Hall, view: View) -> None:
    outside = drawn(box((1, 1, 1), (view.windows[0].x, hall.back + 1, 1.0)))
    shot = studio.shoot([outside], np.random.default_rng(0))
    assert seen_in(shot, view.camera, [outside]) == []
    assert np.array_equal(shot.light, studio.background)


# -- light


def test_irradiance_is_that_of_a_small_lamp() -> None:
    """power / pi * cos * cos / r2, straight below: a Lambertian lamp's radiant intensity."""
    points, up = np.array([[0.0, 0, 0], [0, 0, 4]]), np.array([[0.0, 0, 1]] * 2)
    lamp, down = np.array([[0.0, 0, 2]]), np.array([[0.0, 0, -1]])
    got = irradiance(points, up, lamp, down, np.array([100.0]))
    assert got == pytest.approx([100 / np.pi / 4, 0.0])


def test_a_lid_takes_the_light_and_a_distant_thing_does_not(hall: Hall) -> None:
    lights = light_points(hall.lights)
    points, up = np.array([[0.0, -2, 0.5]] * 4), np.array([[0.0, 0, 1]] * 4)
    lid = Occluders.of([box((9, 9, 0.01), (0, -2, 1.0))])
    aside = Occluders.of([box((0.1, 0.1, 0.1), (0, 3, 0.1))])
    rng = np.random.default_rng(0)
    assert light_lost(points, up, (lid,), lights, 5, rng) == pytest.approx(np.ones(4))
    assert light_lost(points, up, (aside,), lights, 5, rng) == pytest.approx(np.zeros(4))


def test_paler_rooms_send_more_light_back(hall: Hall) -> None:
    span = (hall.left, hall.right)
    dark = replace(hall.style, wall=(0.1, 0.1, 0.1))
    assert ambient(dark, span, hall.lights) < 0.75 * hall.ambient


def test_coarse_shadows_keep_the_shape() -> None:
    fine = box((0.4, 0.4, 1.0))
    vertices, faces = coarse(fine.vertices, fine.faces, cell_m=0.05)
    assert len(vertices) == 8
    assert len(faces) == 12
    assert np.ptp(vertices, axis=0) == pytest.approx([0.4, 0.4, 1.0], abs=0.1)


def test_a_dim_camera_is_darker_and_the_infrared_one_grey() -> None:
    light = np.full((40, 60, 3), (0.4, 0.2, 0.1), np.float32)
    shown = {
        name: developed(light, optics, 1.0, np.random.default_rng(0)).astype(int)
        for name, optics in (("day", Optics()), ("infrared", Optics(grey=True)))
    }
    dim = developed(light, Optics(), 0.3, np.random.default_rng(0))
    assert dim.mean() < 0.7 * shown["day"].mean()
    assert np.ptp(shown["day"].mean((0, 1))) > 40
    assert np.ptp(shown["infrared"].mean((0, 1))) < 3


# -- halls


def test_the_splits_share_no_hall() -> None:
    seeds = {split: {seed_of(split, k) for k in (0, 99_999)} for split in ("train", "val", "test")}  # type: ignore[arg-type]
    assert len(set().union(*seeds.values())) == 6
    with pytest.raises(ValueError, match="outside"):
        seed_of("train", 100_000)


def test_no_two_halls_of_the_splits_have_one_layout() -> None:
    layouts = [
        (split, tuple(window.x for window in hall.windows), hall.style.counter, hall.style.panel)
        for split in ("train", "val", "test")
        for hall in (make_hall(seed_of(split, number)) for number in range(25))  # type: ignore[arg-type]
    ]
    assert len({layout[1:] for layout in layouts}) == len(layouts)


def test_one_seed_one_hall() -> None:
    one, again, other = make_hall(7), make_hall(7), make_hall(8)
    assert [part.name for part in one.meshes] == [part.name for part in again.meshes]
    assert one.style == again.style
    assert one.style != other.style


@pytest.mark.parametrize("number", range(8))
def test_zones_are_polygons_inside_the_picture(number: int) -> None:
    made = make_hall(seed_of("val", number))
    seen = sample_view(np.random.default_rng(number), made, "public")
    for window in seen.windows:
        staff = Zone.of(outline(seen.camera, staff_points(window), 0.6), 960, 540)
        head = seen.camera.project(np.array([[*window.seat, 1.15]]))[:, :2] * 0.6
        assert staff.holds(head).all()
        counter = outline(seen.camera, counter_points(window), 0.6)
        if counter:
            Zone.of(counter, 960, 540)


@pytest.mark.parametrize("number", range(4))
def test_a_close_up_is_a_part_of_the_wide_picture(number: int) -> None:
    made = make_hall(seed_of("val", number))
    rng = np.random.default_rng(number)
    wide = sample_view(rng, made)
    seen, (left, top, side) = close_view(rng, wide, wide.windows[0], (0.7, 0.9))
    assert seen.windows == wide.windows[:1]
    assert 0 <= left <= wide.camera.width - side
    assert 0 <= top <= wide.camera.height - side
    x, y = wide.windows[0].seat
    points = np.array([[x, y, 1.3], [x, y, 0.85]])
    head, belly = seen.camera.project(points)
    assert 0 < head[1] < belly[1] < seen.camera.height
    assert 0.2 < (belly[1] - head[1]) / seen.camera.height < 0.5
    there = wide.camera.project(points)[0]
    zoom = seen.camera.width / side
    assert head[:2] == pytest.approx(((there[0] - left) * zoom, (there[1] - top) * zoom))


# -- domains


def test_a_file_changes_the_numbers_it_names(tmp_path: Path) -> None:
    ranges = tmp_path / "ranges.toml"
    ranges.write_text("conduct = 1\nexposure = [0.1, 0.2]\n[conducts]\nnap = 9\n")
    made, usual = domain("close-ups", ranges), DOMAINS["close-ups"]
    assert (made.conduct, made.exposure) == (1.0, (0.1, 0.2))
    assert made.conducts == {**usual.conducts, "nap": 9.0}
    assert replace(made, conduct=0, exposure=(0, 1), conducts={}) == replace(
        usual, conduct=0, exposure=(0, 1), conducts={}
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("conduct = 'often'", "write it like 0.62"),
        ("exposure = [0.5, 0.1]", "exposure = "),
        ("[faults]\nfog = 1", "infrared"),
        ("tempo = 1", "'tempo' is no range"),
        ("conduct = ", "not TOML"),
    ],
)
def test_a_number_that_cannot_be_used_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    ranges = tmp_path / "ranges.toml"
    ranges.write_text(text)
    with pytest.raises(DomainError, match=complaint):
        domain("close-ups", ranges)


def test_an_unknown_domain_is_named() -> None:
    with pytest.raises(DomainError, match="close-ups"):
        domain("moon")


# -- faults


@pytest.mark.parametrize("fault", sorted(DOMAINS["hall"].faults))
def test_every_fault_changes_the_picture(fault: str) -> None:
    rng = np.random.default_rng(3)
    light = chequered()
    usual = Optics(grain=0.0)
    sound = developed(light, usual, 1.0, np.random.default_rng(0), width_of_whole=960).astype(int)
    faulty = with_fault(rng, usual, fault)
    amplify = faulty.exposure / usual.exposure
    seen = developed(light, faulty, amplify, np.random.default_rng(0), width_of_whole=960)
    shown = seen.astype(int)
    assert np.abs(shown - sound).mean() > 0.5


def test_faults_come_as_often_as_the_domain_says() -> None:
    none = Domain(faults=dict.fromkeys(DOMAINS["hall"].faults, 0.0))
    wet = Domain(faults={**none.faults, "rain": 1.0})
    rng = np.random.default_rng(0)
    assert not any(sample_optics(rng, none).drops for _ in range(20))
    assert all(sample_optics(rng, wet).drops for _ in range(20))


def test_a_crop_shows_its_own_part_of_the_dirt() -> None:
    light = np.full((54, 96, 3), 0.4, np.float32)
    dirty = Optics(grain=0.0, vignette=0.0, blots=(Spot(0.25, 0.14, 0.05, 0.9),))
    left, right = (
        developed(light, dirty, 1.0, np.random.default_rng(0), frame=frame)
        for frame in ((0.0, 0.0, 0.5, 0.5), (0.5, 0.0, 1.0, 0.5))
    )
    assert np.ptp(left.astype(int)) > 30
    assert np.ptp(right.astype(int)) < 5


def chequered() -> Floats:
    """A picture with edges and colours, linear light."""
    rows, columns = np.mgrid[0:90, 0:160]
    grey = 0.15 + 0.3 * ((rows // 9 + columns // 9) % 2)
    return np.stack([grey, 0.8 * grey, 0.6 * grey], axis=-1).astype(np.float32)


# -- signs


@pytest.mark.parametrize("kind", sorted(set(KINDS)))
def test_every_kind_of_sign_has_one_printed_side(hall: Hall, kind: str) -> None:
    spot = replace(hall.windows[0].spot, led=(0.0, -0.2, 2.2))
    for pauses, lines in ((True, PAUSES[0]), (False, OTHERS[0])):
        sign = made_sign(np.random.default_rng(2), spot, kind, lines, pauses=pauses)  # type: ignore[arg-type]
        assert sum(part.texture is not None for part in sign.meshes) == 1
        assert sign.pauses == pauses


def test_a_running_text_leaves_its_board_at_the_side_it_runs_to(hall: Hall) -> None:
    spot = replace(hall.windows[0].spot, led=(0.0, -0.2, 2.2))
    still, left, right = (
        lit_columns(led_sheet(("暂停服务",), LED_INKS[0], spot, scrolled))
        for scrolled in (0.0, 0.25, -0.25)
    )
    assert left.mean() < still.mean() - 40
    assert right.mean() > still.mean() + 40
    assert left.min() == 0
    assert right.max() == 511


def lit_columns(sheet: Mesh) -> NDArray[np.intp]:
    """The columns of the sheet's picture in which something shines."""
    assert sheet.texture is not None
    return np.flatnonzero((sheet.texture.max(axis=2) > 100).any(axis=0))


def test_no_text_says_both() -> None:
    assert not set(PAUSES) & set(OTHERS)
    assert all("暂停" in "".join(lines) for lines in PAUSES)
    assert not any("暂停" in "".join(lines) for lines in OTHERS)


def test_a_missing_font_is_named() -> None:
    with pytest.raises(MissingResourceError, match="HALLWATCH_CJK_FONT"):
        font_file("sans", "/nowhere/font.ttf")


# -- data sets


def test_every_beginning_of_a_data_set_goes_round_the_halls() -> None:
    made = batches("train", 100, 3, 10)
    assert [(b.hall, b.camera) for b in made[:4]] == [(0, 0), (1, 0), (2, 0), (0, 1)]
    assert [n for batch in made for n in batch.scenes] == list(range(100))


def labels_of(studio: Studio, view: View, items: list[Item]) -> Labels:
    shot = studio.shoot([item.drawn for item in items], np.random.default_rng(0))
    seen = seen_in(shot, view.camera, [item.drawn for item in items])
    whole = (0.0, 0.0, float(view.camera.width), float(view.camera.height))
    return labelled(items, seen, view, whole, 4.0)


def test_a_hidden_thing_makes_its_class_partial(studio: Studio, view: View) -> None:
    toward = (view.camera.location - [*view.windows[0].seat, 1.2]) * 0.3
    middle = np.array([*view.windows[0].seat, 1.2]) + toward
    phone = Item(drawn(box((0.2, 0.02, 0.2), middle)), Label.PHONE)
    screen = Item(drawn(box((0.2, 0.02, 0.24), middle + 0.1 * toward + [0.03, 0, 0])), None)
    alone, behind = labels_of(studio, view, [phone]), labels_of(studio, view, [phone, screen])
    assert [label for label, _ in alone.boxes] == [Label.PHONE]
    assert alone.partial == set()
    assert behind.boxes == []
    assert behind.partial == {Label.PHONE}


def test_only_the_printed_side_of_a_pause_sign_is_labelled(studio: Studio, view: View) -> None:
    spot = view.windows[0].spot
    sign = sample_sign(np.random.default_rng(4), spot, pauses=True, kind="placard")
    item = Item(Drawn(sign.meshes), Label.PAUSE_SIGN, sign=sign)
    assert [label for label, _ in labels_of(studio, view, [item]).boxes] == [Label.PAUSE_SIGN]
    x, _, z = view.camera.location
    other = Camera.looking((x, 4.0, z), (x, 0, 1), 70, view.camera.width, view.camera.height)
    assert labels_of(studio, replace(view, camera=other), [item]).boxes == []


def test_the_truth_tells_of_masks_owners_and_boxes(studio: Studio, view: View) -> None:
    toward = (view.camera.location - [*view.windows[0].seat, 1.2]) * 0.3
    middle = np.array([*view.windows[0].seat, 1.2]) + toward
    tool = Item(drawn(box((0.2, 0.02, 0.2), middle)), None, "calculator", 77)
    shot = studio.shoot([tool.drawn], np.random.default_rng(0))
    seen = seen_in(shot, view.camera, [tool.drawn])
    height, width = shot.item.shape
    picture = np.zeros((height, width, 3), np.uint8)
    frame = (0.0, 0.0, float(width), float(height))
    (record,) = truth_of([tool], seen, shot, view, frame, 1.0, picture)
    assert (record["kind"], record["labels"], record["who"]) == ("calculator", [], 77)
    assert record["box"] == [float(v) for v in seen[0].box]
    counts = record["mask"]["counts"]
    assert sum(counts) == height * width
    assert sum(counts[1::2]) == (shot.item == 1).sum()


def test_run_lengths_go_down_the_columns_and_begin_with_nothing() -> None:
    assert run_lengths(np.array([[0, 1], [1, 1]], bool)) == [1, 3]
    assert run_lengths(np.array([[1, 1], [1, 0]], bool)) == [0, 3, 1]


# -- clips


def test_a_reel_holds_and_loops() -> None:
    from models.simulator.plays import _looped

    span: Span = Loop(10.0, 20.0, 30.0, looks=4, dwell_s=2.0)
    times = list(_looped(np.random.default_rng(0), span, 150, 5.0))
    assert len(times) == 150
    assert set(times) == {10.0, 13.333, 16.667, 20.0}
    assert Live(3, 9, 2.0).lasts_s == 6


def test_an_unknown_clip_is_named() -> None:
    from models.simulator.screenplays import screenplay

    with pytest.raises(UnknownScriptError, match="absence_with_sign"):
        screenplay("dinner", 1)


def test_looks_of_another_simulator_are_not_shown(tmp_path: Path) -> None:
    digests = []
    for name, text in (("a.py", "1"), ("a.py", "2"), ("b.py", "2"), ("notes.txt", "3")):
        (tmp_path / name).write_text(text)
        digests.append(sources(tmp_path))
    assert len(set(digests)) == 3
    assert digests[2] == digests[3]
