"""`hallwatch cameras …`: find, try, add, change and remove cameras.

A running server follows the hall file by itself; nothing needs to be restarted.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.console.strings import Language, Say
from api.halls.cameras import (
    CameraEdit,
    CameraWish,
    add_camera,
    camera_of,
    change_camera,
    free_id,
    remove_camera,
    with_kept_login,
)
from api.halls.filing import HallFile
from cameras.discovery import discover as found_cameras
from cameras.discovery import look_up
from cameras.probe import WATCH_S
from cameras.probe import probe as probed
from cameras.sources import located
from cameras.stills import write_still
from cameras.substream import likely_sub_stream
from cli.errors import plain_errors
from vision.address import shown, with_login
from vision.hallfile import Hall
from vision.probe import FoundCamera, FoundStream, Probe, RefusedError, Weight

cameras_app = typer.Typer(no_args_is_help=True, help="Find, try, add, change, remove cameras.")

MARKS = {Weight.GOOD: "[green]✓[/]", Weight.HINT: "[yellow]·[/]", Weight.WARNING: "[red]![/]"}

HallPath = Annotated[Path, typer.Option("--hall", help="The hall file (hall.toml).")]
AsJson = Annotated[bool, typer.Option("--json", help="For machines.")]
Lang = Annotated[str, typer.Option("--lang", help="zh or en; by default as the shell's LANG.")]
User = Annotated[str, typer.Option("--user", help="The camera's user.")]
Seconds = Annotated[float, typer.Option(help="How long to watch it.", min=1, max=120)]
Password = Annotated[
    str,
    typer.Option(
        "--password", envvar="HALLWATCH_CAMERA_PASSWORD", help="Asked for where a user is named.",
    ),
]  # fmt: skip


def _language(lang: str) -> Language:
    wanted = lang or os.environ.get("LANG", "")
    return "zh" if wanted.startswith("zh") else "en"


def _login(url: str, user: str, password: str) -> str:
    """The address with the user and the password, which is asked for unless it was given."""
    if not user:
        return url
    if not password:
        password = typer.prompt("password 密码", hide_input=True)
    return with_login(url, user, password)


@cameras_app.command()
@plain_errors
def probe(
    url: Annotated[str, typer.Argument(help="rtsp://host/path, http://…, usb:0 or a file.")],
    user: User = "",
    password: Password = "",
    seconds: Seconds = WATCH_S,
    picture: Annotated[Path | None, typer.Option(help="Save a picture here (JPEG).")] = None,
    as_json: AsJson = False,
    lang: Lang = "",
) -> None:
    """Try a camera's address: what it gives, and what that means for us."""
    seen = probed(_login(url, user, password), watch_s=seconds)
    if picture is not None and seen.picture is not None:
        write_still(picture, seen.picture)
    if as_json:
        print(json.dumps(probe_table(seen), ensure_ascii=False))
        return
    _tell(seen, Say(_language(lang)))


def probe_table(seen: Probe) -> dict[str, object]:
    """What is told to machines."""
    table = {k: v for k, v in asdict(seen).items() if k != "picture"}
    table["findings"] = [
        {"meaning": f.meaning, "weight": f.weight, "values": dict(f.values)} for f in seen.findings
    ]
    return table


def _tell(seen: Probe, say: Say) -> None:
    console = Console()
    console.print(f"[bold]{seen.address}[/]", highlight=False)
    for finding in seen.findings:
        words = say.of("finding", finding.meaning, **finding.values)
        console.print(f" {MARKS[finding.weight]} {words}", highlight=False)


@cameras_app.command()
@plain_errors
def discover(
    user: User = "",
    password: Password = "",
    seconds: Annotated[float, typer.Option(help="How long to wait.", min=0.5, max=60)] = 4.0,
    as_json: AsJson = False,
) -> None:
    """Find cameras in the network by ONVIF; with a user, ask each for its streams."""
    if user and not password:
        password = typer.prompt("password 密码", hide_input=True)
    table = Table("address", "name", "model", "stream", "size", "codec")
    rows = []
    for camera in found_cameras(seconds):
        streams, trouble = _streams_of(camera, user, password) if user else ((), "")
        rows.append({**asdict(camera), "streams": [asdict(s) for s in streams], "trouble": trouble})
        about = (f"{camera.host}:{camera.port}", camera.name, camera.model)
        for s in streams:
            table.add_row(*about, s.address, f"{s.width}x{s.height}", s.codec)
        if not streams:
            table.add_row(*about, trouble, "", "")
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        Console().print(table if rows else "no camera answered 没有摄像机回应")


