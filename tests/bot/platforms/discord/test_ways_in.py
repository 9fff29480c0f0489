"""The ways in that keep a tune's lines on Discord: a form, a file, an attachment, a code fence."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot import texts
from bot.core import Core
from bot.platforms.discord import texts as own
from generator.music.files.opened import NO_TUNE
from tests.bot.platforms.discord.bot import EPHEMERAL, adapter
from tests.generator.music.files.made import HOSTILE, ONE_VOICE, SCORE, TUNE, packed
from tests.platforms.band import Scripted
from tests.platforms.discord_server import APPLICATION, DiscordServer
from tests.platforms.house import COMPOSERS, house

LINES = "X:1\nT:The Lined Gate\nM:6/8\nL:1/8\nK:D\n|:DFA d2f|edc d3:|\n% a comment\nw: one two three\n|:f2d|"
NAMED = f"<@{APPLICATION}> "


@pytest.fixture
async def core() -> AsyncIterator[Core]:
    async with house(COMPOSERS[0]) as core:
        yield core


async def shown(chat: DiscordServer, token: str) -> str:
    """What is said to a slash command or a form in the end."""
    (answer,) = await chat.until(lambda asked: token in asked.path and "content" in (asked.body or {}))
    return str(answer.body["content"])


async def form_for(chat: DiscordServer, token: str) -> dict[str, Any]:
    (first,) = await chat.until(lambda asked: f"/{token}/callback" in asked.path)
    assert first.body["type"] == 9
    data: dict[str, Any] = first.body["data"]
    return data


async def said(chat: DiscordServer) -> str:
    """What is said to a message in the end."""
    (answer,) = await chat.until(lambda asked: asked.method == "POST" and "/messages" in asked.path)
    return str(answer.body["content"])


async def test_slash_abc_with_nothing_shows_a_form_which_keeps_the_lines(chat: DiscordServer) -> None:
    form = await form_for(chat, await chat.slash("abc"))
    assert form["title"] == own.FORM_TITLE
    assert form["components"][0]["component"]["max_length"] == 4000
    answer = await shown(chat, await chat.fill_in(form, LINES))
    assert "The Lined Gate" in answer
    assert "|:DFA d2f|edc d3:|" in answer
    assert "w: one two three" in answer


async def test_a_form_outlives_a_restart_and_two_people_may_have_it_open(
    server: DiscordServer, core: Core
) -> None:
    first = adapter(core)
    await first.start()
    forms = [await form_for(server, await server.slash("abc")) for _ in range(2)]
    for form in forms:
        assert "The Lined Gate" in await shown(server, await server.fill_in(form, LINES))
    await first.stop()
    second = adapter(core)
    await second.start()
    assert "The Lined Gate" in await shown(server, await server.fill_in(forms[0], LINES))
    await second.stop()


async def test_what_is_wrong_in_a_form_is_said_to_the_asker_alone(chat: DiscordServer) -> None:
    form = await form_for(chat, await chat.slash("abc"))
    token = await chat.fill_in(form, "X:1\nK:D\nDFA|C/997")
    (answer,) = await chat.until(lambda asked: token in asked.path and "content" in (asked.body or {}))
    assert "line 3, bar 2" in answer.body["content"]
    assert answer.body["flags"] & EPHEMERAL


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("café.abc", TUNE.encode(), "|:GAB d2e|gfe d2B:|"),
        ("gate.abc", TUNE.encode("utf-16"), "Café Gate"),
        ("gate.txt", TUNE.encode("latin-1"), "Café Gate"),
        ("voice.mid", ONE_VOICE, "it is read as G major"),
        ("score.musicxml", SCORE.encode(), "The lyrics are left out."),
        ("score.mxl", packed(score_xml=SCORE.encode()), "The Packed Gate"),
    ],
)
async def test_a_file_comes_by_the_option_in_a_message_and_in_a_mention(
    chat: DiscordServer, name: str, data: bytes, words: str
) -> None:
    file = chat.attach(name, data)
    assert words in await shown(chat, await chat.slash("abc", file=file))
    await chat.say("", file, private=True)
    assert words in await said(chat)
    chat.requests.clear()
    await chat.say(NAMED, file)
    assert words in await said(chat)


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_file_gets_one_sentence(chat: DiscordServer, name: str) -> None:
    data, sentence = HOSTILE[name]
    file = chat.attach("gate.abc", data)
    answer = await shown(chat, await chat.slash("abc", file=file))
    assert sentence in answer
    assert "\n" not in answer
    await chat.say("", file, private=True)
    assert sentence in await said(chat)
    assert chat.fetched == ([] if "20" in name or name == "empty" else ["gate.abc"] * 2)


async def test_a_number_beside_a_file_says_which_tune_and_other_words_are_not_lost(
    chat: DiscordServer,
) -> None:
    book = chat.attach("book.abc", (TUNE + "\n" + TUNE.replace("Café", "Second")).encode())
    assert "Second Gate" in await shown(chat, await chat.slash("abc", file=book, abc="2"))
    await chat.say("2", book, private=True)
    assert "Second Gate" in await said(chat)
    chat.requests.clear()
    await chat.say("make it faster", book, private=True)
    assert texts.CAPTION_LEFT in await said(chat)


async def test_a_picture_alone_is_answered_and_beside_words_it_is_passed_over(chat: DiscordServer) -> None:
    photo = chat.attach("sheet.jpg", b"\xff\xd8\xff")
    await chat.say("", photo, private=True)
    assert await said(chat) == NO_TUNE
    chat.requests.clear()
    await chat.say("/help key", photo, private=True)
    assert "key" in await said(chat)
    assert chat.fetched == []


async def test_a_file_that_is_gone_says_so(chat: DiscordServer) -> None:
    file = chat.attach("gate.abc", TUNE.encode())
    del chat.uploads["gate.abc"]
    assert await shown(chat, await chat.slash("abc", file=file)) == texts.NOT_FETCHED


@pytest.mark.parametrize(
    "fence", ["```\n{}\n```", "```abc\n{}\n```", "here it is:\n```\n{}\n```", "> ```\n> {}\n> ```"]
)
async def test_a_code_fence_in_a_message_and_in_a_mention_keeps_its_lines(
    chat: DiscordServer, fence: str
) -> None:
    tune = LINES.replace("\n", "\n> ") if fence.startswith(">") else LINES
    await chat.say(fence.format(tune), private=True)
    assert "|:DFA d2f|edc d3:|" in await said(chat)
    chat.requests.clear()
    await chat.say(NAMED + fence.format(tune))
    assert "|:DFA d2f|edc d3:|" in await said(chat)


async def test_a_scripted_core_is_not_asked_for_a_form(server: DiscordServer) -> None:
    scripted = Scripted()
    bot = adapter(scripted)
    await bot.start()
    await form_for(server, await server.slash("abc"))
    await bot.stop()
    assert scripted.asked == []
