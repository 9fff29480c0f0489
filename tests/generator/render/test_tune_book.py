"""A book of tunes: one PDF with contents, one MIDI file with all tunes after each other."""

from io import BytesIO

import pytest
from mido import MidiFile
from PIL import Image
from pypdf import PdfReader

from generator.music.tune import Tune
from generator.render.midi import midi_bytes
from generator.render.sheet import for_print
from generator.render.tune_book import Sheet, midi, pdf

ABC = "X:1\nT:{}\nM:6/8\nL:1/8\nQ:3/8={}\nK:{}\n|:GAB cde|dcB A2G:|\n"


def picture(high: int) -> bytes:
    """A sheet of some height."""
    out = BytesIO()
    Image.new("RGB", (1000, high), "white").save(out, "PNG")
    return out.getvalue()


def test_contents_name_each_tune_with_its_page() -> None:
    sheets = [Sheet(f"Tune No {n}", "jig, G major", picture(600)) for n in range(1, 61)]
    book = PdfReader(BytesIO(pdf("Ours — the best", sheets)))
    texts = [page.extract_text() for page in book.pages]
    assert "Ours — the best" in texts[0]
    leaves = next(n for n, text in enumerate(texts) if "Tune No" not in text)
    assert leaves == 3  # of contents
    contents = "\n".join(texts[:leaves])
    assert all(f"Tune No {n}" in contents for n in range(1, 61))
    assert "jig, G major" in contents
    assert len(book.pages) == leaves + 30  # two sheets a page
    assert [item.title for item in book.outline][:2] == ["Tune No 1", "Tune No 2"]  # type: ignore[union-attr]
    assert book.get_destination_page_number(book.outline[2]) == leaves + 1  # type: ignore[arg-type]
    assert texts[leaves].strip() == str(leaves + 1)


def test_a_very_long_sheet_is_made_to_fit_and_odd_titles_are_shortened() -> None:
    sheets = [Sheet("Ó" * 300, "reel", picture(6000)), Sheet("日本 🎻", "", picture(100))]
    book = PdfReader(BytesIO(pdf("B" * 200, sheets)))
    assert len(book.pages) == 3
    assert "Ó…" in book.pages[0].extract_text()


def test_a_real_sheet_is_fine_enough_for_paper() -> None:
    sheet = for_print(Tune.read(ABC.format("Real", 100, "G")))
    assert Image.open(BytesIO(sheet)).size[0] == 2000
    data = pdf("One", [Sheet("Real", "jig, G major", sheet)])
    assert len(data) < 300_000
    assert len(PdfReader(BytesIO(data)).pages[1].images) == 1


@pytest.mark.parametrize("count", [1, 5])
def test_the_tunes_sound_one_after_the_other_each_in_its_tempo(count: int) -> None:
    files = [midi_bytes(Tune.read(ABC.format(f"T{n}", 90 + 10 * n, "G"))) for n in range(count)]
    alone = [MidiFile(file=BytesIO(data)) for data in files]
    whole = MidiFile(file=BytesIO(midi(files)))
    (track,) = whole.tracks

    def notes(file: MidiFile) -> list[int]:
        return [event.note for track in file.tracks for event in track if event.type == "note_on"]

    assert notes(whole) == [note for file in alone for note in notes(file)]
    assert [event.text for event in track if event.type == "marker"] == [f"T{n}" for n in range(count)]
    pauses = whole.length - sum(file.length for file in alone)
    assert 0.3 * (count - 1) <= pauses <= 2.0 * (count - 1)
    assert sum(event.type == "set_tempo" for event in track) == count
