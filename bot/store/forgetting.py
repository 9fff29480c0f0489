"""Delete what is kept of a person, of a community, or of a tune."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.preferences import COMMUNITY, PERSON
from bot.store.schema import CACHED_FILES, LIKES, PREFERENCES, SCHEDULES, TUNES


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was deleted of a person.

    Attributes:
        likes, settings, pastes: deleted.
        tunes: composed ones, which stay, and no longer say whose they are.
    """

    likes: int
    settings: int
    pastes: int
    tunes: int


class Forgetting:
    """Deletes. Every method raises StoreError where the database cannot be used now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def person(self, platform: str, user: str) -> Forgotten:
        """Delete a person's likes, settings and pastes, and take them off the tunes."""
        theirs = (TUNES.c.platform == platform, TUNES.c.user == user)
        async with self._database.writing() as connection:
            likes = await connection.execute(
                delete(LIKES).where(LIKES.c.platform == platform, LIKES.c.user == user)
            )
            settings = await connection.execute(
                delete(PREFERENCES).where(
                    PREFERENCES.c.platform == platform,
                    PREFERENCES.c.kind == PERSON,
                    PREFERENCES.c.owner == user,
                )
            )
            pasted = select(TUNES.c.id).where(*theirs, TUNES.c.model.is_(None))
            pastes = (await connection.execute(pasted)).scalars().all()
            await delete_tunes(connection, pastes)
            # A private chat is the person's own, so its id goes as well.
            await connection.execute(update(TUNES).where(*theirs, TUNES.c.community == "").values(place=""))
            tunes = await connection.execute(update(TUNES).where(*theirs).values(user=""))
        return Forgotten(likes.rowcount, settings.rowcount, len(pastes), tunes.rowcount)

    async def community(self, platform: str, community: str) -> None:
        """Delete a community's settings and schedules, and take it off the tunes."""
        async with self._database.writing() as connection:
            await connection.execute(
                delete(PREFERENCES).where(
                    PREFERENCES.c.platform == platform,
                    PREFERENCES.c.kind == COMMUNITY,
                    PREFERENCES.c.owner == community,
                )
            )
            await connection.execute(
                delete(SCHEDULES).where(SCHEDULES.c.platform == platform, SCHEDULES.c.community == community)
            )
            theirs = (TUNES.c.platform == platform, TUNES.c.community == community)
            await connection.execute(update(TUNES).where(*theirs).values(community="", place=""))

    async def tune(self, tune_id: str) -> None:
        """Delete a tune, and all that hangs on it."""
        async with self._database.writing() as connection:
            await delete_tunes(connection, [tune_id])


async def delete_tunes(connection: AsyncConnection, ids: Sequence[str]) -> None:
    """Delete tunes, their likes, and what platforms keep of them."""
    if not ids:
        return
    await connection.execute(delete(LIKES).where(LIKES.c.tune.in_(ids)))
    await connection.execute(delete(CACHED_FILES).where(CACHED_FILES.c.tune.in_(ids)))
    await connection.execute(delete(TUNES).where(TUNES.c.id.in_(ids)))
