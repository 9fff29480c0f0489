"""Start the bot against local vendors' servers: ``python -m benchmarks.crowd_bot``.

The roots of the servers come in the variables DISCORD_ROOT and TELEGRAM_ROOT; everything else is the bot's
own start. Every second it appends the event loop's lag and its memory to the file in METRICS.
"""

import asyncio
import json
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path

import discord
import yarl

from bot.command_line import main
from bot.platforms.telegram.adapter import TelegramAdapter

TICK = 0.01  # seconds between two looks at the clock


def point_at_local_servers(discord_root: str, telegram_root: str) -> None:
    """Have both clients speak with servers on this machine."""
    discord.http.Route.BASE = f"{discord_root}/api/v10"
    gateway = discord_root.replace("http", "ws", 1) + "/gateway"
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
    defaults = TelegramAdapter.__init__.__kwdefaults__
    assert defaults is not None
    defaults["api"] = telegram_root


async def watch(metrics: Path) -> None:
    """Note how late the event loop wakes up, in seconds, and how much memory the process has, in bytes."""
    loop = asyncio.get_running_loop()
    lags: list[float] = []
    while True:
        before = loop.time()
        await asyncio.sleep(TICK)
        lags.append(loop.time() - before - TICK)
        if len(lags) * TICK >= 1:
            memory = resident_bytes()
            with suppress(OSError), metrics.open("a", encoding="utf-8") as file:  # a full disk may be tried
                file.write(json.dumps({"lags": [round(lag, 5) for lag in lags], "memory": memory}) + "\n")
            lags.clear()


def resident_bytes() -> int:
    """Return the memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def run() -> int:
    """Start the bot with a watch on its event loop; return its exit code."""
    point_at_local_servers(os.environ["DISCORD_ROOT"], os.environ["TELEGRAM_ROOT"])
    metrics = Path(os.environ["METRICS"])
    started = asyncio.Runner.run

    def run_watched(runner: asyncio.Runner, main_task: object, **options: object) -> object:
        async def both() -> object:
            watching = asyncio.create_task(watch(metrics))
            try:
                return await main_task  # type: ignore[misc]
            finally:
                watching.cancel()

        return started(runner, both(), **options)  # type: ignore[arg-type]

    asyncio.Runner.run = run_watched  # type: ignore[assignment,method-assign]
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(run())
