"""The fields of ABC: meter, unit length, tempo, key, order of the parts, and texts.

Each reader takes what stands after the colon, without comment, and raises AbcError with the reason
alone; the caller knows the line. Sections named here are those of the ABC standard 2.1.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final

from generator.errors import AbcError, RequestError
from generator.music.abc.tokens import ALTER
from generator.music.dances import Meter
from generator.music.foreign_keys import in_english
from generator.music.keys import Key
from generator.music.notation import Tempo

Remark = Callable[[str], None]
"""Takes a sentence about something that is read in another way than it stands, or left out."""

MAX_PARTS: Final = 200
_LONGEST_TEXT: Final = 2_000  # characters, of which 200 are kept
_MOST_BEATS, _FINEST_BEAT = 999, 9999  # what a fraction of ours can be written with
_FRACTION: Final = re.compile(r"(\d{1,3})\s*/\s*(\d{1,4})")
_METER: Final = re.compile(r"\s*(?:[Cc]\|?|\(?\d+(?:\s*\+\s*\d+)*\)?\s*/\s*\d+)(?![\d+/])")
_ACCENT: Final = re.compile(r"\\([\"'`^~,c])\s?([A-Za-z])")
_MARK: Final = {'"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", ",": "\u0327"}
_PART_ORDER: Final = re.compile(r"(?=[^A-Z]*[A-Z])[A-Z0-9().\s]+")
# What may follow a key, or the name of a voice (sections 4.6 and 7.1): the staff, and the octave that sounds.
_OPTION: Final = re.compile(
    r"(?<!\S)(clef|middle|m|octave|transpose|t|score|sound|shift|stafflines|staffscale|style|cue|name|nm|subname|snm|stem)"
    r"\s*=\s*(\"[^\"]*\"|\S*)",
    re.IGNORECASE,
)
_CLEF: Final = re.compile(
    r"(?<!\S)(?:treble|alto|tenor|baritone|bass|mezzo-?(?:soprano)?|soprano|perc|none|auto)[1-5]?([+\-^_]8|[+\-^_]15)?(?!\S)",
    re.IGNORECASE,
)
_MODE: Final = re.compile(r"([A-Ga-g]\s*[#b♯♭]?)[\s-]*([A-Za-z]*)\W*")
_KEY_SIGNS: Final = re.compile(r"\s*(\^{1,2}|_{1,2}|=)([A-Ga-g])[,']*")
_OLD_METERS: Final = {"2": "2/2", "3": "3/4", "6": "6/4"}


def unremarked(_sentence: str) -> None:
    """Take a remark that nobody wants to hear."""


def read_text(text: str) -> str:
    r"""Return a text such as a title: accents like ``\'e`` made one letter, spaces single, 200 characters."""
    return _read_text(text[:_LONGEST_TEXT])


@lru_cache(2048)
def _read_text(text: str) -> str:
    text = _ACCENT.sub(lambda m: unicodedata.normalize("NFC", m[2] + _MARK.get(m[1], "\u030c")), text)
    text = text.replace("\\%", "%").replace("\\", "")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:200]


def read_meter(text: str, remark: Remark = unremarked) -> Meter:
    """Return any meter, ``C|``, ``7/8``, ``(2+3)/8``, or ``none`` for a tune in free time (section 3.1.6)."""
    plain = "".join(text.split())
    if plain in ("C", "C|", "c", "c|"):
        return Meter(plain.upper())
    if plain.lower() in ("none", ""):
        return Meter("none")
    top, _, bottom = plain.replace("(", "").replace(")", "").partition("/")
    beats = top.split("+")
    if (
        all(beat.isdecimal() and len(beat) <= 2 for beat in beats)
        and bottom in ("1", "2", "4", "8", "16", "32")
        and 1 <= sum(map(int, beats)) <= 64
    ):
        return Meter(f"{sum(map(int, beats))}/{bottom}")
    if plain in _OLD_METERS:
        remark(f"“M:{plain}” is read as {_OLD_METERS[plain]}.")
        return Meter(_OLD_METERS[plain])
    if re.fullmatch(r"\d{1,2}[:\\-]\d{1,2}", plain):
        meter = read_meter(re.sub(r"\D", "/", plain))
        remark(f"“M:{plain}” is read as {meter.abc}.")
        return meter
    first = _METER.match(text)
    if first and first.end() < len(text.strip()):
        meter = read_meter(first[0])
        remark(f"“M:{text[:20]}” is read as {meter.abc}.")
        return meter
    raise AbcError(f"“M:{text[:20]}” is no meter; write something like M:6/8 or M:C|")


