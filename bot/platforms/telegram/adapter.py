"""Telegram: commands in private chats and groups, the buttons under an answer, the menu of commands."""

import asyncio
import logging
import os
import re
import time
from collections import OrderedDict
from contextlib import suppress
from typing import Any, Final

from telegram import (
    Bot,
    BotCommand,
    CallbackQuery,
    Message,
    Update,
)
from telegram.constants import ChatAction, ChatType
from telegram.error import (
    Conflict,
    InvalidToken,
    TelegramError,
)
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot import texts
from bot.chat_keeper import Sleep
from bot.commands.reading import is_talk
from bot.core import Core
from bot.platform import Platform, RefusedError, Started
from bot.platforms.telegram import texts as own
from bot.platforms.telegram.budget import Clock
from bot.platforms.telegram.chats import Chats
from bot.platforms.telegram.delivery import TelegramAnswer
from bot.platforms.telegram.news_request import NewsRequest
from bot.reply import Reply
from bot.settings import Settings
from bot.texts import operator
from generator.errors import FriendlyError

_logger: Final = logging.getLogger(__name__)

API: Final = "https://api.telegram.org"
_AT_ONCE: Final = 256  # chats served at the same time; the service has its own queue
_KINDS: Final = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CHANNEL_POST, Update.CALLBACK_QUERY]
_LAST_WORDS: Final = 5.0  # seconds to tell those whose answers are late when the bot stops
_BEFORE_TYPING: Final = 1.0  # seconds; most answers are there by then
_TYPING: Final = 5.0  # seconds that Telegram shows it
_REMEMBERED: Final = 500  # answers that are still edited when what they answer is
_AROUND: Final = " \t\n,.;:!?-–—…"  # what people put around a mention
_COMMAND: Final = re.compile(r"/(?P<name>\w+)(?:@(?P<bot>\w+))?(?!\S)", re.ASCII)
_TOKEN: Final = re.compile(r"\d+:[\w-]+", re.ASCII)


