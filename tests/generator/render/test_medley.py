"""Tunes of a set follow each other on the beat: nothing between them, and nothing lost of a pickup."""

from fractions import Fraction
from itertools import pairwise, permutations

import numpy as np
import pytest

from generator.music.tune import Tune
from generator.render import audio
from generator.render.medley import Medley, joined, medley
from generator.render.pace import TempoMap
from generator.serving.wire import packed, unpacked
from tests.generator.render.tunes import all_tunes, jig

KETTLE = """X:1
T:The Kettle
R:jig
M:6/8
L:1/8
Q:3/8=112
K:G
|:D|G2A BAG|E2F GED|G2A Bcd|edB A2:|
|:d|g2f edc|Bcd AFD|E2F GAF|G3 G2:|
"""
FULL = KETTLE.replace("|:D|", "|:").replace("|:d|", "|:").replace("G2:", "G3:").replace("A2:", "A3:")
REEL = """X:1
T:The Gate
R:reel
M:C|
L:1/8
Q:1/2=100
K:D
|:A2|d2fd adfd|e2ef gfef|d2fd adfd|efge d2:|
"""
TUNES = [Tune.read(text) for text in (KETTLE, FULL, REEL)]
MANY = [*TUNES, *all_tunes()]


def named(tunes: tuple[Tune, ...]) -> str:
    return "-".join(tune.title.split()[-1] for tune in tunes)


@pytest.mark.parametrize("tunes", list(permutations(MANY, 2)), ids=named)
def test_any_two_are_one_tune_that_reads_back_as_it_is(tunes: tuple[Tune, ...]) -> None:
    whole, _ = joined(tunes)
    back = Tune.read(whole.abc())
    assert back == whole
    assert back.remarks == ()
    assert back.played() == whole.played()


@pytest.mark.parametrize("tunes", [(one, *two) for one in MANY for two in permutations(TUNES, 2)], ids=named)
def test_every_note_but_those_that_give_way_is_played_where_it_was(tunes: tuple[Tune, ...]) -> None:
    whole, starts = joined(tunes)
    played = [(note.onset, note.pitches) for note in whole.played()]
    for tune, (start, end) in zip(tunes, pairwise([*starts, whole.total_length]), strict=True):
        own = [(note.onset + start, note.pitches) for note in tune.played()]
        kept = [note for note in own if note[0] < end]
        assert [note for note in played if start <= note[0] < end] == kept
        assert sum(note[0] >= end for note in own) <= 3  # what gives way


@pytest.mark.parametrize("tunes", list(permutations(TUNES)), ids=named)
def test_first_full_bars_come_on_the_beat(tunes: tuple[Tune, ...]) -> None:
    whole, starts = joined(tunes)
    bars = {"jig": 16 * Fraction(6, 8), "reel": Fraction(8)}
    beat = Fraction(0)  # where the next first full bar has to begin
    for tune, start in zip(tunes, starts, strict=True):
        first = tune.bars[0]
        pickup = first.length if first.length < first.meter.bar else Fraction(0)
        assert not start or start + pickup == beat
        beat = start + pickup + bars[tune.rhythm]
    assert whole.total_length == starts[-1] + tunes[-1].total_length


def test_a_pickup_goes_at_the_tempo_of_the_bar_that_it_completes() -> None:
    whole, starts = joined((TUNES[0], TUNES[2]))
    clock = TempoMap.of(whole)
    pickup = clock.seconds(starts[1] + Fraction(1, 4)) - clock.seconds(starts[1])
    assert pickup == pytest.approx(60 / 112 * 2 / 3)
    bar = clock.seconds(starts[1] + Fraction(5, 4)) - clock.seconds(starts[1] + Fraction(1, 4))
    assert bar == pytest.approx(2 * 60 / 100)


@pytest.mark.parametrize("tunes", [tuple(TUNES), (TUNES[1], TUNES[0], TUNES[1], TUNES[0])], ids=named)
def test_the_clip_is_as_long_as_its_tunes_to_the_sample(tunes: tuple[Tune, ...]) -> None:
    made = medley(tunes)
    samples = audio.sound(Tune.read(made.abc))
    assert len(samples) == round((made.seconds + audio.HEAD + audio.TAIL) * audio.RATE)
    beats = sum(Fraction(bar.bar.length) / bar.bar.meter.beat for bar in Tune.read(made.abc).played_bars())
    if all(tune.rhythm == "jig" for tune in tunes):
        assert len(samples) == round((float(beats) * 60 / 112 + audio.HEAD + audio.TAIL) * audio.RATE)


def test_no_silence_stands_between_two_tunes_and_all_are_as_loud() -> None:
    tunes = (TUNES[0], TUNES[1], TUNES[0].transposed(TUNES[2].key))
    made = medley(tunes)
    samples = audio.sound(Tune.read(made.abc))
    short = audio.RATE // 20
    for start in made.starts[1:]:
        at = round((audio.HEAD + start) * audio.RATE)
        around = samples[at - audio.RATE // 2 : at + audio.RATE // 2]
        power = [float(np.sqrt(np.mean(piece**2))) for piece in np.array_split(around, len(around) // short)]
        assert min(power) > 0.005
    ends = [*made.starts[1:], made.seconds]
    loud = [
        float(np.sqrt(np.mean(samples[round(a * audio.RATE) : round(b * audio.RATE)] ** 2)))
        for a, b in zip(made.starts, ends, strict=True)
    ]
    assert max(loud) < 1.4 * min(loud)  # 3 dB


def test_says_where_each_begins() -> None:
    made = medley((jig(), TUNES[0]))
    assert made.starts[0] == 0
    assert 0 < made.starts[1] < made.seconds
    assert Tune.read(made.abc).title == "The Hand-Made Jig / The Kettle"


def test_travels_to_other_machines_and_back() -> None:
    made = medley(TUNES)
    assert isinstance(made, Medley)
    assert unpacked(packed(made)) == made
