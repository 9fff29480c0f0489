"""``python -m generator critic``: train the critic that chooses among a model's candidates."""

import argparse
import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

from generator.compose.critic import CRITIC
from generator.compose.loaded_model import open_model
from generator.compose.model import MODELS, find_model
from generator.compose.novelty import Novelty
from generator.compose.request import TuneRequest
from generator.errors import CorpusError
from generator.evaluation.comparison import asked_form, unseen, wishes_like
from generator.music.tune import Tune
from generator.serving.service import Service
from generator.training.critic_fit import fit
from generator.training.default_recipe import prepare
from generator.training.manifest import name_files
from generator.training.training_text import Lesson

# Temperatures, and how many candidates; the last round is chosen by the critic that the first ones give, so
# that it hears what it would let pass.
_ROUNDS: Final = ((0.8, 1), (1.0, 1), (0.8, 4))
_TRAINED_AFTER: Final = (2, 3)
_FIRST_SEED: Final = 1_000_000  # far from those that are measured


def add(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add the command."""
    parser = subparsers.add_parser("critic", help="train what chooses among a model's candidates")
    parser.add_argument("model", help="name of the model")
    parser.add_argument(
        "--models", type=Path, default=MODELS, metavar="DIR", help="folder of the trained models"
    )
    parser.add_argument("--nottingham", type=Path, metavar="DIR", help="folder of the Nottingham database")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Draw, train, and put the critic into the model's folder.

    Raises:
        FriendlyError: if the model or the collections are not there.
    """
    lessons = learnt(args.model, args.models, args.nottingham)
    folder, printed = args.models / args.model, [lesson.tune for lesson in lessons]
    print(f"{len(lessons)} printed tunes that {args.model} learnt, and as many drawn in each round.")
    rounds = list[list[Tune]]()
    for number, (temp, n) in enumerate(_ROUNDS, 1):
        wishes = wishes_like(lessons, len(lessons), temp=temp, n=n, first=number * _FIRST_SEED)
        rounds.append(asyncio.run(_drawn(args, wishes)))
        if number not in _TRAINED_AFTER:
            continue
        found = fit(printed, rounds)
        begun = ", ".join(f"{bars} bars {figure:.3f}" for bars, figure in found.begun.items())
        print(f"After round {number} print is told from drawn tunes by {found.auc:.3f}; beginnings: {begun}.")
        found.critic.save(folder / CRITIC)
        name_files(folder, (CRITIC,))
    print(f"Wrote {folder / CRITIC}.")
    return 0


def learnt(name: str, models: Path, nottingham: Path | None) -> list[Lesson]:
    """Return the tunes that a model learnt whose headers can be asked for.

    Raises:
        CorpusError: if it has no index of them.
    """
    model = find_model(name, models)
    if model.index is None:
        raise CorpusError(f"{name} has no index of the tunes that it learnt.")
    tunes = prepare(nottingham).tunes
    able = [lesson for lesson in (*tunes.learn, *tunes.held_out) if lesson.dance and asked_form(lesson.tune)]
    new = set(map(id, unseen(able, Novelty.load(model.index))))
    return [lesson for lesson in able if id(lesson) not in new]


async def _drawn(args: argparse.Namespace, wishes: Sequence[TuneRequest]) -> list[Tune]:
    load = partial(open_model, engine="fast", models=args.models)
    async with Service(load, args.model, Random(1)) as service:
        waiting = asyncio.Semaphore(48)

        async def draw(number: int, wish: TuneRequest) -> Tune:
            async with waiting:
                return await service.compose(wish, user=str(number), deadline=3600)

        return await asyncio.gather(*(draw(number, wish) for number, wish in enumerate(wishes)))
