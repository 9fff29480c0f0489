"""The machine code of one sampling step, written with llvmlite for the CPU it runs on.

Why not a library: a step at batch 1 is a read of all weights and little else, and a general
kernel leaves half of that on the table; and a library may add up a row in another order at
another batch size, where a tune must depend on its seed alone. Here each output is one chain of
fused multiply-adds over the inputs in their order, whatever the batch, the row or the width of
the CPU's vectors, so equal inputs give equal bytes everywhere.

Layout: the weights of a layer are cut into panels. A panel holds, for as many hidden units as a
vector has lanes, the columns of all four gates, for every input in turn: (inputs, 4, lanes). A
block of rows goes through a panel with its sums in registers and comes out as new state, so the
sums never touch memory. Panels are made by :mod:`generator.network.fast`.
"""

from collections.abc import Callable, Sequence
from typing import Final

from llvmlite import ir

from generator.network.draw_code import DrawCode
from generator.network.emitter import F32, GATES, I32, I64, LOG2_E, PTR, VOID, Emitter, KernelShape, Value

# The five exponentials of a cell are multiplied, three at a time; beyond 2**39 they are infinite
# to every purpose, and below that no product overflows.
_CELL_BOUND: Final = 39.0


def module_text(shape: KernelShape) -> str:
    """Return the step as LLVM IR.

    It defines two functions; see :class:`generator.network.fast.FastEngine` for their arguments.
    ``step(n, capacity, slots, characters, table, weights, biases, hidden, cells, fresh, logits)`` and
    ``draw(n, logits, masks, inverse_temperature, uniforms, scratch, chosen, probabilities, allowed)``.
    """
    module = ir.Module("tunesmith")
    code = _LayerCode(module, shape)
    first = code.lstm("first", reads_below=False)
    deeper = code.lstm("deeper", reads_below=True)
    dense = code.dense()
    _step(module, shape, first, deeper, dense)
    DrawCode(module, shape).draw()
    # Without this, LLVM halves 512-bit vectors on CPUs that prefer 256, and the sums spill.
    wide = f'attributes #0 = {{ nounwind "min-legal-vector-width"="{32 * shape.lanes}" '
    wide += f'"prefer-vector-width"="{32 * shape.lanes}" }}\n'
    lines = [line + " #0" if line.startswith("define ") else line for line in str(module).splitlines()]
    return "\n".join(lines) + "\n" + wide


def _step(module: ir.Module, shape: KernelShape, first: Value, deeper: Value, dense: Value) -> None:
    """Emit one step of ``n`` slots: every layer in turn, then the logits."""
    function = ir.Function(module, ir.FunctionType(VOID, [I64] * 2 + [PTR] * 9), "step")
    n, capacity, slots, characters, table, weights, biases, hidden, cells, fresh, logits = function.args
    b = ir.IRBuilder(function.append_basic_block())
    square = shape.units * shape.units * GATES

    def at(base: Value, floats: Value) -> Value:
        return b.gep(base, [I64(floats)], source_etype=F32)

    states = b.mul(capacity, I64(shape.units))
    used = 0
    for layer in range(shape.layers):
        own = b.gep(hidden, [b.mul(states, I64(layer))], source_etype=F32)
        cell = b.gep(cells, [b.mul(states, I64(layer))], source_etype=F32)
        if layer == 0:
            b.call(first, [n, slots, characters, table, at(weights, 0), own, own, cell, fresh])
        else:
            below = b.gep(hidden, [b.mul(states, I64(layer - 1))], source_etype=F32)
            bias = at(biases, (layer - 1) * shape.units * GATES)
            b.call(deeper, [n, slots, characters, bias, at(weights, used), below, own, cell, fresh])
        used += square if layer == 0 else 2 * square
    top = b.gep(hidden, [b.mul(states, I64(shape.layers - 1))], source_etype=F32)
    bias = at(biases, (shape.layers - 1) * shape.units * GATES)
    b.call(dense, [n, slots, bias, at(weights, used), top, logits])
    b.ret_void()


