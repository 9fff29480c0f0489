"""The printed tunes of a model: those that it never learnt are judged; surprise is counted on the rest."""

import hashlib
import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from benchmarks.judge.ngrams import Foresight
from benchmarks.judge.sheet import sheet_of
from generator.compose.model import MODELS, Model, find_model
from generator.compose.novelty import Novelty
from generator.errors import AbcError, CorpusError
from generator.evaluation.comparison import asked_form, unseen
from generator.music.dances import METERS
from generator.music.melody import line_of
from generator.music.tune import Tune, read_tunes
from generator.training.book_facts import printed_dance
from generator.training.corpus import read_text
from generator.training.families import families
from generator.training.training_text import Lesson, curriculum, lesson_of
from generator.training.tune_books import Setting, read_collections

BOOKS: Final = ("oneill", "ryan", "aird", "nottingham")
OWN_BOOK: Final = "litten"  # William Litten's manuscript (1800-02): kept out of every training for the judge
MOST: Final = 360  # tunes that are judged
_FORMAT: Final = 6
_KNOWN: Final = 4.0  # bars in a row that make a tune of the judge's own book a known one


@dataclass(frozen=True)
class Printed:
    """What a model is held against.

    Attributes:
        lessons: printed tunes that it never learnt.
        family: of each, a number; tunes of one family are judged in one fold.
        foresight: counted on all others.
    """

    lessons: tuple[Lesson, ...]
    family: tuple[int, ...]
    foresight: Foresight


@dataclass
class Shelf:
    """The books, read once.

    Attributes:
        lessons: all tunes of the four books that are learnt from.
        own: tunes of the judge's own book that are in none of them.
        foresights: by checksum of a model's index of known tunes.
        kept: where all this is kept for the next run; None for nowhere.
    """

    lessons: tuple[Lesson, ...]
    own: tuple[Lesson, ...]
    foresights: dict[str, Foresight] = field(default_factory=dict)
    kept: Path | None = None

    def beside(self, name: str, models: Path = MODELS) -> Printed:
        """Return what a model is held against: tunes of types that it learnt, but not themselves.

        Raises:
            CorpusError: if the model has no index of the tunes that it learnt.
        """
        model = find_model(name, models)
        if model.index is None:
            raise CorpusError(f"{name} has no index of the tunes that it learnt, so none can be held out.")
        new = unseen(self.lessons, Novelty.load(model.index))
        fresh = set(map(id, new))
        judged = [lesson for lesson in (*new, *self.own) if _fits(lesson, model) and can_be_asked(lesson)]
        if len(judged) > MOST:
            judged = Random(1).sample(judged, MOST)
        checksum = hashlib.sha256(model.index.read_bytes()).hexdigest()
        if checksum not in self.foresights:
            self.foresights[checksum] = _counted(lesson for lesson in self.lessons if id(lesson) not in fresh)
            self._keep()
        return Printed(tuple(judged), _families(judged), self.foresights[checksum])

    def _keep(self) -> None:
        if self.kept is not None:
            self.kept.write_bytes(pickle.dumps((_FORMAT, self.lessons, self.own, self.foresights)))


def read_shelf(nottingham: Path, more: Path | None, kept: Path | None) -> Shelf:
    """Read the books, or what an earlier run kept of them.

    Args:
        nottingham: folder of the Nottingham database.
        more: folder with the judge's own book; without it tunes of the four other books alone are judged.
        kept: file for what was read; None for none.

    Raises:
        CorpusError: if a book is not there.
    """
    if kept is not None and kept.exists():
        format_, *found = pickle.loads(kept.read_bytes())
        if format_ == _FORMAT:
            return Shelf(*found, kept=kept)
    harvest = read_collections(BOOKS, nottingham)
    tunes = curriculum(harvest.settings, harvest.refused)
    lessons = (*tunes.learn, *tunes.held_out)
    known = Novelty.of((lesson.tune.title, line_of(lesson.tune)) for lesson in lessons)
    own = own_book(more) if more is not None else ()
    return Shelf(
        lessons, tuple(lesson for lesson in own if known.nearest(lesson.tune).bars < _KNOWN), kept=kept
    )


def can_be_asked(lesson: Lesson) -> bool:
    """Tell whether a request can have the headers of a tune, and the judge can read it."""
    named = bool(lesson.dance) and asked_form(lesson.tune) is not None
    return named and sheet_of(lesson.tune, lesson.dance) is not None


def own_book(folder: Path) -> Iterator[Lesson]:
    """Yield the tunes of the judge's own book whose type is told by title or meter.

    Raises:
        CorpusError: if it is not in the folder.
    """
    file = folder / f"{OWN_BOOK}.abc"
    if not file.exists():
        raise CorpusError(f"{file} is not there; name the folder of the judge's own book with --more.")
    for number, tune in enumerate(read_tunes(read_text(file)), 1):
        if isinstance(tune, AbcError):
            continue
        found = lesson_of(Setting(tune, OWN_BOOK, f"{file.name} {number}", _dance(tune)))
        if isinstance(found, Lesson):
            yield found


def _dance(tune: Tune) -> str:
    """Return the type that a title names, or what a ship's fiddler plays in that meter."""
    meter = tune.meter.standard
    words = " ".join((tune.rhythm, tune.title, *(text for letter, text in tune.headers if letter == "T")))
    usual = METERS[meter.abc].dance if meter.abc in METERS and meter.compound else ""
    reel = "reel" if meter.family == "4/4" else ""
    return printed_dance(OWN_BOOK, OWN_BOOK, "", words, tune.meter) or usual or reel


def _fits(lesson: Lesson, model: Model) -> bool:
    types, meters = model.facts.types, model.facts.meters
    return lesson.dance in types if types else lesson.tune.meter.standard.abc in meters


def _counted(lessons: Iterable[Lesson]) -> Foresight:
    return Foresight(filter(None, (sheet_of(lesson.tune, lesson.dance) for lesson in lessons)))


def _families(lessons: Sequence[Lesson]) -> tuple[int, ...]:
    groups = families([line_of(lesson.tune) for lesson in lessons], [lesson.tune.title for lesson in lessons])
    head = {index: number for number, group in enumerate(groups) for index in group}
    return tuple(head[index] for index in range(len(lessons)))
