"""The session model's text: canonical, complete, and drawable under the grammar."""

import json
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.compose.home_keys import home_shift
from generator.compose.model import VOCABULARY, WEIGHTS, find_model
from generator.compose.model_facts import ModelFacts
from generator.compose.plan import make_plan
from generator.compose.request import TuneRequest
from generator.grammar.automaton import Grammar
from generator.grammar.canonical import BodyError, body_of
from generator.music.keys import Key
from generator.music.parts import form_of, parts_of
from generator.music.tune import Tune
from generator.network.keras_network import build
from generator.training.default_recipe import Session, finish, material
from generator.training.training_text import (
    STYLES,
    Curriculum,
    Lesson,
    Reader,
    curriculum,
    lesson_of,
    moved,
    prompt,
    written,
)
from generator.training.tune_books import Setting
from tests.generator.training.test_families import walk

HEAD = "X:1\nT:The Long Ladder\nM:{meter}\nL:1/8\nK:{key}\n"
JIG = HEAD.format(meter="6/8", key="D")


def tune(body: str, meter: str = "6/8", key: str = "D") -> Tune:
    return Tune.read(HEAD.format(meter=meter, key=key) + body + "\n")


def lesson(body: str, meter: str = "6/8", key: str = "D", dance: str = "jig") -> Lesson:
    found = lesson_of(Setting(tune(body, meter, key), "ours", "ours.abc 1", dance))
    assert isinstance(found, Lesson), found
    return found


def line(body: str, **kwargs: str) -> str:
    read = tune(body, **kwargs)
    return body_of(parts_of(read), read.key, read.meter.unit)


TITLED = "R:{type}\nM:{meter}\nK:{key}\nP:{form} {bars}\nT:{title}\nK:{key} {type} {meter}\n"
FOUR = "DFA dAF|GBe gfe|fed cBA|"


@pytest.mark.parametrize(
    ("printed", "written_form", "text"),
    [
        # pickups go inside the repeat, and the bars before them leave room
        ("A|:DFA d2A|BAG F2A:|", "AA 2", "|:A|DFAd2A|BAGF2:|"),
        ("|:A|DFA d2A|BAG F2:|", "AA 2", "|:A|DFAd2A|BAGF2:|"),
        # one sign wherever parts meet
        ("|:A|DFA d2A|BAG F2:||:A|BAG F2A|DFA d2:|", "AABB 2", "|:A|DFAd2A|BAGF2::A|BAGF2A|DFAd2:|"),
        ("|:DFA d3|BAG F3:| dcd efg|fed d3||", "AAB 2", "|:DFAd3|BAGF3:|dcdefg|fedd3|]"),
        ("DFA d3|BAG F3||dcd efg|fed d3|]", "AB 2", "DFAd3|BAGF3||dcdefg|fedd3|]"),
        ("DFA d3|BAG F3|:dcd efg|fed d3:|", "ABB 2", "DFAd3|BAGF3|:dcdefg|fedd3:|"),
        # endings
        ("|:DFA d3|1 BAG F3:|2 BAG D3||", "AA 2", "|:DFAd3|1BAGF3:|2BAGD3|]"),
        ("|:DFA d3|[1 BAG F3:|[2 BAG D3|:dcd efg|d6:|", "AABB 2", "|:DFAd3|1BAGF3:|2BAGD3|:dcdefg|d6:|"),
    ],
)  # fmt: skip
def test_parts_are_found_and_written_one_way(printed: str, written_form: str, text: str):
    read = tune(printed)
    parts = parts_of(read)
    assert form_of(parts) == written_form
    assert body_of(parts, read.key, read.meter.unit) == text


