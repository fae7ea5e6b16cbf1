"""What the alert routes accept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, JsonValue, model_validator

from api.alerts.listing import MOST_PER_PAGE, AlertFilter
from api.alerts.tables import State
from api.fields import (
    JsonObject,
    Moment,
    RuleId,
    SeverityWord,
    Sha,
    Slug,
    Uid,
    Why,
    Words,
)
from api.halls.reach import Halls
from vision.records import Alert, Severity, Stamp, Step

EXAMPLE: dict[str, JsonValue] = {
    "uid": "0f8fad5bd9cb469fa16570867728950e",
    "step": "raised",
    "severity": "warning",
    "rule": "window_unattended",
    "rule_version": 1,
    "hall": "demo",
    "camera": "cam1",
    "subject": "w1",
    "began": {"at_s": 12.4, "wall": "2026-11-23T02:00:12.400+00:00"},
    "at": {"at_s": 132.5, "wall": "2026-11-23T02:02:12.500+00:00"},
    "ended": None,
    "why": {"empty_s": 120.1},
    "policy": {"after_s": 120.0},
    "model_sha": "b" * 64,
    "hall_sha": "a" * 64,
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class StampIn(_Strict):
    """Stream seconds and wall clock of one moment."""

    at_s: FiniteFloat = Field(strict=True)  # a boolean is no second
    wall: Moment

    def stamp(self) -> Stamp:
        return Stamp(self.at_s, self.wall)


class AlertIn(_Strict):
    """An alert as `vision.wire.alert_table` writes it: one step of one event."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    uid: Uid
    step: Step
    severity: SeverityWord
    rule: RuleId
    rule_version: int = Field(ge=0, le=1_000_000)
    hall: Slug
    camera: Slug
    subject: Slug
    began: StampIn
    at: StampIn
    ended: StampIn | None
    why: JsonObject
    policy: JsonObject
    model_sha: Sha
    hall_sha: Sha

    @model_validator(mode="after")
    def _times_in_order(self) -> AlertIn:
        if (self.ended is not None) != (self.step is Step.ENDED):
            raise ValueError("an alert has an end exactly when its step is 'ended'")
        if self.at.wall < self.began.wall:
            raise ValueError("at lies before began")
        if self.ended is not None and self.ended.wall < self.began.wall:
            raise ValueError("ended lies before began")
        return self

    def alert(self) -> Alert:
        return Alert(
            uid=self.uid,
            step=self.step,
            severity=Severity[self.severity.upper()],
            rule=self.rule,
            rule_version=self.rule_version,
            hall=self.hall,
            camera=self.camera,
            subject=self.subject,
            began=self.began.stamp(),
            at=self.at.stamp(),
            ended=self.ended.stamp() if self.ended else None,
            why=self.why,
            policy=self.policy,
            model_sha=self.model_sha,
            hall_sha=self.hall_sha,
        )


class ReasonIn(_Strict):
    """Why, in a sentence; it stands in the history for good."""

    reason: Words = Field("", examples=["已当面提醒"])


class GivenReasonIn(_Strict):
    """Why, in a sentence; it must be given."""

    reason: Why = Field(examples=["去后台取材料，李四已接手"])


@dataclass(frozen=True, slots=True)
class Wanted:
    """The query of the list."""

    hall: Annotated[Slug | None, Query(examples=["demo"])] = None
    subject: Annotated[Slug | None, Query(description="a window, queue or camera")] = None
    rule: Annotated[RuleId | None, Query(examples=["phone_use"])] = None
    severity: Annotated[SeverityWord | None, Query(description="at least this")] = None
    state: Annotated[list[State] | None, Query(description="any of these")] = None
    began_from: Annotated[Moment | None, Query(description="not before; with a zone")] = None
    began_to: Annotated[Moment | None, Query(description="before this; with a zone")] = None
    text: Annotated[Words, Query(max_length=100, description="in names of places, people")] = ""
    cursor: Annotated[str | None, Query(max_length=300, description="`next` of a page")] = None
    limit: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = 50

    def filter(self, halls: Halls) -> AlertFilter:
        return AlertFilter(
            halls=halls,
            hall=self.hall,
            subject=self.subject,
            rule=self.rule,
            at_least=Severity[self.severity.upper()] if self.severity else None,
            states=tuple(self.state or ()),
            began_from=self.began_from,
            began_to=self.began_to,
            text=self.text,
        )
