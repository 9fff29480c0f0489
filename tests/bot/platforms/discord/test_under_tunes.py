"""What stands under a tune on Discord: pages of buttons, lists, and answers that take the tune's place."""

import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import discord
import pytest

from bot import texts
from bot.chosen import PRIVATE
from bot.core import Core
from bot.platforms.discord.page import LONGEST_ID
from bot.store import Store
from bot.store.preferences import PERSON as PERSON_SETS
from bot.texts import community
from generator.music.keys import keys_of
from tests.bot.platforms.discord.bot import EPHEMERAL, adapter
from tests.bot.players import Copyist, Fiddler, settings
from tests.platforms.discord_server import PERSON, USER, DiscordServer
from tests.platforms.house import house
from tests.platforms.server import Request, Trouble

MESSAGE, DEFERRED_UPDATE, UPDATE, MODAL = 4, 6, 7, 9
FOR = f"For <@{USER}>:"


@pytest.fixture
async def real() -> AsyncIterator[Core]:
    """The bot's own core; a stand-in composes."""
    async with house("a stand-in") as core:
        yield core


@pytest.fixture
async def session(server: DiscordServer, real: Core) -> AsyncIterator[DiscordServer]:
    """Discord, with the bot connected, and a tune in G by somebody."""
    bot = adapter(real)
    await bot.start()
    await server.answers(await server.slash("tune", key="G"))
    yield server
    await bot.stop()


async def called_back(server: DiscordServer, token: str) -> Request:
    return (await server.until(lambda request: request.path.endswith(f"{token}/callback")))[0]


