"""Machine code of the draw: one character for each row from what its mask allows."""

from llvmlite import ir

from generator.network.emitter import F32, GATES, I8, I32, I64, LOG2_E, PTR, Emitter, Value


class DrawCode(Emitter):
    """Tempered weights, their running sum, and where a uniform number falls in it."""

    def draw(self) -> None:
        """Draw one character for each row from what its mask allows.

        ``inverse_temperature`` is 1 / temperature. Sums run over the characters in their order, one by
        one: a row's result depends on that row only, on any CPU.
        """
        n, logits, masks, inverse_temperature, uniforms, scratch, chosen, probabilities, allowed = self.begin(
            "draw", I64, *[PTR] * 8
        )

        def body(row: Value, _: list[Value]) -> list[Value]:
            place = self.b.mul(row, I64(self.shape.padded))
            mask = self.at(masks, place, of=I8)
            self._weigh(self.at(logits, place), mask, self._scalar(inverse_temperature, row), scratch)
            self._pick(scratch, self._scalar(uniforms, row), row, chosen, probabilities, allowed)
            return []

        self.loop(n, [], body)
        self.b.ret_void()

    def _scalar(self, base: Value, row: Value) -> Value:
        return self.b.load(self.at(base, row), typ=F32)

    def _weigh(self, logits: Value, mask: Value, inverse_temperature: Value, scratch: Value) -> None:
        """Fill ``scratch`` (4, padded) with the weights of each character.

        Tempered; plain, scaled to the best allowed one; plain, scaled to the best of all, with
        the mask and without.
        """
        b, shape, lanes = self.b, self.shape, self.shape.lanes
        count = I64(shape.padded // lanes)
        nothing, low = self.constant(0.0), self.constant(-1e30)

        def masked(i: Value) -> tuple[Value, Value, Value]:
            place = b.mul(i, I64(lanes))
            bits = b.load(self.at(mask, place, of=I8), typ=ir.VectorType(I8, lanes), align=1)
            keep = b.icmp_unsigned("!=", bits, ir.Constant(ir.VectorType(I8, lanes), [0] * lanes))
            return place, keep, self.vload(self.at(logits, place))

        def peaks(i: Value, carried: list[Value]) -> list[Value]:
            _, keep, value = masked(i)
            inside = b.call(self.largest, [carried[1], b.select(keep, value, low)])
            return [b.call(self.largest, [carried[0], value]), inside]

        peak_all, peak_allowed = (
            self.splat(self._highest(peak)) for peak in self.loop(count, [low, low], peaks)
        )
        scale = self.constant(LOG2_E)
        sharp = b.fmul(self.splat(inverse_temperature), scale)

        def weights(i: Value, _: list[Value]) -> list[Value]:
            place, keep, value = masked(i)
            above = b.fsub(value, peak_allowed)
            tempered = self.exp2(b.fmul(above, sharp), -126.0, 0.0)
            plain = self.exp2(b.fmul(above, scale), -126.0, 0.0)
            whole = self.exp2(b.fmul(b.fsub(value, peak_all), scale), -126.0, 0.0)
            kept = [b.select(keep, value, nothing) for value in (tempered, plain, whole)]
            for part, out in enumerate([*kept, whole]):
                self.vstore(out, self.at(scratch, part * shape.padded, place))
            return []

        self.loop(count, [], weights)

    def _highest(self, vector: Value) -> Value:
        highest = self.b.extract_element(vector, I32(0))
        for lane in range(1, self.shape.lanes):
            other = self.b.extract_element(vector, I32(lane))
            highest = self.b.select(self.b.fcmp_ordered(">", other, highest), other, highest)
        return highest

    def _pick(
        self, scratch: Value, uniform: Value, row: Value, chosen: Value, probabilities: Value, allowed: Value
    ) -> None:
        """Invert the cumulative weights; -1 where the mask allows nothing."""
        b, shape = self.b, self.shape
        zero = F32(0.0)

        def add(j: Value, carried: list[Value]) -> list[Value]:
            total, last, *sums = carried
            parts = [b.load(self.at(scratch, part * shape.padded, j), typ=F32) for part in range(GATES)]
            total = b.fadd(total, parts[0])
            b.store(total, self.at(scratch, j))
            last = b.select(b.fcmp_ordered(">", parts[0], zero), j, last)
            return [total, last, *(b.fadd(s, part) for s, part in zip(sums, parts[1:], strict=True))]

        total, last, plain, inside, whole = self.loop(
            I64(shape.vocabulary), [zero, I64(-1), zero, zero, zero], add
        )
        threshold = b.fmul(uniform, total)

        def count(j: Value, carried: list[Value]) -> list[Value]:
            passed = b.fcmp_ordered("<=", b.load(self.at(scratch, j), typ=F32), threshold)
            return [b.add(carried[0], b.zext(passed, I64))]

        (index,) = self.loop(I64(shape.vocabulary), [I64(0)], count)
        index = b.select(b.icmp_signed("<", index, last), index, last)
        b.store(b.trunc(index, I32), self.at(chosen, row, of=I32))
        b.store(b.fdiv(inside, whole), self.at(allowed, row))
        with b.if_then(b.icmp_signed(">=", index, I64(0))):
            weight = b.load(self.at(scratch, shape.padded, index), typ=F32)
            b.store(b.fdiv(weight, plain), self.at(probabilities, row))
