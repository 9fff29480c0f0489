"""Best of n: what makes one candidate better than another.

Every measure is a number from 0 (poor) to 1 (as good as it gets); the score is their weighted
mean. They look at the tune as written, each bar once, since the form is the same for all
candidates of a request.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import exp
from types import MappingProxyType
from typing import Final

from generator.tune import Tune

Measure = Callable[["Draft"], float]
Figure = tuple[tuple[int | None, tuple[int, int]], ...]


@dataclass(frozen=True)
class Draft:
    """A candidate to be judged.

    Attributes:
        tune: what was drawn, as the user would get it.
        log_chance: natural logarithm of the probability of all that was drawn, at temperature 1.
    """

    tune: Tune
    log_chance: float

    @cached_property
    def figures(self) -> list[Figure]:
        """The bars as pitches and lengths (as ratios), without the short ones at the edges of a part."""
        return [
            tuple(
                [
                    (note.pitches[-1].midi if note.pitches else None, note.length.as_integer_ratio())
                    for note in bar.notes
                ]
            )
            for bar in self.tune.bars
            if bar.length >= bar.meter.bar
        ]

    @cached_property
    def pitches(self) -> list[int]:
        """The notes as written, without rests; MIDI numbers, of a chord the highest."""
        return [note.pitches[-1].midi for bar in self.tune.bars for note in bar.notes if note.pitches]


def likelihood(draft: Draft) -> float:
    """Geometric mean of the probability of a note, all its characters together.

    A tune that the network itself finds odd is seldom a good one. Real tunes lie about 0.1.
    """
    notes = sum(len(bar.notes) for bar in draft.tune.bars)
    return min(1.0, 4 * exp(draft.log_chance / max(notes, 1)))


def variety(draft: Draft) -> float:
    """How many different bars there are: full marks from five in eight, as most dances have."""
    bars = draft.figures
    return min(1.0, len(set(bars)) / max(len(bars), 1) / 0.6)


def returns(draft: Draft) -> float:
    """Bars that come back, in their notes or at least in their rhythm: what makes a tune memorable.

    Full marks where a fifth of the bars repeat an earlier one exactly and half of them its rhythm.
    """
    bars = draft.figures
    if len(bars) < 2:
        return 0.0
    rhythms = [tuple(length for _, length in bar) for bar in bars]
    same, alike = (1 - len(set(kind)) / len(kind) for kind in (bars, rhythms))
    return (min(1.0, same / 0.2) + min(1.0, alike / 0.5)) / 2


def contour(draft: Draft) -> float:
    """A line that goes somewhere: its range, and few notes that stay where they are.

    Full marks for an octave and more with at most one repeated note in six.
    """
    pitches = draft.pitches
    if len(pitches) < 2:
        return 0.0
    stays = sum(a == b for a, b in pairwise(pitches)) / (len(pitches) - 1)
    return min(1.0, (max(pitches) - min(pitches)) / 12) * min(1.0, (1 - stays) / (5 / 6))


def ending(draft: Draft) -> float:
    """Whether the last note is the tonic: the tune comes home."""
    return float(draft.pitches[-1:] != [] and draft.pitches[-1] % 12 == draft.tune.key.pitch_class)


@dataclass(frozen=True, slots=True)
class Score:
    """A weighted mean of measures.

    Attributes:
        weights: by measure.
    """

    weights: Mapping[Measure, float]

    def with_measure(self, measure: Measure, weight: float) -> "Score":
        """One measure more, such as the distance to known tunes."""
        return Score(MappingProxyType({**self.weights, measure: weight}))

    def __call__(self, draft: Draft) -> float:
        """The score of a candidate, 0 to 1."""
        total = sum(self.weights.values())
        return sum(weight * measure(draft) for measure, weight in self.weights.items()) / total

    def best(self, drafts: Sequence[Draft]) -> tuple[int, float]:
        """Which candidate is best, the first of equals, and its score.

        Raises:
            ValueError: if there is none.
        """
        scores = [self(draft) for draft in drafts]
        place = max(range(len(scores)), key=scores.__getitem__)
        return place, scores[place]


PLAIN: Final = Score(
    MappingProxyType({likelihood: 2.0, variety: 1.0, returns: 1.0, contour: 1.0, ending: 1.0})
)
