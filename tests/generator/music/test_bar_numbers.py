"""How the bars of a tune are numbered."""

import pytest

from generator.music.bar_numbers import bar_numbers
from generator.music.tune import Tune
from tests.bot.players import JIG


def test_pickups_have_no_number() -> None:
    assert bar_numbers(Tune.read(JIG)) == (0, *range(1, 9), 0, *range(9, 17))


@pytest.mark.parametrize(
    ("music", "numbers"),
    [
        ("GABc d4|edcB A4|", (1, 2)),
        ("|:GABc d4|c8|[1 edcB A4:|[2 G8|]", (1, 2, 3, 3)),
        ("|:GABc d4|[1 G8:|[2 A8||:edcB A4|G8:|", (1, 2, 2, 3, 4)),
        ("|:GABc d4|[1 G8:|[2 A8|G8|c8|d8|]", (1, 2, 3, 4, 5, 6)),
    ],
)
def test_a_second_ending_is_numbered_as_the_first(music: str, numbers: tuple[int, ...]) -> None:
    assert bar_numbers(Tune.read(f"X:1\nT:x\nM:4/4\nL:1/8\nK:G\n{music}\n")) == numbers
