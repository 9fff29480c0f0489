"""Writing ABC: canonical text that reads back to the same notes."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from generator.abc.tokens import SIGN_OF, SIGNS_AS_LETTERS, time_of
from generator.dances import Meter
from generator.keys import Key
from generator.notation import Bar, Change, Note, Pitch, Tempo


def length(ratio: Fraction) -> str:
    """A length as a multiple of the unit: ``""``, ``3``, ``/``, ``3/2``, ``/4``."""
    top, bottom = ratio.as_integer_ratio()
    if bottom == 1:
        return "" if top == 1 else str(top)
    return f"{'' if top == 1 else top}/{'' if (top, bottom) == (1, 2) else bottom}"


def tempo(value: Tempo) -> str:
    """As a ``Q:`` field has it."""
    words = f' "{clean(value.text)}"' if value.text else ""
    return f"{value.beat.numerator}/{value.beat.denominator}={value.per_minute}{words}"


def clean(text: str) -> str:
    """A text that can stand in a field or between quotes: one line, nothing that ABC would take up."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain.replace("\\", "").replace('"', "'").replace("%", "\\%")


def header(number: int, fields: Sequence[tuple[str, str]], key: Key) -> str:
    """The lines above the music; fields without text are left out."""
    lines = [f"X:{number}"] + [f"{letter}:{text}" for letter, text in fields if text]
    return "\n".join([*lines, f"K:{key.abc}"]) + "\n"


def music(bars: Sequence[Bar], unit: Fraction) -> str:
    """The bars, with the line breaks that they have, or four bars a line if they have none."""
    breaks = _breaks(bars)
    pieces: list[str] = []
    for index, bar in enumerate(bars):
        before = bars[index - 1] if index else None
        new_line = before is None or index - 1 in breaks
        if bar.part:
            pieces.append(f"P:{clean(bar.part)}\n")
        pieces += [_opening(before, bar, new_line=new_line), _bar_body(bar, unit)]
        after = bars[index + 1] if index + 1 < len(bars) else None
        pieces.append(_closing(bar, after, line_ends=index in breaks))
        if after is None or index in breaks:
            pieces.append("\n")
    return "".join(pieces)


def _breaks(bars: Sequence[Bar]) -> frozenset[int]:
    """The bars after which a line ends."""
    forced = {index - 1 for index, bar in enumerate(bars) if bar.part and index}
    own = {index for index, bar in enumerate(bars[:-1]) if bar.line_break}
    if own - forced or len(bars) <= 4:
        return frozenset(own | forced)
    found, count = set(forced), 0
    for index, bar in enumerate(bars[:-1]):
        after = bars[index + 1]
        begins = not index or bars[index - 1].repeat_end or bars[index - 1].end in ("||", "|]")
        if index - 1 in forced:
            count = 0
        count += not (begins and bar.length < bar.meter.bar)
        section_ends = bar.repeat_end or bar.end in ("||", "|]") or after.repeat_start
        if after.endings and bar.repeat_end:
            count -= 1  # a second ending stands in place of the first
        elif (count >= 4 or section_ends) and not (after.length < after.meter.bar and not section_ends):
            found.add(index)
            count = 0
    return frozenset(found)


def _opening(before: Bar | None, bar: Bar, *, new_line: bool) -> str:
    """What stands before a bar; the signs that join it to the bar before are written there."""
    signs = ""
    if before is None:
        signs = "|:" if bar.repeat_start else bar.start
    elif new_line and bar.repeat_start:
        signs = "|:"
    if bar.endings:
        glued = before is not None and not new_line and (before.repeat_end or before.end == "|")
        numbers = ",".join(map(str, bar.endings))
        signs += f"{numbers} " if glued and not bar.repeat_start else f"[{numbers} "
    return signs + "".join([_change(change) for change in bar.changes if not change.at])


def _closing(bar: Bar, after: Bar | None, *, line_ends: bool) -> str:
    """The bar line after a bar, with the repeat that begins there if the line goes on."""
    if after is not None and after.repeat_start and not line_ends:
        return ":" * bar.repeat_end + (":" if bar.repeat_end else "|:")
    if bar.repeat_end:
        return ":" * bar.repeat_end + "|"
    return bar.end if bar.end or after is None else "[|]"


