"""Measures of the harmony that a tune implies: the triad that fits each bar best, and how triads follow."""

from collections import Counter
from itertools import pairwise
from typing import Final

from benchmarks.judge.cadences import degrees
from benchmarks.judge.reckoning import Figures, distinct, mean, shares
from benchmarks.judge.sheet import Measure, Sheet

_TRIADS: Final = {root: {(root - 1 + up) % 7 + 1 for up in (0, 2, 4)} for root in (1, 5, 4, 2, 6, 7, 3)}


def chord(sheet: Sheet, bar: Measure) -> tuple[int, float]:
    """Return the degree of the triad that fits a bar best, and the share of its time that is in the triad."""
    weights: Counter[int] = Counter()
    for note in bar.notes:
        weight = note.length * (2 if note.onset == 0 else 1)
        weights[degrees(sheet, [note.pitch])[0]] += weight
    total = weights.total() or 1
    fits = {root: sum(weights[d] for d in triad) / total for root, triad in _TRIADS.items()}
    best = max(fits, key=lambda root: fits[root])  # of equals the first, which is the commoner
    return best, fits[best]


def measured(sheet: Sheet) -> Figures:
    """Return the measures of a tune's harmony."""
    bars = [[chord(sheet, bar) for bar in s.bars] for s in sheet.sections]
    roots = [root for own in bars for root, _ in own]
    moves = [pair for own in bars for pair in pairwise([root for root, _ in own])]
    found = shares("bars on the triad of degree", roots, range(1, 8))
    found |= shares(
        "triads that follow", moves, [(1, 5), (5, 1), (1, 4), (4, 1), (4, 5), (1, 1), (5, 5), (7, 1)]
    )
    found |= {
        "time of a bar within its triad, mean": mean(fit for own in bars for _, fit in own),
        "triads that stay, share": mean(a == b for a, b in moves),
        "different triads": len(set(roots)),
        "different steps of triads, share": distinct(moves),
        "last bars on the tonic's triad, share": mean(own[-1][0] == 1 for own in bars),
        "last bars but one on the dominant's triad, share": mean(own[-2][0] in (5, 7) for own in bars),
        "ends of parts from dominant to tonic, share": mean(
            own[-2][0] in (5, 7) and own[-1][0] == 1 for own in bars
        ),
        "first bars on the tonic's triad, share": mean(own[0][0] == 1 for own in bars),
        "bars 4 on the tonic's triad, share": mean(own[3][0] == 1 for own in bars if len(own) > 4),
        "bars 4 on the dominant's triad, share": mean(own[3][0] in (5, 7) for own in bars if len(own) > 4),
        "halves of parts with one row of triads, share": mean(
            a[0] == b[0] for own in bars for a, b in zip(own, own[len(own) // 2 :], strict=False)
        ),
    }
    return found
