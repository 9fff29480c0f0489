"""The order in which bars are played, and the notes as they then sound."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from generator.errors import AbcError
from generator.music.notation import Bar, PlayedNote, exact_sum

MAX_PLAYED_BARS: Final = 5_000
MAX_PLAYED_NOTES: Final = 20_000

Step = tuple[int, str]
"""A bar to play, and the label of the part that it belongs to."""


def played_order(bars: Sequence[Bar], parts: Sequence[str]) -> list[Step]:
    """The bars in the order in which they are played.

    Repeats go back to ``|:``; where none stands, to the last double bar line, end of a repeat, part
    or the beginning. Every time that a part is played, its own repeats are.

    Raises:
        AbcError: if it comes to more than 5,000 bars or 20,000 notes.
    """
    sections = _sections(bars)
    order: list[Step] = []
    known = {label[:1]: (first, last, label) for first, last, label in reversed(sections) if label}
    if parts:
        for label in parts:
            if label in known:
                first, last, name = known[label]
                _unroll(bars, first, last, name, order)
    else:
        labels = [""] * len(bars)
        for first, last, label in sections:
            labels[first:last] = [label] * (last - first)
        _unroll(bars, 0, len(bars), labels, order)
    if sum(len(bars[index].notes) for index, _ in order) > MAX_PLAYED_NOTES:
        raise AbcError(f"with its repeats this tune has more than {MAX_PLAYED_NOTES:,} notes")
    return order


def _sections(bars: Sequence[Bar]) -> list[tuple[int, int, str]]:
    """First bar, bar after the last, and label of each part; the label is empty before the first."""
    starts = [index for index, bar in enumerate(bars) if bar.part or not index]
    return [
        (first, last, bars[first].part) for first, last in zip(starts, [*starts[1:], len(bars)], strict=True)
    ]


def _unroll(bars: Sequence[Bar], first: int, last: int, labels: str | list[str], order: list[Step]) -> None:
    """Append bars ``first`` to ``last`` with their repeats and endings played out.

    A double bar line is taken for the beginning of a passage to repeat only after whole phrases of
    four bars; some collections put them anywhere.
    """
    start, turn = first, 1
    opened = closing = False
    index, jumped = first, False
    while index < last:
        bar = bars[index]
        if not jumped and (bar.repeat_start or (bar.part and index > first)):
            start, turn, opened, closing = index, 1, bar.repeat_start, False
        jumped = False
        if bar.endings and turn not in bar.endings:
            index = _after_ending(bars, index, last)
            continue
        closing = closing or (turn > 1 and bool(bar.endings))
        order.append((index, labels if isinstance(labels, str) else labels[index]))
        if len(order) > MAX_PLAYED_BARS:
            raise AbcError(f"with its repeats this tune has more than {MAX_PLAYED_BARS:,} bars")
        index += 1
        if bar.repeat_end:
            more = any(number > turn for b in bars[start : min(index + 1, last)] for number in b.endings)
            if turn <= bar.repeat_end or more:
                index, turn, jumped = start, turn + 1, True
            else:
                start, turn, opened, closing = index, 1, False, False
        elif bar.end in ("||", "|]", "[|") and (closing or not (opened or _full(bars, start, index) % 4)):
            start, turn, opened, closing = index, 1, False, False


def with_starts(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """The bars with ``|:`` also where a repeat begins without it, so that all who read it agree."""
    done = list(bars)
    start, opened, closing = 0, False, False
    for index, bar in enumerate(bars):
        if bar.repeat_start or bar.part:
            start, opened, closing = index, bar.repeat_start, False
        closing = closing or any(number > 1 for number in bar.endings)
        if bar.repeat_end:
            if not opened:
                done[start] = replace(done[start], repeat_start=True, start="")
                if start:
                    done[start - 1] = replace(done[start - 1], end="|")
            opened = True
            if index + 1 < len(bars) and not bars[index + 1].endings:
                start, opened, closing = index + 1, False, False
        elif bar.end in ("||", "|]", "[|") and (closing or not (opened or _full(bars, start, index + 1) % 4)):
            start, opened, closing = index + 1, False, False
    return tuple(done)


def _full(bars: Sequence[Bar], first: int, last: int) -> int:
    """How many bars of full length there are; two short ones in between make one."""
    short = [bar.length for bar in bars[first:last] if bar.length < bar.meter.bar]
    return last - first - len(short) + int(sum(short, Fraction(0)) / bars[first].meter.bar)


def _after_ending(bars: Sequence[Bar], index: int, last: int) -> int:
    """The bar after the ending that begins at ``index``."""
    while index < last:
        if bars[index].ending_stop:
            return index + 1
        index += 1
    return last


def sounding(bars: Sequence[Bar], order: Sequence[Step]) -> tuple[PlayedNote, ...]:
    """The notes in the order of their beginning, ties merged, rests left out."""
    played: list[PlayedNote] = []
    held: dict[int, int] = {}  # MIDI number -> place in ``played`` of the note that is tied on
    now = Fraction(0)
    for index, part in order:
        bar = bars[index]
        onset = now
        for note in bar.notes:
            if note.pitches:
                midi = tuple([pitch.midi for pitch in note.pitches])
                if held or (note.tie and len(midi) > 1):
                    held = _hold(played, held, midi, PlayedNote(onset, note.length, midi, index, part))
                    held = held if note.tie else {}
                else:
                    if len(midi) > 1:
                        midi = tuple(sorted(midi))
                    played.append(PlayedNote(onset, note.length, midi, index, part))
                    if note.tie:
                        held = {midi[0]: len(played) - 1}
            else:
                held = {}
            onset += note.length
        now += bar.length
    return tuple(played)


def _hold(
    played: list[PlayedNote], held: dict[int, int], midi: tuple[int, ...], note: PlayedNote
) -> dict[int, int]:
    """Lengthen the tied notes that go on and begin the others; the places of all the note's pitches."""
    places = {}
    going_on = sorted({held[pitch] for pitch in midi if pitch in held})
    for place in going_on:
        before = played[place]
        kept = tuple(pitch for pitch in before.pitches if held.get(pitch) == place and pitch in midi)
        ended = tuple(pitch for pitch in before.pitches if pitch not in kept)
        longer = PlayedNote(before.onset, before.length + note.length, kept, before.bar, before.part)
        if ended:
            played[place] = PlayedNote(before.onset, before.length, ended, before.bar, before.part)
            played.insert(place + 1, longer)
            place += 1  # noqa: PLW2901
        else:
            played[place] = longer
        places.update(dict.fromkeys(kept, place))
    fresh = tuple(sorted(pitch for pitch in midi if pitch not in places))
    if fresh:
        played.append(PlayedNote(note.onset, note.length, fresh, note.bar, note.part))
        places.update(dict.fromkeys(fresh, len(played) - 1))
    return places


def total_length(bars: Sequence[Bar], order: Sequence[Step]) -> Fraction:
    """How long the bars last in that order, in whole notes."""
    return exact_sum([bars[index].length for index, _ in order])
