"""Slash commands and buttons: acknowledged at once, then answered in place of "thinking"."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Final

import discord

from bot import texts
from bot.asker import Asker
from bot.commands.options import LINE
from bot.core import Core
from bot.platform import Platform
from bot.platforms.discord import texts as own
from bot.platforms.discord.answer import LOST, InteractionAnswer, PlaceAnswer
from bot.platforms.discord.attached import abc_in, sent_file
from bot.platforms.discord.form import FILLED, FORM, abc_form, filled_form, text_in, values_in
from bot.platforms.discord.page import view_of
from bot.platforms.discord.slash_commands import FILE
from bot.platforms.discord.work import Ask, Work
from bot.reply import Pressed
from bot.sent_files import tune_among
from bot.translation import spoken
from bot.translation.translator import say
from generator.errors import FriendlyError

_logger: Final = logging.getLogger(__name__)

_ACKNOWLEDGE_WITHIN: Final = 2.0  # seconds; Discord waits three
_LOOK_WITHIN: Final = 0.5  # seconds for what somebody has set, out of those three
_ALREADY_ACKNOWLEDGED: Final = 40060


class Interactions:
    """Answers slash commands and buttons.

    Args:
        platform: the declaration of Discord.
        core: answers the commands.
        work: counts the answers under way.
        patience: seconds until a message counts as lost.
    """

    def __init__(self, platform: Platform, core: Core, work: Work, patience: float) -> None:
        self._platform, self._core, self._work, self._patience = platform, core, work, patience
        self._pressed: set[tuple[int, int, str]] = set()  # message, person and command, while it is answered

    async def answer_command(
        self, interaction: discord.Interaction[Any], command: str, values: Mapping[str, object]
    ) -> None:
        """Answer a slash command; what is wrong with it at once, to the asker alone.

        One that may take a file and is given nothing is answered by a form to paste into.
        """
        entry = self._core.commands[command]
        values = dict(values)
        if entry.takes_file:
            file, said = values.pop(FILE, None), str(values.get(entry.whole or "") or "")
            if isinstance(file, discord.Attachment):
                ask = partial(self._core.answer_file, sent_file(file), said)
                await self._respond(interaction, ask, private=entry.private)
                return
            if not said:
                await _show_form(interaction, abc_form())
                return
        await self._answer(interaction, command, values)

    async def answer_form(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a form that was sent in, one of an earlier run as well."""
        if interaction.type is discord.InteractionType.modal_submit and interaction.data:
            data: Mapping[str, object] = dict(interaction.data)
            form, fields = str(data.get("custom_id")), data.get("components")
            if form == FORM:
                await self._answer(interaction, FORM[1:], {FORM[1:]: text_in(fields)})
            elif form.startswith(FILLED):
                command, _, tune = form.removeprefix(FILLED).partition(" ")
                values = values_in(fields)
                # A line that was emptied still says that nothing else is wished for.
                values[LINE] = values.get(LINE, "") or " "
                await self._answer(interaction, command, {**values, "tune": tune})

    async def _answer(
        self, interaction: discord.Interaction[Any], command: str, values: Mapping[str, object]
    ) -> None:
        try:
            self._core.check(command, values, spoken(str(interaction.locale)))
        except FriendlyError as error:
            await _say_privately(interaction, str(error))
            return
        private = self._core.command(command).private
        await self._respond(interaction, partial(self._core.run, command, values), private=private)

    async def answer_button(self, interaction: discord.Interaction[Any], command: str) -> None:
        """Answer a button, which types a command; pressed twice, it is answered once."""
        try:
            asked = self._core.read(command, spoken(str(interaction.locale)))
            entry = self._core.command(asked.command)
        except FriendlyError as error:  # a button of an earlier version
            await _say_privately(interaction, str(error))
            return
        message = interaction.message.id if interaction.message else interaction.id
        press = (message, interaction.user.id, command)
        if press in self._pressed:
            await _acknowledge_silently(interaction)
            return
        self._pressed.add(press)
        try:
            ask = partial(self._core.do, asked)
            await self._respond(interaction, ask, private=entry.private, in_place=entry.in_place)
        finally:
            self._pressed.discard(press)

    async def answer_deed(self, interaction: discord.Interaction[Any], deed: str) -> None:
        """Do what a button does to the message under which it stands, at once."""
        with self._work.under_way():
            if self._work.stopping:
                await _say_privately(interaction, texts.STOPPING)
                return
            try:
                async with asyncio.timeout(_ACKNOWLEDGE_WITHIN):
                    if not await self._core.first_time(self._platform.name, str(interaction.id)):
                        return
                    pressed = await self._core.press(deed, self._asker(interaction))
            except FriendlyError as error:
                await _say_privately(interaction, str(error))
            except TimeoutError:
                await _say_privately(interaction, texts.STORE_CLOSED)
            else:
                await self._show_pressed(interaction, pressed)

    async def _show_pressed(self, interaction: discord.Interaction[Any], pressed: Pressed) -> None:
        if pressed.form:
            await _show_form(interaction, filled_form(pressed.form))
            return
        try:
            async with asyncio.timeout(self._patience):
                if pressed.menu:
                    await interaction.response.edit_message(view=view_of(pressed.menu))
                else:
                    await interaction.response.defer()
                if pressed.gone:
                    await interaction.delete_original_response()
                if pressed.said:
                    await interaction.followup.send(pressed.said, ephemeral=True)
        except (discord.HTTPException, *LOST) as error:
            _logger.warning("what a button does was lost: %s", type(error).__name__)

    async def play(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Play the tune in somebody's message: in an attached file, in blocks of code, or in its text."""
        file = tune_among([sent_file(attachment) for attachment in message.attachments])
        if file:
            await self._respond(interaction, partial(self._core.answer_file, file, ""), private=False)
        elif abc := abc_in(message.content):
            await self._answer(interaction, "abc", {"abc": abc})
        else:
            await _say_privately(interaction, own.NO_ABC)

    async def leave(self, guild: int) -> None:
        """Forget what was a server's."""
        with self._work.under_way():
            await self._core.left(self._platform.asker("", "", str(guild)))

    async def suggest(
        self, interaction: discord.Interaction[Any], command: str, option: str, typed: str
    ) -> list[tuple[str, str]]:
        """List values for an option, as shown and as sent; none where they cannot be had now."""
        try:
            return await self._core.suggest(command, option, typed, self._asker(interaction))
        except FriendlyError as error:
            _logger.info("nothing suggested: %s", error)
            return []

    def _asker(self, interaction: discord.Interaction[Any]) -> Asker:
        user, place = str(interaction.user.id), str(interaction.channel_id or "")

        async def manages() -> bool:
            return interaction.permissions.manage_guild

        locale = str(interaction.locale)
        return self._platform.asker(
            user, place, str(interaction.guild_id or ""), manages=manages, locale=locale
        )

    async def _respond(
        self, interaction: discord.Interaction[Any], ask: Ask, *, private: bool, in_place: bool = False
    ) -> None:
        with self._work.under_way():
            if self._work.stopping:
                await _say_privately(interaction, texts.STOPPING)
                return
            asker = self._asker(interaction)
            private = private or (not in_place and await self._wants_privacy(asker))
            if not await _acknowledged(interaction, private=private, in_place=in_place):
                return
            if await self._core.first_time(self._platform.name, str(interaction.id)):
                kind = PlaceAnswer if in_place else InteractionAnswer
                presser = "" if private else _presser(interaction)
                answer = kind(interaction, self._patience, self._work.missing, presser)
                await self._work.answer(ask, asker, answer)

    async def _wants_privacy(self, asker: Asker) -> bool:
        """Tell whether somebody, or their community, has set that answers are for the asker alone."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOOK_WITHIN):
                return (await self._core.chosen(asker)).private
        return False


def _presser(interaction: discord.Interaction[Any]) -> str:
    """Return the id of whoever pressed a button where others may wonder; empty elsewhere."""
    pressed = interaction.type is discord.InteractionType.component
    alone = interaction.guild_id is None and interaction.context.dm_channel
    hidden = bool(interaction.message and interaction.message.flags.ephemeral)
    return str(interaction.user.id) if pressed and not (alone or hidden) else ""


async def _acknowledged(interaction: discord.Interaction[Any], *, private: bool, in_place: bool) -> bool:
    """Acknowledge an interaction, for which Discord waits three seconds; False if it is over."""
    for _ in range(2):
        try:
            async with asyncio.timeout(_ACKNOWLEDGE_WITHIN):
                await interaction.response.defer(thinking=not in_place, ephemeral=private)
        except discord.HTTPException as error:
            if error.code != _ALREADY_ACKNOWLEDGED:
                _logger.warning("an interaction was over before it began: %s", error)
            return error.code == _ALREADY_ACKNOWLEDGED
        except LOST as error:
            _logger.info("%s while acknowledging", type(error).__name__)
        else:
            return True
    return False


async def _show_form(interaction: discord.Interaction[Any], form: discord.ui.Modal) -> None:
    """Show a form, which is an answer by itself."""
    try:
        async with asyncio.timeout(_ACKNOWLEDGE_WITHIN):
            await interaction.response.send_modal(form)
    except (discord.HTTPException, *LOST) as error:
        _logger.warning("a form was lost: %s", type(error).__name__)


async def _acknowledge_silently(interaction: discord.Interaction[Any]) -> None:
    """Let a button go without an answer."""
    try:
        async with asyncio.timeout(_ACKNOWLEDGE_WITHIN):
            await interaction.response.defer()
    except (discord.HTTPException, *LOST) as error:
        _logger.info("%s while letting a button go", type(error).__name__)


async def _say_privately(interaction: discord.Interaction[Any], sentence: str) -> None:
    """Answer at once, to the asker alone."""
    sentence = say(sentence, spoken(str(interaction.locale)))
    try:
        async with asyncio.timeout(_ACKNOWLEDGE_WITHIN):
            await interaction.response.send_message(sentence, ephemeral=True)
    except (discord.HTTPException, *LOST) as error:
        _logger.warning("an answer was lost: %s", type(error).__name__)
