"""A manifest may give the close-ups of seats to a network of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cli.eyes import Eyes
from models.manifest import SHIPPED, ManifestError, load_manifest, together
from models.register import registered
from models.session import open_detectors
from models.shared import SharedDetector
from tests.test_manifest import ENTRY, written
from tests.test_seeing import CLERK, HALL, PHONE_IN_HAND, Box, FakeReader, detections, picture
from tests.test_shared_detector import SlowDetector, plain
from vision.records import Detections, Image, Label, Said, WindowSeen
from vision.seeing import Seer

SEATS = ENTRY.replace('"small"', '"seats"').replace("small.onnx", "seats.onnx")


def of(entry: str, close_ups: str) -> str:
    return entry.replace('head = "one', f'close_ups = "{close_ups}"\nhead = "one')


def test_an_entry_names_the_one_that_looks_at_close_ups(tmp_path: Path) -> None:
    manifest = load_manifest(written(tmp_path, of(ENTRY, "seats") + SEATS))
    whole = manifest.entry()
    near = manifest.near(whole)
    assert near is not None
    assert (whole.id, near.id) == ("small", "seats")
    assert manifest.pair(whole) == (whole, near)
    assert manifest.near(near) is None
    assert manifest.pair(near) == (near,)


@pytest.mark.parametrize(
    "text",
    [
        of(ENTRY, "gone") + SEATS,
        of(ENTRY, "small") + SEATS,
        of(ENTRY, "seats") + of(SEATS, "small"),
    ],
)
def test_one_that_does_not_do_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ManifestError, match=r"close_ups = .* must name another model"):
        load_manifest(written(tmp_path, text))


def test_it_is_written_down_as_it_was_read(tmp_path: Path) -> None:
    path = written(tmp_path, ENTRY + SEATS)
    (tmp_path / "seats.onnx").write_bytes(b"another network")
    entry = replace(load_manifest(path).entry("small"), close_ups="seats")
    registered(entry, path)
    assert load_manifest(path).entry("small") == entry


def test_two_networks_have_a_name_together() -> None:
    one, other = "a" * 64, "b" * 64
    assert together(one, None) == one
    assert together(one, other) == hashlib.sha256(f"{one} {other}".encode()).hexdigest()
    assert together(one, other) != together(other, one)


class Noted:
    """Says one thing of every picture, and keeps the sizes of what it was given."""

    def __init__(self, sha256: str, told: Detections) -> None:
        self.sha256 = sha256
        self.told = told
        self.sizes: list[tuple[int, ...]] = []

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        self.sizes += [image.shape[:2] for image in images]
        return [self.told for _ in images]


def test_whole_pictures_go_to_one_and_close_ups_to_the_other() -> None:
    whole = Noted("a" * 64, detections(CLERK))
    near = Noted("b" * 64, detections((*PHONE_IN_HAND[:2], (70, 70, 80, 85))))
    shared = SharedDetector(whole, workers=1, near=near)
    eyes = Eyes(shared, FakeReader(Said.NOTHING), near)
    assert eyes.model_sha == together(whole.sha256, near.sha256)
    for detector, close in (eyes.seat(lambda: 1.0), seat_of(shared)):
        whole.sizes, near.sizes = [], []
        seer = Seer(HALL, "cam1", detector, near=close, reader=None, eye=lambda _: None)
        seen = [o for o in seer.look(picture()).observations if isinstance(o, WindowSeen)]
        assert whole.sizes == [(360, 640)]
        assert len(near.sizes) == 1
        assert near.sizes[0] != (360, 640)
        assert seen[0].phone == pytest.approx(0.7)
    shared.close()


SIGN = (Label.PAUSE_SIGN, 0.5, (50.0, 90.0, 70.0, 100.0))


@pytest.mark.parametrize(
    ("whole_sees", "near_sees", "looks", "staff"),
    [
        ([CLERK], [], 1, True),  # the whole picture shows the clerk
        ([], [(Label.PERSON, 0.8, (60.0, 40.0, 110.0, 120.0))], 1, True),
        ([], [], 2, False),  # neither: both look closely before the window is called empty
    ],
)
def test_nobody_is_called_absent_by_one_networks_close_look(
    whole_sees: list[Box], near_sees: list[Box], looks: int, staff: bool
) -> None:
    whole = Noted("a" * 64, detections(*whole_sees))
    near = Noted("b" * 64, detections(*near_sees))
    seer = Seer(HALL, "cam1", whole, near=near, reader=None, eye=lambda _: None)
    (seen,) = [o for o in seer.look(picture()).observations if isinstance(o, WindowSeen)]
    assert (len(whole.sizes), len(near.sizes)) == (looks, 1)
    assert seen.staff is staff


def test_what_is_less_likely_than_not_is_not_written_beside_somebody() -> None:
    box = (60.0, 40.0, 110.0, 120.0)
    told = [(Label.PERSON, 0.8, box), (Label.SMOKING, 0.42, box), (Label.EATING, 0.6, box)]
    near = Noted("b" * 64, detections(*told))
    whole = Noted("a" * 64, detections())
    look = Seer(HALL, "cam1", whole, near=near, reader=None, eye=lambda _: None).look(picture())
    (seen,) = [o for o in look.observations if isinstance(o, WindowSeen)]
    assert sorted(look.detections.label) == [Label.PERSON, Label.EATING]
    assert seen.smoking == pytest.approx(0.42)  # the rule has its own limit


def test_a_sign_that_the_close_ups_network_misses_is_seen_by_the_other() -> None:
    class Both(Noted):
        """Nothing in whole pictures, a sign that cannot be read in close-ups."""

        def detect(self, images: Sequence[Image]) -> list[Detections]:
            super().detect(images)
            return [
                detections(*([] if image.shape[:2] == (360, 640) else [SIGN])) for image in images
            ]

    whole, near = Both("a" * 64, detections()), Noted("b" * 64, detections())
    seer = Seer(HALL, "cam1", whole, near=near, reader=None, eye=lambda _: None)
    (seen,) = [o for o in seer.look(picture()).observations if isinstance(o, WindowSeen)]
    assert (seen.staff, seen.sign) == (False, None)


def seat_of(shared: SharedDetector) -> tuple[object, object]:
    seat = shared.seat(lambda: 1.0)
    return seat, seat.near


def test_pictures_for_different_networks_share_no_batch() -> None:
    slow, near = SlowDetector(), Noted("b" * 64, Detections.none())
    shared = SharedDetector(slow, workers=1, near=near, batch=4, clock=lambda: 0.0)
    shared.ask([plain(99)], 0.0)
    assert slow.begun.acquire(timeout=10)
    told = [
        *shared.ask([plain(1)], 1.0), *shared.ask([plain(2)], 2.0, by=near),
        *shared.ask([plain(3)], 3.0), *shared.ask([plain(4)], 4.0, by=near),
    ]  # fmt: skip
    slow.let.release()
    slow.let.release()
    answers = [len(future.result(timeout=10)) for future in told]
    shared.close()
    assert slow.batches == [[99], [1, 3]]
    assert near.sizes == [(4, 4), (4, 4)]
    assert answers == [1, 0, 1, 0]


def test_a_cameras_time_counts_what_either_computed_for_it() -> None:
    now_s = [0.0]

    class Timed(Noted):
        def detect(self, images: Sequence[Image]) -> list[Detections]:
            now_s[0] += 0.25
            return super().detect(images)

    nobody = Detections.none()
    shared = SharedDetector(
        Timed("a" * 64, nobody), workers=1, near=Timed("b" * 64, nobody), clock=lambda: now_s[0]
    )
    seat = shared.seat(lambda: 1.0)
    assert seat.near is not None
    seat.detect([plain(1)])
    seat.near.detect([plain(2)])
    shared.close()
    assert seat.computed_s == pytest.approx(0.5)


def test_both_are_opened_and_each_must_be_whole(tmp_path: Path) -> None:
    shipped = replace(load_manifest().entry("hall-int8"), close_ups="")
    for name in ("whole.onnx", "near.onnx"):
        (tmp_path / name).write_bytes(shipped.path.read_bytes())
    path = tmp_path / "manifest.toml"
    near = replace(shipped, id="near", path=tmp_path / "near.onnx", needs=())
    whole = replace(near, id="whole", path=tmp_path / "whole.onnx", close_ups="near")
    registered(near, path)
    registered(whole, path, first=True)
    detector, close = open_detectors(load_manifest(path), threads=1)
    assert close is not None
    assert (detector.entry.id, close.entry.id) == ("whole", "near")
    blank = np.zeros((64, 64, 3), np.uint8)
    assert len(close.detect([blank])) == 1
    (tmp_path / "near.onnx").write_bytes(b"something else")
    with pytest.raises(ManifestError, match=r"near\.onnx has sha256"):
        open_detectors(load_manifest(path), threads=1)


def test_the_shipped_default_is_opened_with_what_it_names() -> None:
    manifest = load_manifest(SHIPPED / "manifest.toml")
    entry = manifest.entry()
    detector, near = open_detectors(manifest, threads=1)
    assert detector.entry == entry
    assert (None if near is None else near.entry) == manifest.near(entry)


@pytest.mark.parametrize(("near_sees", "phone"), [(True, 0.6), (False, 0.0)])
def test_what_is_held_is_told_by_the_network_of_close_ups_alone(
    near_sees: bool, phone: float
) -> None:
    """The whole picture takes something for a phone; who sits there, both may tell."""
    whole = Noted("a" * 64, detections(CLERK, PHONE_IN_HAND))
    held = (PHONE_IN_HAND[0], 0.6, (70, 70, 80, 85))
    near = Noted("b" * 64, detections(held) if near_sees else Detections.none())
    seer = Seer(HALL, "cam1", whole, near=near, reader=None, eye=lambda _: None)
    look = seer.look(picture())
    (seen,) = [o for o in look.observations if isinstance(o, WindowSeen)]
    assert (seen.staff, seen.phone) == (True, pytest.approx(phone))
    assert [int(x) for x in look.detections.label] == ([0, 1] if near_sees else [0])


def test_limits_are_those_of_the_network_that_tells_conduct(tmp_path: Path) -> None:
    """Whichever looks at close-ups: the old one put back brings its own again."""
    path = written(tmp_path, of(ENTRY, "seats") + SEATS + SEATS.replace('"seats"', '"ours"'))
    (tmp_path / "seats.onnx").write_bytes(b"another network")
    known = load_manifest(path)
    for name, score in (("small", 0.3), ("seats", 0.5), ("ours", 0.7)):
        limits = {"phone_use": {"min_score": score, "on": True}}
        registered(replace(known.entry(name), limits=limits), path)

    def in_force(close_ups: str) -> float:
        known = load_manifest(path)
        entry = replace(known.entry("small"), close_ups=close_ups)
        return known.limits(entry)["phone_use"]["min_score"]

    assert [in_force(name) for name in ("", "seats", "ours", "seats")] == [0.3, 0.5, 0.7, 0.5]
