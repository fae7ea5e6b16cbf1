"""The pages of the access log and of data protection, without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from tests.console_office import enter, office
from tests.console_world import World

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def place(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, World]]:
    folder = tmp_path_factory.mktemp("oversight")
    (folder / "hall.db").write_bytes(migrated_sqlite.read_bytes())
    client, world = office(folder / "hall.db", folder)
    with world.database.session() as session:
        for n in range(60):
            by = AccessBy(None, f"某人{n} {HOSTILE}")
            record_access(session, by, Access.EXPORT, f"clip/{n}", datetime.now(UTC), hall="demo")
    with client:
        yield client, world


def page(place: tuple[TestClient, World], name: str, path: str) -> tuple[int, str]:
    client, world = place
    enter(client, world, name)
    answer = client.get(path)
    return answer.status_code, answer.text


def test_the_log_page(place: tuple[TestClient, World]) -> None:
    status, text = page(place, "reviewer", "/audit")
    assert (status, "某人59" in text, "某人9 " in text) == (200, True, False)
    assert HOSTILE not in text
    assert "某人9 " in page(place, "reviewer", "/audit?before=11")[1]
    assert "某人59" not in page(place, "reviewer", "/audit?what=sign_in")[1]
    for strange in ("before=x", "before=²", "from=2026-13-99", "to=9999-12-31", "what=%00"):
        assert page(place, "reviewer", f"/audit?{strange}")[0] == 200
    assert page(place, "supervisor", "/audit")[0] == 403


@pytest.mark.parametrize(("name", "changes"), [("supervisor", False), ("admin", True)])
def test_the_privacy_page(place: tuple[TestClient, World], name: str, changes: bool) -> None:
    status, text = page(place, name, "/privacy")
    assert status == 200
    assert "提醒的录像和截图" in text
    assert ('"span","text":"90 天"' in text) != changes
    assert ('"h2","text":"法律保留"' in text) == changes
