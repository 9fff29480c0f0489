"""Part marks: what a model learns of a tune is what the sampler lets it draw, sign for sign."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.compose.model_facts import ModelFacts, Warmth
from generator.compose.plan import make_plan
from generator.compose.request import TuneRequest
from generator.compose.sampler import Job, Sampler
from generator.grammar.automaton import Grammar
from generator.grammar.bar_signs import BEGINNING_SIGNS, COPY_SIGNS, beginning, forced, is_forced, unforced
from generator.grammar.canonical import body_of
from generator.grammar.lengths import Grid
from generator.grammar.part_marks import ALL
from generator.music.keys import Key
from generator.music.parts import parts_of
from generator.music.tune import Tune
from generator.network.fast import FastEngine, load_kernel
from generator.training.default_recipe import PROMPT
from tests.generator.compose.test_bar_copying import Reader
from tests.generator.stand_ins import ALPHABET, write_weights

LETTERS = "".join(
    dict.fromkeys(ALPHABET + "".join(COPY_SIGNS) + "".join(BEGINNING_SIGNS) + "".join(sorted(ALL)))
)
FACTS = ModelFacts(
    LETTERS, PROMPT, "meter", {"G": 1}, {"6/8": 1, "4/4": 1}, {"jig": 1, "reel": 1}, tonic_share=1.0
)
HEAD = "X:1\nT:The Long Ladder\nM:6/8\nL:1/8\nK:G\n"
POOL = ["DFA dAF", "DFA d2B", "GBe gfe", "fed cBA", "d3 D3", "d2f e^cA", "fed c2B", "G3-G3"]
JIG = Grid(24, 12)


def plan_for(facts=FACTS, **wishes):
    request = TuneRequest.of({"key": "G", "type": "jig", "meter": "6/8", "seed": 1} | wishes)
    return make_plan(request.settled(1, (), ()), facts)


def drawn(text: str, plan) -> str:
    """What the sampler makes of a network that writes this text."""
    job = Job(plan.prompt, plan, 1.0, 1, 1)
    sampler = Sampler(Reader(text, LETTERS), Grammar(LETTERS), LETTERS)
    sampler.begin(job)
    while sampler.busy:
        sampler.step()
    return job.finished[0].text


def texts(body: str) -> tuple[str, str]:
    """Some music as it is learnt, and spelt out."""
    parts = parts_of(Tune.read(HEAD + body + "\n"))
    learnt = body_of(parts, Key("G"), Fraction(1, 8), returns=True, marked=True)
    return learnt, body_of(parts, Key("G"), Fraction(1, 8))


@pytest.mark.parametrize(
    ("body", "learnt"),
    [
        (
            "|:A|DFA dAF|GBe gfe|DFA dAF|d2B G2:|:A|DFA d2B|fed cBA|GBe gfe|d2B G2:|",
            "|:ⓗ⓪A|δDFAdAF|γGBegfe|ⓗβ②<DFAdAF>|ⓗαd2BG2::Ⓡ⓪A|δ❷<DFA>d2B|γfedcBA|Ⓡβ<>GBegfe|Ⓡα④<d2BG2>:|",
        ),
        ("DFA dAF|G6||DFA dAF|A6|]", "ⓗβDFAdAF|ⓗαG6||Ⓞβ②<DFAdAF>|ⓄαA6|]"),
        ("|:DFA dAF|1 A6:|2 G6|]", "|:Ⓗβ DFAdAF|1ⒽαA6:|2ⒽαG6|]"),
    ],
)
def test_bars_are_counted_down_and_what_returns_is_read_after_its_sign(body: str, learnt: str):
    shown = "".join(f"<{unforced(c)}>" if is_forced(c) else c for c in texts(body)[0]).replace("><", "")
    assert shown == learnt.replace(" ", "").replace("<>", "")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.booleans(), st.booleans())
def test_what_is_learnt_can_be_drawn_and_comes_out_spelt(seed: int, pickup: bool, endings: bool):
    random = Random(seed)
    lines = []
    for _ in range(2):
        bars = random.choices(POOL[:7], k=7)
        tail = random.choice(["d2f G2", "d2B G2", "fed G2"]) + ("" if pickup else "A").replace("A", "")
        other = "fed G2"
        if not pickup:
            tail, other = tail[:-1] + "3", other[:-1] + "3"
        close = f"|1 {tail}:|2 {other}" if endings else f"|{tail}:"
        lines.append(("|:A|" if pickup else "|:") + "|".join(bars) + close)
    body = "|".join(lines) + ("|]" if endings else "|")
    if endings:
        body = body.replace("||:", "|:")
    learnt, spelt = texts(body)
    assert drawn(unforced(learnt), plan_for(form="AABB", bars=8)) == spelt


def test_a_part_that_is_said_to_end_on_the_tonic_does():
    plan, bar = plan_for(form="AB", bars=4), "DFAdAF|"
    with pytest.raises(AssertionError, match=r"'\|' before"):
        drawn(f"ⓗδ{bar}γGBegfe|ⓗβfedcBA|ⓗαGABd3||", plan)
    first = f"ⓞδ{bar}γGBegfe|ⓞβfedcBA|ⓞαGABd3||"
    with pytest.raises(AssertionError, match=r"'\|' before"):
        drawn(f"{first}Ⓗδ{bar}γGBegfe|ⒽβfedcBA|ⒽαGABd3|]", plan)
    assert drawn(f"{first}Ⓞδ{bar}γGBegfe|ⓄβfedcBA|ⓄαGABe3|]", plan).endswith("GABe3|]")


def test_a_part_that_is_said_to_rhyme_ends_as_the_first_one():
    with pytest.raises(AssertionError, match="'f' before"):
        drawn(
            "ⓗδDFAdAF|γGBegfe|ⓗβfedcBA|ⓗαGABG3||ⓇδDFAdAF|γGBegfe|ⓇβfedcBA|Ⓡαfed", plan_for(form="AB", bars=4)
        )


@pytest.mark.parametrize(
    ("start", "marked"),
    [
        ("GABd2e|", "|:ⓗδGABd2e|γ"),
        ("B|GABd2e|", "|:ⓗ⓪B|δGABd2e|γ"),
        ("GAB d2e|GAB d2e|", "|:ⓗδGABd2e|γGABd2e|ⓗβ"),
        ("GAB", "|:ⓗδGAB"),
    ],
)
def test_the_users_own_first_notes_are_counted_too(start: str, marked: str):
    plan = plan_for(start=start, form="AABB", bars=4)
    with pytest.raises(IndexError):  # the text is at its end, and all of it could be drawn
        drawn(marked, plan)


@pytest.mark.parametrize(
    ("bar", "first"),
    [("DFAdAF", "DFA"), ("d3D3", "d3"), ("G3-G3", ""), ("G4A2", ""), ("G6", ""), ("(3DEFGdAF", "(3DEFG"),
     ("A>BcdAF", "A>Bc"), ("A2(3DEFAF", "")],
)  # fmt: skip
def test_the_first_half_of_a_bar_ends_where_a_note_does(bar: str, first: str):
    assert beginning(bar, JIG, 4) == first


def test_what_is_forced_is_told_from_what_is_drawn():
    text = "G" + forced("Ab^c'2/") + "|"
    assert [is_forced(character) for character in text] == [False, *[True] * 7, False]
    assert unforced(text) == "GAb^c'2/|"


def test_a_network_of_chance_draws_right_tunes(tmp_path):
    kernel = load_kernel(write_weights(tmp_path / "model.weights.h5", len(LETTERS)))
    plans = [
        plan_for(form=form, bars=8, seed=seed) for seed in range(24) for form in ("AABB", "AB", "AABBCC")
    ]
    jobs = [Job(plan.prompt, plan, 1.0, number, 1) for number, plan in enumerate(plans)]
    sampler = Sampler(FastEngine(kernel, 72), Grammar(LETTERS, most_states=300), LETTERS, Warmth(1.1, 1.2))
    for job in jobs:
        sampler.begin(job)
    while sampler.busy:
        sampler.step()
    tunes = [job.plan.finish(job.finished[0].text) for job in jobs]
    assert not any(tune.wrong_bars() for tune in tunes)
    assert not any(set(job.finished[0].text) & ALL for job in jobs)
    ends = {note.pitches[-1].midi % 12 for tune in tunes for note in tune.bars[-1].notes[-1:] if note.pitches}
    assert len(ends) > 1, [tune.abc() for tune in tunes][:2]
