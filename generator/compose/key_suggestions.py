"""Keys that somebody may mean who has typed a few letters."""

from generator.errors import RequestError
from generator.music.keys import ASKED_MODES, LETTERS, Key


def suggested_keys(typed: str) -> list[tuple[str, str]]:
    """List keys that somebody may mean, as shown and as sent: ``("E minor", "Em")``; the usual ones first."""
    try:
        meant = [Key.read(typed)]
    except RequestError:
        meant = []
    tonics = [letter + accidental for letter in LETTERS for accidental in ("", "#", "b")]
    keys = [Key(tonic, mode) for tonic in tonics for mode in ASKED_MODES]
    keys = [key for key in keys if abs(key.fifths) <= 7]
    keys.sort(key=lambda key: (ASKED_MODES.index(key.mode) // 2, abs(key.fifths - 2), key.mode))
    word = "".join(typed.lower().split())
    near = [key for key in keys if key.name.lower().replace(" ", "").startswith(word)]
    near += [key for key in keys if key.abc.lower().startswith(word)]
    return [(key.name, key.abc) for key in dict.fromkeys(meant + near)]
