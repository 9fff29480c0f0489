"""Every setting of the bot, typed and described, in one place.

They come from the environment or from a file ``.env``; ``.env.example`` is made from this module with
``python -m bot env-example``.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from bot.env_file import read_env_file
from bot.limits import RATE
from bot.texts import operator
from generator.compose.request import DEFAULT_MODEL
from generator.errors import FriendlyError

Network = IPv4Network | IPv6Network

ENV_FILE: Final = Path(".env")
_DRIVERS: Final = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}
_NEAR: Final = 0.75  # likeness of DISCROD_TOKEN and DISCORD_TOKEN, PROT and PORT
_NEAR_REST: Final = 0.65  # of what follows DISCORD_, where the environment has many names that are not ours


class SettingsError(FriendlyError):
    """A setting has a value that it cannot have; the sentence names it and what it may be."""


@dataclass(frozen=True, slots=True)
class TokenShape:
    """What a platform's tokens look like.

    Attributes:
        pattern: a regular expression that all of them match.
        source: where the operator finds them.
    """

    pattern: str
    source: str


DISCORD_TOKENS: Final = TokenShape(r"[\w-]{20,}\.[\w-]{5,}\.[\w-]{25,}", "https://discord.com/developers")
TELEGRAM_TOKENS: Final = TokenShape(r"\d{6,}:[\w-]{30,}", "@BotFather on Telegram")


class Settings(BaseModel):
    """What the operator can set. The names in the environment are these in capitals."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    discord_token: Annotated[SecretStr | None, DISCORD_TOKENS] = Field(
        None, description=f"The bot's token, from {DISCORD_TOKENS.source}; empty: no Discord."
    )
    telegram_token: Annotated[SecretStr | None, TELEGRAM_TOKENS] = Field(
        None, description=f"The bot's token, from {TELEGRAM_TOKENS.source}; empty: no Telegram."
    )
    shard_count: int | None = Field(
        None,
        ge=1,
        le=100_000,
        description="Into how many shards the bot's servers on Discord are split, over all processes; each"
        " shard takes up to 2500. Empty: as many as Discord advises, all in this process.",
    )
    shard_ids: str | None = Field(
        None,
        description="Which of these shards are this process's, such as 0,1 or 2-3; every shard belongs to one"
        " process, and the one that has shard 0 registers the commands. Empty: all.",
    )
    telegram_webhook: bool = Field(
        False,
        description="1: Telegram brings messages to PUBLIC_URL, which must be https, so that several"
        " processes behind a balancer can share the work; 0: this process alone fetches them.",
    )
    host: str = Field("127.0.0.1", description="Address the site listens on; 0.0.0.0 for all.")
    port: int = Field(
        8080,
        ge=0,
        le=65535,
        description="Port the site listens on, a number up to 65535; 0 takes any free one.",
    )
    public_url: str | None = Field(
        None,
        description="Where the site can be reached from outside, such as https://tunes.example.org"
        " or https://example.org/folk; links in chats lead there. Empty: they lead to a public viewer that"
        " needs no server of yours.",
    )
    grace: float = Field(
        8.0,
        ge=0,
        le=600,
        description="Seconds that answers under way get when the bot is stopped, from 0 to 600; who still"
        " waits then is told to ask again. docker stop kills after 10.",
    )
    trusted_proxies: str | None = Field(
        None,
        description="Addresses of your own proxies in front of the site, such as 127.0.0.1 or 10.0.0.0/8,"
        " with commas between them; their X-Forwarded-For says who asks. Empty: nobody's does.",
    )
    idle_seconds: float = Field(
        60.0,
        ge=0.1,
        le=3600,
        description="Seconds after which the site closes a connection that says nothing, stops half-way or"
        " takes nothing in, from 0.1 to 3600.",
    )
    site_connections: int | None = Field(
        None,
        ge=1,
        description="How many connections the site holds at once, at least 1; more are turned away. Empty:"
        " three quarters of the files that the system lets it open.",
    )
    database_url: str = Field(
        "sqlite:///data/tunesmith.db",
        description="Where tunes are kept: an SQLite file, or postgresql://user:password@host/name.",
    )
    files_url: str = Field(
        "data/files",
        description="Where finished files are kept: a folder, which several processes may share, or a bucket"
        " such as s3://name/files (the extra scale, and the bucket's package for fsspec).",
    )
    keep_days: int = Field(
        0, ge=0, le=36_500, description="How many days a tune is kept, up to 36500; 0 for ever."
    )
    keep_tunes: int = Field(
        1000,
        ge=0,
        le=1_000_000,
        description="How many tunes are kept for one person, up to 1000000; the oldest goes first. 0: all.",
    )
    keep_pastes: int = Field(
        100,
        ge=0,
        le=1_000_000,
        description="How many of these may be pasted ones, up to 1000000. 0: all.",
    )
    limit_person: str = Field(
        "120/10m",
        pattern=f"^(?:{RATE})$",
        description="How much one person may ask for in a while, such as 20/10m: 20 in 10 minutes; s, m or h."
        " 0: no limit.",
    )
    limit_chat: str = Field(
        "240/10m",
        pattern=f"^(?:{RATE})$",
        description="How much the people of one group or channel may ask for together, such as 100/1h."
        " 0: no limit.",
    )
    model: str = Field(
        DEFAULT_MODEL,
        pattern=r"^[a-z0-9_-]{1,40}$",
        description="Which trained model composes when a request names none: a folder in models/.",
    )
    engine: Annotated[Literal["fast", "keras"], BeforeValidator(str.lower)] = Field(
        "fast", description="What runs the network: fast, or keras (needs TensorFlow installed)."
    )
    workers: int | None = Field(
        None,
        ge=1,
        le=64,
        description="How many processes compose, a number from 1 to 64; each draws 64 candidates at once in"
        " 120 MB. Empty: one for each core, at most 4 (keras: one).",
    )
    generator_url: str | None = Field(
        None,
        description="Where other machines compose and draw, such as http://127.0.0.1:8000: what"
        " python -m generator serve or Ray Serve listens on. Empty: all of it is done here.",
    )
    generator_fallback: bool = Field(
        False,
        description="1: compose and draw here while GENERATOR_URL can't be reached; 0: say so instead.",
    )
    soundfont: Path | None = Field(
        None, description="A soundfont (.sf2) to play with; empty: the best that is installed."
    )
    abcjs_folder: Path | None = Field(
        None, description="A folder with abcjs-basic-min.js; empty: node_modules, or a CDN."
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)] = Field(
        "INFO", description="How much is logged: DEBUG, INFO, WARNING or ERROR."
    )
    log_format: Annotated[Literal["text", "json"], BeforeValidator(str.lower)] = Field(
        "text", description="How it is logged: text, or json for programs that collect logs."
    )

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Take an empty value for the default, and drop the blanks around others."""
        trimmed = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
        return {name: value for name, value in trimmed.items() if value != ""}

    @field_validator("public_url", "generator_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        value = value.rstrip("/")
        if not value.startswith(("http://", "https://")) or any(c.isspace() for c in value):
            raise ValueError("no web address")
        return value

    @field_validator("public_url")
    @classmethod
    def _plain_path(cls, value: str | None) -> str | None:
        if value and not re.fullmatch(r"https?://[^/?#]+(/[\w.~-]+)*", value, re.ASCII):
            raise ValueError("no address that others can be put behind")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str | None) -> str | None:
        for name in _names(value or ""):
            ip_network(name, strict=False)
        return value

    @field_validator("database_url")
    @classmethod
    def _with_driver(cls, value: str) -> str:
        scheme, found, rest = value.partition("://")
        if not found or scheme.partition("+")[0] not in _DRIVERS:
            raise ValueError("no database address")
        return f"{_DRIVERS.get(scheme, scheme)}://{rest}"

    @field_validator("shard_ids")
    @classmethod
    def _numbers(cls, value: str | None) -> str | None:
        if value is not None and not _numbers_in(value):
            raise ValueError("no shards")
        return value

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.shard_ids and not self.shard_count:
            raise SettingsError(operator.SHARD_COUNT_MISSING)
        if any(shard >= (self.shard_count or 0) for shard in self.shards or ()):
            raise SettingsError(operator.shards_too_high(self.shard_ids or "", self.shard_count or 0))
        if self.telegram_webhook and not (self.public_url or "").startswith("https://"):
            raise SettingsError(operator.WEBHOOK_NEEDS_URL)
        return self

    @property
    def public_path(self) -> str:
        """Return the path of the site's address, as /folk; empty for the root of its host."""
        return urlsplit(self.public_url or "").path.rstrip("/")

    @property
    def shards(self) -> tuple[int, ...] | None:
        """Return which of Discord's shards are this process's; None for all."""
        return _numbers_in(self.shard_ids) if self.shard_ids else None

    @property
    def proxies(self) -> tuple[Network, ...]:
        """Return the addresses of the operator's own proxies."""
        return tuple(ip_network(name, strict=False) for name in _names(self.trusted_proxies or ""))

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what must never be shown or logged."""
        tokens = [token.get_secret_value() for token in (self.discord_token, self.telegram_token) if token]
        _, _, rest = self.database_url.partition("://")
        address, _, options = rest.partition("?")
        # Up to the last @ before the options, as the operator means it; or the first, as SQLAlchemy does.
        meant = address.rpartition("@")[0].partition(":")[2]
        read = rest.partition("@")[0].partition(":")[2] if "@" in rest else ""
        passwords = [meant, unquote(meant), read, unquote(read), *parse_qs(options).get("password", [])]
        passwords += [secret for url in (self.generator_url, self.files_url) for secret in _password_in(url)]
        return tuple(dict.fromkeys(secret for secret in (*tokens, *passwords) if secret))


def _password_in(url: str | None) -> tuple[str, ...]:
    """Return the password of an address as it stands and as it is meant; none where there is none."""
    person, found, _ = (url or "").partition("://")[2].partition("/")[0].rpartition("@")
    password = person.partition(":")[2] if found else ""
    return (password, unquote(password))


def _numbers_in(listed: str) -> tuple[int, ...]:
    """Read ``0,2-4`` as 0, 2, 3, 4; empty if that is no list of numbers."""
    found: set[int] = set()
    for name in _names(listed):
        match = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", name)
        if match is None or int(match[2] or match[1]) < int(match[1]):
            return ()
        found.update(range(int(match[1]), int(match[2] or match[1]) + 1))
    return tuple(sorted(found))


def _names(listed: str) -> list[str]:
    return listed.replace(",", " ").split()


@dataclass(frozen=True, slots=True)
class Given:
    """What the operator wrote, before it is checked.

    Attributes:
        values: by field of ``Settings``.
        slips: a sentence for each unknown name that is nearly a setting.
    """

    values: Mapping[str, str]
    slips: tuple[str, ...]

    def settings(self) -> Settings:
        """Check the values.

        Raises:
            SettingsError: one line that names the first bad setting and what it may be.
        """
        try:
            return Settings(**self.values)
        except ValidationError as error:
            fault = error.errors()[0]
            name, given = str(fault["loc"][0]), str(fault["input"])
            if name.endswith("token") or "@" in given or "?" in given:  # an address may hold a password
                given = ""
            allowed = Settings.model_fields[name].description or ""
            raise SettingsError(operator.bad_setting(name.upper(), given, allowed)) from None


def read(env_file: Path | None = ENV_FILE, environment: Mapping[str, str] = os.environ) -> Given:
    """Read the environment, and a file where the environment is silent.

    Raises:
        EnvFileError: if the file is there but cannot be read.
    """
    in_file = read_env_file(env_file) if env_file else {}
    values = {
        name.lower(): value
        for source in (in_file, environment)
        for name, value in source.items()
        if name.lower() in Settings.model_fields
    }
    missing = [name.upper() for name in Settings.model_fields if name not in values]
    slips = (
        *_slips(in_file, str(env_file), missing, _nearest),
        *_slips(environment, operator.ENVIRONMENT, missing, _nearest_of_family),
    )
    return Given(values, slips)


def load(env_file: Path | None = ENV_FILE, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the settings.

    Raises:
        EnvFileError: if the file is there but cannot be read.
        SettingsError: one line that names the first bad setting and what it may be.
    """
    return read(env_file, environment).settings()


