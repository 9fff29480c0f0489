"""What a bar that is drawn keeps of an old one: its rhythm, its chords, or some of its notes."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import numpy as np

from generator.compose.bar_history import BarHistory
from generator.compose.held_text import Harmony, HeldText
from generator.compose.sampler_grammar import Booleans, Floats
from generator.grammar.bar_signs import BAR_LINE, BEGINNING_SIGNS, COPY_SIGNS
from generator.grammar.bar_text import TICK, NoteText, Spot, notes_of, rhythm_of
from generator.grammar.spelling import ALTERS, Gamut
from generator.music.keys import SEMITONES

_LETTERS: Final = "CDEFGABcdefgab"
_ON_BEAT, _BETWEEN = 1.1, 0.3  # weight of a note that is at home in the chord, and against one that is not
_SIGN: Final = 2.0  # weight of a bar that returns all of whose beats are at home


class BarGuide:
    """Guides the drawing of bars in one alphabet."""

    def __init__(self, alphabet: str) -> None:
        self._numbers = {character: number for number, character in enumerate(alphabet)}
        self._tie = self._numbers.get("-", -1)
        self._is_line = np.array([character in BAR_LINE for character in alphabet])
        self._allowed = lru_cache(2**12)(self._allowed_now)
        self._at_home = lru_cache(2**8)(self._weights)

    def mask(self, history: BarHistory, mask: Booleans) -> None:
        """Leave what may come next in a bar; changes ``mask`` (V,)."""
        held, key, spot = history.held, history.key, history.spot
        if held is None or key is None or spot.over:
            return
        if self._tie >= 0 and mask[self._tie] and held.comes_next(key):
            mask[self._tie] = spot.at + spot.length < TICK * held.full
        rhythm = held.rhythm_at(key)
        if rhythm is not None:
            mask &= self._allowed(rhythm, spot.unit, spot.done, spot.text, history.home)

    def lets(self, history: BarHistory, text: str, *, whole: bool) -> bool:
        """Tell whether a bar, or its beginning, has the rhythm that is asked for."""
        held, key = history.held, history.key
        rhythm = None if held is None or key is None else held.rhythm_at(key)
        if rhythm is None or held is None:
            return True
        there, asked = rhythm_of(text, held.unit), rhythm_of(rhythm, held.unit)
        return there == asked if whole else there == asked[: len(there)]

    def weigh(self, history: BarHistory, logits: Floats) -> None:
        """Weigh what may come next by the old notes and the chords; changes ``logits`` (V,)."""
        held, key = history.held, history.key
        if held is None or key is None or history.spot.over:
            return
        if pull := held.pulls.get(key, 0.0):
            for character in _next_of(held.old[key], history.spot):
                if character in self._numbers:
                    logits[self._numbers[character]] += np.float32(pull)
        harmony = held.harmony.get(key)
        if harmony:
            spot = history.spot
            begins = spot.at if spot.lacks_letter else spot.at + spot.length
            accidental = spot.text[-1:] if spot.lacks_letter and spot.text[-1:] in ALTERS else ""
            weight = _ON_BEAT if begins % (TICK * held.beat) == 0 else _BETWEEN
            logits += self._at_home(_sounding(harmony, begins), held.fifths, accidental, weight)
        for sign, (_, text) in history.offers.items():
            logits[self._numbers[sign]] += np.float32(_of_sign(held, key, sign, text))

    def _allowed_now(self, rhythm: str, unit: int, done: int, text: str, home: str) -> Booleans:
        """Return (V,), True for what may follow in a bar that has the rhythm of another.

        Args:
            rhythm: the other one.
            unit: ticks of a bare letter.
            done: notes that are complete.
            text: of the one after them, so far.
            home: letters that the last note may have, ``""`` for any.
        """
        notes = notes_of(rhythm, unit)
        if done >= len(notes):
            return self._is_line
        note, after = notes[done], notes[done + 1] if done + 1 < len(notes) else None
        tied = [place for place, each in enumerate(notes) if not each.after.endswith("-")]
        last = tied[-2] + 1 if len(tied) > 1 else 0  # from here on it is one and the same note
        accidentals = "" if "-" in rhythm else "".join(ALTERS)
        if Spot(unit, text=text).lacks_letter:
            return self._one_of(_opening(note, text, accidentals, home if done >= last else ""))
        head = text[len(note.before) :].lstrip("^_=")
        tail = head[1:].lstrip(",'")
        found = "" if tail or note.is_rest else ",'"
        if len(tail) < len(note.after):
            return self._one_of(found + note.after[len(tail)])
        if after is not None:
            return self._one_of(found + _opening(after, "", accidentals, home if done + 1 >= last else ""))
        line: Booleans = self._one_of(found) | self._is_line
        return line

    def _one_of(self, characters: str) -> Booleans:
        found = np.zeros(len(self._numbers), np.bool_)
        found[[self._numbers[each] for each in characters if each in self._numbers]] = True
        return found

    def _weights(self, tones: frozenset[int], fifths: int, accidental: str, weight: float) -> Floats:
        """Return (V,) what letters gain or lose by the chord over them."""
        found = np.zeros(len(self._numbers), np.float32)
        if tones:
            for letter in _LETTERS:
                home = _pitch_class(letter, fifths, accidental) in tones
                found[self._numbers[letter]] = weight if home else -weight
        return found


def _opening(note: NoteText, text: str, accidentals: str, home: str) -> str:
    """Return what may come next where a note has been begun by a text without its letter."""
    if len(text) < len(note.before):
        return note.before[len(text)]
    if note.is_rest:
        return "z"
    if home:
        return home
    return _LETTERS if text[-1:] in ALTERS else _LETTERS + accidentals


def _next_of(old: str, spot: Spot) -> str:
    """Return what comes next in an old bar, where it stands as the new one does."""
    notes = _by_place(old, spot.unit)
    here = notes.get(spot.at, "")
    if here.startswith(spot.text) and len(here) > len(spot.text):
        return here[len(spot.text)]
    if spot.lacks_letter:
        return ""
    there = notes.get(spot.at + spot.length, "")
    return there[:1]


@lru_cache(2**10)
def _by_place(text: str, unit: int) -> Mapping[int, str]:
    return {note.at: note.text for note in notes_of(text, unit)}


def _sounding(harmony: Harmony, at: int) -> frozenset[int]:
    """Return the pitch classes that are at home at a place of a bar."""
    return next((tones for begins, tones in reversed(harmony) if begins <= at), frozenset())


def _of_sign(held: HeldText, key: int, sign: str, text: str) -> float:
    """Return the weight of a sign by what it brings."""
    weight = 0.0
    if pull := held.pulls.get(key, 0.0):
        weight += pull * (2 * _likeness(held, key, sign, text) - 1)
    harmony = held.harmony.get(key)
    if harmony:
        on_beats = [note for note in notes_of(text, held.unit) if note.at % (TICK * held.beat) == 0]
        home = sum(_is_home(note, held.fifths, harmony) for note in on_beats) / max(len(on_beats), 1)
        weight += _SIGN * (2 * home - 1)
    return weight


def _likeness(held: HeldText, key: int, sign: str, text: str) -> float:
    """Return how much of what a sign brings is there in the old bar; all if that one was brought back so."""
    old = held.old[key]
    back = COPY_SIGNS.get(sign) or BEGINNING_SIGNS[sign]
    earlier = held.old.get(key - back) or held.texts.get(key - back, "")
    if earlier and (old == earlier if sign in COPY_SIGNS else old.startswith(earlier[:3])):
        return 1.0
    there, here = set(_by_place(old, held.unit).items()), set(_by_place(text, held.unit).items())
    return len(there & here) / max(len(here), 1)


def _is_home(note: NoteText, fifths: int, harmony: Harmony) -> bool:
    if note.is_rest:
        return True
    accidental = note.pitch[0] if note.pitch[0] in ALTERS else ""
    return _pitch_class(note.pitch[len(accidental)], fifths, accidental) in _sounding(harmony, note.at)


def _pitch_class(letter: str, fifths: int, accidental: str) -> int:
    alter = ALTERS[accidental] if accidental else Gamut(fifths, 0, 127).signed(letter)
    return (SEMITONES[letter.upper()] + alter) % 12
