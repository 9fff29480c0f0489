"""Building a music21 score of a tune, from which MusicXML and the picture are made.

music21 is slow to import: only worker processes import this module.
"""

from collections.abc import Iterator
from fractions import Fraction
from importlib import import_module
from itertools import chain
from typing import Any, Final

from generator.music.chords import QUALITIES
from generator.music.dances import Meter
from generator.music.keys import Key
from generator.music.tune import Bar, Chord, Note, Pitch, Tempo, Tune
from generator.render.layout import bar_starts, beat_groups, lines
from generator.render.pace import tempo_of

m21: Any = import_module("music21")  # its type hints are incomplete, and partly wrong

_VALUES: Final = (
    "breve", "whole", "half", "quarter", "eighth", "16th", "32nd", "64th", "128th", "256th",
    "512th", "1024th",
)  # fmt: skip
_LINES: Final = {"||": "double", "|]": "final", "[|": "heavy-light", "": "none"}
_ORNAMENTS: Final = {
    "trill": "Trill", "turn": "Turn", "roll": "Turn", "invertedturn": "InvertedTurn",
    "mordent": "Mordent", "lowermordent": "Mordent", "uppermordent": "InvertedMordent",
    "pralltriller": "InvertedMordent", "fermata": "Fermata",
}  # fmt: skip
_ARTICULATIONS: Final = {
    "staccato": "Staccato", "accent": "Accent", "emphasis": "Accent", "tenuto": "Tenuto",
    "marcato": "StrongAccent", "wedge": "Staccatissimo", "upbow": "UpBow", "downbow": "DownBow",
    "snap": "SnapPizzicato", "open": "OpenString", "breath": "BreathMark",
}  # fmt: skip
_DYNAMICS: Final = ("pppp", "ppp", "pp", "p", "mp", "mf", "f", "ff", "fff", "ffff", "sfz")
# Signs whose jumps are not played here are printed as words, which music programs do not follow either.
_WORDS: Final = {
    "segno": "Segno", "coda": "Coda", "fine": "Fine", "D.C.": "D.C.", "D.S.": "D.S.", "dacapo": "D.C.",
    "dacoda": "To Coda", "D.C.alcoda": "D.C. al Coda", "D.C.alfine": "D.C. al Fine",
    "D.S.alcoda": "D.S. al Coda", "D.S.alfine": "D.S. al Fine",
}  # fmt: skip


def score(tune: Tune) -> Any:
    """Build a ``music21.stream.Score`` of one part, with beams, line breaks and repeats."""
    whole = m21.stream.Score()
    whole.metadata = m21.metadata.Metadata(title=tune.title or "Untitled")
    whole.metadata.composer = tune.composer or None
    part = _Part(tune)
    whole.insert(0, part.build())
    return whole


