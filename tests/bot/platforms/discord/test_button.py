"""Buttons under an answer."""

from bot.asker import Asker
from tests.bot.platforms.discord.bot import SHOWN, adapter
from tests.platforms.band import Scripted
from tests.platforms.discord_server import CHANNEL, GUILD, USER, DiscordServer


class TestAButton:
    async def test_runs_its_command(self, chat: DiscordServer, core: Scripted) -> None:
        await chat.answers(await chat.slash("tune"))
        (answer,) = await chat.answers(await chat.press("Another like this"))
        assert core.asked[1] == ("/another k3Xw9bQz", Asker("discord", USER, CHANNEL, GUILD))
        assert answer.body["content"] == SHOWN

    async def test_outlives_a_restart(self, server: DiscordServer, core: Scripted) -> None:
        first, second = adapter(core), adapter(core)
        await first.start()
        await server.answers(await server.slash("tune"))
        await first.stop()
        await second.start()
        await server.answers(await server.press("Another like this"))
        assert core.asked[1][0] == "/another k3Xw9bQz"
        await second.stop()
