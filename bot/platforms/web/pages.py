"""The pages as HTML. Templates have ``$name`` where something goes; all that goes in is escaped here."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import quote

from bot import texts
from bot.files import FILES
from bot.platforms.web.assets import Assets
from bot.store import NewTune, SavedTune
from generator.compose.request import Option, options
from generator.music.dances import Meter, dance_of
from generator.music.instruments import DEFAULT_INSTRUMENT, INSTRUMENTS
from generator.music.keys import Key
from generator.render.audio import HEAD
from generator.render.part_times import Timeline

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

    def tune(
        self, saved: SavedTune, time: Timeline, keys: Sequence[Key], suffixes: Sequence[str], home: str
    ) -> str:
        """The page of a tune.

        Args:
            saved: the tune.
            time: how long it plays, and where its parts are.
            keys: that it can be had in, its own among them.
            suffixes: of the files that there are.
            home: the site's address, for those who unfold a link.
        """
        tune = saved.tune
        own, instrument = Key.read(tune.key), tune.request.get("instrument", DEFAULT_INSTRUMENT)
        facts = [escape(fact) for fact in facts_line(tune).split(" · ")]
        if tune.temp is not None:
            facts += [f"temp {tune.temp:g}", f"seed {tune.seed}"]
        # The page says which key it is in, and another is chosen there.
        facts = [f'<span id="in-key">{fact}</span>' if fact == own.name else fact for fact in facts]
        sound = [suffix for suffix in ("mp3", "ogg") if suffix in suffixes]
        sources = "".join(
            f'<source src="/t/{saved.id}.{suffix}" type="{FILES[suffix].media_type}">' for suffix in sound
        )
        controls = self._fill(
            "player",
            title=escape(tune.title),
            sources=sources,
            picture=f' data-picture="/t/{saved.id}.svg"' if "svg" in suffixes else "",
            drawing=_drawing(saved) if "svg" in suffixes else "",
            beats=str(time.beats),
            duration=f"{time.seconds:.3f}",
            head=f"{HEAD:g}",
            keys="".join(_choice(key.abc, key.name, chosen=key == own) for key in keys),
            key=escape(own.abc),
            instrument=instrument,
            instruments="".join(_choice(name, name, chosen=name == instrument) for name in INSTRUMENTS),
            parts="".join(
                f'<option value="{part.start:.3f}-{part.end:.3f}">Part {escape(part.label)}</option>'
                for part in time.parts
            ),
            silent="" if sound else f'<p class="note">{escape(texts.NO_SOUND)}</p>',
            hidden="" if sound else " hidden",
        )
        body = self._fill(
            "tune",
            id=saved.id,
            title=escape(tune.title),
            facts="".join(f"<li>{fact}</li>" for fact in facts),
            abc=escape(tune.abc),
            player=controls,
            files="".join(
                f'<li><a href="/t/{saved.id}.{suffix}" download>{FILES[suffix].label}</a></li>'
                for suffix in suffixes
                if suffix not in ("svg", "ogg")
            ),
        )
        return self._page(
            f"{tune.title} – {texts.NAME}", body, "tune.js", "page-tune", _preview(saved, suffixes, home)
        )

    def recent(self, tunes: Sequence[SavedTune]) -> str:
        """The list of recent tunes."""
        items = "".join(
            f'<li><a href="/t/{saved.id}"><span class="name">{escape(saved.tune.title)}</span>'
            f"<small>{escape(facts_line(saved.tune))}</small>"
            f'<span class="incipit" data-abc="{escape(saved.tune.abc)}" aria-hidden="true"></span></a></li>'
            for saved in tunes
        )
        body = self._fill(
            "recent",
            title=texts.RECENT_TITLE,
            lead=texts.RECENT_LEAD if tunes else texts.RECENT_EMPTY,
            tunes=f'<ul class="tunes">{items}</ul>' if tunes else "",
        )
        return self._page(f"{texts.RECENT_TITLE} – {texts.NAME}", body, "recent.js", "page-recent")

    def message(self, title: str, text: str) -> str:
        """A page that says one thing, such as that there is no such tune."""
        return self._page(
            title, self._fill("message", title=escape(title), text=escape(text)), "", "page-message"
        )

    def _page(self, title: str, body: str, script: str, kind: str, preview: str = "") -> str:
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
            preview=preview,
            recent=texts.RECENT_TITLE,
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


def facts_line(tune: NewTune) -> str:
    """Type, key and meter of a kept tune, for those who see only its link."""
    facts = [dance_of(tune.rhythm), Key.read(tune.key).name, "" if Meter(tune.meter).free else tune.meter]
    return " · ".join(fact for fact in facts if fact)


def _preview(saved: SavedTune, suffixes: Sequence[str], home: str) -> str:
    """What a pasted link unfolds from: Open Graph (ogp.me), Twitter's card, and where oEmbed is."""
    address = f"{home}/t/{saved.id}"
    facts = facts_line(saved.tune)
    properties = {
        "og:site_name": texts.NAME,
        "og:type": "music.song",
        "og:title": saved.tune.title,
        "og:description": facts,
        "og:url": address,
    }
    if "png" in suffixes:
        properties |= {
            "og:image": f"{address}.png",
            "og:image:type": FILES["png"].media_type,
            "og:image:alt": f"Sheet music of {saved.tune.title}",
        }
    if "mp3" in suffixes:
        properties |= {"og:audio": f"{address}.mp3", "og:audio:type": FILES["mp3"].media_type}
    tags = [f'<meta property="{name}" content="{escape(value)}">' for name, value in properties.items()]
    tags.append(
        f'<meta name="twitter:card" content="{"summary_large_image" if "png" in suffixes else "summary"}">'
    )
    where = escape(f"{home}/oembed?url={quote(address, safe='')}&format=json")
    title = escape(saved.tune.title)
    tags.append(f'<link rel="alternate" type="application/json+oembed" href="{where}" title="{title}">')
    return "\n".join(tags)


def _drawing(saved: SavedTune) -> str:
    """The sheet as a picture, for a browser without scripts."""
    where, title = f"/t/{saved.id}.svg", escape(saved.tune.title)
    night = f'<source srcset="{where}?dark" media="(prefers-color-scheme: dark)">'
    return f'<picture>{night}<img class="sheet" src="{where}" alt="Sheet music of {title}"></picture>'


def _choice(value: str, label: str, *, chosen: bool) -> str:
    return f'<option value="{escape(value)}"{" selected" if chosen else ""}>{escape(label)}</option>'


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
