"""Titles: letters, new ones, decent ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.compose.titles import folded, tidied, title_hash, title_hashes, will_do


@pytest.mark.parametrize(
    ("printed", "tidy"),
    [
        ("ANNIE HUGHES' -- JIG", "Annie Hughes"),
        ("THE BACK OF THE HAGGARD", "The Back of the Haggard"),
        ("Blarney Stone, The", "The Blarney Stone"),
        ("Tête-à-Tête -- Hornpipe", "Tete a Tete"),
        ("Highland Laddie (2nd set)", "Highland Laddie"),
        ("The Job of Journey Work.", "The Job of Journey Work"),
        ("Garry Owen No. 2", "Garry Owen"),
        ("42d Regiment", ""),
    ],
)
def test_printed_titles_are_tidied(printed: str, tidy: str):
    assert tidied(printed) == tidy


@given(st.text(max_size=80))
def test_whatever_is_printed_comes_out_as_letters_and_is_the_same_title(text: str):
    tidy = tidied(text)
    assert all(c.isascii() and (c.isalpha() or c in " '") for c in tidy)
    assert folded(tidy) == folded(text)


def test_case_articles_and_signs_make_no_new_title():
    known = title_hashes(["The Ranston Cassod"])
    for same in (
        "The Ranston Cassod",
        "Ranston Cassod",
        "A Ranston Cassod",
        "THE RANSTON CASSOD",
        "Ranston, Cassod",
    ):
        assert title_hash(same) in known
    assert not will_do("Ranston Cassod", known)
    assert will_do("The Ranston Cassock", known)


@pytest.mark.parametrize(
    "title", ["", "Ab", "the lower case", "Two  spaces", "Nine 9", "Open'", "X" * 37, "Ends "]
)
def test_a_title_is_a_few_words_of_letters(title: str):
    assert not will_do(title)


@pytest.mark.parametrize("title", ["The Darkies", "Hitlers Reel", "Old Coon", "The Fuckery"])
def test_some_words_stand_in_no_title(title: str):
    assert not will_do(title)


@pytest.mark.parametrize(
    "title", ["Cooney's Hornpipe", "Cock o'the North", "The Grape Picker", "Miss Scunthorpe"]
)
def test_innocent_words_that_look_alike_do(title: str):
    assert will_do(title)


def test_what_is_folded_is_letters_alone():
    assert folded("The Rakes o' Mallow!") == "rakesomallow"
    assert folded("The") == ""
