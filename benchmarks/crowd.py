"""A crowd: 50 people on Discord, 50 on Telegram and 20 on the site ask for a tune at once.

    python -m benchmarks.crowd

The bot runs in a process of its own, with the real clients; Discord and Telegram are the servers of the
tests, which check every request against the vendors' specifications. Everything is measured from the
platform's side. "words" is when the first message with the tune arrives, "files" when picture, sound and MIDI
have arrived too. A lone user asks before the crowd, as soon as everybody in it has words, and when everybody
has everything.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import aiohttp

from tests.platforms import discord_server, telegram_server
from tests.platforms.discord_server import DiscordServer
from tests.platforms.server import Request
from tests.platforms.telegram_server import TelegramServer

ROOT = Path(__file__).resolve().parent.parent
FILES = ("png", "mp3", "mid")
LONGEST = 150.0  # seconds that one ask may take
QUIET = 60.0  # seconds after its words without a new file, after which nobody waits for more
START = 60.0  # seconds that the bot may take to start


@dataclass
class Ask:
    """One person's request and what came of it; times are in seconds after it was made.

    Attributes:
        platform: ``discord``, ``telegram`` or ``site``.
        asked: when, on the clock of this process.
        words: when the first words with a tune came; None for never.
        files: by suffix, when each file came.
    """

    platform: str
    asked: float
    words: float | None = None
    files: dict[str, float] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Tell whether words and all files are there."""
        return self.words is not None and set(FILES) <= self.files.keys()

    @property
    def last(self) -> float:
        """Return when the last file came."""
        return max(self.files.values(), default=0.0)


class Session:
    """The local vendors, the site, and all that people have asked."""

    def __init__(self, discord: DiscordServer, telegram: TelegramServer, site: str) -> None:
        self.discord, self.telegram, self.site = discord, telegram, site
        self._people = 0
        self._asks: list[Ask] = []
        self._web = aiohttp.ClientSession()

    async def close(self) -> None:
        """Let go of the site."""
        await self._web.close()

    async def everybody_has_words(self, count: int) -> None:
        """Wait until the last so many who asked have words, or it has taken too long."""
        deadline = time.perf_counter() + LONGEST
        while time.perf_counter() < deadline:
            asks = self._asks[-count:]
            if len(asks) == count and all(ask.words is not None for ask in asks):
                return
            await asyncio.sleep(0.02)

    def _ask(self, platform: str) -> Ask:
        self._people += 1
        ask = Ask(platform, time.perf_counter())
        self._asks.append(ask)
        return ask

    async def on_discord(self, seed: int) -> Ask:
        """Ask with a slash command, and wait until everything is there."""
        ask = self._ask("discord")
        person = {**discord_server.PERSON, "id": str(40_000_000_000 + self._people)}
        token = await self.discord.slash("tune", person=person, seed=seed)
        await self._watch(self.discord, ask, lambda request: f"/{token}" in request.path, _discord_words)
        return ask

    async def on_telegram(self, seed: int) -> Ask:
        """Ask in a private chat, and wait until everything is there."""
        ask = self._ask("telegram")
        number = 1000 + self._people
        person = {**telegram_server.PERSON, "id": number}
        chat = {**telegram_server.PRIVATE, "id": number}
        await self.telegram.write(f"/tune seed={seed}", chat, **{"from": person})
        mine = str(number)
        await self._watch(
            self.telegram, ask, lambda request: str(request.body.get("chat_id")) == mine, _telegram_words
        )
        return ask

    async def on_site(self, seed: int) -> Ask:
        """Ask on the site, then fetch the files as the page does."""
        ask = self._ask("site")
        headers = {"X-Forwarded-For": f"198.51.100.{self._people % 250}"}
        async with self._web.post(
            f"{self.site}/api/chat", json={"text": f"/tune seed={seed}"}, headers=headers
        ) as answer:
            reply = await answer.json()
        if "tune" not in reply:
            return ask
        ask.words = time.perf_counter() - ask.asked

        async def fetch(suffix: str) -> None:
            url = f"{self.site}/t/{reply['tune']['id']}.{suffix}"
            async with self._web.get(url, headers=headers) as answer:
                await answer.read()
                if answer.status == 200:
                    ask.files[suffix] = time.perf_counter() - ask.asked

        await asyncio.gather(*map(fetch, FILES))
        return ask

    async def _watch(
        self,
        server: DiscordServer | TelegramServer,
        ask: Ask,
        mine: Callable[[Request], bool],
        has_words: Callable[[Request], bool],
    ) -> None:
        """Follow what a server is sent until an answer is complete, or it has taken too long."""
        seen = len(server.requests)
        deadline = asyncio.get_running_loop().time() + LONGEST
        while not ask.complete and asyncio.get_running_loop().time() < deadline:
            for request in server.requests[seen:]:
                seen += 1
                if not mine(request):
                    continue
                now = time.perf_counter() - ask.asked
                if ask.words is None and has_words(request):
                    ask.words = now
                for name in request.files:
                    ask.files.setdefault(name.rpartition(".")[2], now)
            latest = max((ask.last, ask.words or 0.0))
            if ask.words is not None and time.perf_counter() - ask.asked - latest > QUIET:
                return
            await asyncio.sleep(0.02)


