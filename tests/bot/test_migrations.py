"""A database of any earlier version opens and keeps its tunes; a failed step leaves it as it was."""

import asyncio
import logging
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import DatabaseError, Store
from bot.store.engine import new_engine
from bot.store.migrate import MIGRATIONS, Version, migrate, schema_version
from bot.store.schema import METADATA
from tests.bot.data.keep_tunes import TUNES
from tests.bot.players import Clock

BEFORE = Path(__file__).parent / "data" / "before_migrations.db"
STEP = """
from alembic import op
from sqlalchemy import Column, Integer

revision, down_revision = "{number}", "{before}"

def upgrade():
    op.create_table("places", Column("id", Integer, primary_key=True))
    op.execute("INSERT INTO places VALUES (1)")
    with op.batch_alter_table("tunes") as tunes:
        tunes.add_column(Column("place_id", Integer))
        tunes.drop_column("rhythm")
    op.execute("UPDATE tunes SET title = 'spoilt'")
    op.execute("DELETE FROM tunes WHERE platform = 'web'")
    {end}
"""


def _url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A copy of the database from before there were migrations."""
    return Path(shutil.copy(BEFORE, tmp_path / "tunes.db"))


def _steps(folder: Path, end: str) -> Path:
    """The migrations with one more, made up, which ends so."""
    shutil.copytree(MIGRATIONS, folder)
    newest = _newest()
    number = f"{int(newest) + 1:04}"
    (folder / "versions" / f"v{number}_toy.py").write_text(STEP.format(number=number, before=newest, end=end))
    return folder


def _newest() -> str:
    return max(path.name[1:5] for path in (MIGRATIONS / "versions").glob("v*.py"))


def _dump(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


async def _migrated(file: Path, folder: Path) -> None:
    engine = new_engine(_url(file))
    try:
        await migrate(engine, folder)
    finally:
        await engine.dispose()


def _differences(connection: Connection) -> object:
    return compare_metadata(MigrationContext.configure(connection), METADATA)


async def _assert_schema_of_the_code(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
    assert await schema_version(engine) == Version(_newest(), _newest())


async def test_a_database_from_before_migrations_keeps_its_tunes(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT id, created FROM tunes ORDER BY created").fetchall()
    store = await Store.open(_url(file), Clock(), Random(1))
    saved = [await store.tune(tune_id) for tune_id, _ in rows]
    assert [(tune.created, tune.tune) for tune in saved if tune] == [
        (created, tune) for (_, created), tune in zip(rows, TUNES, strict=True)
    ]
    again = await store.add(TUNES[1])  # would draw the ids again that are there
    assert await store.last("discord", TUNES[1].place, TUNES[1].user) == again
    await store.close()


@pytest.mark.parametrize("old", [True, False])
async def test_an_old_database_and_a_new_one_get_the_schema_of_the_code(
    old: bool, file: Path, tmp_path: Path
) -> None:
    engine = new_engine(_url(file if old else tmp_path / "new.db"))
    await migrate(engine)
    await _assert_schema_of_the_code(engine)
    await engine.dispose()


async def test_a_database_of_this_version_is_not_touched_and_needs_no_alembic(file: Path) -> None:
    await _migrated(file, MIGRATIONS)
    before = _dump(file)
    code = (
        "import asyncio, sys, time; from random import Random; from bot.store import Store\n"
        f"store = asyncio.run(Store.open({_url(file)!r}, time.time, Random(1)))\n"
        "assert not any(name.startswith('alembic') for name in sys.modules)\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=Path(__file__).parents[2], stderr=asyncio.subprocess.PIPE
    )
    _, err = await process.communicate()
    assert process.returncode == 0, err
    assert _dump(file) == before


async def test_a_step_that_fails_half_way_leaves_the_old_state(file: Path, tmp_path: Path) -> None:
    failing = _steps(tmp_path / "failing", end="raise ZeroDivisionError")
    before = _dump(file)
    with pytest.raises(ZeroDivisionError):
        await _migrated(file, failing)
    assert _dump(file) == before
    with pytest.raises(ZeroDivisionError):  # those before it were undone with it; and not only the first time
        await _migrated(file, failing)
    assert _dump(file) == before
    await (await Store.open(_url(file), Clock(), Random(1))).close()


async def test_a_process_that_dies_half_way_leaves_the_old_state(file: Path, tmp_path: Path) -> None:
    dying = _steps(tmp_path / "dying", end="import os; os._exit(7)")
    before = _dump(file)
    code = (
        "import asyncio; from pathlib import Path; from bot.store.engine import new_engine\n"
        "from bot.store.migrate import migrate\n"
        f"asyncio.run(migrate(new_engine({_url(file)!r}), Path({str(dying)!r})))\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=Path(__file__).parents[2])
    assert await process.wait() == 7
    assert _dump(file) == before


async def test_a_step_that_succeeds_is_kept_and_is_then_too_new_for_this_code(
    file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot")
    await _migrated(file, MIGRATIONS)
    assert caplog.text == ""
    await _migrated(file, _steps(tmp_path / "with 100% more", end="pass"))
    assert caplog.text.count("\n") == 1
    assert f"from schema {_newest()} to" in caplog.text
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*), min(title) FROM tunes").fetchone() == (2, "spoilt")
    changed = _dump(file)
    with pytest.raises(DatabaseError, match=r"^A newer Tunesmith .*; update Tunesmith.*\.$") as caught:
        await Store.open(_url(file), Clock(), Random(1))
    assert "\n" not in str(caught.value)
    assert _dump(file) == changed


async def test_two_processes_that_start_at_once_bring_it_up_to_date_once(file: Path) -> None:
    code = (
        "import asyncio, sys, time; from random import Random; from bot.store import Store\n"
        "sys.stdin.readline()\n"
        f"store = asyncio.run(Store.open({_url(file)!r}, time.time, Random(1)))\n"
    )
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, cwd=Path(__file__).parents[2],
            stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    ends = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    assert [(process.returncode, err) for process, (_, err) in zip(processes, ends, strict=True)] == [
        (0, b""), (0, b"")
    ]  # fmt: skip
    engine = new_engine(_url(file))
    await _assert_schema_of_the_code(engine)
    await engine.dispose()


def test_the_steps_are_a_chain_and_their_files_carry_their_numbers() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = list(ScriptDirectory.from_config(config).walk_revisions())
    assert scripts[0].revision == _newest()
    assert [Path(script.path).name[1:5] for script in scripts] == [script.revision for script in scripts]
    assert len(scripts) == len(list((MIGRATIONS / "versions").glob("v*.py")))
