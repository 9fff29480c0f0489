"""What people and communities set is usual from then on, and only for them."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.asker import Asker
from bot.core import Core
from bot.store import Store
from generator.errors import FriendlyError, RequestError
from tests.bot.players import Copyist, Fiddler, core


def _says(answer: bool) -> Callable[[], Awaitable[bool]]:
    async def manages() -> bool:
        return answer

    return manages


ANNA = Asker("discord", "anna", "stage", "hall", manages=_says(answer=True))
BEN = Asker("discord", "ben", "stage", "hall", manages=_says(answer=False))
CLEO = Asker("discord", "cleo", "elsewhere", "barn", manages=_says(answer=True))
ALONE = Asker("telegram", "dan", "dan")


@pytest.fixture
def bot(store: Store, fiddler: Fiddler) -> Core:
    return core(store, fiddler, Copyist("png", "mp3", "mid"))


async def test_what_is_set_is_usual_where_nothing_else_is_asked(bot: Core, fiddler: Fiddler) -> None:
    await bot.answer("/settings here key=D instrument=flute temp=0.9", ANNA)
    await bot.answer("/settings key=Em type=reel chords=off", BEN)
    await bot.answer("/tune", BEN)
    await bot.answer("/tune key=A temp=1", BEN)
    await bot.answer("/tune", CLEO)
    mine, asked, other = [str(request) for request, _ in fiddler.asked]
    for part in ("key=Key(tonic='E', mode='minor')", "instrument='flute'", "temp=0.9", "chords='off'"):
        assert part in mine
    assert "key=Key(tonic='A', mode='major')" in asked
    assert "temp=1.0" in asked
    assert "key=None" in other


async def test_what_does_not_go_with_a_wish_is_left_out(bot: Core, fiddler: Fiddler) -> None:
    await bot.answer("/settings key=Em type=jig", ALONE)
    for wish in ("/tune mode=major", "/tune 3/4", "/tune start=GAB", "/tune reel in G"):
        await bot.answer(wish, ALONE)
    requests = [request for request, _ in fiddler.asked]
    assert [request.key and request.key.abc for request in requests] == [None, "Em", None, "G"]
    assert [request.type and request.type.name for request in requests] == ["jig", None, None, "reel"]


async def test_settings_are_shown_and_taken_back(bot: Core) -> None:
    assert "Your settings: nothing yet." in (await bot.answer("/settings", ALONE)).text
    said = (await bot.answer("/settings key=em type=slip jig", ALONE)).text
    assert said == "Set for you: key Em, type slip jig."
    shown = (await bot.answer("/settings", ALONE)).text
    assert "Your settings: key Em, type slip jig." in shown
    assert "Here, for everybody" not in shown
    assert (await bot.answer("/settings clear=key", ALONE)).text == "Set for you: key as usual."
    await bot.answer("/settings clear=all", ALONE)
    assert "Your settings: nothing yet." in (await bot.answer("/settings", ALONE)).text
    assert "Here, for everybody: nothing yet." in (await bot.answer("/settings", BEN)).text


@pytest.mark.parametrize(
    ("asker", "typed", "sentence"),
    [
        (BEN, "/settings here key=D", "manage this place"),
        (ALONE, "/settings here key=D", "for a server or a group"),
        (ANNA, "/settings here", "Say what to set"),
        (ANNA, "/settings zone=Europe/Dublin", "say /settings here zone="),
        (ANNA, "/settings here zone=Moon/Base", "Europe/Dublin"),
        (ANNA, "/settings key=Q", "Q"),
        (ANNA, "/settings attach=cake", "choose all, picture or none"),
        (ANNA, "/settings clear=cake", "choose key"),
    ],
)
async def test_what_cannot_be_set_is_said(bot: Core, asker: Asker, typed: str, sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence):
        await bot.answer(typed, asker)
    assert not (await bot.chosen(asker)).own
    assert not (await bot.chosen(asker)).common


async def test_a_time_zone_is_known_however_it_is_written(bot: Core) -> None:
    await bot.answer("/settings here zone=europe/dublin", ANNA)
    assert (await bot.chosen(BEN)).zone == "Europe/Dublin"
    suggest = bot.commands["settings"].options["zone"].suggest
    assert suggest
    assert suggest("new york") == [("America/New_York", "America/New_York")]


async def test_a_community_keeps_the_bot_to_some_channels(bot: Core, fiddler: Fiddler) -> None:
    await bot.answer("/settings here channels=here", ANNA)
    await bot.answer("/settings here channels=here", replace(ANNA, place="tent"))
    elsewhere = replace(BEN, place="kitchen")
    with pytest.raises(FriendlyError, match="keep quiet"):
        await bot.answer("/tune", elsewhere)
    assert (await bot.answer("/help", elsewhere)).text
    for place in ("stage", "tent"):
        assert (await bot.answer("/tune", replace(BEN, place=place))).tune
    await bot.answer("/settings here channels=all", replace(ANNA, place="kitchen"))
    assert (await bot.answer("/tune", elsewhere)).tune
    assert len(fiddler.asked) == 3


@pytest.mark.parametrize(
    ("wanted", "roles", "has_abc"),
    [
        ("", ["abc", "picture", "audio", "midi"], True),
        ("attach=picture", ["abc", "picture"], True),
        ("attach=none", ["abc"], True),
        ("abc=file", ["abc", "picture", "audio", "midi"], False),
        ("abc=none attach=picture", ["picture"], False),
    ],
)
async def test_what_goes_along_and_how_the_abc_is_shown(
    bot: Core, wanted: str, roles: list[str], has_abc: bool
) -> None:
    if wanted:
        await bot.answer(f"/settings {wanted}", ALONE)
    reply = await bot.answer("/tune", ALONE)
    assert [file.kind.role for file in reply.attachments] == roles
    assert bool(reply.abc) is has_abc


async def test_a_kept_tune_is_shown_again_and_not_kept_twice(bot: Core, store: Store) -> None:
    first = await bot.answer("/tune", ALONE)
    assert first.tune
    again = await bot.answer(f"/show {first.tune['id']}", BEN)
    assert again.tune == first.tune
    assert [file.kind.role for file in again.attachments] == ["abc", "picture", "audio", "midi"]
    assert len(await store.shelf.of_person("discord", "ben", 9)) == 0


async def test_without_the_database_all_is_as_usual(store: Store, fiddler: Fiddler) -> None:
    bot = core(store, fiddler)
    await bot.answer("/settings key=D", ALONE)
    await store.close()
    assert (await bot.chosen(ALONE)).own in ({}, {"key": "D"})
