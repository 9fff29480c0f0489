"""Whatever the bot says is said in every language, and read from there."""

from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from bot.asker import Asker
from bot.catalogs import updated
from bot.commands import COMMANDS
from bot.core import Core
from bot.platforms import PLATFORMS
from bot.reply import Reply
from bot.sentences import sentences
from bot.store import Store
from bot.translation import ENGLISH, NAMES, accepted, spoken
from bot.translation.command_names import NAMES_OF_COMMANDS
from bot.translation.key_names import key_name
from bot.translation.translator import CATALOGS, say, translator
from generator.errors import FriendlyError, RequestError
from generator.music.keys import Key
from tests.bot.players import Copyist, Fiddler, core

OTHERS = [language for language in NAMES if language != ENGLISH]
HANS = Asker("telegram", "hans", "7", locale="de")


def catalog(language: str) -> dict[str | tuple[str, ...], str | tuple[str, ...]]:
    with (CATALOGS / f"{language}.po").open("rb") as file:
        read = read_po(file, locale=language)
    found: dict[str | tuple[str, ...], str | tuple[str, ...]] = {}
    for message in read:
        if message.id:
            key = message.id if isinstance(message.id, str) else tuple(message.id)
            found[key] = message.string if isinstance(message.string, str) else tuple(message.string)
    return found


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated_with_its_values(language: str) -> None:
    found = catalog(language)
    assert set(found) == set(sentences(COMMANDS)), "python -m bot.catalogs brings the catalogs up to date"
    for english, said in found.items():
        assert said, f"{english!r} waits for its translation into {language}"
        for form in (said,) if isinstance(said, str) else said:
            assert form, english
            one = english if isinstance(english, str) else english[0]
            assert names(form) <= names(one), (english, form)
            assert isinstance(english, tuple) or names(form) == names(one), (english, form)


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalog_is_written_as_the_tool_writes_it(language: str, tmp_path: Path) -> None:
    assert {message.id for message in updated(language)} >= {"Files"}


def test_a_missing_translation_stays_english() -> None:
    assert say("A sentence that no catalog has.", "de") == "A sentence that no catalog has."
    assert say("Files", "xx" if "xx" in NAMES else ENGLISH) == "Files"


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("Files", "Dateien"),
        ("3 likes", "3 Likes"),
        ("You are off 1 tune that I made; it stays.", "Aus 1 Stück von mir bist du heraus; es bleibt."),
        ("I don't know the key “foo”; did you mean E minor?",
         "Ich kenne die Tonart “foo” nicht; meintest du e-Moll?"),
        ("2 are before you; about 5 s to go.", "2 sind vor dir; noch etwa 5 s."),
        ("Kept: part A and bars 1-4.", "Behalten: Teil A und die Takte 1-4."),
        ("/tune – compose a new tune", "/tune – ein neues Stück erfinden"),
        ("n – how many candidates to draw; the best is kept (1 to 8, usually 4)",
         "n – wie viele Entwürfe es gibt; der beste bleibt (1 bis 8, sonst 4)"),
        ("I didn't understand “purple”. I didn't understand “jgi”; did you mean jig?",
         "“purple” habe ich nicht verstanden. „jgi“ habe ich nicht verstanden; meintest du Jig?"),
        ("line 3, bar 1: “/1024” is no length of a note; write A2, A/2 or A3/2",
         "Zeile 3, Takt 1: „/1024“ ist keine Länge einer Note; schreib A2, A/2 oder A3/2"),
    ],
)  # fmt: skip
def test_a_finished_sentence_is_known_again(english: str, german: str) -> None:
    assert say(english, "de") == german


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("F# minor", ("fis-Moll", "fa dièse mineur", "fa sostenido menor", "F# mionúr")),
        ("Bb major", ("B-Dur", "si bémol majeur", "si bemol mayor", "Bb mór")),
        ("B minor", ("h-Moll", "si mineur", "si menor", "B mionúr")),
        ("Eb major", ("Es-Dur", "mi bémol majeur", "mi bemol mayor", "Eb mór")),
        ("E dorian", ("E-dorisch", "mi dorien", "mi dórico", "E dóiriach")),
    ],
)
def test_keys_are_named_as_players_name_them(key: str, said: tuple[str, ...]) -> None:
    assert tuple(key_name(key, language) for language in OTHERS) == said


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("cis-moll", "C#m"), ("Es-Dur", "Eb"), ("H", "B"), ("h-Moll", "Bm"), ("fis moll", "F#m"),
        ("As-dur", "Ab"), ("B-Dur", "Bb"), ("E-dorisch", "Edor"), ("ré mineur", "Dm"),
        ("sol majeur", "G"), ("fa dièse mineur", "F#m"), ("si bémol majeur", "Bb"),
        ("la dorien", "Ador"), ("sol mayor", "G"), ("re menor", "Dm"), ("do mayor", "C"),
        ("fa sostenido menor", "F#m"), ("mi mionúr", "Em"), ("D mór", "D"), ("E mionúr", "Em"),
    ],
)  # fmt: skip
def test_keys_are_read_in_other_languages_too(typed: str, key: str) -> None:
    assert Key.read(typed).abc == key


