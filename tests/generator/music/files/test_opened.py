"""Files that people send: what they say comes out as ABC, and what is no tune of one voice says why."""

import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import FileError
from generator.music.files.opened import MOST_BYTES, open_file
from generator.music.pasted_tune import read_pasted
from generator.music.tune import Tune
from generator.render.midi import midi_bytes
from generator.render.musicxml import musicxml
from tests.bot.players import JIG
from tests.generator.music.files.made import HOSTILE, ONE_VOICE, SCORE, TUNE, melody, midi, packed, track

TUNES = {
    "jig": JIG,
    "tied, with accidentals and triplets": (
        "X:1\nT:W\nM:3/4\nL:1/8\nK:Am\n^GA (3Bcd e2|[Ac]3 ^F _B2-|B2 z2 A>=B|A4 A2|]\n"
    ),
    "flats, cut time": "X:1\nT:P\nM:C|\nL:1/8\nK:Bb\n|:B4- B2 cd|d2 =e2 f4:|\n",
    "semitones": "X:1\nT:S\nM:4/4\nL:1/16\nK:F#m\nFGAB ^c=c_BA GF=E_E D^DE^E|f16|]\n",
}


def heard(tune: Tune) -> list[tuple[object, object, object]]:
    return [(note.onset, note.length, note.pitches) for note in tune.played()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_text_in_any_encoding(encoding: str) -> None:
    assert open_file(TUNE.encode(encoding)).abc == TUNE
    assert open_file(TUNE.replace("\n", "\r").encode(encoding)).abc.split("\r")[1] == "T:Café Gate"


def test_a_book_is_cut_between_tunes_and_says_so() -> None:
    book = "%abc-2.1\n\n" + "\n".join(TUNE.replace("X:1", f"X:{number}") for number in range(1, 1001))
    opened = open_file(book.encode())
    count = opened.abc.count("X:")
    assert opened.remarks == (f"There are 1000 tunes in that file, of which I took the first {count}.",)
    assert read_pasted(opened.abc, count).title == "Café Gate"
    with pytest.raises(FileError, match="too long for one tune"):
        open_file(b"X:1\nK:C\n" + b"C" * 30_000)


@pytest.mark.parametrize("name", TUNES)
def test_our_own_files_come_back_as_they_sound(name: str) -> None:
    tune = Tune.read(TUNES[name])
    for data in (midi_bytes(tune), musicxml(tune).encode(), musicxml(tune).encode("utf-16")):
        if data.startswith(b"\xff\xfe"):
            data = musicxml(tune).replace("UTF-8", "UTF-16", 1).encode("utf-16")  # noqa: PLW2901
        opened = open_file(data)
        read = read_pasted(opened.abc)
        assert heard(read) == heard(tune)
        assert (read.title, read.key.signature) == (tune.title, tune.key.signature)
        assert not opened.remarks


def test_repeats_endings_and_chords_of_a_score_stay() -> None:
    abc = 'X:1\nT:E\nM:4/4\nL:1/8\nK:D\n|:"D"D2 F2 A4|"A7"c4 e4|1 d8:|2 {e}d4 z4||"Em/B"B8|]\n'
    tune = Tune.read(abc)
    read = read_pasted(open_file(musicxml(tune).encode()).abc)
    assert read.bars[2].endings == (1,)
    assert heard(read) == heard(tune)
    chords = [note.chord.abc for bar in read.bars for note in bar.notes if note.chord]
    assert chords == ["D", "A7", "Em/B"]
    assert read.bars[3].notes[0].grace == tune.bars[3].notes[0].grace


def test_a_score_plain_and_packed_says_what_is_left_out() -> None:
    opened = open_file(SCORE.encode())
    assert opened.remarks == ("The lyrics are left out.",)
    assert opened.abc == 'X:1\nT:The Packed Gate\nM:3/4\nL:1/8\nK:G\n"G"G2 F2 =F2 | G6 | \n'
    container = b'<container><rootfiles><rootfile full-path="a/b.xml"/></rootfiles></container>'
    named = packed(
        other_xml=b"<a/>", a__b_xml=SCORE.encode(), META__INF=b"", **{"META-INF__container_xml": container}
    )
    assert open_file(named) == open_file(packed(score_xml=SCORE.encode())) == opened


def test_a_played_midi_file_is_drawn_to_note_values_and_its_key_is_guessed() -> None:
    late = midi(melody([67, 69, 71, 74, 74, 76, 79, 78, 76, 74, 71, 67], late=(0, 3, 1, 5)))
    opened = open_file(late)
    assert "GABd" in opened.abc.replace(" ", "")
    assert "No key stands in the file; from its notes it is read as G major." in opened.remarks
    assert len({note.length for note in read_pasted(opened.abc).played()[:-1]}) == 1


def test_chords_that_begin_together_are_read_and_voices_against_each_other_are_not() -> None:
    on, off = (lambda pitch: bytes((0x90, pitch, 80))), (lambda pitch: bytes((0x80, pitch, 0)))
    together = track((0, on(60)), (0, on(64)), (96, off(60)), (0, off(64)))
    assert "[CE]2" in open_file(midi(together)).abc
    events = [(0, on(48))]
    for pitch in (60, 62, 64, 65, 67, 69, 71, 72):
        events += [(0, on(pitch)), (48, off(pitch)), (0, off(pitch - 12)), (0, on(pitch - 10))]
    drone = [(0, on(40)), (24, on(60)), (48, off(40)), (0, on(41)), (24, off(60))]
    with pytest.raises(FileError, match="Several notes sound against each other"):
        open_file(midi(track(*drone, *drone, *drone)))


def test_drums_are_left_out_and_an_unended_note_ends_with_its_track() -> None:
    beat = melody([36, 38] * 4, channel=9)
    open_ended = track((0, bytes((0x90, 62, 80))), (192, bytes((0xC0, 5))))
    opened = open_file(midi(beat, open_ended))
    assert "The drums are left out." in opened.remarks
    assert heard(read_pasted(opened.abc))[0][1] * 2 == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_tune_says_so_in_one_sentence_and_in_little_memory(name: str) -> None:
    data, sentence = HOSTILE[name]
    tracemalloc.start()
    try:
        with pytest.raises(FileError) as caught:
            open_file(data)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert str(caught.value).startswith(sentence) or sentence in str(caught.value)
    assert most < 16_000_000


@given(st.integers(0, len(ONE_VOICE)), st.integers(0, 255), st.integers(0, len(ONE_VOICE) - 1))
def test_a_damaged_midi_file_is_read_or_refused(end: int, byte: int, at: int) -> None:
    damaged = bytearray(ONE_VOICE[:end])
    if at < end:
        damaged[at] = byte
    _read_or_refused(bytes(damaged))


@given(
    st.integers(0, len(SCORE)),
    st.integers(0, len(SCORE)),
    st.sampled_from(["0", "-1", "99", "x", "<note>", "1e9", "/"]),
)
def test_a_damaged_score_is_read_or_refused(begin: int, length: int, word: str) -> None:
    _read_or_refused((SCORE[:begin] + word + SCORE[begin + length % 4 :]).encode())


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"MThd\0\0\0\6\0\1\0\1\0\x60MTrk\0\0\1\0", b"PK\x03\x04"])
)
def test_any_bytes_are_read_or_refused(data: bytes, head: bytes) -> None:
    _read_or_refused(head + data)


def _read_or_refused(data: bytes) -> None:
    """Open a file; any other error than a sentence fails the test."""
    with suppress(FileError):
        assert len(open_file(data).abc) < MOST_BYTES
