"""``/another``: one more tune like one that is kept."""

from collections.abc import Mapping

from bot import texts
from bot.asker import Asker
from bot.commands.command import Command, Tools
from bot.reply import Button, Reply
from bot.store import SavedTune
from bot.tune_facts import supported_fields
from generator.compose.option import Option
from generator.compose.request import TuneRequest
from generator.errors import RequestError

TUNE = Option(
    "tune", str, "the tune to start from; your last one if left out", examples=("k3Xw9bQz",), max_length=40
)
_MOST_SUGGESTED = 50  # tunes


def button(tune_id: str) -> Button:
    """Make the button that asks for another tune like this one."""
    return Button(texts.BUTTON_ANOTHER, command=f"/another {tune_id}")


async def wanted(tools: Tools, values: Mapping[str, object], asker: Asker) -> SavedTune:
    """Find the tune that is named, or else the asker's last one here.

    Raises:
        RequestError: there is none.
    """
    name = str(values.get("tune", ""))
    saved = await (tools.saved(name) if name else tools.last(asker))
    if saved is None:
        raise RequestError(texts.unknown_tune(name) if name else texts.NO_LAST_TUNE)
    return saved


async def own_tunes(tools: Tools, typed: str, asker: Asker) -> list[tuple[str, str]]:
    """Suggest the person's last tunes, by title or id."""
    word = typed.strip().lower()
    tunes = await tools.tunes_of(asker, _MOST_SUGGESTED)
    return [
        (saved.tune.title, saved.id) for saved in tunes if word in f"{saved.tune.title} {saved.id}".lower()
    ]


def command(request: type[TuneRequest]) -> Command:
    """Make the command that composes by the fields of a request."""

    async def answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
        saved = await wanted(tools, values, asker)
        same = {name: value for name, value in saved.tune.request.items() if name != "seed"}
        return await tools.compose(request.of(supported_fields(same, request)), asker, saved)

    return Command(
        "another",
        "one more like your last tune",
        answer,
        {"tune": TUNE},
        whole="tune",
        suggest={"tune": own_tunes},
    )
