"""Limits by person and by chat: who meets one is told how long to wait, and nobody else is."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import limits as module
from bot.core import Core
from bot.limits import Buckets, LimitError, Limits, Rate
from bot.platforms.telegram import TELEGRAM
from bot.settings import SettingsError, load
from bot.store import Store
from generator.errors import RequestError
from tests.bot.players import ANNA, Copyist, Fiddler, settings
from tests.bot.test_one_place import asked, on_discord, on_telegram, on_the_site


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def limited(store: Store, fiddler: Fiddler, clock: Time, **limits: str) -> Core:
    return Core(settings(**limits), store, fiddler, Copyist(), Random(7), clock=clock)


@given(
    st.integers(1, 9),
    st.integers(1, 100),
    st.lists(st.floats(0, 50), max_size=40),
)
def test_nobody_gets_more_than_a_full_bucket_and_what_came_in_since(
    count: int, seconds: int, pauses: list[float]
) -> None:
    clock = Time()
    buckets = Buckets(Rate(count, float(seconds)), clock)
    taken: list[float] = []
    for pause in pauses:
        clock.now += pause
        wait = buckets.wait("anna")
        if not wait:
            buckets.take("anna")
            taken.append(clock.now)
        else:
            clock.now += wait  # as we were told
            assert not buckets.wait("anna")
        for first, begin in enumerate(taken):
            assert len(taken) - first <= count + (clock.now - begin) * count / seconds + 1e-6


def test_a_rate_is_read_or_there_is_none() -> None:
    assert Rate.read("20/10m") == Rate(20, 600)
    assert Rate.read("1/1h") == Rate(1, 3600)
    assert Rate.read("0") is None
    with pytest.raises(SettingsError, match="LIMIT_PERSON"):
        load(None, {"LIMIT_PERSON": "many"})


async def test_who_asks_too_much_is_told_how_long_to_wait_and_others_are_not(
    store: Store, fiddler: Fiddler
) -> None:
    clock = Time()
    core = limited(store, fiddler, clock, limit_person="2/1m")
    anna, ben = (TELEGRAM.asker(user, user) for user in ("anna", "ben"))
    for _ in range(2):
        await core.answer("/tune", anna)
    with pytest.raises(LimitError) as told:
        await core.answer("/tune", anna)
    assert str(told.value) == "You've had a lot of tunes just now; your next one can come in 30 seconds."
    await core.answer("/tune", ben)
    await core.answer("/help", anna)
    clock.now += 30
    await core.answer("/tune", anna)
    assert len(fiddler.asked) == 4


async def test_a_mistake_does_not_count(store: Store, fiddler: Fiddler) -> None:
    core = limited(store, fiddler, Time(), limit_person="1/1h")
    with pytest.raises(RequestError):
        await core.answer("/tune temp=9", ANNA)
    await core.answer("/tune", ANNA)


async def test_a_group_has_a_limit_together_and_the_site_is_no_group(store: Store, fiddler: Fiddler) -> None:
    core = limited(store, fiddler, Time(), limit_chat="2/3h")
    people = [TELEGRAM.asker(name, "pub", "pub") for name in "abc"]
    for person in people[:2]:
        await core.answer("/tune", person)
    with pytest.raises(
        LimitError, match=r"This chat has had a lot of tunes just now; the next .* 90 minutes"
    ):
        await core.answer("/tune", people[2])
    await core.answer("/tune", TELEGRAM.asker("c", "kitchen", "kitchen"))
    await core.answer("/tune", TELEGRAM.asker("c", "c"))
    for _ in range(3):
        await core.answer("/tune", ANNA)


async def test_an_ordinary_evening_meets_no_limit(store: Store, fiddler: Fiddler) -> None:
    core = limited(store, fiddler, Time())
    for _ in range(100):
        await core.answer("/tune", ANNA)


def test_limits_of_many_people_take_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REMEMBERED", 3)
    limits = Limits("1/1h", "0", Time())
    for name in "abcde":
        limits.take(TELEGRAM.asker(name, name))
    assert len(limits._people) == 3
    with pytest.raises(LimitError):
        limits.take(TELEGRAM.asker("e", "e"))
    limits.take(TELEGRAM.asker("a", "a"))  # the longest ago is forgotten


@pytest.fixture
def strict(store: Store, fiddler: Fiddler) -> Core:
    return limited(store, fiddler, Time(), limit_person="1/1m")


SENTENCE = "You've had a lot of tunes just now; your next one can come in 60 seconds."


async def test_who_asks_too_much_is_told_on_discord(strict: Core) -> None:
    async with on_discord(strict) as server:
        await server.answers(await server.slash("tune"))
        deleted, told = await server.answers(await server.slash("tune"), 2)
    assert deleted.method == "DELETE"
    assert SENTENCE in str(told.body)
    assert told.body["flags"] & 64  # to the asker alone


async def test_who_asks_too_much_is_told_on_telegram(strict: Core) -> None:
    async with on_telegram(strict) as server:
        await server.write("/tune")
        before = len(await server.answers(1))
        await server.write("/tune")
        while SENTENCE not in str((await server.answers(before))[-1].body):
            before += 1


async def test_who_asks_too_much_is_told_on_the_site(strict: Core) -> None:
    async with on_the_site(strict) as browser:
        await asked(browser, "/tune")
        async with browser.post("/api/chat", json={"text": "/tune"}) as response:
            assert (response.status, await response.json()) == (429, {"error": SENTENCE})
