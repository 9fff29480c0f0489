"""What can be asked for: the single source of every option, its bounds, default and help.

An option is one field of :class:`TuneRequest`. The text commands, Discord's typed options, the web form,
the command line and the README are all made from it by way of :func:`options`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Self, Union, get_args, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    ValidationError,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

from generator.compose.key_suggestions import suggested_keys
from generator.errors import RequestError, quoted
from generator.music.dances import (
    ASKED_METERS,
    DANCES,
    FOUR_TIME,
    Dance,
    Meter,
    listed,
    read_dance,
    read_meter,
)
from generator.music.instruments import DEFAULT_INSTRUMENT, INSTRUMENTS, read_instrument
from generator.music.keys import Key

DEFAULT_MODEL: Final = "session"  # composes where a request names none, unless the operator says otherwise
MAX_SEED: Final = 2**31 - 1


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
    """

    aliases: tuple[str, ...] = ()
    left_out: str = ""
    first: bool = False


def _squeezed(value: object) -> object:
    return "".join(value.split()) if isinstance(value, str) else value


def _form(value: object) -> object:
    return "".join(value.split()).upper() if isinstance(value, str) else value


def _switch(value: object) -> object:
    words = {"yes": "on", "true": "on", "no": "off", "false": "off"}
    plain = str(value).strip().lower()
    return words.get(plain, plain)


