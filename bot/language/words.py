"""The words after ``/tune``: options with ``=`` in any order, and bare words where they are clear.

``key = E minor temp=0.8``, ``jig in Em``, ``G 6/8 0.8``, ``a slip jig, 16 bars, seed 7``.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from bot import texts
from generator.compose.request import Option, options
from generator.errors import RequestError
from generator.music.dances import DANCES, read_dance, read_meter
from generator.music.instruments import INSTRUMENTS, read_instrument
from generator.music.keys import MODES, Key

_ALIASES: Final = {
    "temperature": "temp",
    "metre": "meter",
    "rhythm": "type",
    "dance": "type",
    "parts": "form",
    "candidates": "n",
    "bpm": "tempo",
    "speed": "tempo",
}
_FILLERS: Final = frozenset(
    {"a", "an", "the", "in", "of", "with", "at", "for", "from", "to", "and", "please", "me", "my"}
    | {"some", "one", "new", "tune", "tunes", "time", "on", "by", "played"}
)
_SPACED: Final[dict[str, Callable[[str], object]]] = {
    "key": Key.read,
    "type": read_dance,
    "meter": read_meter,
    "instrument": read_instrument,
}
MAX_WISHES: Final = 1000  # characters; more than all options spelt out
_MOST_WORDS: Final = 3  # of a value with spaces in it: “F sharp minor”, “6 / 8”
_PIECE: Final = re.compile(
    r"""
    (?P<name>[A-Za-z_]+)\s*(?P<sign>[=:])\s*
        (?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<plain>\S*))
    | (?P<word>\S+)
    """,
    re.VERBOSE,
)
_QUOTES: Final = str.maketrans("“”„‟″＂‘’‚", '""""""\'\'\'')
_WHOLE_NUMBER: Final = re.compile(r"[+-]?[0-9]+")
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]*[.,][0-9]+|[0-9]+[.,])")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A named value (``name`` set) or a bare word (``name`` empty)."""

    name: str
    text: str
    quoted: bool = False


def read_options(text: str) -> dict[str, object]:
    """Read what stands after ``/tune`` as option names and values, still text.

    Raises:
        RequestError: a word or option that is not known, with the nearest match; an option given twice;
            too much text.
    """
    if len(text) > MAX_WISHES:
        raise RequestError(texts.too_long(MAX_WISHES))
    return _Reader(list(_pieces(text.translate(_QUOTES)))).values()


def _pieces(text: str) -> Iterator[_Piece]:
    for match in _PIECE.finditer(text):
        name = match["name"]
        if name is None or (match["sign"] == ":" and _option_named(name) is None):
            yield from (_Piece("", word) for word in match[0].split())
            continue
        quoted = match["double"] if match["double"] is not None else match["single"]
        yield _Piece(name, quoted if quoted is not None else match["plain"], quoted is not None)


def _option_named(word: str) -> str | None:
    name = word.lower()
    name = _ALIASES.get(name, name)
    return name if name in options() else None


