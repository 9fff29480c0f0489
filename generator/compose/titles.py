"""Titles: how printed ones are tidied, and which drawn ones will do."""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Final

from generator.grammar.title import LONGEST_TITLE, SHORTEST_TITLE
from generator.music.keys import Key

_ARTICLES: Final = frozenset(("the", "a", "an"))
# “-- Reel”, “(2nd set)”, “[a]”, “No. 3”: what transcribers add.
_ADDED: Final = re.compile(
    r"\s*(?:--.*|\([^)]*\)?|\[[^\]]*\]?|/.*|\b(?:no|vol)\.? ?\d+.*|\d.*)$", re.IGNORECASE
)
_POSTPONED: Final = re.compile(r"(.*), ?(the|a|an)", re.IGNORECASE)
_SMALL: Final = frozenset(
    ("a", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with")
)
# Hashes, so that nobody has to read them: stems of words that have no place in a title, and whole words,
# which end in a point.
_UNWELCOME: Final = frozenset(
    (
        "0369519e",
        "05a68caa",
        "0a68d9cc",
        "142de53d",
        "222379e2",
        "227eb7bd",
        "24c93de5",
        "28475085",
        "9f0043c9",
        "315ed6d3",
        "3894a0eb",
        "453ee9a4",
        "495e60fa",
        "4e3226e5",
        "57596162",
        "64cf5377",
        "6921ecf8",
        "6d6fe3b3",
        "79d18a39",
        "9c142f2f",
        "9dee248d",
        "ae955ae2",
        "b31aee28",
        "b3689c5c",
        "b36b6dff",
        "ba77b322",
        "c738174c",
        "caea805a",
        "ce997e08",
        "d4d71a19",
        "dc215589",
        "e207f9c9",
        "ebb11112",
        "ebc41574",
        "f03005e7",
        "f3cde82b",
        "f3d591bb",
        "f565e36c",
        "fba33e1b",
        "fcda0955",
        "fcf485a2",
        "fe529855",
    )
)


def tidied(title: str) -> str:
    """Return a printed title as a title line: letters, spaces, apostrophes; ``""`` if nothing is left.

    Accents go, so do numbers and remarks; a postponed article comes to the front; capitals alone become
    ordinary.
    """
    plain = unicodedata.normalize("NFKD", title.replace("’", "'").replace("`", "'"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = plain.strip().strip("\"' .")
    while (shorter := _ADDED.sub("", plain)) != plain:
        plain = shorter
    plain = plain.split(";")[0].strip(" .,!?:")
    if match := _POSTPONED.fullmatch(plain):
        plain = f"{match[2].title()} {match[1]}"
    plain = " ".join(re.sub(r"[^A-Za-z' ]", " ", plain).split()).strip("' ")
    if plain.isupper():
        plain = title_case(plain.lower())
    return plain[:1].upper() + plain[1:]


def title_case(text: str) -> str:
    """Return a title with a capital to each word but the small ones; other capitals stay."""
    words = text.split()
    return " ".join(
        word.lower() if word.lower() in _SMALL and place else word[:1].upper() + word[1:]
        for place, word in enumerate(words)
    )


def plain_title(dance_type: str, key: Key) -> str:
    """Return a title for a tune that has none: ``Jig in G major``.

    Args:
        dance_type: type of tune, ``""`` if it has none.
        key: of the tune.
    """
    return f"{(dance_type or 'tune').capitalize()} in {key.name}"


def folded(title: str) -> str:
    """Return a title as it is compared: case, articles and everything but letters gone."""
    words = re.findall(r"[a-z]+", tidied(title).lower().replace("'", ""))
    return "".join(word for word in words if word not in _ARTICLES)


def title_hash(title: str) -> int:
    """Return the folded title as a number of 48 bits, for the set of known titles that ships with a model."""
    return int.from_bytes(hashlib.blake2b(folded(title).encode(), digest_size=6).digest())


def title_hashes(titles: Iterable[str]) -> frozenset[int]:
    """Return the hashes of all the titles that have letters."""
    return frozenset(title_hash(title) for title in titles if folded(title))


def will_do(title: str, known: Collection[int] = ()) -> bool:
    """Tell whether a drawn title can stand over a new tune.

    Args:
        title: as drawn.
        known: hashes of the titles that exist.
    """
    letters = re.fullmatch(r"[A-Z][A-Za-z]*(?:[ '][A-Za-z]+)*", title)
    if not letters or not SHORTEST_TITLE <= len(title) <= LONGEST_TITLE:
        return False
    return title_hash(title) not in known and not _is_unwelcome(title)


def _is_unwelcome(title: str) -> bool:
    words = re.findall(r"[a-z]+", title.lower().replace("'", ""))
    joined = "".join(words)
    begun = [word[:size] for word in (*words, joined) for size in range(3, len(word) + 1)]
    begun += [f"{word}." for word in words] + [f"{word.removesuffix('s')}." for word in words]
    return any(hashlib.blake2b(stem.encode(), digest_size=4).hexdigest() in _UNWELCOME for stem in begun)
