"""What the bot says on Telegram alone."""

from typing import Final

REFUSED: Final = (
    "Telegram refuses TELEGRAM_TOKEN; ask @BotFather on Telegram for the token (/mybots) and copy it anew."
)
REVOKED: Final = (
    "Telegram no longer takes TELEGRAM_TOKEN; ask @BotFather on Telegram for the new token (/mybots), set it,"
    " and start me again. Until then I try the old one every few minutes."
)
TWO_READERS: Final = (
    "Another program reads this bot's Telegram messages with the same TELEGRAM_TOKEN; stop one of the two."
)

NOT_DELETED: Final = "Telegram lets me delete only what is younger than two days; please delete it yourself."
COMPOSE: Final = "Make a new tune with me"
MORE_OF_IT: Final = "More of this tune"
ADD: Final = "Add to my group"
PERFORMER: Final = "Tunesmith"
ALREADY: Final = "I'm at it already."
BUSY: Final = "(This group is busy; sound and MIDI are under “More”, “Files”.)"

CUT_OFF: Final = "Telegram has cut that off at 4,096 characters; please send the tune as a file (.abc)."
MAY_GO_ON: Final = "If your tune goes on, send it as a file (.abc): Telegram parts long messages."


def asked_by(name: str) -> str:
    """Say in a group who pressed a button."""
    return f"For {name[:40]}:"


def forbidden(kind: str) -> str:
    """Say that a group does not let us send a kind of file."""
    things = {"photo": "pictures", "audio": "sound"}.get(kind, "files")
    return f"(I may not send {things} here; whoever runs this group can allow it.)"


def opened(name: str, link: str) -> str:
    """Say at start where the bot is on Telegram."""
    return f"Telegram: I am @{name}; talk to me, or add me to a group: {link}"


NOT_POSTED: Final = "Telegram did not take the message."
DESCRIPTION: Final = "I make up folk tunes: say what you'd like, and get the notes, a picture and the sound."
