"""The API's description says what the API does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from api.alerts.requests import EXAMPLE, AlertIn
from api.app import create_app
from api.database import Database
from api.fields import SHORTEST_REASON
from api.openapi import TAGS


@pytest.fixture(scope="module")
def description(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder: Path = tmp_path_factory.mktemp("openapi")
    return create_app(Database(f"sqlite:///{folder / 'x.db'}"), folder).openapi()


def operations(description: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_is_described(description: dict[str, Any]) -> None:
    tags = {tag["name"] for tag in TAGS}
    for name, operation in operations(description):
        assert operation["description"], name
        assert set(operation["tags"]) <= tags, name


def test_errors_are_problems_everywhere(description: dict[str, Any]) -> None:
    for name, operation in operations(description):
        errors = {s: a for s, a in operation["responses"].items() if s >= "400"}
        for status, answer in errors.items():
            assert list(answer["content"]) == ["application/problem+json"], (name, status)
        if "/api/" in name and name != "POST /api/v1/session":
            assert {"401", "403"} <= set(errors), name


def test_every_reference_leads_somewhere(description: dict[str, Any]) -> None:
    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [r for inner in value.values() for r in references(inner)]
        if isinstance(value, list):
            return [r for inner in value for r in references(inner)]
        return []

    schemas = description["components"]["schemas"]
    found = {r.removeprefix("#/components/schemas/") for r in references(description)}
    assert found <= set(schemas)
    assert "HTTPValidationError" not in schemas


def test_sign_in_and_health_are_open_and_the_rest_is_not(description: dict[str, Any]) -> None:
    assert description["security"] == [{"session": []}, {"token": []}]
    is_open = {name for name, o in operations(description) if o.get("security") == []}
    assert is_open == {"POST /api/v1/session", "GET /healthz", "GET /readyz"}


def test_the_example_alert_is_one() -> None:
    assert AlertIn.model_validate(EXAMPLE).alert().uid == EXAMPLE["uid"]


def test_a_reason_and_a_purpose_are_as_long_everywhere(description: dict[str, Any]) -> None:
    """Where one must be given: on looking, exporting, judging, taking back."""
    schemas = description["components"]["schemas"]
    asked = {
        body["content"]["application/json"]["schema"].get("$ref", "").rpartition("/")[2]
        for _, operation in operations(description)
        if "application/json" in (body := operation.get("requestBody", {})).get("content", {})
    } & set(schemas)
    shortest = {
        (name, field): schemas[name]["properties"][field].get("minLength")
        for name in asked
        for field in {"reason", "purpose"} & set(schemas[name].get("required", ()))
    }
    assert len(shortest) > 6
    assert set(shortest.values()) == {SHORTEST_REASON}
