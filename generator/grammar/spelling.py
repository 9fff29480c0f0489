"""Spelling: which letters, accidentals and octave marks a note may have, and which chord symbols.

A :class:`SpellingState` follows the same characters as a ``BarState``, knows nothing of time, and lets
whatever does not concern it pass. A character may come next if both allow it.
"""

from collections.abc import Collection
from functools import cache, partial
from typing import Final, NamedTuple

from generator.grammar.bars import DECORATIONS
from generator.grammar.chord_symbols import Harmonies
from generator.music.keys import LETTERS as STEPS
from generator.music.keys import SEMITONES

ALTERS: Final = {"^": 1, "_": -1, "=": 0}
_FLATS: Final = "BEADGCF"


class Gamut(NamedTuple):
    """The notes of a drawn tune.

    Attributes:
        fifths: sharps (positive) or flats (negative) in its signature.
        low, high: the lowest and highest note, MIDI numbers as drawn.
    """

    fifths: int
    low: int
    high: int

    def signed(self, letter: str) -> int:
        """By how much the signature alters a letter."""
        if self.fifths >= 0:
            return int(letter.upper() in _FLATS[::-1][: self.fifths])
        return -int(letter.upper() in _FLATS[: -self.fifths])

    def alters(self, accidental: str, letter: str) -> int | None:
        """Return semitones away from the signature, None if no player would write it there."""
        away = ALTERS[accidental] - self.signed(letter)
        return away if -1 <= away <= 1 else None

    def holds(self, written: str) -> bool:
        """Tell whether a written note such as ``^g'`` lies between lowest and highest."""
        accidental = written[0] if written[0] in ALTERS else ""
        letter, marks = written[len(accidental)], written[len(accidental) + 1 :]
        alter = ALTERS[accidental] if accidental else self.signed(letter)
        octave = letter.islower() + marks.count("'") - marks.count(",")
        return self.low <= 60 + 12 * octave + SEMITONES[letter.upper()] + alter <= self.high


class SpellingState(NamedTuple):
    """A place in the spelling.

    Attributes:
        gamut: None where no music is written, so that everything passes.
        spare: accidentals outside the scale that this bar may still have.
        untied: whether this bar may have no more ties, since an accidental or an ornament stands in it:
            players of MIDI differ on which of these go with a tie.
        tie: the pitch, as written, that a tie waits for; ``""`` for none.
        at: ``free``; ``altered`` after an accidental; ``letter`` and ``pitch`` after a note without and
            with its octave mark; ``owed`` where a tied note still needs its mark; ``harmony`` in a
            chord symbol.
        text: of the accidental, note or chord symbol.
    """

    gamut: Gamut | None = None
    spare: int = 0
    untied: bool = False
    tie: str = ""
    at: str = "free"
    text: str = ""


SILENT: Final = SpellingState()


class Spelling:
    """Moves from state to state, for one alphabet."""

    def __init__(self, characters: Collection[str]) -> None:
        self._has = frozenset(characters)
        self._harmonies = cache(partial(Harmonies, characters))  # by the key's signature

    def step(self, state: SpellingState, character: str) -> SpellingState | None:
        """Return the state after a character, None if it may not come."""
        if state.gamut is None:
            return state
        if state.at == "harmony":
            return self._in_harmony(state, state.gamut, character)
        if state.at == "owed":
            done = state._replace(at="pitch", tie="", text=state.tie)
            return done if character == state.tie[-1] else None
        if character.upper() in STEPS and character in self._has:
            return self._letter(state, state.gamut, character)
        if state.at == "altered":
            return None
        if character in ALTERS:
            return self._accidental(state, state.gamut, character)
        if character in ",'":
            return self._mark(state, state.gamut, character)
        return self._other(state, character)

    def _in_harmony(self, state: SpellingState, gamut: Gamut, character: str) -> SpellingState | None:
        harmonies = self._harmonies(gamut.fifths)
        if character == '"':
            return state._replace(at="free", text="") if harmonies.whole(state.text) else None
        begun = state.text + character
        return state._replace(text=begun) if harmonies.knows(begun) else None

    def _letter(self, state: SpellingState, gamut: Gamut, letter: str) -> SpellingState | None:
        if state.tie:
            if letter != state.tie[0]:
                return None
            if len(state.tie) > 1:
                return state._replace(at="owed", text="")
            return state._replace(at="pitch", text=state.tie, tie="")
        written = state.text + letter if state.at == "altered" else letter
        spare = state.spare
        if state.at == "altered":
            away = gamut.alters(state.text, letter)
            if away is None:
                return None
            spare -= abs(away)
        if not gamut.holds(written) or (
            state.at == "altered" and not self._holds_everywhere(gamut, state.text, letter)
        ):
            return None
        return SpellingState(gamut, spare, state.untied, "", "letter", written)

    @staticmethod
    def _holds_everywhere(gamut: Gamut, accidental: str, letter: str) -> bool:
        """Tell whether an accidental, which counts for all octaves of the bar, drives none out of range."""
        octaves = (f"{letter.upper()},", letter.upper(), letter.lower(), f"{letter.lower()}'")
        return all(gamut.holds(accidental + note) for note in octaves if gamut.holds(note))

    def _accidental(self, state: SpellingState, gamut: Gamut, accidental: str) -> SpellingState | None:
        if state.tie or not state.spare:
            return None
        altered = SpellingState(gamut, state.spare, True, "", "altered", accidental)
        known = [c for c in STEPS + STEPS.lower() if c in self._has]
        return altered if any(self._letter(altered, gamut, c) for c in known) else None

    def _mark(self, state: SpellingState, gamut: Gamut, mark: str) -> SpellingState | None:
        if state.at != "letter" or (mark == ",") == state.text[-1].islower():
            return None
        written = state.text + mark
        return state._replace(at="pitch", text=written) if gamut.holds(written) else None

    def _other(self, state: SpellingState, character: str) -> SpellingState | None:
        if character == "-" and state.untied:
            return None
        if state.at in ("letter", "pitch"):
            if character.isdecimal() or character in "/ ":
                return state
            if character == "-":
                return state._replace(at="free", tie=state.text.lstrip("^_="), text="")
        if character == '"':
            fits = self._harmonies(state.gamut.fifths).longest > 0 if state.gamut else True
            return state._replace(at="harmony", text="") if fits else None
        return state._replace(at="free", text="", untied=state.untied or character in DECORATIONS)

    @property
    def longest_harmony(self) -> int:
        """Return characters of the longest chord symbol, without its quotes."""
        return max(self._harmonies(fifths).longest for fifths in range(-7, 8))

    def needs(self, state: SpellingState) -> int:
        """Return characters that the spelling needs beyond those that the bar counts."""
        owed = 1 if state.at == "owed" or len(state.tie) > 1 else 0
        if state.gamut is None or state.at != "harmony":
            return owed
        return owed + self._harmonies(state.gamut.fifths).left(state.text) + 1
