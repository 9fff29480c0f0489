"""How like their kind the rarer dances are: short notes and a dance's own figure, in print and drawn.

python -m benchmarks.kinds session --nottingham FOLDER [--tunes 60]
"""

import argparse
import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

from generator.compose.loaded_model import open_model
from generator.compose.request import TuneRequest
from generator.evaluation.usable import leaps_over_bar_lines
from generator.music.notation import Bar
from generator.music.tune import Tune
from generator.serving.service import Service
from generator.training.tune_books import read_collections

Mark = Callable[[Bar], Iterator[bool]]


def long_short(bar: Bar) -> Iterator[bool]:
    """Yield for each beat of three whether it is a long note and a short one."""
    eighth = Fraction(1, 8)
    for at in range(0, 12, 3):
        yield _figure(bar, at * eighth, (2 * eighth, eighth))


def two_and_two(bar: Bar) -> Iterator[bool]:
    """Yield for each half note of 3/2 whether it is made of two quarters, or of one or two divided in two."""
    for half in range(3):
        begun = [at - Fraction(half, 2) for at in bar.onsets[:-1] if 2 * at // 1 == half]
        yield begun[:1] == [0] and Fraction(1, 4) in begun and all(at % Fraction(1, 8) == 0 for at in begun)


def dotted_first(bar: Bar) -> Iterator[bool]:
    """Yield whether the first beat is a dotted eighth and a sixteenth."""
    yield _figure(bar, Fraction(0), (Fraction(3, 16), Fraction(1, 16)))


def hop(bar: Bar) -> Iterator[bool]:
    """Yield whether the second half of the bar is a quarter and a hop: another one, or it held on."""
    begun = [at for at in bar.onsets[:-1] if at >= Fraction(1, 2)]
    yield begun in ([Fraction(1, 2)], [Fraction(1, 2), Fraction(3, 4)])


def snap(bar: Bar) -> Iterator[bool]:
    """Yield for each beat whether it is a sixteenth and a dotted eighth, or the other way round."""
    short, long = Fraction(1, 16), Fraction(3, 16)
    for beat in range(4):
        at = Fraction(beat, 4)
        yield _figure(bar, at, (short, long)) or _figure(bar, at, (long, short))


def _figure(bar: Bar, at: Fraction, lengths: tuple[Fraction, ...]) -> bool:
    onsets = bar.onsets
    if at not in onsets[:-1]:
        return False
    first = onsets.index(at)
    return tuple(note.length for note in bar.notes[first : first + len(lengths)]) == lengths


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of tune that can be asked for, and what tells it.

    Attributes:
        dance, meter: as asked.
        name: of its own figure.
        mark: finds that in a bar.
    """

    dance: str
    meter: str
    name: str = ""
    mark: Mark | None = None


ROWS: Final = (
    Row("slide", "12/8", "long and short", long_short),
    Row("air", "12/8", "long and short", long_short),
    Row("hornpipe", "3/2", "two and two and two", two_and_two),
    Row("air", "3/2", "two and two and two", two_and_two),
    Row("mazurka", "3/4", "dotted first beat", dotted_first),
    Row("waltz", "3/4", "dotted first beat", dotted_first),
    Row("barndance", "4/4", "hop", hop),
    Row("strathspey", "C", "dotted or snapped", snap),
    Row("polka", "2/4"),
    Row("march", "2/4"),
    Row("air", "3/4"),
    Row("air", "C"),
    Row("air", "6/8"),
    Row("slip jig", "9/8"),
)


def shares(tunes: Sequence[Tune], mark: Mark | None) -> str:
    """Return cells of a table: tunes, 32nds, 16ths, own figure and leaps over bar lines, in percent."""
    if not tunes:
        return "0 | | | | |"
    lengths = [note.length for tune in tunes for bar in tune.bars for note in bar.notes]
    figures = [
        found
        for tune in tunes
        for bar in tune.bars
        if mark and bar.length == bar.meter.bar
        for found in mark(bar)
    ]
    cells = [
        sum(length <= Fraction(1, 32) for length in lengths) / len(lengths),
        sum(length in (Fraction(1, 16), Fraction(1, 24)) for length in lengths) / len(lengths),
        sum(figures) / len(figures) if figures else None,
        sum(map(leaps_over_bar_lines, tunes)) / len(tunes),
        sum(map(_returning, tunes)) / len(tunes),
    ]
    shown = ["" if cell is None else f"{100 * cell:.1f}" for cell in cells]
    return " | ".join([str(len(tunes)), *shown])


def _returning(tune: Tune) -> float:
    seen, back = set[object](), 0
    for bar in tune.bars:
        figure = tuple((note.length, *(pitch.midi for pitch in note.pitches)) for note in bar.notes)
        back += figure in seen
        seen.add(figure)
    return back / len(tune.bars)


async def _draw(model: str, row: Row, count: int) -> list[Tune]:
    wishes = [
        TuneRequest.of({"type": row.dance, "meter": row.meter, "seed": seed, "n": 1})
        for seed in range(1, count + 1)
    ]
    async with Service(partial(open_model, engine="fast"), model, Random(1)) as service:
        waiting = asyncio.Semaphore(24)

        async def draw(number: int, wish: TuneRequest) -> Tune:
            async with waiting:
                return await service.compose(wish, user=str(number), deadline=3600)

        return await asyncio.gather(*(draw(number, wish) for number, wish in enumerate(wishes)))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--nottingham", type=Path, required=True, help="folder of the Nottingham database")
    parser.add_argument("--tunes", type=int, default=60, help="of a kind to draw, one candidate each")
    given = parser.parse_args()
    settings = read_collections(("oneill", "ryan", "aird", "nottingham"), given.nottingham).settings
    print("| kind | own figure | tunes | 32nds | 16ths | it | leaps over bar lines | bars that return |")
    print("|---" * 8 + "|")
    for row in ROWS:
        dances = (row.dance, "") if row.meter in ("12/8", "3/2") else (row.dance,)
        printed = [s.tune for s in settings if s.dance in dances and s.tune.meter.standard.abc == row.meter]
        drawn = asyncio.run(_draw(given.model, row, given.tunes))
        kind = f"{row.dance} in {row.meter}"
        print(f"| {kind}, print | {row.name} | {shares(printed, row.mark)} |")
        print(f"| {kind}, {given.model} | | {shares(drawn, row.mark)} |", flush=True)


if __name__ == "__main__":
    main()
