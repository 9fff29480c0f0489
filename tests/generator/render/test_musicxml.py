"""MusicXML is read back by two programs that are not ours, to the same notes and bars."""

from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from xml.etree import ElementTree as ET

import pytest

from generator.music.playing import played_order
from generator.music.tune import Tune
from generator.render.layout import bar_starts
from generator.render.musicxml import musicxml
from tests.generator.render.tunes import all_tunes, hornpipe, jig, waltz

each_tune = pytest.mark.parametrize("tune", all_tunes(), ids=lambda tune: tune.title)


def struck(tune: Tune) -> list[tuple[Fraction, tuple[int, ...]]]:
    """Onset in whole notes and pitches of each note as written, from the first bar to the last."""
    found, now, tied = [], Fraction(0), False
    for bar in tune.bars:
        for note in bar.notes:
            if note.pitches and not tied:
                found.append((now, tuple(sorted(pitch.midi for pitch in note.pitches))))
            tied = note.tie
            now += note.length
    return found


def bar_onsets(tune: Tune) -> list[Fraction]:
    return [Fraction(0), *accumulate(bar.length for bar in tune.bars)][:-1]


@each_tune
def test_music21_reads_the_same_notes_and_bars(tune):
    from music21 import converter

    part = converter.parseData(musicxml(tune), format="musicxml").parts[0]
    measures = list(part.getElementsByClass("Measure"))
    assert [Fraction(m.offset) / 4 for m in measures] == bar_onsets(tune)
    assert [Fraction(m.duration.quarterLength) / 4 for m in measures] == [bar.length for bar in tune.bars]
    notes = [
        (Fraction(n.getOffsetInHierarchy(part)) / 4, tuple(sorted(p.midi for p in n.pitches)))
        for n in part.recurse().notes
        if not n.duration.isGrace
        and "ChordSymbol" not in n.classes
        and not (n.tie and n.tie.type in ("stop", "continue"))
    ]
    assert notes == struck(tune)


def plainer(tune: Tune) -> Tune:
    """Without grace notes, which have no time of their own, and third passes, which verovio skips."""
    bars = [
        replace(
            bar,
            notes=tuple(replace(note, grace=()) for note in bar.notes),
            endings=tuple(turn for turn in bar.endings if turn < 3),
        )
        for bar in tune.bars
    ]
    return replace(tune, bars=tuple(bars))


@pytest.mark.parametrize("tune", [plainer(tune) for tune in all_tunes()], ids=lambda tune: tune.title)
def test_verovio_plays_the_same_notes_and_bars_repeats_included(tune):
    import verovio

    toolkit = verovio.toolkit()
    assert toolkit.loadData(musicxml(tune))
    timemap = toolkit.renderToTimemap({"includeMeasures": True})
    starts = [entry["qstamp"] / 4 for entry in timemap if "measureOn" in entry]
    order = [tune.bars[index].length for index, _ in played_order(tune.bars, tune.parts)]
    assert starts == pytest.approx([float(onset) for onset in [0, *accumulate(order)][:-1]], abs=1e-3)
    pitches = [
        (
            entry["qstamp"] / 4,
            tuple(sorted(toolkit.getMIDIValuesForElement(i)["pitch"] for i in entry["on"])),
        )
        for entry in timemap
        if entry.get("on")
    ]
    expected, now = [], Fraction(0)
    for index, _ in played_order(tune.bars, tune.parts):
        for note in tune.bars[index].notes:
            if note.pitches:
                expected.append((now, tuple(sorted(pitch.midi for pitch in note.pitches))))
            now += note.length
    assert [p for _, p in pitches] == [p for _, p in expected]
    assert [q for q, _ in pitches] == pytest.approx([float(onset) for onset, _ in expected], abs=1e-3)


@each_tune
def test_no_bar_is_filled_with_rests_that_the_tune_has_not(tune):
    written = sum(note.is_rest for bar in tune.bars for note in bar.notes)
    root = ET.fromstring(musicxml(tune))
    assert len(root.findall(".//rest")) == written
    assert not root.findall(".//forward")


def test_numbers_whole_bars_and_marks_the_others_as_implicit():
    measures = ET.fromstring(musicxml(jig())).findall("part/measure")
    assert [m.get("number") for m in measures[:3]] == ["0", "1", "2"]
    implicit = [m.get("implicit") == "yes" for m in measures]
    assert implicit == [start > 0 for start in bar_starts(jig())]


def test_repeats_and_endings_stand_where_they_belong():
    measures = ET.fromstring(musicxml(hornpipe())).findall("part/measure")
    repeats = [(i, r.get("direction")) for i, m in enumerate(measures) for r in m.iter("repeat")]
    tune = hornpipe()
    expected = []
    for index, bar in enumerate(tune.bars):
        expected += [(index, "forward")] * bar.repeat_start + [(index, "backward")] * bool(bar.repeat_end)
    assert repeats == expected
    endings = [e.get("number") for m in measures for e in m.iter("ending") if e.get("type") == "start"]
    assert endings == ["1", "2,3"]


