"""A database that is locked, full or gone costs nobody their tune, and heals by itself."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
from aiohttp import ClientSession
from sqlalchemy import event

from bot.asker import Asker
from bot.store import Bounds, Store, StoreError
from bot.texts import NOT_KEPT
from tests.bot.players import Clock, Copyist, Fiddler, core, site_of
from tests.bot.test_store import _tune

BEN = Asker("telegram", "ben", "1")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tunes.db"


@pytest.fixture
async def kept(file: Path) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite+aiosqlite:///{file}", Clock(), Random(1))
    yield store
    await store.close()


def move(file: Path, to: Path) -> bool:
    """Move a file; whether there was none in its new place."""
    free = not to.exists()
    file.rename(to)
    return free


async def asked(store: Store, fiddler: Fiddler) -> tuple[bool, bool]:
    """Whether a tune came, and whether it was kept."""
    reply = await core(store, fiddler, Copyist("png", "mid")).answer("/tune", BEN)
    assert reply.tune is not None
    assert (NOT_KEPT in reply.notes) == (not reply.tune["id"])
    assert any(button.command for button in reply.buttons) == bool(reply.tune["id"])
    return len(reply.attachments) == 3, bool(reply.tune["id"])


async def test_many_writers_take_turns_and_readers_go_on(kept: Store, file: Path) -> None:
    async with asyncio.TaskGroup() as group:
        adding = [group.create_task(kept.add(_tune(user=str(number % 8)))) for number in range(200)]
        reading = [group.create_task(kept.recent("web", 5)) for _ in range(50)]
    assert len({task.result().id for task in adding}) == 200
    assert all(task.done() for task in reading)
    with sqlite3.connect(file) as look:
        assert look.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    look.close()


async def test_locked_by_another_program(
    kept: Store, file: Path, fiddler: Fiddler, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    other = sqlite3.connect(file)
    other.execute("BEGIN IMMEDIATE")
    assert await asked(kept, fiddler) == (True, False)
    assert await asked(kept, fiddler) == (True, False)
    assert kept.trouble
    other.rollback()
    other.close()
    while not (await asked(kept, fiddler))[1]:
        pass
    assert not kept.trouble
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 2
    assert "locked" in lines[0]
    assert "again" in lines[1]
    assert not any(record.exc_info for record in caplog.records)


async def test_full(file: Path, fiddler: Fiddler) -> None:
    store = await Store.open(f"sqlite+aiosqlite:///{file}", Clock(), Random(1))
    engine = store._database._engine
    await engine.dispose()

    def bound(connection: sqlite3.Connection, _: object) -> None:
        connection.cursor().execute("PRAGMA max_page_count = 1")  # as full as it is

    event.listen(engine.sync_engine, "connect", bound)
    outcomes = [await asked(store, fiddler) for _ in range(60)]
    assert all(came for came, _ in outcomes)
    assert not outcomes[-1][1]
    event.remove(engine.sync_engine, "connect", bound)
    await engine.dispose()
    while not (await asked(store, fiddler))[1]:
        pass
    await store.close()


async def test_gone_and_back(kept: Store, file: Path, fiddler: Fiddler) -> None:
    before = await kept.add(_tune())
    away = file.with_name("elsewhere.db")
    move(file, away)
    assert await asked(kept, fiddler) == (True, False)
    with pytest.raises(StoreError, match="try again in a minute"):
        await kept.tune(before.id)
    assert move(away, file), "an empty database must not hide the one that comes back"
    assert await kept.tune(before.id) == before
    while not (await asked(kept, fiddler))[1]:
        pass


async def test_the_site_shows_the_tune_and_healthz_tells(kept: Store, file: Path, fiddler: Fiddler) -> None:
    site = site_of(core(kept, fiddler, Copyist("png", "mid")))
    await site.start()
    async with ClientSession(site.url) as browser:
        async with browser.get("/healthz") as response:
            assert await response.json() == {"status": "ok"}
        move(file, file.with_name("elsewhere.db"))
        async with browser.post("/api/chat", json={"text": "/tune"}) as response:
            answer = await response.json()
        assert NOT_KEPT in answer["text"]
        assert answer["tune"]["abc"]
        assert answer["attachments"] == []
        async with browser.get("/healthz") as response:
            assert await response.json() == {"status": "degraded", "store": "unavailable"}
            assert response.status == 200
        async with browser.get("/t/k3Xw9bQzab") as response:
            assert response.status == 503
            assert "Traceback" not in await response.text()
    await site.stop()


async def test_a_thing_is_new_once_even_after_a_restart(kept: Store, file: Path) -> None:
    assert await kept.first_time("telegram", "17")
    assert not await kept.first_time("telegram", "17")
    assert await kept.first_time("discord", "17")
    again = await Store.open(f"sqlite+aiosqlite:///{file}", Clock(), Random(2))
    assert not await again.first_time("telegram", "17")
    await again.close()


async def test_what_was_seen_long_ago_is_forgotten(file: Path) -> None:
    now = 1e9
    store = await Store.open(f"sqlite+aiosqlite:///{file}", lambda: now, Random(1))
    assert await store.first_time("telegram", "17")
    now += 5 * 86_400
    assert await store.first_time("telegram", "18")
    assert await store.first_time("telegram", "17")
    await store.close()


async def test_each_person_keeps_so_many_tunes_and_fewer_pastes(file: Path) -> None:
    bounds = Bounds(tunes=5, pastes=2)
    store = await Store.open(f"sqlite+aiosqlite:///{file}", Clock(), Random(1), bounds)
    for number in range(4):
        await store.add(_tune(title=f"paste {number}", model=None))
    for number in range(4):
        await store.add(_tune(title=f"tune {number}"))
        await store.add(_tune(title=f"other's {number}", user="ben"))
    titles = [saved.tune.title for saved in await store.of_person("web", "anna", 99)]
    assert titles == ["tune 3", "tune 2", "tune 1", "tune 0", "paste 3"]
    assert len(await store.of_person("web", "ben", 99)) == 4
    await store.close()


async def test_old_tunes_go_where_the_operator_wants_it(file: Path) -> None:
    now = 1e9
    store = await Store.open(f"sqlite+aiosqlite:///{file}", lambda: now, Random(1), Bounds(days=30))
    old = await store.add(_tune(user="ben"))
    now += 31 * 86_400
    new = await store.add(_tune())
    assert await store.tune(old.id) is None
    assert await store.tune(new.id) == new
    await store.close()
