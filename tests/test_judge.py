"""The judge of tunes, on made-up ones: it finds out what differs, and nothing where nothing does."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from benchmarks.judge.joins import joins
from benchmarks.judge.ngrams import Foresight
from benchmarks.judge.phrases import moved, near
from benchmarks.judge.sheet import Sheet, sheet_of
from benchmarks.judge.verdict import Case, case_of, halves, judge
from benchmarks.judge.why import telling
from generator.music.tune import Tune

pytest.importorskip("sklearn")

SCALE = "GABcdefgab"
HEAD = "X:1\nT:One\nM:6/8\nL:1/8\nK:G\n"


def sheet(music: str) -> Sheet:
    found = sheet_of(Tune.read(HEAD + music + "\n"), "jig")
    assert found is not None
    return found


def walk(random: Random, longest: int) -> Tune:
    """Draw a tune of two parts whose line moves by so many steps at most."""
    at, parts = 4, []
    for _ in "AB":
        bars = []
        for _ in range(8):
            notes = []
            for _ in range(6):
                at = min(9, max(0, at + random.randint(-longest, longest)))
                notes.append(SCALE[at])
            bars.append("".join(notes))
        parts.append("|:" + "|".join(bars) + ":|")
    return Tune.read(HEAD + "\n".join(parts) + "\n")


def measured(seed: int, longest: int, count: int) -> list[dict[str, float]]:
    from benchmarks.judge.__main__ import measures

    before = Random(99)
    foresight = Foresight(filter(None, (sheet_of(walk(before, 2), "jig") for _ in range(10))))
    random = Random(seed)
    tunes = [walk(random, longest) for _ in range(count)]
    return measures(tunes, ["jig"] * count, foresight)[0]


def test_tunes_of_one_kind_are_not_told_apart() -> None:
    one, other = measured(1, 2, 100), measured(2, 2, 100)
    case = case_of(one, other, ["jig"] * 100, range(100))
    assert judge(case, boost=False).auc == pytest.approx(0.5, abs=0.13)


def test_tunes_of_two_kinds_are_told_apart_and_it_is_said_by_what() -> None:
    one, other = measured(1, 2, 50), measured(2, 6, 50)
    case = case_of(one, other, ["jig"] * 50, range(50))
    verdict = judge(case)
    assert min(verdict.auc, verdict.logistic, verdict.boosting, verdict.by_type["jig"]) > 0.95
    interval = next(each for each in telling(case) if each.name == "mean interval, semitones")
    assert interval.auc > 0.95
    assert interval.printed < interval.drawn
    apart = [judge(halves(case, seed), boost=False).auc for seed in range(3)]
    assert sum(apart) / 3 == pytest.approx(0.5, abs=0.2)


def test_a_tune_is_not_known_by_its_family() -> None:
    """Half the families are called drawn: who may learn from a tune's own family finds them all."""
    figures = [found for found in measured(1, 2, 20) for _ in range(4)]
    names = tuple(figures[0])
    case = Case(
        names,
        np.array([[found.get(name, np.nan) for name in names] for found in figures]),
        np.arange(80) % 8 < 4,
        ("jig",) * 80,
        tuple(range(80)),
    )
    assert judge(case, boost=False).auc > 0.95
    family = tuple(number // 4 for number in range(80))
    assert judge(replace(case, groups=family), boost=False).auc < 0.85


def test_parts_are_read_once_and_pickups_apart() -> None:
    found = sheet("|:D|GAB GAB|G3- G2 B|G6|G3 G2:|")
    (section,) = found.sections
    assert [note.pitch for note in section.pickup] == [62]
    assert [len(bar.notes) for bar in section.bars] == [6, 2, 1, 2]
    assert section.bars[1].notes[0].length == 40


def test_bars_are_new_or_return_and_so_are_joins() -> None:
    found = sheet("|:GAB GAB|cde cde|GAB GAB|gfe dcB:|")
    assert found.returns == (False, False, True, False)
    assert [(join.step, join.kind) for join in joins(found)] == [
        (1, "new to new"),
        (-9, "new to returning"),
        (8, "returning to new"),
    ]


def test_bars_are_near_or_moved() -> None:
    one, two, three, four = sheet("|:GAB cde|GAB dcB|ABc def|gfe dcB:|").bars
    assert near(one, four) is False
    assert near(one, two) is True
    assert moved(one, three) is True
    assert moved(one, four) is False


def test_what_was_counted_surprises_less() -> None:
    random = Random(5)
    known = [sheet_of(walk(random, 2), "jig") for _ in range(20)]
    foresight = Foresight(filter(None, known))
    assert known[0] is not None
    new = sheet_of(walk(random, 6), "jig")
    assert new is not None
    name = "surprise, pitch: all"
    assert foresight.measured(known[0])[name] < foresight.measured(new)[name]
