"""Files that were rendered once, kept on disk up to a bound."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

_ROOM_AFTER_SWEEP: Final = 0.9  # of the bound, so that not every new file sweeps


class DiskCache:
    """Bytes by name in one folder; the longest unused go first when it is full.

    Several processes may share the folder: files appear whole or not at all, and a file that another
    process has removed is a miss. No failing disk is ever an error here: what cannot be kept is
    rendered again.

    Args:
        folder: made when the first file is kept.
        max_bytes: bound on the sum of all files.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._bytes: int | None = None  # unknown until the folder has been looked through

    def get(self, name: str) -> bytes | None:
        """The bytes kept under a name, or None; counts as a use."""
        path = self._folder / name
        try:
            data = path.read_bytes()
        except OSError:
            return None
        with suppress(OSError):
            os.utime(path)
        return data

    def put(self, name: str, data: bytes) -> None:
        """Keep bytes under a name, a plain file name; too large for the whole cache: not kept."""
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
        """Count what is there, and remove the longest unused if it is too much."""
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
