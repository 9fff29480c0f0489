"""Bring a database to the schema of this version, by the steps in ``migrations/``, or leave it as it was."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.engine import DatabaseError
from bot.texts import operator

MIGRATIONS: Final = Path(__file__).parent / "migrations"
_logger: Final = logging.getLogger(__name__)
# One row: the number of the last step. Alembic makes it and keeps it.
_VERSION: Final = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
# Keeps a second process waiting. SQLite's driver opens no transaction before DDL, so we open one.
_LOCK: Final = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "SELECT pg_advisory_xact_lock(5108236)"}


@dataclass(frozen=True, slots=True)
class Version:
    """The schema of a database.

    Attributes:
        found: number of the last step that it has seen; None if it is new, or from before there were steps.
        newest: number of the last step that there is.
    """

    found: str | None
    newest: str


async def migrate(engine: AsyncEngine, folder: Path = MIGRATIONS) -> None:
    """Run the steps that a database has not seen, all of them in one transaction.

    Raises:
        DatabaseError: if a newer version of the bot has changed the schema.
    """
    async with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            await connection.execution_options(isolation_level="AUTOCOMMIT")  # the driver begins nothing
        async with connection.begin():
            await connection.exec_driver_sql(_LOCK[engine.dialect.name])
            await connection.run_sync(_upgrade, folder)


async def schema_version(engine: AsyncEngine, folder: Path = MIGRATIONS) -> Version:
    """Look at the schema of a database, and change nothing.

    Raises:
        DatabaseError: if a newer version of the bot has changed it.
    """
    async with engine.connect() as connection:
        return await connection.run_sync(_version, folder)


def _version(connection: Connection, folder: Path) -> Version:
    steps = sorted(path.name[1:5] for path in (folder / "versions").glob("v[0-9]*.py"))
    known = inspect(connection).has_table(_VERSION.name)
    found = connection.scalar(select(_VERSION.c.version_num)) if known else None
    if found is not None and found not in steps:
        raise DatabaseError(operator.database_newer(found, steps[-1]))
    return Version(found, steps[-1])


def _upgrade(connection: Connection, folder: Path) -> None:
    version = _version(connection, folder)
    if version.found == version.newest:
        return
    from alembic import command  # noqa: PLC0415 - takes a quarter of a second, and most starts do without
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    command.upgrade(config, "head")
    if version.found is not None:
        _logger.info("Brought the database from schema %s to %s", version.found, version.newest)
