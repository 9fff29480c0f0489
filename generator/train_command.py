"""``python -m generator train`` and ``summary``."""

import argparse
from pathlib import Path
from typing import Any

from generator.corpus import read_corpus
from generator.models_command import add_manifest_options, manifest_of
from generator.network import SEED_VOCABULARY, build
from generator.train import HISTORY, Recipe, train


def add(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add the commands that need Keras."""
    plain = Recipe()
    learn = subparsers.add_parser("train", help="train a model on ABC files")
    add_manifest_options(learn)
    learn.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the model")
    learn.add_argument(
        "--epochs", type=_count, default=plain.epochs, help="passes over the tunes (%(default)s)"
    )
    learn.add_argument("--batch", type=_count, default=plain.batch, help="parallel streams (%(default)s)")
    learn.add_argument(
        "--steps", type=_count, default=plain.steps, help="characters in a window (%(default)s)"
    )
    learn.add_argument("--dropout", type=float, default=plain.dropout, help="(%(default)s)")
    learn.add_argument(
        "--learning-rate", type=float, default=plain.learning_rate, help="Adam's (%(default)s)"
    )
    learn.add_argument("--held-out", type=float, default=plain.held_out, help="share held out (%(default)s)")
    learn.add_argument("--seed", type=int, default=plain.seed, help="(%(default)s)")
    learn.add_argument("--resume", action="store_true", help="go on where the last training stopped")
    learn.set_defaults(run=_train)
    summary = subparsers.add_parser("summary", help="show the network")
    summary.set_defaults(run=_summary)


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _train(args: argparse.Namespace) -> int:
    recipe = Recipe(
        args.epochs, args.batch, args.steps, args.dropout, args.learning_rate, args.held_out, args.seed
    )
    corpus = read_corpus(args.corpus)
    print(f"{len(corpus.tunes):,} tunes, {len(corpus.text):,} characters, {len(corpus.alphabet)} distinct")
    try:
        for epoch in train(corpus, args.out, recipe, resume=args.resume):
            print(
                f"epoch {epoch.number}: loss {epoch.loss:.3f}, accuracy {epoch.accuracy:.3f}; held out:"
                f" loss {epoch.held_out_loss:.3f}, {epoch.held_out_bits:.3f} bits a character",
                flush=True,
            )
    except KeyboardInterrupt:
        print(f"\nStopped. What was learnt is in {args.out}; go on with --resume.")
        return 130
    manifest_of(args, args.out)
    print(f"Done: the best weights, the alphabet, the manifest and {HISTORY} are in {args.out}.")
    return 0


def _summary(_: argparse.Namespace) -> int:
    build(SEED_VOCABULARY).summary()
    return 0
