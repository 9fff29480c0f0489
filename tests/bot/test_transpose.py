"""A tune in another key, and changes of a tune that is named."""

import pytest

from bot import texts
from bot.asker import Asker
from bot.commands import COMMANDS
from bot.commands.reading import read
from bot.core import Core
from bot.store import Store
from generator.errors import RequestError
from generator.music.keys import Key, keys_of
from generator.music.tune import Tune
from tests.bot.players import ANNA, JIG, Copyist, Fiddler, core

BEN = Asker("telegram", "ben", "1")


@pytest.fixture
def bot(store: Store, fiddler: Fiddler, copyist: Copyist) -> Core:
    return core(store, fiddler, copyist)


async def kept(bot: Core, text: str, asker: Asker = BEN) -> str:
    """Ask for a tune; give its id."""
    tune = (await bot.answer(text, asker)).tune
    assert tune
    return str(tune["id"])


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("/transpose D", {"key": "D"}),
        ("/transpose it to E minor", {"key": "E minor"}),
        ("transpose to the key of Bb please", {"key": "Bb"}),
        ("/transpose k3Xw9bQzab F#m", {"tune": "k3Xw9bQzab", "key": "F#m"}),
        ("/transpose tune=nonesuch F#m", {"tune": "nonesuch", "key": "F#m"}),
        ("/change k3Xw9bQzab faster", {"tune": "k3Xw9bQzab", "pace": "fast"}),
        ("/change pace=slow tune=abcdefghij", {"tune": "abcdefghij", "pace": "slow"}),
        ("/change Concertina", {"instrument": "Concertina"}),
        ("/change CONCERTINA", {"instrument": "CONCERTINA"}),
    ],
)
def test_a_tune_is_named_before_what_is_wished_of_it(typed: str, values: dict[str, str]) -> None:
    assert read(typed, COMMANDS).values == values


async def test_a_tune_comes_in_another_key_with_a_link_to_the_one_that_it_comes_from(bot: Core) -> None:
    first = await bot.answer("jig in G seed=7", BEN)
    reply = await bot.answer("/transpose D", BEN)
    assert reply.abc
    assert Tune.read(reply.abc) == Tune.read(JIG).transposed(Key("D")).fitted()
    assert reply.parent
    assert (reply.parent.label, first.parent) == ("The Kettle on the Hob", None)
    assert reply.parent.url in [button.url for button in first.buttons]


async def test_another_persons_tune_is_named_by_its_id(bot: Core) -> None:
    theirs = await kept(bot, "jig in G", ANNA)
    reply = await bot.answer(f"/transpose {theirs} A", BEN)
    assert reply.facts["key"] == "A major"
    reply = await bot.answer(f"/change {theirs} slower on the harp", BEN)
    assert "Now at 84 beats a minute." in reply.notes
    assert reply.facts["key"] == "G major"


async def test_a_bare_tonic_stays_in_the_mode_and_another_mode_says_what_to_type(bot: Core) -> None:
    await bot.answer("jig in Em", BEN)
    assert (await bot.answer("/transpose D", BEN)).facts["key"] == "D minor"
    with pytest.raises(RequestError, match="/change key=Ddor"):
        await bot.answer("/transpose D dorian", BEN)
    with pytest.raises(RequestError, match="no tune “nonesuch”"):
        await bot.answer("/transpose tune=nonesuch D", BEN)
    with pytest.raises(RequestError, match="start with /tune"):
        await bot.answer("/transpose D", ANNA)


async def test_without_a_key_all_of_the_mode_are_offered(bot: Core) -> None:
    tune = await kept(bot, "jig in Em", BEN)
    reply = await bot.answer("/transpose", BEN)
    assert reply.text == texts.which_key("The Kettle on the Hob")
    assert [choice.command for choice in reply.choices] == [
        f"/transpose {tune} {key.abc}" for key in keys_of("minor") if key.abc != "Em"
    ]
    picked = await bot.answer(str(reply.choices[0].command), BEN)
    assert picked.facts["key"] == reply.choices[0].label


async def test_another_and_a_changed_mode_link_their_parent(bot: Core) -> None:
    await bot.answer("jig in G", BEN)
    assert (await bot.answer("/another", BEN)).parent
    assert (await bot.answer("in E minor", BEN)).parent
    assert (await bot.answer("/tune", BEN)).parent is None
