"""One worker process: ``python -m generator.render.workers engrave``. Ends when its input closes."""

import os
import pickle
import signal
import sys
import traceback
from typing import BinaryIO

from generator.errors import FriendlyError
from generator.render.workers.jobs import DESKS
from generator.render.workers.pool import DONE, FAILED, LENGTH, REFUSED


def main(desk: str) -> None:
    """Load what the desk needs, say so, and do one job after the other."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, who then closes our input
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the answers
    jobs = DESKS[desk]()
    answers.write(DONE)
    answers.flush()
    while (message := _next(sys.stdin.buffer)) is not None:
        try:
            job, args, wishes = pickle.loads(message)  # noqa: S301 - from our parent alone
            status, answer = DONE, jobs[job](*args, **wishes)
        except FriendlyError as error:
            status, answer = REFUSED, str(error).encode()
        except Exception:  # noqa: BLE001 - the parent logs it
            status, answer = FAILED, traceback.format_exc().encode()
        answers.write(LENGTH.pack(1 + len(answer)) + status + answer)
        answers.flush()


def _next(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    message = stream.read(length)
    return message if len(message) == length else None


if __name__ == "__main__":
    main(sys.argv[1])
