"""Whatever stands under a message keeps to the platforms' limits; what does not fit is left out."""

from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.commands import COMMANDS
from bot.options_form import OPTIONS, PARTS, form_of, options_page
from bot.platforms.discord.form import filled_form
from bot.platforms.discord.page import view_of
from bot.platforms.telegram.page import keyboard
from bot.reply import Button, Field, Form, Menu
from bot.store import NewTune, SavedTune
from bot.under_tunes import PAGES, Shown, first_buttons
from generator.music.keys import ASKED_MODES, MODES, keys_of

ID = "k3Xw9bQzab"
words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
text = st.one_of(words, st.integers(1, 600).map(lambda size: "ü" * size))
buttons = st.one_of(
    st.builds(Button, text, command=text),
    st.builds(Button, text, deed=text),
    st.builds(Button, text, url=text.map(lambda path: f"https://x.example/{path}")),
    st.builds(Button, text, url=st.just("http://localhost/t/1")),
)


def unlike(menu: Menu) -> Menu:
    """Make what the buttons do differ, as the core's do."""
    return Menu(
        tuple({b.command or b.deed or id(b): b for b in menu.buttons}.values()),
        tuple({b.command: b for b in menu.choices}.values()),
        menu.about,
    )


menus = st.builds(
    Menu,
    st.lists(buttons, max_size=40).map(tuple),
    st.lists(st.builds(Button, text, command=text), max_size=40).map(tuple),
    text,
).map(unlike)


@given(menus)
async def test_on_discord(menu: Menu) -> None:
    rows = view_of(menu).to_components()
    assert len(rows) <= 5
    for row in rows:
        assert 1 <= len(row["components"]) <= 5
        for item in row["components"]:
            assert len(item.get("custom_id", "")) <= 100
            assert len(item.get("label") or "") <= 80
            assert len(item.get("url") or "") <= 512
            assert len(item.get("placeholder") or "") <= 150
            assert len(item.get("options", "x")) <= 25
            for option in item.get("options", ()):
                assert 1 <= len(option["value"]) <= 100
                assert 1 <= len(option["label"]) <= 100


@given(menus)
def test_on_telegram(menu: Menu) -> None:
    shown = keyboard(menu)
    for row in shown.inline_keyboard if shown else ():
        assert 1 <= len(row) <= 8
        for key in row:
            assert bool(key.url) != bool(key.callback_data)
            assert len(str(key.callback_data or "").encode()) <= 64


fields = st.lists(
    st.builds(
        Field, st.sampled_from("abcdefgh"), text, st.text(max_size=5000), st.lists(text).map(tuple), text
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda field: field.name,
)


@given(text, fields)
async def test_of_a_form_on_discord(title: str, given_fields: list[Field]) -> None:
    form = filled_form(Form(title, OPTIONS, ID, tuple(given_fields))).to_dict()
    assert len(form["title"]) <= 45
    assert len(form["custom_id"]) <= 100
    assert 1 <= len(form["components"]) <= 5
    for label in form["components"]:
        assert len(label["label"]) <= 45
        assert len(label.get("description") or "") <= 100
        assert len(label["component"].get("value") or "") <= 4000
        assert len(label["component"].get("options", "x")) <= 25


def kept(mode: str) -> SavedTune:
    key = keys_of(mode)[0].abc
    fields = {"key": key, "type": "strathspey", "instrument": "concertina"}
    return SavedTune(ID, 0.0, NewTune("", "", "", "", fields, "", "", key, "4/4", "strathspey", 0.85, 1, "m"))


@given(st.sampled_from(sorted(MODES)))
async def test_leave_nothing_out_of_our_own_pages(mode: str) -> None:
    """What we make ourselves fits as it is."""
    saved = kept(mode)
    shown = Shown(saved, "https://tunes.example.org/t/k3Xw9bQzab", [*COMMANDS, "vary"], 12_345)
    menus = [make(shown) for make in PAGES.values()]
    menus += [page.menu for word in (OPTIONS, *PARTS) if (page := options_page(word, "", saved)).menu]
    for menu in menus:
        assert menu
        on_telegram = keyboard(menu)
        assert on_telegram
        assert sum(map(len, on_telegram.inline_keyboard)) == len(menu.buttons) + len(menu.choices)
        on_discord = [item for row in view_of(menu).to_components() for item in row["components"]]
        chosen = sum(len(item.get("options", ())) for item in on_discord)
        assert len(on_discord) - bool(chosen) == len(menu.buttons)
        assert chosen == len(menu.choices)
    assert len(form_of(saved).fields) == 5
    assert len(view_of(Menu(first_buttons(shown))).to_components()) == 1, "few at first"


def test_all_keys_of_a_mode_fit_into_a_list() -> None:
    for mode in ASKED_MODES:
        assert len({key.abc for key in keys_of(mode)}) == len(keys_of(mode)) == 15


def test_what_is_said_to_who_presses_fits_into_a_toast() -> None:
    for said in (texts.LIKED, texts.NOT_LIKED, texts.DELETED, texts.NOT_YOURS, texts.OLD_BUTTON):
        assert len(said) <= 200


def test_a_deed_with_a_line_break_is_a_button_too() -> None:
    (row,) = view_of(Menu((Button("0", deed="\n"),))).to_components()
    assert row["components"][0]["custom_id"].endswith("\n")