class _LayerCode(Emitter):
    """The layers: panels of weights outside, blocks of rows inside."""

    def __init__(self, module: ir.Module, shape: KernelShape) -> None:
        super().__init__(module, shape)
        self.cells = self._cells()

    def product(
        self, inputs: Sequence[Value], count: int, weights: Value, sums: list[Value], vectors: int
    ) -> list[Value]:
        """Add ``inputs`` (one address for each row) times a panel to ``sums``, row by row."""

        def body(k: Value, sums: list[Value]) -> list[Value]:
            column = self.at(weights, self.b.mul(k, I64(vectors * self.shape.lanes)))
            panel = [self.vload(self.at(column, v * self.shape.lanes)) for v in range(vectors)]
            added = []
            for row, address in enumerate(inputs):
                value = self.splat(self.b.load(self.at(address, k), typ=F32))
                added += [
                    self.b.call(self.fma, [value, panel[v], sums[row * vectors + v]]) for v in range(vectors)
                ]
            return added

        return self.loop(I64(count), sums, body)

    def each_block(self, n: Value, call: Callable[[int, Value], None]) -> None:
        """Call ``call(rows, first row)`` for full blocks of rows, then for what is left."""
        b, rows = self.b, self.shape.rows
        full = b.sdiv(n, I64(rows))

        def body(block: Value, _: list[Value]) -> list[Value]:
            call(rows, b.mul(block, I64(rows)))
            return []

        self.loop(full, [], body)
        done = b.mul(full, I64(rows))
        left = b.sub(n, done)
        for some in range(1, rows):
            with b.if_then(b.icmp_signed("==", left, I64(some))):
                call(some, done)

    def lstm(self, name: str, *, reads_below: bool) -> Value:
        """Return a layer: panels outside, blocks of rows inside, then the new outputs into the states.

        The outputs wait in ``fresh`` because every panel reads all the old ones.
        """
        shape, types = self.shape, [I64] + [PTR] * 8
        blocks = {r: self._lstm_block(f"{name}_{r}", r, reads_below) for r in range(1, shape.rows + 1)}
        n, slots, characters, starts, weights, below, own, cells, fresh = self.begin(name, *types)
        inputs = shape.units * (2 if reads_below else 1)
        size = GATES * shape.lanes

        def panel(p: Value, _: list[Value]) -> list[Value]:
            start = self.at(starts, self.b.mul(p, I64(size)))
            part = self.at(weights, self.b.mul(p, I64(size * inputs)))
            unit = self.b.mul(p, I64(shape.lanes))
            cell, out = self.at(cells, unit), self.at(fresh, unit)

            def block(rows: int, row: Value) -> None:
                self.b.call(blocks[rows], [row, slots, characters, start, part, below, own, cell, out])

            self.each_block(n, block)
            return []

        self.loop(I64(shape.units // shape.lanes), [], panel)

        def keep(row: Value, _: list[Value]) -> list[Value]:
            source = self.at(fresh, self.b.mul(row, I64(shape.units)))
            target = self._row(own, slots, row)

            def copy(i: Value, _: list[Value]) -> list[Value]:
                place = self.b.mul(i, I64(shape.lanes))
                self.vstore(self.vload(self.at(source, place)), self.at(target, place))
                return []

            self.loop(I64(shape.units // shape.lanes), [], copy)
            return []

        self.loop(n, [], keep)
        self.b.ret_void()
        return self.b.function

    def _row(self, base: Value, slots: Value, row: Value) -> Value:
        """Return the state of the slot that stands in ``row``."""
        slot = self.b.sext(self.b.load(self.at(slots, row, of=I32), typ=I32), I64)
        return self.at(base, self.b.mul(slot, I64(self.shape.units)))

    def _lstm_block(self, name: str, rows: int, reads_below: bool) -> Value:
        """Return one panel for one block of rows."""
        shape, lanes = self.shape, self.shape.lanes
        args = self.begin(name, I64, *[PTR] * 8)
        self.b.function.linkage = "internal"
        first, slots, characters, starts, weights, below, own, cells, fresh = args
        order = [self.b.add(first, I64(row)) for row in range(rows)]
        sums = []
        for row in order:
            start = starts
            if not reads_below:  # the table of characters stands for the embedding and its product
                character = self.b.sext(self.b.load(self.at(characters, row, of=I32), typ=I32), I64)
                start = self.at(starts, self.b.mul(character, I64(GATES * shape.units)))
            sums += [self.vload(self.at(start, gate * lanes)) for gate in range(GATES)]
        if reads_below:
            sums = self.product(
                [self._row(below, slots, row) for row in order], shape.units, weights, sums, GATES
            )
            weights = self.at(weights, shape.units * GATES * lanes)
        sums = self.product([self._row(own, slots, row) for row in order], shape.units, weights, sums, GATES)
        kept = self.b.alloca(self.vector, rows * GATES)
        kept.align = 4 * lanes
        for place, value in enumerate(sums):
            self.vstore(value, self.at(kept, place * lanes))
        self.b.call(self.cells, [I64(rows), first, slots, kept, cells, fresh])
        self.b.ret_void()
        return self.b.function

    def _cells(self) -> Value:
        """Return the cells of one panel for a block of rows, from the sums of their gates."""
        shape = self.shape
        rows, first, slots, sums, cells, fresh = self.begin("cells", I64, I64, *[PTR] * 4)
        self.b.function.linkage = "internal"

        def body(place: Value, _: list[Value]) -> list[Value]:
            row = self.b.add(first, place)
            own = self.at(sums, self.b.mul(place, I64(GATES * shape.lanes)))
            gates = [self.vload(self.at(own, gate * shape.lanes)) for gate in range(GATES)]
            cell = self._row(cells, slots, row)
            new, out = self._cell(self.vload(cell), *gates)
            self.vstore(new, cell)
            self.vstore(out, self.at(fresh, self.b.mul(row, I64(shape.units))))
            return []

        self.loop(rows, [], body)
        self.b.ret_void()
        return self.b.function

    def _cell(self, cell: Value, i: Value, f: Value, c: Value, o: Value) -> tuple[Value, Value]:
        """Return the LSTM cell: new cell state and output.

        The gates come scaled, so that with I = 2**i and so on: sigmoid = 1 / (1 + I) for i, f and
        o, tanh = (1 - C) / (1 + C) for c. On common denominators two divisions are enough.
        """
        b, one = self.b, self.constant(1.0)
        powers = [self.exp2(gate, -_CELL_BOUND, _CELL_BOUND) for gate in (i, f, c, o)]
        more = [b.fadd(one, power) for power in powers]
        both = b.fmul(more[0], more[2])
        kept, added = b.fmul(cell, both), b.fmul(b.fsub(one, powers[2]), more[1])
        new = b.fdiv(b.fadd(kept, added), b.fmul(both, more[1]))
        power = self.exp2(b.fmul(new, self.constant(-2 * LOG2_E)), -_CELL_BOUND, _CELL_BOUND)
        return new, b.fdiv(b.fsub(one, power), b.fmul(more[3], b.fadd(one, power)))

    def dense(self) -> Value:
        """Return the last layer: logits (n, padded)."""
        shape = self.shape
        width = shape.dense_vectors * shape.lanes
        blocks = {r: self._dense_block(r) for r in range(1, shape.rows + 1)}
        n, slots, bias, weights, top, logits = self.begin("dense", I64, *[PTR] * 5)

        def panel(p: Value, _: list[Value]) -> list[Value]:
            place = self.b.mul(p, I64(width))
            start, out = self.at(bias, place), self.at(logits, place)
            part = self.at(weights, self.b.mul(place, I64(shape.units)))

            def block(rows: int, row: Value) -> None:
                self.b.call(blocks[rows], [row, slots, start, part, top, out])

            self.each_block(n, block)
            return []

        self.loop(I64(shape.dense_panels), [], panel)
        self.b.ret_void()
        return self.b.function

    def _dense_block(self, rows: int) -> Value:
        shape = self.shape
        first, slots, bias, weights, top, logits = self.begin(f"dense_{rows}", I64, *[PTR] * 5)
        self.b.function.linkage = "internal"
        vectors = shape.dense_vectors
        order = [self.b.add(first, I64(row)) for row in range(rows)]
        start = [self.vload(self.at(bias, v * shape.lanes)) for v in range(vectors)]
        inputs = [self._row(top, slots, row) for row in order]
        sums = self.product(inputs, shape.units, weights, start * rows, vectors)
        for place, row in enumerate(order):
            out = self.at(logits, self.b.mul(row, I64(shape.padded)))
            for v in range(vectors):
                self.vstore(sums[place * vectors + v], self.at(out, v * shape.lanes))
        self.b.ret_void()
        return self.b.function