async def test_an_answer_is_in_the_language_of_the_platform(store: Store, fiddler: Fiddler) -> None:
    bot = core(store, fiddler, Copyist("png"))
    help_text = (await bot.answer("/help", HANS)).text
    assert help_text.startswith("Was du schreiben kannst:")
    assert "temp – Temperatur: niedrig ist ruhig, hoch ist wild (0.2 bis 1.5, sonst 0.8)" in help_text
    english = set((await bot.answer("/help", Asker("telegram", "jack", "8"))).text.splitlines())
    assert not {line for line in help_text.splitlines() if " " in line} & {e for e in english if " – " in e}
    tune = await bot.answer("/tune jig in Em", HANS)
    assert tune.facts["key"] == "e-Moll"
    assert [button.label for button in tune.buttons][:2] == ["Noch so eins", "Abwandeln"]
    with pytest.raises(FriendlyError, match=r"temp ist eine Zahl von 0\.2 bis 1\.5"):
        await bot.answer("/tune temp=9", HANS)
    with pytest.raises(RequestError, match="meintest du /tune"):
        await bot.answer("/tunee", HANS)


async def test_a_setting_goes_before_the_platform(store: Store, fiddler: Fiddler) -> None:
    bot = core(store, fiddler)
    await bot.answer("/settings language=ga", HANS)
    assert (await bot.answer("/mine", HANS)).text.startswith("Níl aon phort uait agam")
    await bot.answer("/settings language=en", HANS)
    assert (await bot.answer("/mine", HANS)).text.startswith("I have no tune of yours")


async def test_what_comes_later_is_in_the_same_language(store: Store, fiddler: Fiddler) -> None:
    reply = Reply("Files", notes=("Today's tune.",))
    there = translator("fr")
    assert there
    said = reply.changed(there.reply)
    assert (said.text, said.notes) == ("Fichiers", ("L'air du jour.",))


@pytest.mark.parametrize(
    ("header", "language"),
    [("de-DE,de;q=0.9,en;q=0.8", "de"), ("pt-BR,fr;q=0.5", "fr"), ("en;q=0.1,ga", "ga"), ("", "en"),
     ("de;q=0, es", "es"), ("*", "en"), ("x;q=y,fr", "fr")],
)  # fmt: skip
def test_a_browser_says_what_it_likes(header: str, language: str) -> None:
    assert accepted(header) == language


@pytest.mark.parametrize(
    ("locale", "language"), [("de", "de"), ("es-419", "es"), ("pt_BR", "en"), ("", "en"), ("FR-ca", "fr")]
)
def test_a_locale_is_one_of_our_languages(locale: str, language: str) -> None:
    assert spoken(locale) == language
    assert PLATFORMS[0].asker("a", "b", locale=locale).language == language


def test_names_of_commands_fit_a_menu() -> None:
    for table in NAMES_OF_COMMANDS.values():
        assert (
            set(table) >= {name for name in COMMANDS if COMMANDS[name].listed} - {"options", "book"} - set()
        )
        assert len(set(table.values())) == len(table)
        for name in table.values():
            assert 1 <= len(name) <= 32
            assert name == name.lower()
            assert name.replace("-", "").isalpha()


def test_the_core_speaks_english_by_itself(store: Store, fiddler: Fiddler) -> None:
    bot: Core = core(store, fiddler)
    assert bot.read("/tune jig").command == "tune"
