"""`hallwatch verify`, `keys`, `audit`, `users`: what they say and the status they end with."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from api.audit.chain import last_anchor
from api.audit.record import THE_PRODUCT, record_access
from api.audit.tables import Access
from api.bundle.keys import signing_key_in
from api.bundle.pack import Entry, write_bundle
from api.database import Database
from cli.main import app
from tests.halls import put_hall

PASSWORD = ("--password", "long enough")


def run(*words: object) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, [str(word) for word in words])


@pytest.fixture
def var(tmp_path: Path, migrated_sqlite: Path) -> Path:
    """An installation with a hall and three rows in its access log."""
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "hallwatch.db").write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{folder / 'hallwatch.db'}")
    with database.session() as session:
        put_hall(session)
        for _ in range(3):
            record_access(session, THE_PRODUCT, Access.DELETE, "clip/1", datetime.now(UTC))
    database.close()
    return folder


def bundle_of(var: Path, to: Path) -> Path:
    database = Database(f"sqlite:///{var / 'hallwatch.db'}")
    with database.reading() as session:
        anchor = last_anchor(session)
    database.close()
    assert anchor is not None
    about = {"access_log": {"seq": anchor.seq, "sha": anchor.sha}, "made_by": "[red]王[/]"}
    write_bundle(to, [Entry("record.json", b"{}")], about, signing_key_in(var))
    return to


def break_log(var: Path, statement: str) -> None:
    database = Database(f"sqlite:///{var / 'hallwatch.db'}")
    with database.session() as session:
        for deed in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER access_log_refuses_{deed}"))
        session.execute(text(statement))
    database.close()


def test_verify(var: Path, tmp_path: Path) -> None:
    file = bundle_of(var, tmp_path / "b.zip")
    fingerprint = signing_key_in(var).public.fingerprint
    good = run("verify", file)
    assert good.exit_code == 0
    assert fingerprint in good.output
    assert "[red]王[/]" in good.output
    assert run("keys", "export", tmp_path / "pub.pem", "--var", var).exit_code == 0
    assert fingerprint in run("keys", "show", "--var", var).output
    assert run("verify", file, "--key", tmp_path / "pub.pem").exit_code == 0
    other = tmp_path / "other"
    run("keys", "export", tmp_path / "other.pem", "--var", other)
    foreign = run("verify", file, "--key", tmp_path / "other.pem")
    assert (foreign.exit_code, "another key" in foreign.output) == (1, True)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("more.txt", "x")
    added = run("verify", file)
    assert (added.exit_code, "more.txt" in added.output) == (1, True)
    (tmp_path / "c.zip").write_bytes(b"?")
    assert run("verify", tmp_path / "c.zip").exit_code == 1
    assert run("verify", tmp_path / "not there").exit_code == 1


def test_audit(var: Path, tmp_path: Path) -> None:
    file = bundle_of(var, tmp_path / "b.zip")
    anchor = run("audit", "anchor", "--var", var).stdout.strip()
    whole = run("audit", "verify", "--var", var, "--anchor", anchor, "--bundle", file)
    assert (whole.exit_code, anchor in whole.output) == (0, True), (anchor, whole.output)
    assert run("audit", "verify", "--var", var, "--anchor", "3:x").exit_code == 1
    break_log(var, "DELETE FROM access_log WHERE seq = 3")
    assert run("audit", "verify", "--var", var).exit_code == 0
    cut = run("audit", "verify", "--var", var, "--bundle", file)
    assert (cut.exit_code, "第 3 行" in cut.output) == (1, True)


def test_audit_names_an_altered_row(var: Path) -> None:
    break_log(var, "UPDATE access_log SET who = 'x' WHERE seq = 2")
    found = run("audit", "verify", "--var", var)
    assert found.exit_code == 1
    assert "第 2 行 row 被改动 altered" in found.output


def test_users(var: Path) -> None:
    added = run("users", "add", "wang", "--role", "head", "--var", var, *PASSWORD)
    assert added.exit_code == 0, added.output
    clerk = ("users", "add", "--role", "clerk", "--hall", "demo", "--var", var, *PASSWORD)
    assert run(*clerk, "zhang", "--staff", "demo/1001").exit_code == 0
    assert run(*clerk, "zhang2", "--staff", "demo/1001").exit_code == 1
    assert run(*clerk, "nobody", "--staff", "demo/9999").exit_code == 1
    assert run("users", "add", "x", "--hall", "nowhere", "--var", var, *PASSWORD).exit_code == 1
    assert run("users", "add", "x", "--role", "machine", "--var", var, *PASSWORD).exit_code == 1
    listed = run("users", "list", "--var", var).output
    rows = {line.split("│")[1].strip(): line for line in listed.splitlines() if "│" in line}
    assert set(rows) == {"wang", "zhang"}
    assert "all" in rows["wang"]
    assert "demo" in rows["zhang"]
    assert run("audit", "verify", "--var", var).exit_code == 0
