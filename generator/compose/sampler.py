"""The sampler: slots of recurrent state, and one step for all that are busy.

A job's prompt is read once, and its candidates are then drawn in as many slots as it wants. Jobs
come and go between steps. A candidate depends on its prompt, temperature, seed and number
alone: the engine's rows do not know of each other, and each candidate has its own random numbers.
"""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, cast
from weakref import WeakSet

import numpy as np
import numpy.typing as npt

from generator.compose.bar_copying import BarCopier
from generator.compose.bar_history import BarHistory
from generator.compose.model_facts import AS_ASKED, Warmth
from generator.compose.sampler_grammar import CopyingGrammar, Integers, SamplerGrammar
from generator.compose.sampler_rows import CandidateRandom, Log, Rows
from generator.grammar.bar_signs import COPY_SIGNS
from generator.network import Drawn, Engine

_REMEMBERED_PROMPTS: Final = 256
_PORTION: Final = 256  # steps for which random numbers are drawn at a time


@dataclass(eq=False, slots=True, weakref_slot=True)
class Pause:
    """Where a candidate has stopped, for others to go on from.

    Attributes:
        memory: what the network remembers.
        character: to be read next.
        state: of the grammar.
        history: the bars so far.
    """

    memory: npt.NDArray[np.float32]
    character: int
    state: int
    history: BarHistory


@dataclass(frozen=True, slots=True)
class Candidate:
    """One finished draw.

    Attributes:
        number: which of the job's candidates, from 0.
        text: what was drawn, without the prompt, bars that return spelt out.
        probabilities: float32, the probability of each drawn character at temperature 1.
        allowed: float32, the share of the model's probability that the grammar left at each.
        pause: where it stopped before its end; None if it is complete.
    """

    number: int
    text: str
    probabilities: npt.NDArray[np.float32]
    allowed: npt.NDArray[np.float32]
    pause: Pause | None = None


@dataclass(eq=False, slots=True)
class Job:
    """A request as the sampler sees it. Set ``dropped`` to have its slots freed at the next step.

    Attributes:
        prompt: text that is read before the draw begins, not empty.
        plan: what the grammar enters with.
        temperature: above 0.
        seed: fixes every draw, together with the candidate's number.
        n: how many candidates to draw.
        first: number of the first of them; what was drawn before has the lower ones.
        pause: bars after which its candidates stop, as if they were complete; 0 for their end.
        after: from where all of them go on; None from the beginning. Probabilities count from there.
        dropped: nobody waits for it any more.
        finished: candidates so far, in the order in which they ended.
    """

    prompt: str
    plan: Any
    temperature: float
    seed: int
    n: int
    first: int = 0
    pause: int = 0
    after: Pause | None = None
    dropped: bool = False
    finished: list[Candidate] = field(default_factory=list)

    @property
    def done(self) -> bool:
        """Tell whether every candidate is there."""
        return len(self.finished) == self.n


