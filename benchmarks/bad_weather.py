"""What goes wrong around a bot on a bad day: the vendors, the network, its own processes, its database."""

import asyncio
import os
import resource
import signal
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Final

from benchmarks.crowd import Running
from tests.platforms.discord_server import DiscordServer
from tests.platforms.server import Request, Trouble
from tests.platforms.telegram_server import TelegramServer

CUTS: Final = (("cut before", Trouble(0)), ("cut after", Trouble(0, done=True)))
# fmt: off
ON_DISCORD: Final = (
    *CUTS,
    ("429", Trouble(429, {"message": "You are being rate limited.", "retry_after": 0.3, "global": False},
        {"Via": "1.1 google"})),  # without it, discord.py takes it for a ban of Cloudflare's
    ("5xx", Trouble(502, {"message": "Bad Gateway"})),
)
ON_TELEGRAM: Final = (
    *CUTS,
    ("429", Trouble(429, {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1"}
        | {"parameters": {"retry_after": 1}})),
    ("5xx", Trouble(502, {"ok": False, "error_code": 502, "description": "Bad Gateway"})),
)
# fmt: on
GATEWAY_CODES: Final = (1000, 1011, 4000, 4008, 4009)
WORKERS: Final = ("generator.serving.worker", "generator.render.workers")
CALM_START: Final = 3.0  # seconds
BETWEEN: Final = (2.0, 6.0)  # seconds from one disaster to the next
LASTS: Final = (2.0, 5.0)  # seconds that the database is out of order


class Weather:
    """Makes requests fail by chance, never twice in a row on one path, and notes those that arrived.

    Attributes:
        arrived: requests that took effect, by platform.
        counts: how often each thing went wrong.
        bad: whether anything goes wrong just now.

    Args:
        random: decides.
        chance: of a fault, for each request.
    """

    def __init__(self, random: Random, chance: float) -> None:
        self.arrived: dict[str, list[Request]] = {"discord": [], "telegram": []}
        self.counts: Counter[str] = Counter()
        self.bad = False
        self._random, self._chance = random, chance
        self._last: set[str] = set()

    def strike(self, platform: str, request: Request) -> Trouble | None:
        """Decide what happens to a request."""
        kind = f"{platform} {request.method} {request.path.rpartition('/')[2]}"
        trouble = None
        if kind in self._last:
            self._last.discard(kind)
        elif self.bad and self._random.random() < self._chance:
            self._last.add(kind)
            name, trouble = self._random.choice(ON_DISCORD if platform == "discord" else ON_TELEGRAM)
            self.counts[f"{platform}: {name}"] += 1
        if trouble is None or trouble.done:
            self.arrived[platform].append(request)
        return trouble


class RoughDiscord(DiscordServer):
    """Discord on a bad day."""

    def __init__(self, weather: Weather) -> None:
        super().__init__()
        self._weather = weather

    async def record(self, request: Request) -> Trouble | None:
        """Note a request, and say what shall go wrong with it."""
        await super().record(request)
        return self._weather.strike("discord", request)


class RoughTelegram(TelegramServer):
    """Telegram on a bad day."""

    def __init__(self, weather: Weather) -> None:
        super().__init__()
        self._weather = weather

    async def record(self, request: Request) -> Trouble | None:
        """Note a request, and say what shall go wrong with it."""
        await super().record(request)
        return self._weather.strike("telegram", request)


class Disasters:
    """Hits the bot itself, one thing after another.

    Args:
        bot: the one that suffers.
        discord: whose gateway hangs up.
        random: decides.
        counts: takes how often each thing happened.
    """

    def __init__(self, bot: Running, discord: DiscordServer, random: Random, counts: Counter[str]) -> None:
        self._bot, self._discord, self._random, self._counts = bot, discord, random, counts
        self._database = bot.folder / "data" / "tunesmith.db"

    async def run(self) -> None:
        """Go on until cancelled; what is out of order then is put in order."""
        kinds: list[tuple[str, Callable[[], Awaitable[None]]]] = [
            ("gateway closed", self._hang_up),
            ("worker killed", lambda: self._hit_worker(signal.SIGKILL)),
            ("worker stopped", lambda: self._hit_worker(signal.SIGSTOP)),
            ("store locked", self._lock),
            ("store full", self._fill),
            ("store gone", self._take_away),
        ]
        await asyncio.sleep(CALM_START)
        while True:
            round_ = self._random.sample(kinds, len(kinds))  # each comes, even in a minute
            for name, happen in round_:
                self._counts[name] += 1
                await happen()
                await asyncio.sleep(self._random.uniform(*BETWEEN))

    async def _hang_up(self) -> None:
        if self._discord.is_open:
            await self._discord.hang_up(self._random.choice(GATEWAY_CODES))

    async def _hit_worker(self, number: signal.Signals) -> None:
        workers = sorted(_workers_of(self._bot.pid))
        if workers:
            os.kill(self._random.choice(workers), number)

    async def _lock(self) -> None:
        with closing(sqlite3.connect(self._database, isolation_level=None, timeout=10)) as other:
            other.execute("BEGIN IMMEDIATE")
            try:
                await self._last()
            finally:
                other.execute("ROLLBACK")

    async def _fill(self) -> None:
        before = resource.prlimit(self._bot.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self._bot.pid, resource.RLIMIT_FSIZE, (0, before[1]))  # no file may be written to
        try:
            await self._last()
        finally:
            resource.prlimit(self._bot.pid, resource.RLIMIT_FSIZE, before)

    async def _take_away(self) -> None:
        elsewhere = self._database.with_name("elsewhere.db")
        self._database.rename(elsewhere)
        try:
            await self._last()
        finally:
            elsewhere.rename(self._database)

    async def _last(self) -> None:
        await asyncio.sleep(self._random.uniform(*LASTS))


def _workers_of(pid: int) -> list[int]:
    """List the processes that compose, draw and play for a bot."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
            command = (path / "cmdline").read_bytes().decode(errors="replace")
        except OSError:  # it has just ended
            continue
        if parent == pid and any(name in command for name in WORKERS):
            found.append(int(path.name))
    return found
