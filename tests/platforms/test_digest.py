"""The digest keeps what can be checked and drops the prose."""

import json
from pathlib import Path

from tests.platforms import digest
from tests.platforms.digest import SPECIFICATIONS, discord_digest, telegram_digest

REF = "#/components/schemas/"
DISCORD = {
    "info": {"title": "Discord", "version": "10", "description": "prose"},
    "paths": {
        "/tunes/{tune_id}": {
            "parameters": [{"name": "tune_id", "in": "path"}],
            "post": {
                "description": "prose",
                "parameters": [{"name": "wait", "in": "query", "schema": {"type": "boolean"}}],
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": f"{REF}Tune"}}},
                    "required": True,
                },
            },
        }
    },
    "components": {
        "schemas": {
            "Tune": {
                "type": "object",
                "description": "prose",
                "properties": {
                    "description": {"type": "string", "maxLength": 100, "description": "prose"},
                    "kind": {"$ref": f"{REF}Kind"},
                },
                "required": ["kind"],
            },
            "Kind": {"type": "integer", "oneOf": [{"title": "JIG", "const": 1, "description": "prose"}]},
            "Answer": {"type": "object"},
        }
    },
}
TELEGRAM = {
    "version": "Bot API 1",
    "methods": {
        "sendTune": {
            "description": ["prose"],
            "fields": [
                {"name": "abc", "types": ["String"], "required": True, "description": "The tune, 1-64 bytes"},
                {
                    "name": "text",
                    "types": ["String"],
                    "required": False,
                    "description": "0-9 characters after entities parsing",
                },
            ],
        }
    },
    "types": {"Tune": {"description": ["prose"], "subtypes": ["Jig", "Reel"]}},
}


def test_discords_digest_has_operations_and_the_schemas_they_reach():
    assert discord_digest(DISCORD) == {
        "title": "Discord",
        "version": "10",
        "paths": {
            "/tunes/{tune_id}": {
                "post": {"query": ["wait"], "body": {"$ref": f"{REF}Tune"}, "body_required": True}
            }
        },
        "schemas": {
            "Kind": {"type": "integer", "enum": [1]},
            "Tune": {
                "type": "object",
                "properties": {
                    "description": {"type": "string", "maxLength": 100},
                    "kind": {"$ref": f"{REF}Kind"},
                },
                "required": ["kind"],
            },
        },
    }


def test_telegrams_digest_has_fields_and_the_lengths_of_its_prose():
    assert telegram_digest(TELEGRAM) == {
        "version": "Bot API 1",
        "methods": {
            "sendTune": {
                "fields": {
                    "abc": {"types": ["String"], "required": True, "bytes": [1, 64]},
                    "text": {"types": ["String"], "parsed_characters": [0, 9]},
                }
            }
        },
        "types": {"Tune": {"subtypes": ["Jig", "Reel"]}},
    }


def test_the_command_reads_the_folder_that_it_is_given(tmp_path: Path, monkeypatch):
    (tmp_path / "discord_openapi.json").write_text(json.dumps(DISCORD))
    (tmp_path / "telegram_api.json").write_text(json.dumps(TELEGRAM))
    monkeypatch.setattr(digest, "SPECIFICATIONS", tmp_path / "digests")
    assert digest.main([str(tmp_path)]) == 0
    assert json.loads((tmp_path / "digests" / "discord.json").read_text()) == discord_digest(DISCORD)
    assert json.loads((tmp_path / "digests" / "telegram.json").read_text()) == telegram_digest(TELEGRAM)
    assert digest.main([]) == 2


def test_the_digests_are_small_and_without_prose():
    files = list(SPECIFICATIONS.iterdir())
    assert {file.name for file in files} == {"discord.json", "telegram.json"}
    assert sum(file.stat().st_size for file in files) < 400_000
    sentences = [word for file in files for word in file.read_text().split('"') if word.count(" ") > 6]
    assert sentences == []
