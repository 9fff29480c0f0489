"""Choosing among candidates: not a known tune, not a known title, and the best of the rest.

The score of a candidate is :mod:`generator.compose.score`'s; here stands what needs to know other tunes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from generator.compose.novelty import Likeness, Novelty
from generator.compose.score import Draft, Score
from generator.compose.titles import tidied, will_do
from generator.music.tune import Tune

MOST_KNOWN_BARS: Final = 2.0  # that a new tune may share in a row with one known tune


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidate that is kept.

    Attributes:
        place: which of the drafts it was, from 0.
        score: of the draft, 0 to 1.
        tune: with a title that will do, which may come from another candidate, or ``""`` if none does.
        likeness: to the nearest known tune.
        known: whether it still repeats more than :data:`MOST_KNOWN_BARS` of that tune, so that it should
            be drawn again.
    """

    place: int
    score: float
    tune: Tune
    likeness: Likeness
    known: bool


@dataclass(frozen=True, slots=True)
class Quality:
    """What is asked of candidates.

    Attributes:
        score: of each by itself.
        novelty: the tunes that the model learnt from; None if it ships without an index.
    """

    score: Score
    novelty: Novelty | None = None

    def choose(self, drafts: Sequence[Draft]) -> Choice:
        """The best of the candidates that are new; if none is, the one that is least like a known tune.

        Raises:
            ValueError: if there is none.
        """
        likenesses = [self.likeness(draft.tune) for draft in drafts]
        new = [place for place, like in enumerate(likenesses) if like.bars <= MOST_KNOWN_BARS]
        least = min((like.bars for like in likenesses), default=0.0)
        places = new or [place for place, like in enumerate(likenesses) if like.bars == least]
        chosen, score = self.score.best([drafts[place] for place in places])
        place = places[chosen]
        tune = drafts[place].tune
        titles = [tidied(title) for title in (tune.title, *(draft.tune.title for draft in drafts))]
        title = next((title for title in titles if self.is_new_title(title)), "")
        tune = tune if title == tune.title else replace(tune, title=title)
        return Choice(place, score, tune, likenesses[place], not new)

    def likeness(self, tune: Tune) -> Likeness:
        """To the nearest of the tunes that the model learnt from."""
        return self.novelty.nearest(tune) if self.novelty else Likeness()

    def is_new_title(self, title: str) -> bool:
        """Whether a title can stand over a new tune."""
        return will_do(title, self.novelty.titles if self.novelty else ())
