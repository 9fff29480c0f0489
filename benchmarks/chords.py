"""How well chords are put over tunes, beside the chords that they were printed with.

    python -m benchmarks.chords --nottingham FOLDER

Three quarters of the tunes with chord symbols are counted, the others are accompanied: the share of bars at
whose beginning root and third agree, by meter; of tunes that end on their tonic, how many have its chord
there; how many end with V and I; and the shares of the chords. The second row is the print itself.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Final

from generator.compose.harmoniser import MELODY_WEIGHT, Degree, Harmoniser, frames_of
from generator.music.tune import Tune, read_tunes
from generator.training.harmony_fit import agreement, counted, printed

_METERS: Final = ("6/8", "4/4", "3/4", "2/4")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chords")
    parser.add_argument("--nottingham", type=Path, required=True)
    parser.add_argument("--weight", type=float, default=MELODY_WEIGHT, help="of the notes (%(default)s)")
    given = parser.parse_args()
    tunes = [
        tune
        for file in sorted(given.nottingham.glob("*.abc"))
        for tune in read_tunes(file.read_text(encoding="utf-8", errors="replace"))
        if isinstance(tune, Tune) and printed(tune) and not tune.wrong_bars()
    ]
    Random(1).shuffle(tunes)
    held, learn = tunes[: len(tunes) // 4], tunes[len(tunes) // 4 :]
    harmoniser = Harmoniser(counted(learn), given.weight)
    by_meter = [(meter, [tune for tune in held if tune.meter.abc == meter]) for meter in _METERS]
    shares = {meter: agreement(harmoniser, own) for meter, own in (("all", held), *by_meter)}
    print("bars that agree: " + ", ".join(f"{meter} {share:.1%}" for meter, share in shares.items()))
    _told("ours", held, lambda tune: harmoniser.degrees(tune, frames_of(tune)))
    _told("print", held, lambda tune: [degree for _, degree in printed(tune)])


def _told(name: str, tunes: Sequence[Tune], degrees_of: Callable[[Tune], list[Degree]]) -> None:
    """Print how tunes end, and which chords they have."""
    home = tonic = cadences = 0
    chords: Counter[Degree] = Counter()
    for tune in tunes:
        degrees = degrees_of(tune)
        chords.update(degrees)
        notes = [note for note in tune.bars[-1].notes if note.pitches]
        if notes and notes[-1].pitches[-1].midi % 12 == tune.key.pitch_class:
            home += 1
            tonic += degrees[-1][0] == 0
        moves = [degree for place, degree in enumerate(degrees) if degrees[place - 1 : place] != [degree]]
        cadences += [degree[0] for degree in moves[-2:]] == [7, 0]
    shares = ", ".join(f"{root}{kind} {n / chords.total():.1%}" for (root, kind), n in chords.most_common(8))
    ends = f"tonic chord under a last tonic {tonic / home:.1%}, V-I {cadences / len(tunes):.1%}"
    print(f"{name}: {ends}; {shares}")


if __name__ == "__main__":
    main()
