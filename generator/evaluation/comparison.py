"""How a model's tunes compare with real ones that it never saw."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from generator.compose.novelty import Novelty
from generator.compose.request import TuneRequest
from generator.evaluation.other_readers import clean
from generator.evaluation.statistics import (
    DISTRIBUTIONS,
    Histogram,
    divergence,
    mean,
    percentile,
    returning,
    together,
    within_key,
)
from generator.music.dances import DANCES
from generator.music.melody import ends_home, line_of
from generator.music.parts import form_of, parts_of
from generator.music.tune import Tune
from generator.training.training_text import Lesson

Figures = Mapping[str, float]

_ENOUGH: Final = 8  # tunes of a type on both sides, or the type is not compared


@dataclass(frozen=True, slots=True)
class Kind:
    """Tunes with their types.

    Attributes:
        tunes: as written.
        types: of each.
        asked: what each was to be; empty for printed ones.
        lost: how many more were drawn that cannot be read.
    """

    tunes: Sequence[Tune]
    types: Sequence[str]
    asked: Sequence[TuneRequest] = ()
    lost: int = 0

    def by_type(self) -> dict[str, list[Tune]]:
        """Return the tunes of each type."""
        found: defaultdict[str, list[Tune]] = defaultdict(list)
        for tune, dance in zip(self.tunes, self.types, strict=True):
            found[dance].append(tune)
        return dict(found)


def asked_form(tune: Tune) -> tuple[str, int] | None:
    """Return the form of a tune and the bars of its parts as a request has them; None where none can."""
    letters, _, bars = form_of(parts_of(tune)).partition(" ")
    return (letters, int(bars)) if letters in ("AABB", "AB", "AABBCC") and bars in ("4", "8", "16") else None


def wishes_like(
    lessons: Sequence[Lesson], count: int, *, temp: float, n: int, first: int = 1
) -> list[TuneRequest]:
    """Requests with the type, meter, key and form of real tunes, seeds from ``first``.

    A tune whose form cannot be asked for gives its other headers, and the usual form.
    """
    wishes = []
    for number in range(count):
        lesson = lessons[number % len(lessons)]
        tune = lesson.tune
        form, bars = asked_form(tune) or (None, None)
        meter = tune.meter.standard.abc
        named = lesson.dance in DANCES and meter in DANCES[lesson.dance].meters
        wishes.append(
            TuneRequest.of(
                {
                    "key": tune.key,
                    "meter": meter,
                    "type": lesson.dance if named else None,
                    "form": form,
                    "bars": bars,
                    "temp": temp,
                    "n": n,
                    "seed": first + number,
                }
            )
        )
    return wishes


def figures(kind: Kind, real: Kind, novelty: Novelty | None) -> dict[str, float]:
    """Return all measures of some tunes; distances are to the real ones of the same types."""
    tunes, drawn = kind.tunes, len(kind.tunes) + kind.lost
    found = {
        "tunes": float(drawn),
        "bars right, %": 100 * sum(not tune.wrong_bars() for tune in tunes) / drawn,
    }
    if kind.asked:
        met = [
            (tune.key, tune.meter) == (wish.key, wish.meter)
            for tune, wish in zip(tunes, kind.asked, strict=True)
        ]
        found["key and meter as asked, %"] = 100 * sum(met) / drawn
        spotless = clean([tune.abc() for tune in tunes])
        if spotless is not None:
            found["abc2midi and abcjs silent, %"] = 100 * sum(spotless) / drawn
    found |= {
        "ends on the tonic, %": 100 * mean([float(ends_home(tune)) for tune in tunes]),
        "notes within the key, %": 100 * within_key(tunes),
        "bars that return, %": 100 * mean([returning(tune) for tune in tunes]),
        "different tunes": float(len({music(tune) for tune in tunes})),
    }
    for name, measure in DISTRIBUTIONS.items():
        found[f"distance, {name}"] = _distance(kind, real, measure)
    if novelty:
        runs = [novelty.nearest(tune).bars for tune in tunes]
        found["longest known run, median, bars"] = percentile(runs, 0.5)
        found["longest known run, 99th percentile, bars"] = percentile(runs, 0.99)
    return found


def unseen(lessons: Sequence[Lesson], novelty: Novelty) -> list[Lesson]:
    """Return those that a model did not learn: another model's held-out tunes may be among what it learnt.

    A tune counts as learnt if a quarter of its notes in a row are those of one tune that was.
    """
    return [
        lesson for lesson in lessons if 4 * novelty.nearest(lesson.tune).notes < len(line_of(lesson.tune))
    ]


def halves(kind: Kind) -> tuple[Kind, Kind]:
    """Return every other tune of each type, and the rest: how far apart real tunes are by chance."""
    seen: defaultdict[str, int] = defaultdict(int)
    sides: tuple[list[int], list[int]] = ([], [])
    for index, dance in enumerate(kind.types):
        sides[seen[dance] % 2].append(index)
        seen[dance] += 1
    one, other = (Kind([kind.tunes[i] for i in side], [kind.types[i] for i in side]) for side in sides)
    return one, other


def table(columns: dict[str, dict[str, float]]) -> str:
    """Figures as a Markdown table, a column for each kind."""
    rows = list(dict.fromkeys(row for column in columns.values() for row in column))
    lines = [f"| measure | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    lines += [
        f"| {row} | {' | '.join(_shown(column.get(row)) for column in columns.values())} |" for row in rows
    ]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Aim:
    """One thing to be reached.

    Attributes:
        measure: what.
        figure: what came of it.
        reach: what was wanted.
        reached: whether it is.
    """

    measure: str
    figure: str
    reach: str
    reached: bool


def aims(
    real: Figures, chance: Figures, alone: Figures, best: Figures, bits: tuple[float, float] | None
) -> Iterator[Aim]:
    """Hold a model's figures against real tunes.

    Args:
        real: of held-out tunes.
        chance: of one half of them against the other.
        alone: of tunes drawn one at a time.
        best: of the best of several.
        bits: for each note of held-out tunes, of the seed recipe and of the model; None if not measured.
    """
    if bits:
        seed, own = bits
        less = 100 * (1 - own / seed)
        figure = f"{own:.3f}, {less:.1f} % under the seed recipe's {seed:.3f}"
        yield Aim("held-out bits a note", figure, "at least 10 % under", less >= 10)
    for row in ("bars right, %", "key and meter as asked, %", "abc2midi and abcjs silent, %"):
        if row in alone:
            yield Aim(row, f"{alone[row]:.1f}", "100", alone[row] == 100)
    row = "ends on the tonic, %"
    near = abs(alone[row] - real[row]) <= 5
    yield Aim(f"{row}, n=1", f"{alone[row]:.1f}", f"within 5 of {real[row]:.1f}", near)
    yield Aim(f"{row}, n=4", f"{best[row]:.1f}", f"at least {real[row]:.1f}", best[row] >= real[row])
    row = "notes within the key, %"
    yield Aim(row, f"{alone[row]:.1f}", f"within 1 of {real[row]:.1f}", abs(alone[row] - real[row]) <= 1)
    for row in (row for row in alone if row.startswith("distance")):
        most = 2 * chance[row]
        yield Aim(row, f"{alone[row]:.4f}", f"at most {most:.4f}", alone[row] <= most)
    row = "bars that return, %"
    low, high = 0.8 * real[row], 1.2 * real[row]
    yield Aim(row, f"{alone[row]:.1f}", f"{low:.1f} to {high:.1f}", low <= alone[row] <= high)
    for row in (row for row in alone if row.startswith("longest known run")):
        yield Aim(row, f"{alone[row]:.2f}", f"at most {real[row]:.2f}", alone[row] <= real[row])


def aims_table(found: Iterable[Aim]) -> str:
    """Aims as a Markdown table."""
    lines = ["| measure | figure | reach | |", "|---|---|---|---|"]
    lines += [
        f"| {a.measure} | {a.figure} | {a.reach} | {'' if a.reached else 'not reached'} |" for a in found
    ]
    return "\n".join(lines)


def music(tune: Tune) -> str:
    """Return what is heard: pitches relative to the tonic, and lengths."""
    tonic = tune.key.pitch_class
    return " ".join(f"{n.pitches[-1] - tonic}:{n.length}" for n in tune.played() if n.pitches)


def _distance(kind: Kind, real: Kind, measure: Callable[[Tune], Histogram]) -> float:
    """Return the mean distance over types, each weighted by its tunes."""
    ours, theirs = kind.by_type(), real.by_type()
    types = [t for t in ours if min(len(ours[t]), len(theirs.get(t, ()))) >= _ENOUGH]
    total = sum(len(ours[t]) for t in types)
    apart = {t: divergence(together(ours[t], measure), together(theirs[t], measure)) for t in types}
    return sum(len(ours[t]) * apart[t] for t in types) / total if total else 0.0


def _shown(value: float | None) -> str:
    if value is None:
        return ""
    if value >= 10 and value == int(value):
        return f"{value:.0f}"
    return f"{value:.3f}" if value < 1 else f"{value:.1f}"
