"""Words in a wish that are no options: those that say nothing, and those that say what it is about."""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FILLERS: Final = _words(
    "a an the i i'd i'm im id you your u we me my mine us our he she they them and or but so then now "
    "just um uh er erm hm hmm oh ah well ok okay hey hi hello yo dear yes yeah please pls plz kindly "
    "maybe perhaps can could would will should may might must do does did is are be was were am have has "
    "had get got let let's like want wanna need love would'd give gimme make makes write create generate "
    "produce draw show hear listen try go going gonna take put turn change keep there here in of with at "
    "for from to on by per as into about rhythm each every once part parts per one ones new some any bit "
    "little very really quite rather too much lot kind sort type style nice good great lovely beautiful "
    "cool pretty sweet proper real time form mode pace key meter dance folk played playing written using "
    "used double thanks thank bot tunesmith up out way feel feeling mood sounding sounds sound that's it's "
    "what what's how know think possible"
)
"""Say nothing in a wish."""

WISHES: Final = _words(
    "tune tunes song songs music melody melodies piece something anything play compose surprise random "
    "whatever"
)
"""Say that a tune is wished for, and nothing of it."""

BREAKS: Final = _words(
    "in of with at for from to on by and or but please pls thanks as without w/o no now then"
)
"""Begin something else, so that an ``a`` before them is no article."""

OPENERS: Final = _words("in on at with without w/o no")
"""Begin a wish that is about the last tune, where nothing of a new one is said: “in D”, “on the flute”."""

NEGATIONS: Final = _words("no not without w/o less don't dont never minus")

VERBS: Final = _words("make play do have hear want turn change put transpose write try give take show sing")
POINTERS: Final = _words("it this that")
"""Point at the last tune after one of the verbs: “play it on the harp”."""

SAME: Final = _words("same instead last previous")
"""Point at the last tune."""

AGAIN: Final = _words("again another more encore next")
"""Ask for one more."""

CHORDS: Final = _words("chords chord accompaniment harmony harmonies")

NUMBERS: Final = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "eight": "8", "ten": "10",
    "twelve": "12", "sixteen": "16", "thirty-two": "32",
}  # fmt: skip

PARTS: Final = frozenset(("part", "parts"))
"""What a number before them counts; the form has as many different letters."""

UNITS: Final = {
    "bar": "bars",
    "bars": "bars",
    "measures": "bars",
    "bpm": "tempo",
    "beats": "tempo",
    "candidate": "n",
    "candidates": "n",
}
"""The option of which a number before a word is the value."""

AFTER_UNITS: Final = {"beats": ("a", "per", "minute", "each", "in")}
"""What may follow a unit and belongs to it."""
