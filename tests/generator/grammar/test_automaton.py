"""Every walk through the grammar ends, in time, in a right tune."""

from collections import Counter
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from benchmarks.bar_counter import count, form_of
from generator.compose.plan import Plan
from generator.errors import RequestError
from generator.grammar.automaton import Grammar
from generator.grammar.form import Shape
from generator.grammar.lengths import WHOLE, Grid
from generator.grammar.spelling import Gamut
from generator.music.bar_check import begins_section
from generator.music.dances import METERS, Meter
from generator.music.keys import Key
from generator.music.tune import Tune

# The characters that the Nottingham jigs are written with, in the order of their code points.
JIGS = "\n !\"#%&'()+,-./0123456789:=?ABCDEFGHIJKLMNOPQRSTUVWXY[\\]^_abcdefghijklmnopqrstuvwxyz|~"
# And one with every character that ABC gives a meaning in a tune.
ALL = "".join(sorted({*JIGS, *"{}<>$*;@Z`"}))
FORMS = {"AB": (2, False), "AABB": (2, True), "AABBCC": (3, True)}
FIDDLE = Gamut(1, 55, 83)
HEADING = "% here it begins\n"


def plan_for(meter, form="AABB", bars=8, *, unit=4, titled=False, start="", gamut=FIDDLE, home=""):
    parts, repeated = FORMS[form]
    shape = Shape(Grid.of(Meter(meter)), unit, parts, bars, repeated, True, gamut, home)
    key = Key("G")
    return Plan("\n", titled, HEADING, start, shape, parts * bars, key, 0, key, Meter(meter), "", 100)


def draw(grammar, alphabet, plans, random, weights=None):
    """Walk all plans at once, each step drawn at random from what the mask leaves."""
    states = np.array([grammar.enter(plan) for plan in plans])
    weights = np.ones(len(alphabet)) if weights is None else weights
    texts = [""] * len(plans)
    while not grammar.is_accepting(states).all():
        live = np.flatnonzero(~grammar.is_accepting(states))
        masks = grammar.compute_mask(states[live])
        assert masks.any(axis=1).all()
        shares = np.cumsum(masks * weights, axis=1)
        drawn = (shares > random.random(len(live))[:, None] * shares[:, -1:]).argmax(axis=1)
        states[live] = grammar.consume(states[live], drawn)
        for slot, character in zip(live, drawn, strict=True):
            texts[slot] += alphabet[character]
    return texts


def as_tune(meter, unit, text, key="G"):
    return f"X:1\nM:{meter}\nL:1/{WHOLE // unit}\nK:{key}\n" + text[text.index(HEADING) + len(HEADING) :]


def comes_home(meter, unit, text):
    """Whether the last note, as written, is a G without an accidental of its own."""
    *_, last = Tune.read(as_tune(meter, unit, text)).bars[-1].notes
    return [pitch.letter for pitch in last.pitches] == ["G"]


def tilted(alphabet, random):
    """Weights that favour notes, or endings, or nothing, so that walks are of many kinds."""
    weights = np.ones(len(alphabet))
    weights[[alphabet.index(c) for c in "ABCDEFGabcdefg2"]] *= random.choice([1, 4, 20])
    weights[[alphabet.index(c) for c in "[1:|"]] *= random.choice([1, 30])
    return weights


