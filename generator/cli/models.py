"""``python -m generator models``, ``manifest``, ``index`` and ``card``."""

import argparse
from pathlib import Path
from typing import Any

from generator.compose.model import find_model, model_names
from generator.compose.novelty import INDEX
from generator.errors import ModelError
from generator.evaluation.card import write_card
from generator.music.dances import read_dance
from generator.training.corpus import read_corpus
from generator.training.known_tunes import write_index
from generator.training.manifest import DEFAULT_PROMPT, write_manifest


def add(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add the commands that look at trained models."""
    models = subparsers.add_parser("models", help="list the trained models")
    models.set_defaults(run=_models)
    manifest = subparsers.add_parser("manifest", help="write a trained model's manifest")
    manifest.add_argument("folder", type=Path, metavar="DIR")
    add_manifest_options(manifest)
    manifest.set_defaults(run=_manifest)
    index = subparsers.add_parser("index", help="write the index of the tunes that a model learnt from")
    index.add_argument("folder", type=Path, metavar="DIR")
    index.add_argument(
        "--corpus", nargs="+", type=Path, required=True, metavar="PATH", help="what it was trained on"
    )
    index.set_defaults(run=_index)
    card = subparsers.add_parser("card", help="write a trained model's card")
    card.add_argument("folder", type=Path, metavar="DIR")
    card.set_defaults(run=_card)


def add_manifest_options(
    parser: argparse.ArgumentParser, *, source: "argparse._MutuallyExclusiveGroup | None" = None
) -> None:
    """Add what a manifest says beyond what can be counted.

    Args:
        parser: of the command.
        source: where ``--corpus`` goes, if it is one way among others to say what is learnt.
    """
    (source or parser).add_argument(
        "--corpus",
        nargs="+",
        type=Path,
        required=source is None,
        metavar="PATH",
        help="ABC files, or folders of them",
    )
    parser.add_argument("--description", default="A model of our own.", help="one sentence")
    parser.add_argument("--credit", default="", help="whose collection it is, a sentence")
    parser.add_argument("--type", default="", help="type of the tunes that do not say theirs")
    parser.add_argument(
        "--prompt",
        default=DEFAULT_PROMPT.replace("\n", "\\n"),
        help=r"headers as the corpus has them, \n between the lines (%(default)s)",
    )


def manifest_of(args: argparse.Namespace, folder: Path) -> None:
    """Write the manifest of a folder from the options of :func:`add_manifest_options`."""
    write_manifest(
        folder,
        read_corpus(args.corpus),
        description=args.description,
        credit=args.credit,
        dance=read_dance(args.type).name if args.type else "",
        prompt=args.prompt.replace("\\n", "\n"),
    )


def _models(_: argparse.Namespace) -> int:
    for name in model_names():
        try:
            model = find_model(name)
        except ModelError as error:
            print(f"{name}: {error}")
        else:
            print(
                f"{name}: {model.description} {len(model.alphabet)} characters, sha256 {model.digest[:12]}…"
            )
    return 0


def _manifest(args: argparse.Namespace) -> int:
    manifest_of(args, args.folder)
    return 0


def _index(args: argparse.Namespace) -> int:
    count = write_index(args.folder, read_corpus(args.corpus))
    print(f"{count} tunes are in {args.folder / INDEX}.")
    return 0


def _card(args: argparse.Namespace) -> int:
    print(f"Wrote {write_card(args.folder)}")
    return 0
