"""Writing a model into the manifest, as one TOML table a model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import onnxruntime

from models.manifest import InputShape, ManifestError, ModelEntry, ModelMissingError, load_manifest
from vision.records import Label


def described(
    model: str,
    path: Path,
    *,
    labels: Mapping[str, Label],
    head: str,
    licence: str,
    trained_on: Sequence[str],
    command: str,
    made_at: datetime,
    measured: Mapping[str, Mapping[str, float]],
    needs: Sequence[str] = (),
    close_ups: str = "",
    sides_px: Sequence[int] = (),
) -> ModelEntry:
    """The manifest entry of an exported file; classes, opset and SHA-256 are read from it.

    labels: what class names mean; those that the network does not have are left aside. sides_px:
    see `InputShape`; none: its own."""
    if not path.is_file():
        raise ModelMissingError(f"there is no file {path}: export the model first")
    content = path.read_bytes()
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    notes = session.get_modelmeta().custom_metadata_map
    if not {"names", "opset"} <= set(notes):
        raise ManifestError(f"{path} names no classes: export it with `hallwatch models export`")
    classes = tuple(json.loads(notes["names"]))
    return ModelEntry(
        id=model,
        path=path,
        sha256=hashlib.sha256(content).hexdigest(),
        head=head,
        opset=int(notes["opset"]),
        classes=classes,
        labels={name: labels[name] for name in classes if name in labels},
        input=InputShape(tuple(sides_px)) if sides_px else InputShape(),
        licence=licence,
        trained_on=tuple(trained_on),
        command=command,
        made_at=made_at.astimezone(UTC).isoformat(timespec="seconds"),
        measured=measured,
        needs=tuple(needs),
        close_ups=close_ups,
    )


def registered(entry: ModelEntry, manifest: Path, *, first: bool = False) -> None:
    """Put the entry into the manifest file in place of one of the same id; `first` makes it the
    default. The model file must lie beside the manifest."""
    if entry.path.parent.resolve() != manifest.parent.resolve():
        raise ManifestError(f"put {entry.path} beside {manifest} before registering it")
    others = list(load_manifest(manifest).entries) if manifest.exists() else []
    rest = [e for e in others if e.id != entry.id]
    if first:
        rest.insert(0, entry)
    else:
        ids = [e.id for e in others]
        rest.insert(ids.index(entry.id) if entry.id in ids else len(rest), entry)
    text = HEADING + "".join(_table(e) for e in rest)
    part = manifest.with_suffix(".part")
    part.write_text(text, "utf-8")
    load_manifest(part)
    part.replace(manifest)


HEADING = """\
# The shipped models, written by `hallwatch models add`. The first whose needs the processor meets
# is the default.
# calibration, limits: see docs/models.md. measured: figures by source of pictures.
"""


def _table(entry: ModelEntry) -> str:
    shape = entry.input
    lines = [
        "\n[[model]]",
        f"id = {_toml(entry.id)}",
        f"file = {_toml(entry.path.name)}",
        f"sha256 = {_toml(entry.sha256)}",
        f"head = {_toml(entry.head)}",
        f"opset = {entry.opset}",
        f"classes = {_toml(list(entry.classes))}",
        f"licence = {_toml(entry.licence)}",
        f"trained_on = {_toml(list(entry.trained_on))}",
        f"command = {_toml(entry.command)}",
        f"made_at = {_toml(entry.made_at)}",
        *([f"needs = {_toml(list(entry.needs))}"] if entry.needs else []),
        *([f"close_ups = {_toml(entry.close_ups)}"] if entry.close_ups else []),
        "[model.labels]",
        *(f"{_toml(name)} = {_toml(label.name.lower())}" for name, label in entry.labels.items()),
        "[model.input]",
        f"sides_px = {_toml(list(shape.sides_px))}",
        f"stride_px = {shape.stride_px}",
        f"pad = {shape.pad}",
    ]
    if entry.calibration:
        lines.append("[model.calibration]")
        lines += [f"{n.name.lower()} = [{a!r}, {b!r}]" for n, (a, b) in entry.calibration.items()]
    for rule, limits in entry.limits.items():
        lines.append(f"[model.limits.{rule}]")
        lines += [f"{name} = {_number(value)}" for name, value in limits.items()]
    for source, figures in entry.measured.items():
        lines.append(f"[model.measured.{_toml(source)}]")
        lines += [f"{_toml(name)} = {float(value)!r}" for name, value in figures.items()]
    return "\n".join(lines) + "\n"


def _number(value: float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(float(value))


def _toml(value: str | list[str] | list[int]) -> str:
    """A string or a list as TOML: JSON's spelling of both is TOML's too."""
    return json.dumps(value, ensure_ascii=False)
