"""The database: the tunes that were made, who likes them, and what people have set."""

from bot.store.database import StoreError
from bot.store.engine import DatabaseError
from bot.store.schedules import Schedule, Schedules
from bot.store.shelf import Liked, Place, Search
from bot.store.tune_rows import NewTune, SavedTune
from bot.store.tunes import FOR_EVER, ID_LENGTH, Bounds, Store

__all__ = [
    "FOR_EVER", "ID_LENGTH", "Bounds", "DatabaseError", "Liked", "NewTune", "Place", "SavedTune", "Schedule",
    "Schedules",    "Search", "Store", "StoreError",
]  # fmt: skip
