"""Time: from one bar line to the next, character by character.

A :class:`Spot` is a place in a bar. It knows how many ticks are left, what is open (a tie, a slur, a
tuplet, a broken rhythm) and which token is half written; it knows nothing of pitch, key or form, so
that a spot serves every key, every part and every bar that has as much left. Where the bar line is
complete the spot gives an :class:`Exit`, and ``generator.rules.form`` says which bar comes next.
"""

from collections.abc import Collection
from functools import cache
from math import inf
from typing import Final, NamedTuple

from generator.rules import title
from generator.rules.lengths import TUPLETS, Grid, Lengths

ACCIDENTALS: Final = "^_="
LETTERS: Final = "CDEFGABcdefgab"
MARKS: Final = ",'"
DECORATIONS: Final = ".~Tuv"  # not H: a fermata makes players of MIDI hold the bar
SIGNS: Final = ".~"  # those that cannot be taken for a field at the start of a line
MOST_GRACES: Final = 4
MOST_IN_CHORD: Final = 3

_PICKED, _ORNATE, _DECORATED, _ALTERED = 1, 2, 3, 4  # how far the signs before a note have got


class Rule(NamedTuple):
    """What a bar must keep to.

    Attributes:
        unit: ticks of a bare letter.
        grid: how the bar is divided.
        stops: the ticks of a full bar that may be left where the bar line stands, the fewest last;
            several in a bar of open length, not 0 in one that a pickup completes.
        line: ``plain`` for ``|``; ``turn`` for ``:|``; ``double`` for ``||`` or ``|]``; the latter two
            with a colon if the line may open the next repeat as well: ``::``, ``|:``.
    """

    unit: int
    grid: Grid
    stops: tuple[int, ...]
    line: str


class Exit(NamedTuple):
    """A bar is closed (``stop`` ticks early), or another step of the form is done.

    Attributes:
        stop: ticks by which the bar is short of its full length; 0 where it does not matter.
        kind: ``bar``; ``open`` if the line opened the next repeat too; ``ending`` where a first
            ending began; ``title`` and ``said`` for the text before the music.
    """

    stop: int
    kind: str


class Spot(NamedTuple):
    """A place in a bar, or in the text before the music (``rem`` is then what is left of a title).

    Attributes:
        at: which token is being written, or what the last one was.
        rule: of this bar.
        rem: ticks left of a full bar, tuplets and broken pairs counted where they open.
        tie: whether a tie waits for its second note.
        slur: 0 if none is open, else 1, 2 or 3: no, one or more notes under it.
        tuplet: number of notes of a tuplet whose note length is not chosen yet.
        left: notes that still belong to a tuplet or broken pair.
        equal: ticks that each of those must have.
        text: of the half-written token.
        gap: what may still stand between the bar line and the bar: ``n`` a line break, ``s`` a space,
            ``o`` a repeat sign, ``c`` a colon that makes the line one, ``e`` a first ending, ``f`` the
            second ending, which must come, ``d`` its number right after the line.
    """

    at: str
    rule: Rule
    rem: int
    tie: bool = False
    slur: int = 0
    tuplet: int = 0
    left: int = 0
    equal: int = 0
    text: str = ""
    gap: str = ""

    @property
    def open(self) -> bool:
        """Whether more notes may come in this bar."""
        return self.rem > self.rule.stops[-1] or self.left > 0


Moves = dict[str, Spot | Exit]
Costs = dict[Exit, float]


