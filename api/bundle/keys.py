"""The key that an installation signs its evidence bundles with."""

from __future__ import annotations

import base64
import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

KEY_FILE = "signing.key"


class SigningKeyError(ValueError):
    """A key file that is none, or that others can read."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What checks a signature. `raw` are the 32 bytes of an Ed25519 key."""

    raw: bytes

    @classmethod
    def of_text(cls, text: str) -> PublicKey:
        """From Base64. Raises SigningKeyError."""
        try:
            return cls.of_raw(base64.b64decode(text, validate=True))
        except ValueError as error:
            raise SigningKeyError("this is no Ed25519 public key") from error

    @classmethod
    def of_raw(cls, raw: bytes) -> PublicKey:
        Ed25519PublicKey.from_public_bytes(raw)
        return cls(raw)

    @classmethod
    def of_file(cls, file: Path) -> PublicKey:
        """From a PEM file. Raises SigningKeyError."""
        try:
            key = load_pem_public_key(file.read_bytes())
        except ValueError as error:
            raise SigningKeyError(f"{file} holds no public key in PEM form") from error
        if not isinstance(key, Ed25519PublicKey):
            raise SigningKeyError(f"{file} holds a key of another kind than Ed25519")
        return cls(key.public_bytes_raw())

    @property
    def text(self) -> str:
        return base64.b64encode(self.raw).decode()

    @property
    def pem(self) -> bytes:
        key = Ed25519PublicKey.from_public_bytes(self.raw)
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @property
    def fingerprint(self) -> str:
        """For people to compare: SHA-256 of the key, in eight groups of four."""
        digest = hashlib.sha256(self.raw).hexdigest()[:32]
        return "-".join(digest[i : i + 4] for i in range(0, 32, 4))

    def signed(self, content: bytes, signature: bytes) -> bool:
        """Whether the owner of the private key signed exactly this."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, content)
        except InvalidSignature:
            return False
        return True


class SigningKey:
    """The private half. It never leaves the machine."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @property
    def public(self) -> PublicKey:
        return PublicKey(self._key.public_key().public_bytes_raw())

    def sign(self, content: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(content)


def signing_key_in(folder: Path) -> SigningKey:
    """The key of the installation in `folder`; made at the first call, for its owner's eyes only.
    Raises SigningKeyError."""
    file = folder / KEY_FILE
    if not file.exists():
        _make(file)
    if file.stat().st_mode & 0o077:
        raise SigningKeyError(f"others can read {file}: run chmod 600 on it")
    try:
        key = load_pem_private_key(file.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise SigningKeyError(f"{file} holds no private key; bring back the old file") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyError(f"{file} holds a key of another kind than Ed25519")
    return SigningKey(key)


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(pem)
    with suppress(FileExistsError):  # another process was first
        os.link(draft, file)
    draft.unlink()
