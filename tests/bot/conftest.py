"""A band for the tests of the bot."""

from collections.abc import AsyncIterator

import pytest

from bot.store import Store
from tests.bot.players import Copyist, Fiddler, memory_store


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
