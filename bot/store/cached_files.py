"""By which ids a platform gives files of a tune again that it was sent once."""

from collections.abc import Iterable

from sqlalchemy import select

from bot.store.database import Database
from bot.store.schema import CACHED_FILES
from bot.store.upsert import upsert


class CachedFiles:
    """The ids. Every method raises StoreError where the database cannot be used now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, tune_id: str, platform: str, kind: str, file_id: str) -> None:
        """Keep the id of a file, in place of an earlier one.

        Args:
            tune_id: of the tune.
            platform: that gave the id.
            kind: of file, as the platform names it: ``photo``, ``audio``.
            file_id: as the platform takes it in place of the file.
        """
        row = {"tune": tune_id, "platform": platform, "kind": kind, "file_id": file_id}
        async with self._database.writing() as connection:
            await upsert(connection, CACHED_FILES, [row])

    async def of(self, tune_ids: Iterable[str], platform: str) -> dict[str, dict[str, str]]:
        """Return what a platform keeps of these tunes: ids by kind, by tune."""
        query = select(CACHED_FILES).where(
            CACHED_FILES.c.tune.in_(list(tune_ids)), CACHED_FILES.c.platform == platform
        )
        found: dict[str, dict[str, str]] = {}
        async with self._database.reading() as connection:
            for row in (await connection.execute(query)).mappings():
                found.setdefault(row["tune"], {})[row["kind"]] = row["file_id"]
        return found
