"""The recipe of the default model: what it learns, how, and what ships with its weights."""

import urllib.request
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from generator.compose.model import VOCABULARY, WEIGHTS
from generator.compose.novelty import INDEX, save_index
from generator.grammar.bar_signs import unforced
from generator.music.melody import line_of
from generator.training.manifest import counts, home_share, save_manifest
from generator.training.train import Material, Recipe
from generator.training.training_text import (
    STYLES,
    Curriculum,
    Reader,
    Style,
    checksum,
    curriculum,
    moved_home,
)
from generator.training.tune_books import COLLECTIONS, fetch_nottingham, read_collections

# See docs/training.md for what was compared.
STYLE: Final = STYLES["counted"]
RECIPE: Final = Recipe(
    epochs=16, learning_rate=0.002, schedule="cosine", warm_up=100, clip=1.0, patience=3, dropout=0.25
)
# What each recipe learns, and how: the default model's, and the seed network's on the same tunes, to compare.
RECIPES: Final = {"session": (STYLE, RECIPE), "seed": (STYLES["plain"], Recipe(patience=3))}
PROMPT: Final = "R:{type}\nM:{meter}\nK:{key}\nP:{form} {bars}\n"
# At this, tunes drawn at 0.8 are as adventurous as printed ones; see docs/training.md.
WARMTH: Final = {"notes": 1.0, "signs": 1.25}
_DESCRIPTION: Final = (
    "Dance tunes of many kinds, learnt from printed collections of the nineteenth century and before."
)
# The places of the tunes that no default model learns, so that models can be compared.
_HELD_OUT: Final = Path(__file__).with_name("held_out.txt")
_PATIENCE: Final = 30.0  # seconds that a file may take to come
_LARGEST: Final = 4 * 2**20  # bytes that it may have


@dataclass(frozen=True, slots=True)
class Session:
    """All that the recipe needs and leaves.

    Attributes:
        tunes: to learn and held out.
        material: the same as text.
    """

    tunes: Curriculum
    material: Material


def prepare(nottingham: Path | None, *, fetch: bool = False, style: Style = STYLE) -> Session:
    """Read the collections and write the text.

    Args:
        nottingham: folder of the Nottingham database; without it the other three are learnt.
        fetch: whether to fetch what is missing in that folder.
        style: of the text.

    Raises:
        CorpusError: if a collection is not on this machine, or cannot be fetched.
    """
    if nottingham is not None and fetch:
        fetch_nottingham(nottingham, fetched)
    names = [name for name in COLLECTIONS if nottingham is not None or COLLECTIONS[name].folder]
    harvest = read_collections(names, nottingham)
    held = frozenset(_HELD_OUT.read_text(encoding="utf-8").splitlines())
    tunes = curriculum(harvest.settings, harvest.refused, held)
    return Session(tunes, material(tunes, style, tuple(names)))


def material(tunes: Curriculum, style: Style, names: tuple[str, ...]) -> Material:
    """Return a curriculum as text in some style, in a new order at each epoch."""
    reader = Reader(tunes.learn, style)
    learn, held_out = reader(0), Reader(tunes.held_out, style)(0)
    alphabet = set(unforced("".join(learn + held_out)))
    if style.keys == "any":  # other keys have letters and accidentals that one reading may not have
        alphabet |= set("".join(reader(1) + reader(2)))
    return Material(
        names,
        len(learn) + len(held_out),
        sum(map(len, learn + held_out)),
        checksum(learn + held_out),
        "".join(sorted(alphabet)),
        reader,
        held_out,
    )


def finish(folder: Path, session: Session) -> None:
    """Write the index of known tunes and the manifest beside trained weights.

    Raises:
        ModelError: if the folder holds no trained network.
    """
    tunes, learn = session.tunes, session.tunes.learn
    save_index(folder / INDEX, [(lesson.tune.title, line_of(lesson.tune)) for lesson in learn])
    names = session.material.names
    books = [COLLECTIONS[name].title for name in names]
    credit = "Learnt from " + "; ".join(books) + "."
    if "nottingham" in names:
        credit += (
            " The Nottingham database was collected by Eric Foxley, put into ABC by James Allwright and"
            " cleaned by Jukedeck."
        )
    save_manifest(
        folder,
        {
            "description": _DESCRIPTION,
            "credit": credit,
            "prompt": PROMPT,
            "unit": "meter",
            "warmth": WARMTH,
            "keys": counts(moved_home(lesson.tune).key.abc for lesson in learn),
            "printed_keys": counts(lesson.tune.key.abc for lesson in learn),
            "home": home_share([lesson.tune for lesson in learn if lesson.dance]),
            "meters": counts(lesson.tune.meter.standard.abc for lesson in learn),
            "types": counts(lesson.dance for lesson in learn if lesson.dance),
            "dances": {
                dance: counts(lesson.tune.meter.standard.abc for lesson in learn if lesson.dance == dance)
                for dance in sorted({lesson.dance for lesson in learn} - {""})
            },
            "learnt": {
                "tunes": len(learn),
                "held_out": len(tunes.held_out),
                "families": tunes.families,
                "sha256": session.material.sha256,
            },
        },
        (WEIGHTS, VOCABULARY, INDEX),
    )


def told(refused: Counter[str]) -> str:
    """Return what was left out and why, one line for each reason."""
    return "\n".join(f"  {count:5} {reason}" for reason, count in sorted(refused.items()))


def fetched(url: str) -> bytes:
    """Return the bytes at an address.

    Raises:
        OSError: if they cannot be had.
    """
    with urllib.request.urlopen(url, timeout=_PATIENCE) as answer:  # noqa: S310 - the address is ours
        data: bytes = answer.read(_LARGEST)
    return data
