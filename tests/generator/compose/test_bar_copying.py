"""Bars that return: one sign in the text, the whole bar in the tune."""

from dataclasses import replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.compose.model_facts import ModelFacts
from generator.compose.plan import make_plan
from generator.compose.request import TuneRequest
from generator.compose.sampler import Job, Sampler
from generator.evaluation.statistics import returning
from generator.grammar.automaton import Grammar
from generator.grammar.bar_signs import COPY_SIGNS, EarlierBars
from generator.grammar.canonical import body_of
from generator.music.keys import Key
from generator.music.parts import parts_of
from generator.music.tune import Tune
from generator.network import Drawn
from generator.network.fast import FastEngine, load_kernel
from tests.generator.stand_ins import ALPHABET, write_weights

LETTERS = ALPHABET + "".join(COPY_SIGNS)
UP_TO_TITLE = "R:{type}\nM:{meter}\nK:{key}\nP:{form} {bars}\nT:{title}\n"
FACTS = ModelFacts(LETTERS, UP_TO_TITLE, "meter", {"G": 1}, {"6/8": 1, "4/4": 1}, {"jig": 1, "reel": 1})
HEAD = "X:1\nT:The Long Ladder\nM:6/8\nL:1/8\nK:G\n"
POOL = ["DFA dAF", "GBe gfe", "fed cBA", "d3 D3", "d2f e^cA", "G3-G3"]


class Reader:
    """An engine that writes down a given text, and says where the grammar would not have it."""

    slots = 1

    def __init__(self, text: str, letters: str = LETTERS) -> None:
        self.left, self.letters, self.vocabulary = list(text), letters, len(letters)

    def put(self, slot, state):
        pass

    def step(self, slots, characters):
        pass

    def state(self, _):
        return np.zeros(1, np.float32)

    def advance(self, _slots, _characters, masks, _inverse_temperature, _uniforms, _weigh=None):
        character = self.left.pop(0)
        number = self.letters.index(character)
        assert masks[0, number], f"{character!r} before {''.join(self.left)!r}"
        one = np.ones(1, np.float32)
        return Drawn(np.array([number], np.int32), one, one)


def plan_for(form="AABB", bars=8, seed=1, dance="jig", facts=FACTS):
    request = TuneRequest.of({"key": "G", "type": dance, "form": form, "bars": bars, "seed": seed})
    return make_plan(request.settled(seed, (), ()), facts)


def drawn(text: str, facts: ModelFacts = FACTS, **plan: object) -> str:
    """What the sampler makes of a network that writes this text."""
    job = Job("R:jig\n", plan_for(facts=facts, **plan), 1.0, 1, 1)
    sampler = Sampler(Reader(text), Grammar(LETTERS), LETTERS)
    sampler.begin(job)
    while sampler.busy:
        sampler.step()
    return job.finished[0].text


def texts(body: str) -> tuple[str, str]:
    """Some music with signs, and spelt out."""
    parts = parts_of(Tune.read(HEAD + body + "\n"))
    one, other = (body_of(parts, Key("G"), Fraction(1, 8), returns=returns) for returns in (True, False))
    return one, other


def test_a_bar_that_was_there_before_is_one_sign_the_nearest_one():
    bars = EarlierBars()
    line = ["a", "b", "a", "b", "a", "c", "a", "b", "a", "a"]
    assert [bars.add(number, text) for number, text in enumerate(line)] == list("ab②②②c②④②①")
    assert bars.choices(0) == {}
    assert bars.choices(10) == {"①": "a", "②": "a", "④": "a", "⑧": "a"}


@pytest.mark.parametrize(
    ("body", "short"),
    [
        ("|:A|DFA d2A|dAF D2A|DFA d2A|dAF D2:|", "|:A|DFAd2A|dAFD2A|②|dAFD2:|"),
        ("|:A|DFA d2A|dAF D2:|G|DFA dAF|dAF D2|]", "|:A|DFAd2A|dAFD2:|G|DFAdAF|②|]"),
        (
            "|:DFA dAF|GBe gfe|1 d3 D3:|2 d3 d3||:fed cBA|d3 d3:|",
            "|:DFAdAF|GBegfe|1d3D3:|2d3d3|:fedcBA|②:|",
        ),
    ],
)
def test_bars_are_counted_without_pickups_and_second_endings_have_the_numbers_of_the_first(
    body: str, short: str
):
    assert texts(body)[0] == short


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.booleans(), st.booleans())
def test_the_sampler_brings_back_the_bars_that_the_text_means(seed: int, pickup: bool, endings: bool):
    random = Random(seed)
    lines = []
    for _ in range(2):
        bars = random.choices(POOL[:5], k=7)
        tail = "d2f a2" if pickup else "d2f a3"
        other = "fed c2" if pickup else "fed c3"
        close = f"|1 {tail}:|2 {other}" if endings else f"|{tail}:"
        lines.append(("|:A|" if pickup else "|:") + "|".join(bars) + close)
    body = "|".join(lines) + ("|]" if endings else "|")
    if endings:
        body = body.replace("||:", "|:")
    marked, spelt = texts(body)
    assert drawn("Ladder\n" + marked) == "Ladder\n" + spelt
    assert any(mark in marked for mark in COPY_SIGNS)


