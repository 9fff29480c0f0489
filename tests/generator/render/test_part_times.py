"""Where the parts of a tune lie in time, and which keys one may practise in."""

import pytest

from bot.platforms.web.tune_pages import other_keys
from generator.music.keys import Key
from generator.music.tune import Tune
from generator.render.part_times import timeline
from tests.bot.players import JIG


def test_parts_lie_where_they_are_first_played() -> None:
    time = timeline(Tune.read(JIG))
    bar = 2 * 60 / 112
    assert time.beats == 112
    assert [part.label for part in time.parts] == ["A", "B"]
    a, b = time.parts
    assert a.start == 0
    assert a.end - a.start == pytest.approx(8 * bar)
    assert b.start == pytest.approx(16 * bar)
    assert b.end - b.start == pytest.approx(8 * bar)
    assert time.seconds == pytest.approx(32 * bar)


@pytest.mark.parametrize(
    ("music", "labels"),
    [
        ("GABc d4|edcB A4|", []),
        ("|:GABc d4|edcB A4:|", []),
        ("GABc d4|G8||edcB A4|G8|]", ["A", "B"]),
        ("|:GABc d4|[1 G8:|[2 A8||:edcB A4|G8:|", ["A", "B"]),
        ("P:T\nGABc d4|G8|\nP:V\nedcB A4|G8|]", ["T", "V"]),
        ("GABc d4|G8||[Q:1/4=60]edcB A4|G8|]", ["A", "B"]),
    ],
)
def test_a_tune_is_divided_where_its_bar_lines_say(music: str, labels: list[str]) -> None:
    time = timeline(Tune.read(f"X:1\nT:x\nM:4/4\nL:1/8\nQ:1/4=120\nK:G\n{music}\n"))
    assert [part.label for part in time.parts] == labels
    for part in time.parts:
        assert 0 <= part.start < part.end <= time.seconds


def test_other_keys_are_the_twelve_of_the_same_mode_spelt_simply() -> None:
    keys = other_keys(Key("D#", "minor"))
    assert len({key.pitch_class for key in keys}) == 12
    assert Key("D#", "minor") in keys
    assert all(key.mode == "minor" and abs(key.fifths) <= 7 for key in keys)
    assert Key("Db") in other_keys(Key("G"))


def test_time_follows_a_change_of_tempo() -> None:
    time = timeline(Tune.read("X:1\nT:x\nM:4/4\nL:1/4\nQ:1/4=120\nK:G\nGABc|G4||[Q:1/4=60]edcB|G4|]\n"))
    assert [(part.start, part.end) for part in time.parts] == [(0, 4), (4, 12)]
    assert time.seconds == 12


def test_a_second_ending_alone_is_played() -> None:
    time = timeline(Tune.read("X:1\nT:x\nM:4/4\nL:1/4\nQ:1/4=120\nK:G\n[2 GABc|]\n"))
    assert (time.seconds, time.parts) == (2, ())
