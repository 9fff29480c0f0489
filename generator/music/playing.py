"""The order in which bars are played, and the notes as they then sound."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from typing import Final, NamedTuple

from generator.errors import AbcError
from generator.music.notation import DOUBLE_LINES, Bar, PlayedNote

MAX_PLAYED_BARS: Final = 5_000
MAX_PLAYED_NOTES: Final = 20_000
_PHRASE: Final = 4  # bars
_LOOKED_AHEAD: Final = 64  # bars
_MOST_ENDINGS: Final = 16  # side by side

Step = tuple[int, str]
"""The index of a bar to play, and the label of its part."""


class PlayedBar(NamedTuple):
    """A bar as it is played.

    Attributes:
        bar: as written.
        place: its index among the written bars.
        onset: when it begins, in whole notes from the beginning of the tune.
        part: label of the part that is played, ``""`` if the tune has none.
    """

    bar: Bar
    place: int
    onset: Fraction
    part: str


def played_bars(bars: Sequence[Bar], parts: Sequence[str]) -> Iterator[PlayedBar]:
    """Walk over the bars in the order in which they are played.

    Args:
        bars: in written order.
        parts: labels in the order in which the parts are played; empty: as they stand.

    Raises:
        AbcError: if there are too many; see :func:`played_order`.
    """
    onset = Fraction(0)
    for index, part in played_order(bars, parts):
        yield PlayedBar(bars[index], index, onset, part)
        onset += bars[index].length


def played_order(bars: Sequence[Bar], parts: Sequence[str]) -> list[Step]:
    """Return the order in which the bars are played.

    A repeat goes back to ``|:``; without one, to the last double bar line, end of a repeat, label of a
    part, or the beginning. The repeats of a part are played every time the part is.

    Raises:
        AbcError: if it comes to more than 5,000 bars or 20,000 notes.
    """
    sections = _labelled_sections(bars)
    order: list[Step] = []
    full = _FullBars(bars)
    known = {label[:1]: (first, last, label) for first, last, label in reversed(sections) if label}
    if parts:
        for label in parts:
            if label in known:
                first, last, name = known[label]
                _unroll(bars, first, last, name, order, full)
    else:
        labels = [""] * len(bars)
        for first, last, label in sections:
            labels[first:last] = [label] * (last - first)
        _unroll(bars, 0, len(bars), labels, order, full)
    if sum(len(bars[index].notes) for index, _ in order) > MAX_PLAYED_NOTES:
        raise AbcError(f"with its repeats this tune has more than {MAX_PLAYED_NOTES:,} notes")
    return order


def _labelled_sections(bars: Sequence[Bar]) -> list[tuple[int, int, str]]:
    """Return the first bar, the bar after the last, and the label of each ``P:`` section."""
    starts = [index for index, bar in enumerate(bars) if bar.part or not index]
    return [
        (first, last, bars[first].part) for first, last in zip(starts, [*starts[1:], len(bars)], strict=True)
    ]


def _unroll(
    bars: Sequence[Bar],
    first: int,
    last: int,
    labels: str | list[str],
    order: list[Step],
    full: "_FullBars",
) -> None:
    """Append bars ``first`` to ``last`` (exclusive) with their repeats and endings played out."""
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
            numbers = [number for b in bars[start:index] for number in b.endings]
            more = any(number > turn for number in (*numbers, *_next_endings(bars, index, last)))
            if turn <= bar.repeat_end or more:
                index, turn, jumped = start, turn + 1, True
            else:
                start, turn, opened, closing = index, 1, False, False
        elif _line_parts(bars, start, index, full, opened=opened, closing=closing) or (
            closing and bar.ending_stop and _first_ending_ahead(bars, index, last)
        ):
            start, turn, opened, closing = index, 1, False, False


def with_starts(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """Return the bars with every missing ``|:`` written, so that all readers agree on the repeats."""
    done, full = list(bars), _FullBars(bars)
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
        elif _line_parts(bars, start, index + 1, full, opened=opened, closing=closing) or (
            closing and bar.ending_stop and _first_ending_ahead(bars, index + 1, len(bars))
        ):
            start, opened, closing = index + 1, False, False
    return tuple(done)


def _line_parts(
    bars: Sequence[Bar], start: int, end: int, full: "_FullBars", *, opened: bool, closing: bool
) -> bool:
    """Tell whether a later repeat without ``|:`` goes back no further than to the line before bar ``end``.

    A double bar line has this effect after the last ending; otherwise only after whole phrases, and not
    within an open ``|:``, since some collections put double lines anywhere.

    Args:
        bars: of the tune.
        start: where the passage begins.
        end: the bar after the line.
        full: counts full bars.
        opened: whether ``|:`` began the passage.
        closing: whether the passage is in its last ending.
    """
    return bars[end - 1].end in DOUBLE_LINES and (
        closing or not (opened or full.between(start, end) % _PHRASE)
    )


class _FullBars:
    """Counts full bars; two short ones count as one. Sums are made once, when first asked for."""

    def __init__(self, bars: Sequence[Bar]) -> None:
        self._bars = bars
        self._short: list[int] = []  # how many of the bars before each bar are short
        self._length: list[Fraction] = []  # of those

    def between(self, first: int, last: int) -> int:
        """Count from one bar up to another, exclusive."""
        if not self._short:
            short = [bar.length < bar.meter.bar for bar in self._bars]
            self._short = list(accumulate(map(int, short), initial=0))
            lengths = [bar.length * less for bar, less in zip(self._bars, short, strict=True)]
            self._length = list(accumulate(lengths, initial=Fraction(0)))
        short_bars = self._short[last] - self._short[first]
        together = (self._length[last] - self._length[first]) / self._bars[first].meter.bar
        return last - first - short_bars + int(together)


def _next_endings(bars: Sequence[Bar], index: int, last: int) -> Iterator[int]:
    """Yield the numbers of the endings that stand at ``index``, one after another; of so many at most."""
    for _ in range(_MOST_ENDINGS):
        if index >= last or not bars[index].endings:
            return
        yield from bars[index].endings
        index = _after_ending(bars, index, last)


def _first_ending_ahead(bars: Sequence[Bar], first: int, last: int) -> bool:
    """Tell whether a first ending comes before any sign that a passage begins: one begins here then.

    So a second ending that closes with a plain bar line ends its passage, though ``|:`` is missing.
    """
    for index in range(first, min(last, first + _LOOKED_AHEAD)):
        bar = bars[index]
        if bar.repeat_start or bar.part:
            return False
        if bar.endings:
            return index > first and 1 in bar.endings
        if bar.repeat_end:
            return False
    return False


def _after_ending(bars: Sequence[Bar], index: int, last: int) -> int:
    """Return the bar after the ending that begins at ``index``."""
    while index < last:
        if bars[index].ending_stop:
            return index + 1
        index += 1
    return last


def sounding(bars: Sequence[Bar], parts: Sequence[str]) -> tuple[PlayedNote, ...]:
    """Return the notes in the order of their onsets, tied notes merged, rests left out."""
    played: list[PlayedNote] = []
    held: dict[int, int] = {}  # MIDI number -> index in ``played`` of the note that is tied on
    for bar, index, onset, part in played_bars(bars, parts):
        for note in bar.notes:
            if note.pitches:
                midi = tuple([pitch.midi for pitch in note.pitches])
                if held or (note.tie and len(midi) > 1):
                    held = _hold(played, held, midi, PlayedNote(onset, note.length, midi, index, part))
                    onward = {pitch.midi for pitch in note.tied_pitches}
                    held = {pitch: at for pitch, at in held.items() if pitch in onward}
                else:
                    if len(midi) > 1:
                        midi = tuple(sorted(midi))
                    played.append(PlayedNote(onset, note.length, midi, index, part))
                    if note.tie:
                        held = {midi[0]: len(played) - 1}
            else:
                held = {}
            onset += note.length  # noqa: PLW2901
    return tuple(played)


def _hold(
    played: list[PlayedNote], held: dict[int, int], midi: tuple[int, ...], note: PlayedNote
) -> dict[int, int]:
    """Lengthen the tied notes that go on and begin the others; return each pitch's index in ``played``."""
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
