"""``/settings``: what is to be usual, for oneself and for a server or group."""

from collections.abc import Mapping, Sequence
from typing import Final
from zoneinfo import available_timezones

from bot.asker import Asker
from bot.chosen import (
    AGREED,
    ALL_FILES,
    AS_FILE,
    AS_TEXT,
    DEFAULTS,
    LEFT_OUT,
    NO_FILES,
    PICTURE_ALONE,
    PRIVATE,
)
from bot.commands.command import Command, Tools
from bot.commands.tune import suggest_models
from bot.reply import Reply
from bot.store.preferences import COMMUNITY, PERSON
from bot.texts import community as texts
from bot.translation import NAMES
from generator.compose.option import Option
from generator.compose.request import TuneRequest, options
from generator.errors import RequestError
from generator.music.dances import Dance
from generator.music.keys import Key

_ME, _HERE, _ALL = "me", "here", "all"
_PUBLIC: Final = "public"
_COMMON: Final = ("channels", "zone", "site")
_MOST_SUGGESTED: Final = 25


def _whose(text: str) -> str:
    word = text.strip().lower()
    if word in (_ME, "mine", "my"):
        return _ME
    if word in (_HERE, "server", "group", "everybody"):
        return _HERE
    raise RequestError(f"Say me or here, not “{text[:20]}”.")


def _zone(text: str) -> str:
    """Return the IANA name of a time zone, however it is capitalised."""
    name = text.strip().replace(" ", "_").lower()
    for zone in available_timezones():
        if zone.lower() == name:
            return zone
    raise RequestError(texts.unknown_zone(text))


def _zones(typed: str) -> list[tuple[str, str]]:
    word = typed.strip().replace(" ", "_").lower()
    found = sorted(zone for zone in available_timezones() if word in zone.lower() and "/" in zone)
    return [(zone, zone) for zone in found[:_MOST_SUGGESTED]]


def _own_options() -> Sequence[Option]:
    return (
        Option("language", str, "language of my answers", choices=tuple(NAMES)),
        Option("attach", str, "which files go along", choices=(ALL_FILES, PICTURE_ALONE, NO_FILES)),
        Option("abc", str, "how the ABC is shown", choices=(AS_TEXT, AS_FILE, LEFT_OUT)),
        Option("answers", str, "for everybody or for the asker alone", choices=(_PUBLIC, PRIVATE)),
        Option("channels", str, "whether I answer in this channel alone", choices=(_HERE, _ALL)),
        Option(
            "zone", str, "time zone of this place", examples=("Europe/Dublin",), max_length=64, suggest=_zones
        ),
        Option("site", str, "whether the site may show this place's tunes", choices=(AGREED, "off")),
    )


class _Settings:
    """The settings whose defaults are options of a request."""

    def __init__(self, request: type[TuneRequest]) -> None:
        self._request = request
        of_tune = [options(request)[name] for name in DEFAULTS]
        self._ours = _own_options()
        self.settable = {option.name: option for option in (*of_tune, *self._ours)}
        self.clear = Option("clear", str, "a setting to take back", choices=(*self.settable, _ALL))

    def read(self, values: Mapping[str, object]) -> dict[str, str]:
        """Return what is to be set as it is kept, "" to take it back.

        Raises:
            RequestError: a value is none.
        """
        given = {name: value for name, value in values.items() if name in DEFAULTS}
        built = self._request.of(given)
        wanted = {name: _text(getattr(built, name)) for name in given}
        wanted |= {each.name: _value(each, values[each.name]) for each in self._ours if each.name in values}
        if "clear" in values:
            name = str(values["clear"]).lower()
            if name not in self.clear.choices:
                raise RequestError(self.clear.refusal(name))
            wanted |= dict.fromkeys(self.settable if name == _ALL else (name,), "")
        return wanted

    async def answer(self, tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
        """Say what is set, or set it."""
        wanted, common = self.read(values), _whose(str(values.get("whose", _ME))) == _HERE
        if not wanted and not common:
            chosen = asker.chosen
            return Reply(texts.settings(chosen.own, chosen.common if asker.community else None))
        await _check_rights(wanted, asker, common=common)
        owner = (COMMUNITY, asker.community) if common else (PERSON, asker.user)
        await tools.store.preferences.put(asker.platform, *owner, _as_kept(wanted, asker))
        return Reply(texts.settings_changed(wanted, common=common))


async def _check_rights(wanted: Mapping[str, str], asker: Asker, *, common: bool) -> None:
    """Raise unless somebody may set this for whom they say."""
    if not wanted:
        raise RequestError(texts.NOTHING_TO_SET)
    if common and not asker.community:
        raise RequestError(texts.NO_COMMUNITY)
    if common and not await asker.decides():
        raise RequestError(texts.ONLY_MANAGERS)
    if not common and (name := next((each for each in _COMMON if wanted.get(each)), "")):
        raise RequestError(texts.COMMON_ONLY.format(name, name))


def _as_kept(wanted: Mapping[str, str], asker: Asker) -> dict[str, str]:
    """Return settings with the ids of channels, to which this one comes, or none of them."""
    kept = dict(wanted)
    if kept.get("channels") == _HERE:
        kept["channels"] = " ".join(dict.fromkeys((*asker.chosen.channels, asker.place)))
    elif kept.get("channels") == _ALL:
        kept["channels"] = ""
    return kept


def _value(option: Option, given: object) -> str:
    value = str(given)
    if option.name == "zone":
        return _zone(value)
    if value.lower() not in option.choices:
        raise RequestError(option.refusal(value))
    return value.lower()


def command(request: type[TuneRequest]) -> Command:
    """Make the command whose defaults are options of a request."""
    whose = Option("whose", str, "yourself, or everybody here", choices=(_ME, _HERE), read=_whose)
    settings = _Settings(request)
    return Command(
        "settings",
        "what is usual for you, or for everybody here",
        settings.answer,
        {"whose": whose, **settings.settable, "clear": settings.clear},
        check=settings.read,
        suggest={"model": suggest_models},
        private=True,
    )


def _text(value: object) -> str:
    """Write the value of an option so that it is read back."""
    if isinstance(value, Dance):
        return value.name
    return value.abc if isinstance(value, Key) else str(value)
