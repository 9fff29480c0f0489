"""How a reply looks on Discord: what goes into the text, what into files and buttons."""

import io
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

import discord

from bot import texts
from bot.files import FILES, TEXT
from bot.plain_text import as_text
from bot.platforms.discord import texts as own
from bot.reply import Attachment, Button, Reply

# Limits for which discord.py has no names (Discord's documentation: messages; components).
MOST_TEXT: Final = 2000
MOST_FILES: Final = 10
MOST_BUTTONS: Final = 25
LONGEST_URL: Final = 512
LONGEST_LABEL: Final = 80
LONGEST_ID: Final = 100
TALLEST_BLOCK: Final = 12  # lines of ABC that do not push picture and player out of sight

RUN: Final = "run:"  # what the custom_id of a command's button starts with


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


@dataclass(frozen=True, slots=True)
class DiscordMessage:
    """A reply as one message of Discord's."""

    text: str
    files: tuple[Attachment, ...] = ()
    links: tuple[Button, ...] = ()
    commands: tuple[Button, ...] = field(default=())

    def content(self) -> dict[str, Any]:
        """Build the arguments for discord.py, with fresh files at each call, as sending closes them."""
        return {
            "content": self.text,
            "files": [discord.File(io.BytesIO(file.data), file.name) for file in self.files],
            "allowed_mentions": discord.AllowedMentions.none(),
        } | ({"view": self._view()} if self.links or self.commands else {})

    def _view(self) -> discord.ui.View:
        view = discord.ui.View(timeout=None)
        for button in self.commands:
            view.add_item(CommandButton(button.label, button.command or ""))
        for button in self.links:
            view.add_item(discord.ui.Button(label=button.label[:LONGEST_LABEL], url=button.url))
        return view

    def plain(self) -> "DiscordMessage":
        """Return it with links in the text for buttons, where Discord takes none."""
        text = self.text
        for button in self.links:
            text = _joined(text, _link(button))
        return DiscordMessage(text)

    def with_note(self, note: str) -> "DiscordMessage":
        """Return it with one more line, if there is room."""
        return replace(self, text=_joined(self.text, note))


def lay_out(reply: Reply, filesize_limit: int, *, attach: bool = True) -> DiscordMessage:
    """Fit a reply into one message.

    Discord shows picture and player below the text, so the text is short: title, facts with the tune's id,
    notes. A link too long for a button hides behind its label, and ABC that is long or without room is
    attached as a file; so is the whole of a text that is too long.

    Args:
        reply: what the core says.
        filesize_limit: bytes that a file may have here.
        attach: whether there may be files.
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
    links: list[Button] = []
    commands: dict[str, Button] = {}
    for button in reply.buttons:
        if button.url and len(button.url) <= LONGEST_URL:
            links.append(button)
        elif button.url:
            text = _joined(text, _link(button))
        elif button.command and len(RUN + button.command) <= LONGEST_ID:
            commands.setdefault(button.command, button)
    text, files = _with_abc(reply, text, files, TALLEST_BLOCK if attach else MOST_TEXT)
    if not attach:
        files = []
    kept = [file for file in files if len(file.data) <= filesize_limit][:MOST_FILES]
    for file in files:
        if file not in kept:
            text = _joined(text, texts.too_large(file.name, "this chat"))
    first = tuple(commands.values())[:MOST_BUTTONS]
    return DiscordMessage(text, tuple(kept), tuple(links[: MOST_BUTTONS - len(first)]), first)


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
    return f"[{button.label}](<{button.url}>)"


def _joined(text: str, line: str) -> str:
    """Add a line to the text, if it still fits."""
    longer = f"{text}\n{line}"
    return longer if len(longer) <= MOST_TEXT else text
