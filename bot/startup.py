"""From settings to a bot that answers, and back: what is started, in which order, and what is let go."""

import asyncio
import logging
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path
from random import SystemRandom
from typing import Final, Protocol

from bot import texts
from bot.core import Composer, Core, Renderer
from bot.platforms.web.adapter import WebAdapter
from bot.settings import Settings
from bot.store import Store
from bot.wiring import open_composer, open_renderer
from generator.errors import FriendlyError

_logger: Final = logging.getLogger(__name__)
_LINK: Final = re.compile(r"https://\S+")

# npm fills it beside the packages, wherever the bot is started.
NODE_MODULES: Final = Path(__file__).resolve().parent.parent / "node_modules"

Say = Callable[[str], None]


class Adapter(Protocol):
    """A platform that the bot is on."""

    async def start(self) -> str:
        """Connect; the line to print. Raises FriendlyError where the operator can mend it."""

    async def stop(self) -> None:
        """Finish what is being answered, and disconnect."""


async def start(settings: Settings, say: Say) -> None:
    """Open everything that the bot needs, and serve until SIGTERM or Ctrl-C.

    Args:
        settings: of the bot.
        say: prints a line for the operator.

    Raises:
        FriendlyError: if something cannot be had that the operator can mend.
    """
    store = await Store.open(settings.database_url, time.time, SystemRandom())
    try:
        async with open_composer(settings) as composer, open_renderer(settings) as renderer:
            await serve(settings, store, composer, renderer, say)
    finally:
        await store.close()


async def serve(settings: Settings, store: Store, composer: Composer, renderer: Renderer, say: Say) -> None:
    """Run the site, and the chats whose tokens are set, until SIGTERM or Ctrl-C.

    Args:
        settings: of the bot.
        store: open; closing it is the caller's.
        composer: draws tunes.
        renderer: makes files of them.
        say: prints a line for the operator.

    Raises:
        FriendlyError: if the site cannot listen. A chat that fails is said, and the others go on.
    """
    stop = _stop_on_signals()
    core = Core(settings, store, composer, renderer, time.time, SystemRandom())
    invites: dict[str, str] = {}
    web = WebAdapter(core, settings, SystemRandom(), NODE_MODULES, invites)
    chats = _chats(core, settings)
    line = await web.start()
    say(line if chats else texts.no_tokens(line))
    starting = [asyncio.create_task(_start(name, chat, say, invites)) for name, chat in chats.items()]
    try:
        await stop.wait()
    finally:
        for task in starting:
            task.cancel()
        await asyncio.gather(*starting, return_exceptions=True)
        await asyncio.gather(web.stop(), *(_stop(name, chat) for name, chat in chats.items()))


def _chats(core: Core, settings: Settings) -> dict[str, Adapter]:
    chats: dict[str, Adapter] = {}
    # The libraries of a chat that is not wanted are not even imported.
    if settings.discord_token:
        from bot.platforms.discord.adapter import DiscordAdapter  # noqa: PLC0415

        chats["Discord"] = DiscordAdapter(core, settings)
    if settings.telegram_token:
        from bot.platforms.telegram.adapter import TelegramAdapter  # noqa: PLC0415

        chats["Telegram"] = TelegramAdapter(core, settings)
    return chats


async def _start(name: str, chat: Adapter, say: Say, invites: dict[str, str]) -> None:
    try:
        line = await chat.start()
    except FriendlyError as error:
        say(str(error))
    except Exception:
        _logger.exception("%s did not start", name)
        say(texts.chat_did_not_start(name))
    else:
        say(line)
        link = _LINK.search(line)
        if link:
            invites[texts.INVITES[name]] = link[0].rstrip(".,;")


async def _stop(name: str, chat: Adapter) -> None:
    try:
        await chat.stop()
    except Exception:
        _logger.exception("%s did not stop cleanly", name)


def _stop_on_signals() -> asyncio.Event:
    """Return an event that SIGTERM or Ctrl-C sets; a second one ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop_once() -> None:
        stop.set()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop_once)
    return stop
