"""The pages as HTML; all that goes into templates is escaped here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from bot import texts
from bot.commands import another
from bot.files import FileKind
from bot.platforms.web import texts as site
from bot.platforms.web.composing_panel import composing_panel
from bot.platforms.web.list_pages import in_one_line
from bot.platforms.web.previews import Size, tune_preview
from bot.platforms.web.shell import Shell
from bot.platforms.web.staff_room import rooms
from bot.reply import Button
from bot.store import SavedTune
from bot.tune_facts import facts, instrument_of
from generator.compose.option import Option
from generator.music.files.opened import MOST_BYTES, SUFFIXES, TOO_LARGE
from generator.music.instruments import INSTRUMENTS
from generator.music.keys import Key
from generator.render.audio import HEAD
from generator.render.part_times import Timeline

_PLACEHOLDER: Final = "/tune jig in G"
_DRAWING: Final = "svg"  # scales, and has dark ink and light


@dataclass(frozen=True, slots=True)
class Beheld:
    """What a tune is to who looks at it.

    Attributes:
        likes: how many like it.
        liked: whether they are one of these.
        own: whether it was made for them.
        composing: bars that they chose where they are at work on it; None if they are not.
    """

    likes: int
    liked: bool
    own: bool
    composing: str | None = None


class Pages:
    """Makes the pages of the site.

    Args:
        shell: stands around them.
        options: of ``/tune``, for the form.
        invites: labels and addresses of the bot elsewhere, such as “Add to Discord”.
    """

    def __init__(self, shell: Shell, options: Mapping[str, Option], invites: Mapping[str, str]) -> None:
        self._shell, self._base, self._say = shell, shell.base, shell.say
        self._options = options
        self._invites = invites

    def chat(self) -> str:
        """Make the chat page."""
        options = self._options.values()
        body = self._shell.fill(
            "chat",
            headline=escape(self._say(texts.TAGLINE)),
            welcome=escape(self._say(site.WELCOME)),
            invites=self._invited(),
            ways=self._shell.ways(),
            chips="".join(_chip(self._say(label), command) for command, label in site.CHIPS.items()),
            options="".join(_field(option, self._say) for option in options if option.first),
            more="".join(_field(option, self._say) for option in options if not option.first),
            placeholder=_PLACEHOLDER,
            attach=escape(self._say(site.ATTACH)),
            drop_here=escape(self._say(site.DROP_HERE)),
            suffixes=",".join(SUFFIXES),
            most=str(MOST_BYTES),
            too_large=escape(self._say(TOO_LARGE)),
        )
        return self._shell.page(texts.NAME, body, "chat.js", "page-chat")

    def tune(
        self,
        saved: SavedTune,
        time: Timeline,
        keys: Sequence[Key],
        files: Mapping[str, FileKind],
        home: str,
        size: Size | None,
        beheld: Beheld,
        parent: SavedTune | None,
    ) -> str:
        """Make the page of a tune.

        Args:
            saved: the tune.
            time: how long it plays, and where its parts are.
            keys: that it can be had in, its own among them.
            files: kinds of files that there are, by suffix.
            home: the site's address, for those who unfold a link.
            size: of its picture, if it is known.
            beheld: what it is to who looks.
            parent: the tune that it comes from, if it is there.
        """
        tune = saved.tune
        own, instrument = Key.read(tune.key), instrument_of(saved)
        sound = [kind for kind in files.values() if kind.sounds]
        sources = "".join(
            f'<source src="{self._base}/t/{saved.id}.{kind.suffix}" type="{kind.media_type}">'
            for kind in sound
        )
        controls = self._shell.fill(
            "player",
            title=escape(tune.title),
            sources=sources,
            picture=f' data-picture="{self._base}/t/{saved.id}.{_DRAWING}"' if _DRAWING in files else "",
            rooms=rooms(tune.abc),
            drawing=self._drawing(saved, size) if _DRAWING in files else "",
            beats=str(time.beats),
            duration=f"{time.seconds:.3f}",
            head=f"{HEAD:g}",
            keys="".join(_choice(key.abc, self._say(key.name), chosen=key == own) for key in keys),
            key=escape(own.abc),
            instrument=instrument,
            instruments="".join(
                _choice(name, self._say(name), chosen=name == instrument) for name in INSTRUMENTS
            ),
            parts="".join(
                f'<option value="{number}" data-start="{part.start:.3f}" data-end="{part.end:.3f}">'
                f"{escape(self._say(site.part(part.label)))}</option>"
                for number, part in enumerate(time.parts)
            ),
            silent="" if sound else f'<p class="note">{escape(self._say(texts.NO_SOUND))}</p>',
            hidden="" if sound else " hidden",
        )
        body = self._shell.fill(
            "tune",
            id=saved.id,
            title=escape(tune.title),
            # The page says which key it is in, and another is chosen there.
            facts="".join(
                f'<li id="fact-{name}">{escape(self._say(fact))}</li>' for name, fact in facts(tune).items()
            ),
            asks="".join(_asking(button, self._say(button.label)) for button in _asks(saved.id)),
            like=escape(self._say(texts.like(beheld.likes))),
            liked=str(beheld.liked).lower(),
            like_label=escape(self._say(site.like_label(beheld.likes))),
            delete=self._delete() if beheld.own else "",
            parent=self._from(parent) if parent else "",
            abc=escape(tune.abc),
            player=controls,
            composing=composing_panel(self._shell, saved, time, beheld.composing),
            files="".join(
                f'<li><a href="{self._base}/t/{saved.id}.{kind.suffix}" download>'
                f"{escape(self._say(kind.label))}</a></li>"
                for kind in files.values()
                if kind.offered
            ),
        )
        return self._shell.page(
            f"{tune.title} – {texts.NAME}",
            body,
            "tune.js steps.js bars.js draft_sound.js composing.js",
            "page-tune",
            description=site.described(tune.title, in_one_line(tune)),
            more=tune_preview(saved, files, home, size),
            address=f"{home}/t/{saved.id}",
        )

    def paper(self, text: str) -> str:
        """Make a page of what the bot promises, of its HTML."""
        title = text.partition("<h1>")[2].partition("</h1>")[0]
        body = self._shell.fill("paper", text=text)  # in English, as it is a promise
        return self._shell.page(f"{title} – {texts.NAME}", body, "", "page-paper")

    def message(self, title: str, text: str) -> str:
        """Make a page that says one thing, such as that there is no such tune."""
        title, text = self._say(title), self._say(text)
        body = self._shell.fill("message", title=escape(title), text=escape(text))
        return self._shell.page(title, body, "", "page-message")

    def _delete(self) -> str:
        sure, label = escape(self._say(site.DELETE_SURE)), escape(self._say(texts.BUTTON_DELETE))
        return f'<button type="button" class="button quiet" id="delete" data-sure="{sure}">{label}</button>'

    def _from(self, parent: SavedTune) -> str:
        label = escape(self._say(texts.comes_from(parent.tune.title)))
        return f'<p class="parent"><a href="{self._base}/t/{parent.id}">{label}</a></p>'

    def _drawing(self, saved: SavedTune, size: Size | None) -> str:
        """Show the sheet as the server draws it, until abcjs has come, and to browsers without scripts."""
        where = f"{self._base}/t/{saved.id}.{_DRAWING}"
        night = f'<source srcset="{where}?dark" media="(prefers-color-scheme: dark)">'
        known = f' width="{size.width}" height="{size.height}"' if size else ""
        return f'<picture>{night}<img class="sheet" src="{where}"{known} alt=""></picture>'

    def _invited(self) -> str:
        # Where both name one address, the label says that it is for a server or a group.
        ways = {url: label for table in (self._invites, self._shell.invites) for label, url in table.items()}
        links = "".join(
            f'<a class="button quiet" href="{escape(url)}" rel="noopener">{escape(self._say(label))}</a>'
            for url, label in ways.items()
        )
        return f'<p class="invites">{links}</p>' if links else ""


def _asks(tune_id: str) -> tuple[Button, ...]:
    """List the buttons that have a new tune made of this one."""
    varied = Button(texts.BUTTON_VARY, command=f"/vary {tune_id} keep=A")
    return another.button(tune_id), varied


def _asking(button: Button, label: str) -> str:
    command, label = escape(button.command or ""), escape(label)
    style = "" if button.label == texts.BUTTON_ANOTHER else " quiet"
    return f'<button type="button" class="button{style} asks" data-command="{command}">{label}</button>'


def _choice(value: str, label: str, *, chosen: bool) -> str:
    return f'<option value="{escape(value)}"{" selected" if chosen else ""}>{escape(label)}</option>'


def _chip(label: str, command: str) -> str:
    return f'<button type="button" class="chip" data-command="{escape(command)}">{escape(label)}</button>'


def _field(option: Option, say: Callable[[str], str]) -> str:
    """Make a labelled control for an option: a list, a slider, a number or a line of text."""
    name, help_ = escape(option.name), escape(say(option.help))
    default = "" if option.default is None else str(option.default)
    common = f'id="option-{name}" name="{name}" data-default="{escape(default)}"'
    if option.choices:
        any_ = f'<option value="">{site.ANY}</option>' if option.default is None else ""
        chosen = "".join(
            f"<option{' selected' if choice == option.default else ''}>{escape(str(choice))}</option>"
            for choice in option.choices
        )
        control = f"<select {common}>{any_}{chosen}</select>"
    elif option.kind is float:
        bounds = f'min="{option.minimum:g}" max="{option.maximum:g}" step="0.05" value="{escape(default)}"'
        shown = f'<output for="option-{name}">{escape(default)}</output>'
        control = f'<span class="slide"><input type="range" {common} {bounds}>{shown}</span>'
    elif option.kind is int:
        control = (
            f'<input type="number" {common} min="{option.minimum:.10g}" max="{option.maximum:.10g}"'
            f' value="{escape(default)}" inputmode="numeric" placeholder="{site.ANY}">'
        )
    else:
        shown = escape(f"{site.ANY}, such as {option.examples[0]}" if option.examples else site.ANY)
        control = (
            f'<input type="text" {common} maxlength="{option.max_length or 40}" placeholder="{shown}"'
            ' autocomplete="off" autocapitalize="off" spellcheck="false">'
        )
    return f'<p class="option"><label for="option-{name}">{name}<small>{help_}</small></label>{control}</p>'
