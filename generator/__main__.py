"""``python -m generator``: train, sample and look at models without any chat."""

import argparse
import sys

from generator.cli import critic, harmony, models, report, sample, serve, train
from generator.errors import FriendlyError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code, 2 for what the user can mend."""
    parser = argparse.ArgumentParser(prog="python -m generator", description=__doc__)
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for commands in (critic, harmony, models, report, sample, serve, train):
        commands.add(subparsers)
    args = parser.parse_args(arguments)
    try:
        return int(args.run(args))
    except FriendlyError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:  # a full disk, a folder that is not ours
        if error.filename is None or error.strerror is None:
            raise
        print(f"{error.filename} can't be used: {error.strerror}.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
