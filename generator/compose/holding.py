"""A tune of which bars are held while others are drawn anew, and what else of it the new ones keep.

A request says it in a line (:class:`generator.compose.hold_words.Hold`), and then has the tune as ABC.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Self

from generator.compose.held_text import SECOND, Harmony, HeldText, pickup_of
from generator.compose.hold_words import ANSWER, NEXT, Hold, numbers
from generator.compose.home_keys import HIGHEST, LOWEST
from generator.compose.kept_chords import ChordPlaces, chord_places, harmonies, with_chords
from generator.errors import AbcError, RequestError
from generator.grammar.bar_text import TICK
from generator.grammar.canonical import BodyError, bar_texts
from generator.grammar.form import LONGEST_ENDING
from generator.grammar.lengths import WHOLE, Grid
from generator.grammar.part_marks import HOME, end_of
from generator.music.keys import Key
from generator.music.notation import Bar
from generator.music.parts import Part, parts_of, with_short_endings
from generator.music.tune import Tune

QUESTION: Final = 4  # bars
_FORMS: Final = {(2, True): "AABB", (2, False): "AB", (3, True): "AABBCC"}
_SIZES: Final = (4, 8, 16)  # bars of a part
_NO_FORM: Final = "I can only do that with tunes of two or three parts, each of 4, 8 or 16 bars."
_NO_NEXT: Final = (
    "I can only add a part to a tune of one part, or of two that are played twice, each of 4, 8 or 16 bars."
)
_NO_CHORDS: Final = "That tune has no chord symbols to keep; try keep=rhythm, or keep=A."
_PULL: Final = 5.0  # weight of an old note's characters where the new ones are to be nearly the same
_ECHO: Final = 0.5  # likeness of an answer's beginning to that of the question
_SURELY: Final = 0.5  # likeness from which parts end as they did


@dataclass(frozen=True, slots=True)
class Held:
    """A tune of which some bars are held.

    Attributes:
        hold: what is held of it.
        tune: as it was.
        parts: of it.
        numbers: of the bars that are held, counted from 0 as written, without pickups.
    """

    hold: Hold
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
        hold = Hold.read(which)
        try:
            tune = Tune.read(abc)
        except AbcError as error:
            raise RequestError(f"I can't read the tune to vary: {error.reason}.") from error
        if hold.grows == ANSWER:
            tune = _question(tune)
        held = cls(hold, tune, _parts(hold, tune), frozenset())
        held._check_form()
        count = len(held.parts) * held.bars
        if hold.grows:
            return replace(held, numbers=frozenset(range(count)))
        named = numbers(hold.bars, len(held.parts), held.bars)
        kept = frozenset(range(count)) - named if hold.others else named
        if not kept and not hold.loosely:
            raise RequestError("Then nothing of the tune is left; /another makes a new one like it.")
        if len(kept) == count:
            raise RequestError("Then nothing is left to draw; keep fewer bars.")
        if hold.chords and not any(note.chord for bar in tune.bars for note in bar.notes):
            raise RequestError(_NO_CHORDS)
        return replace(held, numbers=kept)

    def _check_form(self) -> None:
        parts = self.parts
        like = {(part.count, part.twice) for part in parts} == {(self.bars, parts[0].twice)}
        refusal = _NO_NEXT if self.hold.grows == NEXT else _NO_FORM
        if not like or (self._count, parts[0].twice) not in _FORMS or self.bars not in _SIZES:
            raise RequestError(refusal)
        bars = [bar for part in parts for bar in (*part.bars, *part.first, *part.second)]
        endings = all(
            len(part.first) == len(part.second) <= LONGEST_ENDING < len(part.bars) for part in parts
        )
        if any(bar.changes for bar in bars) or len(bars) != len(self.tune.bars) or not endings:
            raise RequestError(refusal)
        if self.hold.grows != ANSWER and len({part.pickup for part in parts}) > 1:
            raise RequestError(refusal)

    @property
    def _count(self) -> int:
        return len(self.parts) + bool(self.hold.grows)

    @property
    def bars(self) -> int:
        """Return the bars of a part."""
        return self.parts[0].count

    @property
    def form(self) -> str:
        """Return the order of the parts, as a request has it."""
        return _FORMS[self._count, self.parts[0].twice]

    @property
    def pickup(self) -> int:
        """Return the ticks of the pickup of every part, 0 if they begin with a full bar."""
        return int(self.parts[0].pickup * WHOLE)

    @property
    def endings(self) -> bool:
        """Tell whether a part has a first and a second ending."""
        return any(part.first for part in self.parts)

    def drawn_in(self, tune: Tune, unit: int) -> HeldText:
        """Spell the bars as a model draws them.

        Args:
            tune: this one, in the key that the model draws in.
            unit: ticks of a bare letter.

        Raises:
            RequestError: they cannot be written so.
        """
        pickup, parts = self.pickup, _parts(self.hold, tune)
        bars = dict(self._bars(parts))
        kept = {key: bar for key, bar in bars.items() if self._keeps(key)}
        _check_range(bar for key, bar in self._bars(self.parts) if key in kept)
        self._check_lengths(bars if self.hold.rhythm else kept)
        if pickup and pickup not in Grid.of(tune.meter).pickups:
            raise RequestError("I can't do that with a tune that has such a pickup.")
        guided = self.hold.rhythm or self.hold.like is not None or self.hold.grows == ANSWER
        spelt = {key: _spelt(bar, tune.key, unit) for key, bar in (bars if guided else kept).items()}
        texts = {key: text for key, text in spelt.items() if key in kept}
        old = {key: text for key, text in spelt.items() if key not in kept}
        pulls = dict.fromkeys(old, _PULL * (self.hold.like or 0.0)) if self.hold.like else {}
        ends = {
            index: end_of(part, tune.key, rhymes=False)
            for index, part in enumerate(parts)
            if (index + 1) * self.bars - 1 in self.numbers or (self.hold.like or 0) >= _SURELY
        }
        if self.hold.grows == ANSWER:
            ends[1] = HOME
            old = {QUESTION: texts[0], QUESTION + 1: texts[1]}
            pulls = dict.fromkeys(old, _PULL * _ECHO)
        return HeldText(
            texts,
            ends,
            pickup,
            self.bars,
            unit,
            Grid.of(tune.meter).bar,
            int(tune.meter.beat * WHOLE),
            {index: len(part.first) for index, part in enumerate(parts)},
            old,
            self.hold.rhythm,
            pulls,
            {key: each for key, each in _harmony(bars).items() if key not in kept}
            if self.hold.chords
            else {},
            tune.key.fifths,
        )

    def _check_lengths(self, bars: Mapping[int, Bar]) -> None:
        """Raise what can be said against bars whose rhythm is to stand."""
        for key, bar in bars.items():
            number = key % SECOND
            last = number % self.bars == self.bars - 1
            room = {bar.meter.bar - self.parts[0].pickup} if last else {bar.meter.bar}
            if self.hold.grows == ANSWER:
                room.add(bar.meter.bar)
            if key >= 0 and bar.length not in room:
                raise RequestError(f"Bar {number + 1} of that tune is too short or too long to be kept.")

    def put_back(self, drawn: Tune) -> Tune:
        """Return a drawn tune with the held bars as they were, but for their chords."""
        kept = {key: bar for key, bar in self._bars(self.parts) if self._keeps(key)}
        bars = list(drawn.bars)
        for index, (key, _) in enumerate(self._bars(parts_of(drawn))):
            if key in kept:
                notes = [replace(note, chord=None) for note in kept[key].notes]
                bars[index] = replace(bars[index], notes=tuple(notes))
        if self.hold.grows == ANSWER:  # question and answer are one part
            turn = next(index for index, bar in enumerate(bars) if bar.closes)
            short = bars[turn].length < bars[turn].meter.bar  # the answer's pickup fills it
            filled = bars[turn].notes + (bars.pop(turn + 1).notes if short else ())
            bars[turn] = replace(bars[turn], notes=filled, end="|")
        return replace(drawn, bars=tuple(bars))

    def dressed(self, drawn: Tune) -> Tune:
        """Return a drawn tune with the chords that are held; the same if none are.

        Raises:
            AbcError: one of its notes is in the way of a chord.
        """
        if not self.hold.chords:
            return drawn
        places: dict[int, ChordPlaces] = {key: chord_places(bar) for key, bar in self._bars(self.parts)}
        return with_chords(drawn, [places.get(key, ()) for key, _ in self._bars(parts_of(drawn))])

    def _keeps(self, key: int) -> bool:
        return (key % SECOND if key >= 0 else pickup_of(key) * self.bars) in self.numbers

    def _bars(self, parts: Sequence[Part]) -> Iterator[tuple[int, Bar]]:
        """Yield each bar of parts of this form with its key, in written order."""
        for index, part in enumerate(parts):
            first = index * self.bars
            main = list(part.bars)
            if part.pickup:
                yield pickup_of(index), main.pop(0)
            yield from enumerate(main, first)
            yield from enumerate(part.first, first + len(main))
            yield from enumerate(part.second, first + len(main) + SECOND)


def in_key(held: Held, key: Key) -> Held:
    """Return the same bars of the same tune in another key of its mode."""
    if held.tune.key == key:
        return held
    tune = held.tune.transposed(key).fitted(LOWEST, HIGHEST)
    return replace(held, tune=tune, parts=_parts(held.hold, tune))


def _parts(hold: Hold, tune: Tune) -> tuple[Part, ...]:
    if hold.grows == ANSWER:
        return (Part(tune.bars, (), (), twice=False),)
    return with_short_endings(parts_of(tune))


def _question(tune: Tune) -> Tune:
    """Return the first four bars of a tune, and their pickup.

    Raises:
        RequestError: there are fewer.
    """
    pickup = tune.bars[0].length < tune.bars[0].meter.bar
    bars = tune.bars[: QUESTION + pickup]
    if len(bars) < QUESTION + pickup:
        raise RequestError(f"I answer four bars; these are {len(bars) - pickup}.")
    plain = [
        replace(
            bar, start="", end="|", repeat_start=False, repeat_end=0, endings=(), ending_stop=False, part=""
        )
        for bar in bars
    ]
    last = plain[-1].notes[-1]
    if last.tie:
        notes = (*plain[-1].notes[:-1], replace(last, tie=False, tied=()))
        plain[-1] = replace(plain[-1], notes=notes)
    return replace(tune, bars=tuple(plain), parts=())


def _check_range(bars: Iterable[Bar]) -> None:
    pitches = [pitch.midi for bar in bars for note in bar.notes for pitch in note.pitches]
    if pitches and not LOWEST <= min(pitches) <= max(pitches) <= HIGHEST:
        raise RequestError("Those bars go too low or too high for me; a fiddle likes G, up to b.")


def _spelt(bar: Bar, key: Key, unit: int) -> str:
    try:
        return bar_texts((bar,), key, unit)[0]
    except BodyError as error:
        raise RequestError(f"I can't write that tune: it has {error}.") from error


def _harmony(bars: Mapping[int, Bar]) -> dict[int, Harmony]:
    places = [chord_places(bar) for bar in bars.values()]
    ticks = Fraction(TICK * WHOLE)
    return dict(zip(bars, harmonies(places, ticks), strict=True))
