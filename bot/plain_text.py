"""A reply as plain lines, for platforms that show it as text."""

from bot import texts
from bot.reply import Reply
from bot.translation.translator import say


def as_text(reply: Reply) -> str:
    """Join the words of a reply: its title, its facts in one line, then its notes, one a line."""
    facts = " · ".join(reply.facts.values())
    missing = say(texts.not_made(reply.missing), reply.language) if reply.missing else ""
    return "\n".join(filter(None, (reply.text, reply.title, facts, *reply.notes, missing)))
