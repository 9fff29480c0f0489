"""Copying of bars in the sampler: where a sign may be drawn, and what the sampler writes after it.

A model's alphabet says what it learnt: copy signs alone, or also part marks, and then it reads the notes of
what returns (:mod:`generator.grammar.bar_signs`, :mod:`generator.grammar.part_marks`).
"""

from collections.abc import Sequence
from math import log
from typing import Final

import numpy as np

from generator.compose.holding import HeldText
from generator.compose.sampler_grammar import Booleans, CopyingGrammar, Floats, Integers
from generator.grammar.bar_signs import BAR_LINE, BEGINNING_SIGNS, COPY_SIGNS, EarlierBars, beginning
from generator.grammar.part_marks import COUNTDOWN, END_SIGNS, HOME, PICKUP, RHYME, Place, countdown, says_end

_LETTERS: Final = "CDEFGABcdefgab"
_LEAST, _MOST = 0.1, 4.0  # factors to the weight of a sign, however badly or well it joins on
_OFTENER: Final = 1.2  # with this as many bars return as in print
_AROUND: Final = "|:[12 \n"  # what may stand between a bar line and the first note
_HOME_SIGNS: Final = frozenset(signs[HOME] for signs in END_SIGNS)
_RHYME_SIGNS: Final = frozenset(signs[RHYME] for signs in END_SIGNS)


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
        stuck: whether one of them may not stand after what was drawn, so that this candidate is over.
    """

    __slots__ = (
        "bars", "began", "closing", "end", "feed", "full", "held", "last_bar", "marked", "must", "offers",
        "opened", "part", "pieces", "place", "stuck", "waiting",
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
        music = "".join(self.pieces[self.began :]).lstrip(_AROUND)
        ends = [at for sign in BAR_LINE if (at := music.find(sign)) >= 0]
        music = music[: min(ends, default=None)].rstrip()
        if number >= 0 and music:
            self.bars.add(number, music)
            if self.part == 0:
                self.last_bar = music
        self.full = max(self.full, number + 1)
        self.began = len(self.pieces)
        self.opened, self.marked, self.must, self.offers = True, False, False, {}


class BarCopier:
    """The copy signs and part marks of one alphabet under one grammar."""

    def __init__(self, grammar: CopyingGrammar, alphabet: str) -> None:
        self._grammar, self._alphabet = grammar, alphabet
        self._numbers = {character: number for number, character in enumerate(alphabet)}
        self._marks = PICKUP in alphabet
        self._tie = self._numbers.get("-", -1)
        self._is_sign = np.array([c in COPY_SIGNS or c in BEGINNING_SIGNS for c in alphabet])
        self._is_line = np.array([character in BAR_LINE for character in alphabet])
        self._is_around = np.array([character in _AROUND for character in alphabet])

    def offer(self, histories: Sequence[BarHistory], states: Integers, masks: Booleans) -> None:
        """Allow the signs that may stand here, and nothing but what must; changes ``masks`` (k, V)."""
        for row, history in enumerate(histories):
            if history.feed:
                masks[row] &= self._is_around if history.waiting else False
                masks[row, list(history.feed[0])] = True
                continue
            if history.marked:
                masks[row] &= False if history.must else ~self._is_around
            if history.held is not None and self._tie >= 0:
                masks[row, self._tie] &= not history.held.comes_next(self._grammar.bar(int(states[row])))
            if history.offers:
                masks[row, [self._numbers[sign] for sign in history.offers]] = True
            elif history.closing:
                masks[row] &= self._is_line

    def weigh(
        self, histories: Sequence[BarHistory], states: Integers, masks: Booleans, logits: Floats
    ) -> None:
        """Weigh notes by the dance's own rhythm, and signs by how well what they bring joins on.

        This changes ``logits`` (k, V).

        A network that has drawn a bar doesn't see in a sign the note that it leads to. What it foresees of
        the next note, were that a new one, says so: a sign weighs as much more or less as its first note is
        likelier here than at the beginning of any bar of the tune.
        """
        for row, (history, state) in enumerate(zip(histories, states.tolist(), strict=True)):
            leaning = self._grammar.leaning(state)
            if leaning is not None:
                logits[row] += leaning
            if not (self._marks and history.offers) or history.must:
                continue
            new = np.flatnonzero(masks[row] & ~self._is_sign)
            if not len(new):
                continue
            chances = np.exp(logits[row, new] - logits[row, new].max())
            chances /= chances.sum()
            likely = dict(zip(new.tolist(), chances.tolist(), strict=True))
            for sign, (_, text) in history.offers.items():
                if text[0] in _LETTERS:
                    ratio = _OFTENER * likely.get(self._numbers[text[0]], 0.0) / history.bars.share(text[0])
                    logits[row, self._numbers[sign]] += np.float32(log(min(max(ratio, _LEAST), _MOST)))

    def follow(self, histories: Sequence[BarHistory], states: Integers, characters: Integers) -> Integers:
        """Return the grammar's states (k,) after one more character in each row, copy signs among them."""
        after, plain = states.copy(), ~self._is_sign[characters]
        for row, (history, number) in enumerate(zip(histories, characters.tolist(), strict=True)):
            if history.feed and number in history.feed[0]:
                after[row] = self._fed(history, int(states[row]), number)
                plain[row] = False
                continue
            history.pieces.append(self._alphabet[number])
            history.closing = False
            if not plain[row]:
                after[row] = self._copied(history)
        after[plain] = self._grammar.consume(states[plain], characters[plain])
        for row in np.flatnonzero(self._grammar.crossed(states, after)).tolist():
            before, history = int(states[row]), histories[row]
            if self._grammar.is_fixed(before) and history.pieces[-1] not in (*BAR_LINE, "\n"):
                history.marked = False
                continue  # every character of a fixed text is a step of the form
            number = self._grammar.bar(before)
            pickup = number == self._grammar.bar(int(after[row]))  # what follows is the bar itself
            history.end_bar(-1 if pickup else number)
        return after

    def look_back(self, histories: Sequence[BarHistory], states: Integers) -> None:
        """Find what may be copied now, and what must be marked; changes the ``histories``.

        Where a bar begins that is held, it is written, which changes the ``states``.
        """
        for row, (history, state) in enumerate(zip(histories, states.tolist(), strict=True)):
            if not history.opened or (history.feed and not history.waiting):
                continue
            begins = self._grammar.before_bar(state)
            fixed = begins is False and self._marks and self._grammar.is_fixed(state)
            history.offers, history.feed, history.waiting = {}, [], False
            if self._marks and not history.marked and (begins or fixed):
                self._mark(history, state, fixed=fixed)
            elif begins and (text := self._held_text(history, state)) is not None:
                states[row] = self._hold(history, state, text)
                continue
            elif begins:
                history.offers = self._offers(history, state)
            history.opened = begins is not False or fixed
            history.marked = history.marked and history.opened

    def _held_text(self, history: BarHistory, state: int) -> str | None:
        """Return the text of the bar that begins if it is held."""
        if history.held is None:
            return None
        number = self._grammar.bar(state)
        if number < 0 or (number == 0 and history.held.pickup and not history.full and not history.began):
            number = -1 - max(history.part, 0)  # the pickup of its part
        return history.held.texts.get(number)

    def _hold(self, history: BarHistory, state: int, text: str) -> int:
        """Write a bar that is held; return the state of the grammar after it."""
        after = self._grammar.walk(state, text)
        if after is None:
            history.stuck = True
            return state
        history.pieces.append(text)
        history.feed = [(self._numbers[character],) for character in text]
        history.closing = True
        history.opened = history.marked = history.must = False
        return after

    def _mark(self, history: BarHistory, state: int, *, fixed: bool) -> None:
        """Have the part marks of a bar written."""
        place = self._grammar.place(state)
        if place is None:
            return
        opens = place.part != history.part
        signs = []
        held = history.held
        if says_end(place.left, opens=opens):
            own, ends = END_SIGNS[place.last], place.ends
            if held is not None and held.ends.get(place.part) in ends:
                ends = (held.ends[place.part],)
            signs.append("".join(own[end] for end in ends) if opens else history.end)
        signs.append(PICKUP if place.left is None else countdown(place.left))
        if place.maybe_pickup and held is not None:
            signs[-1] = PICKUP if held.pickup else signs[-1]
        elif place.maybe_pickup:
            signs[-1] += PICKUP
        history.feed = [tuple(self._numbers[s] for s in choice if s in self._numbers) for choice in signs]
        history.place, history.waiting = place, not fixed

    def _fed(self, history: BarHistory, state: int, number: int) -> int:
        """Go on with what must be written; return the state of the grammar."""
        sign, place = self._alphabet[number], history.place
        history.feed, history.waiting = history.feed[1:], False
        if place is None:  # a note of a bar that returns
            return state
        if sign != PICKUP and sign not in COUNTDOWN:
            history.part, history.end = place.part, sign
        elif place.maybe_pickup:
            ticks = history.held.pickup if history.held else None
            state = self._grammar.settled(state, pickup=sign == PICKUP, ticks=ticks)
        if not history.feed:
            history.place, history.marked = None, True
            if place.left == 1 and place.leads_out and not (history.held and place.bar in history.held.texts):
                if history.end in _HOME_SIGNS:
                    state = self._grammar.homeward(state)
                history.must = history.end in _RHYME_SIGNS
        return state

    def _offers(self, history: BarHistory, state: int) -> dict[str, tuple[int, str]]:
        """Return the signs that may stand here, each with the state after what it brings, and that text."""
        number = self._grammar.bar(state)
        joined = self._grammar.joined(state)
        found = history.bars.choices(number, joined=joined)
        signs = {sign: bar for sign, bar in found.items() if sign in self._numbers}
        if history.must:
            signs = {sign: bar for sign, bar in signs.items() if bar == history.last_bar}
        walks = [(sign, self._grammar.walk(state, bar), bar) for sign, bar in signs.items()]
        offers = {sign: (after, bar) for sign, after, bar in walks if after is not None}
        history.must = history.must and bool(offers)
        if self._marks and not history.must:
            grid, unit = self._grammar.grid(state)
            for sign, bar in history.bars.choices(number, BEGINNING_SIGNS, joined=joined).items():
                begun = beginning(bar, grid, unit) if sign in self._numbers else ""
                there = self._grammar.walk(state, begun, whole=False) if begun else None
                if there is not None:
                    offers[sign] = (there, begun)
        return offers

    def _copied(self, history: BarHistory) -> int:
        """Put what a sign brings in its place; return the state of the grammar after it."""
        sign = history.pieces[-1]
        after, history.pieces[-1] = history.offers[sign]
        history.closing = sign in COPY_SIGNS
        if self._marks:
            history.feed = [(self._numbers[character],) for character in history.pieces[-1]]
        history.offers, history.opened, history.marked, history.must = {}, False, False, False
        return after
