"""The JSON that the site's API takes and gives."""

import json

from aiohttp import web

from bot import texts
from bot.plain_text import as_text
from bot.reply import Attachment, Button, Reply


def text_of(body: bytes) -> str:
    """Return what was typed.

    Raises:
        HTTPBadRequest: the body of the request is not such JSON.
    """
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        asked = None
    text = asked.get("text") if isinstance(asked, dict) else None
    if not isinstance(text, str):
        raise web.HTTPBadRequest
    return text


def as_json(reply: Reply, base: str = "") -> dict[str, object]:
    """Return a reply as data; its files by their addresses, under the path of the site."""
    tune_id = str(reply.tune["id"]) if reply.tune else ""
    return {
        "text": as_text(reply),
        "title": reply.title,
        "facts": dict(reply.facts),
        "notes": list(reply.notes),
        "missing": list(reply.missing),
        "parent": _parent(reply.parent) if reply.parent else None,
        "tune": dict(reply.tune) if reply.tune else None,
        "attachments": [_attachment(file, f"{base}/t/{tune_id}") for file in reply.attachments],
        "buttons": [_button(button) for button in (*reply.choices, *reply.buttons) if not button.deed],
    }


def _attachment(file: Attachment, address: str) -> dict[str, str]:
    kind = file.kind
    return {
        "name": file.name,
        "kind": kind.role,
        "label": kind.label,
        "url": f"{address}.{kind.suffix}",
    }


def _parent(parent: Button) -> dict[str, str]:
    return {"label": texts.comes_from(parent.label), "url": parent.url or ""}


def _button(button: Button) -> dict[str, str]:
    if button.command is not None:
        return {"label": button.label, "command": button.command}
    return {"label": button.label, "url": button.url or ""}
