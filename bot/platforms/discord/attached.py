"""Files that people attach on Discord."""

import discord

from bot import texts
from bot.platforms.discord.answer import LOST
from bot.sent_files import SentFile
from generator.errors import FriendlyError


def sent_file(attachment: discord.Attachment) -> SentFile:
    """Return an attachment as a file that was sent, not fetched yet."""

    async def read() -> bytes:
        try:
            return await attachment.read()
        except (discord.HTTPException, *LOST):
            raise FriendlyError(texts.NOT_FETCHED) from None

    return SentFile(attachment.filename, attachment.size, read)
