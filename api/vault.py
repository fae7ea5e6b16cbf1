"""Secrets that the database keeps for us: a channel's address, a mailbox's password."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

_SEALED = "sealed:"


class VaultKeyError(RuntimeError):
    """A secret was sealed with another key than ours."""

    def __init__(self) -> None:
        super().__init__(
            "a secret in the database was sealed with another key: bring back the old key file, "
            "or enter the secret again"
        )


class Vault:
    """Seals with `key` (as `Fernet.generate_key` makes it); with None, text is kept as it is."""

    def __init__(self, key: bytes | None = None) -> None:
        self._fernet = None if key is None else Fernet(key)

    def sealed(self, text: str) -> str:
        if self._fernet is None:
            return text
        return _SEALED + self._fernet.encrypt(text.encode()).decode()

    def opened(self, kept: str) -> str:
        """The text that was given to `sealed`. Raises VaultKeyError."""
        if not kept.startswith(_SEALED):
            return kept
        if self._fernet is None:
            raise VaultKeyError
        try:
            return self._fernet.decrypt(kept.removeprefix(_SEALED).encode()).decode()
        except InvalidToken as error:
            raise VaultKeyError from error


def key_in(file: Path) -> bytes:
    """The key that lies in `file`, which only its owner can read; made if there is none yet."""
    if not file.exists():
        draft = file.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_bytes(Fernet.generate_key())
        with suppress(FileExistsError):  # another process was first
            os.link(draft, file)
        draft.unlink()
    return file.read_bytes().strip()
