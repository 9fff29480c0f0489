"""The cost of a paste grows with its length and no faster. Steps are counted, not seconds."""

import subprocess
import sys
from types import FrameType

import pytest

from benchmarks.reading_time import WORST, handle
from generator.errors import AbcError
from generator.music.tune import Tune
from generator.render.pace import TempoMap

_SHORT, _LONG = 2048, 16_384


def _steps(text: str) -> int:
    """Count the calls that handling a paste makes, of Python and of C."""
    count = 0

    def called(_frame: FrameType, event: str, _what: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        handle(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("kind", WORST)
def test_steps_grow_with_the_text(kind: str) -> None:
    short, long = WORST[kind](_SHORT), WORST[kind](_LONG)
    handle(short)  # fills caches
    assert _steps(long) <= 1.5 * _steps(short) * len(long) / len(short) + len(long)


def test_no_pattern_tries_every_division_of_a_text() -> None:
    # Once 2,000 spaces in a key took 26 s, and each doubling eight times as long; C code counts no steps.
    program = """
from benchmarks.reading_time import handle
from bot.language.pasted_abc import looks_like_abc
from generator.errors import FriendlyError
from generator.music.abc.fields import read_key, read_meter, read_parts, read_tempo
from generator.music.dances import Fraction, read_dance
from generator.music.instruments import read_instrument
from generator.music.keys import Key
for sign in (" ", "-", "a", "A ", "A: ", "K: ", '"', "/", "1", "^", "(", "!"):
    for text in ("T:a" + sign * 200_000 + "x", "C" + sign * 200_000 + "!", "1/4" + sign * 200_000 + "=x"):
        looks_like_abc(text)
        readers = (Key.read, read_key, read_meter, read_parts, read_dance, read_instrument)
        for read in (*readers, lambda text: read_tempo(text, Fraction(1, 8)), handle):
            try:
                read(text)
            except FriendlyError:
                pass
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=100)


def test_a_length_that_nobody_counts_is_told() -> None:
    with pytest.raises(AbcError, match=r"line 6, bar 3: “/5” is no length of a note"):
        Tune.read(WORST["lengths nobody divides by"](_SHORT))


def test_a_beat_that_cannot_be_written_is_told_and_left_out() -> None:
    tune = Tune.read("X:1\nQ:1/997 1/991=100\nK:C\nC")
    assert tune.tempo is None
    assert tune.remarks == (
        "“Q:1/997 1/991=100” is no tempo such as Q:1/4=120; the tune goes at its usual one.",
    )


@pytest.mark.parametrize("kind", ["one line", "graces of a note", "texts over a note"])
def test_what_we_write_of_a_long_paste_can_be_read_again(kind: str) -> None:
    tune = Tune.read(WORST[kind](_LONG))
    assert Tune.read(tune.abc()) == tune


@pytest.mark.parametrize("length", ["C/997", "C/11", "C/1021", "C3/13"])
def test_lengths_that_no_music_has_are_refused(length: str) -> None:
    with pytest.raises(AbcError, match="is no length of a note"):
        Tune.read(f"X:1\nT:Try\nM:4/4\nL:1/64\nK:C\n{length}||\n")


def test_time_goes_on_through_many_changes_of_tempo() -> None:
    bars = "\n".join(f"[Q:1/4={60 * (1 + n % 2)}]C4|" for n in range(200))
    clock = TempoMap.of(Tune.read(f"X:1\nT:Try\nM:4/4\nL:1/4\nK:C\n{bars}\n"))
    assert [clock.seconds(bar) for bar in range(5)] == [0, 4, 6, 10, 12]
    assert clock.seconds(200) == 600
