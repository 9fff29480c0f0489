"""From what was drawn to the tune that is given: candidates heard, the best new one chosen and dressed."""

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from generator.compose.loaded_model import LoadedModel, Planned
from generator.compose.quality import Choice, Quality
from generator.compose.request import TuneRequest
from generator.compose.sampler import Candidate
from generator.compose.score import Draft
from generator.compose.titles import plain_title
from generator.errors import ComposeError, FriendlyError
from generator.music.tune import Origin, Tune

MOST_ROUNDS: Final = 4  # in which candidates are drawn, where all before repeat a known tune


class Judge:
    """Hears the candidates of one request, round after round."""

    def __init__(self, model: LoadedModel, plan: Planned, request: TuneRequest) -> None:
        """Begin with nothing heard.

        Args:
            model: the model that draws.
            plan: what it draws.
            request: settled.
        """
        self._model, self._plan, self._request = model, plan, request
        self._quality = Quality(model.score, model.novelty)
        self._drafts: list[Draft] = []
        self._heard = 0

    def hear(self, candidates: Iterable[Candidate]) -> Choice:
        """The best of these candidates and of all before them.

        Raises:
            ComposeError: if no tune came of any.
        """
        for candidate in sorted(candidates, key=lambda candidate: candidate.number):
            self._heard += 1
            try:
                tune = self._plan.finish(candidate.text)
            except FriendlyError:
                continue
            self._drafts.append(Draft(tune, log_probability(candidate)))
        if not self._drafts:
            raise ComposeError("No tune came of it this time; please try again, or with another seed.")
        return self._quality.choose(self._drafts)

    def tune(self, choice: Choice) -> Tune:
        """The chosen tune with a title, with chords or without as was asked, and how it came about."""
        notes: dict[str, float | str] = {
            "score": round(choice.score, 4),
            "candidate": choice.place + 1,
            "candidates": self._heard,
        }
        if self._model.novelty is not None:
            notes |= {"closest": choice.likeness.title, "closest_bars": choice.likeness.bars}
        tune = choice.tune
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
    """Natural logarithm of the probability of all that was drawn, at temperature 1."""
    return math.fsum(map(math.log, filter(None, candidate.probabilities.tolist())))
