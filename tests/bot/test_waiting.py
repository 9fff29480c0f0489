"""Words go ahead of files that take long, and whoever waits is told for how long."""

import asyncio
import logging

import pytest

from bot.asker import Asker, Tell
from bot.store import Store
from bot.tune_replies import Patience
from bot.words_first import WordsFirst
from generator.errors import RequestError
from generator.serving.messages import Drawing, Waiting
from tests.bot.players import Copyist, Fiddler, core

AT_ONCE = Patience(words=0.0, news=0.0)


def cleo(tell: Tell | None = None) -> Asker:
    return Asker("telegram", "cleo", "1", tell=tell)


async def test_words_go_ahead_and_the_whole_reply_follows(store: Store, fiddler: Fiddler) -> None:
    copyist = Copyist("png", "mp3", "mid")
    copyist.ready.clear()
    words = await core(store, fiddler, copyist, patience=AT_ONCE).answer("/tune", cleo())
    assert words.abc
    assert words.buttons
    assert not words.attachments
    assert words.later is not None
    assert not words.later.done()
    copyist.ready.set()
    whole = await words.later
    assert whole.later is None
    assert [file.kind.role for file in whole.attachments] == ["abc", "picture", "audio", "midi"]
    assert (whole.title, whole.tune, whole.buttons) == (words.title, words.tune, words.buttons)


async def test_files_that_come_in_time_come_with_the_words(store: Store, fiddler: Fiddler) -> None:
    reply = await core(store, fiddler, Copyist("png"), patience=Patience(words=60)).answer("/tune", cleo())
    assert reply.later is None
    assert [file.kind.role for file in reply.attachments] == ["abc", "picture"]


async def test_in_a_crowd_no_file_is_begun_while_somebody_waits_for_words(
    store: Store, fiddler: Fiddler
) -> None:
    copyist = Copyist("png")
    words_first = WordsFirst(crowd=3, longest=60)
    bot = core(store, fiddler, copyist, patience=Patience(words=60), words_first=words_first)
    with bot.words_first.asked(), bot.words_first.asked():  # two others, whose tunes take longer
        reply = await bot.answer("/tune", cleo())  # at once, though files may take a minute
        assert reply.abc
        assert reply.later is not None
        assert copyist.begun.locked()
    whole = await reply.later
    assert [file.kind.role for file in whole.attachments] == ["abc", "picture"]
    assert (await bot.answer("/tune", cleo())).later is None  # the crowd is gone


async def test_in_a_crowd_the_files_of_a_page_wait_for_words_too(store: Store, fiddler: Fiddler) -> None:
    copyist = Copyist("png")
    bot = core(store, fiddler, copyist, words_first=WordsFirst(crowd=2, longest=60))
    await bot.answer("/tune", cleo())
    saved = await bot.last(cleo())
    assert saved is not None
    made = len(copyist.made)
    with bot.words_first.asked(), bot.words_first.asked():
        page = asyncio.create_task(bot.file(saved, "png"))
        await bot.last(cleo())  # the page has had every chance
        assert len(copyist.made) == made
    assert await page


async def test_files_do_not_wait_for_ever_for_a_crowd_that_never_ends() -> None:
    words = WordsFirst(crowd=1, longest=0.0)
    with words.asked():
        assert words.crowded
        await words.calm()
    assert not words.crowded


@pytest.mark.parametrize("after_words", [True, False])
async def test_files_that_nobody_waits_for_are_given_up(
    store: Store, fiddler: Fiddler, after_words: bool
) -> None:
    copyist = Copyist("png", "mp3")
    copyist.ready.clear()
    patience = AT_ONCE if after_words else Patience(words=60)
    asking = asyncio.create_task(core(store, fiddler, copyist, patience=patience).answer("/tune", cleo()))
    if after_words:
        later = (await asking).later
        assert later is not None
    for _ in copyist.suffixes:
        await copyist.begun.acquire()
    given_up = later if after_words and later else asking
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    assert {await copyist.gone.get() for _ in copyist.suffixes} == copyist.suffixes


async def test_who_waits_is_told_their_place_once_for_each_place(store: Store, fiddler: Fiddler) -> None:
    told: list[str] = []
    fiddler.wait.clear()
    fiddler.news = [Waiting(12, 30.2)]

    async def tell(sentence: str) -> None:
        told.append(sentence)
        fiddler.wait.set()

    reply = await core(store, fiddler, patience=AT_ONCE).answer("/tune", cleo(tell))
    assert reply.abc
    assert told == ["12 are before you; about 30 s to go."]


async def test_nothing_is_told_while_it_is_drawn_or_goes_fast(store: Store, fiddler: Fiddler) -> None:
    async def tell(sentence: str) -> None:
        raise AssertionError(sentence)

    fiddler.news = [Waiting(1, 0.2), Drawing(0.1)]
    assert (await core(store, fiddler, patience=Patience(news=60)).answer("/tune", cleo(tell))).abc


async def test_a_chat_that_cannot_tell_still_gets_the_tune(
    store: Store, fiddler: Fiddler, caplog: pytest.LogCaptureFixture
) -> None:
    fiddler.wait.clear()
    fiddler.news = [Waiting(0, 3)]

    async def tell(_: str) -> None:
        fiddler.wait.set()
        raise OSError("secret address")

    with caplog.at_level(logging.WARNING):
        assert (await core(store, fiddler, patience=AT_ONCE).answer("/tune", cleo(tell))).abc
    assert "OSError" in caplog.text
    assert "secret" not in caplog.text


async def test_what_is_wrong_with_options_can_be_said_without_doing_anything(
    store: Store, fiddler: Fiddler
) -> None:
    bot = core(store, fiddler)
    for command, values in (("tune", {"key": "Q"}), ("tune", {"speed": "1"}), ("abc", {}), ("fly", {})):
        with pytest.raises(RequestError):
            bot.check(command, values)
    bot.check("tune", {"key": "G", "temp": "0.8"})
    bot.check("abc", {"abc": "K:G\nGAB|"})
    assert not fiddler.asked
