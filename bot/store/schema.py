"""The tables as this version of the bot uses them; ``migrations/`` brings a database to this state."""

from typing import Final

from sqlalchemy import JSON, BigInteger, Column, Float, Index, Integer, MetaData, String, Table, Text

METADATA: Final = MetaData()
TUNES: Final = Table(
    "tunes",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("platform", String(20), nullable=False),
    Column("community", String(64), nullable=False),
    Column("place", String(64), nullable=False),
    Column("user", String(64), nullable=False),
    Column("request", JSON, nullable=False),
    Column("title", Text, nullable=False),
    Column("abc", Text, nullable=False),
    Column("key", String(32), nullable=False),
    Column("meter", String(32), nullable=False),
    Column("rhythm", Text, nullable=False),
    Column("temp", Float),
    Column("seed", BigInteger),
    Column("model", String(64)),
    Column("created", Float, nullable=False),
    Column("parent", String(16)),
    Index("tunes_by_asker", "platform", "place", "user", "created"),
    Index("tunes_by_age", "platform", "created"),
    Index("tunes_by_person", "platform", "user", "created"),
    Index("tunes_by_community", "platform", "community", "created"),
    Index("tunes_by_seed", "seed", "key", "created"),
    Index("tunes_by_time", "created"),
)
# What a platform has sent and was answered, so that nothing is answered again after a restart.
SEEN: Final = Table(
    "seen",
    METADATA,
    Column("platform", String(20), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("at", Float, nullable=False),
    Index("seen_by_age", "at"),
)
# How much somebody has asked for, where several processes count together.
BUCKETS: Final = Table(
    "buckets",
    METADATA,
    Column("name", String(200), primary_key=True),
    Column("full_at", Float, nullable=False),
    Index("buckets_by_time", "full_at"),
)
# Who likes which tune; one like each.
LIKES: Final = Table(
    "likes",
    METADATA,
    Column("tune", String(16), primary_key=True),
    Column("platform", String(20), primary_key=True),
    Column("user", String(64), primary_key=True),
    Column("at", Float, nullable=False),
    Index("likes_by_person", "platform", "user", "at"),
    Index("likes_by_time", "at"),
)
# What people and communities have set, a row for each setting; ``kind`` is one of bot.store.preferences.
PREFERENCES: Final = Table(
    "preferences",
    METADATA,
    Column("platform", String(20), primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("owner", String(64), primary_key=True),
    Column("name", String(20), primary_key=True),
    Column("value", Text, nullable=False),
)
# Where a tune is posted every day, and when the next one is due.
SCHEDULES: Final = Table(
    "schedules",
    METADATA,
    Column("platform", String(20), primary_key=True),
    Column("place", String(64), primary_key=True),
    Column("community", String(64), nullable=False),
    Column("minute", Integer, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("types", JSON, nullable=False),
    Column("due", Float, nullable=False),
    Index("schedules_by_time", "due"),
)
# By which ids a platform gives files again that it was sent once.
CACHED_FILES: Final = Table(
    "cached_files",
    METADATA,
    Column("tune", String(16), primary_key=True),
    Column("platform", String(20), primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("file_id", Text, nullable=False),
)
