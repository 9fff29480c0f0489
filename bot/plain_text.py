"""A reply as plain lines, for platforms that show it as text."""

from bot import texts
from bot.reply import Reply


def as_text(reply: Reply) -> str:
    """Join the words of a reply: its title, its facts in one line, then its notes, one a line."""
    facts = " · ".join(reply.facts.values())
    missing = texts.not_made(reply.missing) if reply.missing else ""
    return "\n".join(filter(None, (reply.text, reply.title, facts, *reply.notes, missing)))
