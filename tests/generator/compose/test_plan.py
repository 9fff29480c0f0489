"""A request becomes a plan, and what is drawn becomes a tune as asked."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from benchmarks.bar_counter import count, form_of
from benchmarks.every_request import all_keys
from benchmarks.rightness import abc2midi_complaints
from generator.compose.in_scale import within_scale
from generator.compose.model_facts import ModelFacts
from generator.compose.plan import HIGHEST, LOWEST, make_plan, moved, plain
from generator.compose.request import TuneRequest
from generator.errors import RequestError
from generator.grammar.automaton import Grammar
from generator.music.dances import METERS
from generator.music.keys import Key
from generator.music.tune import Tune
from tests.generator.grammar.test_automaton import ALL, JIGS, draw, tilted

PROMPT = "X: 1\nT:{title}\nS:Trad\nM:{meter}\nK:{key}\n"
KEYS = {"D": 109, "G": 108, "A": 45, "C": 23, "Am": 21, "Em": 14, "F": 7, "Dm": 4}
FACTS = ModelFacts(JIGS, PROMPT, "1/8", KEYS, {"6/8": 338, "6/4": 1}, {"jig": 339})
HOME = ModelFacts(
    ALL,
    "R:{type}\nM:{meter}\nK:{key}\nP:{form} {bars}\nT:{title}\n",
    "meter",
    {"G": 60, "Em": 20, "Ador": 15, "Dmix": 10},
    {"6/8": 40, "4/4": 50, "2/4": 20},
    {"jig": 40, "reel": 50, "polka": 10},
)


def plan_of(facts=FACTS, **wishes):
    return make_plan(TuneRequest.of({"key": "G", "meter": "6/8"} | wishes), facts)


@pytest.mark.parametrize("facts", [FACTS, HOME], ids=["jigs", "home"])
def test_tunes_come_out_in_the_key_meter_and_form_that_were_asked(facts):
    random = np.random.default_rng(30)
    grammar = Grammar(facts.alphabet)
    wishes = [
        {"key": key, "meter": meter, "form": form, "bars": bars}
        for (key, meter), (form, bars) in zip(
            product(all_keys(), [*METERS][::2] if facts is FACTS else [*METERS][1::2]),
            list(product(("AABB", "AB", "AABBCC"), (4, 8))) * 100,
            strict=False,
        )
    ]
    plans = [plan_of(facts, **wish) for wish in wishes]
    texts = draw(grammar, facts.alphabet, plans, random, tilted(facts.alphabet, random))
    for wish, plan, text in zip(wishes, plans, texts, strict=True):
        tune = plan.finish(text)
        assert tune.wrong_bars() == ()
        abc = tune.abc()
        assert Tune.read(abc).played() == tune.played()
        counted = count(abc)
        assert counted.faults == [], abc
        assert counted.headers["K"] == wish["key"].abc
        assert counted.headers["M"] == wish["meter"]
        assert form_of(counted) == (wish["form"], wish["bars"]), abc
        assert counted.lowest >= LOWEST, abc
        assert counted.highest <= HIGHEST, abc


def test_abc2midi_has_nothing_to_say_about_bars():
    random = np.random.default_rng(31)
    grammar = Grammar(JIGS)
    plans = [plan_of(meter=meter, form=form, bars=4) for meter in METERS for form in ("AABB", "AB")]
    texts = draw(grammar, JIGS, plans, random, tilted(JIGS, random))
    said = abc2midi_complaints([plan.finish(text).abc() for plan, text in zip(plans, texts, strict=True)])
    assert not [words for words in said if "Error" in words or "time units" in words]


@pytest.mark.parametrize(
    ("asked", "drawn", "shift"),
    [("G", "G", 0), ("Ab", "G", 1), ("Em", "Em", 0), ("Edor", "Em", 0), ("Amix", "A", 0), ("Bbm", "Am", 1)],
)
def test_a_key_that_was_not_learnt_is_drawn_in_the_nearest_that_was(asked, drawn, shift):
    plan = plan_of(key=asked)
    assert (plan.drawn, plan.shift) == (Key.read(drawn), shift)


def test_every_key_that_can_be_asked_for_stays_within_reach_of_a_fiddle():
    for key, facts in product(all_keys(), (FACTS, HOME)):
        plan = plan_of(facts, key=key)
        assert (plan.drawn.pitch_class + plan.shift) % 12 == key.pitch_class
        gamut = plan.shape.gamut
        assert gamut.low + plan.shift >= LOWEST
        assert gamut.high + plan.shift <= HIGHEST
        assert sum(gamut.holds(note) for note in "GABcdef") >= 6, key


def test_the_prompt_is_written_as_the_model_learnt_it():
    plan = plan_of(HOME, key="F", meter="C", type="reel", form="AB", bars=4)
    assert plan.prompt == "R:reel\nM:4/4\nK:G\nP:AB 4\nT:"
    assert (plan.titled, plan.heading, plan.shape.unit) == (True, "", 4)
    assert plan_of(HOME, meter="2/4", type="polka").shape.unit == 2
    assert plan_of(key="D").heading == "S:Trad\nM:6/8\nK:D\n"


def test_a_mode_that_was_not_learnt_keeps_its_letters():
    plan = plan_of(key="Edor", bars=4, form="AB")
    body = "EFG ABc|B3 e3|c2B AGF|E6||" * 2
    tune = plan.finish(f"A Tune\n{plan.heading}{body}".replace("E6||", "E6|]", 2))
    assert [note.pitches[0].letter for note in tune.bars[0].notes] == list("EFGABC")
    assert tune.bars[0].notes[5].pitches[0].alter == 1
    assert tune.key == Key("E", "dorian")


@pytest.mark.parametrize("facts", [FACTS, HOME], ids=["jigs", "home"])
@pytest.mark.parametrize("start", ["", "^cde ^d_ed|"], ids=["drawn", "begun"])
def test_at_most_one_note_in_twenty_is_outside_the_scale(facts, start):
    random = np.random.default_rng(33)
    grammar, weights = Grammar(facts.alphabet), np.ones(len(facts.alphabet))
    weights[[facts.alphabet.index(c) for c in "^_=ABcdef"]] = 12
    plans = [plan_of(facts, key=key, start=start) for key in ("G", "F#m", "Ador", "Bbmix") for _ in range(3)]
    straightened = 0
    for plan, text in zip(plans, draw(grammar, facts.alphabet, plans, random, weights), strict=True):
        free = moved(Tune.read(as_drawn(plan, text)), plan.key, plan.shift)
        tune = plan.finish(text)
        counted = count(tune.abc())
        assert counted.outside * 20 <= counted.notes or start
        assert counted.faults == []
        straightened += count(free.abc()).outside - counted.outside
        if start:
            own = Tune.read(f"X:1\nM:6/8\nL:1/8\nK:{plan.key.abc}\n{start}").bars[0].notes
            assert sounds(tune.bars[0].notes) == sounds(own)
    assert straightened > 20


def sounds(notes):
    return [[pitch.midi for pitch in note.pitches] for note in notes]


def as_drawn(plan, text):
    body = text.partition("\n")[2].removeprefix(plan.heading)
    return f"X:1\nM:6/8\nL:1/8\nK:{plan.drawn.abc}\n{body}\n"


def test_a_note_has_the_ornaments_that_it_has_time_for():
    bars = "~A~B/~c/4z/4{gab}A {gabg}B{gag}c/ {g}d/4z/4|{gabg}A3/2z/ A4|"
    left = "~A~B/c/4z/4{gab}A {abg}B{g}c/ d/4z/4|{gabg}A3/2z/ A4|"
    written = [Tune.read(f"X:1\nM:6/8\nL:1/8\nK:G\n{text}") for text in (bars, left)]
    assert plain(written[0]).bars == written[1].bars
    assert set(abc2midi_complaints([plain(written[0]).abc()])) == set()


@pytest.mark.parametrize(
    ("bars", "left"),
    [
        ("^GAB ^cde|^cBA GAB|c3 d3|e6|", "=GAB ^cde|^cBA GAB|c3 d3|e6|"),  # the accidental that comes once
        ('"E7"^GAB cde|^cBA ^dAB|c3 d3|e6|', '"E7"^GAB cde|cBA ^dAB|c3 d3|e6|'),  # that no chord asks for
    ],
)
def test_the_accidentals_that_have_a_reason_stay(bars, left):
    head, rest = "X:1\nM:6/8\nL:1/8\nK:G\n", "GAB cde|dcB AGF|" * 3
    tune = within_scale(Tune.read(f"{head}{bars}{rest}"), LOWEST, HIGHEST)
    assert tune.bars == Tune.read(f"{head}{left}{rest}").bars


@pytest.mark.parametrize(
    ("start", "meter", "written"),
    [
        ("GAB d2e|", "6/8", "GAB d2e|"),
        ("GAB d2e", "6/8", "GAB d2e|"),
        ("D|GAB d2e|", "6/8", "D|GAB d2e|"),
        ("GAB d2e|fga", "4/4", "GABd2efg|a"),
        ("GAB d2e|", "12/8", "GAB d2e|"),  # half a bar is a pickup
        ("GAB d2e|", "3/2", "GA Bd2e|"),
        ("A/|GAB", "6/8", "A/|GAB"),
        ("A11", "12/8", "A8-A3"),
        ("G4-G4", "9/8", "G4-G4"),
        ("G-|G", "6/8", "G-|G"),
        ("GABc dedB g2", "3/4", "GA Bc de|dB g2"),
        ("G6 A6", "4/4", "G6A2-|A4"),
        ("^cBc", "6/8", "^cBc"),
        ("A>B c<d|", "2/4", "A3/2B/2 c/2d3/2|"),
        ('"G"(3GAB ~d2 {e}f', "6/8", "(3GABd2f"),
    ],
)
def test_first_notes_are_put_into_the_bars_of_the_meter(start, meter, written):
    plan = plan_of(meter=meter, start=start)
    assert plan.start.replace("/2", "/") == written.replace("/2", "/")
    Grammar(JIGS).enter(plan)


def test_a_note_that_will_not_do_is_named_by_its_number():
    for start in ("GA(3zGA", "GA(3zGA|"):
        with pytest.raises(RequestError, match="Note 3 of your first notes"):
            Grammar(JIGS).enter(plan_of(start=start))


@pytest.mark.parametrize("start", ["^c=C^c", "GA_B", "__B", "^cde ^d_ed|", "=B_B=B", "^G_c=d"])
def test_first_notes_sound_as_the_user_means_them_with_any_accidental(start):
    random = np.random.default_rng(34)
    grammar = Grammar(JIGS)
    for key in ("G", "C#", "Cdor", "F#m", "Bbmix", "Amix", "Ebm"):
        plan = plan_of(key=key, start=start)
        tune = plan.finish(draw(grammar, JIGS, [plan], random)[0])
        own = Tune.read(f"X:1\nM:6/8\nL:1/8\nK:{key}\n{start}").played()
        assert [note.pitches for note in tune.played()][: len(own)] == [note.pitches for note in own]


@pytest.mark.parametrize("low", ["G,", "^G,", "=G,"])
@pytest.mark.parametrize("key", ["Bbmix", "Bmix", "Dlyd", "D", "Am"])
def test_the_lowest_first_notes_can_be_written_wherever_they_are_drawn(key, low):
    printed = {"D": 30, "G": 30, "Em": 20, "Ador": 15, "Amix": 10}
    facts = replace(HOME, printed_keys=printed)
    plan = plan_of(facts, key=key, meter="C|", start=f"{low}A,B,C DEFG|")
    tune = plan.finish(draw(Grammar(ALL), ALL, [plan], np.random.default_rng(33))[0])
    wished = Tune.read(f"X:1\nM:C|\nL:1/8\nK:{key}\n{low}A,B,C DEFG|\n")
    assert [n.pitches[0].midi for n in tune.bars[0].notes] == [
        n.pitches[0].midi for n in wished.bars[0].notes
    ]


@pytest.mark.parametrize("start", ["^d=e _fg", "^^FG"])
def test_first_notes_that_would_sound_otherwise_are_refused(start):
    with pytest.raises(RequestError, match="accidental"):
        plan_of(HOME, key="E#phr", start=start)


def test_first_notes_begin_the_tune_in_any_key():
    random = np.random.default_rng(32)
    grammar = Grammar(JIGS)
    for key in ("G", "Ab", "F#m", "Ador", "Bbmix", "C#m"):
        names = "|:cde fga|" if key.endswith("m") else "cde fga|"
        plan = plan_of(key=key, start=names)
        text = draw(grammar, JIGS, [plan], random)[0]
        tune = plan.finish(text)
        wished = Tune.read(f"X:1\nM:6/8\nL:1/8\nK:{key}\ncde fga|\n")
        assert [n.pitches[0].midi for n in tune.bars[0].notes] == [
            n.pitches[0].midi for n in wished.bars[0].notes
        ]


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("do re 123", "is no music"),
        ("|", "no notes"),
        ("c'd'e'", "too low or too high"),
        ("G,,", "too low or too high"),
        ("|1 GAB d2e:|2 GAB d2e|", "form comes by itself"),
        ("GAB d2e|" * 20, "give fewer"),
        ("G/16A/16", "rhythm"),
        ("(5GABcd", "rhythm"),
    ],
)
def test_first_notes_that_will_not_do_are_answered_with_a_sentence(start, words):
    with pytest.raises(RequestError, match=words) as caught:
        Grammar(JIGS).enter(plan_of(start=start))
    assert str(caught.value).endswith(".")


def test_as_many_tunes_must_end_on_their_tonic_as_among_those_learnt():
    often = replace(FACTS, tonic_share=0.8)
    homes = [plan_of(often, key="Am", seed=seed).shape.home_letters for seed in range(400)]
    assert set(homes) == {"", "Aa"}
    assert 0.7 < homes.count("Aa") / 400 < 0.9
    assert plan_of(seed=1).shape.home_letters == ""


def test_a_long_tune_drawn_in_one_line_is_read():
    request = TuneRequest.of(
        {"key": "G", "meter": "6/8", "type": "jig", "form": "AABBCC", "bars": 16, "seed": 1}
    )
    plan = make_plan(request.settled(1, (), ()), HOME)
    bar = "(3G/A/B/(3G/A/B/G/A/B/c/(3G/A/B/(3G/A/B/G/A/B/c/"
    part = "|".join([bar] * 15 + ["G:"])  # a bar that would be a field at the beginning of a line
    tune = plan.finish("Long\n" + plan.heading + "|:" + "|:".join([part + "|"] * 3))
    assert len(part) > 500
    assert len(tune.bars) == 48
