"""Measures of the line: intervals, leaps and what follows them, figures, range, contour, variety."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import isnan

from benchmarks.judge.reckoning import Figures, distinct, entropy, mean, runs_of, shares, spread
from benchmarks.judge.sheet import Sheet

_FOURTH = 5  # semitones
_FAR = 13


def measured(sheet: Sheet) -> Figures:
    """Return the measures of a tune's line."""
    pitches = sheet.pitches
    steps = [b - a for a, b in pairwise(pitches)]
    found = _intervals(steps)
    found |= _after_leaps(steps)
    found |= _figures(pitches, steps)
    found |= _range(sheet, pitches)
    found |= _contour(sheet)
    found |= _variety(sheet, pitches, steps)
    return found


def _intervals(steps: Sequence[int]) -> Figures:
    bounded = [max(-_FAR, min(_FAR, step)) for step in steps]
    found = shares("interval of semitones", bounded, [s for s in range(-12, 13) if abs(s) != 11])
    sizes = [abs(step) for step in steps]
    found["mean interval, semitones"] = mean(sizes)
    found["spread of intervals"] = spread(steps)
    found["intervals that are steps, share"] = mean(1 <= s <= 2 for s in sizes)
    found["intervals that are thirds, share"] = mean(3 <= s <= 4 for s in sizes)
    found["leaps of a fourth or more, share"] = mean(s >= _FOURTH for s in sizes)
    found["leaps of a sixth or more, share"] = mean(s >= 8 for s in sizes)
    found["leaps of more than an octave, share"] = mean(s > 12 for s in sizes)
    found["largest leap, semitones"] = max(sizes, default=0)
    found["rising intervals, share"] = mean(step > 0 for step in steps)
    found["notes repeated at once, share"] = mean(step == 0 for step in steps)
    return found


def _after_leaps(steps: Sequence[int]) -> Figures:
    after = [(a, b) for a, b in pairwise(steps) if abs(a) >= _FOURTH]
    large = [(a, b) for a, b in after if abs(a) >= 8]
    return {
        "after a leap: back by step, share": mean(1 <= abs(b) <= 2 and a * b < 0 for a, b in after),
        "after a leap: back, share": mean(a * b < 0 for a, b in after),
        "after a leap: the same note again, share": mean(b == 0 for _, b in after),
        "after a leap: on the same way, share": mean(a * b > 0 for a, b in after),
        "after a leap: another leap, share": mean(abs(b) >= _FOURTH for _, b in after),
        "after a large leap: back, share": mean(a * b < 0 for a, b in large),
        "after a large leap: a large leap back, share": mean(abs(b) >= 8 for _, b in large),
        "before a leap: a step, share": mean(
            1 <= abs(a) <= 2 for a, b in pairwise(steps) if abs(b) >= _FOURTH
        ),
    }


def _figures(pitches: Sequence[int], steps: Sequence[int]) -> Figures:
    turns = [(a > 0) - (a < 0) for a in steps]
    threes = list(zip(pitches, pitches[1:], pitches[2:], strict=False))
    chordal = [a * b > 0 and 3 <= abs(a) <= _FOURTH and 3 <= abs(b) <= _FOURTH for a, b in pairwise(steps)]
    scales = runs_of([1 <= abs(s) <= 2 for s in steps])
    falling = runs_of([turn < 0 for turn in turns])
    rising = runs_of([turn > 0 for turn in turns])
    return {
        "turns of direction, share": mean(a * b < 0 for a, b in pairwise(turns)),
        "there and back to the same note, share": mean(a == c != b for a, b, c in threes),
        "neighbour notes, share": mean(a == c and 1 <= abs(a - b) <= 2 for a, b, c in threes),
        "broken chords, share": mean(chordal),
        "longest broken chord": max(runs_of(chordal), default=0),
        "runs by step, mean length": mean(scales),
        "runs by step, longest": max(scales, default=0),
        "rising runs, mean length": mean(rising),
        "rising runs, longest": max(rising, default=0),
        "falling runs, mean length": mean(falling),
        "falling runs, longest": max(falling, default=0),
        "zigzags of three leaps, share": mean(
            a * b < 0 and b * c < 0 and min(abs(a), abs(b), abs(c)) >= 3
            for a, b, c in zip(steps, steps[1:], steps[2:], strict=False)
        ),
    }


