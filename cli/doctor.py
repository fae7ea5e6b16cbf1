"""`hallwatch doctor`: measure this machine, say how many cameras it carries and what to change."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import av
import cv2
import numpy as np
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import text

from api.database import Database
from cli.capacity import (
    NATIVE_SHARE,
    PICTURES_HZ,
    USED,
    USUAL,
    Cost,
    Disk,
    Habit,
    Plan,
    advice,
    carried,
)
from cli.errors import plain_errors
from cli.eyes import open_shared_eyes
from cli.model_options import limits_of
from cli.sampled import Sampled, cost_of, habit_of, recorded_mb_s, sampled
from models.cores import usable_cores
from models.manifest import load_manifest
from models.providers import HARDWARE
from models.session import open_detectors
from vision.hallfile import Hall, Machine, load_hall
from vision.records import Image

SECOND, MAIN = (640, 360), (1920, 1080)
CLOSE_UP_PX = 300
VIDEO_S = 2.0
WRITTEN_BYTES = 32 * 2**20
USUAL_WINDOWS = 2.0


@plain_errors
def doctor(
    hall: Annotated[
        Path | None, typer.Option(help="A hall file: whether the machine carries its cameras.")
    ] = None,
    folder: Annotated[Path, typer.Option("--var", help="The data folder, on its disk.")] = Path(
        "var"
    ),
    database: Annotated[
        str | None, typer.Option(help="Database URL.", envvar="HALLWATCH_DATABASE")
    ] = None,
    model: Annotated[str | None, typer.Option(help="A model of the manifest, by id.")] = None,
    watch_s: Annotated[
        float, typer.Option("--watch", min=2, max=600, help="Seconds for which it is watched.")
    ] = 20.0,
) -> None:
    """Measure the machine with the shipped model, and with the hall's own cameras where it is
    named: ten seconds, and as long as they are watched."""
    console = Console()
    plan = load_hall(hall, limits_of(model)) if hall is not None else None
    machine = plan.machine if plan is not None else Machine()
    cores = min(machine.cores or usable_cores(), usable_cores())
    cv2.setNumThreads(1)
    with console.status("正在测量 measuring"):
        cost = measured_cost(machine, model)
        disk = Disk(written_mb_s(folder), commit_ms(folder, database))
        sample = None if plan is None else watched(plan, model, watch_s)
    wanted, habit = _plan_of(plan), USUAL
    if sample is not None and sample.seen:
        cost, habit = cost_of(sample, cost), habit_of(sample, cost)
        wanted = replace(wanted, recorded_mb_s=recorded_mb_s(sample))
    console.print(_machine_table(cost, disk, cores, machine.provider))
    if sample is not None:
        console.print(_cameras_table(sample))
    _tell_how_many(console, cost, cores, wanted.windows, habit)
    changes = advice(cost, disk, cores, wanted, habit, machine_mib())
    for chinese, english in changes:
        console.print(f"[yellow]•[/] {chinese}\n  {english}")
    if not changes:
        console.print("[green]✓[/] 不需要改动。Nothing needs to be changed.")


def watched(hall: Hall, model: str | None, seconds: float) -> Sampled:
    """Some of the hall's cameras, with all the cores that `serve` would use."""
    eyes = open_shared_eyes(hall.machine, model)
    try:
        return sampled(hall, eyes, seconds)
    finally:
        eyes.shared.close()


def _machine_table(cost: Cost, disk: Disk, cores: int, provider: str) -> Table:
    told = Table(show_header=False, title="这台机器 This machine", title_justify="left")
    for name, value in (
        ("可用核数 cores", f"{cores}"),
        ("内存 memory", f"{machine_mib() / 1024:.1f} GB"),
        ("推理硬件 provider", provider),
        ("整幅画面 a whole picture", f"{cost.whole_ms:.1f} ms"),
        ("窗口近景 a close-up", f"{cost.close_up_ms:.1f} ms"),
        ("子码流解码一秒 a second of the second stream", f"{cost.second_ms:.1f} ms"),
        ("主码流解码一秒 a second of the main stream", f"{cost.main_ms:.1f} ms"),
        ("为近景解码主码流一秒 of the main stream, for close-ups", f"{cost.native_ms:.1f} ms"),
        ("磁盘写入 disk", f"{disk.write_mb_s:.0f} MB/s"),
        ("数据库写入一次 a database change", f"{disk.commit_ms:.1f} ms"),
    ):
        told.add_row(name, value)
    return told


