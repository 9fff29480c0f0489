"""A page that mixes drawn tunes with printed ones, unnamed, for people to judge; the key is at its end."""

import base64
from collections.abc import Iterable
from dataclasses import replace
from html import escape
from random import Random
from typing import Final, NamedTuple

from generator.evaluation.comparison import Kind
from generator.music.dances import default_tempo
from generator.music.notation import Tempo
from generator.music.tune import Tune
from generator.render.sheet import svg

OF_EACH: Final = 20  # tunes of a type, printed and drawn
_STYLE: Final = (
    "body{max-width:60rem;margin:2rem auto;font-family:Georgia,serif;padding:0 1rem}"
    "img{width:100%;border:1px solid #ddd;margin-bottom:1rem}td{padding:0 1rem 0 0}"
)


class Shown(NamedTuple):
    """A tune on the page: its number, type, where it is from, its title, and its sheet as SVG."""

    number: int
    dance: str
    source: str
    title: str
    sheet: str


def mixed(printed: Kind, drawn: Kind, *, of_each: int = OF_EACH, seed: int = 1) -> list[Shown]:
    """Return as many tunes of either kind for each type of which there are enough, in a random order.

    Args:
        printed: tunes that the model never learnt.
        drawn: its own.
        of_each: how many of a type.
        seed: fixes choice and order.
    """
    random, found = Random(seed), list[Shown]()
    sides = {"printed": printed.by_type(), "drawn": drawn.by_type()}
    for dance, members in sides["printed"].items():
        if min(len(members), len(sides["drawn"].get(dance, ()))) < of_each:
            continue
        pairs = [(side, tune) for side in sides for tune in random.sample(sides[side][dance], of_each)]
        random.shuffle(pairs)
        for side, tune in pairs:
            found.append(Shown(len(found) + 1, dance, side, tune.title, svg(unnamed(tune, dance))))
    return found


def unnamed(tune: Tune, dance: str) -> Tune:
    """Return a tune with nothing on it that tells where it is from: no title, no chords, one tempo."""
    tempo = Tempo(tune.meter.beat, default_tempo(tune.meter))
    bare = replace(tune.without_chords(), title="", composer="", headers=(), rhythm=dance, tempo=tempo)
    bars = tuple(replace(bar, line_break=number % 4 == 3) for number, bar in enumerate(bare.bars))
    return replace(bare, bars=bars)


def page(shown: Iterable[Shown]) -> str:
    """Return the page as HTML that needs nothing else."""
    tunes = list(shown)
    parts = [
        "<!doctype html><meta charset=utf-8><title>Printed or drawn?</title>",
        f"<style>{_STYLE}</style><h1>Printed or drawn?</h1>",
        "<p>Half the tunes of each type stand in books, half were drawn. The key is at the end.</p>",
    ]
    dance = ""
    for tune in tunes:
        if tune.dance != dance:
            dance = tune.dance
            parts.append(f"<h2>{escape(dance.capitalize())}</h2>")
        data = base64.b64encode(tune.sheet.encode()).decode()
        parts.append(
            f'<h3>{tune.number}</h3><img alt="Tune {tune.number}" src="data:image/svg+xml;base64,{data}">'
        )
    rows = "".join(f"<tr><td>{tune.number}<td>{tune.source}<td>{escape(tune.title)}" for tune in tunes)
    parts.append(f"<h2>The key</h2><details><summary>Show it</summary><table>{rows}</table></details>\n")
    return "\n".join(parts)
