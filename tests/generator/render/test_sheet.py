"""The picture: everything that a player wants to know, at the width of a phone."""

import io
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from generator.music.tune import Tune
from generator.render import fonts, sheet
from generator.render.layout import lines
from generator.render.sheet import png, rasterized, svg
from tests.generator.render.tunes import air, all_tunes, hornpipe, jig, waltz

SVG = "{http://www.w3.org/2000/svg}"
each_tune = pytest.mark.parametrize("tune", all_tunes(), ids=lambda tune: tune.title)


def pixels(picture: bytes) -> np.ndarray:
    """Grey values, 0 for black, shape (height, width)."""
    return np.asarray(Image.open(io.BytesIO(picture)).convert("L"))


def count(drawing: str, kind: str) -> int:
    return sum(kind in element.get("class", "").split() for element in ET.fromstring(drawing).iter())


def words(drawing: str) -> list[str]:
    return ["".join(text.itertext()) for text in ET.fromstring(drawing).iter(f"{SVG}text")]


def staff_lines(grey: np.ndarray) -> int:
    """Rows that are dark nearly all across, neighbours counted as one."""
    inside = grey[:, 60:-60]
    dark = (inside < 190).mean(1) > 0.9  # a line between two rows of pixels is grey in both
    return int((dark[1:] & ~dark[:-1]).sum())


@each_tune
def test_has_every_bar_and_every_note(tune):
    drawing = svg(tune)
    assert count(drawing, "measure") == len(tune.bars)
    assert count(drawing, "system") == len(lines(tune))


@pytest.mark.parametrize("tune", [jig(), hornpipe()], ids=lambda tune: tune.title)
def test_the_picture_is_as_wide_as_a_phone_with_white_margins_and_five_lines_a_staff(tune):
    grey = pixels(png(tune))
    assert grey.shape[1] == 1000
    for margin in (grey[:25], grey[-25:], grey[:, :25], grey[:, -25:]):
        assert (margin == 255).all()
    assert staff_lines(grey) == 5 * len(lines(tune))


@each_tune
def test_the_file_is_small_enough_for_any_chat(tune):
    assert 5_000 < len(png(tune)) < 300_000


def test_names_the_tune_its_type_key_meter_tempo_and_chords():
    said = words(svg(jig()))
    assert {"The Hand-Made Jig", "Jig · G major · 6/8", "= 112", "D7/F#", "Eb", "Am"} <= set(said)
    assert "Trad." in words(svg(waltz()))


def test_says_common_and_cut_time_in_figures():
    assert any("2/2" in said for said in words(svg(hornpipe())))


def test_no_sign_needs_a_music_font():
    for tune in all_tunes():
        drawing = svg(tune)
        assert "Leipzig" not in drawing
        assert not [letter for letter in drawing if "\ue000" <= letter <= "\uf8ff"]


def test_the_beat_of_the_tempo_is_drawn():
    with_tempo, without = pixels(png(jig())), pixels(png(air()))
    corner = (slice(128, 160), slice(40, 70))  # left of the figures
    assert (with_tempo[corner] < 100).sum() > 40
    assert (without[corner] < 100).sum() > 20


def test_turns_a_title_that_ends_in_its_article():
    assert "The Echo" in words(svg(Tune.read("X:1\nT:Echo, The\nM:2/4\nL:1/8\nK:C\nc4|]\n")))


def test_endings_and_repeats_are_engraved():
    drawing = svg(hornpipe())
    assert count(drawing, "ending") >= 2
    assert {"1", "2,3"} <= {said.strip(". ") for said in words(drawing)}


def test_the_dark_variant_is_light_on_dark():
    light, dark = pixels(rasterized(svg(air()))), pixels(rasterized(svg(air(), dark=True)))
    assert np.median(light) == 255
    assert np.median(dark) < 40
    assert dark.max() > 200


def test_is_the_same_drawing_every_time():
    assert svg(waltz()) == svg(waltz())


def test_an_endless_tune_still_fits_a_chat():
    tune = Tune.read("X:1\nT:Endless\nM:2/4\nL:1/8\nK:C\n" + "c4|" * 400 + "\n")
    grey = pixels(png(tune))
    assert grey.shape[0] <= 8000
    assert sum(grey.shape) <= 10_000


def test_a_long_title_stays_on_the_paper():
    grey = pixels(png(Tune.read("X:1\nT:" + "A Very Long Title " * 9 + "\nM:2/4\nL:1/8\nK:C\nc4|]\n")))
    assert (grey[:130, :20] == 255).all()
    assert (grey[:130, -20:] == 255).all()


@pytest.mark.parametrize("title", ['Bríd\'s <Jig> & "Reel"', "Ólafur 🎻", "Полька", "]]>"])
def test_any_title_can_be_drawn(title):
    tune = Tune.read(f"X:1\nT:{title}\nM:2/4\nL:1/8\nK:C\nc4|]\n")
    assert tune.title in words(svg(tune))
    assert png(tune)


def test_four_bars_a_line_and_a_part_begins_a_line():
    assert [len(line) for line in lines(jig())] == [5, 5, 4, 4]  # a pickup; a second ending
    assert [line[0] for line in lines(hornpipe())] == [0, 5]


def test_crowded_bars_stand_two_a_line():
    tune = Tune.read("X:1\nT:Crowd\nM:4/4\nL:1/16\nK:C\n" + "cdefgabcgfedcdef|" * 4 + "\n")
    assert [len(line) for line in lines(tune)] == [2, 2]


def test_without_any_font_the_notes_are_drawn_and_the_log_says_so_once(monkeypatch, caplog):
    monkeypatch.setattr(fonts, "_packaged", lambda: None)
    monkeypatch.setattr(fonts, "_installed", lambda: None)
    fonts.text_fonts.cache_clear()
    try:
        grey = pixels(png(jig()))
        png(air())
    finally:
        fonts.text_fonts.cache_clear()
    assert staff_lines(grey) == 5 * len(lines(jig()))
    assert sum("font" in record.message for record in caplog.records) == 1


def test_the_system_font_serves_where_the_package_is_missing(monkeypatch):
    monkeypatch.setattr(fonts, "_packaged", lambda: None)
    monkeypatch.setattr(fonts, "_installed", lambda: fonts.Fonts("Some Serif", ()))
    monkeypatch.setattr(sheet, "text_fonts", fonts.text_fonts)
    fonts.text_fonts.cache_clear()
    try:
        assert "Some Serif" in svg(air())
    finally:
        fonts.text_fonts.cache_clear()
