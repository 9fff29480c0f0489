"""The sampler: slots of recurrent state, and one step for all that are busy.

A job reads its prompt in one slot and then draws its candidates in as many slots as it wants.
Jobs come and go between steps. A candidate depends on its prompt, temperature, seed and number
alone: the engine's rows do not know of each other, and each candidate has its own random numbers.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from generator.engines import Engine

Integers: TypeAlias = npt.NDArray[np.int64]
_REMEMBERED_PROMPTS: Final = 64
_PORTION: Final = 512  # characters for which a candidate gets random numbers and room at a time


class Rules(Protocol):
    """What the sampler needs of a grammar; see :mod:`generator.grammar`."""

    def enter(self, plan: Any, /) -> int:
        """The state right after the plan's prompt."""

    def masks(self, states: Integers, /) -> npt.NDArray[np.bool_]:
        """(k,) states -> (k, V), True for the characters that may come next."""

    def advance(self, states: Integers, characters: Integers, /) -> Integers:
        """(k,) states and the characters that came -> (k,) states."""

    def done(self, states: Integers, /) -> npt.NDArray[np.bool_]:
        """(k,) states -> (k,), True where the tune is complete."""

    def bound(self, plan: Any, /) -> int:
        """The most characters that can follow the prompt."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One finished draw.

    Attributes:
        number: which of the job's candidates, from 0.
        text: what was drawn, without the prompt.
        chances: float32, the probability of each of its characters at temperature 1.
        allowed: float32, the share of the model's probability that the grammar left at each.
    """

    number: int
    text: str
    chances: npt.NDArray[np.float32]
    allowed: npt.NDArray[np.float32]


@dataclass(eq=False, slots=True)
class Job:
    """A request as the sampler sees it. Another thread may set ``dropped`` at any time.

    Attributes:
        prompt: text that is read before the draw begins, not empty.
        plan: what the grammar enters with.
        temperature: above 0.
        seed: fixes every draw, together with the candidate's number.
        n: how many candidates to draw.
        dropped: nobody waits for it any more.
        finished: candidates so far, in the order in which they ended.
    """

    prompt: str
    plan: Any
    temperature: float
    seed: int
    n: int
    dropped: bool = False
    finished: list[Candidate] = field(default_factory=list)

    @property
    def done(self) -> bool:
        """Whether every candidate is there."""
        return len(self.finished) == self.n


@dataclass(eq=False, slots=True)
class _Reader:
    """A job that still reads, in the first of its slots: its prompt, how far it is, what comes then."""

    job: Job
    slots: list[int]
    characters: npt.NDArray[np.int32]
    entry: int
    place: int


class Chances:
    """The random numbers of one candidate, from 0 up to but not 1: the same on every machine."""

    def __init__(self, seed: int, number: int) -> None:
        self._random = Random(f"tune {seed} candidate {number}")

    def next(self, count: int) -> npt.NDArray[np.float32]:
        """The next ``count`` of them, however they are portioned out."""
        raw = np.frombuffer(self._random.randbytes(4 * count), "<u4")
        return (raw >> 8).astype(np.float32) * np.float32(2**-24)


