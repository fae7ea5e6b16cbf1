"""Write a bundle: files, manifest, signature."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.bundle.form import (
    EARLIEST,
    FORMAT,
    MANIFEST,
    PUBLIC_KEY,
    README,
    SIGNATURE,
    VERSION,
)
from api.bundle.keys import SigningKey
from api.bundle.readme import README_TEXT
from api.canonical import canonical_json

_PIECE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the bundle, from memory or from the disk."""

    name: str
    content: bytes | Path

    def pieces(self) -> Iterable[bytes]:
        if isinstance(self.content, bytes):
            yield self.content
            return
        with self.content.open("rb") as file:
            while piece := file.read(_PIECE_BYTES):
                yield piece


def write_bundle(
    to: Path, entries: Iterable[Entry], about: Mapping[str, Any], key: SigningKey
) -> None:
    """Write the bundle to `to`, whole or not at all. about: further members of the manifest."""
    draft = to.with_name(f"{to.name}.{os.getpid()}.draft")
    own = (
        Entry(PUBLIC_KEY, key.public.pem),
        Entry(README, README_TEXT.encode()),
    )
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
            listed = [_write(archive, entry) for entry in (*entries, *own)]
            manifest = canonical_json(
                {
                    **about,
                    "format": FORMAT,
                    "version": VERSION,
                    "public_key": key.public.text,
                    "files": sorted(listed, key=lambda file: str(file["name"])),
                }
            )
            _write(archive, Entry(MANIFEST, manifest))
            _write(archive, Entry(SIGNATURE, key.sign(manifest)))
        os.replace(draft, to)
    finally:
        draft.unlink(missing_ok=True)


def _write(archive: zipfile.ZipFile, entry: Entry) -> dict[str, Any]:
    """Write one entry and return its line of the manifest, from the bytes that were written."""
    info = zipfile.ZipInfo(entry.name, EARLIEST)
    info.external_attr = 0o644 << 16
    digest, length = hashlib.sha256(), 0
    if isinstance(entry.content, Path):
        info.file_size = entry.content.stat().st_size
    with archive.open(info, "w") as out:
        for piece in entry.pieces():
            digest.update(piece)
            length += len(piece)
            out.write(piece)
    return {"name": entry.name, "bytes": length, "sha256": digest.hexdigest()}
