"""The chord symbols that a tune may be drawn with."""

from collections.abc import Collection, Iterator
from typing import Final

from generator.music.chords import QUALITIES, read_quality
from generator.music.keys import SEMITONES

# Roots that players of these tunes meet; the quality follows, then perhaps another note in the bass.
_ROOTS: Final = (
    "C", "C#", "Db", "D", "D#", "Eb", "E", "F", "F#", "Gb", "G", "G#", "Ab", "A", "A#", "Bb", "B",
)  # fmt: skip
# All but 1 in 1,000 of the 15,000 in Nottingham's traditional tunes have one of these qualities.
_QUALITIES: Final = ("", "m", "7", "m7", "dim", "d")
_WITH_BASS: Final = ("", "m", "7", "m7")
# The Nottingham tunes write the bass small, and its sharp as a plus: D7/f+.
_SHARPS: Final = ("#", "+")


def harmonies(fifths: int) -> Iterator[str]:
    """Yield every chord symbol that belongs to a key, as it stands between the quotes.

    A harmony belongs to a key if at most one of its notes, the bass included, lies outside the scale:
    that lets in the dominants of its own chords (A7 in G) and the flat seventh (F in G).

    Args:
        fifths: sharps (positive) or flats (negative) in the signature.
    """
    scale = {(7 * (fifths + step)) % 12 for step in range(-1, 6)}
    basses = [
        name
        for root in _ROOTS
        for letter in (root[0], root[0].lower())
        for name in ([letter + sharp for sharp in _SHARPS] if root[1:] == "#" else [letter + root[1:]])
    ]
    for root in _ROOTS:
        for quality in _QUALITIES:
            tones = QUALITIES[read_quality(quality) or ""].tones
            notes = {(_semitones(root) + tone) % 12 for tone in tones}
            if len(notes - scale) <= 1:
                yield root + quality
            if quality in _WITH_BASS:
                for bass in basses:
                    if len((notes | {_semitones(bass)}) - scale) <= 1:
                        yield f"{root}{quality}/{bass}"


def _semitones(name: str) -> int:
    """Return the semitones of a root or bass above C."""
    sign = name[1:]
    return (SEMITONES[name[0].upper()] + (1 if sign in _SHARPS else -1 if sign else 0)) % 12


class Harmonies:
    """The chord symbols of one key that an alphabet can write, letter by letter.

    Attributes:
        longest: characters of the longest one, 0 if there is none.
    """

    def __init__(self, characters: Collection[str], fifths: int) -> None:
        has = frozenset(characters)
        self._whole = frozenset(name for name in harmonies(fifths) if has.issuperset(name))
        self.longest = max(map(len, self._whole), default=0)
        self._left: dict[str, int] = {}
        for name in self._whole:
            for done in range(len(name) + 1):
                begun = name[:done]
                self._left[begun] = min(len(name) - done, self._left.get(begun, len(name)))

    def whole(self, begun: str) -> bool:
        """Tell whether this is a chord symbol."""
        return begun in self._whole

    def left(self, begun: str) -> int:
        """Return characters that are missing at the least from a chord symbol that begins like this."""
        return self._left[begun]

    def knows(self, begun: str) -> bool:
        """Tell whether a chord symbol begins like this."""
        return begun in self._left
