"""The schema's history. `upgrade` brings a database to the newest; it runs at every start."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from api.database import Database

ONE_AT_A_TIME = 0x68616C6C
"""PostgreSQL advisory lock: of several processes that start at once, one migrates."""


def alembic_config() -> Config:
    """Alembic's settings without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Migrate to `revision`, in one transaction: either all of it happens or nothing."""
    with database.write_engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
