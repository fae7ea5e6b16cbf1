"""How many cameras a machine carries, from what one look and one second of video cost it, and how
often a camera is looked at.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

USED = 0.75
"""Of the processor that may be used, so that what is urgent need not wait: at 0.85 meals and phones
were told seconds late (docs/benchmarks.md)."""
PICTURES_HZ = 15.0


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of one core: for a whole picture and a close-up through the model; for one
    second of the second and of the main stream through the decoder; and for what of a second of
    the main stream is decoded for close-ups alone, where the second stream is watched."""

    whole_ms: float
    close_up_ms: float
    second_ms: float
    main_ms: float
    native_ms: float


@dataclass(frozen=True, slots=True)
class Habit:
    """How often the model looks at a camera's whole picture, and at one of its windows closely, a
    second; rest: all that is done (rules, recording, evidence) against inference and decoding
    alone, as `Cost` has them."""

    wholes_hz: float
    close_ups_hz: float
    rest: float


USUAL = Habit(wholes_hz=0.41, close_ups_hz=0.57, rest=1.87)
"""Counted on up to 32 live cameras of the bundled footage, in two streams at the default pace, on
two cores (docs/benchmarks.md): what is assumed of a hall whose cameras are not there to be
measured. Model and decoding were 0.69 of all that was done (1.45), and by the 53 ms that a camera
took, they took 1.29 times what they take alone, where nothing else empties the caches."""
NATIVE_SHARE = 0.5
"""Of the main stream's pictures that were decoded for close-ups there."""


@dataclass(frozen=True, slots=True)
class Disk:
    """write_mb_s: megabytes a second, on the disk for good. commit_ms: one change of the
    database."""

    write_mb_s: float
    commit_ms: float


BASE_MIB, CAMERA_MIB, RING_SHARE = 500.0, 22.3, 1.9
"""Memory of the product with its models, of a camera without its ring, and of a ring against the
packets in it (docs/benchmarks.md)."""
RING_S, RING_MIB = 240.0, 256.0
"""What a ring holds at most (`cameras.ring.Recorder`)."""
MEMORY_USED = 0.8


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be watched. windows: a camera, on average. recorded_mb_s: a camera."""

    cameras: int
    windows: float
    without_second: int
    recorded_mb_s: float = 0.5


def camera_ms(cost: Cost, windows: float, second: bool, habit: Habit = USUAL) -> float:
    """Milliseconds of one core that one second of one camera takes, with a second stream or
    without."""
    model_ms = habit.wholes_hz * cost.whole_ms + habit.close_ups_hz * windows * cost.close_up_ms
    decoding = cost.second_ms + (cost.native_ms if windows else 0.0) if second else cost.main_ms
    return habit.rest * (model_ms + decoding)


def carried(
    cost: Cost, cores: int, windows: float, second: bool = True, habit: Habit = USUAL
) -> int:
    """So many cameras, and never none: one is watched as often as it goes."""
    return max(int(USED * 1000 * cores / camera_ms(cost, windows, second, habit)), 1)


def memory_mib(plan: Plan) -> float:
    """What all its cameras take, their rings filled."""
    ring_mib = min(RING_S * plan.recorded_mb_s * 1e6 / 2**20, RING_MIB)
    return BASE_MIB + plan.cameras * (CAMERA_MIB + RING_SHARE * ring_mib)


def advice(
    cost: Cost, disk: Disk, cores: int, plan: Plan, habit: Habit = USUAL, has_mib: float = math.inf
) -> list[tuple[str, str]]:
    """What to change, in Chinese and English; nothing where all is well. has_mib: the machine's
    memory."""
    found: list[tuple[str, str]] = []
    load_ms = sum(
        n * camera_ms(cost, plan.windows, second, habit)
        for n, second in (
            (plan.cameras - plan.without_second, True),
            (plan.without_second, False),
        )
    )
    share = load_ms / (USED * 1000 * cores)
    if share > 1:
        found.append((
            f"摄像机超出这台机器的能力（约需 {share:.1f} 倍）：分析会整体放慢，"
            "间隔太长时结论为“看不清”。"
            "请减少摄像机、换更多核的机器，或改用显卡（[machine] provider）。",
            f"More cameras than this machine carries ({share:.1f} times its power): all are looked "
            "at less often, and where the gaps grow too long the answer is \"cannot tell\". Watch "
            "fewer, take a machine with more cores, or a graphics card ([machine] provider).",
        ))  # fmt: skip
    alone_ms = camera_ms(cost, plan.windows, False, habit)
    saved = alone_ms - camera_ms(cost, plan.windows, True, habit)
    if plan.without_second and saved >= 1:
        found.append((
            f"{plan.without_second} 路摄像机没有设置子码流（sub_url）："
            f"每路可省约 {saved:.0f} 毫秒/秒。请在摄像机上开启 640x360 左右的子码流。",
            f"{plan.without_second} cameras have no second stream (sub_url): it would save about "
            f"{saved:.0f} ms a second each. Switch on one of about 640x360 at the camera.",
        ))  # fmt: skip
    takes_mib = memory_mib(plan)
    if takes_mib > MEMORY_USED * has_mib:
        found.append((
            f"内存 {has_mib / 1024:.1f} GB 不够：这些摄像机约需 {takes_mib / 1024:.1f} GB"
            "（大部分是留作证据的最近四分钟视频）。请加内存，或在摄像机上降低主码流的码率。",
            f"{has_mib / 1024:.1f} GB of memory are too little: these cameras take about "
            f"{takes_mib / 1024:.1f} GB, most of it the last four minutes of video kept for "
            "evidence. Add memory, or lower the main stream's bit rate at the camera.",
        ))  # fmt: skip
    needed = plan.cameras * plan.recorded_mb_s
    if disk.write_mb_s < 3 * needed:
        found.append((
            f"磁盘写入只有 {disk.write_mb_s:.0f} MB/s，连续录像约需 {needed:.0f} MB/s："
            "请换固态硬盘，或减少录像的摄像机（record = false）。",
            f"The disk takes {disk.write_mb_s:.0f} MB/s, recording needs about {needed:.0f}: use a "
            "solid-state disk, or record fewer cameras (record = false).",
        ))  # fmt: skip
    if disk.commit_ms > 250:
        found.append((
            f"数据库每次写入 {disk.commit_ms:.0f} 毫秒，偏慢："
            "请把数据目录放到本机固态硬盘，或检查数据库网络。",
            f"The database takes {disk.commit_ms:.0f} ms for a change: keep the data folder on a "
            "local solid-state disk, or look at the network to the database.",
        ))  # fmt: skip
    return found
