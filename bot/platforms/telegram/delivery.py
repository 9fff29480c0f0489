"""Sending on Telegram: an answer that grows, and what to do where Telegram refuses or fails."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import httpx
from telegram import Bot, InputMediaDocument, InputMediaPhoto, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, TelegramError, TimedOut

from bot.platforms.telegram import texts as own
from bot.platforms.telegram.chats import Chats
from bot.platforms.telegram.cover import COVER
from bot.platforms.telegram.page import TelegramMessages, lay_out
from bot.reply import Attachment, Reply
from bot.translation.translator import say

_logger: Final = logging.getLogger(__name__)
_NOT_SENT: Final = (httpx.ConnectTimeout, httpx.PoolTimeout)
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
_PAUSE: Final = 1.0  # seconds before a second try

Send = Callable[..., Awaitable[object]]
Keep = Callable[[str, str, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands.

    Attributes:
        first: message_id of the message with the words.
        below: of the files that follow it, as far as they are known.
    """

    first: int
    below: tuple[int, ...] = ()


class TelegramAnswer:
    """One answer: a message that is sent once and edited from then on, and the files that follow it.

    Args:
        bot: sends it.
        message: that is answered.
        chats: what is known of the chats.
        keep: takes a tune's id, and kind and id of a file of it that Telegram has from now on.
        quote: show it as a reply to that message.
        presser: who pressed a button, where others may wonder; empty otherwise.
        instead: the answer whose place this one takes if it is the same tune, changed; None if it takes none.

    Attributes:
        shown: whether it says more than how long it takes.
        barred: whether we may not write there, blocked or taken out.
    """

    def __init__(
        self,
        bot: Bot,
        message: Message,
        chats: Chats,
        keep: Keep,
        *,
        quote: bool,
        presser: str = "",
        instead: "Place | None" = None,
    ) -> None:
        self.shown = self.barred = False
        self._instead, self._keep, self._tune = instead, keep, ""
        self._bot, self._chats, self._presser = bot, chats, presser
        self._group = message.chat.type != ChatType.PRIVATE
        self._where: dict[str, Any] = {"chat_id": message.chat.id}
        if message.is_topic_message:
            self._where["message_thread_id"] = message.message_thread_id
        self._above = ReplyParameters(message.message_id, allow_sending_without_reply=True) if quote else None
        self._first: int | None = None  # message_id of the message that grows
        self._below: list[int] = []  # of the files that follow it
        self._text = ""  # what is answered
        self._work: asyncio.Task[Any] | None = None

    @property
    def place(self) -> "Place | None":
        """Return where it stands; None if it was not sent."""
        return Place(self._first, tuple(self._below)) if self._first else None

    async def begins(self, text: str) -> bool:
        """Note what is answered from now on, by this task; return False if it is what was answered before.

        What was answered before is given up, and its files are taken away.
        """
        if text == self._text:
            return False
        work, self._work, self._text = self._work, asyncio.current_task(), text
        if work and not work.done():
            work.cancel()
            await asyncio.wait({work})
        below, self._below, self.shown = self._below, [], False
        await self._delete(below)
        return True

    async def _delete(self, messages: list[int]) -> None:
        if not messages:
            return
        try:
            await self._bot.delete_messages(self._where["chat_id"], messages)
        except TelegramError as error:
            _logger.info("old messages stay: %s", error)

    async def tell(self, sentence: str) -> None:
        """Show a sentence while somebody waits; in a group "typing" is enough, as messages are few there."""
        if not (self._group or self._instead):
            await self._put(TelegramMessages.of_text(sentence))

    async def show(self, reply: Reply) -> None:
        """Show a reply: the words, with the sheet if it is there, then silently the files below them.

        What takes the place of another answer is shown once all of it is there.
        """
        if self._instead and reply.later:
            return
        if self._instead and reply.same:
            self._first = self._instead.first
            await self._delete(list(self._instead.below))
        self._instead = None
        self._tune = str((reply.tune or {}).get("id") or "")
        spare = self._spares(reply, lay_out(reply, self._presser))
        if spare:
            reply = replace(reply, notes=(*reply.notes, say(own.BUSY, reply.language)))
        try:
            page = lay_out(reply, self._presser, photo=self._takes_photos)
            taken = await self._put(page)
            if not taken and page.photo and not self._takes_photos:  # as has just turned out
                page = lay_out(reply, self._presser, photo=False)
                taken = await self._put(page)
            if not (taken or await self._put_anew(page)):
                await self._put_plainly(page)
            self.shown = True
            if not (reply.later or spare):
                await self._send_files(page)
        except Forbidden as error:  # blocked, or taken out
            self.barred = True
            _logger.info("nobody to answer: %s", error)
        except TelegramError as error:
            _logger.warning("an answer did not go out: %s", error)

    @property
    def _takes_photos(self) -> bool:
        return self._chats.may(self._where["chat_id"], "photo")

    def _spares(self, reply: Reply, page: TelegramMessages) -> bool:
        """Tell whether sound and documents are to wait under "Files", as the group is busy."""
        followers = bool(page.sound) + len(page.files)
        kept = bool(reply.tune and reply.tune["id"])
        chat = self._where["chat_id"]
        return bool(kept and followers and not self._chats.budget.affords(chat, followers))

    async def _put_anew(self, page: TelegramMessages) -> bool:
        """Send a message of its own where the first one cannot be edited so, as a photo into words."""
        if self._first is None:
            return False
        old, self._first = self._first, None
        taken = await self._put(page)
        if taken:
            await self._delete([old])
        else:
            self._first = old
        return taken

    async def _put_plainly(self, page: TelegramMessages) -> None:
        """Show bare words where Telegram takes nothing better; the sheet may still be taken as a document."""
        await self._put(TelegramMessages.of_text(page.plain, markup=False))
        if page.photo:
            await self._send(partial(self._document, page.photo), "document")

    async def _send_files(self, page: TelegramMessages) -> None:
        below = ReplyParameters(self._first, allow_sending_without_reply=True) if self._first else None
        quiet: dict[str, Any] = {"disable_notification": True, "reply_parameters": below}
        if page.sound:
            await self._send(partial(self._audio, page, **quiet), "audio")
        if len(page.files) == 1:
            await self._send(partial(self._document, page.files[0], **quiet), "document")
        elif page.files:
            album = [InputMediaDocument(file.data, filename=file.name) for file in page.files]
            await self._send(partial(self._bot.send_media_group, media=album, **quiet), "document")

    async def _send(self, send: Send, kind: str) -> None:
        """Send a file, if the chat takes its kind; say once if it does not."""
        chat = self._where["chat_id"]
        if not self._chats.may(chat, kind):
            return
        taken, sent = await self._sent(send, kind)
        messages = sent if isinstance(sent, tuple) else (sent,)
        self._below += [each.message_id for each in messages if isinstance(each, Message)]
        await self._keep_files(messages)
        if self._first and not taken and not self._chats.may(self._where["chat_id"], kind):
            await self._sent(partial(self._bot.send_message, text=own.forbidden(kind)))

    async def _audio(self, page: TelegramMessages, **to: Any) -> Message:
        assert page.sound
        return await self._bot.send_audio(
            audio=page.sound.data,
            filename=page.sound.name,
            title=page.title or None,
            performer=own.PERFORMER,
            duration=await asyncio.to_thread(_seconds, page.sound.data),
            thumbnail=COVER,
            **to,
        )

    async def _document(self, file: Attachment, **to: Any) -> Message:
        return await self._bot.send_document(document=file.data, filename=file.name, **to)

    async def _put(self, page: TelegramMessages) -> bool:
        """Send the message that grows, or edit it; False if Telegram refuses it."""
        mode = ParseMode.HTML if page.html else None
        styled: dict[str, Any] = {"parse_mode": mode, "reply_markup": page.keyboard}
        text = page.html or page.plain
        if self._first is None:
            place: dict[str, Any] = {"reply_parameters": self._above, **styled}
            if page.photo:
                photo: dict[str, Any] = {
                    "photo": page.photo.data,
                    "filename": page.photo.name,
                    "caption": text,
                }
                send: Send = partial(self._bot.send_photo, **photo, **place)
            else:
                send = partial(self._bot.send_message, text=text, link_preview_options=_NO_PREVIEW, **place)
            taken, message = await self._sent(send, "photo" if page.photo else "")
            if isinstance(message, Message):
                self._first = message.message_id
            await self._keep_files((message,))
            return taken
        mine = {"chat_id": self._where["chat_id"], "message_id": self._first}
        if page.photo:
            media = InputMediaPhoto(page.photo.data, caption=text, parse_mode=mode, filename=page.photo.name)
            edit: Send = partial(
                self._bot.edit_message_media, media=media, reply_markup=page.keyboard, **mine
            )
        else:
            edit = partial(
                self._bot.edit_message_text, text=text, link_preview_options=_NO_PREVIEW, **styled, **mine
            )
        taken, message = await self._sent(lambda **_: edit(), "photo" if page.photo else "")
        await self._keep_files((message,))
        return taken

    async def _keep_files(self, messages: Sequence[object]) -> None:
        """Keep by which ids Telegram gives sheet and sound of a kept tune again."""
        for message in messages if self._tune else ():
            if isinstance(message, Message) and message.photo:
                await self._keep(self._tune, "photo", message.photo[-1].file_id)
            if isinstance(message, Message) and message.audio:
                await self._keep(self._tune, "audio", message.audio.file_id)

    async def _sent(self, send: Send, kind: str = "") -> tuple[bool, object]:
        """Send something; return whether Telegram takes it as it is, and what it says.

        After a broken connection or a fault of Telegram's it is sent once more, after a pause, as it mostly
        did not arrive. After a timeout it is not, as it mostly did.

        Raises:
            TelegramError: nothing can be sent there, at least for now.
        """
        for again in (False, True):
            try:
                return True, await send(**self._where)
            except ChatMigrated as error:
                self._where["chat_id"] = error.new_chat_id
            except BadRequest as error:
                if "not modified" in str(error).lower():
                    return True, None
                _logger.warning("Telegram refused a message: %s", error)
                if kind and "not enough rights" in str(error).lower():
                    self._chats.forbid(self._where["chat_id"], kind)
                return False, None
            except TimedOut as error:
                if again or not isinstance(error.__cause__, _NOT_SENT):
                    _logger.warning("a message may be lost: Telegram did not confirm it")
                    return True, None
            except NetworkError as error:
                if again:
                    raise
                _logger.info("%s while answering; once more", type(error).__name__)
                await self._chats.sleep(_PAUSE)
        return True, None


def _seconds(sound: bytes) -> int | None:
    """Return how long a sound file plays."""
    import io  # noqa: PLC0415

    import soundfile  # noqa: PLC0415 - brings numpy

    try:
        seconds: float = soundfile.info(io.BytesIO(sound)).duration
    except soundfile.LibsndfileError:
        return None
    return round(seconds)
