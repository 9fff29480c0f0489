"""A player shows what an MP3 is: title, artist, key and tempo."""

import io

import pytest
import soundfile

from generator.music.tune import Tune
from generator.render.audio import mp3
from generator.render.tags import id3

TUNE = "X:1\nT:Down the Café Stairs\nM:6/8\nL:1/8\nQ:3/8=112\nK:{key}\nABc def|gab a3|]\n"


def frames(tag: bytes) -> dict[str, bytes]:
    """The frames of an ID3v2.4 tag, read by its specification."""

    def number(four: bytes) -> int:
        assert all(byte < 128 for byte in four)
        return sum(byte << shift for byte, shift in zip(four, (21, 14, 7, 0), strict=True))

    assert tag[:6] == b"ID3\x04\0\0"
    assert number(tag[6:10]) == len(tag) - 10
    found, at = {}, 10
    while at < len(tag):
        size = number(tag[at + 4 : at + 8])
        found[tag[at : at + 4].decode()] = tag[at + 10 : at + 10 + size]
        at += 10 + size
    return found


@pytest.mark.parametrize(
    ("key", "tkey", "name"),
    [("F#m", b"\x03F#m", "F# minor"), ("Bb", b"\x03Bb", "Bb major"), ("Ador", None, "A dorian")],
)
def test_the_tag_names_title_artist_tempo_and_key(key: str, tkey: bytes | None, name: str) -> None:
    tune = Tune.read(TUNE.format(key=key))
    found = frames(id3(tune))
    assert found["TIT2"] == "\x03Down the Café Stairs".encode()
    assert found["TPE1"] == b"\x03Tunesmith"
    assert found["TBPM"] == b"\x03112"
    assert found.get("TKEY") == tkey
    assert found["COMM"] == b"\x03eng\0Key: " + name.encode()


def test_a_player_reads_it_and_plays_on() -> None:
    with soundfile.SoundFile(io.BytesIO(mp3(Tune.read(TUNE.format(key="D"))))) as file:
        assert file.title == "Down the Café Stairs"
        assert file.artist == "Tunesmith"
        assert file.frames > file.samplerate
