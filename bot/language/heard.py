"""What was heard of a wish, and what is wished for in the end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from bot import texts
from bot.language import vocabulary as say
from bot.language.moods import MOOD_WORDS, Mood
from bot.language.near import nearest
from bot.language.values import DECIMAL, fits, names_mode
from generator.compose.option import Option
from generator.errors import RequestError
from generator.music.keys import Key

SAME_TUNE: Final = frozenset({"key", "instrument", "tempo", "pace", "chords"})
"""Options that leave a tune what it is, so that they can be changed afterwards."""


class UnknownWordsError(RequestError):
    """Nothing in a wish is understood.

    Attributes:
        near: whether one of its words is nearly one that would be.
    """

    def __init__(self, word: str, near: str | None) -> None:
        super().__init__(texts.unknown_word(word, near))
        self.near = near is not None


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wishes for.

    Attributes:
        values: options by name, still text.
        remarks: sentences on how the words were taken, and which were not understood.
        about_last: whether the last tune is to be changed: “faster”, “in D”, “play it on the harp”.
        again: whether one more like it is wished for, and nothing else.
        unknown: words that were not understood.
    """

    values: Mapping[str, str]
    remarks: tuple[str, ...] = ()
    about_last: bool = False
    again: bool = False
    unknown: tuple[str, ...] = ()


@dataclass(slots=True)
class Heard:
    """What was heard of a wish so far.

    Attributes:
        options: those that can be wished for, by name.
        values: options that are clear.
        moods: with the words for them.
        problems: a sentence for each value that is clear but cannot be had.
        unknown: words that mean nothing.
        tune: a tune is wished for.
        more: more of a mood is wished for: “faster”.
        pointed: a word points at the last tune.
        again: a word asks for one more.
        length: bars of the whole tune.
        weak_key: a capital A that may be an article.
    """

    options: Mapping[str, Option]
    values: dict[str, str] = field(default_factory=dict)
    moods: list[tuple[str, Mood]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    tune: bool = False
    more: bool = False
    pointed: bool = False
    again: bool = False
    length: int | None = None
    weak_key: str | None = None

    def put(self, name: str, value: str) -> None:
        """Take the value of an option.

        Raises:
            RequestError: it has another one already.
        """
        if self.options[name].kind is not str and DECIMAL.fullmatch(value):
            value = value.replace(",", ".")
        if self.values.setdefault(name, value) != value:
            raise RequestError(texts.given_twice(name, self.values[name], value))

    def put_or_say(self, option: Option, value: str) -> None:
        """Take a value that stands without ``=``; one that will not do does not stop the others."""
        if fits(option, value):
            self.put(option.name, value)
        else:
            self.problems.append(option.refusal(value))

    def wish(self, text: str, first: str, *, spoken: bool) -> Wish:
        """Return what is wished for in the end.

        Args:
            text: all of it.
            first: its first bare word.
            spoken: whether no command stands before it.

        Raises:
            UnknownWordsError: nothing in it is understood.
            RequestError: what is understood cannot be had.
        """
        values = self.values
        if self.weak_key is not None:
            values.setdefault("key", self.weak_key)
        remarks = self._length_settled()
        if not (values or self.moods or self.tune or self.pointed or self.again):
            self._refuse(text, spoken=spoken)
        again = self.again and not (values or self.moods)
        about_last = not again and self._about_last(first, spoken=spoken)
        remarks += self._moods_settled(about_last=about_last)
        remarks += self.problems
        if self.unknown:
            words = list(dict.fromkeys(self.unknown))
            near = {word: found for word in words if (found := nearest(word, self._known()))}
            remarks.append(texts.not_understood(words, near))
        return Wish(values, tuple(remarks), about_last, again, tuple(self.unknown))

    def _refuse(self, text: str, *, spoken: bool) -> None:
        """Say what was not understood, where nothing was; nothing at all is a wish for any tune."""
        if self.problems:
            raise RequestError(self.problems[0])
        for word in self.unknown:
            if near := nearest(word, self._known()):
                raise UnknownWordsError(word, near)
        if self.unknown or spoken:
            raise UnknownWordsError((self.unknown or [text.strip()])[0], None)

    def _about_last(self, first: str, *, spoken: bool) -> bool:
        names = self.values.keys()
        if not names.isdisjoint(("seed", "start", "n")):
            return False
        if self.pointed or (self.more and "type" not in names):
            return True
        said_of_new = self.tune or self.moods or not names <= SAME_TUNE
        return spoken and first.lower() in say.OPENERS and bool(names) and not said_of_new

    def _moods_settled(self, *, about_last: bool) -> list[str]:
        """Turn moods into options, where these are not given by name."""
        taken, remarks = [], []
        for word, mood in self.moods:
            wished = {name: value for name, value in mood.options.items() if name in self.options}
            free = {name: value for name, value in wished.items() if not self._given(name, value)}
            if wished and not free:
                remarks.append(texts.mood_left_out(word, self._given(*next(iter(wished.items())))))
                continue
            self.values.update(free)
            if not (about_last and free.keys() == {"pace"}):  # the change says so itself
                taken.append((word, mood.meaning))
        return ([texts.moods(taken)] if taken else []) + remarks

    def _given(self, name: str, value: str) -> str:
        """Return what was asked for that a mood's option would go against; empty if nothing."""
        key = self.values.get("key")
        if name == "mode" and key is not None and names_mode(key):
            return "" if Key.read(key).mode == value else Key.read(key).name
        if name == "pace" and "tempo" in self.values:
            return f"tempo {self.values['tempo']}"
        given = self.values.get(name, value)
        return "" if given == value else f"{name} {given}"

    def _length_settled(self) -> list[str]:
        """Take the bars of a whole tune as those of its parts, where a part cannot have so many."""
        length = self.length
        if length is None:
            return []
        each, forms = self.options["bars"], self.options.get("form")
        known = [str(form) for form in forms.choices] if forms else []
        for form in [self.values["form"]] if "form" in self.values else known:
            if length % len(form) == 0 and each.takes(length // len(form)):
                self.put("bars", str(length // len(form)))
                if "form" not in self.values and forms and form != forms.default:
                    self.put("form", form)
                return [texts.whole_length(length, form, length // len(form))]
        self.problems.append(each.refusal(length))
        return []

    def _known(self) -> list[str]:
        """List the words that somebody may have meant."""
        values = (str(c) for option in self.options.values() if option.read for c in option.choices)
        words = chain(values, self.options, MOOD_WORDS)
        return [word for word in words if len(word) > 1 and word.replace(" ", "").isalpha()]
