"""The card of a model: what it learnt from, how far it came, what it weighs; written by a command."""

import json
import math
from pathlib import Path
from typing import Any, Final

from generator.compose.model import MANIFEST
from generator.errors import ModelError
from generator.training.train import HISTORY

CARD: Final = "README.md"
CURVE: Final = "curve.png"
REPORT: Final = "report.json"
PICTURES: Final = {"histograms": "histograms.png", "tune": "tune-{}.png"}
_KEPT: Final = {"best": "epoch with the lowest held-out loss", "last": "last epoch"}
PUBLISHED: Final = {"epoch": 50, "loss": 0.67, "accuracy": 0.78}  # of this recipe on the Nottingham jigs

_BESIDE: Final = """
The published run learnt from all the tunes and gives no held-out figures; ours learns from the share that is
not held out.
"""


def write_card(folder: Path) -> Path:
    """Write the card and its picture into a trained model's folder; returns the card's path.

    Raises:
        ModelError: if the folder has no manifest or no history of a training.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        history = json.loads((folder / HISTORY).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{folder} has no {MANIFEST} and {HISTORY} of a training to make a card of."
        ) from error
    _draw_curve(folder / CURVE, history["epochs"])
    path = folder / CARD
    report = _report(folder) if (folder / REPORT).exists() else ""
    path.write_text(_card(manifest, history, report), encoding="utf-8")
    return path


def _card(manifest: dict[str, Any], history: dict[str, Any], report: str) -> str:
    epochs, corpus, recipe = history["epochs"], history["corpus"], history["recipe"]
    network = manifest["network"]
    how = _distilled(history) if "stages" in history else _alone(history)
    return f"""# {manifest["name"]}

{manifest["description"]}

Written by `python -m generator card`; the figures are those of `{HISTORY}`.

## What it learnt from

{corpus["tunes"]:,} tunes, {corpus["characters"]:,} characters, {network["characters"]} distinct, from
{", ".join(corpus["files"])}; sha256 of the text `{corpus["sha256"]}`.
{manifest["credit"]}

Keys: {_counts(manifest.get("printed_keys") or manifest["keys"])}. Meters: {_counts(manifest["meters"])}.

## How it was trained

{network["parameters"]:,} parameters, {len(epochs)} epochs, batch {recipe["batch"]} x {recipe["steps"]},
{how} The weights kept are those of the
{_KEPT[recipe.get("keep", "best")]}. Losses are in nats a character; training figures are means over the
epoch, with dropout on.

{_table(epochs, recipe.get("keep", "best"))}
{_BESIDE if len(epochs) >= PUBLISHED["epoch"] and "stages" not in history else ""}
![Loss and accuracy by epoch]({CURVE})
{report}
## Files

| file | bytes | sha256 |
|---|---|---|
{_files(manifest["files"])}
"""


def _alone(history: dict[str, Any]) -> str:
    """Return how a network learnt that had no teachers."""
    recipe, software = history["recipe"], history["software"]
    rate = f"{recipe['learning_rate']}" + ", falling" * (recipe.get("schedule") == "cosine")
    hours, rest = divmod(sum(epoch["seconds"] for epoch in history["epochs"]), 3600)
    return f"""dropout {recipe["dropout"]}, Adam at {rate}, {recipe["held_out"]:.0%} of the tunes held
out, seed {recipe["seed"]}; Keras {software["keras"]} on {software["backend"]},
{int(hours)} h {rest / 60:.0f} min of a shared two-core machine."""


def _distilled(history: dict[str, Any]) -> str:
    """Return how a network learnt that had teachers; see :mod:`generator.training.distilling`."""
    teachers, pupils = history["stages"]
    software, found, best = history["software"], history["teachers"], history["pupil"]
    *alone, together = found["held_out_losses"]
    minutes = (found["seconds"] + sum(epoch["seconds"] for epoch in history["epochs"])) / 60
    own = {name: pupils[name][best] for name in ("dropout", "recurrent", "characters", "softness")}
    lines = (
        f"dropout {own['dropout']}, of the states {own['recurrent']}, of the characters {own['characters']};",
        f"Adam at {pupils['rate']}, falling; weights averaged. What it learnt came to",
        f"{own['softness']:.0%} from {len(alone)} teachers of {teachers['units']} units a layer and",
        f"{teachers['epochs']} epochs (held-out losses {', '.join(map(str, alone))},",
        f"of their mean {together}); it is the best of {len(pupils['dropout'])} such pupils.",
        f"JAX {software['jax']} on one {software['device']}, {minutes:.0f} min.",
    )
    return "\n".join(lines)


def _report(folder: Path) -> str:
    """Return what ``python -m generator report`` found."""
    found = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    drawn = f"{found['tunes drawn']:,}"
    reached = "\n\n".join(f"Drawn one at a time, {name}:\n\n{rows}" for name, rows in found["aims"].items())
    tunes = (PICTURES["tune"].format(seed) for seed in range(1, 100))
    pictures = "\n".join(f"![A tune]({name})" for name in tunes if (folder / name).exists())
    return f"""
