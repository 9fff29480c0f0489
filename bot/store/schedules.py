"""Where a tune is posted every day, and when the next one is due."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, delete, func, select, update

from bot.store.database import Database
from bot.store.schema import SCHEDULES
from bot.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Schedule:
    """A tune a day in one place.

    Attributes:
        platform, place, community: where, as in ``Asker``.
        minute: of the day, 0 to 1439, in the time zone.
        zone: IANA name.
        types: type of tune for each day of the week, Monday first; ``""`` for any. Empty for any on all.
        due: when the next tune is due, seconds since 1970.
    """

    platform: str
    place: str
    community: str
    minute: int
    zone: str
    types: Sequence[str]
    due: float


class Schedules:
    """The schedules. Every method raises StoreError where the database cannot be used now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, schedule: Schedule) -> None:
        """Keep a schedule in place of the one that its place has."""
        row = {name: getattr(schedule, name) for name in Schedule.__slots__}
        row["types"] = list(schedule.types)
        async with self._database.writing() as connection:
            await upsert(connection, SCHEDULES, [row])

    async def remove(self, platform: str, place: str) -> bool:
        """Drop the schedule of a place; tell whether there was one."""
        async with self._database.writing() as connection:
            return bool((await connection.execute(delete(SCHEDULES).where(*_at(platform, place)))).rowcount)

    async def of(self, platform: str, place: str) -> Schedule | None:
        """Return the schedule of a place."""
        found = await self._all(*_at(platform, place))
        return found[0] if found else None

    async def due(self, now: float) -> list[Schedule]:
        """Return the schedules whose tune is due, the longest due first."""
        return await self._all(SCHEDULES.c.due <= now)

    async def next_due(self) -> float | None:
        """Return when the next tune of all is due, in seconds since 1970; None if there is no schedule."""
        async with self._database.reading() as connection:
            due: float | None = (await connection.execute(select(func.min(SCHEDULES.c.due)))).scalar()
        return due

    async def claim(self, schedule: Schedule, then: float) -> bool:
        """Take it upon oneself to post the tune that is due; tell whether nobody else has.

        Args:
            schedule: as it was read.
            then: when the tune after that is due.
        """
        same = (*_at(schedule.platform, schedule.place), SCHEDULES.c.due == schedule.due)
        async with self._database.writing() as connection:
            return bool((await connection.execute(update(SCHEDULES).where(*same).values(due=then))).rowcount)

    async def move(self, platform: str, place: str, to: str) -> None:
        """Give the schedule of a place to another one: a group that a platform gives another id."""
        schedule = await self.of(platform, place)
        if schedule is None:
            return
        await self.remove(platform, place)
        await self.put(replace(schedule, place=to, community=to if schedule.community else ""))

    async def _all(self, *which: ColumnElement[bool]) -> list[Schedule]:
        query = select(SCHEDULES).where(*which).order_by(SCHEDULES.c.due)
        async with self._database.reading() as connection:
            rows = await connection.execute(query)
            return [Schedule(**{name: row[name] for name in Schedule.__slots__}) for row in rows.mappings()]


def _at(platform: str, place: str) -> tuple[ColumnElement[bool], ...]:
    return SCHEDULES.c.platform == platform, SCHEDULES.c.place == place
