"""Who likes which tune: one like each."""

from collections.abc import Callable, Iterable

from sqlalchemy import delete, func, select

from bot.store.database import Database
from bot.store.schema import LIKES
from bot.store.upsert import insert_new


class Likes:
    """The likes. Every method raises StoreError where the database cannot be used now.

    Args:
        database: open.
        clock: seconds since 1970.
    """

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    async def add(self, tune_id: str, platform: str, user: str) -> bool:
        """Keep somebody's like of a tune; tell whether it is a new one."""
        row = {"tune": tune_id, "platform": platform, "user": user, "at": self._clock()}
        async with self._database.writing() as connection:
            return await insert_new(connection, LIKES, row)

    async def remove(self, tune_id: str, platform: str, user: str) -> bool:
        """Take a like back; tell whether there was one."""
        mine = (LIKES.c.tune == tune_id, LIKES.c.platform == platform, LIKES.c.user == user)
        async with self._database.writing() as connection:
            return bool((await connection.execute(delete(LIKES).where(*mine))).rowcount)

    async def toggle(self, tune_id: str, platform: str, user: str) -> bool:
        """Keep a like, or take it back if there is one; tell whether the tune is liked now."""
        if await self.remove(tune_id, platform, user):
            return False
        await self.add(tune_id, platform, user)
        return True

    async def count(self, tune_id: str) -> int:
        """Return how many people like a tune."""
        return (await self.counts([tune_id])).get(tune_id, 0)

    async def counts(self, tune_ids: Iterable[str]) -> dict[str, int]:
        """Return how many people like each of these tunes; those that nobody likes are left out."""
        counted = select(LIKES.c.tune, func.count()).where(LIKES.c.tune.in_(list(tune_ids)))
        async with self._database.reading() as connection:
            rows = await connection.execute(counted.group_by(LIKES.c.tune))
            return dict(rows.all())

    async def liked(self, tune_ids: Iterable[str], platform: str, user: str) -> set[str]:
        """Return which of these tunes somebody likes."""
        theirs = (LIKES.c.platform == platform, LIKES.c.user == user)
        query = select(LIKES.c.tune).where(LIKES.c.tune.in_(list(tune_ids)), *theirs)
        async with self._database.reading() as connection:
            return set((await connection.execute(query)).scalars())
