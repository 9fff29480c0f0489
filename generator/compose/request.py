"""What can be asked for: the single source of every option, its bounds, default and help.

The text commands, Discord's typed options, the web form and the docs are all made from
``TuneRequest`` by way of :func:`options`; nobody else knows a bound or a default.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from generator.errors import RequestError, quoted
from generator.music.dances import (
    DANCES,
    METERS,
    Dance,
    Meter,
    listed,
    read_dance,
    read_meter,
)
from generator.music.instruments import DEFAULT_INSTRUMENT, INSTRUMENTS, read_instrument
from generator.music.keys import Key

MAX_SEED: Final = 2**31 - 1


def _reader(kind: type, read: Any) -> BeforeValidator:
    """A validator that lets a ready value pass and reads text."""
    return BeforeValidator(
        lambda value: value if value is None or isinstance(value, kind) else read(str(value))
    )


def _squeezed(value: object) -> object:
    return "".join(value.split()) if isinstance(value, str) else value


def _form(value: object) -> object:
    return "".join(value.split()).upper() if isinstance(value, str) else value


def _switch(value: object) -> object:
    words = {"yes": "on", "true": "on", "no": "off", "false": "off"}
    plain = str(value).strip().lower()
    return words.get(plain, plain)


def _instrument(value: object) -> str:
    return read_instrument(str(value))


class TuneRequest(BaseModel):
    """A wish for a tune. What is left out is drawn from the seed, or stands at its default."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    key: Annotated[Key | None, _reader(Key, Key.read)] = Field(
        None, description="key and mode", examples=["G", "Em", "F#m", "Edor", "Amix"]
    )
    type: Annotated[Dance | None, _reader(Dance, read_dance)] = Field(
        None, description="type of tune", json_schema_extra={"choices": list(DANCES)}
    )
    meter: Annotated[Meter | None, _reader(Meter, read_meter)] = Field(
        None, description="meter", json_schema_extra={"choices": list(METERS)}
    )
    temp: Annotated[float, BeforeValidator(_squeezed)] = Field(
        0.8, ge=0.2, le=1.5, description="temperature: low is calm, high is wild"
    )
    seed: Annotated[int | None, BeforeValidator(_squeezed)] = Field(
        None, ge=0, le=MAX_SEED, description="the same seed and options give the same tune"
    )
    form: Annotated[Literal["AABB", "AB", "AABBCC"], BeforeValidator(_form)] = Field(
        "AABB", description="order of the parts", json_schema_extra={"choices": ["AABB", "AB", "AABBCC"]}
    )
    bars: Annotated[
        Literal[4, 8, 16], BeforeValidator(lambda v: int(v) if str(v).strip().isdecimal() else v)
    ] = Field(8, description="bars in each part", json_schema_extra={"choices": [4, 8, 16]})
    start: str | None = Field(
        None, max_length=200, description="your own first notes, as ABC", examples=["GAB d2e|"]
    )
    n: Annotated[int, BeforeValidator(_squeezed)] = Field(
        4, ge=1, le=8, description="how many candidates to draw; the best is kept"
    )
    instrument: Annotated[str, BeforeValidator(_instrument)] = Field(
        DEFAULT_INSTRUMENT, description="what plays it", json_schema_extra={"choices": list(INSTRUMENTS)}
    )
    tempo: Annotated[int | None, BeforeValidator(_squeezed)] = Field(
        None, ge=30, le=300, description="beats a minute; what suits the type if left out"
    )
    chords: Annotated[Literal["on", "off"], BeforeValidator(_switch)] = Field(
        "on", description="chords to accompany it", json_schema_extra={"choices": ["on", "off"]}
    )
    model: str | None = Field(
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
    def of(cls, values: Mapping[str, object]) -> "TuneRequest":
        """Build a request from option names and values, text or typed.

        Raises:
            RequestError: one sentence on the first thing that is wrong, and what is allowed.
        """
        try:
            return cls(**{name: value for name, value in values.items() if value is not None})
        except ValidationError as error:
            raise RequestError(_sentence(error)) from None

    def settled(
        self,
        seed: int,
        keys: tuple[Key, ...],
        dances: tuple[str, ...],
        learnt: Mapping[str, Mapping[str, int]] = MappingProxyType({}),
    ) -> "TuneRequest":
        """This request with seed, type, meter and key all set.

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
    """The types to draw from for a meter, with repetition as weight: a tune in 9/8 is mostly a slip jig."""
    able = [name for name in dict.fromkeys(dances) if meter.abc in DANCES[name].meters]
    counts = {
        name: sum(count for each, count in learnt.get(name, {}).items() if Meter(each).family == meter.family)
        for name in able
    }
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
        minimum, maximum: bounds of a number.
        examples: values to show.
        max_length: of a text.
    """

    name: str
    kind: type
    help: str
    default: object
    choices: tuple[object, ...]
    minimum: float | None
    maximum: float | None
    examples: tuple[str, ...]
    max_length: int | None


@cache
def options() -> dict[str, Option]:
    """Every option of ``/tune`` by name, in the order in which help shows them."""
    kinds: dict[str, type] = {"temp": float, "seed": int, "bars": int, "n": int, "tempo": int}
    found = {}
    for name, field in TuneRequest.model_fields.items():
        bounds = {
            word: getattr(m, word)
            for m in field.metadata
            for word in ("ge", "le", "max_length")
            if hasattr(m, word)
        }
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        choices: Any = extra.get("choices", ())
        found[name] = Option(
            name=name,
            kind=kinds.get(name, str),
            help=field.description or "",
            default=field.default,
            choices=tuple(choices),
            minimum=bounds.get("ge"),
            maximum=bounds.get("le"),
            examples=tuple(str(example) for example in field.examples or ()),
            max_length=bounds.get("max_length"),
        )
    return found


def _sentence(error: ValidationError) -> str:
    """The first fault of a validation as one friendly sentence."""
    fault = error.errors()[0]
    name = str(fault["loc"][0]) if fault["loc"] else ""
    known = options()
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
