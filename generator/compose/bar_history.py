"""What one candidate has drawn so far, bar by bar."""

from typing import Final

from generator.compose.held_text import HeldText
from generator.grammar.bar_signs import BAR_LINE, EarlierBars
from generator.grammar.bar_text import Spot
from generator.grammar.part_marks import Place

AROUND: Final = "|:[12 \n"  # what may stand between a bar line and the first note


class BarHistory:
    """What one candidate has drawn so far, bar by bar.

    Attributes:
        bars: the complete ones.
        pieces: all that was drawn, every copy sign replaced by its bar, without part marks.
        began: number of pieces when the present bar began.
        opened: whether a bar may be about to begin.
        offers: by sign that may be drawn now, the state of the grammar after what it brings, and that text.
        must: whether one of them has to be drawn.
        closing: whether nothing but a bar line may come, after a copy sign.
        feed: what comes next, whatever the grammar says: the characters of which one is drawn, by number.
        waiting: whether that are part marks, before which the bar line may still go on.
        marked: whether the part marks of the bar that begins are written.
        place: of the bar to which the marks in ``feed`` belong.
        part: whose end has been said, -1 for none.
        end: its sign.
        last_bar: the last bar of the first part.
        full: how many bars are complete, those before the present one.
        held: bars that stand already; None if there are none.
        key: of the present bar, where something is asked of it; None in any other.
        spot: how far that one is written.
        home: letters that its last note may have, ``""`` for any.
        stuck: whether one of them may not stand after what was drawn, so that this candidate is over.
    """

    __slots__ = (
        "bars", "began", "closing", "end", "feed", "full", "held", "home", "key", "last_bar", "marked",
        "must", "offers", "opened", "part", "pieces", "place", "spot", "stuck", "waiting",
    )  # fmt: skip

    def __init__(self) -> None:
        self.bars = EarlierBars()
        self.pieces: list[str] = []
        self.began = 0
        self.opened = True
        self.offers: dict[str, tuple[int, str]] = {}
        self.must = False
        self.closing = False
        self.feed: list[tuple[int, ...]] = []
        self.waiting = False
        self.marked = False
        self.place: Place | None = None
        self.part = -1
        self.end = ""
        self.last_bar = ""
        self.full = 0
        self.held: HeldText | None = None
        self.key: int | None = None
        self.spot = Spot(1)
        self.home = ""
        self.stuck = False

    def copy(self) -> "BarHistory":
        """Return a history that goes on by itself from here."""
        new = BarHistory()
        for name in self.__slots__:
            setattr(new, name, getattr(self, name))
        new.bars, new.pieces = self.bars.copy(), self.pieces.copy()
        new.offers, new.feed = self.offers.copy(), self.feed.copy()
        return new

    @property
    def text(self) -> str:
        """Return all that was drawn, with every bar spelt out."""
        return "".join(self.pieces)

    @property
    def decides(self) -> bool:
        """Tell whether the next character says how the tune goes on, and is no note within a bar."""
        return bool(self.feed or self.offers)

    def end_bar(self, number: int) -> None:
        """Close a bar and the line after it; ``number`` is -1 where none can be copied, as from a pickup."""
        music = "".join(self.pieces[self.began :]).lstrip(AROUND)
        ends = [at for sign in BAR_LINE if (at := music.find(sign)) >= 0]
        music = music[: min(ends, default=None)].rstrip()
        if number >= 0 and music:
            self.bars.add(number, music)
            if self.part == 0:
                self.last_bar = music
        self.full = max(self.full, number + 1)
        self.began, self.key, self.home = len(self.pieces), None, ""
        self.opened, self.marked, self.must, self.offers = True, False, False, {}
