"""Words first on Discord, mistakes for the asker alone, and nobody left at "thinking"."""

import asyncio
from dataclasses import replace

import pytest

from bot import texts
from bot.reply import Reply
from tests.bot.platforms.discord.bot import EPHEMERAL, WORDS, adapter
from tests.platforms.band import PICTURE, SOUND, Scripted, with_
from tests.platforms.discord_server import APPLICATION, DM, PERSON, DiscordServer


async def later(ready: asyncio.Event) -> Reply:
    await ready.wait()
    return with_(attachments=(PICTURE, SOUND))


async def test_words_go_out_and_the_files_join_them_by_an_edit(chat: DiscordServer, core: Scripted) -> None:
    ready = asyncio.Event()
    core.reply = replace(with_(attachments=()), later=asyncio.create_task(later(ready)))
    token = await chat.slash("tune")
    (words,) = await chat.answers(token)
    assert words.method == "POST"
    assert WORDS.splitlines()[0] in words.body["content"]
    assert not words.files
    ready.set()
    _, whole = await chat.answers(token, 2)
    assert (whole.method, whole.path) == ("PATCH", f"/webhooks/{APPLICATION}/{token}/messages/@original")
    assert set(whole.files) == {PICTURE.name, SOUND.name}
    assert whole.body["content"] == words.body["content"]


async def test_the_same_in_answer_to_a_mention_which_is_a_reply(chat: DiscordServer, core: Scripted) -> None:
    ready = asyncio.Event()
    core.reply = replace(with_(attachments=()), later=asyncio.create_task(later(ready)))
    asked = await chat.say(f"<@{APPLICATION}> jig in G")
    (words,) = await chat.until(lambda request: request.path.endswith("/messages"))
    assert words.body["message_reference"]["message_id"] == int(asked)
    ready.set()
    (whole,) = await chat.until(lambda request: request.method == "PATCH")
    assert set(whole.files) == {PICTURE.name, SOUND.name}


async def test_who_waits_reads_for_how_long_and_then_the_tune_in_its_place(
    chat: DiscordServer, core: Scripted
) -> None:
    core.news = "12 are before you; about 30 s to go."
    news, tune = await chat.answers(await chat.slash("tune"), 2)
    assert news.body["content"] == core.news
    assert tune.method == "PATCH"
    assert WORDS.splitlines()[0] in tune.body["content"]


@pytest.mark.parametrize("command", ["help", "start"])
async def test_help_and_start_are_for_the_asker_alone(chat: DiscordServer, command: str) -> None:
    await chat.answers(await chat.slash(command))
    (acknowledged,) = chat.sent("/callback")
    assert acknowledged.body["data"]["flags"] == EPHEMERAL


async def test_what_is_wrong_at_once_is_said_at_once_to_the_asker_alone(
    chat: DiscordServer, core: Scripted
) -> None:
    token = await chat.slash("tune", key="H flat")
    (said,) = await chat.until(lambda request: request.path.endswith(f"{token}/callback"))
    assert (said.body["type"], said.body["data"]["flags"]) == (4, EPHEMERAL)
    assert "key" in said.body["data"]["content"]
    assert not core.asked


async def test_stopping_is_told_to_all_who_wait_and_to_those_who_still_come(
    server: DiscordServer, core: Scripted
) -> None:
    core.slow = True
    bot = adapter(core, drain=0.0)
    await bot.start()
    tokens = [await server.slash("tune") for _ in range(10)]
    await server.say(f"<@{APPLICATION}> jig in G")
    await core.until_asked(11)
    await bot.stop()
    for token in tokens:
        (answer,) = await server.answers(token)
        assert answer.body["content"] == texts.STOPPING
    (message,) = [request for request in server.requests if request.path.endswith("/messages")]
    assert message.body["content"] == texts.STOPPING


async def test_stopping_keeps_the_words_of_a_tune_whose_files_are_under_way(
    server: DiscordServer, core: Scripted
) -> None:
    files = asyncio.create_task(later(asyncio.Event()))
    core.reply = replace(with_(attachments=()), later=files)
    bot = adapter(core, drain=0.0)
    await bot.start()
    token = await server.slash("tune")
    await server.answers(token)
    await bot.stop()
    _, last = await server.answers(token, 2)
    assert last.body["content"].startswith(WORDS)
    assert texts.FILES_CUT_SHORT in last.body["content"].replace("\\", "")
    assert files.cancelled()


async def test_a_message_answered_once_is_not_answered_again_after_a_restart(
    server: DiscordServer, core: Scripted
) -> None:
    message = server.message(id="77", author=PERSON, channel_id=DM, content="/tune")
    for texts_in in ([message], [message, message | {"id": "78"}]):
        bot = adapter(core)
        await bot.start()
        for each in texts_in:
            await server.dispatch("MESSAGE_CREATE", each)
        await core.until_asked(len(texts_in))
        await bot.stop()
    assert len(server.sent("/messages")) == len(core.asked) == 2
