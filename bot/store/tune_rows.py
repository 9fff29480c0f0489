"""A tune as it is kept, and as a row of the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row


@dataclass(frozen=True, slots=True)
class NewTune:
    """A tune to keep.

    Attributes:
        platform, community, place, user: who asked for it and where, as in ``Asker``.
        request: options of ``/tune`` that give this tune again, as text.
        title, abc, key, meter, rhythm: of the tune; key and meter as ABC writes them.
        temp, seed, model: with which it was drawn; None for a tune that was pasted.
        parent: id of the tune that it comes from; None if it comes from none.
    """

    platform: str
    community: str
    place: str
    user: str
    request: Mapping[str, str]
    title: str
    abc: str
    key: str
    meter: str
    rhythm: str
    temp: float | None
    seed: int | None
    model: str | None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class SavedTune:
    """A tune that is kept: its id, when it was made (seconds since 1970), and what was handed in.

    The id is empty where the database could not be used.
    """

    id: str
    created: float
    tune: NewTune


def saved_tune(row: Row[Any]) -> SavedTune:
    """Read a row of the table of tunes; what else it has is passed over."""
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented accessor
    tune = NewTune(**{name: values[name] for name in NewTune.__slots__})
    return SavedTune(values["id"], values["created"], tune)
