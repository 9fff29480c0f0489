"""Part marks: in a model's text, signs before each bar that say where in its part the bar stands.

A network knows how a part ends when it sees an end, but it can't count to eight. So before each bar stands a
letter that counts the bars left in the part, this one included, and where a part begins and in its last two
bars, before that letter, a sign of how the part will end. A model draws the latter where the part begins;
all the others follow from the form, and the sampler writes them.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from generator.music.keys import Key
from generator.music.notation import Bar
from generator.music.parts import Part

PICKUP: Final = "⓪"  # before a bar that is a pickup
COUNTDOWN: Final = "αβγδεζηθικλμνξοπ"  # one bar left, two, and so on; the last letter also for more
HOME, OPEN, RHYME = 0, 1, 2  # the tonic is the last note; it is not; the last bar is the first part's
END_SIGNS: Final = ("ⓗⓞⓡ", "ⒽⓄⓇ")  # by how they end, of a part before the last and of the last
ALL: Final = frozenset(PICKUP + COUNTDOWN + "".join(END_SIGNS))
_SAID_AGAIN: Final = 2  # bars before the end in which the sign is repeated


def countdown(left: int) -> str:
    """Return the letter for a bar with so many bars left in its part, itself included; 1 or more."""
    return COUNTDOWN[min(left, len(COUNTDOWN)) - 1]


def says_end(left: int | None, *, opens: bool) -> bool:
    """Tell whether the sign of a part's end stands before a bar.

    Args:
        left: bars left in the part, this one included; None before a pickup.
        opens: whether it is the first bar of its part, or its pickup.
    """
    return opens or (left is not None and left <= _SAID_AGAIN)


def end_of(part: Part, key: Key, *, rhymes: bool) -> int:
    """Return how a part ends: ``HOME``, ``OPEN`` or ``RHYME``.

    Args:
        part: with its endings.
        key: whose tonic counts.
        rhymes: whether its last bar is that of the first part, which it is not.
    """
    if rhymes:
        return RHYME
    notes = [note for bar in last_bars(part)[-1:] for note in bar.notes if note.pitches]
    return HOME if notes and notes[-1].pitches[-1].midi % 12 == key.pitch_class else OPEN


def last_bars(part: Part) -> Sequence[Bar]:
    """Return the bars that lead out of a part: those of the second ending where it has one."""
    return part.second or part.bars


class Place(NamedTuple):
    """Where a bar that is about to begin stands.

    Attributes:
        left: bars left in its part, this one included; None for a pickup.
        part: from 0.
        last: whether it is the tune's last part.
        ends: ways in which the part may end, of ``HOME``, ``OPEN`` and ``RHYME``.
        leads_out: whether its last bar leads out of the part, as that of a first ending does not.
        maybe_pickup: whether it may turn out to be a pickup as well.
        bar: its number as written.
    """

    left: int | None
    part: int
    last: bool
    ends: tuple[int, ...]
    leads_out: bool
    maybe_pickup: bool
    bar: int
