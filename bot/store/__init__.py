"""The database: the tunes that were made, by a short id."""

from bot.store.database import StoreError
from bot.store.engine import DatabaseError
from bot.store.tunes import FOR_EVER, ID_LENGTH, Bounds, NewTune, SavedTune, Store

__all__ = ["FOR_EVER", "ID_LENGTH", "Bounds", "DatabaseError", "NewTune", "SavedTune", "Store", "StoreError"]
