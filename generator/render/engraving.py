"""MusicXML to the bare staves as SVG, by verovio; made self-contained, for verovio's own needs a font.

Verovio writes note values in tempo marks, and accidentals in chord symbols, as characters of a music
font, which neither a browser nor a chat has. Here they become paths and plain letters.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

_SVG: Final = "{http://www.w3.org/2000/svg}"
_LINK: Final = "{http://www.w3.org/1999/xlink}href"
_MUSIC_FONT: Final = "Leipzig"
_LETTERS: Final = {
    "\uea64": "b",
    "\uea65": "",
    "\uea66": "#",
    "\ue260": "b",
    "\ue262": "#",
    "♭": "b",
    "♯": "#",
}
_EM: Final = 1000  # units of the music font


@dataclass(frozen=True, slots=True)
class Glyph:
    """A sign of the music font: SVG path data with the y axis upwards, and its advance, in 1/1000 em."""

    path: str
    advance: float


@cache
def glyph(code: str) -> Glyph:
    """Return a sign by its SMuFL code point in hexadecimal, such as ``ECA5``, a quarter note for a tempo."""
    import verovio  # noqa: PLC0415 - slow

    folder = Path(verovio.__file__).parent / "data"
    path = ET.parse(folder / _MUSIC_FONT / f"{code}.xml").getroot().find("path")  # noqa: S314 - verovio's own
    boxes = ET.parse(folder / f"{_MUSIC_FONT}.xml").getroot()  # noqa: S314 - verovio's own
    advances = {box.get("c"): float(box.get("h-a-x", "0")) for box in boxes.iter("g")}
    return Glyph(path.get("d", "") if path is not None else "", advances.get(code, 0))


def staves(musicxml: str, width: int) -> ET.Element:
    """Return the staves as one SVG element, its root without size but with a ``viewBox``.

    Args:
        musicxml: the score, with its line breaks.
        width: of a line of music, in verovio's units, of which a staff is 72 high.

    Raises:
        ValueError: if verovio cannot read it.
    """
    import verovio  # noqa: PLC0415 - slow

    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    toolkit.setOptions(
        {
            "pageWidth": width,
            "pageHeight": 60_000,
            "adjustPageHeight": True,
            "pageMarginLeft": 0,
            "pageMarginRight": 0,
            "pageMarginTop": 0,
            "pageMarginBottom": 0,
            "breaks": "encoded",
            "header": "none",
            "footer": "none",
            "minLastJustification": 0.5,
            "spacingSystem": 7,
            "scale": 50,
            "svgViewBox": True,
            "smuflTextFont": "none",
            "svgFormatRaw": True,
            "removeIds": True,
            "xmlIdSeed": 1,
        }
    )
    if not toolkit.loadData(_without_first_tempo(musicxml)):
        raise ValueError("verovio cannot read this score")
    ET.register_namespace("", _SVG[1:-1])
    ET.register_namespace("xlink", _LINK[1 : _LINK.index("}")])
    root = ET.fromstring(toolkit.renderToSVG(1))  # noqa: S314 - just made
    _tidy(root)
    return root


def _without_first_tempo(musicxml: str) -> str:
    """Return MusicXML without its first tempo and bold words, which the header of the sheet has."""
    root = ET.fromstring(musicxml)  # noqa: S314 - just made
    first = root.find("part/measure")
    for direction in first.findall("direction") if first is not None else ():
        bold = direction.find("direction-type/words[@font-weight='bold']") is not None
        mark = direction.find("direction-type/metronome") is not None
        if first is not None and (bold or mark):
            first.remove(direction)
        if mark:
            break
    return ET.tostring(root, encoding="unicode")


def _tidy(root: ET.Element) -> None:
    """Leave out what does not show, and turn signs of the music font into paths or letters."""
    for parent in list(root.iter()):
        for child in list(parent):
            kinds = child.get("class", "").split()
            if child.tag == f"{_SVG}desc" or "mNum" in kinds or "placeholder" in kinds:
                parent.remove(child)
            elif child.tag == f"{_SVG}text":
                _spell(parent, child)


def _spell(parent: ET.Element, text: ET.Element) -> None:
    signs = [span for span in text.iter(f"{_SVG}tspan") if span.get("font-family") == _MUSIC_FONT]
    x, y = float(text.get("x", "0")), float(text.get("y", "0"))
    sizes = [span.get("font-size", "") for span in text.iter() if span.get("font-family") != _MUSIC_FONT]
    letter_size = next((size for size in reversed(sizes) if size not in ("", "0px")), "405px")
    for sign in signs:
        words = sign.text or ""
        sign.attrib.pop("font-family")
        if all(letter in _LETTERS for letter in words):
            sign.text = "".join(_LETTERS[letter] for letter in words)
            sign.set("font-size", letter_size)
            continue
        scale = float(sign.get("font-size", "720px").removesuffix("px")) / _EM
        for letter in words:
            drawn = glyph(f"{ord(letter):04X}")
            place = f"translate({x:g} {y:g}) scale({scale:g} {-scale:g})"
            ET.SubElement(parent, f"{_SVG}path", {"d": drawn.path, "transform": place, "stroke": "none"})
            x += drawn.advance * scale
        sign.text = ""
        text.set("x", f"{x:g}")
    for span in text.iter(f"{_SVG}tspan"):
        span.text = "".join(_LETTERS.get(letter, letter) for letter in span.text) if span.text else span.text
