"""Drawn tunes beside real ones, in pictures."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from generator.evaluation.comparison import Kind
from generator.evaluation.statistics import DISTRIBUTIONS, Histogram, together

_COLOURS: Final = ("#444444", "#1b6e53", "#c2571a")
_MOST: Final = 24  # bars of one picture: the most frequent ones


def draw_histograms(path: Path, real: Kind, drawn: Mapping[str, Kind]) -> None:
    """Draw one panel for each distribution: the shares in real tunes and in drawn ones, side by side."""
    import matplotlib as mpl  # noqa: PLC0415

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    kinds = {"held out": real, **drawn}
    figure, panels = plt.subplots(len(DISTRIBUTIONS), 1, figsize=(9, 13), layout="constrained")
    for panel, (name, measure) in zip(panels, DISTRIBUTIONS.items(), strict=True):
        histograms = [together(kind.tunes, measure) for kind in kinds.values()]
        places = _places(histograms[0])
        width = 0.8 / len(kinds)
        for number, (label, found, colour) in enumerate(zip(kinds, histograms, _COLOURS, strict=False)):
            shares = [100 * found[place] / max(1, found.total()) for place in places]
            at = [index + (number - 1) * width for index in range(len(places))]
            panel.bar(at, shares, width, color=colour, label=label)
        panel.set_xticks(range(len(places)), [_label(place) for place in places], rotation=90, fontsize=6)
        panel.set(ylabel="%", title=name.capitalize())
        panel.grid(alpha=0.3, axis="y")
    panels[0].legend(frameon=False)
    figure.savefig(path, dpi=80, metadata={"Software": None})
    plt.close(figure)


def _places(histogram: Histogram) -> Sequence[object]:
    """Return what to show: numbers in their order, everything else by how frequent it is."""
    often = [place for place, _ in histogram.most_common(_MOST)]
    numbers = [place for place in often if isinstance(place, int)]
    return sorted(numbers) if len(numbers) == len(often) else list(often)


def _label(place: object) -> str:
    if isinstance(place, tuple):
        signs = {-1: "\u2193", 0: "\u2192", 1: "\u2191"}
        return "".join(signs.get(part, f"{part} ") for part in place).strip()
    return str(place)
