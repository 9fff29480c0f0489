"""``python -m generator sample``: write a tune book without any chat."""

import argparse
import asyncio
import sys
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

from generator.compose.loaded_model import open_model
from generator.compose.request import DEFAULT_MODEL, MAX_SEED, TuneRequest, options
from generator.errors import RequestError
from generator.music.tune import Tune
from generator.network import SLOTS
from generator.serving.service import Service

MOST: Final = 100_000


def add(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add the command, with every option that a request has."""
    parser = subparsers.add_parser("sample", help="write new tunes to an ABC file")
    parser.add_argument("--count", type=int, default=1, metavar="N", help="how many tunes (%(default)s)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write them (standard output)")
    parser.add_argument("--engine", choices=sorted(SLOTS), default="fast", help="what samples (%(default)s)")
    parser.add_argument("--models", type=Path, metavar="DIR", help="folder of the trained models")
    for option in options().values():
        text = option.help
        if option.choices:
            text += f": {', '.join(map(str, option.choices))}"
        if option.default is not None:
            text += f" ({option.default})"
        parser.add_argument(f"--{option.name}", metavar=option.name.upper(), help=text)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Draw the tunes and write them, numbered from 1; seeds count up from ``--seed``.

    Raises:
        FriendlyError: if an option, the model or the engine will not do.
    """
    if not 1 <= args.count <= MOST:
        raise RequestError(f"--count is a whole number from 1 to {MOST}.")
    request = TuneRequest.of({name: getattr(args, name) for name in options()})
    if args.out is not None and not args.out.parent.is_dir():  # better said before a thousand draws
        raise RequestError(f"There is no folder {args.out.parent} to write {args.out.name} to.")
    tunes = asyncio.run(_draw(request, args))
    book = "\n".join(tune.abc(number) for number, tune in enumerate(tunes, 1))
    if args.out is None:
        sys.stdout.write(book)
    else:
        args.out.write_text(book, encoding="utf-8")
        print(f"{len(tunes)} tunes are in {args.out}.")
    return 0


async def _draw(request: TuneRequest, args: argparse.Namespace) -> list[Tune]:
    model = request.model or DEFAULT_MODEL
    async with Service(
        partial(open_model, engine=args.engine, models=args.models), model, Random()
    ) as service:
        waiting = asyncio.Semaphore(64)

        async def draw(wanted: TuneRequest, user: int = 0) -> Tune:
            async with waiting:
                return await service.compose(wanted, user=str(user), deadline=3600)

        first = await draw(request)  # which draws the seed, where none is given
        seed = first.origin.seed if first.origin else None
        assert seed is not None
        seeds = ((seed + number) % (MAX_SEED + 1) for number in range(1, args.count))
        others = (request.model_copy(update={"seed": other}) for other in seeds)
        return [first, *await asyncio.gather(*map(draw, others, range(1, args.count)))]
