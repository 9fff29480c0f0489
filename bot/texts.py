"""Everything the bot says, in one place. Warm, short and plain; no markup, so that any chat can show it."""

from collections.abc import Iterable, Sequence
from typing import Final

from generator.music.dances import listed

NAME: Final = "Tunesmith"
TAGLINE: Final = "New folk tunes, made on the spot."

# Menus.
HELP_TUNE: Final = "compose a new tune"
HELP_ANOTHER: Final = "one more like your last tune"
HELP_ANOTHER_TUNE: Final = "the tune to start from; your last one if left out"
HELP_ABC: Final = "show and play ABC that you paste"
HELP_ABC_ABC: Final = "a tune in ABC notation"
HELP_HELP: Final = "what you can ask for"
HELP_START: Final = "say hello"

# Buttons.
BUTTON_ANOTHER: Final = "Another like this"
BUTTON_LINK: Final = "See and hear it"
BUTTON_SURPRISE: Final = "Surprise me"
BUTTON_HELP: Final = "What can I ask for?"

# What a chat could not take.
NO_FILES: Final = "(I couldn't attach the files here.)"
OLD_MENU: Final = "This command has changed; please press Ctrl+R (or restart Discord) and try again."

# Answers.
UNTITLED: Final = "Untitled"
NO_LAST_TUNE: Final = "I have no tune of yours here yet; start with /tune."
NOTHING_TYPED: Final = "Type a command, for example /tune jig in G."

# The site.
WEB_WELCOME: Final = (
    "Hello! I make up folk tunes: jigs, reels, waltzes, in any key you like."
    " Type a command below, or press one of these to begin."
)
WEB_CHIPS: Final = (
    ("Surprise me", "/tune"),
    ("A jig in E minor", "/tune jig in Em"),
    ("A calm waltz in D", "/tune waltz in D temp=0.6"),
    ("A wild reel", "/tune reel temp=1.1"),
    ("What can I ask for?", "/help"),
)
WEB_PLACEHOLDER: Final = "/tune jig in G"
WEB_ANY: Final = "any"
RECENT_TITLE: Final = "Recent tunes"
RECENT_LEAD: Final = "The newest tunes that somebody made on this site."
RECENT_EMPTY: Final = "Nobody has made a tune here yet. Be the first!"
NO_SOUND: Final = "(No sound here: there is no soundfont where I run.)"
PAGE_NOT_FOUND: Final = "There is nothing here"
PAGE_NO_TUNE: Final = "No tune has this address. Perhaps a letter got lost when it was copied?"
PAGE_NO_PAGE: Final = "No page has this address."
PAGE_BROKEN: Final = "Something broke"
NO_JSON: Final = 'Send JSON such as {"text": "/tune key=G"}.'
NO_SUCH_ADDRESS: Final = "There is nothing at this address; send commands to POST /api/chat."
WRONG_METHOD: Final = "This address takes another method; send commands to POST /api/chat."
BODY_TOO_LARGE: Final = "That is too long for me; send less text at once."

SITE_BROKEN: Final = "Sorry, something broke on my side; please try again."

# Starting up.
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
DISCORD_REFUSES: Final = (
    "Discord refuses DISCORD_TOKEN; copy the token anew from https://discord.com/developers/applications"
    " (your application, Bot, Reset Token)."
)
TELEGRAM_REFUSES: Final = (
    "Telegram refuses TELEGRAM_TOKEN; ask @BotFather on Telegram for the token (/mybots) and copy it anew."
)
TELEGRAM_TWO_READERS: Final = (
    "Another program reads this bot's Telegram messages with the same TELEGRAM_TOKEN; stop one of the two."
)
INVITES: Final = {"Discord": "Add to Discord", "Telegram": "Open in Telegram"}
ENVIRONMENT: Final = "the environment"


def welcome() -> str:
    """The answer to ``/start``."""
    return (
        f"Hello! I'm {NAME}, and I make up folk tunes.\n"
        "Type /tune and I'll surprise you, or say what you'd like:\n"
        "/tune jig in Em\n"
        "/tune key=G temp=0.8\n"
        "/help tells you everything you can ask for."
    )


