"""One writer at a time, and one sentence when the database cannot be had."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot import texts
from bot.store.engine import sqlite_file
from bot.store.migrate import migrate
from generator.errors import FriendlyError

_logger: Final = logging.getLogger(__name__)
_REST: Final = 2.0  # seconds for which nobody writes after a write has failed, so that no line builds up
_TROUBLES: Final = (DBAPIError, NoConnectionError, OSError)


class StoreError(FriendlyError):
    """The database cannot be asked just now."""


class Database:
    """The engine, used by one event loop.

    Attributes:
        trouble: why the database could not be asked the last time, in the driver's words; empty if it could.

    Args:
        engine: connected, its schema of this version.
        clock: seconds.
    """

    def __init__(self, engine: AsyncEngine, clock: Callable[[], float]) -> None:
        self.trouble = ""
        self._engine, self._clock = engine, clock
        self._file = sqlite_file(engine)
        self._identity = _identity(self._file)
        self._writer = asyncio.Lock()
        self._rests_until = float("-inf")
        self._while_writing = False  # the trouble came

    async def close(self) -> None:
        """Disconnect."""
        await self._engine.dispose()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection with a transaction; one at a time.

        Raises:
            StoreError: the database is locked, full or gone.
        """
        async with self._writer:
            if self._clock() < self._rests_until:
                raise StoreError(texts.STORE_CLOSED)
            try:
                async with self._watched(writing=True), self._engine.begin() as connection:
                    yield connection
            except StoreError:
                self._rests_until = self._clock() + _REST
                raise

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection to read with.

        Raises:
            StoreError: the database is gone, or does not answer.
        """
        async with self._watched(), self._engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def _watched(self, *, writing: bool = False) -> AsyncIterator[None]:
        """Turn a failure into a StoreError, and log it once; log once that all is well again.

        After a failure to write, only writing shows that all is well: a locked database can be read.
        """
        try:
            await self._follow_file()
            yield
        except IntegrityError:
            raise
        except _TROUBLES as error:
            cause = getattr(error, "orig", None) or error
            trouble = (str(cause) or type(cause).__name__).splitlines()[0]
            if trouble != self.trouble:
                # The driver's words say it all, and its trace would say it with values.
                _logger.error("the database can't be used (%s); tunes are shown and not kept", trouble)  # noqa: TRY400
            self.trouble, self._while_writing = trouble, writing
            raise StoreError(texts.STORE_CLOSED) from error
        if self.trouble and (writing or not self._while_writing):
            _logger.warning("the database can be used again")
            self.trouble = ""

    async def _follow_file(self) -> None:
        """Let go of an SQLite file that is no longer where it was; take up one that came in its place."""
        now = _identity(self._file)
        if now == self._identity and (now or not self._file):
            return
        self._identity = now
        await self._engine.dispose()
        if now is None:
            raise FileNotFoundError(f"{self._file} is gone")
        await migrate(self._engine)


def _identity(file: Path | None) -> tuple[int, int] | None:
    """Return what tells one file from another that has its name; None where there is none."""
    try:
        found = file.stat() if file else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None
