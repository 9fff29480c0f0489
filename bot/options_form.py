"""The options of a tune, filled in, to be changed for a new one: as a form, or as pages of buttons.

The pages keep what was changed in the deeds of their buttons, ``options k3Xw9bQzab Em,jig,0.8,fiddle``, so
that nothing has to be remembered.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from bot import texts
from bot.commands.options import IN_FORM, LINE
from bot.language.allowed import allowed
from bot.reply import Button, Field, Form, Menu, Pressed
from bot.store import SavedTune
from bot.tune_facts import instrument_of, supported_fields
from generator.compose.request import TuneRequest, options
from generator.errors import RequestError
from generator.music.dances import DANCES, dance_of
from generator.music.instruments import INSTRUMENTS

OPTIONS: Final = "options"
PARTS: Final = {"o-key": "key", "o-type": "type", "o-temp": "temp", "o-instrument": "instrument"}
"""Deeds that show the values of an option."""
_KEYS: Final = (
    *("G", "D", "A", "C", "E", "F", "Bb", "Eb"),
    *("Em", "Am", "Bm", "Dm", "Gm", "F#m", "Cm"),
    *("Ador", "Edor", "Ddor", "Bdor", "Gdor", "Dmix", "Amix", "Gmix", "Emix"),
)
_TEMPS: Final = ("0.4", "0.6", "0.7", "0.8", "0.9", "1", "1.1", "1.2")
_VALUES: Final[Mapping[str, Sequence[str]]] = {
    "key": _KEYS,
    "type": tuple(DANCES),
    "temp": _TEMPS,
    "instrument": tuple(INSTRUMENTS),
}
_NOT_IN_LINE: Final = frozenset({*IN_FORM, "mode", "seed", "start"})


def options_page(word: str, state: str, saved: SavedTune) -> Pressed:
    """Show the options of a tune.

    Args:
        word: ``options``, or that of the option whose values are to be shown.
        state: the options as they were changed, as a deed has them; empty if none was.
        saved: the tune.

    Raises:
        RequestError: the state is no state.
    """
    values = _read(state) if state else _of_tune(saved)
    if word in PARTS:
        return Pressed(_values_page(PARTS[word], values, saved.id))
    return Pressed(_hub(values, saved.id), None if state else form_of(saved))


def form_of(saved: SavedTune) -> Form:
    """Make the form with the options of a tune filled in."""
    now, known = _of_tune(saved), options(TuneRequest)
    fields = [
        Field(
            name,
            texts.OPTION_LABELS[name],
            now[name],
            tuple(str(choice) for choice in known[name].choices),
            allowed(known[name]),
        )
        for name in IN_FORM
    ]
    line = Field(LINE, texts.FORM_LINE, _line(saved), hint=texts.FORM_LINE_HINT)
    return Form(texts.FORM_TITLE, OPTIONS, saved.id, (*fields, line))


def _line(saved: SavedTune) -> str:
    """Write the other options of a tune as somebody would type them; what goes without saying is left out."""
    known, fields = options(TuneRequest), dict(saved.tune.request)
    dance = DANCES.get(fields.get("type", ""))
    if dance and fields.get("meter") == dance.meters[0]:
        del fields["meter"]
    typed = {n: v for n, v in fields.items() if n in known and n not in _NOT_IN_LINE}
    kept = supported_fields(typed, TuneRequest)
    return " ".join(f"{name}={value}" for name, value in kept.items() if value != str(known[name].default))


def _of_tune(saved: SavedTune) -> dict[str, str]:
    tune = saved.tune
    found = {
        "key": tune.key,
        "type": dance_of(tune.rhythm),
        "temp": "" if tune.temp is None else f"{tune.temp:g}",
        "instrument": instrument_of(saved),
    }
    return dict.fromkeys(IN_FORM, "") | supported_fields(found, TuneRequest)


def _read(state: str) -> dict[str, str]:
    values = state.split(",")
    if len(values) != len(IN_FORM):
        raise RequestError(texts.OLD_BUTTON)
    return dict(zip(IN_FORM, values, strict=True))


def _deed(word: str, tune: str, values: Mapping[str, str]) -> str:
    return f"{word} {tune} {','.join(values[name] for name in IN_FORM)}"


def _hub(values: Mapping[str, str], tune: str) -> Menu:
    """Show each option with its value, and the button that makes the tune."""
    choosing = [
        Button(texts.option_now(texts.OPTION_LABELS[name], values[name]), deed=_deed(word, tune, values))
        for word, name in PARTS.items()
    ]
    make = Button(texts.BUTTON_MAKE_IT, command=f"/{OPTIONS} {tune} {_typed(values)}".rstrip())
    return Menu((*choosing, make, Button(texts.BUTTON_BACK, deed=f"more {tune}")))


def _values_page(option: str, values: Mapping[str, str], tune: str) -> Menu:
    """Show the values of an option; each leads back with it chosen."""
    choices = tuple(
        Button(value, deed=_deed(OPTIONS, tune, {**values, option: value})) for value in _VALUES[option]
    )
    return Menu((Button(texts.BUTTON_BACK, deed=_deed(OPTIONS, tune, values)),), choices)


def _typed(values: Mapping[str, str]) -> str:
    """Write the options as somebody would type them, as short as is clear: buttons hold little."""
    temp = values["temp"]
    words = {
        "key": values["key"] and f"key={values['key']}",
        "type": values["type"],
        "temp": temp if "." in temp or not temp else f"temp={temp}",
        "instrument": values["instrument"],
    }
    return " ".join(filter(None, words.values()))
