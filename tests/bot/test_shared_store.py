"""Several processes on one PostgreSQL: what is counted is counted once, what was said to be kept is kept."""

import asyncio
import json
import os
import shutil
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from random import Random

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Connection, MetaData, Table, insert

from bot.asker import Asker
from bot.limits import LimitError, SharedLimits
from bot.store import Bounds, Store, StoreError
from bot.store.engine import new_engine
from bot.store.migrate import MIGRATIONS, migrate, schema_version
from bot.store.schema import METADATA, TUNES
from tests.bot.players import ANNA, Fiddler, core
from tests.bot.test_store import _tune
from tests.postgres import Postgres

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def opened(url: str, seed: int = 1, **bounds: int) -> AsyncIterator[Store]:
    store = await Store.open(url, time.time, Random(seed), Bounds(**bounds))
    try:
        yield store
    finally:
        await store.close()


async def test_processes_that_start_at_once_bring_the_database_up_to_date_once(postgres: Postgres) -> None:
    url = postgres.new_url()
    stores = await asyncio.gather(*(Store.open(url, time.time, Random(n)) for n in range(6)))
    engine = new_engine(url)
    version = await schema_version(engine)
    assert version.found == version.newest
    await engine.dispose()
    await asyncio.gather(*(store.close() for store in stores))


@pytest.mark.parametrize("before", ["0001", "0002", "0003"])
async def test_a_database_of_an_earlier_version_keeps_its_tunes(
    postgres: Postgres, before: str, tmp_path: Path
) -> None:
    old = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, old)
    for step in (old / "versions").glob("v*.py"):
        if step.name[1:5] > before:
            step.unlink()
    url = postgres.new_url()
    engine = new_engine(url)
    await migrate(engine, old)
    row = asdict(_tune(user="anna")) | {"id": "kept000000", "created": 1.0}
    del row["parent"]  # came later
    table = Table("tunes", MetaData(), *(Column(name, TUNES.c[name].type) for name in row))
    async with engine.begin() as connection:
        await connection.execute(insert(table).values(**row))
    async with opened(url) as store:
        saved = await store.tune("kept000000")
        assert saved
        assert saved.tune == _tune(user="anna")
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


def differences(connection: Connection) -> object:
    """What the schema has otherwise than the code."""
    return compare_metadata(MigrationContext.configure(connection), METADATA)


async def test_tunes_of_one_process_are_found_by_another(postgres: Postgres) -> None:
    url = postgres.new_url()
    async with opened(url) as first, opened(url, 2) as second:
        kept = await first.add(_tune(user="anna", title="Ól, a Phádraig — 🎻"))
        assert await second.tune(kept.id) == kept
        assert await second.last("web", "site", "anna") == kept
        reply = await core(second, Fiddler()).answer(f"/another {kept.id}", ANNA)
        assert reply.tune
        assert await first.tune(str(reply.tune["id"]))


async def test_bounds_hold_where_two_write_at_once(postgres: Postgres) -> None:
    url = postgres.new_url()
    async with opened(url, 1, tunes=5) as first, opened(url, 2, tunes=5) as second:
        await asyncio.gather(*(store.add(_tune(user="a")) for _ in range(40) for store in (first, second)))
        await first.add(_tune(user="a"))
        assert len(await second.of_person("web", "a", 100)) == 5


@asynccontextmanager
async def claimant(url: str, name: str, count: int, *tune: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that claims so many things, each as often as the other does; or likes a tune so often."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bot.claims", url, name, str(count), *tune),
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    yield process
    if process.returncode is None:
        process.kill()
        await process.wait()


