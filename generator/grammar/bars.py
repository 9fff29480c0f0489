"""Time: from one bar line to the next, character by character.

A :class:`BarState` is a place in a bar. It knows how many ticks are left, what is open (a tie, a slur, a
tuplet, a broken rhythm) and which token is half written; it knows nothing of pitch, key or form, so
that a state serves every key, every part and every bar that has as much left. Where the bar line is
complete the state gives an :class:`Exit`, and ``generator.grammar.form`` says which bar comes next.
"""

from typing import Final

from generator.grammar import title
from generator.grammar.bar_state import BarState, Exit
from generator.grammar.lengths import SHORTEST_LAST, TUPLETS
from generator.grammar.rhythm import RhythmRules

ACCIDENTALS: Final = "^_="
NOTE_LETTERS: Final = "CDEFGABcdefgab"
OCTAVE_MARKS: Final = ",'"
DECORATIONS: Final = ".~Tuv"  # not H: a fermata makes players of MIDI hold the bar
SIGNS: Final = ".~"  # those that cannot be taken for a field at the start of a line
MOST_GRACES: Final = 4
MOST_IN_CHORD: Final = 3

_PICKED, _ORNATE, _DECORATED, _ALTERED = 1, 2, 3, 4  # how far the signs before a note have got

Moves = dict[str, BarState | Exit]


