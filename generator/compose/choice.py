"""Choose among candidates: not a known tune, not a known title, and the best of the rest; then finish it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from generator.compose.critic_reading import read
from generator.compose.loaded_model import LoadedModel, Planned
from generator.compose.novelty import Likeness, Novelty
from generator.compose.request import TuneRequest
from generator.compose.sampler import Candidate, Pause
from generator.compose.score import Draft, Score
from generator.compose.titles import plain_title, tidied, will_do
from generator.errors import ComposeError, FriendlyError
from generator.music.tune import Origin, Tune

MOST_ROUNDS: Final = 4  # in which candidates are drawn, where all before repeat a known tune
PHRASE: Final = 2  # bars after which candidates are compared
MOST_KNOWN_BARS: Final = 2.0  # that a new tune may share in a row with one known tune


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidate that is kept.

    Attributes:
        place: index of its draft.
        score: of the draft, 0 to 1.
        tune: with a title that will do, perhaps another candidate's, or ``""`` if none does.
        likeness: to the nearest known tune.
        known: whether it still repeats more than :data:`MOST_KNOWN_BARS` of that tune, so that others should
            be drawn.
    """

    place: int
    score: float
    tune: Tune
    likeness: Likeness
    known: bool


def choose(drafts: Sequence[Draft], score: Score, novelty: Novelty | None = None) -> Choice:
    """Choose the best of the drafts that are new; if none is, the one that is least like a known tune.

    Args:
        drafts: the candidates so far.
        score: judges each by itself.
        novelty: the tunes that the model learnt from; None if it ships without an index.

    Raises:
        ValueError: if there is no draft.
    """
    likenesses = [novelty.nearest(draft.tune) if novelty else Likeness() for draft in drafts]
    new = [place for place, like in enumerate(likenesses) if like.bars <= MOST_KNOWN_BARS]
    least = min((like.bars for like in likenesses), default=0.0)
    places = new or [place for place, like in enumerate(likenesses) if like.bars == least]
    chosen, points = score.best([drafts[place] for place in places])
    place = places[chosen]
    tune = drafts[place].tune
    known_titles = novelty.titles if novelty else ()
    titles = [tidied(title) for title in (tune.title, *(draft.tune.title for draft in drafts))]
    title = next((title for title in titles if will_do(title, known_titles)), "")
    tune = tune if title == tune.title else replace(tune, title=title)
    return Choice(place, points, tune, likenesses[place], not new)


class Judge:
    """Gathers the candidates of one request, round after round, and chooses among them."""

    def __init__(self, model: LoadedModel, plan: Planned, request: TuneRequest) -> None:
        """Begin without candidates.

        Args:
            model: that draws.
            plan: what it draws.
            request: settled.
        """
        self._model, self._plan, self._request = model, plan, request
        self._drafts: list[Draft] = []
        self._drawn = 0

    @property
    def pauses(self) -> tuple[int, ...]:
        """Return after how many bars candidates are to be compared, before their end.

        All go on from the one that is best so far: so a choice is made every few bars, at hardly more cost
        than one of whole tunes.
        """
        if self._model.score.critic is None or self._request.n == 1:
            return ()
        parts, bars = self._plan.form
        return tuple(range(PHRASE, parts * bars, PHRASE))

    def pick(self, candidates: Iterable[Candidate]) -> Pause | None:
        """Return where the best of some beginnings has stopped; None if none can be gone on from.

        One that repeats a known tune is picked only if all do.
        """
        critic, novelty = self._model.score.critic, self._model.novelty
        assert critic is not None
        found: list[tuple[float, int, Pause, Tune]] = []
        for candidate in candidates:
            if candidate.pause is None:
                continue
            try:
                tune = self._plan.begun(candidate.text)
            except FriendlyError:
                continue
            rows = read(tune, self._plan.form, self._plan.tonic, self._plan.dance_type)
            found.append((critic.of_rows(rows), -candidate.number, candidate.pause, tune))
        found.sort(reverse=True, key=lambda each: each[:2])
        for _, _, pause, tune in found:
            if novelty is None or novelty.nearest(tune).bars <= MOST_KNOWN_BARS:
                return pause
        return found[0][2] if found else None

    def choose(self, candidates: Iterable[Candidate]) -> Choice:
        """Choose among these candidates and all before them.

        Raises:
            ComposeError: if no tune came of any.
        """
        for candidate in sorted(candidates, key=lambda candidate: candidate.number):
            self._drawn += 1
            try:
                tune = self._plan.finish(candidate.text)
            except FriendlyError:
                continue
            self._drafts.append(Draft(tune, log_probability(candidate)))
        if not self._drafts:
            raise ComposeError("No tune came of it this time; please try again, or with another seed.")
        return choose(self._drafts, self._model.score, self._model.novelty)

    def finish(self, choice: Choice) -> Tune:
        """Return the chosen tune with a title, with chords or without as was asked, and its origin."""
        notes: dict[str, float | str] = {
            "score": round(choice.score, 4),
            "candidate": choice.place + 1,
            "candidates": self._drawn,
        }
        if self._model.novelty is not None:
            notes |= {"closest": choice.likeness.title, "closest_bars": choice.likeness.bars}
        asked = self._request.type
        if asked and self._model.types and asked.name not in self._model.types:
            notes["unlearnt"] = asked.name
        tune = choice.tune
        if self._model.titles is not None:
            known = self._model.novelty.titles if self._model.novelty else ()
            made = self._model.titles.title(Random(f"title {self._request.seed}"), known)
            tune = replace(tune, title=made or tune.title)
        if not tune.title:
            tune = replace(tune, title=plain_title(tune.rhythm, tune.key))
        if self._request.chords == "off":
            tune = tune.without_chords()
        elif self._model.harmoniser is not None:
            tune = self._model.harmoniser.dressed(tune)
        seed = self._request.seed
        assert seed is not None
        return replace(tune, origin=Origin(self._model.name, seed, self._request.temp, notes))


def log_probability(candidate: Candidate) -> float:
    """Return the natural logarithm of the probability of all that was drawn, at temperature 1."""
    return math.fsum(map(math.log, filter(None, candidate.probabilities.tolist())))
