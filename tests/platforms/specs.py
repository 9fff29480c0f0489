"""Check what a bot sends against the vendors' own specifications.

Discord publishes an OpenAPI document, Telegram's API is at hand as a JSON table. The digests of both lie in
``specifications/``; ``python -m tests.platforms.digest`` makes them anew.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from tests.platforms.digest import SPECIFICATIONS


@cache
def load(vendor: str) -> dict[str, Any]:
    """Read the digest of a vendor's specification."""
    return dict(json.loads((SPECIFICATIONS / f"{vendor}.json").read_text(encoding="utf-8")))


def _least(tries: list[list[str]]) -> list[str]:
    """Return the faults of the alternative that fits best; none if one fits."""
    return min(tries, key=len, default=[])


class DiscordSpec:
    """Find what is wrong with a request to Discord's REST API.

    Stricter than the document in one point: a property that it does not name counts as wrong. Milder in
    its known gaps: snowflakes and permissions may be numbers or strings, commands may say ``nsfw``, and an
    edit may say ``tts``, which Discord ignores.
    """

    def __init__(self) -> None:
        document = load("discord")
        self._schemas = document["schemas"]
        self._operations = [
            (re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))), operations)
            for path, operations in sorted(document["paths"].items(), key=lambda item: item[0].count("{"))
        ]

    def faults(self, method: str, path: str, query: Mapping[str, str], body: object) -> list[str]:
        """List what is wrong with a request; the path goes without ``/api/v10``, no body is None."""
        for pattern, operations in self._operations:
            if pattern.fullmatch(path) and method.lower() in operations:
                break
        else:
            return [f"{method} {path} is no operation"]
        operation = operations[method.lower()]
        known = operation.get("query", ())
        found = [f"{method} {path}: no query parameter {name}" for name in query if name not in known]
        if body is None:
            return [*found, f"{method} {path}: body is missing"] if operation.get("body_required") else found
        if "body" not in operation:
            return [*found, f"{method} {path}: takes no body"]
        return found + [f"{method} {path}: {fault}" for fault in self._check(operation["body"], body, "body")]

    def _check(self, schema: Mapping[str, Any], value: object, at: str) -> Iterator[str]:
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            if name == "SnowflakeType" and isinstance(value, int):
                return
            schema = self._schemas[name]
        for part in schema.get("allOf", ()):
            yield from self._check(part, value, at)
        for union in ("oneOf", "anyOf"):
            if union in schema:
                yield from _least([list(self._check(part, value, at)) for part in schema[union]])
        if "const" in schema and value != schema["const"]:
            yield f"{at} is {value!r}, not {schema['const']!r}"
        if "enum" in schema and value not in schema["enum"]:
            yield f"{at} is {value!r}, not one of {schema['enum']}"
        kinds = schema.get("type", ())
        kinds = (kinds,) if isinstance(kinds, str) else kinds
        if not kinds or any(_is(kind, value) for kind in kinds):
            yield from self._check_value(schema, value, at)
        elif not (at.endswith("default_member_permissions") and isinstance(value, str)):
            yield f"{at} is {value!r}, not {' or '.join(kinds)}"

    def _check_value(self, schema: Mapping[str, Any], value: object, at: str) -> Iterator[str]:
        if isinstance(value, str):
            yield from _bounds(schema, len(value), "Length", at)
            if "pattern" in schema and not re.search(schema["pattern"], value):
                yield f"{at} does not match {schema['pattern']}"
        elif isinstance(value, int | float):
            yield from _bounds(schema, value, "imum", at)
        elif isinstance(value, list):
            yield from _bounds(schema, len(value), "Items", at)
            for number, item in enumerate(value):
                yield from self._check(schema.get("items", {}), item, f"{at}[{number}]")
        elif isinstance(value, dict):
            yield from self._check_object(schema, value, at)

    def _check_object(self, schema: Mapping[str, Any], value: dict[str, Any], at: str) -> Iterator[str]:
        known, extra = schema.get("properties", {}), schema.get("additionalProperties")
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{at}.{name} is missing"
        for name, item in value.items():
            if name in known:
                yield from self._check(known[name], item, f"{at}.{name}")
            elif isinstance(extra, dict):
                yield from self._check(extra, item, f"{at}.{name}")
            elif known and not extra and name not in ("nsfw", "tts"):
                yield f"{at}.{name} is unknown"


