"""A bundle that was tampered with, in every way that ZIP files allow, and what is said about it."""

from __future__ import annotations

import io
import json
import shutil
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from api.bundle.form import MANIFEST, PUBLIC_KEY, README, SIGNATURE
from api.bundle.keys import PublicKey, SigningKey, SigningKeyError, signing_key_in
from api.bundle.pack import Entry, write_bundle
from api.bundle.verify import Fault, Finding, NotABundleError, verify_bundle
from api.canonical import canonical_json

CLIP, STILL, RECORD = "alerts/a1/clip.mp4", "alerts/a1/still.jpg", "record.json"
NAMES = {CLIP, STILL, RECORD, PUBLIC_KEY, README, MANIFEST, SIGNATURE}


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return signing_key_in(tmp_path_factory.mktemp("key"))


@pytest.fixture
def bundle(tmp_path: Path, key: SigningKey) -> Path:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(bytes(range(256)) * 9000)  # more than one piece
    file = tmp_path / "case.zip"
    entries = [Entry(CLIP, clip), Entry(STILL, b"picture"), Entry(RECORD, b'{"a":1}')]
    write_bundle(file, entries, {"made_at": "2026-11-23T04:00:00Z"}, key)
    return file


def found(file: Path, expected: PublicKey | None = None) -> list[Finding]:
    return list(verify_bundle(file, expected).findings)


