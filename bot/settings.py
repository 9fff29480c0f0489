"""Every setting of the bot, typed and described, in one place.

They come from the environment or from a file ``.env``; ``.env.example`` is made from this module with
``python -m bot env-example``.
"""

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot import texts
from generator.errors import FriendlyError

_DRIVERS: Final = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}


class SettingsError(FriendlyError):
    """A setting has a value that it cannot have; the sentence names it and what it may be."""


def _none_if_empty(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _trimmed(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


Token = Annotated[SecretStr | None, BeforeValidator(_none_if_empty), BeforeValidator(_trimmed)]


class Settings(BaseSettings):
    """What the operator can set. The names in the environment are these in capitals."""

    model_config = SettingsConfigDict(env_file_encoding="utf-8", extra="ignore", frozen=True)

    discord_token: Token = Field(
        None, description="The bot's token, from https://discord.com/developers; empty: no Discord."
    )
    telegram_token: Token = Field(
        None, description="The bot's token, from @BotFather on Telegram; empty: no Telegram."
    )
    host: str = Field("127.0.0.1", min_length=1, description="Address the site listens on; 0.0.0.0 for all.")
    port: int = Field(
        8080,
        ge=0,
        le=65535,
        description="Port the site listens on, a number up to 65535; 0 takes any free one.",
    )
    public_url: Annotated[str | None, BeforeValidator(_none_if_empty)] = Field(
        None,
        description="Where the site can be reached from outside, such as https://tunes.example.org;"
        " links in chats lead there. Empty: they lead to a public viewer that needs no server of yours.",
    )
    database_url: str = Field(
        "sqlite:///data/tunesmith.db",
        description="Where tunes are kept: an SQLite file, or postgresql://user:password@host/name.",
    )
    model: str = Field(
        "session",
        pattern=r"^[a-z0-9_-]{1,40}$",
        description="Which trained model composes when a request names none: a folder in models/.",
    )
    engine: Literal["fast", "keras"] = Field(
        "fast", description="What runs the network: fast, or keras (needs TensorFlow installed)."
    )
    workers: Annotated[int | None, BeforeValidator(_none_if_empty)] = Field(
        None,
        ge=1,
        le=64,
        description="How many processes compose, a number from 1 to 64; each draws 64 candidates at once in"
        " 120 MB. Empty: one for each core, at most 4 (keras: one).",
    )
    soundfont: Annotated[Path | None, BeforeValidator(_none_if_empty)] = Field(
        None, description="A soundfont (.sf2) to play with; empty: the best that is installed."
    )
    abcjs_folder: Annotated[Path | None, BeforeValidator(_none_if_empty)] = Field(
        None, description="A folder with abcjs-basic-min.js; empty: node_modules, or a CDN."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="How much is logged: DEBUG, INFO, WARNING or ERROR."
    )

    @field_validator("log_level", "engine", mode="before")
    @classmethod
    def _any_case(cls, value: object, info: object) -> object:
        if not isinstance(value, str):
            return value
        name = getattr(info, "field_name", "")
        return value.strip().upper() if name == "log_level" else value.strip().lower()

    @field_validator("public_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        value = value.strip().rstrip("/")
        if not value.startswith(("http://", "https://")) or any(c.isspace() for c in value):
            raise ValueError("no web address")
        return value

    @field_validator("database_url")
    @classmethod
    def _with_driver(cls, value: str) -> str:
        scheme, found, rest = value.strip().partition("://")
        if not found or scheme.partition("+")[0] not in _DRIVERS:
            raise ValueError("no database address")
        return f"{_DRIVERS.get(scheme, scheme)}://{rest}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown or logged."""
        tokens = [token.get_secret_value() for token in (self.discord_token, self.telegram_token) if token]
        _, found, rest = self.database_url.partition("://")
        userinfo = rest.rpartition("@")[0] if found else ""
        password = userinfo.partition(":")[2]
        return tuple(secret for secret in (*tokens, password) if secret)


def load(env_file: Path | None = Path(".env")) -> Settings:
    """Read the settings from the environment, and from a file where the environment is silent.

    Raises:
        SettingsError: one line that names the first bad setting and what it may be.
    """
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        fault = error.errors()[0]
        name = str(fault["loc"][0])
        given = str(fault["input"])
        if name.endswith("token") or "@" in given:  # an address may hold a password
            given = ""
        raise SettingsError(texts.bad_setting(name.upper(), given, _allowed(name))) from None
    except UnicodeDecodeError:
        raise SettingsError(texts.ENV_NOT_TEXT) from None


def _allowed(name: str) -> str:
    return Settings.model_fields[name].description or ""


def env_example() -> str:
    """The text of ``.env.example``: every setting with its description and default."""
    lines = [texts.ENV_HEAD]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else str(field.default)
        lines += ["", f"# {field.description}", f"{name.upper()}={default}"]
    return "\n".join(lines) + "\n"
