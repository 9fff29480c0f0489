"""What tells real tunes from drawn ones? Weights for the score of candidates.

    python -m benchmarks.weights --model session --nottingham FOLDER

Held-out tunes and as many drawn ones with their headers are measured as candidates are
(``generator.score``); a logistic regression finds which measures part them. The table has the mean of each
measure on both sides, the weight that it gets, and how often a real tune scores above a drawn one: with
the weights in use, and with those found here.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from benchmarks.rightness import draw
from generator.heldout import surprise
from generator.judging import log_chance
from generator.models import MODELS, Model, find_model
from generator.report import wishes_like
from generator.score import PLAIN, Draft
from generator.session import STYLE, prepare
from generator.training_text import Lesson, written
from generator.voices import load_voice

Floats = NDArray[np.float64]
RIDGE = 1.0


def main() -> None:
    """Measure, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--model", default="session")
    parser.add_argument("--models", type=Path, default=MODELS)
    parser.add_argument("--nottingham", type=Path)
    args = parser.parse_args()
    model = find_model(args.model, args.models)
    lessons = [lesson for lesson in prepare(args.nottingham).tunes.held_out if lesson.dance]
    real, made = measured(printed(model, lessons)), measured(drawn(model, args.models, lessons))
    print(f"{len(real)} printed tunes, {len(made)} drawn")
    found = fit(real, made)
    print("| measure | printed | drawn | weight in use | weight found |\n|---|---|---|---|---|")
    for column, (measure, weight) in enumerate(PLAIN.weights.items()):
        means = f"{real[:, column].mean():.3f} | {made[:, column].mean():.3f}"
        print(f"| {measure.__name__} | {means} | {weight:.2f} | {found[column]:.2f} |")
    for name, weights in (("in use", np.array(list(PLAIN.weights.values()))), ("found", found)):
        above = (real @ weights)[:, None] - (made @ weights)[None, :]
        print(f"a printed tune scores above a drawn one, weights {name}: {(above > 0).mean():.1%}")


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


def drawn(model: Model, models: Path, lessons: Sequence[Lesson]) -> list[Draft]:
    """Tunes with the same headers, drawn one at a time at 0.8."""
    voice = load_voice(model.name, "fast", models)
    wishes = [
        voice.settle(wish, wish.seed or 0) for wish in wishes_like(lessons, len(lessons), temp=0.8, n=1)
    ]
    return [Draft(plan.finish(found.text), log_chance(found)) for _, plan, found in draw(model, wishes)]


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
