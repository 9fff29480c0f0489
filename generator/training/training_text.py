"""Tunes -> the text that the session model learns: what is asked first, then the music.

    R:jig
    M:6/8
    K:G
    P:AABB 8
    |:ⓗ⓪D|θGABd2e|...:|

and an empty line. The signs before each bar count down to the end of its part
(:mod:`generator.grammar.part_marks`); a bar that returns has its sign and its notes, which are read but not
learnt (:mod:`generator.grammar.bar_signs`). ``K:`` names the key in which the tune was printed; the music is
written in the one tonic that its mode has here (:mod:`generator.compose.home_keys`), so that all tunes are
learnt together. ``P:`` has the form and the bars of each part. 2/2 and C| are one meter here; the unit note
length follows from the meter (ABC 2.1, section 3.1.7).
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Final

from generator.compose.home_keys import HIGHEST, HOMES, LOWEST, home_shift
from generator.compose.plan import moved as moved_by
from generator.compose.titles import tidied, will_do
from generator.errors import AbcError
from generator.grammar.canonical import BodyError, body_of
from generator.music.dances import METERS, Meter
from generator.music.keys import Key
from generator.music.melody import line_of
from generator.music.parts import form_of, parts_of
from generator.music.tune import Tune
from generator.training.families import doubles, families, split_families
from generator.training.tune_books import Setting

# What transposition may reach, as signatures.
MOST_SHARPS: Final = 4
MOST_FLATS: Final = 3
MOST_CHARACTERS: Final = 1200
MOST_PARTS: Final = 8
HELD_OUT: Final = 0.1
SPLIT_SEED: Final = 1


@dataclass(frozen=True, slots=True)
class Style:
    """How tunes are written for learning.

    Attributes:
        name: of the variant.
        keys: ``home`` for one tonic per mode, the printed key being named; ``own`` as printed; ``any`` for
            another one at each reading.
        chords: whether chord symbols are kept.
        returns: whether a bar that was there before is written as a sign;
            see :mod:`generator.grammar.bar_signs`.
        twice: whether key, type and meter are said again right before the music.
        marked: whether bars are counted down and what returns is read; such tunes have no title, so that
            what was asked stands right before the music.
        plain: ordinary ABC with its headers in the usual order, spaces and lines of four bars.
    """

    name: str
    keys: str = "home"
    chords: bool = False
    returns: bool = True
    twice: bool = False
    marked: bool = False
    plain: bool = False


STYLES: Final = {
    style.name: style
    for style in (
        Style("counted", marked=True),
        Style("twice", twice=True),
        Style("home"),
        Style("own", keys="own"),
        Style("any", keys="any"),
        Style("spelt", returns=False),
        Style("chords", chords=True),
        Style("plain", keys="own", returns=False, plain=True),
    )
}


@dataclass(frozen=True, slots=True)
class Lesson:
    """A tune made fit for learning.

    Attributes:
        tune: canonical, in its own key.
        dance: type of tune, ``""`` if unknown.
        place: book, file and number.
    """

    tune: Tune
    dance: str
    place: str

    @property
    def notes(self) -> int:
        """Return how many notes are written."""
        return sum(not note.is_rest for bar in self.tune.bars for note in bar.notes)


@dataclass(frozen=True, slots=True)
class Curriculum:
    """All that is learnt and all that is held out.

    Attributes:
        learn: training tunes.
        held_out: of other families.
        refused: why tunes were left out, with how many.
        families: how many families there are.
    """

    learn: tuple[Lesson, ...]
    held_out: tuple[Lesson, ...]
    refused: Counter[str]
    families: int


def curriculum(settings: Iterable[Setting], refused: Counter[str], held: Collection[str] = ()) -> Curriculum:
    """Make settings fit for learning, leave doubles out, and split by family.

    Args:
        settings: of the books.
        refused: what was left out before, by reason.
        held: places of the tunes that are held out; their kin is not learnt either. Without any, a tenth of
            the families is drawn, and another one whenever a tune more is read.
    """
    counts = Counter(refused)
    lessons: list[Lesson] = []
    for setting in settings:
        found = lesson_of(setting)
        if isinstance(found, Lesson):
            lessons.append(found)
        else:
            counts[f"{setting.book}: {found}"] += 1
    gone = doubles([line_of(lesson.tune) for lesson in lessons])
    for index in gone:
        counts[f"{lessons[index].place.split()[0]}: a double"] += 1
    kept = [lesson for index, lesson in enumerate(lessons) if index not in gone]
    groups = families([line_of(lesson.tune) for lesson in kept], [lesson.tune.title for lesson in kept])
    if held:
        held_out = [index for index, lesson in enumerate(kept) if lesson.place in held]
        learn = [index for group in groups if set(group).isdisjoint(held_out) for index in group]
    else:
        learn, held_out = split_families(groups, HELD_OUT, SPLIT_SEED)
    return Curriculum(
        tuple(kept[index] for index in learn), tuple(kept[index] for index in held_out), counts, len(groups)
    )


def lesson_of(setting: Setting) -> Lesson | str:
    """Return a tune made fit for learning, or why it can't be."""
    tune, reason = setting.tune, ""
    families_met = {bar.meter.family for bar in tune.bars}
    if len(families_met) > 1 or tune.meter.standard.abc not in METERS:
        reason = "meter changes or is rare"
    elif tune.key.mode not in HOMES:
        reason = "a rare mode"
    if reason:
        return reason
    parts = parts_of(tune)
    if len(parts) > MOST_PARTS:
        return "too many parts"
    title = tidied(tune.title)
    title = title if will_do(title) else "Untitled"
    headers = (title, setting.dance, tune.meter, tune.key)
    try:
        text = _abc(*headers, body_of(parts, tune.key, tune.meter.unit, chords=True))
        canonical = Tune.read(text)
    except (BodyError, AbcError) as error:
        return str(error) if isinstance(error, BodyError) else "can't be written in one line"
    if canonical.wrong_bars():
        return "a bar that does not fill its meter"
    if len(text) > MOST_CHARACTERS:
        return "too long"
    return Lesson(replace(canonical, rhythm=setting.dance), setting.dance, f"{setting.book} {setting.place}")