def test_labels_and_their_order_become_repeats():
    read = Tune.read("X:1\nT:Two\nP:AAB\nM:6/8\nK:D\nP:A\nDFA d3|BAG F3|\nP:B\ndcd efg|fed d3|\n")
    assert form_of(parts_of(read)) == "AAB 2"


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("{g}D~F.A (dAF)|!trill!G4 z2|]", "DFAdAF|G4z2|]"),  # ornaments, slurs
        ('[DFA]3 [Dd]3|"Em"G6|]', "A3d3|G6|]"),  # the highest of a chord; no chord symbols
        ("D3/2F/2A dAF|G4-G2|]", "D>FAdAF|G4-G2|]"),  # dotted pairs
        ("D5 F|G6|]", "D4-DF|G6|]"),  # no head is five units long
        ("^D=F_A d^AF|=c6|]", "^D=F_A^d^AF|=c6|]"),  # said anew where readers differ
        ("(3DFA (3dAF D2|G6|]", "(3DFA(3dAFD2|G6|]"),
    ],
)
def test_the_music_is_written_the_shortest_way(printed: str, text: str):
    assert line(printed) == text


def test_a_signature_in_mid_tune_becomes_accidentals():
    assert line("DFA dcd|f6||[K:G]cBc dcB|G6|]") == "DFAdcd|f6||=cBcdcB|G6|]"


def test_what_the_line_cannot_show_is_said():
    with pytest.raises(BodyError, match="grid"):
        line("D/64D63/64F2A dA|G6|]")
    with pytest.raises(BodyError, match="tuplet"):
        line("(5DFAdA F3|G6|]")
    with pytest.raises(BodyError, match="accidental"):
        line("^^DFA dAF|G6|]")


@given(st.integers(0, 10_000), st.sampled_from(["G", "D", "Am", "Bb", "Edor", "Amix"]))
def test_the_text_reads_back_to_the_same_notes(seed: int, key: str):
    read = Tune.read(HEAD.format(meter="6/8", key=key) + walk(seed, bars=8) + "\n")
    text = body_of(parts_of(read), read.key, read.meter.unit)
    again = Tune.read(HEAD.format(meter="6/8", key=key) + text + "\n")
    assert again.played() == read.played()
    assert body_of(parts_of(again), again.key, again.meter.unit) == text


def test_what_is_asked_comes_first_then_the_title_then_one_line():
    given_first, title, music = written(lesson(FOUR + "d3 D3:|"), STYLES["home"], Random(1))
    assert given_first + title + music == (
        "R:jig\nM:6/8\nK:D\nP:AA 4\nT:The Long Ladder\n|:G,B,DGDB,|CEAcBA|BAGFED|G3G,3:|\n\n"
    )


def test_a_counted_tune_has_no_title_and_marks_before_its_bars():
    head, title, music = written(lesson(FOUR + "d3 D3:|"), STYLES["counted"], Random(1))
    assert head + title + music == ("R:jig\nM:6/8\nK:D\nP:AA 4\n|:ⒽδG,B,DGDB,|γCEAcBA|ⒽβBAGFED|ⒽαG3G,3:|\n\n")


def test_two_two_is_cut_time_and_an_unknown_type_is_not_named():
    heads = [
        written(lesson("DFAd fdAF|G8|]", meter, dance=""), STYLES["own"], Random(1))[0]
        for meter in ("4/4", "C", "C|", "2/2")
    ]
    assert heads == [f"M:{meter}\nK:D\nP:A 2\nT:" for meter in ("4/4", "C", "C|", "C|")]


def test_a_tune_may_call_its_meter_by_two_names_but_not_change_it():
    assert lesson("DFAd fdAF|[M:C]G8|]", "4/4").tune.wrong_bars() == ()
    found = lesson_of(Setting(tune("DFA dAF|[M:3/4]G6|]"), "ours", "ours.abc 1", "jig"))
    assert found == "meter changes or is rare"


@pytest.mark.parametrize(("key", "home"), [("Bb", "G"), ("F#m", "Gm"), ("Ddor", "Gdor"), ("Amix", "Gmix")])
def test_each_mode_has_its_tonic(key: str, home: str):
    made = lesson("DFA dAF|G6|]", key=key)
    prompts = [written(made, STYLES[name], Random(1))[0] for name in ("home", "own")]
    assert all(f"K:{key}\n" in prompt for prompt in prompts)
    assert moved(made.tune, "home", Random(1)).key == Key.read(home)


