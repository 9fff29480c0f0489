"""Connect to the database that ``DATABASE_URL`` names, or say in one sentence why not."""

import re
from pathlib import Path
from typing import Any, Final
from warnings import catch_warnings, simplefilter

from sqlalchemy import URL, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SAWarning
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.install import install_command
from bot.texts import operator
from generator.errors import FriendlyError

_LONGEST_LOCK: Final = 2000  # milliseconds that another program may hold the database


class DatabaseError(FriendlyError):
    """The database cannot be used; the sentence says why, and what to do."""


def new_engine(url: str) -> AsyncEngine:
    """Return an engine that has not connected yet.

    Args:
        url: as SQLAlchemy takes it, with an async driver: ``sqlite+aiosqlite:///data/tunes.db``.

    Raises:
        DatabaseError: if the address makes no sense, or its driver is not installed.
    """
    try:
        with catch_warnings():
            simplefilter("error", SAWarning)  # an option that SQLite does not have
            # Statements are logged without their values: who asked is nobody's business.
            address = make_url(url)
            engine = create_async_engine(address, hide_parameters=True, **_pool(address))
    except (ArgumentError, NoSuchModuleError) as error:
        raise DatabaseError(operator.DATABASE_UNKNOWN) from error
    except ModuleNotFoundError as error:
        module = error.name or ""
        command = install_command("postgres") if module == "asyncpg" else f"pip install {module}"
        raise DatabaseError(operator.database_driver(module, command)) from error
    except SAWarning as error:
        raise _bad_option(error) from error
    except ValueError as error:
        raise DatabaseError(operator.DATABASE_VALUE) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    return engine


def _pool(url: URL) -> dict[str, Any]:
    if url.get_backend_name() != "sqlite":
        return {"pool_pre_ping": True}  # the server may have been restarted
    if url.database in (None, "", ":memory:"):
        # One connection, for one at a time: giving it back rolls back what somebody else began on it.
        return {"poolclass": AsyncAdaptedQueuePool, "pool_size": 1, "max_overflow": 0}
    return {}


def _prepare_sqlite(connection: DBAPIConnection, _: object) -> None:
    """Let readers go on beside the one who writes (sqlite.org/wal.html), and nobody wait for long."""
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={_LONGEST_LOCK}", "journal_mode=WAL", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


async def connect(engine: AsyncEngine) -> None:
    """Connect once; make the folder of an SQLite file.

    Raises:
        DatabaseError: if the database cannot be reached.
    """
    try:
        file = sqlite_file(engine)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        async with engine.connect():
            pass
    except TypeError as error:  # of the driver's function: no such argument, or not of this type
        raise _bad_option(error) from error
    except (ValueError, OverflowError) as error:
        raise DatabaseError(operator.DATABASE_VALUE) from error
    except Exception as error:  # drivers raise their own, which have nothing in common
        raise refusal(error) from error


def _bad_option(error: Exception) -> DatabaseError:
    option = re.search(r"argument\S* '(\w+)'", str(error))
    return DatabaseError(operator.database_option(option[1]) if option else operator.DATABASE_VALUE)


def refusal(error: Exception) -> DatabaseError:
    """Return an error that says what a database or its driver objects to."""
    cause = getattr(error, "orig", None) or error
    return DatabaseError(operator.database_closed((str(cause) or type(cause).__name__).splitlines()[0]))


def sqlite_file(engine: AsyncEngine) -> Path | None:
    """Return the file of an SQLite database; None for one in memory, or on a server."""
    url = engine.url
    in_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return Path(str(url.database)) if in_file and "uri" not in url.query else None
