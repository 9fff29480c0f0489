"""A command in, a reply out."""

import logging

import pytest

from bot.asker import Asker
from bot.commands import COMMANDS
from bot.commands.command import listed
from bot.core import Core, InternalError
from bot.files import FILES, file_name
from bot.link import VIEWER
from bot.plain_text import as_text
from bot.store import Store
from bot.texts import NO_SOUND
from bot.tune_replies import Patience
from generator.compose.model import learnt_types
from generator.compose.request import DEFAULT_MODEL
from generator.errors import BusyError, FriendlyError, RequestError
from generator.music.keys import Key
from generator.music.tune import Tune
from generator.render.midi import midi_bytes
from tests.bot.players import ANNA, JIG, Copyist, Fiddler, core

BEN = Asker("telegram", "ben", "1")


@pytest.fixture
def bot(store: Store, fiddler: Fiddler, copyist: Copyist) -> Core:
    return core(store, fiddler, copyist)


async def test_a_reply_has_title_facts_abc_midi_and_link(bot: Core) -> None:
    reply = await bot.answer("/tune key=G temp=0.9 seed=7", BEN)
    assert (reply.text, reply.title, reply.missing) == ("", "The Kettle on the Hob", ())
    assert list(reply.facts.values()) == ["jig", "G major", "6/8", "temp 0.9", "seed 7"]
    assert reply.notes == (NO_SOUND,)
    assert as_text(reply) == f"The Kettle on the Hob\njig · G major · 6/8 · temp 0.9 · seed 7\n{NO_SOUND}"
    assert reply.abc is not None
    assert Tune.read(reply.abc) == Tune.read(JIG)
    assert reply.tune is not None
    assert reply.tune["abc"] == reply.abc
    facts = {name: reply.tune[name] for name in ("title", "key", "meter", "temp", "seed", "model")}
    assert facts == {
        "title": "The Kettle on the Hob", "key": "G", "meter": "6/8", "temp": 0.9, "seed": 7, "model": "jigs",
    }  # fmt: skip
    abc, midi = reply.attachments
    assert (abc.kind.role, abc.name, abc.data) == ("abc", "the-kettle-on-the-hob.abc", reply.abc.encode())
    assert (midi.kind, midi.name) == (FILES["mid"], "the-kettle-on-the-hob.mid")
    assert midi.data == midi_bytes(Tune.read(JIG))
    another, *_, more, link = reply.buttons
    assert reply.tune is not None
    assert more.deed == f"more {reply.tune['id']}"
    assert another.command == f"/another {reply.tune['id']}"
    assert str(link.url).startswith(VIEWER)


@pytest.mark.parametrize(
    ("known", "bars", "line"),
    [
        ("The Copper Kettle", 1.33, "Closest to: The Copper Kettle, 1.3 bars in a row."),
        ("Untitled", 2.0, "Closest to: a tune without a name, 2.0 bars in a row."),
    ],
)
async def test_a_reply_tells_which_known_tune_is_closest(
    bot: Core, fiddler: Fiddler, known: str, bars: float, line: str
) -> None:
    fiddler.notes = {"closest": known, "closest_bars": bars}
    assert line in (await bot.answer("/tune", BEN)).notes
    fiddler.notes = {"closest": "", "closest_bars": 0.0}
    assert (await bot.answer("/tune", BEN)).notes == (NO_SOUND,)
    fiddler.notes = {}
    assert (await bot.answer("/tune", BEN)).notes == (NO_SOUND,)


async def test_a_type_that_was_never_learnt_is_said(bot: Core, fiddler: Fiddler) -> None:
    fiddler.notes = {"unlearnt": "mazurka"}
    notes = (await bot.answer("/tune mazurka", BEN)).notes
    assert "I never learnt a mazurka, so this one is drawn in the nearest way that I know." in notes


async def test_help_on_a_command_lists_its_options(bot: Core) -> None:
    lines = (await bot.answer("/help vary", BEN)).text.splitlines()
    assert lines[0] == "/vary – a tune with some of it kept, the rest drawn anew"
    assert any(
        line.startswith("keep – what stays: a part such as A, bars such as 1-4,9-12, rhythm")
        for line in lines
    )
    assert (await bot.answer("/help privacy", BEN)).text == "/privacy – what I keep of you"


