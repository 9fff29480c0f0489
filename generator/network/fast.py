"""The fast engine: our own machine code over the same weights, without TensorFlow."""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from generator.network.base import Drawn, Weigh
from generator.network.weights import Floats, LstmWeights, NetworkWeights, read_weights

_LOG2_E: Final = 1.4426950408889634
# The kernel raises 2 to these multiples of the gates i, f, c, o: sigmoids need exp(-x), tanh exp(-2x).
_GATE_SCALES: Final = np.array([-_LOG2_E, -_LOG2_E, -2 * _LOG2_E, -_LOG2_E], np.float64)
# Logit of the characters that only pad the vocabulary to whole vectors.
_NEVER: Final = -1e30


@dataclass(frozen=True, slots=True)
class Kernel:
    """Compiled code and the weights as it reads them; shared by all engines of a model.

    Attributes:
        shape: what it was compiled for.
        step, draw: the two functions; calling one releases the GIL.
        table: (V, 4H), the embedding times the first kernel, plus its bias.
        weights: every panel of every layer, in the order in which a step reads them.
        biases: of the deeper layers and of the last one.
        owner: what keeps the code in memory.
    """

    shape: Any
    step: Any
    draw: Any
    table: Floats
    weights: Floats
    biases: Floats
    owner: Any


def load_kernel(path: Path) -> Kernel:
    """Read a weights file, pack it for this CPU and compile the step (about a fifth of a second).

    Raises:
        ModelError: if the file is missing, damaged, or of another network.
    """
    network = read_weights(path)
    from llvmlite import binding  # noqa: PLC0415  # 50 MB that only serving needs

    from generator.network.emitter import KernelShape  # noqa: PLC0415
    from generator.network.kernel import module_text  # noqa: PLC0415

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    cpu = binding.get_host_cpu_features()
    lanes, rows = (16, 6) if cpu.get("avx512f") else (8, 2) if cpu.get("avx2") else (4, 6)
    shape = KernelShape(network.units, len(network.lstms), network.vocabulary, lanes, rows)
    machine = binding.Target.from_default_triple().create_target_machine(
        cpu=binding.get_host_cpu_name(), features=cpu.flatten(), opt=2, jit=True
    )
    code = binding.parse_assembly(module_text(shape))
    owner = binding.create_mcjit_compiler(code, machine)
    owner.finalize_object()
    pointers = [ctypes.c_void_p] * 8
    step = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, *pointers, ctypes.c_void_p)
    draw = ctypes.CFUNCTYPE(None, ctypes.c_int64, *pointers)
    return Kernel(
        shape,
        step(owner.get_function_address("step")),
        draw(owner.get_function_address("draw")),
        *_packed(network, shape),
        (owner, machine),
    )


def aligned(shape: Sequence[int], kind: npt.DTypeLike = np.float32) -> npt.NDArray[Any]:
    """Zeros that begin at a cache line, as the kernel's vector loads require."""
    size = int(np.prod(shape)) * np.dtype(kind).itemsize
    raw = np.zeros(size + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + size].view(kind).reshape(shape)


