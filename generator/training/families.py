"""Which tunes are one: doubles, settings of the same tune, and a split that keeps them together.

Two tunes are compared by the runs of intervals that they share, so that neither key nor meter nor
title matters; runs from beat to beat tell settings that are ornamented differently.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from generator.compose.titles import folded
from generator.music.melody import Line

NOTES: Final = 8  # intervals in a run from note to note
BEATS: Final = 7  # and from beat to beat
SAME: Final = 0.7  # share of the shorter tune's runs that makes the two a double
AKIN: Final = 0.2  # and that makes them settings of one tune
AKIN_BEATS: Final = 0.35
COMMON: Final = 40  # a run in more tunes than that tells nothing
GENERIC: Final = 4  # nor does a title of more tunes than that
LEAST: Final = 12  # runs that a tune must have to be compared


def doubles(lines: Sequence[Line]) -> frozenset[int]:
    """Indices of the tunes that repeat an earlier one, or one that is longer, in other words."""
    gone: set[int] = set()
    sizes = [len(line) for line in lines]
    for a, b, share in _akin([_runs(line.pitches, NOTES) for line in lines]):
        if share >= SAME and a not in gone and b not in gone:
            gone.add(a if sizes[a] * 5 < sizes[b] * 4 else b)
    return frozenset(gone)


def families(lines: Sequence[Line], titles: Sequence[str]) -> list[tuple[int, ...]]:
    """Group tunes by family, each sorted, in the order of their first tunes."""
    kin = _Kin(len(lines))
    for runs, least in (
        ([_runs(line.pitches, NOTES) for line in lines], AKIN),
        ([_runs(line.beats, BEATS) for line in lines], AKIN_BEATS),
    ):
        for a, b, share in _akin(runs):
            if share >= least:
                kin.join(a, b)
    named: defaultdict[str, list[int]] = defaultdict(list)
    for index, title in enumerate(titles):
        named[folded(title)].append(index)
    for name, same in named.items():
        if name and len(same) <= GENERIC:
            for index in same[1:]:
                kin.join(same[0], index)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for index in range(len(lines)):
        groups[kin.head(index)].append(index)
    return [tuple(group) for _, group in sorted(groups.items())]


def split_families(
    groups: Sequence[Sequence[int]], held_out: float, seed: int
) -> tuple[list[int], list[int]]:
    """Split tunes into training and held-out ones, no family in both; indices, sorted.

    Args:
        groups: the families.
        held_out: share of the tunes to hold out.
        seed: fixes the choice.
    """
    total = sum(len(group) for group in groups)
    order = list(range(len(groups)))
    Random(seed).shuffle(order)
    chosen: list[int] = []
    for number in order:
        if len(chosen) + len(groups[number]) <= held_out * total:
            chosen.extend(groups[number])
    out = set(chosen)
    return [index for group in groups for index in group if index not in out], sorted(chosen)


class _Kin:
    """Groups that grow together; the head of each is its lowest index."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def head(self, index: int) -> int:
        while self._above[index] != index:
            self._above[index] = self._above[self._above[index]]
            index = self._above[index]
        return index

    def join(self, a: int, b: int) -> None:
        a, b = sorted((self.head(a), self.head(b)))
        self._above[b] = a


def _runs(pitches: NDArray[np.int16], size: int) -> frozenset[int]:
    """Hashes of all runs of ``size`` intervals, octaves folded away."""
    steps = np.mod(np.diff(pitches.astype(np.int64)), np.int64(12)).astype(np.uint64)
    if len(steps) < size:
        return frozenset()
    windows = np.lib.stride_tricks.sliding_window_view(steps, size)
    numbers = windows @ (np.uint64(13) ** np.arange(size, dtype=np.uint64))
    flat = (windows == 0).sum(axis=1) > size // 2  # repeated notes tell nothing
    return frozenset(numbers[~flat].tolist())


def _akin(runs: Sequence[frozenset[int]]) -> Iterator[tuple[int, int, float]]:
    """Pairs that share runs, with the share of the one that has fewer; each pair once, in order."""
    where: defaultdict[int, list[int]] = defaultdict(list)
    for index, own in enumerate(runs):
        if len(own) >= LEAST:
            for run in own:
                where[run].append(index)
    shared: Counter[tuple[int, int]] = Counter()
    for places in where.values():
        if 1 < len(places) <= COMMON:
            shared.update(combinations(places, 2))
    for (a, b), count in sorted(shared.items()):
        yield a, b, count / min(len(runs[a]), len(runs[b]))
