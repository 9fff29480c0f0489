"""What one request becomes for one model: the text to draw, and the tune that comes of it.

A tune is written in the key that was asked for. Where the model never learnt that key it draws in the
nearest one that it did, and the result is moved; where it never learnt the mode it draws in the
neighbouring one, and the letters are kept under the asked signature.
"""

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Final

from generator.compose.drawn_headers import divided, drawn_meter, drawn_type, grid
from generator.compose.first_notes import UNWRITABLE, FirstNotes, Spelling, first_notes
from generator.compose.held_text import HeldText
from generator.compose.holding import Held, in_key
from generator.compose.home_keys import HIGHEST, LOWEST, drawn_key
from generator.compose.in_scale import within_scale
from generator.compose.joined_bars import joined
from generator.compose.model_facts import ModelFacts
from generator.compose.request import TuneRequest
from generator.compose.titles import plain_title
from generator.errors import RequestError
from generator.grammar.form import Shape
from generator.grammar.lengths import WHOLE
from generator.grammar.spelling import Gamut
from generator.music.chords import QUALITIES
from generator.music.dances import Meter, default_tempo
from generator.music.keys import Key
from generator.music.notation import Bar, Note, Tempo
from generator.music.tune import Tune

UNIT: Final = Fraction(1, 8)  # of the tune that comes out
# How long a note is for one grace note before it, for two, three and four; a roll needs room for one.
_GRACE_ROOM: Final = (Fraction(1, 16), Fraction(1, 8), Fraction(1, 8), Fraction(3, 16))
_BETWEEN_BARS: Final = re.compile(r'(?<=\|)(?=[A-Ga-gz^_=("])(?![A-Za-z]:)')  # “A:” would be a field
_LINE: Final = "|:[12\n "  # what may stand after the last note of a bar
_LONGEST_LINE: Final = 500
_PARTS: Final = {"AB": 2, "AABB": 2, "AABBCC": 3}


@dataclass(frozen=True, slots=True)
class Plan:
    """The text of a tune, as far as it is settled before it is drawn, and what becomes of it.

    Attributes:
        prompt: fed to the model before anything is drawn.
        titled: whether the model draws the title; its line break ends it.
        heading: what follows the title up to the music; drawn, but nothing else may come.
        start: the user's own first notes, in the drawn key; likewise.
        shape: form, meter and notes of the music that the model draws from there.
        spare: accidentals outside the scale that it may have.
        drawn: the key that the model draws in.
        shift: semitones from there to the asked key.
        key, meter: as asked.
        dance_type: type of tune, ``""`` if it has none.
        tempo: beats a minute of the meter's beat.
        kept: how many of the tune's first notes and rests are the user's own.
        held: bars that stand already, as the model draws them; None if there are none.
        holding: the same in the tune that they come from.
        within: the meter in which it is drawn, some bars of which make one; None for ``meter`` itself.
    """

    prompt: str
    titled: bool
    heading: str
    start: str
    shape: Shape
    spare: int
    drawn: Key
    shift: int
    key: Key
    meter: Meter
    dance_type: str
    tempo: int
    kept: int = 0
    held: HeldText | None = None
    holding: Held | None = None
    within: Meter | None = None

    @property
    def form(self) -> tuple[int, int]:
        """Return how many parts the tune has, and the bars of each."""
        return self.shape.parts, self.shape.bars

    @property
    def tonic(self) -> int:
        """Return where the asked tonic next to middle C is in the drawn key, as a MIDI number."""
        return 60 + self.key.pitch_class - 12 * (self.key.pitch_class > 6) - self.shift

    def begun(self, text: str) -> Tune:
        """Return the music of all that was drawn up to the end of some bar, in the drawn key.

        Raises:
            AbcError: if it cannot be read.
        """
        return self._read(text.rstrip(_LINE) + "|")

    def finish(self, text: str) -> Tune:
        """Return the tune that a drawn text is, in the asked key.

        Args:
            text: everything that was drawn after the prompt.

        Raises:
            AbcError: if the text was not drawn by the grammar to its end.
        """
        tune = self._read(text)
        bars = joined(tune.bars, self.meter) if self.shape.joined > 1 else tune.bars
        tune = replace(
            tune,
            meter=self.meter,
            bars=self._ruled(bars),
            unit=UNIT,
            rhythm=self.dance_type,
            tempo=Tempo(self.meter.beat, self.tempo),
        )
        there = plain(moved(tune, self.key, self.shift))
        if self.holding is not None:  # the octave is settled
            kept = self.holding.put_back(within_scale(there, LOWEST, HIGHEST, self.kept))
            return self.holding.dressed(plain(kept))
        return within_scale(there.fitted(LOWEST, HIGHEST), LOWEST, HIGHEST, self.kept)

    def _read(self, text: str) -> Tune:
        title, body = "", text
        if self.titled:
            title, _, body = text.partition("\n")
        body = body.removeprefix(self.heading)
        unit = Fraction(self.shape.unit, WHOLE)
        head = f"X:1\nT:{title.strip() or plain_title(self.dance_type, self.key)}\n"
        return Tune.read(
            f"{head}M:{(self.within or self.meter).abc}\nL:{unit}\nK:{self.drawn.abc}\n{_in_lines(body)}\n"
        )

    def _ruled(self, bars: tuple[Bar, ...]) -> tuple[Bar, ...]:
        """Return the bars with a repeat sign wherever a repeated part begins, and a final line at the end.

        Players leave the first sign out; but a pickup must stand inside the repeat.
        """
        ruled: list[Bar] = []
        begins = True
        for index, bar in enumerate(bars):
            last = index == len(bars) - 1
            after = None if last else bars[index + 1]
            opens = after is not None and after.repeat_start
            second_next = after is not None and after.endings == (2,)
            closes = not second_next and (bar.closes or opens)
            end = "|]" if last and not bar.repeat_end else "||" if closes and not bar.repeat_end else "|"
            starts = begins and self.shape.repeated
            signs = (starts, "", end, False)
            if signs != (bar.repeat_start, bar.start, bar.end, bar.line_break):
                ruled.append(replace(bar, repeat_start=starts, start="", end=end, line_break=False))
            else:
                ruled.append(bar)
            begins = closes
        return tuple(ruled)


