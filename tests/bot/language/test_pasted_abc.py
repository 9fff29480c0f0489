"""Which messages are tunes, and which tune of several is asked for."""

import pytest

from bot.language.pasted_abc import looks_like_abc
from bot.store import Store
from generator.errors import FriendlyError
from tests.bot.players import ANNA, Copyist, Fiddler, core

TUNE = "X:1\nT:Try\nM:6/8\nK:G\nGAB d2e|"


@pytest.mark.parametrize(
    "text",
    [
        TUNE,
        f"```\n{TUNE}\n```",
        f"> {TUNE}".replace("\n", "\n> "),
        f"Look at this:\n{TUNE}",
        TUNE.replace("X:", "**X:** ").replace("K:G", "Key: G"),
        TUNE.replace("\n", " "),
        "GABd e2dB|",
        "GAB d2e|gfe d2B|",
        "|:GABd e2dB:|",
        "K:G\nGAB d2e|",
    ],
)
def test_a_tune_is_a_tune_without_a_command(text: str) -> None:
    assert looks_like_abc(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "a jig in G", "key: G", "Key: G\njig please", "jig | reel?", "T: tea", "C| reel",
        "Ok: K",         "a slow air in D | or G", "A", "6/8 G", "what is K:G?",
    ],
)  # fmt: skip
def test_a_wish_is_no_tune(text: str) -> None:
    assert not looks_like_abc(text)


async def test_another_tune_of_a_paste_is_asked_for_by_its_number(
    copyist: Copyist, fiddler: Fiddler, store: Store
) -> None:
    tunesmith = core(store, fiddler, copyist)
    book = f"{TUNE}\n\n{TUNE.replace('X:1', 'X:2').replace('Try', 'Two')}"
    first = await tunesmith.answer(f"/abc {book}", ANNA)
    assert first.title == "Try"
    assert any("1 of 2" in note and "/abc 2" in note for note in first.notes)
    assert (await tunesmith.answer("/abc 2", ANNA)).title == "Two"
    assert (await tunesmith.answer(f"/abc 2 {book}", ANNA)).title == "Two"
    with pytest.raises(FriendlyError, match="2 tunes"):
        await tunesmith.answer("/abc 3", ANNA)


async def test_a_number_without_a_paste_says_what_to_do(
    copyist: Copyist, fiddler: Fiddler, store: Store
) -> None:
    tunesmith = core(store, fiddler, copyist)
    with pytest.raises(FriendlyError, match="paste them again"):
        await tunesmith.answer("/abc 2", ANNA)


async def test_numbers_of_lines_choose_no_tune(copyist: Copyist, fiddler: Fiddler, store: Store) -> None:
    tunesmith = core(store, fiddler, copyist)
    numbered = "\n".join(f"{number}  {line}" for number, line in enumerate(TUNE.split("\n"), 1))
    assert (await tunesmith.answer(f"/abc {numbered}", ANNA)).title == "Try"
