"""The manifest: what is shipped is what it says, and what is wrong is named."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from models.cores import processor_features
from models.manifest import (
    ManifestError,
    ModelBytesError,
    ModelMissingError,
    load_manifest,
    verified_bytes,
)
from vision.records import Label

MODEL = b"not really a network"
ENTRY = f"""
[[model]]
id = "small"
file = "small.onnx"
sha256 = "{hashlib.sha256(MODEL).hexdigest()}"
head = "one-to-one"
opset = 17
classes = ["person", "cell phone", "chair"]
licence = "AGPL-3.0"
trained_on = ["photos"]
command = "hallwatch models train"
made_at = "2026-11-24T00:00:00+00:00"
[model.labels]
person = "person"
"cell phone" = "phone"
[model.input]
sides_px = [320, 640]
[model.measured.photos]
person_ap50 = 0.5
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "manifest.toml"
    path.write_text(text, "utf-8")
    (folder / "small.onnx").write_bytes(MODEL)
    return path


def test_an_entry_is_read(tmp_path: Path) -> None:
    entry = load_manifest(written(tmp_path, ENTRY)).entry("small")
    assert entry.label_of() == (Label.PERSON, Label.PHONE, None)
    assert entry.input.sides_px == (320, 640)
    assert entry.input.stride_px == 32
    assert entry.measured["photos"]["person_ap50"] == 0.5
    assert verified_bytes(entry) == MODEL


def test_the_first_entry_is_the_default(tmp_path: Path) -> None:
    text = ENTRY + ENTRY.replace('"small"', '"other"')
    manifest = load_manifest(written(tmp_path, text))
    assert manifest.entry().id == "small"
    assert manifest.entry("other").id == "other"


def test_an_unknown_id_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="small"):
        load_manifest(written(tmp_path, ENTRY)).entry("large")


def test_other_bytes_are_refused(tmp_path: Path) -> None:
    entry = load_manifest(written(tmp_path, ENTRY)).entry()
    entry.path.write_bytes(MODEL + b"!")
    with pytest.raises(ModelBytesError, match=r"restore the file.*models add"):
        verified_bytes(entry)


def test_a_missing_file_names_the_command_that_makes_it(tmp_path: Path) -> None:
    entry = load_manifest(written(tmp_path, ENTRY)).entry()
    entry.path.unlink()
    with pytest.raises(ModelMissingError, match="hallwatch models train"):
        verified_bytes(entry)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('head = "one-to-one"', 'head = "two"', "one-to-many"),
        ("opset = 17\n", "", "opset"),
        ('person = "person"', 'person = "clerk"', "head_down"),
        ('person = "person"', 'dog = "person"', "dog"),
        ("sides_px = [320, 640]", "sides_px = []", "at least one"),
        ("opset = 17", "opset = ", "not TOML"),
    ],
)
def test_a_malformed_entry_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(ManifestError, match=told):
        load_manifest(written(tmp_path, ENTRY.replace(old, new)))


def test_two_models_of_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="one id"):
        load_manifest(written(tmp_path, ENTRY + ENTRY))


def test_no_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="no manifest"):
        load_manifest(tmp_path / "manifest.toml")


def test_every_shipped_model_is_whole_and_small() -> None:
    for entry in load_manifest().entries:
        assert len(verified_bytes(entry)) < 16_000_000
        assert Label.PERSON in entry.label_of()
        assert "GPL" in entry.licence
        assert entry.trained_on
        assert entry.command


@pytest.mark.parametrize(
    ("has", "default"), [(frozenset({"vnni"}), "fast"), (frozenset(), "small")]
)
def test_the_default_suits_the_processor(tmp_path: Path, has: frozenset[str], default: str) -> None:
    fast = ENTRY.replace('id = "small"', 'id = "fast"\nneeds = ["vnni"]')
    manifest = load_manifest(written(tmp_path, fast + ENTRY))
    assert manifest.entry(has=has).id == default
    assert manifest.entry("fast", has).id == "fast"  # whoever names it, gets it


def test_an_unknown_need_is_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="needs 'mmx'; known are vnni"):
        load_manifest(written(tmp_path, ENTRY.replace("opset", 'needs = ["mmx"]\nopset')))


@pytest.mark.parametrize(
    ("flags", "features"),
    [
        ("flags\t\t: fpu avx2 avx512_vnni avx512f", {"vnni"}),
        ("Features\t: fp asimd asimddp", {"vnni"}),
        ("flags\t\t: fpu avx2", set()),
        (None, set()),
    ],
)
def test_features_of_the_processor(tmp_path: Path, flags: str | None, features: set[str]) -> None:
    file = tmp_path / "cpuinfo"
    if flags is not None:
        file.write_text(f"processor: 0\n{flags}\n")
    assert processor_features(file) == features
