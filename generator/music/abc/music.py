"""Reading the music of a tune, token by token, into bars.

The standard is followed where it is clear (ABC 2.1, section 4), and the habits of printed
collections where they are plain: a repeat sign may be split over two lines, an ending may begin
without a bar line, letters such as ``k`` that nobody defined mean nothing.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Final

from generator.errors import AbcError
from generator.music.abc.barlines import read_line, stronger
from generator.music.abc.drafts import BarDraft, NoteDraft, Wear
from generator.music.abc.fields import KeyField, Remark, unremarked
from generator.music.abc.line_order import in_order
from generator.music.abc.lyrics import MOST_VERSES, set_lyrics
from generator.music.abc.tokens import (
    ALTER,
    MOST_GRACES,
    PITCH,
    SIGNS,
    TOKEN,
    multiplier,
    notated,
    passes,
    pitch,
    time_of,
)
from generator.music.dances import Meter
from generator.music.keys import Key
from generator.music.notation import Pitch, Tempo, Tuplet

MAX_BARS: Final = 2000
_FEW_BARS: Final = 16
_QUOTED: Final = re.compile(r'"[^"]*"')
_ORNAMENT: Final = re.compile(r"![^!]*!|\+[a-z]{2,24}\+|[~.H-Wh-w ()<>]|[zx]\d*/*\d*")
_GRACE_SPACE: Final = re.compile(r"![^!]*!|[][/<>`~.H-Wh-w ()]")
_MEANINGLESS: Final = "*\\#;?@"  # kept free by section 8.1
_STRAY: Final = ",'}^_="
_ODD: Final = {
    '"': "a chord symbol or text has no second quote",
    "[": "a chord or field in [brackets] is not closed",
    "{": "grace notes in {braces} are not closed",
    "+": "chords between plus signs are an old way; write [CEG] instead of +CEG+",
}


class MusicReader:
    """Takes lines of music, and changes of key and so on, in the order in which they stand.

    Attributes:
        bars: the bars that are complete.
        key, meter, unit: in force.
        tempo: the last one set before the first note.
        line: number of the line being read, for errors.
    """

    def __init__(self, field: KeyField, meter: Meter, unit: Fraction) -> None:
        key, signature = field.key or Key("C"), field.signature
        self.bars: list[BarDraft] = []
        self.key, self.meter, self.unit = key, meter, unit
        self.tempo: Tempo | None = None
        self.line = 0
        self.remark: Remark = unremarked
        self._signature = signature
        self._alters = dict(signature)  # by letter: of the signature, and of the bar so far
        self._values: dict[str, Fraction] = {}
        self._octave = ""  # the marks that a clef or an option adds to each note
        self.set_octave(field.octave)
        self._bar = BarDraft(key, meter)
        self._carried: dict[tuple[str, int], int] = {}  # alters that a tie takes over the bar line
        self._last: NoteDraft | None = None
        self._wear: Wear | None = None
        self._broken = 0
        self._tuplet: Tuplet | None = None
        self._slur_starts: list[NoteDraft] = []
        self._line_start = (0, 0)  # bars and notes before the line of music
        self._verses = 0  # under that line
        self._half_sign = -1  # how many notes the bar had when a lone ":" was met
        self._takers: dict[str, Callable[[str], None]] = {
            "quoted": lambda text: self._worn().quote(text[1:-1]),
            "sign": lambda text: self._worn().sign(text[1:-1]),
            "letter": lambda text: self._worn().letter(text),
            "newline": lambda _: self.end_line(),
            "line": self._bar_line, "ending": self._ending, "broken": self._break_rhythm,
            "rest": self._rest, "tuplet": self._open_tuplet, "slur": self._slur, "tie": self._tie,
            "chord": self._several, "grace": self._grace, "odd": self._odd,
            "named": self._named_ending, "plus": self._old_chord, "number": self._number,
        }  # fmt: skip

    def fail(self, reason: str) -> AbcError:
        """Return an error at the present place."""
        return AbcError(reason, self.line, len(self.bars) + 1)

    def read(self, text: str, field: Callable[[str, str], None]) -> None:
        """Read one line of music, without its comment; inline fields go to ``field``.

        Raises:
            AbcError: at the first thing that cannot be read.
        """
        text = in_order(text, self.remark)
        takers, values, notes = self._takers, self._values, self._bar.notes
        for match in TOKEN.finditer(text):
            kind = match.lastgroup
            if kind == "note":
                sign, letter, marks, length = match.group(2, 3, 4, 5)
                value = values.get(length) or self._value(length)
                draft = NoteDraft((self._pitch(sign, letter, marks),), value)
                if self._wear or self._broken or self._tuplet or self._carried:
                    self._dress(draft)
                notes.append(draft)
                self._last = draft
            elif kind == "field":
                field(match[0][1], match[0][3:-1])
                values, notes = self._values, self._bar.notes
            elif kind in takers:
                takers[kind](match[0])
                notes = self._bar.notes

    def begin_line(self) -> None:
        """Begin a line of music, under which lyrics may stand."""
        self._line_start = (len(self.bars), len(self._bar.notes))
        self._verses = 0

    def set_lyrics(self, text: str) -> bool:
        """Put a verse under the line of music; tell whether there was room for it."""
        if self._verses == MOST_VERSES:
            return False
        first, skipped = self._line_start
        bars = [bar.notes for bar in (*self.bars[first:], self._bar)]
        set_lyrics([bars[0][skipped:], *bars[1:]], text, self._verses)
        self._verses += 1
        return True

    @property
    def begun(self) -> bool:
        """Tell whether there were notes."""
        return bool(self.bars or self._bar.notes)

    def end_line(self) -> None:
        """End the line of music, here or at the end of the bar that is open."""
        if self._bar.notes:
            self._bar.line_break = True
        elif self.bars:
            self.bars[-1].line_break = True

    def set_unit(self, unit: Fraction) -> None:
        """Take a new unit note length."""
        self.unit, self._values = unit, {}

    def set_key(self, field: KeyField) -> None:
        """Take a new key, which also ends the accidentals of the bar; a clef alone leaves the key."""
        self.set_octave(field.octave)
        if field.key is None:
            return
        key, signature = field.key, field.signature
        self._signature, self._alters = signature, dict(signature)
        changed, self.key = key != self.key, key
        if not self._bar.notes:
            self._bar.key = key
        if changed and self.begun:
            self._bar.change(key)

    def set_octave(self, octave: int | None) -> None:
        """Raise all notes from here on by so many octaves; None leaves them."""
        if octave is not None:
            self._octave = ("'" if octave > 0 else ",") * min(abs(octave), 8)

    def set_meter(self, meter: Meter) -> None:
        """Take a new meter."""
        changed, self.meter = meter != self.meter, meter
        if not self._bar.notes:
            self._bar.meter = meter
        if changed and self.begun:
            self._bar.change(meter)

    def set_tempo(self, tempo: Tempo) -> None:
        """Take a new tempo, which before the first note is that of the tune."""
        if self.begun:
            self._bar.change(tempo)
        else:
            self.tempo = tempo

    def set_part(self, label: str) -> None:
        """Begin a part; end the bar that is open, and the line."""
        if self._bar.notes:
            self._close("")
        if self.bars:
            self.bars[-1].line_break = True
        self._bar.part = label

    def finish(self) -> list[BarDraft]:
        """Return all the bars, after the last line."""
        if self._bar.notes:
            self._close("")
        for draft in self._slur_starts:
            draft.slurs_open -= 1
        self._slur_starts = []
        self._settle_changes()
        return self.bars

    def _settle_changes(self) -> None:
        """Drop changes to what is in force already, left where two changes stood in one place."""
        key, meter = (self.bars[0].key, self.bars[0].meter) if self.bars else (self.key, self.meter)
        for bar in self.bars:
            for change in list(bar.changes):
                if change.value in (key, meter):
                    bar.changes.remove(change)
                elif isinstance(change.value, Key):
                    key = change.value
                elif isinstance(change.value, Meter):
                    meter = change.value

    # Notes

    def _worn(self) -> Wear:
        if self._wear is None:
            self._wear = Wear()
        return self._wear

    def _value(self, text: str) -> Fraction:
        number = multiplier(text)
        if number is None or not notated(number * self.unit):
            raise self.fail(f"“{text[:12]}” is no length of a note; write A2, A/2 or A3/2")
        self._values[text] = value = number * self.unit
        return value

    def _pitch(self, sign: str | None, letter: str, marks: str) -> Pitch:
        name = letter.upper()
        if sign:
            self._alters[name] = ALTER[sign]
        found = pitch(letter, marks + self._octave, self._alters.get(name, 0), bool(sign))
        if found is None:
            raise self.fail(f"the note {letter}{marks[:9]} is out of all reach")
        return found

    def _dress(self, draft: NoteDraft) -> None:
        """Give a note what stood before it."""
        if self._carried and draft.pitches:
            draft.pitches = tuple([self._held(pitch) for pitch in draft.pitches])
        self._carried = {}
        if self._broken:
            draft.break_rhythm(self._bar.notes[-1], self._broken)
            if not notated(draft.written) or not notated(self._bar.notes[-1].written):
                raise self.fail("a broken rhythm (> or <) makes a note too short to be drawn")
            self._broken = 0
        if self._tuplet:
            t = draft.tuplet = self._tuplet
            self._tuplet = Tuplet(t.p, t.q, t.r, t.index + 1) if t.index + 1 < t.r else None
        if self._wear:
            draft.wear, self._wear = self._wear, None
            draft.slurs_open = draft.wear.slurs
            self._slur_starts += [draft] * draft.slurs_open

    def _held(self, pitch: Pitch) -> Pitch:
        """Return a pitch with the accidental that a tie brings from the bar before (section 4.2)."""
        alter = self._carried.get((pitch.letter, pitch.octave), pitch.alter)
        return pitch if pitch.written or alter == pitch.alter else replace(pitch, alter=alter)

    def _add(self, draft: NoteDraft) -> None:
        self._dress(draft)
        self._bar.notes.append(draft)
        self._last = draft

    def _rest(self, text: str) -> None:
        if text[0] in "zx":
            self._add(NoteDraft((), self._values.get(text[1:]) or self._value(text[1:])))
            return
        count = int(text[1:] or 1) if text[1:].isdecimal() or not text[1:] else 0
        if self._bar.notes and count >= 1:
            self.remark(f"“{text[:9]}” within a bar is read as {text.lower()[:9]}.")
            self._add(NoteDraft((), self._values.get(text[1:]) or self._value(text[1:])))
            return
        if not 1 <= count <= 64:
            raise self.fail(f"“{text[:9]}” is no rest of whole bars; write Z, or Z4 for four bars")
        for number in range(count):
            if number:
                self._close("|")
            self._add(NoteDraft((), self.meter.bar))

    def _several(self, text: str) -> None:
        inner, _, length = text[1:].rpartition("]")
        for quoted in _QUOTED.findall(inner):
            self._worn().quote(quoted[1:-1])
        found = self._pitches(_ORNAMENT.sub("", _QUOTED.sub("", inner)), 8)  # a rest in it is nothing
        outer = multiplier(length)
        if not found or not outer or not notated(found[0][1] * outer):
            raise self.fail(f"“{text[:12]}” is no chord; write it like [CEG] or [CEG]2")
        pitches = {p.midi: p for p, _, _ in found}
        draft = NoteDraft(tuple(pitches.values()), found[0][1] * outer)
        self._add(draft)
        tied = {p.midi for p, _, tied in found if tied}
        draft.tie = bool(tied)
        draft.tied = tuple(at for at, sounding in enumerate(pitches) if sounding in tied)
        if len(draft.tied) == len(pitches):
            draft.tied = ()

    def _old_chord(self, text: str) -> None:
        """Read a chord as it was written once, ``+CEG+``, unless it is a sign."""
        inner, _, length = text[1:].rpartition("+")
        if inner in SIGNS:
            self._worn().sign(inner)
        else:
            self._several(f"[{inner}]{length}")

    def _grace(self, text: str) -> None:
        plain = _GRACE_SPACE.sub("", text[1:-1])
        found = self._pitches(plain, MOST_GRACES)
        if plain and not found:
            raise self.fail(f"“{text[:16]}” are no grace notes; write them like {{gag}}")
        self._worn().grace.extend(p for p, _, _ in found)

    def _pitches(self, text: str, most: int) -> list[tuple[Pitch, Fraction, bool]]:
        """Return notes that stand together: pitch, length, tie; empty if there is anything else, or more."""
        matches = list(PITCH.finditer(text))
        if sum(len(match[0]) for match in matches) != len(text) or len(matches) > most:
            return []
        return [
            (self._pitch(m[1], m[2], m[3]), self._values.get(m[4]) or self._value(m[4]), bool(m[5]))
            for m in matches
        ]

    # What joins notes

    def _break_rhythm(self, text: str) -> None:
        signs = len(text) if text[0] == ">" else -len(text)
        if not self._bar.notes or self._broken:
            raise self.fail(f"“{text[:5]}” must stand between two notes of a bar")
        if len(text) > 3:
            raise self.fail(f"“{text[:5]}” has more than three signs of broken rhythm")
        self._broken = signs

    def _open_tuplet(self, text: str) -> None:
        numbers = [int(n) if n else 0 for n in text[1:].split(":")]
        p, q, r = (*numbers, 0, 0)[:3]
        compound = self.meter.compound
        q, r = q or time_of(p, compound=compound), r or p
        if self._tuplet and not self._tuplet.index and self._tuplet.p == p:
            self.remark(f"“{text}{text}” is read as {text}.")
            return
        if self._tuplet:
            raise self.fail("a tuplet stands inside another, which is more than I can read")
        if p < 2 or r > 32:
            raise self.fail(f"“{text[:9]}” is no tuplet; write (3ABC, or (3:2:4 for four notes")
        self._tuplet = Tuplet(p, q, r, 0)

    def _slur(self, text: str) -> None:
        if text != ")":
            self._worn().slurs += 1
            if len(self._slur_starts) + self._worn().slurs > 8:
                raise self.fail("more than eight slurs are open here; close some with )")
            return
        starts, last = self._slur_starts, self._last
        for place in range(len(starts) - 1, -1, -1):
            if starts[place] is not last and last is not None:
                del starts[place]
                last.slurs_close += 1
                return
        if starts:  # around a single note, which means nothing
            starts.pop().slurs_open -= 1

    def _tie(self, _text: str) -> None:
        if self._last is not None and self._last.pitches:
            self._last.tie = True
            self._last.tied = ()

    # Bar lines

    def _close(self, kind: str) -> None:
        """Close the open bar and begin a new one."""
        if self._broken:
            self.remark("A sign of broken rhythm (> or <) at the end of a bar is left out.")
            self._broken = 0
        if self._tuplet:
            raise self.fail(f"a tuplet of {self._tuplet.r} notes is cut off by the end of the bar")
        if len(self.bars) >= MAX_BARS:
            raise self.fail(f"this tune has more than {MAX_BARS} bars")
        self._bar.end = kind
        self.bars.append(self._bar)
        self._bar = BarDraft(self.key, self.meter)
        self._alters = dict(self._signature)
        if self._last is not None and self._last.tie:
            self._carried = {(p.letter, p.octave): p.alter for p in self._last.pitches}

    def _bar_line(self, text: str) -> None:
        if text == ":" and self._half_sign < 0:  # half of a repeat sign, the rest is near
            self._half_sign = len(self._bar.notes)
            self._bar.repeat_start = not self._bar.notes
            return
        line = read_line(text)
        if self._half_sign > 0 and line and not line.repeat_end:
            whole = self._half_sign == len(self._bar.notes)
            line = replace(line, repeat_end=1) if whole else None
        self._half_sign = -1
        if line is None:
            raise self.fail(f"“{text[:9]}” is no bar line; write |, ||, |], |:, :| or ::")
        if self._bar.notes:
            self._close(line.kind)
            self.bars[-1].repeat_end = line.repeat_end
            if line.repeat_end:  # what is played next stands elsewhere
                self._carried = {}
        elif self.bars:
            before = self.bars[-1]
            before.end = stronger(before.end, line.kind)
            before.repeat_end = max(before.repeat_end, line.repeat_end)
        elif not line.repeat_start:
            self._bar.start = line.kind
        self._bar.repeat_start |= line.repeat_start
        if line.endings:
            self._bar.endings = line.endings

    def _ending(self, text: str) -> None:
        if self._bar.notes:
            self._close("")
        self._bar.endings = passes(text[1:].strip())
        if not self._bar.endings:
            raise self.fail(f"“{text[:9]}” is no ending; write [1 or [2")

    def _named_ending(self, text: str) -> None:
        """Begin an ending that is named in words, such as ``["2nd time"``."""
        number = re.search(r"\d+", text)
        before = max((pass_ for bar in self.bars[-_FEW_BARS:] for pass_ in bar.endings), default=0)
        self._ending(f"[{number[0] if number else before + 1}")

    def _number(self, text: str) -> None:
        """Take a number that stands by itself: an ending at the start of a bar, a length after a note."""
        if not self._bar.notes and passes(text):
            self._bar.endings = passes(text)
            return
        last = self._bar.notes[-1] if self._bar.notes else None
        number = multiplier(text)
        if (
            last is None
            or number is None
            or last.written != self.unit
            or last.slurs_close
            or self._wear
            or self._broken
        ):
            raise self.fail(f"I can't read “{text[:9]}” here")
        last.written = number * self.unit
        if not notated(last.written):
            raise self.fail(f"“{text[:9]}” is no length of a note; write A2, A/2 or A3/2")

    def _odd(self, text: str) -> None:
        if text in _MEANINGLESS:
            return
        if text in _STRAY:
            self.remark(f"A stray “{text}” is left out.")
            return
        if text == "]":
            self._bar_line("|]")
            return
        raise self.fail(_ODD.get(text, f"I can't read “{text}” here"))