def _change(change: Change) -> str:
    value = change.value
    if isinstance(value, Key):
        return f"[K:{value.abc}]"
    return f"[M:{value.abc}]" if isinstance(value, Meter) else f"[Q:{tempo(value)}]"


def _bar_body(bar: Bar, unit: Fraction) -> str:
    """The notes of a bar, beamed by the beat, changes within it included."""
    changes: dict[int, list[Change]] = {}
    for change in bar.changes:
        if change.at:
            changes.setdefault(change.at, []).append(change)
    signature: Mapping[str, int] = bar.key.signature
    alters = dict(signature)
    group = _group(bar.meter)
    place = bar.meter.bar - bar.length if bar.length < bar.meter.bar and not bar.meter.free else Fraction(0)
    pieces: list[str] = []
    broken = 0
    compound = bar.meter.beat.numerator == 3
    last = len(bar.notes) - 1
    for index, note in enumerate(bar.notes):
        for change in changes.get(index, ()):
            if pieces and pieces[-1] == " ":
                pieces.pop()
            pieces.append(_change(change))
            if isinstance(change.value, Key):
                alters = dict(change.value.signature)
            elif isinstance(change.value, Meter):
                compound = change.value.beat.numerator == 3
        if index and not broken and not (note.tuplet and note.tuplet.index) and not place % group:
            pieces.append(" ")
        following = note.broken if index < last else 0
        pieces.append(_note(note, unit, alters, (broken, following), compound=compound))
        broken = following
        place += note.length
    pieces += [_change(change) for change in changes.get(last + 1, ())]
    return "".join(pieces)


def _group(meter: Meter) -> Fraction:
    """How much is beamed together: a dotted beat, or half a bar of common time."""
    if meter.beat.numerator == 3 or meter.bar % Fraction(1, 4):
        return meter.beat
    return Fraction(1, 2) if meter.bar % Fraction(1, 2) == 0 and meter.bar >= 1 else Fraction(1, 4)


def _note(
    note: Note, unit: Fraction, alters: dict[str, int], broken: tuple[int, int], *, compound: bool
) -> str:
    """One note with everything that belongs to it."""
    value = note.written / unit
    for signs, first in zip(broken, (False, True), strict=True):
        if signs:
            bottom = 2 ** abs(signs)
            value /= Fraction(2 * bottom - 1 if first == (signs > 0) else 1, bottom)
    text = ""
    if note.tuplet and not note.tuplet.index:
        text = _tuplet(note.tuplet.p, note.tuplet.q, note.tuplet.r, compound=compound)
    if note.chord:
        text += f'"{note.chord.abc}"'
    for words in note.annotations:
        text += f'"{clean(words)}"'
    for name in note.decorations:
        text += SIGNS_AS_LETTERS.get(name) or f"!{name}!"
    if note.grace:
        text += "{" + "".join([_pitch(pitch, alters) for pitch in note.grace]) + "}"
    text += "(" * note.slurs_open
    if len(note.pitches) == 1:
        text += _pitch(note.pitches[0], alters)
    elif note.pitches:
        text += "[" + "".join([_pitch(pitch, alters) for pitch in note.pitches]) + "]"
    else:
        text += "z"
    text += length(value) + ("-" if note.tie else "") + ")" * note.slurs_close
    return text + (">" if broken[1] > 0 else "<") * abs(broken[1])


def _tuplet(p: int, q: int, r: int, *, compound: bool) -> str:
    if q == time_of(p, compound=compound) and p in (2, 3, 4, 6, 8):
        return f"({p}" if r == p else f"({p}:{q}:{r}"
    return f"({p}:{q}:{r}"


def _pitch(pitch: Pitch, alters: dict[str, int]) -> str:
    """A note name, with an accidental where one was written or the bar so far would alter it."""
    sign = ""
    if pitch.written or pitch.alter != alters.get(pitch.letter, 0):
        sign = SIGN_OF[pitch.alter]
        alters[pitch.letter] = pitch.alter
    if pitch.octave > 4:
        return sign + pitch.letter.lower() + "'" * (pitch.octave - 5)
    return sign + pitch.letter + "," * (4 - pitch.octave)
