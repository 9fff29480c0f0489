"""Small steps of machine code that the layers and the draw are made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from llvmlite import ir

GATES: Final = 4
LOG2_E: Final = 1.4426950408889634
I8, I32, I64, F32 = ir.IntType(8), ir.IntType(32), ir.IntType(64), ir.FloatType()
VOID, PTR = ir.VoidType(), ir.PointerType()
Value = Any

# 2**r for r in [-0.5, 0.5], a minimax fit of degree 6 to a relative error of 2e-9.
_EXP2: Final = (
    1.0,
    0.6931471824645996,
    0.24022646248340607,
    0.05550328642129898,
    0.009618489071726799,
    0.0013399930903688073,
    0.0001534581242594868,
)
# Adding it to a float of modest size leaves the nearest integer in the low bits of the sum.
_ROUNDER: Final = 12582912.0


@dataclass(frozen=True, slots=True)
class KernelShape:
    """What the code is made for.

    Attributes:
        units: hidden units in a layer, a multiple of ``lanes``.
        layers: LSTM layers.
        vocabulary: characters, V.
        lanes: floats in a vector register: 16, 8 or 4.
        rows: rows that go through a panel together; 4 x rows sums stay in registers.
    """

    units: int
    layers: int
    vocabulary: int
    lanes: int
    rows: int

    @property
    def dense_vectors(self) -> int:
        """Vectors in a panel of the last layer, at most four."""
        vectors = -(-self.vocabulary // self.lanes)
        return -(-vectors // self.dense_panels)

    @property
    def dense_panels(self) -> int:
        """Panels of the last layer."""
        return -(-self.vocabulary // (self.lanes * GATES))

    @property
    def padded(self) -> int:
        """Return the vocabulary rounded up to whole panels."""
        return self.dense_panels * self.dense_vectors * self.lanes


class Emitter:
    """Emits functions into a module, one after the other."""

    def __init__(self, module: ir.Module, shape: KernelShape) -> None:
        self.module, self.shape = module, shape
        self.vector = ir.VectorType(F32, shape.lanes)
        self.integers = ir.VectorType(I32, shape.lanes)
        self.fma = self._intrinsic("fma", 3)
        self.largest = self._intrinsic("maxnum", 2)
        self.smallest = self._intrinsic("minnum", 2)
        self.b = ir.IRBuilder()

    def _intrinsic(self, name: str, arguments: int) -> Value:
        full = f"llvm.{name}.v{self.shape.lanes}f32"
        kind = ir.FunctionType(self.vector, [self.vector] * arguments)
        return self.module.globals.get(full) or ir.Function(self.module, kind, full)

    def begin(self, name: str, *types: ir.Type) -> Sequence[Value]:
        """Start a function and return its arguments."""
        function = ir.Function(self.module, ir.FunctionType(VOID, types), name)
        self.b = ir.IRBuilder(function.append_basic_block())
        return function.args  # type: ignore[no-any-return]

    def at(self, base: Value, *indices: Value, of: ir.Type = F32) -> Value:
        """Return the address ``sum(indices)`` items of type ``of`` after ``base``."""
        for index in indices:
            place = I64(index) if isinstance(index, int) else index
            base = self.b.gep(base, [place], source_etype=of)
        return base

    def vload(self, address: Value) -> Value:
        """Return a vector from memory that begins at a multiple of its size."""
        return self.b.load(address, typ=self.vector, align=4 * self.shape.lanes)

    def vstore(self, value: Value, address: Value) -> None:
        """Store a vector into such memory."""
        self.b.store(value, address, align=4 * self.shape.lanes)

    def splat(self, value: Value) -> Value:
        """Return a scalar in every lane."""
        one = self.b.insert_element(ir.Constant(self.vector, ir.Undefined), value, I32(0))
        unused, zeros = ir.Constant(self.vector, ir.Undefined), ir.Constant(self.integers, None)
        return self.b.shuffle_vector(one, unused, zeros)

    def constant(self, value: float) -> Value:
        """Return a known number in every lane."""
        return ir.Constant(self.vector, [value] * self.shape.lanes)

    def loop(
        self, count: Value, carried: Sequence[Value], body: Callable[[Value, list[Value]], Sequence[Value]]
    ) -> list[Value]:
        """Emit ``for index in range(count): carried = body(index, carried)``."""
        b, before = self.b, self.b.block
        head, after = b.append_basic_block(), b.append_basic_block()
        b.cbranch(b.icmp_signed("<", I64(0), count), head, after)
        b.position_at_end(head)
        index = b.phi(I64)
        inside = [b.phi(value.type) for value in carried]
        results = list(body(index, inside))
        following, last = b.add(index, I64(1)), b.block
        for phi, start, again in zip(
            [index, *inside], [I64(0), *carried], [following, *results], strict=True
        ):
            phi.add_incoming(start, before)
            phi.add_incoming(again, last)
        b.cbranch(b.icmp_signed("<", following, count), head, after)
        b.position_at_end(after)
        finals = [b.phi(value.type) for value in carried]
        for phi, start, result in zip(finals, carried, results, strict=True):
            phi.add_incoming(start, before)
            phi.add_incoming(result, last)
        return finals

    def exp2(self, x: Value, low: float, high: float) -> Value:
        """Emit 2**x in every lane, with x first held between ``low`` and ``high`` (within -126 to 126)."""
        b = self.b
        x = b.call(self.largest, [x, self.constant(low)])
        x = b.call(self.smallest, [x, self.constant(high)])
        shifted = b.fadd(x, self.constant(_ROUNDER))
        r = b.fsub(x, b.fsub(shifted, self.constant(_ROUNDER)))
        power = self.constant(_EXP2[-1])
        for coefficient in _EXP2[-2::-1]:
            power = b.call(self.fma, [power, r, self.constant(coefficient)])
        exponent = b.shl(
            b.bitcast(shifted, self.integers), ir.Constant(self.integers, [23] * self.shape.lanes)
        )
        return b.bitcast(b.add(b.bitcast(power, self.integers), exponent), self.vector)