def _range(sheet: Sheet, pitches: Sequence[int]) -> Figures:
    tonic = 60 + sheet.key.pitch_class
    tops = [max(bar.pitches) for bar in sheet.bars if bar.pitches]
    lows = [min(bar.pitches) for bar in sheet.bars if bar.pitches]
    return {
        "range, semitones": max(pitches) - min(pitches),
        "lowest note": min(pitches),
        "highest note": max(pitches),
        "mean pitch": mean(pitches),
        "spread of pitches": spread(pitches),
        "lowest note above the tonic": min(pitches) - tonic,
        "highest note above the tonic": max(pitches) - tonic,
        "range of a bar, mean": mean(top - low for top, low in zip(tops, lows, strict=True)),
        "range of a bar, spread": spread(top - low for top, low in zip(tops, lows, strict=True)),
        "bars that reach the highest note, share": mean(top == max(tops) for top in tops),
        "how often the highest note comes": mean(pitch == max(pitches) for pitch in pitches),
        "how often the lowest note comes": mean(pitch == min(pitches) for pitch in pitches),
    }


def _contour(sheet: Sheet) -> Figures:
    found: Figures = {}
    heights = [[mean(bar.pitches) for bar in section.bars] for section in sheet.sections]
    middles = [mean(own) for own in heights]
    for quarter in range(4):
        found[f"height of quarter {quarter + 1} of a part over its mean"] = mean(
            mean(h for h in own[quarter * len(own) // 4 : (quarter + 1) * len(own) // 4] if not isnan(h))
            - middle
            for own, middle in zip(heights, middles, strict=True)
            if len(own) >= 4
        )
    peaks = [own.index(max(own)) / len(own) for own in heights]
    found["where in a part the highest bar is"] = mean(peaks)
    tops = [max(p for bar in section.bars for p in bar.pitches) for section in sheet.sections]
    if len(middles) > 1:
        found["second part over the first, semitones"] = middles[1] - middles[0]
        found["top of the second part over the first's"] = tops[1] - tops[0]
        found["parts apart in height"] = spread(middles)
    moves = list(_moves([h for own in heights for h in own]))
    found["mean move of the height from bar to bar"] = mean(map(abs, moves))
    beats = [p for bar in sheet.bars for p in bar.on_beats if p is not None]
    beat_steps = [b - a for a, b in pairwise(beats)]
    found["mean interval from beat to beat"] = mean(map(abs, beat_steps))
    found["beat to beat: steps, share"] = mean(1 <= abs(s) <= 2 for s in beat_steps)
    found["beat to beat: the same note, share"] = mean(s == 0 for s in beat_steps)
    found["beat to beat: leaps, share"] = mean(abs(s) >= _FOURTH for s in beat_steps)
    found["beat to beat: turns, share"] = mean(a * b < 0 for a, b in pairwise(beat_steps))
    firsts = [bar.pitches[0] for bar in sheet.bars if bar.pitches]
    found["first notes of bars: mean interval"] = mean(abs(b - a) for a, b in pairwise(firsts))
    found["first notes of bars: the same, share"] = mean(a == b for a, b in pairwise(firsts))
    offbeat = [s.pitch for bar in sheet.bars for s in bar.notes if s.onset % 24]
    found["notes off the beat over those on it, semitones"] = mean(p for p in offbeat if p) - mean(beats)
    return found


def _moves(heights: Sequence[float]) -> Iterator[float]:
    for a, b in pairwise(heights):
        if not isnan(b - a):
            yield b - a


def _variety(sheet: Sheet, pitches: Sequence[int], steps: Sequence[int]) -> Figures:
    scale = sheet.key.scale
    return {
        "different pitches": len(set(pitches)),
        "different notes of the scale": len({pitch % 12 for pitch in pitches}),
        "notes outside the scale, share": mean(pitch % 12 not in scale for pitch in pitches),
        "entropy of pitches": entropy(pitches),
        "entropy of notes of the scale": entropy(pitch % 12 for pitch in pitches),
        "entropy of intervals": entropy(steps),
        "entropy of pairs of intervals": entropy(pairwise(steps)),
        "different pairs of pitches, share": distinct(list(pairwise(pitches))),
        "different threes of pitches, share": distinct(list(_grams(pitches, 3))),
        "different fives of pitches, share": distinct(list(_grams(pitches, 5))),
        "different threes of intervals, share": distinct(list(_grams(steps, 3))),
        "different fours of intervals, share": distinct(list(_grams(steps, 4))),
        "the commonest pitch, share": max(pitches.count(p) for p in set(pitches)) / len(pitches),
        "notes a bar": mean(len(bar.notes) for bar in sheet.bars),
        "rests a bar": mean(len(bar.sounds) - len(bar.notes) for bar in sheet.bars),
    }


def _grams(things: Sequence[int], size: int) -> Iterator[tuple[int, ...]]:
    for at in range(len(things) - size + 1):
        yield tuple(things[at : at + size])
