"""Time: from one bar line to the next, character by character.

A :class:`Spot` is a place in a bar. It knows how many ticks are left, what is open (a tie, a slur, a
tuplet, a broken rhythm) and which token is half written; it knows nothing of pitch, key or form, so
that a spot serves every key, every part and every bar that has as much left. Where the bar line is
complete the spot gives an :class:`Exit`, and ``generator.grammar.form`` says which bar comes next.
"""

from typing import Final

from generator.grammar import title
from generator.grammar.lengths import SHORTEST_LAST, TUPLETS
from generator.grammar.rhythm import Rhythm
from generator.grammar.spots import Exit, Spot

ACCIDENTALS: Final = "^_="
LETTERS: Final = "CDEFGABcdefgab"
MARKS: Final = ",'"
DECORATIONS: Final = ".~Tuv"  # not H: a fermata makes players of MIDI hold the bar
SIGNS: Final = ".~"  # those that cannot be taken for a field at the start of a line
MOST_GRACES: Final = 4
MOST_IN_CHORD: Final = 3

_PICKED, _ORNATE, _DECORATED, _ALTERED = 1, 2, 3, 4  # how far the signs before a note have got

Moves = dict[str, Spot | Exit]


class Bars:
    """Moves from spot to spot, for one alphabet."""

    def __init__(self, rhythm: Rhythm) -> None:
        self._rhythm = rhythm

    def moves(self, spot: Spot) -> Moves:
        """Every character that may come next, and where it leads. Never empty."""
        found: Moves = getattr(self, f"_at_{spot.at}")(spot)
        return {character: there for character, there in found.items() if character in self._rhythm.has}

    # Before the music

    def _at_title(self, spot: Spot) -> Moves:
        found: Moves = {
            c: spot._replace(rem=spot.rem - 1, text=text) for c, text in title.moves(spot.rem, spot.text)
        }
        if title.may_end(spot.text):
            found["\n"] = Exit(0, "title")
        return found

    def _at_said(self, spot: Spot) -> Moves:
        return {spot.text: Exit(0, "said")}

    # Between notes

    def _between(self, spot: Spot, note: str = "") -> Moves:
        """What may follow a note: ``note`` says which kind has just ended, empty after a space."""
        found = self._note(spot) if spot.open else {}
        if spot.left:
            return found
        if note and (spot.open or not spot.slur):
            found[" "] = spot._replace(at="parted" if note == "pitch" else "spaced", text="")
        if note and spot.slur == 3:
            found[")"] = spot._replace(at="closed", slur=0, text="")
        if spot.rem in spot.rule.stops and not spot.slur and (not spot.tie or spot.rule.held(spot.rem)):
            if spot.rule.single:
                found["|"] = Exit(spot.rem, "bar")
            else:
                first = ":" if spot.rule.line.startswith("turn") else "|"
                found[first] = spot._replace(at="line", text=first)
        return found

    def _at_spaced(self, spot: Spot) -> Moves:
        return self._between(spot)

    def _at_parted(self, spot: Spot) -> Moves:
        found = self._between(spot)
        if self._rhythm.may_tie(spot):
            found["-"] = spot._replace(at="tied", tie=True)
        return found

    def _at_closed(self, spot: Spot) -> Moves:
        return self._between(spot, "group")

    def _at_tied(self, spot: Spot) -> Moves:
        found = self._between(spot, "tie")
        found.pop(")", None)
        return found

    def _at_line(self, spot: Spot) -> Moves:
        turn = spot.rule.line.startswith("turn")
        found: Moves = {c: Exit(spot.rem, "bar") for c in ("|" if turn else "|]")}
        if spot.rule.line.endswith(":"):
            found[":"] = Exit(spot.rem, "open")
        return found

    def _at_gap(self, spot: Spot) -> Moves:
        number = "1" if "e" in spot.gap else "2"
        if spot.text == "|":
            return {":": self._opened(spot)}
        if spot.text == "[":
            return {number: self._numbered(spot)}
        found = self._ending(spot, number)
        if "f" not in spot.gap:
            notes = self._note(spot._replace(gap=""))
            # By other signs before the first note, models mean a field or an ending.
            meant = {*DECORATIONS, "["} - {*SIGNS}
            found.update({c: there for c, there in notes.items() if c not in meant})
        if "f" not in spot.gap or "[" in found:
            rest = "".join(c for c in spot.gap if c not in "ndc")
            blanks = {"n": ("\n", rest), "s": (" ", rest.replace("s", ""))}
            found.update({c: spot._replace(gap=g) for flag, (c, g) in blanks.items() if flag in spot.gap})
        if "o" in spot.gap and ":" in self._rhythm.has:
            found["|"] = spot._replace(text="|")
        if "c" in spot.gap:
            found[":"] = self._opened(spot)
        return found

    def _ending(self, spot: Spot, number: str) -> Moves:
        """How the number of an ending may begin."""
        found: Moves = {}
        if "d" in spot.gap:
            found[number] = self._numbered(spot)
        if ("e" in spot.gap or "f" in spot.gap) and "[" in self._rhythm.has:
            found["["] = spot._replace(text="[")
        return found

    @staticmethod
    def _opened(spot: Spot) -> Spot:
        return spot._replace(gap="".join(c for c in spot.gap if c in "ns"), text="")

    @staticmethod
    def _numbered(spot: Spot) -> Spot | Exit:
        if "e" in spot.gap:
            return Exit(0, "ending")
        return spot._replace(gap="s", text="")

    # Before a note

    def _note(self, spot: Spot, stage: int = 0) -> Moves:
        """What may begin a note, or stand before it once ``stage`` is reached."""
        spot = spot._replace(text="", gap="", home=spot.home or not spot.tie)
        if not self._rhythm.choices(spot):
            return {}
        found = self._letters(spot, altered=stage == _ALTERED)
        if not stage:
            found.update(self._harmony(spot))
        if spot.tie:
            return found
        other = spot._replace(home=not spot.rule.home)
        if stage < _ALTERED and self._rhythm.choices(other):
            found.update(dict.fromkeys(ACCIDENTALS, other._replace(at="altered")))
        if stage < _DECORATED:
            found.update(dict.fromkeys(DECORATIONS, spot._replace(at="decorated")))
        if stage < _ORNATE and "}" in self._rhythm.has:
            found["{"] = spot._replace(at="grace", text="0")
        if stage < _ORNATE and not spot.left and not spot.tuplet:
            found.update(self._groups(spot, stage))
        return found

    def _letters(self, spot: Spot, *, altered: bool) -> Moves:
        """The letters of a note; only the tonic's may be the tune's last, where it has to come home."""
        head = spot._replace(at="head")
        if spot.tie or not spot.rule.home:
            return dict.fromkeys(LETTERS, head)
        other = head._replace(home=False)
        found: Moves = dict.fromkeys(LETTERS, other) if self._rhythm.choices(other) else {}
        return found if altered else found | dict.fromkeys(spot.rule.home, head)

    def _harmony(self, spot: Spot) -> Moves:
        """The beginning of a chord symbol: on a beat, and not over a pickup."""
        grid = spot.rule.grid
        if spot.left or (grid.bar - spot.rem) % grid.beat:
            return {}
        picked = spot._replace(at="harmony")
        if spot.rule.single and grid.group:  # a first bar that may be a pickup is none then
            picked = picked._replace(rule=spot.rule._replace(stops=(0,)))
        return {'"': picked} if self._rhythm.choices(picked) else {}

    def _groups(self, spot: Spot, stage: int) -> Moves:
        """What may begin other than a single note."""
        found: Moves = {}
        paren = spot._replace(at="paren")
        if any(c in self._rhythm.has for c in self._at_paren(paren)):
            found["("] = paren
        other = spot._replace(home=not spot.rule.home)
        if spot.slur or not self._rhythm.choices(other):
            return found
        if "]" in self._rhythm.has:
            found["["] = other._replace(at="chord", text="0")
        if not stage:
            found["z"] = other._replace(at="rest")
        return found

    def _at_harmony(self, spot: Spot) -> Moves:
        found: Moves = dict.fromkeys(self._rhythm.has, spot)
        found['"'] = spot._replace(at="harmonised")
        return found

    def _at_harmonised(self, spot: Spot) -> Moves:
        found = self._note(spot, _PICKED)
        if not spot.left and not spot.tuplet:
            found[" "] = spot._replace(at="awaited")
        return found

    def _at_awaited(self, spot: Spot) -> Moves:
        return self._note(spot, _PICKED)

    def _at_paren(self, spot: Spot) -> Moves:
        found: Moves = {}
        for p in TUPLETS:
            if self._rhythm.choices(spot._replace(tuplet=p)):
                found[str(p)] = spot._replace(at="grouped", tuplet=p)
        if self._rhythm.may_slur(spot):
            found.update(self._note(spot._replace(slur=1), _PICKED))
        return found

    def _at_grouped(self, spot: Spot) -> Moves:
        return self._note(spot)

    def _at_broken(self, spot: Spot) -> Moves:
        found = self._note(spot)
        short = spot.rem in spot.rule.ends and spot.equal < 4 * SHORTEST_LAST
        if len(spot.text) == 1 and spot.equal % 4 == 0 and not short:
            found[spot.text] = spot._replace(text=spot.text * 2)
        return found

    def _at_grace(self, spot: Spot) -> Moves:
        head: Moves = dict.fromkeys(LETTERS, spot._replace(at="grace_head", text=str(int(spot.text) + 1)))
        return head | dict.fromkeys(ACCIDENTALS, spot._replace(at="grace_altered"))

    def _at_grace_altered(self, spot: Spot) -> Moves:
        return dict.fromkeys(LETTERS, spot._replace(at="grace_head", text=str(int(spot.text) + 1)))

    def _at_grace_head(self, spot: Spot) -> Moves:
        return self._at_grace_marked(spot) | dict.fromkeys(MARKS, spot._replace(at="grace_marked"))

    def _at_grace_marked(self, spot: Spot) -> Moves:
        found = self._at_grace(spot) if int(spot.text) < MOST_GRACES else {}
        found["}"] = spot._replace(at="ornate", text="")
        return found

    def _at_ornate(self, spot: Spot) -> Moves:
        return self._note(spot, _ORNATE)

    def _at_decorated(self, spot: Spot) -> Moves:
        return self._note(spot, _DECORATED)

    def _at_altered(self, spot: Spot) -> Moves:
        return self._note(spot, _ALTERED)

    def _at_chord(self, spot: Spot) -> Moves:
        head: Moves = dict.fromkeys(LETTERS, spot._replace(at="chord_head", text=str(int(spot.text) + 1)))
        return head | dict.fromkeys(ACCIDENTALS, spot._replace(at="chord_altered"))

    def _at_chord_altered(self, spot: Spot) -> Moves:
        return dict.fromkeys(LETTERS, spot._replace(at="chord_head", text=str(int(spot.text) + 1)))

    def _at_chord_head(self, spot: Spot) -> Moves:
        return self._at_chord_marked(spot) | dict.fromkeys(MARKS, spot._replace(at="chord_marked"))

    def _at_chord_marked(self, spot: Spot) -> Moves:
        found = self._at_chord(spot) if int(spot.text) < MOST_IN_CHORD else {}
        if int(spot.text) > 1:
            found["]"] = spot._replace(at="chorded", text="", gap="")
        return found

    # The length of a note, and what hangs on its end

    def _at_head(self, spot: Spot) -> Moves:
        return self._tail(spot, "length", "pitch") | dict.fromkeys(MARKS, spot._replace(at="length"))

    def _at_length(self, spot: Spot) -> Moves:
        return self._tail(spot, "length", "pitch")

    def _at_rest(self, spot: Spot) -> Moves:
        return self._tail(spot, "rest", "rest")

    def _at_chorded(self, spot: Spot) -> Moves:
        return self._tail(spot, "chorded", "chord")

    def _tail(self, spot: Spot, at: str, note: str) -> Moves:
        found: Moves = {}
        for ticks, text in self._rhythm.endings(spot):
            if len(text) > len(spot.text):
                begun = text[: len(spot.text) + 1]
                found[begun[-1]] = spot._replace(at=at, text=begun)
                continue
            after = self._rhythm.after(spot, ticks)
            found.update(self._between(after, note))
            if note == "pitch":
                if self._rhythm.may_tie(after):
                    found["-"] = after._replace(at="tied", tie=True)
                if self._rhythm.may_pair(spot, after, ticks):
                    pair = after._replace(at="broken", rem=after.rem - ticks, left=1, equal=ticks)
                    found.update({c: pair._replace(text=c) for c in "<>"})
        return found