def _in_lines(body: str) -> str:
    """Music in lines that any reader takes: long tunes of 48 bars may be drawn in one."""
    lines, line = [], ""
    for bars in _BETWEEN_BARS.split(body):
        if line and len(line) + len(bars) > _LONGEST_LINE:
            lines.append(line)
            line = ""
        line += bars
    return "\n".join([*lines, line])


def _playable(note: Note) -> Note:
    """Return a note with each sound once, a chord symbol that is known, and ornaments it has time for."""
    chord = note.chord
    plainer = QUALITIES[chord.quality].plainer if chord else None
    if len(note.pitches) < 2 and not note.grace and not note.decorations and plainer is None:
        return note
    most = sum(note.length >= least for least in _GRACE_ROOM)
    return replace(
        note,
        pitches=tuple({pitch.midi: pitch for pitch in note.pitches}.values()),
        grace=note.grace[len(note.grace) - min(most, len(note.grace)) :],
        decorations=tuple(sign for sign in note.decorations if sign != "roll" or most),
        chord=replace(chord, quality=plainer) if chord and plainer is not None else chord,
    )


def make_plan(request: TuneRequest, facts: ModelFacts) -> Plan:
    """Return what a model has to draw for a settled request (seed, meter and key set).

    Raises:
        RequestError: if the user's first notes cannot be read, or do not fit.
        ValueError: if the request is not settled.
    """
    key, meter = request.key, request.meter
    if key is None or meter is None:
        raise ValueError("the request is not settled")
    named, drawn, shift = drawn_key(key, facts.keys, facts.printed_keys)
    within, count = divided(request, meter, facts)
    unit = facts.unit_of(within)
    start, kept = "", 0
    if request.start and request.start.strip():
        own = first_notes(request.start, key, meter, UNIT, LOWEST, HIGHEST)
        start, shift, kept = _start(own, request, drawn, shift, facts)
    held = holding = None
    if request.hold:
        holding, held, shift = _holding(request, drawn, shift, facts)
    told_type = drawn_type(request, within, facts.types)
    told_meter = drawn_meter(within, facts.dances.get(told_type, {}), facts.meters)
    repeated = request.form != "AB"
    tonic = drawn.tonic[0] + drawn.tonic[0].lower()
    shape = Shape(
        grid=grid(request, meter, within),
        unit=int(unit * WHOLE),
        parts=_PARTS[request.form],
        bars=request.bars * count,
        repeated=repeated,
        endings=holding is None or holding.endings,
        gamut=_gamut(key, drawn, shift),
        home_letters=tonic if not facts.marked and _comes_home(request, facts) else "",
        tonic_letters=tonic,
        joined=count,
    )
    words = {
        "meter": told_meter,
        "unit": str(unit),
        "key": named.abc,
        "type": told_type,
        "form": request.form,
        "bars": str(shape.bars),
        # Books are sorted by title, so that to a model of one the number tells the first letter.
        "number": str(1 + Random(f"number {request.seed}").randrange(max(1, sum(facts.keys.values())))),
    }
    before, titled, after = facts.prompt.partition("{title}")
    dance = request.type
    return Plan(
        prompt=before.format(**words),
        titled=bool(titled),
        heading=after.removeprefix("\n").format(**words),
        start=start,
        shape=shape,
        spare=shape.parts * shape.bars // 2,
        drawn=drawn,
        shift=shift,
        key=key,
        meter=meter,
        dance_type=dance.rhythm(meter) if dance else "",
        tempo=request.tempo_at(dance.tempo(meter) if dance else default_tempo(meter)),
        kept=kept,
        held=held,
        holding=holding,
        within=within,
    )


