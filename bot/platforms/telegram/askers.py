"""Who asks on Telegram, and whether they are among the administrators of a group."""

import logging
from typing import Final

from telegram import Message
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot.asker import Asker, Tell
from bot.platform import Platform

_logger: Final = logging.getLogger(__name__)


def asker_of(
    platform: Platform, message: Message, user: int, tell: Tell | None = None, locale: str | None = None
) -> Asker:
    """Say who asks.

    Args:
        platform: the declaration of Telegram.
        message: where they ask.
        user: who they are; the chat itself for its anonymous administrators.
        tell: shows them a sentence while they wait.
        locale: the language that Telegram says they speak; None for that of the message's author.
    """

    async def manages() -> bool:
        if user == message.chat.id:
            return True
        try:
            member = await message.chat.get_member(user)
        except TelegramError as error:
            _logger.info("%s while asking for an administrator", type(error).__name__)
            return False
        return member.status in (ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER)

    place = str(message.chat.id)
    community = "" if message.chat.type == ChatType.PRIVATE else place
    author = message.from_user
    if locale is None and author and author.id == user:
        locale = author.language_code
    return platform.asker(str(user), place, community, tell, manages, locale or "")
