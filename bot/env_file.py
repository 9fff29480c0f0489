"""Read a file ``.env``."""

import io
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream

from bot.texts import operator
from generator.errors import FriendlyError


class EnvFileError(FriendlyError):
    """The file cannot be read; the sentence names it and the line."""


def read_env_file(path: Path) -> Mapping[str, str]:
    """Return the values in a file by their names; nothing if there is no such file.

    Raises:
        EnvFileError: if it is there but cannot be read, or one of its lines is no setting.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise EnvFileError(operator.env_unreadable(str(path), error.strerror or str(error))) from None
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise EnvFileError(operator.env_not_text(str(path), line)) from None
    for binding in parse_stream(io.StringIO(text)):
        if binding.error or (binding.key is not None and binding.value is None):
            raise EnvFileError(operator.env_bad_line(str(path), _line(binding)))
    values = dotenv_values(stream=io.StringIO(text))
    return {name: value for name, value in values.items() if value is not None}


def _line(binding: Binding) -> int:
    """Return the number of the binding's first line; the parser counts the blank lines before it in."""
    text = binding.original.string
    return binding.original.line + text[: len(text) - len(text.lstrip())].count("\n")
