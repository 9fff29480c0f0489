"""Telegram: commands in private chats and groups, the buttons under an answer, the menu of commands."""

import asyncio
import logging
import os
import re
import time
from functools import partial
from typing import Any, Final

from telegram import (
    Bot,
    BotCommand,
    Update,
)
from telegram.constants import BotCommandLimit
from telegram.error import (
    Conflict,
    InvalidToken,
    TelegramError,
)
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)
from telegram.helpers import create_deep_linked_url

from bot import texts
from bot.chat_keeper import Sleep
from bot.core import Core
from bot.platform import Platform, RefusedError, Started
from bot.platforms.telegram import texts as own
from bot.platforms.telegram.budget import Clock
from bot.platforms.telegram.chats import Chats
from bot.platforms.telegram.conversations import Conversations
from bot.platforms.telegram.inline import InlineTunes
from bot.platforms.telegram.news_request import NewsRequest
from bot.platforms.telegram.places import Places
from bot.platforms.telegram.webhook import NAME, Webhook
from bot.settings import Settings
from bot.texts import operator
from bot.translation import ENGLISH, NAMES
from bot.translation.translator import say
from generator.errors import FriendlyError

_logger: Final = logging.getLogger(__name__)

API: Final = "https://api.telegram.org"
_AT_ONCE: Final = 256  # chats served at the same time; the service has its own queue
_KINDS: Final = [
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CHANNEL_POST,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
]
_LAST_WORDS: Final = 5.0  # seconds to tell those whose answers are late when the bot stops
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
        self._public_url = settings.public_url if settings.telegram_webhook else None
        self._webhook: Webhook | None = None
        self._trouble: type[TelegramError] | None = None
        self._news = NewsRequest()
        self._chats = Chats(clock, sleep)
        self._conversations = Conversations(platform, core, self._chats)

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
        group = create_deep_linked_url(application.bot.username, "new", group=True)
        self._core.invites[own.ADD] = group
        self._core.posters[self._platform.name] = partial(self._conversations.post, application.bot)
        await self._set_menu(application.bot)
        if self._public_url:
            await self._open_webhook(application, self._public_url)
            await application.start()
            return Started(own.opened(application.bot.username, application.bot.link), application.bot.link)
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

    async def _open_webhook(
        self, application: "Application[Any, Any, Any, Any, Any, Any]", public_url: str
    ) -> None:
        """Have Telegram bring messages to the site.

        Raises:
            FriendlyError: Telegram will not, or cannot be reached.
        """
        self._webhook = Webhook(application.bot, self._token, public_url, application.update_queue.put)
        self._core.hooks.by_name[NAME] = self._webhook
        try:
            await self._webhook.open(_KINDS)
        except TelegramError as error:
            raise self._why_not(error) from None

    @property
    def condition(self) -> str:
        """Return ``connected``, or ``reconnecting`` while messages cannot be fetched."""
        return "connected" if self._webhook or self._news.answered else "reconnecting"

    async def ended(self) -> FriendlyError:
        """Wait until Telegram refuses the token; all else the library sits out."""
        if self._webhook:
            never: asyncio.Future[FriendlyError] = asyncio.get_running_loop().create_future()
            return await never
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
        self._core.posters.pop(self._platform.name, None)
        self._conversations.end()
        if self._webhook:
            self._webhook.close()
        application, self._application = self._application, None
        if application is None or application.updater is None:
            return
        if self._polling:
            self._polling.cancel()
            await asyncio.gather(self._polling, return_exceptions=True)
        if application.updater.running:
            await application.updater.stop()
        if application.running:
            await self._conversations.drain(self._drain)
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
        application.add_handler(TypeHandler(Update, self._note_news), group=-1)
        said = filters.TEXT | filters.Document.ALL | filters.AUDIO
        application.add_handler(MessageHandler(said & fresh, self._conversations.answer_message))
        application.add_handler(CallbackQueryHandler(self._conversations.answer_button))
        application.add_handler(InlineQueryHandler(InlineTunes(self._platform, self._core).answer))
        places = Places(self._platform, self._core)
        application.add_handler(ChatMemberHandler(places.note_going))
        application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, places.note_move))
        application.add_error_handler(_log_fault)
        return application

    async def _set_menu(self, bot: Bot) -> None:
        """Set the menu of commands and what the bot is, in each language, where they are not so already."""
        try:
            for language in NAMES:
                await self._set_menu_in(bot, language)
        except TelegramError as error:
            _logger.warning("Telegram did not take the menu of commands: %s", type(error).__name__)

    async def _set_menu_in(self, bot: Bot, language: str) -> None:
        commands = self._core.commands.values()
        menu = tuple(
            BotCommand(command.name, say(command.help, language)[: BotCommandLimit.MAX_DESCRIPTION])
            for command in commands
        )
        code = None if language == ENGLISH else language  # without a code it is for all others
        if await bot.get_my_commands(language_code=code) != menu:
            await bot.set_my_commands(menu, language_code=code)
            await bot.set_my_description(say(own.DESCRIPTION, language), language_code=code)
            await bot.set_my_short_description(say(texts.TAGLINE, language), language_code=code)

    async def _note_news(self, *_: object) -> None:
        self._trouble = None

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

    def _why_not(self, error: BaseException | None) -> FriendlyError:
        if isinstance(error, InvalidToken):
            return RefusedError(own.REFUSED)
        return FriendlyError(operator.out_of_reach(self._platform.title, type(error).__name__))


async def _log_fault(_: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    _logger.error("an update failed", exc_info=context.error)
