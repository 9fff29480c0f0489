"""Collections of tunes -> training text.

A tune is the text from one ``X:`` field to the next, exactly as it stands in its file: the network
learns characters, so nothing is tidied away.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Final

from generator.errors import CorpusError

TUNE_START: Final = re.compile(r"^X:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Tunes to learn from.

    Attributes:
        names: the files read.
        tunes: the text of each tune, in the order of the files.
        sha256: of the tunes' text, in UTF-8.
    """

    names: tuple[str, ...]
    tunes: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return all the tunes, one after the other."""
        return "".join(self.tunes)

    @property
    def sha256(self) -> str:
        """Hex digest of the text in UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def alphabet(self) -> str:
        """Return the distinct characters, sorted; a character's place is its number in the network."""
        return "".join(sorted(set(self.text)))


def read_corpus(paths: Iterable[Path]) -> Corpus:
    """Read ABC files, and every ``*.abc`` file below the folders among them.

    Raises:
        CorpusError: if a path is missing or unreadable, or there is no tune in any of them.
    """
    names: list[str] = []
    tunes: list[str] = []
    for path in paths:
        for file in abc_files(path):
            names.append(file.name)
            text = read_text(file)
            starts = [match.start() for match in TUNE_START.finditer(text)]
            tunes.extend(text[a:b] for a, b in pairwise([*starts, len(text)]))
    if not tunes:
        raise CorpusError(
            "There is no tune in there; an ABC tune begins with a line like “X: 1”, then T:, M: and K: lines."
        )
    return Corpus(tuple(names), tuple(tunes))


def split(tunes: Sequence[str], held_out: float, seed: int) -> tuple[list[str], list[str]]:
    """Split by tune into training and held-out tunes, both in their old order.

    Args:
        tunes: the tunes.
        held_out: share to hold out, 0 to 1; at least one tune if there are two.
        seed: fixes the choice.
    """
    count = min(max(1, round(len(tunes) * held_out)), len(tunes) - 1) if held_out > 0 else 0
    chosen = set(Random(seed).sample(range(len(tunes)), count))
    return (
        [tune for number, tune in enumerate(tunes) if number not in chosen],
        [tune for number, tune in enumerate(tunes) if number in chosen],
    )


def abc_files(path: Path) -> list[Path]:
    """Return a file itself, or every ``*.abc`` file below a folder, sorted.

    Raises:
        CorpusError: if there is none.
    """
    if path.is_dir():
        files = sorted(file for file in path.rglob("*.abc") if file.is_file())
        if not files:
            raise CorpusError(f"The folder {path} has no .abc file in it.")
        return files
    if not path.exists():
        raise CorpusError(f"There is no file or folder {path}.")
    return [path]


def read_text(file: Path) -> str:
    """Return the text of a file, in UTF-8 or else Latin-1, as old collections are; all line ends alike.

    Raises:
        CorpusError: if it cannot be read or is not text.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise CorpusError(f"I can't read {file}: {error.strerror}.") from error
    if b"\0" in data:
        raise CorpusError(f"{file} is not a text file; I read ABC text.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")
