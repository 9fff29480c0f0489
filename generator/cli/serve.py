"""``python -m generator serve``: compose and draw for bots elsewhere, which name it in GENERATOR_URL."""

import argparse
import asyncio
import signal
from functools import partial
from pathlib import Path
from random import SystemRandom
from typing import Any

from generator.compose.loaded_model import open_model
from generator.compose.request import DEFAULT_MODEL
from generator.network import SLOTS
from generator.render.renderers import Renderers
from generator.serving.service import Service


def add(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add the command."""
    parser = subparsers.add_parser("serve", help="compose and draw for bots on other machines")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on; 0: any (%(default)s)")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes of each kind")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="where a request names none (%(default)s)")
    parser.add_argument("--engine", choices=sorted(SLOTS), default="fast", help="what samples (%(default)s)")
    parser.add_argument("--soundfont", type=Path, metavar="FILE", help="to play with")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C.

    Raises:
        FriendlyError: if the model or the engine will not do.
        OSError: if it cannot listen there.
    """
    asyncio.run(_serve(args))
    return 0


async def _serve(args: argparse.Namespace) -> None:
    from generator.serving.http_server import new_app, serving  # noqa: PLC0415 - brings aiohttp

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    load = partial(open_model, engine=args.engine)
    renderers = Renderers(soundfont=args.soundfont, workers=args.workers)
    service = Service(load, args.model, SystemRandom(), workers=args.workers)
    # The service stops first, so that whoever waits for it still hears so.
    async with serving(new_app(service, renderers), args.host, args.port) as url, renderers, service:
        print(f"Composing and drawing on {url}; put that into GENERATOR_URL.", flush=True)
        await stop.wait()
