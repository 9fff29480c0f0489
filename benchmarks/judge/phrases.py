"""Measures of what comes back: bars exactly, nearly, in rhythm, higher or lower, and where."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from benchmarks.judge.reckoning import Figures, mean, runs_of
from benchmarks.judge.sheet import Measure, Sheet

LAGS: Final = (1, 2, 4, 8, 12, 16)
_BEAT: Final = 24

Likeness = Callable[[Measure, Measure], float]


def exact(one: Measure, other: Measure) -> bool:
    """Tell whether two bars are alike note for note."""
    return one.sounds == other.sounds


def beats_alike(one: Measure, other: Measure) -> float:
    """Return the share of beats at which the same note begins in both."""
    pairs = list(zip(one.on_beats, other.on_beats, strict=False))
    return mean(a == b and a is not None for a, b in pairs)


def near(one: Measure, other: Measure) -> bool:
    """Tell whether two bars that differ have half their beats alike or more."""
    return not exact(one, other) and beats_alike(one, other) >= 0.5


def same_rhythm(one: Measure, other: Measure) -> bool:
    """Tell whether two bars have one rhythm."""
    return one.rhythm == other.rhythm


def moved(one: Measure, other: Measure) -> bool:
    """Tell whether one bar is the other higher or lower: one rhythm, and steps alike within a semitone."""
    if exact(one, other) or one.rhythm != other.rhythm or len(one.pitches) < 3:
        return False
    shifts = [b - a for a, b in zip(one.pitches, other.pitches, strict=False)]
    return (
        len(one.pitches) == len(other.pitches)
        and max(shifts) - min(shifts) <= 1
        and abs(sum(shifts)) > len(shifts)
    )


def same_contour(one: Measure, other: Measure) -> bool:
    """Tell whether two different bars of one rhythm rise and fall alike."""
    ways = [[(b > a) - (b < a) for a, b in pairwise(bar.pitches)] for bar in (one, other)]
    return not exact(one, other) and one.rhythm == other.rhythm and ways[0] == ways[1]


def first_half(one: Measure, other: Measure) -> bool:
    """Tell whether two different bars begin alike for half their length."""
    return not exact(one, other) and _half(one, 0) == _half(other, 0) != ()


def second_half(one: Measure, other: Measure) -> bool:
    """Tell whether two different bars end alike for half their length."""
    return not exact(one, other) and _half(one, 1) == _half(other, 1) != ()


def _half(bar: Measure, number: int) -> tuple[tuple[int | None, int], ...]:
    middle = bar.beats * _BEAT / 2
    return tuple((s.pitch, s.onset) for s in bar.sounds if (s.onset >= middle) == bool(number))


LIKENESSES: Final[dict[str, Likeness]] = {
    "exactly alike": exact,
    "nearly alike": near,
    "of one rhythm": same_rhythm,
    "moved up or down": moved,
    "of one contour": same_contour,
    "begun alike": first_half,
    "ended alike": second_half,
}


def measured(sheet: Sheet) -> Figures:
    """Return the measures of a tune's returns."""
    bars = sheet.bars
    found: Figures = {}
    for lag in LAGS:
        pairs = list(zip(bars, bars[lag:], strict=False))
        for words, like in LIKENESSES.items():
            found[f"bars {words}, {lag} back, share"] = mean(like(a, b) for a, b in pairs)
        found[f"beats alike, {lag} back, share"] = mean(beats_alike(a, b) for a, b in pairs)
    found |= _whole(sheet)
    found |= _within_parts(sheet)
    return found


