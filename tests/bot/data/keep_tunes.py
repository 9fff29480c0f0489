"""Write a database with three tunes of our own, as the version of the bot on the path keeps them.

The databases in this folder come from earlier versions; every later one opens them. The first was made by::

    git worktree add /tmp/then 9fcc651
    export PYTHONPATH=/tmp/then PYTHONHASHSEED=0
    python tests/bot/data/keep_tunes.py tests/bot/data/before_migrations.db
"""

import asyncio
import sys
from itertools import count
from random import Random
from typing import Final

from bot.store import NewTune, Store

TUNES: Final = (
    NewTune(
        platform="web",
        community="",
        place="site",
        user="5d41402abc4b2a76",
        request={"key": "G", "type": "jig", "seed": "7"},
        title="The Kettle on the Hob",
        abc="X:1\nT:The Kettle on the Hob\nR:jig\nM:6/8\nL:1/8\nK:G\nG2A BAG|E2F GED|\n",
        key="G",
        meter="6/8",
        rhythm="jig",
        temp=0.8,
        seed=7,
        model="session",
    ),
    NewTune(
        platform="discord",
        community="81384788765712384",
        place="81384788765712385",
        user="80351110224678912",
        request={"key": "Em", "type": "reel", "seed": "2147483647"},
        title="Ånd og Sjel – ☘",
        abc="X:1\nT:Ånd og Sjel – ☘\nR:reel\nM:4/4\nL:1/8\nK:Em\nE2BE dEBE|\n",
        key="Em",
        meter="4/4",
        rhythm="reel",
        temp=1.1,
        seed=2_147_483_647,
        model="session",
    ),
    NewTune(
        platform="telegram",
        community="",
        place="-1001234567890",
        user="123456789",
        request={},
        title="Untitled",
        abc="X:1\nM:3/4\nL:1/8\nK:D\nd2 fa fd|\n",
        key="D",
        meter="3/4",
        rhythm="",
        temp=None,
        seed=None,
        model=None,
    ),
)


async def keep(path: str) -> None:
    """Keep the tunes in a new SQLite file, a second apart."""
    seconds = count(1_800_000_000.0)
    store = await Store.open(f"sqlite+aiosqlite:///{path}", lambda: next(seconds), Random(1))
    for tune in TUNES:
        await store.add(tune)
    await store.close()


if __name__ == "__main__":
    asyncio.run(keep(sys.argv[1]))
