"""Drawing the sheet: one picture as wide as a phone, with title, type, key, meter and tempo."""

from fractions import Fraction
from typing import Final
from xml.etree import ElementTree as ET

from generator.music.dances import dance_of
from generator.music.tune import Tempo, Tune
from generator.render.engraving import glyph, staves
from generator.render.fonts import text_fonts
from generator.render.layout import lines
from generator.render.musicxml import musicxml
from generator.render.pace import tempo_of
from generator.render.written_parts import PARTS, written

_SVG: Final = "{http://www.w3.org/2000/svg}"
_WIDTH: Final = 1000
_MARGIN: Final = 44
_MOST_PIXELS_HIGH: Final = 8000
_LIGHT: Final = ("#ffffff", "#111111", "#555555")  # paper, ink, pencil
_DARK: Final = ("#17181c", "#ece9e2", "#a8a49b")
# Metronome signs of the music font by the beat that they stand for; a dot follows for three of them.
_BEATS: Final = {Fraction(1): "ECA2", Fraction(1, 2): "ECA3", Fraction(1, 4): "ECA5", Fraction(1, 8): "ECA7"}
_DOT: Final = "ECB7"


def svg(tune: Tune, *, dark: bool = False, part: str = "") -> str:
    """Draw the tune as SVG, 1000 wide, which needs nothing else but the text font.

    Args:
        tune: what to draw.
        dark: light ink on dark paper.
        part: a name in ``PARTS`` for whose players it is written, or ``""``.

    Raises:
        ValueError: if it cannot be drawn.
    """
    paper, ink, pencil = _DARK if dark else _LIGHT
    tune = written(tune, part)
    music = staves(musicxml(tune), _crowding(tune))
    x, y, wide, high = map(float, music.get("viewBox", "0 0 1 1").split())
    width = _WIDTH - 2 * _MARGIN
    header, top = _header(tune, part, ink, pencil)
    height = high * width / wide
    total = round(top + height + _MARGIN)
    fonts = text_fonts()
    family = (
        f"{fonts.family}, Georgia, Times New Roman, serif" if fonts else "Georgia, Times New Roman, serif"
    )
    sheet = ET.Element(
        f"{_SVG}svg",
        {
            "viewBox": f"0 0 {_WIDTH} {total}",
            "width": f"{_WIDTH}",
            "height": f"{total}",
            "font-family": family,
        },
    )
    ET.SubElement(sheet, f"{_SVG}title").text = tune.title or "Untitled"
    ET.SubElement(sheet, f"{_SVG}rect", {"width": "100%", "height": "100%", "fill": paper})
    sheet.extend(header)
    music.attrib.update(
        {
            "x": f"{_MARGIN}",
            "y": f"{top:g}",
            "width": f"{width}",
            "height": f"{height:g}",
            "viewBox": f"{x:g} {y:g} {wide:g} {high:g}",
            "color": ink,
            "fill": ink,
        }
    )
    for inner in music.iter(f"{_SVG}svg"):
        if inner.get("class") == "definition-scale":
            inner.set("color", ink)
            inner.attrib.pop("font-family", None)
    sheet.append(music)
    return ET.tostring(sheet, encoding="unicode")


def png(tune: Tune, *, part: str = "") -> bytes:
    """Draw the tune as PNG on white paper, 1000 pixels wide; arguments as for :func:`svg`.

    Raises:
        ValueError: if it cannot be drawn.
    """
    return rasterized(svg(tune, part=part))


def for_print(tune: Tune) -> bytes:
    """Draw the tune as PNG on white paper, 2000 pixels wide: 280 to an inch on A4."""
    return rasterized(svg(tune), 2 * _WIDTH)