def repacked(
    bundle: Path,
    change: Callable[[str, bytes], bytes | None] = lambda name, content: content,
    extra: tuple[tuple[str, bytes], ...] = (),
    method: int = zipfile.ZIP_STORED,
) -> Path:
    """The bundle packed anew; `change` gives another content, or None to leave the entry out."""
    to = bundle.with_name("tampered.zip")
    with (
        zipfile.ZipFile(bundle) as old,
        zipfile.ZipFile(to, "w", method) as new,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # of duplicate names: that is the point
        for entry in old.infolist():
            content = change(entry.filename, old.read(entry))
            if content is not None:
                new.writestr(zipfile.ZipInfo(entry.filename), content, method)
        for name, content in extra:
            new.writestr(zipfile.ZipInfo(name), content, method)
    return to


def only(name: str, content: bytes | None) -> Callable[[str, bytes], bytes | None]:
    return lambda entry, old: content if entry == name else old


def test_a_bundle_as_it_was_made(bundle: Path, key: SigningKey) -> None:
    verdict = verify_bundle(bundle, key.public)
    assert verdict.findings == ()
    assert verdict.key == key.public
    assert verdict.manifest["made_at"] == "2026-11-23T04:00:00Z"
    with zipfile.ZipFile(bundle) as archive:
        assert set(archive.namelist()) == NAMES
    assert found(repacked(bundle)) == []  # the entries count, not the archive's own bytes
    assert not list(bundle.parent.glob("*.draft"))


@pytest.mark.parametrize("name", sorted({CLIP, STILL, RECORD, PUBLIC_KEY, README}))
def test_a_changed_or_missing_file_is_named(bundle: Path, name: str) -> None:
    with zipfile.ZipFile(bundle) as archive:
        content = bytearray(archive.read(name))
    content[len(content) // 2] ^= 1
    assert found(repacked(bundle, only(name, bytes(content)))) == [Finding(Fault.CHANGED, name)]
    assert found(repacked(bundle, only(name, b""))) == [Finding(Fault.CHANGED, name)]
    assert found(repacked(bundle, only(name, None))) == [Finding(Fault.MISSING, name)]


def test_a_bit_that_fell_over_on_the_disk_is_named(bundle: Path) -> None:
    content = bytearray(bundle.read_bytes())
    content[content.index(b"picture")] ^= 1
    bundle.write_bytes(content)
    assert found(bundle) == [Finding(Fault.CHANGED, STILL)]


@pytest.mark.parametrize("name", ["alerts/a1/more.mp4", "x", "alerts/a1/clip.mp4.exe"])
def test_an_added_file_is_named(bundle: Path, name: str) -> None:
    assert found(repacked(bundle, extra=((name, b"x"),))) == [Finding(Fault.ADDED, name)]


@pytest.mark.parametrize(
    "name",
    ["../x", "/etc/passwd", "a/../../x", "..\\x", "C:\\x", "C:x", "a//b", "./x", "a\nb", "x" * 400],
)
def test_a_name_that_leads_out_is_named(bundle: Path, name: str) -> None:
    findings = found(repacked(bundle, extra=((name, b"x"),)))
    assert Fault.UNSAFE_NAME in {f.fault for f in findings}


@pytest.mark.parametrize("twin", [STILL, STILL.upper(), "record.json", MANIFEST, SIGNATURE])
def test_two_entries_of_one_name(bundle: Path, twin: str) -> None:
    """Readers differ in which of the two they take."""
    with zipfile.ZipFile(bundle) as archive:
        same = archive.read(twin) if twin in archive.namelist() else b"other"
    for content in (same, b"other"):
        try:
            findings = found(repacked(bundle, extra=((twin, content),)))
        except NotABundleError:
            continue  # the other manifest makes no sense at all
        assert Finding(Fault.DUPLICATE, twin) in findings


def test_a_manifest_written_anew_is_not_signed(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        manifest = json.loads(archive.read(MANIFEST))
    manifest["files"] = [f for f in manifest["files"] if f["name"] != CLIP]
    tampered = repacked(bundle, only(MANIFEST, canonical_json(manifest)))
    assert Finding(Fault.SIGNATURE, MANIFEST) in found(tampered)
    assert found(repacked(bundle, only(SIGNATURE, b"\x00" * 64)))[0].fault is Fault.SIGNATURE
    assert found(repacked(bundle, only(SIGNATURE, b"")))[0].fault is Fault.SIGNATURE


def test_a_bundle_signed_anew_by_somebody_else(
    bundle: Path, key: SigningKey, tmp_path: Path
) -> None:
    stranger = signing_key_in(tmp_path / "stranger")
    forged = tmp_path / "forged.zip"
    write_bundle(forged, [Entry(STILL, b"another picture")], {}, stranger)
    verdict = verify_bundle(forged)
    assert verdict.findings == ()
    assert verdict.key.fingerprint == stranger.public.fingerprint != key.public.fingerprint
    assert found(forged, key.public) == [Finding(Fault.FOREIGN_KEY)]


def test_a_zip_bomb_is_not_unfolded(bundle: Path) -> None:
    bomb = repacked(bundle, only(STILL, b"\x00" * 50_000_000), method=zipfile.ZIP_DEFLATED)
    with pytest.raises(NotABundleError):  # its manifest is compressed as well
        found(bomb)
    to = bundle.with_name("bomb.zip")
    shutil.copy(repacked(bundle, only(STILL, None)), to)
    with zipfile.ZipFile(to, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(STILL, b"\x00" * 50_000_000)
    assert found(to) == [Finding(Fault.NOT_PLAIN, STILL)]


def test_a_lie_about_the_length_is_found(bundle: Path) -> None:
    content = bytearray(bundle.read_bytes())
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(STILL.encode()))
    content[at + 24 : at + 28] = (2**31).to_bytes(4, "little")  # the length when unfolded
    bundle.write_bytes(content)
    assert Finding(Fault.NOT_PLAIN, STILL) in found(bundle)


def test_another_name_in_the_entry_than_in_the_list(bundle: Path) -> None:
    content = bytearray(bundle.read_bytes())
    at = content.index(STILL.encode())
    content[at : at + 6] = b"alerTs"
    bundle.write_bytes(content)
    assert Finding(Fault.NOT_PLAIN, STILL) in found(bundle)


@pytest.mark.parametrize("where", ["front", "end", "comment", "between"])
def test_hidden_bytes_are_found(bundle: Path, where: str) -> None:
    content = bundle.read_bytes()
    if where == "front":
        bundle.write_bytes(b"#!/bin/sh\nrm -rf /\n" + content)
    elif where == "end":
        bundle.write_bytes(content + b"more")
    elif where == "comment":
        with zipfile.ZipFile(bundle, "a") as archive:
            archive.comment = b"see me at noon"
    else:
        made = io.BytesIO()
        with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(made, "w") as new:
            for entry in old.infolist():
                new.writestr(zipfile.ZipInfo(entry.filename), old.read(entry))
                new.fp.write(b"hidden")  # type: ignore[union-attr]
                new.start_dir = new.fp.tell()  # type: ignore[union-attr]
        bundle.write_bytes(made.getvalue())
    try:
        assert Fault.HIDDEN_BYTES in {f.fault for f in found(bundle)}
    except NotABundleError:
        assert where == "end"


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"hello", b"PK\x05\x06" + b"\x00" * 18, b"\x00" * 100_000]
)
def test_what_is_no_bundle(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(NotABundleError):
        found(tmp_path / "x.zip")
    with pytest.raises(NotABundleError, match="cannot be read"):
        found(tmp_path / "not there.zip")


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"format":"hallwatch-bundle","version":2}',
        b'{"format":"hallwatch-bundle","version":1,"files":7}',
        b'{"format":"hallwatch-bundle","version":1,"files":[7]}',
        b'{"format":"hallwatch-bundle","version":1,"files":[],"public_key":"?"}',
        b'{"format":"hallwatch-bundle","version":1,"files":[],"files":[],"public_key":"?"}',
    ],
)
def test_a_manifest_that_makes_no_sense(bundle: Path, manifest: bytes) -> None:
    with pytest.raises(NotABundleError):
        found(repacked(bundle, only(MANIFEST, manifest)))


def test_a_cut_off_bundle(bundle: Path) -> None:
    content = bundle.read_bytes()
    for length in range(0, len(content), len(content) // 7):
        bundle.write_bytes(content[:length])
        with pytest.raises(NotABundleError):
            found(bundle)


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first, again = signing_key_in(tmp_path), signing_key_in(tmp_path)
    file = tmp_path / "signing.key"
    assert first.public == again.public
    assert file.stat().st_mode & 0o777 == 0o600
    (tmp_path / "public.pem").write_bytes(first.public.pem)
    assert PublicKey.of_file(tmp_path / "public.pem") == first.public
    with pytest.raises(SigningKeyError, match="no public key"):
        PublicKey.of_file(file)
    file.chmod(0o644)
    with pytest.raises(SigningKeyError, match="chmod 600"):
        signing_key_in(tmp_path)
    file.chmod(0o600)
    file.write_bytes(b"lost")
    with pytest.raises(SigningKeyError, match="bring back"):
        signing_key_in(tmp_path)
