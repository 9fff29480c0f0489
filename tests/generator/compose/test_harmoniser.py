"""Chords are put where an accompanist would put them."""

from pathlib import Path

import pytest

from generator.compose.harmoniser import Harmoniser, chord_at, degree_of
from generator.music.dances import Meter
from generator.music.keys import Key
from generator.music.notation import Chord
from generator.music.tune import Tune, read_tunes
from generator.training.harmony_fit import agreement, counted, save_table

# Twelve tunes written for these tests, with the chords that a guitarist would play.
ACCOMPANIED = Path(__file__).with_name("accompanied.abc")
HEAD = "X:1\nT:Untold\nM:6/8\nL:1/8\nK:G\n"
REEL = "X:1\nT:Untold\nM:4/4\nL:1/8\nK:{}\n"


@pytest.fixture(scope="module")
def harmoniser() -> Harmoniser:
    return Harmoniser.load()


@pytest.fixture(scope="module")
def accompanied() -> list[Tune]:
    tunes = [tune for tune in read_tunes(ACCOMPANIED.read_text(encoding="utf-8")) if isinstance(tune, Tune)]
    assert len(tunes) == 12
    return tunes


def chords(tune: Tune) -> list[str]:
    return [note.chord.abc for bar in tune.bars for note in bar.notes if note.chord]


def test_tonic_subdominant_and_dominant_are_heard(harmoniser: Harmoniser):
    tune = Tune.read(HEAD + "|:D|GBd gdB|ceg ece|dfa fdA|BGG G2:|\n")
    assert chords(harmoniser.over(tune)) in (
        ["G", "C", "D", "G"],
        ["G", "C", "D7", "G"],
        ["G", "C", "D", "D7", "G"],
    )


def test_the_chords_move_with_the_tune(harmoniser: Harmoniser):
    tune = Tune.read(HEAD + "|:D|GBd gdB|ceg ece|dfa fdA|BGG G2:|\n")
    moved = tune.transposed(Key.read("Bb"))
    assert chords(harmoniser.over(moved)) == chords(harmoniser.over(tune).transposed(Key.read("Bb")))


def test_only_chords_are_added_and_own_ones_replaced(harmoniser: Harmoniser):
    tune = Tune.read(HEAD + '|:D|"F#dim"GBd gdB|ceg ece|(3d/e/f/ga fdA|BGG G2:|\n')
    over = harmoniser.over(tune)
    assert over.played() == tune.played()
    assert "F#dim" not in chords(over)
    assert harmoniser.over(over) == over


def test_a_tune_keeps_the_chords_that_it_came_with(harmoniser: Harmoniser):
    bare = Tune.read(HEAD + "|:D|GBd gdB|ceg ece|dfa fdA|BGG G2:|\n")
    own = Tune.read(HEAD + '|:D|"F#dim"GBd gdB|ceg ece|(3d/e/f/ga fdA|BGG G2:|\n')
    assert harmoniser.dressed(own) == own
    assert harmoniser.dressed(bare) == harmoniser.over(bare)
    assert own.without_chords().played() == own.played()
    assert chords(own.without_chords()) == []


def test_a_pickup_has_no_chord_and_the_first_full_bar_has(harmoniser: Harmoniser):
    over = harmoniser.over(Tune.read(HEAD + "|:D|GBd gdB|BGG G2:|\n"))
    assert over.bars[0].notes[0].chord is None
    assert over.bars[1].notes[0].chord is not None


@pytest.mark.parametrize(
    ("key", "allowed"),
    [
        ("Ador", {"Am", "G", "D", "C", "Em"}),
        ("Dmix", {"D", "C", "G", "Am", "Em"}),
        ("Aphr", None),
        ("Flyd", None),
    ],
)
def test_every_mode_has_its_chords(harmoniser: Harmoniser, key: str, allowed: set[str] | None):
    found = chords(harmoniser.over(Tune.read(REEL.format(key) + "A2ce ageg|d2ce dBGB|A2ce agef|gedB A4|]\n")))
    assert found
    assert allowed is None or set(found) <= allowed


@pytest.mark.parametrize("meter", ["2/4", "3/4", "4/4", "C|", "6/8", "9/8", "12/8", "3/2"])
def test_every_meter_is_harmonised(harmoniser: Harmoniser, meter: str):
    bar = Meter(meter).bar
    body = "|".join("GABcdedcBAGABAGABcdedcBA"[: int(bar * 8)] for _ in range(4))
    over = harmoniser.over(Tune.read(f"X:1\nT:Untold\nM:{meter}\nL:1/8\nK:G\n{body}|]\n"))
    assert over.bars[0].notes[0].chord is not None
    assert Tune.read(over.abc()).played() == over.played()


def test_degrees_and_chords_are_each_others_inverse():
    for tonic in ("C", "G", "D", "A", "E", "F", "Bb", "Eb"):
        for root in range(12):
            for quality in ("", "m", "7"):
                key = Key(tonic)
                assert degree_of(key, chord_at(key, (root, quality))) == (root, quality)


@pytest.mark.parametrize(
    ("quality", "heard"), [("m7", "m"), ("maj7", ""), ("9", "7"), ("6", ""), ("m6", "m")]
)
def test_accompanists_care_for_the_third_and_the_seventh(quality: str, heard: str):
    assert degree_of(Key("G"), Chord("D", quality)) == (7, heard)


@pytest.mark.parametrize("half", [0, 1])
def test_on_tunes_that_were_not_counted_four_bars_in_five_agree_with_the_print(
    accompanied: list[Tune], half: int
):
    learnt, unseen = accompanied[half::2], accompanied[1 - half :: 2]
    share = agreement(Harmoniser(counted(learnt)), unseen)
    whatever_the_notes = agreement(Harmoniser(counted(learnt), weight=0.0), unseen)
    assert share > 0.8
    assert share > whatever_the_notes + 0.3


def test_the_shipped_figures_agree_with_the_print(harmoniser: Harmoniser, accompanied: list[Tune]):
    assert agreement(harmoniser, accompanied) > 0.85
    assert all(agreement(harmoniser, [tune]) > 0.7 for tune in accompanied)


def test_figures_are_kept_as_they_were_counted(accompanied: list[Tune], tmp_path: Path):
    fresh = Harmoniser(counted(accompanied))
    save_table(tmp_path / "table.json", counted(accompanied))
    kept = Harmoniser.load(tmp_path / "table.json")
    assert [chords(kept.over(tune)) for tune in accompanied] == [
        chords(fresh.over(tune)) for tune in accompanied
    ]


@pytest.mark.parametrize("end", ["BAF G3", "BAF FAG", "FAc BAG", "ABc dcG"])
def test_under_a_last_tonic_stands_its_chord(harmoniser: Harmoniser, end: str):
    """A change within the last bar is allowed for it."""
    tune = Tune.read(HEAD + f"|:GBd gdB|ceg ece|dfa fdA|{end}:|\n")
    assert chords(harmoniser.over(tune))[-1] == "G"
