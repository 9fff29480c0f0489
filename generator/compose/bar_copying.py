"""Copying of bars in the sampler: where a sign may be drawn, and what the sampler writes after it.

A model's alphabet says what it learnt: copy signs alone, or also part marks, and then it reads the notes of
what returns (:mod:`generator.grammar.bar_signs`, :mod:`generator.grammar.part_marks`).
"""

from collections.abc import Sequence
from math import log
from typing import Final

import numpy as np

from generator.compose.bar_guide import BarGuide
from generator.compose.bar_history import AROUND, BarHistory
from generator.compose.held_text import SECOND, pickup_of
from generator.compose.sampler_grammar import Booleans, CopyingGrammar, Floats, Integers
from generator.grammar.bar_signs import BAR_LINE, BEGINNING_SIGNS, COPY_SIGNS, beginning
from generator.grammar.bar_text import TICK, Spot, notes_of, rests
from generator.grammar.form import SECOND as SECOND_ENDING
from generator.grammar.part_marks import COUNTDOWN, END_SIGNS, HOME, PICKUP, RHYME, countdown, says_end

_LETTERS: Final = "CDEFGABcdefgab"
_LEAST, _MOST = 0.1, 4.0  # factors to the weight of a sign, however badly or well it joins on
_OFTENER: Final = 1.2  # with this as many bars return as in print
_HOME_SIGNS: Final = frozenset(signs[HOME] for signs in END_SIGNS)
_RHYME_SIGNS: Final = frozenset(signs[RHYME] for signs in END_SIGNS)


