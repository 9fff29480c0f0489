"""``python -m generator harmony``: count anew how tunes are accompanied."""

import argparse
from pathlib import Path
from typing import Any

from generator.compose.harmoniser import TABLE
from generator.training.harmony_fit import counted, save_table
from generator.training.tune_books import read_collections


def add(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "harmony", help="count the chords of the Nottingham tunes for the accompaniment"
    )
    parser.add_argument(
        "--nottingham", type=Path, required=True, metavar="DIR", help="folder of the Nottingham database"
    )
    parser.add_argument(
        "--out", type=Path, default=TABLE, metavar="FILE", help="the table to write (the one in use)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Count and write the table.

    Raises:
        CorpusError: if the folder has no tunes.
    """
    tunes = [setting.tune for setting in read_collections(["nottingham"], args.nottingham).settings]
    save_table(args.out, counted(tunes))
    print(f"The chords of {len(tunes)} tunes are counted in {args.out}.")
    return 0
