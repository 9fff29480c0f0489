"""Small sums that the measures share; nothing to be summed gives NaN, which the judge takes for unknown."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from math import log2, nan, sqrt

Figures = dict[str, float]


def mean(values: Iterable[float]) -> float:
    """Return the mean, NaN of nothing."""
    found = list(values)
    return sum(found) / len(found) if found else nan


def spread(values: Iterable[float]) -> float:
    """Return the standard deviation, NaN of fewer than two."""
    found = list(values)
    if len(found) < 2:
        return nan
    middle = sum(found) / len(found)
    return sqrt(sum((value - middle) ** 2 for value in found) / len(found))


def entropy(things: Iterable[Hashable]) -> float:
    """Return the entropy of what there is, in bits; NaN of nothing."""
    counts = Counter(things)
    total = counts.total()
    return -sum(n / total * log2(n / total) for n in counts.values()) if total else nan


def shares(name: str, things: Iterable[Hashable], wanted: Iterable[Hashable]) -> Figures:
    """Return the share of each wanted thing among all, each by a name of its own."""
    counts = Counter(things)
    total = counts.total()
    return {f"{name} {thing}": counts[thing] / total if total else nan for thing in wanted}


def distinct(things: Sequence[Hashable]) -> float:
    """Return how many of the things are different, as a share."""
    return len(set(things)) / len(things) if things else nan


def runs_of(flags: Sequence[bool]) -> list[int]:
    """Return how long the runs of True are."""
    found, length = [], 0
    for flag in (*flags, False):
        if flag:
            length += 1
        elif length:
            found.append(length)
            length = 0
    return found
