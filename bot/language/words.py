"""The words after ``/tune``: options with ``=`` in any order, and bare words where they are clear.

``key = E minor temp=0.8``, ``jig in Em``, ``G 6/8 0.8``, ``a slip jig, 16 bars, seed 7``.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from bot import texts
from generator.compose.option import Option
from generator.errors import RequestError
from generator.music.dances import read_dance

FILLERS: Final = frozenset(
    {"a", "an", "the", "in", "of", "with", "at", "for", "from", "to", "and", "please", "me", "my"}
    | {"some", "one", "new", "tune", "tunes", "time", "on", "by", "played"}
)
_LONGEST: Final = 1000  # characters; more than all options spelt out
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


def read_options(text: str, options: Mapping[str, Option]) -> dict[str, object]:
    """Read what stands after a command as option names and values, still text.

    Args:
        text: ``key = E minor temp=0.8``, ``jig in Em``.
        options: those of the command, by name.

    Raises:
        RequestError: a word or option that is not known, with the nearest match; an option given twice;
            too much text.
    """
    if len(text) > _LONGEST:
        raise RequestError(texts.too_long(_LONGEST))
    return _Reader(options, text.translate(_QUOTES)).values()


class _Reader:
    """Walks over the pieces once; what it has understood so far is in ``_values``."""

    def __init__(self, options: Mapping[str, Option], text: str) -> None:
        self._options = options
        self._names = {alias: name for name, option in options.items() for alias in (name, *option.aliases)}
        self._pieces = list(self._split(text))
        self._at = 0
        self._values: dict[str, object] = {}
        self._weak_key: str | None = None

    def _split(self, text: str) -> Iterator[_Piece]:
        for match in _PIECE.finditer(text):
            name = match["name"]
            if name is None or (match["sign"] == ":" and self._named_by(name) is None):
                yield from (_Piece("", word) for word in match[0].split())
                continue
            quoted = match["double"] if match["double"] is not None else match["single"]
            yield _Piece(name, quoted if quoted is not None else match["plain"], quoted is not None)

    def _named_by(self, word: str) -> str | None:
        """Find the option that a word names."""
        return self._names.get(word.lower())

    def values(self) -> dict[str, object]:
        """Read all pieces."""
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
        """Read ``name=value``, and the words after it that belong to the value."""
        name = self._named_by(piece.name)
        if name is None:
            near = _nearest(piece.name, self._names)
            raise RequestError(
                texts.unknown_option(piece.name, near and self._names[near], list(self._options))
            )
        option, value = self._options[name], piece.text
        if not piece.quoted and name != "start":
            value = value.rstrip(",;")
        if not value.strip():
            raise RequestError(texts.needs_value(name, example(option)))
        if option.read and not piece.quoted:
            taken, value = self._longest(value, option.read)
            self._at += taken
        self._put(name, _with_point(value) if option.kind is not str else value)

    def _following(self) -> list[str]:
        """List the next few bare words."""
        words: list[str] = []
        for piece in self._pieces[self._at : self._at + _MOST_WORDS - 1]:
            if piece.name:
                break
            words.append(piece.text)
        return words

    def _longest(self, first: str, read: Callable[[str], object]) -> tuple[int, str]:
        """Count the following words that belong to a value; give the value with them."""
        following = self._following()
        for taken in range(len(following), 0, -1):
            whole = " ".join([first, *following[:taken]]).rstrip(",;.!?")
            if _reads(read, whole):
                return taken, whole
        return 0, first

    def _bare(self, word: str) -> None:
        """Read a word without a name: a value that is clear, an option's name, or a filler."""
        plain = word.rstrip(",;!?") or word
        if self._option_and_value(plain) or self._form(plain) or self._bars(plain):
            return
        for option in self._options.values():
            if option.read is None:
                continue
            taken, value = self._longest(plain, option.read)
            if not _reads(option.read, value) or _ambiguous(option.name, value):
                continue
            if option.name == "key" and value in ("a", "A") and self._before_noun():
                self._weak_key = value if value == "A" else self._weak_key
                return
            self._at += taken
            self._put(option.name, value)
            return
        if plain.lower() in FILLERS:
            return
        if _DECIMAL.fullmatch(plain) and "temp" in self._options:
            self._put("temp", _with_point(plain))
            return
        if _WHOLE_NUMBER.fullmatch(plain):
            raise RequestError(texts.bare_number(plain[:20], self._takers(plain)))
        known = [str(c) for option in self._options.values() if option.read for c in option.choices]
        known = [
            word for word in (*known, *self._options) if len(word) > 1 and word.replace(" ", "").isalpha()
        ]
        raise RequestError(texts.unknown_word(plain, _nearest(plain, known)))

    def _option_and_value(self, plain: str) -> bool:
        """Read ``seed 7``, ``key of G``: an option's name followed by its value."""
        name = self._named_by(plain)
        if name is None or len(plain) == 1:
            return False
        while self._following() and self._following()[0].lower() in ("of", "is"):
            self._at += 1
        following = self._following()
        if not following:
            raise RequestError(texts.needs_value(name, example(self._options[name])))
        self._at += 1
        self._named(_Piece(name, following[0]))
        return True

    def _form(self, plain: str) -> bool:
        # Ab is a key and AB a form; the longer ones are clear in any case.
        choices = self._options["form"].choices if "form" in self._options else ()
        if plain in choices or (len(plain) > 2 and plain.upper() in choices):
            self._put("form", plain.upper())
            return True
        return False

    def _bars(self, plain: str) -> bool:
        following = self._following()
        if not (_WHOLE_NUMBER.fullmatch(plain) and following and "bars" in self._options):
            return False
        if following[0].lower().rstrip(",;.!?") not in ("bar", "bars"):
            return False
        self._at += 1
        self._put("bars", plain)
        return True

    def _before_noun(self) -> bool:
        """Tell whether a type or a filler follows, as after the article in “a jig”."""
        following = [word.rstrip(",;.!?") for word in self._following()]
        return bool(following) and (
            following[0].lower() in FILLERS
            or any(_reads(read_dance, " ".join(following[:count])) for count in (1, 2))
        )

    def _takers(self, number: str) -> list[str]:
        """List ``seed=7``, ``n=7``: the options that would take this number."""
        value = int(number[:20])
        options = self._options.values()
        return [
            f"{option.name}={value}" for option in options if option.kind is not str and option.takes(value)
        ]


def _nearest(word: str, known: Iterable[str]) -> str | None:
    near = get_close_matches(word.lower(), list(known), 1, 0.6)
    return near[0] if near else None


def _ambiguous(name: str, value: str) -> bool:
    # A bare C is a key; for the meter one says meter=C.
    return name == "meter" and value.upper() == "C"


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except RequestError:
        return False
    return True


def _with_point(number: str) -> str:
    return number.replace(",", ".") if _DECIMAL.fullmatch(number) else number


def example(option: Option) -> str:
    """Give a value to show for an option: ``G``, ``jig``, ``0.8``."""
    for value in (*option.examples, *option.choices, option.default):
        if value is not None:
            return str(value)
    return "7"


def allowed(option: Option) -> str:
    """Say what an option may be, in a few words: ``0.2 to 1.5, usually 0.8``, or examples."""
    usual = "" if option.default is None else f", usually {option.default}"
    if option.choices:
        return ", ".join(str(choice) for choice in option.choices) + usual
    if option.minimum is not None and option.maximum is not None:
        return f"{option.minimum:g} to {option.maximum:.10g}{usual}"
    return "such as " + ", ".join(option.examples) if option.examples else ""
