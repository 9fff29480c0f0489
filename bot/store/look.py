"""Tell what a start would find in the database, and change nothing."""

import os
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.engine import DatabaseError, connect, new_engine, refusal, sqlite_file
from bot.store.migrate import schema_version
from bot.texts import operator


async def look(url: str) -> str:
    """Return a sentence about the database at an address; see :func:`bot.store.engine.new_engine`.

    Raises:
        DatabaseError: if the bot could not start with it.
    """
    engine = new_engine(url)
    file = sqlite_file(engine)
    try:
        if file is not None:
            _check_writable(file)
        if file is not None and not file.exists():
            return operator.database_new(str(file))
        await connect(engine)
        return await _described(engine, str(file or f"{engine.url.host}/{engine.url.database}"))
    finally:
        await engine.dispose()


async def _described(engine: AsyncEngine, name: str) -> str:
    try:
        version = await schema_version(engine)
    except DBAPIError as error:
        raise refusal(error) from error
    return operator.database_found(name, current=version.found == version.newest)


def _check_writable(path: Path) -> None:
    """Raise DatabaseError unless a file is ours to write, or can be made."""
    there = next(place for place in (path, *path.absolute().parents) if place.exists())
    if not os.access(there, os.W_OK) or (there != path and not there.is_dir()):
        raise DatabaseError(operator.database_closed(f"I may not write to {there}"))
