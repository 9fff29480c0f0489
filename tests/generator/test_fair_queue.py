"""The queue lets users take turns and tells each how long the line is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import BusyError
from generator.fair_queue import FairQueue


def test_users_take_turns_however_much_one_of_them_asks_for():
    queue = FairQueue(10, 10)
    for user, item in [("ann", 1), ("ann", 2), ("ann", 3), ("bob", 4), ("cat", 5), ("bob", 6)]:
        queue.put(user, item)
    assert [queue.take() for _ in range(6)] == [1, 4, 5, 2, 6, 3]


def test_what_is_put_back_is_next():
    queue = FairQueue(3, 2)
    for user, item in [("ann", 1), ("ann", 2), ("bob", 3)]:
        queue.put(user, item)
    taken = queue.take()
    queue.put_back("ann", taken)
    assert queue.before("ann", 1) == []
    assert [queue.take() for _ in range(3)] == [1, 3, 2]


def test_a_full_queue_and_a_greedy_user_are_refused_kindly():
    queue = FairQueue(3, 2)
    queue.put("ann", 1)
    queue.put("ann", 2)
    with pytest.raises(BusyError, match="You are waiting for 2 tunes"):
        queue.put("ann", 3)
    queue.put("bob", 4)
    with pytest.raises(BusyError, match="try again in a minute"):
        queue.put("cat", 5)
    assert len(queue) == 3


def test_an_empty_queue_has_nothing_to_give():
    queue = FairQueue(1, 1)
    assert queue.peek() is None
    with pytest.raises(IndexError):
        queue.take()


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=40))
def test_a_position_is_what_it_says(steps):
    """Whoever is told who is served before is served after exactly those."""
    queue, where = FairQueue(100, 100), {}
    for item, (user, taking) in enumerate(steps):
        if taking and len(queue):
            where.pop(queue.take())
        else:
            queue.put(user, item)
            where[item] = user
    told = {item: queue.before(user, item) for item, user in where.items()}
    served = []
    while len(queue):
        assert queue.peek() not in served
        served.append(queue.take())
    for place, item in enumerate(served):
        assert sorted(told[item]) == sorted(served[:place])


@given(st.permutations(range(6)))
def test_who_leaves_the_line_is_never_served(order):
    queue = FairQueue(10, 10)
    for item in range(6):
        queue.put("abc"[item % 3], item)
    gone = order[:3]
    for item in gone:
        assert queue.remove("abc"[item % 3], item)
        assert not queue.remove("abc"[item % 3], item)
        assert queue.before("abc"[item % 3], item) is None
    assert sorted(queue.items()) == sorted(order[3:])
    assert sorted(queue.take() for _ in range(len(queue))) == sorted(order[3:])
