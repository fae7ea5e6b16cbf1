"""What a camera's address gave when it was tried, and what that means for us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from vision.records import Image


class Refusal(StrEnum):
    """Why a camera's address gives no pictures."""

    ADDRESS = "address"  # it is none that we can read
    HOST_UNKNOWN = "host_unknown"
    UNREACHABLE = "unreachable"
    PORT_CLOSED = "port_closed"
    NOT_A_CAMERA = "not_a_camera"
    PASSWORD = "password"
    NO_STREAM = "no_stream"  # a camera, but not at this path
    SILENT = "silent"  # a camera that sends no pictures
    FILE = "file"  # a recording that cannot be read


class RefusedError(Exception):
    """A camera's address that gives no pictures; `refusal` says why, the message what to do."""

    refusal: Refusal


class Meaning(StrEnum):
    """What something about a camera's stream means for us."""

    CODEC_GOOD = "codec_good"
    CODEC_JPEG = "codec_jpeg"
    CODEC_ODD = "codec_odd"
    SIZE_GOOD = "size_good"
    SIZE_SMALL = "size_small"
    SIZE_LARGE = "size_large"
    RATE_GOOD = "rate_good"
    RATE_LOW = "rate_low"
    KEYS_GOOD = "keys_good"
    KEYS_RARE = "keys_rare"
    KEYS_UNSEEN = "keys_unseen"
    SMART_CODEC = "smart_codec"
    CLOCK_GOOD = "clock_good"
    CLOCK_DRIFTS = "clock_drifts"
    SUB_FOUND = "sub_found"
    SUB_UNKNOWN = "sub_unknown"


class Weight(StrEnum):
    """How much a finding asks of whoever set the camera up."""

    GOOD = "good"
    HINT = "hint"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """`values` fill the places in the words for it."""

    meaning: Meaning
    weight: Weight
    values: Mapping[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Probe:
    """What was measured in `watched_s` seconds.

    address: without credentials. codec: as FFmpeg names it. rate_hz, kbit_s, key_every_s (the
    median): None where too little came to tell. keys_vary: the key frames' distances differ
    ("smart codec"). first_s: until the first picture. drift_ppm: by how much the camera's clock
    runs faster than ours, in millionths; None: too little to tell. sub_stream: the path of a
    smaller stream of the same camera that answered, "" for none.
    """

    address: str
    codec: str
    width: int
    height: int
    rate_hz: float | None
    kbit_s: float | None
    key_every_s: float | None
    keys_vary: bool | None
    first_s: float
    drift_ppm: float | None
    watched_s: float
    sub_stream: str
    findings: tuple[Finding, ...]
    picture: Image | None = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class FoundCamera:
    """A camera that answered in the network: where its ONVIF service is, and what it calls
    itself."""

    host: str
    port: int
    name: str
    model: str


@dataclass(frozen=True, slots=True)
class FoundStream:
    """A stream that a camera offers, as the camera describes it; its address holds no
    credentials. rate_hz: None where it does not say."""

    name: str
    address: str
    codec: str
    width: int
    height: int
    rate_hz: float | None
