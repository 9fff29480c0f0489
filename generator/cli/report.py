"""``python -m generator report``: a model's tunes beside real ones, and its card."""

import argparse
import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

from generator.compose.loaded_model import open_model
from generator.compose.model import MODELS, VOCABULARY, WEIGHTS, find_model
from generator.compose.novelty import INDEX, Novelty
from generator.compose.request import TuneRequest
from generator.errors import CorpusError
from generator.evaluation.card import CARD, PICTURES, REPORT, write_card
from generator.evaluation.comparison import (
    Kind,
    aims,
    aims_table,
    figures,
    halves,
    music,
    table,
    unseen,
    wishes_like,
)
from generator.evaluation.free_draw import draw_freely
from generator.evaluation.held_out import bits_a_note
from generator.evaluation.mixed_page import mixed, page
from generator.evaluation.plots import draw_histograms
from generator.evaluation.usable import rules, usable_table
from generator.music.tune import Tune
from generator.network import SLOTS
from generator.serving.service import Service
from generator.training.default_recipe import PROMPT, STYLE, prepare
from generator.training.training_text import STYLES, Lesson, Style, written

_OTHER: Final = "jigs"  # the model that every other is held against, in the one type that it knows
_SHOWN: Final = 10  # tunes in the card, seeds from 1


