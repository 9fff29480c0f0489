"""Best of n: what makes one candidate better than another.

Every measure is a number from 0 (poor) to 1 (as good as it gets); the score is their weighted
mean. They look at the tune as written, each bar once, since the form is the same for all
candidates of a request. The weights come from printed tunes: ``python -m benchmarks.weights``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from math import exp
from types import MappingProxyType
from typing import Final

from generator.compose.critic import Critic
from generator.music.dances import Meter
from generator.music.notation import Bar, Rhythm
from generator.music.parts import parts_of
from generator.music.tune import Tune

Measure = Callable[["Draft"], float]
Beats = frozenset[tuple[int, int | None]]  # beats of a bar with MIDI numbers, None for a rest
Figure = tuple[tuple[int | None, tuple[int, int]], ...]


def _beats(bar: Bar) -> Beats:
    """Return what begins on the beats of a bar."""
    notes = [(bar.notes[number], beat) for number, beat in _on_beats(bar.rhythm, bar.meter)]
    return frozenset([(beat, note.pitches[-1].midi if note.pitches else None) for note, beat in notes])


@lru_cache(2**12)  # bars have few rhythms
def _on_beats(rhythm: Rhythm, meter: Meter) -> tuple[tuple[int, int], ...]:
    """Return which notes of a bar begin on its beats, and on which ones."""
    ends = accumulate([Fraction(*ratio) for ratio in rhythm], initial=Fraction(0))
    starts = list(ends)[:-1]
    return tuple(
        [(number, int(at // meter.beat)) for number, at in enumerate(starts) if at % meter.beat == 0]
    )


@dataclass(frozen=True)
class Draft:
    """A candidate to be judged.

    Attributes:
        tune: what was drawn, as the user would get it.
        log_probability: natural logarithm of the probability of all that was drawn, at temperature 1.
    """

    tune: Tune
    log_probability: float

    @cached_property
    def figures(self) -> list[Figure]:
        """List the bars as pitches and lengths (as ratios), without the short ones at the edges of a part."""
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
    def parts(self) -> list[list[Beats]]:
        """Return the bars of each part, without pickups and second endings, as the notes on their beats."""
        parts = [[*part.bars[part.pickup > 0 :], *part.first] for part in parts_of(self.tune)]
        return [[_beats(bar) for bar in bars] for bars in parts if bars]

    @cached_property
    def pitches(self) -> list[int]:
        """Return the notes as written, without rests; MIDI numbers, of a chord the highest."""
        return [note.pitches[-1].midi for bar in self.tune.bars for note in bar.notes if note.pitches]


def likelihood(draft: Draft) -> float:
    """Geometric mean of the probability of a note, all its characters together.

    A tune that the network itself finds odd is seldom a good one. Full marks from 0.18: a tune
    likelier than that is not odd (printed tunes that it never saw get 0.29 from the default model).
    """
    notes = sum(len(bar.notes) for bar in draft.tune.bars)
    return min(1.0, exp(draft.log_probability / max(notes, 1)) / 0.18)


def variety(draft: Draft) -> float:
    """Return how many different bars there are: full marks from five in eight, as most dances have."""
    bars = draft.figures
    return min(1.0, len(set(bars)) / max(len(bars), 1) / 0.6)


def contour(draft: Draft) -> float:
    """Return a line that goes somewhere: its range, and few notes that stay where they are.

    Full marks for an octave and more with at most one repeated note in six.
    """
    pitches = draft.pitches
    if len(pitches) < 2:
        return 0.0
    stays = sum(a == b for a, b in pairwise(pitches)) / (len(pitches) - 1)
    return min(1.0, (max(pitches) - min(pitches)) / 12) * min(1.0, (1 - stays) / (5 / 6))


def cadence(draft: Draft) -> float:
    """Return how the tune comes home: to its tonic, from a neighbouring note, and with a beat to rest.

    Half for the step (full marks up to a whole tone, none from a fifth on), half for the length; half of
    all that where the last note is not the tonic.
    """
    if len(draft.pitches) < 2:
        return 0.0
    before, last = draft.pitches[-2:]
    near = min(1.0, max(0, 7 - abs(last - before)) / 5)
    rest = min(1.0, float(draft.tune.bars[-1].notes[-1].length / draft.tune.meter.beat))
    home = last % 12 == draft.tune.key.pitch_class
    return (near + rest) / (2 if home else 4)


def answer(draft: Draft) -> float:
    """Phrases that answer each other: how much of a part's first bar begins its second half, too."""
    halves = [(part[0], part[len(part) // 2]) for part in draft.parts if len(part) > 3]
    return sum(alike(*pair) for pair in halves) / max(len(halves), 1)


def rhyme(draft: Draft) -> float:
    """Parts that end alike: how much of the first one's last bar the others have in theirs."""
    first, *others = draft.parts or [[]]
    if not others:
        return 0.0
    return sum(alike(first[-1], part[-1]) for part in others) / len(others)


def alike(one: Beats, other: Beats) -> float:
    """Return the share of beats at which the same note begins in both bars, of those of the fuller one."""
    return len(one & other) / max(len(one), len(other), 1)


@dataclass(frozen=True, slots=True)
class Score:
    """A weighted mean of measures, or what a critic says.

    Attributes:
        weights: by measure.
        critic: all that counts where there is one.
    """

    weights: Mapping[Measure, float]
    critic: Critic | None = None

    def __call__(self, draft: Draft) -> float:
        """Return the score of a candidate, 0 to 1."""
        if self.critic is not None:
            return 1 / (1 + exp(-max(-50.0, min(50.0, self.critic(draft.tune)))))
        total = sum(self.weights.values())
        return sum(weight * measure(draft) for measure, weight in self.weights.items()) / total

    def best(self, drafts: Sequence[Draft]) -> tuple[int, float]:
        """Return which candidate is best, the first of equals, and its score.

        Raises:
            ValueError: if there is none.
        """
        scores = [self(draft) for draft in drafts]
        place = max(range(len(scores)), key=scores.__getitem__)
        return place, scores[place]


# The regression, in which no weight may be below 0, gives the first three nothing: at most temperatures drawn
# tunes are likelier than printed ones, and about as varied and as far-ranging. They keep a little, for
# candidates that are poor in them.
PLAIN: Final = Score(
    MappingProxyType({likelihood: 0.25, variety: 0.25, contour: 0.25, cadence: 2.5, answer: 2.0, rhyme: 1.25})
)
