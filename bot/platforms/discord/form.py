"""The form into which a tune is pasted, lines and all, where a slash command would join them."""

from collections.abc import Mapping
from typing import Any, Final

import discord

from bot.platforms.discord import texts as own

FORM: Final = "/abc"
"""The form's id; whoever gets it back needs to know no more, so that it outlives a restart."""
_LONGEST: Final = 4000  # characters that Discord lets into a form


def abc_form() -> discord.ui.Modal:
    """Return a form with room for one text."""
    form = discord.ui.Modal(title=own.FORM_TITLE, custom_id=FORM)
    text: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id="abc",
        style=discord.TextStyle.paragraph,
        placeholder=own.FORM_EXAMPLE,
        max_length=_LONGEST,
    )
    form.add_item(discord.ui.Label(text=own.FORM_LABEL, description=own.FORM_HELP, component=text))
    return form


def text_in(components: object) -> str:
    """Return the text of a form that was sent in, wherever it stands among its components."""
    if isinstance(components, list):
        return next((text for each in components if (text := text_in(each))), "")
    if not isinstance(components, Mapping):
        return ""
    value = components.get("value")
    if isinstance(value, str):
        return value
    return text_in(components.get("component")) or text_in(components.get("components"))
