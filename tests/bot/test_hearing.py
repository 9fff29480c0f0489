"""An order among courtesies is understood; talk is no order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.commands import COMMANDS
from bot.commands.hearing import Talk, hear
from bot.commands.reading import Asked
from generator.errors import RequestError

JIG_IN_D = Asked("tune", {"type": "jig", "key": "D"})


@pytest.mark.parametrize(
    "text",
    [
        ", a jig in D please",
        "a jig in D, thanks!",
        "Hey, could you play me a jig in D, please?",
        "jig in D.",
        "I'd like a jig in D 🎻",
        "– jig, D; thank you so much",
    ],
)
def test_an_order_is_understood_whatever_stands_around_it(text: str) -> None:
    assert hear(text, COMMANDS) == JIG_IN_D


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", Asked("help", {})),
        (" help! ", Asked("help", {})),
        (", another one please", Asked("another", {})),
        ("another k3Xw9bQz", Asked("another", {"tune": "k3Xw9bQz"})),
        (": /tune key=G", Asked("tune", {"key": "G"})),
        ("a tune in F#", Asked("tune", {"key": "F#"})),
        (", X:1\nK:G\nGAB!", Asked("abc", {"abc": "X:1\nK:G\nGAB!"})),
    ],
)
def test_commands_and_pasted_tunes_are_understood_too(text: str, asked: Asked) -> None:
    assert hear(text, COMMANDS) == asked


@pytest.mark.parametrize(
    "text",
    [
        "I love",
        "lovely reel!",
        "that was a nice reel",
        "that's a very fine jig",
        "what a waltz!",
        "that jig reminds me of home",
        "we play that reel at our session on Tuesday nights",
        "another fine day",
        "hello",
        "?",
        "a word " * 500,
    ],
)
def test_talk_is_answered_with_one_friendly_line(text: str) -> None:
    assert hear(text, COMMANDS) == Talk(texts.TALK, thanks=False)


def test_a_word_that_is_not_understood_stops_no_order() -> None:
    asked = hear("a purple jig in D please", COMMANDS)
    assert isinstance(asked, Asked)
    assert (asked.values, asked.remarks) == (JIG_IN_D.values, ("I didn't understand “purple”.",))


@pytest.mark.parametrize(
    "text", ["thanks!", "oh, thank you", "cheers, that was a lovely jig", "thanks for the jig", "good bot"]
)
def test_thanks_are_welcome(text: str) -> None:
    assert hear(text, COMMANDS) == Talk(texts.MY_PLEASURE, thanks=True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("temp=9", "temp is a number"),
        ("/tnue", "did you mean"),
        ("waltzz", "did you mean waltz"),
        ("bars=7 please", "bars"),
    ],
)
def test_a_mistake_in_an_order_is_named(text: str, says: str) -> None:
    with pytest.raises(RequestError, match=says):
        hear(text, COMMANDS)


@given(st.text(max_size=80))
def test_whatever_is_said_is_an_order_talk_or_a_friendly_sentence(text: str) -> None:
    try:
        heard = hear(text, COMMANDS)
    except RequestError:
        return
    assert isinstance(heard, Talk) or heard.command in COMMANDS
