"""The manifest of shipped models: which file, which bytes, which classes, made how, how good.

`models/shipped/manifest.toml` lists them; a file is believed only when its SHA-256 is the one
written there, and its classes only when the network itself names the same ones (checked by
`models.session`).
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.cores import FEATURES, processor_features
from vision.records import Label

SHIPPED = Path(__file__).parent / "shipped"
HEADS = ("one-to-one", "one-to-many")


class ManifestError(Exception):
    """The manifest, or a file it names, is not as it must be. The text says what to do."""


class ModelMissingError(ManifestError):
    """The model's file is not there."""


class ModelBytesError(ManifestError):
    """The model's file has other bytes than the manifest says."""


class ModelClassesError(ManifestError):
    """The network names other classes than the manifest says."""


@dataclass(frozen=True, slots=True)
class InputShape:
    """What the network wants to be given.

    sides_px: the long sides that pictures are scaled to; a picture goes to the smallest one that
    does not shrink it below two thirds, else to the largest. stride_px: both sides are padded to
    multiples of it. pad: grey value of the padding.
    """

    sides_px: tuple[int, ...] = (416, 640)
    stride_px: int = 32
    pad: int = 114


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model of the manifest.

    classes: the network's own class names, in its order. labels: class name to `Label`; classes
    that are not in it are ignored. measured: source of pictures to figures by name.
    calibration: label to the two numbers that make a probability of its scores (`models.curve`).
    limits: rule to the thresholds that suit this model (`vision.hallfile.load_hall`); see
    `Manifest.limits`.
    needs: features of the processor without which it is worse or slower (`models.cores`).
    close_ups: id of the model that looks at close-ups of seats in its place; "": itself.
    """

    id: str
    path: Path
    sha256: str
    head: str
    opset: int
    classes: tuple[str, ...]
    labels: Mapping[str, Label]
    input: InputShape
    licence: str
    trained_on: tuple[str, ...]
    command: str
    made_at: str
    measured: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    calibration: Mapping[Label, tuple[float, float]] = field(default_factory=dict)
    limits: Mapping[str, Mapping[str, float | bool]] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    close_ups: str = ""

    def label_of(self) -> tuple[Label | None, ...]:
        """For each class of the network, its label or None."""
        return tuple(self.labels.get(name) for name in self.classes)


@dataclass(frozen=True, slots=True)
class Manifest:
    """All entries of one manifest file; the first that suits the machine is the default."""

    path: Path
    entries: tuple[ModelEntry, ...]

    def entry(self, model: str | None = None, has: frozenset[str] | None = None) -> ModelEntry:
        """The entry of that id, or the default one of a machine that has these features (None:
        this processor's). Raises ManifestError naming the known ids."""
        found = processor_features() if has is None else has
        for entry in self.entries:
            if model == entry.id or (model is None and found.issuperset(entry.needs)):
                return entry
        known = ", ".join(e.id for e in self.entries) or "none"
        raise ManifestError(f"{self.path} has no model {model!r}; it has: {known}")

    def near(self, entry: ModelEntry) -> ModelEntry | None:
        """The entry that looks at close-ups in the place of this one; None: it does so itself."""
        return self.entry(entry.close_ups) if entry.close_ups else None

    def limits(self, entry: ModelEntry) -> Mapping[str, Mapping[str, float | bool]]:
        """The limits in force with this entry: those of the network that looks at close-ups, which
        tells conduct."""
        near = self.near(entry)
        return entry.limits if near is None or not near.limits else near.limits

    def pair(self, entry: ModelEntry) -> tuple[ModelEntry, ...]:
        """The entry, and the one that looks at close-ups in its place, if there is one."""
        near = self.near(entry)
        return (entry,) if near is None else (entry, near)


def together(sha256: str, near: str | None) -> str:
    """What names the networks that looked: the SHA-256 of the only one; of two, the SHA-256 of
    both of theirs in hexadecimal, the whole pictures' first, with a space between."""
    return sha256 if near is None else hashlib.sha256(f"{sha256} {near}".encode()).hexdigest()


def load_manifest(path: Path = SHIPPED / "manifest.toml") -> Manifest:
    """Read a manifest. Raises ManifestError for what is missing or malformed in it; the models'
    own files are checked by `verified_bytes`, when one is used."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ManifestError(f"there is no manifest at {path}: reinstall, or write one") from None
    except tomllib.TOMLDecodeError as error:
        raise ManifestError(f"{path} is not TOML: {error}") from error
    entries = tuple(_entry(path, row) for row in table.get("model", []))
    ids = [e.id for e in entries]
    if len(set(ids)) < len(ids):
        raise ManifestError(f"{path}: two models have one id ({', '.join(ids)}); rename one")
    alone = {e.id for e in entries if not e.close_ups}
    for entry in entries:
        if entry.close_ups and entry.close_ups not in alone - {entry.id}:
            raise ManifestError(
                f"{path}, model {entry.id!r}: close_ups = {entry.close_ups!r} must name another "
                f"model that has no close_ups of its own; such are: {', '.join(sorted(alone))}"
            )
    return Manifest(path, entries)


def verified_bytes(entry: ModelEntry) -> bytes:
    """The model file's bytes. Raises ModelMissingError or ModelBytesError."""
    try:
        content = entry.path.read_bytes()
    except FileNotFoundError:
        raise ModelMissingError(
            f"model {entry.id!r}: no file {entry.path}; make it with `{entry.command}` "
            "or choose another with --model"
        ) from None
    found = hashlib.sha256(content).hexdigest()
    if found != entry.sha256:
        raise ModelBytesError(
            f"model {entry.id!r}: {entry.path} has sha256 {found}, the manifest says "
            f"{entry.sha256}; restore the file, or register it with `hallwatch models add`"
        )
    return content


def _entry(path: Path, row: Mapping[str, Any]) -> ModelEntry:
    where = f"{path}, model {row.get('id', '?')!r}"
    try:
        shape = row.get("input", {})
        entry = ModelEntry(
            id=str(row["id"]),
            path=path.parent / row["file"],
            sha256=str(row["sha256"]).lower(),
            head=str(row["head"]),
            opset=int(row["opset"]),
            classes=tuple(row["classes"]),
            labels={name: Label[label.upper()] for name, label in row["labels"].items()},
            input=InputShape(
                tuple(shape.get("sides_px", InputShape().sides_px)),
                int(shape.get("stride_px", InputShape().stride_px)),
                int(shape.get("pad", InputShape().pad)),
            ),
            licence=str(row["licence"]),
            trained_on=tuple(row["trained_on"]),
            command=str(row["command"]),
            made_at=str(row["made_at"]),
            measured=row.get("measured", {}),
            calibration={
                Label[label.upper()]: (float(a), float(b))
                for label, (a, b) in row.get("calibration", {}).items()
            },
            limits=row.get("limits", {}),
            needs=tuple(row.get("needs", ())),
            close_ups=str(row.get("close_ups", "")),
        )
    except KeyError as error:
        known = ", ".join(label.name.lower() for label in Label)
        raise ManifestError(
            f"{where}: {error} is missing, or is not a label (labels: {known})"
        ) from error
    if entry.head not in HEADS:
        raise ManifestError(f"{where}: head {entry.head!r} is not one of {', '.join(HEADS)}")
    strangers = sorted(set(entry.labels) - set(entry.classes))
    if strangers:
        raise ManifestError(f"{where}: labels name no class of it: {', '.join(strangers)}")
    if unknown := sorted(set(entry.needs) - set(FEATURES)):
        raise ManifestError(f"{where}: needs {unknown[0]!r}; known are {', '.join(FEATURES)}")
    if not entry.input.sides_px:
        raise ManifestError(f"{where}: input.sides_px is empty; give at least one side")
    return entry
