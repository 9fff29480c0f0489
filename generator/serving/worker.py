"""One worker: ``python -m generator.serving.worker``. It composes until its input closes."""

import gc
import traceback
from queue import SimpleQueue
from threading import Thread

from generator.errors import FriendlyError
from generator.processes import Parent
from generator.serving.draws import Draws
from generator.serving.messages import Drop, Failed, Order, Ready


def main() -> None:
    """Load the first model, say so, and take orders; they come in between two steps."""
    parent = Parent()
    try:
        draws = Draws(parent.hear(), parent.send)
    except FriendlyError as error:
        return parent.send(Failed(None, error))
    except Exception:  # noqa: BLE001 - the parent logs it
        return parent.send(Failed(None, None, traceback.format_exc()))
    gc.freeze()  # what is loaded stays,
    gc.set_threshold(20_000, 20, 50)  # and what tunes are made of is in no cycles
    parent.send(Ready(draws.slots))
    inbox: SimpleQueue[Order | Drop | None] = SimpleQueue()
    Thread(target=_listen, args=(parent, inbox), daemon=True).start()
    while True:
        while not draws.busy or not inbox.empty():
            message = inbox.get()
            if message is None:
                return None
            draws.hear(message)
        draws.step()


def _listen(parent: Parent, inbox: "SimpleQueue[Order | Drop | None]") -> None:
    """Put what comes into the inbox; None at the end."""
    try:
        while True:
            inbox.put(parent.hear())
    except EOFError:
        inbox.put(None)


if __name__ == "__main__":
    main()