def _holding(request: TuneRequest, drawn: Key, shift: int, facts: ModelFacts) -> tuple[Held, HeldText, int]:
    """Spell the bars that are held in the key that the model draws in.

    Returns:
        The tune with them, in the asked key; the text; and the semitones from there to the asked key.

    Raises:
        RequestError: if they cannot be written, or the model can't hold any.
    """
    if not facts.marked:
        raise RequestError("This model can't hold bars of a tune; leave the model out.")
    assert request.hold
    assert request.key
    held = in_key(Held.read(request.hold), request.key)
    unit = int(facts.unit_of(held.tune.meter) * WHOLE)
    for lower in (0, 12):
        text = held.drawn_in(moved(held.tune, drawn, lower - shift), unit)
        written = "".join((*text.texts.values(), *text.old.values()))
        if ",," not in written:
            break
    strange = sorted(set(written).difference(facts.alphabet))
    if strange:
        raise RequestError(f"I can't hold those bars: they have something like “{strange[0]}”.")
    return held, text, shift - lower


def _start(
    own: FirstNotes, request: TuneRequest, drawn: Key, shift: int, facts: ModelFacts
) -> tuple[str, int, int]:
    """Spell the user's first notes in the key that the model draws in.

    Returns:
        The text that the model reads, the semitones from there to the asked key (an octave less where the
        notes would be too low to be written), and how many notes and rests there are.

    Raises:
        RequestError: if they cannot be written, or would sound otherwise.
    """
    spelling = Spelling(facts.alphabet, facts.unit_of(own.meter), facts.canonical)
    pickup = own.pickup > 0
    for lower in (0, 12):
        bars = own.bars(moved(own.tune, drawn, lower - shift), request.bars)
        plain = spelling.plain(bars, pickup=pickup)
        if ",," not in plain:
            break
    shift -= lower
    read = Tune.read(f"X:1\nM:none\nL:{spelling.unit}\nK:{drawn.abc}\n{plain}\n")
    if _steps(moved(read, own.tune.key, shift)) != _steps(own.tune):
        raise RequestError(UNWRITABLE)
    kept = sum(character in "ABCDEFGabcdefgz" for character in plain)
    return spelling.first_bars(bars, pickup=pickup, twice=request.form != "AB"), shift, kept


def _comes_home(request: TuneRequest, facts: ModelFacts) -> bool:
    """Tell whether the tune must end on its tonic: as many do as among the tunes that the model learnt."""
    return Random(f"home {request.seed}").random() < facts.tonic_share


def _steps(tune: Tune) -> list[int]:
    """Return the pitch class of the first note, and how far from there the others are; tied notes are one."""
    sounds = [note.pitches[-1] for note in tune.played() if note.pitches]
    return [sounds[0] % 12, *[sound - sounds[0] for sound in sounds]] if sounds else []


def moved(tune: Tune, key: Key, shift: int) -> Tune:
    """Return a tune moved by about ``shift`` semitones to a key, whose mode may be another one."""
    if tune.key.mode != key.mode:
        tune = tune.under(Key(tune.key.tonic, key.mode))
    if tune.key == key:
        return tune
    there = tune.transposed(key)
    octaves = round((shift - (_first_pitch(there) - _first_pitch(tune))) / 12)
    return tune.transposed(key, octaves) if octaves else there


def plain(tune: Tune) -> Tune:
    """Return a tune with chord symbols that every player knows, E7 for E7b9, and only what can be played."""
    bars = tuple([_plain_bar(bar) for bar in tune.bars])
    return tune if bars == tune.bars else replace(tune, bars=bars)


def _plain_bar(bar: Bar) -> Bar:
    notes = tuple([_playable(note) for note in bar.notes])
    return bar if notes == bar.notes else replace(bar, notes=notes)


def _first_pitch(tune: Tune) -> int:
    return next((note.pitches[0].midi for bar in tune.bars for note in bar.notes if note.pitches), 0)


def _gamut(key: Key, drawn: Key, shift: int) -> Gamut:
    """Return the notes that may be drawn; another mode moves some of them by a semitone afterwards."""
    low, high = LOWEST - shift, HIGHEST - shift
    brighter = Key(drawn.tonic, key.mode).fifths - drawn.fifths
    return Gamut(drawn.fifths, low + (brighter < 0), high - (brighter > 0))
