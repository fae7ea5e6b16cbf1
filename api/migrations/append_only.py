"""Tables that only grow: triggers that refuse every change, for migrations to put on them."""

from __future__ import annotations

from alembic import op


def refuse_changes(table: str, deletes_where: str = "FALSE") -> None:
    """Refuse UPDATE, DELETE and (PostgreSQL) TRUNCATE of the table.

    deletes_where: an SQL condition on OLD under which a row may be deleted after all.
    """
    if op.get_bind().dialect.name == "sqlite":
        for deed, unless in (("UPDATE", "FALSE"), ("DELETE", deletes_where)):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{deed.lower()} BEFORE {deed} ON {table} "
                f"WHEN NOT ({unless}) "
                f"BEGIN SELECT RAISE(ABORT, '{table} only grows: {deed} is refused'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' THEN IF {deletes_where} THEN RETURN OLD; END IF; END IF; "
        f"RAISE EXCEPTION '{table} only grows: % is refused', TG_OP; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuses_changes BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_only_grows()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_grows()"
    )


def allow_changes(table: str) -> None:
    """Take the triggers away again; dropping a SQLite table takes them along."""
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_refuses_{deed}")
        return
    op.execute(f"DROP FUNCTION {table}_only_grows() CASCADE")
