"""Words that are so near that one may be a slip of the other."""

from collections.abc import Iterable
from typing import Final

_LONG: Final = 6  # letters from which two slips are near


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is nearest, if it is near enough to ask whether it is meant."""
    word = word.lower()
    most = 2 if len(word) >= _LONG else 1
    found = [(slips, each) for each in known if (slips := _slips(word, each, most)) <= most < len(each)]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _slips(word: str, other: str, most: int) -> int:
    """Count letters changed, left out, put in, or swapped with the next; more than ``most`` is not exact."""
    if abs(len(word) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            slips = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == wanted:
                slips = min(slips, last[j - 2] + 1)
            row.append(slips)
    return row[-1]