class _Reader:
    """Walks over the pieces once; what it has understood so far is in ``_values``."""

    def __init__(self, pieces: list[_Piece]) -> None:
        self._pieces = pieces
        self._at = 0
        self._values: dict[str, object] = {}
        self._weak_key: str | None = None

    def values(self) -> dict[str, object]:
        while self._at < len(self._pieces):
            piece = self._pieces[self._at]
            self._at += 1
            if piece.name:
                self._named(piece)
            else:
                self._bare(piece.text)
        if self._weak_key is not None:
            self._values.setdefault("key", self._weak_key)
        return self._values

    def _put(self, name: str, value: str) -> None:
        if name in self._values and self._values[name] != value:
            raise RequestError(texts.given_twice(name, str(self._values[name]), value))
        self._values[name] = value

    def _named(self, piece: _Piece) -> None:
        name = _option_named(piece.name)
        if name is None:
            raise RequestError(texts.unknown_option(piece.name, _nearest(piece.name), list(options())))
        value = piece.text
        if not piece.quoted and name != "start":
            value = value.rstrip(",;")
        if not value.strip():
            raise RequestError(texts.needs_value(name, example(options()[name])))
        if name in _SPACED and not piece.quoted:
            taken, value = self._longest(value, _SPACED[name])
            self._at += taken
        self._put(name, _with_point(value) if options()[name].kind is not str else value)

    def _following(self) -> list[str]:
        """The next few bare words."""
        words: list[str] = []
        for piece in self._pieces[self._at : self._at + _MOST_WORDS - 1]:
            if piece.name:
                break
            words.append(piece.text)
        return words

    def _longest(self, first: str, read: Callable[[str], object]) -> tuple[int, str]:
        """How many of the following words belong to a value, and the value with them."""
        following = self._following()
        for taken in range(len(following), 0, -1):
            whole = " ".join([first, *following[:taken]]).rstrip(",;.!?")
            if _reads(read, whole):
                return taken, whole
        return 0, first

    def _bare(self, word: str) -> None:
        plain = word.rstrip(",;!?") or word
        if self._option_and_value(plain) or self._form(plain) or self._bars(plain):
            return
        for name in ("type", "meter", "key", "instrument"):
            read = _SPACED[name]
            taken, value = self._longest(plain, read)
            if not _reads(read, value) or self._ambiguous(name, value):
                continue
            if name == "key" and value in ("a", "A") and self._before_noun():
                self._weak_key = value if value == "A" else self._weak_key
                return
            self._at += taken
            self._put(name, value)
            return
        if plain.lower() in _FILLERS:
            return
        if _DECIMAL.fullmatch(plain):
            self._put("temp", _with_point(plain))
            return
        if _WHOLE_NUMBER.fullmatch(plain):
            raise RequestError(texts.bare_number(plain[:20], _takers(plain)))
        if plain.lower() in MODES:
            Key.read(plain)  # its error says that a key begins with a letter
        raise RequestError(texts.unknown_word(plain, _nearest_word(plain)))

    def _option_and_value(self, plain: str) -> bool:
        """``seed 7``, ``key of G``: an option's name followed by its value."""
        name = _option_named(plain)
        if name is None or len(plain) == 1:
            return False
        while self._following() and self._following()[0].lower() in ("of", "is"):
            self._at += 1
        following = self._following()
        if not following:
            raise RequestError(texts.needs_value(name, example(options()[name])))
        self._at += 1
        self._named(_Piece(name, following[0]))
        return True

    def _form(self, plain: str) -> bool:
        # Ab is a key and AB a form; the longer ones are clear in any case.
        choices = [str(choice) for choice in options()["form"].choices]
        if plain in choices or (len(plain) > 2 and plain.upper() in choices):
            self._put("form", plain.upper())
            return True
        return False

    def _bars(self, plain: str) -> bool:
        following = self._following()
        if not (_WHOLE_NUMBER.fullmatch(plain) and following):
            return False
        if following[0].lower().rstrip(",;.!?") not in ("bar", "bars"):
            return False
        self._at += 1
        self._put("bars", plain)
        return True

    def _ambiguous(self, name: str, value: str) -> bool:
        # A bare C is a key; for the meter one says meter=C.
        return name == "meter" and value.upper() == "C"

    def _before_noun(self) -> bool:
        """Whether the next words are a type or a filler, as after the article in “a jig”."""
        following = [word.rstrip(",;.!?") for word in self._following()]
        return bool(following) and (
            following[0].lower() in _FILLERS
            or any(_reads(read_dance, " ".join(following[:count])) for count in (1, 2))
        )


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except RequestError:
        return False
    return True


def _with_point(number: str) -> str:
    return number.replace(",", ".") if _DECIMAL.fullmatch(number) else number


def example(option: Option) -> str:
    """A value to show for an option: ``G``, ``jig``, ``0.8``."""
    for value in (*option.examples, *option.choices, option.default):
        if value is not None:
            return str(value)
    return "7"


def allowed(option: Option) -> str:
    """What an option may be, in a few words: ``0.2 to 1.5, usually 0.8``, or examples."""
    usual = "" if option.default is None else f", usually {option.default}"
    if option.choices:
        return ", ".join(str(choice) for choice in option.choices) + usual
    if option.minimum is not None and option.maximum is not None:
        return f"{option.minimum:g} to {option.maximum:.10g}{usual}"
    return "such as " + ", ".join(option.examples) if option.examples else ""


def _nearest(word: str) -> str | None:
    names = [*options(), *_ALIASES]
    near = get_close_matches(word.lower(), names, 1, 0.6)
    return _ALIASES.get(near[0], near[0]) if near else None


def _nearest_word(word: str) -> str | None:
    known = [*DANCES, *INSTRUMENTS, *(name for name in options() if len(name) > 1)]
    near = get_close_matches(word.lower(), known, 1, 0.6)
    return near[0] if near else None


def _takers(number: str) -> list[str]:
    """``seed=7``, ``n=7``: the options that would take this number."""
    value = int(number[:20])
    return [
        f"{option.name}={value}"
        for option in options().values()
        if option.kind is not str
        and (
            value in option.choices
            or (
                option.minimum is not None
                and option.maximum is not None
                and option.minimum <= value <= option.maximum
            )
        )
    ]
