"""Reading a sign: does its text say that this window serves nobody now?"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.records import Image, Said

PAUSE_PHRASES = (
    "暂停服务", "暂停办理", "暂停受理", "暂停营业", "暂停业务", "停止服务", "停止办理", "停止受理",
    "服务暂停", "业务暂停", "暂停办公", "请到其他窗口办理", "请到其它窗口办理", "请至其他窗口",
    "请移步其他窗口", "请到其他窗口", "暂时离开", "临时离开", "暂离岗位", "窗口关闭", "暂不办理",
    "暂不受理", "暂不服务",
)  # fmt: skip
PAUSE_WORDS = ("暂停", "暂离")
"""Too short to be read with a mistake in them."""
LEADS = re.compile(
    "(?:{0})*[^机梯屏间]?(?:{0})*".format(
        "本|此|该|现|已|因故|临时|暂时|业务|服务|窗口?|柜台|岗位|离岗|午间|午休|中午|休息|会议|培训"
        "|设备|系统|检修|维护|升级|故障|温馨|提示|您好|尊敬的|顾客|群众|[0-9A-Z]号?"
    )
)
"""What may stand before a pause phrase on its line, one letter misread. Behind anything else it
speaks of something else: a lift, a holiday, one kind of business."""
PAUSE_ENGLISH = (
    "PAUSED", "COUNTER CLOSED", "WINDOW CLOSED", "POSITION CLOSED", "SERVICE PAUSED",
    "OUT OF SERVICE", "NOT IN SERVICE", "SERVICE SUSPENDED", "TEMPORARILY CLOSED",
    "NEXT WINDOW PLEASE", "NEXT COUNTER PLEASE", "PLEASE GO TO OTHER WINDOWS", "ON BREAK",
)  # fmt: skip
CLOSED = re.compile(r"(?:SORRY )?(?:WE ARE |NOW |IS )?CLOSED(?: NOW)?")
"""Alone on its line: "please keep the door closed" says something else."""
DATED = re.compile(
    r"通知|公告|通告|期间|每[日天周月年]|周[一二三四五六日末]|星期|节假日|\d+ ?月 ?\d+ ?日|\d ?日起"
    r"|\d{1,2}:\d{2} ?(?:-|~|—|–|至|到) ?\d{1,2}:\d{2}"
    r"|\b(?:MON|TUES|WEDNES|THURS|FRI|SATUR|SUN)(?:DAYS?)?\b|\b(?:HOURS|HOLIDAYS?|DAILY|NOTICE)\b"
)
"""A notice of when service pauses does not say that it pauses now."""
OLD_FORMS = str.maketrans("暫務辦業營開關請離臨時", "暂务办业营开关请离临时")
NEGATIONS = "不无未勿非"
"""中午不停止服务 says the opposite."""
TOLERANT_FROM = {"cjk": 4, "english": 10}
"""From this length on, a phrase may be read with one wrong character, where reading is not sure."""
READ_SURELY = 0.97
"""A line read with this confidence is taken by the letter: 终止办理 is no misread 停止办理."""

READ_WELL = 0.8
"""A line read with less confidence than this is not legible."""
READ_AT_ALL = 0.5
SMALL_PX, MOST_PX, ENLARGED = 220, 960, 3
SAME_SIGN = 16.0
"""Grey levels (of 255) by which no part of an unchanged sign differs."""
REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text in a picture: its text, confidence 0..1 and height in pixels."""

    text: str
    score: float
    height_px: float


TextReader: TypeAlias = Callable[[Image], Sequence[Line]]


class TurnReader:
    """A text reader for several cameras' threads: one picture at a time."""

    def __init__(self, read: TextReader) -> None:
        self._read = read
        self._turn = threading.Lock()

    def __call__(self, picture: Image) -> Sequence[Line]:
        with self._turn:
            return self._read(picture)


class SignReader:
    """Tells a pause sign by its text. An unchanged sign is read once. For one thread.

    read: finds lines of text in a picture; by default RapidOCR with the models in its package,
    opened at the first sign.
    """

    def __init__(self, read: TextReader | None = None) -> None:
        self._read = read
        self._known: OrderedDict[int, tuple[NDArray[np.float32], Said]] = OrderedDict()
        self._next = 0

    def says(self, crop: Image) -> Said:
        """What the text in the crop, (h, w, 3) uint8 BGR, says."""
        if min(crop.shape[:2]) < 4:
            return Said.NOTHING
        face = _face(crop)
        for key, (known, says) in self._known.items():
            if known.shape == face.shape and float(np.abs(known - face).max()) <= SAME_SIGN:
                self._known.move_to_end(key)
                return says
        if self._read is None:
            self._read = open_rapidocr()
        says = verdict(self._read(enlarged(crop)))
        self._known[self._next] = (face, says)
        self._next += 1
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return says


