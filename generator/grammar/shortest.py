"""The least number of characters from a place in a bar to the end of the bar."""

from math import inf

from generator.grammar import title
from generator.grammar.bar_state import BarState, Exit
from generator.grammar.lengths import TUPLETS
from generator.grammar.rhythm import RhythmRules

Costs = dict[Exit, float]


class Shortest:
    """Shortest ways, for one alphabet."""

    def __init__(self, rhythm: RhythmRules) -> None:
        self._rhythm = rhythm

    def costs(self, state: BarState) -> Costs:
        """Return characters at the least to each exit that can be reached, the exit's own ones included.

        A chord symbol counts as written and a tied note as one letter; the spelling adds to that.
        """
        at = state.at
        if at == "gap":
            return self._gap_costs(state)
        if at == "line":
            return {Exit(state.rem, kind): 1 for kind in state.spec.kinds}
        if at in ("head", "length", "rest", "chorded"):
            return self._tail_costs(state)
        if at == "paren":
            ways = [_more(1, self._run(state._replace(tuplet=p), 1)) for p in TUPLETS if self._fits(state, p)]
            if self._rhythm.may_slur(state):
                ways.append(self._run(state._replace(slur=1), 1))
            return _least(ways)
        if at.startswith("grace"):
            letters = 0 if at in ("grace_head", "grace_marked") else 1
            return _more(letters + 1, self._run(state, 1))
        if at.startswith("chord"):
            letters = max(2 - int(state.text), 1 if at == "chord_altered" else 0)
            return _more(letters + 1, self._tail_costs(state._replace(text="")))
        if at == "title":
            return {Exit(0, "title"): title.least(state.rem, state.text)}
        if at == "fixed":
            return {Exit(0, "fixed"): 1}
        note_due = at not in ("closed", "spaced", "parted", "tied") or (at != "closed" and state.slur == 3)
        altered = at == "altered" and not state.home_note  # which cannot be the last note
        return self._run(state, 2 if altered else 1 if note_due else 0)

    def _fits(self, state: BarState, p: int) -> bool:
        return str(p) in self._rhythm.has and bool(self._rhythm.choices(state._replace(tuplet=p)))

    def _gap_costs(self, state: BarState) -> Costs:
        bare = self._run(state._replace(at="closed", gap="", text=""), 0)
        if state.text == "|":
            return _more(1, bare)
        to_number = 1 if state.text == "[" or "d" in state.gap else 2
        if "f" in state.gap:
            return _more(to_number, bare)
        if state.text == "[":
            bare = {}
        if "e" in state.gap:
            bare[Exit(0, "ending")] = to_number
        return bare

    def _tail_costs(self, state: BarState) -> Costs:
        return _least(
            [
                _more(len(text) - len(state.text), self._run(self._rhythm.after(state, ticks), 0))
                for ticks, text in self._rhythm.endings(state)
            ]
        )

    def _run(self, state: BarState, need: int) -> Costs:
        """Costs from between two notes, at least ``need`` more to come."""
        lengths = self._rhythm.lengths_of(state.spec)
        if state.tuplet:
            q, p = TUPLETS[state.tuplet], state.tuplet
            slur = 3 if state.slur else 0
            return _least(
                [
                    _more(
                        p * (1 + lengths.shortest[t]),
                        self._run(state._replace(tuplet=0, slur=slur, rem=state.rem - q * t), 0),
                    )
                    for t in self._rhythm.choices(state)
                ]
            )
        if state.slur:
            need = max(need, 3 - state.slur)
        forced = state.left * (1 + lengths.shortest[state.equal]) if state.left else 0
        need = max(need - state.left, 0)
        line = 1 if state.spec.single else 2
        found: Costs = {}
        for stop in state.spec.stops:
            if state.rem < stop:
                continue
            tied = state.tie and not state.left and not state.spec.held(stop)
            notes = max(need, 1 if state.home_note else 2) if tied else need
            fill = lengths.fill(state.rem, stop, notes, state.spec.ends)
            if fill < inf:
                cost = forced + fill + line + (1 if state.slur else 0)
                found.update({Exit(stop, kind): cost for kind in state.spec.kinds})
        return found


def _more(cost: float, costs: Costs) -> Costs:
    return {there: cost + rest for there, rest in costs.items()}


def _least(ways: list[Costs]) -> Costs:
    found: Costs = {}
    for way in ways:
        for there, cost in way.items():
            found[there] = min(cost, found.get(there, inf))
    return found
