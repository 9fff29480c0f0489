"""``/transpose``: a tune in another key of its mode, which can be picked from all there are."""

from collections.abc import Mapping

from bot import texts
from bot.asker import Asker
from bot.commands.another import TUNE, own_tunes, wanted
from bot.commands.change import same_tune
from bot.commands.command import Command, Tools
from bot.language.values import names_mode
from bot.reply import Button, Reply
from generator.compose.request import TuneRequest, options
from generator.errors import RequestError
from generator.music.keys import Key, keys_of


def command(request: type[TuneRequest]) -> Command:
    """Make the command whose option is the key of a request."""

    async def answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
        saved = await wanted(tools, values, asker)
        old = Key.read(saved.tune.key)
        if "key" not in values:
            keys = [key for key in keys_of(old.mode) if key != old]
            choices = [Button(key.name, command=f"/transpose {saved.id} {key.abc}") for key in keys]
            return Reply(texts.which_key(saved.tune.title), choices=tuple(choices))
        new = request.of({"key": values["key"]})
        key = new.key
        assert key
        if key.mode != old.mode and names_mode(str(values["key"])):
            raise RequestError(texts.other_mode(old.name, old.mode, key.abc))
        return await same_tune(tools, saved, new, {"key": key.abc}, key.of_mode(old.mode), asker)

    return Command(
        "transpose",
        "a tune in another key",
        answer,
        {"key": options(request)["key"], "tune": TUNE},
        check=lambda values: request.of({"key": values.get("key")}),
        suggest={"tune": own_tunes},
        in_place=True,
    )
