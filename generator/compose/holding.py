"""Bars of a tune that are held while others are drawn anew.

A request says which bars, and of which tune: a line such as ``A`` or ``1-4,9-12``, or ``!5-8`` for all
others, and then the tune as ABC.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Self

from generator.compose.home_keys import HIGHEST, LOWEST
from generator.errors import AbcError, RequestError, quoted
from generator.grammar.canonical import BodyError, bar_texts
from generator.grammar.lengths import WHOLE, Grid
from generator.grammar.part_marks import end_of
from generator.music.keys import Key
from generator.music.notation import Bar
from generator.music.part_starts import part_starts
from generator.music.parts import Part, parts_of
from generator.music.tune import Tune

ALL_BUT: Final = "!"
_LETTERS: Final = "ABC"
_DASH: Final = re.compile(r"\s*[-–]\s*")
_BETWEEN: Final = re.compile(r"(?:[,;+&\s]|\bAND\b)+")
_SPAN: Final = re.compile(r"(\d{1,3})(?:-(\d{1,3}))?", re.ASCII)
_FORMS: Final = {(2, True): "AABB", (2, False): "AB", (3, True): "AABBCC"}
_SIZES: Final = (4, 8, 16)  # bars of a part
_NO_FORM: Final = "I can only do that with tunes of two or three parts, each of 4, 8 or 16 bars."
_NO_ENDINGS: Final = "I can't do that yet with a tune that has first and second endings."


def read_bars(text: str) -> str:
    """Return which bars are held, in one spelling: ``A``, ``A,C``, ``1-4,9-12``.

    Raises:
        RequestError: it says no bars.
    """
    pieces = [piece for piece in _BETWEEN.split(_DASH.sub("-", text.upper())) if piece]
    found = []
    for piece in pieces:
        span = _SPAN.fullmatch(piece)
        if piece in _LETTERS and len(piece) == 1:
            found.append(piece)
        elif span and 1 <= int(span[1]) <= int(span[2] or span[1]):
            found.append(span[1] if span[2] in (None, span[1]) else f"{int(span[1])}-{int(span[2])}")
        else:
            found.clear()
            break
    if not found:
        raise RequestError(f"{quoted(text)} says no bars; say keep=A, keep=B or keep=1-4,9-12.")
    return ",".join(found)


@dataclass(frozen=True, slots=True)
class Held:
    """A tune of which some bars are held.

    Attributes:
        tune: as it was.
        parts: of it.
        numbers: of the bars that are held, counted from 0 as written, without pickups.
    """

    tune: Tune
    parts: tuple[Part, ...]
    numbers: frozenset[int]

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what a request holds.

        Raises:
            RequestError: it cannot be read, or the tune's form is none that can be drawn.
        """
        which, _, abc = text.partition("\n")
        try:
            tune = Tune.read(abc)
        except AbcError as error:
            raise RequestError(f"I can't read the tune to vary: {error.reason}.") from error
        parts = parts_of(tune)
        bars = parts[0].count
        like = {(part.count, part.twice) for part in parts} == {(bars, parts[0].twice)}
        if not like or (len(parts), parts[0].twice) not in _FORMS or bars not in _SIZES:
            raise RequestError(_NO_FORM)
        if any(part.first for part in parts):
            raise RequestError(_NO_ENDINGS)
        if any(bar.changes for bar in tune.bars) or len({part.pickup for part in parts}) > 1:
            raise RequestError(_NO_FORM)
        named = _numbers(read_bars(which.removeprefix(ALL_BUT)), len(parts), bars)
        others = frozenset(range(len(parts) * bars)) - named
        kept = others if which.startswith(ALL_BUT) else named
        if not kept:
            raise RequestError("Then nothing of the tune is left; /another makes a new one like it.")
        if len(kept) == len(parts) * bars:
            raise RequestError("Then nothing is left to draw; keep fewer bars.")
        return cls(tune, parts, kept)

    @property
    def bars(self) -> int:
        """Return the bars of a part."""
        return self.parts[0].count

    @property
    def form(self) -> str:
        """Return the order of the parts, as a request has it."""
        return _FORMS[len(self.parts), self.parts[0].twice]

    @property
    def pickup(self) -> int:
        """Return the ticks of the pickup of every part, 0 if they begin with a full bar."""
        return int(self.parts[0].pickup * WHOLE)

    def drawn_in(self, tune: Tune, unit: int) -> "HeldText":
        """Spell the bars as a model draws them.

        Args:
            tune: this one, in the key that the model draws in.
            unit: ticks of a bare letter.

        Raises:
            RequestError: they cannot be written so.
        """
        parts, pickup = parts_of(tune), self.pickup
        kept = [bar for number, bar in self._places(self.tune) if self._keeps(number)]
        pitches = [pitch.midi for bar in kept for note in bar.notes for pitch in note.pitches]
        if pitches and not LOWEST <= min(pitches) <= max(pitches) <= HIGHEST:
            raise RequestError("Those bars go too low or too high for me; a fiddle likes G, up to b.")
        if pickup and pickup not in Grid.of(tune.meter).pickups:
            raise RequestError("I can't do that with a tune that has such a pickup.")
        texts: dict[int, str] = {}
        ends: dict[int, int] = {}
        for index, part in enumerate(parts):
            try:
                spelt = bar_texts(part.bars, tune.key, unit)
            except BodyError as error:
                raise RequestError(f"I can't write that tune: it has {error}.") from error
            if pickup and index * self.bars in self.numbers:
                texts[pickup_of(index)] = spelt[0]
            numbered = enumerate(spelt[pickup > 0 :], index * self.bars)
            texts |= {at: text for at, text in numbered if at in self.numbers}
            if (index + 1) * self.bars - 1 in self.numbers:
                ends[index] = end_of(part, tune.key, rhymes=False)
        return HeldText(texts, ends, pickup, self.bars)

    def put_back(self, drawn: Tune) -> Tune:
        """Return a drawn tune with the held bars as they were, but for their chords."""
        old = dict(self._places(self.tune))
        kept = {number: bar for number, bar in old.items() if self._keeps(number)}
        bars = list(drawn.bars)
        for index, (number, bar) in enumerate(self._places(drawn)):
            if number in kept:
                bars[index] = replace(
                    bar, notes=tuple([replace(note, chord=None) for note in kept[number].notes])
                )
        return replace(drawn, bars=tuple(bars))

    def _keeps(self, number: int) -> bool:
        return (number if number >= 0 else pickup_of(number) * self.bars) in self.numbers

    def _places(self, tune: Tune) -> list[tuple[int, Bar]]:
        """Give each bar of a tune of this form with its number, or that of its pickup."""
        found: list[tuple[int, Bar]] = []
        starts = [*part_starts(tune.bars), len(tune.bars)]
        for index, (start, end) in enumerate(pairwise(starts)):
            at = index * self.bars
            for bar in tune.bars[start:end]:
                if not found or bar is tune.bars[start]:
                    is_pickup = bar.length < bar.meter.bar
                    found.append((pickup_of(index) if is_pickup else at, bar))
                    at += not is_pickup
                else:
                    found.append((at, bar))
                    at += 1
        return found


