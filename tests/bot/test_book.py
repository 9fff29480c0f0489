"""A book of the tunes that somebody likes, or of a place's best."""

import pytest

from bot.asker import Asker
from bot.core import Core
from bot.store import Store
from generator.errors import RequestError
from tests.bot.players import ANNA as VISITOR
from tests.bot.players import Copyist, Fiddler, core
from tests.bot.test_preferences import ANNA, BEN, CLEO


@pytest.fixture
def bot(store: Store, fiddler: Fiddler) -> Core:
    return core(store, fiddler, Copyist("mid", "png"))


async def _liked(bot: Core, count: int, who: Asker = ANNA) -> list[str]:
    ids = []
    for _ in range(count):
        tune = (await bot.answer("/tune", who)).tune
        assert tune
        ids.append(str(tune["id"]))
        await bot.store.likes.add(ids[-1], who.platform, who.user)
    return ids


async def test_has_three_files_in_the_order_of_liking(bot: Core) -> None:
    await _liked(bot, 3)
    reply = await bot.answer('/book title="Our tunes"', ANNA)
    assert reply.text == "Our tunes\nA book with 3 tunes: PDF, ABC and MIDI."
    assert [file.name for file in reply.attachments] == ["our-tunes.pdf", "our-tunes.abc", "our-tunes.mid"]
    pdf, abc, midi = [file.data for file in reply.attachments]
    assert pdf.startswith(b"%PDF")
    assert midi.startswith(b"MThd")
    assert [line for line in abc.decode().splitlines() if line.startswith("X:")] == ["X:1", "X:2", "X:3"]


async def test_of_a_place_has_its_best_first(bot: Core, store: Store) -> None:
    one, two = await _liked(bot, 2)
    await store.likes.add(one, "discord", "ben")
    reply = await bot.answer("/book here", BEN)
    assert reply.text.startswith("Our best tunes\n")
    tunes = [await store.tune(each) for each in (one, two)]
    abc = reply.attachments[1].data.decode()
    assert [line[2:] for line in abc.splitlines() if line.startswith("T:")] == [
        t.tune.title for t in tunes if t
    ]


async def test_on_the_site_is_a_page(bot: Core, store: Store) -> None:
    ids = await _liked(bot, 2, VISITOR)
    reply = await bot.answer("/book", VISITOR)
    assert [button.url for button in reply.buttons] == [f"/book?tunes={','.join(ids)}"]
    assert not reply.attachments


async def test_without_likes_says_how_to_get_there(bot: Core) -> None:
    with pytest.raises(RequestError, match="♥ under each"):
        await bot.answer("/book", CLEO)
    with pytest.raises(RequestError, match="♥ under each"):
        await bot.answer("/book here", CLEO)
    with pytest.raises(RequestError, match="choose mine or here"):
        await bot.answer("/book what=yours", CLEO)
