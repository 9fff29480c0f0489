"""What tells printed tunes from drawn ones? Weights for the score of candidates.

    python -m benchmarks.weights --model session --nottingham FOLDER

Held-out tunes, of forms that can be asked for, and drawn ones with their headers at several temperatures
are measured as candidates are (``generator.compose.score``); a logistic regression finds which measures part
them. The table has the mean of each measure on both sides and the weight that it gets. Below it: how often a
printed tune scores above a drawn one, with the weights in use (which come from these very tunes) and with
those found on the other four fifths of the printed tunes and of those drawn with their headers; a half is
chance.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from benchmarks.rightness import draw
from generator.compose.choice import log_probability
from generator.compose.loaded_model import LoadedModel, open_model
from generator.compose.model import MODELS, Model, find_model
from generator.compose.score import PLAIN, Draft
from generator.evaluation.comparison import asked_form, wishes_like
from generator.evaluation.held_out import surprise
from generator.training.default_recipe import STYLE, prepare
from generator.training.training_text import Lesson, written

Floats = NDArray[np.float64]
RIDGE = 1.0
TEMPERATURES = (0.5, 0.8, 1.0, 1.5)
FOLDS = 5


def main() -> None:
    """Measure, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--model", default="session")
    parser.add_argument("--models", type=Path, default=MODELS)
    parser.add_argument("--nottingham", type=Path)
    args = parser.parse_args()
    model = find_model(args.model, args.models)
    held_out = prepare(args.nottingham).tunes.held_out
    lessons = [lesson for lesson in held_out if lesson.dance and asked_form(lesson.tune)]
    loaded = open_model(model.name, "fast", args.models)
    real = measured(printed(model, lessons))
    made = {temp: measured(drawn(model, loaded, lessons, temp)) for temp in TEMPERATURES}
    print(f"{len(real)} printed tunes, and as many drawn at each temperature")
    fold = np.arange(len(lessons)) % FOLDS
    found = fit(*apart(real, made, fold >= 0))
    print(f"| measure | printed | {' | '.join(f'drawn at {temp}' for temp in made)} | in use | found |")
    print(f"|---|---|{'---|' * len(made)}---|---|")
    for column, (measure, weight) in enumerate(PLAIN.weights.items()):
        means = " | ".join(f"{table[:, column].mean():.3f}" for table in (real, *made.values()))
        print(f"| {measure.__name__} | {means} | {weight:.2f} | {found[column]:.2f} |")
    in_use = np.array(list(PLAIN.weights.values()))
    without = [fit(*apart(real, made, fold != one)) for one in range(FOLDS)]
    for temp, table in made.items():
        found_ones = [above(real[fold == one], table[fold == one], without[one]) for one in range(FOLDS)]
        print(
            f"a printed tune scores above one drawn at {temp}: {above(real, table, in_use):.0%} in use,"
            f" {np.mean(found_ones):.0%} found"
        )


def apart(real: Floats, made: dict[float, Floats], kept: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Both sides of the tunes that are kept, as heavy as each other."""
    return np.tile(real[kept], (len(made), 1)), np.concatenate([table[kept] for table in made.values()])


def above(real: Floats, made: Floats, weights: Floats) -> float:
    """How often a printed tune scores above a drawn one; equal ones count half."""
    ahead = (real @ weights)[:, None] - (made @ weights)[None, :]
    return float((ahead > 1e-12).mean() + (abs(ahead) <= 1e-12).mean() / 2)


def printed(model: Model, lessons: Sequence[Lesson]) -> list[Draft]:
    """Held-out tunes with what the network thinks of them."""
    pieces = []
    for lesson in lessons:
        head, title, music = written(lesson, STYLE, Random(1))
        pieces.append((head, title + music))
    bits = surprise(model.weights, model.alphabet, pieces)
    return [
        Draft(lesson.tune, -float(found.sum()) * np.log(2))
        for lesson, found in zip(lessons, bits, strict=True)
    ]


def drawn(model: Model, loaded: LoadedModel, lessons: Sequence[Lesson], temp: float) -> list[Draft]:
    """Tunes with the same headers in the same order, drawn one at a time."""
    wishes = [
        loaded.settle(wish, wish.seed or 0) for wish in wishes_like(lessons, len(lessons), temp=temp, n=1)
    ]
    found = {wish.seed: (plan, candidate) for wish, plan, candidate in draw(model, wishes)}
    pairs = [found[wish.seed] for wish in wishes]
    return [Draft(plan.finish(candidate.text), log_probability(candidate)) for plan, candidate in pairs]


def measured(drafts: Sequence[Draft]) -> Floats:
    """(k, measures), each 0 to 1."""
    return np.array([[measure(draft) for measure in PLAIN.weights] for draft in drafts])


def fit(real: Floats, made: Floats) -> Floats:
    """Weights of a logistic regression, none below 0, together as heavy as those in use, by Newton."""
    x = np.concatenate([real, made])
    x = np.concatenate([x, np.ones((len(x), 1))], axis=1)
    y = np.concatenate([np.ones(len(real)), np.zeros(len(made))])
    free = np.ones(x.shape[1], bool)
    while True:
        weights = np.zeros(x.shape[1])
        for _ in range(50):
            chance = 1 / (1 + np.exp(-x @ weights))
            slope = x[:, free].T @ (y - chance) - RIDGE * weights[free]
            curve = (x[:, free] * (chance * (1 - chance))[:, None]).T @ x[:, free]
            weights[free] += np.linalg.solve(curve + RIDGE * np.eye(free.sum()), slope)
        below = free & (weights < 0)
        below[-1] = False
        if not below.any():
            break
        free &= ~below
    found: Floats = weights[:-1]
    return found * sum(PLAIN.weights.values()) / max(found.sum(), 1e-9)


if __name__ == "__main__":
    main()
