"""Log in, register the commands, print the link; and what can go wrong with it."""

import logging
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from generator.errors import FriendlyError
from tests.bot.platforms.discord.bot import adapter
from tests.platforms.band import Scripted
from tests.platforms.discord_server import APPLICATION, TOKEN, DiscordServer
from tests.platforms.server import Trouble


class TestStarting:
    async def test_prints_a_link_with_exactly_the_permissions_needed(
        self, server: DiscordServer, core: Scripted
    ) -> None:
        bot = adapter(core)
        started = await bot.start()
        await bot.stop()
        assert "\n" not in started.line
        assert started.line.endswith(started.invite)
        assert server.sent("/oauth2/applications/@me")
        link = urlsplit(started.invite)
        assert (link.netloc, link.path) == ("discord.com", "/oauth2/authorize")
        query = parse_qs(link.query)
        assert query["client_id"] == [APPLICATION]
        assert query["scope"] == ["bot applications.commands"]
        granted = {name for name, yes in discord.Permissions(int(query["permissions"][0])) if yes}
        # read_messages is how the library calls VIEW_CHANNEL.
        assert granted == {
            "read_messages",
            "send_messages",
            "send_messages_in_threads",
            "attach_files",
            "read_message_history",
        }

    async def test_asks_for_no_privileged_intent(self, chat: DiscordServer) -> None:
        await chat.answers(await chat.slash("tune"))
        intents = discord.Intents._from_value(chat.identified[0]["d"]["intents"])
        assert (intents.members, intents.presences, intents.message_content) == (False, False, False)

    @pytest.mark.usefixtures("server")
    async def test_with_a_wrong_token_says_so_in_one_line(self, core: Scripted) -> None:
        bot = adapter(core, token="not.the.token")
        with pytest.raises(FriendlyError, match="refuses DISCORD_TOKEN") as caught:
            await bot.start()
        assert "\n" not in str(caught.value)
        assert "not.the.token" not in str(caught.value)
        await bot.stop()

    async def test_with_discord_out_of_reach_says_so_in_one_line(
        self, core: Scripted, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(discord.http.Route, "BASE", "http://127.0.0.1:1/api/v10")
        bot = adapter(core)
        with pytest.raises(FriendlyError, match="can't be reached"):
            await bot.start()
        await bot.stop()

    async def test_can_be_stopped_before_it_began(self, core: Scripted) -> None:
        await adapter(core).stop()

    @pytest.mark.usefixtures("no_waiting")
    async def test_as_many_shards_as_discord_advises(self, server: DiscordServer, core: Scripted) -> None:
        server.shards = 2
        bot = adapter(core)
        await bot.start()
        await server.until_identified(2)
        assert [data["d"]["shard"] for data in server.identified] == [[0, 2], [1, 2]]
        await bot.stop()

    async def test_goes_on_if_the_menu_is_refused(self, server: DiscordServer, core: Scripted) -> None:
        server.trouble("/commands", Trouble(403, {"message": "Missing Access", "code": 50001}))
        bot = adapter(core)
        assert "add me to a server" in (await bot.start()).line
        await bot.stop()

    async def test_no_token_reaches_the_log(
        self, server: DiscordServer, core: Scripted, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        for name in ("discord", "discord.client"):
            logging.getLogger(name).setLevel(logging.NOTSET)
        bot = adapter(core)
        await bot.start()
        token = await server.slash("tune")
        server.trouble(
            f"/{APPLICATION}/{token}", Trouble(403, {"message": "Missing Permissions", "code": 50013})
        )
        await server.answers(token, 2)
        await bot.stop()
        assert caplog.records
        assert TOKEN not in caplog.text
        assert token not in caplog.text