@pytest.mark.parametrize(
    ("start", "rest"),
    [
        ("GABd2e|", "①|②|d6||④|dcBA3|④|②|]"),
        ("GAB", "d2e|①|②|d6||④|dcBA3|④|②|]"),
        ("B|GABd2e|", "①|②|d3d2||B|④|A6|④|d3d2|]"),
    ],
)
def test_the_users_own_first_bars_come_back_too(start: str, rest: str):
    request = TuneRequest.of(
        {"key": "G", "type": "jig", "form": "AB", "bars": 4, "seed": 1, "start": start, "meter": "6/8"}
    )
    plan = make_plan(request.settled(1, (), ()), FACTS)
    job = Job("R:jig\n", plan, 1.0, 1, 1)
    sampler = Sampler(Reader("Ladder\n" + plan.start + rest), Grammar(LETTERS), LETTERS)
    sampler.begin(job)
    while sampler.busy:
        sampler.step()
    assert job.finished[0].text.count("GABd2e") == 5


def test_a_model_that_never_learnt_a_sign_does_without_it():
    alphabet = ALPHABET + "④"
    reader = Reader("Ladder\nDFAdAF|dcBA3|DFAdAF|d6||④|d6|DFAdAF|④|]", alphabet)
    job = Job("R:jig\n", plan_for("AB", 4), 1.0, 1, 1)
    sampler = Sampler(reader, Grammar(alphabet), alphabet)
    sampler.begin(job)
    while sampler.busy:
        sampler.step()
    assert job.finished[0].text.endswith("||DFAdAF|d6|DFAdAF|d6|]")


def test_a_bar_with_a_tie_comes_back_only_where_the_next_note_can_be_held():
    marked, spelt = texts("DFA d3-|d3 D3|DFA d3-|d3 D3||" + "DFA dAF|" * 3 + "d6|]")
    assert marked.startswith("DFAd3-|d3D3|②|②||")
    assert drawn("Ladder\n" + marked, form="AB", bars=4) == "Ladder\n" + spelt
    with pytest.raises(AssertionError, match="'F'"):
        drawn("Ladder\nDFAd3-|d3D3|②|FAdD3||DFAdAF|①|①|d6|]", form="AB", bars=4)


@pytest.mark.parametrize("text", ["②DFA", "DFAdAF|②", "DFAdAF|①A", "DFAdAF|①①"])
def test_a_sign_stands_for_a_whole_bar_that_is_there(text: str):
    with pytest.raises(AssertionError, match="before"):
        drawn("Ladder\n" + text + "|" * 9, form="AB")


def test_where_the_tune_must_come_home_a_bar_that_does_not_is_not_brought_back():
    with pytest.raises(AssertionError, match=r"'①' before '\|\]'"):
        drawn("Ladder\nDFAdAF|dcBA3|①|①||①|①|①|①|]", replace(FACTS, tonic_share=1.0), form="AB", bars=4)


def test_a_network_of_chance_brings_bars_back_and_every_tune_is_right(tmp_path):
    kernel = load_kernel(write_weights(tmp_path / "model.weights.h5", len(LETTERS)))
    wishes = [plan_for(form, 8, seed, dance) for seed in range(16) for form in ("AABB", "AB")
              for dance in ("jig", "reel")]  # fmt: skip
    jobs = [Job(plan.prompt, plan, 1.0, number, 1) for number, plan in enumerate(wishes)]
    sampler = Sampler(FastEngine(kernel, 64), Grammar(LETTERS, most_states=300), LETTERS)
    for job in jobs:
        sampler.begin(job)
    while sampler.busy:
        sampler.step()
    tunes = [job.plan.finish(job.finished[0].text) for job in jobs]
    assert not any(tune.wrong_bars() for tune in tunes)
    assert sum(len(job.finished[0].probabilities) < len(job.finished[0].text) for job in jobs) > 20
    assert sum(returning(tune) > 0 for tune in tunes) > 20
    alone = Job(jobs[9].prompt, jobs[9].plan, 1.0, 9, 1)
    other = Sampler(FastEngine(kernel, 1), Grammar(LETTERS), LETTERS)
    other.begin(alone)
    while other.busy:
        other.step()
    assert alone.finished[0].text == jobs[9].finished[0].text
