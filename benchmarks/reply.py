"""A whole reply, from the typed command to all its parts: ``python -m benchmarks.reply [--json]``.

Through the real core, model and renderers, warm, with nothing kept from before. "text" is when the
ABC and the link are ready: as soon as that a chat could have a first message with the text alone, and
so the site has it, which fetches files when they are wanted. "all" is when picture, sound and MIDI are
there too, as a chat gets them in one message. The last line says how much sound that is.
"""

import argparse
import asyncio
import json
import time
from random import Random
from statistics import median

from bot.asker import Asker
from bot.core import Core
from bot.platforms.web import WEB
from bot.settings import Settings
from bot.store import Store
from bot.wiring import Workshop, open_composer
from generator.music.tune import Tune
from generator.render.audio import TAIL
from generator.render.part_times import timeline
from generator.render.renderers import Renderers

TUNES = 12
SITE, CHAT = WEB.asker("somebody", "here"), Asker("telegram", "somebody", "here")


async def measure() -> dict[str, dict[str, float]]:
    """Seconds until the text is there, until everything is, and of sound: median and worst of all turns.

    The turns of "text" and "all" alternate, so that both had the same machine.
    """
    settings = Settings()
    store = await Store.open("sqlite+aiosqlite:///:memory:", time.time, Random(1))
    taken: dict[str, list[float]] = {"text": [], "all": [], "sound": []}
    async with open_composer(settings) as composer, Renderers() as renderers:
        core = Core(settings, store, composer, Workshop(renderers), Random(1))
        await core.answer("/tune seed=1", CHAT)  # starts and warms the processes
        for seed in range(2, TUNES + 2):
            for name, asker in (("text", SITE), ("all", CHAT)):
                command = f"/tune jig in G seed={seed} temp={0.8 if name == 'text' else 0.81}"
                start = time.perf_counter()
                reply = await core.answer(command, asker)
                taken[name].append(time.perf_counter() - start)
                if name == "all":
                    taken["sound"].append(timeline(Tune.read(reply.abc or "")).seconds + TAIL)
    await store.close()
    return {name: {"median": median(times), "worst": max(times)} for name, times in taken.items()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    rows = asyncio.run(measure())
    if parser.parse_args().json:
        print(json.dumps(rows))
        return
    print(f"{'seconds':<10}{'median':>9}{'worst':>9}")
    for name, row in rows.items():
        print(f"{name:<10}{row['median']:>9.2f}{row['worst']:>9.2f}")
    print(f"all / text {rows['all']['median'] / rows['text']['median']:>8.1f}")


if __name__ == "__main__":
    main()