def read_unit(text: str, remark: Remark = unremarked) -> Fraction:
    """Return the unit note length (section 3.1.7), at most a whole note."""
    match = _FRACTION.match(text.strip())
    if text.strip() == "1":
        return Fraction(1)
    if match and match[2] in ("1", "2", "4", "8", "16", "32", "64") and 1 <= int(match[1]) <= int(match[2]):
        if match.end() < len(text.strip()):
            remark(f"“L:{text[:20]}” is read as L:{match[0]}.")
        return Fraction(int(match[1]), int(match[2]))
    if text.strip() in ("2", "4", "8", "16", "32"):
        remark(f"“L:{text.strip()}” is read as L:1/{text.strip()}.")
        return Fraction(1, int(text))
    raise AbcError(f"“L:{text[:20]}” is no note length; write L:1/8 or L:1/16")


_NO_TEMPO: Final = "“Q:{}” is no tempo such as Q:1/4=120; the tune goes at its usual one."


def read_tempo(text: str, unit: Fraction, remark: Remark = unremarked) -> Tempo | None:
    """Return the tempo (section 3.1.8); None if there are words alone.

    A bare number counts quarter notes, as abc2midi has it; ``C=100`` and ``C3=40`` count units.
    """
    words = " ".join(re.findall(r'"([^"]*)"', text))
    rest = " ".join(re.sub(r'"[^"]*"', " ", text).split())
    left, equals, right = rest.rpartition("=")
    if not re.search(r"\d", rest) and (not equals or right.strip()):
        if rest.strip():
            remark(_NO_TEMPO.format(text[:20]))
        return None
    pace = re.fullmatch(r"\s*(\d{1,4})(?:\.\d*)?\s*", right)
    if pace is None and (pace := re.search(r"(?<!\d)([1-9]\d{0,2})(?![\d/])", right)):
        remark(f"“Q:{text[:20]}” is read as {pace[1]} beats a minute.")
    if pace is None or not 1 <= int(pace[1]) <= 999:
        remark(_NO_TEMPO.format(text[:20]))
        return None
    beat = Fraction(1, 4)
    units = re.fullmatch(r"\s*C\s*(\d{0,2})\s*", left)
    if units:
        beat = unit * int(units[1] or 1)
    elif left.strip():
        plain = re.sub(r"\s*/\s*", "/", left)
        pieces = [_FRACTION.fullmatch(piece) for piece in plain.split()]
        if not all(pieces) and re.search(r"[A-Za-z]", plain):
            found = list(_FRACTION.finditer(plain))
            remark(f"“Q:{text[:20]}” is read as {pace[1]} beats a minute.")
            pieces = list(found) or [_FRACTION.fullmatch("1/4")]
        if not all(piece and int(piece[1]) and int(piece[2]) for piece in pieces):
            remark(_NO_TEMPO.format(text[:20]))
            return None
        beat = sum((Fraction(int(piece[1]), int(piece[2])) for piece in pieces if piece), Fraction(0))
    if not Fraction(1, 64) <= beat <= 4 or beat.numerator > _MOST_BEATS or beat.denominator > _FINEST_BEAT:
        remark(_NO_TEMPO.format(text[:20]))
        return None
    return Tempo(beat, int(pace[1]), read_text(words)[:60])


@dataclass(frozen=True, slots=True)
class KeyField:
    """What a ``K:`` field says (section 3.1.14).

    Attributes:
        key: None if the field names none, only a clef or nothing, so that the key stays.
        signature: what the key alters; differs from its own where the field names single accidentals.
        octave: octaves by which the notes are raised; None if the field does not say.
    """

    key: Key | None
    signature: Mapping[str, int]
    octave: int | None = None


