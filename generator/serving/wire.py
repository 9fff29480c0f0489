"""Values as JSON and back, for machines that compose and draw elsewhere.

Nothing that comes in is run: only plain values, and plain records of our own, are built from it.
"""

import base64
import binascii
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from generator import errors
from generator.compose.request import TuneRequest
from generator.errors import AbcError, FriendlyError
from generator.music.tune import Tune
from generator.serving.pool import WorkerError

_KIND, _OF = "~", "of"
MORE: Final = "more"  # set in a line of an answer that is not its last
_OURS: Final = ("generator.music.", "generator.render.", "generator.serving.messages")
_PLAIN: Final = (str, int, float, bool, type(None))
_ERRORS: Final[Mapping[str, type[FriendlyError]]] = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, FriendlyError)
}

Json = Any


class WireError(ValueError):
    """What came in is nothing that we send."""


def packed(value: object) -> Json:
    """Return a value as JSON has it.

    Raises:
        WireError: it is of a kind that is not sent.
    """
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, tuple):
        return [packed(item) for item in value]
    if isinstance(value, Tune):
        return _packed_tune(value)
    if isinstance(value, TuneRequest):
        return _record("request", {name: packed(getattr(value, name)) for name in value.model_fields_set})
    for kind, (type_, write, _) in _CODECS.items():
        if isinstance(value, type_):
            return _record(kind, write(value))
    if is_dataclass(value) and not isinstance(value, type):
        return _packed_record(value)
    raise WireError(f"a {type(value).__name__} is not sent")


def unpacked(value: Json) -> Any:
    """Return the value that JSON stands for.

    Raises:
        WireError: it stands for none.
    """
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, list):
        return tuple(unpacked(item) for item in value)
    if not isinstance(value, dict) or not isinstance(value.get(_KIND), str):
        raise WireError("that is no value")
    kind: str = value[_KIND]
    content: Json = value.get(_OF)
    try:
        if kind == "tune":
            return _unpacked_tune(content)
        if kind == "request":
            return TuneRequest.of({name: unpacked(item) for name, item in content.items()})
        if kind in _CODECS:
            return _CODECS[kind][2](content)
        return _record_type(kind)(**{name: unpacked(item) for name, item in content.items()})
    except (TypeError, ValueError, AttributeError, KeyError, ZeroDivisionError, binascii.Error) as error:
        raise WireError(f"that is no {kind[:60]}") from error


def packed_error(error: BaseException, trace: str = "") -> Json:
    """Return an error as JSON: the sentence of a friendly one, the trace of a fault."""
    if isinstance(error, AbcError):
        content: Json = {"text": error.reason, "line": error.line, "bar": error.bar}
        return {"error": "AbcError"} | content
    if isinstance(error, FriendlyError):
        kind = next(each.__name__ for each in type(error).__mro__ if each.__name__ in _ERRORS)
        return {"error": kind, "text": str(error)}
    return {"error": "fault", "text": trace or repr(error)}


def unpacked_error(value: Json) -> Exception:
    """Return the error that JSON stands for."""
    kind, text = str(value.get("error")), str(value.get("text"))
    if kind == "AbcError":
        return AbcError(text, value.get("line"), value.get("bar"))
    return _ERRORS[kind](text) if kind in _ERRORS else WorkerError(text)


def _record(kind: str, content: Json) -> Json:
    return {_KIND: kind, _OF: content}


def _packed_record(value: Any) -> Json:
    type_ = type(value)
    name = f"{type_.__module__}.{type_.__qualname__}"
    if not name.startswith(_OURS):
        raise WireError(f"a {name} is not sent")
    return _record(name, {each.name: packed(getattr(value, each.name)) for each in fields(value)})


def _record_type(name: str) -> Any:
    module, _, word = name.rpartition(".")
    found = getattr(sys.modules.get(module), word, None) if name.startswith(_OURS) else None
    if not (isinstance(found, type) and is_dataclass(found) and found.__module__ == module):
        raise WireError(f"that is no {name[:60]}")
    return found


def _packed_tune(tune: Tune) -> Json:
    """Return a tune as its ABC, which is short, where that says all of it."""
    abc = tune.abc()
    if tune.remarks or Tune.read_or_none(abc) != tune:
        return _packed_record(tune)
    return _record("tune", {"abc": abc, "origin": packed(tune.origin)})


def _unpacked_tune(content: Json) -> Tune:
    tune, origin = Tune.read(content["abc"]), unpacked(content["origin"])
    return Tune(**{each.name: getattr(tune, each.name) for each in fields(tune)} | {"origin": origin})


def _packed_mapping(value: Mapping[str, object]) -> Json:
    return {name: packed(item) for name, item in value.items()}


_CODECS: Final[Mapping[str, tuple[type, Any, Any]]] = {
    "bytes": (
        bytes,
        lambda value: base64.b64encode(value).decode(),
        lambda value: base64.b64decode(value, validate=True),
    ),
    "fraction": (Fraction, str, Fraction),
    "path": (Path, str, Path),
    "list": (list, lambda value: [packed(item) for item in value], lambda value: list(unpacked(value))),
    "mapping": (
        Mapping,
        _packed_mapping,
        lambda value: {name: unpacked(item) for name, item in value.items()},
    ),
}
