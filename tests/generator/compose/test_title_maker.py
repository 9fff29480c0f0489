"""New titles: the words of printed ones, put together in their manner."""

import re
from random import Random

import pytest

from generator.compose.model import find_model
from generator.compose.novelty import Novelty
from generator.compose.title_maker import TitleMaker
from generator.compose.titles import title_hash, title_hashes, will_do
from generator.music.dances import DANCES

PRINTED = [
    "The Humours of Glen",
    "The Maid of Selma",
    "Humours of the Reel",
    "Pat's Fancy",
    "Untitled",
    "Old Crow",
]


def test_the_beginning_of_one_title_goes_before_the_end_of_another():
    maker, known = TitleMaker(PRINTED), title_hashes(PRINTED)
    made = {maker.title(Random(seed), known) for seed in range(200)}
    assert made == {"The Humours of Selma", "The Maid of Glen"}


def test_where_nothing_new_can_be_made_there_is_no_title():
    assert TitleMaker([]).title(Random(1)) == ""
    assert TitleMaker(["Pat's Fancy"]).title(Random(1), title_hashes(["Pat's Fancy"])) == ""


def test_a_seed_gives_one_title():
    maker = TitleMaker(PRINTED)
    assert [maker.title(Random(seed)) for seed in range(50)] == [
        maker.title(Random(seed)) for seed in range(50)
    ]


@pytest.mark.parametrize(("name", "different"), [("session", 900), ("jigs", 400)])
def test_a_models_titles_are_new_and_of_known_words_and_name_no_dance(name: str, different: int):
    index = find_model(name).index
    assert index is not None
    novelty = Novelty.load(index)
    maker = TitleMaker(novelty.printed_titles)
    made = [maker.title(Random(f"title {seed}"), novelty.titles) for seed in range(1000)]
    words = {word for title in novelty.printed_titles for word in re.findall(r"[a-z]+", title.lower())}
    assert len(set(made)) >= different
    assert all(will_do(title, novelty.titles) for title in made)
    assert not {title_hash(title) for title in made} & novelty.titles
    drawn = {word for title in made for word in re.findall(r"[a-z]+", title.lower())}
    assert drawn <= words
    assert not drawn & {word for dance in DANCES for word in (dance, f"{dance}s")}