def test_chord_symbols_keep_flats_and_basses():
    root = ET.fromstring(musicxml(waltz()))
    symbols = []
    for harmony in root.iter("harmony"):
        kind = harmony.find("kind")
        bass = harmony.findtext("bass/bass-step") or ""
        alter = {"1": "#", "-1": "b", None: ""}
        root_name = harmony.findtext("root/root-step") + alter[harmony.findtext("root/root-alter")]
        symbols.append(root_name + kind.get("text", "") + bass + alter[harmony.findtext("bass/bass-alter")])
    assert symbols == ["Dm", "A7", "Bb", "D", "A7C#", "D"]


@pytest.mark.parametrize("symbol", ["A/c+", "Hm", "D7b9", "Gsus", "N.C.", "C/Bb", "F#m7b5", "Bbmaj7/A"])
def test_odd_chord_symbols_do_no_harm(symbol):
    tune = Tune.read(f'X:1\nT:Odd\nM:2/4\nL:1/8\nK:C\n"{symbol}"c2 e2|"C"c4|]\n')
    root = ET.fromstring(musicxml(tune))
    assert len(root.findall(".//note")) == 3


def test_lengths_that_no_single_note_has_are_tied():
    tune = Tune.read("X:1\nT:Long\nM:4/4\nL:1/8\nK:C\nC5 D3|E7 F|]\n")
    notes = ET.fromstring(musicxml(tune)).findall(".//note")
    values = [(n.findtext("type"), len(n.findall("dot"))) for n in notes]
    assert values == [("half", 0), ("eighth", 0), ("quarter", 1), ("half", 2), ("eighth", 0)]
    assert [t.get("type") for t in notes[0].findall("tie")] == ["start"]


def test_accidentals_show_where_they_are_written_and_nowhere_else():
    tune = Tune.read("X:1\nT:Signs\nM:4/4\nL:1/4\nK:D\nF ^G G =f|c d e ^f|]\n")
    notes = ET.fromstring(musicxml(tune)).findall(".//note")
    assert [n.findtext("accidental") for n in notes] == [
        None, "sharp", None, "natural", None, None, None, "sharp",
    ]  # fmt: skip
    assert [n.findtext("pitch/alter") for n in notes] == ["1", "1", "1", "0", "1", None, None, "1"]


def test_beams_join_the_notes_of_a_beat():
    tune = Tune.read("X:1\nT:Beams\nM:6/8\nL:1/8\nK:D\nABc d2e|f3 A/B/c/d/e|]\n")
    notes = ET.fromstring(musicxml(tune)).findall(".//note")
    assert [n.findtext("beam[@number='1']") for n in notes] == [
        "begin", "continue", "end", None, None, None, "begin", "continue", "continue", "continue", "end",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("meter", "music", "groups"),
    [
        ("4/4", "ABcd edcB", ["bcce", "bcce"]),
        ("4/4", "A>Bc>d e2 dc", ["be", "be", "", "be"]),
        ("2/4", "ABcd", ["bcce"]),
        ("3/4", "AB cd ef", ["be", "be", "be"]),
        ("4/4", "zABc d4", ["", "bce", ""]),
        ("9/8", "ABc d2e fga", ["bce", "", "", "bce"]),
    ],
)
def test_beams_follow_the_meter(meter, music, groups):
    tune = Tune.read(f"X:1\nT:Beams\nM:{meter}\nL:1/8\nK:C\n{music}|]\n")
    notes = ET.fromstring(musicxml(tune)).findall(".//note")
    beams = "".join((n.findtext("beam[@number='1']") or " ")[0] for n in notes)
    expected = "".join(group or " " for group in groups)
    assert beams == expected


def test_a_rest_can_be_held():
    tune = Tune.read("X:1\nT:Held\nM:2/4\nL:1/8\nK:C\nc2 !fermata!z2|]\n")
    assert len(ET.fromstring(musicxml(tune)).findall(".//fermata")) == 1


def test_is_the_same_text_every_time_and_carries_no_date():
    assert musicxml(jig()) == musicxml(jig())
    assert "encoding-date" not in musicxml(jig())


@pytest.mark.parametrize("music", ["C/16>D/16", "C/128D/128", "A/3B/3c/3", "C5/64 D", "[L:1/1]C16"])
def test_odd_lengths_are_drawn_as_long_as_they_are(music):
    tune = Tune.read(f"X:1\nM:none\nL:1/8\nK:C\n{music}|]\n")
    measure = ET.fromstring(musicxml(tune)).find("part/measure")
    divisions = int(measure.findtext("attributes/divisions"))
    ticks = sum(int(duration.text) for duration in measure.iter("duration"))
    assert ticks / (4 * divisions) == pytest.approx(float(tune.bars[0].length), rel=0.01)
