"""The parts of a tune: how many bars they have and which are played twice.

Printed tunes put pickups before, at or after the sign that begins a part. Here every part contains its
pickup, and its last bar leaves room for the pickup that follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from generator.music.notation import Bar, Note
from generator.music.part_starts import part_starts
from generator.music.tune import Tune


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a tune.

    Attributes:
        bars: up to the endings, or to the end; the first may be a pickup.
        first: bars of the first ending, empty if there are none.
        second: bars of the second ending.
        twice: whether it is played twice.
    """

    bars: tuple[Bar, ...]
    first: tuple[Bar, ...]
    second: tuple[Bar, ...]
    twice: bool

    @property
    def pickup(self) -> Fraction:
        """Return the length of the pickup in whole notes, 0 if it begins with a full bar."""
        bar = self.bars[0]
        return bar.length if bar.length < bar.meter.bar else Fraction(0)

    @property
    def count(self) -> int:
        """Count the bars of one time through, without a pickup."""
        return len(self.bars) + len(self.first) - (self.pickup > 0)


def parts_of(tune: Tune) -> tuple[Part, ...]:
    """Divide a tune into its parts, in written order, each with its pickup."""
    bars = tune.bars
    pieces = [list(bars[start:end]) for start, end in pairwise([*part_starts(bars), len(bars)])]
    twice = {a for a, b in pairwise(tune.parts) if a == b}
    found: list[Part] = []
    before: list[Bar] = []
    for piece in pieces:
        whole = before + piece
        if len(piece) == 1 and piece[0].length < piece[0].meter.bar and piece is not pieces[-1]:
            before = whole  # a pickup that stands before its repeat sign
            continue
        before = []
        label = next((bar.part for bar in whole if bar.part), "")
        found.append(_part(whole, again=label in twice))
    return tuple(_with_room(found))


def form_of(parts: Sequence[Part]) -> str:
    """Write the order in which parts are played, and their bars: ``AABB 8``, ``AAB 8,16``."""
    letters = "".join(chr(65 + index) * (2 if part.twice else 1) for index, part in enumerate(parts))
    counts = [part.count for part in parts]
    return f"{letters} {counts[0] if len(set(counts)) == 1 else ','.join(map(str, counts))}"


def _part(bars: list[Bar], *, again: bool) -> Part:
    firsts = [index for index, bar in enumerate(bars) if 1 in bar.endings]
    seconds = [index for index, bar in enumerate(bars) if 2 in bar.endings]
    if firsts and seconds and firsts[0] < seconds[0] and firsts[0] > 0:
        first, second = bars[firsts[0] : seconds[0]], bars[seconds[0] :]
        return Part(tuple(bars[: firsts[0]]), tuple(first), tuple(second[: len(first)]), twice=True)
    return Part(tuple(bars), (), (), twice=again or any(bar.repeat_end for bar in bars))


def _with_room(parts: list[Part]) -> list[Part]:
    """Shorten the last bar of each part by the pickup that is played after it."""
    done = []
    for index, part in enumerate(parts):
        after = parts[index + 1].pickup if index + 1 < len(parts) else parts[0].pickup
        own = part.pickup
        if part.first:
            done.append(replace(part, first=_leaving(part.first, own), second=_leaving(part.second, after)))
        else:
            done.append(replace(part, bars=_leaving(part.bars, own if part.twice else after)))
    return done


def with_short_endings(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Shorten endings of one bar, too, by the pickup that is played after them."""
    found = []
    for part, after in zip(parts, (*parts[1:], parts[0]), strict=True):
        first, second = _leaving(part.first, part.pickup, 1), _leaving(part.second, after.pickup, 1)
        found.append(replace(part, first=first, second=second))
    return tuple(found)


def _leaving(bars: tuple[Bar, ...], pickup: Fraction, least: int = 2) -> tuple[Bar, ...]:
    """Make the last bar shorter than a full one by ``pickup`` whole notes, where that is possible.

    A last bar that contains the pickup to what follows loses it; in one that is slightly short or long, as
    printed last bars often are, the last note is lengthened or shortened.
    """
    if len(bars) < least:
        return bars
    last = bars[-1]
    room = last.meter.bar - pickup
    surplus = last.length - room
    if not surplus or abs(surplus) > last.meter.bar / 2:
        return bars
    kept, filled = list[Note](), Fraction(0)
    for note in last.notes:
        if filled >= room:
            break
        kept.append(note)
        filled += note.length
    gone = last.notes[len(kept) :]
    final = kept[-1]
    length = final.length + room - filled
    if length <= 0 or any(note.tuplet for note in (*gone, *([final] if filled != room else []))):
        return bars
    if filled != room:
        final = replace(final, length=length, written=length)
    return (*bars[:-1], replace(last, notes=(*kept[:-1], replace(final, tie=False, broken=0))))
