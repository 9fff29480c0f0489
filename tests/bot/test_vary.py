"""A tune of which some bars are kept."""

import pytest

from bot.asker import Asker
from bot.core import Core
from bot.store import Store
from generator.errors import RequestError
from tests.bot.players import ANNA, JIG, Fiddler, core

BEN = Asker("telegram", "ben", "7")


@pytest.fixture
def bot(store: Store, fiddler: Fiddler) -> Core:
    return core(store, fiddler)


async def test_part_a_of_the_last_tune_stays_and_the_new_one_links_it(bot: Core, fiddler: Fiddler) -> None:
    first = (await bot.answer("/tune jig in D temp=1.1 instrument=flute seed=5", ANNA)).tune
    assert first
    reply = await bot.answer("/vary", ANNA)
    request, _ = fiddler.asked[-1]
    assert request.hold == f"A\n{first['abc']}"
    assert (request.temp, request.instrument, request.seed, request.key) == (1.1, "flute", None, None)
    assert request.type
    assert request.type.name == "jig"
    assert reply.parent
    assert reply.parent.label == first["title"]
    assert reply.notes[0] == "Kept: part A."
    kept = await bot.saved(str(reply.tune["id"]) if reply.tune else "")
    assert kept
    assert kept.tune.parent == first["id"]


async def test_bars_of_anybodys_tune_and_of_a_paste(bot: Core, fiddler: Fiddler) -> None:
    first = (await bot.answer("/tune", ANNA)).tune
    assert first
    reply = await bot.answer(f"/vary {first['id']} keep=1-4, 9-12 temp=0.5 seed=7", BEN)
    request, _ = fiddler.asked[-1]
    assert request.hold
    assert request.hold.startswith("1-4,9-12\nX:1")
    assert (request.temp, request.seed) == (0.5, 7)
    assert reply.notes[0] == "Kept: bars 1-4, 9-12."
    await bot.answer(f"/abc {JIG}", BEN)
    assert (await bot.answer("/vary B", BEN)).notes[0] == "Kept: part B."
    assert (fiddler.asked[-1][0].hold or "").startswith("B\nX:1\n")


async def test_another_of_a_varied_tune_keeps_the_same_bars(bot: Core, fiddler: Fiddler) -> None:
    await bot.answer("/tune", ANNA)
    await bot.answer("/vary seed=3", ANNA)
    await bot.answer("/another", ANNA)
    (_, varied, another) = [request for request, _ in fiddler.asked]
    assert another.hold == varied.hold
    assert another.seed is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("/vary keep=D", "keep=A, keep=1-4"),
        ("/vary nothing00A keep=A", "nothing00A"),
        ("/vary temp=9", "0.2 to 1.5"),
    ],
)
async def test_what_cannot_be_varied_is_said(bot: Core, fiddler: Fiddler, typed: str, sentence: str) -> None:
    await bot.answer("/tune", ANNA)
    with pytest.raises(RequestError, match=sentence):
        await bot.answer(typed, ANNA)
    assert len(fiddler.asked) == 1


async def test_without_a_tune_there_is_nothing_to_vary(bot: Core) -> None:
    with pytest.raises(RequestError, match="start with /tune"):
        await bot.answer("/vary", ANNA)


async def test_bars_that_do_not_please_are_drawn_anew(bot: Core, fiddler: Fiddler) -> None:
    first = (await bot.answer("/tune", ANNA)).tune
    assert first
    reply = await bot.answer("/redraw 5-8", ANNA)
    assert fiddler.asked[-1][0].hold == f"!5-8\n{first['abc']}"
    assert reply.notes[0] == "Drawn anew: bars 5-8."
    with pytest.raises(RequestError, match="needs the bars"):
        await bot.answer("/redraw", ANNA)


async def test_rhythm_and_chords_are_kept_by_their_names(bot: Core, fiddler: Fiddler) -> None:
    first = (await bot.answer("/tune chords=off", ANNA)).tune
    assert first
    assert (await bot.answer("/vary rhythm", ANNA)).notes[0] == "Kept: the rhythm."
    assert (fiddler.asked[-1][0].hold or "").startswith("rhythm\nX:1")
    reply = await bot.answer(f"/vary {first['id']} keep=A, chords", ANNA)
    assert reply.notes[0] == "Kept: part A and the chords."
    request, _ = fiddler.asked[-1]
    assert (request.hold or "").startswith("A,chords\nX:1")
    assert request.chords == "on"


async def test_how_like_the_old_one_it_is_can_be_said(bot: Core, fiddler: Fiddler) -> None:
    await bot.answer("/tune", ANNA)
    reply = await bot.answer("/vary like=0.7", ANNA)
    assert (fiddler.asked[-1][0].hold or "").startswith("like=0.7\nX:1")
    assert reply.notes[0] == "How like the old one it is: 0.7 of 1."
    reply = await bot.answer("/vary keep=B like=0", ANNA)
    assert (fiddler.asked[-1][0].hold or "").startswith("B,like=0\nX:1")
    assert reply.notes[:2] == ("Kept: part B.", "How like the old one it is: 0 of 1.")
    with pytest.raises(RequestError, match="from 0 to 1"):
        await bot.answer("/vary like=1.5", ANNA)
