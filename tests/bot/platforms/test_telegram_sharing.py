"""Telegram: tunes in any chat by inline mode, links that bring somebody to a tune, and places that go."""

import json
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import cache

import pytest

from bot import texts
from bot.chosen import AGREED
from bot.core import Core
from bot.platforms.telegram import TELEGRAM
from bot.platforms.telegram import texts as own
from bot.platforms.telegram.adapter import TelegramAdapter
from bot.store import NewTune, Schedule
from bot.store.preferences import COMMUNITY, SITE
from bot.texts import community
from tests.bot.platforms.test_telegram import refusal
from tests.platforms.band import PICTURE, SOUND, Scripted, settings, with_
from tests.platforms.house import house
from tests.platforms.telegram_server import GROUP, PRIVATE, TOKEN, TelegramServer

TRUSTED = cache(ssl.create_default_context)
ME, OTHER = "42", "77"
NEW = NewTune(
    platform="telegram", community="", place=ME, user=ME, request={}, title="The Kettle",
    abc="X:1\nK:G\nGAB|", key="G", meter="6/8", rhythm="jig", temp=0.8, seed=7, model="jigs",
)  # fmt: skip


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TelegramServer]:
    """Telegram, with no bot listening yet."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(ssl, "create_default_context", TRUSTED)  # half of a start is reading certificates
    async with TelegramServer() as server:
        yield server
        assert server.faults == [], "the Bot API does not know this"


@pytest.fixture
async def core() -> AsyncIterator[Core]:
    """The bot's own core; a stand-in composes."""
    async with house("a stand-in") as core:
        yield core


@pytest.fixture
async def chat(server: TelegramServer, core: Core) -> AsyncIterator[TelegramServer]:
    """Telegram, with the bot listening."""
    bot = adapter(core, server)
    await bot.start()
    yield server
    await bot.stop()


def adapter(core: Core, server: TelegramServer) -> TelegramAdapter:
    return TelegramAdapter(TELEGRAM, core, settings(telegram_token=TOKEN), api=server.root)


async def kept(core: Core, tune: NewTune = NEW, *kinds: str) -> str:
    """Keep a tune whose files of some kinds Telegram has; give its id."""
    saved = await core.store.add(tune)
    for kind in kinds:
        await core.store.cached_files.put(saved.id, "telegram", kind, f"{kind} of {saved.id}")
    return saved.id


async def test_sheet_and_sound_that_were_sent_once_are_known_by_their_ids(server: TelegramServer) -> None:
    core = Scripted(with_(attachments=(PICTURE, SOUND)))
    bot = adapter(core, server)
    await bot.start()
    await server.write("/tune")
    await server.answers(2)
    await bot.stop()
    photo, audio = server.sent_ids
    assert core.kept == [
        ("k3Xw9bQz", "telegram", "photo", f"photos-{photo}"),
        ("k3Xw9bQz", "telegram", "audio", f"audios-{audio}"),
    ]


class TestInlineMode:
    async def test_offers_own_and_liked_tunes_and_those_for_all_to_see(
        self, chat: TelegramServer, core: Core
    ) -> None:
        await core.store.preferences.put("telegram", COMMUNITY, "-1", {SITE: AGREED})
        mine = await kept(core, NEW, "photo", "audio")
        liked = await kept(core, replace(NEW, user=OTHER, place="-9", community="-9"), "photo")
        await core.store.likes.add(liked, "telegram", ME)
        public = await kept(core, replace(NEW, user=OTHER, place="-1", community="-1"), "audio")
        await kept(core, replace(NEW, user=OTHER, place=OTHER), "audio")  # a stranger's
        await kept(core, NEW)  # which Telegram does not have
        offered = await chat.type_inline("")
        assert [(each["id"], each["type"]) for each in offered] == [
            (mine, "audio"),
            (liked, "photo"),
            (public, "audio"),
        ]
        assert offered[0]["audio_file_id"] == f"audio of {mine}"
        assert offered[0]["caption"].startswith("The Kettle\njig · G major · 6/8\n<blockquote expandable>")
        ((link,),) = offered[0]["reply_markup"]["inline_keyboard"]
        assert link == {"text": own.MORE_OF_IT, "url": f"https://t.me/TunesmithBot?start={mine}"}

    @pytest.mark.parametrize(
        ("typed", "found"), [("reel", ["reel"]), ("ket D", ["reel"]), ("", ["reel", "jig"]), ("polka", [])]
    )
    async def test_goes_by_the_words_that_are_typed(
        self, chat: TelegramServer, core: Core, typed: str, found: list[str]
    ) -> None:
        jig = await kept(core, replace(NEW, title="The Bridle"), "audio")
        reel = await kept(core, replace(NEW, rhythm="reel", meter="4/4", key="D"), "audio")
        offered = await chat.type_inline(typed)
        assert [each["id"] for each in offered] == [{"jig": jig, "reel": reel}[name] for name in found]

    async def test_offers_no_more_than_telegram_takes_and_composes_nothing(
        self, chat: TelegramServer, core: Core
    ) -> None:
        for _ in range(60):
            await kept(core, NEW, "photo")
        before = await core.store.of_person("telegram", ME, 100)
        assert len(await chat.type_inline("jig")) == 50
        assert await core.store.of_person("telegram", ME, 100) == before
        (answer,) = chat.sent("/answerInlineQuery")
        assert json.loads(answer.body["button"]) == {"text": own.COMPOSE, "start_parameter": "inline"}
        assert answer.body["is_personal"] == "true"

    async def test_offers_nothing_while_the_store_is_away(self, chat: TelegramServer, core: Core) -> None:
        await kept(core, NEW, "photo")
        await core.store.close()
        assert await chat.type_inline("") == []