async def test_a_thousand_things_that_come_to_two_processes_at_once_are_answered_once_each(
    postgres: Postgres,
) -> None:
    url = postgres.new_url()
    async with opened(url), claimant(url, "a", 1000) as one, claimant(url, "b", 1000) as other:
        for process in (one, other):
            assert process.stdout
            assert await process.stdout.readline() == b"ready\n"
        said = await asyncio.gather(one.communicate(b"go\n"), other.communicate(b"go\n"))
    won = [set(json.loads(out)) for out, _ in said]
    assert not won[0] & won[1]
    assert won[0] | won[1] == {str(number) for number in range(1000)}
    assert all(won)  # both were at it at once


async def test_a_thousand_likes_at_once_from_two_processes_count_once_each(postgres: Postgres) -> None:
    url = postgres.new_url()
    async with opened(url) as store:
        kept = await store.add(_tune(user="anna"))
        async with claimant(url, "a", 1000, kept.id) as one, claimant(url, "b", 1000, kept.id) as other:
            for process in (one, other):
                assert process.stdout
                assert await process.stdout.readline() == b"ready\n"
            said = await asyncio.gather(one.communicate(b"go\n"), other.communicate(b"go\n"))
        new = [json.loads(out) for out, _ in said]
        assert sorted(map(int, new[0] + new[1])) == list(range(1000))
        assert all(new)  # both were at it at once
        assert await store.likes.count(kept.id) == 1000


async def test_limits_are_counted_together(postgres: Postgres) -> None:
    url = postgres.new_url()
    async with opened(url) as first, opened(url, 2) as second:
        limits = [
            SharedLimits("20/999h", "30/999h", store.buckets, time.monotonic) for store in (first, second)
        ]

        async def ask(number: int, user: str) -> bool:
            try:
                await limits[number % 2].take(Asker("discord", user, "channel", "guild"))
            except LimitError:
                return False
            return True

        assert sum(await asyncio.gather(*(ask(number, "anna") for number in range(50)))) == 20
        assert sum(await asyncio.gather(*(ask(number, "ben") for number in range(50)))) == 10
        with pytest.raises(LimitError, match="This chat"):
            await limits[0].take(Asker("discord", "cleo", "channel", "guild"))
        await limits[1].take(Asker("discord", "cleo", "elsewhere", "guild"))


async def test_without_the_database_each_counts_alone(postgres: Postgres) -> None:
    async with opened(postgres.new_url()) as store:
        limits = SharedLimits("3/999h", "0", store.buckets, time.monotonic)
        postgres.stop()
        try:
            for _ in range(3):
                await limits.take(ANNA)
            with pytest.raises(LimitError):
                await limits.take(ANNA)
        finally:
            postgres.start()


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_nothing_that_was_acknowledged_is_lost_when_the_database_is_restarted(
    postgres: Postgres, mode: str
) -> None:
    url = postgres.new_url()
    kept: list[str] = []
    liked: list[str] = []
    refused: list[StoreError] = []
    news = asyncio.Condition()
    done = asyncio.Event()

    async def write(store: Store, user: str) -> None:
        while not done.is_set():
            try:
                saved = await store.add(_tune(user=user))
                kept.append(saved.id)
                if await store.likes.add(saved.id, "web", user):
                    liked.append(saved.id)
            except StoreError as error:
                refused.append(error)
            async with news:
                news.notify_all()

    async def until_kept(count: int) -> None:
        async with asyncio.timeout(60), news:
            await news.wait_for(lambda: len(kept) >= count)

    async with opened(url) as first, opened(url, 2) as second:
        writing = [
            asyncio.create_task(write(store, str(user))) for store in (first, second) for user in range(4)
        ]
        await until_kept(100)
        await asyncio.to_thread(postgres.stop, mode)
        before = len(kept)
        await asyncio.to_thread(postgres.start)
        await until_kept(before + 100)
        done.set()
        await asyncio.gather(*writing)
        assert refused
        assert not first.trouble
        found = [await second.tune(tune_id) for tune_id in kept]
        likes = await second.likes.counts(liked)
    assert all(found)
    assert liked
    assert likes == dict.fromkeys(liked, 1)
    assert len(set(kept)) == len(kept)
