"""What stands around each page: its head, the way to the other pages, and its foot."""

import json
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from bot import texts
from bot.platforms.web import texts as site
from bot.platforms.web.assets import Assets
from bot.translation import ENGLISH
from bot.translation.translator import say, say_template

TEMPLATES: Final = Path(__file__).parent / "templates"
SCRIPTS: Final = Path(__file__).parent / "static"
_SENTENCE: Final = re.compile(r"\{\{(.+?)\}\}")
_WITH_NAMES: Final = re.compile(r"\$(\w+)")
_WITH_BRACES: Final = re.compile(r"\{(\w+)\}")
_SAID: Final = re.compile(r'\bsaid\("([^"]+)"\)')


def template_sentences() -> list[str]:
    """List what templates say, where it stands as ``{{Copy link}}``."""
    found = [_SENTENCE.findall(path.read_text("utf-8")) for path in sorted(TEMPLATES.glob("*.html"))]
    return [_WITH_NAMES.sub(r"{\1}", text) for said in found for text in said]


def script_sentences() -> list[str]:
    """List what scripts say, where it stands as ``said("Copied")``."""
    return [text for path in sorted(SCRIPTS.glob("*.js")) for text in _SAID.findall(path.read_text("utf-8"))]


class Shell:
    """Fills templates, in which ``$name`` says where something goes. Whoever gives a value has escaped it.

    Attributes:
        base: path under which the site is reached; empty for the root of its host.
        invites: addresses by which the bot comes to a server or a group, by label; may be filled later.

    Args:
        assets: what pages load.
        base: the path.
        papers: addresses of what the bot promises, by label.
        invites: the addresses.
        language: of the pages.
    """

    def __init__(
        self,
        assets: Assets,
        base: str,
        papers: Mapping[str, str],
        invites: Mapping[str, str],
        language: str = ENGLISH,
    ) -> None:
        self._language = language
        self.base = base
        self._assets = assets
        self._papers = papers
        self.invites = invites
        self._templates = {
            path.stem: Template(_SENTENCE.sub(self._put, path.read_text(encoding="utf-8")))
            for path in TEMPLATES.glob("*.html")
        }
        words = (
            {} if language == ENGLISH else {text: say_template(text, language) for text in script_sentences()}
        )
        self._words = f' data-words="{escape(json.dumps(words, ensure_ascii=False))}"' if words else ""

    def say(self, text: str) -> str:
        """Say a text in the language of the pages."""
        return say(text, self._language)

    def _put(self, found: re.Match[str]) -> str:
        said = say_template(_WITH_NAMES.sub(r"{\1}", found[1]), self._language)
        return escape(_WITH_BRACES.sub(r"$\1", said))

    def fill(self, template: str, **values: str) -> str:
        """Fill a template."""
        return self._templates[template].substitute(values, base=self.base)

    def page(
        self,
        title: str,
        body: str,
        script: str,
        kind: str,
        *,
        description: str = "",
        more: str = "",
        address: str = "",
    ) -> str:
        """Make a page.

        Args:
            title: in the browser's title bar.
            body: of the page, as HTML.
            script: names of what runs it after the staff, with spaces between; empty for none.
            kind: class of the page, for its style.
            description: for search engines.
            more: for its head, as HTML.
            address: the one under which it should be known; empty for none.
        """
        urls = self._assets.urls
        canonical = f'<link rel="canonical" href="{escape(address)}">\n' if address else ""
        return self.fill(
            "page",
            title=escape(title),
            description=escape(description or self.say(texts.TAGLINE)),
            name=escape(texts.NAME),
            language=self._language,
            words=self._words,
            css=urls["site.css"],
            plain=urls["plain.css"],
            icon=urls["mark.svg"],
            scripts=self._scripts(script) if script else "",
            more=canonical + more,
            nav="".join(self._way(path, label, kind) for path, label in site.NAV.items()),
            foot="" if kind == "page-chat" else f'<footer class="foot">{self.ways()}</footer>',
            kind=kind,
            body=body,
        )

    def _scripts(self, scripts: str) -> str:
        urls, integrity = self._assets.urls, self._assets.abcjs_integrity
        proof = f' integrity="{integrity}" crossorigin="anonymous"' if integrity else ""
        ours = (f'<script src="{urls[script]}" defer></script>' for script in ("staff.js", *scripts.split()))
        return "\n".join((f'<script src="{urls["abcjs"]}"{proof} defer></script>', *ours))

    def _way(self, path: str, label: str, kind: str) -> str:
        here = ' aria-current="page"' if kind == f"page-{path}" else ""
        return f'<a href="{self.base}/{path}"{here}>{escape(self.say(label))}</a>'

    def ways(self) -> str:
        """List what the bot promises, and the ways to have it elsewhere, as HTML."""
        links = {label: f"{self.base}/{page}" for label, page in self._papers.items()} | dict(self.invites)
        items = "".join(
            f'<li><a href="{escape(url)}" rel="noopener">{escape(self.say(label))}</a></li>'
            for label, url in links.items()
        )
        return f'<ul class="ways">{items}</ul>' if items else ""
