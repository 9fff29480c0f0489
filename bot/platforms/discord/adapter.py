"""Discord: slash commands, the buttons under an answer, private messages and mentions.

Commands work in servers, in private chats and, for those who installed the bot for themselves, anywhere.
Every answer is one message: Discord shows "thinking" at once, and the answer replaces it.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

import aiohttp
import discord

from bot.asker import Asker
from bot.commands.command import Command
from bot.core import Core
from bot.platform import Platform, RefusedError, Started
from bot.platforms.discord import texts as own
from bot.platforms.discord.page import CommandButton, DiscordMessage, lay_out
from bot.platforms.discord.slash_commands import Tree
from bot.reply import Reply
from bot.settings import Settings
from bot.texts import operator
from generator.errors import FriendlyError

_logger: Final = logging.getLogger(__name__)

# Slash commands and buttons need no permission; the answer to a mention is an ordinary message with files.
PERMISSIONS: Final = discord.Permissions(
    view_channel=True, send_messages=True, send_messages_in_threads=True, attach_files=True
)
INTENTS: Final = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
_ACKNOWLEDGE_WITHIN: Final = 2.0  # seconds; Discord waits three
_CONNECT_WITHIN: Final = 60.0  # seconds
_ALREADY_ACKNOWLEDGED: Final = 40060
_AUTHENTICATION_FAILED: Final = 4004  # the gateway's code for a token that is no good any more
_LOST: Final = (aiohttp.ClientError, OSError)  # among them TimeoutError

Ask = Callable[[Asker], Awaitable[Reply]]
Send = Callable[..., Awaitable[object]]


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
        self._client = _Client(self, core.commands, **client)
        self._started = False
        self._connection: asyncio.Task[None] | None = None
        self._busy: set[asyncio.Task[Any]] = set()
        self._asked: dict[int, asyncio.Task[Any]] = {}  # by the message that asks, until it has its answer

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
        except (*_LOST, discord.HTTPException) as error:
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
        return Started(own.opened(str(self._client.user), link), link)

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
        """Let answers under way go out, then disconnect."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=self._drain)
        if self._started:
            await self._client.close()
        if self._connection:
            self._connection.cancel()
            await asyncio.gather(self._connection, return_exceptions=True)

    async def answer_command(
        self, interaction: discord.Interaction[Any], command: str, values: Mapping[str, object]
    ) -> None:
        """Answer a slash command."""
        await self._respond(interaction, partial(self._core.run, command, values))

    async def answer_button(self, interaction: discord.Interaction[Any], command: str) -> None:
        """Answer a button, which types a command."""
        await self._respond(interaction, partial(self._core.answer, command))

    async def answer_message(self, message: discord.Message) -> None:
        """Answer a private message, or one that mentions the bot."""
        user, guild = self._client.user, message.guild
        private = isinstance(message.channel, discord.DMChannel)
        if user is None or message.author.bot or not (private or guild):
            return
        text, mentions = re.subn(rf"<@!?{user.id}>", " ", message.content)
        if not (private or mentions):
            return
        with self._at_work():
            community = str(guild.id) if guild else ""
            asker = self._platform.asker(str(message.author.id), str(message.channel.id), community)
            self._asked[message.id] = asyncio.ensure_future(
                self._reply(partial(self._core.answer, text.strip() or "/help"), asker)
            )
            try:
                reply = await self._asked[message.id]
            finally:
                del self._asked[message.id]
            limit = guild.filesize_limit if guild else discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES
            # With the same nonce, a message that did arrive is not shown twice.
            send = partial(message.channel.send, nonce=str(message.id))
            await self._deliver(lay_out(reply, limit), send, send)

    def cancel(self, message: int) -> None:
        """Stop composing for a message that was deleted."""
        if message in self._asked:
            self._asked[message].cancel()

    async def _respond(self, interaction: discord.Interaction[Any], ask: Ask) -> None:
        with self._at_work():
            if not await self._acknowledged(interaction):
                return
            community = str(interaction.guild_id or "")
            user, place = str(interaction.user.id), str(interaction.channel_id or "")
            asker = self._platform.asker(user, place, community)
            reply = await self._reply(ask, asker)
            page = lay_out(reply, interaction.filesize_limit)
            await self._deliver(
                page, partial(interaction.followup.send, wait=True), partial(_edit, interaction)
            )

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        try:
            yield
        finally:
            self._busy.discard(task)

    async def _acknowledged(self, interaction: discord.Interaction[Any]) -> bool:
        """Acknowledge an interaction, for which Discord waits three seconds; False if it is over."""
        for _ in range(2):
            try:
                await asyncio.wait_for(interaction.response.defer(thinking=True), _ACKNOWLEDGE_WITHIN)
            except discord.HTTPException as error:
                if error.code != _ALREADY_ACKNOWLEDGED:
                    _logger.warning("an interaction was over before it began: %s", error)
                return error.code == _ALREADY_ACKNOWLEDGED
            except _LOST as error:
                _logger.info("%s while acknowledging", type(error).__name__)
            else:
                return True
        return False

    async def _reply(self, ask: Ask, asker: Asker) -> Reply:
        try:
            reply = await ask(asker)
            return await reply.later if reply.later else reply
        except FriendlyError as error:
            return Reply(str(error))

    async def _deliver(self, page: DiscordMessage, send: Send, again: Send) -> None:
        """Send a message; where Discord refuses it, send its words alone.

        Args:
            page: the message.
            send: sends it.
            again: sends it after a lost connection, so that it shows only once.
        """
        for form in (page, page.words()):
            try:
                try:
                    await asyncio.wait_for(send(**form.content()), self._patience)
                except _LOST as error:
                    _logger.info("%s while answering; once more", type(error).__name__)
                    await asyncio.wait_for(again(**form.content()), self._patience)
            except _LOST as error:
                _logger.warning("an answer was lost: %s", type(error).__name__)
            except discord.HTTPException as error:
                _logger.warning("an answer was refused: %s", error)
                gone = isinstance(error, discord.NotFound)
                if not (gone or isinstance(error, discord.DiscordServerError) or error.status == 429):
                    continue
            return


async def _edit(interaction: discord.Interaction[Any], *, files: list[discord.File], **content: Any) -> None:
    """Replace "thinking" by the answer; doing it twice shows it once."""
    await interaction.edit_original_response(attachments=files, **content)


class _Client(discord.AutoShardedClient):
    """discord.py's client, with as many shards as Discord advises."""

    def __init__(self, adapter: DiscordAdapter, commands: Mapping[str, Command], **options: Any) -> None:
        settled: dict[str, Any] = {"allowed_mentions": discord.AllowedMentions.none(), "max_messages": None}
        super().__init__(intents=INTENTS, **(settled | options))
        self.adapter = adapter
        self.greeted = asyncio.Event()  # set once the gateway has taken us
        self.tree = Tree(self, commands, adapter.answer_command)

    async def setup_hook(self) -> None:
        """Register buttons of earlier runs and the menu of commands, between login and connecting."""
        self.add_dynamic_items(CommandButton)
        try:
            if await self.tree.sync_if_changed():
                _logger.info("registered the commands with Discord")
        except discord.DiscordException as error:
            _logger.warning("Discord did not take the commands: %s", error)

    async def on_connect(self) -> None:
        """Note that the gateway has taken us."""
        self.greeted.set()

    async def on_message(self, message: discord.Message) -> None:
        """Answer what somebody wrote in a channel that the bot sees."""
        await self.adapter.answer_message(message)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Stop composing for a message that somebody deleted."""
        self.adapter.cancel(event.message_id)
