"""Which way of writing tunes is learnt best?

    KERAS_BACKEND=torch nice python -m benchmarks.variants --nottingham FOLDER --out FOLDER

Every style of ``generator.training.training_text`` is learnt from the same tunes for the same number of
characters, with the same network and the same schedule, and is then asked to foresee the same held-out
tunes, each given its headers and title. One line of JSON for each goes to ``variants.jsonl``; a style that
has its line already is passed over, so that a stopped comparison goes on where it was.
"""

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

from generator.compose.model import VOCABULARY, WEIGHTS
from generator.evaluation.held_out import bits_a_note
from generator.training.default_recipe import RECIPE, material
from generator.training.train import train
from generator.training.training_text import (
    STYLES,
    Curriculum,
    Reader,
    Style,
    curriculum,
    read_sources,
)
from generator.training.tune_books import read_collections

PORTION = 500_000  # characters between two looks at the held-out loss
JUDGES = 200  # held-out tunes that are foreseen


def main() -> None:
    """Compare."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--nottingham", type=Path, help="folder of the Nottingham database")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--characters", type=int, default=3_000_000, help="to learn from (%(default)s)")
    parser.add_argument("--styles", nargs="+", choices=STYLES, default=list(STYLES))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    table = args.out / "variants.jsonl"
    known = (
        {json.loads(line)["style"] for line in table.read_text().splitlines()} if table.exists() else set()
    )
    harvest = read_collections(read_sources(args.nottingham), args.nottingham)
    tunes = curriculum(harvest.settings, harvest.refused)
    print(f"{len(tunes.learn)} tunes to learn, {len(tunes.held_out)} held out, {tunes.families} families")
    for name in args.styles:
        if name not in known:
            row = compare(STYLES[name], tunes, args.out / name, args.characters)
            with table.open("a") as file:
                file.write(json.dumps(row) + "\n")
            print(row, flush=True)


def compare(style: Style, tunes: Curriculum, out: Path, characters: int) -> dict[str, object]:
    """Learn one style and judge it."""
    began = time.perf_counter()
    judges = tunes.held_out[:: max(1, len(tunes.held_out) // JUDGES)]
    portions = _portions(Reader(tunes.learn, style))
    ready: dict[int, str] = {}

    def portion(epoch: int) -> list[str]:
        if epoch not in ready:
            ready[epoch] = next(portions)
        return [ready[epoch]]

    stuff = replace(material(replace(tunes, held_out=judges), style, ()), learn=portion)
    looks = max(1, round(characters / PORTION))
    recipe = replace(RECIPE, epochs=looks, patience=0)
    bits = [round(epoch.held_out_bits, 3) for epoch in train(stuff, out, recipe)]
    alphabet = "".join(json.loads((out / VOCABULARY).read_text()))
    all_bits, note_bits = bits_a_note(out / WEIGHTS, alphabet, style, judges)
    return {
        "style": style.name,
        "characters": looks * PORTION,
        "bits_per_note": round(all_bits, 4),
        "bits_per_note_without_chords": round(note_bits, 4),
        "bits_per_character": bits,
        "characters_of_a_tune": round(stuff.characters / stuff.tunes),
        "alphabet": len(alphabet),
        "judges": len(judges),
        "seconds": round(time.perf_counter() - began),
    }


def _portions(reader: Reader) -> Iterator[str]:
    """The tunes read again and again, in a new order each time, cut into portions."""
    kept = ""
    for epoch in count(1):
        kept += "".join(reader(epoch))
        while len(kept) > PORTION:
            yield kept[: PORTION + 1]
            kept = kept[PORTION:]


if __name__ == "__main__":
    main()