## Its tunes beside real ones

Written by `python -m generator report {folder.name}`. Tunes are drawn with the headers (type, meter, key,
form) of held-out ones, which the model never saw, and held against those of the same types. Distances are
Jensen-Shannon divergences (0 to 1), the mean over the types; how far one half of the real tunes is from the
rest is chance. Bars that a tune shares with a training tune are counted in a row.

{found["table"]}

{found["different"]:,} of {drawn} tunes drawn with seeds 1 to {drawn} differ.

{reached}
{_bits(found.get("bits"))}
{_usable(found.get("usable", ""))}
![What the tunes are made of]({PICTURES["histograms"]})

## Ten tunes

`/tune seed=1` to `seed=10` with nothing else asked, as they came:

{pictures}
"""


def _bits(bits: float | None) -> str:
    """Return how well held-out tunes were foreseen."""
    return (
        ""
        if bits is None
        else f"A note of a held-out tune takes {bits} bits, its headers given, signs and marks counted in."
    )


def _usable(rows: str) -> str:
    """Return how many tunes keep to the rules that nine of ten printed ones keep to."""
    return (
        rows
        and f"""
Usable as they stand: tunes that keep to five rules, in percent. A rule allows what nine of ten printed
tunes of the type have, counted on those that were learnt: leaps over bar lines, ends of parts, 32nds, range,
rhythm. The printed tunes here are others.

{rows}
"""
    )


def _files(files: dict[str, dict[str, Any]]) -> str:
    return "\n".join(
        f"| `{name}` | {entry['bytes']:,} | `{entry['sha256']}` |" for name, entry in files.items()
    )


def _table(epochs: list[dict[str, Any]], keep: str) -> str:
    kept = epochs[-1] if keep == "last" else min(epochs, key=lambda epoch: epoch["held_out_loss"])
    names = ["epoch", "training loss", "accuracy", "held-out loss", "held-out accuracy", "bits a character"]
    if "accuracy" not in kept:
        names = [name for name in names if "accuracy" not in name]
    rows = [
        tuple(names),
        ("---",) * len(names),
        *(
            _row(f"{epoch['number']}{' (kept)' if epoch is kept else ''}", epoch)
            for epoch in _shown(epochs, kept)
        ),
    ]
    if len(epochs) >= PUBLISHED["epoch"] and "accuracy" in kept:
        figures = f"{PUBLISHED['loss']:.2f}", f"{PUBLISHED['accuracy']:.2f}"
        rows.append((f"published run, {PUBLISHED['epoch']}", *figures, *("",) * 3))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _shown(epochs: list[dict[str, Any]], kept: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every tenth epoch, the first, the last, the one kept, the one with the lowest held-out loss."""
    best = min(epochs, key=lambda epoch: epoch["held_out_loss"])
    numbers = {1, len(epochs), kept["number"], best["number"], *range(10, len(epochs) + 1, 10)}
    return [epoch for epoch in epochs if epoch["number"] in numbers]


def _row(name: str, epoch: dict[str, Any]) -> tuple[str, ...]:
    figures = ("loss", "accuracy", "held_out_loss", "held_out_accuracy")
    shown = [f"{epoch[figure]:.3f}" for figure in figures if figure in epoch]
    return name, *shown, f"{epoch['held_out_loss'] / math.log(2):.3f}"


def _counts(counts: dict[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} ({count})" for name, count in ordered)


def _draw_curve(path: Path, epochs: list[dict[str, Any]]) -> None:
    import matplotlib as mpl  # noqa: PLC0415

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    numbers = [epoch["number"] for epoch in epochs]
    measures = {"loss": "nats a character", "accuracy": "share"}
    measures = {name: unit for name, unit in measures.items() if name in epochs[0]}
    figure, panels = plt.subplots(
        1, len(measures), figsize=(4.5 * len(measures), 3.4), layout="constrained", squeeze=False
    )
    for panel, (name, unit) in zip(panels[0], measures.items(), strict=True):
        panel.plot(numbers, [epoch[name] for epoch in epochs], color="#1b6e53", label="training")
        panel.plot(
            numbers, [epoch[f"held_out_{name}"] for epoch in epochs], color="#c2571a", label="held out"
        )
        if len(epochs) >= PUBLISHED["epoch"] and "accuracy" in measures:
            panel.plot(PUBLISHED["epoch"], PUBLISHED[name], "k+", markersize=10, label="published, training")
        panel.set(xlabel="epoch", ylabel=unit, title=name.capitalize())
        panel.grid(alpha=0.3)
        panel.legend(frameon=False)
    figure.savefig(path, dpi=110, metadata={"Software": None})
    plt.close(figure)
