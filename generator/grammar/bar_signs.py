"""Copy signs: in a model's text, a circled number says that a bar is the one so many bars before.

Two bars in seven of the printed tunes are letter for letter an earlier bar of the same tune. Spelt out, a
network has to copy them letter by letter, and at any temperature it slips; as one sign it learns when a
tune comes back, and the sampler does the copying. Bars are numbered as they are written, without pickups;
a second ending has the numbers of the first.

A model that reads what returns has the notes of the bar after the sign: they are written by the sampler, and
in training they are read but not learnt. Such a model also knows signs in black, for a bar that begins as an
earlier one and goes on otherwise.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Final

from generator.grammar.lengths import TUPLETS, Grid

# How many bars back each sign looks; where several would do, the nearest bar's is written.
COPY_SIGNS: Final[Mapping[str, int]] = {"①": 1, "②": 2, "④": 4, "⑧": 8, "⑫": 12, "⑯": 16}
BEGINNING_SIGNS: Final[Mapping[str, int]] = {"❶": 1, "❷": 2, "❹": 4, "❽": 8}

BAR_LINE: Final = "|:"  # what a bar line may begin with

_BEGINNINGS: Final = 10  # about how many notes bars begin with

_FORCED: Final = 0xE000  # to a character's number where it is read but not learnt; Unicode leaves these free
_TOKEN: Final = re.compile(r"(?:\((\d))?[\^_=]?[A-Ga-gz][,']*(\d*)(/?)(\d*)([<>]?)(-?)")


class EarlierBars:
    """The bars of a tune so far: number -> text."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}

    def copy(self) -> "EarlierBars":
        """Return the same bars, to which others may be added."""
        new = EarlierBars()
        new._texts = self._texts.copy()
        return new

    def add(self, number: int, text: str) -> str:
        """Remember a bar.

        Returns:
            The copy sign for it if an earlier bar is the same, otherwise its text.
        """
        signs = self.choices(number)
        self._texts[number] = text
        return next((sign for sign, earlier in signs.items() if earlier == text), text)

    def choices(
        self, number: int, signs: Mapping[str, int] = COPY_SIGNS, *, joined: int = 1
    ) -> dict[str, str]:
        """Return the signs that could stand for a bar, each with the text of the bar that it means.

        Args:
            number: of the bar.
            signs: how many bars back each looks.
            joined: how many bars are one of those for which they are meant.
        """
        found = ((sign, self._texts.get(number - back * joined)) for sign, back in signs.items())
        return {sign: text for sign, text in found if text}

    def share(self, character: str) -> float:
        """Return the share of bars that begin with a character, as if there had been one of each before."""
        count = sum(text[0] == character for text in self._texts.values())
        return (count + 1) / (len(self._texts) + _BEGINNINGS)

    def add_heard(self, number: int, text: str, grid: Grid, unit: int) -> str:
        """Remember a bar; return it as a model learns it that reads what returns.

        Args:
            number: of the bar.
            text: of the bar.
            grid: how bars are divided.
            unit: ticks of a bare letter.

        Returns:
            A copy sign and the bar, or the sign of a beginning and the bar, or the bar; what follows from a
            sign is :func:`forced`.
        """
        sign = self.add(number, text)
        if sign != text:
            return sign + forced(text)
        for black, earlier in self.choices(number, BEGINNING_SIGNS).items():
            begun = beginning(earlier, grid, unit)
            if begun and text.startswith(begun) and begun == beginning(text, grid, unit):
                return black + forced(begun) + text[len(begun) :]
        return text


@lru_cache(2**14)
def beginning(text: str, grid: Grid, unit: int) -> str:
    """Return the first half of a bar, of three beats two; ``""`` if a note is held across its end."""
    ticks, at, left, ratio = Fraction(0), 0, 0, Fraction(1)
    while at < len(text) and ticks < grid.half:
        token = _TOKEN.match(text, at)
        if token is None:
            return ""
        tuplet, top, slash, bottom, broken, tie = token.groups()
        if tuplet:
            left, ratio = int(tuplet), Fraction(TUPLETS.get(int(tuplet), 2), int(tuplet))
        length = Fraction(int(top or 1), int(bottom or 2) if slash else 1) * unit
        at = token.end()
        if broken:  # a pair lasts two units
            token = _TOKEN.match(text, at)
            if token is None:
                return ""
            at, length, tie = token.end(), Fraction(2 * unit), token[6]
        ticks += length * (ratio if left else 1)
        left -= left > 0
        if ticks == grid.half and not left and not tie:
            return text[:at] if at < len(text) else ""
    return ""


def forced(text: str) -> str:
    """Return a text marked as read but not learnt."""
    return "".join([chr(_FORCED + ord(character)) for character in text])


def is_forced(character: str) -> bool:
    """Tell whether a character of a training text is read but not learnt."""
    return ord(character) >= _FORCED


def unforced(text: str) -> str:
    """Return a training text as the network reads it."""
    return "".join([chr(ord(c) - _FORCED) if is_forced(c) else c for c in text])
