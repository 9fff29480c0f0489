"""Discord: slash commands, the buttons under an answer, private messages and mentions.

Commands work in servers, in private chats and, for those who installed the bot for themselves, anywhere.
Every answer is one message: Discord shows "thinking" at once, then how long it takes, then the words, then
the same with files.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, Final

import discord

from bot.commands.command import Command
from bot.core import Core
from bot.platform import Platform, RefusedError, Started
from bot.platforms.discord import texts as own
from bot.platforms.discord.answer import LOST, Posting
from bot.platforms.discord.interactions import Interactions
from bot.platforms.discord.messages import Messages
from bot.platforms.discord.page import CommandButton, CommandList, DeedButton
from bot.platforms.discord.slash_commands import Tree
from bot.platforms.discord.translator import MenuTranslator
from bot.platforms.discord.work import Work
from bot.reply import Reply
from bot.settings import Settings
from bot.texts import operator
from generator.errors import FriendlyError

_logger: Final = logging.getLogger(__name__)

# Slash commands and buttons need no permission; the answer to a mention is a reply with files, and replying
# needs the history of the channel.
PERMISSIONS: Final = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    attach_files=True,
    read_message_history=True,
)
INTENTS: Final = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
_CONNECT_WITHIN: Final = 60.0  # seconds
_AUTHENTICATION_FAILED: Final = 4004  # the gateway's code for a token that is no good any more


class DiscordAdapter:
    """Shows the core on Discord.

    Args:
        platform: its declaration.
        core: answers the commands.
        settings: has the token.
        patience: seconds until a message counts as lost; discord.py's own waits and retries are within.
        drain: seconds that answers under way are given when the bot stops.
        client: further options for discord.py's client.
    """

    def __init__(
        self,
        platform: Platform,
        core: Core,
        settings: Settings,
        *,
        patience: float = 60.0,
        drain: float = 10.0,
        **client: Any,
    ) -> None:
        self._platform = platform
        self._core = core
        self._token = platform.token_in(settings)
        self._patience = patience
        self._drain = drain
        # Debug lines hold interaction tokens; the client's warnings are about voice, which we do not use.
        for name, level in (("discord", logging.INFO), ("discord.client", logging.ERROR)):
            logger = logging.getLogger(name)
            logger.setLevel(max(level, logger.getEffectiveLevel()))
        self._work = Work()
        interactions = Interactions(platform, core, self._work, patience)
        messages = Messages(platform, core, self._work, patience)
        self._client = _Client(interactions, messages, core.commands, **_sharding(settings), **client)
        self._started = False
        self._connection: asyncio.Task[None] | None = None

    async def start(self) -> Started:
        """Log in, register the commands if they changed, and connect.

        Returns:
            A line to print, and the link that adds the bot to a server.

        Raises:
            RefusedError: the token is refused.
            FriendlyError: Discord cannot be reached.
        """
        self._started = True
        try:
            await asyncio.wait_for(self._client.login(self._token), self._patience)
        except discord.LoginFailure:
            await self._client.close()
            raise RefusedError(own.REFUSED) from None
        except (*LOST, discord.HTTPException) as error:
            await self._client.close()
            raise FriendlyError(operator.out_of_reach(self._platform.title, type(error).__name__)) from None
        self._connection = asyncio.create_task(self._client.connect(), name="discord")
        greeted = asyncio.create_task(self._client.greeted.wait())
        await asyncio.wait(
            {self._connection, greeted}, timeout=_CONNECT_WITHIN, return_when=asyncio.FIRST_COMPLETED
        )
        greeted.cancel()
        if not self._client.greeted.is_set():
            raise self._why_ended()
        link = discord.utils.oauth_url(
            self._client.application_id or 0, permissions=PERMISSIONS, scopes=("bot", "applications.commands")
        )
        self._core.invites[own.ADD] = link
        self._core.posters[self._platform.name] = self._post
        return Started(own.opened(str(self._client.user), link), link)

    async def _post(self, place: str, reply: Reply) -> bool:
        """Post a reply in a channel; tell whether that is still there."""
        channel = self._client.get_partial_messageable(int(place))
        answer = Posting(channel, self._patience, self._work.missing)
        with self._work.under_way():
            await answer.show(reply)
        if not (answer.sent or answer.gone):
            raise FriendlyError(operator.out_of_reach(self._platform.title, "not sent"))
        return not answer.gone

    @property
    def condition(self) -> str:
        """Return ``connected`` if every shard is, and ``reconnecting`` else."""
        return "connected" if self._client.all_open else "reconnecting"

    async def ended(self) -> FriendlyError:
        """Wait until discord.py gives up the connection, as for a refused token or a 5xx at its start."""
        assert self._connection
        await asyncio.wait({self._connection})
        return self._why_ended()

    def _why_ended(self) -> FriendlyError:
        assert self._connection
        error = self._connection.exception() if self._connection.done() else TimeoutError()
        if isinstance(error, discord.ConnectionClosed) and error.code == _AUTHENTICATION_FAILED:
            return RefusedError(own.REVOKED)
        return FriendlyError(operator.out_of_reach(self._platform.title, type(error).__name__))

    async def stop(self) -> None:
        """Take nothing new, let answers under way go out, tell the late ones, then disconnect."""
        self._core.posters.pop(self._platform.name, None)
        await self._work.stop(self._drain)
        if self._started:
            await self._client.close()
        if self._connection:
            self._connection.cancel()
            await asyncio.gather(self._connection, return_exceptions=True)


def _sharding(settings: Settings) -> dict[str, Any]:
    shards = {"shard_count": settings.shard_count, "shard_ids": settings.shards}
    return {name: value for name, value in shards.items() if value is not None}


class _Client(discord.AutoShardedClient):
    """discord.py's client, with its share of the shards, or as many as Discord advises."""

    def __init__(
        self,
        interactions: Interactions,
        messages: Messages,
        commands: Mapping[str, Command],
        **options: Any,
    ) -> None:
        settled: dict[str, Any] = {"allowed_mentions": discord.AllowedMentions.none(), "max_messages": None}
        super().__init__(intents=INTENTS, **(settled | options))
        self.interactions = interactions
        self._messages = messages
        self.greeted = asyncio.Event()  # set once the gateway has taken us
        self._open: set[int] = set()  # shards
        self.tree = Tree(self, commands, interactions.answer_command, interactions.suggest, interactions.play)

    async def setup_hook(self) -> None:
        """Register buttons of earlier runs and the menu of commands, between login and connecting."""
        self.add_dynamic_items(CommandButton, DeedButton, CommandList)
        if self.shard_ids is not None and 0 not in self.shard_ids:
            return  # one process does it, or several would overwrite each other's
        await self.tree.set_translator(MenuTranslator())
        try:
            if await self.tree.sync_if_changed():
                _logger.info("registered the commands with Discord")
        except discord.DiscordException as error:
            _logger.warning("Discord did not take the commands: %s", error)

    @property
    def all_open(self) -> bool:
        """Tell whether every shard is connected."""
        return bool(self._open) and self._open >= self.shards.keys()

    async def on_connect(self) -> None:
        """Note that the gateway has taken us."""
        self.greeted.set()

    async def on_shard_connect(self, shard: int) -> None:
        """Note that a shard is connected."""
        self._open.add(shard)

    async def on_shard_resumed(self, shard: int) -> None:
        """Note that a shard is connected again."""
        self._open.add(shard)

    async def on_shard_disconnect(self, shard: int) -> None:
        """Note that a shard is not connected."""
        self._open.discard(shard)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say one helpful line where the bot may speak."""
        await self._messages.greet(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget what was the server's."""
        await self.interactions.leave(guild.id)

    async def on_message(self, message: discord.Message) -> None:
        """Answer what somebody wrote in a channel that the bot sees."""
        if self.user:
            await self._messages.answer(message, self.user.id)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a form; commands and buttons come to the tree and the items."""
        await self.interactions.answer_form(interaction)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Answer anew what somebody edited."""
        if self.user:
            await self._messages.answer_edited(event.message, self.user.id)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Stop composing for a message that somebody deleted."""
        await self._messages.forget(event.message_id)
