"""A book of tunes arrives in a chat as its three files, with a real picture of each tune."""

from random import Random

import pytest

from bot.core import Core
from bot.platforms.telegram import TELEGRAM
from bot.platforms.telegram.adapter import TelegramAdapter
from bot.store import Store
from tests.bot.platforms.discord.bot import adapter as discord_adapter
from tests.bot.platforms.discord.conftest import server as discord
from tests.bot.players import Copyist, Fiddler, settings
from tests.platforms.discord_server import DiscordServer
from tests.platforms.telegram_server import TOKEN, TelegramServer

__all__ = ["discord"]
NAMES = ["our-best-tunes.pdf", "our-best-tunes.abc", "our-best-tunes.mid"]


@pytest.fixture
def core(store: Store, fiddler: Fiddler) -> Core:
    chosen = settings(telegram_token=TOKEN)
    return Core(chosen, store, fiddler, Copyist("mid"), Random(7))


async def test_on_discord(discord: DiscordServer, core: Core) -> None:
    bot = discord_adapter(core)
    await bot.start()
    await discord.answers(await discord.slash("tune"))
    (kept,) = await core.recent("discord", 1)
    await core.store.likes.add(kept.id, "discord", "somebody")
    (answer,) = await discord.answers(await discord.slash("book", what="here"))
    await bot.stop()
    assert answer.body["content"].splitlines()[0] == "Our best tunes"
    assert list(answer.files) == NAMES
    assert answer.files[NAMES[0]].startswith(b"%PDF")


async def test_on_telegram(core: Core) -> None:
    async with TelegramServer() as server:
        bot = TelegramAdapter(TELEGRAM, core, settings(telegram_token=TOKEN), api=server.root)
        await bot.start()
        await server.write("/tune")
        await server.answers(2)
        (kept,) = await core.recent("telegram", 1)
        await core.store.likes.add(kept.id, "telegram", "somebody")
        await server.write("/book here")
        answers = await server.answers(4)
        await bot.stop()
        assert server.faults == []
    assert answers[-2].body["text"].splitlines()[0] == "Our best tunes"
    assert answers[-1].path == "/sendMediaGroup"
    assert list(answers[-1].files) == NAMES
