"""What people type, and how it is understood."""

import pkgutil

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import commands
from bot.commands import COMMANDS
from bot.commands.abc import LONGEST
from bot.commands.reading import Asked
from bot.commands.reading import read as read_among
from generator.compose.request import TuneRequest, options
from generator.errors import FriendlyError, RequestError


def read(text: str) -> Asked:
    return read_among(text, COMMANDS)


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("/tune", {}),
        ("/tune key=G temp=0.8", {"key": "G", "temp": "0.8"}),
        ("/tune temp=0.8 key=G", {"key": "G", "temp": "0.8"}),
        ("/TUNE KEY=g Temp=.8", {"key": "g", "temp": ".8"}),
        ("/tune key = G temp = 0.8", {"key": "G", "temp": "0.8"}),
        ("/tune key=E minor temp=0.8 meter = 6 / 8", {"key": "E minor", "temp": "0.8", "meter": "6 / 8"}),
        ("/tune key: G, temp: 0,8,", {"key": "G", "temp": "0.8"}),
        ("/tune G 6/8 0.8", {"key": "G", "meter": "6/8", "temp": "0.8"}),
        ("/tune jig in Em", {"type": "jig", "key": "Em"}),
        ("/tune a slip jig, 16 bars, seed 7", {"type": "slip jig", "bars": "16", "seed": "7"}),
        ("/tune a jig in G please", {"type": "jig", "key": "G"}),
        ("/tune A jig", {"type": "jig", "key": "A"}),
        ("/tune A jig in G", {"type": "jig", "key": "G"}),
        ("/tune a 3/4", {"key": "a", "meter": "3/4"}),
        ("/tune in the key of D", {"key": "D"}),
        (
            "/tune F sharp minor hornpipes AABBCC",
            {"key": "F sharp minor", "type": "hornpipes", "form": "AABBCC"},
        ),
        ("/tune a reel on the tin whistle", {"type": "reel", "instrument": "tin whistle"}),
        (
            "/tune polka banjo tempo 120 chords=off",
            {"type": "polka", "instrument": "banjo", "tempo": "120", "chords": "off"},
        ),
        ("/tune minor", {"mode": "minor"}),
        ("/tune AB", {"form": "AB"}),
        ("/tune Ab", {"key": "Ab"}),
        ("/tune C| reel", {"meter": "C|", "type": "reel"}),
        ("/tune type=slip jig bars=4", {"type": "slip jig", "bars": "4"}),
        ('/tune start="GAB d2e|" Amix', {"start": "GAB d2e|", "key": "Amix"}),
        ("/tune start='GAB d2e|' Amix", {"start": "GAB d2e|", "key": "Amix"}),
        ("/tune start=“GAB d2e|”", {"start": "GAB d2e|"}),
        ("/tune start==GA|", {"start": "=GA|"}),
        ("/tune key=Em key=Em", {"key": "Em"}),
        ("/tune@TunesmithBot jig in Em", {"type": "jig", "key": "Em"}),
        ("/tune@TunesmithBot", {}),
        ("tune jig", {"type": "jig"}),
        ("jig in G", {"type": "jig", "key": "G"}),
        ("  /tune\n key=G  ", {"key": "G"}),
    ],
)
def test_a_tune_is_asked_for_in_any_order_case_and_spacing(typed: str, values: dict[str, str]) -> None:
    asked = read(typed)
    assert (asked.command, dict(asked.values)) == ("tune", values)
    TuneRequest.of(asked.values)


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("/tnue", ["/tnue", "did you mean /tune?"]),
        ("/xyzzy", ["/xyzzy", "/tune", "/help"]),
        ("/tune kye=G", ["kye", "did you mean key?"]),
        ("/tune colour=red", ["colour", "key, mode, type", "model"]),
        ("/tune jgi", ["jgi", "did you mean jig?"]),
        ("/tune " + "a " * 600, ["too long", "1,000"]),
        ("/tune key=G key=A", ["key", "“G”", "“A”", "keep one"]),
        ("/tune G C", ["keep one", "meter=C"]),
        ("/tune 7", ["seed=7 or n=7"]),
        ("/tune -1", ["-1", "seed=7"]),
        ("/tune key=", ["key needs a value", "key=G"]),
        ("/tune seed", ["seed needs a value", "seed="]),
        ("brown cow", ["brown", "/tune jig in G"]),
        ("", ["/tune jig in G"]),
        ("/", ["/tune", "/help"]),
        ("x" * (LONGEST + 1), ["too long", "20,000"]),
    ],
)
def test_what_is_not_understood_gets_a_sentence_that_says_what_to_type(typed: str, parts: list[str]) -> None:
    with pytest.raises(RequestError) as refusal:
        read(typed)
    sentence = str(refusal.value)
    for part in parts:
        assert part in sentence
    assert "\n" not in sentence
    assert len(sentence) < 300


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("/tune temp=hot", ["hot", "0.2 to 1.5"]),
        ("/tune temp=-1", ["-1", "0.2 to 1.5"]),
        ("/tune temp=9", ["9", "0.2 to 1.5"]),
        ("/tune 1.7", ["1.7", "0.2 to 1.5"]),
        ("/tune key=Q", ["Q", "A to G"]),
        ("/tune type=hornpip", ["did you mean hornpipe?"]),
        ("/tune type=jig meter=4/4", ["jig", "6/8", "4/4"]),
        ("/tune bars=7", ["4, 8 or 16"]),
    ],
)
def test_a_value_out_of_reach_gets_a_sentence_that_says_what_is_allowed(typed: str, parts: list[str]) -> None:
    with pytest.raises(RequestError) as refusal:
        TuneRequest.of(read(typed).values)
    for part in parts:
        assert part in str(refusal.value)


