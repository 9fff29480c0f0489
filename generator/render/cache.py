"""Keeping rendered files on disk, up to a bound."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

_ROOM_AFTER_SWEEP: Final = 0.9  # of the bound, so that not every new file causes a sweep


class Cache(Protocol):
    """Keeps files by name. Called from any thread."""

    def get(self, name: str) -> bytes | None:
        """Return the bytes kept under a name, or None."""

    def put(self, name: str, data: bytes) -> None:
        """Keep bytes under a plain file name, if that can be."""


class DiskCache:
    """Keeps bytes by name in one folder; when it is full, removes those that were not used for longest.

    Several processes may share the folder: files appear whole or not at all, and a file that another
    process has removed is a miss. A failing disk raises no error: what cannot be kept is rendered again.

    Args:
        folder: made when the first file is kept.
        max_bytes: bound on the sum of all files.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._bytes: int | None = None  # unknown until the folder has been looked through

    def get(self, name: str) -> bytes | None:
        """Return the bytes kept under a name, or None; this counts as a use."""
        path = self._folder / name
        try:
            data = path.read_bytes()
        except OSError:
            return None
        with suppress(OSError):
            os.utime(path)
        return data

    def put(self, name: str, data: bytes) -> None:
        """Keep bytes under a plain file name, unless they exceed the whole cache."""
        if len(data) > self._max_bytes:
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=self._folder, prefix=".draft-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                Path(draft).replace(self._folder / name)
            except OSError:
                Path(draft).unlink(missing_ok=True)
                raise
            if self._bytes is not None:
                self._bytes += len(data)
            if self._bytes is None or self._bytes > self._max_bytes:
                self._sweep()

    def _sweep(self) -> None:
        """Count the bytes in the folder; if they are too many, remove what was unused for longest."""
        files = []
        for path in self._folder.iterdir():
            with suppress(OSError):
                status = path.stat()
                files.append((status.st_mtime_ns, status.st_size, path))
        self._bytes = sum(size for _, size, _ in files)
        if self._bytes <= self._max_bytes:
            return
        for _, size, path in sorted(files):
            with suppress(OSError):
                path.unlink()
            self._bytes -= size
            if self._bytes <= self._max_bytes * _ROOM_AFTER_SWEEP:
                return
