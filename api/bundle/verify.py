"""Check a bundle, on any machine and offline: who signed it, and what was done to it since."""

from __future__ import annotations

import hashlib
import json
import struct
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from api.bundle.form import (
    FORMAT,
    LONGEST_MANIFEST_BYTES,
    MANIFEST,
    MOST_ENTRIES,
    SIGNATURE,
    VERSION,
)
from api.bundle.keys import PublicKey, SigningKeyError

_PIECE_BYTES = 1024 * 1024
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_END_BYTES = 22
_CENTRAL_BYTES = 46
_ZIP64_END_BYTES = 56 + 20
_ZIP64, _IN_ZIP64 = b"\x01\x00", 0xFFFFFFFF


class NotABundleError(ValueError):
    """The file cannot be read as a bundle at all."""


class Fault(StrEnum):
    SIGNATURE = "signature"  # the manifest is not what was signed
    FOREIGN_KEY = "foreign_key"  # signed by another key than the one that was named
    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"
    DUPLICATE = "duplicate"  # two entries that a disk or a reader would take for one
    UNSAFE_NAME = "unsafe_name"  # would be unpacked outside its folder
    NOT_PLAIN = "not_plain"  # compressed, encrypted, or unlike its entry in the list of contents
    HIDDEN_BYTES = "hidden_bytes"  # bytes in the file that belong to no entry


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and with which entry ("" for the file as a whole)."""

    fault: Fault
    name: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """findings: empty if the bundle is as it was signed. manifest: what it says about itself; only
    as trustworthy as the key."""

    key: PublicKey
    manifest: Mapping[str, Any]
    findings: tuple[Finding, ...]


def verify_bundle(file: Path, expected: PublicKey | None = None) -> Verdict:
    """Check everything in the file. expected: who must have signed it; None: take the key inside,
    for a person to compare its fingerprint. Raises NotABundleError."""
    try:
        with file.open("rb") as raw, zipfile.ZipFile(raw) as archive:
            return _verify(raw, archive, expected)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, struct.error) as error:
        raise NotABundleError(f"{file} cannot be read as a bundle: {error}") from error
    except (OSError, RuntimeError) as error:
        raise NotABundleError(f"{file} cannot be read: {error}") from error


def _verify(raw: IO[bytes], archive: zipfile.ZipFile, expected: PublicKey | None) -> Verdict:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise NotABundleError(f"it holds {len(entries)} entries; no bundle does")
    findings = [*_unfit_names(entries), *_hidden(raw, archive)]
    plain = {entry.filename: entry for entry in entries if _is_plain(raw, entry)}
    findings += [Finding(Fault.NOT_PLAIN, e.filename) for e in entries if e.filename not in plain]
    manifest_bytes = _content(archive, plain, MANIFEST)
    manifest = _manifest(manifest_bytes)
    try:
        key = PublicKey.of_text(str(manifest.get("public_key")))
    except SigningKeyError as error:
        raise NotABundleError("its manifest names no public key") from error
    if not key.signed(manifest_bytes, _content(archive, plain, SIGNATURE)):
        findings.append(Finding(Fault.SIGNATURE, MANIFEST))
    if expected is not None and expected != key:
        findings.append(Finding(Fault.FOREIGN_KEY))
    findings += _against(archive, plain, manifest["files"], {e.filename for e in entries})
    order = {fault: n for n, fault in enumerate(Fault)}
    unique = sorted(set(findings), key=lambda f: (order[f.fault], f.name))
    return Verdict(key, manifest, tuple(unique))


def _unfit_names(entries: list[zipfile.ZipInfo]) -> Iterator[Finding]:
    same = Counter(unicodedata.normalize("NFC", e.filename).casefold() for e in entries)
    for entry in entries:
        name = entry.filename
        if same[unicodedata.normalize("NFC", name).casefold()] > 1:
            yield Finding(Fault.DUPLICATE, name)
        strange = any(ord(c) < 32 or c in '\\:*?"<>|' for c in entry.orig_filename)
        parts = name.split("/")
        if strange or any(part in ("", ".", "..") for part in parts) or len(name) > 300:
            yield Finding(Fault.UNSAFE_NAME, name)


def _hidden(raw: IO[bytes], archive: zipfile.ZipFile) -> Iterator[Finding]:
    """Bytes before, between and after the entries."""
    end = 0
    for entry in sorted(archive.infolist(), key=lambda e: e.header_offset):
        if entry.header_offset != end:
            yield Finding(Fault.HIDDEN_BYTES, entry.filename)
        end = entry.header_offset + _header_bytes(raw, entry) + entry.compress_size
    contents = sum(
        _CENTRAL_BYTES + len(e.orig_filename.encode()) + len(e.extra) + len(e.comment)
        for e in archive.infolist()
    )
    whole = raw.seek(0, 2)
    tail = whole - end - contents
    if archive.comment or tail not in (_END_BYTES, _END_BYTES + _ZIP64_END_BYTES):
        yield Finding(Fault.HIDDEN_BYTES)


def _header_bytes(raw: IO[bytes], entry: zipfile.ZipInfo) -> int:
    local = _local(raw, entry)
    return _LOCAL_HEADER.size + int(local[9]) + int(local[10])


def _local(raw: IO[bytes], entry: zipfile.ZipInfo) -> tuple[Any, ...]:
    raw.seek(entry.header_offset)
    return _LOCAL_HEADER.unpack(raw.read(_LOCAL_HEADER.size))


def _is_plain(raw: IO[bytes], entry: zipfile.ZipInfo) -> bool:
    """Stored, not encrypted, and called the same in both places that name it."""
    local = _local(raw, entry)
    name = raw.read(local[9])
    stored = entry.compress_type == zipfile.ZIP_STORED and local[3] == zipfile.ZIP_STORED
    flags_ok = (entry.flag_bits | local[2]) & ~0x800 == 0  # UTF-8 names, and nothing else
    same = name == entry.orig_filename.encode() and entry.file_size == entry.compress_size
    same = same and local[8] in (entry.file_size, _IN_ZIP64)
    no_extra = not entry.comment and entry.extra[:2] in (b"", _ZIP64) and local[10] in (0, 20)
    return stored and flags_ok and same and no_extra and not entry.is_dir()


def _content(archive: zipfile.ZipFile, plain: Mapping[str, zipfile.ZipInfo], name: str) -> bytes:
    entry = plain.get(name)
    if entry is None or entry.file_size > LONGEST_MANIFEST_BYTES:
        raise NotABundleError(f"it has no {name} that can be read; no bundle lacks one")
    with archive.open(entry) as file:
        return file.read()


def _manifest(content: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(content, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise NotABundleError(f"its manifest is not JSON: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise NotABundleError("its manifest is of another kind")
    if manifest.get("version") != VERSION:
        raise NotABundleError("it was made by another version of hallwatch; check it with that one")
    files = manifest.get("files")
    if not isinstance(files, list) or not all(isinstance(file, dict) for file in files):
        raise NotABundleError("its manifest lists no files")
    return dict(manifest)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuses JSON that says the same thing twice, and perhaps differently."""
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key stands there twice")
    return dict(pairs)


def _against(
    archive: zipfile.ZipFile,
    plain: Mapping[str, zipfile.ZipInfo],
    files: list[dict[str, Any]],
    there: set[str],
) -> Iterator[Finding]:
    """What the manifest lists against what is there."""
    listed = {str(file.get("name")): file for file in files}
    for name, file in listed.items():
        if name not in there:
            yield Finding(Fault.MISSING, name)
        elif name in plain and not _is_same(archive, plain[name], file):
            yield Finding(Fault.CHANGED, name)
    for name in there - set(listed) - {MANIFEST, SIGNATURE}:
        yield Finding(Fault.ADDED, name)


def _is_same(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: Mapping[str, Any]) -> bool:
    if entry.file_size != file.get("bytes"):
        return False
    digest = hashlib.sha256()
    try:
        with archive.open(entry) as content:
            while piece := content.read(_PIECE_BYTES):
                digest.update(piece)
    except (zipfile.BadZipFile, EOFError):  # its checksum is wrong
        return False
    return digest.hexdigest() == file.get("sha256")
