"""Writing the index of known tunes for a model that learnt from plain ABC files."""

import json
from pathlib import Path

from generator.compose.novelty import INDEX, save_index
from generator.compose.titles import tidied
from generator.errors import ModelError
from generator.music.melody import line_of
from generator.music.tune import Tune
from generator.training.corpus import Corpus, split
from generator.training.manifest import name_files
from generator.training.train import HISTORY


def write_index(folder: Path, corpus: Corpus) -> int:
    """Write the index of the tunes that a model learnt from, and add it to the manifest.

    Args:
        folder: of the model, with its history and manifest.
        corpus: what it was trained on; the held-out tunes are left out.

    Returns:
        How many tunes are in the index; those that cannot be read are not.

    Raises:
        ModelError: if the folder has no history or manifest, or it was another corpus.
    """
    try:
        history = json.loads((folder / HISTORY).read_text(encoding="utf-8"))
        learnt, recipe = history["corpus"]["sha256"], history["recipe"]
        held_out, seed = float(recipe["held_out"]), int(recipe["seed"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder} has no {HISTORY} of a training to tell what was learnt.") from error
    if learnt != corpus.sha256:
        raise ModelError(
            f"These are not the tunes that {folder.name} learnt from; give the --corpus of its training."
        )
    learn, _ = split(corpus.tunes, held_out, seed)
    tunes = [tune for tune in map(Tune.read_or_none, learn) if tune is not None]
    save_index(folder / INDEX, [(tidied(tune.title) or tune.title, line_of(tune)) for tune in tunes])
    name_files(folder, (INDEX,))
    return len(tunes)
