"""First notes that a user gives are spelt as the models learnt to spell."""

from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.compose.model import find_model
from generator.compose.plan import make_plan
from generator.compose.request import TuneRequest
from generator.grammar.canonical import body_of
from generator.music.parts import parts_of
from generator.music.tune import Tune
from generator.network import engine_maker
from tests.generator.compose.test_plan import HOME, plan_of

# What fills half a bar of 4/4, as people write it.
HALVES = (
    "GABc",
    "A>Bc>d",
    "e<dBA",
    "G2B2",
    "d4",
    "(3GABc2",
    "B3c",
    "G2^F>G",
    "z2dB",
    "=fedc",
    "A/B/c/d/e2",
    "^c2d2",
)


@given(
    st.lists(st.tuples(st.sampled_from(HALVES), st.sampled_from(HALVES)), min_size=1, max_size=5),
    st.sampled_from(["", "D2|", "EF|"]),
    st.sampled_from(["AABB", "AB"]),
)
def test_they_are_spelt_as_in_the_text_that_was_learnt(
    halves: list[tuple[str, str]], pickup: str, form: str
) -> None:
    bars = ["".join(pair) for pair in halves]
    plan = plan_of(HOME, meter="4/4", start=pickup + "|".join(bars) + "|", form=form)
    twice = form != "AB"
    whole = [*bars, *["GABcd2cA"] * (7 - len(bars)), "G6" if pickup else "G8"]
    opening, closing = ("|:", ":|") if twice else ("", "|]")
    body = f"{opening}{pickup}{'|'.join(whole)}{closing}"
    tune = Tune.read(f"X:1\nT:Whole\nM:4/4\nL:1/8\nK:G\n{body}\n")
    learnt = body_of(parts_of(tune), tune.key, tune.meter.unit, returns=True)
    if not set(learnt) <= set(HOME.alphabet):  # a model without copy signs spells every bar out
        learnt = body_of(parts_of(tune), tune.key, tune.meter.unit)
    assert learnt.startswith(plan.start)


@pytest.mark.parametrize(
    ("model", "most", "wish"),
    [
        ("session", 30, {"type": "hornpipe", "meter": "C|", "start": "A>B c>d e>c A>c|"}),
        ("session", 30, {"type": "jig", "meter": "6/8", "start": "GAB d2e|dBG A2B|"}),
        ("jigs", 80, {"type": "jig", "meter": "6/8", "start": "GAB d2e|dBG A2B|"}),
    ],
)
def test_a_model_knows_the_spelling_of_first_notes(model: str, most: float, wish: dict[str, str]) -> None:
    """In any other spelling these cost from 136 to 169 bits."""
    found = find_model(model)
    plan = make_plan(TuneRequest.of({"key": "G", "seed": 1} | wish), found.facts)
    title = "The Tune\n" if plan.titled else ""
    assert bits(model, plan.prompt + title + plan.heading, plan.start) < most


def bits(name: str, prompt: str, text: str) -> float:
    """Return what a text costs a model after a prompt, in bits."""
    model = find_model(name)
    engine = engine_maker("fast", model.weights)()
    engine.put(0, None)
    total, logits = 0.0, np.zeros(len(model.alphabet))
    for place, character in enumerate(prompt + text):
        number = model.alphabet.index(character)
        if place >= len(prompt):
            odds = np.exp(logits - logits.max())
            total -= log2(odds[number] / odds.sum())
        logits = np.asarray(engine.step([0], [number]), np.float64)[0]
    return total
