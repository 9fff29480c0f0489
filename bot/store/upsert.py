"""Insert rows whose keys may be there already, in either database."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


async def upsert(connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, each in place of the one with its key."""
    if not rows:
        return
    insert = insert_postgresql if connection.dialect.name == "postgresql" else insert_sqlite
    statement = insert(table).values([dict(row) for row in rows])
    others = {column.name: statement.excluded[column.name] for column in table.c if not column.primary_key}
    keys = [column.name for column in table.primary_key]
    await connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=others))


async def insert_new(connection: AsyncConnection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row unless there is one with its key; tell whether there was none."""
    insert = insert_postgresql if connection.dialect.name == "postgresql" else insert_sqlite
    return bool((await connection.execute(insert(table).values(dict(row)).on_conflict_do_nothing())).rowcount)
