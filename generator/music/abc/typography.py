"""Typography: what phones, web pages and forums make of ABC's plain signs, made plain again.

Titles and other words keep their quotes, dashes and emoji; in the music, and in fields that are no
words, each sign becomes the one of ABC that it stands for.
"""

import html
import re
import unicodedata
from typing import Final

_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31}\d{0,2});")
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef]"
)
_SPACE: Final = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_END: Final = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_ASCII: Final = re.compile(r"[\x20-\x7e]*")

_SIGNS: Final = {
    '"': "“”„‟«»‹›〝〞〟",
    "'": "‘’‛′´ʹʼ´",
    "''": "″‶",
    ",": "‚，、",
    "-": "‐‑‒–—―−⁃﹘﹣",
    "~": "∼〜～˜",
    "|": "｜│┃∣ǀ❘︱¦┆",
    "||": "‖║∥𝄁",
    "|]": "𝄂",
    "[|": "𝄃",
    "|:": "𝄆",
    ":|": "𝄇",
    ":": "：∶ː꞉⁝",
    "/": "∕⁄÷",
    "<": "＜",
    ">": "＞",
    "*": "∗＊×",
    "...": "…",
    "^": "ˆ",
}
_TABLE: Final = str.maketrans({sign: plain for plain, signs in _SIGNS.items() for sign in signs})
_ALTERS: Final = {"♯": "^", "♭": "_", "♮": "=", "𝄪": "^^", "𝄫": "__"}
_IN_NAMES: Final = str.maketrans({"♩": "1/4", "♪": "1/8", "♯": "#", "♭": "b", "♮": "", "𝄪": "##", "𝄫": "bb"})
_SIGN_BEFORE: Final = re.compile(r"([♯♭♮𝄪𝄫])\s?(?=[A-Ga-g])")
_SIGN_AFTER: Final = re.compile(r"([A-Ga-g])([♯♭♮𝄪𝄫])")
_PARTS: Final = re.compile(r'("[^"]*")')
_FRACTION: Final = re.compile(r"(\d*)([¼½¾⅓⅔⅛⅜⅝⅞])")
_VALUES: Final = {
    "¼": (1, 4), "½": (1, 2), "¾": (3, 4), "⅓": (1, 3), "⅔": (2, 3),
    "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
}  # fmt: skip


def plain_text(text: str) -> str:
    """Make entities the signs that they stand for, leave out what nobody sees, and end lines plainly."""
    if "&" in text and ";" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    text = _LINE_END.sub("\n", text)
    if _ASCII.fullmatch(text.replace("\n", "")):
        return text
    return _SPACE.sub(" ", _INVISIBLE.sub("", text))


def plain_field(text: str) -> str:
    """Make the signs of a key, meter, tempo and the like plain: ``B♭`` is ``Bb``."""
    return text if text.isascii() else _made_plain(text).translate(_IN_NAMES)


def plain_music(line: str) -> tuple[str, str]:
    """Make a line of music plain; return it, and a sentence where a sign could be meant otherwise."""
    if line.isascii():
        return line, ""
    pieces = _PARTS.split(_made_plain(line))
    said = ""
    for at, piece in enumerate(pieces):
        if at % 2:
            pieces[at] = piece.translate(_IN_NAMES)
        elif not piece.isascii():
            pieces[at], guessed = _alters(piece)
            said = guessed or said
    plain = "".join(pieces)
    if not plain.isascii():  # letters such as é mean nothing; quoted words keep them
        pieces = _PARTS.split(plain)
        pieces[::2] = [_only_signs(piece) for piece in pieces[::2]]
        plain = "".join(pieces)
    return plain, said


def _made_plain(text: str) -> str:
    text = text.translate(_TABLE)
    text = _FRACTION.sub(_fraction, text)
    quoted = text.count('"') > 0
    text = unicodedata.normalize("NFKC", text) if not quoted else _normal_outside(text)
    return text if '"' in text else re.sub(r"''([^'\n|]{1,12})''", r'"\1"', text)


def _normal_outside(text: str) -> str:
    pieces = _PARTS.split(text)
    pieces[::2] = [unicodedata.normalize("NFKC", piece) for piece in pieces[::2]]
    return "".join(pieces)


def _fraction(match: re.Match[str]) -> str:
    top, bottom = _VALUES[match[2]]
    return f"{int(match[1][-3:] or 0) * bottom + top}/{bottom}"


def _alters(text: str) -> tuple[str, str]:
    """Put the signs of accidentals before their notes."""
    said = ""

    def before(match: re.Match[str]) -> str:
        nonlocal said
        start = match.start()
        if start and text[start - 1] in "ABCDEFGabcdefg" and text[match.end() - 1].isspace():
            return match[0]  # G♯ A: it stands after its note
        if start and text[start - 1] in "ABCDEFGabcdefg":
            said = f"“{text[start - 1 : match.end() + 1]}”: {match[1]} goes with the note after it."
        return _ALTERS[match[1]]

    def after(match: re.Match[str]) -> str:
        nonlocal said
        said = said or f"“{match[0]}” is read as {_ALTERS[match[2]]}{match[1]}."
        return _ALTERS[match[2]] + match[1]

    return _SIGN_AFTER.sub(after, _SIGN_BEFORE.sub(before, text)), said


def _only_signs(text: str) -> str:
    return "".join([c if c.isascii() else "" for c in text])
