"""Two processes of the bot share the work on each platform, and nobody is answered twice."""

import asyncio
import itertools
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

from aiohttp import ClientSession

from bot.store import Schedule, Store
from tests.platforms.discord_server import TOKEN as DISCORD_TOKEN
from tests.platforms.discord_server import DiscordServer
from tests.platforms.server import Request
from tests.platforms.telegram_server import PRIVATE, TelegramServer
from tests.platforms.telegram_server import TOKEN as TELEGRAM_TOKEN
from tests.postgres import Postgres

ROOT = Path(__file__).parents[2]
SHARDS = 4
PUBLIC = "https://tunes.example.org"
SECRET = "X-Telegram-Bot-Api-Secret-Token"


@asynccontextmanager
async def process(lines: int, asked: dict[str, Any]) -> AsyncIterator[list[str]]:
    """A bot in a process of its own, once it has said so many lines; at the end it stops as told."""
    bot = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bot.one_process", json.dumps(asked)),
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1"},
        stdout=asyncio.subprocess.PIPE,
    )
    assert bot.stdout
    try:
        async with asyncio.timeout(60):
            yield [(await bot.stdout.readline()).decode() for _ in range(lines)]
        bot.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            assert await bot.wait() == 0
    finally:
        if bot.returncode is None:
            bot.kill()
            await bot.wait()


async def test_discords_shards_are_split_and_each_interaction_is_answered_once(postgres: Postgres) -> None:
    url = postgres.new_url()
    async with DiscordServer(SHARDS) as server:

        def bot(shards: str) -> dict[str, Any]:
            chosen = {"port": 0, "database_url": url, "discord_token": DISCORD_TOKEN}
            chosen |= {"shard_count": SHARDS, "shard_ids": shards}
            return {
                "settings": chosen,
                "discord": server.root + "/api/v10",
                "gateway": server.gateway,
            }

        async with process(2, bot("0,1")), process(2, bot("2-3")):
            await server.until_identified(SHARDS)
            shards = [data["d"]["shard"] for data in server.identified]
            assert sorted(shards) == [[number, SHARDS] for number in range(SHARDS)]
            menus = [r for r in server.requests if r.method == "PUT" and r.path.endswith("/commands")]
            assert len(menus) == 1
            guilds = [str((1000 + number) << 22) for number in range(12)]
            tokens = [await server.slash("tune", guild=guild) for guild in guilds]
            # One session of a shard follows another, and for a moment both hear everything.
            tokens += [await server.slash("tune", guild=guild, everywhere=True) for guild in guilds]
            for token in tokens:
                await server.answers(token)
        answers = Counter(
            request.path.split("/")[3]
            for request in server.requests
            if request.path.startswith("/webhooks/") and request.method == "POST"
        )
        assert answers == dict.fromkeys(tokens, 1)
        assert server.faults == []


async def test_a_daily_tune_is_posted_once_by_two_processes(postgres: Postgres) -> None:
    url = postgres.new_url()
    store = await Store.open(url, time.time, Random(1))
    places = [str((2000 + number) << 22) for number in range(10)]
    for place in places:
        await store.schedules.put(Schedule("discord", place, "guild", 0, "UTC", [], time.time() - 1))
    async with DiscordServer(2) as server:

        def bot(shard: str) -> dict[str, Any]:
            chosen = {"port": 0, "database_url": url, "discord_token": DISCORD_TOKEN}
            chosen |= {"shard_count": 2, "shard_ids": shard}
            return {"settings": chosen, "discord": server.root + "/api/v10", "gateway": server.gateway}

        def posted(request: Request) -> bool:
            return request.path.startswith("/channels/") and request.path.endswith("/messages")

        async with process(2, bot("0")), process(2, bot("1")):
            await server.until(posted, len(places))
        posts = Counter(request.path.split("/")[2] for request in server.requests if posted(request))
        assert posts == dict.fromkeys(places, 1)
        assert server.faults == []
    due = [await store.schedules.of("discord", place) for place in places]
    assert all(schedule and schedule.due > time.time() for schedule in due)
    await store.close()


async def test_telegrams_updates_come_twice_by_a_balancer_and_are_answered_once(postgres: Postgres) -> None:
    async with TelegramServer() as server, ClientSession() as session:
        chosen = {"port": 0, "database_url": postgres.new_url(), "telegram_token": TELEGRAM_TOKEN}
        asked = {
            "settings": chosen | {"telegram_webhook": True, "public_url": PUBLIC},
            "telegram": server.root,
        }
        async with process(2, asked) as one, process(2, asked) as other:
            assert server.hook["url"] == f"{PUBLIC}/hooks/telegram"
            assert len(server.sent("/setWebhook")) == 1  # the second found it so
            assert not server.sent("/getUpdates")
            sites = itertools.cycle(lines[0].split()[3] for lines in (one, other))

            async def bring(body: object, secret: str = server.hook_secret) -> int:
                """Bring something to whichever process is next."""
                url = next(sites) + "/hooks/telegram"
                headers = {SECRET: secret} if secret else {}
                async with session.post(url, data=json.dumps(body), headers=headers) as response:
                    return response.status

            chats = range(100, 120)
            for chat in chats:
                await server.write("/tune", {**PRIVATE, "id": chat})
            updates = await server.taken()
            twice = [bring(update) for update in updates for _ in range(2)]
            assert set(await asyncio.gather(*twice)) == {200}
            assert [await bring(updates[0], secret) for secret in ("", "guessed", "gü")] == [403, 403, 403]
            assert [await bring(body) for body in ([], "x", {"update_id": "?"})] == [200, 200, 200]
            await server.until(lambda r: r.path.endswith("/sendPhoto"), len(chats))
            await asyncio.gather(*(bring(update) for update in updates))  # once more, much later
        photos = Counter(int(request.body["chat_id"]) for request in server.sent("/sendPhoto"))
        assert photos == dict.fromkeys(chats, 1)
        assert not server.sent("/sendMessage")
        assert server.faults == []


async def test_a_visitor_whom_a_balancer_brings_to_another_process_keeps_their_last_tune(
    postgres: Postgres,
) -> None:
    asked = {"settings": {"port": 0, "database_url": postgres.new_url()}}
    async with process(1, asked) as one, process(1, asked) as other, ClientSession() as browser:

        async def ask(lines: list[str], text: str) -> dict[str, Any]:
            async with browser.post(lines[0].split()[3] + "/api/chat", json={"text": text}) as response:
                answer: dict[str, Any] = await response.json()
                assert response.status == 200, answer
                return answer

        first = await ask(one, "/tune in D seed=5")
        second = await ask(other, "/another")
        page = first["tune"]["id"]
        async with browser.get(f"{other[0].split()[3]}/t/{page}") as response:
            assert response.status == 200
    assert first["tune"]["key"] == second["tune"]["key"] == "D"
    assert first["tune"]["id"] != second["tune"]["id"]