class _Part:
    """Builds the part, measure by measure."""

    def __init__(self, tune: Tune) -> None:
        self._tune = tune
        self._part = m21.stream.Part(id="P1")
        self._slurs: list[Any] = []
        self._bracket: Any = None
        self._words_open: set[int] = set()  # verses in which a word goes on in the next syllable
        self._tied: set[int] = set()  # MIDI pitches whose tie is still open

    def build(self) -> Any:
        breaks = {line[0] for line in lines(self._tune)[1:]}
        starts = bar_starts(self._tune)
        number = 0
        for index, bar in enumerate(self._tune.bars):
            measure = self._measure(index, bar, starts[index])
            number += not starts[index]  # a pickup is bar 0, and what completes a bar is part of it
            measure.number = number
            if starts[index]:
                measure.showNumber = m21.stream.enums.ShowNumber.NEVER
            if index in breaks:
                measure.insert(0, m21.layout.SystemLayout(isNew=True))
            self._part.append(measure)
            self._ending(bar, measure)
        return self._part

    def _measure(self, index: int, bar: Bar, start: Fraction) -> Any:
        measure = m21.stream.Measure()
        changes = {at: [c.value for c in bar.changes if c.at == at] for at in {c.at for c in bar.changes}}
        if index == 0:
            measure.insert(0, m21.clef.TrebleClef())
            rest = [value for value in changes.get(0, []) if not isinstance(value, (Key, Meter, Tempo))]
            changes[0] = [self._tune.key, self._tune.meter, tempo_of(self._tune), *rest]
        self._bar_lines(bar, measure)
        if bar.part:
            measure.insert(0, m21.expressions.RehearsalMark(bar.part))
        at = Fraction(0)
        made: list[Any] = []
        for place, note in enumerate(bar.notes):
            for event in chain.from_iterable(map(_events, changes.get(place, []))):
                measure.insert(_quarters(at), event)
            pieces = self._pieces(note)
            made.append(pieces)
            self._around(note, pieces, measure, at)
            for verse, syllable in enumerate(note.lyrics, 1):
                self._lyric(pieces[0], syllable, verse)
            for piece in pieces:
                measure.insert(_quarters(at), piece)
                at += Fraction(piece.duration.quarterLength) / 4
        for event in chain.from_iterable(map(_events, changes.get(len(bar.notes), []))):
            measure.insert(_quarters(at), event)
        for group in beat_groups(bar, bar.meter, start):
            _beam([made[i][0] for i in group])
        self._pad(bar, measure, start)
        return measure

    def _bar_lines(self, bar: Bar, measure: Any) -> None:
        if bar.repeat_start:
            measure.leftBarline = m21.bar.Repeat(direction="start")
        elif bar.start in _LINES and bar.start:
            measure.leftBarline = m21.bar.Barline(_LINES[bar.start])
        if bar.repeat_end:
            measure.rightBarline = m21.bar.Repeat(direction="end", times=bar.repeat_end + 1)
        elif bar.end in _LINES:
            measure.rightBarline = m21.bar.Barline(_LINES[bar.end])

    @staticmethod
    def _pad(bar: Bar, measure: Any, start: Fraction) -> None:
        """Mark a short bar as short, and at which end."""
        missing = bar.meter.bar - bar.length
        if missing > 0 and not bar.meter.free:
            if start:
                measure.paddingLeft = _quarters(start)
            if missing > start:
                measure.paddingRight = _quarters(missing - start)

    def _ending(self, bar: Bar, measure: Any) -> None:
        if bar.endings:
            numbers = ",".join(str(number) for number in bar.endings)
            self._bracket = m21.spanner.RepeatBracket(number=numbers)
            self._part.insert(0, self._bracket)
        if self._bracket is not None:
            self._bracket.addSpannedElements(measure)
            if bar.ending_stop or bar.repeat_end:
                self._bracket = None

    def _pieces(self, note: Note) -> list[Any]:
        """Return one music21 note, or several tied ones if no single value has its length."""
        durations = list(_durations(note))
        pieces = []
        for place, duration in enumerate(durations):
            if note.is_rest:
                pieces.append(m21.note.Rest(duration=duration))
                continue
            last = place == len(durations) - 1
            parts = []
            onward_pitches = note.tied_pitches
            for pitch in note.pitches:
                head = m21.note.Note(_pitch(pitch, shown=pitch.written and place == 0))
                into = place > 0 or pitch.midi in self._tied
                onward = pitch in onward_pitches or not last
                if into or onward:
                    head.tie = m21.tie.Tie("continue" if into and onward else "stop" if into else "start")
                parts.append(head)
            whole = parts[0] if len(parts) == 1 else m21.chord.Chord(parts)
            whole.duration = duration
            pieces.append(whole)
        self._tied = {pitch.midi for pitch in note.tied_pitches}
        return pieces

    def _lyric(self, head: Any, syllable: str, verse: int) -> None:
        """Put a syllable under a note, joined to the one before it where they are one word."""
        if syllable in ("", "_"):
            return
        going, goes_on = verse in self._words_open, syllable.endswith("-")
        joint = "middle" if going and goes_on else "end" if going else "begin" if goes_on else "single"
        text = syllable.removesuffix("-") or "-"
        head.lyrics.append(m21.note.Lyric(text, number=verse, syllabic=joint, applyRaw=True))
        (self._words_open.add if goes_on else self._words_open.discard)(verse)

    def _around(self, note: Note, pieces: list[Any], measure: Any, at: Fraction) -> None:
        """Add what belongs to a note: chord symbol, grace notes, ornaments, words, slurs."""
        offset = _quarters(at)
        if note.chord:
            measure.insert(offset, _chord_symbol(note.chord))
        for text in note.annotations:
            place = "below" if text.startswith("_") else "above"
            measure.insert(offset, _words(text.lstrip("^_<>@"), place))
        for pitch in note.grace:
            grace = m21.note.Note(_pitch(pitch, shown=pitch.written), type="eighth").getGrace()
            measure.insert(offset, grace)
        for name in note.decorations:
            if note.pitches or name in ("fermata", *_WORDS, *_DYNAMICS):
                _decorate(name, pieces[0], measure, offset)
        if note.pitches:
            for _ in range(note.slurs_open):
                self._slurs.append(m21.spanner.Slur(pieces[0]))
            for _ in range(min(note.slurs_close, len(self._slurs))):
                slur = self._slurs.pop()
                slur.addSpannedElements(pieces[-1])
                if len(slur.getSpannedElements()) > 1:
                    self._part.insert(0, slur)


