"""What the bot says of settings, likes, lists, and what it keeps. Warm, short and plain; no markup."""

from collections.abc import Mapping
from typing import Final

from bot.texts.plurals import plural

ONLY_MANAGERS: Final = "Only those who manage this place can do that; ask one of them."
NO_COMMUNITY: Final = "That is for a server or a group; here say /settings without “here”."
COMMON_ONLY: Final = "{} is for a whole server or group; say /settings here {}=…"
NOTHING_TO_SET: Final = "Say what to set, for example /settings key=D instrument=flute."
NOTHING_SET: Final = "nothing yet"


def settings(own: Mapping[str, str], common: Mapping[str, str] | None) -> str:
    """Say what is set, in answer to ``/settings``.

    Args:
        own: the person's settings by name.
        common: the community's; None in a private chat.
    """
    lines = [f"Your settings: {_pairs(own)}."]
    if common is not None:
        lines.append(f"Here, for everybody: {_pairs(common)}.")
    lines += [
        "Change them like this: /settings key=D instrument=flute",
        "Take one back: /settings clear=key",
    ]
    if common is not None:
        lines.append("For everybody here, if you manage this place: /settings here key=D zone=Europe/Dublin")
    return "\n".join(lines)


def _pairs(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items()) or NOTHING_SET


def settings_changed(values: Mapping[str, str], *, common: bool) -> str:
    """Say what is set from now on, in answer to ``/settings key=D``."""
    whose = "Set for everybody here" if common else "Set for you"
    return f"{whose}: {_pairs({name: value or 'as usual' for name, value in values.items()})}."


def unknown_zone(name: str) -> str:
    """Answer a time zone that is none."""
    return f"I don't know the time zone “{name[:40]}”; say one like Europe/Dublin or America/New_York."


def only_in(places: str) -> str:
    """Answer in a channel in which the community does not want the bot."""
    return f"Here I keep quiet; please ask me in {places}."


QUIET: Final = "Here I keep quiet; please ask me in the channel that this server has chosen for tunes."

# Lists of tunes.
YOUR_TUNES: Final = "Your tunes, the newest first:"
YOUR_LIKES: Final = "The tunes that you like, the last first:"
RECENT_HERE: Final = "The newest tunes here:"
TOP_HERE: Final = {
    "week": "The best liked here this week:",
    "month": "The best liked here this month:",
    "ever": "The best liked here:",
}
NO_TUNES: Final = "I have no tune of yours yet; start with /tune."
NO_LIKES: Final = "You like no tune yet; there is a ♥ under each."
NO_LIKES_HERE: Final = "Nobody has liked a tune here in that time; there is a ♥ under each."
NOTHING_HERE: Final = "No tune was made here yet; start with /tune."
NO_MORE: Final = "There are no more."
BUTTON_NEXT_PAGE: Final = "More ▸"
BUTTON_EARLIER_PAGE: Final = "◂ Back"
BUTTON_YOUR_LIKES: Final = "Those that I like"
BUTTON_PERIOD: Final = {"week": "This week", "month": "This month", "ever": "Ever"}


def listed_tune(number: int, title: str, about: str, likes: int) -> str:
    """Say which tune it is in a line of a list."""
    hearts = f" · ♥ {likes}" if likes else ""
    return f"{number}. {title} ({about}){hearts}"


# What the bot is, and what it keeps.
BUTTON_FORGET: Final = "Forget me"
BUTTON_FORGET_YES: Final = "Yes, forget me"
FORGET_SURE: Final = (
    "I would delete your likes, your settings and what you pasted, and take you off the tunes that I made for"
    " you. That can't be undone. If you are sure, say /forget yes."
)
PAPER_PRIVACY: Final = "Privacy"
PAPER_TERMS: Final = "Terms"


def about(version: str, model: str, credit: str) -> str:
    """Say what the bot is, in answer to ``/about``."""
    return (
        f"I'm {' '.join(filter(None, ('Tunesmith', version)))}. I make up new folk tunes with a small neural"
        f" network, the model {model}.\n"
        f"{credit}\n"
        "My program is free (MIT licence); it stands on others' free work, some of it under the LGPL. "
        "The tunes that I make are yours: play, share and change them as you like."
    )


