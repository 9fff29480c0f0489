"""The least number of characters from a place in a bar to the end of the bar."""

from math import inf

from generator.grammar import title
from generator.grammar.lengths import TUPLETS
from generator.grammar.rhythm import Rhythm
from generator.grammar.spots import Exit, Spot

Costs = dict[Exit, float]


class Shortest:
    """Shortest ways, for one alphabet."""

    def __init__(self, rhythm: Rhythm) -> None:
        self._rhythm = rhythm

    def costs(self, spot: Spot) -> Costs:
        """Characters at the least to each exit that can be reached, the exit's own ones included.

        A chord symbol counts as written and a tied note as one letter; the spelling adds to that.
        """
        at = spot.at
        if at == "gap":
            return self._gap_costs(spot)
        if at == "line":
            return {Exit(spot.rem, kind): 1 for kind in spot.rule.kinds}
        if at in ("head", "length", "rest", "chorded"):
            return self._tail_costs(spot)
        if at == "paren":
            ways = [_more(1, self._run(spot._replace(tuplet=p), 1)) for p in TUPLETS if self._fits(spot, p)]
            if self._rhythm.may_slur(spot):
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
        altered = at == "altered" and not spot.home  # which cannot be the last note
        return self._run(spot, 2 if altered else 1 if note_due else 0)

    def _fits(self, spot: Spot, p: int) -> bool:
        return str(p) in self._rhythm.has and bool(self._rhythm.choices(spot._replace(tuplet=p)))

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
                _more(len(text) - len(spot.text), self._run(self._rhythm.after(spot, ticks), 0))
                for ticks, text in self._rhythm.endings(spot)
            ]
        )

    def _run(self, spot: Spot, need: int) -> Costs:
        """Costs from between two notes, at least ``need`` more to come."""
        lengths = self._rhythm.lengths_of(spot.rule)
        if spot.tuplet:
            q, p = TUPLETS[spot.tuplet], spot.tuplet
            slur = 3 if spot.slur else 0
            return _least(
                [
                    _more(
                        p * (1 + lengths.shortest[t]),
                        self._run(spot._replace(tuplet=0, slur=slur, rem=spot.rem - q * t), 0),
                    )
                    for t in self._rhythm.choices(spot)
                ]
            )
        if spot.slur:
            need = max(need, 3 - spot.slur)
        forced = spot.left * (1 + lengths.shortest[spot.equal]) if spot.left else 0
        need = max(need - spot.left, 0)
        line = 1 if spot.rule.single else 2
        found: Costs = {}
        for stop in spot.rule.stops:
            if spot.rem < stop:
                continue
            tied = spot.tie and not spot.left and not spot.rule.held(stop)
            notes = max(need, 1 if spot.home else 2) if tied else need
            fill = lengths.fill(spot.rem, stop, notes, spot.rule.ends)
            if fill < inf:
                cost = forced + fill + line + (1 if spot.slur else 0)
                found.update({Exit(stop, kind): cost for kind in spot.rule.kinds})
        return found


def _more(cost: float, costs: Costs) -> Costs:
    return {there: cost + rest for there, rest in costs.items()}


def _least(ways: list[Costs]) -> Costs:
    found: Costs = {}
    for way in ways:
        for there, cost in way.items():
            found[there] = min(cost, found.get(there, inf))
    return found