class BarRules:
    """Moves from state to state, for one alphabet."""

    def __init__(self, rhythm: RhythmRules) -> None:
        self._rhythm = rhythm

    def moves(self, state: BarState) -> Moves:
        """Return every character that may come next, and where it leads. Never empty."""
        found: Moves = getattr(self, f"_at_{state.at}")(state)
        return {character: there for character, there in found.items() if character in self._rhythm.has}

    # Before the music

    def _at_title(self, state: BarState) -> Moves:
        found: Moves = {
            c: state._replace(rem=state.rem - 1, text=text) for c, text in title.moves(state.rem, state.text)
        }
        if title.may_end(state.text):
            found["\n"] = Exit(0, "title")
        return found

    def _at_fixed(self, state: BarState) -> Moves:
        return {state.text: Exit(0, "fixed")}

    # Between notes

    def _between(self, state: BarState, note: str = "") -> Moves:
        """Return what may follow a note: ``note`` says which kind has just ended, empty after a space."""
        found = self._note(state) if state.open else {}
        if state.left:
            return found
        if note and (state.open or not state.slur):
            found[" "] = state._replace(at="parted" if note == "pitch" else "spaced", text="")
        if note and state.slur == 3:
            found[")"] = state._replace(at="closed", slur=0, text="")
        if state.rem in state.spec.stops and not state.slur and (not state.tie or state.spec.held(state.rem)):
            if state.spec.single:
                found["|"] = Exit(state.rem, "bar")
            else:
                first = ":" if state.spec.line.startswith("turn") else "|"
                found[first] = state._replace(at="line", text=first)
        return found

    def _at_spaced(self, state: BarState) -> Moves:
        return self._between(state)

    def _at_parted(self, state: BarState) -> Moves:
        found = self._between(state)
        if self._rhythm.may_tie(state):
            found["-"] = state._replace(at="tied", tie=True)
        return found

    def _at_closed(self, state: BarState) -> Moves:
        return self._between(state, "group")

    def _at_tied(self, state: BarState) -> Moves:
        found = self._between(state, "tie")
        found.pop(")", None)
        return found

    def _at_line(self, state: BarState) -> Moves:
        turn = state.spec.line.startswith("turn")
        found: Moves = {c: Exit(state.rem, "bar") for c in ("|" if turn else "|]")}
        if state.spec.line.endswith(":"):
            found[":"] = Exit(state.rem, "open")
        return found

    def _at_gap(self, state: BarState) -> Moves:
        number = "1" if "e" in state.gap else "2"
        if state.text == "|":
            return {":": self._opened(state)}
        if state.text == "[":
            return {number: self._numbered(state)}
        found = self._ending(state, number)
        if "f" not in state.gap:
            notes = self._note(state._replace(gap=""))
            # By other signs before the first note, models mean a field or an ending.
            meant = {*DECORATIONS, "["} - {*SIGNS}
            found.update({c: there for c, there in notes.items() if c not in meant})
        if "f" not in state.gap or "[" in found:
            rest = "".join(c for c in state.gap if c not in "ndc")
            blanks = {"n": ("\n", rest), "s": (" ", rest.replace("s", ""))}
            found.update({c: state._replace(gap=g) for flag, (c, g) in blanks.items() if flag in state.gap})
        if "o" in state.gap and ":" in self._rhythm.has:
            found["|"] = state._replace(text="|")
        if "c" in state.gap:
            found[":"] = self._opened(state)
        return found

    def _ending(self, state: BarState, number: str) -> Moves:
        """Return how the number of an ending may begin."""
        found: Moves = {}
        if "d" in state.gap:
            found[number] = self._numbered(state)
        if ("e" in state.gap or "f" in state.gap) and "[" in self._rhythm.has:
            found["["] = state._replace(text="[")
        return found

    @staticmethod
    def _opened(state: BarState) -> BarState:
        return state._replace(gap="".join(c for c in state.gap if c in "ns"), text="")

    @staticmethod
    def _numbered(state: BarState) -> BarState | Exit:
        if "e" in state.gap:
            return Exit(0, "ending")
        return state._replace(gap="s", text="")

    # Before a note

    def _note(self, state: BarState, stage: int = 0) -> Moves:
        """Return what may begin a note, or stand before it once ``stage`` is reached."""
        state = state._replace(text="", gap="", home_note=state.home_note or not state.tie)
        if not self._rhythm.choices(state):
            return {}
        found = self._letters(state, altered=stage == _ALTERED)
        if not stage:
            found.update(self._harmony(state))
        if state.tie:
            return found
        other = state._replace(home_note=not state.spec.home_letters)
        if stage < _ALTERED and self._rhythm.choices(other):
            found.update(dict.fromkeys(ACCIDENTALS, other._replace(at="altered")))
        if stage < _DECORATED:
            found.update(dict.fromkeys(DECORATIONS, state._replace(at="decorated")))
        if stage < _ORNATE and "}" in self._rhythm.has:
            found["{"] = state._replace(at="grace", text="0")
        if stage < _ORNATE and not state.left and not state.tuplet:
            found.update(self._groups(state, stage))
        return found

    def _letters(self, state: BarState, *, altered: bool) -> Moves:
        """Return the letters of a note; only the tonic's may be the last, where the tune has to come home."""
        head = state._replace(at="head")
        if state.tie or not state.spec.home_letters:
            return dict.fromkeys(NOTE_LETTERS, head)
        other = head._replace(home_note=False)
        found: Moves = dict.fromkeys(NOTE_LETTERS, other) if self._rhythm.choices(other) else {}
        return found if altered else found | dict.fromkeys(state.spec.home_letters, head)

    def _harmony(self, state: BarState) -> Moves:
        """Return the beginning of a chord symbol: on a beat, and not over a pickup."""
        grid = state.spec.grid
        if state.left or (grid.bar - state.rem) % grid.beat:
            return {}
        picked = state._replace(at="harmony")
        if state.spec.single and grid.group:  # a first bar that may be a pickup is none then
            picked = picked._replace(spec=state.spec._replace(stops=(0,)))
        return {'"': picked} if self._rhythm.choices(picked) else {}

    def _groups(self, state: BarState, stage: int) -> Moves:
        """Return what may begin other than a single note."""
        found: Moves = {}
        paren = state._replace(at="paren")
        if any(c in self._rhythm.has for c in self._at_paren(paren)):
            found["("] = paren
        other = state._replace(home_note=not state.spec.home_letters)
        if state.slur or not self._rhythm.choices(other):
            return found
        if "]" in self._rhythm.has:
            found["["] = other._replace(at="chord", text="0")
        if not stage:
            found["z"] = other._replace(at="rest")
        return found

    def _at_harmony(self, state: BarState) -> Moves:
        found: Moves = dict.fromkeys(self._rhythm.has, state)
        found['"'] = state._replace(at="harmonised")
        return found

    def _at_harmonised(self, state: BarState) -> Moves:
        found = self._note(state, _PICKED)
        if not state.left and not state.tuplet:
            found[" "] = state._replace(at="awaited")
        return found

    def _at_awaited(self, state: BarState) -> Moves:
        return self._note(state, _PICKED)

    def _at_paren(self, state: BarState) -> Moves:
        found: Moves = {}
        for p in TUPLETS:
            if self._rhythm.choices(state._replace(tuplet=p)):
                found[str(p)] = state._replace(at="grouped", tuplet=p)
        if self._rhythm.may_slur(state):
            found.update(self._note(state._replace(slur=1), _PICKED))
        return found

    def _at_grouped(self, state: BarState) -> Moves:
        return self._note(state)

    def _at_broken(self, state: BarState) -> Moves:
        found = self._note(state)
        short = state.rem in state.spec.ends and state.equal < 4 * SHORTEST_LAST
        if len(state.text) == 1 and state.equal % 4 == 0 and not short:
            found[state.text] = state._replace(text=state.text * 2)
        return found

    def _at_grace(self, state: BarState) -> Moves:
        head: Moves = dict.fromkeys(
            NOTE_LETTERS, state._replace(at="grace_head", text=str(int(state.text) + 1))
        )
        return head | dict.fromkeys(ACCIDENTALS, state._replace(at="grace_altered"))

    def _at_grace_altered(self, state: BarState) -> Moves:
        return dict.fromkeys(NOTE_LETTERS, state._replace(at="grace_head", text=str(int(state.text) + 1)))

    def _at_grace_head(self, state: BarState) -> Moves:
        return self._at_grace_marked(state) | dict.fromkeys(OCTAVE_MARKS, state._replace(at="grace_marked"))

    def _at_grace_marked(self, state: BarState) -> Moves:
        found = self._at_grace(state) if int(state.text) < MOST_GRACES else {}
        found["}"] = state._replace(at="ornate", text="")
        return found

    def _at_ornate(self, state: BarState) -> Moves:
        return self._note(state, _ORNATE)

    def _at_decorated(self, state: BarState) -> Moves:
        return self._note(state, _DECORATED)

    def _at_altered(self, state: BarState) -> Moves:
        return self._note(state, _ALTERED)

    def _at_chord(self, state: BarState) -> Moves:
        head: Moves = dict.fromkeys(
            NOTE_LETTERS, state._replace(at="chord_head", text=str(int(state.text) + 1))
        )
        return head | dict.fromkeys(ACCIDENTALS, state._replace(at="chord_altered"))

    def _at_chord_altered(self, state: BarState) -> Moves:
        return dict.fromkeys(NOTE_LETTERS, state._replace(at="chord_head", text=str(int(state.text) + 1)))

    def _at_chord_head(self, state: BarState) -> Moves:
        return self._at_chord_marked(state) | dict.fromkeys(OCTAVE_MARKS, state._replace(at="chord_marked"))

    def _at_chord_marked(self, state: BarState) -> Moves:
        found = self._at_chord(state) if int(state.text) < MOST_IN_CHORD else {}
        if int(state.text) > 1:
            found["]"] = state._replace(at="chorded", text="", gap="")
        return found

    # The length of a note, and what hangs on its end

    def _at_head(self, state: BarState) -> Moves:
        return self._tail(state, "length", "pitch") | dict.fromkeys(OCTAVE_MARKS, state._replace(at="length"))

    def _at_length(self, state: BarState) -> Moves:
        return self._tail(state, "length", "pitch")

    def _at_rest(self, state: BarState) -> Moves:
        return self._tail(state, "rest", "rest")

    def _at_chorded(self, state: BarState) -> Moves:
        return self._tail(state, "chorded", "chord")

    def _tail(self, state: BarState, at: str, note: str) -> Moves:
        found: Moves = {}
        for ticks, text in self._rhythm.endings(state):
            if len(text) > len(state.text):
                begun = text[: len(state.text) + 1]
                found[begun[-1]] = state._replace(at=at, text=begun)
                continue
            after = self._rhythm.after(state, ticks)
            found.update(self._between(after, note))
            if note == "pitch":
                if self._rhythm.may_tie(after):
                    found["-"] = after._replace(at="tied", tie=True)
                if self._rhythm.may_pair(state, after, ticks):
                    pair = after._replace(at="broken", rem=after.rem - ticks, left=1, equal=ticks)
                    found.update({c: pair._replace(text=c) for c in "<>"})
        return found
