"""Discord: slash commands, the buttons under an answer, private messages and mentions.

Commands work in servers, in private chats and, for those who installed the bot for themselves, anywhere.
Every answer is one message: Discord shows "thinking" at once, then how long it takes, then the words, then
the same with files.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, Final

import discord

from bot import texts
from bot.asker import Asker
from bot.commands.command import Command
from bot.commands.reading import is_talk
from bot.core import Core
from bot.platform import Platform, RefusedError, Started
from bot.platforms.discord import texts as own
from bot.platforms.discord.answer import LOST, Answer, InteractionAnswer, MessageAnswer
from bot.platforms.discord.page import CommandButton
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
_AROUND: Final = " \t\n,.;:!?-–—…"  # what people put around a mention
_CONNECT_WITHIN: Final = 60.0  # seconds
_ALREADY_ACKNOWLEDGED: Final = 40060
_AUTHENTICATION_FAILED: Final = 4004  # the gateway's code for a token that is no good any more
_LAST_WORDS: Final = 5.0  # seconds to tell those whose answers are late when the bot stops

Ask = Callable[[Asker], Awaitable[Reply]]


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
        self._stopping = False
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
        """Take nothing new, let answers under way go out, tell the late ones, then disconnect."""
        self._stopping = True
        if self._busy:
            _, late = await asyncio.wait(self._busy, timeout=self._drain)
            for task in late:
                task.cancel()  # it says so
            if late:
                await asyncio.wait(late, timeout=_LAST_WORDS)
        if self._started:
            await self._client.close()
        if self._connection:
            self._connection.cancel()
            await asyncio.gather(self._connection, return_exceptions=True)

    async def answer_command(
        self, interaction: discord.Interaction[Any], command: str, values: Mapping[str, object]
    ) -> None:
        """Answer a slash command; what is wrong with it at once, to the asker alone."""
        try:
            self._core.check(command, values)
        except FriendlyError as error:
            await _say_privately(interaction, str(error))
            return
        private = self._core.commands[command].private
        await self._respond(interaction, partial(self._core.run, command, values), private=private)

    async def answer_button(self, interaction: discord.Interaction[Any], command: str) -> None:
        """Answer a button, which types a command."""
        try:
            asked = self._core.read(command)
        except FriendlyError as error:  # a button of an earlier version
            await _say_privately(interaction, str(error))
            return
        private = self._core.commands[asked.command].private
        await self._respond(interaction, partial(self._core.answer, command), private=private)

    async def answer_message(self, message: discord.Message) -> None:
        """Answer a private message, or one that mentions the bot."""
        user, guild = self._client.user, message.guild
        private = isinstance(message.channel, discord.DMChannel)
        if user is None or message.author.bot or self._stopping or not (private or guild):
            return
        text, mentions = re.subn(rf"<@!?{user.id}>", " ", message.content)
        text = text.strip(_AROUND) or "/help"
        if not (private or mentions) or (guild and is_talk(text, self._core.commands)):
            return
        with self._at_work():
            community = str(guild.id) if guild else ""
            asker = self._platform.asker(str(message.author.id), str(message.channel.id), community)
            if not await self._core.first_time(self._platform.name, str(message.id)):
                return
            limit = guild.filesize_limit if guild else discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES
            answer = MessageAnswer(message, limit, self._patience)
            ask = partial(self._core.answer, text)
            self._asked[message.id] = asyncio.ensure_future(self._answer(ask, asker, answer))
            try:
                await self._asked[message.id]
            finally:
                del self._asked[message.id]

    def cancel(self, message: int) -> None:
        """Stop composing for a message that was deleted."""
        if message in self._asked:
            self._asked[message].cancel()

    async def _respond(self, interaction: discord.Interaction[Any], ask: Ask, *, private: bool) -> None:
        if self._stopping:
            await _say_privately(interaction, texts.STOPPING)
            return
        with self._at_work():
            if not await self._acknowledged(interaction, private=private):
                return
            community = str(interaction.guild_id or "")
            user, place = str(interaction.user.id), str(interaction.channel_id or "")
            asker = self._platform.asker(user, place, community)
            if await self._core.first_time(self._platform.name, str(interaction.id)):
                answer = InteractionAnswer(interaction, interaction.filesize_limit, self._patience)
                await self._answer(ask, asker, answer)

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        try:
            yield
        finally:
            self._busy.discard(task)

    async def _acknowledged(self, interaction: discord.Interaction[Any], *, private: bool) -> bool:
        """Acknowledge an interaction, for which Discord waits three seconds; False if it is over."""
        for _ in range(2):
            try:
                await asyncio.wait_for(
                    interaction.response.defer(thinking=True, ephemeral=private), _ACKNOWLEDGE_WITHIN
                )
            except discord.HTTPException as error:
                if error.code != _ALREADY_ACKNOWLEDGED:
                    _logger.warning("an interaction was over before it began: %s", error)
                return error.code == _ALREADY_ACKNOWLEDGED
            except LOST as error:
                _logger.info("%s while acknowledging", type(error).__name__)
            else:
                return True
        return False

    async def _answer(self, ask: Ask, asker: Asker, answer: Answer) -> None:
        """Show the words as soon as they are there, then the files; tell those who have to wait, or to go."""
        try:
            reply = await ask(replace(asker, tell=answer.tell))
            await answer.show(reply)
            if reply.later:
                await answer.show(await reply.later)
        except FriendlyError as error:
            await answer.refuse(str(error))
        except asyncio.CancelledError:
            if self._stopping and not answer.complete:
                await answer.show(Reply(texts.STOPPING))
            raise


async def _say_privately(interaction: discord.Interaction[Any], sentence: str) -> None:
    """Answer at once, to the asker alone."""
    try:
        await interaction.response.send_message(sentence, ephemeral=True)
    except (discord.HTTPException, *LOST) as error:
        _logger.warning("an answer was lost: %s", type(error).__name__)


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