class Sampler:
    """Draws many jobs at once with one engine. Used by one thread."""

    def __init__(self, engine: Engine, rules: Rules, alphabet: str) -> None:
        if len(alphabet) != engine.vocabulary:
            raise ValueError("the alphabet does not fit the network")
        self._engine, self._rules, self._alphabet = engine, rules, alphabet
        self._numbers = {character: number for number, character in enumerate(alphabet)}
        self._idle = list(range(engine.slots))[::-1]
        self._readers: list[_Reader] = []
        self._prompts: OrderedDict[str, Any] = OrderedDict()
        self._owners: list[tuple[Job, int] | None] = [None] * engine.slots
        self._drawing = np.empty(0, np.int32)  # the slots that draw
        size = engine.slots
        self._characters = np.zeros(size, np.int32)  # the one that each slot reads next
        self._states = np.zeros(size, np.int64)
        self._temperatures = np.ones(size, np.float32)
        self._lengths = np.zeros(size, np.int64)
        self._bounds = np.zeros(size, np.int64)
        self._random = [Chances(0, 0)] * size
        self._uniforms = np.zeros((size, _PORTION), np.float32)
        self._drawn = np.zeros((size, _PORTION), np.int32)
        self._chances, self._allowed = (np.zeros((size, _PORTION), np.float32) for _ in range(2))

    @property
    def free(self) -> int:
        """How many slots are free."""
        return len(self._idle)

    @property
    def taken(self) -> int:
        """How many slots are not."""
        return self._engine.slots - len(self._idle)

    @property
    def busy(self) -> bool:
        """Whether a step would do anything."""
        return len(self._idle) < self._engine.slots

    def begin(self, job: Job) -> None:
        """Give a job its slots; it takes part from the next step on.

        Raises:
            ValueError: if fewer slots are free than it needs, or its prompt cannot be read.
        """
        if job.n > self.free:
            raise ValueError("not enough slots are free")
        if not job.prompt or not set(job.prompt) <= self._numbers.keys():
            raise ValueError("the prompt has characters that the model does not know")
        entry = self._rules.enter(job.plan)
        slots = [self._idle.pop() for _ in range(job.n)]
        characters = np.array([self._numbers[character] for character in job.prompt], np.int32)
        known = self._prompts.get(job.prompt)
        self._engine.put(slots[0], known)
        reader = _Reader(job, slots, characters, entry, 0 if known is None else len(characters) - 1)
        self._characters[slots[0]] = characters[reader.place]
        self._readers.append(reader)

    def step(self) -> list[Job]:
        """Read and draw one character in every busy slot.

        Returns:
            The jobs that gained a candidate.
        """
        self.sweep()
        self._fan_out()
        reading = np.array([reader.slots[0] for reader in self._readers], np.int32)
        drawing, first = self._drawing, len(self._readers)
        slots = np.concatenate([reading, drawing]) if first else drawing
        if not len(slots):
            return []
        states, lengths = self._states[drawing], self._lengths[drawing]
        places = lengths % _PORTION
        if not places.all():
            self._portion_out(drawing[places == 0])
        masks = self._rules.masks(states) if len(drawing) else np.empty((0, len(self._alphabet)), np.bool_)
        chance = self._uniforms[drawing, places]
        if first:
            masks = np.concatenate([np.ones((first, len(self._alphabet)), np.bool_), masks])
            chance = np.concatenate([np.zeros(first, np.float32), chance])
        drawn = self._engine.advance(slots, self._characters[slots], masks, self._temperatures[slots], chance)
        self._read_on()
        if not len(drawing):
            return []
        characters = drawn.characters[first:].astype(np.int64)
        if characters.min() < 0:
            raise RuntimeError("the grammar leaves no character to draw")
        self._characters[drawing] = characters
        self._drawn[drawing, lengths] = characters
        self._chances[drawing, lengths] = drawn.chances[first:]
        self._allowed[drawing, lengths] = drawn.allowed[first:]
        self._lengths[drawing] = lengths + 1
        after = self._rules.advance(states, characters)
        self._states[drawing] = after
        over = self._rules.done(after) | (lengths + 1 >= self._bounds[drawing])
        return self._finish(drawing[over]) if over.any() else []

    def sweep(self) -> None:
        """Free the slots of the jobs that nobody waits for; a step does so too."""
        for reader in [reader for reader in self._readers if reader.job.dropped]:
            self._readers.remove(reader)
            self._idle += reader.slots
        gone = [slot for slot in self._drawing.tolist() if (owner := self._owners[slot]) and owner[0].dropped]
        self._leave(gone)

    def so_far(self, job: Job) -> list[str]:
        """What each of a job's unfinished candidates has drawn, by number."""
        mine = sorted(
            (owner[1], slot) for slot, owner in enumerate(self._owners) if owner and owner[0] is job
        )
        return [self._text(slot) for _, slot in mine]

    # -- coming and going --------------------------------------------------------------------

    def _fan_out(self) -> None:
        """Let the jobs whose prompt is read but for its last character begin to draw.

        That character is read in all slots of the job, and the first draw follows it.
        """
        ready = [reader for reader in self._readers if reader.place == len(reader.characters) - 1]
        for reader in ready:
            job, state = reader.job, self._engine.state(reader.slots[0])
            self._prompts[job.prompt] = state
            self._prompts.move_to_end(job.prompt)
            if len(self._prompts) > _REMEMBERED_PROMPTS:
                self._prompts.popitem(last=False)
            bound = self._rules.bound(job.plan)
            for number, slot in enumerate(reader.slots):
                self._engine.put(slot, state)
                self._owners[slot] = (job, number)
                self._characters[slot] = reader.characters[-1]
                self._states[slot] = reader.entry
                self._temperatures[slot] = job.temperature
                self._lengths[slot] = 0
                self._bounds[slot] = bound
                self._random[slot] = Chances(job.seed, number)
            self._readers.remove(reader)
            self._drawing = np.concatenate([self._drawing, np.array(reader.slots, np.int32)])

    def _read_on(self) -> None:
        """Turn every reader to its next character."""
        for reader in self._readers:
            reader.place += 1
            self._characters[reader.slots[0]] = reader.characters[reader.place]

    def _finish(self, slots: Iterable[int]) -> list[Job]:
        """Hand out what these slots have drawn, and free them."""
        jobs: dict[int, Job] = {}
        ended = [int(slot) for slot in slots]
        for slot in ended:
            owner = self._owners[slot]
            assert owner is not None
            job, number = owner
            length = self._lengths[slot]
            job.finished.append(
                Candidate(
                    number,
                    self._text(slot),
                    self._chances[slot, :length].copy(),
                    self._allowed[slot, :length].copy(),
                )
            )
            jobs[id(job)] = job
        self._leave(ended)
        return list(jobs.values())

    def _leave(self, slots: list[int]) -> None:
        if slots:
            self._drawing = self._drawing[~np.isin(self._drawing, slots)]
            self._idle += slots
            for slot in slots:
                self._owners[slot] = None

    def _text(self, slot: int) -> str:
        return "".join(self._alphabet[c] for c in self._drawn[slot, : self._lengths[slot]].tolist())

    def _portion_out(self, slots: npt.NDArray[np.int32]) -> None:
        """Give these slots their next random numbers, and room for as many characters."""
        for slot in slots.tolist():
            self._uniforms[slot] = self._random[slot].next(_PORTION)
        have, need = self._drawn.shape[1], int(self._lengths[slots].max()) + _PORTION
        if have < need:
            more = ((0, 0), (0, need - have))
            self._drawn = np.pad(self._drawn, more)
            self._chances, self._allowed = np.pad(self._chances, more), np.pad(self._allowed, more)
