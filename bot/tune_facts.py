"""What is kept of a tune and told about it: facts, fields that give it again, files with their names."""

from collections.abc import Mapping

from bot import texts
from bot.files import FileKind, file_name
from bot.reply import Attachment
from bot.store import NewTune, SavedTune
from generator.compose.request import TuneRequest
from generator.errors import RequestError
from generator.music.dances import Meter, dance_of
from generator.music.instruments import DEFAULT_INSTRUMENT
from generator.music.keys import Key
from generator.music.tune import Origin, Tune


def as_mapping(saved: SavedTune) -> dict[str, object]:
    """Give the tune as the site's API shows it."""
    names = ("title", "abc", "key", "meter", "temp", "seed", "model")
    return {"id": saved.id} | {name: getattr(saved.tune, name) for name in names}


def attachment(saved: SavedTune, kind: FileKind, data: bytes) -> Attachment:
    """Make a file of the tune as a reply carries it."""
    return Attachment(f"{file_name(saved.tune.title)}.{kind.suffix}", kind, data)


def instrument_of(saved: SavedTune) -> str:
    """Name what plays the tune."""
    return saved.tune.request.get("instrument", DEFAULT_INSTRUMENT)


def facts(tune: NewTune) -> dict[str, str]:
    """Say type, key and meter of a tune, and how it was drawn, by name of the fact."""
    found = {
        "type": dance_of(tune.rhythm),
        "key": Key.read(tune.key).name,
        "meter": "" if Meter(tune.meter).free else tune.meter,
        "temp": "" if tune.temp is None else f"temp {tune.temp:g}",
        "seed": "" if tune.seed is None else f"seed {tune.seed}",
    }
    return {name: fact for name, fact in found.items() if fact}


def music_facts(tune: NewTune) -> dict[str, str]:
    """Say type, key and meter of a tune alone, for those who see only its link."""
    return {name: fact for name, fact in facts(tune).items() if name in ("type", "key", "meter")}


def nearest_known_tune(origin: Origin | None) -> str:
    """Say which known tune is most like a new one; nothing where nobody looked."""
    notes = origin.notes if origin else {}
    if "closest_bars" not in notes:
        return ""
    return texts.nearest_known_tune(str(notes["closest"]), float(notes["closest_bars"]))


def unlearnt_type(origin: Origin | None) -> str:
    """Say that the model has never learnt the type of a new tune; nothing where it has."""
    notes = origin.notes if origin else {}
    return texts.unlearnt_type(str(notes["unlearnt"])) if "unlearnt" in notes else ""


def request_fields(request: TuneRequest, tune: Tune) -> dict[str, str]:
    """List the fields that give a composed tune again: what was asked, and what was drawn for the rest."""
    found = {name: str(value) for name, value in request if value is not None and name not in ("key", "type")}
    found |= {"key": tune.key.abc, "meter": tune.meter.abc}
    if tune.origin and tune.origin.seed is not None:
        found["seed"] = str(tune.origin.seed)
    if request.type is not None:
        found["type"] = request.type.name
    elif tune.rhythm:
        found["type"] = dance_of(tune.rhythm)
    return found


def supported_fields(values: Mapping[str, str], request: type[TuneRequest]) -> dict[str, str]:
    """Keep the fields that can be asked for; a pasted tune may be in a key or meter that cannot.

    Args:
        values: fields of a request as text.
        request: the class of requests.
    """
    found: dict[str, str] = {}
    for name, value in values.items():
        try:
            request.of(found | {name: value})
        except RequestError:
            continue
        found[name] = value
    return found
