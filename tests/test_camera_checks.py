"""The last check of each camera: kept over a restart, and only for the address that it was of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from api.halls.checks import CheckBook
from tests.camera_network import TEXT, FakeNetwork, setup_in
from tests.halls import NOON
from vision.hallfile import parse_hall
from vision.probe import Meaning, Refusal

(CAMERA,) = parse_hall(TEXT.encode()).cameras
WRONG = replace(CAMERA, url="rtsp://admin:wrong@10.0.0.1/main")


def test_what_was_found_is_known_after_a_restart(tmp_path: Path) -> None:
    book = CheckBook(tmp_path, lambda: NOON)
    assert book.of(CAMERA) is None
    book.run(CAMERA, FakeNetwork().probe)
    again = CheckBook(tmp_path).of(CAMERA)
    assert again == book.of(CAMERA)
    assert again is not None
    assert (again.at, again.refusal) == (NOON, None)
    assert [f.meaning for f in again.findings] == [Meaning.CODEC_GOOD]
    assert "geheim" not in (tmp_path / "cam1.json").read_text("utf-8")


def test_a_refusal_is_kept_and_another_address_has_none(tmp_path: Path) -> None:
    book = CheckBook(tmp_path)
    book.run(WRONG, FakeNetwork().probe)
    found = book.of(WRONG)
    assert found is not None
    assert (found.refusal, found.findings) == (Refusal.PASSWORD, ())
    assert book.of(replace(CAMERA, url="rtsp://10.0.0.9/main")) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"at": "x"}', '{"at": 1, "address": ""}'])
def test_a_file_that_cannot_be_read_is_no_check(text: str, tmp_path: Path) -> None:
    (tmp_path / "cam1.json").write_text(text)
    assert CheckBook(tmp_path).of(CAMERA) is None


def test_without_a_folder_it_is_known_until_the_end(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("no folder")
    for book in (CheckBook(), CheckBook(taken)):
        book.run(CAMERA, FakeNetwork().probe)
        assert book.of(CAMERA) is not None


def test_a_recording_is_not_checked(tmp_path: Path) -> None:
    network = FakeNetwork()
    setup = setup_in(tmp_path, network)
    setup.check(replace(CAMERA, url="clip.mp4"))
    setup.check(CAMERA)
    assert network.asked == [CAMERA.url]