def verdict(lines: Sequence[Line]) -> Said:
    """What lines of text, from top to bottom, say together."""
    likely = [line for line in lines if line.score >= READ_AT_ALL]
    together = "".join(n.text for n in likely), all(n.score >= READ_SURELY for n in likely)
    told = [pause_told(text, sure) for text, sure in _parts(likely, together)]
    if True in told:
        return Said.MOOT if is_dated(" ".join(n.text for n in likely)) else Said.PAUSE
    if None in told:
        return Said.MOOT
    tallest = max((line.height_px for line in lines), default=0.0)
    doubtful = any(n.score < READ_WELL and n.height_px >= 0.5 * tallest for n in lines)
    letters = sum(len(plain(line.text)) for line in lines if line.score >= READ_WELL)
    return Said.NOTHING if doubtful or letters < 2 else Said.OTHER


def _parts(lines: Sequence[Line], together: tuple[str, bool]) -> list[tuple[str, bool]]:
    """Each line, and all as one, with whether it was surely read. A phrase that is whole on a line
    is judged by that line alone."""
    each = [(n.text, n.score >= READ_SURELY) for n in lines]
    whole = any(pause_told(text, sure) is not False for text, sure in each)
    return each if whole else [*each, together]


def says_pause(text: str) -> bool:
    """Whether a text says that service is paused here, one wrong character in a long phrase
    allowed."""
    return pause_told(text) is True


def pause_told(text: str, sure: bool = False) -> bool | None:
    """Whether a line of text holds a pause phrase; None where it speaks of something else than this
    window. sure: read to the letter, so that no character may be wrong."""
    bare = plain(text).translate(OLD_FORMS)
    starts = [start for phrase in PAUSE_PHRASES for start in _starts(bare, phrase, sure)]
    starts += [start for word in PAUSE_WORDS for start in _starts(bare, word, True)]
    if any(LEADS.fullmatch(bare[:start]) for start in starts):
        return True
    shown = unicodedata.normalize("NFKC", text).upper()
    if CLOSED.fullmatch(" ".join(re.findall(r"\w+", shown))):
        return True
    words = " ".join(re.findall(r"[A-Z0-9]+", shown))
    if _says_closed(words, sure):
        return True
    return None if starts else False


def _says_closed(words: str, sure: bool) -> bool:
    """Whether English words, in capitals and one space apart, say that nobody is served."""
    tight = words.replace(" ", "")
    for phrase in PAUSE_ENGLISH:
        if re.search(rf"\b{phrase}\b(?! CIRCUIT)", words):
            return True
        letters = phrase.replace(" ", "")
        if len(letters) >= TOLERANT_FROM["english"] and not sure and _starts(tight, letters, False):
            return True
    return False


def is_dated(text: str) -> bool:
    """Whether a text names days or hours, as a notice does."""
    return DATED.search(unicodedata.normalize("NFKC", text).upper()) is not None


def plain(text: str) -> str:
    """The text's letters and digits only, in one width and upper case."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())


def _starts(text: str, phrase: str, sure: bool) -> list[int]:
    """Where the phrase stands in the text, with at most one character replaced in a long one that
    is not surely read, and not denied by the character before it."""
    long = len(phrase) >= TOLERANT_FROM["english" if phrase.isascii() else "cjk"]
    most = 1 if long and not sure else 0
    found = []
    for start in range(len(text) - len(phrase) + 1):
        part = text[start : start + len(phrase)]
        missed = [i for i, (a, b) in enumerate(zip(part, phrase, strict=True)) if a != b]
        denied = start > 0 and text[start - 1] in NEGATIONS
        excused = any(part[i] in NEGATIONS for i in missed)
        if len(missed) <= most and not denied and not excused:
            found.append(start)
    return found


def enlarged(crop: Image) -> Image:
    """The crop, three times as large when it is small, never above what reading needs."""
    long_side = max(crop.shape[:2])
    scale = ENLARGED if long_side <= SMALL_PX else min(MOST_PX / long_side, 1.5)
    way = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    larger: Image = np.asarray(cv2.resize(crop, None, fx=scale, fy=scale, interpolation=way))
    return larger


def _face(crop: Image) -> NDArray[np.float32]:
    """A small grey picture in which two looks at one sign differ by camera noise only."""
    height, width = crop.shape[:2]
    size = (max(min(width // 3, 48), 2), max(min(height // 3, 48), 2))
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    face: NDArray[np.float32] = cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(
        np.float32
    )
    return face


def open_rapidocr(threads: int = 1) -> TextReader:
    """RapidOCR with the models in its package: detection and recognition of lines."""
    from rapidocr import RapidOCR
    from rapidocr.utils.output import RapidOCROutput

    engine = RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,
            "Global.text_score": 0.0,
            "Det.limit_type": "max",
            "Det.limit_side_len": MOST_PX,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def read(picture: Image) -> list[Line]:
        found = engine(picture)
        if not isinstance(found, RapidOCROutput) or found.txts is None:
            return []
        boxes = np.asarray(found.boxes)
        return [
            Line(text, float(score), float(np.ptp(box[:, 1])))
            for text, score, box in zip(found.txts, found.scores or (), boxes, strict=True)
        ]

    return read
