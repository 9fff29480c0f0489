"""Files as people send them, good and bad, made here byte by byte."""

import io
import zipfile
from collections.abc import Sequence

TUNE = "X:1\nT:Café Gate\nM:6/8\nL:1/8\nK:G\n|:GAB d2e|gfe d2B:|\n"
SCORE = """<?xml version="1.0" encoding="UTF-8"?>
<score-partwise version="4.0">
<work><work-title>The Packed Gate</work-title></work>
<part-list><score-part id="P1"><part-name>Flute</part-name></score-part></part-list>
<part id="P1">
<measure number="1"><attributes><divisions>2</divisions><key><fifths>1</fifths></key>
<time><beats>3</beats><beat-type>4</beat-type></time></attributes>
<harmony><root><root-step>G</root-step></root><kind>major</kind></harmony>
<note><pitch><step>G</step><octave>4</octave></pitch><duration>2</duration></note>
<note><pitch><step>F</step><alter>1</alter><octave>4</octave></pitch><duration>2</duration></note>
<note><pitch><step>F</step><octave>4</octave></pitch><duration>2</duration></note></measure>
<measure number="2"><note><pitch><step>G</step><octave>4</octave></pitch><duration>6</duration>
<lyric><text>la</text></lyric></note></measure>
</part>
</score-partwise>
"""


def variable(value: int) -> bytes:
    """A variable-length quantity."""
    parts = [value & 0x7F]
    while value := value >> 7:
        parts.append(0x80 | value & 0x7F)
    return bytes(reversed(parts))


def track(*events: tuple[int, bytes]) -> bytes:
    """A chunk of events, each after so many ticks."""
    body = b"".join(variable(wait) + event for wait, event in (*events, (0, b"\xff\x2f\0")))
    return b"MTrk" + len(body).to_bytes(4, "big") + body


def midi(*tracks: bytes, ticks: int = 96) -> bytes:
    """A file of these tracks."""
    head = (1).to_bytes(2, "big") + len(tracks).to_bytes(2, "big") + ticks.to_bytes(2, "big")
    return b"MThd" + (6).to_bytes(4, "big") + head + b"".join(tracks)


def melody(pitches: Sequence[int], ticks: int = 48, channel: int = 0, late: Sequence[int] = ()) -> bytes:
    """A track of even notes with nothing else; ``late`` says by how many ticks each begins and ends late."""
    events: list[tuple[int, bytes]] = []
    now = 0
    for number, pitch in enumerate(pitches):
        off = late[number % len(late)] if late else 0
        begin, end = number * ticks + off, (number + 1) * ticks - 8 + off
        events.append((begin - now, bytes((0x90 | channel, pitch, 80))))
        events.append((end - begin, bytes((0x90 | channel, pitch, 0))))
        now = end
    return track(*events)


def packed(**members: bytes) -> bytes:
    """A packed file, ``__`` in a name standing for a slash, ``_`` for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name.replace("__", "/").replace("_", "."), data)
    return out.getvalue()


SIXTEEN = midi(*(melody([60 + number, 62 + number] * 8, channel=number % 9) for number in range(16)))
ONE_VOICE = midi(melody([67, 69, 71, 74, 74, 76, 79, 78, 76, 74, 74, 71]))
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 4
BOMB = packed(score_xml=SCORE.encode() + b" " * 50_000_000)

HOSTILE = {
    "empty": (b"", "That file is empty."),
    "blank": (b" \r\n \n", "That file is empty."),
    "20 MB": (
        b"X:1\nK:C\n" + b"C" * 20_000_000,
        "That file is too large for me; 500 kB are the most",
    ),
    "a picture": (PNG, "That file is no tune that I can read"),
    "a bomb": (BOMB, "That .mxl file unpacks to more than I open"),
    "16 voices": (SIXTEEN, "There are 16 voices in that file; I read one melody"),
    "cut off": (ONE_VOICE[:-20], "That MIDI file is damaged or cut off"),
    "no score": (packed(readme_txt=b"hello"), "There is no score in that packed file"),
    "broken zip": (packed(score_xml=SCORE.encode())[:-30], "That MusicXML file is damaged or cut off"),
    "cut score": (SCORE[:600].encode(), "That MusicXML file is damaged or cut off"),
    "laughs": (
        SCORE.replace("<score-p", '<!DOCTYPE a [<!ENTITY a "ha">]><score-p', 1).encode(),
        "is damaged",
    ),
}
"""What comes, and how the one sentence begins that answers it."""