def privacy(days: float) -> str:
    """Say what is kept, in answer to ``/privacy``.

    Args:
        days: for which tunes are kept; 0 for as long as the bot is there.
    """
    kept = f"for {days:g} days" if days else "until they are deleted"
    return (
        "I keep what I need and nothing else: the tunes that I made and those that you pasted, with the"
        f" numbers of your account and chat, {kept}; your likes; your settings. I keep no names and no other"
        " messages, I pass nothing on, and nobody learns from it.\n"
        "/forget deletes it. Tunes that I made stay, without you."
    )


def forgotten(likes: int, settings: int, pastes: int, tunes: int) -> str:
    """Say what was deleted, in answer to ``/forget yes``."""
    gone = ", ".join(
        (
            plural(likes, "{n} like", "{n} likes"),
            plural(settings, "{n} setting", "{n} settings"),
            plural(pastes, "{n} pasted tune", "{n} pasted tunes"),
        )
    )
    off = plural(
        tunes, "You are off {n} tune that I made; it stays.", "You are off {n} tunes that I made; they stay."
    )
    return f"Done. Deleted: {gone}.\n{off}"


# A tune a day.
DAILY_TUNE: Final = "Today's tune."
DAILY_OFF: Final = "No more daily tunes here."
NO_DAILY: Final = "There is no daily tune here; say /daily 18:00, and perhaps monday=jig friday=waltz."
DAILY_NOT_HERE: Final = "I can only post a tune a day on Discord and Telegram."
NOT_CONNECTED: Final = "I'm not connected just now."


def no_time(text: str) -> str:
    """Answer what is no time of day."""
    if not text:
        return "Say something like /daily 18:00, or /daily off."
    return f"“{text[:20]}” is no time of day; say something like /daily 18:00, or /daily off."


def daily(time: str, zone: str, types: Mapping[str, str], *, today: bool) -> str:
    """Say when a tune comes every day.

    Args:
        time: of the day.
        zone: IANA name.
        types: of tune by day of the week, "" for any.
        today: whether the next one comes today, or else tomorrow.
    """
    wanted = {day: name for day, name in types.items() if name}
    names = set(wanted.values())
    if len(names) == 1 and len(wanted) == len(types):
        kinds = f" Always a {names.pop()}."
    else:
        kinds = "".join(f" On {day.capitalize()}s a {name}." for day, name in wanted.items())
    return f"A tune a day here at {time} ({zone}).{kinds} The next comes {'today' if today else 'tomorrow'}."


# Composing with somebody.
TOO_LONG_TO_VARY: Final = "That tune is too long for me to vary."


def drawn_anew(bars: str) -> str:
    """Say which bars of a tune are new."""
    return f"Drawn anew: {_bars(bars)}."


def kept_bars(keep: str) -> str:
    """Say which bars of a tune stayed as they were."""
    return f"Kept: {_bars(keep)}."


def how_like(like: float) -> str:
    """Say how like an old tune a new one is to be."""
    return f"How like the old one it is: {like:g} of 1."


def _bars(which: str) -> str:
    pieces = which.split(",")
    parts = [piece for piece in pieces if piece.isupper()]
    bars = [piece for piece in pieces if piece[:1].isdigit()]
    said = [f"part {' and '.join(parts)}"] if parts else []
    said += [f"bars {', '.join(bars)}"] if bars else []
    said += ["the rhythm"] if "rhythm" in pieces else []
    said += ["the chords"] if "chords" in pieces else []
    return " and ".join(said)


# A book of tunes.
BOOK_MINE: Final = "Tunes that I like"
BOOK_HERE: Final = "Our best tunes"
BUTTON_BOOK: Final = "Open the book"


def book(title: str, count: int) -> str:
    """Say what is in a book of tunes, in answer to ``/book``."""
    of = plural(
        count, "A book with {n} tune: PDF, ABC and MIDI.", "A book with {n} tunes: PDF, ABC and MIDI."
    )
    return f"{title}\n{of}"
