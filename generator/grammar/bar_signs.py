"""Bars that return: in a model's text, a circled number says that the bar is the one so many bars before.

Two bars in seven of the printed tunes are letter for letter an earlier bar of the same tune. Spelt out, a
network has to copy them letter by letter, and at any temperature it slips; as one sign it learns when a
tune comes back, and the sampler does the copying. Bars are numbered as they are written, without pickups;
a second ending has the numbers of the first.
"""

from collections.abc import Mapping
from typing import Final

# What the sign is called, and how many bars back it looks; the nearest one is written.
MARKS: Final[Mapping[str, int]] = {"①": 1, "②": 2, "④": 4, "⑧": 8, "⑫": 12, "⑯": 16}

BAR_LINE: Final = "|:"  # what a bar line may begin with
_AROUND: Final = "|:[12 \n"  # what may stand between a bar line and the first note


class Bars:
    """The bars of a tune so far: number -> text."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}

    def add(self, number: int, text: str) -> str:
        """Remember a bar.

        Returns:
            The sign for it if it is a bar that returns, otherwise its text.
        """
        marks = self.choices(number)
        self._texts[number] = text
        return next((mark for mark, earlier in marks.items() if earlier == text), text)

    def choices(self, number: int) -> dict[str, str]:
        """The signs that could stand for a bar, each with the text that it would bring back."""
        found = ((mark, self._texts.get(number - back)) for mark, back in MARKS.items())
        return {mark: text for mark, text in found if text}


class Tale:
    """What one candidate has told so far, where a model brings bars back.

    Attributes:
        bars: that are complete.
        pieces: all that was drawn, every sign replaced by its bar.
        began: how many pieces there were when the present bar began.
        opened: whether a bar may be about to begin.
        offers: sign -> the state of the grammar once its bar has been copied, and that bar, where one may be
            drawn now.
        closing: whether nothing but a bar line may come, after a sign.
    """

    __slots__ = ("bars", "began", "closing", "offers", "opened", "pieces")

    def __init__(self) -> None:
        self.bars = Bars()
        self.pieces: list[str] = []
        self.began = 0
        self.opened = False
        self.offers: dict[str, tuple[int, str]] = {}
        self.closing = False

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.pieces)

    def end_bar(self, number: int) -> None:
        """A bar is complete, and with it the line after it; -1 for what is no bar to come back to."""
        music = "".join(self.pieces[self.began :]).lstrip(_AROUND)
        ends = [at for sign in BAR_LINE if (at := music.find(sign)) >= 0]
        music = music[: min(ends, default=None)].rstrip()
        if number >= 0 and music:
            self.bars.add(number, music)
        self.began = len(self.pieces)
        self.opened = True