def prompt(dance: str, meter: Meter, key: Key, form: str) -> str:
    """Return what stands before a title that is to be drawn."""
    rhythm = f"R:{dance}\n" if dance else ""
    return f"{rhythm}M:{meter.standard.abc}\nK:{key.abc}\nP:{form}\nT:"


def again(dance: str, meter: Meter, key: Key) -> str:
    """Return what stands between a title and the music, so that the network has it fresh in its mind."""
    return f"K:{key.abc} {dance} {meter.standard.abc}\n".replace("  ", " ")


def written(lesson: Lesson, style: Style, random: Random) -> tuple[str, str, str]:
    """Return a tune as prompt, title (with what follows it) and music; their sum is the text to learn."""
    tune = lesson.tune
    if style.plain:
        head, music = _split_headers((tune if style.chords else tune.without_chords()).without_lyrics().abc())
        return head, "", music + "\n\n"
    there = moved(tune, style.keys, random)
    named = tune.key if style.keys == "home" else there.key
    parts = parts_of(there)
    if style.marked:
        music = body_of(parts, there.key, tune.meter.unit, returns=True, marked=True)
        return prompt(lesson.dance, tune.meter, named, form_of(parts)).removesuffix("T:"), "", f"{music}\n\n"
    music = body_of(parts, there.key, tune.meter.unit, chords=style.chords, returns=style.returns)
    title = f"{tune.title}\n" + (again(lesson.dance, tune.meter, named) if style.twice else "")
    return prompt(lesson.dance, tune.meter, named, form_of(parts)), title, f"{music}\n\n"


class Reader:
    """The tunes as text, again and again, in an order of their own for each epoch."""

    def __init__(self, lessons: Sequence[Lesson], style: Style, seed: int = 1) -> None:
        self._lessons, self._style, self._seed = lessons, style, seed
        self._once: list[str] = []

    def __call__(self, epoch: int) -> list[str]:
        """Return all tunes; epoch 0 leaves them in their order."""
        random = Random(f"{self._seed} {epoch}")
        if self._style.keys == "any" or not self._once:
            self._once = ["".join(written(lesson, self._style, random)) for lesson in self._lessons]
        pages = list(self._once)
        if epoch:
            random.shuffle(pages)
        return pages


def checksum(pieces: Iterable[str]) -> str:
    """SHA-256 of texts in their order, in UTF-8."""
    return hashlib.sha256("".join(pieces).encode()).hexdigest()


def moved(tune: Tune, keys: str, random: Random) -> Tune:
    """Return a tune in the key that a style wants, in reach of a fiddle if it can be.

    A tune that would need double accidentals there stays where it is.
    """
    if keys == "own":
        return tune
    mode = tune.key.mode
    if keys == "home":
        key = Key.read(HOMES[mode])
        there = moved_by(tune.fitted(LOWEST, HIGHEST), key, home_shift(tune.key, key))
    else:
        circle = [Key(tonic, mode) for tonic in ("C", "G", "D", "A", "E", "B", "F", "Bb", "Eb", "F#", "C#")]
        key = random.choice([key for key in circle if -MOST_FLATS <= key.fifths <= MOST_SHARPS])
        there = tune.transposed(key).fitted(LOWEST, HIGHEST)
    double = any(abs(p.alter) > 1 for bar in there.bars for note in bar.notes for p in note.pitches)
    return tune if double else there


def moved_home(tune: Tune) -> Tune:
    """Return a tune in the one tonic of its mode."""
    return moved(tune, "home", Random(0))


def _abc(title: str, dance: str, meter: Meter, key: Key, music: str) -> str:
    rhythm = f"R:{dance}\n" if dance else ""
    return f"X:1\nT:{title}\n{rhythm}M:{meter.abc}\nL:{meter.unit}\nK:{key.abc}\n{music}\n"


def _split_headers(abc: str) -> tuple[str, str]:
    """Return the headers of an ABC text up to and with ``K:``, and the music."""
    end = abc.index("\n", abc.index("\nK:") + 1) + 1
    return abc[:end], abc[end:].strip("\n")


def read_sources(nottingham: Path | None) -> tuple[str, ...]:
    """Name the collections that this machine can read, Nottingham's where a folder is named."""
    return ("oneill", "ryan", "aird", *(("nottingham",) if nottingham else ()))
