"""Trained models: a folder with weights, vocabulary and a manifest that says what it learnt."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from generator.compose.novelty import INDEX
from generator.compose.plan import ModelFacts
from generator.errors import FriendlyError, ModelError
from generator.evaluation.statistics import ends_home
from generator.music.dances import listed
from generator.music.tune import Tune
from generator.network.weights import read_weights
from generator.training.corpus import Corpus

MANIFEST: Final = "manifest.json"
WEIGHTS: Final = "model.weights.h5"
VOCABULARY: Final = "vocabulary.json"
FORMAT: Final = 1
_PACKAGE: Final = Path(__file__).resolve().parents[1]
# Installed from a wheel the models lie within the package, in a checkout beside it.
MODELS: Final = _PACKAGE / "models" if (_PACKAGE / "models").is_dir() else _PACKAGE.parent / "models"
DEFAULT_PROMPT: Final = "X:1\nT:{title}\nM:{meter}\nL:{unit}\nK:{key}\n"


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model as it lies on disk.

    Attributes:
        name: of its folder.
        description: one sentence.
        alphabet: V characters; a character's place is its number in the network.
        weights: the file that Keras wrote.
        facts: what it knows of keys, meters and headers.
        digest: sha256 of the weights file.
        index: of the tunes that it learnt from; None if it ships without.
    """

    name: str
    description: str
    alphabet: str
    weights: Path
    facts: ModelFacts
    digest: str
    index: Path | None = None


def load_model(folder: Path) -> Model:
    """Load and check a model's folder; the weights themselves are left to the engine.

    Raises:
        ModelError: if something is missing, damaged, or not of this format.
    """
    name = folder.name
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        form = manifest["format"]
        files: Mapping[str, Mapping[str, Any]] = manifest["files"]
        found = {file: _sha256(folder / file) for file in (WEIGHTS, VOCABULARY)}
        index = folder / INDEX if INDEX in files else None
        if index is not None:
            found[INDEX] = _sha256(index)
        characters = json.loads((folder / VOCABULARY).read_text(encoding="utf-8"))
    except OSError as error:
        missing = Path(str(error.filename)).name if error.filename else "a file"
        raise ModelError(f"The model “{name}” can't be used: {missing} is missing or unreadable.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"The model “{name}” can't be used: its {MANIFEST} is damaged.") from error
    if form != FORMAT:
        raise ModelError(f"The model “{name}” has format {form}; this version of Tunesmith reads {FORMAT}.")
    for file, digest in found.items():
        if files.get(file, {}).get("sha256") != digest:
            raise ModelError(f"The model “{name}” can't be used: {file} is not the one in its {MANIFEST}.")
    if not _is_alphabet(characters):
        raise ModelError(f"The model “{name}” can't be used: {VOCABULARY} is not a list of characters.")
    alphabet = "".join(characters)
    try:
        facts = ModelFacts(
            alphabet=alphabet,
            prompt=str(manifest["prompt"]),
            unit=str(manifest["unit"]),
            keys=_counted(manifest["keys"]),
            meters=_counted(manifest["meters"]),
            types=_counted(manifest["types"]),
            printed_keys=_counted(manifest.get("printed_keys", {})),
            dances={str(name): _counted(meters) for name, meters in dict(manifest.get("dances", {})).items()},
            tonic_share=float(manifest.get("home", 0)),
        )
        description = str(manifest["description"])
    except (ValueError, KeyError, TypeError, AttributeError, FriendlyError) as error:
        raise ModelError(f"The model “{name}” can't be used: its {MANIFEST} is damaged.") from error
    return Model(name, description, alphabet, folder / WEIGHTS, facts, found[WEIGHTS], index)


def model_names(models: Path = MODELS) -> tuple[str, ...]:
    """Names of the models in a folder, sorted; those that cannot be loaded included."""
    return tuple(sorted(path.parent.name for path in models.glob(f"*/{MANIFEST}")))


def find_model(name: str, models: Path = MODELS) -> Model:
    """Load a model by name.

    Raises:
        ModelError: if there is none of that name (with the names there are), or it cannot be loaded.
    """
    names = model_names(models)
    if name not in names:
        there = f"choose {listed(names)}" if names else f"there is none in {models.name}/ yet"
        raise ModelError(f"I don't know the model “{name[:40]}”; {there}.")
    return load_model(models / name)


def write_manifest(
    folder: Path, corpus: Corpus, *, description: str, credit: str, kind: str, prompt: str
) -> None:
    """Write a trained model's manifest: what the corpus has of keys and meters, and the checksums.

    Args:
        folder: with the weights and the vocabulary in it.
        corpus: what was learnt.
        description: one sentence.
        credit: whose collection it is.
        kind: type of the tunes that do not say theirs.
        prompt: the headers as the corpus has them, with ``{title}``, ``{meter}``, ``{key}`` and, if
            there are such, ``{unit}`` and ``{number}``.

    Raises:
        ModelError: if the folder holds no trained network, or hardly any tune of the corpus can be read.
    """
    tunes = [tune for tune in map(_read, corpus.tunes) if tune is not None]
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
            "types": counts(tune.rhythm or kind for tune in tunes if tune.rhythm or kind),
            "home": home_share(tunes),
        },
        (WEIGHTS, VOCABULARY, *([INDEX] if (folder / INDEX).exists() else [])),
    )


def save_manifest(
    folder: Path, says: Mapping[str, Any], files: Iterable[str] = (WEIGHTS, VOCABULARY)
) -> None:
    """Write a manifest that says this, of the network and the files that lie in the folder.

    Raises:
        ModelError: if the folder holds no trained network.
    """
    network = read_weights(folder / WEIGHTS)
    manifest = {
        "format": FORMAT,
        "name": folder.name,
        **says,
        "network": {"characters": network.vocabulary, "parameters": network.parameters},
        "files": _entries(folder, files),
    }
    _write(folder, manifest)


def name_files(folder: Path, names: Iterable[str]) -> None:
    """Name more of a folder's files in its manifest, with their checksums.

    Raises:
        ModelError: if the manifest is missing or damaged.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest["files"] |= _entries(folder, names)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder} has no {MANIFEST} that can be read.") from error
    _write(folder, manifest)


def _entries(folder: Path, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    return {
        name: {"bytes": (folder / name).stat().st_size, "sha256": _sha256(folder / name)} for name in names
    }


def _write(folder: Path, manifest: Mapping[str, Any]) -> None:
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def home_share(tunes: Sequence[Tune]) -> float:
    """Share of the tunes whose last note is their tonic, 0 to 1."""
    return round(sum(map(ends_home, tunes)) / len(tunes), 3)


def counts(names: Iterable[str]) -> dict[str, int]:
    """How often each name comes, the most frequent first."""
    return dict(Counter(names).most_common())


def _read(text: str) -> Tune | None:
    try:
        return Tune.read(text)
    except FriendlyError:
        return None


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _is_alphabet(characters: object) -> bool:
    return (
        isinstance(characters, list)
        and all(isinstance(character, str) and len(character) == 1 for character in characters)
        and len(set(characters)) == len(characters) > 0
    )


def _counted(counts: Mapping[str, Any]) -> dict[str, int]:
    return {str(name): int(count) for name, count in counts.items()}
