"""How a reply looks on Discord: what goes into the text, what into files and buttons."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Self

import discord

from bot import texts
from bot.files import FILES, TEXT
from bot.plain_text import as_text
from bot.platforms.discord import texts as own
from bot.reply import Attachment, Button, Menu, Reply
from bot.translation.translator import say

# Limits for which discord.py has no names (Discord's documentation: messages; components).
MOST_TEXT: Final = 2000
MOST_FILES: Final = 10
MOST_BUTTONS: Final = 25
LONGEST_URL: Final = 512
LONGEST_LABEL: Final = 80
LONGEST_ID: Final = 100
TALLEST_BLOCK: Final = 12  # lines of ABC that do not push picture and player out of sight

MOST_CHOICES: Final = 25
LONGEST_CHOICE: Final = 100  # of its value and of its label
LONGEST_PLACEHOLDER: Final = 150
RUN: Final = "run:"  # what the custom_id of a command's button starts with
DO: Final = "do:"  # and that of a button with a deed
PICK: Final = "pick:"  # and that of a list


class CommandButton(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=rf"(?s:{RUN}(.+))"):
    """A button that types a command. It outlives restarts: the command is its whole state."""

    def __init__(self, label: str, command: str) -> None:
        super().__init__(discord.ui.Button(label=label[:LONGEST_LABEL], custom_id=RUN + command))
        self.command = command

    @classmethod
    async def from_custom_id(cls, _: Any, item: discord.ui.Item[Any], match: Any, /) -> Self:
        """Rebuild a pressed button from what Discord sends."""
        return cls(getattr(item, "label", None) or "", match[1])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a press."""
        await interaction.client.interactions.answer_button(interaction, self.command)


class DeedButton(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=rf"(?s:{DO}(.+))"):
    """A button that does something to the message under which it stands."""

    def __init__(self, label: str, deed: str) -> None:
        super().__init__(discord.ui.Button(label=label[:LONGEST_LABEL], custom_id=DO + deed))
        self.deed = deed

    @classmethod
    async def from_custom_id(cls, _: Any, item: discord.ui.Item[Any], match: Any, /) -> Self:
        """Rebuild a pressed button from what Discord sends."""
        return cls(getattr(item, "label", None) or "", match[1])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a press."""
        await interaction.client.interactions.answer_deed(interaction, self.deed)


class CommandList(discord.ui.DynamicItem[discord.ui.Select[discord.ui.View]], template=rf"(?s:{PICK}(.*))"):
    """A list of which one command or deed is picked."""

    def __init__(self, about: str, choices: Sequence[Button]) -> None:
        options = [
            discord.SelectOption(label=each.label[:LONGEST_CHOICE], value=_does(each))
            for each in choices[:MOST_CHOICES]
        ]
        about = about[:LONGEST_PLACEHOLDER]
        super().__init__(discord.ui.Select(placeholder=about or None, custom_id=PICK, options=options))

    @classmethod
    async def from_custom_id(cls, _: Any, item: discord.ui.Item[Any], match: Any, /) -> Self:  # noqa: ARG003
        """Rebuild a list from what Discord sends."""
        return cls("", ())

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer what was picked."""
        data: Any = interaction.data
        picked, answers = data["values"][0], interaction.client.interactions
        answer = answers.answer_button if picked.startswith("/") else answers.answer_deed
        await answer(interaction, picked)


def view_of(menu: Menu) -> discord.ui.View:
    """Lay out what stands under a message; what Discord does not take is left out."""
    view = discord.ui.View(timeout=None)
    choices = [each for each in menu.choices if 0 < len(_does(each)) <= LONGEST_CHOICE]
    if choices:
        view.add_item(CommandList(menu.about, choices))
    most = MOST_BUTTONS - (5 if choices else 0)  # a list takes a row
    for button in [each for each in menu.buttons if _fits(each)][:most]:
        view.add_item(_item(button))
    return view


def _does(button: Button) -> str:
    return button.command or button.deed or ""


def _item(button: Button) -> discord.ui.Item[Any]:
    if button.url:
        return discord.ui.Button(label=button.label[:LONGEST_LABEL], url=button.url)
    if button.deed:
        return DeedButton(button.label, button.deed)
    return CommandButton(button.label, button.command or "")


def _fits(button: Button) -> bool:
    if button.url:
        return len(button.url) <= LONGEST_URL
    return len(DO + button.deed if button.deed else RUN + (button.command or "")) <= LONGEST_ID


