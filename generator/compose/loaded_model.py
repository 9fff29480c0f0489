"""A model made ready to play: from a request to the text that is drawn, and back to a tune."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from generator.compose.critic import Critic
from generator.compose.harmoniser import Harmoniser
from generator.compose.novelty import Novelty
from generator.compose.request import TuneRequest
from generator.compose.sampler import Sampler
from generator.compose.score import PLAIN, Score
from generator.compose.title_maker import TitleMaker
from generator.music.dances import DANCES
from generator.music.keys import Key
from generator.music.tune import Tune
from generator.network import SLOTS, engine_maker


class Planned(Protocol):
    """What a request comes to; see :class:`generator.compose.plan.Plan`."""

    @property
    def prompt(self) -> str:
        """Text that is fed before the draw."""

    @property
    def form(self) -> tuple[int, int]:
        """How many parts the tune has, and the bars of each."""

    @property
    def dance_type(self) -> str:
        """Type of tune, as ``R:`` has it."""

    @property
    def tonic(self) -> int:
        """Where the asked tonic next to middle C is in the drawn key, as a MIDI number."""

    def begun(self, text: str, /) -> Tune:
        """Return the music of all that was drawn up to the end of some bar, in the drawn key."""

    def finish(self, text: str, /) -> Tune:
        """Return the tune of all that was drawn after the prompt, to its end."""


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model as the service sees it.

    Attributes:
        name: of the model.
        slots: that each of its samplers has.
        settle: a request with all that it leaves open drawn from a seed.
        plan: of a settled request; raises RequestError for what cannot be written.
        new_sampler: a sampler with slots of its own.
        novelty: the tunes that the model learnt from; None if it ships without an index.
        harmoniser: puts chords over tunes that were drawn without; None leaves them bare.
        score: judges the candidates of a request.
        titles: makes them; None leaves the drawn ones.
        types: how many tunes of each type it learnt; empty where none named its type.
    """

    name: str
    slots: int
    settle: Callable[[TuneRequest, int], TuneRequest]
    plan: Callable[[TuneRequest], Planned]
    new_sampler: Callable[[], Sampler]
    novelty: Novelty | None = None
    harmoniser: Harmoniser | None = None
    score: Score = PLAIN
    titles: TitleMaker | None = None
    types: Mapping[str, int] = field(default_factory=dict)


def open_model(name: str, engine: str, models: Path | None = None) -> LoadedModel:
    """Load a model and its engine (half a second; with Keras several).

    Args:
        name: of the model's folder.
        engine: ``fast`` or ``keras``.
        models: where the folders are, None for the ones that ship.

    Raises:
        ModelError: if the model is unknown or damaged.
        RequestError: if the engine is unknown.
        TrainingExtraMissing: if Keras is asked for and not installed.
    """
    from generator.compose.model import MODELS, find_model  # noqa: PLC0415
    from generator.compose.plan import make_plan  # noqa: PLC0415
    from generator.grammar.automaton import Grammar  # noqa: PLC0415

    model = find_model(name, MODELS if models is None else models)
    new_engine = engine_maker(engine, model.weights)
    printed = model.facts.printed_keys or model.facts.keys
    keys = tuple(key for text, count in printed.items() for key in [Key.read(text)] * count)
    novelty = Novelty.load(model.index) if model.index else None
    dances = _dances(model.facts.types, model.facts.meters)
    return LoadedModel(
        name,
        SLOTS[engine],
        lambda request, seed: request.settled(seed, keys, dances, model.facts.dances),
        lambda request: make_plan(request, model.facts),
        lambda: Sampler(new_engine(), Grammar(model.alphabet), model.alphabet, model.facts.warmth),
        novelty,
        Harmoniser.load(),
        replace(PLAIN, critic=Critic.load(model.critic)) if model.critic else PLAIN,
        TitleMaker(novelty.printed_titles) if novelty else None,
        model.facts.types,
    )


def _dances(types: Mapping[str, int], meters: Mapping[str, int]) -> tuple[str, ...]:
    """Types to draw from, as often as they were learnt; by their usual meter if no tune named its type."""
    counts = {name: count for name, count in types.items() if name in DANCES}
    if not counts:
        counts = {name: meters.get(dance.meters[0], 0) for name, dance in DANCES.items() if name != "air"}
    return tuple(name for name, count in counts.items() for _ in range(count))