def items(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [item for row in rows for item in row["components"]]


async def turned(server: DiscordServer, label: str) -> list[dict[str, Any]]:
    """Press a button that turns a page; give what stands there then."""
    body = (await called_back(server, await server.press(label))).body
    assert body["type"] == UPDATE
    rows: list[dict[str, Any]] = body["data"]["components"]
    assert body["data"].keys().isdisjoint(("content", "attachments")), "words and files stay as they are"
    assert len(rows) <= 5
    assert all(len(row["components"]) <= 5 for row in rows)
    assert all(len(item.get("custom_id", "")) <= LONGEST_ID for item in items(rows))
    return rows


class TestThePages:
    async def test_begin_with_one_row(self, session: DiscordServer) -> None:
        (tune,) = [r for r in session.requests if r.body.get("components")]
        assert len(tune.body["components"]) == 1

    async def test_turn_in_the_message_and_back(self, session: DiscordServer) -> None:
        first = items(next(r for r in session.requests if r.body.get("components")).body["components"])
        labels = [item["label"] for item in items(await turned(session, texts.BUTTON_MORE))]
        assert labels[0] == texts.BUTTON_TRANSPOSE
        assert {texts.BUTTON_SLOWER, texts.BUTTON_FASTER, texts.BUTTON_FILES} < set(labels)
        again = items(await turned(session, texts.BUTTON_BACK))
        assert [item["label"] for item in again] == [item["label"] for item in first]

    async def test_outlive_a_restart(self, server: DiscordServer, real: Core) -> None:
        first, second = adapter(real), adapter(real)
        await first.start()
        await server.answers(await server.slash("tune", key="G"))
        await first.stop()
        await second.start()
        await turned(server, texts.BUTTON_MORE)
        await turned(server, texts.BUTTON_TRANSPOSE)
        (answer,) = await server.answers(await server.choose("D major"))
        assert "D major" in answer.body["content"]
        await second.stop()

    async def test_of_a_tune_that_is_gone_say_so_to_who_pressed(self, session: DiscordServer) -> None:
        rows = next(r for r in session.requests if r.body.get("components")).body["components"]
        more = next(item for item in items(rows) if item["label"] == texts.BUTTON_MORE)
        more["custom_id"] = "do:more nonesuch"
        body = (await called_back(session, await session.press(texts.BUTTON_MORE))).body
        assert body["data"]["flags"] == EPHEMERAL
        assert body["data"]["content"] == texts.unknown_tune("nonesuch")


class TestAChange:
    async def test_of_key_is_picked_from_all_of_the_mode_and_takes_the_tunes_place(
        self, session: DiscordServer
    ) -> None:
        await turned(session, texts.BUTTON_MORE)
        rows = await turned(session, texts.BUTTON_TRANSPOSE)
        labels = [option["label"] for option in rows[0]["components"][0]["options"]]
        assert labels == [key.name for key in keys_of("major") if key.abc != "G"]
        assert len(labels) == 14
        token = await session.choose("D major")
        assert (await called_back(session, token)).body["type"] == DEFERRED_UPDATE
        (answer,) = await session.answers(token)
        assert (answer.method, answer.path.endswith("/messages/@original")) == ("PATCH", True)
        assert answer.body["content"].startswith(FOR)
        assert "D major" in answer.body["content"]
        assert f"[{texts.comes_from('The Kettle on the Hob')}](<https://" in answer.body["content"]
        assert [attachment["filename"] for attachment in answer.body["attachments"]]

    @pytest.mark.parametrize(
        ("label", "told"), [(texts.BUTTON_SLOWER, "84 beats"), (texts.BUTTON_FASTER, "134 beats")]
    )
    async def test_of_tempo_takes_the_tunes_place(
        self, session: DiscordServer, label: str, told: str
    ) -> None:
        await turned(session, texts.BUTTON_MORE)
        (answer,) = await session.answers(await session.press(label))
        assert answer.method == "PATCH"
        assert told in answer.body["content"]

    async def test_of_instrument_takes_the_tunes_place(self, session: DiscordServer, real: Core) -> None:
        await turned(session, texts.BUTTON_MORE)
        await turned(session, texts.BUTTON_INSTRUMENT)
        (answer,) = await session.answers(await session.choose("harp"))
        assert answer.method == "PATCH"
        newest = (await session.complete("another", "tune", ""))[0]
        saved = await real.saved(newest["value"])
        assert saved
        assert saved.tune.request["instrument"] == "harp"

    async def test_another_tune_is_a_new_answer_that_names_who_asked(self, session: DiscordServer) -> None:
        token = await session.press(texts.BUTTON_ANOTHER)
        (answer,) = await session.answers(token)
        assert answer.method == "POST"
        assert answer.body["content"].startswith(FOR)

    async def test_that_fails_leaves_the_tune_and_tells_the_presser_alone(
        self, session: DiscordServer
    ) -> None:
        await turned(session, texts.BUTTON_MORE)
        rows = await turned(session, texts.BUTTON_TRANSPOSE)
        rows[0]["components"][0]["options"][0]["value"] = "/transpose tune=nonesuch D"
        label = rows[0]["components"][0]["options"][0]["label"]
        (answer,) = await session.answers(await session.choose(label))
        assert answer.method == "POST"
        assert answer.body["flags"] == EPHEMERAL

    @pytest.mark.parametrize(
        "trouble", [Trouble(0), Trouble(400, {"message": "Invalid Form Body", "code": 50035})]
    )
    async def test_into_another_tune_never_touches_the_old_one(
        self, session: DiscordServer, trouble: Trouble
    ) -> None:
        rows = next(r for r in session.requests if r.body.get("components")).body["components"]
        next(iter(items(rows)))["custom_id"] = "run:/change key=Em"
        token = await session.press(texts.BUTTON_ANOTHER)
        session.trouble(f"/{token}", trouble)
        first, second = await session.answers(token, 2)
        assert (first.method, second.method) == ("POST", "POST")
        assert "E minor" in second.body["content"]

    async def test_in_private_names_nobody(self, session: DiscordServer) -> None:
        (answer,) = await session.answers(await session.press(texts.BUTTON_ANOTHER, private=True))
        assert not answer.body["content"].startswith("For")


class TestOptions:
    async def form(self, session: DiscordServer) -> dict[str, Any]:
        await turned(session, texts.BUTTON_MORE)
        body = (await called_back(session, await session.press(texts.BUTTON_OPTIONS))).body
        assert body["type"] == MODAL
        form: dict[str, Any] = body["data"]
        return form

    async def test_are_a_form_with_the_old_ones_filled_in(self, session: DiscordServer) -> None:
        form = await self.form(session)
        fields = [label["component"] for label in form["components"]]
        assert [field["custom_id"] for field in fields] == ["key", "type", "temp", "instrument", "line"]
        key, dance, temp, instrument, _ = fields
        assert (key["value"], temp["value"]) == ("G", "0.8")
        for field, value in ((dance, "jig"), (instrument, "fiddle")):
            assert [option["value"] for option in field["options"] if option.get("default")] == [value]
        assert len(form["custom_id"]) <= LONGEST_ID
        assert len(form["title"]) <= 45

    async def test_that_were_changed_make_a_tune(self, session: DiscordServer, real: Core) -> None:
        form = await self.form(session)
        changes = {"key": "Em", "type": "reel", "temp": "1.1", "instrument": "harp", "line": "seed=7 form=AB"}
        (answer,) = await session.answers(await session.fill_in_fields(form, **changes))
        assert all(fact in answer.body["content"] for fact in ("E minor", "temp 1.1", "seed 7", "From “"))
        (newest,) = await real.recent("discord", 1)
        assert newest.tune.request["form"] == "AB"
        assert newest.tune.request["instrument"] == "harp"
        assert newest.tune.request["type"] == "reel"

    async def test_may_all_be_emptied(self, session: DiscordServer) -> None:
        form = await self.form(session)
        (answer,) = await session.answers(await session.fill_in_fields(form, key="", temp="", line=""))
        assert answer.method == "POST"
        assert "temp 0.8" in answer.body["content"]

    @pytest.mark.parametrize("wrong", [{"temp": "hot"}, {"key": "Q"}, {"line": "key=D"}, {"line": "xyzzy"}])
    async def test_with_a_mistake_say_so_to_the_asker_alone(
        self, session: DiscordServer, wrong: dict[str, str]
    ) -> None:
        form = await self.form(session)
        token = await session.fill_in_fields(form, **wrong)
        (said,) = await session.until(
            lambda r: (
                f"/{token}" in r.path
                and (r.body.get("data") or r.body or {}).get("flags") == EPHEMERAL
                and bool((r.body.get("data") or r.body).get("content"))
            )
        )
        assert (said.body.get("data") or said.body)["content"]


class TestDelete:
    async def deleted(self, session: DiscordServer, **by: Any) -> Request:
        await turned(session, texts.BUTTON_MORE)
        token = await session.press(texts.BUTTON_DELETE, **by)
        return (
            await session.until(
                lambda r: f"/{token}" in r.path and (r.method == "DELETE" or r.body["type"] == MESSAGE)
            )
        )[0]

    async def test_takes_away_the_message_for_who_asked(self, session: DiscordServer) -> None:
        assert (await self.deleted(session)).path.endswith("/messages/@original")

    async def test_is_for_managers_too(self, session: DiscordServer) -> None:
        manager = str(discord.Permissions(manage_guild=True).value)
        gone = await self.deleted(session, person={**PERSON, "id": "77"}, permissions=manager)
        assert gone.method == "DELETE"

    async def test_is_for_nobody_else(self, session: DiscordServer) -> None:
        said = await self.deleted(session, person={**PERSON, "id": "77"})
        assert said.body["data"] | {"content": texts.NOT_YOURS, "flags": EPHEMERAL} == said.body["data"]


class TestALike:
    async def test_is_counted_once_each_and_can_be_taken_back(self, session: DiscordServer) -> None:
        other = {**PERSON, "id": "77"}
        labels = []
        for person in (PERSON, other, PERSON):
            like = texts.like(len(labels) if len(labels) < 3 else 1)
            body = (await called_back(session, await session.press(like, person=person))).body
            labels.append(next(i["label"] for i in items(body["data"]["components"]) if "♥" in i["label"]))
        assert labels == [texts.like(1), texts.like(2), texts.like(1)]


async def test_who_wants_answers_for_oneself_gets_them_so(session: DiscordServer, real: Core) -> None:
    await real.store.preferences.put("discord", PERSON_SETS, USER, {"answers": PRIVATE})
    acknowledged = await called_back(session, await session.press(texts.BUTTON_ANOTHER))
    assert acknowledged.body["data"]["flags"] == EPHEMERAL


async def test_buttons_outlive_a_move_of_the_database(server: DiscordServer, tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "elsewhere" / "new.db"
    new.parent.mkdir()
    for file in (old, new):
        if file is new:
            shutil.move(old, new)
        store = await Store.open(f"sqlite+aiosqlite:///{file}", time.time, Random(1))
        bot = adapter(Core(settings(), store, Fiddler(), Copyist(), Random(7)))
        await bot.start()
        if file is old:
            await server.answers(await server.slash("tune", key="G"))
        else:
            await turned(server, texts.BUTTON_MORE)
            await turned(server, texts.BUTTON_TRANSPOSE)
            (answer,) = await server.answers(await server.choose("A major"))
            assert "A major" in answer.body["content"]
        await bot.stop()
        await store.close()


async def test_a_page_of_a_list_takes_the_place_of_the_one_before(session: DiscordServer, real: Core) -> None:
    for _ in range(9):
        await session.answers(await session.slash("tune"))
    await session.answers(await session.slash("recent"))
    (page,) = await session.answers(await session.press(community.BUTTON_NEXT_PAGE))
    assert page.path.endswith("/messages/@original")
    assert "\n9. " in page.body["content"]