def test_pasted_abc_is_read_as_it_stands() -> None:
    abc = "X:1\nT:Mine\nK:G\nGAB d2e|"
    assert read(f"/abc {abc}").values == {"abc": abc}
    assert read(f"/abc\n{abc}\n").values == {"abc": abc}
    asked = read(abc)
    assert (asked.command, asked.values) == ("abc", {"abc": abc})


def test_another_takes_a_tune_or_nothing() -> None:
    assert read("/another k3Xw9bQz").values == {"tune": "k3Xw9bQz"}
    assert read("/another tune=k3Xw9bQz").values == {"tune": "k3Xw9bQz"}
    assert read("/another").values == {}


def test_help_and_start_take_whatever_follows() -> None:
    assert read("/help me").command == "help"
    assert read("/start ref123").command == "start"


def test_every_file_of_the_folder_is_in_the_table() -> None:
    files = {module.name for module in pkgutil.iter_modules(commands.__path__)}
    assert files - {"command", "hearing", "reading"} == set(COMMANDS)


def test_menus_can_show_every_command() -> None:
    for command in COMMANDS.values():
        assert command.name.isascii()
        assert command.name == command.name.lower()
        assert 0 < len(command.help) <= 100
        assert len(command.options) <= 25
        for option in command.options.values():
            assert 0 < len(option.help) <= 100


# fmt: off
_WORDS = st.sampled_from([
    "/tune", "/abc", "/another", "key", "=", ":", "G", "a", "A", "jig", "slip", "6", "/", '"', "'",
    "start", "temp", "bars", "16", "|", "C", "sharp", "minor", ",", "in", "n", "-", "١", "\n", "\0", "\ud800",
])
# fmt: on


@given(
    st.one_of(
        st.text(max_size=80), st.lists(_WORDS, max_size=14).map(" ".join), st.lists(_WORDS).map("".join)
    )
)
@example("/tune seed=" + "9" * 5000)
@example("/tune " + "a " * 9000)
@example("/tune bars=²")
def test_no_text_gets_anything_but_an_answer_or_a_friendly_sentence(text: str) -> None:
    try:
        asked = read(text)
        wishes = TuneRequest.of(asked.values) if asked.command == "tune" else None
    except FriendlyError as error:
        answer = str(error)
    else:
        answer = f"{asked.command} {wishes}"
    assert 0 < len(answer) < 1000


def _spelled(values: dict[str, object]) -> st.SearchStrategy[str]:
    def one(pair: tuple[str, object]) -> str:
        name, value = pair
        return f'{name}="{value}"' if " " in str(value) else f"{name}={value}"

    return st.permutations(list(values.items())).map(lambda pairs: "/tune " + " ".join(map(one, pairs)))


@given(st.data())
def test_every_option_is_read_back_as_it_was_meant(data: st.DataObject) -> None:
    values: dict[str, object] = {}
    for option in options().values():
        if option.name in ("meter", "mode") or data.draw(st.booleans()):
            continue
        if option.choices:
            values[option.name] = data.draw(st.sampled_from(option.choices))
        elif option.kind is float:
            values[option.name] = round(data.draw(st.floats(option.minimum, option.maximum)), 3)
        elif option.kind is int:
            values[option.name] = data.draw(st.integers(int(option.minimum or 0), int(option.maximum or 0)))
        elif option.examples:
            values[option.name] = data.draw(st.sampled_from(option.examples))
    typed = data.draw(_spelled(values))
    assert TuneRequest.of(read(typed).values) == TuneRequest.of(values)
