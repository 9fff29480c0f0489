"""Lists, and what the bot says of itself and keeps."""

from dataclasses import replace

import pytest

from bot.core import Core
from bot.store import Store
from generator.errors import RequestError
from tests.bot.players import Fiddler, core
from tests.bot.test_preferences import ALONE, ANNA, BEN, CLEO


@pytest.fixture
def bot(store: Store, fiddler: Fiddler) -> Core:
    return core(store, fiddler)


async def _ids(bot: Core, count: int) -> list[str]:
    """Have Anna ask for some tunes; their ids, in order."""
    ids = []
    for _ in range(count):
        tune = (await bot.answer("/tune", ANNA)).tune
        assert tune
        ids.append(str(tune["id"]))
    return ids


async def test_a_list_is_cut_into_pages_with_a_button_for_each_tune(bot: Core) -> None:
    ids = await _ids(bot, 10)
    first = await bot.answer("/mine", ANNA)
    assert first.text.splitlines()[0] == "Your tunes, the newest first:"
    assert len(first.text.splitlines()) == 9
    assert [button.command for button in first.buttons] == [
        *(f"/show {each}" for each in ids[:1:-1]),
        "/mine page=2",
        "/mine likes",
    ]
    second = await bot.answer("/mine page=2", ANNA)
    assert second.text.splitlines()[1].startswith("9. ")
    assert [button.command for button in second.buttons] == [
        f"/show {ids[1]}", f"/show {ids[0]}", "/mine page=1", "/mine likes",
    ]  # fmt: skip
    shown = await bot.answer(str(first.buttons[0].command), BEN)
    assert shown.tune
    assert shown.tune["id"] == ids[-1]
    for page, sentence in (("3", "no more"), ("0", "page"), ("1000", "page")):
        with pytest.raises(RequestError, match=sentence):
            await bot.answer(f"/mine page={page}", ANNA)


async def test_lists_are_of_a_place_or_a_person(bot: Core, store: Store) -> None:
    one, two = await _ids(bot, 2)
    assert "start with /tune" in (await bot.answer("/mine", BEN)).text
    assert "start with /tune" in (await bot.answer("/recent", CLEO)).text
    recent = await bot.answer("/recent", BEN)
    assert [button.command for button in recent.buttons] == [f"/show {two}", f"/show {one}"]
    assert "♥ under each" in (await bot.answer("/top", BEN)).text
    for user in ("ben", "cleo"):
        await store.likes.add(one, "discord", user)
    await store.likes.add(two, "discord", "ben")
    top = await bot.answer("/top", BEN)
    assert [line.split(" · ")[1] for line in top.text.splitlines()[1:]] == ["♥ 2", "♥ 1"]
    assert [button.command for button in top.buttons] == [
        f"/show {one}", f"/show {two}", "/top week", "/top month",
    ]  # fmt: skip
    likes = await bot.answer("/mine likes", BEN)
    assert [button.command for button in likes.buttons] == [f"/show {two}", f"/show {one}"]
    assert "♥ 2" in (await bot.answer("/recent", BEN)).text


async def test_likes_grow_old(store: Store, fiddler: Fiddler) -> None:
    now = 1_800_000_000.0
    bot = core(store, fiddler, calendar=lambda: now + 8 * 86_400)
    (one,) = await _ids(bot, 1)
    await store.likes.add(one, "discord", "ben")  # by the store's clock
    assert "Nobody has liked" in (await bot.answer("/top week", BEN)).text
    assert one in str((await bot.answer("/top month", BEN)).buttons)


async def test_about_names_model_licences_and_ways_to_get_it(store: Store, fiddler: Fiddler) -> None:
    bot = core(store, fiddler, public_url="https://tunes.example")
    bot.invites["Add to Discord"] = "https://d.example"
    about = await bot.answer("/about", ANNA)
    assert "the model session" in about.text
    assert all(name in about.text for name in ("O'Neill", "Ryan", "Aird", "Nottingham", "MIT", "LGPL"))
    assert {button.label: button.url for button in about.buttons} == {
        "Add to Discord": "https://d.example",
        "Privacy": "https://tunes.example/privacy",
        "Terms": "https://tunes.example/terms",
    }


async def test_privacy_says_for_how_long_and_how_to_be_forgotten(bot: Core) -> None:
    reply = await bot.answer("/privacy", ANNA)
    assert "until they are deleted" in reply.text
    assert [button.command for button in reply.buttons] == ["/forget"]


async def test_forgetting_asks_first_then_deletes_and_says_what(bot: Core, store: Store) -> None:
    (one,) = await _ids(bot, 1)
    await bot.answer("/abc X:1\nT:Mine\nK:G\nGABc|", ANNA)
    await bot.answer("/settings key=D", ANNA)
    await store.likes.add(one, "discord", "anna")
    asked = await bot.answer("/forget", ANNA)
    assert [button.command for button in asked.buttons] == ["/forget yes"]
    assert (await bot.chosen(ANNA)).own
    with pytest.raises(RequestError, match="sure"):
        await bot.answer("/forget sure=maybe", ANNA)
    done = await bot.answer("/forget yes", ANNA)
    assert done.text == (
        "Done. Deleted: 1 like, 1 setting, 1 pasted tune.\nYou are off 1 tune that I made; it stays."
    )
    assert not (await bot.chosen(ANNA)).own
    assert "start with /tune" in (await bot.answer("/mine", ANNA)).text
    with pytest.raises(RequestError, match="no longer have your tunes"):
        await bot.answer("/abc 2", ANNA)
    assert (await bot.answer(f"/show {one}", BEN)).tune


async def test_other_people_are_not_forgotten(bot: Core) -> None:
    await bot.answer("/settings key=D", ANNA)
    await bot.answer("/forget yes", BEN)
    await bot.answer("/forget yes", replace(ALONE, user="anna"))
    assert (await bot.chosen(ANNA)).own == {"key": "D"}