def _quarters(length: Fraction) -> Fraction | float:
    """Convert whole notes to music21's quarters, as floats where these are exact."""
    quarters = length * 4
    return float(quarters) if quarters.denominator & (quarters.denominator - 1) == 0 else quarters


def _pitch(pitch: Pitch, *, shown: bool) -> Any:
    made = m21.pitch.Pitch(step=pitch.letter, octave=pitch.octave)
    if pitch.alter or shown:
        made.accidental = m21.pitch.Accidental(pitch.alter)
        made.accidental.displayStatus = shown
    return made


def _durations(note: Note) -> Iterator[Any]:
    """Yield the note values that make a note's length, longest first, in its tuplet."""
    if note.written.denominator % 3 == 0:  # a third of a value, as some write triplets
        yield m21.duration.Duration(_quarters(note.length))
        return
    for value, dots in _values(note.written):
        duration = m21.duration.Duration(type=value, dots=dots)
        if note.tuplet:
            group = note.tuplet
            tuplet = m21.duration.Tuplet(group.p, group.q)
            tuplet.setDurationType(value, dots)
            tuplet.bracket = note.written >= Fraction(1, 4)
            tuplet.type = {0: "start", group.r - 1: "stop"}.get(group.index)
            duration.appendTuplet(tuplet)
        yield duration


def _values(length: Fraction) -> Iterator[tuple[str, int]]:
    """Divide a length into note values with dots: 5/8 is a half and an eighth."""
    for place, value in enumerate(_VALUES):
        plain = Fraction(2, 2**place)
        for dots in (2, 1, 0):
            dotted = plain * (2 - Fraction(1, 2**dots))
            if dotted == length or (dots == 0 and dotted < length):
                yield value, dots
                if dotted < length:
                    yield from _values(length - dotted)
                return


def _beam(notes: list[Any]) -> None:
    """Join notes by a beam, as many lines as each of them needs; there are no rests among them."""
    depths = [_VALUES.index(note.duration.type) - _VALUES.index("quarter") for note in notes]
    for place, (note, depth) in enumerate(zip(notes, depths, strict=True)):
        before = depths[place - 1] if place else 0
        after = depths[place + 1] if place + 1 < len(depths) else 0
        for level in range(1, depth + 1):
            joins = (before >= level, after >= level)
            if joins == (False, False):
                note.beams.append("partial", "left" if place else "right")
            else:
                note.beams.append({(0, 1): "start", (1, 1): "continue", (1, 0): "stop"}[joins])


def _events(value: Key | Meter | Tempo) -> Iterator[Any]:
    if isinstance(value, Key):
        yield m21.key.Key(value.tonic.replace("b", "-"), value.mode)
    elif isinstance(value, Meter):
        if value.free:
            yield m21.meter.SenzaMisuraTimeSignature()
        else:
            yield m21.meter.TimeSignature({"C": "common", "C|": "cut"}.get(value.abc, value.abc))
    else:
        if value.text:  # apart from the mark, for music21 would set it under the staff
            words = _words(value.text)
            words.style.fontWeight = "bold"
            yield words
        beat = m21.duration.Duration(_quarters(value.beat))
        yield m21.tempo.MetronomeMark(number=value.per_minute, referent=beat)


def _words(text: str, placement: str = "above") -> Any:
    words = m21.expressions.TextExpression(text)
    words.placement = placement
    return words


def _chord_symbol(chord: Chord) -> Any:
    """Return a chord symbol, or its text if music21 does not know it."""
    kind = QUALITIES[chord.quality].kind
    if kind:
        made = m21.harmony.ChordSymbol(
            root=chord.root.replace("b", "-"), bass=chord.bass.replace("b", "-") or None, kind=kind
        )
        made.chordKindStr = chord.quality
        return made
    return _words(chord.abc)


def _decorate(name: str, note: Any, measure: Any, offset: Fraction | float) -> None:
    if name in _ORNAMENTS:
        sign = getattr(m21.expressions, _ORNAMENTS[name])()
        if name == "fermata":
            sign.type = "upright"
        note.expressions.append(sign)
    elif name in _ARTICULATIONS:
        note.articulations.append(getattr(m21.articulations, _ARTICULATIONS[name])())
    elif name in _DYNAMICS:
        measure.insert(offset, m21.dynamics.Dynamic(name))
    elif name in _WORDS:
        measure.insert(offset, _words(_WORDS[name]))
