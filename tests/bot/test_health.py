"""What operators see: a word for each part, figures for Prometheus, and logs that machines read."""

import asyncio
import json
import logging
import os
import re
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import discord
import pytest
import yarl
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from bot import startup, texts
from bot.core import Core, InternalError
from bot.health import Health
from bot.logs import BLOT, JsonFormatter, Redactor
from bot.platform import Platform, RefusedError, Started
from bot.platforms.discord import DISCORD
from bot.platforms.web import WEB
from bot.settings import SettingsError, load
from bot.store import Store
from generator.errors import BusyError, RenderError
from tests.bot.players import ANNA, Clock, Copyist, Fiddler, core, settings, site_of
from tests.bot.test_platforms import Pub, PubSettings
from tests.platforms.discord_server import TOKEN, DiscordServer

Figures = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def figures(text: str) -> Figures:
    """What Prometheus's own parser reads, by name and labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@asynccontextmanager
async def browsing(core: Core) -> AsyncIterator[ClientSession]:
    site = site_of(core)
    await site.start()
    async with ClientSession(site.url) as browser:
        yield browser
    await site.stop()


async def fetched(browser: ClientSession) -> Figures:
    async with browser.get("/metrics") as response:
        assert response.status == 200
        assert response.content_type == "text/plain"
        return figures(await response.text())


def requests(found: Figures) -> dict[tuple[str, str, str], float]:
    return {
        (labels["platform"], labels["command"], labels["outcome"]): value
        for (name, pairs), value in found.items()
        for labels in [dict(pairs)]
        if name == "tunesmith_requests_total"
    }


async def test_every_request_is_counted_by_how_it_ended(
    store: Store, fiddler: Fiddler, copyist: Copyist
) -> None:
    bot = core(store, fiddler, copyist)
    async with browsing(bot) as browser:
        await bot.answer("/tune in D", ANNA)
        await bot.answer("/tune in G", DISCORD.asker("ben", "3", "2"))
        for trouble, kind in ((BusyError("The queue is full."), BusyError), (KeyError("x"), InternalError)):
            fiddler.trouble = trouble
            with pytest.raises(kind):
                await bot.answer("/tune", ANNA)
        with pytest.raises(Exception, match="no tune"):
            await bot.answer("/another nothing000", ANNA)
        found = await fetched(browser)
    assert requests(found) == {
        ("web", "tune", "answered"): 1,
        ("discord", "tune", "answered"): 1,
        ("web", "tune", "busy"): 1,
        ("web", "tune", "failed"): 1,
        ("web", "another", "refused"): 1,
    }
    stage = {
        dict(pairs)["stage"]: value
        for (name, pairs), value in found.items()
        if name == "tunesmith_stage_seconds_count"
    }
    assert stage == {"answer": 5, "compose": 4, "keep": 2, "render": 1}
    assert found["tunesmith_renders_total", (("outcome", "answered"), ("suffix", "mid"))] == 1


async def test_a_file_that_fails_is_counted_so(store: Store, fiddler: Fiddler, copyist: Copyist) -> None:
    copyist.trouble = RenderError("No ink.")
    bot = core(store, fiddler, copyist)
    async with browsing(bot) as browser:
        await bot.answer("/tune", DISCORD.asker("ben", "3", "2"))
        found = await fetched(browser)
    assert found["tunesmith_renders_total", (("outcome", "refused"), ("suffix", "mid"))] == 1


async def test_figures_are_for_neighbours_alone(store: Store, fiddler: Fiddler) -> None:
    async with browsing(core(store, fiddler)) as browser:
        for header in ("X-Forwarded-For", "Forwarded", "Via"):
            async with browser.get("/metrics", headers={header: "192.0.2.7"}) as response:
                assert response.status == 404


async def test_who_is_ready_says_a_word_for_each_part(tmp_path: Path, fiddler: Fiddler) -> None:
    """A whole bot, with a chat that is on, one that is refused, and a database that is taken away."""
    database = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'tunes.db'}", Clock(), Random(1))
    pubs = [
        Pub(Started("Pub: come in", "https://pub.example")).declared("pub"),
        Pub(RefusedError("The hall refuses HALL_TOKEN.")).declared("hall"),
    ]
    said: list[str] = []
    answers: list[tuple[int, dict[str, object]]] = []

    async def look() -> None:
        async with ClientSession() as browser:
            url = said[0].split()[3]
            answers.append(await ready(browser, url))
            (tmp_path / "tunes.db").rename(tmp_path / "away.db")
            answers.append(await ready(browser, url))
            async with browser.get(f"{url}/metrics") as response:
                found = figures(await response.text())
            assert found["tunesmith_part_well", (("part", "store"),)] == 0
            assert found["tunesmith_part_well", (("part", "pub"),)] == 1
            assert found["tunesmith_part_well", (("part", "hall"),)] == 0
            assert found["tunesmith_queue", ()] == 3
            assert found["tunesmith_slots_taken", ()] == 60
            assert ("tunesmith_loop_lag_seconds_count", ()) in found

    await _while_serving(database, Queued(), pubs, said, look)
    await database.close()
    well = {"ready": True, "store": "ok", "composer": "ok", "renderer": "ok"}
    assert answers == [
        (200, well | {"pub": "connected", "hall": "refused"}),
        (503, well | {"ready": False, "store": "unavailable", "pub": "connected", "hall": "refused"}),
    ]


async def ready(browser: ClientSession, url: str) -> tuple[int, dict[str, object]]:
    async with browser.get(f"{url}/readyz") as response:
        return response.status, await response.json()


class Queued(Fiddler):
    """A composer before which three wait."""

    load = (3, 60)
    condition = "ok"


async def _while_serving(
    store: Store,
    composer: Fiddler,
    platforms: list[Platform],
    said: list[str],
    do: Callable[[], Awaitable[None]],
) -> None:
    """Start, wait until all have spoken, look, and stop by SIGTERM."""
    enough = asyncio.Event()

    def say(line: str) -> None:
        said.append(line)
        if len(said) == 1 + len(platforms):
            enough.set()

    chosen = PubSettings(port=0, pub_token="psst", hall_token="psst")
    serving = asyncio.create_task(startup.serve(chosen, store, composer, Copyist(), say, (WEB, *platforms)))
    await asyncio.wait_for(enough.wait(), 10)
    await asyncio.sleep(0)
    try:
        await do()
    finally:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(serving, 10)


async def test_a_composer_that_is_not_up_is_not_ready() -> None:
    class Down(Fiddler):
        condition = "starting"

    health = Health()
    health.need_part("composer", Down())
    health.need_part("renderer", Copyist())
    words = await health.words()
    assert words == {"composer": "starting", "renderer": "ok"}
    assert not health.ready(words)


async def test_discord_says_whether_its_gateway_is_there(
    monkeypatch: pytest.MonkeyPatch, store: Store, fiddler: Fiddler
) -> None:
    from bot.platforms.discord.adapter import DiscordAdapter

    async with DiscordServer() as server:
        monkeypatch.setattr(discord.http.Route, "BASE", server.root + "/api/v10")
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway))
        bot = DiscordAdapter(
            DISCORD, core(store, fiddler), settings(discord_token=TOKEN), guild_ready_timeout=0.0
        )
        seen: list[str] = []
        client = bot._client
        before = client.on_shard_disconnect

        async def lost(shard: int) -> None:
            await before(shard)
            seen.append(bot.condition)

        client.on_shard_disconnect = lost  # type: ignore[method-assign]
        assert bot.condition == "reconnecting"
        await bot.start()
        assert bot.condition == "connected"
        await server.hang_up(4000)
        await server.until_identified(2)
        await server.slash("tune")
        await server.until(lambda request: request.path.endswith("/callback"))
        assert (seen, bot.condition) == (["reconnecting"], "connected")
        await bot.stop()


async def test_a_log_of_json_has_the_reference_that_the_user_saw(
    store: Store, fiddler: Fiddler, caplog: pytest.LogCaptureFixture
) -> None:
    fiddler.trouble = KeyError('a "secret", a \n new line')
    with pytest.raises(InternalError) as shown:
        await core(store, fiddler).answer("/tune", ANNA)
    (record,) = caplog.records
    line = JsonFormatter(Redactor(['"secret"'])).format(record)
    assert "\n" not in line
    fields = json.loads(line)
    assert fields["reference"] in str(shown.value)
    assert str(shown.value) == texts.internal_error(fields["reference"])
    assert (fields["level"], fields["logger"]) == ("ERROR", "bot.core")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", fields["time"])
    assert "KeyError" in fields["trace"]
    assert BLOT in fields["trace"]
    assert 'secret"' not in fields["trace"]


def test_json_is_chosen_by_a_setting(caplog: pytest.LogCaptureFixture) -> None:
    assert load(None, {"LOG_FORMAT": "JSON"}).log_format == "json"
    with pytest.raises(SettingsError, match="LOG_FORMAT=xml won't do"):
        load(None, {"LOG_FORMAT": "xml"})
    record = logging.LogRecord("bot", logging.INFO, "", 1, "%s is on", ("Pub",), None)
    fields = json.loads(JsonFormatter(Redactor(())).format(record))
    assert fields.keys() == {"time", "level", "logger", "message"}
    assert fields["message"] == "Pub is on"
