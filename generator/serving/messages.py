"""What the service and its worker processes say to each other."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.compose.request import TuneRequest
from generator.errors import FriendlyError
from generator.music.tune import Tune

if TYPE_CHECKING:  # the service's process has no use for models
    from generator.compose.loaded_model import LoadedModel


@dataclass(frozen=True, slots=True)
class Waiting:
    """The request is in the queue.

    Attributes:
        ahead: requests that are served before it.
        seconds: about how long that takes, its own draw included.
    """

    ahead: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """The request is being drawn.

    Attributes:
        share: about how much is done, 0 to 1.
        text: the ABC text so far up to the last bar line; empty where several candidates compete.
    """

    share: float
    text: str = ""


Progress = Waiting | Drawing


@dataclass(frozen=True, slots=True)
class Opening:
    """The first message to a worker: how models are loaded, and which one it begins with.

    Attributes:
        load: a model by name; a function of a module, or a partial of one.
        model: the one that composes where a request names none.
    """

    load: "Callable[[str], LoadedModel]"
    model: str


@dataclass(frozen=True, slots=True)
class Ready:
    """A worker's first answer.

    Attributes:
        slots: how many it has.
    """

    slots: int


@dataclass(frozen=True, slots=True)
class Order:
    """A tune to compose. It is answered by one Given, Failed or Dropped, perhaps after some Told.

    Attributes:
        number: by which both sides know it.
        request: with a seed.
        followed: whether progress is wanted.
    """

    number: int
    request: TuneRequest
    followed: bool


@dataclass(frozen=True, slots=True)
class Drop:
    """Nobody waits for this order any more."""

    number: int


@dataclass(frozen=True, slots=True)
class Alive:
    """A sign of life from a worker that has orders.

    Attributes:
        loading: whether it begins to load a model, and may be silent for long.
    """

    loading: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """How far an order is."""

    number: int
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class Given:
    """The tune of an order, whose slots are free again."""

    number: int
    tune: Tune


@dataclass(frozen=True, slots=True)
class Failed:
    """An order, or the opening, that came to nothing; its slots are free again.

    Attributes:
        number: of the order, None for the opening.
        error: what to tell the user, None where it is none of their business.
        trace: for the operator, where it is not.
    """

    number: int | None
    error: FriendlyError | None
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """An order that was dropped; its slots are free again."""

    number: int


Answer = Alive | Told | Given | Failed | Dropped
