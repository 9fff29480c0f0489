"""What text is a value of an option."""

import re
from collections.abc import Callable
from typing import Final

from bot.language.vocabulary import FILLERS
from generator.compose.option import Option
from generator.errors import RequestError

NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)", re.ASCII)
DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]*[.,][0-9]+|[0-9]+[.,])", re.ASCII)
WHOLE_NUMBER: Final = re.compile(r"[+-]?[0-9]+", re.ASCII)
NOTES: Final = re.compile(r"(?=.*[A-Ga-g])[A-Ga-gzx0-9|,'/^_=<>()\[\]~-]+")
_NAMES_MODE: Final = re.compile(r"\s*[A-Ga-g]\s*(#|b|♯|♭|-?\s*sharp|-?\s*flat)?[\s-]*", re.IGNORECASE)


def fits(option: Option, value: str) -> bool:
    """Tell whether a text is a value of an option."""
    if option.read:
        return reads(option.read, value)
    if option.kind is not str:
        number = value.replace(",", ".")
        whole = option.kind is not int or WHOLE_NUMBER.fullmatch(number)
        return bool(NUMBER.fullmatch(value) and whole) and option.takes(float(number))
    if option.choices:
        answers = {"yes", "no", "true", "false"} if "on" in option.choices else set()
        return value.lower() in {str(choice).lower() for choice in option.choices} | answers
    if option.name == "start":
        return any(NOTES.fullmatch(word) for word in value.split())
    return value.lower() not in FILLERS


def reads(read: Callable[[str], object], text: str) -> bool:
    """Tell whether a reader takes a text."""
    try:
        read(text)
    except RequestError:
        return False
    return True


def names_mode(key: str) -> bool:
    """Tell whether the text of a key says its mode: ``D major``, ``Dm``, but not ``D``."""
    tonic = _NAMES_MODE.match(key)
    return tonic is None or tonic.end() < len(key.rstrip())
