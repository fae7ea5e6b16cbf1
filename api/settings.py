"""What an installation may set about sign-in and limits."""

from __future__ import annotations

from dataclasses import dataclass

from api.users.oidc import OidcProvider
from api.vault import Vault


@dataclass(frozen=True, slots=True)
class Settings:
    """`secure_cookie`: browsers send the cookie over HTTPS only; set it wherever there is HTTPS.
    After `lock_after` wrong passwords in a row an account is locked for `lock_s`, and so is an
    address after `address_tries`, for whichever accounts. With
    `secrets_key`, the database keeps secrets only sealed (`api.vault`)."""

    secure_cookie: bool = False
    session_s: int = 12 * 3600
    lock_after: int = 5
    lock_s: int = 15 * 60
    address_tries: int = 50
    body_limit_bytes: int = 256 * 1024
    upload_limit_bytes: int = 10 * 1024 * 1024
    secrets_key: bytes | None = None
    oidc: OidcProvider | None = None  # single sign-on, beside names and passwords

    def vault(self) -> Vault:
        return Vault(self.secrets_key)
