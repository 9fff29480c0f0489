"""Look whether everything that the bot needs is there, without starting it: ``python -m bot --check``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec

from pydantic import SecretStr

from bot.install import install_command
from bot.platforms.web import NODE_MODULES
from bot.platforms.web.assets import load_assets
from bot.settings import Settings, TokenShape
from bot.store.look import look
from bot.texts import operator
from generator.compose.model import find_model
from generator.errors import FriendlyError
from generator.render.soundfont import SoundfontError, find_soundfont


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one thing that was looked at.

    Attributes:
        text: one sentence.
        well: whether the bot can do with it.
    """

    text: str
    well: bool = True


async def check(settings: Settings) -> list[Finding]:
    """Look at everything that the settings name; nothing is changed or made."""
    return [
        Finding(operator.SETTINGS_FINE),
        *_tokens(settings),
        await _database(settings),
        _model(settings),
        _engine(settings),
        *await _generator(settings),
        _sound(settings),
        _abcjs(settings),
    ]


def _tokens(settings: Settings) -> Iterator[Finding]:
    for name, field in Settings.model_fields.items():
        for shape in field.metadata:
            if isinstance(shape, TokenShape):
                yield _token(name.upper(), getattr(settings, name), shape)


def _token(name: str, token: SecretStr | None, shape: TokenShape) -> Finding:
    if token is None:
        return Finding(operator.token_missing(name))
    if not re.fullmatch(shape.pattern, token.get_secret_value()):
        return Finding(operator.token_misshapen(name, shape.source), well=False)
    return Finding(operator.token_fine(name))


async def _database(settings: Settings) -> Finding:
    try:
        return Finding(await look(settings.database_url))
    except FriendlyError as error:
        return Finding(str(error), well=False)


def _model(settings: Settings) -> Finding:
    try:
        model = find_model(settings.model)
    except FriendlyError as error:
        return Finding(str(error), well=False)
    return Finding(operator.model_found(model.name))


def _engine(settings: Settings) -> Finding:
    if settings.engine == "keras" and not (find_spec("keras") and find_spec("tensorflow")):
        return Finding(operator.no_tensorflow(install_command("train")), well=False)
    return Finding(operator.engine_found(settings.engine))


async def _generator(settings: Settings) -> list[Finding]:
    if not settings.generator_url:
        return []
    from bot.wiring import ask_generator  # noqa: PLC0415 - brings aiohttp's client

    try:
        await ask_generator(settings)
    except FriendlyError as error:
        return [Finding(str(error), well=settings.generator_fallback)]
    return [Finding(operator.GENERATOR_FOUND)]


def _sound(settings: Settings) -> Finding:
    try:
        file = find_soundfont(settings.soundfont)
    except SoundfontError as error:
        return Finding(f"{error}.", well=False)
    return Finding(operator.soundfont_found(str(file)) if file else operator.NO_SOUNDFONT)


def _abcjs(settings: Settings) -> Finding:
    try:
        foreign = load_assets(NODE_MODULES, settings.abcjs_folder).foreign
    except FriendlyError as error:
        return Finding(str(error), well=False)
    return Finding(operator.ABCJS_FROM_CDN if foreign else operator.ABCJS_HERE)
