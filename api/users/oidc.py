"""Single sign-on: the office's OpenID Connect provider says who somebody is; what they may is still
said by their account here. Nobody gets an account by signing in."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException

DISCOVERY = "/.well-known/openid-configuration"
ALGORITHMS = ("RS256", "ES256", "PS256", "EdDSA")
TIMEOUT_S = 10.0
LEEWAY_S = 60
"""By so much the two clocks may differ."""


class OidcError(PermissionError):
    """The provider did not say who it is; the text is for the log, not for strangers."""


@dataclass(frozen=True, slots=True)
class OidcProvider:
    """Who is asked. claim: which of the provider's claims is the account's name here."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    claim: str = "preferred_username"

    @classmethod
    def of_environment(cls, environment: Mapping[str, str]) -> OidcProvider | None:
        """From HALLWATCH_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET and _CLAIM; None without."""
        issuer = environment.get("HALLWATCH_OIDC_ISSUER", "").rstrip("/")
        if not issuer:
            return None
        return cls(
            issuer,
            environment.get("HALLWATCH_OIDC_CLIENT_ID", "hallwatch"),
            environment.get("HALLWATCH_OIDC_CLIENT_SECRET", ""),
            environment.get("HALLWATCH_OIDC_CLAIM", "preferred_username"),
        )


@dataclass(frozen=True, slots=True)
class Errand:
    """What the browser carries until it comes back: ties the answer to this browser and request."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Errand:
        return cls(*(secrets.token_urlsafe(48) for _ in range(3)))

    @classmethod
    def of_text(cls, text: str) -> Errand:
        """Raises OidcError."""
        try:
            state, nonce, verifier = json.loads(text)
        except (ValueError, TypeError) as error:
            raise OidcError("the browser came back without its errand") from error
        if not all(isinstance(v, str) and v for v in (state, nonce, verifier)):
            raise OidcError("the browser came back without its errand")
        return cls(state, nonce, verifier)

    def text(self) -> str:
        return json.dumps([self.state, self.nonce, self.verifier])


def start(provider: OidcProvider, return_to: str) -> tuple[str, Errand]:
    """Where to send the browser, and what it shall carry. Raises OidcError."""
    errand = Errand.new()
    with _client(provider, return_to) as client:
        url, _ = client.create_authorization_url(
            _discovered(client, provider)["authorization_endpoint"],
            state=errand.state,
            code_verifier=errand.verifier,
            nonce=errand.nonce,
        )
    return str(url), errand


def finish(
    provider: OidcProvider, return_to: str, query: Mapping[str, str], errand: Errand, now: datetime
) -> str:
    """The account name that the provider vouches for. Raises OidcError."""
    if (
        not secrets.compare_digest(query.get("state", "").encode(), errand.state.encode())
        or "code" not in query
    ):
        raise OidcError(query.get("error", "the answer is not to our question"))
    with _client(provider, return_to) as client:
        found = _discovered(client, provider)
        try:
            token = client.fetch_token(
                found["token_endpoint"],
                code=query["code"],
                code_verifier=errand.verifier,
                timeout=TIMEOUT_S,
            )
            keys = KeySet.import_key_set(_json_at(client, found["jwks_uri"]))
            return _name_in(token["id_token"], keys, provider, errand, now)
        except (AuthlibBaseError, JoseError, RequestException, KeyError, ValueError) as error:
            raise OidcError(f"{type(error).__name__}: {error}") from error


def _name_in(
    id_token: str, keys: KeySet, provider: OidcProvider, errand: Errand, now: datetime
) -> str:
    claims = jwt.decode(id_token, keys, algorithms=ALGORITHMS).claims
    checks = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_S,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True},
        nonce={"essential": True, "value": errand.nonce},
    )
    checks.validate(claims)
    name = claims.get(provider.claim)
    if not isinstance(name, str) or not name:
        raise OidcError(f"the provider does not say {provider.claim!r}")
    return name


def _client(provider: OidcProvider, return_to: str) -> OAuth2Session:
    return OAuth2Session(
        provider.client_id,
        provider.client_secret,
        scope="openid profile",
        redirect_uri=return_to,
        code_challenge_method="S256",
    )


def _json_at(client: OAuth2Session, url: str) -> Any:
    answer = client.request("GET", url, withhold_token=True, timeout=TIMEOUT_S)
    answer.raise_for_status()
    return answer.json()


def _discovered(client: OAuth2Session, provider: OidcProvider) -> dict[str, Any]:
    """What the provider says about itself."""
    try:
        found = _json_at(client, provider.issuer + DISCOVERY)
        if found["issuer"].rstrip("/") != provider.issuer:
            raise OidcError("the provider calls itself by another name")
        return dict(found)
    except (RequestException, KeyError, ValueError, AttributeError, TypeError) as error:
        raise OidcError(f"{provider.issuer} does not answer as a provider does") from error