def help_text(commands: Iterable[tuple[str, str]], options: Iterable[tuple[str, str, str]]) -> str:
    """The answer to ``/help``.

    Args:
        commands: names and what they do.
        options: of ``/tune``: name, what it is, what it may be.
    """
    lines = ["What you can type:"]
    lines += [f"/{name} – {about}" for name, about in commands]
    lines += ["", "What you can wish for in a /tune, in any order, all of it optional:"]
    lines += [f"{name} – {about}" + (f" ({allowed})" if allowed else "") for name, about, allowed in options]
    lines += [
        "",
        "Plain words work too: /tune slip jig in E minor",
        "The same seed and wishes give the same tune again.",
    ]
    return "\n".join(lines)


def tune_lines(title: str, facts: Sequence[str], notes: Sequence[str]) -> str:
    """What stands above a tune: its title, then type, key, meter, temperature and seed, then notes."""
    return "\n".join([title, " · ".join(facts), *filter(None, notes)])


def closest(title: str, bars: float) -> str:
    """How much of a known tune is in a new one."""
    if title in ("", "Untitled"):
        title = "a tune without a name"
    return f"Closest to: {title}, {bars:.1f} bars in a row." if bars else ""


def not_made(files: Sequence[str]) -> str:
    """Files that could not be made this time."""
    return f"(I couldn't make the {listed(files)} this time.)"


def unknown_command(typed: str, near: str | None) -> str:
    """A word after a slash that is no command."""
    guess = f"did you mean /{near}?" if near else "try /tune, or /help for all I can do."
    return f"I don't know {typed[:30]}; {guess}"


def unknown_option(typed: str, near: str | None, known: Sequence[str]) -> str:
    """A name before ``=`` that is no option."""
    rest = f"did you mean {near}?" if near else f"the options are {listed(known)}."
    return f"I don't know the option “{typed[:20]}”; {rest}"


def unknown_word(typed: str, near: str | None) -> str:
    """A bare word that means nothing in a request for a tune."""
    rest = f"did you mean {near}?" if near else "try something like /tune jig in G, or /help."
    return f"I don't know “{typed[:20]}”; {rest}"


def given_twice(name: str, first: str, second: str) -> str:
    """An option with two values."""
    hint = " (for the meter, say meter=C)" if name == "key" and "C" in (first, second) else ""
    return f"I read two values for {name}, “{first[:20]}” and “{second[:20]}”; keep one{hint}."


def needs_value(name: str, example: str) -> str:
    """An option with nothing after it."""
    return f"{name} needs a value; type something like {name}={example}."


def missing(command: str, name: str, example: str) -> str:
    """A command without what it needs."""
    return f"/{command} needs the {name} after it, for example:\n/{command} {example}"


def bare_number(typed: str, takers: Sequence[str]) -> str:
    """A number that could be several things, or nothing."""
    if takers:
        return f"I'm not sure what {typed} is; say {listed(takers)}."
    return f"I'm not sure what {typed} is; a number needs its name, for example seed=7."


def too_long(most: int) -> str:
    """Text over the bound."""
    return f"That is too long for me; {most:,} characters are the most I read."


def option_too_long(name: str, most: int) -> str:
    """An option's text over its bound."""
    return f"The {name} is too long for me; {most:,} characters are the most I read there."


def unknown_tune(typed: str) -> str:
    """An id that no tune has."""
    return f"I have no tune “{typed[:20]}”; /tune makes a new one."


def mishap(reference: str) -> str:
    """A fault of ours."""
    return (
        "Sorry, something broke on my side; please try again."
        f" If it keeps happening, tell whoever runs me the number {reference}."
    )


def bad_setting(name: str, given: str, allowed: str) -> str:
    """A setting with a bad value; tokens are never shown."""
    shown = f"{name}={given[:60]} won't do" if given else f"{name} won't do"
    return f"{shown}. {allowed}"


def env_unreadable(path: str, reason: str) -> str:
    """The file of settings is there but cannot be read."""
    return f"I can't read {path} ({reason}); it should be a text file that I may read."


def env_not_text(path: str, line: int) -> str:
    """The file of settings is no text."""
    return f"{path}, line {line}, is not plain UTF-8 text; save the file as UTF-8 and start again."


