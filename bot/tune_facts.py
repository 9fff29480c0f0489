"""What is kept of a tune and told about it: facts, wishes that give it again, files with their names."""

from collections.abc import Mapping

from bot import texts
from bot.files import FILES, file_name
from bot.reply import Attachment
from bot.store import SavedTune
from generator.compose.request import TuneRequest
from generator.errors import RequestError
from generator.music.dances import dance_of
from generator.music.instruments import DEFAULT_INSTRUMENT
from generator.music.tune import Tune


def as_mapping(saved: SavedTune) -> dict[str, object]:
    """The tune as the site's API gives it."""
    names = ("title", "abc", "key", "meter", "temp", "seed", "model")
    return {"id": saved.id} | {name: getattr(saved.tune, name) for name in names}


def attachment(saved: SavedTune, suffix: str, data: bytes) -> Attachment:
    """A file of the tune, as a reply carries it."""
    what = FILES[suffix]
    return Attachment(f"{file_name(saved.tune.title)}.{suffix}", what.kind, what.media_type, data)


def instrument_of(saved: SavedTune) -> str:
    """What plays the tune."""
    return saved.tune.request.get("instrument", DEFAULT_INSTRUMENT)


def facts(tune: Tune) -> list[str]:
    """Type, key and meter, and how it was drawn, as a person says it."""
    facts = [dance_of(tune.rhythm)] if tune.rhythm else []
    facts += [tune.key.name] if tune.meter.free else [tune.key.name, tune.meter.abc]
    if tune.origin:
        facts += [f"temp {tune.origin.temp:g}", f"seed {tune.origin.seed}"]
    return facts


def closest(tune: Tune) -> list[str]:
    """What to say about the known tune that is most like a new one; nothing where nobody looked."""
    notes = tune.origin.notes if tune.origin else {}
    if "closest_bars" not in notes:
        return []
    return [texts.closest(str(notes["closest"]), float(notes["closest_bars"]))]


def wishes(request: TuneRequest, tune: Tune) -> dict[str, str]:
    """The options that give this tune again: what was asked, and what was drawn where nothing was."""
    found = {
        name: str(value)
        for name, value in request
        if value is not None and name not in ("key", "type", "meter")
    }
    found |= {"key": tune.key.abc, "meter": tune.meter.abc}
    if request.type is not None:
        found["type"] = request.type.name
    elif tune.rhythm:
        found["type"] = dance_of(tune.rhythm)
    return found


def askable(values: Mapping[str, str]) -> dict[str, str]:
    """Those of a tune's own key, meter and type that one can ask for; a pasted tune may have others."""
    found: dict[str, str] = {}
    for name, value in values.items():
        try:
            TuneRequest.of(found | {name: value})
        except RequestError:
            continue
        found[name] = value
    return found