def _whole(sheet: Sheet) -> Figures:
    bars, returns = sheet.bars, sheet.returns
    new = [bar for bar, back in zip(bars, returns, strict=True) if not back]
    nearly = [any(near(a, b) for a in bars[:at]) for at, b in enumerate(bars)]
    shifted = [any(moved(a, b) for a in bars[:at]) for at, b in enumerate(bars)]
    runs = runs_of(returns)
    keys = [bar.sounds for bar in bars]
    found = {
        "bars that return, share": mean(returns),
        "new bars that are nearly an earlier one, share": mean(
            n for n, back in zip(nearly, returns, strict=True) if not back
        ),
        "bars that are an earlier one moved, share": mean(shifted),
        "bars with an earlier bar's rhythm, share": mean(
            any(same_rhythm(a, b) for a in bars[:at]) for at, b in enumerate(bars)
        ),
        "bars begun like an earlier one, share": mean(
            any(first_half(a, b) for a in bars[:at]) for at, b in enumerate(bars)
        ),
        "bars ended like an earlier one, share": mean(
            any(second_half(a, b) for a in bars[:at]) for at, b in enumerate(bars)
        ),
        "returning bars in a row, mean": mean(runs),
        "returning bars in a row, most": max(runs, default=0),
        "returning bars that stand alone, share": mean(run == 1 for run in runs),
        "how often the commonest bar comes": max(keys.count(key) for key in set(keys)),
        "different bars": len(new),
        "returning bars that go on as they did before, share": mean(_goes_on(keys)),
    }
    for place in range(8):
        found[f"bar {place + 1} of eight returns, share"] = mean(
            back for section, flags in _flagged(sheet) for at, back in enumerate(flags) if at % 8 == place
        )
    return found


def _goes_on(keys: Sequence[object]) -> list[bool]:
    """Tell of each bar after a returning one whether it is what followed one of its earlier comings."""
    found = []
    for at in range(1, len(keys) - 1):
        followers = [keys[i + 1] for i in range(at) if keys[i] == keys[at]]
        if followers:
            found.append(keys[at + 1] in followers)
    return found


def _flagged(sheet: Sheet) -> list[tuple[int, Sequence[bool]]]:
    found, place = [], 0
    for number, section in enumerate(sheet.sections):
        found.append((number, sheet.returns[place : place + len(section.bars)]))
        place += len(section.bars)
    return found


def _within_parts(sheet: Sheet) -> Figures:
    parts = [section.bars for section in sheet.sections]
    even = [bars for bars in parts if len(bars) >= 4 and len(bars) % 2 == 0]
    halves = [(bars[: len(bars) // 2], bars[len(bars) // 2 :]) for bars in even]
    found: Figures = {
        "parts with a near return, share": mean(
            any(near(a, b) for at, b in enumerate(bars) for a in bars[:at]) for bars in parts
        ),
        "parts with an exact return, share": mean(
            any(exact(a, b) for at, b in enumerate(bars) for a in bars[:at]) for bars in parts
        ),
        "parts with a bar that is moved, share": mean(
            any(moved(a, b) for at, b in enumerate(bars) for a in bars[:at]) for bars in parts
        ),
    }
    for at in range(4):
        pairs = [(one[at], other[at]) for one, other in halves if len(one) > at]
        found[f"bar {at + 1} of the half part comes in its second half, share"] = mean(
            exact(*p) for p in pairs
        )
        found[f"bar {at + 1} of the half part: beats alike in the second half"] = mean(
            beats_alike(*p) for p in pairs
        )
    found["last bars of half parts: beats alike"] = mean(beats_alike(a[-1], b[-1]) for a, b in halves)
    first, *others = parts
    pairs = [(first[-at], bars[-at]) for bars in others for at in (1,)]
    before = [(first[-2], bars[-2]) for bars in others]
    found["last bars of parts exactly alike, share"] = mean(exact(*pair) for pair in pairs)
    found["last bars of parts: beats alike"] = mean(beats_alike(*pair) for pair in pairs)
    found["last bars but one of parts exactly alike, share"] = mean(exact(*pair) for pair in before)
    found["last bars but one of parts: beats alike"] = mean(beats_alike(*pair) for pair in before)
    found["last bars of parts of one rhythm, share"] = mean(same_rhythm(*pair) for pair in pairs)
    found["first bars of parts: beats alike"] = mean(beats_alike(first[0], bars[0]) for bars in others)
    found["first bars of parts of one rhythm, share"] = mean(
        same_rhythm(first[0], bars[0]) for bars in others
    )
    found["bars of later parts that were in the first, share"] = mean(
        any(exact(a, b) for a in first) for bars in others for b in bars
    )
    found["parts ending on one note, share"] = mean(
        first[-1].pitches[-1:] == bars[-1].pitches[-1:] for bars in others
    )
    return found
