"""The kinds of values that requests carry, each refused where it is absurd or hostile."""

from __future__ import annotations

import math
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, Field, PlainSerializer, StringConstraints

from vision.records import Severity

SHORTEST_REASON = 2
"""Characters of a reason or a purpose, wherever one must be given: two are a word in Chinese."""
DEEPEST = 8
"""How deep a JSON value may nest: facts and thresholds are flat or nearly so."""


def _visible(text: str) -> str:
    """Free text: line breaks are fine, other control characters are not."""
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text):
        raise ValueError("holds control characters")
    return text.strip()


def _near(moment: datetime) -> datetime:
    if not 2000 <= moment.year <= 2099:
        raise ValueError("lies outside the years 2000 to 2099")
    return moment.astimezone(UTC)


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    _check_json(value, 0)
    return value


def _check_json(value: Any, depth: int) -> None:
    """Refuses what a database or another reader of JSON would choke on."""
    if depth > DEEPEST:
        raise ValueError(f"nests deeper than {DEEPEST}")
    if isinstance(value, dict):
        for key, inner in value.items():
            _visible(key)
            _check_json(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check_json(inner, depth + 1)
    elif isinstance(value, str):
        _visible(value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("holds a number that is not finite")


SLUG = r"^[a-z0-9][a-z0-9-]{0,31}$"

Uid: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Slug: TypeAlias = Annotated[str, StringConstraints(pattern=SLUG)]
RuleId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Sha: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Name: TypeAlias = Annotated[
    str, AfterValidator(_visible), StringConstraints(min_length=1, max_length=80)
]
Words: TypeAlias = Annotated[str, AfterValidator(_visible), StringConstraints(max_length=2000)]
Said: TypeAlias = Annotated[Words, Field(min_length=1)]
"""Words that are not blank. A `Field` in a default would count before blanks are taken off."""
Why: TypeAlias = Annotated[Words, Field(min_length=SHORTEST_REASON)]
Reason: TypeAlias = Annotated[Why, Field(max_length=500)]
Moment: TypeAlias = Annotated[AwareDatetime, AfterValidator(_near)]
JsonObject: TypeAlias = Annotated[dict[str, Any], AfterValidator(_plain)]

HallPath: TypeAlias = Annotated[str, Path(pattern=SLUG, examples=["demo"])]
WindowPath: TypeAlias = Annotated[str, Path(pattern=SLUG, examples=["w1"])]
UidPath: TypeAlias = Annotated[
    str, Path(pattern=r"^[0-9a-f]{32}$", examples=["0f8fad5bd9cb469fa16570867728950e"])
]
RowId: TypeAlias = Annotated[int, Path(ge=1, le=2**31 - 1, examples=[1])]

SeverityWord: TypeAlias = Literal["notice", "warning", "serious"]
SeverityShown: TypeAlias = Annotated[
    Severity,
    PlainSerializer(lambda s: s.name.lower(), return_type=SeverityWord, when_used="json"),
]
"""A severity that JSON shows as a word."""
