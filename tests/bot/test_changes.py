"""Talking to the last tune."""

import asyncio

import pytest

from bot import texts
from bot.asker import Asker
from bot.core import Core
from bot.options_form import form_of
from bot.reply import Reply
from bot.store import Store
from bot.tune_replies import Patience
from generator.music.keys import Key
from generator.music.tune import Tune
from tests.bot.players import JIG, Copyist, Fiddler, core

BEN = Asker("telegram", "ben", "1")
WHISTLED = "A recorder stands in for the whistle."


@pytest.fixture
def bot(store: Store, fiddler: Fiddler, copyist: Copyist) -> Core:
    return core(store, fiddler, copyist)


def tune_of(reply: Reply) -> Tune:
    assert reply.abc
    return Tune.read(reply.abc)


async def test_the_same_tune_goes_faster_and_faster(bot: Core, fiddler: Fiddler) -> None:
    await bot.answer("jig in G seed=7", BEN)
    first = await bot.answer("faster", BEN)
    assert first.notes[0] == "Now at 134 beats a minute."
    tempo = tune_of(first).tempo
    assert tempo is not None
    assert tempo.per_minute == 134
    assert tune_of(first).bars == Tune.read(JIG).bars
    assert first.facts["seed"] == "seed 7"
    second = await bot.answer("even faster please", BEN)
    assert "Now at 161 beats a minute." in second.notes
    slower = await bot.answer("slower", BEN)
    assert "Now at 121 beats a minute." in slower.notes
    assert "Now at 100 beats a minute." in (await bot.answer("at 100 bpm", BEN)).notes
    assert len(fiddler.asked) == 1


async def test_the_same_tune_in_another_key_has_no_seed_that_gives_it(bot: Core, fiddler: Fiddler) -> None:
    await bot.answer("jig in G seed=7", BEN)
    reply = await bot.answer("in D", BEN)
    assert tune_of(reply) == Tune.read(JIG).transposed(Key("D")).fitted()
    assert "seed" not in reply.facts
    assert reply.facts["key"] == "D major"
    assert (reply.tune or {})["model"] == "jigs"
    await bot.answer("again", BEN)
    assert [request.key for request, _ in fiddler.asked] == [Key("G"), Key("D")]


async def test_a_bare_tonic_keeps_the_mode_and_another_mode_is_another_tune(
    bot: Core, fiddler: Fiddler
) -> None:
    await bot.answer("jig in Em", BEN)
    reply = await bot.answer("in D", BEN)
    assert reply.facts["key"] == "D minor"
    assert texts.kept_mode("D minor") in reply.notes
    assert len(fiddler.asked) == 1
    reply = await bot.answer("in D major", BEN)
    assert texts.NEW_LIKE_LAST in reply.notes
    assert fiddler.asked[-1][0].key == Key("D")


async def test_chords_go_and_come_back(bot: Core, fiddler: Fiddler) -> None:
    await bot.answer("jig in G seed=7", BEN)
    assert texts.HAS_CHORDS in (await bot.answer("with chords", BEN)).notes
    assert '"G"' not in str((await bot.answer("no chords", BEN)).abc)
    assert '"G"' in str((await bot.answer("with chords", BEN)).abc)
    assert fiddler.asked[-1][0].seed == 7
    await bot.answer("/abc X:1\nT:Mine\nM:6/8\nK:G\nGAB d2e|", BEN)
    assert texts.NO_CHORDS_FOR_IT in (await bot.answer("with chords", BEN)).notes


async def test_another_instrument_plays_it(bot: Core, copyist: Copyist) -> None:
    await bot.answer("jig in G on the fiddle", BEN)
    reply = await bot.answer("on the tin whistle, no chords", BEN)
    assert WHISTLED in reply.notes
    assert copyist.made[-1] == ("mid", "whistle")


