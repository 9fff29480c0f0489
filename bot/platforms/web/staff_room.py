"""How much room a tune's staff will take on its page, before abcjs has drawn it there."""

import re
from dataclasses import dataclass
from typing import Final

_WIDE: Final = 796  # abcjs's units across a page; staff.js says so too
_NARROW: Final = 304  # pixels across a small phone, where a line has two bars
_LINE: Final = 98  # from one line to the next, as abcjs sets them
_HEAD: Final = 20  # for the tempo over the first
_LYRICS: Final = 22  # for a line of words


@dataclass(frozen=True, slots=True)
class StaffRoom:
    """Width and height of the staff, in units of which only the ratio counts.

    Attributes:
        wide: as the lines of the ABC are.
        narrow: each line broken into two, for a phone.
    """

    wide: tuple[int, int]
    narrow: tuple[int, int]


def staff_room(abc: str) -> StaffRoom:
    """Tell how much room abcjs will take for a tune.

    Args:
        abc: its text, a line of music for each line.
    """
    lines = [line for line in abc.splitlines() if line.strip() and not line.startswith("%")]
    music = [line for line in lines if not re.match(r"[A-Za-z+]:", line)]
    words = sum(_LYRICS for line in lines if line.startswith("w:"))
    broken = sum(2 if _bars(line) > 2 else 1 for line in music)
    wide, narrow = (_HEAD + words + _LINE * count for count in (len(music), broken))
    return StaffRoom((_WIDE, wide), (_NARROW, narrow))


def rooms(abc: str) -> str:
    """Keep a staff's place on a wide page and a narrow one, as HTML, until abcjs has drawn it."""
    room = staff_room(abc)
    return "".join(
        f'<svg class="room {name}" viewBox="0 0 {width} {height}" aria-hidden="true" focusable="false"></svg>'
        for name, (width, height) in (("wide", room.wide), ("narrow", room.narrow))
    )


def _bars(line: str) -> int:
    bare = re.sub(r'"[^"]*"', "", line)
    return sum(bool(re.search("[A-Ga-gzx]", bar)) for bar in re.split(r"\||::", bare))
