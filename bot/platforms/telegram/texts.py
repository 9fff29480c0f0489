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


def opened(name: str, link: str) -> str:
    """Say at start where the bot is on Telegram."""
    return f"Telegram: I am @{name}; talk to me, or add me to a group: {link}"
