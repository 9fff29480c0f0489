"""What people set for themselves, and managers for their community."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, or_, select

from bot.chosen import Chosen
from bot.store.database import Database
from bot.store.schema import PREFERENCES
from bot.store.upsert import upsert

PERSON: Final = "person"
COMMUNITY: Final = "community"
SITE: Final = "site"  # the setting by which a community agrees that the site shows its tunes


class Preferences:
    """Settings by their owner. Every method raises StoreError where the database cannot be used now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, platform: str, kind: str, owner: str) -> dict[str, str]:
        """Return what somebody has set, by name.

        Args:
            platform: its name.
            kind: :data:`PERSON` or :data:`COMMUNITY`.
            owner: the platform's id of the person, or of the server or group.
        """
        theirs = _of(platform, kind, owner)
        async with self._database.reading() as connection:
            rows = await connection.execute(select(PREFERENCES.c.name, PREFERENCES.c.value).where(*theirs))
            return dict(rows.all())

    async def chosen(self, platform: str, user: str, community: str) -> Chosen:
        """Return what a person and their community have set, with one look."""
        columns = PREFERENCES.c
        person = and_(columns.kind == PERSON, columns.owner == user)
        common = and_(columns.kind == COMMUNITY, columns.owner == community)
        which = (columns.platform == platform, or_(person, common) if community else person)
        found: dict[str, dict[str, str]] = {PERSON: {}, COMMUNITY: {}}
        async with self._database.reading() as connection:
            rows = await connection.execute(select(columns.kind, columns.name, columns.value).where(*which))
            for kind, name, value in rows:
                found[kind][name] = value
        return Chosen(found[PERSON], found[COMMUNITY])

    async def put(self, platform: str, kind: str, owner: str, values: Mapping[str, str]) -> None:
        """Set some settings; an empty value takes one back."""
        key = {"platform": platform, "kind": kind, "owner": owner}
        gone = [name for name, value in values.items() if not value]
        rows = [{**key, "name": name, "value": value} for name, value in values.items() if value]
        async with self._database.writing() as connection:
            if gone:
                which = (*_of(platform, kind, owner), PREFERENCES.c.name.in_(gone))
                await connection.execute(delete(PREFERENCES).where(*which))
            await upsert(connection, PREFERENCES, rows)

    async def move(self, platform: str, kind: str, owner: str, to: str) -> None:
        """Give settings to another owner: a group that a platform gives another id."""
        values = await self.of(platform, kind, owner)
        if values:
            await self.put(platform, kind, to, values)


def _of(platform: str, kind: str, owner: str) -> tuple[ColumnElement[bool], ...]:
    columns = PREFERENCES.c
    return columns.platform == platform, columns.kind == kind, columns.owner == owner
