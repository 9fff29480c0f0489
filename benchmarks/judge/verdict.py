"""Telling drawn tunes from printed ones: two learners, five folds by tune, and how often they are right."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from benchmarks.judge.reckoning import Figures

Floats = NDArray[np.float64]
FOLDS: Final = 5
ENOUGH: Final = 20  # printed tunes of a type, or it is stated apart
_SHRINK: Final = 5.0  # tunes' worth of the mean over all types, in the mean of one


@dataclass(frozen=True)
class Case:
    """Tunes to be told apart.

    Attributes:
        names: of the measures.
        values: (tunes, measures), NaN where a measure says nothing.
        drawn: (tunes,) True for those that are to be found out.
        types: of each tune.
        groups: of each tune; a group is judged as one, by learners that saw none of it.
    """

    names: tuple[str, ...]
    values: Floats
    drawn: NDArray[np.bool_]
    types: tuple[str, ...]
    groups: tuple[int, ...]


@dataclass(frozen=True)
class Verdict:
    """How well tunes are told apart; 0.5 is not at all, 1 always.

    Attributes:
        auc: of both learners together.
        logistic: of logistic regression.
        boosting: of gradient boosting.
        by_type: of both, within each type that has enough tunes.
        scores: (tunes,) of both.
    """

    auc: float
    logistic: float
    boosting: float
    by_type: dict[str, float]
    scores: Floats


def case_of(
    printed: Sequence[Figures], drawn: Sequence[Figures], types: Sequence[str], groups: Sequence[int]
) -> Case:
    """Put the measures of printed tunes and of drawn ones with the same headers side by side.

    Args:
        printed: measures of the printed tunes.
        drawn: of the drawn ones, in the same order.
        types: of the printed tunes.
        groups: likewise.
    """
    every = (*printed, *drawn)
    names = tuple(dict.fromkeys(name for figures in every for name in figures))
    values = np.array([[figures.get(name, np.nan) for name in names] for figures in every], np.float64)
    found = np.arange(len(every)) >= len(printed)
    return Case(names, values, found, (*types, *types), (*groups, *groups))


def by_type(values: Floats, learn: NDArray[np.intp], types: Sequence[str]) -> Floats:
    """Return values less the mean of their type, which is that of the tunes to learn from."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, dance in enumerate(types):
        places[dance].append(place)
    known = set(learn.tolist())
    with np.errstate(invalid="ignore", divide="ignore"):
        overall = _mean(values[learn], np.zeros(values.shape[1]), 0.0)
        centred = values.copy()
        for own in places.values():
            seen = [place for place in own if place in known]
            centred[own] -= _mean(values[seen], overall, _SHRINK)
    return centred


def _mean(values: Floats, towards: Floats, weight: float) -> Floats:
    there = ~np.isnan(values)
    sums = np.where(there, values, 0).sum(axis=0) + weight * np.nan_to_num(towards)
    counts = there.sum(axis=0) + weight
    return np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0)


def judge(case: Case, columns: Sequence[int] | None = None, *, boost: bool = True) -> Verdict:
    """Tell tunes apart, each by learners that saw no tune of its group.

    Args:
        case: the tunes.
        columns: the measures to look at; None for all.
        boost: whether gradient boosting is asked, too.
    """
    values = case.values if columns is None else case.values[:, list(columns)]
    labels = case.drawn.astype(int)
    linear, boosted = np.zeros(len(labels)), np.zeros(len(labels))
    folds = GroupKFold(FOLDS, shuffle=True, random_state=1)
    with threadpool_limits(1):  # on a busy machine, threads that wait for each other take minutes
        for learn, ask in folds.split(values, labels, case.groups):
            _learn_and_ask(case, values, labels, (learn, ask), linear, boosted if boost else None)
    scores = linear + boosted
    return Verdict(
        auc(case.drawn, scores),
        auc(case.drawn, linear),
        auc(case.drawn, boosted) if boost else float("nan"),
        _by_type(case, scores),
        scores,
    )


def _learn_and_ask(
    case: Case,
    values: Floats,
    labels: NDArray[np.int_],
    fold: tuple[NDArray[np.intp], NDArray[np.intp]],
    linear: Floats,
    boosted: Floats | None,
) -> None:
    """Fill in the scores of one fold; the tunes to learn from come first."""
    learn, ask = fold
    centred = by_type(values, learn, case.types)
    useful = np.array([_varies(column) for column in centred[learn].T])
    centred = centred[:, useful]
    logistic = make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression(C=0.003, max_iter=2000))
    logistic.fit(centred[learn], labels[learn])
    linear[ask] = _even(logistic.decision_function(centred[ask]))
    if boosted is not None:
        trees = HistGradientBoostingClassifier(
            max_iter=120, learning_rate=0.08, max_leaf_nodes=8, min_samples_leaf=12,
            l2_regularization=2.0, max_features=0.3, random_state=1,
        )  # fmt: skip
        trees.fit(centred[learn], labels[learn])
        boosted[ask] = _even(trees.decision_function(centred[ask]))


def _varies(values: Floats) -> bool:
    """Tell whether a measure says anything at all."""
    there = values[~np.isnan(values)]
    return len(there) > 1 and float(np.ptp(there)) > 1e-9


def _even(scores: Floats) -> Floats:
    """Return a fold's scores on a scale that is the same for all folds and learners."""
    return (scores - scores.mean()) / (scores.std() + 1e-9)


def auc(drawn: NDArray[np.bool_], scores: Floats) -> float:
    """Return how often a drawn tune has the higher score of a pair; NaN without two kinds."""
    if drawn.all() or not drawn.any():
        return float("nan")
    return float(roc_auc_score(drawn, scores))


def _by_type(case: Case, scores: Floats) -> dict[str, float]:
    found = {}
    for dance in dict.fromkeys(case.types):
        mine = np.array([own == dance for own in case.types])
        if (mine & ~case.drawn).sum() >= ENOUGH:
            found[dance] = auc(case.drawn[mine], scores[mine])
    return found


def halves(case: Case, seed: int) -> Case:
    """Return the printed tunes alone, every other family of each type taken for drawn: the judge's zero."""
    printed = np.flatnonzero(~case.drawn)
    order = np.random.default_rng(seed).permutation(sorted({case.groups[place] for place in printed}))
    main = {
        group: next(case.types[p] for p in printed if case.groups[p] == group) for group in order.tolist()
    }
    turn: defaultdict[str, int] = defaultdict(int)
    taken = set()
    for group in order.tolist():
        turn[main[group]] += 1
        if turn[main[group]] % 2:
            taken.add(group)
    return Case(
        case.names,
        case.values[printed],
        np.array([case.groups[place] in taken for place in printed]),
        tuple(case.types[place] for place in printed),
        tuple(case.groups[place] for place in printed),
    )