class Bars:
    """Moves from spot to spot, for one alphabet."""

    def __init__(self, characters: Collection[str]) -> None:
        self._has = frozenset(characters)
        self.lengths = cache(lambda unit, grid: Lengths(self._has, unit, grid))

    def moves(self, spot: Spot) -> Moves:
        """Every character that may come next, and where it leads. Never empty."""
        found: Moves = getattr(self, f"_at_{spot.at}")(spot)
        return {character: there for character, there in found.items() if character in self._has}

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
        if spot.rem in spot.rule.stops and not spot.slur and (not spot.tie or spot.rule.line == "plain"):
            if spot.rule.line == "plain":
                found["|"] = Exit(spot.rem, "bar")
            else:
                first = ":" if spot.rule.line.startswith("turn") else "|"
                found[first] = spot._replace(at="line", text=first)
        return found

    def _at_spaced(self, spot: Spot) -> Moves:
        return self._between(spot)

    def _at_parted(self, spot: Spot) -> Moves:
        found = self._between(spot)
        if self._may_tie(spot):
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
        if spot.text == "|":
            return {":": self._opened(spot)}
        if spot.text == "[":
            return {"1" if "e" in spot.gap else "2": self._numbered(spot)}
        found = {} if "f" in spot.gap else self._note(spot._replace(gap=""))
        for sign in {*DECORATIONS, "["} - {*SIGNS}:
            found.pop(sign, None)  # models mean a field or an ending by it
        if "d" in spot.gap:
            found["1" if "e" in spot.gap else "2"] = self._numbered(spot)
        if ("e" in spot.gap or "f" in spot.gap) and "[" in self._has:
            found["["] = spot._replace(text="[")
        rest = "".join(c for c in spot.gap if c not in "ndc")
        if "f" not in spot.gap or "[" in self._has:
            if "n" in spot.gap:
                found["\n"] = spot._replace(gap=rest)
            if "s" in spot.gap:
                found[" "] = spot._replace(gap=rest.replace("s", ""))
        if "o" in spot.gap and ":" in self._has:
            found["|"] = spot._replace(text="|")
        if "c" in spot.gap:
            found[":"] = self._opened(spot)
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
        if not self._choices(spot):
            return {}
        spot = spot._replace(text="", gap="")
        found: Moves = dict.fromkeys(LETTERS, spot._replace(at="head"))
        if spot.tie:
            if not stage:
                found['"'] = spot._replace(at="harmony")
            return found
        if stage < _ALTERED:
            found.update(dict.fromkeys(ACCIDENTALS, spot._replace(at="altered")))
        if stage < _DECORATED:
            found.update(dict.fromkeys(DECORATIONS, spot._replace(at="decorated")))
        if stage < _ORNATE and "}" in self._has:
            found["{"] = spot._replace(at="grace", text="0")
        if not stage:
            found['"'] = spot._replace(at="harmony")
        if spot.left or spot.tuplet:
            return found
        if stage <= _PICKED:
            paren = spot._replace(at="paren")
            if any(c in self._has for c in self._at_paren(paren)):
                found["("] = paren
            if not spot.slur and "]" in self._has:
                found["["] = spot._replace(at="chord", text="0")
        if not stage and not spot.slur:
            found["z"] = spot._replace(at="rest")
        return found

    def _at_harmony(self, spot: Spot) -> Moves:
        found: Moves = dict.fromkeys(self._has, spot)
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
            if self._choices(spot._replace(tuplet=p)):
                found[str(p)] = spot._replace(at="grouped", tuplet=p)
        if self._may_slur(spot):
            found.update(self._note(spot._replace(slur=1), _PICKED))
        return found

    def _at_grouped(self, spot: Spot) -> Moves:
        return self._note(spot)

    def _at_broken(self, spot: Spot) -> Moves:
        found = self._note(spot)
        if len(spot.text) == 1 and spot.equal % 4 == 0:
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
        for ticks, text in self._endings(spot):
            if len(text) > len(spot.text):
                begun = text[: len(spot.text) + 1]
                found[begun[-1]] = spot._replace(at=at, text=begun)
                continue
            after = self._after(spot, ticks)
            found.update(self._between(after, note))
            if note == "pitch":
                if self._may_tie(after):
                    found["-"] = after._replace(at="tied", tie=True)
                if self._may_pair(spot, after, ticks):
                    pair = after._replace(at="broken", rem=after.rem - ticks, left=1, equal=ticks)
                    found.update({c: pair._replace(text=c) for c in "<>"})
        return found

    def _choices(self, spot: Spot) -> tuple[int, ...]:
        """The ticks that the note at a spot may be written with."""
        lengths = self._lengths(spot.rule)
        if spot.left:
            return (spot.equal,)
        if spot.tuplet:
            q = TUPLETS[spot.tuplet]
            return tuple(
                t for t in lengths.tuplet(spot.tuplet, spot.rem) if self._fills(spot.rule, spot.rem - q * t)
            )
        return tuple(
            t
            for t in lengths.shortest
            if lengths.fits(spot.rem, t) and self._fills(spot.rule, spot.rem - t, 1 if spot.slur == 1 else 0)
        )

    def _lengths(self, rule: Rule) -> Lengths:
        return self.lengths(rule.unit, rule.grid)

    def _fills(self, rule: Rule, rem: int, notes: int = 0) -> bool:
        """Whether at least so many notes can bring the bar to one of its stops."""
        fill = self._lengths(rule).fill
        return any(rem >= stop and fill(rem, stop, notes) < inf for stop in rule.stops)

    def _may_slur(self, spot: Spot) -> bool:
        return not spot.slur and ")" in self._has and self._fills(spot.rule, spot.rem, 2)

    def _endings(self, spot: Spot) -> list[tuple[int, str]]:
        """The lengths that the half-written one may become, with their full text."""
        choices = self._choices(spot)
        texts = self._lengths(spot.rule).texts
        return [(t, text) for text, t in texts.items() if t in choices and text.startswith(spot.text)]

    @staticmethod
    def _after(spot: Spot, ticks: int) -> Spot:
        """The spot after a note (or the first of a tuplet) of so many ticks."""
        rem, left, equal = spot.rem, spot.left, spot.equal
        if left:
            left -= 1
        elif spot.tuplet:
            rem, left, equal = rem - TUPLETS[spot.tuplet] * ticks, spot.tuplet - 1, ticks
        else:
            rem -= ticks
        slur = min(spot.slur + 1, 3) if spot.slur else 0
        return Spot("closed", spot.rule, rem, slur=slur, left=left, equal=equal if left else 0)

    @staticmethod
    def _may_tie(after: Spot) -> bool:
        """A tie needs a note after it: in this bar, or in the next one of the same passage."""
        if after.left or after.tie:
            return False
        return after.open or (after.rule.line == "plain" and not after.slur)

    def _may_pair(self, spot: Spot, after: Spot, ticks: int) -> bool:
        if spot.left or spot.tuplet or ticks not in (2, 4, 8, 16):
            return False
        if not self._lengths(spot.rule).fits(spot.rem, 2 * ticks):
            return False
        return self._fills(after.rule, after.rem - ticks)

    # The least number of characters to the end of the bar

    def costs(self, spot: Spot) -> Costs:
        """Characters at the least to each exit that can be reached, the exit's own ones included.

        A chord symbol counts as written and a tied note as one letter; the spelling adds to that.
        """
        at = spot.at
        if at == "gap":
            return self._gap_costs(spot)
        if at == "line":
            return {there: 1 for there in self._at_line(spot).values() if isinstance(there, Exit)}
        if at in ("head", "length", "rest", "chorded"):
            return self._tail_costs(spot)
        if at == "paren":
            ways = [_more(1, self._run(spot._replace(tuplet=p), 1)) for p in TUPLETS if self._fits(spot, p)]
            if self._may_slur(spot):
                ways.append(self._run(spot._replace(slur=1), 1))
            return _least(ways)
        if at.startswith("grace"):
            letters = 0 if at in ("grace_head", "grace_marked") else 1
            return _more(letters + 1, self._run(spot, 1))
        if at.startswith("chord"):
            letters = max(2 - int(spot.text), 1 if at == "chord_altered" else 0)
            return _more(letters + 1, self._tail_costs(spot._replace(text="")))
        if at == "title":
            return {Exit(0, "title"): title.least(spot.rem, spot.text)}
        if at == "said":
            return {Exit(0, "said"): 1}
        note_due = at not in ("closed", "spaced", "parted", "tied") or (at != "closed" and spot.slur == 3)
        return self._run(spot, 1 if note_due else 0)

    def _fits(self, spot: Spot, p: int) -> bool:
        return str(p) in self._has and bool(self._choices(spot._replace(tuplet=p)))

    def _gap_costs(self, spot: Spot) -> Costs:
        bare = self._run(spot._replace(at="closed", gap="", text=""), 0)
        if spot.text == "|":
            return _more(1, bare)
        to_number = 1 if spot.text == "[" or "d" in spot.gap else 2
        if "f" in spot.gap:
            return _more(to_number, bare)
        if spot.text == "[":
            bare = {}
        if "e" in spot.gap:
            bare[Exit(0, "ending")] = to_number
        return bare

    def _tail_costs(self, spot: Spot) -> Costs:
        return _least(
            [
                _more(len(text) - len(spot.text), self._run(self._after(spot, ticks), 0))
                for ticks, text in self._endings(spot)
            ]
        )

    def _run(self, spot: Spot, need: int) -> Costs:
        """Costs from between two notes, at least ``need`` more to come."""
        lengths = self._lengths(spot.rule)
        if spot.tuplet:
            q, p = TUPLETS[spot.tuplet], spot.tuplet
            slur = 3 if spot.slur else 0
            return _least(
                [
                    _more(
                        p * (1 + lengths.shortest[t]),
                        self._run(spot._replace(tuplet=0, slur=slur, rem=spot.rem - q * t), 0),
                    )
                    for t in self._choices(spot)
                ]
            )
        if spot.slur:
            need = max(need, 3 - spot.slur)
        forced = spot.left * (1 + lengths.shortest[spot.equal]) if spot.left else 0
        need = max(need - spot.left, 0)
        line = 1 if spot.rule.line == "plain" else 2
        kinds = ("bar", "open") if spot.rule.line.endswith(":") else ("bar",)
        found: Costs = {}
        for stop in spot.rule.stops:
            tied = spot.tie and not spot.left and spot.rule.line != "plain"
            fill = lengths.fill(spot.rem, stop, max(need, 1) if tied else need) if spot.rem >= stop else inf
            if fill < inf:
                cost = forced + fill + line + (1 if spot.slur else 0)
                found.update({Exit(stop, kind): cost for kind in kinds})
        return found


def _more(cost: float, costs: Costs) -> Costs:
    return {there: cost + rest for there, rest in costs.items()}


def _least(ways: list[Costs]) -> Costs:
    found: Costs = {}
    for way in ways:
        for there, cost in way.items():
            found[there] = min(cost, found.get(there, inf))
    return found
