"""A wish for a tune, turned into options: named ones in any order, and plain words where they are clear.

``key = E minor temp=0.8``, ``jig in Em``, ``G 6/8 0.8``, ``hey, can you play me a sad waltz on the harp?``
"""

import re
from collections.abc import Callable, Mapping
from itertools import takewhile
from typing import Final

from bot import texts
from bot.language import vocabulary as say
from bot.language.allowed import example
from bot.language.heard import Heard, Wish
from bot.language.moods import mood_of, more_of
from bot.language.near import nearest
from bot.language.pieces import Piece, split
from bot.language.values import DECIMAL, NOTES, NUMBER, WHOLE_NUMBER, fits, reads
from generator.compose.option import Option
from generator.errors import RequestError
from generator.music.dances import read_meter
from generator.music.keys import Key

LONGEST: Final = 1000  # characters; more than all options spelt out
_MOST_WORDS: Final = 3  # of a value with spaces in it: “F sharp minor”, “6 / 8”
_COUNTED: Final = re.compile(r"([0-9]+)(?:-?([a-z]+))?", re.ASCII)  # “16”, “16-bar”, “120bpm”
_METER: Final = re.compile(r"[0-9]+/[0-9]+", re.ASCII)
_FORM: Final = re.compile(r"A[A-D]{2,11}")
_KEY_LIKE: Final = re.compile(r"[A-G][#b♯♭]\w*")


def read_wish(text: str, options: Mapping[str, Option], *, spoken: bool = False) -> Wish:
    """Read a wish; words that are not known do not stop those that are.

    Args:
        text: ``key = E minor temp=0.8``, ``a sad waltz, please``.
        options: those that can be wished for, by name.
        spoken: whether no command stands before it.

    Raises:
        RequestError: nothing in it is understood, with the nearest match; a value after ``=`` or an option
            that cannot be; an option given twice; too much text.
    """
    if len(text) > LONGEST:
        raise RequestError(texts.too_long(LONGEST))
    return _Reader(options, text).wish(text, spoken=spoken)


