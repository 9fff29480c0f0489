"""Start everything from the settings, in order, and stop it again."""

import asyncio
import logging
import signal
import time
from collections.abc import Callable, Sequence
from functools import partial
from random import SystemRandom
from typing import Final

from bot.chat_keeper import ChatKeeper, Sleep
from bot.core import Composer, Core
from bot.daily import Daily
from bot.health import UNAVAILABLE, WELL, Health, Word
from bot.platform import Adapter, Platform
from bot.platforms import PLATFORMS
from bot.settings import Settings
from bot.store import Bounds, Store, StoreError
from bot.texts import operator
from bot.translation import NAMES
from bot.translation.translator import translator
from bot.tune_files import Renderer
from bot.wiring import open_composer, open_renderer
from generator.errors import FriendlyError

_logger: Final = logging.getLogger(__name__)

_LAST_POST: Final = 5.0  # seconds

Say = Callable[[str], None]


async def start(settings: Settings, say: Say) -> None:
    """Open everything that the bot needs, and serve until SIGTERM or Ctrl-C.

    Args:
        settings: of the bot.
        say: prints a line for the operator.

    Raises:
        FriendlyError: if something cannot be had that the operator can mend.
    """
    bounds = Bounds(settings.keep_days, settings.keep_tunes, settings.keep_pastes)
    store = await Store.open(settings.database_url, time.time, SystemRandom(), bounds)
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
    *,
    sleep: Sleep = asyncio.sleep,
) -> None:
    """Run the site, and the chats whose tokens are set, until SIGTERM or Ctrl-C.

    Args:
        settings: of the bot.
        store: open; closing it is the caller's.
        composer: draws tunes.
        renderer: makes files of them.
        say: prints a line for the operator.
        platforms: those that the bot can be on. Those without a token are always on and start first.
        sleep: waits so many seconds before a chat is tried again.

    Raises:
        FriendlyError: if the site cannot listen, or nothing is left that runs. A chat that fails is said,
            and the others go on.
    """
    stop = _stop_on_signals()
    health = Health()
    core = Core(settings, store, composer, renderer, SystemRandom(), health=health)
    invites: dict[str, str] = {}
    wanted = [each for each in platforms if each.wanted(settings)]
    sites = [each.open(each, core, settings, invites) for each in wanted if not each.token]
    chats = [
        ChatKeeper(
            each,
            partial(each.open, each, core, settings, invites),
            say,
            partial(invites.__setitem__, each.invite),
            sleep=sleep,
            random=SystemRandom(),
        )
        for each in wanted
        if each.token
    ]
    _watch(health, store, composer, renderer, chats)
    idle = [(each.title, each.token) for each in platforms if each.token]
    hint = operator.no_tokens(idle) if idle and not chats else ""
    running: list[asyncio.Task[None]] = []
    daily: list[asyncio.Task[None]] = []
    stopped = asyncio.create_task(stop.wait())
    try:
        for language in NAMES:  # now, and not when the first person speaks it and others wait
            await asyncio.to_thread(translator, language)
        for site in sites:
            say((await site.start()).line + hint)
        running += [asyncio.create_task(chat.run()) for chat in chats]
        if chats:
            daily.append(asyncio.create_task(Daily(core, core.posters, time.time).run(stop)))
        async with health.metrics.watching_the_loop():
            await _until_stopped(stopped, running, forever=bool(sites))
    finally:
        stopped.cancel()
        stop.set()
        if daily:  # one that posts may end: who waits for it waits a day
            await asyncio.wait(daily, timeout=_LAST_POST)
        for task in (*running, *daily):
            task.cancel()
        await asyncio.gather(*running, *daily, return_exceptions=True)
        await asyncio.gather(*map(_stop, sites), *(chat.stop() for chat in chats))


def _watch(
    health: Health, store: Store, composer: Composer, renderer: Renderer, chats: Sequence[ChatKeeper]
) -> None:
    """Say of which parts people may ask how they are."""

    async def of_store() -> str:
        try:
            await store.ping()
        except StoreError:
            return UNAVAILABLE
        return WELL

    def of(chat: ChatKeeper) -> Word:
        async def word() -> str:
            return chat.condition

        return word

    health.need("store", of_store)
    health.need_part("composer", composer)
    health.need_part("renderer", renderer)
    for chat in chats:
        health.show(chat.name, of(chat))


async def _until_stopped(
    stopped: "asyncio.Task[bool]", running: Sequence["asyncio.Task[None]"], *, forever: bool
) -> None:
    """Wait until the bot is to stop.

    Raises:
        FriendlyError: no chat is left that could be started, and there is no site.
    """
    left = set(running)
    while not stopped.done():
        if not (left or forever):
            raise FriendlyError(operator.NOTHING_LEFT)
        _, pending = await asyncio.wait({stopped, *left}, return_when=asyncio.FIRST_COMPLETED)
        left &= pending


async def _stop(site: Adapter) -> None:
    try:
        await site.stop()
    except Exception:
        _logger.exception("the site did not stop cleanly")


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
