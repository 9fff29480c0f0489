"""Writing a model's manifest: what it learnt, counted, and the checksums of its files."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from generator.compose.model import FORMAT, MANIFEST, VOCABULARY, WEIGHTS, sha256
from generator.compose.novelty import INDEX
from generator.errors import ModelError
from generator.music.melody import ends_home
from generator.music.tune import Tune
from generator.network.weights import read_weights
from generator.training.corpus import Corpus

DEFAULT_PROMPT: Final = "X:1\nT:{title}\nM:{meter}\nL:{unit}\nK:{key}\n"


def write_manifest(
    folder: Path, corpus: Corpus, *, description: str, credit: str, dance: str, prompt: str
) -> None:
    """Write a trained model's manifest: the keys and meters of the corpus, counted, and the checksums.

    Args:
        folder: with the weights and the vocabulary in it.
        corpus: what was learnt.
        description: one sentence.
        credit: whose collection it is.
        dance: type of the tunes that do not say theirs.
        prompt: the headers as the corpus has them, with ``{title}``, ``{meter}``, ``{key}`` and, if
            there are such, ``{unit}`` and ``{number}``.

    Raises:
        ModelError: if the folder holds no trained network, or hardly any tune of the corpus can be read.
    """
    tunes = [tune for tune in map(Tune.read_or_none, corpus.tunes) if tune is not None]
    if len(tunes) * 2 < len(corpus.tunes):
        raise ModelError(f"Only {len(tunes)} of {len(corpus.tunes)} tunes can be read; is this ABC?")
    save_manifest(
        folder,
        {
            "description": description,
            "credit": credit,
            "prompt": prompt,
            "unit": Counter(str(tune.unit) for tune in tunes).most_common(1)[0][0],
            "keys": counts(tune.key.abc for tune in tunes),
            "meters": counts(tune.meter.abc for tune in tunes),
            "types": counts(tune.rhythm or dance for tune in tunes if tune.rhythm or dance),
            "home": home_share(tunes),
        },
        (WEIGHTS, VOCABULARY, *([INDEX] if (folder / INDEX).exists() else [])),
    )


def save_manifest(
    folder: Path, facts: Mapping[str, Any], files: Iterable[str] = (WEIGHTS, VOCABULARY)
) -> None:
    """Write a manifest with these facts, the size of the network, and the checksums of the files.

    Raises:
        ModelError: if the folder holds no trained network.
    """
    network = read_weights(folder / WEIGHTS)
    manifest = {
        "format": FORMAT,
        "name": folder.name,
        **facts,
        "network": {"characters": network.vocabulary, "parameters": network.parameters},
        "files": _entries(folder, files),
    }
    _write(folder, manifest)


def name_files(folder: Path, names: Iterable[str]) -> None:
    """Add more of a folder's files to its manifest, with their checksums.

    Raises:
        ModelError: if the manifest is missing or damaged.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest["files"] |= _entries(folder, names)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder} has no {MANIFEST} that can be read.") from error
    _write(folder, manifest)


def home_share(tunes: Sequence[Tune]) -> float:
    """Return the share of the tunes whose last note is their tonic, 0 to 1."""
    return round(sum(map(ends_home, tunes)) / len(tunes), 3)


def counts(names: Iterable[str]) -> dict[str, int]:
    """Count each name, the most frequent first."""
    return dict(Counter(names).most_common())


def _entries(folder: Path, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    return {
        name: {"bytes": (folder / name).stat().st_size, "sha256": sha256(folder / name)} for name in names
    }


def _write(folder: Path, manifest: Mapping[str, Any]) -> None:
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
