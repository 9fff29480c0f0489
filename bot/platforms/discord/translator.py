"""What Discord's menus say in other languages: names of commands, and what commands and options are."""

from typing import Any

import discord
from discord import app_commands

from bot.translation import ENGLISH, spoken
from bot.translation.command_names import NAMES_OF_COMMANDS
from bot.translation.translator import say

LONGEST_DESCRIPTION = 100


class MenuTranslator(app_commands.Translator):
    """Translates what our catalogs have; Discord shows English for the rest."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContext[Any, Any],
    ) -> str | None:
        """Return a text in a language of Discord's; None if that is ours in English."""
        language, place = spoken(str(locale)), context.location
        if language == ENGLISH:
            return None
        if place is app_commands.TranslationContextLocation.command_name:
            return NAMES_OF_COMMANDS.get(language, {}).get(string.message)
        said = say(string.message, language)
        return said[:LONGEST_DESCRIPTION] if said != string.message else None
