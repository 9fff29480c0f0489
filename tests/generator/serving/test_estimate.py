"""What people are told of their wait, beside how long a crowd then really takes; by a clock of our own."""

import heapq
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.compose.request import TuneRequest
from generator.serving.messages import Given, Opening, Order
from generator.serving.pool import Pool, Ticket, _Worker
from tests.generator.render.tunes import jig

SLOTS = 8
DRAW = 4.0  # seconds


class House:
    """A pool with one worker of eight slots, which takes four seconds for each order."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.due: list[tuple[float, int]] = []
        opening: Any = Opening(lambda _: None, "toy")  # type: ignore[arg-type, return-value]
        self.pool = Pool(opening, 1, lambda: self.now)
        child: Any = self
        self.worker = _Worker(child, SLOTS, 15)
        self.pool._workers.append(self.worker)

    def send(self, message: object) -> None:
        assert isinstance(message, Order)
        heapq.heappush(self.due, (self.now + DRAW, message.number))

    def ask(self, user: str, n: int = 1) -> Ticket:
        ticket = Ticket(TuneRequest(seed=1, n=n), user)
        self.pool.submit(ticket)
        return ticket

    def until(self, ticket: Ticket) -> float:
        """Let time pass until an order is done."""
        while not ticket.over:
            self.now, number = heapq.heappop(self.due)
            self.pool._heard(self.worker, Given(number, jig()))
        return self.now

    def told(self, ticket: Ticket) -> float | None:
        place = self.pool.wait_for(ticket)
        return place and place[1]


@given(st.lists(st.integers(1, 8), min_size=1, max_size=40))
def test_a_wait_is_about_as_long_as_was_told_for_any_numbers_of_candidates(counts: list[int]) -> None:
    house = House()
    house.until(house.ask("first"))
    start = house.now
    crowd = [house.ask(str(place), n) for place, n in enumerate(counts)]
    told = [house.told(ticket) for ticket in crowd]
    for ticket, seconds in zip(crowd, told, strict=True):
        taken = house.until(ticket) - start
        if seconds is not None:  # it had to wait
            assert taken / 2 <= seconds <= taken + 2 * DRAW


def test_a_quiet_hour_makes_no_wait_longer() -> None:
    house = House()
    for _ in range(3):
        house.until(house.ask("first"))
        house.now += 1200
    crowd = [house.ask(str(place), 4) for place in range(5)]
    assert house.told(crowd[-1]) == pytest.approx(DRAW * (3 * 4 / SLOTS + 1))


def test_before_any_draw_is_done_the_wait_is_a_guess() -> None:
    house = House()
    crowd = [house.ask(str(place), 8) for place in range(2)]
    assert house.told(crowd[0]) is None
    assert 0 < (house.told(crowd[1]) or 0) < 10
