"""A process that claims or likes things on a shared database.

``python -m tests.bot.claims URL NAME COUNT [TUNE]``: with a tune, so many people like that.
"""

import asyncio
import json
import sys
import time
from random import Random

from bot.store import Store


async def main(url: str, name: str, count: int, tune: str = "") -> None:
    """Say that it is ready, wait for a line, do everything at once, and print what it was first at."""
    store = await Store.open(url, time.time, Random(name))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    numbers = list(range(count))
    Random(name).shuffle(numbers)
    won = await asyncio.gather(
        *(
            store.likes.add(tune, "discord", str(number)) if tune else store.first_time("daily", str(number))
            for number in numbers
        )
    )
    sys.stdout.write(json.dumps([str(number) for number, mine in zip(numbers, won, strict=True) if mine]))
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), *sys.argv[4:]))
