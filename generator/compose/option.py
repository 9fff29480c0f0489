"""An option: one field of a request, as help, forms, menus and the command line need to know it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, GetCoreSchemaHandler, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

from generator.errors import quoted
from generator.music.dances import listed


@dataclass(frozen=True, slots=True)
class Words:
    """Metadata of a field whose values are words: how they are read, and which there are.

    It validates the field: a ready value passes, text is read.

    Attributes:
        read: reads a value; raises RequestError for what is none. People may type such a value without
            the option's name, and with spaces in it.
        ready: the type of values that pass unread.
        choices: all the values there are, empty if they are not few.
        suggest: values that somebody may mean who has typed so far, as shown and as sent.
    """

    read: Callable[[str], object]
    ready: type | tuple[()] = ()
    choices: tuple[str, ...] = ()
    suggest: Callable[[str], list[tuple[str, str]]] | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Put the reading before pydantic's own validation."""
        return core_schema.no_info_before_validator_function(self._read, handler(source))

    def _read(self, value: object) -> object:
        return value if value is None or isinstance(value, self.ready) else self.read(str(value))


@dataclass(frozen=True, slots=True)
class Shown:
    """Metadata of a field: how it is shown, and by which other names it is known.

    Attributes:
        aliases: other names that people type.
        left_out: what happens without it, where there is no default.
        first: whether a form shows it before all others.
        hidden: whether nobody types it; other commands set it.
    """

    aliases: tuple[str, ...] = ()
    left_out: str = ""
    first: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One option as a platform needs to know it.

    Attributes:
        name: as typed before the ``=``.
        kind: ``str``, ``int`` or ``float``.
        help: a few words, for help pages and Discord's option descriptions.
        default: None if it is drawn from the seed or not set.
        choices: all the values there are, empty if they are not few.
        minimum, maximum: bounds of a number without choices; None for all others.
        examples: values to show.
        max_length: of a text.
        aliases: other names that people type.
        left_out: what happens without it, where there is no default.
        first: whether a form shows it before all others.
        read: reads a value of words; None for numbers and for text that stands as it is.
        suggest: values that somebody may mean who has typed so far, as shown and as sent.
    """

    name: str
    kind: type
    help: str
    default: object = None
    choices: tuple[object, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    examples: tuple[str, ...] = ()
    max_length: int | None = None
    aliases: tuple[str, ...] = ()
    left_out: str = ""
    first: bool = False
    read: Callable[[str], object] | None = None
    suggest: Callable[[str], list[tuple[str, str]]] | None = None

    def takes(self, number: float) -> bool:
        """Tell whether a number is a value of this option."""
        if self.minimum is None or self.maximum is None:
            return number in self.choices
        return self.minimum <= number <= self.maximum

    def refusal(self, given: object) -> str:
        """Say in one sentence that a value will not do, and what would."""
        if self.choices:
            allowed = f"choose {listed([str(choice) for choice in self.choices])}"
        elif self.minimum is not None:
            number = "a whole number" if self.kind is int else "a number"
            allowed = f"{self.name} is {number} from {self.minimum:g} to {self.maximum:.10g}"
        elif self.examples:
            allowed = f"type something like {self.name}={self.examples[0]}"
        else:
            allowed = f"{self.name} is at most {self.max_length} characters"
        return f"{quoted(given)} won't do for {self.name}; {allowed}."


@cache
def options_of(model: type[BaseModel]) -> Mapping[str, Option]:
    """List the fields of a model as options by name.

    Raises:
        TypeError: a field says too little to be shown everywhere, such as a number without bounds.
    """
    fields = {name: field for name, field in model.model_fields.items() if not _shown(field).hidden}
    return MappingProxyType({name: _option(name, field) for name, field in fields.items()})


def _shown(field: FieldInfo) -> Shown:
    return next((each for each in field.metadata if isinstance(each, Shown)), Shown())


def _option(name: str, field: FieldInfo) -> Option:
    words = next((each for each in field.metadata if isinstance(each, Words)), None)
    shown = _shown(field)
    bounds = {
        word: getattr(each, word)
        for each in field.metadata
        for word in ("ge", "le", "max_length")
        if hasattr(each, word)
    }
    kind, choices = (str, words.choices) if words else _kind_and_choices(name, field.annotation)
    if not field.description:
        raise TypeError(f"the option {name} needs a description")
    if kind is not str and not choices and not {"ge", "le"} <= bounds.keys():
        raise TypeError(f"the option {name} is a number and needs bounds: ge and le")
    return Option(
        name=name,
        kind=kind,
        help=field.description,
        default=field.default,
        choices=choices,
        minimum=bounds.get("ge"),
        maximum=bounds.get("le"),
        examples=tuple(str(example) for example in field.examples or ()),
        max_length=bounds.get("max_length"),
        aliases=shown.aliases,
        left_out=shown.left_out,
        first=shown.first,
        read=words.read if words else None,
        suggest=words.suggest if words else None,
    )


def _kind_and_choices(name: str, annotation: object) -> tuple[type, tuple[object, ...]]:
    """Tell whether a field is a whole number, a number or text; list the values of a ``Literal``."""
    if get_origin(annotation) in (Union, UnionType):
        (annotation,) = (part for part in get_args(annotation) if part is not NoneType)
    choices = get_args(annotation) if get_origin(annotation) is Literal else ()
    kind = type(choices[0]) if choices else annotation
    if kind not in (str, int, float):
        raise TypeError(f"the option {name} is no number and no text; say by Words how it is read")
    return kind, choices


def sentence_on(error: ValidationError, known: Mapping[str, Option]) -> str:
    """Say the first fault of a validation in one friendly sentence."""
    fault = error.errors()[0]
    name = str(fault["loc"][0]) if fault["loc"] else ""
    if name not in known:
        return f"I don't know the option {quoted(name)}; the options are {listed(list(known))}."
    return known[name].refusal(fault["input"])