def _slips(
    names: Iterable[str],
    place: str,
    missing: Sequence[str],
    nearest: Callable[[str, Sequence[str]], str | None],
) -> Iterator[str]:
    """Say which unknown names are nearly a setting that is missing."""
    for name in names:
        if name.lower() not in Settings.model_fields and (near := nearest(name.upper(), missing)):
            yield operator.unknown_setting(name, place, near)


def _nearest(name: str, settings: Sequence[str]) -> str | None:
    """Return the setting that a name nearly spells."""
    return _most_like(name, {setting: setting for setting in settings}, _NEAR)


def _nearest_of_family(name: str, settings: Sequence[str]) -> str | None:
    """Return the setting that a name nearly spells, if both begin with the same word and an underscore."""
    family, joined, rest = name.partition("_")
    rests = {setting: setting.removeprefix(f"{family}_") for setting in settings}
    relatives = {setting: other for setting, other in rests.items() if other != setting}
    return _most_like(rest, relatives, _NEAR_REST) if joined else None


def _most_like(word: str, known: Mapping[str, str], least: float) -> str | None:
    likeness = {name: SequenceMatcher(None, word, spelling).ratio() for name, spelling in known.items()}
    best = max(likeness, key=lambda name: likeness[name], default=None)
    return best if best is not None and likeness[best] >= least else None


def env_example() -> str:
    """Write the text of ``.env.example``: every setting with its description and default."""
    lines = [operator.ENV_HEAD]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else str(field.default)
        default = str(int(field.default)) if isinstance(field.default, bool) else default
        lines += ["", f"# {field.description}", f"{name.upper()}={default}"]
    return "\n".join(lines) + "\n"
