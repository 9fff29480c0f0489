"""A tune on Discord, from the slash command to the message with its files."""

import asyncio

import pytest

from bot import texts
from bot.asker import Asker
from generator.music.keys import Key
from generator.music.tune import Tune
from generator.render.midi import midi_bytes
from tests.bot.platforms.discord.bot import (
    SHOWN,
    adapter,
)
from tests.platforms.band import LINK, MIDI, Scripted
from tests.platforms.discord_server import APPLICATION, CHANNEL, DM, GUILD, USER, DiscordServer
from tests.platforms.house import COMPOSERS, house, notes_in, notes_of


class TestATune:
    async def test_arrives_as_one_follow_up_with_text_file_and_buttons(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        token = await chat.slash("tune", key="G", temp=0.8)
        (answer,) = await chat.answers(token)
        assert core.asked == [(("tune", {"key": "G", "temp": 0.8}), Asker("discord", USER, CHANNEL, GUILD))]
        assert (answer.method, answer.path) == ("POST", f"/webhooks/{APPLICATION}/{token}")
        assert answer.body["content"] == SHOWN
        assert answer.files == {"the-kettle-lid.mid": MIDI}
        another, link = answer.body["components"][0]["components"]
        assert (another["label"], another["custom_id"]) == ("Another like this", "run:/another k3Xw9bQz")
        assert (link["label"], link["url"]) == ("See and hear it", LINK)
        assert answer.body["allowed_mentions"] == {"parse": []}
        await chat.answers(await chat.slash("help"))
        assert len(await chat.answers(token)) == 1

    async def test_is_acknowledged_before_it_is_composed(self, chat: DiscordServer, core: Scripted) -> None:
        core.slow = True
        token = await chat.slash("tune")
        await core.until_asked(1)
        acknowledged = [request for request in chat.requests if token in request.path]
        assert [request.body["type"] for request in acknowledged] == [5]
        core.finish.set()
        assert (await chat.answers(token))[0].body["content"] == SHOWN

    async def test_that_takes_long_holds_up_nobody(self, chat: DiscordServer, core: Scripted) -> None:
        core.slow = True
        tokens = [await chat.slash("tune", key=key) for key in ("G", "D")]
        await core.until_asked(2)
        core.finish.set()
        for token in tokens:
            assert len(await chat.answers(token)) == 1

    async def test_in_a_private_chat_belongs_to_no_community(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        await chat.answers(await chat.slash("tune", private=True))
        assert core.asked == [(("tune", {}), Asker("discord", USER, DM, ""))]

    async def test_in_a_server_that_the_bot_is_no_member_of_works_for_whoever_installed_it(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        (answer,) = await chat.answers(await chat.slash("tune", guild="2000000000000000009"))
        assert core.asked[0][1].community == "2000000000000000009"
        assert answer.body["content"] == SHOWN

    async def test_under_way_still_goes_out_when_the_bot_stops(
        self, server: DiscordServer, core: Scripted
    ) -> None:
        bot = adapter(core)
        await bot.start()
        core.slow = True
        token = await server.slash("tune")
        await core.until_asked(1)
        stopping = asyncio.create_task(bot.stop())
        assert not (await asyncio.wait({stopping}, timeout=0.05))[0]
        core.finish.set()
        await stopping
        assert [answer.body["content"] for answer in await server.answers(token)] == [SHOWN]


@pytest.mark.parametrize("composer", COMPOSERS)
async def test_slash_tune_in_g_gives_a_tune_in_g_whose_file_plays_what_its_abc_says(
    server: DiscordServer, composer: str
) -> None:
    async with house(composer) as core:
        bot = adapter(core)
        await bot.start()
        token = await server.slash("tune", key="G", temp=0.8, seed=7)
        (answer,) = await server.answers(token)
        await bot.stop()
    words, _, abc = answer.body["content"].removesuffix("\n```").partition("\n```\n")
    files = dict(answer.files)
    abc = abc or next(files.pop(name) for name in answer.files if name.endswith(".abc")).decode()
    words = words.replace("\\", "")  # Markdown's, before signs that it would take for its own
    tune = Tune.read(abc)
    assert tune.key == Key("G")
    assert all(fact in words for fact in (tune.title, "G major", tune.meter.abc, "temp 0.8", "seed 7"))
    midi = next(data for name, data in files.items() if name.endswith(".mid"))
    assert notes_in(midi) == notes_of(tune)
    assert midi == midi_bytes(tune)
    labels = [item["label"] for item in answer.body["components"][0]["components"]]
    assert [labels[0], *labels[-2:]] == [texts.BUTTON_ANOTHER, texts.BUTTON_MORE, texts.BUTTON_LINK]
