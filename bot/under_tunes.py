"""What stands under a tune: a few buttons, and pages of more of them in their place.

A button types a command, opens a link, or does a deed to the message under which it stands. A deed is a word
and a tune's id, ``key k3Xw9bQzab``, so that it outlives restarts; all else is in the store.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from bot import texts
from bot.asker import Asker
from bot.options_form import OPTIONS, PARTS, options_page
from bot.reply import Button, Menu, Pressed
from bot.store import SavedTune, Store
from bot.tune_facts import instrument_of
from generator.errors import RequestError
from generator.music.instruments import INSTRUMENTS
from generator.music.keys import Key, keys_of

FEW, MORE, KEY, INSTRUMENT = "few", "more", "key", "instrument"  # deeds that turn a page
LIKE, DELETE = "like", "delete"


@dataclass(frozen=True, slots=True)
class Shown:
    """A kept tune as its buttons need to know it.

    Attributes:
        tune: with its id.
        link: where it can be seen and heard.
        commands: names of those that there are.
        likes: how many like it.
    """

    tune: SavedTune
    link: str
    commands: Collection[str]
    likes: int = 0

    def deed(self, label: str, word: str) -> Button:
        """Make a button that does something to the message."""
        return Button(label, deed=f"{word} {self.tune.id}")

    def typing(self, label: str, command: str, rest: str = "") -> list[Button]:
        """Make a button that types a command on this tune; none where there is no such command."""
        if command not in self.commands:
            return []
        return [Button(label, command=f"/{command} {self.tune.id} {rest}".rstrip())]

    @property
    def open(self) -> Button:
        """Return the button that opens the tune's page."""
        return Button(texts.BUTTON_LINK, url=self.link)


def first_buttons(shown: Shown) -> tuple[Button, ...]:
    """List the buttons that stand under a tune when it comes."""
    return (
        *shown.typing(texts.BUTTON_ANOTHER, "another"),
        *shown.typing(texts.BUTTON_VARY, "vary", "keep=A"),
        shown.deed(texts.like(shown.likes), LIKE),
        shown.deed(texts.BUTTON_MORE, MORE),
        shown.open,
    )


def _few(shown: Shown) -> Menu:
    return Menu(first_buttons(shown))


def _more(shown: Shown) -> Menu:
    return Menu(
        (
            shown.deed(texts.BUTTON_TRANSPOSE, KEY),
            *shown.typing(texts.BUTTON_SLOWER, "change", "pace=slow"),
            *shown.typing(texts.BUTTON_FASTER, "change", "pace=fast"),
            shown.deed(texts.BUTTON_INSTRUMENT, INSTRUMENT),
            shown.deed(texts.BUTTON_OPTIONS, OPTIONS),
            *shown.typing(texts.BUTTON_FILES, "files"),
            shown.deed(texts.BUTTON_DELETE, DELETE),
            shown.open,
            shown.deed(texts.BUTTON_BACK, FEW),
        )
    )


def _key(shown: Shown) -> Menu:
    now = Key.read(shown.tune.tune.key)
    keys = [key for key in keys_of(now.mode) if key != now]
    choices = [each for key in keys for each in shown.typing(key.name, "transpose", key.abc)]
    return Menu((shown.deed(texts.BUTTON_BACK, MORE),), tuple(choices), texts.CHOOSE_KEY)


def _instrument(shown: Shown) -> Menu:
    now = instrument_of(shown.tune)
    names = [name for name in INSTRUMENTS if name != now]
    choices = [each for name in names for each in shown.typing(name, "change", f"instrument={name}")]
    return Menu((shown.deed(texts.BUTTON_BACK, MORE),), tuple(choices), texts.CHOOSE_INSTRUMENT)


PAGES: Final[Mapping[str, Callable[[Shown], Menu]]] = {
    FEW: _few,
    MORE: _more,
    KEY: _key,
    INSTRUMENT: _instrument,
}


async def press(text: str, store: Store, asker: Asker, show: Callable[[SavedTune, int], Shown]) -> Pressed:
    """Do what a button does to the message under which it stands.

    Args:
        text: the deed: a word, the tune's id, and what else there is to it.
        store: has the tune.
        asker: who pressed it.
        show: says of a tune, and of how many like it, what its buttons need.

    Raises:
        RequestError: the tune is gone, the button is of another version, or not for everybody.
    """
    word, tune_id, rest = (*text.split(" ", 2), "", "")[:3]
    saved = await store.tune(tune_id)
    if saved is None:
        raise RequestError(texts.unknown_tune(tune_id))
    if word in PAGES:
        likes = await store.likes.count(saved.id) if word == FEW else 0
        return Pressed(PAGES[word](show(saved, likes)))
    if word in (OPTIONS, *PARTS):
        return options_page(word, rest, saved)
    if word == LIKE:
        liked = await store.likes.toggle(saved.id, asker.platform, asker.user)
        shown = show(saved, await store.likes.count(saved.id))
        return Pressed(_few(shown), said=texts.LIKED if liked else texts.NOT_LIKED)
    if word == DELETE:
        return await _delete(saved, store, asker)
    raise RequestError(texts.OLD_BUTTON)


async def _delete(saved: SavedTune, store: Store, asker: Asker) -> Pressed:
    """Take a message away for who asked for it, or for a manager; the tune goes if it is the asker's own."""
    before = await store.tune(saved.tune.parent) if saved.tune.parent else None
    own = _is_of(saved, asker)
    if not (own or (before and _is_of(before, asker)) or await asker.decides()):
        raise RequestError(texts.NOT_YOURS)
    if own:
        await store.forgetting.tune(saved.id)
    return Pressed(gone=True, said=texts.DELETED if own else "")


def _is_of(saved: SavedTune, asker: Asker) -> bool:
    return (saved.tune.platform, saved.tune.user) == (asker.platform, asker.user)
