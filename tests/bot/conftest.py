"""A band for the tests of the bot."""

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.store import Store
from tests.bot.players import Copyist, Fiddler, memory_store
from tests.postgres import Postgres, running


@pytest.fixture
def fiddler() -> Fiddler:
    return Fiddler()


@pytest.fixture
def copyist() -> Copyist:
    return Copyist()


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    store = await memory_store()
    yield store
    await store.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real server, started when the first test asks for it."""
    with running() as server:
        yield server
