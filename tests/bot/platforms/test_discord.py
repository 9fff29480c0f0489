"""The real discord.py against a local Discord that checks all it is sent against Discord's specification."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from urllib.parse import parse_qs, urlsplit

import discord
import pytest
import yarl

from bot import texts
from bot.asker import Asker
from bot.commands import COMMANDS
from bot.commands.command import Command, Tools
from bot.core import Core
from bot.files import FILES
from bot.platforms.discord import DISCORD
from bot.platforms.discord.adapter import DiscordAdapter
from bot.reply import Attachment, Button, Reply
from generator.compose.key_suggestions import suggested_keys
from generator.compose.option import Option
from generator.errors import FriendlyError, RequestError
from generator.music.keys import Key
from generator.music.tune import Tune
from generator.render.midi import midi_bytes
from tests.platforms.band import ABC, LINK, MIDI, PICTURE, SOUND, TUNE, WORDS, Scripted, settings, with_
from tests.platforms.discord_server import APPLICATION, CHANNEL, DM, GUILD, TOKEN, USER, DiscordServer
from tests.platforms.house import COMPOSERS, house, notes_in, notes_of
from tests.platforms.server import Trouble

SHOWN = f"{WORDS}\n```\n{ABC}\n```"
SLOWER = {"message": "You are being rate limited.", "retry_after": 0.01, "global": False}
DROPPED = Trouble(0)
DROPPED_ON_THE_WAY_BACK = Trouble(0, done=True)

EPHEMERAL = 64


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordServer]:
    """Discord, with no bot connected yet."""
    async with DiscordServer() as server:
        monkeypatch.setattr(discord.http.Route, "BASE", server.root + "/api/v10")
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway))
        yield server
        assert server.faults == [], "Discord's specification does not know this"


@pytest.fixture
def core() -> Scripted:
    return Scripted()


@pytest.fixture
async def chat(server: DiscordServer, core: Scripted) -> AsyncIterator[DiscordServer]:
    """Discord, with the bot connected."""
    bot = adapter(core)
    await bot.start()
    yield server
    await bot.stop()


def adapter(core: Core, token: str = TOKEN, patience: float = 10.0) -> DiscordAdapter:
    return DiscordAdapter(
        DISCORD, core, settings(discord_token=token), patience=patience, guild_ready_timeout=0.0
    )


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's own waits between its tries take no time."""
    sleep = asyncio.sleep
    monkeypatch.setattr(asyncio, "sleep", lambda _: sleep(0))


