"""What the bot says on Discord alone."""

from typing import Final

REFUSED: Final = (
    "Discord refuses DISCORD_TOKEN; copy the token anew from https://discord.com/developers/applications"
    " (your application, Bot, Reset Token)."
)
REVOKED: Final = (
    "Discord no longer takes DISCORD_TOKEN; copy the new token from"
    " https://discord.com/developers/applications (your application, Bot, Reset Token), set it, and start me"
    " again. Until then I try the old one every few minutes."
)
ADD: Final = "Add to my server"
OLD_MENU: Final = "This command has changed; please press Ctrl+R (or restart Discord) and try again."

FILE_OPTION: Final = "a file with the tune instead: .abc, .mid or .musicxml"
FORM_TITLE: Final = "Show and play ABC"
FORM_LABEL: Final = "Your tune"
FORM_HELP: Final = "Paste it here, lines and all; over 4,000 characters, send it as a file: /abc file."
FORM_EXAMPLE: Final = "X:1\nT:My Tune\nM:6/8\nL:1/8\nK:G\nGAB d2e|gfe d2B|"

PLAY_ABC: Final = "Play this ABC"
NO_ABC: Final = "I see no tune in ABC in that message; one has a line like K:G, and notes with bar lines."
JOINED: Final = (
    "Hello, and thank you for having me! I make up folk tunes: type /tune, or /tune jig in G;"
    " /help tells the rest."
)
MAY_NOT_ATTACH: Final = (
    "(I may not attach picture and sound in this channel; the permission “Attach Files” lets me.)"
)


def asked_by(user: str) -> str:
    """Say who pressed a button; nobody is pinged."""
    return f"For <@{user}>:"


def tune_id(tune: str) -> str:
    """Show the id that ``/another`` takes."""
    return f"id {tune}"


def opened(name: str, link: str) -> str:
    """Say at start how to add the bot to a Discord server."""
    return f"Discord: I am {name}; add me to a server: {link}"
