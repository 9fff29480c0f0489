"""The platforms start side by side, and what one of them does is nothing to the others."""

import asyncio
import os
import signal
from collections.abc import Mapping
from dataclasses import replace

import pytest
from aiohttp import ClientSession
from pydantic import Field, SecretStr

from bot import startup
from bot.core import Core
from bot.platform import Platform, RefusedError, Started
from bot.platforms import PLATFORMS
from bot.platforms.web import WEB
from bot.readme import with_tables
from bot.settings import Settings
from bot.store import Store
from generator.errors import FriendlyError
from tests.bot.players import Copyist, Fiddler, settings


class PubSettings(Settings):
    pub_token: SecretStr | None = Field(None, description="The key of the pub.")
    hall_token: SecretStr | None = None


class Pub:
    """A platform that starts or fails as the test says.

    Attributes:
        core: answers what is asked there.
        platform: as it was declared.
        stopped: whether it was told to stop.
    """

    core: Core
    platform: Platform

    def __init__(self, outcome: Started | Exception) -> None:
        self.outcome = outcome
        self.stopped = False

    async def start(self) -> Started:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    async def ended(self) -> FriendlyError:
        return await asyncio.get_running_loop().create_future()

    async def stop(self) -> None:
        self.stopped = True

    def declared(self, name: str) -> Platform:
        """The line that would stand in ``bot/platforms/__init__.py``."""
        return Platform(name, name.title(), self._open, token=f"{name}_token", invite=f"Meet in the {name}")

    def _open(self, platform: Platform, core: Core, settings: Settings, invites: Mapping[str, str]) -> "Pub":
        del invites
        assert platform.token_in(settings) == "psst"
        self.core, self.platform = core, platform
        return self


async def serve(store: Store, lines: int, *platforms: Platform, **tokens: str) -> tuple[list[str], str]:
    """Start, wait for so many lines, look at the chat page, stop by SIGTERM."""
    said: list[str] = []
    enough = asyncio.Event()

    def say(line: str) -> None:
        said.append(line)
        if len(said) == lines:
            enough.set()

    chosen = PubSettings(port=0, **tokens)
    serving = asyncio.create_task(startup.serve(chosen, store, Fiddler(), Copyist(), say, (WEB, *platforms)))
    await asyncio.wait_for(enough.wait(), 10)
    await asyncio.sleep(0)
    async with ClientSession() as browser, browser.get(said[0].split()[3]) as response:
        page = await response.text()
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(serving, 10)
    return said, page


async def test_a_new_one_needs_its_declaration_alone(store: Store) -> None:
    pub = Pub(Started("Pub: come in", "https://pub.example"))
    said, page = await serve(store, 2, pub.declared("pub"), pub_token="psst")
    assert said[1] == "Pub: come in"
    assert 'href="https://pub.example" rel="noopener">Meet in the pub</a>' in page
    asker = pub.platform.asker("tam", "snug")
    reply = await pub.core.answer("/tune in D", asker)
    assert [file.name for file in reply.attachments if file.data] == [
        "the-kettle-on-the-hob.abc",
        "the-kettle-on-the-hob.mid",
    ]
    again = await pub.core.answer("/another", asker)
    kept = await store.last("pub", "snug", "tam")
    assert kept is not None
    assert again.tune is not None
    assert kept.id == again.tune["id"]
    table = with_tables("<!-- settings -->\n<!-- /settings -->", settings=PubSettings)
    assert "| `PUB_TOKEN` | The key of the pub. |  |" in table


async def test_one_that_fails_is_said_and_the_others_go_on(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    shut, open_ = (
        Pub(RefusedError("The pub refuses PUB_TOKEN.")),
        Pub(Started("Hall: come in", "https://hall.example/tunes")),
    )
    platforms = (shut.declared("pub"), open_.declared("hall"))
    said, page = await serve(store, 3, *platforms, pub_token="psst", hall_token="psst")
    assert said[0].startswith("Tunesmith is on http://127.0.0.1:")
    assert "TOKEN" not in said[0]
    assert set(said[1:]) == {"The pub refuses PUB_TOKEN.", "Hall: come in"}
    assert shut.stopped
    assert open_.stopped
    assert (
        '<a class="button quiet" href="https://hall.example/tunes" rel="noopener">Meet in the hall</a>'
        in page
    )
    assert "Meet in the pub" not in page
    assert not caplog.records


async def test_one_that_breaks_at_start_is_logged_and_said(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Pub(ZeroDivisionError("deep inside")).declared("pub")
    said, _ = await serve(store, 2, broken, pub_token="psst")
    assert said[1] == "Pub did not start; the log says why. Everything else goes on, and I keep trying."
    assert "deep inside" in caplog.text


async def test_with_no_site_and_no_chat_left_the_bot_ends(store: Store) -> None:
    refused = Pub(RefusedError("The pub refuses PUB_TOKEN."))
    chosen = PubSettings(pub_token="psst")
    said: list[str] = []
    with pytest.raises(FriendlyError, match="nothing is left"):
        await startup.serve(chosen, store, Fiddler(), Copyist(), said.append, [refused.declared("pub")])
    assert said == ["The pub refuses PUB_TOKEN."]
    assert refused.stopped


async def test_one_without_a_token_is_not_opened_and_the_operator_hears_how(store: Store) -> None:
    platforms = [Pub(AssertionError()).declared(name) for name in ("pub", "hall")]
    said, _ = await serve(store, 1, *platforms)
    assert said[0].endswith(" – to bring it to Pub and Hall, set PUB_TOKEN and HALL_TOKEN in .env")


async def test_one_whose_setting_does_not_exist_ends_the_start(store: Store) -> None:
    nameless = Pub(AssertionError()).declared("barn")
    with pytest.raises(AttributeError, match="barn_token"):
        await startup.serve(settings(port=0), store, Fiddler(), Copyist(), print, (WEB, nameless))


def test_one_that_asks_for_a_token_needs_a_label_for_its_invite() -> None:
    with pytest.raises(ValueError, match="invite"):
        replace(Pub(AssertionError()).declared("pub"), invite="")


def test_the_bots_own_have_their_settings_and_differ_in_name_and_invite() -> None:
    assert len({platform.name for platform in PLATFORMS}) == len(PLATFORMS)
    chats = [platform for platform in PLATFORMS if platform.token]
    assert {platform.token for platform in chats} <= Settings.model_fields.keys()
    assert len({platform.invite for platform in chats}) == len(chats)
    assert all(platform.invite for platform in chats)
