"""The tables of a hall file as they are written in TOML: which keys there are, and their bounds."""

from __future__ import annotations

from datetime import datetime, time
from difflib import get_close_matches
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from vision.hallfile.hall import Anchor, Provider, Seeing
from vision.pace import Pace

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Points = list[tuple[float, float]]
Tables = dict[str, dict[str, Any]]
"""Rule id to thresholds by name, as written."""
ID = r"^[a-z0-9][a-z0-9-]{0,31}$"

_SEEING = Seeing()
_PACE = Pace()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class HallTable(_Strict):
    id: str = Field(pattern=ID)
    name: str = Field(min_length=1, max_length=80)
    timezone: str = "Asia/Shanghai"


class HoursTable(_Strict):
    days: list[str] = Field(min_length=1)
    open: time
    close: time

    @field_validator("days")
    @classmethod
    def _known_days(cls, days: list[str]) -> list[str]:
        if unknown := [d for d in days if d not in DAYS]:
            raise ValueError(f"unknown day {unknown[0]!r}; write {', '.join(DAYS)}")
        return days

    @model_validator(mode="after")
    def _within_one_day(self) -> Self:
        if self.open.tzinfo or self.close.tzinfo:
            raise ValueError("the hours are in the hall's time zone; write them without one")
        if self.close != time(0) and self.close <= self.open:
            raise ValueError(
                "close must be later than open; for hours past midnight write two [[hours]], "
                "one that closes at 00:00:00 and one that opens then"
            )
        return self


class SeeingTable(_Strict):
    present_score: float = Field(_SEEING.present_score, gt=0, le=1)
    absent_score: float = Field(_SEEING.absent_score, gt=0, le=1)
    hidden_share: float = Field(_SEEING.hidden_share, gt=0, le=1)
    sign_score: float = Field(_SEEING.sign_score, gt=0, le=1)
    sign_doubt_score: float = Field(_SEEING.sign_doubt_score, gt=0, le=1)
    still_s: float = Field(_SEEING.still_s, ge=20, le=86400)


class CameraTable(_Strict):
    id: str = Field(pattern=ID)
    name: str = ""
    url: str = Field(min_length=1)
    width: int = Field(ge=64, le=7680)
    height: int = Field(ge=64, le=4320)
    sub_url: str | None = Field(None, min_length=1)
    pace_hz: float | None = Field(None, ge=0.5, le=25)
    recorded_at: datetime | None = None
    record: bool = True
    work: list[Points] = Field(default_factory=list)
    masks: list[Points] = Field(default_factory=list)

    @field_validator("recorded_at")
    @classmethod
    def _aware(cls, moment: datetime | None) -> datetime | None:
        if moment is not None and moment.tzinfo is None:
            raise ValueError("needs a time zone, for example 2026-11-23T10:00:00+08:00")
        return moment


class PaceTable(_Strict):
    near_s: float = Field(_PACE.near_s, ge=0.1)
    moving_s: float = _PACE.moving_s
    still_s: float = Field(_PACE.still_s, le=2.5)
    closed_s: float = Field(_PACE.closed_s, le=4.0)
    calm_s: float = Field(_PACE.calm_s, le=30.0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        Pace(**self.model_dump())
        return self


class MachineTable(_Strict):
    provider: Provider = "cpu"
    cores: int | None = Field(None, ge=1)


class RecordingTable(_Strict):
    days: float = Field(7.0, gt=0, le=3660)
    max_gb: float = Field(100.0, gt=0)
    reserve_gb: float = Field(2.0, ge=0)
    folder: str = Field("recordings", min_length=1)


class WindowTable(_Strict):
    id: str = Field(pattern=ID)
    name: str = ""
    camera: str
    staff: Points
    counter: Points
    sign: Points | None = None
    policy: Tables = Field(default_factory=dict)


class QueueTable(_Strict):
    id: str = Field(pattern=ID)
    name: str = ""
    camera: str
    zone: Points
    anchor: Anchor = "feet"
    policy: Tables = Field(default_factory=dict)


class FileTable(_Strict):
    hall: HallTable
    hours: list[HoursTable] = Field(default_factory=list)
    policy: Tables = Field(default_factory=dict)
    seeing: SeeingTable = SeeingTable.model_validate({})
    recording: RecordingTable | None = None
    pace: PaceTable = PaceTable.model_validate({})
    machine: MachineTable = MachineTable.model_validate({})
    camera: list[CameraTable] = Field(min_length=1)
    window: list[WindowTable] = Field(default_factory=list)
    queue: list[QueueTable] = Field(default_factory=list)


def sentence(error: Any) -> str:
    """One pydantic error as a sentence with the place in the file."""
    place = ".".join(f"[{p + 1}]" if isinstance(p, int) else str(p) for p in error["loc"])
    place = place.replace(".[", "[")
    if error["type"] == "extra_forbidden":
        tables: dict[str, type[BaseModel]] = {
            "hall": HallTable,
            "hours": HoursTable,
            "camera": CameraTable,
        }
        tables |= {"window": WindowTable, "queue": QueueTable, "seeing": SeeingTable}
        tables |= {"recording": RecordingTable, "pace": PaceTable, "machine": MachineTable}
        known = tables.get(str(error["loc"][0]), FileTable) if len(error["loc"]) > 1 else FileTable
        return f"{place}: unknown key{did_you_mean(str(error['loc'][-1]), known.model_fields)}"
    if error["type"] == "missing":
        return f"{place}: is missing; add it"
    return f"{place}: {error['msg'].removeprefix('Value error, ')}"


def did_you_mean(word: str, known: Any) -> str:
    near = get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"
