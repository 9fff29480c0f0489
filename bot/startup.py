"""Start everything from the settings, in order, and stop it again."""

import asyncio
import logging
import signal
import time
from collections.abc import Callable, Sequence
from random import SystemRandom
from typing import Final

from bot.core import Composer, Core
from bot.platform import Adapter, Platform
from bot.platforms import PLATFORMS
from bot.settings import Settings
from bot.store import Store
from bot.texts import operator
from bot.tune_files import Renderer
from bot.wiring import open_composer, open_renderer
from generator.errors import FriendlyError

_logger: Final = logging.getLogger(__name__)

Say = Callable[[str], None]


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


async def serve(
    settings: Settings,
    store: Store,
    composer: Composer,
    renderer: Renderer,
    say: Say,
    platforms: Sequence[Platform] = PLATFORMS,
) -> None:
    """Run the site, and the chats whose tokens are set, until SIGTERM or Ctrl-C.

    Args:
        settings: of the bot.
        store: open; closing it is the caller's.
        composer: draws tunes.
        renderer: makes files of them.
        say: prints a line for the operator.
        platforms: those that the bot can be on. Those without a token are always on and start first.

    Raises:
        FriendlyError: if the site cannot listen. A chat that fails is said, and the others go on.
    """
    stop = _stop_on_signals()
    core = Core(settings, store, composer, renderer, SystemRandom())
    invites: dict[str, str] = {}
    adapters = {each: each.open(each, core, settings, invites) for each in platforms if each.wanted(settings)}
    chats = {each: adapter for each, adapter in adapters.items() if each.token}
    idle = [(each.title, each.token) for each in platforms if each.token]
    hint = operator.no_tokens(idle) if idle and not chats else ""
    starting: list[asyncio.Task[None]] = []
    try:
        for each, adapter in adapters.items():
            if each not in chats:
                say((await adapter.start()).line + hint)
        starting += [asyncio.create_task(_start(each, chat, say, invites)) for each, chat in chats.items()]
        await stop.wait()
    finally:
        for task in starting:
            task.cancel()
        await asyncio.gather(*starting, return_exceptions=True)
        await asyncio.gather(*(_stop(each, adapter) for each, adapter in adapters.items()))


async def _start(platform: Platform, chat: Adapter, say: Say, invites: dict[str, str]) -> None:
    try:
        started = await chat.start()
    except FriendlyError as error:
        say(str(error))
    except Exception:
        _logger.exception("%s did not start", platform.title)
        say(operator.chat_did_not_start(platform.title))
    else:
        say(started.line)
        if started.invite:
            invites[platform.invite] = started.invite


async def _stop(platform: Platform, adapter: Adapter) -> None:
    try:
        await adapter.stop()
    except Exception:
        _logger.exception("%s did not stop cleanly", platform.title)


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
