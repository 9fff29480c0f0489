"""What the bot does by its command line: start, check, print the settings or the help."""

import asyncio
import signal
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from bot.logs import Redactor, set_up_logs
from bot.settings import Settings, env_example, read
from bot.texts import operator
from generator.errors import FriendlyError

WELL: Final = 0
TO_MEND: Final = 2
INTERRUPTED: Final = 130  # as shells name a process that Ctrl-C ended

Result = TypeVar("Result")


def main(arguments: list[str]) -> int:
    """Do what the command line says.

    Returns:
        The exit code: 0 if all is well, 2 if something is at fault that the operator can mend, 130 if Ctrl-C
        came before the bot was up.
    """
    if arguments == ["env-example"]:
        print(env_example(), end="")
        return WELL
    if arguments in (["--help"], ["-h"]):
        print(operator.USAGE)
        return WELL
    if arguments not in ([], ["--check"]):
        print(operator.USAGE, file=sys.stderr)
        return TO_MEND
    redact = Redactor(())
    try:
        given = read()
        for slip in given.slips:
            print(slip, file=sys.stderr)
        settings = given.settings()
        redact = Redactor(settings.secrets)
        set_up_logs(settings.log_level, redact, settings.log_format)
        return _check(settings, redact) if arguments else _start(settings, redact)
    except FriendlyError as error:
        print(redact(str(error)), file=sys.stderr)
        return TO_MEND
    except KeyboardInterrupt:
        return INTERRUPTED


def _check(settings: Settings, redact: Redactor) -> int:
    from bot.check import check  # noqa: PLC0415 - settings are read first, and the help without any of it

    findings = _run(check(settings))
    for finding in findings:
        print(redact(operator.finding(finding.text, well=finding.well)))
    return WELL if all(finding.well for finding in findings) else TO_MEND


def _start(settings: Settings, redact: Redactor) -> int:
    from bot.startup import start  # noqa: PLC0415

    def say(line: str) -> None:
        print(redact(line), flush=True)

    _run(start(settings, say))
    return WELL


def _run(work: Coroutine[None, None, Result]) -> Result:
    with asyncio.Runner() as runner:
        runner.get_loop()
        with _interruptible():
            return runner.run(work)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C cancel what runs, so that it closes what it opened."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
