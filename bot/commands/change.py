"""``/change``: a tune again, but faster, in D, without chords, on the flute; or a new one like it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot import texts
from bot.asker import Asker
from bot.commands.another import TUNE, own_tunes, wanted
from bot.commands.command import Command, Tools
from bot.language.heard import SAME_TUNE
from bot.language.values import names_mode
from bot.reply import Reply
from bot.store import NewTune, SavedTune
from bot.tune_facts import supported_fields
from generator.compose.request import TuneRequest, options
from generator.compose.titles import plain_title
from generator.music.dances import Dance, Meter
from generator.music.keys import Key
from generator.music.tune import Origin
from generator.render.changes import Change

_NOT_CHANGED: Final = ("seed", "start", "n", "hold")  # with another of these it is another tune


def command(request: type[TuneRequest]) -> Command:
    """Make the command whose options are those of a request that can be changed afterwards."""

    async def answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
        tune, values = values.get("tune"), _without_tune(values)
        new = request.of(values)  # says what is wrong with them
        wished = {name: _text(getattr(new, name)) for name in values}
        saved = await (wanted(tools, {"tune": tune}, asker) if tune else tools.last(asker))
        if saved is None:
            return (await tools.compose(new, asker)).noted([texts.NO_TUNE_TO_CHANGE])
        any_mode = "key" in values and not names_mode(str(values["key"]))
        key = _key(Key.read(saved.tune.key), new.key, any_mode=any_mode)
        if wished.keys() <= SAME_TUNE and (key is None or key.mode == Key.read(saved.tune.key).mode):
            return await same_tune(tools, saved, new, wished, key, asker)
        fields = supported_fields(like_last(saved.tune, wished), request)
        return (await tools.compose(request.of(fields), asker, saved)).noted([texts.NEW_LIKE_LAST])

    changed = {name: option for name, option in options(request).items() if name not in _NOT_CHANGED}
    return Command(
        "change",
        "your last tune, but faster, in D, on the flute",
        answer,
        changed | {"tune": TUNE},
        check=lambda values: request.of(_without_tune(values)),
        suggest={"tune": own_tunes},
        in_place=True,
    )


def _without_tune(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name != "tune"}


def _key(old: Key, wanted: Key | None, *, any_mode: bool) -> Key | None:
    """Return the key that is wanted; in the old mode where only a tonic was named."""
    return wanted.of_mode(old.mode) if wanted is not None and any_mode else wanted


async def same_tune(
    tools: Tools,
    saved: SavedTune,
    new: TuneRequest,
    wished: Mapping[str, str],
    key: Key | None,
    asker: Asker,
) -> Reply:
    """Show a kept tune as it is wished for; draw it once more if it is to get chords.

    Args:
        tools: of the bot.
        saved: the tune.
        new: the wishes as a request.
        wished: the same as text, those alone that were uttered.
        key: that it is to be in, of its own mode; None for its own.
        asker: whose wishes they are.
    """
    last, old = saved.tune, Key.read(saved.tune.key)
    fields, origin, notes = dict(last.request), _origin(last), []
    title = None
    if key is not None and key != old:
        fields.pop("seed", None)  # it would give the tune in its old key
        origin = replace(origin, seed=None) if origin else None
        if last.title == plain_title(last.rhythm, old):
            title = plain_title(last.rhythm, key)
    if key is not None:
        fields.pop("mode", None)
        fields["key"] = key.abc
        if new.key != key:
            notes.append(texts.kept_mode(key.name))
    change = Change(key, title, new.tempo, new.pace, chords=new.chords == "on")
    made = await tools.changed(saved, change, user=asker.turn)
    if made.tempo is not None:
        fields.pop("pace", None)
        fields["tempo"] = str(made.tempo)
        notes.append(texts.new_tempo(made.tempo))
    fields |= {name: wished[name] for name in ("instrument", "chords") if name in wished}
    if wished.get("chords") == "on":
        if made.chords:
            notes.append(texts.HAS_CHORDS)
        elif "seed" in fields:
            return await tools.compose(type(new).of(fields), asker, saved)
        else:
            notes.append(texts.NO_CHORDS_FOR_IT)
    return (await tools.show(made.tune, fields, asker, origin, saved, same=True)).noted(notes)


def _text(value: object) -> str:
    """Write the value of an option so that it is read back."""
    if isinstance(value, Dance):
        return value.name
    return value.abc if isinstance(value, Key | Meter) else str(value)


def _origin(tune: NewTune) -> Origin | None:
    """Return how a kept tune was made; None if it was pasted."""
    if tune.model is None or tune.temp is None:
        return None
    return Origin(tune.model, tune.seed, tune.temp)


def like_last(last: NewTune, wished: Mapping[str, str]) -> dict[str, str]:
    """Return what is wished for, then what else a new tune may have of the last one."""
    left = {name: value for name, value in last.request.items() if name not in _NOT_CHANGED}
    if "key" in wished:
        left.pop("mode", None)
    elif "mode" in wished and "key" in left:
        left["key"] = Key.read(left["key"]).tonic
    if not wished.keys().isdisjoint(("type", "meter", "tempo", "pace")):
        left.pop("tempo", None)
        left.pop("pace", None)
    return dict(wished) | {name: value for name, value in left.items() if name not in wished}
