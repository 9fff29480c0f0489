"""Doubles are left out, and no family of tunes is on both sides of the split."""

from random import Random

import pytest

from generator.music.keys import Key
from generator.music.melody import line_of
from generator.music.tune import Tune
from generator.training.families import doubles, families, split_families

HEAD = "X:1\nT:{}\nM:6/8\nL:1/8\nK:{}\n"
LETTERS = "DEFGABcdefg"


def walk(seed: int, bars: int = 16) -> str:
    """A tune of eighths that wanders by small steps."""
    random, at, text = Random(seed), 5, ""
    for bar in range(bars):
        for _ in range(6):
            at = min(max(at + random.choice((-3, -2, -1, 1, 2, 3)), 0), len(LETTERS) - 1)
            text += LETTERS[at]
        text += "|]" if bar == bars - 1 else "|"
    return text


def tune(body: str, key: str = "G", title: str = "Untold") -> Tune:
    return Tune.read(HEAD.format(title, key) + body + "\n")


def ornamented(body: str) -> str:
    """The same beats, with something else between them in every bar."""
    bars = []
    for bar in body.replace("|]", "|").split("|")[:-1]:
        bars.append(f"{bar[0]}z{bar[0]}{bar[3]}z{bar[3]}")
    return "|".join(bars) + "|]"


@pytest.fixture
def strangers() -> list[Tune]:
    return [tune(walk(seed), title=f"Stranger {'abcdefghij'[seed]}") for seed in range(10)]


def test_a_tune_in_another_key_or_with_another_name_is_a_double(strangers: list[Tune]):
    again = strangers[3].transposed(Key.read("D"))
    lines = [line_of(t) for t in (*strangers, again)]
    assert doubles(lines) == {10}


def test_of_two_doubles_the_much_longer_one_stays(strangers: list[Tune]):
    half = tune(walk(3, bars=8))
    assert doubles([line_of(half), line_of(strangers[3])]) == {0}
    assert doubles([line_of(strangers[3]), line_of(half)]) == {1}


def test_strangers_are_no_doubles_and_no_family(strangers: list[Tune]):
    lines = [line_of(t) for t in strangers]
    assert doubles(lines) == frozenset()
    assert families(lines, [t.title for t in strangers]) == [(index,) for index in range(10)]


def test_settings_that_share_their_beats_are_a_family(strangers: list[Tune]):
    other = tune(ornamented(walk(4)))
    lines = [line_of(t) for t in (*strangers, other)]
    assert (4, 10) in families(lines, [""] * 11)


def test_a_shared_title_makes_a_family_unless_it_is_everybodys(strangers: list[Tune]):
    lines = [line_of(t) for t in strangers]
    titles = ["The Hedge", "", "Hedge, The", *["March"] * 7]
    assert families(lines, titles)[0] == (0, 2)
    assert len(families(lines, titles)) == 9


def test_no_family_is_split_and_every_tune_is_somewhere():
    groups = [(0, 5), (1,), (2, 3, 9), (4,), (6,), (7, 8)]
    learn, held_out = split_families(groups, 0.3, seed=4)
    assert sorted(learn + held_out) == list(range(10))
    assert 0 < len(held_out) <= 3
    assert all(set(group) <= set(learn) or set(group) <= set(held_out) for group in groups)
    assert split_families(groups, 0.3, seed=4) == (learn, held_out)
