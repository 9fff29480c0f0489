"""``python -m generator train`` and ``summary``."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from generator.cli.models import add_manifest_options, manifest_of
from generator.network.keras_network import SEED_VOCABULARY, build
from generator.training.corpus import Corpus, read_corpus
from generator.training.default_recipe import RECIPES, finish, prepare, told
from generator.training.distilling import distil
from generator.training.known_tunes import write_index
from generator.training.train import HISTORY, Material, Recipe, train

WITHOUT_NOTTINGHAM: Final = (
    "Without --nottingham DIR this learns from three books of four: it is not the text of the default model."
)


def add(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add the commands that need Keras."""
    plain = Recipe()
    learn = subparsers.add_parser("train", help="train a model on ABC files")
    source = learn.add_mutually_exclusive_group(required=True)
    add_manifest_options(learn, source=source)
    source.add_argument(
        "--recipe",
        choices=sorted(RECIPES),
        help="text, split and knobs of the default model, or of the seed network on the same tunes, instead"
        " of --corpus",
    )
    learn.add_argument(
        "--nottingham",
        type=Path,
        metavar="DIR",
        help="folder of the Nottingham database, for --recipe",
    )
    learn.add_argument(
        "--fetch", action="store_true", help="fetch what is missing there from its public repository"
    )
    learn.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the model")
    learn.add_argument(
        "--epochs", type=_count, help=f"passes over the tunes ({plain.epochs}; a recipe has its own)"
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
    learn.add_argument(
        "--keep", choices=("best", "last"), default=plain.keep, help="weights of which epoch (%(default)s)"
    )
    learn.add_argument(
        "--teachers",
        action="store_true",
        help="with --recipe session: larger networks learn first, and the model from them; needs JAX, and a"
        " graphics processor unless you have days",
    )
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
    if args.recipe:
        return _train_session(args)
    recipe = Recipe(
        args.epochs or Recipe().epochs,
        args.batch,
        args.steps,
        args.dropout,
        args.learning_rate,
        args.held_out,
        args.seed,
        keep=args.keep,
    )
    corpus = read_corpus(args.corpus)
    print(f"{len(corpus.tunes):,} tunes, {len(corpus.text):,} characters, {len(corpus.alphabet)} distinct")
    if not _learn(corpus, args, recipe):
        return 130
    manifest_of(args, args.out)
    write_index(args.out, corpus)
    print(f"Done: the weights, the alphabet, the manifest, the index and {HISTORY} are in {args.out}.")
    return 0


def _train_session(args: argparse.Namespace) -> int:
    style, recipe = RECIPES[args.recipe]
    if args.nottingham is None:
        print(f"{WITHOUT_NOTTINGHAM}\n", flush=True)
    session = prepare(args.nottingham, fetch=args.fetch, style=style)
    tunes, stuff = session.tunes, session.material
    print(
        f"{len(tunes.learn):,} tunes to learn, {len(tunes.held_out):,} held out, {tunes.families:,} families;"
        f" {stuff.characters:,} characters, {len(stuff.alphabet)} distinct, sha256 {stuff.sha256[:12]}…\n"
        f"left out:\n{told(tunes.refused)}",
        flush=True,
    )
    if args.teachers:
        for progress in distil(stuff, args.out):
            losses = ", ".join(f"{loss:.3f}" for loss in progress.held_out)
            print(f"epoch {progress.epoch}: held out: {losses} nats a character", flush=True)
    elif not _learn(stuff, args, replace(recipe, epochs=args.epochs or recipe.epochs)):
        return 130
    if args.recipe == "session":
        finish(args.out, session)
    print(f"Done: the best weights and what belongs to them are in {args.out}.")
    return 0


def _learn(stuff: Corpus | Material, args: argparse.Namespace, recipe: Recipe) -> bool:
    """Train and tell; False if the user stopped it."""
    try:
        for epoch in train(stuff, args.out, recipe, resume=args.resume):
            print(
                f"epoch {epoch.number}: loss {epoch.loss:.3f}, accuracy {epoch.accuracy:.3f}; held out:"
                f" loss {epoch.held_out_loss:.3f}, {epoch.held_out_bits:.3f} bits a character",
                flush=True,
            )
    except KeyboardInterrupt:
        print(f"\nStopped. What was learnt is in {args.out}; go on with --resume.")
        return False
    return True


def _summary(_: argparse.Namespace) -> int:
    build(SEED_VOCABULARY).summary()
    return 0
