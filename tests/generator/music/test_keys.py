"""Keys as people spell them, and what they put into the signature."""

import pytest

from generator.errors import RequestError
from generator.music.dances import Meter
from generator.music.keys import MODES, Key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("G", Key("G")),
        ("em", Key("E", "minor")),
        ("F#m", Key("F#", "minor")),
        ("F sharp minor", Key("F#", "minor")),
        ("B flat", Key("Bb")),
        ("B♭", Key("Bb")),
        ("Edor", Key("E", "dorian")),
        ("a mixolydian", Key("A", "mixolydian")),
        ("AMix", Key("A", "mixolydian")),
        ("C major", Key("C")),
    ],
)
def test_keys_are_read_in_the_usual_spellings(text: str, key: Key) -> None:
    assert Key.read(text) == key


@pytest.mark.parametrize("text", ["", "G wobbly", "Q#", "5"])
def test_what_is_no_key_is_refused_with_examples(text: str) -> None:
    with pytest.raises(RequestError, match=r"key|mean"):
        Key.read(text)


def test_a_key_with_too_many_accidentals_names_the_one_that_sounds_the_same() -> None:
    with pytest.raises(RequestError, match="Ab major"):
        Key.read("G#")


@pytest.mark.parametrize(
    ("key", "fifths", "signature"),
    [
        (Key("D"), 2, {"F": 1, "C": 1}),
        (Key("G", "minor"), -2, {"B": -1, "E": -1}),
        (Key("A", "dorian"), 1, {"F": 1}),
        (Key("E", "phrygian"), 0, {}),
    ],
)
def test_signatures(key: Key, fifths: int, signature: dict[str, int]) -> None:
    assert (key.fifths, key.signature) == (fifths, signature)


@pytest.mark.parametrize("mode", MODES)
def test_a_written_key_is_read_back(mode: str) -> None:
    for tonic in ("C", "F#", "Eb"):
        key = Key(tonic, mode)
        if abs(key.fifths) <= 7:
            assert Key.read(key.abc) == Key.read(key.name) == key
            assert key.pitch_class in key.scale
            assert len(key.scale) == 7


def test_free_time_has_no_full_bar_to_miss() -> None:
    assert Meter("none").free
    assert not Meter("7/8").free