@dataclass(frozen=True, slots=True)
class DiscordMessage:
    """A reply as one message of Discord's."""

    text: str
    files: tuple[Attachment, ...] = ()
    buttons: tuple[Button, ...] = ()
    choices: tuple[Button, ...] = ()

    def content(self) -> dict[str, Any]:
        """Build the arguments for discord.py, with fresh files at each call, as sending closes them."""
        return {
            "content": self.text,
            "files": [discord.File(io.BytesIO(file.data), file.name) for file in self.files],
            "allowed_mentions": discord.AllowedMentions.none(),
        } | ({"view": view_of(Menu(self.buttons, self.choices))} if self.buttons or self.choices else {})

    def plain(self) -> "DiscordMessage":
        """Return it with links in the text for buttons, where Discord takes none."""
        text = self.text
        for button in self.buttons:
            if button.url:
                text = _joined(text, _link(button))
        return DiscordMessage(text)

    def with_note(self, note: str) -> "DiscordMessage":
        """Return it with one more line, if there is room."""
        return replace(self, text=_joined(self.text, note))


def lay_out(reply: Reply, filesize_limit: int, *, attach: bool = True, presser: str = "") -> DiscordMessage:
    """Fit a reply into one message.

    Discord shows picture and player below the text, so the text is short: title, facts with the tune's id,
    notes. A link too long for a button hides behind its label, and ABC that is long or without room is
    attached as a file; so is the whole of a text that is too long.

    Args:
        reply: what the core says.
        filesize_limit: bytes that a file may have here.
        attach: whether there may be files.
        presser: id of whoever pressed the button that is answered; empty if nobody has to be told.
    """
    if reply.tune and reply.tune.get("id"):
        reply = replace(reply, facts={**reply.facts, "id": own.tune_id(str(reply.tune["id"]))})
    words = as_text(reply)
    text = discord.utils.escape_markdown(words)
    files = list(reply.attachments)
    if len(text) > MOST_TEXT:
        files.insert(0, Attachment("answer.txt", TEXT, words.encode()))
        text = words[: MOST_TEXT // 2] + " …"
        text = discord.utils.escape_markdown(text)[:MOST_TEXT]
    if reply.parent:
        text = _joined(
            text,
            _link(replace(reply.parent, label=say(texts.comes_from(reply.parent.label), reply.language))),
        )
    if presser:
        asked = say(own.asked_by(presser), reply.language)
        text = f"{asked}\n{text}" if len(asked) + 1 + len(text) <= MOST_TEXT else text
    text, buttons = _with_buttons(reply, text)
    text, files = _with_abc(reply, text, files, TALLEST_BLOCK if attach else MOST_TEXT)
    if not attach:
        files = []
    kept = [file for file in files if len(file.data) <= filesize_limit][:MOST_FILES]
    for file in files:
        if file not in kept:
            text = _joined(text, say(texts.too_large(file.name, "this chat"), reply.language))
    return DiscordMessage(text, tuple(kept), tuple(buttons.values())[:MOST_BUTTONS], reply.choices)


def _with_buttons(reply: Reply, text: str) -> tuple[str, dict[str, Button]]:
    """Put links that no button takes into the text; give the buttons by what they do, each once."""
    buttons: dict[str, Button] = {}
    for button in reply.buttons:
        if _fits(button):
            buttons.setdefault(button.deed or button.command or str(len(buttons)), button)
        elif button.url:
            text = _joined(text, _link(button))
    return text, buttons


def _with_abc(reply: Reply, text: str, files: list[Attachment], tallest: int) -> tuple[str, list[Attachment]]:
    """Put ABC of at most so many lines into the text if there is room, else attach it; never both."""
    if not reply.abc:
        return text, files
    abc = reply.abc.strip()
    block = f"```\n{abc}\n```"
    attached = [file for file in files if file.kind.role == "abc"]
    short = len(abc.splitlines()) <= tallest and len(text) + 1 + len(block) <= MOST_TEXT
    if short and "```" not in abc:
        return f"{text}\n{block}", [file for file in files if file not in attached]
    rest = [file for file in files if file not in attached]
    return text, [*rest, *(attached or [Attachment("tune.abc", FILES["abc"], reply.abc.encode())])]


def _link(button: Button) -> str:
    label = discord.utils.escape_markdown(button.label.replace("[", "(").replace("]", ")"))
    return f"[{label}](<{button.url}>)"


def _joined(text: str, line: str) -> str:
    """Add a line to the text, if it still fits."""
    longer = f"{text}\n{line}"
    return longer if len(longer) <= MOST_TEXT else text
