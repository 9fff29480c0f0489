"""What people say to a bot that is no wish: a greeting, thanks, a question what it can do."""

import re
from collections.abc import Mapping
from typing import Final

THANKS: Final = re.compile(r"\b(?:thanks|thank you|thank u|thx|cheers)\b", re.IGNORECASE)
_PRAISE: Final = (
    "nice|great|lovely|beautiful|cool|awesome|wonderful|perfect|good|fine|sweet|pretty|brilliant|fantastic"
)
_REMARK: Final = re.compile(
    rf"((that|it|this)( is|'s|s) (an? |so |very |really )*)?"
    rf"({_PRAISE}) (?!(morning|afternoon|evening|day)\b).*"
    r"|(what|such) an? .*|(many )?(thanks|thank you|thx|cheers) for .*"
    r"|.*\b(was|were|loved|reminds?|reminded)\b.*"
)
_PLEASE: Final = re.compile(r"\b(please|pls|plz)\b")
_GREETING: Final = (
    r"(hi+|hello|hey+|hiya|hallo|howdy|yo|greetings|good (morning|afternoon|evening|day)|hola|moin)"
    r"( (there|bot|tunesmith|everyone|everybody|all|again|friend))*"
)
_WHO: Final = r"(who|what) (are you|is this)|who is this"
_THANKS: Final = (
    r"(many |ok |oh )?(thanks|thank you|thx|ty|cheers|ta)"
    r"( (so|very) much| a lot| a bunch| you| bot| tunesmith)*"
    r"|(very |so |that'?s |that is |how |wow )?"
    r"(nice|great|lovely|beautiful|cool|awesome|wonderful|perfect)( one| tune)?"
    r"|wow|i (love|like) (it|that|this)( one)?|good bot|well done|bravo"
)
_HELP: Final = (
    r"what (can|could|do|else can) (you|i) (do|ask|say|type|play|make|know)( for| here)?|help( me)?( please)?"
    r"|how (does (this|it)|do you) work|how do i (use|do) (this|you|it)|commands|options|menu"
)
_TALK: Final[Mapping[str, re.Pattern[str]]] = {
    "start": re.compile(f"{_GREETING}|{_WHO}"),
    "thanks": re.compile(_THANKS),
    "help": re.compile(_HELP),
}


def small_talk(text: str) -> str | None:
    """Return the command that answers small talk; None if the text is something else."""
    plain = _letters(text)
    return next((command for command, said in _TALK.items() if said.fullmatch(plain)), None)


def is_remark(text: str) -> bool:
    """Tell whether a text speaks of a tune without asking for one: “what a lovely reel”."""
    plain = _letters(text)
    return bool(_REMARK.fullmatch(plain)) and not _PLEASE.search(plain)


def _letters(text: str) -> str:
    plain = " ".join("".join(sign if sign.isalpha() or sign in "'’" else " " for sign in text).split())
    return plain.lower().replace("’", "'")