async def test_help_says_how_many_tunes_of_each_type_were_learnt(bot: Core) -> None:
    text = (await bot.answer("/help type", BEN)).text
    counts = learnt_types(DEFAULT_MODEL)
    assert counts
    assert all(f"{count} {name}" in text for name, count in counts.items())
    assert text.endswith("None of mazurka or barndance: I draw those in the nearest way.")


async def test_typed_options_and_typed_text_ask_for_the_same(bot: Core, fiddler: Fiddler) -> None:
    await bot.answer("/tune jig in Em seed=3", ANNA)
    await bot.run("tune", {"key": "Em", "type": "jig", "seed": 3, "temp": None, "start": ""}, ANNA)
    (typed, _), (given, _) = fiddler.asked
    assert typed == given
    assert typed.key == Key("E", "minor")


async def test_with_a_soundfont_the_tune_can_be_heard(store: Store, fiddler: Fiddler) -> None:
    reply = await core(store, fiddler, Copyist("mid", "mp3", "png")).answer("/tune whistle", BEN)
    assert [file.kind.role for file in reply.attachments] == ["abc", "picture", "audio", "midi"]
    assert reply.notes == ("A recorder stands in for the whistle.",)


async def test_a_bare_tune_gets_a_seed_that_gives_it_again(bot: Core, fiddler: Fiddler) -> None:
    first = await bot.answer("/tune", ANNA)
    assert first.tune is not None
    await bot.answer(f"/tune seed={first.tune['seed']}", ANNA)
    (bare, _), (same, _) = fiddler.asked
    assert bare.seed is None
    assert same.seed == first.tune["seed"]


async def test_who_asks_takes_turns_by_platform_and_user(bot: Core, fiddler: Fiddler) -> None:
    await bot.answer("/tune", Asker("discord", "7", "general", "folk club"))
    assert fiddler.asked[0][1] == "discord:7"


async def test_another_is_asked_for_by_the_same_fields_and_a_new_seed(bot: Core, fiddler: Fiddler) -> None:
    first = await bot.answer('/tune key=D temp=1.1 form=AB start="DEF"', ANNA)
    assert first.tune is not None
    by_id = await bot.answer(f"/another {first.tune['id']}", Asker("telegram", "ben", "elsewhere"))
    last = await bot.answer("/another", ANNA)
    _, one, other = [request for request, _ in fiddler.asked]
    assert one == other
    assert (one.seed, one.key, one.temp, one.form, one.start) == (None, Key("D"), 1.1, "AB", "DEF")
    assert one.type is not None
    assert one.type.name == "jig"
    assert by_id.tune is not None
    assert last.tune is not None
    assert len({first.tune["id"], by_id.tune["id"], last.tune["id"]}) == 3


async def test_another_without_a_tune_says_how_to_start(bot: Core) -> None:
    with pytest.raises(RequestError, match="start with /tune"):
        await bot.answer("/another", ANNA)
    with pytest.raises(RequestError, match=r"no tune “nonesuch”"):
        await bot.answer("/another nonesuch", ANNA)


async def test_pasted_abc_is_read_and_written_out_afresh(bot: Core, fiddler: Fiddler) -> None:
    reply = await bot.answer("/abc X:5\nT:Mine\n%%wild 1\nM:2/4\nL:1/8\nK:D\nDEFG|A2A2|]", ANNA)
    assert (reply.title, reply.facts, reply.notes) == ("Mine", {"key": "D major", "meter": "2/4"}, ())
    assert reply.abc is not None
    assert "%%" not in reply.abc
    assert Tune.read(reply.abc).key == Key("D")
    assert [file.kind.role for file in reply.attachments] == ["abc", "midi"]
    assert fiddler.asked == []


@pytest.mark.parametrize("key", ["K:Em", "K:E minor", "K: Edor"])
async def test_abc_whose_lines_a_chat_has_joined_is_read_all_the_same(bot: Core, key: str) -> None:
    lines = ["X:1", "T:The Kettle Is On", "R:reel", "M:4/4", "L:1/8", key, "EFGA B2e2|d2B2 E4|]"]
    joined = await bot.answer(f"/abc {' '.join(lines)}", ANNA)
    apart = await bot.answer("/abc {}".format("\n".join(lines)), ANNA)
    assert joined.abc == apart.abc
    assert (joined.title, joined.facts["type"]) == ("The Kettle Is On", "reel")
    assert joined.facts["key"].startswith("E ")


