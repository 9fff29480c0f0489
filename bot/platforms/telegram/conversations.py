"""What people write and press on Telegram, and the answers that are under way."""

import asyncio
import logging
import re
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from telegram import Bot, CallbackQuery, Chat, Message, Update
from telegram.constants import ChatAction, ChatType
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot import texts
from bot.asker import Asker
from bot.commands.hearing import Talk
from bot.core import Core
from bot.platform import Platform
from bot.platforms.telegram import texts as own
from bot.platforms.telegram.askers import asker_of
from bot.platforms.telegram.attached import file_of
from bot.platforms.telegram.chats import Chats
from bot.platforms.telegram.deeds import Deeds, Standing, stop_spinner
from bot.platforms.telegram.delivery import TelegramAnswer
from bot.platforms.telegram.long_pastes import LongPastes, is_cut_off, may_go_on
from bot.reply import Reply
from bot.sent_files import SentFile
from generator.errors import FileError, FriendlyError
from generator.music.files.opened import NO_TUNE

_logger: Final = logging.getLogger(__name__)
_LAST_WORDS: Final = 5.0  # seconds to tell those whose answers are late when the bot stops
_BEFORE_TYPING: Final = 1.0  # seconds; most answers are there by then
_TYPING: Final = 5.0  # seconds that Telegram shows it
_REMEMBERED: Final = 500  # answers that are still edited when what they answer is
_ABC_ALONE: Final = re.compile(r"\s*/abc(?:@\w+)?\s*(\d{1,3})?\s*", re.ASCII | re.IGNORECASE)
_COMMAND: Final = re.compile(r"/(?P<name>\w+)(?:@(?P<bot>\w+))?(?!\S)", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What a message says to the bot, with its file; ``directly`` if it speaks to the bot and not of it."""

    text: str
    directly: bool
    file: SentFile | None = None
    goes_on: bool = False  # perhaps, and the rest did not come


class Conversations:
    """Answers messages and buttons.

    Args:
        platform: the declaration of Telegram.
        core: answers the commands.
        chats: what is known of the chats.
    """

    def __init__(self, platform: Platform, core: Core, chats: Chats) -> None:
        self._platform, self._core, self._chats = platform, core, chats
        self._answers: OrderedDict[tuple[int, int], TelegramAnswer] = OrderedDict()  # by what they answer
        self._standing = Standing(platform, core)
        self._deeds = Deeds(platform, core, self._standing)
        self._pastes = LongPastes(chats.sleep)
        self._busy: set[asyncio.Task[object]] = set()
        self._pressed: set[tuple[object, ...]] = set()  # buttons that are being answered, and for whom
        self._stopping = False

    def end(self) -> None:
        """Take no more orders; who still asks is told so."""
        self._stopping = True

    async def drain(self, seconds: float) -> None:
        """Give the answers under way so many seconds, then tell those who still wait."""
        if not self._busy:
            return
        _, late = await asyncio.wait(self._busy, timeout=seconds)
        for task in late:
            task.cancel()  # it says so
        if late:
            await asyncio.wait(late, timeout=_LAST_WORDS)

    async def answer_message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a message, if it is for this bot; an edited one anew, a parted one once."""
        message, author = update.effective_message, update.effective_sender
        if message is None:
            return
        user = author.id if author else message.chat.id
        fresh = update.edited_message is None
        if fresh and message.text and self._pastes.takes(message.chat.id, user, message.text):
            return
        heard = self._heard(message, context.bot)
        if heard is None:
            return
        if fresh and message.text and not heard.file:
            text = await self._pastes.whole(message.chat.id, user, heard.text)
            goes_on = text == heard.text and may_go_on(message.text)
            if goes_on and is_cut_off(message.text):
                await self._answer_to(message, update).show(Reply(own.CUT_OFF))
                return
            heard = replace(heard, text=text, goes_on=goes_on)
        answer = self._answer_to(message, update)
        if await answer.begins(f"{heard.text}\0{heard.file.name}" if heard.file else heard.text):
            await self._answer(heard, message, user, update, answer)

    def _heard(self, message: Message, bot: Bot) -> _Heard | None:
        text, file = message.text or message.caption or "", file_of(message)
        if not text and not file:
            return None
        command = _COMMAND.match(text)
        private = message.chat.type == ChatType.PRIVATE
        if command and not private:
            mine = (command["bot"] or bot.username).lower() == bot.username.lower()
            known = bool(command["bot"]) or command["name"].lower() in self._core.commands
            return _of_above(message, _Heard(text, directly=True, file=file)) if mine and known else None
        name = rf"@{re.escape(bot.username)}\b"
        bare, mentions = re.subn(name, " ", text, flags=re.IGNORECASE)
        replies = message.reply_to_message and message.reply_to_message.from_user == bot.bot
        if not (private or mentions or replies):
            return None
        directly = private or re.match(rf"\s*{name}", text, re.IGNORECASE) is not None
        return _of_above(message, _Heard(bare, directly, file))

    async def answer_button(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a button, which types a command."""
        query = update.callback_query
        if not query:
            return
        message = query.message
        press = (message and message.chat.id, message and message.message_id, query.data, query.from_user.id)
        if press in self._pressed:
            await stop_spinner(query, own.ALREADY)
            return
        self._pressed.add(press)
        try:
            if query.data and not query.data.startswith("/"):
                if await self._core.first_time(self._platform.name, str(update.update_id)):
                    await self._deeds.do(query, query.data)
            else:
                await stop_spinner(query)
                await self._answer_press(query, update)
        finally:
            self._pressed.discard(press)

    async def _answer_press(self, query: CallbackQuery, update: Update) -> None:
        message = query.message
        if isinstance(message, Message) and query.data:
            private = message.chat.type == ChatType.PRIVATE
            presser = "" if private else query.from_user.first_name
            instead = await self._standing.of(message) if self._changes_in_place(query.data) else None
            answer = self._new_answer(message, presser=presser, instead=instead)
            await self._answer(_Heard(query.data, directly=True), message, query.from_user.id, update, answer)

    def _changes_in_place(self, command: str) -> bool:
        """Tell whether what a button types leaves the tune what it is."""
        with suppress(FriendlyError):
            return self._core.command(self._core.read(command).command).in_place
        return False

    def _new_answer(self, message: Message, *, quote: bool = False, **more: Any) -> TelegramAnswer:
        return TelegramAnswer(message.get_bot(), message, self._chats, self._keep, quote=quote, **more)

    async def _keep(self, tune: str, kind: str, file: str) -> None:
        await self._core.keep_file(tune, self._platform.name, kind, file)

    async def post(self, bot: Bot, place: str, reply: Reply) -> bool:
        """Post a reply in a chat; tell whether we may write there.

        Raises:
            FriendlyError: it did not go out.
        """
        chat = Chat(int(place), ChatType.PRIVATE if int(place) > 0 else ChatType.SUPERGROUP)
        nothing = Message(0, datetime.now(UTC), chat)  # that is answered
        answer = TelegramAnswer(bot, nothing, self._chats, self._keep, quote=False)
        await answer.show(reply)
        if not (answer.shown or answer.barred):
            raise FriendlyError(own.NOT_POSTED)
        await self._standing.remember(chat.id, answer.place)
        return answer.shown

    def _answer_to(self, message: Message, update: Update) -> TelegramAnswer:
        """Return the answer to a message: a new one, or the one that it had before it was edited."""
        key = (message.chat.id, message.message_id)
        if update.edited_message is None or key not in self._answers:
            quote = message.chat.type != ChatType.PRIVATE
            self._answers[key] = self._new_answer(message, quote=quote)
            if len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        return self._answers[key]

    async def _answer(
        self, heard: _Heard, message: Message, user: int, update: Update, answer: TelegramAnswer
    ) -> None:
        """Show the words as soon as they are there, then the files; tell those who have to wait, or to go."""
        task = asyncio.current_task()
        assert task
        if not await self._core.first_time(self._platform.name, str(update.update_id)):
            return
        if self._stopping:
            await answer.show(Reply(texts.STOPPING))
            return
        self._busy.add(task)
        done = asyncio.Event()
        typing = asyncio.create_task(_show_typing(message, done))
        try:
            who = update.effective_user
            locale = who.language_code if who and who.id == user else None
            asker = asker_of(self._platform, message, user, answer.tell, locale)
            with self._chats.budget.waiting(message.chat.id):
                await self._say(heard, asker, answer)
        except FriendlyError as error:
            await answer.show(Reply(str(error)))
        except asyncio.CancelledError:
            if self._stopping and not answer.shown:
                await answer.show(Reply(texts.STOPPING))
            raise
        finally:
            done.set()
            await typing
            self._busy.discard(task)
        await self._standing.remember(message.chat.id, answer.place)

    async def _say(self, heard: _Heard, asker: Asker, answer: TelegramAnswer) -> None:
        if heard.file and (heard.file.may_be_tune or not heard.text.strip()):
            if not heard.file.may_be_tune:
                raise FileError(NO_TUNE)
            reply = await self._core.answer_file(heard.file, heard.text, asker)
            await _show(reply, answer)
            return
        said = self._core.hear(heard.text, asker.locale)
        if isinstance(said, Talk):
            if said.thanks or heard.directly:
                await answer.show(Reply(said.answer))
            return
        reply = await self._core.do(said, asker)
        if heard.goes_on and said.command == "abc":
            reply = reply.noted((own.MAY_GO_ON,))
        await _show(reply, answer)


async def _show(reply: Reply, answer: TelegramAnswer) -> None:
    """Show the words, then the files."""
    await answer.show(reply)
    if reply.later:
        await answer.show(await reply.later)


def _of_above(message: Message, heard: _Heard) -> _Heard:
    """Give ``/abc`` without a tune, in reply to a message, the tune in that: quoted, text or file."""
    above, order = message.reply_to_message, _ABC_ALONE.fullmatch(heard.text)
    if above is None or order is None or heard.file:
        return heard
    file = file_of(above)
    if file and file.may_be_tune:
        return replace(heard, file=file)
    tune = (message.quote.text if message.quote else "") or above.text or above.caption or ""
    return replace(heard, text=f"/abc {order[1] or ''}\n{tune}") if tune else heard


async def _show_typing(message: Message, done: asyncio.Event) -> None:
    """Show "typing" while somebody waits, as long as it takes; it is no message."""
    pause = _BEFORE_TYPING
    while not await _within(done, pause):
        pause = _TYPING
        try:
            await message.chat.send_action(
                ChatAction.TYPING,
                message_thread_id=message.message_thread_id if message.is_topic_message else None,
            )
        except TelegramError as error:
            _logger.info("%s while typing", type(error).__name__)


async def _within(event: asyncio.Event, seconds: float) -> bool:
    """Wait so long for an event; tell whether it is set."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()
