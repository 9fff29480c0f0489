"""Fonts for the words on a sheet: the package of Source Serif Pro, else what the system has."""

import logging
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

_logger = logging.getLogger(__name__)

_STYLES: Final = ("Regular", "It", "Semibold", "Bold", "BoldIt")
_FOLDERS: Final = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/System/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)
# Families of Linux, macOS and Windows, a serif one first; the file is how we know that it is there.
_SYSTEM_FAMILIES: Final = (
    ("Source Serif Pro", "SourceSerifPro-Regular.*"),
    ("Liberation Serif", "LiberationSerif-Regular.*"),
    ("DejaVu Serif", "DejaVuSerif.ttf"),
    ("Noto Serif", "NotoSerif-Regular.*"),
    ("FreeSerif", "FreeSerif.*"),
    ("Times New Roman", "[Tt]imes*.tt?"),
    ("DejaVu Sans", "DejaVuSans.ttf"),
    ("Liberation Sans", "LiberationSans-Regular.*"),
    ("Arial", "[Aa]rial.ttf"),
)


@dataclass(frozen=True, slots=True)
class Fonts:
    """What words are set in.

    Attributes:
        family: as SVG names it.
        files: font files to load; empty if the system's are meant.
    """

    family: str
    files: tuple[str, ...]


@cache
def text_fonts() -> Fonts | None:
    """Return the fonts there are; None, said once in the log, if there are none at all."""
    found = _packaged() or _installed()
    if found is None:
        _logger.warning(
            "no text font is installed: pictures show the notes without title and chord symbols;"
            " pip install font-source-serif-pro brings one"
        )
    return found


def _packaged() -> Fonts | None:
    spec = find_spec("font_source_serif_pro")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "files"
    files = [folder / f"SourceSerifPro-{style}.ttf" for style in _STYLES]
    here = tuple(str(file) for file in files if file.is_file())
    return Fonts("Source Serif Pro", here) if here else None


def _installed() -> Fonts | None:
    folders = [folder for folder in _FOLDERS if folder.is_dir()]
    for family, pattern in _SYSTEM_FAMILIES:
        if any(next(folder.rglob(pattern), None) for folder in folders):
            return Fonts(family, ())
    return None
