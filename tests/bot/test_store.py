"""Tunes are kept, and found again."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy.exc import StatementError

from bot.store import ID_LENGTH, DatabaseError, NewTune, Store
from bot.store.look import look
from tests.bot.players import Clock, memory_store


def _tune(
    user: str = "anna", platform: str = "web", model: str | None = "jigs", title: str = "Kettle"
) -> NewTune:
    return NewTune(
        platform=platform,
        community="",
        place="site",
        user=user,
        request={"key": "Em", "seed": "7"},
        title=title,
        abc="X:1\nT:Kettle\nK:Em\nE2|]\n",
        key="Em",
        meter="6/8",
        rhythm="jig",
        temp=0.8,
        seed=7,
        model=model,
    )


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    """A store of either kind."""
    if request.param == "sqlite":
        store = await memory_store()
    else:
        store = await Store.open(request.getfixturevalue("postgres").new_url(), Clock(), Random(1))
    yield store
    await store.close()


async def test_a_tune_comes_back_as_it_was_kept(store: Store) -> None:
    saved = await store.add(_tune())
    assert saved.tune == _tune()
    assert await store.tune(saved.id) == saved
    assert await store.tune("nothing") is None


async def test_tunes_outlive_the_process(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/new/folder/tunes.db"
    first = await Store.open(url, Clock(), Random(1))
    saved = await first.add(_tune())
    await first.close()
    second = await Store.open(url, Clock(), Random(2))
    assert await second.tune(saved.id) == saved
    await second.close()


async def test_a_database_that_cannot_be_written_to_is_refused_when_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    await (await Store.open("sqlite+aiosqlite:///tunes.db", Clock(), Random(1))).close()
    with pytest.raises(DatabaseError, match="readonly"):
        await Store.open("sqlite+aiosqlite:///file:tunes.db?mode=ro&uri=true", Clock(), Random(1))


async def test_who_asked_does_not_reach_the_log_when_a_tune_cannot_be_kept(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/tunes.db", Clock(), Random(1))
    with pytest.raises(StatementError) as caught:
        await store.add(replace(_tune(user="anna-of-the-hill"), request={"key": object()}))  # type: ignore[dict-item]
    assert "anna-of-the-hill" not in str(caught.value)
    await store.close()


async def test_who_reads_undoes_nothing_that_is_being_written(store: Store) -> None:
    async with asyncio.TaskGroup() as group:
        adding = [group.create_task(store.add(_tune(user=str(number)))) for number in range(50)]
        for _ in range(200):
            group.create_task(store.recent("web", 1))
    assert len(await store.recent("web", 99)) == len(adding)


async def test_ids_are_url_safe_and_never_given_twice(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/tunes.db"
    first = await Store.open(url, Clock(), Random(1))
    ids = [(await first.add(_tune())).id for _ in range(3)]
    await first.close()
    again = await Store.open(url, Clock(), Random(1))  # would draw the same ids again
    ids += [(await again.add(_tune())).id for _ in range(2)]
    await again.close()
    assert len(set(ids)) == 5
    assert all(len(tune_id) == ID_LENGTH and tune_id.isascii() and tune_id.isalnum() for tune_id in ids)


async def test_the_last_tune_is_that_of_the_person_in_the_place(store: Store) -> None:
    await store.add(_tune("anna", title="first"))
    mine = await store.add(_tune("anna", title="second"))
    await store.add(_tune("ben"))
    await store.add(_tune("anna", platform="discord"))
    assert await store.last("web", "site", "anna") == mine
    assert await store.last("web", "elsewhere", "anna") is None


async def test_recent_tunes_are_composed_ones_of_one_platform_newest_first(store: Store) -> None:
    for title in ("one", "two", "three"):
        await store.add(_tune(title=title))
    await store.add(_tune(platform="telegram", title="private"))
    await store.add(_tune(model=None, title="pasted"))
    assert [saved.tune.title for saved in await store.recent("web", 2)] == ["three", "two"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite+nonsense:///x", "no database that I know"),
        (f"sqlite+aiosqlite:///{__file__}/tunes.db", "can't open the database"),
        ("sqlite+aiosqlite:///tunes.db?warp=9", "the option warp"),
        ("sqlite+aiosqlite:///tunes.db?timeout=hidden", "a port or an option"),
        ("sqlite+warp:///tunes.db", "no database that I know"),
        ("postgresql+psycopg2://u:hidden@h/d", "can't open|needs the Python package psycopg2"),
        ("postgresql+asyncpg://u:hidden@h:port/d", "a port or an option"),
    ],
)
async def test_a_database_that_cannot_be_used_is_one_sentence_without_a_secret(
    url: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for opens in (Store.open(url, Clock(), Random(1)), look(url)):
        with pytest.raises(DatabaseError, match=said) as refusal:
            await opens
        assert "DATABASE_URL" in str(refusal.value)
        assert "\n" not in str(refusal.value)
        assert "hidden" not in str(refusal.value)


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tunes.db").write_text("X:1\n" * 300)
    url = f"sqlite+aiosqlite:///{tmp_path}/tunes.db"
    for opens in (Store.open(url, Clock(), Random(1)), look(url)):
        with pytest.raises(DatabaseError, match="file is not a database"):
            await opens


async def test_a_look_says_what_there_is_and_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/new/tunes.db"
    assert await look(url) == f"The first start makes the database {tmp_path}/new/tunes.db."
    assert not any(os.scandir(tmp_path))
    await (await Store.open(url, Clock(), Random(1))).close()
    assert await look(url) == f"The database {tmp_path}/new/tunes.db is of this version."


async def test_what_was_noted_is_found_by_its_beginning_the_newest_first(store: Store) -> None:
    for key in ("below -100 7 8,9", "below -100 77 78", "below -100 7 11"):
        assert await store.first_time("telegram", key)
    assert await store.noted("telegram", "below -100 7 ") == "11"
    assert await store.noted("telegram", "below -100 8 ") == ""
    assert await store.noted("discord", "below -100 7 ") == ""
