"""Single sign-on against a real provider on loopback: whom it lets in, and what it does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey

from api.app import create_app
from api.settings import Settings
from api.site import SESSION_COOKIE
from api.users.accounts import change_user, user_named
from api.users.oidc import OidcProvider
from api.users.oidc_routes import RETURN, START
from tests.office import BASE, Office
from tests.oidc_provider import Provider


@pytest.fixture
def provider(office: Office) -> Iterator[Provider]:
    with Provider(now_s=int(office.clock.now.timestamp())) as provider:
        yield provider


def browser(office: Office, provider: Provider) -> TestClient:
    settings = Settings(oidc=OidcProvider(provider.issuer, "hallwatch", "secret"))
    app = create_app(office.database, office.evidence, settings, office.clock)
    return TestClient(app, base_url="http://hall.test", follow_redirects=False)


def answer_of(client: TestClient) -> str:
    """Go to the provider, which answers at once; the address that it sends the browser back to."""
    there = client.get(START).headers["location"]
    return httpx.get(there).headers["location"]


def sign_in(client: TestClient) -> str:
    """Where the browser ends up."""
    return client.get(answer_of(client)).headers["location"]


def test_whoever_has_an_account_here_is_let_in(office: Office, provider: Provider) -> None:
    client = browser(office, provider)
    assert sign_in(client) == "/"
    assert client.get(f"{BASE}/session").json()["name"] == "reviewer"
    assert "hallwatch_errand" not in client.cookies


@pytest.mark.parametrize(
    "claims",
    [
        {"preferred_username": "nobody"},
        {"preferred_username": ""},
        {"preferred_username": ["reviewer"]},
        {"iss": "http://evil.test"},
        {"aud": "another"},
        {"nonce": "old"},
        {"exp": 1},
    ],
)
def test_nobody_else_is(office: Office, provider: Provider, claims: dict[str, Any]) -> None:
    provider.claims = claims
    client = browser(office, provider)
    assert sign_in(client) == "/sign-in?office=failed"
    assert SESSION_COOKIE not in client.cookies


def test_a_token_of_another_key_is_refused(office: Office, provider: Provider) -> None:
    provider.published = RSAKey.generate_key(2048, {"kid": "a"})
    assert sign_in(browser(office, provider)) == "/sign-in?office=failed"


def test_an_answer_belongs_to_the_browser_that_asked(office: Office, provider: Provider) -> None:
    """Otherwise somebody could be signed in as somebody else without noticing."""
    victim, attacker = browser(office, provider), browser(office, provider)
    back = answer_of(attacker)
    assert victim.get(back).headers["location"] == "/sign-in?office=failed"
    victim.get(START)
    assert victim.get(back).headers["location"] == "/sign-in?office=failed"
    client = browser(office, provider)
    back = answer_of(client)
    assert client.get(back).headers["location"] == "/"
    assert client.get(back).headers["location"] == "/sign-in?office=failed"  # a code is good once


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?state=x", "?error=access_denied", "?code=%00&state=é"]
)
def test_a_made_up_answer(office: Office, provider: Provider, query: str) -> None:
    client = browser(office, provider)
    client.get(START)
    assert client.get(RETURN + query).headers["location"] == "/sign-in?office=failed"


def test_a_disabled_account_stays_out(office: Office, provider: Provider) -> None:
    with office.database.session() as session:
        user = user_named(session, "reviewer")
        assert user is not None
        change_user(session, user.id, office.clock.now, disabled=True)
    assert sign_in(browser(office, provider)) == "/sign-in?office=failed"


def test_a_provider_that_is_gone(office: Office, provider: Provider) -> None:
    client = browser(office, provider)
    back = answer_of(client)
    provider.server.shutdown()
    provider.server.server_close()
    assert client.get(back).headers["location"] == "/sign-in?office=failed"
    assert client.get(START).headers["location"] == "/sign-in?office=failed"


def test_without_a_provider_there_is_no_such_way(office: Office) -> None:
    assert office.client().get(START).status_code == 404
    assert OidcProvider.of_environment({}) is None
    found = OidcProvider.of_environment({"HALLWATCH_OIDC_ISSUER": "https://id.test/"})
    assert found is not None
    assert found.issuer == "https://id.test"
