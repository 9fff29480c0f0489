"""One answer on Discord, which grows: how long it takes, the words, the words with their files."""

import asyncio
import logging
from abc import ABC, abstractmethod
from typing import Any, Final

import aiohttp
import discord

from bot import texts
from bot.platforms.discord.page import DiscordMessage, lay_out
from bot.platforms.discord.permissions import MissingPermissions
from bot.reply import Reply

_logger: Final = logging.getLogger(__name__)
LOST: Final = (aiohttp.ClientError, OSError)  # among them TimeoutError
TOO_MANY_REQUESTS: Final = 429
_MISSING_PERMISSIONS: Final = 50013
_NO_HISTORY: Final = 160002  # a reply needs the permission to read what it replies to


class Answer(ABC):
    """A message that is sent once and edited from then on.

    Args:
        channel: where it is.
        filesize_limit: bytes that a file may have there.
        patience: seconds until a message counts as lost; discord.py's own waits and retries are within.
        missing: says which permission is missing.
        may_attach: whether files may be attached there, as far as is known before it is tried.
        presser: id of whoever pressed the button that is answered, where others may wonder; else empty.

    Attributes:
        begun: whether more has been shown than how long it takes.
        complete: whether it has been shown with all that belongs to it.
    """

    def __init__(
        self,
        channel: int,
        filesize_limit: int,
        patience: float,
        missing: MissingPermissions,
        *,
        may_attach: bool = True,
        presser: str = "",
    ) -> None:
        self.begun = self.complete = False
        self._channel, self._limit, self._patience = channel, filesize_limit, patience
        self._missing, self._may_attach = missing, may_attach
        self._presser, self._noted = presser, ""

    async def tell(self, sentence: str) -> None:
        """Show a sentence while somebody waits."""
        await self._put(DiscordMessage(sentence))

    async def show(self, reply: Reply) -> None:
        """Show a reply; where Discord refuses it, its words alone."""
        self.begun, self.complete = True, False
        page = lay_out(reply, self._limit, presser=self._presser)
        bare = lay_out(reply, self._limit, attach=False, presser=self._presser)
        if page.files and not self._may_attach:
            page = bare.with_note(self._note())
        error = await self._tried(page)
        if error and _takes_less(error):
            forbidden = page.files and error.code == _MISSING_PERMISSIONS
            note = self._note() if forbidden else texts.NO_FILES if page.files else ""
            plain = bare.plain()
            await self._tried(plain.with_note(note) if note else plain)
        self.complete = reply.later is None

    async def _tried(self, page: DiscordMessage) -> discord.HTTPException | None:
        """Send a page; return why it was refused."""
        try:
            await self._put(page)
        except LOST as error:
            _logger.warning("an answer was lost: %s", type(error).__name__)
        except discord.HTTPException as error:
            _logger.warning("an answer was refused: %s", error)
            return error
        return None

    def _note(self) -> str:
        """Return the same note on files each time that this answer is shown."""
        self._noted = self._noted or self._missing.note(self._channel)
        return self._noted

    async def refuse(self, sentence: str) -> None:
        """Say what is wrong with what was asked."""
        await self.show(Reply(sentence))

    async def _put(self, page: DiscordMessage) -> None:
        """Send or edit the message, once more after a lost connection, so that it shows only once."""
        try:
            async with asyncio.timeout(self._patience):  # in Python 3.11 wait_for may lose a cancellation
                await self._send(page.content())
        except LOST as error:
            _logger.info("%s while answering; once more", type(error).__name__)
            async with asyncio.timeout(self._patience):
                await self._send_again(page.content())

    @abstractmethod
    async def _send(self, content: dict[str, Any]) -> None:
        """Show the content in the message, the first time or anew."""

    @abstractmethod
    async def _send_again(self, content: dict[str, Any]) -> None:
        """Do the same where it may have been done."""


class InteractionAnswer(Answer):
    """The answer to a command or a button that was acknowledged with "thinking"."""

    def __init__(
        self,
        interaction: discord.Interaction[Any],
        patience: float,
        missing: MissingPermissions,
        presser: str = "",
    ) -> None:
        super().__init__(
            interaction.channel_id or 0,
            interaction.filesize_limit,
            patience,
            missing,
            may_attach=interaction.guild_id is None or interaction.app_permissions.attach_files,
            presser=presser,
        )
        self._interaction = interaction
        self._sent = False

    async def refuse(self, sentence: str) -> None:
        """Say it to the asker alone, in place of the public answer."""
        try:
            async with asyncio.timeout(self._patience):
                await self._interaction.delete_original_response()
                await self._interaction.followup.send(sentence, ephemeral=True)
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


