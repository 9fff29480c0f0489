"""Keep tunes, and find them again."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Final, Self

from sqlalchemy import Select, delete, exists, false, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.cached_files import CachedFiles
from bot.store.database import Database
from bot.store.engine import connect, new_engine, refusal
from bot.store.forgetting import Forgetting, delete_tunes
from bot.store.likes import Likes
from bot.store.migrate import migrate
from bot.store.preferences import COMMUNITY, Preferences
from bot.store.schedules import Schedules
from bot.store.schema import LIKES, SEEN, TUNES
from bot.store.shared_buckets import SharedBuckets
from bot.store.shelf import Shelf
from bot.store.tune_rows import NewTune, SavedTune, saved_tune

# Without those that are mistaken for each other when a link is read aloud.
_ID_LETTERS: Final = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
ID_LENGTH: Final = 10  # 58 bits: nobody finds a tune by guessing
_TRIES: Final = 5
_DAY: Final = 86_400.0  # seconds
_REMEMBERED: Final = 3 * _DAY  # longer than any platform sends a thing again


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is kept; the oldest goes first, and 0 is no bound.

    Attributes:
        days: that a tune is kept.
        tunes: that are kept for one person on a platform.
        pastes: likewise, of those that they pasted.
    """

    days: float = 0
    tunes: int = 0
    pastes: int = 0


FOR_EVER: Final = Bounds()


