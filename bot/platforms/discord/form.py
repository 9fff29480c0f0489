"""Forms: the one into which a tune is pasted, lines and all, and those that are filled in already."""

from collections.abc import Mapping
from typing import Any, Final

import discord

from bot.platforms.discord import texts as own
from bot.reply import Field, Form

FORM: Final = "/abc"
"""The form's id; whoever gets it back needs to know no more, so that it outlives a restart."""
FILLED: Final = "form:"
"""What the id of a form that was filled in starts with; its command and its tune follow."""
_LONGEST: Final = 4000  # characters that Discord lets into a form
_LONGEST_TITLE: Final = 45  # likewise of its title and of the labels over its fields
_LONGEST_HINT: Final = 100
_MOST_FIELDS: Final = 5
_MOST_CHOICES: Final = 25


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


def filled_form(form: Form) -> discord.ui.Modal:
    """Return a form with its values filled in; no field has to be."""
    modal = discord.ui.Modal(
        title=form.title[:_LONGEST_TITLE], custom_id=f"{FILLED}{form.command} {form.tune}"
    )
    for field in form.fields[:_MOST_FIELDS]:
        label: discord.ui.Label[Any] = discord.ui.Label(
            text=field.label[:_LONGEST_TITLE],
            description=field.hint[:_LONGEST_HINT] if field.hint and not field.choices else None,
            component=_input(field),
        )
        modal.add_item(label)
    return modal


def _input(field: Field) -> "discord.ui.Select[Any] | discord.ui.TextInput[Any]":
    if 0 < len(field.choices) <= _MOST_CHOICES:
        options = [
            discord.SelectOption(label=choice, value=choice, default=choice == field.value)
            for choice in field.choices
        ]
        return discord.ui.Select(custom_id=field.name, options=options, min_values=0, required=False)
    return discord.ui.TextInput(
        custom_id=field.name, default=field.value[:_LONGEST] or None, max_length=_LONGEST, required=False
    )


def values_in(components: object) -> dict[str, str]:
    """Return the values of a form that was sent in, by the names of its fields; empty where there is none."""
    if isinstance(components, list):
        found: dict[str, str] = {}
        for each in components:
            found |= values_in(each)
        return found
    if not isinstance(components, Mapping):
        return {}
    name, chosen = components.get("custom_id"), components.get("values")
    if isinstance(name, str):
        value = chosen[0] if isinstance(chosen, list) and chosen else components.get("value")
        return {name: str(value or "")}
    return values_in(components.get("component")) | values_in(components.get("components"))
