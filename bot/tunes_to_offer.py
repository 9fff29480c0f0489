"""Tunes that somebody may want to show others: their own, those that they like, those for all to see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.asker import Asker
from bot.store import SavedTune, Search, Store
from bot.tune_facts import facts

_LOOKED_AT = 200  # tunes of each sort


@dataclass(frozen=True, slots=True)
class Offered:
    """A kept tune whose files the platform has already.

    Attributes:
        tune: with its id.
        files: by kind, the ids by which the platform gives them again.
    """

    tune: SavedTune
    files: Mapping[str, str]


async def tunes_to_offer(store: Store, typed: str, asker: Asker, count: int) -> list[Offered]:
    """Find tunes that can be shown at once, as nothing is composed or sent for them.

    Args:
        store: has them.
        typed: words of which each stands in the title, type, key or meter; empty for any tune.
        asker: whose own come first, then those that they like, then those that the site may show.
        count: how many at most.

    Raises:
        StoreError: the database cannot be used now.
    """
    shelf, platform, user = store.shelf, asker.platform, asker.user
    tunes = [
        *await shelf.of_person(platform, user, _LOOKED_AT),
        *await shelf.liked_by(platform, user, _LOOKED_AT),
        *await shelf.public(Search(), _LOOKED_AT),
    ]
    words = typed.lower().split()
    found = {saved.id: saved for saved in tunes if _has(saved, words)}
    files = await store.cached_files.of(found, platform)
    return [Offered(saved, files[tune]) for tune, saved in found.items() if files.get(tune)][:count]


def _has(saved: SavedTune, words: Sequence[str]) -> bool:
    text = " ".join((saved.tune.title, saved.tune.key, *facts(saved.tune).values())).lower()
    return all(word in text for word in words)
