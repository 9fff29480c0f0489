"""The drawn title: a few words of letters, so short and plain that any chat can show it."""

from collections.abc import Iterator
from string import ascii_letters, ascii_uppercase
from typing import Final

LONGEST_TITLE: Final = 36
SHORTEST_TITLE: Final = 3  # characters, so that there is something to read

# What the last character was: nothing yet, the n-th letter of the first word, a letter, a space, a sign.
START, LETTER, SPACE, SIGN = "", "a", " ", "'"


def moves(rem: int, last: str) -> Iterator[tuple[str, str]]:
    """Yield characters that may come next in a title, each with what is then the last one.

    Args:
        rem: characters that the title may still have.
        last: what the last character was.
    """
    if last == START:
        yield from ((c, "1") for c in ascii_uppercase)
        return
    if rem:
        following = str(int(last) + 1) if last.isdecimal() and int(last) + 1 < SHORTEST_TITLE else LETTER
        yield from ((c, following) for c in ascii_letters)
    if last not in (SPACE, SIGN) and rem > 1:
        yield from ((" ", SPACE), ("'", SIGN))


def may_end(last: str) -> bool:
    """Tell whether the title may end here."""
    return last == LETTER


def least(rem: int, last: str) -> int:
    """Return characters that the title still needs, its line break included."""
    del rem
    if last == START:
        return SHORTEST_TITLE + 1
    if last.isdecimal():
        return SHORTEST_TITLE - int(last) + 1
    return 1 if last == LETTER else 2
