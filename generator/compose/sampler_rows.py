"""What the sampler keeps of the candidates that draw: a row for each, and a log of every step."""

from dataclasses import dataclass
from itertools import compress
from random import Random
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from generator.compose.bar_history import BarHistory
from generator.network import Drawn

Integers: TypeAlias = npt.NDArray[np.int64]
Small: TypeAlias = npt.NDArray[np.int32]
Floats: TypeAlias = npt.NDArray[np.float32]


class CandidateRandom:
    """The random numbers of one candidate, from 0 up to but not 1: the same on every machine."""

    def __init__(self, seed: int, number: int, bars: int = 0) -> None:
        """Begin; a candidate that goes on after some bars of another has other numbers than that one."""
        self._random = Random(f"tune {seed} candidate {number}" + (f" from bar {bars}" if bars else ""))

    def next(self, count: int) -> Floats:
        """Return the next ``count`` of them, however they are portioned out."""
        raw = np.frombuffer(self._random.randbytes(4 * count), "<u4")
        return (raw >> 8).astype(np.float32) * np.float32(2**-24)


@dataclass(eq=False, slots=True)
class Rows:
    """The candidates that draw; what one step reads and writes lies side by side.

    Attributes:
        slots: of the engine.
        characters: the one that each reads next.
        states: of the grammar.
        inverse_temperature: 1 / temperature.
        starts: the step of the first draw.
        ends: the step by which the draw must have ended.
        owners: whose they are: a job and the number of the candidate.
        randoms: where their random numbers come from.
        histories: what each has told, where the model can bring bars back; otherwise empty ones.
    """

    slots: Small
    characters: Small
    states: Integers
    inverse_temperature: Floats
    starts: Integers
    ends: Integers
    owners: list[tuple[Any, int]]
    randoms: list[CandidateRandom]
    histories: list[BarHistory]

    @classmethod
    def none(cls) -> "Rows":
        """Return no rows at all."""
        return cls.of([], 0, 0, 1.0, 0, 0, [], [])

    @classmethod
    def of(
        cls,
        slots: list[int],
        character: int,
        state: int,
        temperature: float,
        start: int,
        end: int,
        owners: list[tuple[Any, int]],
        randoms: list[CandidateRandom],
    ) -> "Rows":
        """Return the rows of one job, which begin alike."""
        n = len(slots)
        return cls(
            np.array(slots, np.int32),
            np.full(n, character, np.int32),
            np.full(n, state, np.int64),
            np.full(n, 1 / temperature, np.float32),
            np.full(n, start, np.int64),
            np.full(n, end, np.int64),
            owners,
            randoms,
            [BarHistory() for _ in owners],
        )

    def __len__(self) -> int:
        return len(self.owners)

    def joined(self, more: "Rows") -> "Rows":
        """Return these rows and then ``more``."""
        return Rows(
            np.concatenate([self.slots, more.slots]),
            np.concatenate([self.characters, more.characters]),
            np.concatenate([self.states, more.states]),
            np.concatenate([self.inverse_temperature, more.inverse_temperature]),
            np.concatenate([self.starts, more.starts]),
            np.concatenate([self.ends, more.ends]),
            self.owners + more.owners,
            self.randoms + more.randoms,
            self.histories + more.histories,
        )

    def kept(self, stay: npt.NDArray[np.bool_]) -> "Rows":
        """Return the rows where ``stay`` is True."""
        return Rows(
            self.slots[stay],
            self.characters[stay],
            self.states[stay],
            self.inverse_temperature[stay],
            self.starts[stay],
            self.ends[stay],
            list(compress(self.owners, stay)),
            list(compress(self.randoms, stay)),
            list(compress(self.histories, stay)),
        )


class Log:
    """What was drawn in each slot at each step, as far back as anybody needs it."""

    def __init__(self, steps: int, slots: int) -> None:
        self._characters = np.zeros((steps, slots), np.int32)
        self._probabilities = np.zeros((steps, slots), np.float32)
        self._allowed = np.zeros((steps, slots), np.float32)

    def __len__(self) -> int:
        """Steps that there is room for."""
        return len(self._characters)

    def write(self, step: int, slots: Small, drawn: Drawn) -> None:
        """Keep a step's draw."""
        self._characters[step, slots] = drawn.characters
        self._probabilities[step, slots] = drawn.probabilities
        self._allowed[step, slots] = drawn.allowed

    def read(self, slot: int, start: int, end: int) -> tuple[list[int], Floats, Floats]:
        """Read a slot's characters, their probabilities and the allowed shares between two steps."""
        part = slice(start, end)
        return (
            self._characters[part, slot].tolist(),
            self._probabilities[part, slot].copy(),
            self._allowed[part, slot].copy(),
        )

    def shifted(self, past: int, room: int) -> "Log":
        """Without the first ``past`` steps, and with room for ``room`` in all."""
        new = Log(room, self._characters.shape[1])
        kept = len(self) - past
        new._characters[:kept] = self._characters[past:]
        new._probabilities[:kept] = self._probabilities[past:]
        new._allowed[:kept] = self._allowed[past:]
        return new
