"""What the site alone says."""

from typing import Final

WELCOME: Final = (
    "Hello! I make up folk tunes: jigs, reels, waltzes, in any key you like."
    " Type a command below, or press one of these to begin."
)
CHIPS: Final = {
    "/tune": "Surprise me",
    "/tune jig in Em": "A jig in E minor",
    "/tune waltz in D temp=0.6": "A calm waltz in D",
    "/tune reel temp=1.1": "A wild reel",
    "/help": "What can I ask for?",
}
"""Labels of buttons by the commands that they type."""
ATTACH: Final = "Open a file with a tune: .abc, .mid or .musicxml"
DROP_HERE: Final = "Drop a tune here: .abc, .mid or .musicxml"
NAV: Final = {"tunes": "Tunes", "top": "Top", "mine": "My tunes"}
"""Pages that the head of each page leads to, by their addresses."""
ANY: Final = "any"
RECENT_TITLE: Final = "Tunes"
RECENT_LEAD: Final = "The newest first."
NOTHING_FOUND: Final = "No tune is like that yet; look for less, or have one made."
TOP_TITLE: Final = "The best liked"
TOP_LEAD: Final = "By the likes that they got in that time."
TOP_EMPTY: Final = "Nobody has liked a tune in that time; there is a ♥ on each tune's page."
MINE_TITLE: Final = "My tunes"
MINE_LEAD: Final = "This browser knows them by a cookie; /forget in the chat forgets them."
MINE_TABS: Final = {"tunes": "Made for me", "likes": "Liked by me"}
MINE_EMPTY: Final = {
    "tunes": "This browser has had no tune made here yet.",
    "likes": "You like no tune here yet; there is a ♥ on each tune's page.",
}
TABS: Final = "Which tunes"
NOT_YOURS: Final = "Only the browser for which this tune was made can delete it."
DELETE_SURE: Final = "Delete this tune for good?"
NOT_FROM_HERE: Final = "Please press that button on the tune's own page."
NOT_YET: Final = "Not quite yet"
MAKE: Final = "Make a tune"
EARLIER: Final = "◂ Back"
LATER: Final = "More ▸"
AS_A_BOOK: Final = "These as a book"
BOOK_TITLE: Final = "A book of tunes"
EMPTY_BOOK: Final = "There is no tune in this book; open one from a list of tunes."
TOO_MANY_LIKES: Final = "That's a lot of love at once; please wait a few minutes."
RECENT_EMPTY: Final = "Nobody has made a tune here yet. Be the first!"
NOT_FOUND: Final = "There is nothing here"
NO_TUNE: Final = "No tune has this address. Perhaps a letter got lost when it was copied?"
NO_PAGE: Final = "No page has this address."
BROKEN: Final = "Something broke"
TRY_AGAIN: Final = "Sorry, something broke on my side; please try again."
BODY_TOO_LARGE: Final = "That is too long for me; send less text at once."
TOO_SLOW: Final = "The rest of this request did not come; please send it again."


def part(label: str) -> str:
    """Name a part of a tune."""
    return f"Part {label}"


def sheet_of(title: str) -> str:
    """Say what the picture of a tune shows."""
    return f"Sheet music of {title}"


def play(title: str) -> str:
    """Name the button that plays a tune of a list."""
    return f"Play {title}"


def like_label(n: int) -> str:
    """Say what the heart is and how many there are, for who doesn't see it."""
    return f"Like, {n} so far" if n else "Like"


def book_lead(count: int) -> str:
    """Say how many tunes are in a book."""
    return (
        f"{count} tunes; its link can be passed on." if count != 1 else "One tune; its link can be passed on."
    )


def book_too_thick(most: int) -> str:
    """Refuse a book with too many tunes."""
    return f"A book here has {most} tunes at most; leave some out."


def described(title: str, facts: str) -> str:
    """Say in a sentence what the page of a tune has, for search engines and link previews."""
    return f"{title}: {facts}. See it, hear it, and take it along."


def other_mode(asked: str, mode: str) -> str:
    """Refuse a key of another mode than the tune's."""
    return f"This tune is {mode}, so I can't put it into {asked}; choose another {mode} key."
