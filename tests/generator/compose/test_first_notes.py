"""First notes that a user gives are spelt as the models learnt to spell."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.compose.loaded_model import LoadedModel, open_model
from generator.compose.model import find_model
from generator.compose.plan import Plan, make_plan
from generator.compose.request import TuneRequest
from generator.compose.sampler import Job
from generator.grammar.canonical import body_of
from generator.music.parts import parts_of
from generator.music.tune import Tune
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
    found = open_model(model, "fast")
    plan = make_plan(TuneRequest.of({"key": "G", "seed": 1} | wish), find_model(model).facts)
    assert bits(found, plan) < most


def bits(model: LoadedModel, plan: Plan) -> float:
    """Return what the first notes of a plan cost a model, with the marks before them, in bits."""
    sampler, job = model.new_sampler(), Job(plan.prompt, plan, 1.0, 1, 1)
    sampler.begin(job)
    begins = ends = steps = 0
    while sampler.busy:
        sampler.step()
        steps += 1
        drawn = sampler.so_far(job)[0] if sampler.busy else job.finished[0].text
        fixed = drawn.partition("\n")[2].removeprefix(plan.heading) if plan.titled else drawn
        begins = begins or steps * bool(plan.titled and drawn.endswith(plan.heading or "\n"))
        ends = ends or steps * (fixed == plan.start)
    assert ends > begins
    allowed = job.finished[0].allowed[begins:ends]  # where one character alone may come: its probability
    return float(-np.log2(allowed).sum())