class TelegramAdapter:
    """Shows the core on Telegram.

    Args:
        platform: its declaration.
        core: answers the commands.
        settings: has the token.
        api: where the Bot API is served.
        patience: seconds until a request counts as lost.
        drain: seconds that answers under way are given when the bot stops.
        clock: seconds that only grow, for Telegram's limits.
        sleep: waits so many of them.
    """

    def __init__(
        self,
        platform: Platform,
        core: Core,
        settings: Settings,
        *,
        api: str = API,
        patience: float = 20.0,
        drain: float = 10.0,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._platform = platform
        self._core = core
        self._token = platform.token_in(settings)
        self._api = api
        self._patience = patience
        self._drain = drain
        self._application: Application[Any, Any, Any, Any, Any, Any] | None = None
        self._polling: asyncio.Task[Any] | None = None
        self._trouble: type[TelegramError] | None = None
        self._news = NewsRequest()
        self._chats = Chats(clock, sleep)
        self._answers: OrderedDict[tuple[int, int], TelegramAnswer] = OrderedDict()  # by what they answer
        self._busy: set[asyncio.Task[Any]] = set()
        self._pressed: set[tuple[object, ...]] = set()  # buttons that are being answered, and for whom
        self._stopping = False

    async def start(self) -> Started:
        """Check the token, set the menu of commands if it changed, and listen in the background.

        Returns:
            A line to print, and the bot's link.

        Raises:
            RefusedError: the token is refused.
            FriendlyError: Telegram cannot be reached.
        """
        # Their log lines show the address of each request, which holds the token.
        for name, level in (
            ("httpx", logging.WARNING),
            ("httpcore", logging.WARNING),
            ("telegram", logging.INFO),
        ):
            logger = logging.getLogger(name)
            logger.setLevel(max(level, logger.getEffectiveLevel()))
        # Choose the form of waiting times that the library will keep, or it warns.
        os.environ.setdefault("PTB_TIMEDELTA", "1")
        application = None
        try:
            if not _TOKEN.fullmatch(self._token):
                raise InvalidToken
            application = self._built()
            await application.initialize()
        except TelegramError as error:
            if application:
                await application.bot.shutdown()
            raise self._why_not(error) from None
        self._application = application
        await self._set_menu(application.bot)
        await application.start()
        assert application.updater
        self._polling = asyncio.create_task(
            application.updater.start_polling(
                bootstrap_retries=-1,
                error_callback=self._log_trouble,
                allowed_updates=_KINDS,
            ),
            name="telegram",
        )
        bot = application.bot
        return Started(own.opened(bot.username, bot.link), bot.link)

    async def ended(self) -> FriendlyError:
        """Wait until Telegram refuses the token; all else the library sits out."""
        assert self._polling
        revoked = asyncio.create_task(self._news.revoked.wait())
        try:
            await asyncio.wait({revoked, self._polling}, return_when=asyncio.FIRST_COMPLETED)
            if not revoked.done() and (error := self._polling.exception()):
                return self._why_not(error)
            await revoked
            return RefusedError(own.REVOKED)
        finally:
            revoked.cancel()

    async def stop(self) -> None:
        """Take no more messages, let answers under way go out, tell the late ones, then disconnect."""
        self._stopping = True
        application, self._application = self._application, None
        if application is None or application.updater is None:
            return
        if self._polling:
            self._polling.cancel()
            await asyncio.gather(self._polling, return_exceptions=True)
        if application.updater.running:
            await application.updater.stop()
        if application.running:
            if self._busy:
                _, late = await asyncio.wait(self._busy, timeout=self._drain)
                for task in late:
                    task.cancel()  # it says so
                if late:
                    await asyncio.wait(late, timeout=_LAST_WORDS)
            try:
                await asyncio.wait_for(application.stop(), _LAST_WORDS)
            except TimeoutError:
                _logger.warning("some answers did not go out in time")
        await application.shutdown()

    def _built(self) -> "Application[Any, Any, Any, Any, Any, Any]":
        application = (
            ApplicationBuilder()
            .token(self._token)
            .base_url(f"{self._api}/bot")
            .base_file_url(f"{self._api}/file/bot")
            .concurrent_updates(_AT_ONCE)
            .get_updates_request(self._news)
            .rate_limiter(self._chats.budget)
            .connect_timeout(self._patience)
            .read_timeout(self._patience)
            .write_timeout(self._patience)
            .media_write_timeout(3 * self._patience)
            .build()
        )
        fresh = filters.UpdateType.MESSAGES | filters.UpdateType.CHANNEL_POST
        application.add_handler(MessageHandler(filters.TEXT & fresh, self._answer_message))
        application.add_handler(CallbackQueryHandler(self._answer_button))
        application.add_error_handler(_log_fault)
        return application

    async def _set_menu(self, bot: Bot) -> None:
        menu = tuple(BotCommand(command.name, command.help) for command in self._core.commands.values())
        try:
            if await bot.get_my_commands() != menu:
                await bot.set_my_commands(menu)
        except TelegramError as error:
            _logger.warning("Telegram did not take the menu of commands: %s", type(error).__name__)

    def _log_trouble(self, error: TelegramError) -> None:
        """Log once why no messages come in; the library goes on trying."""
        if type(error) is self._trouble:
            return
        self._trouble = type(error)
        if isinstance(error, Conflict):
            _logger.error(own.TWO_READERS)
        else:
            _logger.warning(
                "%s can't be reached (%s); trying on.", self._platform.title, type(error).__name__
            )

    async def _answer_message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a message, if it is for this bot; an edited one anew."""
        self._trouble = None
        message = update.effective_message
        if not message or not message.text:
            return
        private = message.chat.type == ChatType.PRIVATE
        text = message.text if private else self._order_in(message, context.bot)
        if text:
            author = update.effective_sender
            answer = self._answer_to(message, update, quote=not private)
            if await answer.begins(text):
                await self._answer(text, message, author.id if author else message.chat.id, update, answer)

    def _order_in(self, message: Message, bot: Bot) -> str:
        """Return what a message in a group asks of this bot; empty if it is nothing, or mere talk."""
        text = message.text or ""
        command = _COMMAND.match(text)
        if command:
            mine = (command["bot"] or bot.username).lower() == bot.username.lower()
            known = bool(command["bot"]) or command["name"].lower() in self._core.commands
            return text if mine and known else ""
        bare, mentions = re.subn(rf"@{re.escape(bot.username)}\b", " ", text, flags=re.IGNORECASE)
        to_us = message.reply_to_message and message.reply_to_message.from_user == bot.bot
        if not (mentions or to_us):
            return ""
        order = bare.strip(_AROUND) or "/help"
        return "" if is_talk(order, self._core.commands) else order

    async def _answer_button(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a button, which types a command."""
        self._trouble = None
        del context
        query = update.callback_query
        if not query:
            return
        message = query.message
        press = (message and message.chat.id, message and message.message_id, query.data, query.from_user.id)
        if press in self._pressed:
            await _stop_spinner(query, own.ALREADY)
            return
        self._pressed.add(press)
        try:
            await _stop_spinner(query)
            await self._answer_press(query, update)
        finally:
            self._pressed.discard(press)

    async def _answer_press(self, query: CallbackQuery, update: Update) -> None:
        message = query.message
        if isinstance(message, Message) and query.data:
            private = message.chat.type == ChatType.PRIVATE
            presser = "" if private else query.from_user.first_name
            answer = TelegramAnswer(query.get_bot(), message, self._chats, quote=False, presser=presser)
            await self._answer(query.data, message, query.from_user.id, update, answer)

    def _answer_to(self, message: Message, update: Update, *, quote: bool) -> TelegramAnswer:
        """Return the answer to a message: a new one, or the one that it had before it was edited."""
        key = (message.chat.id, message.message_id)
        if update.edited_message is None or key not in self._answers:
            self._answers[key] = TelegramAnswer(message.get_bot(), message, self._chats, quote=quote)
            if len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        return self._answers[key]

    async def _answer(
        self, text: str, message: Message, user: int, update: Update, answer: TelegramAnswer
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
        place = str(message.chat.id)
        community = "" if message.chat.type == ChatType.PRIVATE else place
        done = asyncio.Event()
        typing = asyncio.create_task(_show_typing(message, done))
        try:
            asker = self._platform.asker(str(user), place, community, answer.tell)
            with self._chats.budget.waiting(message.chat.id):
                reply = await self._core.answer(text, asker)
                await answer.show(reply)
                if reply.later:
                    await answer.show(await reply.later)
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

    def _why_not(self, error: BaseException | None) -> FriendlyError:
        if isinstance(error, InvalidToken):
            return RefusedError(own.REFUSED)
        return FriendlyError(operator.out_of_reach(self._platform.title, type(error).__name__))


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


async def _stop_spinner(query: CallbackQuery, sentence: str | None = None) -> None:
    try:
        await query.answer(sentence)
    except TelegramError as error:
        _logger.info("a button was pressed too long ago: %s", type(error).__name__)


async def _log_fault(_: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    _logger.error("an update failed", exc_info=context.error)