async def test_another_like_a_pasted_tune_has_of_it_what_can_be_asked_for(
    bot: Core, fiddler: Fiddler
) -> None:
    await bot.answer("/abc X:1\nT:Odd\nR:reel\nM:7/8\nL:1/8\nK:Aphr\nABc deee|]", ANNA)
    await bot.answer("/another", ANNA)
    await bot.answer("/abc X:1\nT:Even\nR:reel\nM:4/4\nL:1/8\nK:Edor\nE2B2 e2d2|]", ANNA)
    await bot.answer("/another", ANNA)
    (odd, _), (even, _) = fiddler.asked
    assert odd.meter is None
    assert even.meter is not None
    assert even.type is not None
    assert even.key is not None
    assert (even.meter.abc, even.type.name, even.key.abc) == ("4/4", "reel", "Edor")


async def test_abc_that_cannot_be_read_says_where(bot: Core) -> None:
    with pytest.raises(FriendlyError, match=r"line \d"):
        await bot.answer("/abc X:1\nK:G\nGAB [d|", ANNA)
    with pytest.raises(RequestError, match="/abc needs the abc after it") as caught:
        await bot.answer("/abc", ANNA)
    example = str(caught.value)[str(caught.value).index("/abc K:") :]
    assert as_text(await bot.answer(example, ANNA)) == "Untitled\nG major"


async def test_help_tells_every_command_and_option(bot: Core) -> None:
    text = (await bot.answer("/help", BEN)).text
    assert "/thanks" not in text
    assert "/daily" not in (await bot.answer("/help", ANNA)).text, "on the site nothing is posted"
    for command in listed(COMMANDS).values():
        assert f"/{command.name} – {command.help}" in text
    for option in COMMANDS["tune"].options.values():
        assert f"\n{option.name} – {option.help}" in text
    assert "0.2 to 1.5, usually 0.8" in text


async def test_start_says_hello_and_offers_a_tune(bot: Core) -> None:
    reply = await bot.answer("/start", ANNA)
    assert "/tune" in reply.text
    assert [button.command for button in reply.buttons] == ["/tune", "/help"]


async def test_wrong_options_from_a_menu_get_a_sentence(bot: Core) -> None:
    with pytest.raises(RequestError, match=r"0\.2 to 1\.5"):
        await bot.run("tune", {"temp": 9.0}, ANNA)
    with pytest.raises(RequestError, match="colour"):
        await bot.run("tune", {"colour": "red"}, ANNA)
    with pytest.raises(RequestError, match="/dance"):
        await bot.run("dance", {}, ANNA)
    with pytest.raises(RequestError, match="too long"):
        await bot.run("another", {"tune": "x" * 41}, ANNA)


async def test_what_the_composer_says_reaches_the_user(bot: Core, fiddler: Fiddler) -> None:
    fiddler.trouble = BusyError("Please try again in a minute.")
    with pytest.raises(BusyError, match="try again in a minute"):
        await bot.answer("/tune", ANNA)


async def test_a_fault_of_ours_is_logged_under_the_number_that_the_user_gets(
    bot: Core, fiddler: Fiddler, caplog: pytest.LogCaptureFixture
) -> None:
    fiddler.trouble = ZeroDivisionError("deep inside")
    with caplog.at_level(logging.ERROR), pytest.raises(InternalError) as caught:
        await bot.answer("/tune", ANNA)
    sentence = str(caught.value)
    assert "deep inside" not in sentence
    assert "Traceback" not in sentence
    (record,) = caplog.records
    reference = record.getMessage().partition(":")[0]
    assert len(reference) == 8
    assert reference in sentence
    assert "deep inside" in caplog.text


async def test_a_renderer_that_fails_costs_its_file_and_never_the_abc(
    bot: Core, copyist: Copyist, caplog: pytest.LogCaptureFixture
) -> None:
    copyist.trouble = OSError("no more paper")
    reply = await bot.answer("/tune", BEN)
    assert [file.kind.role for file in reply.attachments] == ["abc"]
    assert reply.abc
    assert reply.missing == ("MIDI",)
    assert "(I couldn't make the MIDI this time.)" in as_text(reply)
    assert "no more paper" in caplog.text