class TuneRequest(BaseModel):
    """A request for a tune. What is left out is drawn from the seed, or stands at its default."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    key: Annotated[
        Key | None,
        Words(Key.read, Key, suggest=suggested_keys),
        Shown(first=True, left_out="drawn from the seed"),
    ] = Field(None, description="key and mode", examples=["G", "Em", "F#m", "Edor", "Amix"])
    type: Annotated[
        Dance | None,
        Words(read_dance, Dance, tuple(DANCES)),
        Shown(("rhythm", "dance"), first=True, left_out="drawn from the seed"),
    ] = Field(None, description="type of tune")
    meter: Annotated[
        Meter | None,
        Words(read_meter, Meter, ASKED_METERS),
        Shown(("metre",), first=True, left_out="the type's usual one"),
    ] = Field(None, description="meter")
    temp: Annotated[float, BeforeValidator(_squeezed), Shown(("temperature",), first=True)] = Field(
        0.8, ge=0.2, le=1.5, description="temperature: low is calm, high is wild"
    )
    seed: Annotated[int | None, BeforeValidator(_squeezed), Shown(left_out="drawn at random")] = Field(
        None, ge=0, le=MAX_SEED, description="the same seed and options give the same tune"
    )
    form: Annotated[Literal["AABB", "AB", "AABBCC"], BeforeValidator(_form), Shown(("parts",))] = Field(
        "AABB", description="order of the parts"
    )
    bars: Annotated[
        Literal[4, 8, 16], BeforeValidator(lambda v: int(v) if str(v).strip().isdecimal() else v)
    ] = Field(8, description="bars in each part")
    start: str | None = Field(
        None, max_length=200, description="your own first notes, as ABC", examples=["GAB d2e|"]
    )
    n: Annotated[int, BeforeValidator(_squeezed), Shown(("candidates",))] = Field(
        4, ge=1, le=8, description="how many candidates to draw; the best is kept"
    )
    instrument: Annotated[str, Words(read_instrument, choices=tuple(INSTRUMENTS))] = Field(
        DEFAULT_INSTRUMENT, description="what plays it"
    )
    tempo: Annotated[int | None, BeforeValidator(_squeezed), Shown(("bpm", "speed"))] = Field(
        None, ge=30, le=300, description="beats a minute; what suits the type if left out"
    )
    chords: Annotated[Literal["on", "off"], BeforeValidator(_switch)] = Field(
        "on", description="chords to accompany it"
    )
    model: Annotated[str | None, Shown(left_out="the setting `MODEL`")] = Field(
        None, max_length=40, pattern=r"^[a-z0-9_-]+$", description="which trained model draws it"
    )

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.type and self.meter and self.meter.abc not in self.type.meters:
            raise RequestError(
                f"A {self.type.name} is in {listed(self.type.meters)}, not {self.meter.abc};"
                " leave out the type or the meter."
            )
        return self

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Self:
        """Build a request from option names and values, text or typed.

        Raises:
            RequestError: one sentence on the first thing that is wrong, and what is allowed.
        """
        try:
            return cls(**{name: value for name, value in values.items() if value is not None})
        except ValidationError as error:
            raise RequestError(_sentence(error, options(cls))) from None

    def settled(
        self,
        seed: int,
        keys: tuple[Key, ...],
        dances: tuple[str, ...],
        learnt: Mapping[str, Mapping[str, int]] = MappingProxyType({}),
    ) -> Self:
        """Set seed, type, meter and key where the request leaves them open.

        Args:
            seed: used where the request has none.
            keys: keys to draw from, with repetition as weight.
            dances: types to draw from, with repetition as weight.
            learnt: by type, how many tunes were in each meter; where it is known, the weight of the types
                that go with the meter that is asked for.
        """
        seed = self.seed if self.seed is not None else seed
        draw = Random(f"request {seed}")
        dance, meter, key = self.type, self.meter, self.key
        if dance is None:
            fitting = dances if meter is None else _in_meter(meter, dances, learnt)
            name = draw.choice(fitting) if fitting else None
            dance = DANCES[name] if name else None
        if meter is None:
            meter = Meter(dance.meters[0]) if dance else Meter("4/4")
        if key is None:
            key = draw.choice(keys)
        return self.model_copy(update={"seed": seed, "type": dance, "meter": meter, "key": key})


def _in_meter(meter: Meter, dances: tuple[str, ...], learnt: Mapping[str, Mapping[str, int]]) -> list[str]:
    """List the types to draw from for a meter, repeated by weight: a tune in 9/8 is mostly a slip jig."""
    alike = FOUR_TIME if meter.abc in FOUR_TIME else (meter.abc,)
    able = [name for name in dict.fromkeys(dances) if meter.abc in DANCES[name].meters]
    counts = {name: sum(learnt.get(name, {}).get(each, 0) for each in alike) for name in able}
    found = [name for name, count in counts.items() for _ in range(count)]
    return found or [name for name in dances if name in able]


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

    def takes(self, number: int) -> bool:
        """Tell whether a whole number is a value of this option."""
        if self.minimum is None or self.maximum is None:
            return number in self.choices
        return self.minimum <= number <= self.maximum


@cache
def options(request: type[TuneRequest] = TuneRequest) -> Mapping[str, Option]:
    """List every option of ``/tune`` by name, in the order in which help shows them.

    Args:
        request: the class whose fields they are.

    Raises:
        TypeError: a field says too little to be shown everywhere, such as a number without bounds.
    """
    return MappingProxyType({name: _option(name, field) for name, field in request.model_fields.items()})


def _option(name: str, field: FieldInfo) -> Option:
    words = next((each for each in field.metadata if isinstance(each, Words)), None)
    shown = next((each for each in field.metadata if isinstance(each, Shown)), Shown())
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


def _sentence(error: ValidationError, known: Mapping[str, Option]) -> str:
    """Say the first fault of a validation in one friendly sentence."""
    fault = error.errors()[0]
    name = str(fault["loc"][0]) if fault["loc"] else ""
    if name not in known:
        return f"I don't know the option {quoted(name)}; the options are {listed(list(known))}."
    option, given = known[name], quoted(fault["input"])
    if option.choices:
        allowed = f"choose {listed([str(choice) for choice in option.choices])}"
    elif option.minimum is not None:
        number = "a whole number" if option.kind is int else "a number"
        allowed = f"{name} is {number} from {option.minimum:g} to {option.maximum:.10g}"
    elif option.examples:
        allowed = f"type something like {name}={option.examples[0]}"
    else:
        allowed = f"{name} is at most {option.max_length} characters"
    return f"{given} won't do for {name}; {allowed}."
