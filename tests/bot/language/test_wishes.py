"""The table of wishes: most come as they should, and what does not gets a sentence or a note that helps."""

import pytest

from benchmarks.wishes import Wish, wishes
from bot.commands import COMMANDS
from bot.commands.reading import read
from generator.errors import RequestError

WISHES = list(wishes())


def test_the_table_is_long_enough() -> None:
    assert len(WISHES) >= 150
    assert len({wish.typed for wish in WISHES}) == len(WISHES)


@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: wish.typed)
def test_a_wish_comes_as_it_should(wish: Wish) -> None:
    so, came = wish.comes_as()
    assert so, came


def test_a_line_of_the_table_is_judged_by_command_options_and_note() -> None:
    for line in ("jig -> tune type=reel", "jig -> sentence", "jig -> another", "jig -> tune type=jig ~ jig"):
        assert not Wish.read(line).comes_as()[0]
    assert not Wish.read("xyzzy -> tune").comes_as()[0]
    assert not Wish.read("a purple jig -> tune type=jig").comes_as()[0]


@pytest.mark.parametrize(
    ("typed", "remarks"),
    [
        ("a purple jgi in G", ["I didn't understand “purple”. I didn't understand “jgi”; did you mean jig?"]),
        ("a sad, slow jig", ["I took “sad” as a minor key and “slow” as a slower tempo."]),
        ("a sad jig in D major", ["I left “sad” out, as you asked for D major."]),
        ("a fast reel tempo=60", ["I left “fast” out, as you asked for tempo 60."]),
        ("a 48 bar reel", ["48 bars in all: AABBCC, 8 in each part."]),
        ("jig " + " ".join(f"blob{letter}" for letter in "abcdefg"), [
            "I didn't understand “bloba”, “blobb”, “blobc”, “blobd”, “blobe” or some more."
        ]),
    ],
)  # fmt: skip
def test_a_remark_is_one_plain_sentence(typed: str, remarks: list[str]) -> None:
    assert list(read(typed, COMMANDS).remarks) == remarks


@pytest.mark.parametrize("typed", ["um", "ok then", "the of and"])
def test_words_that_say_nothing_are_no_wish(typed: str) -> None:
    with pytest.raises(RequestError, match="try something like"):
        read(typed, COMMANDS)


@pytest.mark.parametrize(
    "typed", ["start the music", "another jig", "change key to D", "thanks for the reel"]
)
def test_a_word_of_a_wish_is_no_command(typed: str) -> None:
    assert read(typed, COMMANDS).command in ("tune", "change")
