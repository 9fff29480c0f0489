"""One worker process: ``python -m generator.render.workers engrave``. Ends when its input closes."""

import os
import sys
import traceback
from contextlib import suppress

from generator.errors import FriendlyError
from generator.processes import Parent
from generator.render.workers.jobs import DESKS
from generator.render.workers.pool import DONE, FAILED, REFUSED


def main(desk: str) -> None:
    """Load what the desk needs, say so, and do one job after the other."""
    if hasattr(os, "nice"):
        os.nice(DESKS[desk].courtesy)
    parent = Parent()
    jobs = DESKS[desk].open()
    parent.send((DONE, b""))
    with suppress(EOFError):
        while True:
            job, args, wishes = parent.hear()
            try:
                answer: tuple[str, object] = DONE, jobs[job](*args, **wishes)
            except FriendlyError as error:
                answer = REFUSED, error
            except Exception:  # noqa: BLE001 - the parent logs it
                answer = FAILED, traceback.format_exc()
            parent.send(answer)


if __name__ == "__main__":
    main(sys.argv[1])
