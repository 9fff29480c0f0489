"""What one worker process is at: orders drawn together, each judged as soon as its candidates are there."""

import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from generator.compose.choice import MOST_ROUNDS, Judge
from generator.compose.loaded_model import LoadedModel, Planned
from generator.compose.sampler import Job, Sampler
from generator.errors import FriendlyError
from generator.serving.messages import (
    Alive,
    Answer,
    Drawing,
    Drop,
    Dropped,
    Failed,
    Given,
    Opening,
    Order,
    Told,
)

_PULSE: Final = 0.5  # seconds between two signs of life
_NEWS: Final = 0.2  # seconds between two reports on an order that is followed
_TYPICAL_LENGTH: Final = 200  # characters, before any tune has been drawn
_LEARNING: Final = 0.1  # weight of the newest tune in the running mean of lengths


@dataclass(slots=True)
class _Draw:
    """An order under way: its present round of candidates, and what became of those before.

    ``pauses`` has the bars after which its candidates are still to be compared, and 0 for their end.
    """

    order: Order
    model: LoadedModel
    plan: Planned
    judge: Judge
    job: Job
    pauses: tuple[int, ...] = ()
    rounds: int = 1
    far: float = 0.0
    told: float = float("-inf")  # when its last report was sent


class Draws:
    """Takes orders and answers them. Used by one thread."""

    def __init__(self, opening: Opening, answer: Callable[[Answer], None]) -> None:
        """Load the first model.

        Args:
            opening: what to begin with.
            answer: is given every answer, and must not wait long.

        Raises:
            FriendlyError: if the model or the engine cannot be loaded.
        """
        self._load, self._default, self._answer = opening.load, opening.model, answer
        self._models: dict[str, LoadedModel] = {}
        self._samplers: dict[str, Sampler] = {}
        self._draws: dict[int, _Draw] = {}  # by number
        self._told_alive = time.monotonic()
        self._length = float(_TYPICAL_LENGTH)
        self.slots = self._loaded(opening.model).slots

    @property
    def busy(self) -> bool:
        """Tell whether a step would do anything."""
        return bool(self._draws)

    def hear(self, message: Order | Drop) -> None:
        """Let an order's candidates take part from the next step on, or let go of them."""
        if isinstance(message, Drop):
            self._drop(message.number)
        else:
            self._begin(message)

    def step(self) -> None:
        """Draw one character of every candidate, and give what is done."""
        for model in {draw.model.name for draw in self._draws.values()}:
            try:
                ended = self._samplers[model].step()
            except Exception as error:  # noqa: BLE001 - whoever waits for it must hear of it
                self._spoilt(model, error)
                continue
            if any(job.done for job in ended):
                for draw in [draw for draw in self._draws.values() if draw.job.done]:
                    self._judge(draw)
        if (now := time.monotonic()) >= self._told_alive + _PULSE:
            self._told_alive = now
            self._answer(Alive())
        for draw in self._draws.values():
            if draw.order.followed and now >= draw.told + _NEWS:
                draw.told = now
                self._tell(draw)

    def _begin(self, order: Order) -> None:
        try:
            request = order.request
            if (request.model or self._default) not in self._models:
                self._answer(Alive(loading=True))
            model = self._loaded(request.model or self._default)
            assert request.seed is not None
            settled = model.settle(request, request.seed)
            plan = model.plan(settled)
            judge = Judge(model, plan, settled)
            pause, *later = *judge.pauses, 0
            job = Job(plan.prompt, plan, settled.temp, request.seed, settled.n, pause=pause)
            self._samplers[model.name].begin(job)
            self._draws[order.number] = _Draw(order, model, plan, judge, job, tuple(later))
        except Exception as error:  # noqa: BLE001 - likewise
            self._fail(order.number, error)

    def _drop(self, number: int) -> None:
        draw = self._draws.pop(number, None)
        if draw is not None:  # otherwise its answer is on its way
            draw.job.dropped = True
            self._samplers[draw.model.name].sweep()
            self._answer(Dropped(number))

    def _loaded(self, name: str) -> LoadedModel:
        """Return a model by name, loaded at its first use."""
        if name not in self._models:
            model = self._load(name)
            self._samplers[name] = model.new_sampler()
            self._models[name] = model
        return self._models[name]

    def _judge(self, draw: _Draw) -> None:
        """Give the best candidate of an order, or draw others where all repeat known tunes."""
        number, job = draw.order.number, draw.job
        try:
            if job.pause and (best := draw.judge.pick(job.finished)) is not None:
                pause, *later = draw.pauses
                self._continue(draw, replace(job, pause=pause, after=best, finished=[]), later)
                return
            choice = draw.judge.choose(job.finished)
            length = sum(len(candidate.text) for candidate in job.finished) / job.n
            self._length += _LEARNING * (length - self._length)
            if choice.known and draw.rounds < MOST_ROUNDS:
                pause, *later = *draw.judge.pauses, 0
                first = draw.rounds * job.n
                draw.rounds += 1
                anew = replace(job, first=first, pause=pause, after=None, finished=[])
                self._continue(draw, anew, later)
                return
            tune = draw.judge.finish(choice)
        except Exception as error:  # noqa: BLE001 - likewise
            self._fail(number, error)
        else:
            del self._draws[number]
            self._answer(Given(number, tune))

    def _continue(self, draw: _Draw, job: Job, pauses: Sequence[int]) -> None:
        """Let an order's next candidates take part."""
        draw.job, draw.pauses = job, tuple(pauses)
        self._samplers[draw.model.name].begin(job)

    def _spoilt(self, model: str, error: Exception) -> None:
        """Fail the orders of a model whose step has failed, and replace its sampler."""
        for number in [number for number, draw in self._draws.items() if draw.model.name == model]:
            self._fail(number, error)
        self._samplers[model] = self._models[model].new_sampler()

    def _fail(self, number: int, error: Exception) -> None:
        self._draws.pop(number, None)
        if isinstance(error, FriendlyError):
            self._answer(Failed(number, error))
        else:
            self._answer(Failed(number, None, "".join(traceback.format_exception(error))))

    def _tell(self, draw: _Draw) -> None:
        """Say how far an order is; a new round of candidates is no step back."""
        job = draw.job
        drawn = self._samplers[draw.model.name].so_far(job)
        done = [candidate.text for candidate in job.finished if candidate.pause is not None]
        shares = [min(0.95, len(text) / self._length) for text in (*drawn, *done)]
        shares += [1.0] * (len(job.finished) - len(done))
        draw.far = max(draw.far, round(sum(shares) / job.n, 2))
        whole = job.prompt + drawn[0] if job.n == 1 and drawn else ""
        self._answer(Told(draw.order.number, Drawing(draw.far, whole[: whole.rfind("|") + 1])))
