"""Training a model's critic: the printed tunes that it learnt against its own draws with their headers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from generator.compose.critic import PLACES, Critic, places
from generator.compose.critic_reading import Rows, beginning, read_by_bar
from generator.music.tune import Tune

PHRASE: Final = 2  # bars; candidates may be compared at the end of each
STRENGTHS: Final = (0.0003, 0.001)  # of belief in the tunes, to be compared: larger trusts them more
_BEGUN: Final = 0.6  # share of the tunes of which a beginning is seen besides
_KEPT_BACK: Final = 8  # one in so many printed tunes, with its draws, says how well it tells
_STEPS: Final = 100
_FLOOR: Final = 0.05  # below which the size of what is rare is not evened out

Read = tuple[Rows, NDArray[np.int16]]


@dataclass(frozen=True, slots=True)
class Fit:
    """What came of a training.

    Attributes:
        critic: that told best.
        auc: how often it told a printed tune kept back from a drawn one with the headers of such.
        begun: the same of beginnings, by their bars.
    """

    critic: Critic
    auc: float
    begun: dict[int, float]


def fit(
    printed: Sequence[Tune],
    drawn: Sequence[Sequence[Tune]],
    *,
    strengths: Sequence[float] = STRENGTHS,
    seed: int = 1,
) -> Fit:
    """Train a critic.

    Args:
        printed: tunes that the model learnt.
        drawn: rounds of draws, each with a tune for every printed one, in their order.
        strengths: to be compared.
        seed: fixes which tunes are kept back, and the beginnings.
    """
    random = np.random.default_rng(seed)
    rounds = [[read_by_bar(tune) for tune in tunes] for tunes in (printed, *drawn)]
    numbers = random.permutation(len(printed))
    back, learn = numbers[::_KEPT_BACK], np.setdiff1d(numbers, numbers[::_KEPT_BACK])
    seen, labels = list[Rows](), list[bool]()
    for side, own in enumerate(rounds):
        for rows in _seen([own[number] for number in learn], random):
            seen.append(rows)
            labels.append(side == 0)
    matrix, scale = _evened(seen)
    theirs = [rounds[0][number] for number in back]
    ours = [own[number] for own in rounds[1:] for number in back]
    fits = []
    for strength in strengths:
        critic = _learnt(matrix, labels, scale, strength)
        fits.append(Fit(critic, told(critic, _whole(theirs), _whole(ours)), {}))
    best = max(fits, key=lambda each: each.auc)
    begun = {bars: told(best.critic, _begun(theirs, bars), _begun(ours, bars)) for bars in (2, 4, 8, 12)}
    return Fit(best.critic, best.auc, begun)


def told(critic: Critic, printed: Sequence[Rows], drawn: Sequence[Rows]) -> float:
    """Return how often a printed tune has more of a critic's favour than a drawn one, 0 to 1."""
    theirs = np.array([critic.of_rows(rows) for rows in printed])
    ours = np.array([critic.of_rows(rows) for rows in drawn])
    more = (theirs[:, None] > ours).mean() + (theirs[:, None] == ours).mean() / 2
    return float(more)


def _whole(tunes: Sequence[Read]) -> list[Rows]:
    return [rows for rows, _ in tunes]


def _begun(tunes: Sequence[Read], bars: int) -> list[Rows]:
    return [beginning(rows, own, bars) for rows, own in tunes]


def _seen(tunes: Sequence[Read], random: np.random.Generator) -> Iterator[Rows]:
    """Yield each tune, and of some a beginning."""
    for rows, bars in tunes:
        yield rows
        phrases = int(bars.max(initial=0)) // PHRASE
        if phrases > 1 and random.random() < _BEGUN:
            begun = beginning(rows, bars, PHRASE * int(random.integers(1, phrases)))
            if len(begun):
                yield begun


def _evened(tunes: Sequence[Rows]) -> tuple[Any, NDArray[np.float32]]:
    """Return how often each pair comes a note (k, PLACES), sparse and evened, and by what it was divided."""
    from scipy import sparse  # noqa: PLC0415

    columns, counts, ends = list[Any](), list[Any](), [0]
    for rows in tunes:
        found, times = np.unique(places(rows), return_counts=True)
        columns.append(found)
        counts.append((times / len(rows)).astype(np.float32))
        ends.append(ends[-1] + len(found))
    shape = (len(tunes), PLACES)
    matrix = sparse.csr_matrix((np.concatenate(counts), np.concatenate(columns), ends), shape=shape)
    scale = np.sqrt(np.asarray(matrix.multiply(matrix).mean(axis=0)).ravel()) + np.float32(_FLOOR / 100)
    return matrix @ sparse.diags(1 / scale), scale.astype(np.float32)


def _learnt(matrix: Any, labels: Sequence[bool], scale: NDArray[np.float32], strength: float) -> Critic:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    model = LogisticRegression(C=strength, max_iter=_STEPS, class_weight="balanced")
    model.fit(matrix, np.array(labels))
    return Critic((model.coef_[0] / scale).astype(np.float32), float(model.intercept_[0]))
