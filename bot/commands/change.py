"""``/change``: the last tune again, but faster, in D, without chords, on the flute; or a new one like it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot import texts
from bot.asker import Asker
from bot.commands.command import Command, Tools
from bot.language.heard import SAME_TUNE
from bot.language.values import names_mode
from bot.reply import Reply
from bot.store import NewTune, SavedTune
from bot.tune_facts import supported_fields
from generator.compose.request import TuneRequest, at_pace, options
from generator.compose.titles import plain_title
from generator.music.dances import Dance, Meter
from generator.music.keys import Key
from generator.music.tune import Origin, Tune
from generator.render.pace import at_tempo, tempo_of

_NOT_CHANGED: Final = ("seed", "start", "n")  # with another of these it is another tune


def command(request: type[TuneRequest]) -> Command:
    """Make the command whose options are those of a request that can be changed afterwards."""

    async def answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
        new = request.of(values)  # says what is wrong with them
        wanted = {name: _text(getattr(new, name)) for name in values}
        saved = await tools.last(asker)
        if saved is None:
            return (await tools.compose(new, asker)).noted([texts.NO_TUNE_TO_CHANGE])
        any_mode = "key" in values and not names_mode(str(values["key"]))
        change = _Change(saved, wanted, any_mode=any_mode)
        if change.draws_chords:
            return await tools.compose(request.of(change.fields), asker)
        if change.keeps_tune:
            return (await tools.show(change.tune, change.fields, asker)).noted(change.notes)
        fields = supported_fields(_like_last(saved.tune, wanted), request)
        return (await tools.compose(request.of(fields), asker)).noted([texts.NEW_LIKE_LAST])

    changed = {name: option for name, option in options(request).items() if name not in _NOT_CHANGED}
    return Command(
        "change", "your last tune, but faster, in D, on the flute", answer, changed, check=request.of
    )


class _Change:
    """The last tune with what is wanted of it.

    Attributes:
        tune: changed.
        fields: of a request for a tune like it.
        notes: sentences on what was changed.
        keeps_tune: whether it is the same tune still; if not, a new one has to be drawn.
        draws_chords: whether it has to be drawn once more by the fields, to get its chords.
    """

    def __init__(self, saved: SavedTune, wanted: Mapping[str, str], *, any_mode: bool) -> None:
        """Change a tune.

        Args:
            saved: the tune.
            wanted: options as text.
            any_mode: whether of the key only its tonic was named.
        """
        last = saved.tune
        self.tune = replace(Tune.read(last.abc), origin=_origin(last))
        self.fields = dict(last.request)
        self.notes: list[str] = []
        self.draws_chords = False
        self.keeps_tune = wanted.keys() <= SAME_TUNE and self._key(wanted.get("key"), any_mode=any_mode)
        if self.keeps_tune:
            self._tempo(wanted)
            self._chords(wanted.get("chords"))
            self.fields |= {name: wanted[name] for name in ("instrument", "chords") if name in wanted}

    def _key(self, text: str | None, *, any_mode: bool) -> bool:
        """Transpose the tune; return False for a key of another mode."""
        if text is None:
            return True
        key, old = Key.read(text), self.tune.key
        if any_mode and key.mode != old.mode:
            key = key.of_mode(old.mode)
            self.notes.append(texts.kept_mode(key.name))
        if key.mode != old.mode:
            return False
        tune = self.tune.transposed(key).fitted()
        if tune.title == plain_title(tune.rhythm, old):
            tune = replace(tune, title=plain_title(tune.rhythm, key))
        if tune.origin and key != old:
            tune = replace(tune, origin=replace(tune.origin, seed=None))
            self.fields.pop("seed", None)
        self.fields.pop("mode", None)
        self.fields["key"] = key.abc
        self.tune = tune
        return True

    def _tempo(self, wanted: Mapping[str, str]) -> None:
        if "tempo" in wanted:
            beats = int(wanted["tempo"])
        elif "pace" in wanted:
            now = tempo_of(self.tune)
            beats = at_pace(round(now.per_minute * now.beat / self.tune.meter.beat), wanted["pace"])
        else:
            return
        self.tune = at_tempo(self.tune, beats)
        self.fields.pop("pace", None)
        self.fields["tempo"] = str(beats)
        self.notes.append(texts.new_tempo(beats))

    def _chords(self, switch: str | None) -> None:
        if switch is None:
            return
        has_chords = any(note.chord for bar in self.tune.bars for note in bar.notes)
        if switch == "off":
            self.tune = self.tune.without_chords()
        elif has_chords:
            self.notes.append(texts.HAS_CHORDS)
        elif "seed" in self.fields:
            self.draws_chords = True
        else:
            self.notes.append(texts.NO_CHORDS_FOR_IT)


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


def _like_last(last: NewTune, wanted: Mapping[str, str]) -> dict[str, str]:
    """Return what is wanted, then what else a new tune may have of the last one."""
    left = {name: value for name, value in last.request.items() if name not in _NOT_CHANGED}
    if "key" in wanted:
        left.pop("mode", None)
    elif "mode" in wanted and "key" in left:
        left["key"] = Key.read(left["key"]).tonic
    if not wanted.keys().isdisjoint(("type", "meter", "tempo", "pace")):
        left.pop("tempo", None)
        left.pop("pace", None)
    return dict(wanted) | {name: value for name, value in left.items() if name not in wanted}
