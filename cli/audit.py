"""`hallwatch audit …`: the access log, checked and anchored."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.audit.chain import Anchor, Fault, last_anchor, verify_chain
from api.bundle.verify import verify_bundle
from cli.errors import plain_errors
from cli.users import Folder, Url, opened

SAID: dict[Fault, str] = {
    Fault.ALTERED: "被改动 altered",
    Fault.MISSING: "缺失 missing",
    Fault.UNCHAINED: "与前一行不相连 not sealed to the row before",
    Fault.CUT_UNRECORDED: "到此为止的行被删而无记录 rows up to here are gone unrecorded",
    Fault.ANCHOR_DIFFERS: "与留存的哈希不符 not the seal that was kept: rewritten",
}

audit_app = typer.Typer(no_args_is_help=True, help="Who looked at what: the access log.")


class AnchorError(ValueError):
    """An anchor that is not NUMBER:SEAL."""


@audit_app.command()
@plain_errors
def verify(
    folder: Folder = Path("var"),
    database: Url = None,
    anchor: Annotated[
        list[str] | None, typer.Option(help="NUMBER:SEAL as `hallwatch audit anchor` gave it.")
    ] = None,
    bundle: Annotated[
        list[Path] | None, typer.Option(help="An evidence bundle: the log's seal is in it.")
    ] = None,
) -> None:
    """Check every row of the access log; exit status 1 names those that are missing or altered."""
    anchors = [_anchor(text) for text in anchor or ()] + [_in_bundle(file) for file in bundle or ()]
    with opened(folder, database).reading() as session:
        verdict = verify_chain(session, tuple(anchors))
    console = Console()
    for finding in verdict.findings:
        console.print(f"[bold red]✗ 第 {finding.seq} 行 row[/] {SAID[finding.fault]}")
    if verdict.findings:
        raise typer.Exit(1)
    last = "" if verdict.last is None else f"  {verdict.last.seq}:{verdict.last.sha}"
    console.print(f"[bold green]✓ {verdict.rows} 行完整 rows are whole[/]")
    console.print(last.strip(), soft_wrap=True)


@audit_app.command("anchor")
@plain_errors
def show_anchor(folder: Folder = Path("var"), database: Url = None) -> None:
    """The newest row's number and seal: keep it elsewhere. It shows later whether rows were taken
    from the log's end."""
    with opened(folder, database).reading() as session:
        last = last_anchor(session)
    print("0:" + "0" * 64 if last is None else f"{last.seq}:{last.sha}")


def _anchor(text: str) -> Anchor:
    found = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", text.strip())
    if found is None:
        raise AnchorError(f"{text!r} is no anchor; write NUMBER:SEAL as `audit anchor` does")
    return Anchor(int(found[1]), found[2])


def _in_bundle(file: Path) -> Anchor:
    """The anchor that a bundle carries; the bundle must be whole."""
    verdict = verify_bundle(file)
    log = verdict.manifest.get("access_log")
    if verdict.findings or not isinstance(log, dict):
        raise AnchorError(f"{file} carries no anchor, or was tampered with")
    return _anchor(f"{log.get('seq')}:{log.get('sha')}")
