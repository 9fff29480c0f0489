"""What is kept: the tunes that were made, by a short id.

SQLAlchemy, so that the same code keeps them in an SQLite file or in PostgreSQL.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final, Self

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    Index,
    MetaData,
    Row,
    String,
    Table,
    Text,
    delete,
    false,
    insert,
    make_url,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_METADATA: Final = MetaData()
_TUNES: Final = Table(
    "tunes",
    _METADATA,
    Column("id", String(16), primary_key=True),
    Column("platform", String(20), nullable=False),
    Column("community", String(64), nullable=False),
    Column("place", String(64), nullable=False),
    Column("user", String(64), nullable=False),
    Column("request", JSON, nullable=False),
    Column("title", Text, nullable=False),
    Column("abc", Text, nullable=False),
    Column("key", String(32), nullable=False),
    Column("meter", String(32), nullable=False),
    Column("rhythm", Text, nullable=False),
    Column("temp", Float),
    Column("seed", BigInteger),
    Column("model", String(64)),
    Column("created", Float, nullable=False),
    Index("tunes_by_asker", "platform", "place", "user", "created"),
    Index("tunes_by_age", "platform", "created"),
)
# Without the letters and digits that are mistaken for each other when a link is read aloud.
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
        temp, seed, model: of the draw; None for a tune that was pasted.
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
    """A tune that is kept: its id, when it was made (seconds since 1970), and the rest."""

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
        """Connect, and make the file and the tables that are missing.

        Args:
            url: as SQLAlchemy takes it, with an async driver: ``sqlite+aiosqlite:///data/tunes.db``.
            clock: seconds since 1970.
            random: draws the ids; for tunes that nobody should guess, a ``SystemRandom``.
        """
        address = make_url(url)
        if address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:"):
            Path(str(address.database)).parent.mkdir(parents=True, exist_ok=True)
        # Who asked is nobody's business but the store's: not the log's either.
        engine = create_async_engine(address, hide_parameters=True)
        try:
            async with engine.begin() as connection:
                await connection.run_sync(_METADATA.create_all)
                # Whether we may write, an operator wants to hear now and not with the first tune.
                await connection.execute(delete(_TUNES).where(false()))
        except BaseException:
            await engine.dispose()
            raise
        return cls(engine, clock, random)

    async def close(self) -> None:
        """Let go of the database."""
        await self._engine.dispose()

    async def add(self, tune: NewTune) -> SavedTune:
        """Keep a tune under a new id."""
        row = {name: getattr(tune, name) for name in NewTune.__slots__} | {"request": dict(tune.request)}
        for attempt in range(_TRIES):
            saved = SavedTune(self._new_id(), self._clock(), tune)
            try:
                async with self._engine.begin() as connection:
                    await connection.execute(insert(_TUNES).values(id=saved.id, created=saved.created, **row))
            except IntegrityError:
                if attempt == _TRIES - 1:
                    raise
            else:
                return saved
        raise AssertionError("unreachable")

    async def tune(self, tune_id: str) -> SavedTune | None:
        """The tune with this id, or None."""
        async with self._engine.connect() as connection:
            found = await connection.execute(select(_TUNES).where(_TUNES.c.id == tune_id))
            row = found.first()
        return _saved(row) if row is not None else None

    async def last(self, platform: str, place: str, user: str) -> SavedTune | None:
        """The newest tune that this person asked for in this place, or None."""
        query = (
            select(_TUNES)
            .where(_TUNES.c.platform == platform, _TUNES.c.place == place, _TUNES.c.user == user)
            .order_by(_TUNES.c.created.desc())
            .limit(1)
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).first()
        return _saved(row) if row is not None else None

    async def recent(self, platform: str, count: int) -> list[SavedTune]:
        """The newest tunes that were composed on a platform, newest first."""
        query = (
            select(_TUNES)
            .where(_TUNES.c.platform == platform, _TUNES.c.model.is_not(None))
            .order_by(_TUNES.c.created.desc())
            .limit(count)
        )
        async with self._engine.connect() as connection:
            return [_saved(row) for row in await connection.execute(query)]

    def _new_id(self) -> str:
        return "".join(self._random.choices(_ID_LETTERS, k=ID_LENGTH))


def _saved(row: Row[Any]) -> SavedTune:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented accessor
    return SavedTune(values.pop("id"), values.pop("created"), NewTune(**values))
