"""`hallwatch verify FILE` and `hallwatch keys …`: evidence bundles, checked anywhere, offline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.bundle.keys import KEY_FILE, PublicKey, signing_key_in
from api.bundle.verify import Fault, Verdict, verify_bundle
from cli.errors import plain_errors

SAID: dict[Fault, str] = {
    Fault.SIGNATURE: "清单不是签名时的样子 the manifest is not what was signed",
    Fault.FOREIGN_KEY: "由另一把密钥签名 signed by another key than the one you named",
    Fault.CHANGED: "被改动 changed",
    Fault.MISSING: "缺少 missing",
    Fault.ADDED: "多出 added",
    Fault.DUPLICATE: "同名 the same name twice",
    Fault.UNSAFE_NAME: "危险的文件名 a name that leads out of the folder",
    Fault.NOT_PLAIN: "被压缩、加密或与目录不符 compressed, encrypted or unlike its listing",
    Fault.HIDDEN_BYTES: "夹带数据 bytes that belong to no file",
}

keys_app = typer.Typer(no_args_is_help=True, help="The key that signs evidence bundles.")

Folder = Annotated[Path, typer.Option("--var", help="The folder that `hallwatch serve` uses.")]


@plain_errors
def verify(
    file: Annotated[Path, typer.Argument(help="The bundle, a .zip file.")],
    key: Annotated[
        Path | None, typer.Option(help="The office's public key (PEM): who must have signed it.")
    ] = None,
) -> None:
    """Check an evidence bundle: exit status 0 if it is as it was signed, 1 if not."""
    verdict = verify_bundle(file, None if key is None else PublicKey.of_file(key))
    _tell(verdict, named=key is not None)
    if verdict.findings:
        raise typer.Exit(1)


def _tell(verdict: Verdict, *, named: bool) -> None:
    console = Console()
    manifest = verdict.manifest
    table = Table(show_header=False, box=None)
    for words, value in (
        ("出具 made", f"{manifest.get('made_at', '?')} {manifest.get('made_by', '')}"),
        ("大厅 hall", manifest.get("hall", "?")),
        ("文件 files", len(manifest["files"])),
        ("公钥指纹 key", verdict.key.fingerprint),
    ):
        table.add_row(words, Text(str(value)))  # what a bundle says is text, never markup
    console.print(table)
    for finding in verdict.findings:
        console.print(Text(f"✗ {finding.name or '(file)'}: {SAID[finding.fault]}", "bold red"))
    if verdict.findings:
        return
    console.print("[bold green]✓ 与签名时完全一致 exactly as it was signed[/]")
    if not named:
        console.print("请与出具单位告知的指纹比对 Compare the fingerprint with the office's own.")


@keys_app.command()
@plain_errors
def show(folder: Folder = Path("var")) -> None:
    """The fingerprint to tell others, and the public key; the key is made if there is none yet."""
    public = signing_key_in(folder).public
    console = Console()
    console.print(f"公钥指纹 fingerprint  [bold]{public.fingerprint}[/]")
    console.print(public.pem.decode(), end="")
    console.print(f"私钥 private key  {folder / KEY_FILE}  (备份它 back it up)", markup=False)


@keys_app.command()
@plain_errors
def export(
    to: Annotated[Path, typer.Argument(help="Where to write the public key (PEM).")],
    folder: Folder = Path("var"),
) -> None:
    """Write the public key to a file, for those who check bundles."""
    public = signing_key_in(folder).public
    to.write_bytes(public.pem)
    Console().print(f"{public.fingerprint}  {to}", markup=False)
