"""Tell an order from talk, in a message that mentions the bot or is written to it alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bot import texts
from bot.commands.command import Command
from bot.commands.reading import Asked, given_options, read
from bot.language.pasted_abc import looks_like_abc
from bot.language.words import FILLERS, read_options
from generator.errors import RequestError

_BEFORE: Final = re.compile(
    r"(?:[\s,.:;!?)–—-]+"
    r"|(?:hey|hi|hello|ok|okay|so|now|please|pls|and|(?:can|could|would|will) you|let'?s (?:have|hear)"
    r"|(?:i|we)(?:'?d| would) (?:like|love)|(?:i|we) (?:want|need)|how about|what about"
    r"|play|make|compose|write|give|send|me|us)\b)+",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(
    r"(?:[\s,.:;!?)…\U0001F300-\U0001FAFF\u2764\uFE0F]"
    r"|\b(?:please|pls|thanks|thank you|thx|cheers|(?:very|so) much|a lot|for (?:me|us)))+$",
    re.IGNORECASE,
)
_THANKS: Final = re.compile(r"\b(?:thanks|thank you|thank u|thx|cheers)\b", re.IGNORECASE)
LONGEST_ORDER: Final = 1000  # characters in plain words
_ANOTHER_ONE: Final = FILLERS | {"like", "this", "that", "more"}


@dataclass(frozen=True, slots=True)
class Talk:
    """What is said to the bot or of it without asking for anything.

    Attributes:
        answer: one friendly line.
        thanks: whether it is a word of thanks.
    """

    answer: str
    thanks: bool


def hear(text: str, commands: Mapping[str, Command]) -> Asked | Talk:
    """Read a message; its courtesies and the punctuation around it count for nothing.

    Args:
        text: without the mention: ``, a jig in D please!``, ``I love``, ``/tune key=G``, pasted ABC.
        commands: by name.

    Raises:
        RequestError: it is an order, with a mistake in it; one sentence.
    """
    text = text.strip()
    if not text:
        return Asked("help", {})
    start = _BEFORE.match(text)
    order = text[start.end() :] if start else text
    clear = order.startswith("/") or looks_like_abc(order)
    if not clear and len(order) <= LONGEST_ORDER:
        order = _AFTER.sub("", order)
    thanks = bool(_THANKS.search(text))
    talk = Talk(texts.YOU_ARE_WELCOME if thanks else texts.TALK, thanks)
    if not order or (len(order) > LONGEST_ORDER and not clear):
        return talk
    try:
        asked: Asked | None = read(order, commands)
        if asked is not None and not clear:
            asked = _without_fillers(asked, commands[asked.command].whole)
        if asked is not None:
            command = commands[asked.command]
            given = given_options(command, asked.values)
            if command.check:
                command.check(given)
    except RequestError:
        if clear or _is_order(order, commands):
            raise
        return talk
    return asked or talk


def _without_fillers(asked: Asked, whole: str | None) -> Asked | None:
    """Take “another one” for ``/another``; “another fine day” (None) is talk."""
    words = str(asked.values.get(whole, "")).lower().split() if whole else []
    if words and all(word in _ANOTHER_ONE for word in words):
        return Asked(asked.command, {})
    return asked if len(words) <= 1 else None


def _is_order(text: str, commands: Mapping[str, Command]) -> bool:
    """Tell whether plain words with a mistake are an order: they begin like one, and only one is odd."""
    words = [word for word in text.split() if word.lower().strip(",.;!?") not in FILLERS]
    if not words or not ("=" in words[0] or _reads(words[0], commands)):
        return False
    odd = (word for word in words if not _reads(word, commands))
    return len(list(islice(odd, 2))) <= 1


def _reads(word: str, commands: Mapping[str, Command]) -> bool:
    try:
        read_options(word, commands["tune"].options)
    except RequestError:
        return False
    return True