async def test_a_renderer_that_hangs_costs_its_file_and_no_other(
    store: Store, fiddler: Fiddler, caplog: pytest.LogCaptureFixture
) -> None:
    copyist = Copyist("png", "mp3", "mid")
    copyist.slow = {"mp3"}
    reply = await core(store, fiddler, copyist, patience=Patience(file=0.05)).answer("/tune", BEN)
    assert [file.kind.role for file in reply.attachments] == ["abc", "picture", "midi"]
    assert reply.missing == ("MP3",)
    assert "no mp3" in caplog.text


async def test_on_the_site_nobody_waits_for_files_that_are_fetched_later(
    store: Store, fiddler: Fiddler
) -> None:
    copyist = Copyist("png", "mp3", "mid")
    reply = await core(store, fiddler, copyist).answer("/tune", ANNA)
    assert [file.kind.role for file in reply.attachments] == ["abc", "picture", "audio", "midi"]
    assert copyist.made == []
    assert reply.tune is not None
    assert reply.buttons[-1].url == f"/t/{reply.tune['id']}"


async def test_a_kept_tune_can_be_had_in_another_key(store: Store, fiddler: Fiddler) -> None:
    copyist = Copyist("mid")
    bot = core(store, fiddler, copyist)
    reply = await bot.answer("/tune key=G", BEN)
    assert reply.tune is not None
    saved = await bot.saved(str(reply.tune["id"]))
    assert saved is not None
    in_a = Tune.read((await bot.file(saved, "abc", key=Key("A"))).decode())
    assert in_a == Tune.read(JIG).transposed(Key("A"))
    assert await bot.file(saved, "mid", key=Key("A")) == midi_bytes(in_a)
    assert await bot.file(saved, "mid", instrument="harp") == midi_bytes(Tune.read(JIG), instrument="harp")


async def test_a_wished_instrument_tempo_and_silence_of_chords_stay_with_the_tune(
    store: Store, fiddler: Fiddler
) -> None:
    copyist = Copyist("mp3")
    bot = core(store, fiddler, copyist)
    reply = await bot.answer("/tune on the flute tempo=90 chords=off", BEN)
    assert reply.abc is not None
    tune = Tune.read(reply.abc)
    assert tune.tempo is not None
    assert tune.tempo.per_minute == 90
    assert '"G"' not in reply.abc
    assert reply.tune is not None
    saved = await bot.saved(str(reply.tune["id"]))
    assert saved is not None
    await bot.file(saved, "mp3")
    assert copyist.made == [("mp3", "flute"), ("mp3", "flute")]


async def test_links_lead_to_the_public_site_or_to_a_viewer_that_needs_none(
    store: Store, fiddler: Fiddler
) -> None:
    asker = Asker("telegram", "1", "1")
    reply = await core(store, fiddler, public_url="https://tunes.example.org/").answer("/tune", asker)
    assert reply.tune is not None
    assert reply.buttons[-1].url == f"https://tunes.example.org/t/{reply.tune['id']}"
    reply = await core(store, fiddler).answer("/tune", asker)
    assert str(reply.buttons[-1].url).startswith(VIEWER)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("The Kettle's Lid!", "the-kettle-s-lid"),
        ("../../etc/passwd", "etc-passwd"),
        ("日本", "tune"),
        ("", "tune"),
    ],
)
def test_file_names_are_safe_anywhere(title: str, name: str) -> None:
    assert file_name(title) == name


async def test_files_gives_what_a_chat_does_not_show(store: Store, fiddler: Fiddler) -> None:
    bot = core(store, fiddler, Copyist("png", "mp3", "mid", "musicxml"))
    made = await bot.answer("/tune", BEN)
    assert made.tune is not None
    for asked in (f"/files {made.tune['id']}", "/files"):
        reply = await bot.answer(asked, BEN)
        assert (reply.title, reply.buttons) == (made.title, ())
        assert [file.kind.suffix for file in reply.attachments] == ["abc", "mid", "mp3", "musicxml"]
    with pytest.raises(RequestError, match="no tune"):
        await bot.answer("/files nothing", BEN)
