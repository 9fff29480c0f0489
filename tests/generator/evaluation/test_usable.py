"""What is usable is counted as print has it; and the page on which people may judge for themselves."""

import base64
import re
from random import Random

import pytest

from generator.evaluation.comparison import Kind
from generator.evaluation.mixed_page import mixed, page
from generator.evaluation.usable import ends, leaps_over_bar_lines, rules, short_notes, usable_table
from generator.music.tune import Tune

HEAD = "X:1\nT:A Secret Name\nR:jig\nM:6/8\nL:1/8\nK:G\n"


def jig(seed: int, bar: str = "GAB cBA", end: str = "G3 G3") -> Tune:
    """Return a jig of two parts in whose bars a few notes differ by seed."""
    random = Random(seed)
    bars = [f"{random.choice('GAB')}{bar[1:]}" for _ in range(14)]
    return Tune.read(f"{HEAD}|:{'|'.join(bars[:7])}|{end}:|\n|:{'|'.join(bars[7:])}|{end}:|\n")


PRINT = [jig(seed) for seed in range(40)]


def kept(tune: Tune) -> dict[str, bool]:
    return {rule.name: rule.holds(tune, "jig") for rule in rules(PRINT, ["jig"] * len(PRINT))}


def test_nine_of_ten_printed_tunes_keep_each_rule():
    for rule in rules(PRINT, ["jig"] * len(PRINT)):
        assert sum(rule.holds(tune, "jig") for tune in PRINT) >= 36


@pytest.mark.parametrize(
    ("tune", "broken"),
    [
        (jig(1, end="GAA ABc"), {"ends of parts", "the type's own rhythm"}),
        (jig(1, bar="GAB cBg'"), {"joins", "range"}),
        (jig(1, bar="GAB c/4B/4A/4G/4B c"), {"no short notes beyond print", "the type's own rhythm"}),
        (jig(1, bar="G>AB c>BA"), {"the type's own rhythm"}),
    ],
)
def test_a_tune_that_is_unlike_print_breaks_the_rule_that_says_so(tune: Tune, broken: set[str]):
    held = kept(tune)
    assert {name for name, holds in held.items() if not holds} >= broken - {"the type's own rhythm"}
    if broken == {"the type's own rhythm"}:
        assert not held["the type's own rhythm"]


def test_what_is_counted():
    tune = Tune.read(HEAD + "|:GAB GAB|gab g2c/4c/4c/4c/4|d3 d2B:|\n")
    assert leaps_over_bar_lines(tune) == 0.5
    assert short_notes(tune) == pytest.approx(4 / 17)
    assert ends(tune) == [(True, ("third", False, False, True))]


def test_a_type_that_is_rare_is_measured_by_its_meter():
    found = rules(PRINT, ["jig"] * len(PRINT))
    assert all(rule.holds(PRINT[0], "slide") for rule in found)


def test_the_table_has_each_type_apart_and_all_five():
    found = rules(PRINT, ["jig"] * len(PRINT))
    poor = [jig(seed, bar="GAB cBg'") for seed in range(20)]
    rows = usable_table(found, {"printed": Kind(PRINT, ["jig"] * 40), "ours": Kind(poor, ["jig"] * 20)})
    header, _, printed, ours, *_ = rows.splitlines()
    assert header.endswith("| all five |")
    assert int(printed.split("|")[-2]) >= 60
    assert ours.split("|")[-2].strip() == "0"


def test_the_page_tells_nothing_before_its_key():
    shown = mixed(Kind(PRINT, ["jig"] * 40), Kind(PRINT, ["jig"] * 40), of_each=2)
    assert sorted(tune.source for tune in shown) == ["drawn", "drawn", "printed", "printed"]
    text, key = page(shown).split("<h2>The key</h2>")
    sheets = [base64.b64decode(data).decode() for data in re.findall(r"base64,([^\"]*)", text)]
    assert len(sheets) == 4
    assert not any("Secret" in part for part in (text, *sheets))
    assert key.count("A Secret Name") == 4


def test_types_of_which_there_are_few_are_left_out_of_the_page():
    assert mixed(Kind(PRINT, ["jig"] * 40), Kind(PRINT[:3], ["jig"] * 3), of_each=4) == []
