"""Writing ABC: canonical text that reads back to the same notes."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from generator.music.abc.lyrics import written_lyrics
from generator.music.abc.notes import Accidentals, clean, write_note
from generator.music.bar_check import begins_section
from generator.music.dances import Meter
from generator.music.keys import Key
from generator.music.notation import Bar, Change, Note, Tempo

_EIGHTH: Final = Fraction(1, 8)


def tempo(value: Tempo) -> str:
    """Write a tempo as the text of a ``Q:`` field."""
    words = ' "' + clean(value.text).replace('"', "'") + '"' if value.text else ""
    return f"{value.beat.numerator}/{value.beat.denominator}={value.per_minute}{words}"


def header(number: int, fields: Sequence[tuple[str, str]], key: Key) -> str:
    """Write the lines above the music; leave out fields without text."""
    lines = [f"X:{number}"] + [f"{letter}:{text}" for letter, text in fields if text]
    return "\n".join([*lines, f"K:{key.abc}"]) + "\n"


def music(bars: Sequence[Bar], unit: Fraction) -> str:
    """Write the bars with their own line breaks; without any, four bars a line."""
    breaks = _breaks(bars)
    pieces: list[str] = []
    line_start = 0
    for index, bar in enumerate(bars):
        before = bars[index - 1] if index else None
        new_line = before is None or index - 1 in breaks
        if bar.part:
            pieces.append(f"P:{clean(bar.part)}\n")
        pieces += [
            _opening(before, bar, new_line=new_line),
            _bar_body(bar, unit, pickup=begins_section(bars, index)),
        ]
        after = bars[index + 1] if index + 1 < len(bars) else None
        pieces.append(_closing(bar, after, line_ends=index in breaks))
        if after is None or index in breaks:
            lyrics = written_lyrics(bars[line_start : index + 1])
            pieces.append("\n" + "".join([f"{verse}\n" for verse in lyrics]))
            line_start = index + 1
    return "".join(pieces)


def _breaks(bars: Sequence[Bar]) -> frozenset[int]:
    """Return the indices of the bars after which a line ends."""
    forced = {index - 1 for index, bar in enumerate(bars) if bar.part and index}
    own = {index for index, bar in enumerate(bars[:-1]) if bar.line_break}
    if own - forced or len(bars) <= 4:
        return frozenset(own | forced)
    found, count = set(forced), 0
    for index, bar in enumerate(bars[:-1]):
        after = bars[index + 1]
        if index - 1 in forced:
            count = 0
        count += not (begins_section(bars, index) and bar.length < bar.meter.bar)
        section_ends = bar.closes or after.repeat_start
        if after.endings and bar.repeat_end:
            count -= 1  # a second ending stands in place of the first
        elif (count >= 4 or section_ends) and not (after.length < after.meter.bar and not section_ends):
            found.add(index)
            count = 0
    return frozenset(found)


def _opening(before: Bar | None, bar: Bar, *, new_line: bool) -> str:
    """Write the signs before a bar, apart from those that end the bar before."""
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
    """Write the bar line after a bar, and the start of the next repeat if it stands on the same line."""
    if after is not None and after.repeat_start and not line_ends:
        double = bar.end == "||" and not bar.repeat_end
        return "::" if bar.repeat_end == 1 else "||:" if double else ":" * bar.repeat_end + "|:"
    if bar.repeat_end:
        return ":" * bar.repeat_end + "|"
    return bar.end if bar.end or after is None else "[|]"


def _change(change: Change) -> str:
    value = change.value
    if isinstance(value, Key):
        return f"[K:{value.abc}]"
    return f"[M:{value.abc}]" if isinstance(value, Meter) else f"[Q:{tempo(value)}]"


def _bar_body(bar: Bar, unit: Fraction, *, pickup: bool) -> str:
    """Write the notes of a bar, beamed by the beat, with the changes inside it."""
    changes: dict[int, list[Change]] = {}
    for change in bar.changes:
        if change.at:
            changes.setdefault(change.at, []).append(change)
    alters = Accidentals(bar.key)
    group = _group(bar.meter)
    place = max(bar.meter.bar - bar.length, Fraction(0)) if pickup and not bar.meter.free else Fraction(0)
    pieces: list[str] = []
    broken = 0
    compound = bar.meter.compound
    last = len(bar.notes) - 1
    for index, note in enumerate(bar.notes):
        for change in changes.get(index, ()):
            if pieces and pieces[-1] == " ":
                pieces.pop()
            pieces.append(_change(change))
            if isinstance(change.value, Key):
                alters = Accidentals(change.value)
            elif isinstance(change.value, Meter):
                compound = change.value.compound
        if index and not broken and _apart(bar.notes[index - 1], note, place, group):
            pieces.append(" ")
        following = note.broken if index < last else 0
        pieces.append(write_note(note, unit, alters, (broken, following), compound=compound))
        broken = following
        place += note.length
    pieces += [_change(change) for change in changes.get(last + 1, ())]
    return "".join(pieces)


def _apart(before: Note, note: Note, place: Fraction, group: Fraction) -> bool:
    """Tell whether a beam ends between two notes: at a beat, in common time at half a bar.

    Notes shorter than an eighth, and tuplets, are beamed by the quarter in common time.
    """
    if note.tuplet and note.tuplet.index:
        return False
    if place % group:
        fine = before.tuplet or note.tuplet or min(before.length, note.length) < _EIGHTH
        return bool(fine) and group == 4 * _EIGHTH and not place % (2 * _EIGHTH)
    return True


def _group(meter: Meter) -> Fraction:
    """Return the length that is beamed together: a dotted beat, or half a bar of common time."""
    if meter.compound or meter.bar % Fraction(1, 4):
        return meter.beat
    return Fraction(1, 2) if meter.bar % Fraction(1, 2) == 0 and meter.bar >= 1 else Fraction(1, 4)
