"""Tunes that people attach on Discord, or write into messages."""

import re
from typing import Final

import discord

from bot import texts
from bot.language.pasted_abc import looks_like_abc
from bot.platforms.discord.answer import LOST
from bot.sent_files import SentFile
from generator.errors import FriendlyError

_BLOCK: Final = re.compile(r"```(?:[a-z]*\n)?(.+?)```", re.DOTALL | re.IGNORECASE)


def sent_file(attachment: discord.Attachment) -> SentFile:
    """Return an attachment as a file that was sent, not fetched yet."""

    async def read() -> bytes:
        try:
            return await attachment.read()
        except (discord.HTTPException, *LOST):
            raise FriendlyError(texts.NOT_FETCHED) from None

    return SentFile(attachment.filename, attachment.size, read)


def abc_in(text: str) -> str:
    """Return the ABC in a message: of its blocks of code, or all of it; empty if it has none."""
    blocks = [block.strip() for block in _BLOCK.findall(text)]
    tunes = [block for block in blocks if looks_like_abc(block)]
    if tunes:
        return "\n\n".join(tunes)
    at = re.search(r"^[A-Z]:", text, re.MULTILINE)  # words may stand before it
    abc = text[at.start() :].strip() if at else text.strip()
    return abc if looks_like_abc(abc) else ""
