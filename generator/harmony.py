"""The chord symbols that a tune may be drawn with."""

from collections.abc import Collection, Iterator
from typing import Final

# Roots that players of these tunes meet; the quality follows, then perhaps another note in the bass.
_ROOTS: Final = (
    "C",
    "C#",
    "Db",
    "D",
    "D#",
    "Eb",
    "E",
    "F",
    "F#",
    "Gb",
    "G",
    "G#",
    "Ab",
    "A",
    "A#",
    "Bb",
    "B",
)
_QUALITIES: Final = (
    "", "m", "7", "m7", "maj7", "6", "m6", "9", "7b9", "sus4", "dim", "aug", "d",
)  # fmt: skip
_WITH_BASS: Final = ("", "m", "7", "m7")
# The Nottingham tunes write the bass small, and its sharp as a plus: D7/f+.
_SHARPS: Final = ("#", "+")


def harmonies() -> Iterator[str]:
    """Every chord symbol, as it stands between the quotes."""
    basses = [
        name
        for root in _ROOTS
        for letter in (root[0], root[0].lower())
        for name in ([letter + sharp for sharp in _SHARPS] if root[1:] == "#" else [letter + root[1:]])
    ]
    for root in _ROOTS:
        for quality in _QUALITIES:
            yield root + quality
        for quality in _WITH_BASS:
            for bass in basses:
                yield f"{root}{quality}/{bass}"


class Harmonies:
    """The chord symbols that an alphabet can write, letter by letter."""

    def __init__(self, characters: Collection[str]) -> None:
        has = frozenset(characters)
        self._whole = frozenset(name for name in harmonies() if has.issuperset(name))
        self._left: dict[str, int] = {}
        for name in self._whole:
            for done in range(len(name) + 1):
                begun = name[:done]
                self._left[begun] = min(len(name) - done, self._left.get(begun, len(name)))

    def whole(self, begun: str) -> bool:
        """Whether this is a chord symbol."""
        return begun in self._whole

    @property
    def longest(self) -> int:
        """Characters of the longest one."""
        return max(map(len, self._whole), default=0)

    def left(self, begun: str) -> int:
        """Characters that are missing at the least from a chord symbol that begins like this."""
        return self._left[begun]

    def knows(self, begun: str) -> bool:
        """Whether a chord symbol begins like this."""
        return begun in self._left
