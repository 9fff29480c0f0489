"""The pages as HTML. Templates have ``$name`` where something goes; all that goes in is escaped here."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from bot import texts
from bot.store import SavedTune
from bot.web.assets import Assets
from generator.request import Option, options

_TEMPLATES: Final = Path(__file__).parent / "templates"
_FIRST_WISHES: Final = ("key", "type", "meter", "temp")  # the others stand behind “More”


class Pages:
    """Makes the pages of the site.

    Args:
        assets: what they load.
        invites: labels and addresses of the bot elsewhere, such as “Add to Discord”.
    """

    def __init__(self, assets: Assets, invites: Mapping[str, str]) -> None:
        self._assets = assets
        self._invites = invites
        self._templates = {
            path.stem: Template(path.read_text(encoding="utf-8")) for path in _TEMPLATES.glob("*.html")
        }

    def chat(self) -> str:
        """The chat page."""
        wishes = options()
        first = "".join(_field(wishes[name]) for name in _FIRST_WISHES)
        more = "".join(_field(option) for name, option in wishes.items() if name not in _FIRST_WISHES)
        body = self._fill(
            "chat",
            headline=escape(texts.TAGLINE),
            welcome=escape(texts.WEB_WELCOME),
            invites=self._invited(),
            chips="".join(_chip(label, command) for label, command in texts.WEB_CHIPS),
            wishes=first,
            more=more,
            placeholder=escape(texts.WEB_PLACEHOLDER),
        )
        return self._page(texts.NAME, body, "chat.js", "page-chat")

    def tune(self, saved: SavedTune) -> str:
        """The page of a tune."""
        tune = saved.tune
        facts = [tune.rhythm, tune.key, tune.meter]
        if tune.temp is not None:
            facts += [f"temp {tune.temp:g}", f"seed {tune.seed}"]
        body = self._fill(
            "tune",
            id=escape(saved.id),
            title=escape(tune.title),
            facts="".join(f"<li>{escape(fact)}</li>" for fact in facts if fact),
            abc=escape(tune.abc),
        )
        return self._page(f"{tune.title} – {texts.NAME}", body, "tune.js", "page-tune")

    def message(self, title: str, text: str) -> str:
        """A page that says one thing, such as that there is no such tune."""
        return self._page(
            title, self._fill("message", title=escape(title), text=escape(text)), "", "page-message"
        )

    def _page(self, title: str, body: str, script: str, kind: str) -> str:
        urls = self._assets.urls
        scripts = ""
        if script:
            integrity = self._assets.abcjs_integrity
            proof = f' integrity="{integrity}" crossorigin="anonymous"' if integrity else ""
            scripts = (
                f'<script src="{urls["abcjs"]}"{proof} defer></script>\n'
                f'<script src="{urls["staff.js"]}" defer></script>\n'
                f'<script src="{urls[script]}" defer></script>'
            )
        return self._fill(
            "page",
            title=escape(title),
            description=escape(texts.TAGLINE),
            name=escape(texts.NAME),
            css=urls["site.css"],
            icon=urls["mark.svg"],
            scripts=scripts,
            kind=kind,
            body=body,
        )

    def _invited(self) -> str:
        links = "".join(
            f'<a class="button quiet" href="{escape(url)}" rel="noopener">{escape(label)}</a>'
            for label, url in self._invites.items()
        )
        return f'<p class="invites">{links}</p>' if links else ""

    def _fill(self, template: str, **values: str) -> str:
        return self._templates[template].substitute(values)


def _chip(label: str, command: str) -> str:
    return f'<button type="button" class="chip" data-command="{escape(command)}">{escape(label)}</button>'


def _field(option: Option) -> str:
    """A labelled control for an option: a list, a slider, a number or a line of text."""
    name, help_ = escape(option.name), escape(option.help)
    default = "" if option.default is None else str(option.default)
    common = f'id="wish-{name}" name="{name}" data-default="{escape(default)}"'
    if option.choices:
        any_ = f'<option value="">{texts.WEB_ANY}</option>' if option.default is None else ""
        chosen = "".join(
            f"<option{' selected' if choice == option.default else ''}>{escape(str(choice))}</option>"
            for choice in option.choices
        )
        control = f"<select {common}>{any_}{chosen}</select>"
    elif option.kind is float:
        bounds = f'min="{option.minimum:g}" max="{option.maximum:g}" step="0.05" value="{escape(default)}"'
        shown = f'<output for="wish-{name}">{escape(default)}</output>'
        control = f'<span class="slide"><input type="range" {common} {bounds}>{shown}</span>'
    elif option.kind is int:
        control = (
            f'<input type="number" {common} min="{option.minimum:.10g}" max="{option.maximum:.10g}"'
            f' value="{escape(default)}" inputmode="numeric" placeholder="{texts.WEB_ANY}">'
        )
    else:
        shown = escape(f"{texts.WEB_ANY}, such as {option.examples[0]}" if option.examples else texts.WEB_ANY)
        control = (
            f'<input type="text" {common} maxlength="{option.max_length or 40}" placeholder="{shown}"'
            ' autocomplete="off" autocapitalize="off" spellcheck="false">'
        )
    return f'<p class="wish"><label for="wish-{name}">{name}<small>{help_}</small></label>{control}</p>'
