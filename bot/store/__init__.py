"""The database: the tunes that were made, by a short id."""

from bot.store.engine import DatabaseError
from bot.store.tunes import ID_LENGTH, NewTune, SavedTune, Store

__all__ = ["ID_LENGTH", "DatabaseError", "NewTune", "SavedTune", "Store"]