class Store:
    """The database. ``await open()`` before use, ``await close()`` at the end.

    Attributes:
        buckets: what people may still ask for, where several processes share the database; None elsewhere.
        shelf: finds tunes.
        likes: who likes which tune.
        preferences: what people and communities have set.
        schedules: where a tune is posted every day.
        cached_files: by which ids a platform gives files again.
        forgetting: deletes what is kept of somebody.
    """

    def __init__(
        self, engine: AsyncEngine, clock: Callable[[], float], random: Random, bounds: Bounds
    ) -> None:
        self._database = Database(engine, clock)
        self.buckets = SharedBuckets(self._database, clock) if engine.dialect.name == "postgresql" else None
        self.shelf = Shelf(self._database)
        self.likes = Likes(self._database, clock)
        self.preferences = Preferences(self._database)
        self.schedules = Schedules(self._database)
        self.cached_files = CachedFiles(self._database)
        self.forgetting = Forgetting(self._database)
        self._clock = clock
        self._random = random
        self._bounds = bounds

    @classmethod
    async def open(
        cls, url: str, clock: Callable[[], float], random: Random, bounds: Bounds = FOR_EVER
    ) -> Self:
        """Connect, and bring the database to the schema of this version.

        Args:
            url: as SQLAlchemy takes it, with an async driver: ``sqlite+aiosqlite:///data/tunes.db``.
            clock: seconds since 1970.
            random: draws the ids; a ``SystemRandom`` draws those that nobody can guess.
            bounds: how much is kept.

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
        return cls(engine, clock, random, bounds)

    async def close(self) -> None:
        """Disconnect."""
        await self._database.close()

    @property
    def trouble(self) -> str:
        """Return why the database could not be used the last time; empty if it could."""
        return self._database.trouble

    async def ping(self) -> None:
        """Ask the database for nothing.

        Raises:
            StoreError: it does not answer.
        """
        async with self._database.reading() as connection:
            await connection.execute(select(1))

    async def add(self, tune: NewTune) -> SavedTune:
        """Keep a tune under a new id, and return it with that.

        Raises:
            StoreError: the database cannot be used now.
        """
        row = {name: getattr(tune, name) for name in NewTune.__slots__} | {"request": dict(tune.request)}
        for attempt in range(_TRIES):
            saved = SavedTune(self._new_id(), self._clock(), tune)
            try:
                async with self._database.writing() as connection:
                    await connection.execute(insert(TUNES).values(id=saved.id, created=saved.created, **row))
                    await self._keep_within_bounds(connection, saved)
            except IntegrityError:
                if attempt == _TRIES - 1:
                    raise
            else:
                return saved
        raise AssertionError("unreachable")

    async def _keep_within_bounds(self, connection: AsyncConnection, saved: SavedTune) -> None:
        """Drop what is over the bounds on the platform of a new tune, and of its person."""
        tune, bounds = saved.tune, self._bounds
        if bounds.days:
            oldest = saved.created - bounds.days * _DAY
            old = select(TUNES.c.id).where(TUNES.c.platform == tune.platform, TUNES.c.created < oldest)
            await delete_tunes(connection, (await connection.execute(old)).scalars().all())
        theirs = [TUNES.c.platform == tune.platform, TUNES.c.user == tune.user]
        pasted = tune.model is None
        for most, which in ((bounds.tunes, theirs), (bounds.pastes, [*theirs, TUNES.c.model.is_(None)])):
            if not most or (which is not theirs and not pasted):
                continue
            over = select(TUNES.c.id).where(*which).order_by(TUNES.c.created.desc()).offset(most)
            spared = exists().where(LIKES.c.tune == TUNES.c.id)  # somebody may look for it
            await delete_tunes(connection, (await connection.execute(over.where(~spared))).scalars().all())

    async def first_time(self, platform: str, key: str) -> bool:
        """Note that something that a platform has sent is answered; tell whether it was not before.

        Args:
            platform: its name.
            key: the platform's own number of it.

        Raises:
            StoreError: the database cannot be used now.
        """
        now = self._clock()
        try:
            async with self._database.writing() as connection:
                await connection.execute(insert(SEEN).values(platform=platform, key=key, at=now))
                await connection.execute(delete(SEEN).where(SEEN.c.at < now - _REMEMBERED))
        except IntegrityError:
            return False
        return True

    async def noted(self, platform: str, start: str) -> str:
        """Return the rest of the newest key that begins so among those that :meth:`first_time` has noted.

        Args:
            platform: its name.
            start: of the key.

        Returns:
            What follows; empty if there is none, or none any more.
        """
        these = (SEEN.c.platform == platform, SEEN.c.key.startswith(start, autoescape=True))
        query = select(SEEN.c.key).where(*these).order_by(SEEN.c.at.desc()).limit(1)
        async with self._database.reading() as connection:
            key = (await connection.execute(query)).scalar()
        return str(key or start).removeprefix(start)

    async def move(self, platform: str, community: str, to: str) -> None:
        """Give a community's tunes, settings and schedule to another id: a group that became larger."""
        theirs = (TUNES.c.platform == platform, TUNES.c.community == community)
        async with self._database.writing() as connection:
            await connection.execute(update(TUNES).where(*theirs).values(community=to, place=to))
        await self.preferences.move(platform, COMMUNITY, community, to)
        await self.schedules.move(platform, community, to)

    async def tune(self, tune_id: str) -> SavedTune | None:
        """Return the tune with this id, or None.

        Raises:
            StoreError: the database cannot be used now, here and below.
        """
        return await self._first(select(TUNES).where(TUNES.c.id == tune_id))

    async def last(self, platform: str, place: str, user: str) -> SavedTune | None:
        """Return the newest tune that this person asked for in this place, or None."""
        theirs = (TUNES.c.platform == platform, TUNES.c.place == place, TUNES.c.user == user)
        return await self._first(select(TUNES).where(*theirs).order_by(TUNES.c.created.desc()).limit(1))

    async def of_person(self, platform: str, user: str, count: int) -> list[SavedTune]:
        """Return the newest tunes that this person has on a platform, newest first."""
        theirs = (TUNES.c.platform == platform, TUNES.c.user == user)
        return await self._all(select(TUNES).where(*theirs).order_by(TUNES.c.created.desc()).limit(count))

    async def recent(self, platform: str, count: int) -> list[SavedTune]:
        """Return the newest tunes that were composed on a platform, newest first."""
        composed = (TUNES.c.platform == platform, TUNES.c.model.is_not(None))
        return await self._all(select(TUNES).where(*composed).order_by(TUNES.c.created.desc()).limit(count))

    async def _first(self, query: Select[Any]) -> SavedTune | None:
        return next(iter(await self._all(query)), None)

    async def _all(self, query: Select[Any]) -> list[SavedTune]:
        async with self._database.reading() as connection:
            return [saved_tune(row) for row in await connection.execute(query)]

    def _new_id(self) -> str:
        return "".join(self._random.choices(_ID_LETTERS, k=ID_LENGTH))