def _discord_words(request: Request) -> bool:
    return not request.path.endswith("/callback") and "seed" in str(request.body.get("content", ""))


def _telegram_words(request: Request) -> bool:
    return any("seed" in str(request.body.get(name, "")) for name in ("text", "caption", "media"))


@dataclass(frozen=True, slots=True)
class Running:
    """A bot that runs.

    Attributes:
        site: the site's address.
        folder: in which it was started.
        metrics: the file with the event loop's lags and the memory.
        pid: of its process.
    """

    site: str
    folder: Path
    metrics: Path
    pid: int


@asynccontextmanager
async def running_bot(
    discord: DiscordServer, telegram: TelegramServer, command: list[str]
) -> AsyncIterator[Running]:
    """Start the bot in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        metrics = Path(folder, "metrics.jsonl")
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DISCORD_TOKEN": discord_server.TOKEN,
            "TELEGRAM_TOKEN": telegram_server.TOKEN,
            "DISCORD_ROOT": discord.root,
            "TELEGRAM_ROOT": telegram.root,
            "METRICS": str(metrics),
            "NO_PROXY": "127.0.0.1",
            "TRUSTED_PROXIES": "127.0.0.1",  # each visitor of the site has an address of their own
            "PORT": "0",
            "LOG_LEVEL": "WARNING",
        }
        process = await asyncio.create_subprocess_exec(
            *command, cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        try:
            lines: list[str] = []
            async with asyncio.timeout(START):
                while len(lines) < 3:  # the site's, Discord's and Telegram's
                    line = (await process.stdout.readline()).decode()
                    if not line:
                        raise RuntimeError(f"the bot did not start: {lines}")
                    lines.append(line)
            site = next(word for line in lines for word in line.split() if word.startswith("http://127"))
            yield Running(site, Path(folder), metrics, process.pid)
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()


def lag_and_memory(metrics: Path) -> dict[str, float]:
    """Return the event loop's lag (99th of 100, seconds) and the memory at the end (MB)."""
    lines = metrics.read_text(encoding="utf-8").splitlines() if metrics.exists() else []
    rows = [json.loads(line) for line in lines]
    lags = sorted(lag for row in rows for lag in row["lags"])
    if len(lags) < 2:
        return {}
    return {"lag p99, ms": 1000 * quantiles(lags, n=100)[98], "memory, MB": rows[-1]["memory"] / 1e6}


async def measure(people: tuple[int, int, int], command: list[str]) -> dict[str, Any]:
    """Run the crowd; figures by name, in seconds unless they say otherwise."""
    async with (
        DiscordServer() as discord,
        TelegramServer() as telegram,
        running_bot(discord, telegram, command) as bot,
    ):
        session = Session(discord, telegram, bot.site)
        await discord.until_identified(1)
        await session.on_discord(1)  # warm
        lone_before = await session.on_discord(2)
        crowd: list[Awaitable[Ask]] = []
        for ask, count in zip(
            (session.on_discord, session.on_telegram, session.on_site), people, strict=True
        ):
            crowd += [asyncio.ensure_future(ask(100 + len(crowd) + number)) for number in range(count)]
        await session.everybody_has_words(sum(people))
        lone_amid = await session.on_discord(3)
        asks = await asyncio.gather(*crowd)
        lone_after = await session.on_discord(4)
        await session.close()
        last = max(ask.last for ask in asks)
        words = [ask.words if ask.words is not None else LONGEST for ask in asks]
        return {
            "asks": len(asks),
            "with words": sum(ask.words is not None for ask in asks),
            "with all files": sum(ask.complete for ask in asks),
            **{
                f"with all files, {name}": sum(ask.complete for ask in asks if ask.platform == name)
                for name in ("discord", "telegram", "site")
            },
            "first words, first": min(words),
            "first words, median": median(words),
            "first words, last": max(words),
            "last file": last,
            "last words / last file": max(words) / last if last else float("nan"),
            "lone user before, all files": lone_before.last,
            "lone user amid, words": lone_amid.words if lone_amid.words is not None else LONGEST,
            "lone user amid, all files": lone_amid.last,
            "lone user after, all files": lone_after.last,
            "after / before": lone_after.last / lone_before.last if lone_before.last else float("nan"),
            "faults by the specifications": len(discord.faults) + len(telegram.faults),
            **lag_and_memory(bot.metrics),
        }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crowd", description=__doc__.splitlines()[0])
    parser.add_argument("--people", nargs=3, type=int, default=(50, 50, 20), metavar=("D", "T", "SITE"))
    parser.add_argument("--bot", default="", help="another command that starts a bot as crowd_bot does")
    given = parser.parse_args()
    command = given.bot.split() or [sys.executable, "-m", "benchmarks.crowd_bot"]
    for name, figure in asyncio.run(measure(tuple(given.people), command)).items():
        print(f"{name:<32}{figure:>10.2f}" if isinstance(figure, float) else f"{name:<32}{figure:>7}")


if __name__ == "__main__":
    main()