def add(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add the command."""
    parser = subparsers.add_parser("report", help="measure a model's tunes against real ones, for its card")
    parser.add_argument("model", help="name of the model")
    parser.add_argument(
        "--models", type=Path, default=MODELS, metavar="DIR", help="folder of the trained models"
    )
    parser.add_argument("--nottingham", type=Path, metavar="DIR", help="folder of the Nottingham database")
    parser.add_argument(
        "--seed-recipe", type=Path, metavar="DIR", help="what train --recipe seed left, to compare with"
    )
    parser.add_argument("--tunes", type=int, default=500, help="to draw in each way (%(default)s)")
    parser.add_argument("--types", nargs="+", metavar="TYPE", help="only tunes of these types")
    parser.add_argument(
        "--page", type=Path, metavar="FILE", help="where to write a page of drawn and printed tunes, unnamed"
    )
    parser.add_argument("--engine", choices=sorted(SLOTS), default="fast")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Draw, measure, print the tables, and write the card.

    Raises:
        FriendlyError: if the model or the collections are not there.
    """
    folder = args.models / args.model
    novelty = Novelty.load(folder / INDEX) if (folder / INDEX).exists() else None
    tunes = prepare(args.nottingham).tunes
    lessons = _lessons(tunes.held_out, args.types, novelty)
    real = Kind([lesson.tune for lesson in lessons], [lesson.dance for lesson in lessons])
    columns = {
        "held-out tunes": figures(real, real, novelty),
        "half of them to the rest": figures(*halves(real), novelty),
    }
    kinds: dict[str, Kind] = {}
    first = 1
    for temp, n in ((0.8, 1), (1.0, 1), (0.8, 4)):
        wishes = wishes_like(lessons, args.tunes, temp=temp, n=n, first=first if n == 1 else 1)
        first += args.tunes
        name = f"{args.model}, {temp}" + (f", best of {n}" if n > 1 else "")
        kinds[name] = _drawn(args, args.model, wishes)
        columns[name] = figures(kinds[name], real, novelty)
    held_out, chance, soft, wild, best = columns
    jigs = [lesson for lesson in lessons if lesson.dance == "jig"]
    if args.model != _OTHER and jigs:
        wishes = wishes_like(jigs, args.tunes, temp=0.8, n=1)
        for model in (args.model, _OTHER):
            kind = _drawn(args, model, wishes)
            columns[f"{model}, 0.8, jigs alone"] = figures(kind, real, novelty)
    bits: tuple[float, float] | None = None
    own = find_model(args.model, args.models).facts.prompt == PROMPT  # only this model's text is known here
    foreseen = _bits(folder, STYLE, lessons) if own else None
    if args.seed_recipe:
        columns["seed recipe, 0.8, no grammar"] = figures(
            _free(args.seed_recipe, lessons, args.tunes), real, novelty
        )
        if foreseen is not None:
            bits = _bits(args.seed_recipe, STYLES["plain"], lessons), foreseen
    different = {music(tune) for name in (soft, wild) for tune in kinds[name].tunes}
    found = {
        "tunes drawn": 2 * args.tunes,
        "different": len(different),
        "bits": foreseen and round(foreseen, 3),
        "columns": columns,
        "aims": {
            name: aims_table(aims(columns[held_out], columns[chance], columns[name], columns[best], bits))
            for name in (soft, wild)
        },
        "table": table(columns),
        "usable": _usable(tunes.learn, {"printed": real, **{name: kinds[name] for name in (soft, best)}}),
    }
    print(found["table"], *found["aims"].values(), found["usable"], sep="\n\n")
    if args.page:
        args.page.write_text(page(mixed(real, kinds[soft])), encoding="utf-8")
        print(f"Wrote {args.page}, which has printed tunes in it: keep it to yourself.")
    (folder / REPORT).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    draw_histograms(folder / PICTURES["histograms"], real, {name: kinds[name] for name in (soft, wild)})
    _engrave(args, folder)
    write_card(folder)
    print(f"Wrote {folder / CARD}.")
    return 0


def _lessons(
    held_out: Sequence[Lesson], types: Sequence[str] | None, novelty: Novelty | None
) -> list[Lesson]:
    lessons = [lesson for lesson in held_out if lesson.dance and (not types or lesson.dance in types)]
    if novelty is not None:
        lessons = unseen(lessons, novelty)
    if len(lessons) < 2:
        raise CorpusError("There are too few held-out tunes of these types to compare with.")
    Random(1).shuffle(lessons)  # the first ones are asked for once more than the last
    return lessons


def _usable(learnt: Sequence[Lesson], kinds: Mapping[str, Kind]) -> str:
    typed = [lesson for lesson in learnt if lesson.dance]
    return usable_table(rules([t.tune for t in typed], [t.dance for t in typed]), kinds)


def _drawn(args: argparse.Namespace, model: str, wishes: Sequence[TuneRequest]) -> Kind:
    tunes = asyncio.run(_compose(args, model, wishes))
    return Kind(tunes, [wish.type.name if wish.type else "" for wish in wishes], wishes)


async def _compose(args: argparse.Namespace, model: str, wishes: Sequence[TuneRequest]) -> list[Tune]:
    async with Service(
        partial(open_model, engine=args.engine, models=args.models), model, Random(1)
    ) as service:
        waiting = asyncio.Semaphore(48)

        async def draw(number: int, wish: TuneRequest) -> Tune:
            async with waiting:
                return await service.compose(wish, user=str(number), deadline=3600)

        return await asyncio.gather(*(draw(number, wish) for number, wish in enumerate(wishes)))


def _free(folder: Path, lessons: Sequence[Lesson], count: int) -> Kind:
    """Return tunes of a network that learnt plain ABC, given the headers of real ones, a title among them."""
    lessons = [lessons[number % len(lessons)] for number in range(count)]
    prompts = [written(lesson, STYLES["plain"], Random(1))[0] for lesson in lessons]
    found = draw_freely(folder / WEIGHTS, _alphabet(folder), prompts, 0.8)
    wishes = wishes_like(lessons, count, temp=0.8, n=1)
    read = [
        (replace(tune, rhythm=lesson.dance), lesson.dance, wish)
        for tune, lesson, wish in zip(found, lessons, wishes, strict=True)
        if tune is not None
    ]
    tunes, types, asked = zip(*read, strict=True) if read else ((), (), ())
    return Kind(tunes, types, asked, count - len(read))


def _bits(folder: Path, style: Style, lessons: Sequence[Lesson]) -> float:
    return bits_a_note(folder / WEIGHTS, _alphabet(folder), style, lessons)[0]


def _alphabet(folder: Path) -> str:
    return "".join(json.loads((folder / VOCABULARY).read_text(encoding="utf-8")))


def _engrave(args: argparse.Namespace, folder: Path) -> None:
    """Pictures of the first tunes that anybody gets."""
    from generator.render.sheet import png  # noqa: PLC0415

    wishes = [TuneRequest(seed=seed) for seed in range(1, _SHOWN + 1)]
    for seed, tune in enumerate(asyncio.run(_compose(args, args.model, wishes)), 1):
        (folder / PICTURES["tune"].format(seed)).write_bytes(png(tune))
