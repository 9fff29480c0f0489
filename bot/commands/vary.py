"""``/vary``: a tune of which some is kept, and all else drawn anew."""

from collections.abc import Callable, Mapping, Sequence

from bot.asker import Asker
from bot.commands.another import TUNE, own_tunes, wanted
from bot.commands.command import Command, Tools
from bot.reply import Reply
from bot.texts import community as texts
from bot.tune_facts import supported_fields
from generator.compose.hold_words import CHORDS, Hold, read_keep
from generator.compose.option import Option
from generator.compose.request import MOST_HELD, TuneRequest, options
from generator.errors import RequestError

_KEEP = Option(
    "keep",
    str,
    "what stays: a part such as A, bars such as 1-4,9-12, rhythm or chords",
    left_out="part A; nothing, where you say like",
    examples=("A", "B", "1-4,9-12", "rhythm", "chords"),
    max_length=60,
    read=read_keep,
)
_LIKE = Option(
    "like",
    float,
    "how like the old notes the new ones are: 0 the same feeling, 1 nearly the same",
    minimum=0,
    maximum=1,
)
_OTHERS = ("temp", "seed", "n", "instrument", "model")
_SET_ANEW = ("seed", "start", "hold", "key", "mode", "meter", "form", "bars")


def command(request: type[TuneRequest]) -> Command:
    """Make the command that composes by the fields of a request, and keeps the bars that are named."""

    def read(values: Mapping[str, object]) -> tuple[str, tuple[str, ...]]:
        like = _likeness(values["like"]) if "like" in values else None
        keep = read_keep(str(values["keep"])) if "keep" in values else "" if like is not None else "A"
        said = (texts.kept_bars(keep) if keep else "", "" if like is None else texts.how_like(like))
        return Hold.kept(keep, like).line, tuple(filter(None, said))

    about = "a tune with some of it kept, the rest drawn anew"
    return keeping(request, "vary", about, (_KEEP, _LIKE), read)


def _likeness(given: object) -> float:
    try:
        like = float(str(given).replace(",", "."))
    except ValueError:
        like = -1
    if not _LIKE.takes(like):
        raise RequestError(_LIKE.refusal(given))
    return like


def keeping(
    request: type[TuneRequest],
    name: str,
    about: str,
    own: Sequence[Option],
    read: Callable[[Mapping[str, object]], tuple[str, tuple[str, ...]]],
    required: tuple[str, ...] = (),
) -> Command:
    """Make a command that holds bars of a tune.

    Args:
        request: the class of requests.
        name: of the command.
        about: what it does, in a few words.
        own: its own options, which say what is held.
        read: their values as a request has them, and what is said of them.
        required: which of its own options must be given.
    """
    others = {name: options(request)[name] for name in _OTHERS}

    def check(values: Mapping[str, object]) -> None:
        read(values)
        request.of({name: values[name] for name in _OTHERS if name in values})

    async def answer(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
        saved = await wanted(tools, values, asker)
        keep, said = read(values)
        if len(saved.tune.abc) > MOST_HELD - len(keep) - 1:
            raise RequestError(texts.TOO_LONG_TO_VARY)
        old = {name: value for name, value in saved.tune.request.items() if name not in _SET_ANEW}
        fields = supported_fields(old, request) | {
            name: str(values[name]) for name in _OTHERS if name in values
        }
        if CHORDS in keep:
            fields["chords"] = "on"
        wish = request.of({**fields, "hold": f"{keep}\n{saved.tune.abc}"})
        return (await tools.compose(wish, asker, saved)).noted(said)

    return Command(
        name,
        about,
        answer,
        {"tune": TUNE, **{each.name: each for each in own}, **others},
        required=required,
        check=check,
        suggest={"tune": own_tunes},
    )
