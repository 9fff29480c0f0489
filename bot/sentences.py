"""Find the English sentences in our own code, as a translator needs them.

A sentence is a text, or an f-string with its values as ``{names}``; one that goes over several lines counts
line by line. ``plural(count, "{n} like", "{n} likes")`` gives a pair.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from bot.commands.command import Command
from bot.language.moods import MOODS
from bot.platforms.web.shell import script_sentences, template_sentences
from generator.music.dances import DANCES
from generator.music.instruments import INSTRUMENTS

ROOT: Final = Path(__file__).resolve().parents[1]
TEXTS: Final = (
    "bot/texts/__init__.py",
    "bot/texts/community.py",
    "bot/platforms/discord/texts.py",
    "bot/platforms/telegram/texts.py",
    "bot/platforms/web/texts.py",
    "generator/compose/option.py",
)
"""Every text of these modules is shown to people."""
ERRORS: Final = (
    "generator/compose",
    "generator/grammar",
    "generator/music",
    "generator/render",
    "generator/serving",
)
"""In these folders the sentences of errors and remarks are."""
_SAYING: Final = frozenset(("remark", "_remark", "fail"))
_KINDS: Final = frozenset(
    (
        "FriendlyError",
        "RequestError",
        "AbcError",
        "FileError",
        "ModelError",
        "BusyError",
        "ComposeError",
        "RenderError",
    )
)
_BLANK: Final = re.compile(r"\{(:,)?\}")  # of str.format
Sentence = str | tuple[str, str]


def sentences(commands: Mapping[str, Command]) -> list[Sentence]:
    """List every sentence that people may read, each once, in the order of the code."""
    found: dict[Sentence, None] = {}
    for name in TEXTS:
        found |= dict.fromkeys(_of_texts(ast.parse((ROOT / name).read_text(encoding="utf-8"))))
    for folder in ERRORS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            found |= dict.fromkeys(_of_errors(ast.parse(path.read_text(encoding="utf-8"))))
    found |= dict.fromkeys(_of_menus(commands))
    found |= dict.fromkeys((*template_sentences(), *script_sentences()))
    return [each for each in found if _has_words(each)]


def _of_texts(tree: ast.Module) -> Iterator[Sentence]:
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside: set[int] = set()
    for node in ast.walk(tree):
        if id(node) in inside or id(node) in docstrings:
            continue
        if isinstance(node, ast.Subscript | ast.Compare | ast.arguments | ast.Set):
            inside |= {id(each) for each in ast.walk(node)}  # keys, and what is compared with
        elif pair := _plural(node):
            inside |= {id(each) for each in ast.walk(node)}
            yield pair
        elif isinstance(node, ast.Dict):
            inside |= {id(key) for key in node.keys}
        elif isinstance(node, ast.JoinedStr):
            inside |= {id(each) for each in node.values}
            yield from _lines(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _lines(node)


def _of_errors(tree: ast.Module) -> Iterator[Sentence]:
    for node in ast.walk(tree):
        name = ""
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
        if name in _SAYING or name in _KINDS:
            assert isinstance(node, ast.Call)
            inside: set[int] = set()
            for each in (part for arg in node.args for part in ast.walk(arg)):
                if isinstance(each, ast.JoinedStr):
                    inside |= {id(value) for value in each.values}
                    yield from _lines(each)
                elif (
                    isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in inside
                ):
                    yield from _lines(each)
        elif isinstance(node, ast.AnnAssign | ast.Assign) and isinstance(
            node.value, ast.Constant | ast.JoinedStr
        ):
            value = node.value
            if isinstance(value, ast.JoinedStr) or (isinstance(value.value, str) and " " in value.value):
                yield from (
                    line for line in _lines(value) if line[:1].isupper() and line.endswith((".", "!"))
                )


def _of_menus(commands: Mapping[str, Command]) -> Iterator[str]:
    for command in commands.values():
        yield command.help
        yield from (option.help for option in command.options.values())
        yield from (option.left_out for option in command.options.values())
    yield from (mood.meaning for mood in MOODS)
    yield from ("usually", "such as", "to")  # of bot.language.allowed
    yield from DANCES
    yield from INSTRUMENTS
    yield from (each.note for each in INSTRUMENTS.values() if each.note)


def _plural(node: ast.AST) -> tuple[str, str] | None:
    if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "plural"):
        return None
    one, many = (_template(arg) for arg in node.args[1:3])
    return one, many


def _lines(node: ast.JoinedStr | ast.Constant) -> Iterator[str]:
    return (line.strip() for line in _template(node).split("\n"))


def _template(node: ast.AST) -> str:
    """Write a text with its values as names."""
    if isinstance(node, ast.Constant):
        count = iter(range(1, 10))
        return _BLANK.sub(lambda _: f"{{v{next(count)}}}", str(node.value))
    assert isinstance(node, ast.JoinedStr)
    text, names = "", dict[str, int]()
    for value in node.values:
        if isinstance(value, ast.Constant):
            text += str(value.value)
            continue
        assert isinstance(value, ast.FormattedValue)
        name = _name(value.value)
        names[name] = names.get(name, 0) + 1
        text += f"{{{name}{names[name] if names[name] > 1 else ''}}}"
    return text


def _name(node: ast.AST) -> str:
    """Return a name for a value: its own, that of its last attribute, or that of what is called."""
    while True:
        if isinstance(node, ast.Name):
            return node.id.lower().strip("_")
        if isinstance(node, ast.Attribute):
            return node.attr.lower().strip("_")
        if isinstance(node, ast.Subscript):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.args[0] if node.args and isinstance(node.args[0], ast.Name) else node.func
        else:
            return "value"


_FOR_OPERATORS: Final = (
    *("_TOKEN", "the option {name} ", "SOUNDFONT", "soundfont is installed", "FILES_URL", ": I am "),
    "can be read",
)
_SAME_ANYWHERE: Final = frozenset(
    (
        *(
            "ge",
            "le",
            "max_length",
            "Tunesmith",
            "/tune jig in Em",
            "/tune key=G temp=0.8",
            "T:My Tune",
            "K:G",
        ),
        *("GAB d2e|gfe d2B|", "id {tune}", "any"),
    )
)


def _has_words(sentence: Sentence) -> bool:
    """Tell whether a sentence has to be translated."""
    text = "".join(sentence)
    if text in _SAME_ANYWHERE or any(word in text for word in _FOR_OPERATORS):
        return False
    while (at := text.find("{")) >= 0 and (end := text.find("}", at)) >= 0:
        text = text[:at] + text[end + 1 :]
    return sum(map(str.isalpha, text)) > 1


def names_in(template: str) -> list[str]:
    """Return the names of the values in a sentence, in order."""
    from string import Formatter  # noqa: PLC0415

    return [name for _, name, _, _ in Formatter().parse(template) if name is not None]


def in_order(found: Iterable[Sentence]) -> list[Sentence]:
    """Sort sentences for a catalog, so that little changes in it when code moves."""
    return sorted(found, key=lambda each: each if isinstance(each, str) else each[0])
