"""Bad days: steady asks on both chats and the site, while everything around the bot goes wrong by chance.

    python -m benchmarks.bad_days --minutes 30 --seed 1

The bot runs in a process of its own, with the real clients against the servers of the tests. Requests meet
429, 5xx and cut connections; the gateway hangs up; workers are killed or stopped; the database is locked,
full or gone. Every ask has to be answered with a tune, or told in words that it can't be; a tune that was
shown as kept has to be in the database at the end. The exit code is 1 if one was not.
"""

import argparse
import asyncio
import json
import re
import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any, Final

import aiohttp

from benchmarks.bad_weather import Disasters, RoughDiscord, RoughTelegram, Weather
from benchmarks.crowd import Running, running_bot
from tests.platforms import discord_server, telegram_server
from tests.platforms.server import Request

PLATFORMS: Final = ("discord", "telegram", "site")
LONGEST: Final = 150.0  # seconds until an ask counts as silently dropped
_START: Final = 5  # seconds in which libraries are imported
_LOOK: Final = 0.05  # seconds between two looks at what has arrived
_PROGRESS: Final = "to go."  # ends what those are told who still wait
_ID: Final = re.compile(r"/another ([A-Za-z0-9]{10})\b")


@dataclass
class Ask:
    """One person's request and what came of it.

    Attributes:
        platform: where.
        mark: what its answers have in common.
        seen: how many of the requests that arrived were looked at.
        after: seconds until a tune came; None for never.
        told: what was said instead of a tune.
        tune: id of the tune that was shown as kept.
    """

    platform: str
    mark: str = ""
    seen: int = 0
    after: float | None = None
    told: str = ""
    tune: str = ""


class People:
    """Ask one after another, each a stranger, and follow what they get.

    Args:
        bot: whom they ask.
        discord, telegram: where.
        weather: knows what arrived.
    """

    def __init__(
        self, bot: Running, discord: RoughDiscord, telegram: RoughTelegram, weather: Weather
    ) -> None:
        self._bot, self._discord, self._telegram, self._weather = bot, discord, telegram, weather
        self.asks: list[Ask] = []

    async def ask(self, platform: str, seed: int) -> None:
        """Ask for a tune, and wait until there is an answer or it has taken too long."""
        ask = Ask(platform, seen=len(self._weather.arrived.get(platform, ())))
        self.asks.append(ask)
        began = time.perf_counter()
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST):
                await {"discord": self._on_discord, "telegram": self._on_telegram, "site": self._on_site}[
                    platform
                ](ask, seed, 10_000 + len(self.asks))
        if ask.after is None and not ask.told:
            return
        ask.after = time.perf_counter() - began if ask.after is not None else None

    async def _on_discord(self, ask: Ask, seed: int, number: int) -> None:
        person = {**discord_server.PERSON, "id": str(40_000_000_000 + number)}
        while not ask.mark:
            with suppress(TimeoutError):  # the gateway is closed; people press again
                ask.mark = await self._discord.slash("tune", person=person, seed=seed)
        await self._follow(ask, lambda request: f"/{ask.mark}" in request.path)

    async def _on_telegram(self, ask: Ask, seed: int, number: int) -> None:
        ask.mark = str(number)
        chat = {**telegram_server.PRIVATE, "id": number}
        await self._telegram.write(
            f"/tune seed={seed}", chat, **{"from": {**telegram_server.PERSON, "id": number}}
        )
        await self._follow(ask, lambda request: str(request.body.get("chat_id")) == ask.mark)

    async def _follow(self, ask: Ask, mine: Any) -> None:
        arrived = self._weather.arrived[ask.platform]
        while ask.after is None and not ask.told:
            while ask.seen < len(arrived):
                if mine(arrived[ask.seen]):
                    _understand(ask, arrived[ask.seen])
                ask.seen += 1
            await asyncio.sleep(_LOOK)

    async def _on_site(self, ask: Ask, seed: int, number: int) -> None:
        headers = {"X-Forwarded-For": f"2001:db8:{number:x}::1"}
        async with (
            aiohttp.ClientSession(self._bot.site) as browser,
            browser.post("/api/chat", json={"text": f"/tune seed={seed}"}, headers=headers) as response,
        ):
            answer = await response.json()
        if "error" in answer:
            ask.told = answer["error"]
        else:
            ask.after, ask.tune = 0.0, answer["tune"]["id"]


