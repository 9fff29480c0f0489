"""``python -m generator report``: a model's tunes beside real ones."""

import argparse
import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

from generator.engines import SLOTS
from generator.errors import CorpusError
from generator.models import MODELS
from generator.novelty import INDEX, Novelty
from generator.report import Kind, figures, halves, table, unseen, wishes_like
from generator.request import TuneRequest
from generator.service import Service
from generator.session import prepare
from generator.tune import Tune
from generator.voices import load_voice

REPORT: Final = "report.json"


def add(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add the command."""
    parser = subparsers.add_parser("report", help="measure a model's tunes against real ones")
    parser.add_argument("model", help="name of the model")
    parser.add_argument(
        "--models", type=Path, default=MODELS, metavar="DIR", help="folder of the trained models"
    )
    parser.add_argument("--nottingham", type=Path, metavar="DIR", help="folder of the Nottingham database")
    parser.add_argument("--tunes", type=int, default=500, help="to draw in each way (%(default)s)")
    parser.add_argument("--types", nargs="+", metavar="TYPE", help="only tunes of these types")
    parser.add_argument("--engine", choices=sorted(SLOTS), default="fast")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Draw, measure, print the table and keep it in the model's folder.

    Raises:
        FriendlyError: if the model or the collections are not there.
    """
    tunes = prepare(args.nottingham).tunes
    folder = args.models / args.model
    novelty = Novelty.load(folder / INDEX) if (folder / INDEX).exists() else None
    lessons = [
        lesson for lesson in tunes.held_out if lesson.dance and (not args.types or lesson.dance in args.types)
    ]
    if novelty is not None:
        lessons = unseen(lessons, novelty)
    if len(lessons) < 2:
        raise CorpusError("There are too few held-out tunes of these types to compare with.")
    real = Kind("held out", [lesson.tune for lesson in lessons], [lesson.dance for lesson in lessons])
    one, other = halves(real)
    columns = {
        "held out": figures(real, real, novelty),
        "one half to the other": figures(one, other, novelty),
    }
    for temp, n in ((0.8, 1), (1.0, 1), (0.8, 4)):
        wishes = wishes_like(lessons, args.tunes, temp=temp, n=n)
        drawn = asyncio.run(_draw(wishes, args))
        kind = Kind("drawn", drawn, [wish.type.name if wish.type else "" for wish in wishes])
        columns[f"{args.model}, temp {temp}, best of {n}"] = figures(kind, real, novelty)
    print(table(columns))
    (folder / REPORT).write_text(json.dumps(columns, indent=1) + "\n", encoding="utf-8")
    return 0


async def _draw(wishes: Sequence[TuneRequest], args: argparse.Namespace) -> list[Tune]:
    async with Service(
        lambda name: load_voice(name, args.engine, args.models), args.model, Random(1)
    ) as service:
        waiting = asyncio.Semaphore(48)

        async def draw(number: int, wish: TuneRequest) -> Tune:
            async with waiting:
                return await service.compose(wish, user=str(number), deadline=3600)

        return await asyncio.gather(*(draw(number, wish) for number, wish in enumerate(wishes)))
