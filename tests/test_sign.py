"""Reading pause signs: rendered placards (letters of 10 px and more), phrases, and the memory."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from models.sign import REMEMBERED, Line, SignReader, enlarged, says_pause, verdict
from vision.records import Image, Said

PLACARDS = Path(__file__).parent / "placards"


def placard(name: str) -> Image:
    image = cv2.imread(str(PLACARDS / f"{name}.png"), cv2.IMREAD_COLOR)
    assert image is not None
    return np.asarray(image, np.uint8)


@pytest.fixture(scope="module")
def reader() -> SignReader:
    return SignReader()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("pause-service", Said.PAUSE),
        ("pause-handling", Said.PAUSE),
        ("pause-this-window", Said.PAUSE),
        ("pause-elsewhere", Said.PAUSE),
        ("pause-led", Said.PAUSE),
        ("pause-closed", Said.PAUSE),
        ("other-window", Said.OTHER),
        ("other-handling", Said.OTHER),
        ("other-people", Said.OTHER),
        ("other-queue", Said.OTHER),
        ("unreadable", Said.NOTHING),
    ],
)
def test_placards_are_read(reader: SignReader, name: str, says: Said) -> None:
    assert reader.says(placard(name)) is says


def test_a_picture_without_text_says_nothing(reader: SignReader) -> None:
    rng = np.random.default_rng(3)
    wall = np.clip(rng.normal(120, 4, (90, 160, 3)), 0, 255).astype(np.uint8)
    assert reader.says(wall) is Said.NOTHING
    assert reader.says(wall[:2]) is Said.NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "暂停服务",
        "暫停 服务",  # one wrong character and a gap
        "暂仃办理",
        "本窗口暂停办理业务",
        "请到其他窗口办理",
        "暂停",
        "ＣＬＯＳＥＤ",
        "Counter closed",
        "COUNTER CL0SED",
        "next window, please",
        "本窗口暂停使用",
        "Sorry, closed",
    ],
)
def test_pause_phrases(text: str) -> None:
    assert says_pause(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "正在办理",
        "为人民服务",
        "自助服务",
        "中午不停止服务",
        "暂行办法",
        "请到2号窗口办理",
        "Closes at 17:00",
        "closed circuit television",
        "3号窗口",
        "电梯暂停使用",
        "本机暂停使用",
        "Please keep the door closed",
        "营业时间 9:00-17:00",
        "请排队等候 Please queue here",
    ],
)
def test_other_texts(text: str) -> None:
    assert not says_pause(text)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], Said.NOTHING),
        ([Line("暂停", 0.9, 20), Line("服务", 0.9, 20)], Said.PAUSE),
        ([Line("本窗口停", 0.95, 20), Line("止服务", 0.9, 20)], Said.PAUSE),
        ([Line("社保业务", 0.95, 20)], Said.OTHER),
        ([Line("社", 0.95, 20)], Said.NOTHING),
        ([Line("暂停服务", 0.4, 20)], Said.NOTHING),
        (
            [Line("3号窗口", 0.95, 20), Line("??", 0.3, 30)],
            Said.NOTHING,
        ),  # the larger text is not legible
        ([Line("咨询服务", 0.95, 30), Line("..", 0.3, 8)], Said.OTHER),
        ([Line("合同终止办理", 0.99, 20)], Said.OTHER),  # surely read: no misread 停止办理
        ([Line("暂仃服务", 0.9, 20)], Said.PAUSE),
        # of another day or hour: not now
        ([Line("国庆期间暂停办理", 0.99, 20), Line("敬请谅解", 0.99, 20)], Said.MOOT),
        ([Line("周六周日", 0.99, 20), Line("暂停办理业务", 0.99, 20)], Said.MOOT),
        ([Line("每日 12:00-13:30", 0.99, 20), Line("暂停服务", 0.99, 20)], Said.MOOT),
        ([Line("营业时间 9:00-17:00", 0.99, 20), Line("周日 CLOSED", 0.99, 20)], Said.OTHER),
        ([Line("12月31日暂停服务通知", 0.99, 20)], Said.MOOT),
        # of something else, or misread
        ([Line("社保卡业务暂停办理", 0.99, 20)], Said.MOOT),
        ([Line("国庆翔间暂停办理", 0.91, 20)], Said.MOOT),
        ([Line("电接暂停使用", 0.87, 20)], Said.MOOT),
        ([Line("自间终止办理", 0.86, 20)], Said.MOOT),
        ([Line("3号窗口暂停服务", 0.99, 20)], Said.PAUSE),
        ([Line("午间休息", 0.99, 20), Line("暂停服务", 0.99, 20)], Said.PAUSE),
        ([Line("暂停服务", 0.99, 20), Line("14:00 回来", 0.99, 20)], Said.PAUSE),
    ],
)
def test_verdict(lines: list[Line], says: Said) -> None:
    assert verdict(lines) is says


class Counting:
    """A reader of text that counts how often it is asked."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.asked = 0

    def __call__(self, picture: Image) -> list[Line]:
        self.asked += 1
        return [Line(self.text, 0.95, 20.0)]


def test_an_unchanged_sign_is_read_once() -> None:
    rng = np.random.default_rng(5)
    counting = Counting("暂停服务")
    reader = SignReader(counting)
    sign = placard("pause-service")
    for _ in range(5):
        noisy = np.clip(sign + rng.normal(0, 3, sign.shape), 0, 255).astype(np.uint8)
        assert reader.says(noisy) is Said.PAUSE
    assert counting.asked == 1


def test_another_sign_is_read_anew() -> None:
    counting = Counting("社保业务")
    reader = SignReader(counting)
    sign = placard("pause-led")
    changed = sign.copy()
    middle = sign.shape[1] // 2
    changed[:, middle - 14 : middle] = sign[:, middle : middle + 14]  # one letter differs
    assert reader.says(sign) is Said.OTHER
    assert reader.says(changed) is Said.OTHER
    assert counting.asked == 2


def test_the_memory_is_bounded() -> None:
    counting = Counting("社保业务")
    reader = SignReader(counting)
    signs = [(width, grey) for width in range(20, 140, 3) for grey in (0, 90)][: REMEMBERED + 1]
    for width, grey in [*signs, signs[0]]:
        reader.says(np.full((20, width, 3), grey, np.uint8))
    assert counting.asked == REMEMBERED + 2


def test_small_crops_are_enlarged_and_large_ones_are_bounded() -> None:
    assert enlarged(np.zeros((30, 60, 3), np.uint8)).shape[:2] == (90, 180)
    assert max(enlarged(np.zeros((2000, 3000, 3), np.uint8)).shape) <= 960
