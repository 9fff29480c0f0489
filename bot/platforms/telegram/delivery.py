"""Sending on Telegram: what to do on a refusal, a moved group, an error or a timeout."""

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

import httpx
from telegram import Bot, InputMediaDocument, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, NetworkError, TelegramError, TimedOut

from bot.platforms.telegram.page import TelegramMessages
from bot.reply import Attachment

_logger: Final = logging.getLogger(__name__)
_NOT_SENT: Final = (httpx.ConnectTimeout, httpx.PoolTimeout)
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


async def deliver(bot: Bot, page: TelegramMessages, message: Message, *, quote: bool) -> None:
    """Send an answer: its words, then its files; where Telegram refuses the markup, bare words.

    Args:
        bot: sends it.
        page: what to send.
        message: says where: its chat, and its topic if the chat has topics.
        quote: show it as a reply to that message.
    """
    where: dict[str, Any] = {"chat_id": message.chat.id}
    if message.is_topic_message:
        where["message_thread_id"] = message.message_thread_id
    above = ReplyParameters(message.message_id, allow_sending_without_reply=True) if quote else None
    try:
        if await _sent(partial(_send_words, bot, page, reply_parameters=above), where):
            choices = [page.files]
        else:
            await _sent(partial(_send_bare_words, bot, page), where)
            # What could not be shown may still be taken as a document, beside the others or without them.
            choices = [(page.head, *page.files), page.files] if page.head else [page.files]
        for files in choices:
            if not files or await _sent(partial(_send_files, bot, files), where):
                break
    except TelegramError as error:
        _logger.warning("an answer did not go out: %s", error)


async def _send_words(bot: Bot, page: TelegramMessages, **to: Any) -> None:
    styled: dict[str, Any] = {"parse_mode": ParseMode.HTML, "reply_markup": page.keyboard, **to}
    if page.head is None:
        await bot.send_message(text=page.html, link_preview_options=_NO_PREVIEW, **styled)
        return
    file: dict[str, Any] = {"filename": page.head.name, "caption": page.html, **styled}
    if page.head.kind.sounds:
        await bot.send_audio(audio=page.head.data, title=page.title or None, **file)
    else:
        await bot.send_photo(photo=page.head.data, **file)


async def _send_bare_words(bot: Bot, page: TelegramMessages, **to: Any) -> None:
    await bot.send_message(text=page.plain, link_preview_options=_NO_PREVIEW, **to)


async def _send_files(bot: Bot, files: tuple[Attachment, ...], **to: Any) -> None:
    if len(files) == 1:
        await bot.send_document(document=files[0].data, filename=files[0].name, **to)
    else:
        album = [InputMediaDocument(file.data, filename=file.name) for file in files]
        await bot.send_media_group(media=album, **to)


async def _sent(send: Callable[..., Awaitable[None]], where: dict[str, Any]) -> bool:
    """Send one message; return False if Telegram refuses it as it is.

    After a broken connection or a fault of Telegram's it is sent once more, as it mostly did not arrive.
    After a timeout it is not, as it mostly did.

    Args:
        send: sends it.
        where: chat and topic; follows a group that became a supergroup.

    Raises:
        TelegramError: nothing can be sent there, at least for now.
    """
    for again in (False, True):
        try:
            await send(**where)
        except ChatMigrated as error:
            where["chat_id"] = error.new_chat_id
        except BadRequest as error:
            _logger.warning("Telegram refused a message: %s", error)
            return False
        except TimedOut as error:
            if again or not isinstance(error.__cause__, _NOT_SENT):
                _logger.warning("a message may be lost: Telegram did not confirm it")
                return True
        except NetworkError as error:
            if again:
                raise
            _logger.info("%s while answering; once more", type(error).__name__)
        else:
            return True
    return True
