"""Keep tunes, and find them again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final, Self

from sqlalchemy import Row, delete, false, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.engine import connect, new_engine, refusal
from bot.store.migrate import migrate
from bot.store.schema import TUNES

# Without those that are mistaken for each other when a link is read aloud.
_ID_LETTERS: Final = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
ID_LENGTH: Final = 10  # 58 bits: nobody finds a tune by guessing
_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class NewTune:
    """A tune to keep.

    Attributes:
        platform, community, place, user: who asked for it and where, as in ``Asker``.
        request: options of ``/tune`` that give this tune again, as text.
        title, abc, key, meter, rhythm: of the tune; key and meter as ABC writes them.
        temp, seed, model: with which it was drawn; None for a tune that was pasted.
    """

    platform: str
    community: str
    place: str
    user: str
    request: Mapping[str, str]
    title: str
    abc: str
    key: str
    meter: str
    rhythm: str
    temp: float | None
    seed: int | None
    model: str | None


@dataclass(frozen=True, slots=True)
class SavedTune:
    """A tune that is kept: its id, when it was made (seconds since 1970), and what was handed in."""

    id: str
    created: float
    tune: NewTune


class Store:
    """The database. ``await open()`` before use, ``await close()`` at the end."""

    def __init__(self, engine: AsyncEngine, clock: Callable[[], float], random: Random) -> None:
        self._engine = engine
        self._clock = clock
        self._random = random

    @classmethod
    async def open(cls, url: str, clock: Callable[[], float], random: Random) -> Self:
        """Connect, and bring the database to the schema of this version.

        Args:
            url: as SQLAlchemy takes it, with an async driver: ``sqlite+aiosqlite:///data/tunes.db``.
            clock: seconds since 1970.
            random: draws the ids; a ``SystemRandom`` draws those that nobody can guess.

        Raises:
            DatabaseError: if the database cannot be used.
        """
        engine = new_engine(url)
        try:
            await connect(engine)
            await migrate(engine)
            async with engine.begin() as connection:
                # Learn now, not with the first tune, whether we may write.
                await connection.execute(delete(TUNES).where(false()))
        except BaseException as error:
            await engine.dispose()
            if isinstance(error, DBAPIError):
                raise refusal(error) from error
            raise
        return cls(engine, clock, random)

    async def close(self) -> None:
        """Disconnect."""
        await self._engine.dispose()

    async def add(self, tune: NewTune) -> SavedTune:
        """Keep a tune under a new id, and return it with that."""
        row = {name: getattr(tune, name) for name in NewTune.__slots__} | {"request": dict(tune.request)}
        for attempt in range(_TRIES):
            saved = SavedTune(self._new_id(), self._clock(), tune)
            try:
                async with self._engine.begin() as connection:
                    await connection.execute(insert(TUNES).values(id=saved.id, created=saved.created, **row))
            except IntegrityError:
                if attempt == _TRIES - 1:
                    raise
            else:
                return saved
        raise AssertionError("unreachable")

    async def tune(self, tune_id: str) -> SavedTune | None:
        """Return the tune with this id, or None."""
        async with self._engine.connect() as connection:
            found = await connection.execute(select(TUNES).where(TUNES.c.id == tune_id))
            row = found.first()
        return _saved(row) if row is not None else None

    async def last(self, platform: str, place: str, user: str) -> SavedTune | None:
        """Return the newest tune that this person asked for in this place, or None."""
        query = (
            select(TUNES)
            .where(TUNES.c.platform == platform, TUNES.c.place == place, TUNES.c.user == user)
            .order_by(TUNES.c.created.desc())
            .limit(1)
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).first()
        return _saved(row) if row is not None else None

    async def recent(self, platform: str, count: int) -> list[SavedTune]:
        """Return the newest tunes that were composed on a platform, newest first."""
        query = (
            select(TUNES)
            .where(TUNES.c.platform == platform, TUNES.c.model.is_not(None))
            .order_by(TUNES.c.created.desc())
            .limit(count)
        )
        async with self._engine.connect() as connection:
            return [_saved(row) for row in await connection.execute(query)]

    def _new_id(self) -> str:
        return "".join(self._random.choices(_ID_LETTERS, k=ID_LENGTH))


def _saved(row: Row[Any]) -> SavedTune:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented accessor
    return SavedTune(values.pop("id"), values.pop("created"), NewTune(**values))