def read_options(text: str, remark: Remark) -> tuple[str, int | None]:
    """Split clef and other options from a key or the name of a voice; return the rest, and the octave."""
    octave: int | None = None

    def option(match: re.Match[str]) -> str:
        nonlocal octave
        name, value = match[1].lower(), match[2]
        if name == "clef":
            return f" {value} " if _CLEF.fullmatch(value) else " "
        number = int(value) if re.fullmatch(r"[+-]?\d{1,2}", value) else 0
        if name == "octave" and abs(number) <= 4:
            octave = (octave or 0) + number
        elif name in ("transpose", "t") and number % 12 == 0 and abs(number) <= 48:
            octave = (octave or 0) + number // 12
        elif name in ("transpose", "t", "score", "sound", "shift"):
            remark(f"“{match[0][:20]}” is left out: the notes sound as they are written.")
        return " "

    def clef(match: re.Match[str]) -> str:
        nonlocal octave
        move = match[1] or ""
        if move[:1] in ("+", "-"):
            octave = (octave or 0) + (1 if move[1:] == "8" else 2) * (1 if move[0] == "+" else -1)
        return " "

    rest = _CLEF.sub(clef, _OPTION.sub(option, text))
    return " ".join(rest.split()), octave


def read_key(text: str, remark: Remark = unremarked) -> KeyField:
    """Return the key, what its signature alters, and the octave that the clef or an option adds."""
    if re.match(r"none\b", text.strip(), re.IGNORECASE):
        return KeyField(Key("C"), {}, read_options(" ".join(text.split())[4:], remark)[1])
    plain, octave = read_options(" ".join(text.split()), remark)
    signs = {}
    found = re.search(r"[\^_=]", plain)
    if found:
        plain, tail = plain[: found.start()], plain[found.start() :]
        if not re.fullmatch(rf"(?:{_KEY_SIGNS.pattern})+\s*", tail):
            raise AbcError(f"I can't read the key “K:{text[:20]}”; write something like K:G or K:Ador")
        signs = {letter.upper(): ALTER[sign] for sign, letter in _KEY_SIGNS.findall(tail)}
    plain = re.sub(r"\bexp\b", "", plain).strip()
    if plain in ("HP", "Hp"):  # the Highland pipes' scale: A mixolydian
        key = Key("A", "mixolydian")
    elif not plain:
        if not signs:
            return KeyField(None, {}, octave)
        key = Key("C")
    else:
        key = _named(plain, remark)
    if signs and "exp" in text:
        return KeyField(key, signs, octave)
    return KeyField(key, {**key.signature, **signs}, octave)


def _named(text: str, remark: Remark) -> Key:
    """Read tonic and mode; the first three letters of a mode count."""
    if name := in_english(text):
        remark(f"“K:{text[:20]}” is read as {name}.")
    try:
        return Key.read(text)
    except RequestError as error:
        match = _MODE.match(text)
        if match is None:
            raise AbcError(str(error)) from None
        try:
            key = Key.read(match[1] + match[2][:3])
        except RequestError:
            raise AbcError(str(error)) from None
    if match.end() < len(text) or not text[-1].isalnum():
        remark(f"“K:{text[:20]}” is read as {key.name}.")
    return key


def read_parts(text: str) -> tuple[str, ...] | None:
    """Return the order of the parts, ``A(BC)2`` expanded (section 3.1.9); None if it is some other text.

    Raises:
        AbcError: if brackets do not match, or it comes to more than 200 parts.
    """
    if not _PART_ORDER.fullmatch(text):
        return None
    nests: list[list[str]] = [[]]
    last: list[str] = []
    for piece in re.findall(r"[A-Z()]|\d+", text):
        if piece == "(":
            nests.append([])
            last = []
        elif piece.isdecimal():
            times = int(piece[:4])
            if not last or not 1 <= times <= MAX_PARTS or times * len(last) > MAX_PARTS:
                raise AbcError(f"the order of parts “{text[:20]}” repeats nothing, or too much")
            nests[-1] += last * (times - 1)
            last = []
        else:
            if piece == ")":
                if len(nests) == 1:
                    raise AbcError(f"the order of parts “{text[:20]}” closes a bracket that is not open")
                last = nests.pop()
            else:
                last = [piece]
            nests[-1] += last
        if len(nests) > 8 or len(nests[-1]) > MAX_PARTS:
            raise AbcError(f"the order of parts “{text[:20]}” is too long or too deep")
    if len(nests) > 1:
        raise AbcError(f"the order of parts “{text[:20]}” has a bracket that is not closed")
    return tuple(nests[0])
