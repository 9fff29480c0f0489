"""Private messages, and those that mention the bot or reply to it: each answered by a reply."""

import asyncio
import logging
import re
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from typing import Final

import discord

from bot.commands.hearing import Talk
from bot.core import Core
from bot.platform import Platform
from bot.platforms.discord import texts as own
from bot.platforms.discord.answer import LOST, MessageAnswer
from bot.platforms.discord.attached import sent_file
from bot.platforms.discord.work import Work
from bot.reply import Reply
from bot.sent_files import SentFile, tune_among
from generator.errors import FriendlyError
from generator.music.files.opened import NO_TUNE

_logger: Final = logging.getLogger(__name__)
_REMEMBERED: Final = 1000  # messages whose edits are answered in place
_WRITTEN: Final = (discord.MessageType.default, discord.MessageType.reply)


@dataclass(slots=True)
class _Asked:
    """A message that was answered: its text then, its answer, and the work on that."""

    text: str
    answer: MessageAnswer
    work: "asyncio.Task[None] | None" = None


@dataclass(frozen=True, slots=True)
class _Heard:
    """What a message says to the bot, with its files; ``directly`` if it speaks to the bot and not of it."""

    text: str
    directly: bool
    files: tuple[SentFile, ...] = ()


class Messages:
    """Answers messages.

    Args:
        platform: the declaration of Discord.
        core: answers the commands.
        work: counts the answers under way.
        patience: seconds until a message counts as lost.
    """

    def __init__(self, platform: Platform, core: Core, work: Work, patience: float) -> None:
        self._platform, self._core, self._work, self._patience = platform, core, work, patience
        self._asked: OrderedDict[int, _Asked] = OrderedDict()

    async def answer(self, message: discord.Message, bot: int) -> None:
        """Answer a message that is for the bot, whose id is given."""
        heard = _heard(message, bot)
        if heard is None or self._work.stopping:
            return
        with self._work.under_way():
            if not await self._core.first_time(self._platform.name, str(message.id)):
                return
            asked = _Asked(message.content, MessageAnswer(message, self._patience, self._work.missing))
            self._asked[message.id] = asked
            if len(self._asked) > _REMEMBERED:
                self._asked.popitem(last=False)
            await self._respond(message, heard, asked)

    async def answer_edited(self, message: discord.Message, bot: int) -> None:
        """Answer a message anew whose text was edited, in the place of the old answer."""
        asked = self._asked.get(message.id)
        if asked is None:
            if message.edited_at:  # else Discord has only added a preview
                await self.answer(message, bot)
            return
        heard = _heard(message, bot)
        if heard is None or self._work.stopping or message.content == asked.text:
            return
        asked.text = message.content
        with self._work.under_way():
            await _give_up(asked)
            await self._respond(message, heard, asked)

    async def forget(self, message: int) -> None:
        """Stop composing for a message that was deleted, and take back what only said how long it takes."""
        asked = self._asked.pop(message, None)
        if asked and await _give_up(asked):
            await asked.answer.withdraw()

    async def greet(self, guild: discord.Guild) -> None:
        """Say one line in a server that the bot has just joined, once, where it may speak."""
        channel = next(filter(_may_speak, (guild.system_channel, *guild.text_channels)), None)
        if channel is None or not await self._core.first_time(self._platform.name, f"joined {guild.id}"):
            return
        try:
            async with asyncio.timeout(self._patience):
                await channel.send(own.JOINED)
        except (discord.HTTPException, *LOST) as error:
            _logger.info("a greeting was lost: %s", type(error).__name__)

    async def _respond(self, message: discord.Message, heard: _Heard, asked: _Asked) -> None:
        asked.work = asyncio.create_task(self._say(message, heard, asked.answer))
        await asyncio.wait({asked.work})
        if not asked.work.cancelled():
            asked.work.result()

    async def _say(self, message: discord.Message, heard: _Heard, answer: MessageAnswer) -> None:
        community = str(message.guild.id) if message.guild else ""
        author = message.author

        async def manages() -> bool:
            return isinstance(author, discord.Member) and author.guild_permissions.manage_guild

        asker = self._platform.asker(str(author.id), str(message.channel.id), community, manages=manages)
        with self._work.under_way():
            if file := tune_among(heard.files):
                ask = partial(self._core.answer_file, file, heard.text)
                await self._work.answer(ask, asker, answer)
                return
            if heard.files and not heard.text.strip():
                await answer.refuse(NO_TUNE)
                return
            try:
                said = self._core.hear(heard.text)
            except FriendlyError as error:
                await answer.refuse(str(error))
                return
            if isinstance(said, Talk):
                if (said.thanks or heard.directly) and not answer.begun:
                    await answer.show(Reply(said.answer))
                return
            await self._work.answer(partial(self._core.do, said), asker, answer)


def _heard(message: discord.Message, bot: int) -> _Heard | None:
    """Return what a message says to the bot; None if it is not for it."""
    private = isinstance(message.channel, discord.DMChannel)
    if message.author.bot or message.type not in _WRITTEN or not (private or message.guild):
        return None
    text, mentions = re.subn(rf"<@!?{bot}>", " ", message.content)
    files = tuple(sent_file(attachment) for attachment in message.attachments)
    replies = any(user.id == bot for user in message.mentions) and bool(text.strip() or files)
    if not (private or mentions or replies):
        return None
    directly = private or message.content.lstrip().startswith((f"<@{bot}>", f"<@!{bot}>"))
    return _Heard(text, directly, files)


def _may_speak(channel: discord.TextChannel | None) -> bool:
    if channel is None:
        return False
    allowed = channel.permissions_for(channel.guild.me)
    return allowed.view_channel and allowed.send_messages


async def _give_up(asked: _Asked) -> bool:
    """Stop the work on an answer; return whether there was any."""
    if asked.work is None or asked.work.done():
        return False
    asked.work.cancel()
    await asyncio.wait({asked.work})
    return True