class BarCopier:
    """The copy signs and part marks of one alphabet under one grammar."""

    def __init__(self, grammar: CopyingGrammar, alphabet: str) -> None:
        self._grammar, self._alphabet = grammar, alphabet
        self._numbers = {character: number for number, character in enumerate(alphabet)}
        self._marks = PICKUP in alphabet
        self._guide = BarGuide(alphabet)
        self._number_sign = self._numbers.get("1", -1)  # of a first ending
        self._is_sign = np.array([c in COPY_SIGNS or c in BEGINNING_SIGNS for c in alphabet])
        self._is_line = np.array([character in BAR_LINE for character in alphabet])
        self._is_around = np.array([character in AROUND for character in alphabet])

    def offer(self, histories: Sequence[BarHistory], states: Integers, masks: Booleans) -> None:
        """Allow the signs that may stand here, and nothing but what must; changes ``masks`` (k, V)."""
        for row, history in enumerate(histories):
            if history.feed:
                masks[row] &= self._is_around if history.waiting else False
                masks[row, list(history.feed[0])] = True
                if history.waiting and history.held is not None:
                    self._end_as_held(history, int(states[row]), masks[row])
                continue
            if history.marked:
                masks[row] &= False if history.must else ~self._is_around
            if history.key is not None:
                before = masks[row].copy()
                self._guide.mask(history, masks[row])
                if not (masks[row].any() or history.offers):  # the rhythm cannot stand here
                    history.stuck, masks[row] = True, before
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

        self._guided(histories, logits)

    def _guided(self, histories: Sequence[BarHistory], logits: Floats) -> None:
        """Weigh what may come by what new bars are to keep of old ones; changes ``logits`` (k, V)."""
        for row, history in enumerate(histories):
            if history.key is not None and not history.feed and history.held and history.held.guides:
                self._guide.weigh(history, logits[row])

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
            elif history.key is not None:
                history.spot = history.spot.written(self._alphabet[number])
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
            elif begins and history.held is not None:
                states[row] = self._begin_bar(history, state)
                if history.feed or history.stuck:
                    continue
            elif begins:
                history.offers = self._offers(history, state)
            history.opened = begins is not False or fixed
            history.marked = history.marked and history.opened

    def _end_as_held(self, history: BarHistory, state: int, mask: Booleans) -> None:
        """Have a first ending begin where there is one in a tune of which some is held, and nowhere else."""
        assert history.held is not None
        number = self._grammar.bar(state)
        if number >= 0 and not self._grammar.ending(state) and history.held.begins_ending(number):
            mask[:] = False
            mask[self._number_sign] = True
        elif not self._grammar.ending(state):
            mask[self._number_sign] = False

    def _key(self, history: BarHistory, state: int) -> int:
        """Return the key of the bar that begins; see :class:`generator.compose.held_text.HeldText`."""
        assert history.held is not None
        number = self._grammar.bar(state)
        if number < 0 or (number == 0 and history.held.pickup and not history.full and not history.began):
            return pickup_of(max(history.part, 0))
        return number + SECOND * (self._grammar.ending(state) == SECOND_ENDING)

    def _begin_bar(self, history: BarHistory, state: int) -> int:
        """Write the bar that begins if it is held, or find what may be copied; return the grammar's state."""
        held = history.held
        assert held is not None
        key = self._key(history, state)
        if key in held.texts:
            return self._hold(history, state, held.texts[key])
        history.key, history.spot = key, Spot(held.unit)
        if key >= SECOND and key % held.bars == held.bars - 1:
            state = self._grammar.bounded(state, held.pickup)
        if held.rhythm_at(key) is not None:
            state = self._grammar.bounded(state, None)
        history.offers = self._offers(history, state)
        return state

    def _homeward(self, history: BarHistory, state: int) -> int:
        """Have the bar that begins end on the tonic; return the state of the grammar."""
        held = history.held
        rhythm = held.rhythm_at(self._key(history, state)) if held else None
        if held is None or rhythm is None:
            return self._grammar.homeward(state)
        if not notes_of(rhythm, held.unit)[-1].is_rest:
            history.home = self._grammar.tonic_letters(state)
        return state

    def _hold(self, history: BarHistory, state: int, text: str) -> int:
        """Write a bar that is held; return the state of the grammar after it.

        Where rules of spelling are against it, as for three sharpened notes, it goes on as after rests.
        """
        free, unit = self._grammar.bounded(state, None), self._grammar.grid(state)[1]
        still = rests(Spot(unit).after(text + "|").at // TICK, unit)
        found = (self._grammar.walk(*each) for each in ((state, text), (free, text), (free, still)))
        after = next((each for each in found if each is not None), None)
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
            held_already = history.held is not None and self._key(history, state) in history.held.texts
            if place.left == 1 and place.leads_out and not held_already:
                if history.end in _HOME_SIGNS:
                    state = self._homeward(history, state)
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
        if history.key is not None:
            signs = {sign: bar for sign, bar in signs.items() if self._guide.lets(history, bar, whole=True)}
        walks = [(sign, self._grammar.walk(state, bar), bar) for sign, bar in signs.items()]
        offers = {sign: (after, bar) for sign, after, bar in walks if after is not None}
        history.must = history.must and bool(offers)
        if self._marks and not history.must:
            grid, unit = self._grammar.grid(state)
            for sign, bar in history.bars.choices(number, BEGINNING_SIGNS, joined=joined).items():
                begun = beginning(bar, grid, unit) if sign in self._numbers else ""
                if history.key is not None and not self._guide.lets(history, begun, whole=False):
                    continue
                there = self._grammar.walk(state, begun, whole=False) if begun else None
                if there is not None:
                    offers[sign] = (there, begun)
        return offers

    def _copied(self, history: BarHistory) -> int:
        """Put what a sign brings in its place; return the state of the grammar after it."""
        sign = history.pieces[-1]
        after, history.pieces[-1] = history.offers[sign]
        history.closing = sign in COPY_SIGNS
        if history.key is not None:
            history.spot = history.spot.after(history.pieces[-1])
            history.key = None if history.closing else history.key
        if self._marks:
            history.feed = [(self._numbers[character],) for character in history.pieces[-1]]
        history.offers, history.opened, history.marked, history.must = {}, False, False, False
        return after
