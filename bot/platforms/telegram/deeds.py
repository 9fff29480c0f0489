"""What buttons do to the messages under which they stand, and where answers stand with what is below them."""

import logging
from typing import Final

from telegram import CallbackQuery, Message
from telegram.constants import CallbackQueryLimit
from telegram.error import TelegramError

from bot.core import Core
from bot.platform import Platform
from bot.platforms.telegram import texts as own
from bot.platforms.telegram.askers import asker_of
from bot.platforms.telegram.delivery import Place
from bot.platforms.telegram.page import keyboard
from generator.errors import FriendlyError

_logger: Final = logging.getLogger(__name__)
_LONGEST_NOTE: Final = 64  # characters of a key
_LONGEST_TOAST: Final = int(CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH)


class Standing:
    """Where answers stand, those of earlier runs as well, for about as long as Telegram lets us delete them.

    Args:
        platform: the declaration of Telegram.
        core: keeps it.
    """

    def __init__(self, platform: Platform, core: Core) -> None:
        self._platform, self._core = platform, core

    async def remember(self, chat: int, place: Place | None) -> None:
        """Note where an answer stands, in case a button takes its place."""
        if place and place.below:
            key = f"below {chat} {place.first} " + ",".join(map(str, place.below))
            if len(key) > _LONGEST_NOTE:
                key = key[:_LONGEST_NOTE].rpartition(",")[0]
            await self._core.first_time(self._platform.name, key)

    async def of(self, message: Message) -> Place:
        """Find where an answer stands, an earlier run's as well."""
        below = await self._core.noted(self._platform.name, f"below {message.chat.id} {message.message_id} ")
        return Place(message.message_id, tuple(map(int, below.split(","))) if below else ())


class Deeds:
    """Does what buttons do.

    Args:
        platform: the declaration of Telegram.
        core: knows what is to be done.
        standing: where answers stand.
    """

    def __init__(self, platform: Platform, core: Core, standing: Standing) -> None:
        self._platform, self._core, self._standing = platform, core, standing

    async def do(self, query: CallbackQuery, deed: str) -> None:
        """Do what a button does to the message under which it stands."""
        message = query.message
        if not isinstance(message, Message) or not _stands_under(message, deed):
            await stop_spinner(query)
            return
        try:
            who = query.from_user
            asker = asker_of(self._platform, message, who.id, locale=who.language_code or "")
            pressed = await self._core.press(deed, asker)
        except FriendlyError as error:
            await stop_spinner(query, str(error), loud=True)
            return
        if pressed.gone:
            await stop_spinner(query, pressed.said if await self._delete(message) else own.NOT_DELETED)
            return
        await stop_spinner(query, pressed.said)
        if pressed.menu:
            try:
                await message.edit_reply_markup(keyboard(pressed.menu))
            except TelegramError as error:
                _logger.info("a page was not turned: %s", error)

    async def _delete(self, message: Message) -> bool:
        """Delete an answer with the files below it, as far as they are known; tell whether it is gone."""
        here = await self._standing.of(message)
        try:
            return await message.get_bot().delete_messages(message.chat.id, [here.first, *here.below])
        except TelegramError as error:
            _logger.info("a message was not deleted: %s", error)
            return False


def _stands_under(message: Message, data: str) -> bool:
    """Tell whether a message has a button with these data: a client may claim any, under any message."""
    if message.reply_markup is None:
        return True  # Telegram always shows it
    return any(key.callback_data == data for row in message.reply_markup.inline_keyboard for key in row)


async def stop_spinner(query: CallbackQuery, sentence: str | None = None, *, loud: bool = False) -> None:
    """Answer a press, with a few words to whoever pressed if there are any."""
    try:
        await query.answer(sentence[:_LONGEST_TOAST] if sentence else None, show_alert=loud or None)
    except TelegramError as error:
        _logger.info("a button was pressed too long ago: %s", type(error).__name__)