def _is(kind: str, value: object) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    types: dict[str, Any] = {
        "string": str,
        "integer": int,
        "number": (int, float),
        "array": list,
        "object": dict,
        "null": type(None),
    }
    return isinstance(value, types.get(kind, ()))


def _bounds(schema: Mapping[str, Any], size: float, suffix: str, at: str) -> Iterator[str]:
    if size < schema.get(f"min{suffix}", size):
        yield f"{at}: {size} is under {schema[f'min{suffix}']}"
    if size > schema.get(f"max{suffix}", size):
        yield f"{at}: {size} is over {schema[f'max{suffix}']}"


def _is_number(value: object) -> bool:
    return not isinstance(value, bool) and re.fullmatch(r"-?\d+(\.\d+)?", str(value)) is not None


# In a form numbers and truth values are text.
_PLAIN: dict[str, Callable[[object], bool]] = {
    "InputFile": lambda value: isinstance(value, bytes),
    "String": lambda value: isinstance(value, str),
    "Integer": _is_number,
    "Float": _is_number,
    "Boolean": lambda value: str(value).lower() in ("true", "false"),
    "True": lambda value: str(value).lower() == "true",
}


class TelegramSpec:
    """Find what is wrong with a call to Telegram's Bot API."""

    def __init__(self) -> None:
        document = load("telegram")
        self._methods, self._types = document["methods"], document["types"]

    def faults(self, method: str, fields: Mapping[str, object]) -> list[str]:
        """List what is wrong with a call; values as sent in a form are text, and JSON within."""
        if method not in self._methods:
            return [f"{method} is no method"]
        return list(self._fields(self._methods[method]["fields"], fields, method))

    def _fields(
        self, known: Mapping[str, Mapping[str, Any]], given: Mapping[str, object], at: str
    ) -> Iterator[str]:
        for name, field in known.items():
            if field.get("required") and name not in given:
                yield f"{at}.{name} is missing"
        for name, value in given.items():
            if name not in known:
                yield f"{at}.{name} is unknown"
                continue
            kinds = known[name]["types"]
            yield from _least([list(self._check(kind, value, f"{at}.{name}")) for kind in kinds])
            yield from _too_long(known[name], value, f"{at}.{name}")

    def _check(self, kind: str, value: object, at: str) -> Iterator[str]:
        if kind.startswith("Array of "):
            value = _parsed(value)
            if not isinstance(value, list):
                yield f"{at} is no list"
                return
            for number, item in enumerate(value):
                yield from self._check(kind.removeprefix("Array of "), item, f"{at}[{number}]")
        elif kind in _PLAIN:
            if not _PLAIN[kind](value):
                yield f"{at} is no {kind}: {value!r:.60}"
        else:
            yield from self._check_object(kind, _parsed(value), at)

    def _check_object(self, kind: str, value: object, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{at} is no {kind}"
        elif "subtypes" in self._types[kind]:
            kinds = self._types[kind]["subtypes"]
            yield from _least([list(self._check_object(name, value, at)) for name in kinds])
        else:
            yield from self._fields(self._types[kind]["fields"], value, at)


def _too_long(field: Mapping[str, Any], value: object, at: str) -> Iterator[str]:
    """Hold a text to the length that its field may have; one that is parsed first is left alone."""
    for unit in ("characters", "bytes"):
        if unit in field and isinstance(value, str):
            size = len(value if unit == "characters" else value.encode())
            least, most = field[unit]
            if not least <= size <= most:
                yield f"{at}: {size} {unit}, not {least} to {most}"


def _parsed(value: object) -> object:
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