async def test_a_mood_or_another_type_draws_a_new_tune_like_it(bot: Core, fiddler: Fiddler) -> None:
    await bot.answer("jig in D on the flute temp=0.9 tempo=90 seed=5", BEN)
    reply = await bot.answer("sadder", BEN)
    assert reply.notes[:2] == ("I took “sadder” as a minor key.", texts.NEW_LIKE_LAST)
    request = fiddler.asked[-1][0]
    assert (request.mode, request.key, request.instrument, request.tempo) == ("minor", Key("D"), "flute", 90)
    assert request.seed is None
    await bot.answer("make it a waltz", BEN)
    request = fiddler.asked[-1][0]
    assert request.type is not None
    assert (request.type.name, request.meter, request.temp, request.tempo) == ("waltz", None, 0.9, None)


async def test_where_there_is_no_last_tune_a_new_one_comes(bot: Core, fiddler: Fiddler) -> None:
    reply = await bot.answer("in D", BEN)
    assert reply.notes[0] == texts.NO_TUNE_TO_CHANGE
    assert fiddler.asked[0][0].key == Key("D")


async def test_a_change_typed_into_fields_is_the_same(bot: Core) -> None:
    await bot.answer("jig in G", BEN)
    reply = await bot.run("change", {"pace": "fast", "key": "D"}, BEN)
    assert reply.facts["key"] == "D major"
    assert "Now at 134 beats a minute." in reply.notes


async def test_a_remark_stands_before_the_notes_also_when_files_come_later(
    store: Store, fiddler: Fiddler
) -> None:
    copyist = Copyist()
    copyist.ready.clear()
    bot = core(store, fiddler, copyist, patience=Patience(words=0))
    words = await bot.answer("a purple jig", BEN)
    assert words.notes[0] == "I didn't understand “purple”."
    assert words.later
    copyist.ready.set()
    whole = await words.later
    assert whole.notes[0] == words.notes[0]
    assert len(whole.attachments) == 2


async def test_a_reply_with_a_remark_that_nobody_waits_for_makes_no_files(
    store: Store, fiddler: Fiddler
) -> None:
    copyist = Copyist()
    copyist.ready.clear()
    words = await core(store, fiddler, copyist, patience=Patience(words=0)).answer("a purple jig", BEN)
    assert words.later
    await copyist.begun.acquire()
    words.later.cancel()
    assert await copyist.gone.get() == "mid"
    with pytest.raises(asyncio.CancelledError):
        await words.later


async def test_small_talk_gets_a_warm_line(bot: Core) -> None:
    assert (await bot.answer("thanks!", BEN)).text == texts.MY_PLEASURE
    assert (await bot.answer("hello", BEN)).text == texts.welcome()
    assert "/change" in (await bot.answer("what can you do?", BEN)).text


async def test_help_on_one_thing_is_short(bot: Core) -> None:
    assert (await bot.answer("/help key", BEN)).text == (
        "key – key and mode (such as G, Em, F#m, Edor, Amix)\nFor example: /tune key=G"
    )
    assert (await bot.answer("/help metre", BEN)).text.startswith("meter – ")
    assert (await bot.answer("/help /another", BEN)).text == (
        "/another – one more like your last tune\n"
        "tune – the tune to start from; your last one if left out (such as k3Xw9bQz)"
    )
    assert (await bot.answer("/help nonsense", BEN)).text == (await bot.answer("/help", BEN)).text


async def test_options_of_a_varied_tune_are_those_that_people_type(bot: Core, fiddler: Fiddler) -> None:
    await bot.answer("jig in G tempo=100", BEN)
    varied = (await bot.answer("/vary keep=A", BEN)).tune
    assert varied
    saved = await bot.saved(str(varied["id"]))
    assert saved
    assert form_of(saved).fields[-1].value == "tempo=100"
    await bot.answer(f"/options {saved.id} key=Em", BEN)
    await bot.answer(f"/change {saved.id} in Dm", BEN)
    assert [request.hold is None for request, _ in fiddler.asked] == [True, False, True, True]
    assert [request.key for request, _ in fiddler.asked[2:]] == [Key.read("Em"), Key.read("Dm")]
