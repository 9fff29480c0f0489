"""Opening a file that somebody sends, whatever it is: ABC text comes out, or one sentence why not."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final

from generator.errors import FileError
from generator.music.files.midi import midi_sheet
from generator.music.files.musicxml import DAMAGED, musicxml_sheet
from generator.music.files.sheet_abc import sheet_abc

MOST_BYTES: Final = 500_000
SUFFIXES: Final = (".abc", ".txt", ".mid", ".midi", ".musicxml", ".mxl", ".xml")
_MOST_UNPACKED: Final = 2_000_000
_MOST_MEMBERS: Final = 100
_MOST_TEXT: Final = 19_900  # characters; the reader of ABC takes a few more
EMPTY: Final = "That file is empty."
TOO_LARGE: Final = f"That file is too large for me; {MOST_BYTES // 1000} kB are the most I open."
NO_TUNE: Final = "That file is no tune that I can read; send .abc, .mid or .musicxml with one melody in it."
_BOMB: Final = "That .mxl file unpacks to more than I open; please send it as plain .musicxml."
_NO_SCORE: Final = "There is no score in that packed file; please send the tune as .musicxml or .abc."
_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_XML: Final = re.compile(r"\s*<(\?xml|!DOCTYPE score|score-(part|time)wise)", re.IGNORECASE)
_CONTROL: Final = re.compile(r"[\0-\x08\x0e-\x1a\x1c-\x1f]")
_TUNE: Final = re.compile(r"^[ \t]*X:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """What was in a file.

    Attributes:
        abc: text to be read as people paste it.
        remarks: sentences on what was guessed or left out.
    """

    abc: str
    remarks: tuple[str, ...] = ()


def open_file(data: bytes) -> OpenedFile:
    """Turn a file into ABC text; its name counts for nothing, as names lie.

    Args:
        data: the whole file.

    Raises:
        FileError: it is too large, damaged, or no tune of one voice.
    """
    if len(data) > MOST_BYTES:
        raise FileError(TOO_LARGE)
    if not data.strip():
        raise FileError(EMPTY)
    if data[:4] == b"RIFF" and data[8:12] == b"RMID" and (at := data.find(b"MThd", 12, 64)) > 0:
        data = data[at:]
    if data.startswith(b"MThd"):
        sheet = midi_sheet(data)
    elif data.startswith(b"PK\x03\x04"):
        sheet = musicxml_sheet(_unpacked(data))
    else:
        text = _decoded(data)
        if not _XML.match(text):
            return _cut(text)
        sheet = musicxml_sheet(data)
    return OpenedFile(sheet_abc(sheet), tuple(sheet.remarks))


def _unpacked(data: bytes) -> bytes:
    """Return the score of a packed MusicXML file (.mxl), which its container names."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            if len(names) > _MOST_MEMBERS:
                raise FileError(_NO_SCORE)
            wanted = ""
            if "META-INF/container.xml" in names:
                container = _member(packed, "META-INF/container.xml").decode("utf-8", "replace")
                found = re.search(r"full-path\s*=\s*[\"']([^\"']+)", container)
                wanted = found[1] if found else ""
            if wanted not in names:
                scores = [name for name in names if name.endswith((".musicxml", ".xml"))]
                wanted = next((name for name in scores if not name.startswith("META-INF/")), "")
            if not wanted:
                raise FileError(_NO_SCORE)
            return _member(packed, wanted)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError):
        raise FileError(DAMAGED) from None


def _member(packed: zipfile.ZipFile, name: str) -> bytes:
    """Unpack one file, and no more of it than we read."""
    entry = packed.getinfo(name)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FileError(DAMAGED)
    with packed.open(entry) as member:
        data = member.read(_MOST_UNPACKED + 1)
    if len(data) > _MOST_UNPACKED:
        raise FileError(_BOMB)
    return data


def _decoded(data: bytes) -> str:
    """Decode text: by its mark, by where its zero bytes are, as UTF-8, or else as Western European."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if not encoding:
        even, odd = data[:1000:2].count(0), data[1:1000:2].count(0)
        half = min(len(data), 1000) // 4
        encoding = "utf-16-le" if odd > half > even else "utf-16-be" if even > half > odd else "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise FileError(NO_TUNE) from None
        text = data.decode("cp1252", "replace")
    if len(_CONTROL.findall(text)) > len(text) // 100:
        raise FileError(NO_TUNE)
    return text


def _cut(text: str) -> OpenedFile:
    """Keep as many whole tunes of a book as are read at once."""
    if len(text) <= _MOST_TEXT:
        return OpenedFile(text)
    starts = [match.start() for match in _TUNE.finditer(text)]
    ends = [end for end in (*starts[1:], len(text)) if end - starts[0] <= _MOST_TEXT] if starts else []
    if not ends:
        raise FileError(f"That file is too long for one tune; {_MOST_TEXT:,} characters are the most I read.")
    remark = f"There are {len(starts)} tunes in that file, of which I took the first {len(ends)}."
    return OpenedFile(text[starts[0] : ends[-1]], (remark,))