@pytest.mark.parametrize(
    ("key", "home", "shift"),
    [("G", "G", 0), ("D", "G", -7), ("A", "G", -2), ("C", "G", -5), ("F", "G", 2), ("Am", "Gm", -2)],
)
def test_each_key_has_one_way_home_that_keeps_its_usual_notes_in_range(key: str, home: str, shift: int):
    assert home_shift(Key.read(key), Key.read(home)) == shift
    made = lesson("DFA dAF|G6|]", key=key)
    low = min(p.midi for bar in made.tune.bars for note in bar.notes for p in note.pitches)
    there = moved(made.tune, "home", Random(1))
    assert min(p.midi for bar in there.bars for note in bar.notes for p in note.pitches) == low + shift


def test_other_styles_keep_chords_or_plain_abc():
    made = lesson('"D"DFA dAF|"Em"G6|]')
    assert written(made, STYLES["chords"], Random(1))[2] == '"G"G,B,DGDB,|"Am"C6|]\n\n'
    head, _, music = written(made, STYLES["plain"], Random(1))
    assert head.splitlines() == ["X:1", "T:The Long Ladder", "R:jig", "M:6/8", "L:1/8", "K:D"]
    assert music == "DFA dAF|G6|]\n\n"
    keys = {written(made, STYLES["any"], Random(seed))[0].split("\n")[2] for seed in range(40)}
    assert {"K:D", "K:F", "K:Eb", "K:E"} <= keys
    assert len(keys) == 8


@pytest.mark.parametrize(
    ("body", "meter", "key", "reason"),
    [
        ("DFA dAF|\nM:3/4\nG6|]", "6/8", "D", "meter"),
        ("DFA dAF|G6|]", "6/8", "Dlyd", "a rare mode"),
        ("DFA d|GB|FG|G6|]", "6/8", "D", "a bar that does not fill its meter"),
        (FOUR * 60 + "G6|]", "6/8", "D", "too long"),
        ("||".join([FOUR.rstrip("|")] * 9) + "|]", "6/8", "D", "too many parts"),
    ],
)
def test_what_cannot_be_learnt_is_told(body: str, meter: str, key: str, reason: str):
    found = lesson_of(Setting(tune(body, meter, key), "ours", "ours.abc 1", ""))
    assert isinstance(found, str)
    assert reason in found


@pytest.mark.parametrize("last", ["d3 D2", "d3 D4", "d3 D3"])
def test_a_last_bar_a_little_short_or_long_is_mended(last: str):
    assert lesson(f"|:{FOUR}{last}:|").tune.bars[-1].length == Fraction(3, 4)


@pytest.fixture(scope="module")
def taught() -> Curriculum:
    settings = []
    for seed in range(40):
        read = Tune.read(
            JIG.replace("Long Ladder", f"{'abcdefgh'[seed % 8]}n{'opqrs'[seed // 8]}") + walk(seed) + "\n"
        )
        settings.append(Setting(read, "ours", f"ours.abc {seed}", "jig"))
    double = Tune.read(JIG + walk(7) + "\n").transposed(Key.read("F"))
    settings.append(Setting(double, "ours", "ours.abc 40", "jig"))
    return curriculum(settings, Counter({"ours: can't be read": 2}))


def test_doubles_are_left_out_and_counted_and_the_rest_is_split(taught: Curriculum):
    assert taught.refused == {"ours: can't be read": 2, "ours: a double": 1}
    assert (len(taught.learn), len(taught.held_out), taught.families) == (36, 4, 40)


def test_named_tunes_are_held_out_and_their_kin_is_not_learnt():
    settings = [Setting(tune(walk(seed)), "ours", f"ours.abc {seed}", "jig") for seed in range(12)]
    variant = walk(3).replace("|]", "").split("|")
    settings.append(Setting(tune("|".join([*variant[:-1], "G6|]"])), "ours", "ours.abc 12", "jig"))
    named = [replace(s, tune=replace(s.tune, title=f"{chr(97 + n) * 3}")) for n, s in enumerate(settings)]
    found = curriculum(named, Counter(), {"ours ours.abc 3"})
    assert [lesson.place for lesson in found.held_out] == ["ours ours.abc 3"]
    assert {lesson.place for lesson in found.learn} <= {f"ours ours.abc {n}" for n in range(12) if n != 3}
    assert len(found.learn) >= 10


