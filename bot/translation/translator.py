"""Say finished English sentences in another language.

A sentence may come from another process or machine, so it is looked up as it stands: whole, or by its
template, whose values are said in the other language too where they are words.
"""

import gettext
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Final

from bot.reply import Button, Menu, Pressed, Reply
from bot.translation import ENGLISH
from bot.translation.key_names import key_name
from generator.errors import FriendlyError

CATALOGS: Final = Path(__file__).parent / "catalogs"
_REMEMBERED: Final = 4096  # sentences
_PLACE: Final = re.compile(r"((?:line \d+)?(?:, )?(?:bar \d+)?): (.+)", re.DOTALL)  # of an AbcError
_SENTENCES: Final = re.compile(r"(?<=[.!?…]) +(?=\S)")
_JOINTS: Final = re.compile(r"(, | or | and )")
_WORDS: Final = (" or ", " and ")
_ENTRY: Final = re.compile(r"(/?[\w-]+ – )(.+?)( \((.*)\))?")  # of a list of commands or options
_LEAST: Final = 3  # letters of a template by which a sentence is known again


class Translator:
    """One language.

    Args:
        translations: of its catalog.
        messages: every sentence in it, plurals as pairs.
        language: its code.
    """

    def __init__(
        self, translations: gettext.NullTranslations, messages: Iterable[tuple[str, ...]], language: str
    ) -> None:
        self._translations, self._language = translations, language
        self._plurals: dict[str, tuple[str, str]] = {}
        self._whole: set[str] = set()
        patterns: list[tuple[int, re.Pattern[str], str]] = []
        for forms in messages:
            if len(forms) == 2:
                self._plurals |= dict.fromkeys(forms, (forms[0], forms[1]))
            for form in forms:
                letters, pattern = _pattern(form)
                if pattern is None:
                    self._whole.add(form)
                elif letters >= _LEAST:
                    patterns.append((letters, pattern, form))
        patterns.sort(key=lambda each: -each[0])
        self._patterns = [(pattern, form) for _, pattern, form in patterns]
        self.sentence = lru_cache(_REMEMBERED)(self._sentence)

    def text(self, text: str) -> str:
        """Translate a text line by line; what is not known stays English."""
        return "\n".join([self.sentence(line) for line in text.split("\n")])

    def template(self, text: str) -> str:
        """Translate a text of the catalog that has its values as names."""
        return self._translations.gettext(text)

    def _sentence(self, line: str) -> str:
        bare = line.strip()
        if not bare:
            return line
        if (said := self._said(bare)) is not None:
            return line.replace(bare, said)
        if place := _PLACE.fullmatch(bare):
            where = re.sub(r"line|bar", lambda word: self._known(word[0]) or word[0], place[1])
            return f"{where}: {self._sentence(place[2])}" if place[1] else line
        if (entry := _ENTRY.fullmatch(bare)) and (about := self._known(entry[2])):
            return f"{entry[1]}{about}{self._allowed(entry[3] or '')}"
        pieces = _SENTENCES.split(bare)
        if len(pieces) > 1:
            return " ".join([self._sentence(piece) for piece in pieces])
        label, colon, value = bare.partition(": ")
        if colon and (named := self._known(label)):
            return f"{named}: {self._value(value)}"
        return line

    def _allowed(self, text: str) -> str:
        """Translate what an option may be; the values themselves are typed in English."""
        return re.sub(r"\b(usually|such as|to)\b", lambda word: self._known(word[0]) or word[0], text)

    def _known(self, text: str) -> str | None:
        return self._translations.gettext(text) if text in self._whole else None

    def _said(self, text: str) -> str | None:
        """Translate a sentence that is known, as a whole or by its template."""
        if (known := self._known(text)) is not None:
            return known
        if name := key_name(text, self._language):
            return name
        for pattern, form in self._patterns:
            if (match := pattern.fullmatch(text)) and not _runs_over(match, form):
                values = {name: self._value(value) for name, value in match.groupdict().items()}
                return self._template(form, values).format(**values)
        return None

    def _template(self, form: str, values: Mapping[str, str]) -> str:
        if form not in self._plurals:
            return self._translations.gettext(form)
        one, many = self._plurals[form]
        count = values.get("n", "0")
        return self._translations.ngettext(one, many, int(count) if count.isdecimal() else 0)

    def _value(self, value: str) -> str:
        """Translate what stands within a sentence: a word, words joined as a list, or more sentences."""
        bare = value.strip()
        if (said := self._said(bare)) is not None:
            return value.replace(bare, said) if bare else value
        if len(_SENTENCES.split(bare)) > 1:
            return self._sentence(value)
        parted: list[str] = _JOINTS.split(bare)
        if len(parted) == 1:
            return value
        words = [self._said(piece) or piece for piece in parted]
        return "".join([f" {self._known(each.strip())} " if each in _WORDS else each for each in words])

    def reply(self, reply: Reply) -> Reply:
        """Translate all that is said in a reply; titles and music stay."""
        return replace(
            reply,
            language=self._language,
            text=self.text(reply.text),
            facts={name: self._value(fact) for name, fact in reply.facts.items()},
            notes=tuple(map(self.text, reply.notes)),
            missing=tuple(map(self._value, reply.missing)),
            buttons=tuple(map(self.button, reply.buttons)),
        )

    def button(self, button: Button) -> Button:
        """Translate a button."""
        return replace(button, label=self.sentence(button.label))

    def pressed(self, pressed: Pressed) -> Pressed:
        """Translate what comes of a press."""
        return replace(pressed, said=self.text(pressed.said), menu=pressed.menu and self.menu(pressed.menu))

    def menu(self, menu: Menu) -> Menu:
        """Translate what stands under a message."""
        return replace(
            menu,
            buttons=tuple(map(self.button, menu.buttons)),
            choices=tuple(replace(each, label=self._value(each.label)) for each in menu.choices),
            about=self.sentence(menu.about),
        )


