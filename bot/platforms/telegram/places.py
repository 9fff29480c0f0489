"""Groups that move, or take the bot out, and people who block it."""

from typing import Final

from telegram import Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.ext import ContextTypes

from bot.core import Core
from bot.platform import Platform

_GONE: Final = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


class Places:
    """Follows what becomes of the places where the bot is.

    Args:
        platform: the declaration of Telegram.
        core: keeps what was set there.
    """

    def __init__(self, platform: Platform, core: Core) -> None:
        self._platform, self._core = platform, core

    async def note_going(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Forget what was a group's that the bot was taken out of, or the daily tune of who blocked it."""
        change = update.my_chat_member
        if change and change.new_chat_member.status in _GONE:
            place = str(change.chat.id)
            community = "" if change.chat.type == ChatType.PRIVATE else place
            await self._core.left(self._platform.asker(str(change.from_user.id), place, community))

    async def note_move(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Give what was a group's to the larger one that it became."""
        message = update.effective_message
        if message and message.migrate_to_chat_id:
            await self._core.moved(self._platform.name, str(message.chat.id), str(message.migrate_to_chat_id))