def _packed(network: NetworkWeights, shape: Any) -> tuple[Floats, Floats, Floats]:
    """Return the table, the panels and the biases of :class:`Kernel`."""
    scales = np.repeat(_GATE_SCALES, network.units)

    def panels(matrix: npt.NDArray[np.float64], vectors: int) -> npt.NDArray[np.float64]:
        """Turn (inputs, columns) with the vectors of a panel side by side -> panels, flat."""
        inputs = matrix.shape[0]
        cut = matrix.reshape(inputs, -1, vectors * shape.lanes)
        return cut.transpose(1, 0, 2).ravel()

    def gates_together(matrix: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """Columns in gate order -> lane by lane of units, the four gates side by side."""
        scaled = matrix.astype(np.float64) * scales
        cut = scaled.reshape(-1, 4, network.units // shape.lanes, shape.lanes)
        return cut.transpose(0, 2, 1, 3).reshape(len(cut), -1)

    first, *deeper = network.lstms
    table = network.embedding.astype(np.float64) @ first.kernel.astype(np.float64) + first.bias
    stacked = [first.recurrent, *(_stacked(lstm) for lstm in deeper)]
    padding = shape.padded - network.vocabulary
    dense = np.pad(network.dense.astype(np.float64), ((0, 0), (0, padding)))
    flat = [panels(gates_together(matrix), 4) for matrix in stacked]
    flat.append(panels(dense, shape.dense_vectors))
    biases = [gates_together(lstm.bias[None]).ravel() for lstm in deeper]
    biases.append(np.pad(network.dense_bias.astype(np.float64), (0, padding), constant_values=_NEVER))
    found = []
    for array in (gates_together(table).ravel(), np.concatenate(flat), np.concatenate(biases)):
        found.append(aligned(array.shape))
        found[-1][:] = array
    return found[0], found[1], found[2]


def _stacked(lstm: LstmWeights) -> Floats:
    return np.vstack([lstm.kernel, lstm.recurrent])


class FastEngine:
    """Slots of state and one compiled step for any of them. One thread at a time may use it."""

    name = "fast"

    def __init__(self, kernel: Kernel, slots: int) -> None:
        shape = kernel.shape
        self.vocabulary: int = shape.vocabulary
        self.slots = slots
        self._kernel = kernel
        self._hidden = aligned((shape.layers, slots, shape.units))
        self._cells = aligned((shape.layers, slots, shape.units))
        self._fresh = aligned((slots, shape.units))
        self._logits = aligned((slots, shape.padded))
        self._scratch = aligned((4, shape.padded))
        self._masks = aligned((slots, shape.padded), np.uint8)
        self._rows, self._characters, self._chosen = (aligned((slots,), np.int32) for _ in range(3))
        self._inverse_temperature, self._uniforms, self._probabilities, self._allowed = (
            aligned((slots,)) for _ in range(4)
        )

        def places(*arrays: npt.NDArray[Any]) -> list[ctypes.c_void_p]:
            return [ctypes.c_void_p(array.ctypes.data) for array in arrays]

        self._for_step = places(
            self._rows,
            self._characters,
            kernel.table,
            kernel.weights,
            kernel.biases,
            self._hidden,
            self._cells,
            self._fresh,
            self._logits,
        )
        self._for_draw = places(
            self._logits,
            self._masks,
            self._inverse_temperature,
            self._uniforms,
            self._scratch,
            self._chosen,
            self._probabilities,
            self._allowed,
        )

    def state(self, slot: int) -> Floats:
        """Return a copy of what a slot remembers."""
        return np.stack([self._hidden[:, slot], self._cells[:, slot]])

    def put(self, slot: int, state: Floats | None) -> None:
        """Give a slot a copied state, or a blank one."""
        self._hidden[:, slot], self._cells[:, slot] = (0, 0) if state is None else state

    def step(self, slots: npt.ArrayLike, characters: npt.ArrayLike) -> Floats:
        """See :meth:`generator.network.base.Engine.step`."""
        n = self._read(slots, characters)
        return self._logits[:n, : self.vocabulary].copy()

    def advance(
        self,
        slots: npt.ArrayLike,
        characters: npt.ArrayLike,
        masks: npt.NDArray[np.bool_],
        inverse_temperature: npt.ArrayLike,
        uniforms: npt.ArrayLike,
        weigh: Weigh | None = None,
    ) -> Drawn:
        """See :meth:`generator.network.base.Engine.advance`."""
        n = len(masks)
        self._masks[:n, : self.vocabulary] = masks
        self._inverse_temperature[:n] = inverse_temperature
        self._uniforms[:n] = uniforms
        self._read(slots, characters)
        if weigh is not None:
            weigh(self._logits[:n, : self.vocabulary])
        self._kernel.draw(n, *self._for_draw)
        return Drawn(self._chosen[:n], self._probabilities[:n], self._allowed[:n])

    def _read(self, slots: npt.ArrayLike, characters: npt.ArrayLike) -> int:
        n = len(slots)  # type: ignore[arg-type]
        self._rows[:n] = slots
        self._characters[:n] = characters
        self._kernel.step(n, self.slots, *self._for_step)
        return n
