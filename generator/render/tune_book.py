"""A book of tunes: the sheets as one PDF with contents, and the music as one Standard MIDI File."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from generator.music.instruments import INSTRUMENTS
from generator.render.fonts import text_fonts

if TYPE_CHECKING:
    from fpdf import FPDF

_PAPER: Final = (210.0, 297.0)  # mm, ISO 216: A4
_MARGIN: Final = 15.0
_FOOT: Final = 12.0  # height of the line with the page's number
_BETWEEN: Final = 6.0  # from one sheet to the next
_ENTRY: Final = 8.0  # height of a line of the contents
_HEAD: Final = 24.0  # height of the book's title above the contents
_FONT: Final = "book"
_TICKS: Final = 960  # to a quarter note
_NAMES: Final = frozenset(each.name for each in INSTRUMENTS.values())  # of tracks
_PAUSE: Final = 2  # quarter notes between two tunes, at the last one's tempo


@dataclass(frozen=True, slots=True)
class Sheet:
    """A tune of the book.

    Attributes:
        title, about: for the contents: what it is called, and its type and key.
        picture: PNG of the sheet.
    """

    title: str
    about: str
    picture: bytes


@dataclass(frozen=True, slots=True)
class _Placed:
    """A sheet and where it stands: page from 1, and millimetres from its top."""

    sheet: Sheet
    page: int
    top: float
    wide: float
    high: float


def pdf(title: str, sheets: Sequence[Sheet]) -> bytes:
    """Make the book: contents with titles, keys and pages, then the sheets, as many on a page as fit.

    Args:
        title: of the book.
        sheets: at least one.
    """
    from fpdf import FPDF  # noqa: PLC0415 - slow
    from PIL import Image  # noqa: PLC0415 - likewise

    book = FPDF(unit="mm", format=_PAPER)
    book.set_auto_page_break(auto=False)
    book.set_margins(0, 0)
    book.set_title(title)
    book.set_creator("Tunesmith")
    family = _letters(book)
    room = _PAPER[1] - 2 * _MARGIN - _FOOT
    on_first = int((room - _HEAD) // _ENTRY)
    on_others = int(room // _ENTRY)
    leaves = 1 + max(0, -(-(len(sheets) - on_first) // on_others))
    pictures = [Image.open(BytesIO(sheet.picture)) for sheet in sheets]
    placed = list(_places(sheets, [picture.size for picture in pictures], leaves, room))
    links = [book.add_link(page=each.page) for each in placed]
    entries = list(zip(placed, links, strict=True))
    for leaf in range(leaves):
        book.add_page()
        top = _MARGIN
        if leaf == 0:
            book.set_font(family, size=22)
            book.set_xy(_MARGIN, top)
            book.cell(_PAPER[0] - 2 * _MARGIN, 12, _fit(book, title, _PAPER[0] - 2 * _MARGIN), align="C")
            top += _HEAD
        count = on_first if leaf == 0 else on_others
        shown, entries = entries[:count], entries[count:]
        _contents(book, family, shown, top)
        _foot(book, family)
    for each, picture in zip(placed, pictures, strict=True):
        if book.page < each.page:
            book.add_page()
            _foot(book, family)
        book.start_section(each.sheet.title)
        left = (_PAPER[0] - each.wide) / 2
        book.image(picture.convert("L"), x=left, y=each.top, w=each.wide, h=each.high)
    return bytes(book.output())


def midi(tunes: Sequence[bytes]) -> bytes:
    """Put Standard MIDI Files one after the other into one of a single track.

    Args:
        tunes: each as :func:`generator.render.midi.midi_bytes` makes it.
    """
    from mido import MetaMessage, MidiFile, MidiTrack, merge_tracks  # noqa: PLC0415 - slow

    track, silence = MidiTrack(), 0
    for data in tunes:
        file = MidiFile(file=BytesIO(data))
        at = last = 0
        for event in merge_tracks(file.tracks):
            at += event.time
            if event.type == "end_of_track" or (event.type == "track_name" and event.name in _NAMES):
                continue
            tick = at * _TICKS // file.ticks_per_beat
            if event.type == "track_name":
                event = MetaMessage("marker", text=event.name)  # noqa: PLW2901 - a track has one name
            track.append(event.copy(time=silence + tick - last))
            silence, last = 0, tick
        silence = at * _TICKS // file.ticks_per_beat - last + _PAUSE * _TICKS
    whole = MidiFile(type=0, ticks_per_beat=_TICKS)
    whole.tracks.append(track)
    out = BytesIO()
    whole.save(file=out)
    return out.getvalue()


def _places(
    sheets: Sequence[Sheet], sizes: Sequence[tuple[int, int]], leaves: int, room: float
) -> Iterator[_Placed]:
    """Put each sheet below the one before, or on a new page where it does not fit."""
    page, top = leaves + 1, 0.0
    for sheet, (across, down) in zip(sheets, sizes, strict=True):
        wide = _PAPER[0] - 2 * _MARGIN
        high = wide * down / across
        if high > room:  # a very long tune is drawn smaller
            wide, high = wide * room / high, room
        if top and top + high > room:
            page, top = page + 1, 0.0
        yield _Placed(sheet, page, _MARGIN + top, wide, high)
        top += high + _BETWEEN


def _letters(book: "FPDF") -> str:
    """Load the text font; return its name."""
    fonts = text_fonts()
    files = [path for path in fonts.files if path.endswith((".ttf", ".otf"))] if fonts else []
    if not files:
        return "Times"
    book.add_font(_FONT, fname=files[0])
    return _FONT


def _contents(book: "FPDF", family: str, entries: Sequence[tuple[_Placed, Any]], top: float) -> None:
    across = _PAPER[0] - 2 * _MARGIN
    book.set_font(family, size=12)
    for placed, link in entries:
        sheet = placed.sheet
        book.set_xy(_MARGIN, top)
        book.cell(across - 70, _ENTRY, _fit(book, sheet.title, across - 72), link=link)
        book.cell(55, _ENTRY, _fit(book, sheet.about, 54), align="R", link=link)
        book.cell(15, _ENTRY, str(placed.page), align="R", link=link)
        top += _ENTRY


def _foot(book: "FPDF", family: str) -> None:
    book.set_font(family, size=10)
    book.set_xy(_MARGIN, _PAPER[1] - _MARGIN - _FOOT / 2)
    book.cell(_PAPER[0] - 2 * _MARGIN, _FOOT / 2, str(book.page), align="C")


def _fit(book: "FPDF", text: str, width: float) -> str:
    """Shorten a text to a width in millimetres; leave out what a plain font cannot show."""
    if book.font_family != _FONT:
        text = text.encode("latin-1", "replace").decode("latin-1")
    if book.get_string_width(text) <= width:
        return text
    while text and book.get_string_width(f"{text}…" if book.font_family == _FONT else text) > width:
        text = text[:-1]
    return f"{text.rstrip()}…" if book.font_family == _FONT else text