@pytest.mark.parametrize("alphabet", [JIGS, ALL], ids=["jigs", "all"])
def test_a_hundred_thousand_random_steps_over_all_meters_and_forms_make_only_right_tunes(alphabet):
    random = np.random.default_rng(20)
    grammar = Grammar(alphabet)
    steps = 0
    for turn in range(6):  # every meter with every form, size and unit; in each turn with another size
        for unit in (4, 2, 8):
            kinds = list(enumerate(product(METERS, FORMS)))
            jobs = [(meter, form, (4, 8, 16)[(turn + at // 3 + unit) % 3]) for at, (meter, form) in kinds]
            home = "Gg" if turn % 2 else ""
            plans = [plan_for(*job, unit=unit, home=home) for job in jobs]
            texts = draw(grammar, alphabet, plans, random, tilted(alphabet, random))
            for plan, (meter, *job), text in zip(plans, jobs, texts, strict=True):
                counted = count(as_tune(meter, unit, text))
                assert counted.faults == [], text
                assert form_of(counted) == tuple(job), text
                assert len(text) <= grammar.bound(plan)
                assert not home or comes_home(meter, unit, text), text
                steps += len(text)
        if steps >= 100_000 and turn >= 2:
            break
    assert steps >= 100_000


@pytest.mark.parametrize("alphabet", [JIGS, ALL], ids=["jigs", "all"])
def test_the_characters_still_needed_are_exact_in_every_state_and_fall_to_zero(alphabet):
    random = np.random.default_rng(21)
    grammar = Grammar(alphabet)
    kinds = zip(METERS, [*FORMS] * 3, [4, 8, 2] * 3, ["", "Aa"] * 4 + [""], strict=True)
    for meter, form, unit, home in kinds:
        state = grammar.enter(plan_for(meter, form, 4, unit=unit, titled=True, home=home))
        weights = tilted(alphabet, random)
        while state:
            mask = grammar.compute_mask(np.array([state]))[0]
            ways = np.flatnonzero(mask)
            onward = grammar.consume(np.full(len(ways), state), ways)
            needed = [grammar.remaining(int(after)) for after in onward]
            assert grammar.remaining(state) == 1 + min(needed)
            probabilities = weights[ways] / weights[ways].sum()
            state = int(onward[random.choice(len(ways), p=probabilities)])
        assert grammar.remaining(state) == 0


def test_always_taking_the_shortest_way_ends_after_just_as_many_characters():
    grammar = Grammar(JIGS)
    for meter in METERS:
        state = grammar.enter(plan_for(meter, "AABBCC"))
        least, steps = grammar.remaining(state), 0
        while state:
            ways = np.flatnonzero(grammar.compute_mask(np.array([state]))[0])
            state = min(map(int, grammar.consume(np.full(len(ways), state), ways)), key=grammar.remaining)
            steps += 1
        assert steps == least


def test_notes_stay_within_their_range_and_mostly_within_the_scale():
    random = np.random.default_rng(22)
    grammar = Grammar(ALL)
    texts = draw(grammar, ALL, [plan_for("6/8", gamut=Gamut(1, 57, 81))] * 40, random)
    counts = [count(as_tune("6/8", 4, text)) for text in texts]
    assert min(counted.lowest for counted in counts) == 57
    assert max(counted.highest for counted in counts) == 81
    marks = [sum(text.count(c) for c in "^_") for text in texts]
    assert 0 < max(marks) <= 16 + sum(text.count("=") for text in texts)


def test_what_real_tunes_write_is_let_through():
    grammar = Grammar(JIGS)
    lines = [
        'd|"G"gdB "D7/f+"AB^c|d3- dBA|(3GAB c/2d/2 e2f|G6|DEF "Em"GAB|c2A B2G|"C"EFG D2F|[1G3 G2:|[2G6||',
        '|:D/2E/2|"G"G2B dBd|g3/2f/2e dBG|c2e B2d|A3 -AFD|GAB cde|(B/2c/2)BA G2D|EFG FED|G3 G2::',
    ]
    for line in lines:
        plan = plan_for("6/8", start=line)
        state = grammar.enter(plan)
        for character in HEADING + line:
            assert grammar.compute_mask(np.array([state]))[0].sum() == 1, "the start is forced"
            state = int(grammar.consume(np.array([state]), np.array([JIGS.index(character)]))[0])
        assert 0 < grammar.remaining(state) < grammar.remaining(grammar.enter(plan))


def test_all_the_signs_of_other_collections_are_let_through():
    line = "A>B c<d|{ga}f2 ~e>>d|~A2 .B[ce]|(3ABc (AB)|"
    Grammar(ALL).enter(plan_for("2/4", start=line, unit=4))


def test_drawn_tunes_keep_to_what_nearly_all_printed_ones_do():
    random = np.random.default_rng(25)
    grammar = Grammar(JIGS)
    weights = np.ones(len(JIGS))
    weights[[JIGS.index(c) for c in '"|-/']] = 20
    seen = Counter()
    for meter, beat in {"6/8": 12, "4/4": 8, "3/4": 8, "2/4": 8}.items():
        for text in draw(grammar, JIGS, [plan_for(meter)] * 12, random, weights):
            tune = Tune.read(as_tune(meter, 4, text))
            for index, bar in enumerate(tune.bars):
                pickup = begins_section(tune.bars, index) and bar.length < bar.meter.bar
                place = (bar.meter.bar - bar.length if pickup else 0) * WHOLE
                for note in bar.notes:
                    if note.chord:
                        assert place % beat == 0, text
                        assert note.chord.quality in ("", "m", "7", "m7", "dim")
                        seen["chord"] += 1
                    assert note.tuplet is None or note.tuplet.p == 3
                    place += note.length * WHOLE
                if pickup:
                    assert not bar.notes[-1].tie, text
                    seen["pickup"] += 1
                if bar.repeat_end and meter != "2/4":
                    assert bar.notes[-1].written >= Fraction(1, 8), text
    assert seen["chord"] > 200
    assert seen["pickup"] > 8


@pytest.mark.parametrize(
    "line",
    ["GABc|", "GAB cdefg", "G,,AB", "c''AB", "GAB:|", "G>AB", "(3GAB|", "GAB-|z3", "!f!G", '"H"G', "[K:D]"],
)
def test_what_is_not_right_is_refused(line):
    with pytest.raises(RequestError):
        Grammar(JIGS).enter(plan_for("6/8", start=line + "|||"))


def test_one_row_is_the_same_alone_and_in_a_crowd():
    random = np.random.default_rng(23)
    grammar, other = Grammar(JIGS), Grammar(JIGS)
    plans = [plan_for(meter, form) for meter, form in product(METERS, FORMS)]
    together = draw(grammar, JIGS, plans, random)
    for plan, text in zip(plans, together, strict=True):
        state = other.enter(plan)
        for character in text:
            assert other.compute_mask(np.array([state]))[0, JIGS.index(character)]
            state = int(other.consume(np.array([state]), np.array([JIGS.index(character)]))[0])
        assert other.is_accepting(np.array([state])).all()


def test_memory_is_bounded_and_trimming_changes_nothing_but_numbers():
    plans = [plan_for(meter, form, 4) for meter, form in product(METERS, FORMS)]
    roomy, tight = Grammar(JIGS), Grammar(JIGS, most_states=300)
    texts = draw(roomy, JIGS, plans, np.random.default_rng(24))
    states = np.array([tight.enter(plan) for plan in plans])
    for step in range(max(map(len, texts))):
        live = [slot for slot, text in enumerate(texts) if step < len(text)]
        characters = np.array([JIGS.index(texts[slot][step]) for slot in live])
        assert tight.compute_mask(states[live])[range(len(live)), characters].all()
        states = tight.trimmed(np.where(np.isin(range(len(plans)), live), states, 0))
        states[live] = tight.consume(states[live], characters)
        assert tight.size <= 300 + 6 * len(plans)
    assert tight.is_accepting(states).all()
    assert roomy.size > 1000


def test_a_character_that_may_not_come_is_an_error():
    grammar = Grammar(JIGS)
    state = grammar.enter(plan_for("6/8"))
    with pytest.raises(ValueError, match="may not come"):
        grammar.consume(np.array([state]), np.array([JIGS.index("z")]))


def test_an_alphabet_without_fractions_or_repeats_says_what_it_cannot_write():
    plain = "\n %herbgistn|ABCDEFGabcdefg2346"
    with pytest.raises(RequestError, match="cannot write"):
        Grammar(plain).enter(plan_for("6/8", form="AABB"))
    with pytest.raises(RequestError, match="cannot write"):
        Grammar(plain + ":").enter(plan_for("2/4", unit=32))
    Grammar(plain).enter(plan_for("6/8", form="AB"))
