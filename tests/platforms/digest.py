"""Make the digest of the vendors' specifications that the tests check against.

``python -m tests.platforms.digest FOLDER`` reads ``discord_openapi.json`` (repository
discord/discord-api-spec) and ``telegram_api.json`` (repository PaulSonOfLars/telegram-bot-api-spec) from the
folder and writes their names, types, requirements and limits, without prose, into ``specifications/``.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

SPECIFICATIONS = Path(__file__).with_name("specifications")

# What JSON Schema calls a type, a requirement or a limit; the rest is prose.
_SCHEMA_WORDS = {
    *("$ref", "additionalProperties", "allOf", "anyOf", "const", "enum", "format", "items", "oneOf"),
    *("pattern", "properties", "required", "type", "uniqueItems"),
    *(f"{end}{what}" for end in ("min", "max") for what in ("imum", "Items", "Length", "Properties")),
}
_JSON = "application/json"
_LENGTH = re.compile(r"\b(\d+)-(\d+) (characters|bytes)")
_PARSED = re.compile(r"after entit(?:y|ies) parsing")  # so the text itself may be longer


def discord_digest(document: dict[str, Any]) -> dict[str, Any]:
    """Return Discord's operations, and the schemas that their requests are made of."""
    operations: dict[str, dict[str, Any]] = {}
    for path, methods in document["paths"].items():
        operations[path] = {
            method: _operation(operation)
            for method, operation in methods.items()
            if method in ("delete", "get", "patch", "post", "put")
        }
    schemas = {name: _schema(schema) for name, schema in document["components"]["schemas"].items()}
    return {
        "title": document["info"]["title"],
        "version": document["info"]["version"],
        "paths": operations,
        "schemas": {name: schemas[name] for name in sorted(_reached(operations, schemas))},
    }


def _operation(operation: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    query = [given["name"] for given in operation.get("parameters", ()) if given["in"] == "query"]
    if query:
        found["query"] = query
    body = operation.get("requestBody")
    if body:
        content = body["content"].get(_JSON) or next(iter(body["content"].values()))
        found["body"] = _schema(content["schema"])
        found["body_required"] = body.get("required", False)
    return found


def _schema(schema: Any) -> Any:
    """Return a schema without its prose; property names are kept whatever they are."""
    if isinstance(schema, list):
        return [_schema(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {}
    for word, value in schema.items():
        if word == "properties":
            kept[word] = {name: _schema(part) for name, part in value.items()}
        elif word in ("const", "enum"):
            kept[word] = value
        elif word in _SCHEMA_WORDS:
            kept[word] = _schema(value)
    # An enumeration is written as alternatives, each a constant with a title and a description.
    options = kept.get("oneOf", ())
    if options and all(option.keys() == {"const"} for option in options):
        del kept["oneOf"]
        kept["enum"] = [option["const"] for option in options]
    return kept


def _reached(operations: Any, schemas: dict[str, Any]) -> set[str]:
    """Return the names of the schemas that the operations refer to, directly or by others."""
    found: set[str] = set()
    new = _references(operations)
    while new:
        found |= new
        new = {name for known in new for name in _references(schemas[known])} - found
    return found


def _references(value: Any) -> set[str]:
    return set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(value)))


def telegram_digest(document: dict[str, Any]) -> dict[str, Any]:
    """Return Telegram's methods and types: their fields, and the lengths that their prose gives."""
    return {
        "version": document["version"],
        "methods": {name: _fields(method) for name, method in sorted(document["methods"].items())},
        "types": {
            name: {"subtypes": kind["subtypes"]} if "subtypes" in kind else _fields(kind)
            for name, kind in sorted(document["types"].items())
        },
    }


def _fields(thing: dict[str, Any]) -> dict[str, Any]:
    return {"fields": {field["name"]: _field(field) for field in thing.get("fields", ())}}


def _field(field: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"types": field["types"]}
    if field["required"]:
        found["required"] = True
    length = _LENGTH.search(field["description"])
    if length and "String" in field["types"]:
        unit = f"parsed_{length[3]}" if _PARSED.search(field["description"]) else length[3]
        found[unit] = [int(length[1]), int(length[2])]
    return found


def main(arguments: list[str]) -> int:
    """Write the digest of the folder that is named."""
    if len(arguments) != 1:
        print("python -m tests.platforms.digest FOLDER", file=sys.stderr)
        return 2
    SPECIFICATIONS.mkdir(exist_ok=True)
    for name, source, digest in (
        ("discord", "discord_openapi.json", discord_digest),
        ("telegram", "telegram_api.json", telegram_digest),
    ):
        document = json.loads((Path(arguments[0]) / source).read_text(encoding="utf-8"))
        text = json.dumps(digest(document), separators=(",", ":"), ensure_ascii=False)
        path = SPECIFICATIONS / f"{name}.json"
        path.write_text(text + "\n", encoding="utf-8")
        print(f"{path}: {path.stat().st_size // 1000} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
