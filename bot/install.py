"""How this copy of Tunesmith was installed: in a checkout, or from a wheel."""

from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).resolve().parent.parent


def install_command(extra: str) -> str:
    """Return the command that adds the packages of an extra."""
    if (_ROOT / "pyproject.toml").is_file():
        return f".venv/bin/pip install -e '.[{extra}]'"
    return f"pip install 'tunesmith[{extra}]'"
