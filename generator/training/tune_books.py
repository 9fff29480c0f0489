"""Named collections of traditional tunes, found on the machine.

O'Neill's, Ryan's and Aird's books come inside music21's wheel, which is searched for but never imported.
The Nottingham database is a folder that the user names, or is fetched when the user asks for it.
"""

import hashlib
import importlib.util
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

from generator.errors import AbcError, CorpusError
from generator.music.abc.line_order import TWO_VOICES
from generator.music.abc.reader import SEVERAL_VOICES
from generator.music.tune import Tune
from generator.training.book_facts import is_traditional, printed_dance
from generator.training.corpus import TUNE_START, abc_files, read_text

Fetch = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Collection:
    """A book of tunes.

    Attributes:
        name: as it is asked for.
        title: as it is credited.
        folder: below music21's corpus; ``""`` if it is not in there.
    """

    name: str
    title: str
    folder: str = ""


COLLECTIONS: Final = {
    book.name: book
    for book in (
        Collection("oneill", "O'Neill's Music of Ireland, 1850 melodies (1903)", "oneills1850"),
        Collection("ryan", "Ryan's Mammoth Collection of fiddle tunes (1883)", "ryansMammoth"),
        Collection("aird", "Aird's Selection of airs, six books (1782-1801)", "airdsAirs"),
        Collection("nottingham", "the Nottingham Music Database, traditional tunes alone"),
    )
}

