"""Likes, settings, schedules and lists, in either database."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bot.store import Bounds, NewTune, Place, Schedule, Search, Store
from bot.store.forgetting import Forgotten
from bot.store.preferences import COMMUNITY, PERSON
from tests.bot.players import Clock
from tests.bot.test_store import _tune

HALL = Place("discord", "hall", "stage")


def tune(user: str = "anna", title: str = "Kettle", **other: str) -> NewTune:
    new = replace(_tune(user=user, title=title), platform="discord", community="hall", place="stage")
    return replace(new, **other)  # type: ignore[arg-type]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of either kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/tunes.db"
    new: str = request.getfixturevalue("postgres").new_url()
    return new


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(url: str, clock: Clock) -> AsyncIterator[Store]:
    store = await Store.open(url, clock, Random(1), Bounds(tunes=3))
    yield store
    await store.close()


async def test_a_person_has_one_like_and_may_take_it_back(store: Store) -> None:
    kept, likes = await store.add(tune()), store.likes
    assert await likes.add(kept.id, "discord", "ben")
    assert not await likes.add(kept.id, "discord", "ben")
    assert await likes.add(kept.id, "telegram", "ben")  # somebody else
    assert await likes.count(kept.id) == 2
    assert await likes.liked([kept.id, "other"], "discord", "ben") == {kept.id}
    assert not await likes.toggle(kept.id, "discord", "ben")
    assert await likes.counts([kept.id, "other"]) == {kept.id: 1}
    assert await likes.toggle(kept.id, "discord", "ben")
    assert await likes.remove(kept.id, "discord", "ben")
    assert not await likes.remove(kept.id, "discord", "ben")


async def test_likes_at_once_from_two_processes_count_once_each(url: str) -> None:
    stores = [await Store.open(url, Clock(), Random(n)) for n in (1, 2)]
    try:
        kept = await stores[0].add(tune())
        presses = [(store, f"p{number}") for number in range(50) for store in stores]
        new = await asyncio.gather(*(store.likes.add(kept.id, "discord", who) for store, who in presses))
        assert sum(new) == 50
        assert await stores[1].likes.count(kept.id) == 50
    finally:
        await asyncio.gather(*(store.close() for store in stores))


async def test_the_best_liked_of_a_place_come_first_by_likes_since_a_time(store: Store, clock: Clock) -> None:
    old, new, elsewhere = [
        await store.add(each)
        for each in (tune(title="Old"), tune(user="ben", title="New"), tune(community="barn", user="cleo"))
    ]
    for who in ("anna", "ben", "cleo"):
        await store.likes.add(old.id, "discord", who)
    await store.likes.add(elsewhere.id, "discord", "anna")
    clock.now += 1000
    since = clock.now - 10
    await store.likes.add(new.id, "discord", "anna")
    ever = await store.shelf.top(HALL, 0, 10)
    assert [(liked.tune.tune.title, liked.likes) for liked in ever] == [("Old", 3), ("New", 1)]
    assert [liked.tune for liked in await store.shelf.top(HALL, since, 10)] == [new]
    assert [liked.tune for liked in await store.shelf.top(HALL, 0, 10, skip=1)] == [new]
    assert await store.shelf.liked_by("discord", "anna", 10) == [new, elsewhere, old]
    assert await store.shelf.liked_by("discord", "anna", 1, skip=1) == [elsewhere]


async def test_lists_of_a_place_and_a_person_by_page(store: Store, clock: Clock) -> None:
    kept = []
    for title in ("One", "Two", "Three"):
        clock.now += 1
        kept.append(await store.add(tune(title=title)))
    clock.now += 1
    pasted = await store.add(tune(user="ben", model=None))  # type: ignore[arg-type]
    private = await store.add(replace(tune(user="cleo"), community="", place="7"))
    assert await store.shelf.here(HALL, 2) == kept[:0:-1]
    assert await store.shelf.here(HALL, 2, skip=2) == kept[:1]
    assert await store.shelf.here(Place("discord", "", "7"), 9) == [private]
    assert await store.shelf.of_person("discord", "ben", 9) == [pasted]


async def test_the_site_shows_its_own_tunes_and_those_of_communities_that_agreed(store: Store) -> None:
    ours = await store.add(replace(_tune(user="x"), title="A 100% Reel", rhythm="reel", key="Em"))
    theirs = await store.add(tune(title="The Reel of Agreement"))
    shelf = store.shelf
    assert await shelf.public(Search(), 9) == [ours]
    await store.preferences.put("discord", COMMUNITY, "hall", {"site": "on"})
    assert set(map(_title, await shelf.public(Search(["REEL"]), 9))) == {
        "A 100% Reel",
        "The Reel of Agreement",
    }
    assert await shelf.public(Search(["0%"]), 9) == [ours]
    assert await shelf.public(Search(["reel"], types=["jig"]), 9) == [theirs]
    assert await shelf.public(Search(key="Em", meters=["6/8"], types=["reel"]), 9) == [ours]
    await store.likes.add(theirs.id, "web", "somebody")
    assert [liked.tune for liked in await shelf.public_top(0, 9)] == [theirs]
    await store.preferences.put("discord", COMMUNITY, "hall", {"site": ""})
    assert await shelf.public_top(0, 9) == []


def _title(saved: object) -> str:
    return saved.tune.title  # type: ignore[attr-defined, no-any-return]


async def test_settings_are_kept_by_owner_and_taken_back(store: Store) -> None:
    preferences = store.preferences
    await preferences.put("discord", PERSON, "anna", {"key": "G", "temp": "0.9"})
    await preferences.put("discord", COMMUNITY, "anna", {"key": "D"})
    await preferences.put("discord", PERSON, "anna", {"key": "Em", "temp": ""})
    assert await preferences.of("discord", PERSON, "anna") == {"key": "Em"}
    assert await preferences.of("telegram", PERSON, "anna") == {}
    await preferences.move("discord", COMMUNITY, "anna", "hall")
    assert await preferences.of("discord", COMMUNITY, "hall") == {"key": "D"}


async def test_a_due_tune_is_claimed_once(url: str) -> None:
    stores = [await Store.open(url, Clock(), Random(n)) for n in (1, 2)]
    try:
        first = stores[0].schedules
        assert await first.next_due() is None
        noon = Schedule("discord", "stage", "hall", 720, "Europe/Dublin", ["jig", *[""] * 6], 100.0)
        await first.put(replace(noon, minute=1))
        await first.put(noon)
        assert await first.of("discord", "stage") == noon
        assert await first.next_due() == 100.0
        assert await first.due(99.0) == []
        for then in (200.0, 300.0):
            (due,) = await first.due(then - 1)
            claims = await asyncio.gather(*(store.schedules.claim(due, then) for store in stores * 3))
            assert sum(claims) == 1
        await first.move("discord", "stage", "tent")
        assert await first.of("discord", "stage") is None
        assert await first.remove("discord", "tent")
        assert not await first.remove("discord", "tent")
    finally:
        await asyncio.gather(*(store.close() for store in stores))


async def test_files_that_a_platform_keeps(store: Store) -> None:
    await store.cached_files.put("one", "telegram", "photo", "p1")
    await store.cached_files.put("one", "telegram", "photo", "p2")
    await store.cached_files.put("one", "telegram", "audio", "a1")
    await store.cached_files.put("one", "discord", "photo", "d1")
    assert await store.cached_files.of(["one", "two"], "telegram") == {"one": {"photo": "p2", "audio": "a1"}}


async def test_forgetting_a_person_says_what_went_and_leaves_tunes_without_a_name(store: Store) -> None:
    composed = await store.add(tune())
    private = await store.add(replace(tune(), community="", place="anna"))
    pasted = await store.add(tune(model=None))  # type: ignore[arg-type]
    await store.likes.add(composed.id, "discord", "anna")
    await store.likes.add(pasted.id, "discord", "ben")
    await store.preferences.put("discord", PERSON, "anna", {"key": "G"})
    assert await store.forgetting.person("discord", "anna") == Forgotten(1, 1, 1, 2)
    assert await store.tune(pasted.id) is None
    assert await store.likes.counts([pasted.id, composed.id]) == {}
    left = [await store.tune(each.id) for each in (composed, private)]
    assert [(each.tune.user, each.tune.place) for each in left if each] == [("", "stage"), ("", "")]
    assert await store.forgetting.person("discord", "anna") == Forgotten(0, 0, 0, 0)


async def test_forgetting_a_community_and_a_tune(store: Store) -> None:
    kept = await store.add(tune())
    await store.preferences.put("discord", COMMUNITY, "hall", {"key": "G"})
    await store.schedules.put(Schedule("discord", "stage", "hall", 0, "UTC", [], 1.0))
    await store.forgetting.community("discord", "hall")
    assert await store.preferences.of("discord", COMMUNITY, "hall") == {}
    assert await store.schedules.next_due() is None
    assert await store.shelf.here(HALL, 9) == []
    assert await store.tune(kept.id)
    await store.likes.add(kept.id, "discord", "ben")
    await store.forgetting.tune(kept.id)
    assert await store.tune(kept.id) is None
    assert await store.likes.count(kept.id) == 0


async def test_a_tune_that_somebody_likes_is_kept_beyond_the_number_of_one_person(
    store: Store, clock: Clock
) -> None:
    kept = []
    for _ in range(5):
        clock.now += 1
        kept.append(await store.add(tune()))
        if len(kept) == 1:
            await store.likes.add(kept[0].id, "discord", "ben")
    assert [saved.id for saved in kept if await store.tune(saved.id)] == [kept[n].id for n in (0, 2, 3, 4)]


async def test_a_tune_knows_the_one_that_it_comes_from(store: Store) -> None:
    first = await store.add(tune())
    second = await store.add(tune(parent=first.id))
    found = await store.tune(second.id)
    assert found
    assert found.tune.parent == first.id
