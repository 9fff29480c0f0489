"""``/options``: a new tune like one that is kept, with the options of a form that were changed."""

from collections.abc import Mapping
from typing import Final

from bot import texts
from bot.asker import Asker
from bot.commands.another import TUNE, wanted
from bot.commands.change import like_last
from bot.commands.command import Command, Tools
from bot.language.words import LONGEST, read_wish
from bot.reply import Reply
from bot.tune_facts import supported_fields
from generator.compose.option import Option
from generator.compose.request import TuneRequest, options
from generator.errors import RequestError

IN_FORM: Final = ("key", "type", "temp", "instrument")
"""The options that have fields of their own in a form."""
LINE: Final = "line"
"""The field for all others, as somebody would type them; where it comes, nothing else is of the old tune."""


def command(request: type[TuneRequest]) -> Command:
    """Make the command that composes by the fields of a request."""

    async def answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
        saved = await wanted(tools, values, asker)
        wished = _in_form(values)
        if LINE not in values:
            old = saved.tune.request
            changed = {name: value for name, value in wished.items() if value != old.get(name)}
            fields = supported_fields(like_last(saved.tune, changed), request)
            return await tools.compose(request.of(fields), asker, saved)
        line = str(values[LINE]).strip()
        wish = read_wish(line, options(request)) if line else None
        others = wish.values if wish else {}
        for name in others.keys() & wished.keys():
            raise RequestError(texts.given_twice(name, wished[name], others[name]))
        reply = await tools.compose(request.of({**wished, **others}), asker, saved)
        return reply.noted(wish.remarks if wish else ())

    return Command(
        "options",
        "a tune like one of yours, with other options",
        answer,
        {name: options(request)[name] for name in IN_FORM}
        | {"tune": TUNE, LINE: Option(LINE, str, "what else you wish for", max_length=LONGEST)},
        check=lambda values: request.of(_in_form(values)),
        listed=False,
    )


def _in_form(values: Mapping[str, object]) -> dict[str, str]:
    return {name: str(values[name]) for name in IN_FORM if name in values}