async def nothing(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
    """Answer nothing: the menu is all that these tests look at."""
    return Reply()


def option_of(server: DiscordServer, command: str, option: str) -> dict[str, object]:
    registered = next(item for item in server.commands if item["name"] == command)
    return next(item for item in registered["options"] if item["name"] == option)


class TestATune:
    async def test_arrives_as_one_follow_up_with_text_file_and_buttons(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        token = await chat.slash("tune", key="G", temp=0.8)
        (answer,) = await chat.answers(token)
        assert core.asked == [(("tune", {"key": "G", "temp": 0.8}), Asker("discord", USER, CHANNEL, GUILD))]
        assert (answer.method, answer.path) == ("POST", f"/webhooks/{APPLICATION}/{token}")
        assert answer.body["content"] == SHOWN
        assert answer.files == {"the-kettle-lid.mid": MIDI}
        another, link = answer.body["components"][0]["components"]
        assert (another["label"], another["custom_id"]) == ("Another like this", "run:/another k3Xw9bQz")
        assert (link["label"], link["url"]) == ("See and hear it", LINK)
        assert answer.body["allowed_mentions"] == {"parse": []}
        await chat.answers(await chat.slash("help"))
        assert len(await chat.answers(token)) == 1

    async def test_is_acknowledged_before_it_is_composed(self, chat: DiscordServer, core: Scripted) -> None:
        core.slow = True
        token = await chat.slash("tune")
        await core.until_asked(1)
        acknowledged = [request for request in chat.requests if token in request.path]
        assert [request.body["type"] for request in acknowledged] == [5]
        core.finish.set()
        assert (await chat.answers(token))[0].body["content"] == SHOWN

    async def test_that_takes_long_holds_up_nobody(self, chat: DiscordServer, core: Scripted) -> None:
        core.slow = True
        tokens = [await chat.slash("tune", key=key) for key in ("G", "D")]
        await core.until_asked(2)
        core.finish.set()
        for token in tokens:
            assert len(await chat.answers(token)) == 1

    async def test_in_a_private_chat_belongs_to_no_community(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        await chat.answers(await chat.slash("tune", private=True))
        assert core.asked == [(("tune", {}), Asker("discord", USER, DM, ""))]

    async def test_in_a_server_that_the_bot_is_no_member_of_works_for_whoever_installed_it(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        (answer,) = await chat.answers(await chat.slash("tune", guild="2000000000000000009"))
        assert core.asked[0][1].community == "2000000000000000009"
        assert answer.body["content"] == SHOWN

    async def test_under_way_still_goes_out_when_the_bot_stops(
        self, server: DiscordServer, core: Scripted
    ) -> None:
        bot = adapter(core)
        await bot.start()
        core.slow = True
        token = await server.slash("tune")
        await core.until_asked(1)
        stopping = asyncio.create_task(bot.stop())
        assert not (await asyncio.wait({stopping}, timeout=0.05))[0]
        core.finish.set()
        await stopping
        assert [answer.body["content"] for answer in await server.answers(token)] == [SHOWN]


@pytest.mark.parametrize("composer", COMPOSERS)
async def test_slash_tune_in_g_gives_a_tune_in_g_whose_file_plays_what_its_abc_says(
    server: DiscordServer, composer: str
) -> None:
    async with house(composer) as core:
        bot = adapter(core)
        await bot.start()
        token = await server.slash("tune", key="G", temp=0.8, seed=7)
        (answer,) = await server.answers(token)
        await bot.stop()
    words, abc = answer.body["content"].removesuffix("\n```").split("\n```\n")
    words = words.replace("\\", "")  # Markdown's, before signs that it would take for its own
    tune = Tune.read(abc)
    assert tune.key == Key("G")
    assert all(fact in words for fact in (tune.title, "G major", tune.meter.abc, "temp 0.8", "seed 7"))
    (midi,) = answer.files.values()
    assert notes_in(midi) == notes_of(tune)
    assert midi == midi_bytes(tune)
    labels = [item["label"] for item in answer.body["components"][0]["components"]]
    assert labels == [texts.BUTTON_ANOTHER, texts.BUTTON_FILES, texts.BUTTON_LINK]


class TestTheMenu:
    async def test_has_every_command_and_option_of_the_table(self, chat: DiscordServer) -> None:
        assert [command["name"] for command in chat.commands] == list(COMMANDS)
        for command in chat.commands:
            assert command["description"] == COMMANDS[command["name"]].help
            assert set(command["contexts"]) == {0, 1, 2}
            assert set(command["integration_types"]) == {0, 1}
            table = COMMANDS[command["name"]].options
            options = {option["name"]: option for option in command["options"]}
            assert {name: option["description"] for name, option in options.items()} == {
                name: option.help for name, option in table.items()
            }

    async def test_has_typed_options_with_bounds_and_choices(self, chat: DiscordServer) -> None:
        temp = option_of(chat, "tune", "temp")
        assert (temp["type"], temp["min_value"], temp["max_value"]) == (10, 0.2, 1.5)
        bars = option_of(chat, "tune", "bars")
        assert (bars["type"], [choice["value"] for choice in bars["choices"]]) == (4, [4, 8, 16])  # type: ignore[attr-defined]
        assert option_of(chat, "tune", "key")["autocomplete"] is True
        assert option_of(chat, "abc", "abc")["required"] is True

    async def test_takes_up_what_is_added_to_the_table(self, server: DiscordServer) -> None:
        many = tuple(f"tune book {number}" for number in range(30))
        options = {
            "volume": Option("volume", int, "how loud", 5, minimum=0, maximum=11),
            "book": Option("book", str, "where from", choices=many),
        }
        strum = Command("strum", "strum along", nothing, options, required=("volume",))
        core = Scripted(commands={**COMMANDS, "strum": strum})
        bot = adapter(core)
        await bot.start()
        assert option_of(server, "strum", "volume")["max_value"] == 11
        suggested = await server.complete("strum", "book", "book 2")
        assert [choice["value"] for choice in suggested] == [name for name in many if "book 2" in name]
        await server.answers(await server.slash("strum", volume=11, book="tune book 7"))
        assert core.asked[0][0] == ("strum", {"volume": 11, "book": "tune book 7"})
        await bot.stop()

    async def test_is_registered_again_only_when_it_changed(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        async def registrations_after_another_start() -> int:
            bot = adapter(core)
            await bot.start()
            await bot.stop()
            return sum(request.method == "PUT" for request in chat.requests)

        assert await registrations_after_another_start() == 1
        core.commands = {**COMMANDS, "help": Command("help", "what else you can ask for", nothing)}
        assert await registrations_after_another_start() == 2

    @pytest.mark.parametrize(
        ("typed", "first"),
        [("e m", ("E minor", "Em")), ("Bb", ("Bb major", "Bb")), ("f# d", ("F# dorian", "F#dor"))],
    )
    async def test_suggests_keys(self, chat: DiscordServer, typed: str, first: tuple[str, str]) -> None:
        choices = await chat.complete("tune", "key", typed)
        assert (choices[0]["name"], choices[0]["value"]) == first

    def test_suggests_only_keys_that_exist_and_all_of_them(self) -> None:
        found = {value for tonic in "ABCDEFG" for _, value in suggested_keys(tonic)}
        assert all(Key.read(value).abc == value for value in found)
        assert len(found) == 4 * 15  # four modes, seven flats to seven sharps
        assert suggested_keys("xyz") == []

    async def test_that_a_client_still_shows_after_a_change_is_explained(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        chat.commands.append({"id": "1", "name": "hum", "options": []})
        await chat.slash("hum")
        (answer,) = await chat.until(lambda request: request.path.endswith("/callback"))
        assert "has changed" in answer.body["data"]["content"]
        assert core.asked == []


class TestAReply:
    async def test_to_a_wrong_wish_is_its_sentence(self, chat: DiscordServer, core: Scripted) -> None:
        core.reply = RequestError("“hot” won't do for temp; temp is a number from 0.2 to 1.5.")
        thinking, answer = await chat.answers(await chat.slash("tune"), 2)
        assert thinking.method == "DELETE"
        assert answer.body["content"] == str(core.reply)
        assert answer.body["flags"] == EPHEMERAL

    async def test_holds_picture_and_sound_in_the_same_message(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        core.reply = with_(attachments=(*TUNE.attachments, PICTURE, SOUND))
        (answer,) = await chat.answers(await chat.slash("tune"))
        assert answer.files == {file.name: file.data for file in (*TUNE.attachments[1:], PICTURE, SOUND)}

    async def test_has_long_abc_as_a_file(self, chat: DiscordServer, core: Scripted) -> None:
        abc = ABC + "\n" + "|:GAB d2B|c2A B2G|" * 120
        file = Attachment("long.abc", FILES["abc"], abc.encode())
        core.reply = with_(abc=abc, attachments=(file, TUNE.attachments[1]))
        (answer,) = await chat.answers(await chat.slash("tune"))
        assert answer.body["content"] == WORDS
        assert answer.files == {"long.abc": abc.encode(), "the-kettle-lid.mid": MIDI}

    @pytest.mark.parametrize("abc", ["K:C\n" + "C" * 2000, "K:C\n```C"], ids=["long", "breaks out"])
    async def test_has_abc_as_a_file_even_if_the_core_attached_none(
        self, chat: DiscordServer, core: Scripted, abc: str
    ) -> None:
        core.reply = with_(abc=abc, attachments=())
        (answer,) = await chat.answers(await chat.slash("tune"))
        assert answer.files == {"tune.abc": abc.encode()}

    async def test_has_a_link_too_long_for_a_button_in_its_text(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        link = f"{LINK}?def={'x' * 512}"
        core.reply = with_(buttons=(Button("See and hear it", url=link),))
        (answer,) = await chat.answers(await chat.slash("tune"))
        assert answer.body["content"] == f"{WORDS}\nSee and hear it: <{link}>\n```\n{ABC}\n```"
        assert "components" not in answer.body

    async def test_longer_than_a_message_goes_on_in_a_file(self, chat: DiscordServer, core: Scripted) -> None:
        core.reply = Reply("la " * 1000)
        (answer,) = await chat.answers(await chat.slash("help"))
        assert len(answer.body["content"]) <= 2000
        assert answer.files == {"answer.txt": b"la " * 1000}

    async def test_does_without_a_file_that_is_too_large_and_says_so(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        chat.filesize_limit = 1000
        core.reply = with_(attachments=(Attachment("long.mp3", FILES["mp3"], bytes(1001)), PICTURE))
        (answer,) = await chat.answers(await chat.slash("tune"))
        assert answer.files == {PICTURE.name: PICTURE.data}
        assert "(long.mp3 is too large for this chat.)" in answer.body["content"]

    async def test_keeps_to_the_limits_on_buttons(self, chat: DiscordServer, core: Scripted) -> None:
        twice = Button("Again", command="/another k3Xw9bQz")
        long = Button("Far", command="/tune start=" + "G" * 100)
        core.reply = with_(buttons=(twice, twice, long, *TUNE.buttons[1:] * 30))
        (answer,) = await chat.answers(await chat.slash("tune"))
        rows = [row["components"] for row in answer.body["components"]]
        assert sum(map(len, rows)) == 25
        assert [item["label"] for row in rows for item in row].count("Again") == 1

    async def test_shows_a_title_as_it_is_and_pings_nobody(self, chat: DiscordServer, core: Scripted) -> None:
        core.reply = Reply("The *Starry* _Reel_ @everyone")
        (answer,) = await chat.answers(await chat.slash("tune"))
        assert answer.body["content"] == r"The \*Starry\* \_Reel\_ @everyone"
        assert answer.body["allowed_mentions"] == {"parse": []}


class TestAButton:
    async def test_runs_its_command(self, chat: DiscordServer, core: Scripted) -> None:
        await chat.answers(await chat.slash("tune"))
        (answer,) = await chat.answers(await chat.press("Another like this"))
        assert core.asked[1] == ("/another k3Xw9bQz", Asker("discord", USER, CHANNEL, GUILD))
        assert answer.body["content"] == SHOWN

    async def test_outlives_a_restart(self, server: DiscordServer, core: Scripted) -> None:
        first, second = adapter(core), adapter(core)
        await first.start()
        await server.answers(await server.slash("tune"))
        await first.stop()
        await second.start()
        await server.answers(await server.press("Another like this"))
        assert core.asked[1][0] == "/another k3Xw9bQz"
        await second.stop()


class TestAMessage:
    async def test_that_mentions_the_bot_is_answered_in_its_channel(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        await chat.say(f"<@{APPLICATION}> jig in Em")
        (answer,) = await chat.until(lambda request: request.path == f"/channels/{CHANNEL}/messages")
        assert core.asked == [("jig in Em", Asker("discord", USER, CHANNEL, GUILD))]
        assert answer.body["content"] == SHOWN
        assert answer.files == {"the-kettle-lid.mid": MIDI}

    async def test_that_is_deleted_is_composed_for_no_further(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        core.slow = True
        message = await chat.say(f"<@{APPLICATION}> jig in Em")
        await core.until_asked(1)
        await chat.unsay(message)
        async with asyncio.timeout(10):
            await core.dropped.wait()
        core.slow = False
        await chat.answers(await chat.slash("tune"))
        assert not [request for request in chat.requests if request.path == f"/channels/{CHANNEL}/messages"]

    async def test_in_private_is_answered(self, chat: DiscordServer, core: Scripted) -> None:
        await chat.say("/tune key=G", private=True)
        await chat.until(lambda request: request.path == f"/channels/{DM}/messages")
        assert core.asked == [("/tune key=G", Asker("discord", USER, DM, ""))]

    async def test_that_is_for_somebody_else_is_left_alone(self, chat: DiscordServer, core: Scripted) -> None:
        await chat.say("lovely weather")
        await chat.answers(await chat.slash("tune"))
        assert [asked for asked, _ in core.asked] == [("tune", {})]

    async def test_answered_twice_after_a_lost_connection_shows_once(self, chat: DiscordServer) -> None:
        chat.trouble("/messages", DROPPED_ON_THE_WAY_BACK)
        await chat.say("/tune", private=True)
        first, second = await chat.until(lambda request: request.path.endswith("/messages"), 2)
        assert first.body["nonce"] == second.body["nonce"]
        assert second.body["enforce_nonce"] is True


class TestTrouble:
    """What goes wrong on the way; the bot goes on, and people get what can be given."""

    @pytest.mark.parametrize("lost", [DROPPED, DROPPED_ON_THE_WAY_BACK], ids=["request", "response"])
    async def test_a_follow_up_that_was_lost_is_filled_in_and_never_doubled(
        self, chat: DiscordServer, lost: Trouble
    ) -> None:
        token = await chat.slash("tune")
        chat.trouble(f"/{APPLICATION}/{token}", lost)
        post, patch = await chat.answers(token, 2)
        assert (post.method, patch.method) == ("POST", "PATCH")
        assert patch.path.endswith("/messages/@original")
        assert patch.body["content"] == SHOWN
        assert patch.files == {"the-kettle-lid.mid": MIDI}

    async def test_a_follow_up_that_is_never_confirmed_is_filled_in(
        self, server: DiscordServer, core: Scripted
    ) -> None:
        bot = adapter(core, patience=0.2)
        await bot.start()
        token = await server.slash("tune")
        server.trouble(f"/{APPLICATION}/{token}", Trouble(-1))
        _, patch = await server.answers(token, 2)
        assert patch.body["content"] == SHOWN
        await bot.stop()

    @pytest.mark.parametrize("lost", [DROPPED, DROPPED_ON_THE_WAY_BACK], ids=["request", "response"])
    async def test_an_acknowledgement_that_was_lost_is_sent_again(
        self, chat: DiscordServer, lost: Trouble
    ) -> None:
        chat.trouble("/callback", lost)
        (answer,) = await chat.answers(await chat.slash("tune"))
        assert answer.body["content"] == SHOWN

    async def test_an_interaction_that_is_over_asks_for_no_tune(
        self, chat: DiscordServer, core: Scripted
    ) -> None:
        chat.trouble("/callback", Trouble(404, {"message": "Unknown interaction", "code": 10062}))
        await chat.slash("tune", key="D")
        await chat.answers(await chat.slash("tune", key="G"))
        assert [asked for asked, _ in core.asked] == [("tune", {"key": "G"})]

    async def test_a_flood_is_waited_out(self, chat: DiscordServer) -> None:
        token = await chat.slash("tune")
        chat.trouble(f"/{APPLICATION}/{token}", *[Trouble(429, SLOWER, {"Via": "1.1 google"})] * 3)
        assert [answer.files for answer in await chat.answers(token, 4)] == [{"the-kettle-lid.mid": MIDI}] * 4

    async def test_a_ban_from_the_door_is_not_hammered(self, chat: DiscordServer) -> None:
        token = await chat.slash("tune")
        chat.trouble(f"/{APPLICATION}/{token}", Trouble(429, {"message": "You are banned for a while"}))
        await chat.answers(token)
        await chat.answers(await chat.slash("tune"))
        assert len(await chat.answers(token)) == 1

    @pytest.mark.usefixtures("no_waiting")
    async def test_a_server_error_is_tried_again(self, chat: DiscordServer) -> None:
        token = await chat.slash("tune")
        chat.trouble(f"/{APPLICATION}/{token}", Trouble(500), Trouble(502))
        assert (await chat.answers(token, 3))[2].body["content"] == SHOWN

    @pytest.mark.parametrize(
        ("status", "error"),
        [
            (403, {"message": "Missing Permissions", "code": 50013}),
            (413, {"message": "Request entity too large", "code": 40005}),
            (400, {"message": "Invalid Form Body", "code": 50035}),
        ],
    )
    async def test_where_files_are_refused_the_words_and_the_link_still_come(
        self, chat: DiscordServer, status: int, error: dict[str, object]
    ) -> None:
        token = await chat.slash("tune")
        chat.trouble(f"/{APPLICATION}/{token}", Trouble(status, error))
        _, words = await chat.answers(token, 2)
        assert words.body["content"].startswith(SHOWN)
        assert LINK in words.body["content"]
        assert words.body["content"].endswith(texts.NO_FILES)
        assert words.files == {}

    @pytest.mark.parametrize(
        ("status", "error"),
        [
            (404, {"message": "Unknown Message", "code": 10008}),
            (404, {"message": "Unknown Channel", "code": 10003}),
            (404, {"message": "Unknown Webhook", "code": 10015}),
            (403, {"message": "Missing Access", "code": 50001}),
        ],
    )
    async def test_where_nobody_is_left_to_answer_the_next_one_is(
        self, chat: DiscordServer, status: int, error: dict[str, object]
    ) -> None:
        token = await chat.slash("tune")
        chat.trouble(f"/{APPLICATION}/{token}", *[Trouble(status, error)] * 2)
        await chat.answers(token)
        assert (await chat.answers(await chat.slash("tune")))[0].body["content"] == SHOWN

    @pytest.mark.usefixtures("no_waiting")
    async def test_a_broken_gateway_is_joined_again(self, chat: DiscordServer) -> None:
        await chat.answers(await chat.slash("tune"))
        await chat.hang_up(4000)
        (answer,) = await chat.answers(await chat.slash("tune"))
        assert answer.body["content"] == SHOWN
        assert [data["op"] for data in chat.identified] == [2, 6]

    async def test_a_guild_that_removes_the_bot_is_let_go(self, chat: DiscordServer) -> None:
        await chat.dispatch("GUILD_DELETE", {"id": GUILD})
        (answer,) = await chat.answers(await chat.slash("tune", private=True))
        assert answer.body["content"] == SHOWN


class TestStarting:
    async def test_prints_a_link_with_exactly_the_permissions_needed(
        self, server: DiscordServer, core: Scripted
    ) -> None:
        bot = adapter(core)
        started = await bot.start()
        await bot.stop()
        assert "\n" not in started.line
        assert started.line.endswith(started.invite)
        assert server.sent("/oauth2/applications/@me")
        link = urlsplit(started.invite)
        assert (link.netloc, link.path) == ("discord.com", "/oauth2/authorize")
        query = parse_qs(link.query)
        assert query["client_id"] == [APPLICATION]
        assert query["scope"] == ["bot applications.commands"]
        granted = {name for name, yes in discord.Permissions(int(query["permissions"][0])) if yes}
        # read_messages is how the library calls VIEW_CHANNEL.
        assert granted == {"read_messages", "send_messages", "send_messages_in_threads", "attach_files"}

    async def test_asks_for_no_privileged_intent(self, chat: DiscordServer) -> None:
        await chat.answers(await chat.slash("tune"))
        intents = discord.Intents._from_value(chat.identified[0]["d"]["intents"])
        assert (intents.members, intents.presences, intents.message_content) == (False, False, False)

    @pytest.mark.usefixtures("server")
    async def test_with_a_wrong_token_says_so_in_one_line(self, core: Scripted) -> None:
        bot = adapter(core, token="not.the.token")
        with pytest.raises(FriendlyError, match="refuses DISCORD_TOKEN") as caught:
            await bot.start()
        assert "\n" not in str(caught.value)
        assert "not.the.token" not in str(caught.value)
        await bot.stop()

    async def test_with_discord_out_of_reach_says_so_in_one_line(
        self, core: Scripted, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(discord.http.Route, "BASE", "http://127.0.0.1:1/api/v10")
        bot = adapter(core)
        with pytest.raises(FriendlyError, match="can't be reached"):
            await bot.start()
        await bot.stop()

    async def test_can_be_stopped_before_it_began(self, core: Scripted) -> None:
        await adapter(core).stop()

    @pytest.mark.usefixtures("no_waiting")
    async def test_as_many_shards_as_discord_advises(self, server: DiscordServer, core: Scripted) -> None:
        server.shards = 2
        bot = adapter(core)
        await bot.start()
        await server.until_identified(2)
        assert [data["d"]["shard"] for data in server.identified] == [[0, 2], [1, 2]]
        await bot.stop()

    async def test_goes_on_if_the_menu_is_refused(self, server: DiscordServer, core: Scripted) -> None:
        server.trouble("/commands", Trouble(403, {"message": "Missing Access", "code": 50001}))
        bot = adapter(core)
        assert "add me to a server" in (await bot.start()).line
        await bot.stop()

    async def test_no_token_reaches_the_log(
        self, server: DiscordServer, core: Scripted, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        for name in ("discord", "discord.client"):
            logging.getLogger(name).setLevel(logging.NOTSET)
        bot = adapter(core)
        await bot.start()
        token = await server.slash("tune")
        server.trouble(
            f"/{APPLICATION}/{token}", Trouble(403, {"message": "Missing Permissions", "code": 50013})
        )
        await server.answers(token, 2)
        await bot.stop()
        assert caplog.records
        assert TOKEN not in caplog.text
        assert token not in caplog.text
