"""Measures of rhythm: lengths, the beat's cells, whole bars, and where it comes to rest."""

from itertools import pairwise
from typing import Final

from benchmarks.judge.reckoning import Figures, distinct, entropy, mean, shares, spread
from benchmarks.judge.sheet import Sheet

_LENGTHS: Final = (3, 4, 6, 8, 12, 16, 18, 24, 36, 40, 48, 72, 96)  # ticks, 24 to the beat
_CELLS: Final = {
    "one note": (0,),
    "two even": (0, 12),
    "three even": (0, 8, 16),
    "four even": (0, 6, 12, 18),
    "long and short": (0, 18),
    "short and long": (0, 6),
    "long and short of three": (0, 16),
    "short and long of three": (0, 8),
    "one and two": (0, 12, 18),
    "two and one": (0, 6, 12),
    "dotted of three": (0, 12, 16),
    "nothing": (),
}


def measured(sheet: Sheet) -> Figures:
    """Return the measures of a tune's rhythm."""
    notes = sheet.notes
    lengths = [note.length for note in notes]
    bars = sheet.bars
    cells = [cell for bar in bars for cell in bar.cells]
    rhythms = [bar.rhythm for bar in bars]
    found = shares("notes of ticks", lengths, _LENGTHS)
    found |= {
        f"beats with {words}, share": mean(cell == wanted for cell in cells)
        for words, wanted in _CELLS.items()
    }
    counts = [len(bar.notes) for bar in bars]
    found |= {
        "shortest note, ticks": min(lengths),
        "longest note, ticks": max(lengths),
        "mean length of a note, ticks": mean(lengths),
        "different lengths": len(set(lengths)),
        "entropy of lengths": entropy(lengths),
        "entropy of pairs of lengths": entropy(pairwise(lengths)),
        "entropy of beats' rhythms": entropy(cells),
        "entropy of pairs of beats' rhythms": entropy(pairwise(cells)),
        "different rhythms of beats": len(set(cells)),
        "different rhythms of bars, share": distinct(rhythms),
        "entropy of bars' rhythms": entropy(rhythms),
        "the commonest rhythm of a bar, share": max(map(rhythms.count, set(rhythms))) / len(rhythms),
        "the commonest rhythm of a beat, share": max(map(cells.count, set(cells))) / len(cells),
        "spread of notes a bar": spread(counts),
        "moves of notes a bar, mean": mean(abs(b - a) for a, b in pairwise(counts)),
        "notes held over a beat, share": mean(
            note.onset % 24 > 0 and note.onset % 24 + note.length > 24 for note in notes
        ),
        "beats on which a note begins, share": mean(0 in cell for cell in cells),
        "first beats on which a note begins, share": mean(0 in bar.cells[0] for bar in bars),
        "length of the first note of a bar, ticks": mean(bar.notes[0].length for bar in bars if bar.notes),
        "length of the last note of a bar, ticks": mean(bar.notes[-1].length for bar in bars if bar.notes),
        "a third of a beat or less, share": mean(length <= 8 for length in lengths),
        "less than a quarter of a beat, share": mean(length < 6 for length in lengths),
        "an eighth of a beat or less, share": mean(length <= 3 for length in lengths),
        "a beat or more, share": mean(length >= 24 for length in lengths),
        "longer than a beat, share": mean(length > 24 for length in lengths),
        "one beat's rhythm again in the next, share": mean(a == b for a, b in pairwise(cells)),
        "halves of a bar of one rhythm, share": mean(
            bar.cells[: bar.beats // 2] == bar.cells[bar.beats // 2 :] for bar in bars if bar.beats % 2 == 0
        ),
    }
    return found | _by_place(sheet)


def _by_place(sheet: Sheet) -> Figures:
    """Return how full the bars are by their place in the phrase, and how the phrases come to rest."""
    found: Figures = {}
    middle = mean(len(bar.notes) for bar in sheet.bars)
    for place in range(4):
        found[f"notes in bar {place + 1} of four, over the mean"] = (
            mean(
                len(bar.notes)
                for section in sheet.sections
                for at, bar in enumerate(section.bars)
                if at % 4 == place
            )
            - middle
        )
    fourth = [s.bars[at] for s in sheet.sections for at in range(3, len(s.bars) - 1, 4)]
    last = [s.bars[-1] for s in sheet.sections]
    for words, bars in (("bars 4", fourth), ("last bars of parts", last)):
        found[f"{words}: longest note, ticks"] = mean(
            max(n.length for n in bar.notes) for bar in bars if bar.notes
        )
        found[f"{words}: length of the last note, ticks"] = mean(
            bar.notes[-1].length for bar in bars if bar.notes
        )
        found[f"{words}: the last note begins on a beat, share"] = mean(
            bar.notes[-1].onset % 24 == 0 for bar in bars if bar.notes
        )
        found[f"{words}: notes"] = mean(len(bar.notes) for bar in bars)
    found["last bars of parts: two notes repeated at the end, share"] = mean(
        len(set(bar.pitches[-2:])) == 1 for bar in last if len(bar.pitches) > 1
    )
    found["last bars of parts: three of one note at the end, share"] = mean(
        len(set(bar.pitches[-3:])) == 1 for bar in last if len(bar.pitches) > 2
    )
    return found
