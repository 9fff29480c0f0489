"""Processes of ours: a fresh Python that speaks with its parent over its standard input and output.

A message is four bytes of length and a pickle. A child ends by itself when its input closes, so none
outlives us, however we end.
"""

import asyncio
import os
import pickle
import signal
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

_LENGTH: Final = struct.Struct(">I")
FIRST_PAUSE: Final = 0.5  # seconds before a process follows one that has ended; then doubled
LONGEST_PAUSE: Final = 60.0
_PIECE: Final = 2**16  # bytes
_FAREWELL: Final = 2.0  # seconds that a child gets to end by itself
# What a child may know of our environment: where things lie, how it speaks, and how its libraries behave.
_ALLOWED: Final = frozenset(
    (
        *("PATH", "HOME", "USER", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "VIRTUAL_ENV"),
        *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "COMSPEC", "PATHEXT", "APPDATA"),
        *("LOCALAPPDATA", "USERPROFILE"),
    )
)
_ALLOWED_STARTS: Final = ("LC_", "PYTHON", "XDG_", "FONTCONFIG_", "TF_", "KERAS_", "CUDA_", "OMP_", "JAX_")


class Child:
    """The parent's end. Used on one event loop."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process, self._input, self._output = process, process.stdin, process.stdout

    @classmethod
    async def start(cls, module: str, *args: str) -> "Child":
        """Start ``python -m module args``; it may take a second until it first speaks.

        Raises:
            OSError: if it cannot be started.
        """
        pipe = asyncio.subprocess.PIPE
        return cls(
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", module, *args),
                stdin=pipe,
                stdout=pipe,
                env=environment(),
                **_apart(),
            )
        )

    @property
    def pid(self) -> int:
        """Return its process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Tell whether it has not ended, as far as is known."""
        return self._process.returncode is None

    def send(self, message: object) -> None:
        """Send a message; one to a child that has died is lost, and :meth:`hear` tells of it."""
        if not self._input.is_closing():
            self._input.write(_packed(message))

    async def hear(self) -> Any:
        """Return the child's next message.

        Raises:
            EOFError: if it has died or closed its output.
            OSError: likewise.
        """
        (length,) = _LENGTH.unpack(await self._output.readexactly(_LENGTH.size))
        return pickle.loads(await self._output.readexactly(length))  # noqa: S301 - from our child alone

    async def ended(self) -> None:
        """Wait until it has ended."""
        await self._process.wait()

    def kill(self) -> None:
        """End it at once."""
        with suppress(ProcessLookupError):
            self._process.kill()

    async def end(self) -> None:
        """Close its input and wait until it has ended, a little while of its own accord."""
        self._input.close()
        try:
            async with asyncio.timeout(_FAREWELL):
                await self._ended()
        except (TimeoutError, asyncio.CancelledError):
            self.kill()
            await self._ended()

    async def _ended(self) -> None:
        with suppress(RuntimeError):  # somebody still listens, which serves as well
            while await self._output.read(_PIECE):  # it may want to finish a message
                pass
        await self._process.wait()


def _apart() -> dict[str, Any]:
    """Keep Ctrl-C from a child: it is for the parent, who then closes the child's input.

    A session of its own would do so too, but Linux may share time out by session first, and `os.nice` is idle
    then. uvloop, on which Ray's replicas run, knows no other way.
    """
    plain = isinstance(asyncio.get_running_loop(), asyncio.BaseEventLoop)
    return {"process_group": 0} if plain else {"start_new_session": True}


class Parent:
    """The child's end."""

    def __init__(self) -> None:
        """Take over standard input and output; call it once, before anything is printed."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # where we are in the parent's session after all
        self._input: BinaryIO = sys.stdin.buffer
        self._output: BinaryIO = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)  # what a library prints must not get between the messages

    def send(self, message: object) -> None:
        """Send a message; if the parent is gone, so are we."""
        try:
            self._output.write(_packed(message))
            self._output.flush()
        except BrokenPipeError:
            os._exit(0)

    def hear(self) -> Any:
        """Return the parent's next message.

        Raises:
            EOFError: if there will be none.
        """
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size))
        return pickle.loads(self._read(length))  # noqa: S301 - from our parent alone

    def _read(self, length: int) -> bytes:
        found = self._input.read(length)
        if len(found) < length:
            raise EOFError
        return found


def environment() -> dict[str, str]:
    """Return what a child is given of ours: what it needs, one thread, and the way to this very package."""
    root = str(Path(__file__).parents[1])
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.upper() in _ALLOWED or name.upper().startswith(_ALLOWED_STARTS)
    }
    path = os.pathsep.join(filter(None, (root, kept.get("PYTHONPATH"))))
    return {**kept, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _packed(message: object) -> bytes:
    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(body)) + body