def env_bad_line(path: str, line: int) -> str:
    """A line of the file of settings that says nothing; it is not shown, since it may hold a token."""
    return f"I can't read line {line} of {path}; a line is NAME=value, and a quote that opens must close."


def unknown_setting(name: str, place: str, near: str) -> str:
    """A name that is no setting, but nearly one."""
    return f"I don't know the setting {name[:40]} in {place}; did you mean {near}?"


def site_open(url: str) -> str:
    """The line at start that says where the site is."""
    return f"{NAME} is on {url}"


def port_taken(host: str, port: int, reason: str) -> str:
    """The site cannot listen."""
    return f"I can't listen on {host}, port {port} ({reason}); set HOST or PORT to something else."


def no_tokens(line: str) -> str:
    """The line at start, where the site is all there is."""
    return f"{line} – to bring it to Discord and Telegram, set DISCORD_TOKEN and TELEGRAM_TOKEN in .env"


def chat_did_not_start(name: str) -> str:
    """A chat that failed in a way nobody foresaw."""
    return f"{name} did not start; the log says why. Everything else goes on."


def database_driver(module: str, command: str) -> str:
    """The package for a kind of database is missing."""
    return f"DATABASE_URL needs the Python package {module}; install it with: {command}"


def database_option(name: str) -> str:
    """The address of the database has an option that its driver does not take."""
    hint = "write it as ssl" if name == "sslmode" else "leave it out"
    return f"DATABASE_URL has the option {name[:40]}, which I can't use; {hint}."


def database_closed(reason: str) -> str:
    """The database is there but does not let us in."""
    return f"I can't open the database in DATABASE_URL ({reason[:200]})."


def database_newer(found: str, newest: str) -> str:
    """A newer version of the bot has changed the schema."""
    return (
        f"A newer Tunesmith has written the database in DATABASE_URL (schema {found[:40]}, I know up to"
        f" {newest}); update Tunesmith, or name another database."
    )


def finding(text: str, *, well: bool) -> str:
    """A line of the check."""
    return f"{'fine    ' if well else 'to mend '} {text}"


def database_new(path: str) -> str:
    """There is no database yet."""
    return f"The first start makes the database {path}."


def database_found(name: str, *, current: bool) -> str:
    """There is a database that the bot can use."""
    state = (
        "of this version" if current else "new or of an older version; the next start brings it up to date"
    )
    return f"The database {name} is {state}."


def token_missing(name: str) -> str:
    """A token is not set, which is allowed."""
    return f"{name} is not set; the bot stays away from there."


def token_fine(name: str) -> str:
    """A token has the shape that tokens have; whether it is taken, only the platform knows."""
    return f"{name} looks like a token."


def token_misshapen(name: str, source: str) -> str:
    """A token does not have the shape that tokens have."""
    return f"{name} doesn't look like a token; copy it anew from {source}."


def model_found(name: str) -> str:
    """The model is there, and its files are those that it came with."""
    return f"The model {name} is here and whole."


def engine_found(name: str) -> str:
    """The engine is installed."""
    return f"The engine {name} is installed."


def no_tensorflow(command: str) -> str:
    """The engine that needs TensorFlow is set, and TensorFlow is missing."""
    return f"ENGINE=keras needs Keras and TensorFlow; install them with: {command}"


def soundfont_found(path: str) -> str:
    """There is a soundfont."""
    return f"The soundfont {path} plays."


def discord_open(name: str, link: str) -> str:
    """The line at start that says how to add the bot to a Discord server."""
    return f"Discord: I am {name}; add me to a server: {link}"


def telegram_open(name: str, link: str) -> str:
    """The line at start that says where the bot is on Telegram."""
    return f"Telegram: I am @{name}; talk to me, or add me to a group: {link}"


def out_of_reach(platform: str, reason: str) -> str:
    """A platform does not answer."""
    return f"{platform} can't be reached ({reason}); check this machine's connection."


def too_large(file: str, platform: str) -> str:
    """A file over a chat's limit."""
    return f"({file} is too large for {platform}.)"


def other_mode(asked: str, mode: str) -> str:
    """A key to transpose to that has another mode than the tune."""
    return f"This tune is {mode}, so I can't put it into {asked}; choose another {mode} key."