def rasterized(drawing: str, wide: int = _WIDTH) -> bytes:
    """Turn a drawing of :func:`svg` into PNG; make a very long one narrower, so that chats accept it.

    Args:
        drawing: of a sheet.
        wide: pixels across.
    """
    import resvg_py  # noqa: PLC0415 - slow

    root = ET.fromstring(drawing)  # noqa: S314 - our own
    high = float(root.get("height", "1")) / float(root.get("width", "1"))
    fonts = text_fonts()
    words = "".join(root.itertext())
    plain = all(ord(letter) < 0x250 or 0x2000 <= ord(letter) < 0x2070 for letter in words)
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=drawing,
            width=min(wide, int(_MOST_PIXELS_HIGH / high)),
            background="white",
            font_files=list(fonts.files) if fonts and fonts.files else None,
            skip_system_fonts=plain and bool(fonts and fonts.files),
            font_family=fonts.family if fonts else None,
            serif_family=fonts.family if fonts else None,
        )
    )


def _crowding(tune: Tune) -> int:
    """Return the width of a line in verovio's units: the fewer notes share a line, the larger they are."""
    busiest = max(
        sum(len(tune.bars[i].notes) + len(tune.bars[i].changes) for i in line) for line in lines(tune)
    )
    return max(1500, min(2600, 600 + 36 * busiest))


def _header(tune: Tune, part: str, ink: str, pencil: str) -> tuple[list[ET.Element], float]:
    """Draw title, type, key, meter, tempo and composer; return them, and the y of the music below."""
    title = _shortened(_turned(tune.title or "Untitled"), 72)
    size = max(26, min(46, 1650 / max(1, len(title))))
    facts = [
        dance_of(tune.rhythm).capitalize(),
        tune.key.name,
        "free time" if tune.meter.free else "{}/{}".format(*tune.meter.signature),
        f"part in {PARTS[part].shown}" if part else "",
    ]
    elements = [
        _text(title, _WIDTH / 2, 78, size, ink, {"text-anchor": "middle", "font-weight": "600"}),
        _text(
            " · ".join(_shortened(fact, 40) for fact in facts if fact),
            _WIDTH / 2,
            118,
            25,
            pencil,
            {"text-anchor": "middle"},
        ),
        *_tempo(tempo_of(tune), 154, ink),
    ]
    if tune.composer:
        style = {"text-anchor": "end", "font-style": "italic"}
        elements.append(_text(_shortened(tune.composer, 40), _WIDTH - _MARGIN, 154, 23, ink, style))
    return elements, 176


def _tempo(tempo: Tempo, y: float, ink: str) -> list[ET.Element]:
    """Draw the tempo at the left edge: words, and the beat as a note if there is a sign for it."""
    elements: list[ET.Element] = []
    x: float = _MARGIN
    if tempo.text:
        words = _shortened(tempo.text, 24)
        elements.append(_text(words, x, y, 24, ink, {"font-weight": "600"}))
        x += 13 * len(words) + 10
    dotted = tempo.beat.numerator == 3
    plain = tempo.beat * 2 / 3 if dotted else tempo.beat
    if plain in _BEATS:
        for code in (_BEATS[plain], *([_DOT] if dotted else [])):
            sign = glyph(code)
            place = f"translate({x:g} {y - 2:g}) scale(0.034 -0.034)"
            elements.append(ET.Element(f"{_SVG}path", {"d": sign.path, "transform": place, "fill": ink}))
            x += sign.advance * 0.034 + (2 if dotted else 0)
        elements.append(_text(f"= {tempo.per_minute}", x + 8, y, 24, ink, {}))
    return elements


def _text(words: str, x: float, y: float, size: float, ink: str, style: dict[str, str]) -> ET.Element:
    element = ET.Element(
        f"{_SVG}text", {"x": f"{x:g}", "y": f"{y:g}", "font-size": f"{size:g}", "fill": ink, **style}
    )
    element.text = words
    return element


def _turned(title: str) -> str:
    """Put the article first: The Maid of Athlone for Maid of Athlone, The."""
    name, comma, article = title.rpartition(", ")
    return f"{article} {name}" if comma and article in ("The", "A", "An") else title


def _shortened(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
