"""Players of B-flat and E-flat instruments read other notes, and sound at concert pitch."""

from xml.etree import ElementTree as ET

import pytest

from generator.errors import RequestError
from generator.music.keys import Key
from generator.music.tune import Tune
from generator.render.changes import Change, changed
from generator.render.musicxml import musicxml
from generator.render.sheet import svg
from generator.render.written_parts import PARTS, read_part, shift, written
from tests.generator.render.tunes import all_tunes, jig

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def sounding(xml: str) -> list[int]:
    """The MIDI numbers of a file as a notation program plays them, grace notes among them."""
    root = ET.fromstring(xml.partition("\n")[2].partition("\n")[2])
    shifted = int(root.findtext(".//transpose/chromatic", "0"))
    return [
        12 * int(pitch.findtext("octave", "4")) + 12 + STEPS[pitch.findtext("step", "C")]
        + int(float(pitch.findtext("alter", "0"))) + shifted
        for pitch in root.iter("pitch")
    ]  # fmt: skip


@pytest.mark.parametrize("tune", all_tunes(), ids=lambda tune: tune.title)
@pytest.mark.parametrize("part", PARTS)
def test_musicxml_for_a_part_sounds_at_concert_pitch(tune: Tune, part: str) -> None:
    concert, other = musicxml(tune), musicxml(tune, part)
    heard = sounding(other)
    octaves = {one - two for one, two in zip(sounding(concert), heard, strict=True)}
    assert octaves == {0}
    assert f"Part in {PARTS[part].shown}" in other
    assert Tune.read(written(tune, part).abc()) == written(tune, part)


@pytest.mark.parametrize(
    ("part", "key", "steps", "semitones"), [("Bb", "A", -1, -2), ("Eb", "E", 2, 3), ("", "G", 0, 0)]
)
def test_a_part_is_in_its_own_key(part: str, key: str, steps: int, semitones: int) -> None:
    tune = written(jig(), part)
    assert tune.key == Key(key)
    lower = shift(jig(), tune)
    assert (lower.steps, lower.semitones) == (steps, semitones)
    assert changed(jig().abc(), Change(part=part)).tune.abc.count(f"K:{key}\n") == 1


def test_the_picture_says_whose_part_it_is() -> None:
    drawn = svg(jig(), part="Bb")
    assert "part in B♭" in drawn
    assert "A major" in drawn
    assert "part in" not in svg(jig())


def test_the_names_of_parts_are_read() -> None:
    assert [read_part(text) for text in ("Bb", "b♭", "B-flat", "eb", "E flat")] == ["Bb"] * 3 + ["Eb"] * 2
    assert read_part("") == read_part("C") == ""
    with pytest.raises(RequestError, match="choose C, Bb or Eb"):
        read_part("F")