def test_every_epoch_has_the_same_tunes_in_another_order(taught: Curriculum):
    reader = Reader(taught.learn, STYLES["home"])
    first, second = reader(1), reader(2)
    assert first != second
    assert sorted(first) == sorted(second) == sorted(reader(0))
    assert Reader(taught.learn, STYLES["home"])(2) == second
    stuff = material(taught, STYLES["home"], ("ours",))
    assert stuff.sha256 == material(taught, STYLES["home"], ("ours",)).sha256
    assert set("".join(first)) <= set(stuff.alphabet)


def test_the_prompt_is_the_text_that_was_learnt(tmp_path: Path, taught: Curriculum, keras: object):
    del keras
    stuff = material(taught, STYLES["counted"], ("ryan",))
    folder = tmp_path / "session"
    folder.mkdir()
    build(len(stuff.alphabet), 1, None).save_weights(folder / WEIGHTS)
    (folder / VOCABULARY).write_text(json.dumps(list(stuff.alphabet)))
    finish(folder, Session(taught, stuff))
    model = find_model("session", tmp_path)
    request = TuneRequest.of({"key": "D", "type": "jig", "seed": 1, "form": "AB"}).settled(1, (), ("jig",))
    plan = make_plan(request, model.facts)
    assert plan.prompt + "T:" == prompt("jig", request.meter, Key.read("D"), "AB 8")
    assert (plan.drawn, plan.shift) == (Key.read("G"), 7)
    assert not plan.titled
    assert plan.heading == ""


@pytest.mark.parametrize(
    ("form", "bars", "body"),
    [
        ("AABB", 4, "|:A|DFA d2A|BAG F2A|BAG F2A|dcB A2:||:A|fed c2A|BAG F2A|(3DFA GBAF|D3 D2:|"),
        ("AABB", 4, "|:DFA dAF|GBe gfe|1 fed cBA|d3 D3:|2 fed cBA|d6||:fed cBA|GBe gfe|f>ed cBA|d3-d3:|"),
        ("AB", 4, FOUR + "d3 D3||" + FOUR + "d6|]"),
    ],
)
def test_the_grammar_draws_such_text(form: str, bars: int, body: str):
    made = lesson(body, key="G")
    head, title, music = written(made, replace(STYLES["twice"], returns=False), Random(1))
    alphabet = "".join(sorted(set(head + title + music + "0123456789RMKPTX:jigABCDEFG /|")))
    facts = ModelFacts(alphabet, TITLED, "meter", {"G": 1}, {"6/8": 1}, {"jig": 1})
    request = TuneRequest(key=Key("G"), type="jig", seed=1, form=form, bars=bars).settled(1, (), ())
    plan, grammar = make_plan(request, facts), Grammar(alphabet)
    assert plan.prompt == head
    state = np.array([grammar.enter(plan)])
    for character in title + music.rstrip("\n"):
        number = alphabet.index(character)
        assert grammar.compute_mask(state)[0, number], f"{character!r} in {music!r}"
        state = grammar.consume(state, np.array([number]))
    assert grammar.is_accepting(state)[0]
    assert plan.finish(title + music.rstrip("\n")).played()


@pytest.mark.parametrize("title", ["My Love", "A Night in Ennis", "I'll Dance", "O'Neill's", "Oak"])
def test_a_drawn_title_can_begin_with_a_short_word(title: str):
    facts = ModelFacts("".join(map(chr, range(10, 127))), TITLED, "meter", {"G": 1}, {"6/8": 1}, {"jig": 1})
    plan = make_plan(TuneRequest(key=Key("G"), seed=1).settled(1, (), ("jig",)), facts)
    grammar = Grammar(facts.alphabet)
    state = np.array([grammar.enter(plan)])
    for character in title:
        assert grammar.compute_mask(state)[0, facts.alphabet.index(character)]
        state = grammar.consume(state, np.array([facts.alphabet.index(character)]))
    assert grammar.compute_mask(state)[0, facts.alphabet.index("\n")]
