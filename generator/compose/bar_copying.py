"""Copying of bars in the sampler: where a copy sign may be drawn, and what it stands for."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from generator.compose.sampler_grammar import Booleans, CopyingGrammar, Integers
from generator.grammar.bar_signs import BAR_LINE, COPY_SIGNS, EarlierBars

_AROUND: Final = "|:[12 \n"  # what may stand between a bar line and the first note


class BarHistory:
    """What one candidate has drawn so far, bar by bar.

    Attributes:
        bars: the complete ones.
        pieces: all that was drawn, every copy sign replaced by its bar.
        began: number of pieces when the present bar began.
        opened: whether a bar may be about to begin.
        offers: by copy sign that may be drawn now, the state of the grammar after its bar, and that bar.
        closing: whether nothing but a bar line may come, after a copy sign.
    """

    __slots__ = ("bars", "began", "closing", "offers", "opened", "pieces")

    def __init__(self) -> None:
        self.bars = EarlierBars()
        self.pieces: list[str] = []
        self.began = 0
        self.opened = False
        self.offers: dict[str, tuple[int, str]] = {}
        self.closing = False

    @property
    def text(self) -> str:
        """Return all that was drawn, with every bar spelt out."""
        return "".join(self.pieces)

    def end_bar(self, number: int) -> None:
        """Close a bar and the line after it; ``number`` is -1 where none can be copied, as from a pickup."""
        music = "".join(self.pieces[self.began :]).lstrip(_AROUND)
        ends = [at for sign in BAR_LINE if (at := music.find(sign)) >= 0]
        music = music[: min(ends, default=None)].rstrip()
        if number >= 0 and music:
            self.bars.add(number, music)
        self.began = len(self.pieces)
        self.opened = True


class BarCopier:
    """The copy signs of one alphabet under one grammar."""

    def __init__(self, grammar: CopyingGrammar, alphabet: str) -> None:
        self._grammar, self._alphabet = grammar, alphabet
        self._numbers = {sign: alphabet.index(sign) for sign in COPY_SIGNS if sign in alphabet}
        self._is_sign = np.array([character in COPY_SIGNS for character in alphabet])
        self._is_line = np.array([character in BAR_LINE for character in alphabet])

    def offer(self, histories: Sequence[BarHistory], masks: Booleans) -> None:
        """Allow the signs that may stand here, and nothing but a line after one; changes ``masks`` (k, V)."""
        for row, history in enumerate(histories):
            if history.offers:
                masks[row, [self._numbers[sign] for sign in history.offers]] = True
            elif history.closing:
                masks[row] &= self._is_line

    def follow(self, histories: Sequence[BarHistory], states: Integers, characters: Integers) -> Integers:
        """Return the grammar's states (k,) after one more character in each row, copy signs among them."""
        after, signs = states.copy(), self._is_sign[characters]
        plain = ~signs
        after[plain] = self._grammar.consume(states[plain], characters[plain])
        for history, character, sign in zip(histories, characters.tolist(), signs.tolist(), strict=True):
            history.closing = sign
            history.pieces.append(self._alphabet[character])
        for row in np.flatnonzero(signs).tolist():
            history = histories[row]
            after[row], history.pieces[-1] = history.offers[history.pieces[-1]]
        for row in np.flatnonzero(self._grammar.crossed(states, after)).tolist():
            before, history = int(states[row]), histories[row]
            if self._grammar.is_fixed(before) and history.pieces[-1] not in (*BAR_LINE, "\n"):
                continue  # every character of a fixed text is a step of the form
            number = self._grammar.bar(before)
            pickup = number == self._grammar.bar(int(after[row]))  # what follows is the bar itself
            history.end_bar(-1 if pickup else number)
        return after

    def look_back(self, histories: Sequence[BarHistory], states: Integers) -> None:
        """Find the bars that could be copied now; changes the ``histories``."""
        for history, state in zip(histories, states.tolist(), strict=True):
            if history.opened:
                begins = self._grammar.before_bar(state)
                history.opened = begins is not False
                choices = history.bars.choices(self._grammar.bar(state)) if begins else {}
                walks = (
                    (sign, self._grammar.walk(state, bar), bar)
                    for sign, bar in choices.items()
                    if sign in self._numbers
                )
                history.offers = {sign: (after, bar) for sign, after, bar in walks if after is not None}