def _streams_of(
    camera: FoundCamera, user: str, password: str
) -> tuple[tuple[FoundStream, ...], str]:
    """What it offers, or why it does not say: the others are still asked."""
    try:
        return look_up(camera, user, password), ""
    except RefusedError as error:
        return (), str(error)


@cameras_app.command("list")
@plain_errors
def show(hall: HallPath, as_json: AsJson = False) -> None:
    """The cameras of a hall file, without their passwords."""
    rows = [
        {
            "id": c.id,
            "name": c.name,
            "address": shown(c.url),
            "sub_stream": shown(c.sub_url) if c.sub_url else "",
            "width": c.width,
            "height": c.height,
        }
        for c in _file(hall).read().cameras
    ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    table = Table("id", "name", "address", "sub-stream", "size")
    for row in rows:
        size = f"{row['width']}x{row['height']}"
        table.add_row(*(str(row[k]) for k in ("id", "name", "address", "sub_stream")), size)
    Console().print(table)


@cameras_app.command()
@plain_errors
def add(
    url: Annotated[str, typer.Argument(help="rtsp://host/path, http://…, usb:0 or a file.")],
    hall: HallPath,
    camera_id: Annotated[str, typer.Option("--id", help="By default cam1, cam2, ...")] = "",
    name: Annotated[str, typer.Option(help="The name to show.")] = "",
    user: User = "",
    password: Password = "",
    sub_url: Annotated[str, typer.Option(help="By default where its maker puts it.")] = "",
    seconds: Seconds = WATCH_S,
    lang: Lang = "",
) -> None:
    """Try a camera and add it to the hall file. Draw its windows afterwards on the console."""
    file = _file(hall)
    plan = file.read()
    address = _login(url, user, password)
    seen = _tried(plan, address, seconds)
    _tell(seen, Say(_language(lang)))
    wanted = camera_id or free_id(plan)
    sub = sub_url or _found_sub_stream(address, seen) or ""
    wish = CameraWish(wanted, name or wanted, address, seen.width, seen.height, sub)
    add_camera(file, wish)
    Console().print(f"camera {wanted} is in {hall} 已加入")


@cameras_app.command()
@plain_errors
def change(
    camera_id: Annotated[str, typer.Argument(help="The camera's id.")],
    hall: HallPath,
    url: Annotated[
        str | None, typer.Option(help="The new address; keeps user and password.")
    ] = None,
    name: Annotated[str | None, typer.Option()] = None,
    user: User = "",
    password: Password = "",
    sub_url: Annotated[str | None, typer.Option(help="'' for none.")] = None,
    pace_hz: Annotated[float | None, typer.Option(help="Pictures analysed a second.")] = None,
    seconds: Seconds = WATCH_S,
) -> None:
    """Change a camera; a new address is tried before anything is written."""
    file = _file(hall)
    plan = file.read()
    before = camera_of(plan, camera_id)
    edit = CameraEdit(name=name, sub_url=sub_url, pace_hz=pace_hz)
    if url is not None or user:
        address = _login(with_kept_login(url or before.url, before.url), user, password)
        seen = _tried(plan, address, seconds)
        sub = _found_sub_stream(address, seen) if sub_url is None else sub_url
        edit = CameraEdit(name, address, sub, seen.width, seen.height, pace_hz)
    change_camera(file, camera_id, edit)
    Console().print(f"camera {camera_id} is changed 已修改")


@cameras_app.command()
@plain_errors
def remove(
    camera_id: Annotated[str, typer.Argument(help="The camera's id.")],
    hall: HallPath,
    with_windows: Annotated[
        bool, typer.Option("--with-windows", help="And the windows and queues drawn on it.")
    ] = False,
) -> None:
    """Take a camera out of the hall file; its alerts and evidence stay."""
    remove_camera(_file(hall), camera_id, with_places=with_windows)
    Console().print(f"camera {camera_id} is no longer in {hall} 已移除")


def _found_sub_stream(address: str, seen: Probe) -> str | None:
    """Where the smaller stream beside an address that was tried is; None where there is none."""
    return likely_sub_stream(address) if seen.sub_stream else None


def _file(path: Path) -> HallFile:
    return HallFile(path, lambda: datetime.now(UTC))


def _tried(hall: Hall, url: str, watch_s: float) -> Probe:
    """A file's path is relative to the hall file."""
    return probed(located(url, hall.path.parent if hall.path else Path()), watch_s=watch_s)
