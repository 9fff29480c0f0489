"""How many wishes are understood: ``python -m benchmarks.wishes [FILE]``.

The table says what people type and what should come of it. Only reading is measured, no tune is composed.
"""

import argparse
import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.commands import COMMANDS
from bot.commands.reading import Asked, read
from generator.compose.request import TuneRequest
from generator.errors import FriendlyError

TABLE: Final = Path("tests/bot/language/wishes.txt")
SENTENCE: Final = "sentence"


@dataclass(frozen=True, slots=True)
class Wish:
    """One line of the table.

    Attributes:
        typed: what somebody types.
        command: what it should come to; :data:`SENTENCE` for a refusal.
        values: the options of that.
        words: what the remarks, or the sentence, should have in them; empty for no remark at all.
    """

    typed: str
    command: str
    values: Mapping[str, str]
    words: tuple[str, ...]

    @classmethod
    def read(cls, line: str) -> "Wish":
        """Read ``typed -> command option=value ~ words, words``."""
        typed, _, comes = line.partition(" -> ")
        what, _, words = comes.partition(" ~ ")
        command, *options = shlex.split(what)
        pairs = (option.partition("=") for option in options)
        return cls(
            _lines(typed),
            command,
            {name: _lines(value) for name, _, value in pairs},
            tuple(word.strip() for word in words.split(",") if word.strip()),
        )

    def comes_as(self) -> tuple[bool, str]:
        """Read what is typed; tell whether it comes as it should, and what comes."""
        try:
            asked = read(self.typed, COMMANDS)
            came = _settled(asked.command, asked.values)
        except FriendlyError as error:
            return self.command == SENTENCE and self._said(str(error)), f"{SENTENCE}: {error}"
        so = asked.command == self.command and self._noted(asked)
        try:
            so = so and came == _settled(self.command, self.values)
        except FriendlyError:
            so = False
        remarks = " ".join(asked.remarks)
        values = " ".join(f"{name}={value!r}" for name, value in asked.values.items())
        return so, f"{asked.command} {values}" + (f" ~ {remarks}" if remarks else "")

    def _noted(self, asked: Asked) -> bool:
        return bool(self.words) == bool(asked.remarks) and self._said(" ".join(asked.remarks))

    def _said(self, text: str) -> bool:
        return all(word.lower() in text.lower() for word in self.words)


def wishes(table: Path = TABLE) -> Iterator[Wish]:
    """Read the table of wishes."""
    for line in table.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield Wish.read(line)


def _lines(text: str) -> str:
    return text.replace("\\n", "\n")


def _settled(command: str, values: Mapping[str, object]) -> Mapping[str, object]:
    """Make values comparable: options of a tune as a request has them."""
    options = COMMANDS[command].options if command in COMMANDS else {}
    if "key" not in options:
        return values
    return {name: value for name, value in TuneRequest.of(values) if name in values}


def main() -> int:
    """Print how many wishes come as they should, and what comes instead of the others."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", nargs="?", type=Path, default=TABLE, metavar="FILE")
    found = [(wish, *wish.comes_as()) for wish in wishes(parser.parse_args().table)]
    good = sum(so for _, so, _ in found)
    print(f"{good} of {len(found)} wishes come as they should")
    for wish, so, came in found:
        if not so:
            wanted = " ".join([wish.command, *(f"{name}={value}" for name, value in wish.values.items())])
            print(f"{wish.typed!r}\n  should: {wanted} ~ {', '.join(wish.words)}\n  comes:  {came}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
