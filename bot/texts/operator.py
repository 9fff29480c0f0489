"""What the bot says to whoever runs it: settings, the database, starting up, the check."""

from collections.abc import Iterable, Sequence
from typing import Final

ENV_HEAD: Final = (
    "# Settings of Tunesmith. Copy this file to .env and change what you like; all of it is optional.\n"
    "# Made from bot/settings.py by: python -m bot env-example > .env.example"
)
USAGE: Final = """\
Start the bot with: python -m bot
Where it is installed, tunesmith does the same.

  --check      look whether everything that it needs is there, and say so; exit code 2 if not
  env-example  print all settings with their descriptions, for a file .env
  --help       print this

Settings come from the environment or from a file .env in this folder."""
SETTINGS_FINE: Final = "Every setting has a value that it can have."
NO_SOUNDFONT: Final = "There is no soundfont, so tunes come without sound; SOUNDFONT can name one."
ABCJS_HERE: Final = "abcjs is here; the site serves it."
ABCJS_FROM_CDN: Final = "abcjs is not here; browsers take it from a CDN."
DATABASE_UNKNOWN: Final = (
    "DATABASE_URL is no database that I know; use sqlite:///data/tunesmith.db"
    " or postgresql://user:password@host/name."
)
DATABASE_VALUE: Final = (
    "DATABASE_URL has a port or an option with a value that it can't have; write it as"
    " postgresql://user:password@host:5432/name."
)
SHARD_COUNT_MISSING: Final = (
    "SHARD_IDS says which shards are this process's, so SHARD_COUNT must say how many there are in all."
)
WEBHOOK_NEEDS_URL: Final = "TELEGRAM_WEBHOOK=1 needs a PUBLIC_URL that begins with https://."
GENERATOR_FOUND: Final = "What composes and draws answers at GENERATOR_URL."
GENERATOR_UNREACHABLE: Final = (
    "Nothing answers at GENERATOR_URL; start it there, or set GENERATOR_FALLBACK=1 to compose here meanwhile."
)
ENVIRONMENT: Final = "the environment"


def bad_setting(name: str, given: str, allowed: str) -> str:
    """Refuse a setting's value; tokens are never shown."""
    shown = f"{name}={given[:60]} won't do" if given else f"{name} won't do"
    return f"{shown}. {allowed}"


def shards_too_high(ids: str, count: int) -> str:
    """Refuse shards that there are not."""
    return f"SHARD_IDS={ids[:60]} won't do: with SHARD_COUNT={count} the shards are 0 to {count - 1}."


def env_unreadable(path: str, reason: str) -> str:
    """Say that the file of settings is there but cannot be read."""
    return f"I can't read {path} ({reason}); it should be a text file that I may read."


def env_not_text(path: str, line: int) -> str:
    """Say that the file of settings is no text."""
    return f"{path}, line {line}, is not plain UTF-8 text; save the file as UTF-8 and start again."


def env_bad_line(path: str, line: int) -> str:
    """Name a line of the file of settings that says nothing; do not show it, as it may hold a token."""
    return f"I can't read line {line} of {path}; a line is NAME=value, and a quote that opens must close."


def unknown_setting(name: str, place: str, near: str) -> str:
    """Name what is no setting, but nearly one."""
    return f"I don't know the setting {name[:40]} in {place}; did you mean {near}?"


def no_tokens(chats: Iterable[tuple[str, str]]) -> str:
    """Say at start, where the site is all there is, how to bring the bot to chats.

    Args:
        chats: their titles, and the names of the settings for their tokens.
    """
    titles, tokens = zip(*chats, strict=True)
    return f" – to bring it to {_and(titles)}, set {_and([token.upper() for token in tokens])} in .env"


def chat_did_not_start(name: str) -> str:
    """Say that a chat failed in a way nobody foresaw."""
    return f"{name} did not start; the log says why."


def chat_is_back(name: str) -> str:
    """Say that a chat goes on after it had ended."""
    return f"{name} is back."


def trying_on(trouble: str) -> str:
    """Say what is wrong with a chat, and that it is tried again."""
    return f"{trouble} Everything else goes on, and I keep trying."


NOTHING_LEFT: Final = "No chat could be started, and there is no site; nothing is left to do."


def database_driver(module: str, command: str) -> str:
    """Say that the package for a kind of database is missing."""
    return f"DATABASE_URL needs the Python package {module}; install it with: {command}"


def database_option(name: str) -> str:
    """Say that the address of the database has an option that its driver does not take."""
    hint = "write it as ssl" if name == "sslmode" else "leave it out"
    return f"DATABASE_URL has the option {name[:40]}, which I can't use; {hint}."


def database_closed(reason: str) -> str:
    """Say that the database is there but does not let us in."""
    return f"I can't open the database in DATABASE_URL ({reason[:200]})."


def database_newer(found: str, newest: str) -> str:
    """Say that a newer version of the bot has changed the schema."""
    return (
        f"A newer Tunesmith has written the database in DATABASE_URL (schema {found[:40]}, I know up to"
        f" {newest}); update Tunesmith, or name another database."
    )


def finding(text: str, *, well: bool) -> str:
    """Write a line of the check."""
    return f"{'fine    ' if well else 'to mend '} {text}"


def database_new(path: str) -> str:
    """Say that there is no database yet."""
    return f"The first start makes the database {path}."


def database_found(name: str, *, current: bool) -> str:
    """Say that there is a database that the bot can use."""
    state = (
        "of this version" if current else "new or of an older version; the next start brings it up to date"
    )
    return f"The database {name} is {state}."


def token_missing(name: str) -> str:
    """Say that a token is not set, which is allowed."""
    return f"{name} is not set; the bot stays away from there."


def token_fine(name: str) -> str:
    """Say that a token has the shape that tokens have; whether it is taken, only the platform knows."""
    return f"{name} looks like a token."


def token_misshapen(name: str, source: str) -> str:
    """Say that a token does not have the shape that tokens have."""
    return f"{name} doesn't look like a token; copy it anew from {source}."


def model_found(name: str) -> str:
    """Say that the model is there, and its files are those that it came with."""
    return f"The model {name} is here and whole."


def engine_found(name: str) -> str:
    """Say that the engine is installed."""
    return f"The engine {name} is installed."


def no_tensorflow(command: str) -> str:
    """Say that the engine that needs TensorFlow is set, and TensorFlow is missing."""
    return f"ENGINE=keras needs Keras and TensorFlow; install them with: {command}"


def soundfont_found(path: str) -> str:
    """Say that there is a soundfont."""
    return f"The soundfont {path} plays."


def out_of_reach(platform: str, reason: str) -> str:
    """Say that a platform does not answer."""
    return f"{platform} can't be reached ({reason}); check this machine's connection."


def _and(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
