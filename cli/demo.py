"""`hallwatch demo`: bundled footage of a hall, watched by the real pipeline and shown live."""

from __future__ import annotations

import csv
import io
import logging
import shutil
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import tomlkit
import typer
from rich.console import Console
from sqlalchemy.orm import Session

from api.audit.record import AccessBy
from api.database import Database
from api.halls.filing import changed
from api.halls.reach import Halls
from api.roster.changes import Editor
from api.roster.importing import ScheduleFile, ScheduleKind, import_schedule
from api.users.accounts import add_user, hash_of
from api.users.belonging import staff_named
from api.users.tables import Role
from cameras.clocks import ReplayClock
from cli.errors import DemoFolderError, DemoFootageError, plain_errors
from cli.eyes import open_shared_eyes
from cli.logs import open_log
from cli.model_options import limits_of
from cli.place import Place
from cli.server import open_office, port_of_ours, run
from vision.hallfile import Hall, Machine, load_hall

FOOTAGE = Path(__file__).parents[1] / "tests" / "footage" / "demo.toml"
FOLDER = Path("var/demo")
MARK = ".hallwatch-demo"
"""An empty file in a folder that a demo made, and that the next one may empty."""
NAME, PASSWORD = "demo", "hallwatch"
OTHERS = (
    ("reviewer", "演示核查员", Role.REVIEWER),
    ("reviewer2", "演示核查员二", Role.REVIEWER),  # decides appeals: never the one who decided
    ("head", "演示负责人", Role.HEAD),
    ("admin", "演示管理员", Role.ADMIN),
)
CLERK = "clerk"
"""The account of the first clerk on the roster, who sees their own matters."""
CLERKS = (
    "王丽", "李建国", "张敏", "刘洋", "陈静", "杨帆", "赵雪", "黄志强", "周婷", "吴昊", "徐倩",
    "孙磊", "马晓燕", "朱琳", "胡军", "郭芳", "何伟", "林雨", "罗敏", "高峰", "梁爽", "宋佳",
    "郑凯", "谢兰", "韩冰", "唐宁", "冯涛", "董洁", "萧然", "程远", "曹颖", "袁辉",
)  # fmt: skip


@plain_errors
def demo(
    folder: Annotated[
        Path, typer.Option("--var", help="Where the demo keeps its things; emptied at the start.")
    ] = FOLDER,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
    speed: Annotated[float, typer.Option(help="Times as fast as recorded.")] = 1.0,
) -> None:
    """Replay bundled footage in a loop and serve the console, with a made-up roster."""
    open_log(level=logging.WARNING)
    console = Console()
    if not FOOTAGE.exists():
        raise DemoFootageError(f"{FOOTAGE} is not here: run the demo from a clone of the project")
    listening = port_of_ours(host, port)
    with console.status("loading the models"):
        eyes = open_shared_eyes(Machine())
    emptied(folder)
    hall = load_hall(own_hall_file(FOOTAGE, folder), limits_of(None))
    place = Place(folder)
    with console.status("making the database and a roster"):
        database = open_office(place, hall)
        fill(database, hall, datetime.now(UTC), off_roster=hall.windows[-1].id)

    def ready(address: str) -> None:
        console.print(f"\n[bold green]hallwatch 演示 demo[/]  {address}")
        console.print(f"账号 name [bold]{NAME}[/]   密码 password [bold]{PASSWORD}[/]")
        names = " ".join([*(name for name, _, _ in OTHERS), CLERK])
        console.print(f"其他角色 other roles: {names}（同一密码 same password）")
        console.print("约半分钟后出现第一条提醒 The first alert comes after about half a minute.")
        console.print("Ctrl-C 结束 ends it.\n")

    run(
        place, hall, eyes, database, listening, again=True, ready=ready,
        clock=lambda: ReplayClock(datetime.now(UTC), speed=speed),
    )  # fmt: skip


def emptied(folder: Path) -> None:
    """Make the folder anew; DemoFolderError where it may hold something that is not a demo's."""
    if folder.exists() and folder != FOLDER and not (folder / MARK).is_file():
        raise DemoFolderError(
            f"{folder} was not made by a demo and would be emptied: name a folder that is not there"
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()


def own_hall_file(source: Path, folder: Path) -> Path:
    """A copy in the demo's folder, which its console may edit; its clips stay where they are."""

    def find_clips_from_anywhere(document: tomlkit.TOMLDocument) -> None:
        for camera in document["camera"]:
            camera["url"] = str((source.parent / camera["url"]).resolve())

    copy = folder / "hall.toml"
    copy.write_bytes(changed(source.read_bytes(), find_clips_from_anywhere, source))
    return copy


def fill(database: Database, hall: Hall, now: datetime, off_roster: str = "") -> None:
    """An account of each role, and a roster for yesterday to tomorrow, imported as an office would:
    from files. One window may stay off the roster, so that one can see what that looks like."""
    today = now.astimezone(hall.timezone).date()
    files = [
        (ScheduleKind.STAFF, _staff(hall)),
        (ScheduleKind.SHIFTS, _shifts(hall, today, off_roster)),
    ]
    by_demo = Editor(AccessBy(None, NAME), now)
    with database.session() as session:
        for kind, content in files:
            file = ScheduleFile(kind, f"{kind.value}.csv", content, by_demo)
            import_schedule(session, hall.id, file)
        _accounts(session, hall, now)


def _accounts(session: Session, hall: Hall, now: datetime) -> None:
    """One of each role, all with the same password."""
    password = hash_of(PASSWORD)
    for name, full_name, role in ((NAME, "演示主管", Role.SUPERVISOR), *OTHERS):
        add_user(session, name, full_name, role, password, now)
    _, _, number, name = next(_clerks(hall))
    add_user(
        session, CLERK, name, Role.CLERK, password, now,
        halls=Halls.only([hall.id]), staff_id=staff_named(session, f"{hall.id}/{number}"),
    )  # fmt: skip


def _clerks(hall: Hall) -> Iterator[tuple[str, str, str, str]]:
    """(window, post, number, name): for every window an A and a B of its own."""
    for i, window in enumerate(hall.windows):
        for k, post in enumerate("AB"):
            n = 2 * i + k
            name = CLERKS[n % len(CLERKS)]
            yield window.id, post, f"{1001 + n}", name


def _staff(hall: Hall) -> bytes:
    rows = [(number, name, window, post) for window, post, number, name in _clerks(hall)]
    return _csv(("工号", "姓名", "窗口", "岗位"), rows)


def _shifts(hall: Hall, today: date, off_roster: str) -> bytes:
    rows: list[tuple[str, ...]] = []
    for window, post, number, name in _clerks(hall):
        if window == off_roster:
            continue
        for days in (-1, 0, 1):
            day = (today + timedelta(days=days)).isoformat()
            for start, end in (("00:00", "12:00"), ("12:00", "00:00")):
                rows.append((day, window, post, number, name, start, end))
    return _csv(("日期", "窗口", "岗位", "工号", "姓名", "开始", "结束"), rows)


def _csv(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