@dataclass(frozen=True, slots=True)
class HeldText:
    """Held bars as a model draws them.

    Attributes:
        texts: by number of the bar, or by :func:`pickup_of` its part.
        ends: by part whose last bar is held, how that ends; see :mod:`generator.grammar.part_marks`.
        pickup: ticks of the pickup of every part.
        bars: of a part.
    """

    texts: Mapping[int, str]
    ends: Mapping[int, int]
    pickup: int
    bars: int

    def comes_next(self, number: int) -> bool:
        """Tell whether a held bar may come after the bar with this number, so that nothing is tied over."""
        return number + 1 in self.texts or number % self.bars == self.bars - 1


def pickup_of(part: int) -> int:
    """Return the number under which the pickup of a part goes; given that, return the part."""
    return -1 - part


def in_key(held: Held, key: Key) -> Held:
    """Return the same bars of the same tune in another key of its mode."""
    if held.tune.key == key:
        return held
    tune = held.tune.transposed(key).fitted(LOWEST, HIGHEST)
    return replace(held, tune=tune, parts=parts_of(tune))


def _numbers(which: str, parts: int, bars: int) -> frozenset[int]:
    """Return the numbers of bars, from 0."""
    found: set[int] = set()
    for piece in which.split(","):
        if piece in _LETTERS:
            first, last = _LETTERS.index(piece) * bars + 1, (_LETTERS.index(piece) + 1) * bars
        else:
            ends = piece.split("-")
            first, last = int(ends[0]), int(ends[-1])
        if last > parts * bars:
            there = f"has {parts} parts" if piece in _LETTERS else f"has {parts * bars} bars"
            raise RequestError(f"That tune {there}; there is no {piece}.")
        found.update(range(first - 1, last))
    return frozenset(found)
