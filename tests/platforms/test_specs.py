"""The judges of the two local servers know right from wrong."""

import json

import pytest

from tests.platforms.specs import DiscordSpec, TelegramSpec

CALLBACK = "/interactions/1/a-token/callback"
COMMANDS = "/applications/1/commands"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", CALLBACK, {"type": 5}),
        (
            "POST",
            "/webhooks/1/a-token",
            {"content": "x" * 2000, "attachments": [{"id": "0", "filename": "a"}]},
        ),
        ("PATCH", "/webhooks/1/a-token/messages/@original", {"content": None}),
        ("PUT", COMMANDS, [{"name": "tune", "description": "compose", "type": 1, "contexts": [0, 1, 2]}]),
        ("GET", "/gateway/bot", None),
    ],
)
def test_discord_takes_what_its_document_allows(method: str, path: str, body: object) -> None:
    assert DiscordSpec().faults(method, path, {}, body) == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/no/such/thing", {}),
        (CALLBACK, None),
        (CALLBACK, {"type": 3}),
        (CALLBACK, {}),
        ("/webhooks/1/a-token", {"content": "x" * 2001}),
        ("/webhooks/1/a-token", {"contents": "x"}),
        ("/webhooks/1/a-token", {"attachments": [{"id": str(n)} for n in range(11)]}),
        ("/webhooks/1/a-token", {"components": [{"type": 1, "components": [{"type": 2, "style": 9}]}]}),
        (
            "/webhooks/1/a-token",
            {"components": [{"type": 1, "components": [{"type": 2, "style": 1, "custom_id": "x" * 101}]}]},
        ),
    ],
)
def test_discord_refuses_what_its_document_does_not_know(path: str, body: object) -> None:
    assert DiscordSpec().faults("POST", path, {}, body)


def test_discord_refuses_a_wrong_query() -> None:
    assert DiscordSpec().faults("POST", CALLBACK, {"with_answer": "1"}, {"type": 5})


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("sendMessage", {"chat_id": "-100", "text": "hello", "message_thread_id": "5"}),
        ("sendDocument", {"chat_id": "@session", "document": b"MThd"}),
        ("sendMessage", {"chat_id": "1", "text": "<b>" + "x" * 4096 + "</b>", "parse_mode": "HTML"}),
        ("getUpdates", {"offset": "1", "timeout": "10", "allowed_updates": json.dumps(["message"])}),
        ("setMyCommands", {"commands": json.dumps([{"command": "tune", "description": "compose"}])}),
    ],
)
def test_telegram_takes_what_the_bot_api_allows(method: str, fields: dict[str, object]) -> None:
    assert TelegramSpec().faults(method, fields) == []


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("sendTune", {"chat_id": "1"}),
        ("sendMessage", {"chat_id": "1"}),
        ("sendMessage", {"chat_id": "1", "text": "hello", "colour": "red"}),
        ("sendMessage", {"chat_id": "1", "text": "hello", "message_thread_id": "five"}),
        ("sendMessage", {"chat_id": "1", "text": "hello", "disable_notification": "maybe"}),
        ("sendMediaGroup", {"chat_id": "1", "media": json.dumps([{"type": "document"}])}),
        ("setMyCommands", {"commands": json.dumps([{"command": "tune"}])}),
        ("setMyCommands", {"commands": json.dumps({"command": "tune", "description": "compose"})}),
        ("setMyCommands", {"commands": json.dumps([{"command": "t" * 33, "description": "compose"}])}),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}),
    ],
)
def test_telegram_refuses_what_the_bot_api_does_not_know(method: str, fields: dict[str, object]) -> None:
    assert TelegramSpec().faults(method, fields)
