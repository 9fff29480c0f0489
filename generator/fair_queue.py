"""Who is next: a bounded queue that serves its users in turn."""

from collections import OrderedDict, deque
from itertools import islice
from typing import Generic, TypeVar

from generator.errors import BusyError

T = TypeVar("T")


class FairQueue(Generic[T]):
    """A queue in which the users take turns, however much each of them has asked for.

    Used by one thread.
    """

    def __init__(self, most: int, most_of_one: int) -> None:
        """Bound the queue to ``most`` items, and each user's share to ``most_of_one``."""
        self._most, self._most_of_one = most, most_of_one
        self._users: OrderedDict[str, deque[T]] = OrderedDict()  # the one to be served next is first
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def put(self, user: str, item: T) -> None:
        """Add an item behind all others of its user.

        Raises:
            BusyError: if the queue is full, or the user has too many in it.
        """
        if self._count >= self._most:
            raise BusyError(
                f"{self._count} tunes are being waited for already; please try again in a minute."
            )
        mine = self._users.get(user, ())
        if len(mine) >= self._most_of_one:
            raise BusyError(f"You are waiting for {len(mine)} tunes already; let me finish those first.")
        self._users.setdefault(user, deque()).append(item)
        self._count += 1

    def put_back(self, user: str, item: T) -> None:
        """Return an item that was taken: it is next, whatever the bounds."""
        self._users.setdefault(user, deque()).appendleft(item)
        self._users.move_to_end(user, last=False)
        self._count += 1

    def peek(self) -> T | None:
        """Return the item that is next, None if there is none."""
        return next((items[0] for items in self._users.values()), None)

    def take(self) -> T:
        """Remove and return the item that is next; its user goes to the end of the line.

        Raises:
            IndexError: if there is none.
        """
        if not self._count:
            raise IndexError("the queue is empty")
        user, items = next(iter(self._users.items()))
        item = items.popleft()
        self._count -= 1
        if items:
            self._users.move_to_end(user)
        else:
            del self._users[user]
        return item

    def remove(self, user: str, item: T) -> bool:
        """Take an item out of line; whether it was there."""
        items = self._users.get(user)
        if items is None or item not in items:
            return False
        items.remove(item)
        self._count -= 1
        if not items:
            del self._users[user]
        return True

    def before(self, user: str, item: T) -> list[T] | None:
        """List what will be served before this item as things stand; None if it is not here."""
        items = self._users.get(user)
        if items is None or item not in items:
            return None
        turn = items.index(item)
        found: list[T] = []
        passed = False
        for other, theirs in self._users.items():
            passed = passed or other == user
            found += islice(theirs, turn if passed else turn + 1)
        return found

    def items(self) -> list[T]:
        """Return all that wait, by user."""
        return [item for items in self._users.values() for item in items]
