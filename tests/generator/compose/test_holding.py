"""Held bars stay note for note, and what is drawn around them is right."""

from dataclasses import replace
from functools import cache

import pytest

from generator.compose.choice import Judge
from generator.compose.hold_words import read_bars, read_keep
from generator.compose.holding import Held
from generator.compose.loaded_model import LoadedModel, open_model
from generator.compose.request import TuneRequest
from generator.compose.sampler import Job
from generator.errors import RequestError
from generator.music.keys import Key
from generator.music.parts import form_of, parts_of
from generator.music.tune import Tune
from generator.serving.wire import packed, unpacked

WALTZ = """X:1
T:Ours
R:waltz
M:3/4
L:1/8
K:Edor
|:B2|"Em"e2 {f}ef g2|f2 d2 A2|"D"d2 de f2|"Em"e4 B2|
e2 ~e2 g2|"G"b2 g2 [eg]2|"D"f2 e>d c2|"Em"e4:|
|:(3gfe|"Em"b2 ba g2|"D"a2 f2 d2|"G"g2 gf e2|"D"f4 ^d2|
"Em"b2 ba g2|"D"a2 f2 d2|"Em"e2 f2 d2|e4:|
"""


@cache
def session() -> LoadedModel:
    """The default model; it is loaded once."""
    return open_model("session", "fast")


def drawn(request: TuneRequest, seed: int = 1) -> Tune:
    """What a worker makes of a request."""
    model = session()
    settled = model.settle(request, seed)
    plan = model.plan(settled)
    sampler, judge = model.new_sampler(), Judge(model, plan, settled)
    job = Job(plan.prompt, plan, settled.temp, seed, settled.n)
    sampler.begin(job)
    while not job.done:
        sampler.step()
    return judge.finish(judge.choose(job.finished))


def bars(tune: Tune, numbers: range, *, part: int = 0) -> list[list[tuple[list[int], object, bool]]]:
    """The notes of some bars of a part, without its pickup."""
    whole = parts_of(tune)[part]
    full = whole.bars[whole.pickup > 0 :]
    return [
        [([pitch.midi for pitch in note.pitches], note.length, note.tie) for note in full[n].notes]
        for n in numbers
    ]


def tune_of(seed: int, **wishes: object) -> Tune:
    return drawn(TuneRequest.of({"n": 1, **wishes}), seed)


def held(tune: Tune, keep: str, seed: int, **wishes: object) -> Tune:
    return drawn(TuneRequest.of({"n": 1, "hold": f"{keep}\n{tune.abc()}", **wishes}), seed)


@pytest.mark.parametrize("wishes", [{}, {"form": "AABBCC", "bars": 4}, {"form": "AB", "type": "hornpipe"}])
@pytest.mark.parametrize("seed", range(3))
def test_a_part_stays_and_the_others_are_new(seed: int, wishes: dict[str, object]) -> None:
    old = replace(tune_of(seed, **wishes), headers=())
    if any(part.first for part in parts_of(old)):
        pytest.skip("drawn with endings")
    for keep, part in (("A", 0), ("B", 1)):
        new = held(old, keep, seed + 50)
        count = parts_of(old)[0].count
        assert bars(new, range(count), part=part) == bars(old, range(count), part=part)
        assert parts_of(new)[part].pickup == parts_of(old)[part].pickup
        assert bars(new, range(count), part=1 - part) != bars(old, range(count), part=1 - part)
        assert not new.wrong_bars()
        assert (new.key, new.meter, new.rhythm) == (old.key, old.meter, old.rhythm)
        assert form_of(parts_of(new)) == form_of(parts_of(old))


@pytest.mark.parametrize("seed", range(4))
def test_bars_stay_with_others_before_between_and_after(seed: int) -> None:
    old = tune_of(seed + 20)
    if any(part.first for part in parts_of(old)):
        pytest.skip("drawn with endings")
    new = held(old, "3-4, 7,9-12", seed)
    for part, kept in ((0, range(2, 4)), (0, range(6, 7)), (1, range(4))):
        assert bars(new, kept, part=part) == bars(old, kept, part=part)
    assert not new.wrong_bars()
    assert form_of(parts_of(new)) == form_of(parts_of(old))


def test_all_bars_but_some_stay() -> None:
    old = Tune.read(WALTZ)
    new = held(old, "!5-6", 2)
    assert bars(new, range(4)) == bars(old, range(4))
    assert bars(new, range(6, 8)) == bars(old, range(6, 8))
    assert bars(new, range(8), part=1) == bars(old, range(8), part=1)
    assert bars(new, range(4, 6)) != bars(old, range(4, 6))
    assert not new.wrong_bars()


def test_what_somebody_pasted_stays_with_its_ornaments() -> None:
    old = Tune.read(WALTZ)
    new = held(old, "A", 3)
    assert "{f}ef" in new.abc()
    assert "~e2" in new.abc()
    assert "[eg]2" in new.abc()
    assert bars(new, range(8)) == bars(old, range(8))
    assert new.key == Key("E", "dorian")
    assert (new.rhythm, new.meter.abc) == ("waltz", "3/4")
    assert not new.wrong_bars()


def test_another_seed_draws_otherwise_and_the_same_the_same() -> None:
    old = Tune.read(WALTZ)
    one, other, again = held(old, "A", 3), held(old, "A", 4), held(old, "A", 3)
    assert one == again
    assert bars(one, range(8), part=1) != bars(other, range(8), part=1)


def test_it_travels_to_other_machines() -> None:
    request = TuneRequest.of({"hold": f"1-4\n{WALTZ}", "temp": 1.0})
    assert unpacked(packed(request)) == request


def test_it_may_be_moved_to_another_key_of_its_mode() -> None:
    new = held(Tune.read(WALTZ), "B", 5, key="Ador")
    assert new.key == Key("A", "dorian")
    there = Tune.read(WALTZ).transposed(Key("A", "dorian")).fitted()
    assert bars(new, range(8), part=1) == bars(there, range(8), part=1)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a", "A"),
        (" A , c", "A,C"),
        ("1-4;9-12", "1-4,9-12"),
        ("3", "3"),
        ("3-3", "3"),
        ("2 – 4 6", "2-4,6"),
        ("A and C", "A,C"),
    ],
)
def test_which_bars_are_kept_has_one_spelling(text: str, read: str) -> None:
    assert read_bars(text) == read_keep(text) == read


@pytest.mark.parametrize("text", ["", "D", "4-2", "0-3", "all", "1-", "A-B"])
def test_what_says_no_bars_is_refused(text: str) -> None:
    with pytest.raises(RequestError, match="keep=A"):
        read_keep(text)
    with pytest.raises(RequestError, match="5-8"):
        read_bars(text)


@pytest.mark.parametrize(
    ("hold", "sentence"),
    [
        ("C\n" + WALTZ, "has 2 parts"),
        ("15-17\n" + WALTZ, "has 16 bars"),
        ("A,B\n" + WALTZ, "nothing is left to draw"),
        ("!A,B\n" + WALTZ, "nothing of the tune is left"),
        ("A\nX:1\nK:G\nGABc|", "two or three parts"),
        ("A\nX:1\nK:G", "can't read the tune"),
    ],
)
def test_what_cannot_be_held_is_said(hold: str, sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence):
        Held.read(hold)


def test_a_model_that_marks_no_parts_says_that_it_cannot() -> None:
    model = open_model("jigs", "fast")
    request = model.settle(TuneRequest.of({"hold": f"A\n{WALTZ}"}), 1)
    with pytest.raises(RequestError, match="leave the model out"):
        model.plan(request)
