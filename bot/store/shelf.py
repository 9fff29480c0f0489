"""Find tunes: somebody's, a place's, the best liked, those that a site may show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, exists, func, or_, select

from bot.chosen import AGREED
from bot.store.database import Database
from bot.store.preferences import COMMUNITY, SITE
from bot.store.schema import LIKES, PREFERENCES, TUNES
from bot.store.tune_rows import SavedTune, saved_tune


@dataclass(frozen=True, slots=True)
class Place:
    """Where tunes were asked for: a community, or a private chat where that is empty."""

    platform: str
    community: str
    place: str

    @property
    def _tunes(self) -> ColumnElement[bool]:
        here = TUNES.c.community == self.community if self.community else TUNES.c.place == self.place
        return and_(TUNES.c.platform == self.platform, here)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; empty for anything.

    Attributes:
        words: each stands in the title, the type or the key.
        types: of tune, as they are kept, of which it has one.
        key: as ABC writes it.
        meters: likewise, of which it has one.
    """

    words: Sequence[str] = ()
    types: Sequence[str] = ()
    key: str = ""
    meters: Sequence[str] = ()

    @property
    def _found(self) -> list[ColumnElement[bool]]:
        found = [
            or_(
                TUNES.c.title.icontains(word, autoescape=True),
                TUNES.c.rhythm.icontains(word, autoescape=True),
                TUNES.c.key == word,
            )
            for word in self.words
        ]
        keys = [self.key] if self.key else []
        pairs = ((TUNES.c.rhythm, self.types), (TUNES.c.key, keys), (TUNES.c.meter, self.meters))
        return [*found, *(column.in_(values) for column, values in pairs if values)]


@dataclass(frozen=True, slots=True)
class Liked:
    """A kept tune, and how many like it."""

    tune: SavedTune
    likes: int


class Shelf:
    """The kept tunes, by what is looked for, each list from ``skip`` on and no longer than ``count``.

    Every method raises StoreError where the database cannot be used now.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_person(self, platform: str, user: str, count: int, skip: int = 0) -> list[SavedTune]:
        """Return a person's tunes, newest first."""
        theirs = (TUNES.c.platform == platform, TUNES.c.user == user)
        return await self._tunes(select(TUNES).where(*theirs).order_by(*_NEWEST), count, skip)

    async def liked_by(self, platform: str, user: str, count: int, skip: int = 0) -> list[SavedTune]:
        """Return the tunes that somebody likes, the last liked first."""
        joined = select(TUNES).join(LIKES, LIKES.c.tune == TUNES.c.id)
        query = joined.where(LIKES.c.platform == platform, LIKES.c.user == user)
        return await self._tunes(query.order_by(LIKES.c.at.desc(), TUNES.c.id), count, skip)

    async def here(self, place: Place, count: int, skip: int = 0) -> list[SavedTune]:
        """Return the tunes that were composed in a place, newest first."""
        composed = (place._tunes, TUNES.c.model.is_not(None))  # noqa: SLF001 - of this module
        return await self._tunes(select(TUNES).where(*composed).order_by(*_NEWEST), count, skip)

    async def top(self, place: Place, since: float, count: int, skip: int = 0) -> list[Liked]:
        """Return the tunes of a place by the likes that they got since a time, the most first."""
        return await self._most_liked([place._tunes], since, count, skip)  # noqa: SLF001 - of this module

    async def public(self, search: Search, count: int, skip: int = 0) -> list[SavedTune]:
        """Return composed tunes that the site may show, newest first, and the same one once."""
        query = select(TUNES).where(_public(), _last_of_its_kind(), *search._found)  # noqa: SLF001 - of this module
        return await self._tunes(query.order_by(*_NEWEST), count, skip)

    async def public_top(self, since: float, count: int, skip: int = 0) -> list[Liked]:
        """Return the tunes that the site may show by their likes since a time, the most first."""
        return await self._most_liked([_public()], since, count, skip)

    async def _most_liked(
        self, which: Sequence[ColumnElement[bool]], since: float, count: int, skip: int
    ) -> list[Liked]:
        likes = (
            select(LIKES.c.tune, func.count().label("likes"), func.max(LIKES.c.at).label("last"))
            .where(LIKES.c.at >= since)
            .group_by(LIKES.c.tune)
            .subquery()
        )
        query = select(TUNES, likes.c.likes).join(likes, likes.c.tune == TUNES.c.id).where(*which)
        query = query.order_by(likes.c.likes.desc(), likes.c.last.desc(), TUNES.c.id)
        async with self._database.reading() as connection:
            rows = await connection.execute(query.limit(count).offset(skip))
            return [Liked(saved_tune(row), row.likes) for row in rows]

    async def _tunes(self, query: Select[Any], count: int, skip: int) -> list[SavedTune]:
        async with self._database.reading() as connection:
            rows = await connection.execute(query.limit(count).offset(skip))
            return [saved_tune(row) for row in rows]


_NEWEST = (TUNES.c.created.desc(), TUNES.c.id)


def _public(tunes: FromClause = TUNES) -> ColumnElement[bool]:
    """Say which tunes the site may show: its own, and those of communities that have agreed."""
    agreed = exists().where(
        PREFERENCES.c.platform == tunes.c.platform,
        PREFERENCES.c.kind == COMMUNITY,
        PREFERENCES.c.owner == tunes.c.community,
        PREFERENCES.c.name == SITE,
        PREFERENCES.c.value == AGREED,
    )
    return and_(tunes.c.model.is_not(None), or_(tunes.c.platform == "web", agreed))


def _last_of_its_kind() -> ColumnElement[bool]:
    """Leave out a tune that was made again since: the same wishes with the same seed."""
    again = TUNES.alias("again")
    # What an index has comes first: who types the same seed for many wishes makes no list slow.
    same = and_(
        *(again.c[name] == TUNES.c[name] for name in ("seed", "key")),
        again.c.created >= TUNES.c.created,
        *(again.c[name] == TUNES.c[name] for name in ("title", "abc")),
    )
    later = or_(again.c.created > TUNES.c.created, again.c.id < TUNES.c.id)
    return ~exists().where(same, later, _public(again)).correlate(TUNES)
