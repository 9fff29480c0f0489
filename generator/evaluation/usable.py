"""Usable as it stands: five things that are counted, each as nine of ten printed tunes of the type have it.

What nine of ten have is counted on the tunes that are learnt; how many keep to it, on others.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import log2
from typing import Final

from generator.evaluation.comparison import Kind
from generator.evaluation.statistics import percentile
from generator.music.dances import dance_of
from generator.music.notation import Bar
from generator.music.parts import Part, parts_of
from generator.music.tune import Tune

HELD_BY: Final = 0.9  # of the printed tunes of a type
ENOUGH: Final = 20  # printed tunes of a type, or it is measured by those of its meter
_FOURTH: Final = 5  # semitones
_SHORT: Final = Fraction(1, 32)  # whole notes

Cell = tuple[Fraction, ...]
End = tuple[str, bool, bool, bool]
Habits = Mapping[tuple[str, Hashable], Counter[Hashable]]
Things = Callable[[Tune], Sequence[tuple[Hashable, Hashable]]]


def beat_of(bar: Bar) -> Fraction:
    """Return the length of a beat: a quarter where the meter does not divide its beats into three."""
    return bar.meter.beat if bar.meter.compound else Fraction(1, 4)


def _bars(part: Part) -> tuple[Bar, ...]:
    """Return the bars of a part once through, the first ending its end."""
    return (*part.bars, *part.first)


def leaps_over_bar_lines(tune: Tune) -> float:
    """Return the share of the bar lines within parts over which the line leaps a fourth or more."""
    leaps = []
    for part in parts_of(tune):
        for before, after in pairwise(_bars(part)):
            one, other = before.notes[-1], after.notes[0]
            if one.pitches and other.pitches:
                leaps.append(abs(other.pitches[-1].midi - one.pitches[-1].midi) >= _FOURTH)
    return sum(leaps) / len(leaps) if leaps else 0.0


def ends(tune: Tune) -> list[tuple[bool, End]]:
    """Return for each part whether it is the last, and how it ends.

    That is: on which degree (tonic, fifth, third or none of them), whether the note begins on a beat and is
    half a beat long or more, and whether it is the one on which the first part ends.
    """
    found: list[tuple[bool, End]] = []
    parts = parts_of(tune)
    first = None
    for part in parts:
        bar = _bars(part)[-1]
        last, beat = bar.notes[-1], beat_of(bar)
        degree = (last.pitches[-1].midi - tune.key.pitch_class) % 12 if last.pitches else -1
        place = {0: "tonic", 7: "fifth", 3: "third", 4: "third"}.get(degree, "elsewhere")
        end = (place, not bar.onsets[-2] % beat, last.length >= beat / 2, first in (None, degree))
        found.append((part is parts[-1], end))
        first = degree if first is None else first
    return found


def short_notes(tune: Tune) -> float:
    """Return the share of the notes that are 32nds or shorter."""
    lengths = [note.length for bar in tune.bars for note in bar.notes]
    return sum(length <= _SHORT for length in lengths) / len(lengths)


def compass(tune: Tune) -> float:
    """Return the semitones from the lowest note to the highest."""
    pitches = [pitch.midi for bar in tune.bars for note in bar.notes for pitch in note.pitches]
    return float(max(pitches, default=0) - min(pitches, default=0))


def cells(tune: Tune) -> list[tuple[int, Cell]]:
    """Return the rhythm of each beat with its number in the bar: where its notes begin, in beats."""
    found = []
    for bar in tune.bars:
        if bar.length < bar.meter.bar:
            continue
        beat = beat_of(bar)
        begun: defaultdict[int, list[Fraction]] = defaultdict(list)
        for onset in bar.onsets[:-1]:
            begun[int(onset // beat)].append(onset % beat / beat)
        found += [(number, tuple(begun[number])) for number in range(int(bar.meter.bar / beat))]
    return found


@dataclass(frozen=True)
class Rule:
    """Something counted, and the least and the most of it that nine of ten printed tunes have, by type.

    Attributes:
        name: in words.
        count: of a tune.
        bounds: by type or meter.
    """

    name: str
    count: Callable[[Tune], float]
    bounds: Mapping[str, tuple[float, float]]

    def holds(self, tune: Tune, dance: str) -> bool:
        """Tell whether a tune keeps to what print of its type, or else of its meter, has."""
        low, high = self.bounds.get(dance) or self.bounds.get(_meter(tune)) or self.bounds[""]
        return low <= self.count(tune) <= high


def rules(tunes: Sequence[Tune], dances: Sequence[str]) -> tuple[Rule, ...]:
    """Return the five rules, counted on printed tunes."""
    counts: tuple[tuple[str, Callable[[Tune], float], bool], ...] = (
        ("joins", leaps_over_bar_lines, False),
        ("ends of parts", _unlikely(_habits(tunes, ends), ends), False),
        ("no short notes beyond print", short_notes, False),
        ("range", compass, True),
        ("the type's own rhythm", _unlikely(_habits(tunes, cells), cells), False),
    )
    groups = _groups(tunes, dances)
    return tuple(
        Rule(
            name, count, {group: _bounds(map(count, members), both=both) for group, members in groups.items()}
        )
        for name, count, both in counts
    )


def usable_table(found: Sequence[Rule], kinds: Mapping[str, Kind]) -> str:
    """Return pass rates by type as a Markdown table: each rule and all five, printed tunes and ours.

    Args:
        found: the rules.
        kinds: tunes by what they are called; the first are printed ones that were not counted.
    """
    names = [rule.name for rule in found]
    lines = [f"| type | tunes | n | {' | '.join(names)} | all five |", "|---" * (len(names) + 4) + "|"]
    sides = {side: kind.by_type() for side, kind in kinds.items()}
    printed = next(iter(sides.values()))
    for dance in sorted(printed, key=lambda name: -len(printed[name])):
        for side, by_type in sides.items():
            members = by_type.get(dance, [])
            if members:
                mark = "" if len(printed[dance]) >= ENOUGH else " (few printed)"
                lines.append(f"| {dance}{mark} | {side} | {len(members)} | {_rates(found, members, dance)} |")
    for side, kind in kinds.items():
        kept = [[r.holds(t, d) for r in found] for t, d in zip(kind.tunes, kind.types, strict=True)]
        lines.append(f"| all | {side} | {len(kept)} | {_shares(kept)} |")
    return "\n".join(lines)


def _rates(found: Sequence[Rule], members: Sequence[Tune], dance: str) -> str:
    return _shares([[rule.holds(tune, dance) for rule in found] for tune in members])


def _shares(kept: Sequence[Sequence[bool]]) -> str:
    rates = [sum(column) / len(kept) for column in (*zip(*kept, strict=True), [all(row) for row in kept])]
    return " | ".join(f"{100 * rate:.0f}" for rate in rates)


def _meter(tune: Tune) -> str:
    return tune.meter.standard.family


def _groups(tunes: Sequence[Tune], dances: Sequence[str]) -> dict[str, list[Tune]]:
    groups: defaultdict[str, list[Tune]] = defaultdict(list)
    for tune, dance in zip(tunes, dances, strict=True):
        for group in (dance, _meter(tune)):
            groups[group].append(tune)
    return {group: members for group, members in groups.items() if len(members) >= ENOUGH} | {"": list(tunes)}


def _bounds(counts: Iterable[float], *, both: bool) -> tuple[float, float]:
    values = list(counts)
    if both:
        edge = (1 - HELD_BY) / 2
        return percentile(values, edge), percentile(values, 1 - edge)
    return 0.0, percentile(values, HELD_BY)


def _habits(tunes: Iterable[Tune], things: Things) -> Habits:
    """Count what stands where, by type and meter, and by meter alone."""
    found: defaultdict[tuple[str, Hashable], Counter[Hashable]] = defaultdict(Counter)
    for tune in tunes:
        for where, thing in things(tune):
            for group in (_typed(tune), _meter(tune)):
                found[group, where][thing] += 1
    return dict(found)


def _typed(tune: Tune) -> str:
    return f"{dance_of(tune.rhythm)} in {_meter(tune)}"


def _unlikely(habits: Habits, things: Things) -> Callable[[Tune], float]:
    """Return how unexpected what stands in a tune is, in bits; what is never there counts as half a time."""

    def bits(tune: Tune) -> float:
        found = []
        for where, thing in things(tune):
            own = habits.get((_typed(tune), where)) or habits.get((_meter(tune), where)) or Counter()
            found.append(-log2((own[thing] + 0.5) / (own.total() + 1)))
        return sum(found) / len(found) if found else 0.0

    return bits
