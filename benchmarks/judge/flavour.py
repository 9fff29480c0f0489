"""Whether a model's tunes are of one flavour: how much two tunes of a type have in common, beside print."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations, pairwise

from benchmarks.judge.reckoning import mean
from benchmarks.judge.sheet import Sheet

_FIGURE = 4  # intervals


def figures(sheet: Sheet) -> frozenset[tuple[int, ...]]:
    """Return the figures of four intervals that a tune has."""
    steps = [b - a for a, b in pairwise(sheet.pitches)]
    return frozenset(tuple(steps[at : at + _FIGURE]) for at in range(len(steps) - _FIGURE + 1))


def in_common(sheets: Sequence[Sheet]) -> float:
    """Return the share of their figures that two tunes of a type have in common, the mean over all pairs."""
    by_type: defaultdict[str, list[frozenset[tuple[int, ...]]]] = defaultdict(list)
    for sheet in sheets:
        by_type[sheet.dance].append(figures(sheet))
    return mean(
        len(one & other) / max(1, len(one | other))
        for members in by_type.values()
        for one, other in combinations(members, 2)
    )
