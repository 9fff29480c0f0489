"""How a model's tunes compare with real ones that it never saw."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from generator.dances import DANCES
from generator.measures import (
    DISTRIBUTIONS,
    Histogram,
    divergence,
    ends_home,
    mean,
    percentile,
    returning,
    together,
    within_key,
)
from generator.melody import line_of
from generator.novelty import Novelty
from generator.parts import form_of, parts_of
from generator.request import TuneRequest
from generator.training_text import Lesson
from generator.tune import Tune

_ENOUGH: Final = 8  # tunes of a type on both sides, or the type is not compared


@dataclass(frozen=True, slots=True)
class Kind:
    """Tunes with their types.

    Attributes:
        name: what they are, for the table.
        tunes: as written.
        types: of each.
    """

    name: str
    tunes: Sequence[Tune]
    types: Sequence[str]

    def by_type(self) -> dict[str, list[Tune]]:
        """The tunes of each type."""
        found: defaultdict[str, list[Tune]] = defaultdict(list)
        for tune, dance in zip(self.tunes, self.types, strict=True):
            found[dance].append(tune)
        return dict(found)


def wishes_like(lessons: Sequence[Lesson], count: int, *, temp: float, n: int) -> list[TuneRequest]:
    """Requests with the type, meter, key and form of real tunes, seeds from 1.

    A tune whose form cannot be asked for gives its other headers, and the usual form.
    """
    wishes = []
    for number in range(count):
        lesson = lessons[number % len(lessons)]
        tune = lesson.tune
        letters, _, bars = form_of(parts_of(tune)).partition(" ")
        form = letters if letters in ("AABB", "AB", "AABBCC") and bars in ("4", "8", "16") else ""
        meter = "C|" if tune.meter.abc == "2/2" else tune.meter.abc
        named = lesson.dance in DANCES and meter in DANCES[lesson.dance].meters
        wishes.append(
            TuneRequest.of(
                {
                    "key": tune.key,
                    "meter": meter,
                    "type": lesson.dance if named else None,
                    "form": form or None,
                    "bars": int(bars) if form else None,
                    "temp": temp,
                    "n": n,
                    "seed": number + 1,
                }
            )
        )
    return wishes


def figures(kind: Kind, real: Kind, novelty: Novelty | None) -> dict[str, float]:
    """All measures of some tunes; distances are to the real ones of the same types."""
    tunes = kind.tunes
    found = {
        "tunes": float(len(tunes)),
        "bars right, %": 100 * mean([float(not tune.wrong_bars()) for tune in tunes]),
        "ends on the tonic, %": 100 * mean([float(ends_home(tune)) for tune in tunes]),
        "notes within the key, %": 100 * within_key(tunes),
        "bars that return, %": 100 * mean([returning(tune) for tune in tunes]),
        "different tunes": float(len({_music(tune) for tune in tunes})),
    }
    for name, measure in DISTRIBUTIONS.items():
        found[f"distance, {name}"] = _distance(kind, real, measure)
    if novelty:
        runs = [novelty.nearest(tune).bars for tune in tunes]
        found["longest known run, median, bars"] = percentile(runs, 0.5)
        found["longest known run, 99th percentile, bars"] = percentile(runs, 0.99)
    return found


def unseen(lessons: Sequence[Lesson], novelty: Novelty) -> list[Lesson]:
    """Those that a model did not learn: it may have been taught some of another model's held-out tunes.

    A tune counts as learnt if a quarter of its notes in a row are those of one tune that was.
    """
    return [
        lesson for lesson in lessons if 4 * novelty.nearest(lesson.tune).notes < len(line_of(lesson.tune))
    ]


def halves(kind: Kind) -> tuple[Kind, Kind]:
    """Every other tune of each type, and the rest: how far apart real tunes are by chance."""
    seen: defaultdict[str, int] = defaultdict(int)
    sides: tuple[list[int], list[int]] = ([], [])
    for index, dance in enumerate(kind.types):
        sides[seen[dance] % 2].append(index)
        seen[dance] += 1
    one, other = (
        Kind(kind.name, [kind.tunes[i] for i in side], [kind.types[i] for i in side]) for side in sides
    )
    return one, other


def table(columns: dict[str, dict[str, float]]) -> str:
    """Figures as a Markdown table, a column for each kind."""
    rows = list(dict.fromkeys(row for column in columns.values() for row in column))
    lines = [f"| measure | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    lines += [
        f"| {row} | {' | '.join(_shown(column.get(row)) for column in columns.values())} |" for row in rows
    ]
    return "\n".join(lines)


def _distance(kind: Kind, real: Kind, measure: Callable[[Tune], Histogram]) -> float:
    """The mean distance over types, each weighted by its tunes."""
    ours, theirs = kind.by_type(), real.by_type()
    types = [t for t in ours if min(len(ours[t]), len(theirs.get(t, ()))) >= _ENOUGH]
    total = sum(len(ours[t]) for t in types)
    apart = {t: divergence(together(ours[t], measure), together(theirs[t], measure)) for t in types}
    return sum(len(ours[t]) * apart[t] for t in types) / total if total else 0.0


def _music(tune: Tune) -> str:
    """What is heard: pitches relative to the tonic, and lengths."""
    tonic = tune.key.pitch_class
    return " ".join(f"{n.pitches[-1] - tonic}:{n.length}" for n in tune.played() if n.pitches)


def _shown(value: float | None) -> str:
    if value is None:
        return ""
    if value >= 10 and value == int(value):
        return f"{value:.0f}"
    return f"{value:.3f}" if value < 1 else f"{value:.1f}"
