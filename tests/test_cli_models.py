"""`hallwatch models`: what a person types, and what is said when it cannot be done."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner, Result

from cli.models import models_app
from models.manifest import load_manifest, together
from models.register import registered


def run(*arguments: object) -> Result:
    return CliRunner().invoke(models_app, [str(a) for a in arguments])


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Nine grey photos, each said to show one person."""
    folder = tmp_path / "photos"
    for name in ("images", "labels"):
        (folder / name).mkdir(parents=True)
    rows = ["file,path,partial_classes"]
    for i in range(9):
        grey = np.full((90, 160, 3), 114, np.uint8)
        cv2.imwrite(str(folder / "images" / f"har_{i}.png"), grey)
        (folder / "labels" / f"har_{i}.txt").write_text("0 0.5 0.5 0.2 0.4\n")
        rows.append(f"har_{i}.png,{i},food")
    (folder / "sources.csv").write_text("\n".join(rows) + "\n")
    return folder


def test_list_names_every_model_and_what_was_measured() -> None:
    result = run("list")
    assert result.exit_code == 0, result.output
    for entry in load_manifest().entries:
        assert f"{entry.id}  {entry.path.name}" in result.output
        assert all(source in result.output for source in entry.measured)


def test_a_set_is_made_and_a_model_measured_on_it(photos: Path, tmp_path: Path) -> None:
    made = run("dataset", tmp_path / "set", "--photos", photos)
    assert made.exit_code == 0, made.output
    assert "har/train" in made.output
    measured = run("evaluate", "--set", tmp_path / "set", "--split", "train", "--json")
    assert measured.exit_code == 0, measured.output
    figures = json.loads(measured.output)["har"]
    assert figures["person_recall"] == 0.0
    assert "food_ap" not in figures
    table = run("evaluate", "--set", tmp_path / "set", "--split", "train", "--markdown")
    assert f"| har | person | {figures['person_truths']:.0f} | 0.0 |" in table.output


def test_a_model_is_added(tmp_path: Path) -> None:
    shipped = load_manifest().entry()
    file = tmp_path / "copy.onnx"
    shutil.copyfile(shipped.path, file)
    manifest = tmp_path / "manifest.toml"
    added = run(
        "add", "copy", file, "--licence", "AGPL-3.0", "--trained-on", "photos",
        "--command", "cp", "--head", shipped.head, "--side", 416, "--manifest", manifest,
    )  # fmt: skip
    assert added.exit_code == 0, added.output
    entry = load_manifest(manifest).entry("copy")
    assert entry.sha256 == shipped.sha256
    assert entry.label_of() == shipped.label_of()
    assert entry.input.sides_px == (416,)


def test_what_cannot_be_done_is_a_sentence(tmp_path: Path) -> None:
    unknown = run("evaluate", "--set", tmp_path, "--model", "no-such")
    assert unknown.exit_code == 1
    absent = run("add", "x", tmp_path / "x.onnx", "--licence", "y", "--trained-on", "z",
                 "--command", "c")  # fmt: skip
    assert absent.exit_code == 1
    assert not isinstance(absent.exception, FileNotFoundError)


@pytest.fixture
def two_models(tmp_path: Path) -> Path:
    """A manifest with the shipped model twice: `old`, the default, and `new`."""
    shipped = load_manifest().entry()
    manifest = tmp_path / "manifest.toml"
    for name in ("old", "new"):
        file = tmp_path / f"{name}.onnx"
        shutil.copyfile(shipped.path, file)
        entry = replace(shipped, id=name, path=file, measured={}, close_ups="")
        registered(entry, manifest)
    return manifest


def test_a_new_model_is_used_and_the_old_one_put_back(two_models: Path) -> None:
    for model in ("new", "old"):
        assert run("use", model, "--manifest", two_models).exit_code == 0
        assert load_manifest(two_models).entry().id == model
    (two_models.parent / "new.onnx").write_bytes(b"half a file")
    broken = run("use", "new", "--manifest", two_models)
    assert broken.exit_code != 0
    assert "sha256" in broken.output
    assert load_manifest(two_models).entry().id == "old"


def test_another_model_looks_at_close_ups_and_the_old_way_is_put_back(two_models: Path) -> None:
    for close_ups, kept in (("new", "new"), ("old", "")):
        said = run("use", "old", "--close-ups", close_ups, "--manifest", two_models)
        assert said.exit_code == 0
        assert ("with new for close-ups" in said.output) == bool(kept)
        assert load_manifest(two_models).entry().close_ups == kept
        old = load_manifest(two_models).entry()
        listed = run("list", "--manifest", two_models).output
        both = f"alerts name both: {together(old.sha256, old.sha256)[:12]}"
        assert (both in " ".join(listed.split())) == bool(kept)
    unknown = run("use", "old", "--close-ups", "gone", "--manifest", two_models)
    assert unknown.exit_code == 1
    assert "has no model 'gone'" in " ".join(unknown.output.split())
    run("use", "old", "--close-ups", "new", "--manifest", two_models)
    (two_models.parent / "new.onnx").write_bytes(b"half a file")
    broken = run("use", "old", "--manifest", two_models)
    assert broken.exit_code == 1
    assert "sha256" in broken.output


def test_two_models_are_compared_side_by_side(
    photos: Path, two_models: Path, tmp_path: Path
) -> None:
    run("dataset", tmp_path / "set", "--photos", photos)
    result = run(
        "evaluate", "--set", tmp_path / "set", "--split", "train", "--model", "new",
        "--against", "old", "--manifest", two_models,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "person" in result.output
    assert "close-up 300x300" in result.output


def test_what_cannot_be_calibrated_stays_as_the_network_tells_it(
    photos: Path, two_models: Path, tmp_path: Path
) -> None:
    run("dataset", tmp_path / "set", "--photos", photos)
    figure = tmp_path / "curves.svg"
    result = run(
        "calibrate", "--set", tmp_path / "set", "--split", "train", "--check", "train",
        "--figure", figure, "--write", "--manifest", two_models,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert figure.read_text("utf-8").startswith("<svg")
    assert load_manifest(two_models).entry().calibration == {}