class TestALink:
    async def test_shows_the_tune_that_it_names(self, chat: TelegramServer, core: Core) -> None:
        tune = await kept(core, replace(NEW, user=OTHER, place=OTHER))
        await chat.write(f"/start {tune}")
        assert (await chat.answers())[0].body["text"].startswith("The Kettle\n")

    async def test_without_a_tune_says_hello_and_how_to_add_the_bot(self, chat: TelegramServer) -> None:
        await chat.write("/start inline")
        (hello,) = await chat.answers()
        assert hello.body["text"] == texts.welcome()
        keys = [key for row in json.loads(hello.body["reply_markup"])["inline_keyboard"] for key in row]
        assert {"text": own.ADD, "url": "https://t.me/TunesmithBot?startgroup=new"} in keys

    async def test_to_no_tune_says_so(self, chat: TelegramServer) -> None:
        await chat.write("/start nonesuchxx")
        assert (await chat.answers())[0].body["text"] == texts.unknown_tune("nonesuchxx")


class TestAPlaceThatGoes:
    async def schedule(self, core: Core, place: str, community: str) -> None:
        await core.store.schedules.put(
            Schedule("telegram", place, community, 540, "Europe/Dublin", (), 1_800_000_000.0)
        )

    async def test_takes_its_settings_and_its_daily_tune_along(
        self, server: TelegramServer, core: Core
    ) -> None:
        group = str(GROUP["id"])
        bot = adapter(core, server)
        await bot.start()
        await core.store.preferences.put("telegram", COMMUNITY, group, {"key": "D"})
        await self.schedule(core, group, group)
        await self.schedule(core, ME, "")
        await server.change_place(GROUP, "left")
        await server.change_place(PRIVATE, "kicked")
        await server.write("/help")
        await server.answers()
        await bot.stop()
        assert await core.store.preferences.of("telegram", COMMUNITY, group) == {}
        assert await core.store.schedules.next_due() is None
        assert [r.path for r in server.requests if r.path.startswith("/send")] == ["/sendMessage"], "quiet"

    async def test_to_a_larger_group_is_followed(self, server: TelegramServer, core: Core) -> None:
        bot = adapter(core, server)
        await bot.start()
        await core.store.preferences.put("telegram", COMMUNITY, "-55", {"key": "D"})
        await self.schedule(core, "-55", "-55")
        tune = await kept(core, replace(NEW, community="-55", place="-55"))
        await server.write(
            "", {"id": -55, "type": "group", "title": "Session"}, migrate_to_chat_id=GROUP["id"]
        )
        await server.write("/help")
        await server.answers()
        await bot.stop()
        group = str(GROUP["id"])
        assert await core.store.preferences.of("telegram", COMMUNITY, group) == {"key": "D"}
        assert await core.store.schedules.of("telegram", group)
        assert (await core.store.last("telegram", group, ME)).id == tune  # type: ignore[union-attr]

    async def test_is_no_trouble_in_the_log(
        self, chat: TelegramServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        chat.trouble("/sendMessage", refusal(403, "Forbidden: bot was blocked by the user"))
        await chat.write("/help")
        await chat.write("/help", GROUP)
        await chat.answers(2)
        assert [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


@pytest.mark.parametrize("who", ["a member", "an owner", "an anonymous administrator", "the channel itself"])
async def test_only_who_manages_a_place_sets_what_counts_for_all(
    chat: TelegramServer, core: Core, who: str
) -> None:
    chat.owners = {42} if who == "an owner" else set()
    where, more = GROUP, {}
    if who == "an anonymous administrator":
        more = {"from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}, "sender_chat": GROUP}
    if who == "the channel itself":
        where = {"id": -100777, "type": "channel", "title": "Tunes"}
        more = {"sender_chat": where}
    await chat.write("/settings@TunesmithBot here key=D", where, **more)
    (answer,) = await chat.answers()
    allowed = who != "a member"
    assert (answer.body["text"] == community.ONLY_MANAGERS) != allowed
    kept_there = await core.store.preferences.of("telegram", COMMUNITY, str(where["id"]))
    assert kept_there == ({"key": "D"} if allowed else {})
