"""Start the bot: ``python -m bot``, or ``tunesmith`` where it is installed; ``--help`` tells the rest."""

import signal
import sys


def run(arguments: list[str] | None = None) -> int:
    """Do what the command line says.

    Args:
        arguments: of the command line; None for those of this process.

    Returns:
        The exit code; see :func:`bot.command_line.main`.
    """
    # Imports take a second, and Python's own handler would end them with a stack trace.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from bot.command_line import main  # noqa: PLC0415

    return main(sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    sys.exit(run())