class _Reader:
    """Walks over the pieces once; what it has understood so far is in ``_heard``."""

    def __init__(self, options: Mapping[str, Option], text: str) -> None:
        self._options = options
        self._names = {alias: name for name, option in options.items() for alias in (name, *option.aliases)}
        self._pieces = split(text, self._names)
        self._at = 0
        self._heard = Heard(options)

    def wish(self, text: str, *, spoken: bool) -> Wish:
        """Read all pieces."""
        steps = (
            self._negated, self._option_and_value, self._counted, self._several, self._form, self._mood,
            self._value, self._saying_little, self._number,
        )  # fmt: skip
        while self._at < len(self._pieces):
            piece = self._pieces[self._at]
            self._at += 1
            if piece.name:
                self._named(piece)
            elif (word := piece.plain) and not any(step(word) for step in steps):
                self._heard.unknown.append(word)
        first = next((piece.plain for piece in self._pieces if not piece.name and piece.plain), "")
        return self._heard.wish(text, first, spoken=spoken)

    # Named values

    def _named(self, piece: Piece) -> None:
        """Read ``name=value``, and the words after it that belong to the value."""
        name = self._names.get(piece.name.lower())
        if name is None:
            near = nearest(piece.name, self._names)
            raise RequestError(
                texts.unknown_option(piece.name, near and self._names[near], list(self._options))
            )
        option, value = self._options[name], piece.text
        if not piece.quoted and name != "start":
            value = value.rstrip(",;")
        if not value.strip():
            raise RequestError(texts.needs_value(name, example(option)))
        if not piece.quoted:
            value = self._whole(option, value)
        self._heard.put(name, value)
        self._skip_unit(name)

    def _option_and_value(self, word: str) -> bool:
        """Read ``seed 7``, ``key of G``: an option's name followed by its value."""
        name = self._names.get(word.lower())
        if name is None:
            return False
        option, at = self._options[name], self._at
        while self._next().lower() in ("of", "is"):
            self._at += 1
        if self._at < len(self._pieces) and not (piece := self._pieces[self._at]).name:
            value = piece.text if name == "start" else piece.plain
            self._at += 1
            if not piece.quoted:
                value = self._whole(option, value)
            if fits(option, value) or (option.kind is not str and NUMBER.fullmatch(value)):
                self._heard.put_or_say(option, value)
                self._skip_unit(name)
                return True
        self._at = at
        if word.lower() in say.FILLERS | say.CHORDS and (self._heard.values or len(self._pieces) > 1):
            return False
        self._heard.problems.append(texts.needs_value(name, example(option)))
        return True

    def _whole(self, option: Option, value: str) -> str:
        """Return a value with the following words that belong to it, and go past them."""
        if option.read:
            taken, value = self._longest(value, option.read)
            self._at += taken
        elif option.name == "start":
            more = list(takewhile(self._goes_on, (piece.text for piece in self._pieces[self._at :])))
            self._at += len(more)
            value = " ".join([value, *more])
        return value

    def _goes_on(self, word: str) -> bool:
        """Tell whether a word goes on with the notes before it, and is no key and no form."""
        return bool(NOTES.fullmatch(word)) and (
            any(sign in word for sign in "|0123456789") or (len(word) > 2 and not self._is_form(word))
        )

    # Plain words, a step each: read a word and what belongs to it, or return False

    def _negated(self, word: str) -> bool:
        """Read “no chords”, “not too fast”: the latter is not understood."""
        if word.lower() not in say.NEGATIONS:
            return False
        at = self._at
        while self._next() and self._next().lower() in say.FILLERS:
            self._at += 1
        what = self._next()
        if what.lower() in say.CHORDS and "chords" in self._options:
            self._heard.put("chords", "off")
        elif what:
            self._heard.unknown.append(f"{word} {what}")
        else:
            self._at = at
            return True
        self._at += 1
        return True

    def _counted(self, word: str) -> bool:
        """Read “16 bars”, “16-bar”, “120 bpm”, “sixteen bars”."""
        match = _COUNTED.fullmatch(say.NUMBERS.get(word.lower(), word.lower()))
        if match is None:
            return False
        unit = match[2] or self._next().lower().rstrip(".")
        if unit in say.PARTS and "form" in self._options:
            self._at += match[2] is None
            self._parts(int(match[1][:6]), f"{match[1]} {unit}")
            return True
        name = say.UNITS.get(unit)
        if name is None or name not in self._options:
            return False
        if match[2] is None:
            self._at += 1
        self._go_past(say.AFTER_UNITS.get(unit, ()))
        option = self._options[name]
        if name == "bars" and not fits(option, match[1]):
            self._heard.length = int(match[1][:6])
        else:
            self._heard.put_or_say(option, match[1])
        return True

    def _parts(self, count: int, said: str) -> None:
        """Read “three parts” as the form with so many, repeated where there is a choice."""
        option = self._options["form"]
        forms = [form for form in map(str, option.choices) if len(set(form)) == count]
        if forms:
            self._heard.put("form", max(forms, key=len))
        else:
            self._heard.problems.append(option.refusal(said))

    def _several(self, word: str) -> bool:
        """Read “two jigs”: one comes."""
        read = self._options["type"].read if "type" in self._options else None
        number = say.NUMBERS.get(word.lower(), word)
        if read is None or not WHOLE_NUMBER.fullmatch(number) or int(number[:6]) < 2:
            return False
        kind = self._next()
        if not kind.lower().endswith("s") or not reads(read, self._longest(kind, read)[1]):
            return False
        self._heard.problems.append(texts.ONE_AT_A_TIME)
        return True

    def _form(self, word: str) -> bool:
        """Read ``AB`` as a form, but ``Ab`` as a key; the longer ones are clear in any case."""
        if "form" not in self._options:
            return False
        if self._is_form(word):
            self._heard.put("form", word.upper())
        elif _FORM.fullmatch(word) and "B" in word:
            self._heard.problems.append(self._options["form"].refusal(word))
        else:
            return False
        return True

    def _is_form(self, word: str) -> bool:
        choices = self._options["form"].choices if "form" in self._options else ()
        return word in choices or (len(word) > 2 and word.upper() in choices)

    def _mood(self, word: str) -> bool:
        """Read “sad”, “sadder”, “more cheerful”."""
        if word.lower() == "more" and (mood := mood_of(self._next().lower())):
            word = self._next()
            self._at += 1
            self._heard.more = True
        elif mood := more_of(word.lower()):
            self._heard.more = True
        elif not (mood := mood_of(word.lower())):
            return False
        if mood not in (each for _, each in self._heard.moods):
            self._heard.moods.append((word, mood))
        return True

    def _value(self, word: str) -> bool:
        """Read a value that is clear without its option's name: a key, a type, an instrument."""
        for option in self._options.values():
            if option.read is None:
                continue
            taken, value = self._longest(word, option.read)
            if not reads(option.read, value) or (option.name == "meter" and value.upper() == "C"):
                continue  # a bare C is a key
            if option.name == "key" and self._no_key(word, taken):
                continue
            self._at += taken
            self._heard.put(option.name, value)
            return True
        if _KEY_LIKE.fullmatch(word) and "key" in self._options:
            try:
                Key.read(word)
            except RequestError as error:
                self._heard.problems.append(str(error))
            return True
        return False

    def _no_key(self, word: str, taken: int) -> bool:
        """Tell whether what reads as a key is a word: “a jig”, “a minor key”, “I am sad”."""
        after = self._plain_at(self._at + taken).lower()
        before = self._plain_at(self._at - 2).lower()
        if word.lower() == "am" and before == "i":
            return True
        if word not in ("a", "A"):
            return False
        if taken:  # “a minor waltz”, but “in A minor”, “A minor waltz”
            noun = after.isalpha() and after not in say.BREAKS
            return after == "key" or (
                (noun or after == "of") and word == "a" and before not in ("in", "of", "key")
            )
        if not after:
            return False
        if before in ("in", "of", "key"):
            return after not in say.BREAKS and after[0].isalpha()
        rest = (self._plain_at(at) for at in range(self._at, len(self._pieces)))
        if not any(word.isalpha() for word in rest):
            return False
        if word == "A":
            self._heard.weak_key = word
        return True

    def _saying_little(self, word: str) -> bool:
        """Read words that are no options."""
        plain, heard = word.lower().replace("’", "'"), self._heard
        if plain in say.CHORDS and "chords" in self._options:
            self._heard.put("chords", "on")
        elif plain in say.WISHES:
            heard.tune = True
        elif plain in say.SAME:
            heard.pointed = True
        elif plain in say.AGAIN:
            heard.again = True
            heard.pointed |= plain == "again"
        elif plain in say.POINTERS and self._plain_at(self._at - 2).lower() in say.VERBS:
            heard.pointed = True
        else:
            return plain in say.FILLERS
        return True

    def _number(self, word: str) -> bool:
        """Read a decimal as a temperature; say of other numbers what they could be."""
        if DECIMAL.fullmatch(word) and "temp" in self._options:
            self._heard.put_or_say(self._options["temp"], word)
        elif _METER.fullmatch(whole := self._fraction(word)) and "meter" in self._options:
            self._at += 2 * (whole != word)
            try:
                read_meter(whole)
            except RequestError as error:
                self._heard.problems.append(str(error))
        elif WHOLE_NUMBER.fullmatch(word):
            self._heard.problems.append(texts.bare_number(word[:20], self._takers(word)))
        else:
            return False
        return True

    # Looking around

    def _plain_at(self, at: int) -> str:
        """Return the bare word at a place; empty if there is none."""
        return self._pieces[at].plain if 0 <= at < len(self._pieces) and not self._pieces[at].name else ""

    def _next(self) -> str:
        return self._plain_at(self._at)

    def _go_past(self, words: tuple[str, ...]) -> None:
        while self._next().lower() in words:
            self._at += 1

    def _skip_unit(self, name: str) -> None:
        """Go past a unit after its value: “tempo 120 bpm”."""
        unit = self._next().lower()
        if say.UNITS.get(unit) == name and not self._names.get(unit):
            self._at += 1
            self._go_past(say.AFTER_UNITS.get(unit, ()))

    def _longest(self, first: str, read: Callable[[str], object]) -> tuple[int, str]:
        """Count the following words that belong to a value; give the value with them."""
        following = []
        for piece in self._pieces[self._at : self._at + _MOST_WORDS - 1]:
            if piece.name:
                break
            following.append(piece.text)
        for taken in range(len(following), 0, -1):
            whole = " ".join([first, *following[:taken]]).rstrip(",;.!?")
            if reads(read, whole):
                return taken, whole
        return 0, first

    def _fraction(self, word: str) -> str:
        """Return ``7/8`` also where it is written ``7 / 8``."""
        signs = [piece.text for piece in self._pieces[self._at : self._at + 2]]
        return word + "".join(signs).rstrip(",;.!?") if signs[:1] == ["/"] else word

    def _takers(self, number: str) -> list[str]:
        """List ``seed=7``, ``n=7``: the options that would take this number."""
        value = int(number[:20])
        options = self._options.values()
        return [
            f"{option.name}={value}" for option in options if option.kind is not str and option.takes(value)
        ]
