"""By what the judge tells: the measures that part print from drawn tunes most, in plain words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.judge.verdict import Case, auc, by_type, judge


class Telling(NamedTuple):
    """A measure: how well it tells by itself within the types, and its mean on either side."""

    name: str
    auc: float
    printed: float
    drawn: float


def telling(case: Case) -> list[Telling]:
    """Return all measures, the most telling first."""
    centred = by_type(case.values, np.arange(len(case.drawn)), case.types)
    found = []
    for at, name in enumerate(case.names):
        there = ~np.isnan(centred[:, at])
        own = case.drawn[there]
        if own.sum() < 10 or (~own).sum() < 10:
            continue
        found.append(
            Telling(
                name,
                auc(own, centred[there, at]),
                float(case.values[there & ~case.drawn, at].mean()),
                float(case.values[there & case.drawn, at].mean()),
            )
        )
    return sorted(found, key=lambda each: -abs(each.auc - 0.5))


def by_group(case: Case, groups: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, float]]:
    """Yield how well each group of measures tells alone, by logistic regression."""
    for group, names in groups.items():
        wanted = set(names)
        columns = [at for at, name in enumerate(case.names) if name in wanted]
        yield group, judge(case, columns, boost=False).auc
