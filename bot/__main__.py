"""Start the bot: ``python -m bot``. With ``env-example``, print the text of ``.env.example``."""

import asyncio
import sys

from bot import texts
from bot.logs import Redactor, set_up_logs
from bot.settings import Settings, env_example, load
from bot.startup import open_store, serve
from bot.wiring import open_composer, open_renderer
from generator.errors import FriendlyError


def main(arguments: list[str]) -> int:
    """Do what the command line says; the exit code: 0 well, 2 for what the operator can mend."""
    if arguments == ["env-example"]:
        print(env_example(), end="")
        return 0
    if arguments:
        print(texts.USAGE, file=sys.stderr)
        return 2
    redact = Redactor(())
    try:
        settings = load()
        redact = Redactor(settings.secrets)
        set_up_logs(settings.log_level, redact)
        asyncio.run(_run(settings, redact))
    except FriendlyError as error:
        print(redact(str(error)), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    return 0


async def _run(settings: Settings, redact: Redactor) -> None:
    def say(line: str) -> None:
        print(redact(line), flush=True)

    store = await open_store(settings)
    try:
        async with open_composer(settings) as composer, open_renderer(settings) as renderer:
            await serve(settings, store, composer, renderer, say)
    finally:
        await store.close()


def run() -> int:
    """Start the bot from the console script ``tunesmith``; return the exit code."""
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(run())
