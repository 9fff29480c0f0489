"""Tunes in any chat: whoever types the bot's name and some words is offered tunes that there are already."""

import logging
from html import escape
from typing import Any, Final

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultCachedAudio,
    InlineQueryResultCachedPhoto,
    InlineQueryResultsButton,
    Update,
)
from telegram.constants import InlineQueryLimit, MessageLimit, ParseMode
from telegram.error import TelegramError
from telegram.ext import ContextTypes
from telegram.helpers import create_deep_linked_url

from bot.core import Core
from bot.platform import Platform
from bot.platforms.telegram import texts as own
from bot.tune_facts import music_facts
from bot.tunes_to_offer import Offered
from generator.errors import FriendlyError

_logger: Final = logging.getLogger(__name__)
_KEPT: Final = 10  # seconds that Telegram keeps an answer, for the same words of the same person
_START: Final = "inline"  # what /start is given by the button above the tunes


class InlineTunes:
    """Answers inline queries from what is kept; it never composes, as each key stroke asks.

    Args:
        platform: the declaration of Telegram.
        core: has the tunes.
    """

    def __init__(self, platform: Platform, core: Core) -> None:
        self._platform, self._core = platform, core

    async def answer(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Offer tunes that somebody may mean."""
        query = update.inline_query
        if query is None:
            return
        asker = self._platform.asker(str(query.from_user.id), "")
        try:
            found = await self._core.to_offer(query.query, asker, int(InlineQueryLimit.RESULTS))
        except FriendlyError as error:
            _logger.info("nothing offered: %s", error)
            found = []
        try:
            await query.answer(
                [_result(each, context.bot) for each in found],
                cache_time=_KEPT,
                is_personal=True,
                button=InlineQueryResultsButton(own.COMPOSE, start_parameter=_START),
            )
        except TelegramError as error:  # it was asked too long ago, or a file is another bot's
            _logger.info("an inline query was not answered: %s", error)


def _result(offered: Offered, bot: Bot) -> InlineQueryResultCachedAudio | InlineQueryResultCachedPhoto:
    """Make a result of a tune: sound where there is some, else the sheet; its words and a link below."""
    tune = offered.tune.tune
    facts = " · ".join(music_facts(tune).values())
    words = f"{tune.title}\n{facts}"
    caption = escape(words, quote=False)
    if len(words.encode("utf-16-le")) // 2 + 1 + len(tune.abc) <= MessageLimit.CAPTION_LENGTH:
        caption += f"\n<blockquote expandable>{escape(tune.abc.strip(), quote=False)}</blockquote>"
    link = create_deep_linked_url(bot.username, offered.tune.id)
    below: dict[str, Any] = {
        "caption": caption,
        "parse_mode": ParseMode.HTML,
        "reply_markup": InlineKeyboardMarkup([[InlineKeyboardButton(own.MORE_OF_IT, url=link)]]),
    }
    if sound := offered.files.get("audio"):
        return InlineQueryResultCachedAudio(offered.tune.id, sound, **below)
    return InlineQueryResultCachedPhoto(
        offered.tune.id, offered.files["photo"], title=tune.title, description=facts, **below
    )