# Jukedeck's cleaned edition, file by file, with the SHA-256 of each; carols (xmas.abc) are no dances.
NOTTINGHAM_URL: Final = "https://raw.githubusercontent.com/jukedeck/nottingham-dataset/master/ABC_cleaned/"
NOTTINGHAM_FILES: Final = {
    "ashover.abc": "6586eea8dca53866b42721050d11fc1408bdb2cf31a902b41c5c13504139b164",
    "hpps.abc": "6d035c6972ac0c204ba79d8128e2d71978ece2214a29ffceeb3e053e27f17db5",
    "jigs.abc": "5bb6f621e443bde552540810e3ea53e53531fd22258736e338d795e7a5bdcaf5",
    "morris.abc": "cbf60b212c87748dea226c76b72a15db5b4f606bb35a580763e9cd8f7294e7da",
    "playford.abc": "070877bc37176e0dedbcd038268d6669399201cd7b58d88b4ab36127528f9c76",
    "reelsa-c.abc": "f92ed0e66024e0a5bb7d21fe3172cd50c3fb4cb7f642b4ec7cd5aa8ad0396da8",
    "reelsd-g.abc": "33f535569116ec8cfb530c112f4cdc3bfb7fc042c271e0317cf6458bad30dfae",
    "reelsh-l.abc": "cb701d4ffe6839cb7a5655bc21785ecb71a72ab63d8560f7be3856f6aedaf7e5",
    "reelsm-q.abc": "a99f2967cf47460bba70bae40cd355a220b537a87180131c6d9433750bc446a1",
    "reelsr-t.abc": "f80a2c0f37a49b9b0c748e922924d59c40d82758abc5b0f7fc9245d7fd563be0",
    "reelsu-z.abc": "d104d7d1bb83eb1ca18f6b944dc22cf9f7bfe5f955d07cd573615985f69c2c1f",
    "slip.abc": "da686b3a0de20aab38e64f8c8ec57edace980bab6450a6c388d79a2866e5b16a",
    "waltzes.abc": "ffa773d012756be17784ab4a84e0e4618f316be5c6f244f9d60c06b23cd812c6",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """A tune as one book has it.

    Attributes:
        tune: as read.
        book: name of the collection.
        place: file and number within it.
        dance: type of tune, ``""`` where the book does not tell.
    """

    tune: Tune
    book: str
    place: str
    dance: str


@dataclass(frozen=True, slots=True)
class Harvest:
    """What came out of some collections.

    Attributes:
        settings: the tunes, in the order of the books.
        refused: why tunes were left out, with how many.
    """

    settings: tuple[Setting, ...]
    refused: Counter[str] = field(default_factory=Counter)


def read_collections(names: Iterable[str], nottingham: Path | None = None) -> Harvest:
    """Read collections by name, in the order given.

    Args:
        names: of :data:`COLLECTIONS`.
        nottingham: folder with the files of the Nottingham database.

    Raises:
        CorpusError: if a name is unknown, or a collection is not on this machine.
    """
    settings: list[Setting] = []
    refused: Counter[str] = Counter()
    for name in names:
        for file in _book_files(name, nottingham):
            for number, text in _tunes(file):
                found = _read(name, file, number, text)
                if isinstance(found, Setting):
                    settings.append(found)
                else:
                    refused[f"{name}: {found}"] += 1
    return Harvest(tuple(settings), refused)


def fetch_nottingham(folder: Path, fetch: Fetch) -> None:
    """Fetch the Nottingham database into a folder, and check every file; files that are there stay.

    Args:
        folder: made if it is not there.
        fetch: gets the bytes at an address; raises ``OSError`` where it cannot.

    Raises:
        CorpusError: if a file cannot be fetched, or is not the one expected.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, expected in NOTTINGHAM_FILES.items():
        file = folder / name
        if file.exists():
            continue
        try:
            data = fetch(NOTTINGHAM_URL + name)
        except OSError as error:
            raise CorpusError(
                f"I can't fetch {name} of the Nottingham database ({error}); get it another way and name"
                " its folder with --nottingham."
            ) from error
        if hashlib.sha256(data).hexdigest() != expected:
            raise CorpusError(f"{name} of the Nottingham database is not the edition I know; I left it out.")
        file.write_bytes(data)


def _book_files(name: str, nottingham: Path | None) -> list[Path]:
    book = COLLECTIONS.get(name)
    if book is None:
        raise CorpusError(f"I don't know the collection “{name[:20]}”; I know {', '.join(COLLECTIONS)}.")
    if book.folder:
        spec = importlib.util.find_spec("music21")
        for place in (spec.submodule_search_locations or []) if spec else []:
            folder = Path(place) / "corpus" / book.folder
            if folder.is_dir():
                return abc_files(folder)
        raise CorpusError(
            f"{book.title} comes with music21; install it with: pip install music21, or leave {name} out."
        )
    if nottingham is None:
        raise CorpusError("Name the folder of the Nottingham database with --nottingham, or leave it out.")
    files = [nottingham / file for file in NOTTINGHAM_FILES if (nottingham / file).exists()]
    if not files:
        raise CorpusError(f"The folder {nottingham} has none of the Nottingham database's files.")
    return files


def _tunes(file: Path) -> Iterator[tuple[str, str]]:
    """Yield the number and the text of each tune of a file."""
    text = read_text(file)
    starts = [match.start() for match in TUNE_START.finditer(text)]
    for start, end in pairwise([*starts, len(text)]):
        piece = text[start:end]
        yield piece[2 : piece.find("\n")].strip(), piece


def _read(book: str, file: Path, number: str, text: str) -> Setting | str:
    """Return a setting, or why there is none."""
    if book == "nottingham" and not is_traditional(_field(text, "S")):
        return "attributed to a composer"
    try:
        tune = Tune.read(text)
    except AbcError:
        return "can't be read"
    if not {SEVERAL_VOICES, TWO_VOICES}.isdisjoint(tune.remarks):
        return "has several voices"
    named = " ".join((tune.rhythm, _field(text, "R"), _field(text, "G"), *_fields(text, "T")))
    dance = printed_dance(book, file.stem, number, named, tune.meter)
    return Setting(tune, book, f"{file.name} {number}", dance)


def _fields(text: str, letter: str) -> list[str]:
    return [line.strip() for line in re.findall(rf"^{letter}:(.*)$", text, re.MULTILINE)]


def _field(text: str, letter: str) -> str:
    return "; ".join(_fields(text, letter))
