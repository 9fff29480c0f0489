"""How well a judge that is used for nothing else tells a model's tunes from printed ones.

python -m benchmarks.judge session jigs --nottingham FOLDER [--more FOLDER] [--why] [--n 1 4] [--kept FILE]
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.judge.drawn import draw
from benchmarks.judge.flavour import in_common
from benchmarks.judge.measures import measured
from benchmarks.judge.ngrams import Foresight
from benchmarks.judge.printed import OWN_BOOK, Printed, read_shelf
from benchmarks.judge.reckoning import Figures
from benchmarks.judge.sheet import sheet_of
from benchmarks.judge.verdict import Case, Verdict, case_of, halves, judge
from benchmarks.judge.why import by_group, telling
from generator.compose.model import MODELS
from generator.music.tune import Tune

_CONTROLS = 5  # ways of halving the printed tunes


def main() -> None:
    """Judge, and print the table."""
    given = _arguments()
    began = time.monotonic()
    shelf = read_shelf(given.nottingham, given.more, given.kept)
    cases: dict[str, Case] = {}
    verdicts: dict[str, Verdict] = {}
    groups: dict[str, list[str]] = {}
    for model in given.model:
        printed = shelf.beside(model, given.models)
        own = sum(lesson.place.startswith(OWN_BOOK) for lesson in printed.lessons)
        print(
            f"{model}: {len(printed.lessons)} printed tunes that it never learnt, {own} of them of {OWN_BOOK}"
        )
        for n in given.n:
            name = f"{model}, {given.temp}, n={n}"
            cases[name], groups = _case(printed, model, given.temp, n, given.models)
            verdicts[name] = judge(cases[name])
    print(f"\n{table(cases, verdicts)}")
    print(f"\n{time.monotonic() - began:.0f} s")
    if given.why:
        for name, case in cases.items():
            print(why(name, case, groups, given.most))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model", nargs="+", help="names of models")
    parser.add_argument("--models", type=Path, default=MODELS, help="folder of the models")
    parser.add_argument("--nottingham", type=Path, required=True, help="folder of the Nottingham database")
    parser.add_argument("--more", type=Path, help=f"folder with {OWN_BOOK}.abc, the judge's own book")
    parser.add_argument(
        "--n", type=int, nargs="+", default=[1, 4], help="candidates, of which the best is kept"
    )
    parser.add_argument("--temp", type=float, default=0.8)
    parser.add_argument("--kept", type=Path, help="file for what is read of the books, for the next run")
    parser.add_argument("--why", action="store_true", help="print what tells most")
    parser.add_argument("--most", type=int, default=40, help="how many measures --why prints")
    return parser.parse_args()


def _case(
    printed: Printed, model: str, temp: float, n: int, models: Path
) -> tuple[Case, dict[str, list[str]]]:
    lessons = printed.lessons
    types = [lesson.dance for lesson in lessons]
    tunes = draw(lessons, model, temp, n, models)
    real, groups = measures([lesson.tune for lesson in lessons], types, printed.foresight)
    ours, _ = measures(tunes, types, printed.foresight)
    sides = [[sheet_of(tune, dance) for tune, dance in zip(own, types, strict=True)]
             for own in ([lesson.tune for lesson in lessons], tunes)]  # fmt: skip
    alike = [100 * in_common([sheet for sheet in own if sheet is not None]) for own in sides]
    print(f"n={n}: two tunes of a type share {alike[1]:.2f} % of their figures (print {alike[0]:.2f} %)")
    return case_of(real, ours, types, printed.family), groups


def measures(
    tunes: Sequence[Tune], types: Sequence[str], foresight: Foresight | None
) -> tuple[list[Figures], dict[str, list[str]]]:
    """Return all measures of each tune, and their names by group.

    Raises:
        ValueError: if a tune cannot be judged.
    """
    found: list[Figures] = []
    groups: dict[str, dict[str, None]] = {}
    for tune, dance in zip(tunes, types, strict=True):
        sheet = sheet_of(tune, dance)
        if sheet is None:
            raise ValueError(f"“{tune.title}” has a part of fewer than two bars")
        by_group = measured(sheet, foresight)
        for group, figures in by_group.items():
            groups.setdefault(group, {}).update(dict.fromkeys(figures))
        found.append({name: value for figures in by_group.values() for name, value in figures.items()})
    return found, {group: list(names) for group, names in groups.items()}


def table(cases: dict[str, Case], verdicts: dict[str, Verdict]) -> str:
    """Return the verdicts as a Markdown table, with print against print beside each."""
    dances = list(dict.fromkeys(dance for verdict in verdicts.values() for dance in verdict.by_type))
    lines = [
        f"| drawn | tunes | both learners | logistic | boosting | print/print | {' | '.join(dances)} |",
        "|---" * (6 + len(dances)) + "|",
    ]
    zeros: dict[int, float] = {}
    for name, verdict in verdicts.items():
        case = cases[name]
        count = int(case.drawn.sum())
        if count not in zeros:
            zeros[count] = float(np.mean([judge(halves(case, seed)).auc for seed in range(_CONTROLS)]))
        figures = [verdict.auc, verdict.logistic, verdict.boosting, zeros[count]]
        shown = [f"{figure:.3f}" for figure in figures]
        shown += [f"{verdict.by_type[dance]:.3f}" if dance in verdict.by_type else "" for dance in dances]
        lines.append(f"| {name} | {count} | {' | '.join(shown)} |")
    return "\n".join(lines)


def why(name: str, case: Case, groups: dict[str, list[str]], most: int) -> str:
    """Return what tells most, as Markdown."""
    lines = [f"\n{name}: each group of measures alone\n", "| group | measures | AUC |", "|---|---|---|"]
    lines += [
        f"| {group} | {len(groups[group])} | {figure:.3f} |" for group, figure in by_group(case, groups)
    ]
    lines += [f"\n{name}: each measure alone\n", "| measure | AUC | print | ours |", "|---|---|---|---|"]
    lines += [
        f"| {each.name} | {each.auc:.2f} | {each.printed:.3f} | {each.drawn:.3f} |"
        for each in telling(case)[:most]
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
