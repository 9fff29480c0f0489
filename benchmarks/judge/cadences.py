"""Measures of how parts begin and end, and of how the mode's own tonic is heard."""

from collections.abc import Iterable
from typing import Final

from benchmarks.judge.reckoning import Figures, entropy, mean, shares
from benchmarks.judge.sheet import Section, Sheet

# Semitones above the tonic, by degree; the third and others may be minor or major.
DEGREES: Final = {1: (0,), 2: (1, 2), 3: (3, 4), 4: (5, 6), 5: (7,), 6: (8, 9), 7: (10, 11)}
_DEGREE: Final = {semitone: degree for degree, all_of in DEGREES.items() for semitone in all_of}


def degrees(sheet: Sheet, pitches: Iterable[int | None]) -> list[int]:
    """Return the degrees of some pitches, 1 for the tonic; None is left out."""
    return [_DEGREE[sheet.above_tonic(pitch)] for pitch in pitches if pitch is not None]


def measured(sheet: Sheet) -> Figures:
    """Return the measures of a tune's ends, beginnings and tonic."""
    found = _weights(sheet)
    *inner, last = sheet.sections
    found |= _ends(sheet, "inner parts", inner)
    found |= _ends(sheet, "last part", [last])
    found |= _half_ends(sheet)
    found |= _starts(sheet)
    return found


def _weights(sheet: Sheet) -> Figures:
    everywhere = degrees(sheet, sheet.pitches)
    beats = degrees(sheet, [p for bar in sheet.bars for p in bar.on_beats])
    firsts = degrees(sheet, [bar.on_beats[0] for bar in sheet.bars])
    others = degrees(sheet, [p for bar in sheet.bars for p in bar.on_beats[1:]])
    lasts = degrees(sheet, [bar.pitches[-1] for bar in sheet.bars if bar.pitches])
    found: Figures = {}
    for words, found_degrees in (
        ("all notes", everywhere),
        ("on beats", beats),
        ("on first beats", firsts),
        ("on other beats", others),
        ("last of bars", lasts),
    ):
        found |= shares(f"{words}, share of degree", found_degrees, range(1, 8))
    found["entropy of first beats"] = entropy(firsts)
    heard = [d for bar in sheet.bars for d in degrees(sheet, bar.heard[:1])]
    found["the tonic's triad on first beats, share"] = mean(d in (1, 3, 5) for d in heard)
    found["the dominant's triad on first beats, share"] = mean(d in (5, 7, 2) for d in heard)
    low = [min(bar.pitches) for bar in sheet.bars if bar.pitches]
    found["lowest notes of bars that are the tonic, share"] = mean(d == 1 for d in degrees(sheet, low))
    sixth = [p for p in sheet.pitches if sheet.above_tonic(p) in (8, 9)]
    seventh = [p for p in sheet.pitches if sheet.above_tonic(p) in (10, 11)]
    found["sixths that are major, share"] = mean(sheet.above_tonic(p) == 9 for p in sixth)
    found["sevenths that are major, share"] = mean(sheet.above_tonic(p) == 11 for p in seventh)
    return found


def _ends(sheet: Sheet, words: str, sections: list[Section]) -> Figures:
    lines = [[n for bar in s.bars for n in bar.notes] for s in sections]
    finals = [line[-1] for line in lines]
    pitches = [note.pitch for note in finals]
    before = [line[-2].pitch for line in lines if len(line) > 1]
    into = [(line[-1].pitch or 0) - (line[-2].pitch or 0) for line in lines if len(line) > 1]
    found = shares(f"{words}: ending on degree", degrees(sheet, pitches), (1, 2, 3, 5, 7))
    found |= shares(f"{words}: last but one on degree", degrees(sheet, before), (1, 2, 3, 5, 7))
    beats = degrees(sheet, [s.bars[-1].heard[-1] for s in sections])
    found |= {
        f"{words}: tonic heard on the last beat, share": mean(d == 1 for d in beats),
        f"{words}: tonic on the last bar's first beat, share": mean(
            d == 1 for d in degrees(sheet, [s.bars[-1].on_beats[0] for s in sections])
        ),
        f"{words}: into the end by step, share": mean(1 <= abs(step) <= 2 for step in into),
        f"{words}: into the end from above, share": mean(step < 0 for step in into),
        f"{words}: into the end by a leap, share": mean(abs(step) >= 5 for step in into),
        f"{words}: the same note at the end, share": mean(step == 0 for step in into),
        f"{words}: length of the last note, ticks": mean(note.length for note in finals),
        f"{words}: height of the last note": mean(
            (note.pitch or 0) - 60 - sheet.key.pitch_class for note in finals
        ),
        f"{words}: dominant's triad in the bar before, share": mean(
            d in (5, 7, 2) for s in sections for d in degrees(sheet, s.bars[-2].pitches)
        ),
    }
    return found


def _half_ends(sheet: Sheet) -> Figures:
    bars = [s.bars[at] for s in sheet.sections for at in range(3, len(s.bars) - 1, 4)]
    lasts = degrees(sheet, [bar.pitches[-1] for bar in bars if bar.pitches])
    found = shares("bars 4: ending on degree", lasts, range(1, 8))
    found |= shares(
        "bars 4: first beat on degree", degrees(sheet, [b.on_beats[0] for b in bars]), (1, 2, 3, 5)
    )
    return found


def _starts(sheet: Sheet) -> Figures:
    firsts = degrees(sheet, [s.bars[0].on_beats[0] for s in sheet.sections])
    found = shares("first bars of parts: first beat on degree", firsts[:1], (1, 3, 5))
    found |= shares("first bars of later parts: first beat on degree", firsts[1:], (1, 3, 5))
    picked = degrees(sheet, [s.pickup[-1].pitch for s in sheet.sections if s.pickup])
    found |= shares("pickups: last note on degree", picked, (1, 2, 5, 7))
    found["parts beginning on one note, share"] = mean(d == firsts[0] for d in firsts[1:]) if firsts else 0.0
    second = degrees(sheet, [s.bars[1].on_beats[0] for s in sheet.sections])
    found |= shares("second bars of parts: first beat on degree", second, (1, 2, 5))
    return found
