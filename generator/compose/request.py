"""What can be asked for: the single source of every option, its bounds, default and help.

An option is one field of :class:`TuneRequest`. The text commands, Discord's typed options, the web form,
the command line and the README are all made from it by way of :func:`options`.
"""

from collections.abc import Mapping
from random import Random
from types import MappingProxyType
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from generator.compose.first_notes import notes_alone
from generator.compose.holding import Held
from generator.compose.key_suggestions import suggested_keys
from generator.compose.option import Option, Shown, Words, options_of, sentence_on
from generator.errors import RequestError
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
from generator.music.keys import MODES, Key, read_mode
from generator.music.tune import Tune
from generator.render.pace import FASTEST, SLOWEST, at_pace

DEFAULT_MODEL: Final = "session"  # composes where a request names none, unless the operator says otherwise
MAX_SEED: Final = 2**31 - 1
MOST_HELD: Final = 8000  # characters of a tune of which bars are held


def _squeezed(value: object) -> object:
    return "".join(value.split()) if isinstance(value, str) else value


def _form(value: object) -> object:
    return "".join(value.split()).upper() if isinstance(value, str) else value


def _notes(value: str | None) -> str | None:
    return None if value is None else notes_alone(value)


def _small(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


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
    mode: Annotated[
        str | None, Words(read_mode, choices=tuple(MODES)), Shown(left_out="the key's own, or drawn")
    ] = Field(None, description="mode, if the key leaves it open")
    type: Annotated[
        Dance | None,
        Words(read_dance, Dance, tuple(DANCES)),
        Shown(("rhythm", "dance"), first=True, left_out="drawn from the seed"),
    ] = Field(None, description="type of tune")
    meter: Annotated[
        Meter | None,
        Words(read_meter, Meter, tuple(METERS)),
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
    start: Annotated[str | None, AfterValidator(_notes)] = Field(
        None, max_length=200, description="your own first notes, as ABC", examples=["GAB d2e|"]
    )
    n: Annotated[int, BeforeValidator(_squeezed), Shown(("candidates",))] = Field(
        4, ge=1, le=8, description="how many candidates to draw; the best is kept"
    )
    instrument: Annotated[str, Words(read_instrument, choices=tuple(INSTRUMENTS))] = Field(
        DEFAULT_INSTRUMENT, description="what plays it"
    )
    tempo: Annotated[int | None, BeforeValidator(_squeezed), Shown(("bpm", "speed"))] = Field(
        None, ge=SLOWEST, le=FASTEST, description="beats a minute; what suits the type if left out"
    )
    pace: Annotated[Literal["slow", "fast"] | None, BeforeValidator(_small)] = Field(
        None, description="slower or faster than is usual for the type"
    )
    chords: Annotated[Literal["on", "off"], BeforeValidator(_switch)] = Field(
        "on", description="chords to accompany it"
    )
    model: Annotated[str | None, Shown(left_out="the setting `MODEL`")] = Field(
        None, max_length=40, pattern=r"^[a-z0-9_-]+$", description="which trained model draws it"
    )

    hold: Annotated[str | None, Shown(hidden=True)] = Field(
        None, max_length=MOST_HELD, description="bars of a tune that are kept, and that tune"
    )

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.type and self.meter and self.meter.abc not in self.type.meters:
            raise RequestError(
                f"A {self.type.name} is in {listed(self.type.meters)}, not {self.meter.abc};"
                " leave out the type or the meter."
            )
        if self.key and self.mode and self.mode != self.key.mode:
            if self.key.mode != "major":
                raise RequestError(f"{self.key.name} is not {self.mode}; leave out the key or the mode.")
            Key.read(f"{self.key.tonic} {self.mode}")  # its error names the key that sounds the same
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
            raise RequestError(sentence_on(error, options_of(cls))) from None

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
        if self.hold:
            held = Held.read(self.hold)
            like: dict[str, object] = {
                "meter": held.tune.meter,
                "form": held.form,
                "bars": held.bars,
                "start": None,
            }
            like["key"] = self.key.of_mode(held.tune.key.mode) if self.key else held.tune.key
            own = self.type if self.type and held.tune.meter.abc in self.type.meters else None
            like |= {"mode": None, "type": own or _dance_of(held.tune)}
            return self.model_copy(update={**like, "seed": self.seed if self.seed is not None else seed})
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
            key = draw.choice(_in_mode(self.mode, keys))
        elif self.mode is not None:
            key = key.of_mode(self.mode)
        return self.model_copy(update={"seed": seed, "type": dance, "meter": meter, "key": key})

    def tempo_at(self, usual: int) -> int:
        """Return the beats a minute, where so many would be usual."""
        if self.tempo is not None:
            return self.tempo
        if self.pace is None:
            return usual
        return at_pace(usual, self.pace)


def _dance_of(tune: Tune) -> Dance | None:
    """Return the type of a tune if there is such a type and its meter goes with it."""
    try:
        dance = read_dance(tune.rhythm)
    except RequestError:
        return None
    return dance if tune.meter.abc in dance.meters else None


def _in_mode(mode: str | None, keys: tuple[Key, ...]) -> tuple[Key, ...]:
    """Keep the keys of a mode; where there are none, take it on each of their tonics."""
    if mode is None:
        return keys
    return tuple(key for key in keys if key.mode == mode) or tuple(key.of_mode(mode) for key in keys)


def _in_meter(meter: Meter, dances: tuple[str, ...], learnt: Mapping[str, Mapping[str, int]]) -> list[str]:
    """List the types to draw from for a meter, repeated by weight: a tune in 9/8 is mostly a slip jig."""
    able = [name for name in dict.fromkeys(dances) if meter.abc in DANCES[name].meters]
    counts = {
        name: sum(count for each, count in learnt.get(name, {}).items() if Meter(each).family == meter.family)
        for name in able
    }
    found = [name for name, count in counts.items() for _ in range(count)]
    return found or [name for name in dances if name in able]


def options(request: type[TuneRequest] = TuneRequest) -> Mapping[str, Option]:
    """List every option of ``/tune`` by name, in the order in which help shows them.

    Args:
        request: the class whose fields they are.
    """
    return options_of(request)
