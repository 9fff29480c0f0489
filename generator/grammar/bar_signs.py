"""Copy signs: in a model's text, a circled number says that a bar is the one so many bars before.

Two bars in seven of the printed tunes are letter for letter an earlier bar of the same tune. Spelt out, a
network has to copy them letter by letter, and at any temperature it slips; as one sign it learns when a
tune comes back, and the sampler does the copying. Bars are numbered as they are written, without pickups;
a second ending has the numbers of the first.
"""

from collections.abc import Mapping
from typing import Final

# How many bars back each sign looks; where several would do, the nearest bar's is written.
COPY_SIGNS: Final[Mapping[str, int]] = {"①": 1, "②": 2, "④": 4, "⑧": 8, "⑫": 12, "⑯": 16}

BAR_LINE: Final = "|:"  # what a bar line may begin with


class EarlierBars:
    """The bars of a tune so far: number -> text."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}

    def add(self, number: int, text: str) -> str:
        """Remember a bar.

        Returns:
            The copy sign for it if an earlier bar is the same, otherwise its text.
        """
        signs = self.choices(number)
        self._texts[number] = text
        return next((sign for sign, earlier in signs.items() if earlier == text), text)

    def choices(self, number: int) -> dict[str, str]:
        """Return the signs that could stand for a bar, each with the text that it would copy."""
        found = ((sign, self._texts.get(number - back)) for sign, back in COPY_SIGNS.items())
        return {sign: text for sign, text in found if text}
