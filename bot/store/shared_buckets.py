"""Token buckets in the database, from which several processes take."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import case, delete, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.schema import BUCKETS

_EPSILON: Final = 1e-6  # of the time between two tokens: less is rounding


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket that is full at first, and fills evenly.

    Attributes:
        name: of whoever takes from it.
        count: tokens that it holds.
        seconds: in which it fills.
    """

    name: str
    count: int
    seconds: float


class _EmptyError(Exception):
    """There is no token; the transaction is rolled back."""


class SharedBuckets:
    """Buckets by name.

    Args:
        database: that the processes share.
        clock: seconds since 1970, about the same for all of them.
    """

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    async def take(self, buckets: Sequence[Bucket]) -> tuple[Bucket, float] | None:
        """Take a token from each bucket, or from none.

        Returns:
            None if there was one in each; otherwise the first empty one, and the seconds until it has one.

        Raises:
            StoreError: the database cannot be used now.
        """
        now = self._clock()
        empty: tuple[Bucket, float] | None = None
        try:
            async with self._database.writing() as connection:
                for bucket in buckets:
                    if (wait := await _take(connection, bucket, now)) > 0:
                        empty = bucket, wait
                        raise _EmptyError  # noqa: TRY301 - takes back what was taken before it
                await connection.execute(delete(BUCKETS).where(BUCKETS.c.full_at < now))
        except _EmptyError:
            return empty
        return None


async def _take(connection: AsyncConnection, bucket: Bucket, now: float) -> float:
    """Take a token in one statement, which locks the row; give the seconds to wait if there is none."""
    step = bucket.seconds / bucket.count
    room = bucket.seconds - step * (1 - _EPSILON)
    insert = insert_postgresql if connection.dialect.name == "postgresql" else insert_sqlite
    begun = case((BUCKETS.c.full_at > now, BUCKETS.c.full_at), else_=now)
    taking = (
        insert(BUCKETS)
        .values(name=bucket.name, full_at=now + step)
        .on_conflict_do_update(
            index_elements=[BUCKETS.c.name],
            set_={"full_at": begun + step},
            where=BUCKETS.c.full_at <= now + room,
        )
        .returning(BUCKETS.c.full_at)
    )
    if (await connection.execute(taking)).first() is not None:
        return 0.0
    found = select(BUCKETS.c.full_at).where(BUCKETS.c.name == bucket.name)
    full_at = (await connection.execute(found)).scalar() or now
    return max(float(full_at) - now - (bucket.seconds - step), step * _EPSILON)
