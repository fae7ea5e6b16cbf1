"""What is wrong with a hall file: a sentence, and what it is made of for other languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Self

from vision.geometry import ZoneError
from vision.hallfile.tables import sentence


class Wrong(StrEnum):
    """What is wrong at a place of the file."""

    UNREADABLE = "unreadable"
    ENCODING = "encoding"
    TOML = "toml"
    KEY = "key"  # unknown
    MISSING = "missing"
    ID = "id"
    SMALL = "small"  # below its limit
    LARGE = "large"
    VALUE = "value"  # of the wrong kind
    DAY = "day"
    HOURS = "hours"
    ZONE_OF_TIME = "zone_of_time"  # a moment without one
    PACE = "pace"
    SCORES = "scores"  # absent above present
    TIMEZONE = "timezone"
    TWICE = "twice"  # an id
    ADDRESS = "address"  # two cameras on one
    CORNERS = "corners"  # too few of a zone
    OUTSIDE = "outside"
    CROSSES = "crosses"
    TINY = "tiny"
    CAMERA = "camera"  # unknown
    RULE = "rule"  # unknown
    YES_NO = "yes_no"
    NUMBER = "number"
    WHOLE = "whole"
    BOUNDS = "bounds"  # thresholds that do not fit together


class Problem(str):
    """The sentence, with where it is, what is wrong, and the values that it names."""

    place: str
    wrong: Wrong
    values: Mapping[str, str]

    def __new__(cls, place: str, wrong: Wrong, words: str, **values: str) -> Self:
        problem = super().__new__(cls, f"{place}: {words}" if place else words)
        problem.place, problem.wrong = place, wrong
        near = re.search(r"did you mean '([^']+)'", words)
        problem.values = {"near": near.group(1) if near else "", **values}
        return problem


BY_TYPE = {
    "extra_forbidden": Wrong.KEY,
    "missing": Wrong.MISSING,
    "string_pattern_mismatch": Wrong.ID,
    "greater_than": Wrong.SMALL,
    "greater_than_equal": Wrong.SMALL,
    "too_short": Wrong.SMALL,
    "string_too_short": Wrong.SMALL,
    "less_than": Wrong.LARGE,
    "less_than_equal": Wrong.LARGE,
    "string_too_long": Wrong.LARGE,
}
LIMITS = ("gt", "ge", "lt", "le", "min_length", "max_length")


def of_table(error: Any) -> Problem:
    """One pydantic error."""
    place, _, words = sentence(error).partition(": ")
    limits = [error.get("ctx", {}).get(name) for name in LIMITS]
    limit = next((str(each) for each in limits if each is not None), "")
    wrong = BY_TYPE.get(error["type"], Wrong.VALUE)
    if error["type"] == "value_error":
        wrong = _of_ours(place)
    return Problem(place, wrong, words, limit=limit, name=str(error["loc"][-1]))


def _of_ours(place: str) -> Wrong:
    """What our own validators of the tables complain of, by the place."""
    if place.startswith("hours"):
        return Wrong.DAY if place.endswith("days") else Wrong.HOURS
    if place.endswith("recorded_at"):
        return Wrong.ZONE_OF_TIME
    return Wrong.PACE if place.startswith("pace") else Wrong.VALUE


def of_zone(place: str, error: ZoneError) -> Problem:
    return Problem(place, Wrong(error.flaw), str(error))
