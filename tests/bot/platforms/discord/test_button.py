"""Buttons under an answer."""

from bot.asker import Asker
from bot.reply import Button
from tests.bot.platforms.discord.bot import EPHEMERAL, SHOWN, adapter
from tests.platforms.band import Scripted, with_
from tests.platforms.discord_server import CHANNEL, GUILD, USER, DiscordServer

DEFERRED_UPDATE = 6  # acknowledges a button without an answer
ANOTHER = ("another", {"tune": "k3Xw9bQz"})


class TestAButton:
    async def test_runs_its_command(self, chat: DiscordServer, core: Scripted) -> None:
        await chat.answers(await chat.slash("tune"))
        (answer,) = await chat.answers(await chat.press("Another like this"))
        assert core.asked[1] == (ANOTHER, Asker("discord", USER, CHANNEL, GUILD))
        assert answer.body["content"] == f"For <@{USER}>:\n{SHOWN}"

    async def test_outlives_a_restart(self, server: DiscordServer, core: Scripted) -> None:
        first, second = adapter(core), adapter(core)
        await first.start()
        await server.answers(await server.slash("tune"))
        await first.stop()
        await second.start()
        await server.answers(await server.press("Another like this"))
        assert core.asked[1][0] == ANOTHER
        await second.stop()

    async def test_pressed_twice_is_answered_once(self, chat: DiscordServer, core: Scripted) -> None:
        await chat.answers(await chat.slash("tune"))
        core.slow = True
        first = await chat.press("Another like this")
        await core.until_asked(2)
        second = await chat.press("Another like this")
        (let_go,) = await chat.until(lambda request: request.path.endswith(f"{second}/callback"))
        assert let_go.body["type"] == DEFERRED_UPDATE
        core.finish.set()
        await chat.answers(first)
        assert len(core.asked) == 2

    async def test_pressed_again_after_its_answer_asks_again(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        await chat.answers(await chat.slash("tune"))
        for _ in range(2):
            await chat.answers(await chat.press("Another like this", of=0))
        await core.until_asked(3)

    async def test_of_an_earlier_version_is_explained_to_who_pressed_it(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        core.reply = with_(buttons=(Button("Hum it", command="/hum"),))
        await chat.answers(await chat.slash("tune"))
        token = await chat.press("Hum it")
        (said,) = await chat.until(lambda request: request.path.endswith(f"{token}/callback"))
        assert said.body["data"]["flags"] == EPHEMERAL
        assert "/hum" in said.body["data"]["content"]