def machine_mib() -> float:
    """All the memory there is."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20


def _cameras_table(sample: Sampled) -> Table:
    told = Table(title="这个大厅的摄像机 This hall's cameras", title_justify="left")
    for name in ("摄像机 camera", "整幅 whole/s", "近景 close-ups/s", "解码 decoding ms/s", "MB/s"):
        told.add_column(name)
    for taken in sample.cameras:
        if not taken.wholes or not taken.seconds:
            told.add_row(
                escape(taken.camera.name), "—", "—", "—", f"[red]{escape(str(taken.trouble))}"
            )
            continue
        decode_s = taken.watched_decode_s + taken.native_decode_s
        told.add_row(
            escape(taken.camera.name),
            f"{taken.wholes / taken.seconds:.2f}",
            f"{taken.close_ups / taken.seconds:.2f}",
            f"{1000 * decode_s / taken.seconds:.1f}",
            f"{taken.main_bytes / 1e6 / taken.seconds:.2f}",
        )
    return told


def _tell_how_many(console: Console, cost: Cost, cores: int, windows: float, habit: Habit) -> None:
    with_second, without = (
        carried(cost, cores, windows, second, habit) for second in (True, False)
    )
    measured = habit is not USUAL
    chinese = "按这些摄像机实测" if measured else "按常见大厅估计"
    english = "as these cameras were measured" if measured else "reckoned for a usual hall"
    console.print(
        f"\n[bold]约可带 {with_second} 路摄像机[/]（每路 {windows:.1f} 个窗口，主码流加子码流）；"
        f"没有子码流时约 {without} 路。（{chinese}）"
    )
    console.print(
        f"[bold]It carries about {with_second} cameras[/] of {windows:.1f} windows each in two "
        f"streams; about {without} without a second stream ({english})."
    )
    rests_zh, rests_en = rests_on(habit, measured)
    console.print(f"[dim]{rests_zh}\n{rests_en}[/]\n")


def rests_on(habit: Habit, measured: bool) -> tuple[str, str]:
    """What the number of cameras is reckoned from, in Chinese and English."""
    wholes, close_ups, rest = habit.wholes_hz, habit.close_ups_hz, habit.rest
    source_zh, source_en = (
        ("刚才实测", "as just measured")
        if measured
        else (
            "取自两核机器上 32 路实时摄像机的实测；给出 --hall 则实测本厅",
            "counted on 32 live cameras on two cores; with --hall the hall's own are measured",
        )
    )
    return (
        f"依据：每路每秒看整幅画面 {wholes:.2f} 次，每个窗口每秒近景 {close_ups:.2f} 次，其余工作为"
        f"推理与解码的 {rest - 1:.0%}（{source_zh}）；处理器最多用 {USED:.0%}。",
        f"It rests on {wholes:.2f} whole pictures a second and camera, {close_ups:.2f} "
        f"close-ups a second and window, {rest - 1:.0%} on top of model and decoding for all else "
        f"({source_en}); and on {USED:.0%} of the processor, so that what is urgent need not wait.",
    )


def _plan_of(hall: Hall | None) -> Plan:
    if hall is None:
        return Plan(cameras=1, windows=USUAL_WINDOWS, without_second=0)
    return Plan(
        cameras=len(hall.cameras),
        windows=len(hall.windows) / len(hall.cameras),
        without_second=sum(camera.sub_url is None for camera in hall.cameras),
    )


def measured_cost(machine: Machine, model: str | None) -> Cost:
    """With the model on the machine's hardware, and videos made for it. How much of the main stream
    is decoded for close-ups is assumed."""
    providers = HARDWARE[machine.provider].providers
    detector, near = open_detectors(load_manifest(), model, providers=providers, threads=1)
    second, main = scene(*SECOND), scene(*MAIN)
    close_up = main[:CLOSE_UP_PX, :CLOSE_UP_PX]
    main_ms = decoding_ms(MAIN)
    return Cost(
        whole_ms=least_ms(lambda: detector.detect([second])),
        close_up_ms=least_ms(lambda: (near or detector).detect([close_up])),
        second_ms=decoding_ms(SECOND),
        main_ms=main_ms,
        native_ms=NATIVE_SHARE * main_ms,
    )


def least_ms(do: Callable[[], object], times: int = 7) -> float:
    """Milliseconds of this thread's processor time, the least of some attempts after one that does
    not count: what else the machine does makes it longer, never shorter."""
    do()
    spent_s = []
    for _ in range(times):
        began_s = time.thread_time()
        do()
        spent_s.append(time.thread_time() - began_s)
    return 1000 * min(spent_s)


def scene(width: int, height: int) -> Image:
    """Something with edges and texture."""
    rough = np.random.default_rng(3).integers(40, 220, (18, 32, 3), np.uint8)
    smooth = cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)
    noise = np.random.default_rng(4).integers(0, 6, smooth.shape, np.uint8)
    return np.asarray(cv2.add(smooth, noise), np.uint8)


def decoding_ms(size: tuple[int, int]) -> float:
    """Milliseconds for one second of H.264 of that size, 15 pictures a second."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.mp4"
        _write_video(path, size)

        def decode() -> None:
            with av.open(str(path)) as video:
                video.streams.video[0].codec_context.thread_count = 1
                for _ in video.decode(video=0):
                    pass

        return least_ms(decode, times=2) / VIDEO_S


def _write_video(path: Path, size: tuple[int, int]) -> None:
    picture = scene(*size)
    options = {"preset": "ultrafast", "crf": "26", "g": "30"}
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=int(PICTURES_HZ), options=options)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for n in range(int(PICTURES_HZ * VIDEO_S)):
            moved = picture.copy()
            moved[100:200, 10 * n : 10 * n + 60] = picture[:100, :60]
            frame = av.VideoFrame.from_ndarray(moved, format="bgr24")
            frame.pts, frame.time_base = n, Fraction(1, int(PICTURES_HZ))
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def written_mb_s(folder: Path) -> float:
    """Megabytes a second that the folder's disk takes for good."""
    folder.mkdir(parents=True, exist_ok=True)
    chunk = os.urandom(2**20)
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        began_s = time.monotonic()
        for _ in range(WRITTEN_BYTES // len(chunk)):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
        return WRITTEN_BYTES / 1e6 / (time.monotonic() - began_s)


def commit_ms(folder: Path, url: str | None, times: int = 10) -> float:
    """Milliseconds of one committed change: in a database file of its own on this disk, or in a
    table that only this connection sees of the named database."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        database = Database(url or f"sqlite:///{Path(place).resolve() / 'doctor.db'}")
        try:
            with database.engine.connect() as connection:
                kind = "temporary table" if url else "table"
                connection.execute(text(f"create {kind} doctor (at text)"))
                connection.commit()
                began_s = time.monotonic()
                for _ in range(times):
                    moment = datetime.now(UTC).isoformat()
                    connection.execute(text("insert into doctor values (:at)"), {"at": moment})
                    connection.commit()
                return 1000 * (time.monotonic() - began_s) / times
        finally:
            database.close()
