"""Trained models: a folder with weights, vocabulary and a manifest that says what it learnt."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from generator.compose.critic import CRITIC
from generator.compose.model_facts import ModelFacts, Warmth
from generator.compose.novelty import INDEX
from generator.errors import FriendlyError, ModelError
from generator.music.dances import listed

MANIFEST: Final = "manifest.json"
WEIGHTS: Final = "model.weights.h5"
VOCABULARY: Final = "vocabulary.json"
FORMAT: Final = 1
_PACKAGE: Final = Path(__file__).resolve().parents[1]
# Installed from a wheel the models lie within the package, in a checkout beside it.
MODELS: Final = _PACKAGE / "models" if (_PACKAGE / "models").is_dir() else _PACKAGE.parent / "models"


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
        critic: chooses among its candidates; None if it ships without.
    """

    name: str
    description: str
    alphabet: str
    weights: Path
    facts: ModelFacts
    digest: str
    index: Path | None = None
    critic: Path | None = None


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
        found = {file: sha256(folder / file) for file in (WEIGHTS, VOCABULARY)}
        index, critic = (folder / name if name in files else None for name in (INDEX, CRITIC))
        found |= {path.name: sha256(path) for path in (index, critic) if path is not None}
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
            warmth=Warmth(**{name: float(x) for name, x in dict(manifest.get("warmth", {})).items()}),
        )
        description = str(manifest["description"])
    except (ValueError, KeyError, TypeError, AttributeError, FriendlyError) as error:
        raise ModelError(f"The model “{name}” can't be used: its {MANIFEST} is damaged.") from error
    return Model(name, description, alphabet, folder / WEIGHTS, facts, found[WEIGHTS], index, critic)


def model_names(models: Path = MODELS) -> tuple[str, ...]:
    """Names of the models in a folder, sorted; those that cannot be loaded included."""
    return tuple(sorted(path.parent.name for path in models.glob(f"*/{MANIFEST}")))


def learnt_types(name: str, models: Path = MODELS) -> dict[str, int]:
    """Return how many tunes of each type a model learnt, the most first; empty where it is not installed."""
    try:
        counts = _counted(_manifest(name, models).get("types", {}))
    except (ValueError, TypeError, AttributeError):
        return {}
    return dict(sorted(counts.items(), key=lambda pair: -pair[1]))


def credit_of(name: str, models: Path = MODELS) -> str:
    """Return what a model learnt from, and who put it together; empty where it is not installed."""
    return str(_manifest(name, models).get("credit", ""))


def _manifest(name: str, models: Path) -> Mapping[str, Any]:
    """Read what a model's manifest says; nothing where there is none."""
    try:
        manifest = json.loads((models / name / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


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


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _is_alphabet(characters: object) -> bool:
    return (
        isinstance(characters, list)
        and all(isinstance(character, str) and len(character) == 1 for character in characters)
        and len(set(characters)) == len(characters) > 0
    )


def _counted(counts: Mapping[str, Any]) -> dict[str, int]:
    return {str(name): int(count) for name, count in counts.items()}