class Sampler:
    """Draws many jobs at once with one engine. Used by one thread."""

    def __init__(
        self, engine: Engine, grammar: SamplerGrammar, alphabet: str, warmth: Warmth = AS_ASKED
    ) -> None:
        if len(alphabet) != engine.vocabulary:
            raise ValueError("the alphabet does not fit the network")
        self._engine, self._grammar, self._alphabet = engine, grammar, alphabet
        self._numbers = {character: number for number, character in enumerate(alphabet)}
        signs = not COPY_SIGNS.keys().isdisjoint(alphabet)
        self._copier = BarCopier(cast("CopyingGrammar", grammar), alphabet) if signs else None
        self._warmth = warmth
        self._idle = list(range(engine.slots))[::-1]
        self._rows = Rows.none()
        self._pauses: WeakSet[Pause] = WeakSet()
        self._prompts: OrderedDict[str, npt.NDArray[np.float32]] = OrderedDict()
        self._now = 0  # the number of this step; set back when the log forgets its past
        self._log = Log(2 * _PORTION, engine.slots)
        self._uniforms = np.zeros((_PORTION, engine.slots), np.float32)  # of steps modulo _PORTION

    @property
    def free(self) -> int:
        """Return how many slots are free."""
        return len(self._idle)

    @property
    def busy(self) -> bool:
        """Tell whether a step would do anything."""
        return len(self._idle) < self._engine.slots

    def begin(self, job: Job) -> None:
        """Read a job's prompt but for its last character; its candidates take part from the next step on.

        Raises:
            ValueError: if fewer slots are free than it needs, or its prompt cannot be read.
            RequestError: if the grammar cannot meet its plan.
        """
        if job.n > self.free:
            raise ValueError("not enough slots are free")
        if not job.prompt or not set(job.prompt) <= self._numbers.keys():
            raise ValueError("the prompt has characters that the model does not know")
        end = self._now + self._grammar.bound(job.plan)
        last, histories, bars = self._numbers[job.prompt[-1]], None, 0
        if job.after is None:
            state, read = self._grammar.enter(job.plan), self._read(job.prompt[:-1])
        else:
            state, read, last = job.after.state, job.after.memory, job.after.character
            histories, bars = [job.after.history.copy() for _ in range(job.n)], job.after.history.full
        slots = [self._idle.pop() for _ in range(job.n)]
        places = range(job.first, job.first + job.n)
        randoms = [CandidateRandom(job.seed, number, bars) for number in places]
        place = self._now % _PORTION
        for slot, random in zip(slots, randoms, strict=True):
            self._engine.put(slot, read)
            if place:  # a new portion is about to be drawn for all otherwise
                self._uniforms[place:, slot] = random.next(_PORTION - place)
        owners = [(job, number) for number in places]
        rows = Rows.of(slots, last, state, job.temperature, self._now, end, owners, randoms)
        if histories is not None:
            rows.histories = histories
        held = getattr(job.plan, "held", None)
        if held is not None:
            for history in rows.histories:
                history.held = held
        if self._copier:
            self._copier.look_back(rows.histories, rows.states)
        self._rows = self._rows.joined(rows)

    def step(self) -> list[Job]:
        """Read and draw one character in every busy slot.

        Returns:
            The jobs that gained a candidate.
        """
        self.sweep()
        rows = self._rows
        if not len(rows):
            return []
        if self._now == len(self._log):
            self._forget()
        place = self._now % _PORTION
        if place == 0:
            for slot, random in zip(rows.slots.tolist(), rows.randoms, strict=True):
                self._uniforms[:, slot] = random.next(_PORTION)
        masks = self._grammar.compute_mask(rows.states)
        if self._copier:
            self._copier.offer(rows.histories, rows.states, masks)
        uniforms = self._uniforms[place].take(rows.slots)
        colder = rows.inverse_temperature * np.float32(1 / self._warmth.notes)
        weigh = None
        if self._copier:
            ratio = np.float32(self._warmth.notes / self._warmth.signs)
            colder[[history.decides for history in rows.histories]] *= ratio
            weigh = partial(self._copier.weigh, rows.histories, rows.states, masks)
        drawn = self._engine.advance(rows.slots, rows.characters, masks, colder, uniforms, weigh)
        return self._take(drawn)

    def sweep(self) -> None:
        """Free the slots of the jobs that nobody waits for; a step does so too."""
        if any(job.dropped for job, _ in self._rows.owners):
            self._keep([not job.dropped for job, _ in self._rows.owners])

    def so_far(self, job: Job) -> list[str]:
        """Return what each of a job's unfinished candidates has drawn, by number."""
        rows = self._rows
        mine = [row for row, (owner, _) in enumerate(rows.owners) if owner is job]
        mine.sort(key=lambda row: rows.owners[row][1])
        return [self._candidate(row).text for row in mine]

    def _take(self, drawn: Drawn) -> list[Job]:
        """Write down what was drawn, and part with what has ended."""
        rows = self._rows
        characters = drawn.characters.astype(np.int64)
        if characters.min() < 0:
            raise RuntimeError("the grammar leaves no character to draw")
        self._log.write(self._now, rows.slots, drawn)
        rows.characters = drawn.characters.copy()
        if self._copier:
            rows.states = self._copier.follow(rows.histories, rows.states, characters)
        else:
            rows.states = self._grammar.consume(rows.states, characters)
        rows.states = self._trimmed(rows.states)
        if self._copier:
            self._copier.look_back(rows.histories, rows.states)
        self._now += 1
        over = self._grammar.is_accepting(rows.states) | (rows.ends <= self._now)
        over |= np.array([history.stuck for history in rows.histories], np.bool_)
        paused = [
            0 < job.pause <= history.full
            for (job, _), history in zip(rows.owners, rows.histories, strict=True)
        ]
        leaving = over | np.array(paused, np.bool_)
        if not leaving.any():
            return []
        jobs: dict[int, Job] = {}
        for row in np.flatnonzero(leaving).tolist():
            job = rows.owners[row][0]
            candidate = self._candidate(row)
            job.finished.append(candidate if over[row] else replace(candidate, pause=self._pause(row)))
            jobs[id(job)] = job
        self._keep((~leaving).tolist())
        return list(jobs.values())

    def _pause(self, row: int) -> Pause:
        """Return where a row has stopped."""
        rows = self._rows
        memory = self._engine.state(int(rows.slots[row]))
        pause = Pause(memory, int(rows.characters[row]), int(rows.states[row]), rows.histories[row])
        self._pauses.add(pause)
        return pause

    def _trimmed(self, states: Integers) -> Integers:
        """Bound the memory of the grammar, which may renumber states; those of pauses are in use, too."""
        pauses = list(self._pauses)
        if not pauses:
            return self._grammar.trimmed(states)
        both = self._grammar.trimmed(np.concatenate([states, [pause.state for pause in pauses]]))
        for pause, state in zip(pauses, both[len(states) :].tolist(), strict=True):
            pause.state = state
        return both[: len(states)]

    def _read(self, text: str) -> npt.NDArray[np.float32] | None:
        """Return the state of a slot that has read this text; None for no text."""
        if not text:
            return None
        if text not in self._prompts:
            slot = self._idle[-1]
            self._engine.put(slot, None)
            for character in text:
                self._engine.step([slot], [self._numbers[character]])
            self._prompts[text] = self._engine.state(slot)
            if len(self._prompts) > _REMEMBERED_PROMPTS:
                self._prompts.popitem(last=False)
        self._prompts.move_to_end(text)
        return self._prompts[text]

    def _keep(self, stay: list[bool]) -> None:
        """Free the slots of the other rows."""
        kept = np.array(stay, np.bool_)
        self._idle += self._rows.slots[~kept].tolist()
        self._rows = self._rows.kept(kept)

    def _candidate(self, row: int) -> Candidate:
        """Return what a row has drawn."""
        rows = self._rows
        characters, probabilities, allowed = self._log.read(
            int(rows.slots[row]), int(rows.starts[row]), self._now
        )
        history = rows.histories[row]
        text = history.text if self._copier else "".join([self._alphabet[c] for c in characters])
        if history.stuck:
            text = ""  # no tune
        return Candidate(rows.owners[row][1], text, probabilities, allowed)

    def _forget(self) -> None:
        """Make room in the log: the steps before all present rows go, and it grows if that is little."""
        past = int(self._rows.starts.min()) // _PORTION * _PORTION
        room = len(self._log) * (2 if past < len(self._log) // 2 else 1)
        self._log = self._log.shifted(past, room)
        self._now -= past
        self._rows.starts -= past
        self._rows.ends -= past