class PlaceAnswer(InteractionAnswer):
    """The answer to a button that takes the place of the message under which it stands.

    Another tune than the one there comes as a message of its own.
    """

    _same = False
    _new: discord.WebhookMessage | None = None

    async def tell(self, sentence: str) -> None:
        """Say nothing: the tune stays until it is replaced."""

    async def show(self, reply: Reply) -> None:
        """Show a reply once all of it is there."""
        if reply.later:
            return
        self._same = reply.same
        await super().show(reply)

    async def _send(self, content: dict[str, Any]) -> None:
        if self._same:
            await self._send_again(content)
        elif self._new is None:
            self._new = await self._interaction.followup.send(wait=True, **content)
        else:
            await self._new.edit(**_as_edit(content))

    async def _send_again(self, content: dict[str, Any]) -> None:
        if self._same:
            await self._interaction.edit_original_response(**_as_edit(content))
        else:
            await self._send(content)

    async def refuse(self, sentence: str) -> None:
        """Say it to the asker alone; the message stays as it is."""
        try:
            async with asyncio.timeout(self._patience):
                await self._interaction.followup.send(sentence, ephemeral=True)
        except (discord.HTTPException, *LOST) as error:
            _logger.warning("a refusal was lost: %s", type(error).__name__)


class MessageAnswer(Answer):
    """The answer to a private message or a mention."""

    def __init__(self, message: discord.Message, patience: float, missing: MissingPermissions) -> None:
        guild = message.guild
        limit = guild.filesize_limit if guild else discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES
        super().__init__(message.channel.id, limit, patience, missing)
        self._asked = message
        self._quoted: discord.MessageReference | None = message.to_reference(fail_if_not_exists=False)
        self._sent: discord.Message | None = None

    async def _send(self, content: dict[str, Any]) -> None:
        if self._sent is None:
            # With the same nonce, a message that did arrive is not shown twice.
            nonce = str(self._asked.id)
            quoted: dict[str, Any] = {"reference": self._quoted} if self._quoted else {}
            self._sent = await self._asked.channel.send(nonce=nonce, **quoted, **content)
        else:
            await self._sent.edit(**_as_edit(content))

    async def _send_again(self, content: dict[str, Any]) -> None:
        await self._send(content)

    async def _put(self, page: DiscordMessage) -> None:
        try:
            await super()._put(page)
        except discord.HTTPException as error:
            if error.code != _NO_HISTORY:
                raise
            self._quoted = None
            await super()._put(page)

    async def withdraw(self) -> None:
        """Delete the message if it has said no more than how long it takes."""
        if self._sent is None or self.begun:
            return
        try:
            async with asyncio.timeout(self._patience):
                await self._sent.delete()
        except (discord.HTTPException, *LOST) as error:
            _logger.info("%s while taking back a message", type(error).__name__)


class Posting(Answer):
    """A message that answers nobody.

    Attributes:
        gone: whether there is no such place any more, or none where we may write.
    """

    def __init__(
        self, channel: discord.PartialMessageable, patience: float, missing: MissingPermissions
    ) -> None:
        super().__init__(channel.id, discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES, patience, missing)
        self.gone = False
        self._place = channel
        self._nonce = str(discord.utils.time_snowflake(discord.utils.utcnow()))
        self._sent: discord.PartialMessage | discord.Message | None = None

    @property
    def sent(self) -> bool:
        """Tell whether it stands there."""
        return self._sent is not None

    async def _send(self, content: dict[str, Any]) -> None:
        try:
            if self._sent is None:
                self._sent = await self._place.send(nonce=self._nonce, **content)
            else:
                await self._sent.edit(**_as_edit(content))
        except (discord.NotFound, discord.Forbidden) as error:
            self.gone = self._sent is None and error.code != _MISSING_PERMISSIONS
            raise
        self.gone = False

    async def _send_again(self, content: dict[str, Any]) -> None:
        await self._send(content)  # with the same nonce, a message that did arrive is not shown twice


def _takes_less(error: discord.HTTPException) -> bool:
    """Tell whether Discord may take the words alone: it is there, and so is the place."""
    away = isinstance(error, discord.DiscordServerError) or error.status == TOO_MANY_REQUESTS
    return not (away or isinstance(error, discord.NotFound))


def _as_edit(content: dict[str, Any]) -> dict[str, Any]:
    files = content.pop("files")
    return {"view": None, **content, "attachments": files}
