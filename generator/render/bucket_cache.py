"""Keeping rendered files in a bucket, or wherever else fsspec reaches by an address."""

import logging
from pathlib import PurePosixPath
from typing import Any, Final

from generator.errors import FriendlyError

_logger: Final = logging.getLogger(__name__)


class BucketCache:
    """Keeps bytes by name under an address such as ``s3://name/files``.

    Any number of processes may share it: objects appear whole or not at all. Nothing is removed, which is for
    the bucket's own rules. What fails raises no error: what cannot be kept is rendered again.

    Args:
        url: of the folder in the bucket.

    Raises:
        FriendlyError: the package for this kind of address is missing, or the address makes no sense.
    """

    def __init__(self, url: str) -> None:
        try:
            from fsspec.core import url_to_fs  # noqa: PLC0415 - of the extra “scale”

            files, folder = url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise FriendlyError(f"FILES_URL can't be used: {error}") from error
        self._files: Any = files
        self._folder = PurePosixPath(folder)
        self._failing = False

    def get(self, name: str) -> bytes | None:
        """Return the bytes kept under a name, or None."""
        try:
            data = bytes(self._files.cat_file(str(self._folder / name)))
        except FileNotFoundError:
            return None
        except Exception as error:  # noqa: BLE001 - each kind of bucket has its own
            self._note(error)
            return None
        self._failing = False
        return data

    def put(self, name: str, data: bytes) -> None:
        """Keep bytes under a plain file name."""
        try:
            self._files.makedirs(str(self._folder), exist_ok=True)
            self._files.pipe_file(str(self._folder / name), data)
        except Exception as error:  # noqa: BLE001 - likewise
            self._note(error)

    def _note(self, error: Exception) -> None:
        """Log once that files are not kept, until it works again."""
        if not self._failing:
            _logger.warning("FILES_URL can't be reached (%s); files are made anew", type(error).__name__)
        self._failing = True
