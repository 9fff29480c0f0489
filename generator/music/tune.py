"""A tune: its data, and the ways to read, write, play and transpose it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from generator.errors import AbcError
from generator.music.abc.notes import clean
from generator.music.abc.reader import Lines, Reading, book_lines, read_lines, tune_lines
from generator.music.abc.writer import header, music, tempo
from generator.music.bar_check import wrong_bars
from generator.music.dances import Meter, listed
from generator.music.keys import Key
from generator.music.notation import Bar, Change, Chord, Note, Pitch, PlayedNote, Tempo, Tuplet
from generator.music.playing import PlayedBar, played_bars, played_order, sounding, with_starts
from generator.music.transposing import best_octave, transposed, under

__all__ = [
    "Bar", "Change", "Chord", "Note", "Origin", "Pitch", "PlayedNote", "Tempo", "Tune", "Tuplet",
    "read_numbered", "read_tunes",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Origin:
    """How a tune was made; not part of the music.

    Attributes:
        model: name of the model that drew it.
        seed: of the draw; None if the tune was changed since, so that no draw gives it.
        temp: temperature of the draw.
        notes: figures about it, such as its score or the nearest known tune.
    """

    model: str
    seed: int | None
    temp: float
    notes: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tune:
    """A tune for one voice, with chord symbols.

    Attributes:
        title: from the first ``T:``, ``""`` if there is none.
        key: signature at the first note.
        meter: meter at the first note.
        unit: note length that a bare letter has in its ABC, in whole notes.
        bars: in written order.
        tempo: None if the tune does not say.
        rhythm: type of tune, from ``R:``.
        composer: from ``C:``.
        parts: labels in the order in which the parts are played; empty: as they stand.
        headers: other headers that are kept, as (letter, text): second titles, source, notes.
        origin: how it was made, None for a tune that was read. Not compared.
        remarks: sentences on what was read otherwise than it stands, or left out. Not compared.
    """

    title: str
    key: Key
    meter: Meter
    unit: Fraction
    bars: tuple[Bar, ...]
    tempo: Tempo | None = None
    rhythm: str = ""
    composer: str = ""
    parts: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    origin: Origin | None = field(default=None, compare=False)
    remarks: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def read(cls, text: str) -> "Tune":
        """Read the single tune of an ABC text.

        Raises:
            AbcError: with line and bar, if it cannot be read, or plays too many notes.
        """
        return cls._of(read_lines(tune_lines(text)))

    @classmethod
    def read_or_none(cls, text: str) -> "Tune | None":
        """Read the single tune of an ABC text; None if it cannot be read."""
        try:
            return cls.read(text)
        except AbcError:
            return None

    def abc(self, number: int = 1) -> str:
        """Write canonical ABC that reads back to the same notes, numbered ``X:number``.

        Lines break where the tune's own do; without any, every four bars.
        """
        fields = [
            ("T", clean(self.title)),
            *[(letter, clean(words)) for letter, words in self.headers if letter == "T"],
            ("C", clean(self.composer)),
            ("R", clean(self.rhythm)),
            *[(letter, clean(words)) for letter, words in self.headers if letter != "T"],
            ("M", self.meter.abc),
            ("L", f"{self.unit.numerator}/{self.unit.denominator}"),
            ("Q", tempo(self.tempo) if self.tempo else ""),
            ("P", "".join(self.parts)),
        ]
        return header(number, fields, self.key) + music(self.bars, self.unit)

    def played(self) -> tuple[PlayedNote, ...]:
        """Return the notes as they sound: repeats, endings and part order expanded, tied notes merged."""
        return sounding(self.bars, self.parts)

    def played_bars(self) -> Iterator[PlayedBar]:
        """Walk over the bars in the order in which they are played, with their onsets."""
        return played_bars(self.bars, self.parts)

    @property
    def total_length(self) -> Fraction:
        """Return how long it plays, repeats and rests included, in whole notes."""
        end = Fraction(0)
        for played in self.played_bars():
            end = played.onset + played.bar.length
        return end

    def wrong_bars(self) -> tuple[int, ...]:
        """Return the indices of the bars that do not fill their meter.

        A pickup at the start of a part or repeat is right, and so is the short bar that completes it.
        """
        return wrong_bars(self.bars)

    def transposed(self, key: Key, octave: int = 0) -> "Tune":
        """Transpose to the tonic of ``key`` by the smallest interval, and by ``octave`` octaves.

        Spelling is kept relative to the signature: a raised fourth stays a raised fourth. Chord
        symbols and changes of key move along.

        Raises:
            ValueError: if ``key`` has another mode than the tune.
        """
        if key.mode != self.key.mode:
            raise ValueError(f"{self.key.name} cannot be transposed to {key.name}: another mode")
        return replace(self, key=key, bars=transposed(self.bars, self.key, key, octave))

    def under(self, key: Key) -> "Tune":
        """Put the same letters under another signature on the same tonic; respell chords to its scale.

        Raises:
            ValueError: if ``key`` has another tonic.
        """
        if key.tonic != self.key.tonic:
            raise ValueError(f"{self.key.name} and {key.name} have different tonics")
        return replace(self, key=key, bars=under(self.bars, self.key, key))

    def without_chords(self) -> "Tune":
        """Return the tune without its chord symbols."""
        bars = []
        for bar in self.bars:
            if any(note.chord for note in bar.notes):
                bare = [note.sounding(note.pitches, note.grace, None) for note in bar.notes]
                bars.append(bar.sounding(tuple(bare), bar.key, bar.changes))
            else:
                bars.append(bar)
        return replace(self, bars=tuple(bars))

    def without_lyrics(self) -> "Tune":
        """Return the tune without the words under its notes."""
        if not any(note.lyrics for bar in self.bars for note in bar.notes):
            return self
        bars = [
            replace(bar, notes=tuple([replace(note, lyrics=()) for note in bar.notes])) for bar in self.bars
        ]
        return replace(self, bars=tuple(bars))

    def fitted(self, low: int = 55, high: int = 83) -> "Tune":
        """Move the tune by octaves so that as many notes as possible lie within these MIDI numbers."""
        octave = best_octave((p.midi for bar in self.bars for n in bar.notes for p in n.pitches), low, high)
        return self.transposed(self.key, octave) if octave else self

    @classmethod
    def _of(cls, reading: Reading) -> "Tune":
        order = played_order(reading.bars, reading.parts)  # raises where it would be endless
        silent = sorted(set(range(len(reading.bars))).difference(index for index, _ in order))
        unheard = not any(note.pitches for index, _ in order for note in reading.bars[index].notes)
        if unheard:
            plain = [replace(bar, endings=(), ending_stop=False) for bar in reading.bars]
            reading.bars, reading.parts = with_starts(plain), ()
            reading.remarks.append("As endings and parts stand nothing would be played, so all bars are.")
        elif silent:
            numbers = listed([str(index + 1) for index in silent[:8]], "and")
            bars = f"Bar {numbers} is" if len(silent) == 1 else f"Bars {numbers} are"
            reading.remarks.append(f"{bars} written but never played, as repeats and endings stand.")
        tune = cls(
            reading.title,
            reading.key,
            reading.meter,
            reading.unit,
            reading.bars,
            reading.tempo,
            reading.rhythm,
            reading.composer,
            reading.parts,
            tuple(reading.headers),
            remarks=tuple(reading.remarks),
        )
        # Ties and the like that led to an ending lead nowhere without it.
        return replace(cls.read(tune.abc()), remarks=tune.remarks) if unheard else tune


def read_numbered(lines: Lines) -> Tune:
    """Read the numbered lines of one tune.

    Raises:
        AbcError: with line and bar, if they cannot be read, or play too many notes.
    """
    return Tune._of(read_lines(lines))  # noqa: SLF001


def read_tunes(text: str) -> Iterator[Tune | AbcError]:
    """Yield every tune of a tune book in order, or the error that says why it cannot be read."""
    for lines in book_lines(text):
        try:
            yield read_numbered(lines)
        except AbcError as error:
            yield error
