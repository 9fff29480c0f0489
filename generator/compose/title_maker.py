"""New titles from the words of printed ones: the beginning of one before the end of another.

“The Humours of Glen” and “The Maid of Selma” both turn on “of”, so “The Humours of Selma” is in the manner of
both. So every word is a word, and every title looks like one. A printed title is never given, nor one that
names a dance, since it might be another than the tune is.
"""

import re
from collections.abc import Collection, Iterable
from random import Random
from typing import Final

from generator.compose.titles import tidied, title_case, will_do
from generator.music.dances import DANCES

# What titles turn on, longest first; “'s ” closes the first half, the others open the second.
_HINGES: Final = (
    " of the ", " in the ", " on the ", " to the ", " at the ", " from the ", " over the ", " o'er the ",
    " of ", " in ", " on ", " to ", " at ", " from ", " for ", " with ", " and ", "'s ",
)  # fmt: skip
_DANCES: Final = frozenset(
    (
        *(word for name in DANCES for word in name.split()),
        "allemande", "clog", "cotillion", "dance", "fandango", "fling", "galop", "gallop", "gavotte",
        "jigg", "lament", "lancer", "lilt", "march", "marche", "medley", "minuet", "pastoral",
        "planxty", "polka", "quadrille", "quickstep", "rant", "reel", "rigadoon", "rigaudon", "rondo",
        "schottische", "schottish", "set", "song", "step", "tune", "varsovienne", "waltz", "waltze",
    )
)  # fmt: skip
_MOST_WORDS: Final = 3  # in either half
_TRIES: Final = 40


class TitleMaker:
    """Makes titles from those that a model learnt beside its tunes."""

    def __init__(self, titles: Iterable[str]) -> None:
        """Take printed titles apart at their hinges; those that name a dance are left out."""
        self._halves: dict[str, tuple[list[str], list[str]]] = {}
        turns: list[str] = []
        for title in sorted({tidied(title) for title in titles}):
            hinge = next((hinge for hinge in _HINGES if hinge in title), "")
            first, _, last = title.partition(hinge) if hinge else ("", "", "")
            words = [*first.split(), *last.split()]
            if not _fit(first) or not _fit(last) or _names_a_dance(words):
                continue
            firsts, lasts = self._halves.setdefault(hinge, ([], []))
            firsts.append(first)
            lasts.append(last)
            turns.append(hinge)
        self._turns = turns  # as often as printed

    def title(self, random: Random, known: Collection[int] = ()) -> str:
        """Return a new title; ``""`` if there are too few printed ones to make any.

        Args:
            random: decides which.
            known: hashes of titles that exist; see :func:`generator.compose.titles.title_hashes`.
        """
        for _ in range(_TRIES if self._turns else 0):
            hinge = random.choice(self._turns)
            firsts, lasts = self._halves[hinge]
            first, last = random.choice(firsts), random.choice(lasts)
            again = {word.lower() for word in first.split()} & {word.lower() for word in last.split()}
            title = title_case(f"{first}{hinge}{last}")
            if not again and will_do(title, known):
                return title
        return ""


def _fit(half: str) -> bool:
    words = half.split()
    return 1 <= len(words) <= _MOST_WORDS and len(half) > 1 and words[0] != "There" and not half.endswith("'")


def _names_a_dance(words: Iterable[str]) -> bool:
    plain = [re.sub(r"[^a-z]", "", word.lower()).removesuffix("s") for word in words]
    return any(word in _DANCES or word.startswith("strath") for word in plain)
