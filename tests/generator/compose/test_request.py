"""What can be asked for, and what is answered to what cannot."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.compose.request import MAX_SEED, TuneRequest, options
from generator.errors import RequestError
from generator.music.dances import DANCES, METERS, Meter, dance_of, read_dance, read_meter
from generator.music.keys import ASKED_MODES, Key


def refused(**values: object) -> str:
    with pytest.raises(RequestError) as caught:
        TuneRequest.of(values)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith((".", "?"))
    return sentence


@pytest.mark.parametrize(
    ("typed", "tonic", "mode"),
    [
        ("G", "G", "major"),
        ("g", "G", "major"),
        ("Em", "E", "minor"),
        ("em", "E", "minor"),
        ("E minor", "E", "minor"),
        ("Edor", "E", "dorian"),
        ("E Dorian", "E", "dorian"),
        ("Amix", "A", "mixolydian"),
        ("a mixolydian", "A", "mixolydian"),
        ("F#m", "F#", "minor"),
        ("f sharp minor", "F#", "minor"),
        ("F♯ minor", "F#", "minor"),
        ("Bb", "Bb", "major"),
        ("bb", "Bb", "major"),
        ("B flat", "Bb", "major"),
        ("B-flat minor", "Bb", "minor"),
        ("B♭maj", "Bb", "major"),
        ("D aeolian", "D", "minor"),
    ],
)
def test_keys_are_read_in_the_spellings_people_type(typed: str, tonic: str, mode: str):
    assert Key.read(typed) == Key(tonic, mode)


def test_every_key_that_can_be_asked_reads_back_from_both_its_names():
    keys = [
        Key(letter + sign, mode) for letter in "ABCDEFG" for sign in ("", "#", "b") for mode in ASKED_MODES
    ]
    for key in (key for key in keys if abs(key.fifths) <= 7):
        assert Key.read(key.abc) == key
        assert Key.read(key.name) == key
        assert len(key.scale) == 7
        assert key.pitch_class in key.scale


def test_signatures_are_those_of_the_circle_of_fifths():
    assert Key("D").signature == {"F": 1, "C": 1}
    assert Key("E", "dorian").signature == {"F": 1, "C": 1}
    assert Key("A", "mixolydian").fifths == 2
    assert Key("F", "minor").signature == {"B": -1, "E": -1, "A": -1, "D": -1}
    assert Key("F#", "minor").fifths == 3


def test_a_key_out_of_reach_comes_with_the_one_that_sounds_the_same():
    assert "Ab major" in refused(key="G#")
    assert "did you mean E minor" in refused(key="E minr")
    assert "A to G" in refused(key="Q")


def test_numbers_have_bounds_and_say_them():
    for hot in ("hot", "-1", "9", "nan", "inf", ""):
        assert "from 0.2 to 1.5" in refused(temp=hot)
    assert TuneRequest.of({"temp": " 0. 7 "}).temp == 0.7
    assert "whole number" in refused(seed="x")
    assert "whole number" in refused(seed=-1)
    assert TuneRequest.of({"seed": MAX_SEED}).seed == MAX_SEED
    assert "4, 8 or 16" in refused(bars=7)


def test_types_and_meters_are_forgiving_and_suggest():
    assert read_dance("Slip-Jigs").name == "slip jig"
    assert read_dance("waltzes").name == "waltz"
    assert read_dance("polkas").name == "polka"
    assert "did you mean jig" in refused(type="jigg")
    assert read_meter(" 6 / 8 ").abc == "6/8"
    assert read_meter("2/2").abc == "C|"
    assert "6/8" in refused(meter="7/8")


def test_a_contradiction_is_said():
    assert refused(type="jig", meter="4/4") == "A jig is in 6/8, not 4/4; leave out the type or the meter."
    for dance in DANCES.values():
        for meter in METERS:
            if meter in dance.meters:
                assert dance.tempo(TuneRequest.of({"type": dance.name, "meter": meter}).meter) > 0
            else:
                refused(type=dance.name, meter=meter)


def test_an_unknown_option_lists_those_there_are():
    sentence = refused(tempr=1)
    assert all(name in sentence for name in options())


@example(dict.fromkeys(("key", "model"), "0\n0"))
@example({"instrument": "0\n0"})
@example({"tempo": "0\n0"})
@example({"type": "0\n0"})
@example({"meter": "0\n0"})
@given(st.dictionaries(st.sampled_from([*options(), "other"]), st.text(max_size=30), max_size=5))
def test_no_text_raises_anything_but_a_sentence(values: dict[str, object]):
    try:
        TuneRequest.of(values)
    except RequestError as error:
        sentence = str(error)
    else:
        sentence = ""
    assert "\n" not in sentence


@given(st.integers(0, MAX_SEED))
def test_what_is_left_out_is_drawn_from_the_seed(seed: int):
    keys = (Key("G"), Key("D"), Key("E", "minor"))
    settled = TuneRequest.of({}).settled(seed, keys, ("jig", "reel"))
    assert settled == TuneRequest.of({"seed": seed}).settled(seed + 1, keys, ("jig", "reel"))
    assert settled.key in keys
    assert settled.type is not None
    assert settled.meter is not None
    assert settled.meter.abc in settled.type.meters


def test_what_is_asked_stays_and_the_rest_agrees_with_it():
    for seed in range(30):
        settled = TuneRequest.of({"meter": "3/4", "seed": seed}).settled(
            0, (Key("G"),), ("jig", "waltz", "air")
        )
        assert settled.meter is not None
        assert settled.meter.abc == "3/4"
        assert settled.type is not None
        assert settled.type.name in ("waltz", "air")
    assert TuneRequest.of({"type": "slip jig"}).settled(1, (Key("G"),), ()).meter == read_meter("9/8")


def test_a_meter_alone_brings_the_types_that_were_learnt_in_it():
    learnt = {"air": {"3/4": 300, "9/8": 1}, "slip jig": {"9/8": 99}, "hornpipe": {"C|": 5}, "reel": {"C": 5}}
    dances = tuple(name for name, meters in learnt.items() for _ in range(sum(meters.values())))

    def types(meter):
        wishes = (TuneRequest.of({"meter": meter, "seed": seed}) for seed in range(200))
        return [wish.settled(0, (Key("G"),), dances, learnt).type.name for wish in wishes]

    assert types("9/8").count("slip jig") > 180
    assert set(types("4/4")) == {"hornpipe", "reel"}  # C and C| are names of it
    assert set(types("12/8")) == {"air"}  # never learnt, but that is what an air can be in


@pytest.mark.parametrize("meter", ["4/4", "C", "C|", "2/4", "3/2"])
def test_a_hornpipe_is_one_whatever_its_header_says(meter: str):
    said = DANCES["hornpipe"].rhythm(Meter(meter))
    assert not said.startswith("hornpipe")
    assert dance_of(said) == "hornpipe"
    assert read_dance(said) is DANCES["hornpipe"]
    assert DANCES["reel"].rhythm(Meter("C|")) == dance_of("reel") == "reel"


KEYS = (Key("G"), Key("D"), Key("A", "minor"), Key("E", "minor"))


def test_a_mode_without_a_key_is_one_of_the_keys_in_that_mode():
    found = {TuneRequest.of({"mode": "Minor"}).settled(seed, KEYS, ("jig",)).key for seed in range(20)}
    assert found == {Key("A", "minor"), Key("E", "minor")}


def test_a_mode_that_no_key_has_is_taken_on_their_tonics():
    found = {
        TuneRequest.of({"mode": "dorian"}).settled(seed, (Key("Db"),), ("jig",)).key for seed in range(9)
    }
    assert found == {Key("Db", "dorian")}
    assert TuneRequest.of({"mode": "minor"}).settled(1, (Key("Db"),), ("jig",)).key == Key("C#", "minor")


def test_a_mode_goes_with_the_tonic_of_a_bare_key():
    assert TuneRequest.of({"key": "D", "mode": "minor"}).settled(1, KEYS, ()).key == Key("D", "minor")
    assert TuneRequest.of({"key": "Dm", "mode": "minor"}).settled(1, KEYS, ()).key == Key("D", "minor")
    assert refused(key="Em", mode="major") == "E minor is not major; leave out the key or the mode."
    assert "C# minor" in refused(key="Db", mode="minor")
    assert "major, minor, dorian" in refused(mode="sad")
    assert "choose major" in refused(mode="m")


def test_a_mode_draws_nothing_that_was_not_drawn_before():
    for seed in range(20):
        plain = TuneRequest.of({"seed": seed}).settled(1, KEYS, ("jig", "reel"))
        assert (
            TuneRequest.of({"seed": seed, "mode": "minor"}).settled(1, KEYS, ("jig", "reel")).type
            == plain.type
        )


def test_a_pace_is_beside_the_usual_tempo_and_a_tempo_goes_before_it():
    assert [TuneRequest.of({"pace": pace}).tempo_at(120) for pace in ("slow", None, "FAST")] == [90, 120, 144]
    assert TuneRequest.of({"pace": "fast", "tempo": 60}).tempo_at(120) == 60
    assert TuneRequest.of({"pace": "fast"}).tempo_at(290) == 300
    assert TuneRequest.of({"pace": "slow"}).tempo_at(31) == 30
    assert "slow or fast" in refused(pace="quick")


@pytest.mark.parametrize("start", ["hello", "la la la", "GAB hello", "do re mi", "G-A-B jig", "lol", "mmm"])
def test_words_are_no_first_notes(start: str):
    assert "is no music" in refused(start=start)


@pytest.mark.parametrize(
    "start",
    ["GAB d2e|", "~G2 vA uB", '"Am"A2 !trill!c', "(3ABc d>e", "^F_B=c", "{g}A z2 [CEG]", "T.A", "a' B,"],
)
def test_notes_are_first_notes(start: str):
    assert TuneRequest.of({"start": start}).start == start