@cache
def translator(language: str) -> Translator | None:
    """Return the translator into a language of :data:`bot.translation.NAMES`; None for English."""
    if language == ENGLISH:
        return None
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - brings Babel, for those who need it
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with (CATALOGS / f"{language}.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    known = [each.id for each in catalog if each.id and each.string]
    forms = [(each,) if isinstance(each, str) else tuple(each) for each in known]
    return Translator(gettext.GNUTranslations(compiled), forms, language)


def say(text: str, language: str) -> str:
    """Say an English text in a language."""
    there = translator(language)
    return there.text(text) if there else text


def say_template(text: str, language: str) -> str:
    """Say a text whose values stand there as ``{names}`` still in a language, with the same names."""
    there = translator(language)
    return there.template(text) if there else text


def _runs_over(match: re.Match[str], form: str) -> bool:
    """Tell whether a value holds the end of one sentence and the beginning of another; the form has none."""
    return not _SENTENCES.search(form) and any(_SENTENCES.search(value.strip()) for value in match.groups())


@contextmanager
def errors_in(language: str) -> Iterator[None]:
    """Say what goes wrong within in a language."""
    try:
        yield
    except FriendlyError as error:
        if error.args and (there := translator(language)):
            error.args = (there.text(str(error)), *error.args[1:])
        raise


def _pattern(form: str) -> tuple[int, re.Pattern[str] | None]:
    """Return how many letters of a template are its own, and what finds it again; None without values."""
    text, letters, values = "", 0, False
    for literal, name, _, _ in Formatter().parse(form):
        text += re.escape(literal)
        letters += sum(map(str.isalpha, literal))
        if name is not None:
            what = r"\d+" if name == "n" else ".*?"
            text += f"(?P<{name}>{what})" if f"(?P<{name}>" not in text else f"(?P={name})"
            values = True
    return letters, re.compile(text, re.DOTALL) if values else None