def _understand(ask: Ask, request: Request) -> None:
    """Take an answer for a tune, for words instead of one, or for neither."""
    if request.path.endswith("/callback") or request.path.endswith("sendChatAction"):
        return
    text = " ".join(str(request.body.get(name) or "") for name in ("content", "text", "caption", "media"))
    if "seed" in text:
        ask.after = 0.0
        found = _ID.search(json.dumps(request.body, default=str))
        ask.tune = found[1] if found else ""
    elif text.strip() and not text.strip().endswith(_PROGRESS):
        ask.told = text.strip()


async def measure(minutes: float, seed: int, every: float, chance: float) -> dict[str, Any]:
    """Let so many minutes pass; give figures by name."""
    random = Random(seed)
    weather = Weather(Random(seed + 1), chance)
    async with (
        RoughDiscord(weather) as discord,
        RoughTelegram(weather) as telegram,
        running_bot(discord, telegram, [sys.executable, "-m", "benchmarks.crowd_bot"]) as bot,
    ):
        await discord.until_identified(1)
        people = People(bot, discord, telegram, weather)
        await people.ask("site", 1)  # warm
        weather.bad = True
        disasters = asyncio.create_task(Disasters(bot, discord, Random(seed + 2), weather.counts).run())
        asking = []
        end = time.perf_counter() + 60 * minutes
        while time.perf_counter() < end:
            asking.append(asyncio.create_task(people.ask(random.choice(PLATFORMS), random.randrange(10**6))))
            await asyncio.sleep(random.uniform(0.5, 1.5) * every)
        if disasters.done():
            await disasters  # raises what went wrong with what goes wrong
        disasters.cancel()
        await asyncio.gather(disasters, return_exceptions=True)
        weather.bad = False
        await asyncio.gather(*asking)
        lost = _lost(bot.folder, people.asks)
        return {
            **_outcomes(people.asks),
            "shown as kept, and lost": len(lost),
            "faults by the specifications": len(discord.faults) + len(telegram.faults),
            "requests that arrived": sum(map(len, weather.arrived.values())),
            **lag_and_memory(bot.metrics),
            **{f"· {name}": count for name, count in sorted(weather.counts.items())},
        }


def _outcomes(asks: list[Ask]) -> dict[str, float]:
    """Count what became of the asks."""
    waits = sorted(ask.after for ask in asks if ask.after is not None)
    silent = [ask for ask in asks if ask.after is None and not ask.told]
    told = Counter(ask.told for ask in asks if ask.told)
    return {
        "asks": len(asks),
        "answered with a tune": len(waits),
        "of these not kept, and told so": sum(ask.after is not None and not ask.tune for ask in asks),
        "told in words": sum(told.values()),
        "silently dropped": len(silent),
        **{f"silently dropped, {name}": sum(a.platform == name for a in silent) for name in PLATFORMS},
        "first words, median, s": median(waits),
        "first words, last, s": waits[-1],
        **{f"told: {text[:60]}": count for text, count in told.items()},
    }


def _lost(folder: Path, asks: list[Ask]) -> set[str]:
    """List the tunes that were shown as kept and are not in the database."""
    with closing(sqlite3.connect(folder / "data" / "tunesmith.db")) as database:
        kept = {row[0] for row in database.execute("SELECT id FROM tunes")}
    return {ask.tune for ask in asks if ask.tune} - kept


def lag_and_memory(metrics: Path) -> dict[str, float]:
    """Give the event loop's lag, and how memory grew after the warm-up, which is a fifth of the time."""
    rows = [json.loads(line) for line in metrics.read_text(encoding="utf-8").splitlines()][_START:]
    lags = [1000 * lag for row in rows for lag in row["lags"]]
    memory = [row["memory"] / 1e6 for row in rows]
    tenth = max(1, len(memory) // 10)
    early, late = median(memory[2 * tenth : 3 * tenth] or memory), median(memory[-tenth:])
    return {
        "lag p99, ms": quantiles(lags, n=100)[98],
        "lag, longest, ms": max(lags),
        "memory after warm-up, MB": early,
        "memory at the end, MB": late,
        "memory grew, %": 100 * (late / early - 1),
    }


def main() -> int:
    """Print the table; return 1 if somebody was not answered, or something kept was lost."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bad_days", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--every", type=float, default=3.0, help="seconds from one ask to the next, on average"
    )
    parser.add_argument("--chance", type=float, default=0.2, help="of a fault for each request")
    given = parser.parse_args()
    figures = asyncio.run(measure(given.minutes, given.seed, given.every, given.chance))
    for name, figure in figures.items():
        print(f"{name:<68}{figure:>10.1f}" if isinstance(figure, float) else f"{name:<68}{figure:>8}")
    bad = ("silently dropped", "shown as kept, and lost", "faults by the specifications")
    return int(any(figures[name] for name in bad))


if __name__ == "__main__":
    sys.exit(main())
