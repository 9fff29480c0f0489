"""Tell an order from talk, in a message that mentions the bot or is written to it alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot import texts
from bot.commands.command import Command
from bot.commands.reading import Asked, given_options, read
from bot.language.heard import UnknownWordsError
from bot.language.pasted_abc import looks_like_abc
from bot.language.small_talk import THANKS, is_remark, small_talk
from bot.language.vocabulary import FILLERS, POINTERS, WISHES
from bot.language.words import LONGEST

_BEFORE: Final = re.compile(r"[\s,.:;!?)–—-]+")
_AFTER: Final = re.compile(r"[\s,.:;!?)…\U0001F300-\U0001FAFF\u2764\uFE0F]+$")
_SAYING_LITTLE: Final = FILLERS | WISHES | POINTERS
_SUGGESTING: Final = 3  # words; in more of them a word that is nearly one of ours is mostly none


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
    """Read a message; the punctuation around it counts for nothing.

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
    if order.startswith("/") or looks_like_abc(order):
        return _checked(read(order, commands), commands)
    order = _AFTER.sub("", order)
    thanks = bool(THANKS.search(text)) or small_talk(order) == "thanks"
    talk = Talk(texts.MY_PLEASURE if thanks else texts.TALK, thanks)
    if not order or len(order) > LONGEST or is_remark(order) or small_talk(order) in ("start", "thanks"):
        return talk
    try:
        asked = _checked(read(order, commands), commands)
    except UnknownWordsError as error:
        if error.near and len(order.split()) <= _SUGGESTING:
            raise
        return talk
    telling = [word for word in order.lower().split() if word.strip(",.;:!?") not in _SAYING_LITTLE]
    return talk if 2 * len(asked.unknown) > len(telling) else asked


def _checked(asked: Asked, commands: Mapping[str, Command]) -> Asked:
    command = commands[asked.command]
    given = given_options(command, asked.values)
    if command.check:
        command.check(given)
    return asked
