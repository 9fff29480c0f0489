"""One answer on Discord, which grows: how long it takes, the words, the words with their files."""

import asyncio
import logging
from abc import ABC, abstractmethod
from typing import Any, Final

import aiohttp
import discord

from bot.platforms.discord.page import DiscordMessage, lay_out
from bot.reply import Reply

_logger: Final = logging.getLogger(__name__)
LOST: Final = (aiohttp.ClientError, OSError)  # among them TimeoutError
TOO_MANY_REQUESTS: Final = 429


class Answer(ABC):
    """A message that is sent once and edited from then on.

    Args:
        filesize_limit: bytes that a file may have there.
        patience: seconds until a message counts as lost; discord.py's own waits and retries are within.

    Attributes:
        complete: whether it has been shown with all that belongs to it.
    """

    def __init__(self, filesize_limit: int, patience: float) -> None:
        self.complete = False
        self._limit, self._patience = filesize_limit, patience

    async def tell(self, sentence: str) -> None:
        """Show a sentence while somebody waits."""
        await self._put(DiscordMessage(sentence))

    async def show(self, reply: Reply) -> None:
        """Show a reply; where Discord refuses it, its words alone."""
        page = lay_out(reply, self._limit)
        for form in (page, page.words()):
            try:
                await self._put(form)
            except LOST as error:
                _logger.warning("an answer was lost: %s", type(error).__name__)
            except discord.HTTPException as error:
                _logger.warning("an answer was refused: %s", error)
                gone = isinstance(error, discord.NotFound)
                away = isinstance(error, discord.DiscordServerError) or error.status == TOO_MANY_REQUESTS
                if not (gone or away):
                    continue
            self.complete = reply.later is None
            return

    async def refuse(self, sentence: str) -> None:
        """Say what is wrong with what was asked."""
        await self.show(Reply(sentence))

    async def _put(self, page: DiscordMessage) -> None:
        """Send or edit the message, once more after a lost connection, so that it shows only once."""
        try:
            await asyncio.wait_for(self._send(page.content()), self._patience)
        except LOST as error:
            _logger.info("%s while answering; once more", type(error).__name__)
            await asyncio.wait_for(self._send_again(page.content()), self._patience)

    @abstractmethod
    async def _send(self, content: dict[str, Any]) -> None:
        """Show the content in the message, the first time or anew."""

    @abstractmethod
    async def _send_again(self, content: dict[str, Any]) -> None:
        """Do the same where it may have been done."""


class InteractionAnswer(Answer):
    """The answer to a command or a button that was acknowledged with "thinking"."""

    def __init__(self, interaction: discord.Interaction[Any], filesize_limit: int, patience: float) -> None:
        super().__init__(filesize_limit, patience)
        self._interaction = interaction
        self._sent = False

    async def refuse(self, sentence: str) -> None:
        """Say it to the asker alone, in place of the public answer."""
        try:
            await asyncio.wait_for(self._interaction.delete_original_response(), self._patience)
            await asyncio.wait_for(self._interaction.followup.send(sentence, ephemeral=True), self._patience)
        except (discord.HTTPException, *LOST) as error:
            _logger.info("%s while refusing; in public, then", type(error).__name__)
            await super().refuse(sentence)

    async def _send(self, content: dict[str, Any]) -> None:
        if self._sent:
            await self._send_again(content)
        else:
            self._sent = True
            await self._interaction.followup.send(wait=True, **content)

    async def _send_again(self, content: dict[str, Any]) -> None:
        await self._interaction.edit_original_response(**_as_edit(content))


class MessageAnswer(Answer):
    """The answer to a private message or a mention."""

    def __init__(self, message: discord.Message, filesize_limit: int, patience: float) -> None:
        super().__init__(filesize_limit, patience)
        self._asked = message
        self._sent: discord.Message | None = None

    async def _send(self, content: dict[str, Any]) -> None:
        if self._sent is None:
            # With the same nonce, a message that did arrive is not shown twice.
            quoted = self._asked.to_reference(fail_if_not_exists=False)
            nonce = str(self._asked.id)
            self._sent = await self._asked.channel.send(nonce=nonce, reference=quoted, **content)
        else:
            await self._sent.edit(**_as_edit(content))

    async def _send_again(self, content: dict[str, Any]) -> None:
        await self._send(content)


def _as_edit(content: dict[str, Any]) -> dict[str, Any]:
    files = content.pop("files")
    return {"view": None, **content, "attachments": files}
